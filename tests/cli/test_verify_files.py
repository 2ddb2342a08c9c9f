"""`engross verify FILE`: which version a kept file is, in every kind of file, and what is said where words differ."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cli_play import AGREEMENT, Play, engross
from click.testing import Result
from hypothesis import HealthCheck, given, settings, strategies as st
from pypdf import PdfWriter

from engross.common import EngrossError
from engross.corpus import ui_strings
from engross.exporting import ExportSite, Judge, read_kept, version_copy
from engross.exporting.akoma_ntoso import akoma_ntoso
from engross.exporting.pdf import pdf_bytes
from engross.exporting.word.clean_copy import docx_bytes
from engross.model import VersionId
from engross.record import acceptance_json
from engross.render import SealedTexts, Site, environment
from engross.render.archive.versions import version_pages

WORDS = ui_strings("en")
SITE = Site(environment(), WORDS, "en", "Test", ZoneInfo("UTC"), "", url="https://example.com/")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def two(play: Play) -> Play:
    """Version 1 was in force, version 2 is."""
    return play.posted().changed("Each Fee is due at once", "Each Fee is due soon", "second", 1)


def version(play: Play, number: int, document: str = "agreement"):
    return play.record.version(VersionId(document, number))


def pages(play: Play, number: int, document: str = "agreement") -> dict[str, bytes]:
    """The files that a site has of a version, by ending."""
    made = version_pages(SealedTexts(play.record), version(play, number, document), SITE, "").files
    return {name.rpartition(f"/{number}")[2]: data for name, data in made.items()}


def keep(name: str, data: bytes | str) -> str:
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    return name


def said(*files: str) -> tuple[int, list[dict]]:
    result = engross("verify", *files, "--format", "json")
    assert result.exit_code in (0, 1), result.stderr
    return result.exit_code, json.loads(result.stdout)["files"]


def one(name: str) -> dict:
    status, (found,) = said(name)
    assert (status == 0) is found["confirmed"]
    return found


def test_the_source_as_it_was_downloaded(two: Play) -> None:
    result = engross("verify", keep("kept.md", pages(two, 1)[".md"]))
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "kept.md: agreement@1 (“The Agreement”, version 1): its bytes are those sealed",
            "  posted 2026-01-05T09:30:00Z, effective 2026-01-05T09:30:00Z, ledger entry 1",
            "  posted since then:",
            "    agreement@2: effective 2026-01-06T09:30:00Z, substantive, not material",
            "  in force now: agreement@2",
        ],
    )


def test_json_names_addresses_and_the_redline_from_the_kept_version(two: Play) -> None:
    found = one(keep("kept.md", pages(two, 1)[".md"]))
    assert (found["match"], found["document"], found["version"], found["in_force"]) == ("sealed", "agreement", 1, 2)
    assert found["address"] == "agreement/versions/1/"
    assert [later["redline"] for later in found["since"]] == ["agreement/versions/2/from-1/"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda data: data.replace(b"\n", b"\r\n"), "same-words"),
        (lambda data: b"\xef\xbb\xbf" + data, "same-words"),
        (lambda data: data.rstrip(b"\n"), "same-words"),
        (lambda data: data.replace(b"Each Fee is due", b"Each Fee\nis due"), "same-words"),
        (lambda data: data.replace(b"Customer will not", b"Customer may"), "different"),
        (lambda data: data.replace(b"## Use", b"### Use"), "different"),
        (lambda _: b"Dear Sir or Madam, this is a letter about something else.", "unknown"),
    ],
)
def test_a_source_that_was_saved_again(two: Play, change, match: str) -> None:
    found = one(keep("kept.md", change(pages(two, 1)[".md"])))
    assert found["match"] == match
    assert found.get("version") in ((None,) if match == "unknown" else (1,))


def test_differences_are_shown_with_their_clause_and_nothing_is_called_forged(two: Play) -> None:
    keep("kept.md", AGREEMENT.replace("sell the Data", "lease the Data"))
    result = engross("verify", "kept.md")
    assert result.exit_code == 1
    assert "it differs from what was sealed" in result.stdout
    assert "    Use (b): sealed “sell the Data; or”, this file “lease the Data; or”" in result.stdout
    assert not re.search("forged|altered|tampered|fake", result.stdout)


def test_html_copy(two: Play) -> None:
    html = pages(two, 1)[".html"]
    assert one(keep("kept.html", html))["match"] == "same-words"
    changed = one(keep("kept.html", html.replace(b"sell the ", b"lease the ")))
    assert (changed["match"], changed["version"]) == ("different", 1)
    assert [(difference["where"], difference["sealed"]) for difference in changed["differences"]] == [
        ("Use (b)", "sell")
    ]


def test_text_that_a_copy_marks_as_generated_counts(two: Play) -> None:
    html = pages(two, 1)[".html"].replace(b"</h2>", b"</h2><p data-engross-generated>Customer pays twice.</p>", 1)
    (difference,) = one(keep("kept.html", html))["differences"]
    assert (difference["where"], difference["sealed"], difference["kept"]) == (
        "Definitions",
        "",
        "Customer pays twice.",
    )


def test_text_in_a_second_box_of_facts_counts(two: Play) -> None:
    box = b'<div class="about noprint" data-engross-generated>'
    html = pages(two, 1)[".html"]
    assert box in html
    (found,) = one(keep("kept.html", html.replace(b"</ul>", b"</ul>" + box + b"Pay twice.</div>", 3)))["differences"][
        :1
    ]
    assert "Pay twice." in found["kept"]


def test_a_copy_without_its_hashes_is_known_by_its_words(two: Play) -> None:
    html = re.sub(rb"[0-9a-f]{64}", b"", pages(two, 1)[".html"])
    assert one(keep("kept.html", html))["version"] == 1


def test_model_list(two: Play) -> None:
    files = pages(two, 1, "models")
    assert one(keep("kept.yml", files[".yml"]))["match"] == "sealed"
    assert one(keep("kept.html", files[".html"]))["match"] == "same-words"
    data = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1, "models"), ExportSite(SITE)))
    assert one(keep("kept.akn.xml", data))["match"] == "same-words"
    changed = one(keep("kept.html", files[".html"].replace(b"Kept for a day.", b"Kept for a year.")))
    assert (changed["match"], changed["document"]) == ("different", "models")


def test_akoma_ntoso(two: Play) -> None:
    data = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    assert one(keep("kept.akn.xml", data))["match"] == "same-words"
    for old, new, where in ((b"<num>(b)</num>", b"<num>(x)</num>", "Use (b)"), (b"sell the", b"lease the", "Use (b)")):
        changed = one(keep("kept.akn.xml", data.replace(old, new)))
        assert (changed["match"], changed["differences"][0]["where"]) == ("different", where)


def test_pdf_with_its_source_attached(two: Play) -> None:
    data = pdf_bytes(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    found = one(keep("kept.pdf", data))
    assert (found["match"], found["version"], found["attachment"]) == ("sealed", 1, "agreement-1.md")
    assert found["compared"] == "the pages of the PDF were not compared, only the source attached to it"


MAIN = 'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind: str, target: str) -> str:
    return f'<Relationship Id="x{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def word_file(text: str, properties: str = "") -> str:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    with zipfile.ZipFile("kept.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>'
        )
        archive.writestr("docProps/custom.xml", f"<p>{properties}</p>")
        archive.writestr("[Content_Types].xml", f'<Types><Override PartName="/word/document.xml" {MAIN}/></Types>')
        archive.writestr(
            "_rels/.rels", f"<Relationships>{related('officeDocument', 'word/document.xml')}</Relationships>"
        )
    return "kept.docx"


TEXT = """The Agreement
Definitions
“Data” means facts.
“Fee” means a price.
Use
Customer will not
copy the Data;
sell the Data; or
rent the Data.
Payment
Each Fee is due at once, and a Fee is final."""


def test_word_file(two: Play) -> None:
    sealed = version(two, 1).sealed.source
    assert one(word_file(TEXT, sealed))["match"] == "same-words"
    assert one(word_file(TEXT))["version"] == 1
    changed = one(word_file(TEXT.replace("rent", "lend"), sealed))
    assert [(found["where"], found["kept"]) for found in changed["differences"]] == [("Use (c)", "lend")]


@pytest.mark.parametrize("document", ["agreement", "data", "models"])
def test_word_file_as_exported(two: Play, document: str) -> None:
    data = docx_bytes(version_copy(SealedTexts(two.record), version(two, 1, document), ExportSite(SITE)))
    found = one(keep("kept.docx", data))
    assert (found["match"], found["document"], found["version"]) == ("same-words", document, 1)


def test_record_of_acceptance(two: Play) -> None:
    at = version(two, 2).effective
    record = acceptance_json(two.record, ("agreement", "data"), at, "https://example.com/", "main")
    assert record
    status, found = said(keep("kept.json", json.dumps(record)))
    assert (status, [(one["match"], one["document"], one["version"]) for one in found]) == (
        0,
        [("recorded", "agreement", 2), ("recorded", "data", 1)],
    )
    record["documents"][0]["source_sha256"] = "0" * 64
    status, found = said(keep("kept.json", json.dumps(record)))
    assert (status, [one["match"] for one in found]) == (1, ["different", "recorded"])
    record["documents"][1]["version"] = 9
    assert said(keep("kept.json", json.dumps(record)))[1][1]["remark"] == "data@9: the record has no such version"


def test_a_record_of_another_ledger_or_day_is_named(two: Play) -> None:
    record = acceptance_json(two.record, ("agreement",), version(two, 2).effective, "")
    assert record
    other = record | {"head": "0" * 64}
    assert one(keep("kept.json", json.dumps(other)))["differences"][0]["where"] == "hash of the ledger's last entry"
    early = record | {"as_of": "2026-01-05T10:00:00Z"}
    assert one(keep("kept.json", json.dumps(early)))["remark"].startswith(
        "by the record it was not the version in force"
    )


def test_version_data_and_seal_file(two: Play) -> None:
    files = pages(two, 1)
    assert one(keep("kept.json", files[".json"]))["match"] == "recorded"
    assert one(keep("kept.seal.json", files[".seal.json"]))["what"] == "its seal file"


def test_a_text_from_before_a_redaction_is_not_called_different(two: Play) -> None:
    kept = pages(two, 1)
    assert engross("redact", "agreement@1", "--clause", "Payment, paragraph 1", "--reason", "an order").exit_code == 0
    found = one(keep("kept.md", kept[".md"]))
    assert (found["match"], found["version"], found["confirmed"]) == ("withheld", 1, False)
    assert found["remark"].startswith("it differs only where words were redacted")
    assert one(keep("kept.html", kept[".html"]))["match"] == "withheld"
    assert one(keep("now.md", pages(two, 1)[".md"]))["match"] == "sealed"
    assert one(keep("now.html", pages(two, 1)[".html"]))["match"] == "same-words"
    more = kept[".md"].replace(b"sell the Data", b"lease the Data")
    assert one(keep("kept.md", more))["match"] == "different"


def test_an_imported_version_is_named_as_such(play: Play) -> None:
    older = AGREEMENT.replace("(c) rent", "(c) lend")
    play.write("old/2019-01-01.md", older)
    play.write("old/2020-01-01.md", AGREEMENT)
    assert engross("import-history", "agreement", "old", "--dates", "effective").exit_code == 0
    result = engross("verify", keep("kept.md", older))
    assert result.exit_code == 0
    assert "kept.md: agreement@1 (“The Agreement”, version 1): its bytes are those sealed" in result.stdout
    assert re.search(r"^  imported from .*, ledger entry 1$", result.stdout, re.MULTILINE)
    found = one("kept.md")
    assert (found["imported"], "class" in found["since"][0]) == (True, False)
    data = akoma_ntoso(version_copy(SealedTexts(play.record), version(play, 1), ExportSite(SITE)))
    assert b'name="sealed"' in data
    assert one(keep("kept.akn.xml", data))["match"] == "same-words"


def refused(name: str) -> str:
    result: Result = engross("verify", name)
    assert result.exit_code == 2
    assert not result.stdout
    return result.stderr


def test_what_is_no_kept_file_is_refused(two: Play) -> None:
    Path("folder").mkdir()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write("plain.pdf")
    with Path("big.md").open("wb") as file:
        file.truncate(200_000_000)
    entities = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><akomaNtoso>&b;</akomaNtoso>'
    with zipfile.ZipFile("bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 20_000_000)
    for name, message in (
        ("folder", "this is a folder; name the files in it"),
        ("nowhere.md", "it cannot be read: no such file or directory"),
        (keep("empty.md", ""), "the file is empty"),
        ("big.md", "it has more than 67,108,864 bytes"),
        (keep("binary", bytes(range(256))), "this is a binary file of no kind that a site offers"),
        (keep("latin.md", "Käse".encode("latin-1")), "not UTF-8"),
        ("plain.pdf", "this PDF has no source attached"),
        (keep("broken.pdf", "%PDF-1.7 nothing more"), "the PDF is damaged"),
        (keep("broken.docx", b"PK\x03\x04 nothing more"), "the archive is damaged"),
        ("bomb.docx", "larger when unpacked"),
        (keep("old.doc", b"\xd0\xcf\x11\xe0 old"), "an old Word file"),
        (keep("page.html", "<!doctype html><p>Hello"), "this page has no text of a document"),
        (keep("entities.xml", entities), "declares entities"),
        (keep("other.xml", '<?xml version="1.0"?><a/>'), "no Akoma Ntoso"),
        (keep("broken.json", '{"a":'), "the JSON is damaged"),
        (keep("wrong.json", '{"as_of": "", "documents": [1]}'), "no record of acceptance"),
    ):  # fmt: skip
        assert message in refused(name)


def test_files_that_cannot_be_read_do_not_hide_the_others(two: Play) -> None:
    result = engross("verify", "nowhere.md", keep("kept.md", pages(two, 2)[".md"]))
    assert result.exit_code == 2
    assert "kept.md: agreement@2 (“The Agreement”, version 2): its bytes are those sealed" in result.stdout
    assert "  no later version was posted" in result.stdout
    assert "nowhere.md: it cannot be read" in result.stderr


def test_a_record_that_was_altered_confirms_nothing(two: Play) -> None:
    kept = keep("kept.md", pages(two, 1)[".md"])
    next((two.root / "record/agreement").glob("2-*.md")).write_text("other")
    result = engross("verify", kept)
    assert result.exit_code == 1
    assert "those sealed" not in result.stdout


def test_options_that_say_nothing_about_files(two: Play) -> None:
    assert engross("verify", "--format", "json").exit_code == 2
    assert engross("verify", "--reparse", keep("kept.md", AGREEMENT)).exit_code == 2


def exported(play: Play, number: int = 1, document: str = "agreement") -> bytes:
    return docx_bytes(version_copy(SealedTexts(play.record), version(play, number, document), ExportSite(SITE)))


def edited(data: bytes, part: str, old: str, new: str, **more: str) -> str:
    """A Word file with a change in one part, and with more parts."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new, 1).encode()
    with zipfile.ZipFile("edited.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **{name: text.encode() for name, text in more.items()}}.items():
            archive.writestr(name, content)
    return "edited.docx"


DOCUMENT, RELATED = "word/document.xml", "word/_rels/document.xml.rels"
END, RUN = "</w:p><w:sectPr>", "<w:r>{}</w:r></w:p><w:sectPr>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


@pytest.mark.parametrize(
    ("part", "old", "new", "unread"),
    [
        (DOCUMENT, END, "<m:oMath xmlns:m='urn:math'><m:r><m:t>2</m:t></m:r></m:oMath>" + END, "the element oMath"),
        (DOCUMENT, END, RUN.format('<w:sym w:font="Symbol" w:char="F0B3"/>'), "the element sym"),
        (DOCUMENT, "<w:sectPr>", '<w:altChunk r:id="x"/><w:sectPr>', "the element altChunk"),
        (DOCUMENT, "<w:sectPr>", "<w:sdt><w:sdtContent><w:p/></w:sdtContent></w:sdt><w:sectPr>", "the element sdt"),
        (DOCUMENT, "<w:r><w:t", "<w:r><w:rPr><w:vanish/></w:rPr><w:t", "hidden text"),
        (DOCUMENT, "<w:r><w:t", '<w:r><w:rPr><w:color w:val="ffffff"/></w:rPr><w:t', "white text"),
        (DOCUMENT, "<w:r><w:t", '<w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t', "text that is too small to read"),
        (DOCUMENT, "<w:r><w:t", '<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t', "a font of symbols"),
        (DOCUMENT, "<w:r><w:t", "<w:r><w:rPr><w:dstrike/></w:rPr><w:t", "text with the property dstrike"),
        (DOCUMENT, "<w:r><w:t", "<w:r><w:rPr><w:strike/></w:rPr><w:t", "text that is struck out"),
        (DOCUMENT, END, RUN.format("<w:drawing/>"), "pictures that the sealed text does not have"),
        (DOCUMENT, END, "<w:ins/>" + END, "tracked changes"),
        (DOCUMENT, END, RUN.format('<w:endnoteReference w:id="2"/>'), "the element endnoteReference"),
        (DOCUMENT, END, RUN.format("<w:pict/>"), "the element pict"),
        (DOCUMENT, END, RUN.format("<w:drawing><b xmlns='urn:chart'/></w:drawing>"), "a drawing"),
        (DOCUMENT, END, '<w:fldSimple w:instr="QUOTE &quot;twice&quot;"/>' + END, "the field QUOTE"),
        (DOCUMENT, "<w:r><w:t", f"{FIELD.format('begin')}<w:r><w:t", "the instruction of a field"),
        (DOCUMENT, END, FIELD.format("begin") + END, "a field without an end"),
        (RELATED, "</Relationships>", related("aFChunk", "a.html") + "</Relationships>", "a part of the kind aFChunk"),
        (RELATED, "</Relationships>", related("comments", "c.xml") + "</Relationships>", "a part of the kind comments"),
        ("word/styles.xml", "<w:b/>", "<w:vanish/>", "hidden text"),
        ("word/numbering.xml", "•", "Pay twice. •", "the text Pay twice. • in the numbers of a list"),
        ("[Content_Types].xml", "document.main+xml", "glossary+xml", "which has another kind of content"),
    ],
)  # fmt: skip
def test_what_word_shows_and_no_comparison_reads_is_never_confirmed(two, part, old, new, unread: str) -> None:
    found = one(edited(exported(two), part, old, new))
    assert (found["match"], found["confirmed"], found["version"]) == ("partly-compared", False, 1)
    assert found["remark"].startswith("not all of the file can be compared: ")
    assert unread in found["remark"]


def test_words_that_word_shows_differ(two: Play) -> None:
    other = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Pay twice.</w:t></w:r></w:p></w:body></w:document>'
    name = edited(exported(two), "_rels/.rels", "word/document.xml", "word/evil.xml", **{"word/evil.xml": other})
    assert one(name)["match"] == "different"
    prefix = f'<x:moveFrom xmlns:x="{WORD}">'
    found = one(edited(exported(two), DOCUMENT, "<w:r><w:t", f"{prefix}</x:moveFrom><w:r><w:t"))
    assert "tracked changes" in found["remark"]
    data = exported(two)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        text = archive.read(DOCUMENT).decode()
    moved = re.sub("(<w:r>.*?</w:r>)", rf"{prefix}\1</x:moveFrom>", text)
    assert not one(edited(data, DOCUMENT, text, moved))["confirmed"]
    notes = f'<w:endnotes xmlns:w="{WORD}"><w:endnote w:id="1"><w:p><w:r><w:t>Pay twice.</w:t></w:r></w:p></w:endnote>'
    more = {"word/endnotes.xml": notes + "</w:endnotes>"}
    end = related("endnotes", "endnotes.xml") + "</Relationships>"
    assert one(edited(data, RELATED, "</Relationships>", end, **more))["match"] == "different"


def test_a_file_that_word_saved_again_is_confirmed(two: Play) -> None:
    """Word adds themes, fonts and settings, and splits runs with marks of spelling and languages."""
    run = '<w:proofErr w:type="spellStart"/><w:r><w:rPr><w:lang w:val="en-GB"/></w:rPr><w:t'
    more = "".join(related(kind, f"{kind}.xml") for kind in ("theme", "fontTable", "webSettings", "customXml"))
    name = edited(exported(two), DOCUMENT, "<w:r><w:t", run)
    name = edited(Path(name).read_bytes(), RELATED, "</Relationships>", more + "</Relationships>")
    assert one(name)["match"] == "same-words"


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [
        (b"</meta>", b"<notes><note><p>Pay twice.</p></note></notes></meta>", "the element notes in the metadata"),
        (b"</lifecycle>", b"Pay twice.</lifecycle>", "text in the metadata"),
        (b"<heading", b'<heading title="Pay twice."', "the attribute title of heading"),
        (b"<heading", b'<heading style="display: none"', "the attribute style of heading"),
        (b"<mainBody", b"<coverPage/><mainBody", "the parts meta, preface, coverPage, mainBody"),
        (b"</akomaNtoso>", b"<doc/></akomaNtoso>", "several documents"),
        (b"</mainBody>", b"<br/></mainBody>", "the element br"),
        (b"</heading>", b'<img src="a.png" alt=""/></heading>', "pictures that the sealed text does not have"),
        (b"</heading>", b'<inline name="strike"/></heading>', "text that is struck out"),
        (b"<akomaNtoso", b'<?xml-stylesheet href="a.css"?><akomaNtoso', "an instruction for programs"),
    ],
)
def test_what_akoma_ntoso_may_show_is_never_confirmed(two: Play, old: bytes, new: bytes, unread: str) -> None:
    data = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    assert old in data
    found = one(keep("kept.akn.xml", data.replace(old, new, 1)))
    assert (found["match"], found["version"]) == ("partly-compared", 1)
    assert unread in found["remark"]


def test_a_redline_is_named_as_one(two: Play) -> None:
    result = engross("diff", "agreement@1", "agreement@2", "--format", "docx", "--to", "d.docx")
    assert result.exit_code == 1, result.stderr
    found = one("d.docx")
    assert (found["match"], found["confirmed"]) == ("redline", False)
    assert "differs" not in engross("verify", "d.docx").stdout
    assert found["remark"] == (
        "a redline from The Agreement, version 1 to The Agreement, version 2; "
        "to verify a version, use its copy without tracked changes"
    )


@pytest.mark.parametrize("clause", ["Definitions", "Use", "Use (b)", "Payment, paragraph 1"])
def test_copies_of_a_redacted_text_are_confirmed(two: Play, clause: str) -> None:
    result = engross("redact", "agreement@1", "--clause", clause, "--reason", "a law", "--only-these")
    assert result.exit_code == 0, result.stderr
    assert one(keep("kept.docx", exported(two)))["match"] == "same-words"
    assert one(keep("kept.html", pages(two, 1)[".html"]))["match"] == "same-words"


@pytest.mark.long
def test_words_added_to_a_redacted_text_differ(two: Play) -> None:
    assert engross("redact", "agreement@1", "--clause", "Payment", "--reason", "order of court").exit_code == 0
    data = exported(two)
    assert one(keep("kept.docx", data))["match"] == "same-words"
    forged = one(edited(data, DOCUMENT, "rent the Data.", "rent the Data. Customer pays double, by order of court."))
    assert (forged["match"], forged["differences"][0]["where"]) == ("different", "Use (c)")
    # The same sentence in another place.
    with zipfile.ZipFile(BytesIO(data)) as archive:
        notice = re.search("Words were redacted here on [^<]*", archive.read(DOCUMENT).decode())
    assert notice
    assert one(edited(data, DOCUMENT, "rent the Data.", f"rent the Data. {notice[0]}"))["match"] == "different"
    akoma = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    assert one(keep("kept.akn.xml", akoma))["match"] == "same-words"
    forged = akoma.replace(b"court].</p>", b"court]. Pay double, order of court.</p>")
    assert forged != akoma
    assert one(keep("kept.akn.xml", forged))["match"] == "different"


@pytest.mark.parametrize(
    ("value", "match", "remark"),
    [
        ({"as_of": "2026-01-05T20:00:00Z", "documents": []}, "unknown", "it names no version"),
        (
            {"as_of": "2026-01-05T20:00:00Z", "documents": [{"document": "agreement", "version": 1}]},
            "partly-compared",
            "the file has no hash of this version, so it proves nothing about its words",
        ),
        (
            {"document": "agreement", "version": 1, "sha256": {}},
            "partly-compared",
            "the file has no hash of this version, so it proves nothing about its words",
        ),
    ],
)
def test_a_record_of_acceptance_without_hashes_proves_nothing(two: Play, value, match: str, remark: str) -> None:
    found = one(keep("kept.json", json.dumps(value)))
    assert (found["match"], found["confirmed"], found["remark"]) == (match, False, remark)


def test_damaged_and_deep_files_are_refused(two: Play) -> None:
    data = exported(two)
    start = data.index(b"word/document.xml") + len("word/document.xml")
    deep = b'<?xml version="1.0"?><akomaNtoso>' + b"<b>" * 1000 + b"</b>" * 1000 + b"</akomaNtoso>"
    with zipfile.ZipFile("twice.docx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        archive.writestr("Word/document.xml", "<b/>")
    for name, message in (
        (keep("zlib.docx", data[:start] + b"\xff" * 40 + data[start + 40 :]), "the archive is damaged"),
        (keep("deep.akn.xml", deep), "are inside one another"),
        ("twice.docx", "two parts of the same name"),
        (keep("utf-16.xml", '<?xml version="1.0" encoding="utf-7"?><a/>'), "not UTF-8"),
    ):
        assert message in refused(name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_of_a_file_makes_a_traceback(fuzzed: tuple[Judge, list[bytes]], data) -> None:
    judge, files = fuzzed
    content = bytearray(data.draw(st.sampled_from(files)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    Path("fuzzed").write_bytes(content)
    try:
        verdicts = [verdict for kept in read_kept(Path("fuzzed")) for verdict in judge.judge(kept)]
    except EngrossError:
        return
    assert verdicts


@pytest.fixture
def fuzzed(two: Play) -> tuple[Judge, list[bytes]]:
    akoma = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    accepted = acceptance_json(two.record, ("agreement",), version(two, 2).effective, "")
    files = [exported(two), akoma, json.dumps(accepted).encode(), pages(two, 1)[".html"]]
    return Judge(two.record, version(two, 2).effective), files
