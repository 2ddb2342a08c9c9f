"""`engross verify FILE` confirms nothing that a file may show otherwise, and refuses damaged files."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cli_play import Play
from hypothesis import HealthCheck, given, settings, strategies as st
from kept_files import (
    DOCUMENT,
    RELATED,
    SITE,
    WORD,
    edited,
    exported,
    keep,
    one,
    pages,
    refused,
    related,
    version,
)

from engross.common import EngrossError
from engross.exporting import ExportSite, Judge, read_kept, version_copy
from engross.exporting.akoma_ntoso import akoma_ntoso
from engross.record import acceptance_json
from engross.render import SealedTexts


@pytest.fixture
def two(play: Play) -> Play:
    """Version 1 was in force, version 2 is."""
    return play.posted().changed("Each Fee is due at once", "Each Fee is due soon", "second", 1)


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
