"""Trees of versions: each clause keeps its id from version to version; and the text hash.

The redline aligns the clauses of two versions. The tree records since when there is a clause, when its words last
changed, which anchors earlier versions had, and which enumerators now mean other words. The text hash covers what
readers see, words and structure: line wraps and comments do not change it; a link's target or a heading's level does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from rapidfuzz.fuzz import ratio

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import Alias, Clause, ClauseKind, Document, ListKind, Tree, TreeClause
from engross.record.encoding import SHORT, hash_of, sha256
from engross.redline import Block, Line, Outline, Redline, State, of_nodes
from engross.terms import definitions_of


def text_hash(root: Clause) -> str:
    """The hash of the words and structure of a tree."""
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
"""The kind of a definition in running text: not a clause, but it has an anchor."""

ALL_LOST = "*"
"""The key of `leads` that stands for all lost anchors without a target of their own."""

_BLANKS = re.compile(r"\s+")
_ALIKE = 60
"""The least likeness, of 100, of two texts that are the same clause although the redline does not align them."""
_NAMED = 20
"""What the same anchor adds to the likeness. Clauses with the same anchor need half the likeness only."""
_SAME = 200
"""The likeness of clauses with the same words: more than any other."""


@value_class(frozen=True, slots=True)
class Found:
    """A clause with an anchor, as parsed. `words` are its own; `within` is the anchor of the clause around it; `line`
    is its first line in the source.
    """

    anchor: str
    label: str
    kind: str
    words: str
    named: bool
    within: str
    enumerated: bool = False
    line: int = 0

    @property
    def hash(self) -> str:
        """The first characters of the hash of its words."""
        return sha256(self.words.encode("utf-8", "surrogatepass"))[:SHORT]


def addressed(document: Document) -> tuple[Found, ...]:
    """The clauses of a document that have an anchor, in order, then the definitions in running text."""
    found = list(addressed_clauses(document.root))
    anchors = {one.anchor for one in found}
    if document.root.children:
        for definition in definitions_of(document):
            if definition.anchor not in anchors:
                place = definition.place
                around, line = place.anchor, place.line
                found.append(
                    Found(definition.anchor, definition.term, DEFINITION, definition.term, True, around, line=line)
                )
                anchors.add(definition.anchor)
    return tuple(found)


def addressed_clauses(root: Clause) -> Iterator[Found]:
    """Yield the clauses that have an anchor, in order; definitions in running text are not clauses."""
    stack = [(root, "")]
    while stack:
        clause, within = stack.pop()
        if clause.anchor:
            enumerated = clause.list_kind in (ListKind.ORDERED, ListKind.ENUMERATED) or clause.kind is ClauseKind.RUN_IN
            named = clause.kind is ClauseKind.SECTION or (bool(clause.name) and not enumerated)
            words = _BLANKS.sub(" ", " ".join(_own_words(clause))).strip()
            if clause.kind is ClauseKind.RUN_IN:
                # The enumerator of a run-in item is in the sentence, but not part of the words, as in a list.
                words = words.removeprefix(clause.marker).strip()
            kind, line = str(clause.kind), clause.lines[0]
            yield Found(clause.anchor, clause.label, kind, words, named, within, enumerated, line)
        inside = clause.anchor or within
        stack.extend((child, inside) for child in reversed(clause.children))


def _own_words(clause: Clause) -> Iterator[str]:
    """The words of a clause and of parts of it without an anchor; the targets of links count as words."""
    yield clause.inline.text
    yield from (mark.target for mark in clause.inline.marks if mark.target)
    for child in clause.children:
        if not child.anchor:
            yield from _own_words(child)


def first_tree(found: Iterable[Found], number: int = 1, following: int = 1) -> Tree:
    """The tree of a version that supersedes none. Ids of clauses begin at `following`."""
    clauses = tuple(_new(one, f"c{at}", number) for at, one in enumerate(found, following))
    return Tree(clauses, next=following + len(clauses))


def reread_tree(tree: Tree, posted: Sequence[Found], read: Sequence[Found], numbers: tuple[int, int]) -> Tree:
    """The tree of a version as another generation of the parser reads its text, with the same ids.

    `posted` are its clauses as they were posted, `read` as they are read now; `numbers` are its own number and that of
    the next version. Clauses are matched by anchor, then by line. The anchor of a clause that is no longer one leads to
    the clause around it. A clause that was not one before gets a new id, and counts as old: its words did not change.
    """
    number, following = numbers
    matched = _same_places(posted, read)
    known = {clause.anchor: clause for clause in tree.clauses}
    clauses, next_id = [], tree.next
    for one in read:
        clause = known.get(matched.get(one.anchor, ""))
        if clause is None:
            clause, next_id = _new(one, f"c{next_id}", number), next_id + 1
        clauses.append(_reread(clause, one, following))
    here = {clause.anchor: clause.id for clause in clauses}
    kept, posted_as = set(here.values()), {old: new for new, old in matched.items()}
    around = {one.anchor: one.within for one in posted}
    aliases = tuple(
        Alias(one.anchor, number, one.id if one.id in kept else _around(one.anchor, around, posted_as, here))
        for one in tree.clauses
        if one.named and one.anchor not in here
    )
    return replace(tree, clauses=tuple(clauses), aliases=(*tree.aliases, *aliases), next=next_id)


def _reread(clause: TreeClause, one: Found, following: int) -> TreeClause:
    """A clause as it is read now; `following` is the version in which another anchor begins to mean it."""
    called = clause.called if clause.anchor == one.anchor else following
    return TreeClause(
        clause.id, one.anchor, one.label, one.kind, one.hash, clause.since, clause.changed, called, one.named
    )  # fmt: skip


def _same_places(posted: Sequence[Found], read: Sequence[Found]) -> dict[str, str]:
    """The anchors of a text as it is read → the anchors of the same clauses as it was posted."""
    there = {one.anchor: one for one in posted}
    matched = {one.anchor: one.anchor for one in read if one.anchor in there and there[one.anchor].line == one.line}
    left: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for old in posted:
        if old.anchor not in matched:
            left[old.line, old.kind == DEFINITION].append(old.anchor)
    for new in read:
        if new.anchor not in matched and (found := left[new.line, new.kind == DEFINITION]):
            matched[new.anchor] = found.pop(0)
    return matched


def _around(anchor: str, around: Mapping[str, str], posted_as: Mapping[str, str], here: Mapping[str, str]) -> str:
    """The id of the nearest clause around an anchor that is still a clause; empty if there is none."""
    while anchor := around.get(anchor, ""):
        if posted_as.get(anchor, "") in here:
            return here[posted_as[anchor]]
    return ""


def next_tree(
    before: Tree,
    old: Sequence[Found],
    new: Sequence[Found],
    script: Redline | None,
    numbers: tuple[int, int],
    leads: Mapping[str, str] | None = None,
) -> Tree:
    """The tree of a version, made from the tree of the version that it supersedes and the redline between them; without
    a redline, clauses with the same anchor are the same.

    `old` and `new` are the clauses of the two versions as today's parser reads them; `numbers` are their numbers.
    `leads` are the targets of removed anchors: "anchor" here, "document#anchor", "document" or "document#" for its
    beginning, or "" for none; see `ALL_LOST`.
    """
    last, number = numbers
    pairs = _pairs(old, new, script) if script else {one.anchor: one.anchor for one in new}
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
    """The anchors that meant another clause in earlier versions, each with the last such version."""
    meant = {clause.anchor: clause.id for clause in before.clauses}
    now = {clause.anchor: clause for clause in clauses}
    reused = {anchor: number for anchor, number in before.reused.items() if anchor in now}
    reused |= {anchor: number for anchor, (words, number) in before.former.items() if _differs(now.get(anchor), words)}
    reused |= {anchor: last for anchor, clause in now.items() if meant.get(anchor, clause.id) != clause.id}
    return dict(sorted(reused.items()))


def _differs(clause: TreeClause | None, words: str) -> bool:
    return clause is not None and clause.words != words


def _former(before: Tree, clauses: Sequence[TreeClause], last: int) -> dict[str, tuple[str, int]]:
    """The removed anchors of enumerators, each with the hash of its last words and the last version that had it."""
    now = {clause.anchor for clause in clauses}
    former = {**before.former, **{one.anchor: (one.words, last) for one in before.clauses if not one.named}}
    return {anchor: last_words for anchor, last_words in sorted(former.items()) if anchor not in now}


def _aliases(before: Tree, clauses: Sequence[TreeClause], number: int, leads: Mapping[str, str]) -> tuple[Alias, ...]:
    """The targets of the named anchors that earlier versions had and this one has not."""
    here = {clause.anchor: clause for clause in clauses}
    by_id = {clause.id: clause for clause in clauses}
    lost = [Alias(clause.anchor, number, clause.id) for clause in before.clauses if clause.named]
    # An anchor that is in use again has its present meaning.
    dropped = {alias.anchor: alias for alias in (*before.aliases, *lost) if alias.anchor not in here}
    return tuple(_with_target(alias, here, by_id, leads) for alias in dropped.values())


def _with_target(
    alias: Alias, here: Mapping[str, TreeClause], by_id: Mapping[str, TreeClause], leads: Mapping[str, str]
) -> Alias:
    lost = bool(alias.clause) and alias.clause not in by_id
    target = leads.get(alias.anchor, leads.get(ALL_LOST) if lost else None)
    if target is not None:
        kept = here.get(target)
        elsewhere = target if not target or "#" in target else f"{target}#"
        return replace(alias, clause=kept.id if kept else "", leads="" if kept else elsewhere)
    return replace(alias, clause="") if lost else alias


def lost_anchors(before: Tree, after: Tree, leads: Mapping[str, str]) -> tuple[str, ...]:
    """The permanent anchors that lead nowhere after a change: no clause kept them, and `leads` does not name them.

    Those for which only `ALL_LOST` in `leads` has a target are among them.
    """
    here, by_id = {clause.anchor for clause in after.clauses}, {clause.id for clause in after.clauses}
    named = {alias.anchor: alias.clause for alias in before.aliases if alias.clause}
    named |= {clause.anchor: clause.id for clause in before.clauses if clause.named}
    return tuple(
        anchor for anchor, clause in named.items() if not (anchor in here or clause in by_id or anchor in leads)
    )


def _pairs(old: Sequence[Found], new: Sequence[Found], script: Redline) -> dict[str, str]:
    """The anchors of new clauses → the anchors of the same clauses in the old version."""
    matching = _Matching({one.anchor: one for one in old}, {one.anchor: one for one in new})
    for block in script.blocks:
        for inner in block.walk():
            matching.take_block(inner)
    matching.take_inner(ClauseKind.RUN_IN)
    matching.take_inner(DEFINITION)
    return matching.pairs


@value_class
class _Matching:
    """Pairs old and new clauses, which are given by anchor."""

    old: Mapping[str, Found]
    new: Mapping[str, Found]
    pairs: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def take_block(self, block: Block) -> None:
        """Pair the clauses of a block of the edit script that both texts have."""
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
        """Pair clauses with the same words, then those most alike; of equals, those with the same anchor."""
        olds = [self.old[anchor] for anchor in old if anchor in self.old and anchor not in self._taken]
        news = [self.new[anchor] for anchor in new if anchor in self.new and anchor not in self.pairs]
        likely = [
            (score, other.anchor, one.anchor) for one in news for other in olds if (score := _likeness(other, one))
        ]
        for _, other, one in sorted(likely, key=lambda pair: -pair[0]):
            self._take(other, one)

    def take_inner(self, kind: str) -> None:
        """Pair run-in items or definitions, which are not blocks of the redline, by the clause around them."""
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
            # A definition that moved to another clause is paired by its term.
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
    """Anchors, and the anchors within their clauses except those of definitions, which are paired by term."""
    around = dict.fromkeys(anchors)
    for one in found.values():
        if one.within in around and one.kind != DEFINITION:
            around[one.anchor] = None
    return list(around)


def _likeness(old: Found, new: Found) -> float:
    """How likely it is that two clauses are the same; 0 if they count as different."""
    if old.words == new.words:
        return _SAME + (old.anchor == new.anchor)
    named = old.anchor == new.anchor
    alike = ratio(old.words, new.words, score_cutoff=_ALIKE / 2 if named else _ALIKE)
    return alike + named * _NAMED if alike else 0
