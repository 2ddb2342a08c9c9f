"""A clean copy as a Word file: styles, Word's own numbers, references, footnotes, pictures, properties, bookmarks."""

import struct
import zipfile
import zlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from hypothesis import given
from tests.exporting.copies import copy_of
from tests.exporting.word_reading import NAMES, W, is_well_formed, part
from tests.redline.texts import contracts, tree

from engross.exporting.word.clean_copy import docx_bytes
from engross.record import sha256

TERMS = """# Terms

Opening words.[^one]

## 1. Fees

(a) First, see Section 2.1 and Section 1(b)(i).

(b) Second:

    (i) inner; and

    (ii) other.

(c) Third.

**1.1** **Data.** The data.

1.2 More data.

## 2. Term and end

2.1 It begins. See [the law](https://example.com/?a=1&b=2) and [Fees](#fees). See “Term and end”.

7.3 Not in order.

- a point
- another

> Quoted words.

| Fee | Amount |
|-----|-------:|
| one | 5      |

[^one]: The *note*.
"""


def paragraphs(data: bytes) -> list[tuple[str, str, str]]:
    """Each paragraph: its style, its number as (list, level), its text."""
    found = []
    for one in part(data).iter(f"{W}p"):
        style = one.findtext("x") or one.find("w:pPr/w:pStyle", NAMES)
        number = [one.find(f"w:pPr/w:numPr/w:{name}", NAMES) for name in ("numId", "ilvl")]
        shown = "/".join(value.get(f"{W}val") for value in number if value is not None)
        text = "".join(text.text or "" for text in one.iter(f"{W}t"))
        found.append((style.get(f"{W}val") if style is not None else "", shown, text))
    return found


@pytest.fixture(scope="module")
def terms() -> bytes:
    return docx_bytes(copy_of(TERMS))


def test_paragraphs_have_styles_and_word_counts_where_it_would_show_the_same(terms: bytes) -> None:
    assert paragraphs(terms) == [
        ("Title", "", "Terms"),
        ("BodyText", "", "Opening words."),
        ("Heading1", "3/0", "Fees"),
        ("ListParagraph", "2/0", "First, see Section 2.1 and Section 1(b)(i)."),
        ("ListParagraph", "2/0", "Second:"),
        ("ListParagraph", "2/1", "inner; and"),
        ("ListParagraph", "2/1", "other."),
        ("ListParagraph", "2/0", "Third."),
        ("BodyText", "3/1", "Data. The data."),
        ("BodyText", "3/1", "More data."),
        ("Heading1", "3/0", "Term and end"),
        ("BodyText", "3/1", "It begins. See the law and Fees. See “Term and end”."),
        ("BodyText", "", "7.3 Not in order."),
        ("ListParagraph", "1/0", "a point"),
        ("ListParagraph", "1/0", "another"),
        ("Quote", "", "Quoted words."),
        ("TableHeading", "", "Fee"),
        ("TableHeading", "", "Amount"),
        ("TableText", "", "one"),
        ("TableText", "", "5"),
        ("", "", ""),
    ]


def fields(data: bytes) -> list[tuple[str, str]]:
    """The instruction of each field, and the result that is shown."""
    found = []
    for code in part(data).iter(f"{W}instrText"):
        result, run = "", code.getparent().getnext().getnext()
        while run is not None and run.find(f"{W}fldChar") is None:
            result, run = result + "".join(run.itertext()), run.getnext()
        found.append(((code.text or "").strip(), result))
    return found


def test_references_are_fields_where_word_would_show_the_same_words(terms: bytes) -> None:
    names = {
        "".join(text.text or "" for text in mark.getparent().iter(f"{W}t")): mark.get(f"{W}name")
        for mark in part(terms).iter(f"{W}bookmarkStart")
    }
    begun = names["It begins. See the law and Fees. See “Term and end”."]
    assert fields(terms) == [(f"REF {begun} \\r \\h", "2.1"), (f"REF {names['inner; and']} \\w \\h", "(b)(i)")]


def test_links_lead_outside_and_to_bookmarks(terms: bytes) -> None:
    links = {"".join(one.itertext()): dict(one.attrib) for one in part(terms).iter(f"{W}hyperlink")}
    relations = {one.get("Id"): one.get("Target") for one in part(terms, "word/_rels/document.xml.rels")}
    (outside,) = links["the law"].values()
    assert relations[outside] == "https://example.com/?a=1&b=2"
    names = [one.get(f"{W}name") for one in part(terms).iter(f"{W}bookmarkStart")]
    assert links["Fees"][f"{W}anchor"] in names


def test_footnotes_are_those_of_word(terms: bytes) -> None:
    (note,) = [one for one in part(terms, "word/footnotes.xml") if one.get(f"{W}id") == "2"]
    assert "".join(note.itertext()).strip() == "The note."
    assert part(terms).find(f".//{W}footnoteReference").get(f"{W}id") == "2"


def test_another_library_reads_the_properties_and_the_table(terms: bytes) -> None:
    read = docx.Document(BytesIO(terms))
    assert (read.core_properties.title, read.core_properties.language) == ("Terms & Conditions", "en-GB")
    assert [[cell.text for cell in row.cells] for row in read.tables[0].rows] == [["Fee", "Amount"], ["one", "5"]]
    assert [one.style.name for one in read.paragraphs[:3]] == ["Title", "Body Text", "Heading 1"]


def test_a_file_says_which_text_it_has(terms: bytes) -> None:
    values = {one.get("name"): "".join(one.itertext()) for one in part(terms, "docProps/custom.xml")}
    document = copy_of(TERMS).parts[0].document
    assert values["engross-document"] == "terms"
    assert values["engross-version"] == "draft"
    assert document.source is not None
    assert values["engross-source-sha256"] == sha256(document.source.data)


def head(*standing: str) -> list[str]:
    copy = copy_of(TERMS)
    data = docx_bytes(replace(copy, front=replace(copy.front, standing=standing)))
    return ["".join(one.itertext()) for one in part(data, "word/header1.xml")]


def test_the_head_says_of_a_version_that_it_is_not_in_force() -> None:
    waits, recorded = "It takes effect <later>.", "This page shows the record."
    assert head() == head(recorded) == ["Terms, draft"]
    assert head(waits, recorded) == ["Terms, draft", waits, recorded]


def test_the_same_text_gives_the_same_bytes(terms: bytes) -> None:
    later = copy_of(TERMS)
    assert docx_bytes(replace(later, at=later.at + timedelta(days=3))) == terms
    assert {entry.date_time[0] for entry in zipfile.ZipFile(BytesIO(terms)).infolist()} == {1980}


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_pictures_have_their_alternative_text_and_their_size() -> None:
    data = docx_bytes(copy_of('# A\n\n![A "chart"](img/x.png) and ![none](y.svg)\n', {"img/x.png": png(4, 2)}))
    read = docx.Document(BytesIO(data))
    (shape,) = read.inline_shapes
    assert (shape.width, shape.height) == (4 * 9525, 2 * 9525)
    assert shape._inline.docPr.get("descr") == 'A "chart"'
    assert read.paragraphs[1].text.endswith(" and none")


def test_generated_numbers_are_numbers_of_word_and_not_text() -> None:
    data = docx_bytes(copy_of("# A\n\n## Fees\n\nx\n\n### Late fees\n\n## Term\n", numbering=True))
    assert [one for one in paragraphs(data) if one[0].startswith("Heading")] == [
        ("Heading1", "2/0", "Fees"),
        ("Heading2", "2/1", "Late fees"),
        ("Heading1", "2/0", "Term"),
    ]


@given(contracts.map("\n\n".join))
def test_every_copy_is_well_formed(text: str) -> None:
    tree(text)
    data = docx_bytes(copy_of(text))
    assert is_well_formed(data)
    names = [one.get(f"{W}name") for one in part(data).iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))
