"""A PDF says what its source says: every word, in order, read from its tags and by another program."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bench.corpus_maker import make_pages
from hypothesis import given, settings, strategies as st
from pypdf import PdfReader

from engross.corpus import find_folders, shown_rows, ui_strings
from engross.exporting import ExportSite, version_copy
from engross.exporting.copies import Copy, Front
from engross.exporting.pdf import pdf_bytes
from engross.model import DocumentKind
from engross.record import open_record
from engross.render import SealedTexts, Site, environment

from .export_copies import copy_of, numbers_of, source_words
from .pdf_words import body, tags

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests/cases/text").glob("*.md"))
REFUSED = frozenset(
    {"inline.md", "non-latin.md", "common-paper.through_html.md"}
    | {path.name for path in CASES if path.with_suffix(".messages").exists()}
)
"""Texts with characters that no font has, and those that are no contract."""
ORDINARY = [ROOT / "docs/agreement.md", *sorted((ROOT / "docs/terms").glob("*.md"))]
ORDINARY += [*sorted((ROOT / "examples/tour/docs/terms").glob("*.md")), ROOT / "examples/tour/docs/agreement.md"]


def words_of(copy: Copy) -> tuple[str, str]:
    """The words of the PDF of a copy, and those of its source."""
    document = copy.parts[0].document
    return body(pdf_bytes(copy), numbers_of(document), copy.words["verify"]), source_words(document)


def test_every_construct_is_set_word_for_word(whole: bool) -> None:
    checked = 0
    for path in CASES if whole else CASES[::4]:
        if path.name in REFUSED:
            continue
        found, wanted = words_of(copy_of(path.read_bytes(), numbering=".numbering." in path.name))
        assert found == wanted, path.name
        checked += 1
    assert checked > (40 if whole else 8)


@pytest.mark.parametrize("path", ORDINARY, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_documents_are_set_word_for_word(path: Path) -> None:
    found, wanted = words_of(copy_of(path.read_bytes(), numbering=True))
    assert found == wanted


def test_generated_contracts_are_set_word_for_word(whole: bool) -> None:
    for page in make_pages(12 if whole else 1):
        found, wanted = words_of(copy_of(page.markdown, numbering=True))
        assert found == wanted
        assert len(wanted.split()) > 3000


@pytest.mark.long
@pytest.mark.parametrize("root", [ROOT, ROOT / "tests/released/0.1/tour"], ids=["project", "tour"])
def test_sealed_versions_are_set_word_for_word(root: Path, whole: bool) -> None:
    folders = find_folders(root)
    record = open_record(folders.record)
    around = ExportSite(Site(environment(), ui_strings("en"), "en", "Test", ZoneInfo("UTC"), ""))
    texts = SealedTexts(record)
    versions = [version for one in record.versions.values() for version in one]
    for version in versions if whole else versions[::5]:
        copy = version_copy(texts, version, around)
        document = copy.parts[0].document
        if document.entry.kind is DocumentKind.CATALOGUE:
            found = body(pdf_bytes(copy), [document.entry.title, *MANY], copy.words["verify"])
            assert all(clause.inline.text in found for clause in shown_rows(document.root, None, copy.words).walk())
        else:
            found, wanted = words_of(copy)
            for notice in copy.parts[0].notices.values():
                assert notice in found
                found = found.replace(f"{notice} ", "", 1)
            assert found == wanted, version.id


MANY = [""] * 1000
MARKUP = "#$*_`<>@[]{}\\\"'=/~-+:;%&|^().,!? aé1Ωж"
"""What means something to Typst, and some letters."""
fields = st.text(MARKUP, min_size=1, max_size=60).map(lambda text: f"x{' '.join(text.split())}y")


def escaped(text: str) -> str:
    """A text as Markdown that shows it."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


@settings(max_examples=8)
@given(st.lists(fields, min_size=9, max_size=9))
def test_markup_of_typst_comes_out_as_text(hostile: list[str]) -> None:
    kind, title, running, name, value, publisher, sentence, prose, cell = hostile
    front = Front(kind, title, running, (sentence,), (sentence,), ((name, value),), "0" * 12)
    plain, code = escaped(prose), cell.replace("`", "")
    text = f"# {plain}\n\n{plain} [{plain}](https://example.com/#a)\n\n| {escaped(cell)} |\n| --- |\n"
    copy = copy_of(f"{text}\n```\n{code}\n```\n", front=front, publisher=publisher, verify=(sentence,))
    data = pdf_bytes(copy)
    wanted = f"{prose} {prose} {prose} {cell} {code}"
    assert body(data, numbers_of(copy.parts[0].document), copy.words["verify"]) == " ".join(wanted.split())
    spoken = " ".join(tags(data).words().split())
    for one in (kind, title, name, value, publisher, sentence):
        assert one in spoken
    metadata = PdfReader(BytesIO(data)).metadata
    assert metadata is not None
    assert metadata.title == running


def test_another_program_reads_the_same_words() -> None:
    copy = copy_of(ORDINARY[0].read_bytes(), numbering=True)
    data = pdf_bytes(copy)
    reader = PdfReader(BytesIO(data))
    first = reader.get_destination_page_number(reader.outline[0])
    assert first is not None
    found = words_by_pdftotext(data, first + 1)
    # pdftotext joins a word whose hyphen is at the end of a line.
    wanted = source_words(copy.parts[0].document).replace("-", "").split()
    at = 0
    generated = re.compile(r"\d+|[•–]|↗\d+|https://\S+|SHA256|Page|of")
    around = {*copy.front.running.split(), *numbers_of(copy.parts[0].document), copy.front.hash}
    for word in (one.replace("-", "") for one in found):
        if at < len(wanted) and word == wanted[at]:
            at += 1
        else:
            assert word in around or generated.fullmatch(word), (word, wanted[at : at + 5])
    assert at == len(wanted)


def words_by_pdftotext(data: bytes, first: int) -> list[str]:
    program = shutil.which("pdftotext")
    assert program, "this test needs pdftotext; on Debian: apt-get install poppler-utils"
    done = subprocess.run([program, "-f", str(first), "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode().split()


LETTERS = {
    "Latin": "Ā č Ł ő ș Ž ß ﬁ æ Œ ı İ Tiếng Việt e\u0308 first office",
    "Greek": "Ελληνικά άέήίόύώ Ω",
    "Cyrillic": "Кириллица ЁёЇїЄєҐґЎў",
    "signs": "„a“ «b» ‘d’ – — … • § ¶ † ‡ © ® ™ ° ± × ≤ ≥ → ✓ € £ ₹ № ½ ² ⁄ ‰ ☐ ☑ a\u00a0b a\u202fb a\u2011b a\u200bb",
}


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS)
def test_scripts_and_signs_have_fonts(letters: str) -> None:
    found, wanted = words_of(copy_of(f"# A title\n\n{letters}\n"))
    assert found == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [("he", "טקסט בעברית (א) אחת"), ("ar", "العميل يعني الشخص الذي يقبل")],
    ids=["Hebrew", "Arabic"],
)
def test_texts_from_right_to_left_are_read_in_their_order(language: str, text: str) -> None:
    found = words_by_pdftotext(pdf_bytes(copy_of(f"# Title\n\n{text}\n", language=language)), 3)
    plain = " ".join(found).translate(dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200e\u200f")))
    assert text in plain


def test_a_definition_is_on_one_page_and_a_heading_with_its_text() -> None:
    definitions = [f"- **“Term {at}”** means {'a matter of some length, ' * 12}and its end {at}." for at in range(60)]
    sections = [f"## Section {at}\n\n{'The text of the section. ' * 20}" for at in range(60)]
    text = "\n".join(["# Title", "", "## Definitions", "", *definitions, "", *sections])
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf_bytes(copy_of(text)))).pages]
    for at in range(60):
        assert any(f"“Term {at}” means" in page and f"its end {at}." in page for page in pages), at
        assert any(f"Section {at} The text" in page for page in pages), at
    assert len(pages) > 10


def test_nothing_leaves_the_page() -> None:
    """pdftotext leaves out what is outside."""
    head = "".join(f"| Column number {at} " for at in range(12))
    row = "| confidentiality obligations " * 12
    text = f"# A\n\n{'x' * 300}\n\n```\n{'z' * 300}\n```\n\n{head}|\n{'| - ' * 12}|\n{row}|\n"
    found = "".join(words_by_pdftotext(pdf_bytes(copy_of(text)), 3))
    assert (found.count("x"), found.count("z")) == (300, 300)
    assert found.count("confid") == found.count("entiality") == 12


def test_deep_lists_and_quotes_are_set_flat() -> None:
    text = "# A\n\n" + "".join(f"{'   ' * at}1. x{at}\n" for at in range(30)) + f"\n## B\n\n{'>' * 40} deep\n"
    found, wanted = words_of(copy_of(text))
    assert found == wanted
