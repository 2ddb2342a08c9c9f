"""Applies what was changed in a Word file to the Markdown it was exported from, clause by clause.

Three texts are compared: the source, the exported file as it was read back (`before`), and the edited file as it was
read (`after`). Clauses that the edit left alone keep their bytes. In a changed clause the changed words are replaced,
and the markup and line breaks around them stay; where that is uncertain, the clause is written anew. Clauses of the
source that a Word file does not have, such as rules, stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from difflib import SequenceMatcher

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import Clause, ClauseKind, Source
from engross.redline import Unit, UnitReader, match_equal

_WORDS = re.compile(r"(\s*)(\]\([^()\s]*\)|\]\[[^\[\]]*\]|[\[\]*~`]+|[^\s\[\]*~`]+)")
"""Words, and apart from them the markup around them, so that a changed word in a link or in bold keeps it."""
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]^][^\[\]]*)\]:[^\r\n]*(?:\r?\n|$)", re.MULTILINE)
"""The definition of a link that the text refers to by a name."""
_EMPTY = re.compile(r"\[\][(\[]|\*{4}|~{4}")
"""Markup whose words are gone."""
_NOTE = re.compile(r"\[\^([^\]\s]+)\]")
_NOTE_BEGIN = re.compile(r"\s*\[\^([^\]\s]+)\]:")
_INDENT = re.compile(r"[ \t]*")
Sided = tuple[Source, Clause]
Ids = tuple[Mapping[int, str], Mapping[int, str]]
"""The ids of the units before and after, by index."""
Word = tuple[str, str]
"""A word with the blanks before it."""


@value_class(frozen=True)
class CarriedOver:
    """The source with the changes, the clauses that were changed or added (label and line, from 1, in `text`), and the
    labels of those that were deleted.
    """

    text: str
    touched: tuple[tuple[str, int], ...] = ()
    deleted: tuple[str, ...] = ()


def carry_over(source: Sided, before: Sided, after: Sided, *, ids: Ids = ({}, {}), anew: bool = False) -> CarriedOver:
    """Return the source with the changes from `before` to `after`.

    Units with the same of the `ids` of both are the same clause, whatever their words. `anew` writes each changed
    clause anew.
    """
    reader = UnitReader()
    ours, was, now = (reader.read(*one) for one in (source, before, after))
    here = {there: at for at, there in reader.pair(ours, was).all.items()}
    # Both have the same words; what the export made another kind of clause is the same clause as well.
    here |= dict(_with_same_words(ours.units, was.units, here))
    there = _by_id({at: old for old, at in reader.pair(was, now).all.items()}, ids)
    carrier = _Carrier(ours.units, was.units, now.units, here, there, anew)
    return carrier.carried()


def _by_id(there: Mapping[int, int], ids: Ids) -> dict[int, int]:
    """Return the unit before for each unit after; ids prevail over likeness."""
    old = {name: at for at, name in ids[0].items()}
    known = {at: old[name] for at, name in ids[1].items() if name in old}
    taken = set(known.values())
    return {at: before for at, before in there.items() if at not in known and before not in taken} | known


def _with_same_words(ours: Sequence[Unit], was: Sequence[Unit], here: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    known = set(here.values())
    left = [at for at in range(len(ours)) if at not in known and ours[at].words]
    other = [at for at in range(len(was)) if at not in here and was[at].words]
    ours_words, was_words = (
        [tuple(word.key for word in side[at].words) for at in places] for side, places in ((ours, left), (was, other))
    )
    for a, b in match_equal(ours_words, was_words):
        yield other[b], left[a]


@value_class
class _Carrier:
    ours: Sequence[Unit]
    was: Sequence[Unit]
    now: Sequence[Unit]
    # The unit of the source for each unit read back, and the unit read back for each edited one, by index.
    here: Mapping[int, int]
    there: Mapping[int, int]
    anew: bool = False
    _notes: dict[str, str] = field(default_factory=dict)
    _old_notes: dict[str, str] = field(default_factory=dict)

    def carried(self) -> CarriedOver:
        """Return the source with the changes."""
        self._name_notes()
        made: list[tuple[Unit, bool]] = []
        for at, unit in enumerate(self.now):
            result, changed = self._unit(at, unit)
            made.append((replace(result, tail=self._tail(at)), changed))
            made += ((unseen, False) for unseen in self._unseen(self._place(at)))
        last, changed = made[-1]
        made[-1] = replace(last, tail=self.ours[-1].tail), changed
        return replace(_joined(made), deleted=tuple(self._deleted()))

    def _deleted(self) -> Iterator[str]:
        """Yield the labels of the clauses that the edited text does not have."""
        kept = set(self.there.values())
        for at, unit in enumerate(self.was):
            if at not in kept and unit.words:
                yield self.ours[self.here[at]].label if at in self.here else unit.label

    def _place(self, at: int) -> int | None:
        return self.here.get(self.there.get(at, -1))

    def _unit(self, at: int, unit: Unit) -> tuple[Unit, bool]:
        """Return the unit of the result for a unit of the edited text, and whether it is changed or new."""
        place = self._place(at)
        if place is None:
            body = _indented(self._renamed(unit.body, self._notes), self._shift(at))
            return replace(unit, body=body), True
        ours, was = self.ours[place], self.was[self.there[at]]
        if unit.body == was.body or (unit.shown == was.shown and _first(unit) == _first(was)):
            return ours, False
        old, new = self._renamed(was.body, self._old_notes), self._renamed(unit.body, self._notes)
        # Preformatted text is a paragraph in the file; the words of one cannot be put into the lines of the other.
        result = None if self.anew or _kind(ours) is ClauseKind.CODE else spliced(ours.body, old, new)
        anew = _indented(new, len(_indent(ours.body)) - len(_indent(was.body)))
        return replace(ours, body=anew if result is None else result), True

    def _shift(self, at: int) -> int:
        """Return how much deeper the source indents than the file as read, by the last clause on both sides."""
        for before in range(at - 1, 0, -1):
            place = self._place(before)
            if place is not None:
                return len(_indent(self.ours[place].body)) - len(_indent(self.was[self.there[before]].body))
        return 0

    def _tail(self, at: int) -> str:
        """Return the blank lines after a unit: those of the source where its neighbours are the same."""
        place, following = self._place(at), self._place(at + 1) if at + 1 < len(self.now) else None
        if place is not None:
            if following == place + 1 or next(self._unseen(place), None) or self._is_like(at, place):
                return self.ours[place].tail
        elif following and self._is_like(at, following - 1):
            return self.ours[following - 1].tail
        return self.now[at].tail

    def _is_like(self, at: int, place: int) -> bool:
        """Return whether the edited unit after `at` is of the kind that the source has after `place`."""
        if place + 1 >= len(self.ours) or at + 1 >= len(self.now):
            return False
        return _kind(self.now[at + 1]) == _kind(self.ours[place + 1]) == _kind(self.ours[place])

    def _unseen(self, place: int | None) -> Iterator[Unit]:
        """Yield the units of the source after one of its units that the exported file does not have."""
        known = set(self.here.values())
        at = -1 if place is None else place + 1
        while 0 <= at < len(self.ours) and at not in known and not self.ours[at].words:
            yield self.ours[at]
            at += 1

    def _name_notes(self) -> None:
        """Find the name in the source of each footnote of the file; new notes get the next free number."""
        taken = {found for unit in self.ours for found in _NOTE.findall(unit.body)}
        for at, unit in enumerate(self.was):
            begin, place = _NOTE_BEGIN.match(unit.body), self.here.get(at)
            named = _NOTE_BEGIN.match(self.ours[place].body) if place is not None else None
            if begin and named:
                self._old_notes[begin[1]] = named[1]
        for at, unit in enumerate(self.now):
            begin = _NOTE_BEGIN.match(unit.body)
            old = _NOTE_BEGIN.match(self.was[self.there[at]].body) if at in self.there else None
            if begin and old and old[1] in self._old_notes:
                self._notes[begin[1]] = self._old_notes[old[1]]
            elif begin:
                free = next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)
                taken.add(free)
                self._notes[begin[1]] = free

    def _renamed(self, body: str, names: Mapping[str, str]) -> str:
        return _NOTE.sub(lambda found: f"[^{names.get(found[1], found[1])}]", body)


def _joined(units: Sequence[tuple[Unit, bool]]) -> CarriedOver:
    """Return units as one text, with the labels and lines of those that are changed."""
    parts: list[str] = []
    touched = []
    line = 1
    for at, (unit, changed) in enumerate(units):
        is_last = at + 1 == len(units)
        body = unit.body if is_last or not unit.body or unit.body.endswith("\n") else f"{unit.body}\n"
        if changed:
            touched.append((unit.label, line))
        parts += [body, unit.tail]
        line += body.count("\n") + unit.tail.count("\n")
    return CarriedOver(_without_unused("".join(parts)), tuple(touched))


def _without_unused(text: str) -> str:
    """Return a text without the definitions of links that nothing uses any more, which would be mistakes in it."""
    body = _DEFINITION.sub("", text).lower()
    return _DEFINITION.sub(lambda found: found[0] if f"[{found[1].lower()}]" in body else "", text)


def spliced(ours: str, old: str, new: str) -> str | None:
    """Return the source of a clause with the words that changed from `old` to `new`; None if that is uncertain.

    `old` and `new` are what was read from the exported and the edited file. The source may have other line breaks and
    markup: it stays wherever the words on both sides of it are kept.
    """
    source, before, after = (_WORDS.findall(text) for text in (ours, old, new))
    words = [[word for _, word in one] for one in (source, before, after)]
    kept = _kept_words(words[1], words[2])
    made: list[Word] = []
    at = 0
    for tag, a, b, c, d in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        if tag == "equal":
            for own, there in zip(range(a, b), range(c, d), strict=True):
                # What replaces a word goes where the word was, within its markup.
                reached = max(at, next((kept[one] for one in range(there, len(before)) if one in kept), len(after)))
                made += after[at:reached]
                at = reached
                if there in kept:
                    made.append(source[own])
                    at = kept[there] + 1
            continue
        places = [kept.get(there) for there in range(c, d)]
        first = places[0] if places else None
        whole = places == list(range(first, first + len(places))) if first is not None else not places
        if not whole:
            return None
        if first is not None:
            made += after[at:first]
            at = first + len(places)
        made += source[a:b]
    made += after[at:]
    if not made:
        return None
    text = _written(made, _indent(ours), ours)
    return None if _EMPTY.search(text) and not _EMPTY.search(ours) else text


def _kept_words(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return {a + at: b + at for a, b, size in matcher.get_matching_blocks() for at in range(size)}


def _written(words: Sequence[Word], indent: str, ours: str) -> str:
    begin = words[0][1]
    rest = "".join(f"{blank}{word}" for blank, word in words[1:])
    end = ours[len(ours.rstrip()) :]
    return f"{indent}{begin}{rest}{end}"


def _first(unit: Unit) -> str:
    return (unit.body.split() or [""])[0]


def _kind(unit: Unit) -> ClauseKind | None:
    return unit.blocks[0].kind if unit.blocks else None


def _indent(body: str) -> str:
    found = _INDENT.match(body)
    return found[0] if found else ""


def _indented(body: str, shift: int) -> str:
    """Return lines indented by more or fewer blanks."""
    if not shift:
        return body
    lines = body.split("\n")
    moved = (" " * shift + line if shift > 0 else line[min(-shift, len(_indent(line))) :] for line in lines)
    return "\n".join(line if not line.strip() else made for line, made in zip(lines, moved, strict=True))
