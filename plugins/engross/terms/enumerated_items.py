"""Indexes the items below clauses by their enumerators, so that each reference to one takes a look-up and no search."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.language import key
from engross.model import Clause, ClauseKind
from engross.terms.enumerators import enumerator, following_enumerator, ordinal_of
from engross.terms.passages import Outline, Passage
from engross.terms.vocabulary import Meaning, Vocabulary

_LINES = re.compile(r"[.;:]\s*\n\s*[A-Z]")


class Items:
    """The items below clauses that belong together, such as a section and the blocks that continue it."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.clauses = tuple(clauses)

    @lazy_value
    def _nearest(self) -> tuple[dict[str, tuple[int, Clause]], dict[str, tuple[int, Clause]]]:
        """The first item on the highest level with each enumerator: as it is, and in small letters."""
        exact: dict[str, tuple[int, Clause]] = {}
        alike: dict[str, tuple[int, Clause]] = {}
        level, depth = [child for clause in self.clauses for child in clause.children], 0
        while level:
            for clause in level:
                if marker := enumerator(clause):
                    exact.setdefault(marker, (depth, clause))
                    alike.setdefault(marker.lower(), (depth, clause))
            level, depth = [child for clause in level for child in clause.children], depth + 1
        return exact, alike

    def nearest(self, part: str, *, exact: bool) -> Clause | None:
        """Return the item with an enumerator that is closest to the top; with `exact`, (A) is not (a)."""
        every, without_case = self._nearest
        found = every.get(part)
        alike = None if exact else without_case.get(part.lower())
        if alike is not None and (found is None or alike[0] < found[0]):
            found = alike
        return found[1] if found else None

    @lazy_value
    def _counted(self) -> tuple[Clause, ...]:
        """The items of the first list that counts "1.", "2."."""
        blocks = (one for clause in self.clauses for one in (clause, *clause.children))
        lists = (one.children for one in blocks if one.kind is ClauseKind.LIST and one.children)
        return next((items for items in lists if items[0].marker[:1] == "1"), ())

    def _nth(self, part: str, depth: int) -> Clause | None:
        """Return the third item for (c) or (iii) in a list that counts "1.", "2.", "3.": converters write lists so."""
        at = ordinal_of(part, inner=depth > 0)
        return self._counted[at] if at is not None and at < len(self._counted) else None

    def descend(self, parts: tuple[str, ...], of: Callable[[Clause], Items], *, exact: bool = False) -> Clause | None:
        """Return the item with these nested enumerators below any of the clauses: the one closest to the top.

        With `exact`, (A) is not (a), and no list that counts "1.", "2." has an item (b). `of` returns the items of a
        clause.
        """
        items, found = self, None
        for depth, part in enumerate(parts):
            found = items.nearest(part, exact=exact) or (None if exact else items._nth(part, depth))
            if found is None:
                return None
            items = of(found)
        return found

    @lazy_value
    def _flat(self) -> tuple[list[Clause], dict[str, list[int]]]:
        """The clauses with an enumerator in the order of the text, and their positions by enumerator."""
        found: list[Clause] = []
        positions: dict[str, list[int]] = defaultdict(list)
        for inner in chain.from_iterable(clause.walk() for clause in self.clauses):
            if marker := enumerator(inner):
                positions[marker].append(len(found))
                found.append(inner)
        return found, positions

    @lazy_value
    def marks(self) -> frozenset[str]:
        """All enumerators, also those of the clauses themselves."""
        return frozenset(self._flat[1])

    def descend_flat(self, parts: tuple[str, ...]) -> Clause | None:
        """Return the paragraph that enumerators mean where (b) and its (i) are paragraphs side by side."""
        clauses, positions = self._flat
        at = -1
        for number, part in enumerate(parts):
            following = _after(positions.get(part, ()), at)
            ended = _after(positions.get(following_enumerator(parts[number - 1]), ()), at) if number else None
            if following is None or (ended is not None and ended <= following):
                return None
            at = following
        return clauses[at] if parts else None

    @lazy_value
    def has_any(self) -> bool:
        """Whether any enumerated item is below the clauses."""
        return any(inner.marker for clause in self.clauses for child in clause.children for inner in child.walk())

    @lazy_value
    def lone_paragraphs(self) -> int:
        """How many paragraphs of one line the first clause consists of; 0 if it has anything else."""
        blocks = self.clauses[0].children
        alone = all(one.kind is ClauseKind.PARAGRAPH and "\n" not in one.inline.text for one in blocks)
        return len(blocks) if alone else 0

    @lazy_value
    def ids(self) -> frozenset[int]:
        """The ids of the clauses."""
        return frozenset(map(id, self.clauses))

    def contains(self, passage: Passage) -> bool:
        """Return whether a passage is in one of the clauses."""
        return any(id(one) in self.ids for one in (passage.clause, *passage.around))

    @lazy_value
    def has_lists(self) -> bool:
        """Whether the clauses have a list, or lines each of which may have lost its number."""
        every = (inner for clause in self.clauses for inner in clause.walk())
        return any(one.kind is ClauseKind.LIST or len(_LINES.findall(one.inline.text)) > 1 for one in every)


def _after(positions: Iterable[int], at: int) -> int | None:
    """Return the first of some positions in order that is after another, or None."""
    listed = positions if isinstance(positions, list) else list(positions)
    index = bisect_right(listed, at)
    return listed[index] if index < len(listed) else None


class ItemIndexes:
    """The items below each clause of one document, indexed once."""

    def __init__(self, _: Outline) -> None:
        self._of: dict[int, Items] = {}

    def of(self, clause: Clause) -> Items:
        """Return the items below a clause."""
        items = self._of.get(id(clause))
        if items is None:
            items = self._of[id(clause)] = Items((clause,))
        return items

    def descend(self, clause: Clause, parts: tuple[str, ...], *, exact: bool = False) -> Clause | None:
        """Return the item with nested enumerators below a clause."""
        return self.of(clause).descend(parts, self.of, exact=exact)

    def relative(self, passage: Passage, parts: tuple[str, ...]) -> Clause | None:
        """Return the item that enumerators alone mean: in the same sentence, list, section, and further outwards."""
        within: list[Clause] = [passage.clause, *reversed(passage.around)]
        for exact in (True, False):
            for clause in within:
                if clause.kind is ClauseKind.DOCUMENT and len(within) > 2:
                    break
                found = self.descend(clause, parts, exact=exact)
                if found is not None:
                    return found
        return None


def item_of_definition(
    vocabulary: Vocabulary, passage: Passage, term: str | None, before: int, parts: tuple[str, ...]
) -> tuple[str, str] | None:
    """Return where enumerators lead within the definition of a term, or of the one named last before an offset."""
    meaning = vocabulary.meaning(key(term), passage) if term else _last_term(vocabulary, passage, before)
    if meaning is None:
        return None
    items = Items((meaning.bound.found.passage.clause, *meaning.bound.found.below))
    clause = items.descend(parts, lambda one: Items((one,)))
    return None if clause is None else (meaning.bound.document, clause.anchor)


def _last_term(vocabulary: Vocabulary, passage: Passage, before: int) -> Meaning | None:
    pattern = vocabulary.pattern
    found = [match[0] for match in pattern.finditer(passage.text, 0, before)] if pattern else []
    meanings = (vocabulary.meaning(key(words), passage) for words in reversed(found))
    return next((meaning for meaning in meanings if meaning is not None), None)
