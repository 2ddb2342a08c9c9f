"""Lists that grow with the record: pages stay small, no address is lost, and older pages stay as they are."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from posixpath import join, normpath
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from engross.corpus import Settings, ui_strings
from engross.model import Change, ChangeClass, DocumentEntry, DocumentKind, Entry, EntryKind, NoteRef, Sealed, Source
from engross.record import Record, posted_changes
from engross.render.archive import paging
from engross.render.archive.clause_history import Wording
from engross.render.archive.clause_pages import clauses_pages
from engross.render.archive.comparison import compare_html
from engross.render.archive.frame import Site
from engross.render.archive.lists import list_pages
from engross.render.archive.paging import WHOLE, split
from engross.render.changes.dates import render_since, since_files
from engross.render.changes.feeds import Alerts
from engross.render.changes.posted import Publication
from engross.render.changes.posted_page import Frame, older_lists, render_list
from engross.render.changes.summaries import ChangeSummary
from engross.render.templates import environment

MOST = 500_000
FEW, MANY, MORE = 40, 900, 930
ENTRY = DocumentEntry("a", "Agreement", DocumentKind.AGREEMENT, "a.md", "a/")
BEGAN = datetime(2023, 3, 1, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
CLAUSES = 60
ID = re.compile(r'\bid="([^"]*)"')
LINK = re.compile(r'<a (?:[^>]* )?href="([^"#]*)#([^"]*)"')


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 12))), st.integers(0, 30))
def test_a_part_that_was_filled_stays_when_the_list_grows(items: list[tuple[str, int]], more: int) -> None:
    items.sort(key=lambda item: item[0])
    parts = split(items, lambda item: item[0], lambda item: item[1], limit=10)
    assert [item for part in parts for item in part.items] == items
    assert all(sum(size for _, size in part.items) <= 10 or len(part.items) == 1 for part in parts)
    assert len({part.name for part in parts}) == len(parts)
    grown = split([*items, ("c", more)], lambda item: item[0], lambda item: item[1], limit=10)
    if parts[0].group != WHOLE:
        assert grown[: len(parts) - 1] == parts[:-1]


def test_a_part_is_named_by_its_number_only_if_its_group_has_more() -> None:
    parts = split(["a", "b", "b", "b", "c"], lambda item: item, lambda _: 4, limit=10)
    assert [part.title(ui_strings("en")) for part in parts] == ["a", "b, part 1", "b, part 2", "c"]
    assert [part.name for part in parts] == ["a", "b", "b-2", "c"]


def entry(number: int) -> Entry:
    """The posting of a version, three days after the one before."""
    at = BEGAN + timedelta(days=3 * number)
    sealed, notes = Sealed(f"{number:064x}", "2" * 64, "3" * 64), (NoteRef(f"change-{number}", "4" * 64),)
    return Entry(
        number, EntryKind.POST, at, "a", "0" * 64, f"{number:064x}", number, at, sealed, entry=ENTRY,
        change_class=ChangeClass.EDITORIAL, notes=notes, supersedes=number - 1,
    )  # fmt: skip


@cache
def record(count: int) -> Record:
    return Record(Path("record"), "record", tuple(entry(number) for number in range(1, count + 1)))


@cache
def site() -> Site:
    pages = {"changes.md": "changes/"}
    return Site(
        environment(), ui_strings("en"), "en", "Site", ZoneInfo("UTC"), "style.css", current={"a": "a/"}, pages=pages
    )


def wordings(count: int) -> dict[int, tuple[Wording, ...]]:
    """Each version changes one clause, and the first 20 are never changed."""
    found = {}
    for number in range(1, count + 1):
        changed = 20 + number % (CLAUSES - 20)
        found[number] = tuple(
            Wording(f"c{at}", "paragraph", f"c{at}", f"Clause {at}", f"{number} {'word ' * 300}")
            if number == 1 or at == changed
            else Wording(f"c{at}", "paragraph", f"c{at}", f"Clause {at}", None)
            for at in range(CLAUSES)
        )
    return found


def clause_pages(count: int) -> Mapping[str, str]:
    return clauses_pages(record(count), "a", wordings(count), site())


def version_pages(count: int) -> Mapping[str, str]:
    return list_pages(record(count), "a", AT, site())


@cache
def publication(count: int) -> Publication:
    source = Source("x.md", "What changed.", b"What changed.")
    note = Change("x", ("a",), ChangeClass.EDITORIAL, False, None, "Counsel", "What changed.", source, "")
    return Publication(posted_changes(record(count)), site(), AT, lambda _: note, {"a": ENTRY})


def summaries(count: int) -> dict[str, ChangeSummary]:
    brief = f"<p>{'What changed. ' * 80}</p>"
    slugs = (change.slug for change in publication(count).posted.changes)
    return {slug: ChangeSummary(f"Title of {slug}", "Agreement", brief, brief, "Short.", "a", "", {}) for slug in slugs}


def change_lists(count: int) -> Mapping[str, str]:
    pub, shown, frame = publication(count), summaries(count), Frame("Changes", ["x.css"], "x.js", Alerts())
    main = render_list(pub, shown, ["a"], "changes/", frame).html
    return {**older_lists(pub, shown, ["a"], "changes/", frame), "changes/": main}


def since_pages(count: int) -> Mapping[str, str]:
    settings = cast("Settings", SimpleNamespace(sets=()))
    main = render_since(publication(count), settings, summaries(count), "since/", ["x.css"], "x.js", "y.js")
    return {**since_files(publication(count), summaries(count), "x.css", "y.js"), "since/": main}


KINDS: dict[str, Callable[[int], Mapping[str, str]]] = {
    "clauses": clause_pages,
    "versions": version_pages,
    "changes": change_lists,
    "since": since_pages,
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_is_too_large_and_older_pages_stay(kind: str) -> None:
    pages = KINDS[kind](MANY)
    html = {address: page for address, page in pages.items() if address.endswith("/")}
    assert len(html) > 3
    assert max(len(page.encode()) for page in html.values()) < MOST
    grown = KINDS[kind](MORE)
    main = next(reversed(pages))
    assert [address for address in html if address != main and grown[address] != html[address]] == []
    assert grown[main] != html[main]


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_list_is_one_page(kind: str) -> None:
    assert len(KINDS[kind](FEW)) == 1


@pytest.mark.parametrize(
    "kind", [pytest.param(one, marks=pytest.mark.long) if one == "clauses" else one for one in KINDS]
)
def test_every_anchor_of_one_page_is_an_anchor_of_the_main_page_and_leads_on(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = KINDS[kind](MANY)
    main = next(reversed(pages))
    monkeypatch.setattr(paging, "LIMIT", 100_000_000)
    ((_, whole),) = KINDS[kind](MANY).items()
    monkeypatch.undo()
    assert set(ID.findall(whole)) <= set(ID.findall(pages[main]))
    assert len(ID.findall(pages[main])) == len(set(ID.findall(pages[main])))
    # Each entry of the one page is on one of the pages, and each link from one page to another leads to an anchor.
    entries = [name for name in ID.findall(whole) if re.match(r"v\d|c\d|change\.", name)]
    older = [page for address, page in pages.items() if address != main]
    assert set(entries) - {f"c{at}" for at in range(20)} <= {
        name for page in (*older, pages[main]) for name in ID.findall(page)
    }
    for here, page in pages.items():
        for link, anchor in LINK.findall(page):
            address = normpath(join(here, link)) + "/" if link else here
            assert address not in pages or f'id="{anchor}"' in pages[address], (here, link, anchor)
        led = {normpath(join(here, link)) + "/" for link in re.findall(r'href="([^"#]+)', page)}
        assert here != main or set(pages) - {main, "since/changes.json"} <= led


def test_each_version_of_a_clause_is_on_exactly_one_page() -> None:
    pages = clause_pages(MANY)
    words = re.compile(r"<blockquote[^>]*>(\d+) word")
    shown = sorted(int(number) for page in pages.values() for number in words.findall(page))
    # The words of the first version are with the first change of each clause.
    assert shown == [1] * (CLAUSES - 20) + list(range(2, MANY + 1))


def test_the_page_that_compares_versions_has_the_newest_redlines() -> None:
    html = compare_html(record(MORE), "a", site())
    assert len(html.encode()) < MOST
    assert f'/versions/{MORE}/from-{MORE - 1}/"' in html
    assert '/versions/2/from-1/"' not in html


def test_the_data_of_many_changes_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "LIMIT", 100_000)
    pages = since_pages(MANY)
    assert json.loads(pages["since/changes.json"])["documents"][0]["id"] == "a"
    assert """data-engross-dates='{"file":"../since/changes.json"}'""" in pages["since/"]
