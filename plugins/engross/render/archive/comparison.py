"""The page that compares any two versions of a document, and the clause lists from which its script does that.

The lists hold each clause once in each wording, whatever number of versions share it; a version is runs of places in
the table of clauses. Clauses are matched by their sealed ids. Which words of a clause differ is found here, by the
comparison that every redline uses; the script only looks it up. So a new version adds what it changes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise

from engross.common import Cache, key_of, tracked, value_class
from engross.model import ClauseKind, Version
from engross.record import (
    DEFINITION,
    SCHEMA_VERSION,
    Record,
    clause_lists,
    compare_page,
    hash_of,
    redline_page,
    version_page,
    versions_page,
)
from engross.redline import Op, Piece, diff_runs
from engross.render.archive.clause_history import Wording
from engross.render.archive.frame import Site, archive_page, file_of
from engross.render.archive.imports import version_day

NEAR = 8
"""Words are marked between wordings of a clause that are at most this many wordings apart, and between each wording and
those of the version in force and the last version.
"""

_STEPS = 500
"""The most versions whose redline the page leads to; the list of versions leads to all."""

WordMarks = Callable[[str, str], list[int]]
"""Which words lead from one text to another, as `word_marks` finds them."""

_WITHIN = (DEFINITION, ClauseKind.RUN_IN)
"""The kinds of what is part of the words of another clause."""


@value_class(frozen=True, slots=True)
class Placed:
    """A clause in the table: its id, anchor and label, its kind, and the number of its text."""

    clause: str
    anchor: str
    label: str
    kind: str
    text: int


@value_class
class ClauseLists:
    """The clauses of all versions of a document: distinct texts (words and targets of links), distinct clauses, and for
    each version the places of its clauses in that table, in order.
    """

    texts: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict)
    table: dict[Placed, int] = field(default_factory=dict)
    versions: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _wordings: dict[int, dict[str, int]] = field(default_factory=dict)

    def add(self, version: Version, wordings: Iterable[Wording]) -> None:
        """Add a version; the one that it supersedes is there already."""
        before, here = self._wordings.get(version.post.supersedes, {}), {}
        places = []
        for one in wordings:
            if one.kind in _WITHIN:
                continue
            text = before.get(one.clause, -1)
            if one.words is not None or text < 0:
                text = self.texts.setdefault((one.words or "", one.links), len(self.texts))
            here[one.clause] = text
            placed = Placed(one.clause, one.anchor, one.label, one.kind, text)
            places.append(self.table.setdefault(placed, len(self.table)))
        self._wordings[version.number], self.versions[version.number] = here, tuple(places)

    def marked_pairs(self, last: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The pairs of texts of one clause to compare; `last` are the numbers of versions compared with all others."""
        texts: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
        for placed in self.table:
            texts[placed.clause, placed.kind][placed.text] = None
        rows = list(self.table)
        ends = {(rows[at].clause, rows[at].kind, rows[at].text) for number in last for at in self.versions[number]}
        for (clause, kind), found in texts.items():
            order = list(found)
            for at, text in enumerate(order):
                near = order[at + 1 : at + 1 + NEAR]
                far = [other for other in order[at + 1 + NEAR :] if (clause, kind, other) in ends]
                # A text of a version in force that is not the last is compared with those long before and after it.
                if (clause, kind, text) in ends:
                    far = order[at + 1 + NEAR :]
                yield from ((text, other) for other in (*near, *far))


def clause_lists_of(versions: Sequence[Version], wordings: Mapping[int, Sequence[Wording]]) -> ClauseLists:
    """Collect the clauses of a document's versions; `wordings` are by number of the version."""
    lists = ClauseLists()
    for version in versions:
        lists.add(version, wordings[version.number])
    return lists


def word_marks(old: str, new: str) -> list[int]:
    """Which words lead from one text to another: the lengths of what is equal, deleted and inserted, again and again.

    Lengths are in UTF-16 code units, as scripts count.
    """
    marks = [0, 0, 0]
    for run in diff_runs((Piece(old),), (Piece(new),)):
        at = (Op.EQUAL, Op.DELETED, Op.INSERTED).index(run.op)
        # Deleted words come before inserted ones.
        if (at == 0 and any(marks[-2:])) or (at == 1 and marks[-1]):
            marks += [0, 0, 0]
        marks[at - 3] += len(run.text.encode("utf-16-le")) // 2
    return marks


def comparison_files(
    record: Record,
    document: str,
    wordings: Mapping[int, Sequence[Wording]],
    last: Sequence[int],
    site: Site,
    cache: Cache,
) -> dict[str, bytes]:
    """The page that compares versions of a document and its clause lists, by name.

    `wordings` are by number of the version, `last` the numbers of versions compared with all others. The marks of each
    pair of texts are cached: a new version adds few pairs.
    """
    lists = clause_lists_of(record.versions[document], wordings)
    key = key_of(__name__, "marks", document)
    before, now = json.loads(cache.get(key) or b"{}"), dict[str, list[int]]()

    def marks(old: str, new: str) -> list[int]:
        pair = hash_of([old, new])
        now[pair] = before.get(pair) or word_marks(old, new)
        return now[pair]

    data = lists_json(lists, document, lists.marked_pairs(last), marks)
    if now.keys() - before.keys():
        cache.put(key, json.dumps(now).encode())
    return {
        file_of(compare_page(document)): compare_html(record, document, site).encode(),
        clause_lists(document): data,
    }


def lists_json(
    lists: ClauseLists, document: str, marked: Iterable[tuple[int, int]], marks: WordMarks = word_marks
) -> bytes:
    """The published file of clause lists (`ClauseListsFile`); `marked` are the pairs of texts to mark, by `marks`."""
    texts = list(lists.texts)
    pairs = {(min(pair), max(pair)) for pair in marked}
    value = {
        "schema_version": SCHEMA_VERSION,
        "document": document,
        "texts": [[words, *links] if links else words for words, links in texts],
        "clauses": [[one.clause, one.kind, one.anchor, one.label, one.text] for one in lists.table],
        "versions": {str(number): list(_runs(places)) for number, places in lists.versions.items()},
        "marks": {
            f"{old},{new}": marks(texts[old][0], texts[new][0])
            for old, new in tracked("Comparing versions", sorted(pairs))
        },
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _runs(places: Sequence[int]) -> Iterator[int]:
    """Each place that does not follow the one before it, and the count of those that follow one another from there."""
    starts = [at for at, place in enumerate(places) if not at or place != places[at - 1] + 1]
    for start, end in pairwise([*starts, len(places)]):
        yield from (places[start], end - start)


_WORDS = (
    "compare_was", "compare_links", "compare_too_far", "compare_nothing", "compare_same_version", "compare_failed",
    "compare_changed", "compare_changed_one", "compare_changed_many", "compare_added", "compare_added_one",
    "compare_added_many", "compare_removed", "compare_removed_one", "compare_removed_many", "compare_moved",
    "compare_moved_one", "compare_moved_many", "compare_renumbered", "compare_renumbered_one",
    "compare_renumbered_many", "compare_renamed", "compare_unknown",
)  # fmt: skip
"""The UI strings that the script shows; it knows them without their beginning."""


def script_words(words: Mapping[str, str]) -> dict[str, str]:
    """The UI strings that the script shows."""
    return {name.removeprefix("compare_"): words[name] for name in _WORDS}


def compare_html(record: Record, document: str, site: Site) -> str:
    """Render the page that compares any two versions of a document."""
    versions = record.versions[document]
    entry = record.last_entry(document) or versions[-1].entry
    current = site.current.get(document)
    here = compare_page(document)
    data = {"words": script_words(site.words), "lists": site.link(here, clause_lists(document))}
    return archive_page(
        site,
        "compare.html",
        here,
        site.words["compare_title"].format(title=entry.title),
        crumbs=[
            *([(entry.title, current)] if current is not None else []),
            (site.words["archive_all_versions"], versions_page(document)),
        ],
        versions=versions[::-1],
        steps=[
            (one, redline_page(versions[one.post.supersedes - 1].id, one.number))
            for one in reversed(versions[-_STEPS:])
            if one.post.supersedes
        ],
        older=versions_page(document) if len(versions) > _STEPS else "",
        page=version_page,
        day=lambda version: version_day(version, site.dates),
        # A title must not close the script element.
        data=json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
    )
