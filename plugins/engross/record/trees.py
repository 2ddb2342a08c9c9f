"""The tree of a version: clause ids carried on by alignment, and the text hash.

The text hash: of what a reader sees of a document, words and structure, and of nothing else.

It decides whether anything changed. Line wraps, comments and the order of YAML keys do not change it; a link's target,
an enumerator and a heading's level do.

The tree of a version: each clause keeps its id from the version before, carried on by the redline's alignment.

What is aligned is the same clause, whatever it is called now and wherever it stands. From that follows what pages and
checks want to know: since when there is a clause, when its words last changed, which anchors earlier versions had, and
which enumerators have come to mean other words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.fuzz import ratio

from engross.model import Alias, Clause, ClauseKind, Document, Edition, ListKind, SetEntry, Tree, TreeClause
from engross.record.encoding import SHORT, hash_of, sha256
from engross.redline import Block, Line, Outline, Redline, State, of_nodes
from engross.terms import bind


def text_hash(root: Clause) -> str:
    """The hash of what a tree shows."""
    return hash_of(list(_lines(root)))


def _lines(root: Clause) -> Iterator[list[object]]:
    for line in of_nodes(Outline().nodes(root)):
        yield _plain(line)


def _plain(line: Line) -> list[object]:
    text = [
        [piece.text, [[str(style.kind), style.target, style.title] for style in piece.styles]] for piece in line.text
    ]
    setting = [str(line.kind), line.level, line.marker, str(line.list_kind or ""), line.align, line.language]
    return [line.depth, setting, text]


DEFINITION = "definition"
"""The kind of a definition in running text, which is no clause of its own but has an anchor of its own."""

_BLANKS = re.compile(r"\s+")
_ALIKE = 60
"""How like one another, of 100, two pieces of text are that stay the same clause without an alignment to say so."""
_NAMED = 20
"""How much likeness it is worth to be called the same; who is, need be but half as alike."""
_SAME = 200
"""More than any likeness: the very words."""


@dataclass(frozen=True, slots=True)
class Found:
    """An addressed clause of a document as parsed: `words` are its own, `within` is the anchor of the clause around."""

    anchor: str
    label: str
    kind: str
    words: str
    named: bool
    within: str
    enumerated: bool = False

    @property
    def hash(self) -> str:
        """The beginning of the hash of its words."""
        return sha256(self.words.encode("utf-8", "surrogatepass"))[:SHORT]


def addressed(document: Document) -> tuple[Found, ...]:
    """Every clause of a document that has an anchor, in the order of the text, and its running definitions."""
    found = list(_clauses(document.root))
    anchors = {one.anchor for one in found}
    if document.root.children:
        alone = Edition(SetEntry(document.id, document.entry.title, document.id), (document,))
        for definition in bind(alone).definitions:
            if definition.anchor not in anchors:
                place = definition.place
                found.append(Found(definition.anchor, definition.term, DEFINITION, definition.term, True, place.anchor))
                anchors.add(definition.anchor)
    return tuple(found)


def _clauses(root: Clause) -> Iterator[Found]:
    stack = [(root, "")]
    while stack:
        clause, within = stack.pop()
        if clause.anchor:
            enumerated = clause.list_kind in (ListKind.ORDERED, ListKind.ENUMERATED) or clause.kind is ClauseKind.RUN_IN
            named = clause.kind is ClauseKind.SECTION or (bool(clause.name) and not enumerated)
            words = _BLANKS.sub(" ", " ".join(_own_words(clause))).strip()
            if clause.kind is ClauseKind.RUN_IN:
                # Its enumerator stands in the sentence; in a list it would not be part of the words.
                words = words.removeprefix(clause.marker).strip()
            yield Found(clause.anchor, clause.label, str(clause.kind), words, named, within, enumerated)
        inside = clause.anchor or within
        stack.extend((child, inside) for child in reversed(clause.children))


def _own_words(clause: Clause) -> Iterator[str]:
    """The words of a clause and of what stands in it without an address; where links lead is part of them."""
    yield clause.inline.text
    yield from (mark.target for mark in clause.inline.marks if mark.target)
    for child in clause.children:
        if not child.anchor:
            yield from _own_words(child)


def first_tree(found: Iterable[Found], number: int = 1, following: int = 1) -> Tree:
    """The tree of a first version, or of one before which none stands; ids of clauses begin at `following`."""
    clauses = tuple(_new(one, f"c{at}", number) for at, one in enumerate(found, following))
    return Tree(clauses, next=following + len(clauses))


def next_tree(
    before: Tree,
    old: Sequence[Found],
    new: Sequence[Found],
    script: Redline,
    numbers: tuple[int, int],
    leads: Mapping[str, str] | None = None,
) -> Tree:
    """The tree of a version, from that of the version it supersedes and the redline between the two.

    `numbers` are those of the two, old and new. `old` are the addressed clauses of the version before as today's parser
    reads them. `leads` says, for anchors that are gone, where they lead ("anchor" here, "document#anchor", or "" for
    nowhere).
    """
    last, number = numbers
    pairs = _pairs(old, new, script)
    known = {clause.anchor: clause for clause in before.clauses}
    clauses, following = [], before.next
    for one in new:
        kept = known.get(pairs.get(one.anchor, ""))
        if kept is None:
            clauses.append(_new(one, f"c{following}", number))
            following += 1
        else:
            clauses.append(_kept(kept, one, number))
    aliases = _aliases(before, clauses, number, leads or {})
    reused, former = _reused(before, clauses, last), _former(before, clauses, last)
    return Tree(tuple(clauses), aliases, following, reused, former)


def _new(one: Found, id: str, number: int) -> TreeClause:
    return TreeClause(id, one.anchor, one.label, one.kind, one.hash, number, number, number, one.named)


def _kept(clause: TreeClause, one: Found, number: int) -> TreeClause:
    changed = clause.changed if clause.words == one.hash else number
    called = clause.called if clause.anchor == one.anchor else number
    return TreeClause(
        clause.id, one.anchor, one.label, one.kind, one.hash, clause.since, changed, called, one.named
    )  # fmt: skip


def _reused(before: Tree, clauses: Sequence[TreeClause], last: int) -> dict[str, int]:
    """The anchors that mean another clause than in some earlier version, with the last version that was."""
    meant = {clause.anchor: clause.id for clause in before.clauses}
    now = {clause.anchor: clause for clause in clauses}
    reused = {anchor: number for anchor, number in before.reused.items() if anchor in now}
    reused |= {anchor: number for anchor, (words, number) in before.former.items() if _differs(now.get(anchor), words)}
    reused |= {anchor: last for anchor, clause in now.items() if meant.get(anchor, clause.id) != clause.id}
    return dict(sorted(reused.items()))


def _differs(clause: TreeClause | None, words: str) -> bool:
    return clause is not None and clause.words != words


def _former(before: Tree, clauses: Sequence[TreeClause], last: int) -> dict[str, tuple[str, int]]:
    """What the anchors that are not for good last stood for, where the text no longer has them."""
    now = {clause.anchor for clause in clauses}
    former = {**before.former, **{one.anchor: (one.words, last) for one in before.clauses if not one.named}}
    return {anchor: stood for anchor, stood in sorted(former.items()) if anchor not in now}


def _aliases(before: Tree, clauses: Sequence[TreeClause], number: int, leads: Mapping[str, str]) -> tuple[Alias, ...]:
    """Where the named anchors lead that some earlier version had and this one has not."""
    here = {clause.anchor: clause for clause in clauses}
    by_id = {clause.id: clause for clause in clauses}
    lost = [Alias(clause.anchor, number, clause.id) for clause in before.clauses if clause.named]
    # An anchor that is in use again means what it means now.
    dropped = {alias.anchor: alias for alias in (*before.aliases, *lost) if alias.anchor not in here}
    return tuple(_led(alias, here, by_id, leads) for alias in dropped.values())


def _led(
    alias: Alias, here: Mapping[str, TreeClause], by_id: Mapping[str, TreeClause], leads: Mapping[str, str]
) -> Alias:
    said = leads.get(alias.anchor)
    if said is not None:
        return replace(alias, clause=here[said].id, leads="") if said in here else replace(alias, clause="", leads=said)
    return replace(alias, clause="") if alias.clause not in by_id else alias


def lost_anchors(before: Tree, after: Tree, leads: Mapping[str, str]) -> tuple[str, ...]:
    """The anchors that were to stay, and that lead nowhere after a change: no clause kept them, and `leads` says
    nothing of them.
    """
    led_before = {alias.anchor for alias in before.aliases if not alias.clause} | set(leads)
    by_id = {clause.id for clause in after.clauses}
    return tuple(
        alias.anchor
        for alias in after.aliases
        if alias.clause not in by_id and not alias.leads and alias.anchor not in led_before
    )


def _pairs(old: Sequence[Found], new: Sequence[Found], script: Redline) -> dict[str, str]:
    """The anchors of the new side → those of the old side that are the same clause."""
    matching = _Matching({one.anchor: one for one in old}, {one.anchor: one for one in new})
    for block in script.blocks:
        for inner in block.walk():
            matching.take_block(inner)
    matching.take_inner(ClauseKind.RUN_IN)
    matching.take_inner(DEFINITION)
    return matching.pairs


@dataclass
class _Matching:
    """Old and new clauses by anchor, and which are the same."""

    old: Mapping[str, Found]
    new: Mapping[str, Found]
    pairs: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def take_block(self, block: Block) -> None:
        if block.state is State.RESET:
            news = [inner.face.anchor for inner in block.walk() if inner.new]
            self._take_alike(_with_inner(self.old, _old_anchors(block)), _with_inner(self.new, news))
        if block.old and block.new and block.state is not State.MOVED_AWAY:
            self._take(block.old.anchor, block.new.anchor)

    def _take(self, old: str, new: str) -> None:
        if old in self.old and new in self.new and new not in self.pairs and old not in self._taken:
            self.pairs[new] = old
            self._taken.add(old)

    def _take_alike(self, old: Iterable[str], new: Iterable[str]) -> None:
        """Pair what reads the same, then what reads most alike; of two that read alike, what bears the same name."""
        olds = [self.old[anchor] for anchor in old if anchor in self.old and anchor not in self._taken]
        news = [self.new[anchor] for anchor in new if anchor in self.new and anchor not in self.pairs]
        likely = [
            (score, other.anchor, one.anchor) for one in news for other in olds if (score := _likeness(other, one))
        ]
        for _, other, one in sorted(likely, key=lambda pair: -pair[0]):
            self._take(other, one)

    def take_inner(self, kind: str) -> None:
        """Pair what stands within running text, and so in no block of its own: by the clause around it."""
        olds, news = defaultdict(list), defaultdict(list)
        for one in self.old.values():
            if one.kind == kind:
                olds[one.within].append(one.anchor)
        for one in self.new.values():
            if one.kind == kind:
                news[self.pairs.get(one.within, "")].append(one.anchor)
        for within, anchors in news.items():
            self._take_alike(olds.get(within, ()), anchors)
        if kind == DEFINITION:
            # A definition that moved to another clause is found by its term, and keeps its anchor or leaves an alias.
            self._take_same_term()

    def _take_same_term(self) -> None:
        left = {one.words: one.anchor for one in self.old.values() if one.named and one.anchor not in self._taken}
        for one in self.new.values():
            if one.kind == DEFINITION and one.anchor not in self.pairs and one.words in left:
                self._take(left[one.words], one.anchor)


def _old_anchors(block: Block) -> Iterator[str]:
    for inner in block.walk():
        for run in inner.runs:
            yield from (face.anchor for _, face in (run.starts.opens if run.starts else ()))


def _with_inner(found: Mapping[str, Found], anchors: Iterable[str]) -> list[str]:
    """Anchors, and those of what stands within their clauses; definitions are paired by their terms."""
    around = dict.fromkeys(anchors)
    for one in found.values():
        if one.within in around and one.kind != DEFINITION:
            around[one.anchor] = None
    return list(around)


def _likeness(old: Found, new: Found) -> float:
    """How likely it is that two are the same clause; 0 where they are not taken for it."""
    if old.words == new.words:
        return _SAME + (old.anchor == new.anchor)
    named = old.anchor == new.anchor
    alike = ratio(old.words, new.words, score_cutoff=_ALIKE / 2 if named else _ALIKE)
    return alike + named * _NAMED if alike else 0
