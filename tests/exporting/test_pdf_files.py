"""What a PDF file has besides its words: standards, attachments, links, bookmarks, metadata; and the same bytes."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from engross.common import EngrossError
from engross.corpus import find_folders, ui_strings
from engross.exporting.copies import Copy, RedlineCopy
from engross.exporting.pdf import pdf_bytes, redline_pdf_bytes
from engross.model import READER, DocumentKind
from engross.record import open_record, sealed_document
from engross.redline import redline

from .export_copies import AT, FRONT, copy_of, source_words
from .pdf_words import tags

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20" fill="#036"/></svg>'
RICH = """\
# The Agreement

Opening, see [Fees](#fees), [the rules](https://example.com/rules) and again [those](https://example.com/rules).[^1]

[^1]: A note of the **document**.

## Definitions

- **“Fee”** means a *price*, x<sup>2</sup>, ~~old~~ and `code`.
- **“Term”** means a year. See Section 2.

## Fees

#### A deep heading

Customer will (a) pay each Fee; and (b) pay it in time.

(a) first;
    (i) inner; or
    (ii) other; and
(b) second.

1. one
2. two

   - nested

     > quoted
     >
     > twice

| Service | Price |
| :-- | --: |
| A | 1 |
| B | 2 |

---

```
code  block
```

![A flow](flow.png) ![](plain.svg)
"""


@pytest.fixture(scope="module")
def rich() -> Copy:
    return copy_of(
        RICH,
        numbering=True,
        pictures={"flow.png": PNG, "plain.svg": SVG},
        verify=("Download https://example.com/1.md.",),
    )


@pytest.fixture(scope="module")
def data(rich: Copy) -> bytes:
    return pdf_bytes(rich)


def failures(data: bytes, profile: ValidationProfile) -> list[str]:
    return [one.rule_id for one in validate_pdf_bytes(data, profile=profile).failures]


def planted(data: bytes, plant: Callable[[PdfWriter], object]) -> bytes:
    """A file with a fault."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    plant(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _without(key: str) -> Callable[[PdfWriter], object]:
    return lambda writer: writer.root_object.pop(NameObject(key))


def _without_contents(writer: PdfWriter) -> None:
    for page in writer.pages:
        for one in page.get("/Annots", []):
            one.get_object().pop("/Contents", None)


def _without_fonts(writer: PdfWriter) -> None:
    for one in writer._objects:
        if isinstance(one, DictionaryObject) and one.get("/Type") == "/FontDescriptor":
            for key in ("/FontFile2", "/FontFile3"):
                one.pop(key, None)


@pytest.mark.parametrize(
    ("plant", "profile"),
    [
        (_without("/StructTreeRoot"), ValidationProfile.PDF_UA_1),
        (_without("/Lang"), ValidationProfile.PDF_UA_1),
        (_without("/MarkInfo"), ValidationProfile.PDF_UA_1),
        (_without_contents, ValidationProfile.PDF_UA_1),
        (_without("/Metadata"), ValidationProfile.PDF_A_3A),
        (_without_fonts, ValidationProfile.PDF_A_3A),
    ],
)
def test_the_checker_finds_what_is_planted(
    data: bytes, plant: Callable[[PdfWriter], object], profile: ValidationProfile
) -> None:
    unchanged = failures(planted(data, lambda _: None), profile)
    assert len(failures(planted(data, plant), profile)) > len(unchanged)


def test_a_file_is_accessible_and_for_archives(data: bytes) -> None:
    assert failures(data, ValidationProfile.PDF_UA_1) == []
    assert failures(data, ValidationProfile.PDF_A_3A) == []


def test_another_program_finds_no_fault(data: bytes, tmp_path: Path) -> None:
    program = shutil.which("qpdf")
    assert program, "this test needs qpdf; on Debian: apt-get install qpdf"
    (tmp_path / "a.pdf").write_bytes(data)
    done = subprocess.run([program, "--check", tmp_path / "a.pdf"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_same_copy_gives_the_same_bytes(rich: Copy, data: bytes) -> None:
    assert pdf_bytes(rich) == data


def test_the_source_is_attached(rich: Copy, data: bytes) -> None:
    source = rich.parts[0].document.source
    assert source is not None
    assert PdfReader(BytesIO(data)).attachments == {"agreement.md": [source.data]}


def test_a_picture_that_was_not_sealed_is_its_alternative_text_and_named() -> None:
    copy = copy_of("# A\n\n![A flow](flow.png)\n")
    part = replace(copy.parts[0], missing=("flow.png",))
    spoken = " ".join(tags(pdf_bytes(replace(copy, parts=(part,)))).words().split())
    assert copy.words["archive_unsealed"].format(paths="flow.png") in spoken
    assert spoken.endswith("A flow")


@pytest.mark.parametrize(
    "href", [b"none.png", b"file:///etc/hostname", b"../../etc/hostname", b"https://example.com/a"]
)
def test_a_picture_that_names_another_file_is_refused(href: bytes) -> None:
    picture = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="%s" width="9" height="9"/></svg>' % href
    with pytest.raises(EngrossError, match=r"3:3: the picture a\.svg cannot be read, or names other files"):
        pdf_bytes(copy_of("# A\n\n![A](a.svg)\n", pictures={"a.svg": picture}))


def test_metadata_and_bookmarks(data: bytes) -> None:
    reader = PdfReader(BytesIO(data))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (FRONT.running, "Example Ltd")
    assert reader.metadata.creation_date == AT
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert _titles(reader.outline) == [
        "The Agreement",
        ["1. Definitions", "2. Fees", ["2.1 A deep heading"]],
    ]


def _titles(outline: object) -> list[object]:
    assert isinstance(outline, list)
    return [
        _titles(one) if isinstance(one, list) else " ".join(one.title.replace("\u2060", "").split()) for one in outline
    ]


def test_links_lead_into_the_file_and_out_of_it(data: bytes) -> None:
    reader = PdfReader(BytesIO(data))
    annotations = [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]
    out = {one["/A"]["/URI"] for one in annotations if "/A" in one and "/URI" in one["/A"]}
    assert out == {"https://example.com/rules", "https://example.com/1.md"}
    inside = [one for one in annotations if "/Dest" in one or ("/A" in one and one["/A"]["/S"] == "/GoTo")]
    # Four entries of the contents; Fees, Section 2 and the document's note; the second mark of the same address.
    assert len(inside) >= 7
    notes = [node.words() for node in tags(data).walk() if node.role == "Note"]
    assert [" ".join(one.split()) for one in notes] == ["https://example.com/rules"]


def test_pages_are_counted_and_named(data: bytes) -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    assert [f"Page {at} of {len(pages)}" in text for at, text in enumerate(pages, 1)] == [True] * len(pages)
    assert [FRONT.running in text for text in pages] == [False] + [True] * (len(pages) - 1)
    assert all(FRONT.hash in text for text in pages[1:])


def test_redlines_of_a_year_have_every_word_of_both_texts(whole: bool) -> None:
    folders = find_folders(Path(__file__).parents[2] / "tests/released/0.1/tour")
    record = open_record(folders.record)
    pairs = [pair for versions in record.versions.values() for pair in pairwise(versions)]
    for old, new in pairs if whole else pairs[::8]:
        before, after = (sealed_document(record, version, reader=READER) for version in (old, new))
        made = redline_pdf_bytes(RedlineCopy(redline(before, after), FRONT, ui_strings("en"), AT))
        spoken = Counter(re.findall(r"\w+", tags(made).words()))
        for document in (before, after):
            if document.entry.kind is not DocumentKind.CATALOGUE:
                assert not Counter(re.findall(r"\w+", source_words(document))) - spoken, (old.id, new.id)


def test_a_redline_names_the_clause_of_a_character_without_a_font() -> None:
    script = redline("# A\n\nOne price.\n", "# A\n\nOne price in 円.\n")
    with pytest.raises(EngrossError, match=r"new:3: A: the character 円 \(U\+5186\) is in no font"):
        redline_pdf_bytes(RedlineCopy(script, FRONT, ui_strings("en"), AT))


def test_a_redline_of_deep_lists() -> None:
    text = "# A\n\n" + "".join(f"{'   ' * at}1. x{at}\n" for at in range(30)) + f"\n## B\n\n{'>' * 40} deep\n"
    script = redline(text, text.replace("x20", "y20"))
    spoken = tags(redline_pdf_bytes(RedlineCopy(script, FRONT, ui_strings("en"), AT))).words().split()
    assert {"x0", "x20", "y20", "x29", "deep"} <= set(spoken)


def test_a_redline_has_every_word_of_both_texts_and_marks_them_by_lines() -> None:
    new = RICH.replace("in time", "at once").replace("(ii) other", "(ii) another").replace("| B | 2 |", "| B | 3 |")
    new = new.replace("## Fees\n", "## Charges\n") + "\nA last paragraph.\n"
    script = redline(RICH, new)
    made = redline_pdf_bytes(RedlineCopy(script, FRONT, ui_strings("en"), AT))
    assert failures(made, ValidationProfile.PDF_UA_1) == []
    assert failures(made, ValidationProfile.PDF_A_3A) == []
    spoken = " ".join(tags(made).words().split())
    for words in ("pay it in time at once", "Fees Charges", "other another", "A last paragraph.", "words changed"):
        assert words in spoken
