"""Three made-up Word files with the structures of public templates: numbering, tables and fields, tracked changes."""

from .word_files import b, field, level, numbering, of, p, r, table, tracked, word_file

LISTS = numbering(
    {
        0: level(0, "decimal", "%1.", '<w:pStyle w:val="Heading1"/>') + level(1, "decimal", "%1.%2")
        + level(2, "lowerLetter", "(%3)") + level(3, "lowerRoman", "(%4)"),
        1: level(0, "bullet", "\uf0b7"),
        2: level(0, "upperRoman", "Article %1") + level(1, "decimal", "%1.%2", "<w:isLgl/>"),
    },
    {
        1: of(0),
        2: of(1),
        3: of(2),
        4: of(0, '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride>'),
    },
)  # fmt: skip
UNDERLINED = '<w:u w:val="single"/>'


def bookmark(name: str) -> str:
    return f'<w:bookmarkStart w:id="1" w:name="{name}"/><w:bookmarkEnd w:id="1"/>'


def master_agreement() -> bytes:
    """Automatic multilevel numbers, by style and directly; a table of contents; names of clauses underlined."""
    one = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    contents = p(field('TOC \\o "1-2"', "1. Definitions"), style="TOC1")
    body = [
        p("Master Services Agreement", style="Title"),
        p("This agreement (the “", b("Agreement"), "”) is made between Provider and Customer."),
        contents,
        p("Definitions", style="Heading1", properties=one),
        p("“", r("Affiliate", '<w:rStyle w:val="Defined"/>'), "” means any entity that controls a party.", num=(1, 1)),
        p("“", b("Services"), "” means the services in an order.", num=(1, 1)),
        p("Services", style="Heading1", properties=one),
        p(r("Use.", UNDERLINED), " Customer may use the Services to:", num=(1, 1)),
        p("run its business; and", num=(1, 2)),
        p("let its Affiliates", num=(1, 2)),
        p("read the data; or", num=(1, 3)),
        p("change it.", num=(1, 3)),
        p("This text belongs to (b).", properties='<w:ind w:left="1440"/>'),
        p(r("Limits.", UNDERLINED), " Customer will not:", num=(1, 1)),
        p("resell the Services; or", num=(4, 2)),
        p("harm", "\u00a0", "anyone.", num=(4, 2)),
        p("Fees", style="Heading1", properties=one),
        p("Fees are due:", num=(1, 1)),
        p("every month;", num=(2, 0)),
        p("in euro.", num=(2, 0)),
        p("This paragraph has no number.", style="Heading1", properties='<w:numPr><w:numId w:val="0"/></w:numPr>'),
        p("1.\tTyped, not automatic;"),
        p(b("Schedule 1: Prices")),
        p("Prices are in the order."),
    ]
    return word_file(
        "".join(body), {"numbering": LISTS, "header1": p("Draft of 4 March"), "footer1": p("Confidential")}
    )


def services_terms() -> bytes:
    """Bold headings without styles, tables, notes, fields, links, symbols, a text box and hidden text."""
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    link = f'<w:hyperlink r:id="l1">{r("our page")}</w:hyperlink>'
    simple = f'<w:fldSimple w:instr=" REF _Ref1 \\r \\h ">{r("1.2")}</w:fldSimple>'
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>'
        f"{p('Words in a box.')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<w:txbxContent>{p('Words in a box.')}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    merged = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p(b("Levels of service"))
    down = "<w:tcPr><w:vMerge/></w:tcPr><w:p/>"
    control = f"<w:sdt><w:sdtContent>{p('Text in a content control.')}</w:sdtContent></w:sdt>"
    body = [
        p("Service Terms", properties='<w:jc w:val="center"/>'),
        p(b("Term"), num=(1, 0)),
        p("The term begins on the start date.", note, num=(1, 1)),
        p(bookmark("_Ref1"), "It ends after a year; see Section ", field("REF _Ref2 \\r \\h", "2.1"), ".", num=(1, 1)),
        p(b("Service"), num=(1, 0)),
        p(bookmark("_Ref2"), "The levels are in the table. Section ", simple, " applies.", end, num=(1, 1)),
        p("A stale reference to ", field("REF _Ref2 \\w \\h", "7.9"), ".", num=(1, 1)),
        table(
            [merged],
            ["Uptime", "99.9 % | month"],
            ['<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("Support"), "by e-mail"],
            [down, p("by phone") + p("on workdays")],
        ),
        control,
        p("See ", link, " and ", field('HYPERLINK "https://example.com/terms"', "the terms"), "."),
        p(r("hidden words", "<w:vanish/>"), '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', " done", box),
        p("first line", "<w:r><w:br/></w:r>", "second line", '<w:r><w:br w:type="page"/></w:r>'),
        p(
            "a non",
            "<w:r><w:noBreakHyphen/></w:r>",
            "breaking hyphen, 10",
            r("2", '<w:vertAlign w:val="superscript"/>'),
        ),
        p("By: ____________________"),
    ]
    notes = f'<w:footnote w:id="2">{p("That of the order form.")}</w:footnote>'
    ends = f'<w:endnote w:id="2">{p("Measured monthly.")}</w:endnote>'
    parts = {"numbering": LISTS, "footnotes": notes, "endnotes": ends}
    return word_file("".join(body), parts, {"l1": ("hyperlink", "https://example.com/page")})


def reviewed_agreement() -> bytes:
    """Tracked changes of all kinds and comments."""
    who = 'w:id="9" w:author="Ben Fox" w:date="2026-03-05T09:00:00Z"'
    deleted_mark, inserted_mark = f"<w:rPr><w:del {who}/></w:rPr>", f"<w:rPr><w:ins {who}/></w:rPr>"
    start, end = (
        '<w:commentRangeStart w:id="0"/>',
        '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
    )
    format_change = f"<w:b/><w:rPrChange {who}><w:rPr/></w:rPrChange>"
    inserted_row = table(["Item", "Price"], ["Seat", "10 euro"], ["Support", "5 euro"]).replace(
        "<w:tr><w:tc>" + p("Support"), f"<w:tr><w:trPr><w:ins {who}/></w:trPr><w:tc>" + p("Support")
    )
    body = [
        p("Order Form", style="Title"),
        p(
            "Fees are due within ",
            tracked("del", r("30")),
            tracked("ins", r("60")),
            " days",
            start,
            " of invoice",
            end,
            ".",
        ),
        p(tracked("moveTo", r("Notices are by e-mail."))),
        p("The term is one year"),
        p(" and renews", properties=deleted_mark),
        p(" by itself."),
        p("One paragraph.", properties=inserted_mark),
        p(" That was one before."),
        p(tracked("moveFrom", r("Notices are by e-mail."))),
        p(r("Bold now.", format_change)),
        inserted_row,
    ]
    said = f'<w:comment w:id="0" w:author="Ann Reed" w:date="2026-03-04T10:30:00Z">{p("Of receipt?")}</w:comment>'
    return word_file("".join(body), {"comments": said})
