"""The styles of a Word file: Word's own names, so that its navigation, contents and themes know them."""

from __future__ import annotations

from engross.exporting.word.runs_xml import attribute

_FONT = "Calibri"
_MONOSPACED = "Consolas"
_NORMAL = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
_PARAGRAPHS = (
    # id, name, based on, properties of the paragraph, properties of its text
    ("Title", "Title", "Normal", '<w:keepNext/><w:spacing w:before="0" w:after="240"/>', '<w:b/><w:sz w:val="40"/>'),
    ("BodyText", "Body Text", "Normal", '<w:spacing w:after="120"/>', ""),
    ("ListParagraph", "List Paragraph", "Normal", '<w:spacing w:after="80"/>', ""),
    ("Definition", "Definition", "BodyText", "", ""),
    ("Quote", "Quote", "BodyText", '<w:ind w:left="567" w:right="567"/>', ""),
    ("TableText", "Table Text", "Normal", '<w:spacing w:before="40" w:after="40"/>', '<w:sz w:val="20"/>'),
    ("TableHeading", "Table Heading", "TableText", "<w:keepNext/>", ""),
    ("Code", "Code", "Normal", '<w:spacing w:after="120"/>', "monospaced"),
    (
        "Rule",
        "Rule",
        "Normal",
        '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="808080"/></w:pBdr><w:spacing w:after="120"/>',
        "",
    ),
    ("Notice", "Notice", "BodyText", "", '<w:color w:val="595959"/>'),
    ("FootnoteText", "footnote text", "Normal", '<w:spacing w:after="40"/>', '<w:sz w:val="18"/>'),
    ("Header", "header", "Normal", "", '<w:sz w:val="18"/>'),
    ("Footer", "footer", "Normal", '<w:tabs><w:tab w:val="right" w:pos="9072"/></w:tabs>', '<w:sz w:val="18"/>'),
)
_CHARACTERS = (
    ("Hyperlink", "Hyperlink", '<w:color w:val="0563C1"/><w:u w:val="single"/>'),
    ("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
    ("InlineCode", "Inline Code", "monospaced"),
)
_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority '
    'w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    "<w:tblPr><w:tblBorders>{}</w:tblBorders></w:tblPr></w:style>"
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_SIZES = (32, 28, 26, 24, 24, 24, 24, 24, 24)


def styles_xml(language: str, *, right_to_left: bool) -> str:
    """Return the styles for a text in a language, a BCP 47 tag."""
    tag = attribute(language)
    direction = "<w:bidi/>" if right_to_left else ""
    text = "<w:rtl/>" if right_to_left else ""
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:cs="{_FONT}"/>'
        f'<w:sz w:val="22"/><w:szCs w:val="22"/>{text}<w:lang w:val={tag} w:eastAsia={tag} w:bidi={tag}/></w:rPr>'
        f'</w:rPrDefault><w:pPrDefault><w:pPr>{direction}<w:spacing w:after="0" w:line="264" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    made = [_paragraph(*style) for style in (*_headings(), *_PARAGRAPHS)]
    made += [
        f'<w:style w:type="character" w:styleId="{key}"><w:name w:val="{name}"/><w:rPr>{_text(look)}</w:rPr></w:style>'
        for key, name, look in _CHARACTERS
    ]
    return f"<w:styles>{defaults}{_NORMAL}{''.join(made)}{_TABLE.format(_BORDERS)}</w:styles>"


def _headings() -> list[tuple[str, str, str, str, str]]:
    return [
        (
            f"Heading{level}",
            f"heading {level}",
            "Normal",
            f'<w:keepNext/><w:keepLines/><w:spacing w:before="{240 if level == 1 else 160}" w:after="80"/>'
            f'<w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:bCs/><w:sz w:val="{size}"/>',
        )
        for level, size in enumerate(_SIZES, 1)
    ]


def _paragraph(id: str, name: str, base: str, look: str, text: str) -> str:
    follows = '<w:next w:val="BodyText"/>' if id.startswith(("Heading", "Title")) else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/>{follows}'
        f"<w:qFormat/><w:pPr>{look}</w:pPr><w:rPr>{_text(text)}</w:rPr></w:style>"
    )


def _text(look: str) -> str:
    font = f'<w:rFonts w:ascii="{_MONOSPACED}" w:hAnsi="{_MONOSPACED}" w:cs="{_MONOSPACED}"/>'
    return font if look == "monospaced" else look
