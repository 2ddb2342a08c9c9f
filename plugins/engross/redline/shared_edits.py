"""What two texts that were made from one base changed alike: clauses of a draft that hold what an announced text says.

A change is shared where the draft has the same words in the place of the same words of the base, where it has an added
clause, lacks a deleted one, or has a clause in the same new place. What follows from other changes (numbers, the signs
and the conjunction between items) is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from engross.model import Clause, Source
from engross.redline.alignment.sequences import match_equal
from engross.redline.merge_units import Pairing, Text, Unit, UnitReader
from engross.redline.styled_text import Token

_FEW = 3
_SHARE = 0.5
"""How much of many added words the draft must have, in their order, to have been made of them."""
_PIECE = 0.75
"""How much of an added clause a deleted one must have held, for the one to be a piece of the other."""
_JOINING = ("and", "or")


@dataclass(frozen=True)
class Shared:
    """A clause whose announced change a draft has: what people call it, and its line in the draft (0: it has none)."""

    label: str
    line: int


@dataclass(frozen=True)
class Hunk:
    """Words `start` to `end` of the base that have `words` in their place."""

    start: int
    end: int
    words: tuple[str, ...]


Sided = tuple[Source, Clause]


def shared_changes(base: Sided | None, announced: Sided, draft: Sided, *, yaml: bool = False) -> list[Shared]:
    """The announced changes that a draft has too, in the order of the draft, deletions first; without a base, all that
    it has of the announced text.
    """
    reader = UnitReader(yaml)
    there, here = reader.read(*announced), reader.read(*draft)
    old = reader.read(*base) if base else Text(there.units[:1])
    finder = _Finder(old, there, here, reader.pair(old, there), reader.pair(old, here), reader.pair(there, here))
    return sorted(dict.fromkeys(finder.find()), key=lambda one: one.line)


@dataclass
class _Finder:
    base: Text
    announced: Text
    draft: Text
    to_announced: Pairing
    to_draft: Pairing
    between: Pairing

    def find(self) -> Iterator[Shared]:
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
        """A clause that both delete; one that was split or joined otherwise is found by what was added."""
        words = self.base.units[at].words
        if any(word.is_word for word in words) and not self.lives_on(words):
            yield Shared(self.base.units[at].label, 0)

    def lives_on(self, words: Sequence[Token]) -> bool:
        """Whether most of a deleted clause stands among what the announced text adds."""
        told = _keys(words)
        added = (_keys(self.announced.units[one].words) for one in self.new_in(self.to_announced, self.announced))
        return any(_part_of(told, one) >= _SHARE or _part_of(one, told) >= _PIECE for one in added if one)

    def new_in(self, pairing: Pairing, text: Text) -> Iterator[int]:
        known = set(pairing.all.values())
        return (at for at in range(len(text.units)) if at not in known)

    def edited(self, at: int, there: int, here: int) -> bool:
        """Whether both put the same words in the place of the same, or set the clause alike."""
        old, announced, draft = self.base.units[at], self.announced.units[there], self.draft.units[here]
        if announced.shown == old.shown or draft.shown == old.shown:
            return False
        words = [_keys(unit.words) for unit in (old, announced, draft)]
        if words[0] == words[1] and announced.shown == draft.shown:
            # Only how it is set, or where its links lead, was announced.
            return True
        if _setting(old) != _setting(announced) == _setting(draft):
            return True
        ours = hunks(words[0], words[2])
        return any(_is_shared(one, ours) for one in hunks(words[0], words[1]) if _says(words[0], one))

    def moved(self, at: int) -> bool:
        """Whether both put a clause into the same new place: after the same clause, and not the one it came after."""
        if at in self.to_announced.in_order:
            return False
        common = {one for one in self.to_announced.all if one in self.to_draft.all and one != at}
        places = [self.before(at, pairing, common) for pairing in (self.to_announced, self.to_draft)]
        return places[0] == places[1] != max((one for one in common if one < at), default=0)

    def before(self, at: int, pairing: Pairing, common: set[int]) -> int:
        """The unit of the base that stands before another in a text that was made from it."""
        place = pairing.all[at]
        return max(((pairing.all[one], one) for one in common if pairing.all[one] < place), default=(0, 0))[1]

    def added(self) -> Iterator[Shared]:
        """The clauses that the announced text adds, and that the draft has among what it adds."""
        ours = set(self.new_in(self.to_draft, self.draft))
        by_words = {_told(self.draft.units[one]): one for one in sorted(ours)}
        for there in self.new_in(self.to_announced, self.announced):
            told = _told(self.announced.units[there])
            here = by_words.get(told, self.between.all.get(there)) if told else None
            if here is not None and here in ours and _part_of(told, _told(self.draft.units[here])) >= _SHARE:
                yield self.shared(here)


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Where words differ."""
    found = []
    a = b = 0
    for i, j in [*match_equal(old, new), (len(old), len(new))]:
        if a < i or b < j:
            found.append(Hunk(a, i, tuple(new[b:j])))
        a, b = i + 1, j + 1
    return found


def _is_shared(announced: Hunk, ours: Sequence[Hunk]) -> bool:
    """Whether the draft has the announced words in that place."""
    for one in ours:
        touches = one.start <= announced.end and announced.start <= one.end
        covers = one.start <= announced.start and announced.end <= one.end
        if not announced.words:
            if covers and not one.words:
                return True
        elif touches and (announced.words == one.words or _has(one.words, announced.words)):
            return True
    return False


def _has(words: Sequence[str], announced: Sequence[str]) -> bool:
    """Whether added words hold the announced ones: a few as they are, or most of many."""
    if len(announced) > _FEW:
        return _part_of(announced, words) >= _SHARE
    if not any(len(word) >= _FEW or word[0].isdigit() for word in announced):
        return False
    size = len(announced)
    return any(tuple(words[at : at + size]) == tuple(announced) for at in range(len(words)))


def _says(old: Sequence[str], hunk: Hunk) -> bool:
    """Whether a change is more than what stands between items: a semicolon for a point, with or without an "or"."""
    gone, come = ([word for word in words if word[0].isalnum()] for words in (old[hunk.start : hunk.end], hunk.words))
    if not gone and not come:
        return False
    joins = all(word in _JOINING for word in (*gone, *come)) and not (gone and come)
    return not (joins and (gone or come) and _is_last(old, hunk))


def _is_last(old: Sequence[str], hunk: Hunk) -> bool:
    return hunk.end >= len(old) - 1


def _setting(unit: Unit) -> list[tuple[str, int]]:
    return [(str(block.face.kind), block.face.level) for block in unit.blocks]


def _keys(words: Sequence[Token]) -> list[str]:
    return [word.key for word in words]


def _told(unit: Unit) -> tuple[str, ...]:
    """The words of a unit without its signs, which depend on what stands around it."""
    return tuple(word.key for word in unit.words if word.is_word)


def _part_of(part: Sequence[str], whole: Sequence[str]) -> float:
    """The share of some words that stand in others in the same order."""
    return LCSseq.similarity(part, whole) / len(part) if part else 0.0
