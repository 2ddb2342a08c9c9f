"""For display a clause counts as changed only where its words did; the sealed trees stay."""

from pathlib import Path

import pytest
from hypothesis import event, example, given, settings, strategies as st

from engross.common import Cache
from engross.record import worded_tree
from engross.record.trees import addressed_clauses
from engross.record.views.worded_changes import reworded_blocks
from engross.redline import folded
from engross.text import decode, parse

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


MANY = """\
---
title: Terms
---

# The Agreement

Opening "words" of ours.

## Use and access

**Licence.** The "Services" are Provider's own work - all of it. See [Fees](#fees "The fees").

- *Customer* pays fees;
- Provider's staff serves:

  Each of them.

(a) Fees are due within thirty days

(b) Provider may (i) stop, or (ii) not stop - at once

| Fee | Days |
| --- | --- |
| Late | 30 |

## Fees

One line of a paragraph,
and another "line" of it.

&ldquo;Data&rdquo; means data `a-b`.

<!-- A comment. -->
"""
EDITS = (
    ('"words"', "“words”"), ("words", "terms"), ("work - all", "work – all"), ("own work", "own new work"),
    ("Provider's", "Provider’s"), ("The fees", "Our fees"), ("#fees", "#use-and-access"), ("thirty", "forty"),
    ("**Licence.**", "**Licence**."), ("*Customer*", "_Customer_"), ("pays fees;", "pays;"), ("Late", "Later"),
    ("(a) Fees", "(c) Fees"), ("stop, or", "stop or"), ("not stop - at", "not stop — at"), ("| 30", "| 31"),
    ("Each of", "All of"), ("paragraph,\nand", "paragraph, and\n"), ("&ldquo;", "“"), ("a-b", "a–b"),
    ("A comment", "No comment"), ("<!-- A comment. -->\n", ""), ("title: Terms", "title: Our terms"),
    ("## Fees", "## Prices"), ("Opening", "Opening,"), ("at once\n", "at once.\n\nA new paragraph.\n"),
    ("ours.", "ours.  "), ("due within", "due  within"), ("staff serves", "people serve"), ("them.", "these."),
)  # fmt: skip

PLAIN = [
    pair for pair in EDITS if pair[0] in ("words", "thirty", "Opening", "ours.", '"words"', "due within", "stop, or")
]


def _words(text: str) -> dict[str, str]:
    root = parse(decode(text.encode(), "agreement.md"))
    return {one.anchor: one.words for one in addressed_clauses(root)}


@given(
    before=st.sets(st.sampled_from(EDITS), max_size=2),
    after=st.sets(st.sampled_from(EDITS), min_size=1, max_size=2) | st.sets(st.sampled_from(PLAIN), min_size=1),
    comment=st.booleans(),
)
@example(before=set(), after={("words", "terms"), ("thirty", "forty")}, comment=False)
@example(before=set(), after={("ours.", "ours of"), ("work - all", "work – all")}, comment=False)
@example(before=set(), after={("stop, or", "stop or")}, comment=False)
@example(before=set(), after={("stop, or", "stop it, or")}, comment=False)
@example(before=set(), after={("The fees", "Our fees"), ("of ours", "of us")}, comment=False)
@settings(max_examples=300)
def test_what_is_found_without_parsing_is_found_by_parsing(
    before: set[tuple[str, str]], after: set[tuple[str, str]], comment: bool
) -> None:
    texts = []
    text = MANY if comment else MANY.replace("<!-- A comment. -->\n", "")
    for edits in (before, after):
        for old, new in sorted(edits):
            text = text.replace(old, new)
        texts.append(text)
    old_words, new_words = map(_words, texts)
    both = old_words.keys() & new_words.keys()
    changed = [name for name in both if old_words[name] != new_words[name]]
    certain = bool(changed) and reworded_blocks(*texts) == len(changed)
    event(f"certain: {certain}")
    if certain:
        assert [one for one in changed if folded(old_words[one]) == folded(new_words[one])] == []


def test_a_version_with_one_new_sentence_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(tmp_path / "site", agreement=TEXT)
    site.post("agreement, rules, models, pricing")
    for number in (1, 2, 3):
        site.at(number).edit("agreement.md", ("thirty days.", f"thirty days. Sentence {number} is new."))
        site.post("agreement")
    record = site.record
    monkeypatch.setattr("engross.record.views.worded_changes.sealed_document", None)
    tree = worded_tree(record, record.versions["agreement"][-1], Cache(tmp_path / "cache"))
    assert {one.anchor: one.changed for one in tree.clauses}["fees.p1"] == 4
