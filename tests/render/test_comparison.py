"""The clause lists that the page "Compare versions" reads, against the redlines of the same versions."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from engross.common import NO_CACHE, Cache
from engross.corpus import labelled_rows, ui_strings
from engross.model import Version, VersionId
from engross.record import Record, clause_ids, open_record, sealed_document
from engross.redline import Block, Op, Redline, State, redline
from engross.render import Site, environment
from engross.render.archive import comparison
from engross.render.archive.clause_history import Wording, wording
from engross.render.archive.comparison import NEAR, ClauseLists, clause_lists_of, lists_json, word_marks
from engross.render.archive.sealed_texts import SealedTexts

TOUR = Path(__file__).parents[2] / "examples/tour/record"
WORDS = ui_strings("en", None)
Data = dict[str, Any]
Words = dict[str, tuple[str, str]]


class Shown(NamedTuple):
    """A clause of the published list: its id and kind, its anchor, and the number of its text."""

    key: tuple[str, str]
    anchor: str
    text: int


@pytest.fixture(scope="module")
def record() -> Record:
    return open_record(TOUR)


def published(record: Record, document: str) -> Data:
    texts, versions = SealedTexts(record), record.versions[document]
    lists = clause_lists_of(versions, {one.number: wording(texts, one, WORDS) for one in versions})
    return dict(json.loads(lists_json(lists, document, lists.marked_pairs([len(versions)]))))


def test_only_new_pairs_of_texts_are_compared(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []

    def counted(old: str, new: str) -> list[int]:
        compared.append((old, new))
        return word_marks(old, new)

    monkeypatch.setattr(comparison, "word_marks", counted)
    site = Site(environment(), WORDS, "en", "Tour", ZoneInfo("UTC"), "style.css")
    texts = SealedTexts(record)
    words = {one.number: wording(texts, one, WORDS) for one in record.versions["agreement"]}

    def made(before: datetime, cache: Cache) -> dict[str, bytes]:
        known = record.as_known(before)
        last = [len(known.versions["agreement"])]
        return comparison.comparison_files(known, "agreement", words, last, site, cache)

    early, late = datetime(2026, 2, 10, tzinfo=UTC), datetime(2027, 2, 10, tzinfo=UTC)
    scratch = made(late, NO_CACHE)
    every = [*compared]
    kept = Cache(tmp_path)
    made(early, kept)
    compared.clear()
    assert made(late, kept) == scratch
    assert 0 < len(compared) < len(every)
    compared.clear()
    assert made(late, kept) == scratch
    assert compared == []


def clauses(data: Data, number: int) -> dict[tuple[str, str], Shown]:
    """The clauses of a version, as the script of the page reads them."""
    runs = data["versions"][str(number)]
    rows = [row for at in range(0, len(runs), 2) for row in data["clauses"][runs[at] : runs[at] + runs[at + 1]]]
    return {(name, kind): Shown((name, kind), anchor, text) for name, kind, anchor, _, text in rows}


def text(data: Data, one: Shown) -> str:
    found = data["texts"][one.text]
    return str(found if isinstance(found, str) else found[0])


def marked(data: Data, old: Shown, new: Shown) -> tuple[str, str]:
    """The deleted and the inserted words of a changed clause, looked up as the script of the page does."""
    marks = data["marks"][f"{min(old.text, new.text)},{max(old.text, new.text)}"]
    was, now = text(data, old), text(data, new)
    a = b = 0
    gone, come = "", ""
    for at in range(0, len(marks), 3):
        equal, less, more = marks[at : at + 3]
        if old.text > new.text:
            less, more = more, less
        assert was[a : a + equal] == now[b : b + equal]
        gone += was[a + equal : a + equal + less]
        come += now[b + equal : b + equal + more]
        a, b = a + equal + less, b + equal + more
    assert (a, b) == (len(was), len(now))
    return gone, come


def looked_up(data: Data, old: int, new: int) -> Words:
    """The deleted and inserted words by clause, from the published lists."""
    olds, news = clauses(data, old), clauses(data, new)
    found: Words = {}
    for key in olds.keys() | news.keys():
        was, now = olds.get(key), news.get(key)
        if was and now:
            pair = marked(data, was, now) if was.text != now.text else ("", "")
        else:
            pair = text(data, was) if was else "", text(data, now) if now else ""
        found[key[0]] = squeezed(pair[0]), squeezed(pair[1])
    return {clause: pair for clause, pair in found.items() if any(pair)}


def squeezed(words: str) -> str:
    return "".join(words.split())


def compared(record: Record, old: Version, new: Version) -> tuple[Redline, tuple[dict[str, str], dict[str, str]]]:
    """The redline of two sealed versions, as `engross diff` makes it, and the ids of their clauses by anchor."""
    reader = max(old.post.reader, new.post.reader)
    documents = [sealed_document(record, one, reader=reader) for one in (old, new)]
    documents = [replace(one, root=labelled_rows(one.entry, one.root, WORDS)) for one in documents]
    ids = clause_ids(record, old, reader), clause_ids(record, new, reader)
    return redline(*documents, ids=ids), ids


def marked_in(script: Redline, ids: tuple[dict[str, str], dict[str, str]]) -> Words:
    """The deleted and inserted words of a redline, by the clause that they are in."""
    found: dict[str, list[str]] = defaultdict(lambda: ["", ""])
    section = ""

    def take(block: Block, within: str) -> str:
        face = block.face
        here = ids[1 if block.new else 0].get(face.anchor, within)
        if block.state is State.MOVED_AWAY:
            return here
        one_sided = block.state in (State.DELETED, State.INSERTED)
        if one_sided and face.kind == "paragraph":
            # The name of a fact of a model.
            found[here][block.state is State.INSERTED] += face.marker
        for run in block.runs:
            if run.op is not Op.EQUAL:
                found[here][run.op is Op.INSERTED] += run.text
        for child in block.children:
            take(child, here)
        return here

    for block in script.blocks:
        here = take(block, section)
        section = here if block.face.kind == "section" else section
    return {clause: (squeezed(gone), squeezed(come)) for clause, (gone, come) in found.items() if gone or come}


def pairs_in(script: Redline) -> Iterator[tuple[str, str]]:
    for block in (inner for top in script.blocks for inner in top.walk()):
        if block.old and block.new and block.old.anchor and block.state is not State.MOVED_AWAY:
            yield block.old.anchor, block.new.anchor


def sampled(versions: Sequence[Version]) -> Iterator[tuple[Version, Version]]:
    yield from pairwise(versions)
    if len(versions) > 2:
        yield versions[0], versions[-1]


def test_the_published_lists_say_of_every_pair_of_versions_what_a_redline_says(record: Record, whole: bool) -> None:
    """A sample takes neighbours, and the first with the last."""
    compared_pairs = 0
    for document, versions in record.versions.items():
        data = published(record, document)
        for old, new in combinations(versions, 2) if whole else sampled(versions):
            script, ids = compared(record, old, new)
            olds, news = clauses(data, old.number), clauses(data, new.number)
            same = {(olds[key].anchor, news[key].anchor) for key in olds.keys() & news.keys()}
            assert set(pairs_in(script)) == same, (document, old.number, new.number)
            assert looked_up(data, old.number, new.number) == marked_in(script, ids), (document, old.number, new.number)
            compared_pairs += 1
    assert compared_pairs == 136 if whole else 30 < compared_pairs < 60


def test_sealed_ids_decide_which_clauses_belong_together(record: Record) -> None:
    """The ids of two items are exchanged on one side: words alone would pair each with itself."""
    versions = record.versions["acceptable-use"]
    documents = [sealed_document(record, one) for one in (versions[0], versions[-1])]
    ids, others = (clause_ids(record, one, one.post.reader) for one in (versions[0], versions[-1]))
    first, second = "what-is-not-allowed.a", "what-is-not-allowed.d"
    of = {clause: anchor for anchor, clause in others.items()}
    swapped = {**others, of[ids[first]]: ids[second], of[ids[second]]: ids[first]}
    assert {(first, of[ids[first]]), (second, of[ids[second]])} <= set(pairs_in(redline(*documents)))
    assert {(first, of[ids[second]]), (second, of[ids[first]])} <= set(
        pairs_in(redline(*documents, ids=(ids, swapped)))
    )


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        ("a b c", "a b c", [5, 0, 0]),
        ("Notice by e-mail.", "Notice by post.", [10, 6, 4, 1, 0, 0]),
        ("One.\nTwo.", "One.\nTwo.\nThree.", [9, 0, 7]),
        # Scripts count an astral character twice.
        ("𝒳 pays.", "𝒳 paid.", [3, 4, 4, 1, 0, 0]),
    ],
)
def test_marks_are_lengths_of_equal_deleted_and_inserted_words(old: str, new: str, marks: list[int]) -> None:
    assert word_marks(old, new) == marks


def reworded(record: Record, count: int) -> ClauseLists:
    """The lists of a document with one clause that stays and one that is reworded in each of `count` versions."""
    first = record.versions["agreement"][0]
    lists = ClauseLists()
    for number in range(1, count + 1):
        version = replace(first, id=VersionId("agreement", number), post=replace(first.post, supersedes=number - 1))
        stays = Wording("c1", "paragraph", "one", "One", "It stays." if number == 1 else None)
        lists.add(version, [stays, Wording("c2", "paragraph", "two", "Two", f"Day {number}.")])
    return lists


def test_a_clause_that_stays_is_stored_once_and_the_marks_grow_with_the_number_of_versions(record: Record) -> None:
    lists = reworded(record, 50)
    assert [words for words, _ in lists.texts].count("It stays.") == 1
    assert len(lists.table) == 51
    pairs = {tuple(sorted(pair)) for pair in lists.marked_pairs([50])}
    # Each wording with those near it, and with the last one.
    assert len(pairs) == sum(min(NEAR, 49 - at) for at in range(50)) + 49 - NEAR
    assert len({tuple(sorted(pair)) for pair in reworded(record, 100).marked_pairs([100])}) < 2.2 * len(pairs)


def test_a_version_in_force_that_is_not_the_last_is_compared_with_all(record: Record) -> None:
    lists = reworded(record, 50)
    texts = {words: number for (words, _), number in lists.texts.items()}
    pairs = {frozenset(pair) for pair in lists.marked_pairs([20, 50])}
    current = texts["Day 20."]
    others = {number for words, number in texts.items() if words != "It stays."} - {current}
    assert {frozenset((current, other)) for other in others} <= pairs
    assert frozenset((texts["Day 1."], texts["Day 40."])) not in pairs
