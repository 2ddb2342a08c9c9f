"""What depends on a sealed text alone is made once for it, whatever the number of versions in force with it."""

import gc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engross.common import without_collection
from engross.corpus import ui_strings
from engross.model import Binding, Edition, Verbatim, VersionId, verbatim_lines
from engross.record import open_record
from engross.render import Archive, Site
from engross.render.archive.sealed_texts import SealedTexts, VersionInForce, in_force_with, own_set
from engross.render.templates import environment
from engross.terms import TermOptions, bind
from engross.terms.passages import Outline

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
