"""What depends on a sealed text alone is made once for it, whatever the number of versions in force with it."""

import gc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import _lru_cache_wrapper, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from engross.common import EngrossError, without_collection
from engross.corpus import ui_strings
from engross.model import (
    Binding,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    SetEntry,
    Source,
    Verbatim,
    Version,
    VersionId,
    verbatim_lines,
)
from engross.record import open_record
from engross.redline import Outline as Layouts, redline
from engross.render import Archive, Site
from engross.render.archive.page_cache import Made
from engross.render.archive.sealed_texts import SealedTexts, VersionInForce, in_force_with, own_set
from engross.render.templates import environment
from engross.terms import Readings, TermOptions, bind
from engross.terms.passages import Outline
from engross.text import parse

RECORD = Path(__file__).parent.parent / "released" / "0.1" / "tour" / "record"
MADE = (
    ("engross.terms.numbered_references", "Numbering"),
    ("engross.terms.headings", "OwnHeadings"),
    ("engross.terms.instruments", "names_for_itself"),
    ("engross.terms.binding", "find_definitions"),
)


def _bindings(texts: SealedTexts) -> dict[VersionId, Binding | None]:
    """Every version of a record, bound with those in force with it, in the order of effect."""
    record = texts.record
    versions = sorted((one for all_ in record.versions.values() for one in all_), key=lambda one: one.effective)
    return {
        one.id: texts.binding(
            VersionInForce(one, record.entry_of(one, one.effective)),
            tuple(in_force_with(record, one)),
            own_set(record, one),
        )
        for one in versions
    }


def test_a_sealed_text_is_read_once_for_all_versions_in_force_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {name: Counter[int]() for _, name in MADE}
    outlines: list[Outline] = []

    def counted(make: Callable[[Outline], Any], counter: Counter[int]) -> Callable[[Outline], Any]:
        def count(outline: Outline) -> Any:
            # Kept, so that no other outline gets its identity.
            outlines.append(outline)
            counter[id(outline.document)] += 1
            return make(outline)

        return count

    for module, name in MADE:
        monkeypatch.setattr(import_module(module), name, counted(getattr(import_module(module), name), counts[name]))
    texts = SealedTexts(open_record(RECORD))
    bound = [one for one in _bindings(texts).values() if one]
    read = {id(document) for one in bound for document in one.edition.documents}
    assert sum(len(one.edition.documents) for one in bound) > 2 * len(read)
    assert set(counts["OwnHeadings"]) == read
    # A text to which no reference leads, and which has none, needs no table of its numbers.
    assert set() < set(counts["Numbering"]) <= read
    for name in ("Numbering", "OwnHeadings", "names_for_itself"):
        assert set(counts[name].values()) == {1}, name
    # The definitions of an agreement that is also read alone apply to another scope.
    assert set(counts["find_definitions"].values()) <= {1, 2}


def test_text_to_keep_letter_for_letter_has_no_links_in_any_version() -> None:
    options = TermOptions(verbatim=(("agreement", (Verbatim("definitions"), Verbatim("restrictions"))),))
    plain = _bindings(SealedTexts(open_record(RECORD)))
    for version, found in _bindings(SealedTexts(open_record(RECORD), options)).items():
        before = plain[version]
        if version.document == "agreement" and found and before:
            kept = frozenset(verbatim_lines(found.edition.documents[0]))
            assert kept
            assert [one for one in (*found.uses, *found.references) if one.place.line in kept] == []
            assert [one for one in (*before.uses, *before.references) if one.place.line in kept]


def test_what_is_kept_of_other_editions_changes_no_binding() -> None:
    for version, found in _bindings(SealedTexts(open_record(RECORD))).items():
        if found is not None:
            documents = found.edition.documents
            alone = bind(Edition(found.edition.set, documents), only=version.document)
            assert (found.definitions, found.uses, found.references) == (
                alone.definitions,
                alone.uses,
                alone.references,
            )


def test_pages_of_versions_leave_no_cycles_in_memory() -> None:
    # Collection is off while they are made: what is in a cycle stays until the end.
    record, instant = open_record(RECORD), datetime(2026, 1, 25, tzinfo=UTC)
    site = Site(environment(), ui_strings("en", None), "en", "Tour", ZoneInfo("UTC"), "style.css")
    archive = Archive(record.as_known(instant), instant, site, "", "")
    texts = SealedTexts(archive.record)
    with without_collection():
        made = [make() for version in archive.in_order[:8] for _, make in archive.pieces_of(texts, version)]
        gc.collect()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            made += [make() for version in archive.in_order[8:20] for _, make in archive.pieces_of(texts, version)]
            gc.collect()
            left = Counter(
                type(one).__qualname__ for one in gc.garbage if type(one).__module__.startswith(("engross.", "jinja2."))
            )
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
    assert made
    assert left == {}


@lru_cache(maxsize=1)
def _remembering() -> list[Any]:
    """The functions of the parser, of binding and of the text law that remember what they found."""
    every = [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]
    return [one for one in every if one.__module__.startswith(("engross.text", "engross.terms", "engross.fidelity"))]


def _forget() -> None:
    for one in _remembering():
        one.cache_clear()


def test_pages_of_versions_are_the_same_in_order_in_reverse_and_alone() -> None:
    record, instant = open_record(RECORD), datetime(2026, 1, 25, tzinfo=UTC)
    site = Site(environment(), ui_strings("en", None), "en", "Tour", ZoneInfo("UTC"), "style.css")
    archive = Archive(record.as_known(instant), instant, site, "", "")
    versions = archive.in_order[:12]

    def made(version: Version, texts: SealedTexts) -> list[Made]:
        return [make() for _, make in archive.pieces_of(texts, version)]

    alone = {}
    for version in versions:
        _forget()
        alone[version.id] = made(version, SealedTexts(archive.record))
    for order in (versions, versions[::-1]):
        texts = SealedTexts(archive.record)
        assert {version.id: made(version, texts) for version in order} == alone


BLOCKS = (
    "# Terms",
    "## Definitions",
    "“Fee” means the price of the Service.",
    "“Fee” means what the Customer pays (the “Charge”).",
    "- “Service” has the meaning in Section 2.\n- “Site” means a place, and includes a Fee.",
    "**Customer** means whoever signs, or any Affiliate (an “Affiliate”).",
    "“Data” has the meaning stated in [Rules](rules.md).",
    "## 2. Services",
    "## Payment {#pay}",
    "2.1 The Customer will pay the Fee under Section 2, Section 2.1 and the section Payment.",
    "2.2 The Service may (a) end, (b) change, or (c) follow Section 2.2(a) of the Rules.",
    "(a) The Fee is due;\n\n(b) the Site is open; and\n\n(c) item (b) applies.",
    "The preceding paragraph and Clause 4 apply to each Charge, unless the Data says otherwise.",
    "THE SERVICE IS PROVIDED “AS IS”, AND EACH FEE IS FINAL.",
    "| Term | Meaning |\n|---|---|\n| Plan | What the Customer buys |",
    "> A quotation of Section 2.\n\n> Another with a Fee.",
    "The following words mean:",
    "Term: twelve months. Contract: these Terms.",
    "Unternehmer und Kunde schließen den Vertrag nach § 2 ab, der die Daten nach Ziffer 2.1 nicht für die Fee enthält.",
    "1. A Plan\n2. A Service",
    "“Site Plan” has the meaning in Payment.",
    "See [^1] and Article 28 of the GDPR.\n\n[^1]: A note about the Fee.",
    "“Scope” has the meaning given in Section 2.1 of the Rules.",
    "“Tier” has the meaning stated in item (b) of that definition of the Terms or Section 2 of the Terms.",
    "“Rate” has the meaning set out in the section “Price changes” of the Rules.",
    "Price changes: The Fee changes once a year.",
)
# Each version lacks some blocks, so that it has most in common with the others, and repeats one.
left_out = st.tuples(st.sets(st.sampled_from(range(len(BLOCKS))), max_size=6), st.sampled_from(BLOCKS))


def _read(name: str, text: str) -> Document | None:
    source = Source(f"{name}.md", text, text.encode(), sealed=True)
    try:
        root = parse(source, numbering=True)
    except EngrossError:
        return None
    return Document(DocumentEntry(name, name.title(), DocumentKind.AGREEMENT, f"{name}.md"), source, root)


def _found(binding: Binding) -> tuple[object, ...]:
    return binding.definitions, binding.uses, binding.references


@settings.get_profile("costly")
@given(st.lists(st.tuples(st.booleans(), left_out), min_size=2, max_size=6))
@example([(False, ({8}, BLOCKS[0])), (True, ({1, 2}, BLOCKS[8])), (False, ({3}, BLOCKS[4])), (True, ({8}, BLOCKS[4]))])
def test_versions_are_bound_and_compared_as_alone_whatever_was_read_before(
    history: list[tuple[bool, tuple[set[int], str]]],
) -> None:
    now: dict[str, Document] = {}
    known, layouts, editions = Readings(), Layouts(), []
    for is_rules, (left, last) in history:
        name = "rules" if is_rules else "terms"
        text = "\n\n".join([*(block for at, block in enumerate(BLOCKS) if at not in left), last])
        document = _read(name, text)
        if document is None:
            continue
        script = redline(now[name], document, outline=layouts) if name in now else None
        was, now[name] = now.get(name), document
        edition = Edition(SetEntry("set", "Set", "terms"), tuple(now[one] for one in ("terms", "rules") if one in now))
        editions.append((edition, _found(bind(edition, only=name, readings=known)), was, script, name))
    for edition, found, was, script, name in editions:
        _forget()
        own = next(one for one in edition.documents if one.id == name)
        assert own.source
        assert own == _read(name, own.source.text)
        assert found == _found(bind(edition, only=name))
        assert script is None or (was and script == redline(was, own))
