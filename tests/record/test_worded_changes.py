"""For display a clause counts as changed only where its words did; the sealed trees stay."""

from pathlib import Path

import pytest

from engross.common import Cache
from engross.record import worded_tree

from .playing import Site, make_site

TEXT = """\
# The Agreement

## Use

The "Services" are Provider's own work - all of it.

## Fees

Fees are due within thirty days.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Five versions: first, typography, words of a clause, its typography, and a quote that is dropped."""
    site = make_site(tmp_path_factory.mktemp("worded"), agreement=TEXT)
    site.post("agreement, rules, models, pricing")
    edits = (
        ('The "Services" are Provider\'s own work - all', "The “Services” are Provider’s own work – all"),
        ("within thirty days", "within forty days - at the latest"),
        ("forty days - at", "forty days – at"),
        ("The “Services” are", "The Services are"),
    )
    for number, edit in enumerate(edits, 1):
        site.at(number).edit("agreement.md", edit)
        site.post("agreement")
    return site


def changed(site: Site, number: int, tmp_path: Path) -> dict[str, tuple[int, int]]:
    """The version that changed each clause, as sealed and as shown."""
    record = site.record
    version = record.versions["agreement"][number - 1]
    shown = {one.anchor: one.changed for one in worded_tree(record, version, Cache(tmp_path)).clauses}
    again = {one.anchor: one.changed for one in worded_tree(record, version, Cache(tmp_path)).clauses}
    assert shown == again
    sealed = site.clauses(number=number)
    assert shown.keys() == sealed.keys()
    return {anchor: (sealed[anchor].changed, shown[anchor]) for anchor in ("use.p1", "fees.p1")}


@pytest.mark.parametrize(
    ("number", "use", "fees"),
    [(1, (1, 1), (1, 1)), (2, (2, 1), (1, 1)), (3, (2, 1), (3, 3)), (4, (2, 1), (4, 3)), (5, (5, 5), (4, 3))],
)
def test_only_words_change_a_clause(
    site: Site, number: int, use: tuple[int, int], fees: tuple[int, int], tmp_path: Path
) -> None:
    assert changed(site, number, tmp_path) == {"use.p1": use, "fees.p1": fees}


def test_no_definition_is_searched_for(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a definition is searched for")

    monkeypatch.setattr("engross.terms.binding.find_definitions", refuse)
    record = site.record
    for version in record.versions["agreement"]:
        worded_tree(record, version, Cache(tmp_path))
