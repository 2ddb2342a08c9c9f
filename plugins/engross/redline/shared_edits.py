"""Finds changes that two texts made from one base have in common: clauses of a draft with announced changes.

A change is shared if the draft replaces the same words of the base by the same words, adds the same clause, deletes the
same clause, or moves a clause to the same new place. Consequences of other changes (numbers, and the punctuation and
conjunctions between items) are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engross.common import value_class
from engross.model import Clause, Document, Source
from engross.redline.alignment.sequences import match_equal
from engross.redline.alignment.similarity import contained_share
from engross.redline.merge_units import Pairing, Text, Unit, UnitReader
from engross.redline.styled_text import Token

_FEW = 3
_SHARE = 0.5
"""The share of many added words that the draft must contain in order to count as containing them."""
_PIECE = 0.75
"""The share of an added clause that a deleted clause must contain in order to count as its source."""
_JOINING = ("and", "or")


@value_class(frozen=True)
class Shared:
    """A clause of a draft with an announced change: its label and its line in the draft (0 if it is deleted)."""

    label: str
    line: int


@value_class(frozen=True)
class Hunk:
    """A replacement: words `start` to `end` of the base become `words`."""

    start: int
    end: int
    words: tuple[str, ...]


Sided = tuple[Source, Clause]


def source_and_tree(document: Document) -> Sided:
    """Return the two that comparing takes of a document with a text."""
    assert document.source is not None
    return document.source, document.root


def shared_changes(base: Sided | None, announced: Sided, draft: Sided, *, yaml: bool = False) -> list[Shared]:
    """Return the announced changes that a draft has too, in draft order with deletions first. Without a base, return
    everything that the draft has of the announced text.
    """
    reader = UnitReader(yaml)
    there, here = reader.read(*announced), reader.read(*draft)
    old = reader.read(*base) if base else Text(there.units[:1])
    finder = _Finder(old, there, here, reader.pair(old, there), reader.pair(old, here), reader.pair(there, here))
    return sorted(dict.fromkeys(finder.find()), key=lambda one: one.line)


@value_class
class _Finder:
    base: Text
    announced: Text
    draft: Text
    to_announced: Pairing
    to_draft: Pairing
    between: Pairing

    def find(self) -> Iterator[Shared]:
        """Yield what the announced text and the draft changed in the same way, in the order of the base."""
        for at in range(len(self.base.units)):
            there, here = self.to_announced.all.get(at), self.to_draft.all.get(at)
            if there is None and here is None:
                yield from self.deleted(at)
            elif there is not None and here is not None and (self.edited(at, there, here) or self.moved(at)):
                yield self.shared(here)
        yield from self.added()

    def shared(self, here: int) -> Shared:
        unit = self.draft.units[here]
        return Shared(unit.label, unit.line)

    def deleted(self, at: int) -> Iterator[Shared]:
        """Yield a clause that both texts delete; one that was split or joined is found among the additions."""
        words = self.base.units[at].words
        if any(word.is_word for word in words) and not self.is_reused(words):
            yield Shared(self.base.units[at].label, 0)

    def is_reused(self, words: Sequence[Token]) -> bool:
        """Return whether most of a deleted clause is among the words that the announced text adds."""
        keys = _keys(words)
        added = (_keys(self.announced.units[one].words) for one in self.new_in(self.to_announced, self.announced))
        return any(contained_share(keys, one) >= _SHARE or contained_share(one, keys) >= _PIECE for one in added if one)

    def new_in(self, pairing: Pairing, text: Text) -> Iterator[int]:
        known = set(pairing.all.values())
        return (at for at in range(len(text.units)) if at not in known)

    def edited(self, at: int, there: int, here: int) -> bool:
        """Return whether both texts replace the same words by the same words, or format the clause alike."""
        old, announced, draft = self.base.units[at], self.announced.units[there], self.draft.units[here]
        if announced.shown == old.shown or draft.shown == old.shown:
            return False
        words = [_keys(unit.words) for unit in (old, announced, draft)]
        if words[0] == words[1] and announced.shown == draft.shown:
            # Only the format or the targets of links changed in the announced text.
            return True
        if _formats(old) != _formats(announced) == _formats(draft):
            return True
        ours = hunks(words[0], words[2])
        return any(_is_shared(one, ours) for one in hunks(words[0], words[1]) if _is_meaningful(words[0], one))

    def moved(self, at: int) -> bool:
        """Return whether both texts moved a clause to the same place, after another clause than in the base."""
        if at in self.to_announced.in_order:
            return False
        common = {one for one in self.to_announced.all if one in self.to_draft.all and one != at}
        places = [self.before(at, pairing, common) for pairing in (self.to_announced, self.to_draft)]
        return places[0] == places[1] != max((one for one in common if one < at), default=0)

    def before(self, at: int, pairing: Pairing, common: set[int]) -> int:
        """Return the unit of the base that precedes another one in a text made from the base."""
        place = pairing.all[at]
        return max(((pairing.all[one], one) for one in common if pairing.all[one] < place), default=(0, 0))[1]

    def added(self) -> Iterator[Shared]:
        """Yield the clauses that the announced text adds and that the draft adds too."""
        ours = set(self.new_in(self.to_draft, self.draft))
        by_words = {_word_keys(self.draft.units[one]): one for one in sorted(ours)}
        for there in self.new_in(self.to_announced, self.announced):
            keys = _word_keys(self.announced.units[there])
            here = by_words.get(keys, self.between.all.get(there)) if keys else None
            if (
                here is not None
                and here in ours
                and contained_share(keys, _word_keys(self.draft.units[here])) >= _SHARE
            ):
                yield self.shared(here)


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return the replacements that turn one sequence of words into another."""
    found = []
    a = b = 0
    for i, j in [*match_equal(old, new), (len(old), len(new))]:
        if a < i or b < j:
            found.append(Hunk(a, i, tuple(new[b:j])))
        a, b = i + 1, j + 1
    return found


def _is_shared(announced: Hunk, ours: Sequence[Hunk]) -> bool:
    """Return whether the draft has the announced words in that place."""
    for one in ours:
        touches = one.start <= announced.end and announced.start <= one.end
        covers = one.start <= announced.start and announced.end <= one.end
        if not announced.words:
            if covers and not one.words:
                return True
        elif touches and (announced.words == one.words or _contains(one.words, announced.words)):
            return True
    return False


def _contains(words: Sequence[str], announced: Sequence[str]) -> bool:
    """Return whether added words contain the announced ones: a few unchanged, or most of many."""
    if len(announced) > _FEW:
        return contained_share(announced, words) >= _SHARE
    if not any(len(word) >= _FEW or word[0].isdigit() for word in announced):
        return False
    size = len(announced)
    return any(tuple(words[at : at + size]) == tuple(announced) for at in range(len(words)))


def _is_meaningful(old: Sequence[str], hunk: Hunk) -> bool:
    """Return whether a change affects more than the text between items: punctuation, with or without an "or"."""
    removed, inserted = (
        [word for word in words if word[0].isalnum()] for words in (old[hunk.start : hunk.end], hunk.words)
    )
    if not removed and not inserted:
        return False
    joins = all(word in _JOINING for word in (*removed, *inserted)) and not (removed and inserted)
    return not (joins and (removed or inserted) and _is_last(old, hunk))


def _is_last(old: Sequence[str], hunk: Hunk) -> bool:
    return hunk.end >= len(old) - 1


def _formats(unit: Unit) -> list[tuple[str, int]]:
    return [(str(block.face.kind), block.face.level) for block in unit.blocks]


def _keys(words: Sequence[Token]) -> list[str]:
    return [word.key for word in words]


def _word_keys(unit: Unit) -> tuple[str, ...]:
    """Return the words of a unit without punctuation, which depends on the neighbouring units."""
    return tuple(word.key for word in unit.words if word.is_word)
