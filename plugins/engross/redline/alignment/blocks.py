"""Finds which blocks of two texts correspond: in place, moved, or with other breaks.

Siblings are aligned by equal content first, then by name, then by similarity in the remaining gaps; the contents of a
pair are aligned in the same way. Blocks without a partner on their own level may have moved to another level. The work
is done in one orientation (see `script_builder`), so that old against new finds the same pairs as new against old.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from engross.common import value_class
from engross.model import ClauseKind
from engross.redline.alignment.outline import Node
from engross.redline.alignment.sequences import Gap, Pair, heaviest_chain, match_equal
from engross.redline.alignment.similarity import candidates, left_over_pairs, similarity, threshold
from engross.redline.alignment.split_join import Reset, find_resets

_ANCHOR_WORDS = 3
_MOVED_WORDS = 4
_MOVED_AND_EDITED_WORDS = 6
_MOVED_AND_EDITED = 0.7
_CLEARLY_BETTER = 0.1
_ONLY_CHOICE = 0.3
_BY_PLACE = (ClauseKind.CELL, ClauseKind.ROW, ClauseKind.RULE)


ClauseIds = tuple[Mapping[str, str], Mapping[str, str]]
"""The known identities of clauses, old and new: an anchor and the id of its clause."""


@value_class
class Matching:
    """The corresponding blocks, old to new. A block is in at most one of the three; `resets` contain siblings.

    Blocks in `known`, by the id and kind of their clause on each side, correspond if these are equal, and only then.
    """

    paired: dict[Node, Node] = field(default_factory=dict)
    moved: dict[Node, Node] = field(default_factory=dict)
    resets: list[Reset] = field(default_factory=list)
    known: tuple[Mapping[Node, str], Mapping[Node, str]] = field(default=({}, {}))

    def mirrored(self) -> Matching:
        """Return the same matching, new to old."""
        return Matching(
            {new: old for old, new in self.paired.items()},
            {new: old for old, new in self.moved.items()},
            [Reset(reset.new, reset.old) for reset in self.resets],
            (self.known[1], self.known[0]),
        )


def align(old: Sequence[Node], new: Sequence[Node], ids: ClauseIds = ({}, {})) -> Matching:
    """Return the matching of two documents, given by their blocks, and by the ids of clauses where these are known."""
    matching = Matching(known=(_known(old, ids[0]), _known(new, ids[1])))
    _Level(old, new, matching).align()
    _move_across_levels(old, new, matching)
    return matching


@value_class
class _Level:
    """The siblings of one level on both sides during alignment."""

    old: Sequence[Node]
    new: Sequence[Node]
    matching: Matching
    of_item: bool = False
    pairs: list[Pair] = field(default_factory=list)
    moved: list[Pair] = field(default_factory=list)
    # The spans of this level's resets on either side; nothing is paired across them.
    spans: list[Gap] = field(default_factory=list)
    # The indexes of blocks that have a partner, in place or not.
    old_done: set[int] = field(default_factory=set)
    new_done: set[int] = field(default_factory=set)

    def align(self) -> None:
        """Add the pairs, moves and resets of this level and all levels inside it to the matching."""
        self.pair_known()
        for gap in self.gaps():
            self.pair_equal(gap)
        if len(self.pairs) < max(len(self.old), len(self.new)):
            self.pair_the_rest()
        for i, j in self.pairs:
            self.matching.paired[self.old[i]] = self.new[j]
        for i, j in self.moved:
            self.matching.moved[self.old[i]] = self.new[j]
        for i, j in [*self.pairs, *self.moved]:
            _align_within(self.old[i], self.new[j], self.matching)

    def pair_known(self) -> None:
        """Pair the blocks whose clauses are known to be the same; nothing else is paired with a known block."""
        known = self.matching.known
        places = {known[1][node]: j for j, node in enumerate(self.new) if node in known[1]}
        olds = {i: known[0][node] for i, node in enumerate(self.old) if node in known[0]}
        same = [(i, places[name], float(self.old[i].size + 1)) for i, name in olds.items() if name in places]
        chain = heaviest_chain(same)
        partners = {i: j for i, j, _ in same}
        if len(partners) < max(len(olds), len(places)):
            self.reset_known(chain, partners)
        self.add((i, j) for i, j in chain if i not in self.old_done)
        for i, j in partners.items():
            if i not in self.old_done:
                self.move(i, j)
        self.old_done.update(olds)
        self.new_done.update(places.values())

    def reset_known(self, chain: Sequence[Pair], partners: Mapping[int, int]) -> None:
        """Find text that only has other breaks between known blocks with equal content: some ids have no partner."""
        origins = {j: i for i, j in partners.items()}
        a = b = 0
        for i, j in [*chain, (len(self.old), len(self.new))]:
            if i < len(self.old) and self.old[i].full != self.new[j].full:
                continue
            alone = any(old not in partners for old in range(a, i)) or any(new not in origins for new in range(b, j))
            if alone and i > a and j > b:
                self.reset((a, i, b, j), partners, origins)
            a, b = i + 1, j + 1

    def pair_equal(self, gap: Gap) -> None:
        """Pair blocks of a gap with equal content."""
        old, new = self.remaining(gap)
        keys = [self.old[i].key for i in old], [self.new[j].key for j in new]
        self.add((old[i], new[j]) for i, j in match_equal(*keys, lambda at: self.weigh(old[at])))

    def pair_the_rest(self) -> None:
        """Pair the nodes that are not equal in place, from the surest evidence to the weakest."""
        self.pair_named()
        self.move_equal()
        self.pair_similar()
        self.pair_own_text()
        self.add([pair for gap in self.gaps() for pair in self.only_choice(gap)])
        self.extend_moves()

    def weigh(self, at: int) -> int:
        """Return a block's weight as an anchor: its number of words, or 0 if too few, except for headings."""
        node = self.old[at]
        return node.size if node.size >= _ANCHOR_WORDS or node.kind is ClauseKind.SECTION else 0

    def add(self, pairs: Iterable[Pair]) -> None:
        """Add pairs of nodes that stay in place, by their indexes."""
        for i, j in pairs:
            self.pairs.append((i, j))
            self.mark_done(i, j)
        self.pairs.sort()

    def mark_done(self, i: int, j: int) -> None:
        self.old_done.add(i)
        self.new_done.add(j)

    def gaps(self) -> list[Gap]:
        """Return the spans between pairs and resets where both sides have blocks left."""
        settled = sorted([*((i, i + 1, j, j + 1) for i, j in self.pairs), *self.spans])
        a = b = 0
        gaps: list[Gap] = []
        for start, end, new_start, new_end in [*settled, (len(self.old), 0, len(self.new), 0)]:
            if start > a and new_start > b:
                gaps.append((a, start, b, new_start))
            a, b = end, new_end
        return gaps

    def remaining(self, gap: Gap) -> tuple[list[int], list[int]]:
        """Return the indexes in a gap that have no partner yet."""
        return (
            [i for i in range(gap[0], gap[1]) if i not in self.old_done],
            [j for j in range(gap[2], gap[3]) if j not in self.new_done],
        )

    def pair_named(self) -> None:
        """Pair definitions, headings and facts by their names, even if all their words changed."""
        old_names, new_names = _unique_names(self.old), _unique_names(self.new)
        numbers = self.gap_numbers()
        rising: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for name, i in old_names.items():
            j = new_names.get(name, -1)
            free = j >= 0 and i not in self.old_done and j not in self.new_done
            if free and numbers[0][i] == numbers[1][j]:
                rising[numbers[0][i]].append((i, j, self.old[i].size + 1))
        self.add(pair for triples in rising.values() for pair in heaviest_chain(triples))

    def move_equal(self) -> None:
        """Mark equal blocks in another order as moved, if they are long enough to be identified."""
        old = _unique_keys(self.old, self.old_done)
        new = _unique_keys(self.new, self.new_done)
        for key, i in old.items():
            if key in new:
                self.move(i, new[key])

    def move(self, i: int, j: int) -> None:
        self.moved.append((i, j))
        self.mark_done(i, j)

    def pair_similar(self) -> None:
        """Pair by similarity: moves to clearly similar distant blocks, resets, then the best chain of each gap."""
        old = [i for i in range(len(self.old)) if i not in self.old_done]
        new = [j for j in range(len(self.new)) if j not in self.new_done]
        scores = self.scores(old, new)
        gap_of = self.gap_numbers()
        same_gap = {pair: score for pair, score in scores.items() if gap_of[0][pair[0]] == gap_of[1][pair[1]]}
        self.move_similar(scores, same_gap)
        for gap in self.gaps():
            self.reset(gap)
        gap_of = self.gap_numbers()
        rising: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for (i, j), score in same_gap.items():
            free = i not in self.old_done and j not in self.new_done
            if free and gap_of[0][i] == gap_of[1][j]:
                rising[gap_of[0][i]].append((i, j, score * (self.old[i].size + self.new[j].size)))
        self.add(pair for triples in rising.values() for pair in heaviest_chain(triples))

    def scores(self, old: list[int], new: list[int]) -> dict[Pair, float]:
        """Return the similarity of all sufficiently similar pairs; small gaps are compared completely."""
        compared = {(old[i], new[j]) for i, j in candidates([self.old[i] for i in old], [self.new[j] for j in new])}
        for gap in self.gaps():
            here = self.remaining(gap)
            inner = candidates([self.old[i] for i in here[0]], [self.new[j] for j in here[1]])
            compared |= {(here[0][i], here[1][j]) for i, j in inner}
        scores: dict[Pair, float] = {}
        for i, j in sorted(compared):
            score = similarity(self.old[i], self.new[j], threshold(self.old[i]))
            if score >= threshold(self.old[i]):
                scores[i, j] = score
        return scores

    def gap_numbers(self) -> tuple[list[int], list[int]]:
        """Return for each index of either side how many pairs and resets precede it: equal numbers mean one gap."""
        old_pairs = [0] * (len(self.old) + 1)
        new_pairs = [0] * (len(self.new) + 1)
        for i, j in [*self.pairs, *((start, new_start) for start, _, new_start, _ in self.spans)]:
            old_pairs[i + 1] += 1
            new_pairs[j + 1] += 1
        return _running(old_pairs), _running(new_pairs)

    def move_similar(self, scores: dict[Pair, float], same_gap: dict[Pair, float]) -> None:
        """Pair blocks of different gaps, the most similar first, unless either has as good a match in its own gap."""
        at_home: tuple[dict[int, float], dict[int, float]] = defaultdict(float), defaultdict(float)
        for (i, j), score in same_gap.items():
            at_home[0][i] = max(at_home[0][i], score)
            at_home[1][j] = max(at_home[1][j], score)
        far = sorted((-score, i, j) for (i, j), score in scores.items() if (i, j) not in same_gap)
        for negative, i, j in far:
            home = max(at_home[0].get(i, 0.0), at_home[1].get(j, 0.0))
            size = min(self.old[i].size, self.new[j].size)
            free = i not in self.old_done and j not in self.new_done and self.old[i].kind not in _BY_PLACE
            clear = -negative >= max(_MOVED_AND_EDITED, home + _CLEARLY_BETTER)
            if free and clear and size >= _MOVED_AND_EDITED_WORDS and self.old[i].kind is not ClauseKind.SECTION:
                self.move(i, j)

    def reset(self, gap: Gap, partners: Mapping[int, int] = {}, origins: Mapping[int, int] = {}) -> None:
        """Find text in a gap that only has other breaks, and none whose known `partners`, or origins, are elsewhere."""
        old, new = self.remaining(gap)
        for start, end, new_start, new_end in find_resets([self.old[i] for i in old], [self.new[j] for j in new]):
            span = old[start], old[end - 1] + 1, new[new_start], new[new_end - 1] + 1
            if span[1] - span[0] != end - start or span[3] - span[2] != new_end - new_start:
                # A block between them has moved, so they are not neighbours.
                continue
            there = (partners[i] for i in range(span[0], span[1]) if i in partners)
            here = (origins[j] for j in range(span[2], span[3]) if j in origins)
            if not all(span[2] <= j < span[3] for j in there) or not all(span[0] <= i < span[1] for i in here):
                continue
            self.spans.append(span)
            self.old_done.update(range(span[0], span[1]))
            self.new_done.update(range(span[2], span[3]))
            self.matching.resets.append(Reset(tuple(self.old[span[0] : span[1]]), tuple(self.new[span[2] : span[3]])))

    def pair_own_text(self) -> None:
        """Pair the texts of an item, however much they were rewritten."""
        first = [side[0].kind if side else None for side in (self.old, self.new)]
        free = 0 not in self.old_done and 0 not in self.new_done
        if self.of_item and free and first == [ClauseKind.PARAGRAPH, ClauseKind.PARAGRAPH]:
            self.add([(0, 0)])

    def only_choice(self, gap: Gap) -> Iterator[Pair]:
        """Pair the only block of a kind with its only counterpart if position, kind or similarity supports that."""
        old, new = self.remaining(gap)
        if len(old) != 1 or len(new) != 1 or self.old[old[0]].kind is not self.new[new[0]].kind:
            return
        first, second = self.old[old[0]], self.new[new[0]]
        heading = first.kind is ClauseKind.SECTION and gap[1] - gap[0] == gap[3] - gap[2] == 1
        if heading or first.kind in _BY_PLACE or similarity(first, second) >= _ONLY_CHOICE:
            yield old[0], new[0]

    def extend_moves(self) -> None:
        """Mark neighbours of a moved block as moved if they are its neighbours at the new place too: often headings."""
        for i, j in list(self.moved):
            for step in (-1, 1):
                a, b = i + step, j + step
                while self.moves_along(a, b):
                    self.move(a, b)
                    a, b = a + step, b + step

    def moves_along(self, i: int, j: int) -> bool:
        """Whether two nodes, by index, are free and like each other, so that they moved with their neighbours."""
        if not (0 <= i < len(self.old) and 0 <= j < len(self.new)) or i in self.old_done or j in self.new_done:
            return False
        old, new = self.old[i], self.new[j]
        return old.key == new.key or (old.size > 1 and similarity(old, new) >= threshold(old))


def _align_within(old: Node, new: Node, matching: Matching) -> None:
    if old.full != new.full and old.kind is not ClauseKind.TABLE:
        _Level(old.children, new.children, matching, old.kind is ClauseKind.ITEM).align()


def _known(nodes: Iterable[Node], ids: Mapping[str, str]) -> dict[Node, str]:
    """The blocks whose clause has a known id, with that id and their kind; a fact of a model has that of its model."""
    found: dict[Node, str] = {}
    for node in (inner for top in nodes if ids for inner in top.walk()):
        within, _, fact = ("", "", "") if node.face.anchor else node.anchor.partition("/")
        if (anchor := node.face.anchor or within) in ids:
            found[node] = f"{ids[anchor]} {node.kind} {fact}"
    return found


def _unique_names(nodes: Sequence[Node]) -> dict[str, int]:
    times = Counter(node.anchor for node in nodes if node.anchor)
    return {node.anchor: at for at, node in enumerate(nodes) if times[node.anchor] == 1}


def _unique_keys(nodes: Sequence[Node], mark_done: set[int]) -> dict[int, int]:
    free = [at for at in range(len(nodes)) if at not in mark_done and nodes[at].kind not in _BY_PLACE]
    times = Counter(nodes[at].key for at in free)
    return {nodes[at].key: at for at in free if times[nodes[at].key] == 1 and nodes[at].size >= _MOVED_WORDS}


def _running(steps: list[int]) -> list[int]:
    total, out = 0, []
    for step in steps:
        total += step
        out.append(total)
    return out


def _move_across_levels(old: Sequence[Node], new: Sequence[Node], matching: Matching) -> None:
    """Pair blocks left on both sides at any depth, the largest first: an item that moved to another list."""
    settled: set[Node] = set()
    left = _unmatched(old, matching), _unmatched(new, matching.mirrored())
    there = {matching.known[1][b]: b for b in left[1] if b in matching.known[1]}
    same = [(a, there[name]) for a in left[0] if (name := matching.known[0].get(a, "")) in there]
    unknown = [[node for node in side if node not in known] for side, known in zip(left, matching.known, strict=True)]
    for a, b in [*same, *left_over_pairs(*unknown)]:
        if settled.isdisjoint((a, b)):
            matching.moved[a] = b
            settled.update(a.walk())
            settled.update(b.walk())
            _align_within(a, b, matching)


def _unmatched(nodes: Sequence[Node], matching: Matching) -> list[Node]:
    """Return blocks without a partner at any depth, outermost first, except those in tables and resets."""
    reset = {node for reset in matching.resets for node in reset.old}
    found: list[Node] = []
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        partner = matching.paired.get(node) or matching.moved.get(node)
        if node in reset or (partner and partner.full == node.full):
            continue
        if partner is None:
            found.append(node)
        if node.kind is not ClauseKind.TABLE:
            stack.extend(reversed(node.children))
    return found
