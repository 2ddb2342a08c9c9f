"""Merges three texts: applies the difference between a base and a fix to another text that was made from the base.

The texts are merged clause by clause (`merge_units`). Changes of only one side are accepted. If both sides change the
same clause, or if the place of a new clause is uncertain, the result is a clash; nothing is guessed. Finally the merged
text is parsed, and refused unless it shows exactly the clauses it was made from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from itertools import pairwise

from engross.common import EngrossError, value_class
from engross.model import Clause, ClauseKind, Source
from engross.redline.merge_units import Pairing, Text, Unit, UnitReader
from engross.text import decode, read_enumerator

Read = Callable[[Source], Clause]
"""Reads a source into its tree; raises EngrossError if it cannot be read."""

_BOM = b"\xef\xbb\xbf"


@value_class(frozen=True)
class Clash:
    """A clause that cannot be merged: the reason, and its text in the base, in the other text and in the fix.

    The text is empty where the clause does not exist. `line` is the line in the fix, or 0.
    """

    label: str
    why: str
    base: str = ""
    other: str = ""
    fix: str = ""
    line: int = 0


@value_class(frozen=True)
class Merge:
    """The merged text, or the clashes that prevent it."""

    data: bytes = field(default=b"", repr=False)
    clashes: tuple[Clash, ...] = ()


def merge(base: Source, other: Source, fix: Source, read: Read, *, yaml: bool = False) -> Merge:
    """Apply the difference between base and fix to the other text; `yaml` is true if the texts are YAML.

    Raises EngrossError if one of the three cannot be read.
    """
    reader = UnitReader(yaml)
    roots = [read(source) for source in (base, other, fix)]
    texts = [reader.read(source, root) for source, root in zip((base, other, fix), roots, strict=True)]
    before, announced, fixed = texts
    merger = _Merger(before, announced, fixed, reader.pair(before, announced), reader.pair(before, fixed))
    units, clashes = merger.merged()
    if clashes:
        return Merge(clashes=tuple(clashes))
    data = "".join(unit.body + unit.tail for unit in units).encode()
    data = _BOM + data if other.data.startswith(_BOM) else data
    try:
        source = decode(data, other.path)
        root = read(source)
    except EngrossError as failure:
        return Merge(clashes=(Clash("", f"the merged text cannot be read: {failure.diagnostics[0].message}"),))
    clash = _check_clauses(reader, units, source, root) or _check_numbers(root, roots)
    return Merge(clashes=(clash,)) if clash else Merge(data)


def _check_clauses(reader: UnitReader, units: Sequence[Unit], source: Source, root: Clause) -> Clash | None:
    """Return a clash if the merged text does not show the clauses it was made from, in order."""
    why = "the merged text cannot be read"
    made = reader.read(source, root).units
    for unit, found in zip(units, (*made, *[None] * len(units)), strict=False):
        if found is None or unit.shown != found.shown:
            return Clash(unit.label, f"{why} as it was assembled", fix=unit.body)
    return None if len(made) == len(units) else Clash("", f"{why} as it was assembled")


def _check_numbers(root: Clause, sources: Sequence[Clause]) -> Clash | None:
    """Return a clash if the merged text repeats or skips a number and none of the three texts does."""
    known = {pair for one in sources for pair in _broken_steps(one)}
    for before, after, label in sorted(_broken_steps(root) - known):
        return Clash(label, f"{after} would follow {before}: the fix and the announced text both change the numbers")
    return None


def _broken_steps(root: Clause) -> set[tuple[str, str, str]]:
    """Return enumerators that do not follow the one before in their list, and numbers that occur twice."""
    found = set()
    seen: set[str] = set()
    for clause in root.walk():
        items = clause.children if clause.kind is ClauseKind.LIST else ()
        if items and not _begins(items[0].marker):
            found.add(("nothing", items[0].marker, items[0].label))
        for before, after in pairwise(items):
            if after.marker and not _follows(before.marker, after.marker):
                found.add((before.marker, after.marker, after.label))
        if clause.number and not clause.generated and clause.kind in (ClauseKind.SECTION, ClauseKind.PARAGRAPH):
            if clause.number in seen:
                found.add((clause.number, clause.number, clause.label))
            seen.add(clause.number)
    return found


def _begins(marker: str) -> bool:
    read = read_enumerator(marker)
    return read is None or any(reading.ordinal == 1 for reading in read.readings)


def _follows(before: str, after: str) -> bool:
    one, other = read_enumerator(before), read_enumerator(after)
    if one is None or other is None:
        return True
    styles = {(reading.style, reading.ordinal + 1) for reading in one.readings}
    return any((reading.style, reading.ordinal) in styles for reading in other.readings)


@value_class
class _Merger:
    base: Text
    other: Text
    fix: Text
    to_other: Pairing
    to_fix: Pairing
    clashes: list[Clash] = field(default_factory=list)
    # The result for each unit of the other text, by index; None if it is deleted.
    changed: dict[int, Unit | None] = field(default_factory=dict)
    # The units to insert after each unit of the other text, by index, each with the blank lines before it.
    inserted: dict[int, list[tuple[str, Unit]]] = field(default_factory=lambda: defaultdict(list))

    def merged(self) -> tuple[list[Unit], list[Clash]]:
        """Return the units of the merged text, and the clashes."""
        for at in range(len(self.base.units)):
            self.take(at)
        for before, run, after in self.runs():
            self.insert(before, run, after)
        return list(self.joined()), self.clashes

    def take(self, at: int) -> None:
        """Apply what the fix does to one unit of the base: keep, edit or delete it."""
        there, here = self.to_other.all.get(at), self.to_fix.in_order.get(at)
        old, new = self.base.units[at], self.fix.units[here] if here is not None else None
        if new is not None and old.is_same(new) and (there is None or self.other.units[there].body != old.body):
            # Other line breaks in the fix do not conflict with the other text.
            return
        if there is None:
            if new is not None:
                self.clash("the fix changes a clause that the announced text deletes", old, None, new)
            return
        announced = self.other.units[there]
        if new is None:
            if announced.is_same(old):
                self.changed[there] = None
            else:
                why = "the fix deletes or moves a clause that the announced text changes"
                self.clash(why, old, announced, None)
        elif (body := _combined_body(old, announced, new)) is not None:
            blocks = announced.blocks if announced.shown != old.shown else new.blocks
            self.changed[there] = replace(new, body=body, tail=announced.tail, blocks=blocks)
        elif new.body.split()[:1] == announced.body.split()[:1] != old.body.split()[:1] and old.is_numbered:
            self.clash("the fix and the announced text both give this item another number", old, announced, new)
        elif not announced.is_same(new):
            self.clash("the fix changes a clause that the announced text changes as well", old, announced, new)

    def runs(self) -> Iterator[tuple[int, list[int], int]]:
        """Yield the runs of units that only the fix has, each with the units of the base before and after it (the end
        if there is none after).
        """
        back = {here: at for at, here in self.to_fix.in_order.items()}
        before, run = 0, list[int]()
        for here in range(len(self.fix.units)):
            if here not in back:
                run.append(here)
                continue
            if run:
                yield before, run, back[here]
            before, run = back[here], []
        if run:
            yield before, run, len(self.base.units)

    def insert(self, before: int, run: list[int], after: int) -> None:
        """Insert what the fix adds between two units of the base at the same place of the other text."""
        units = [self.moved(here) for here in run]
        place = self.to_other.in_order.get(before)
        added = self.added(place) if place is not None else []
        if place is None or (added and [one.shown for one in added] != [one.shown for one in units]):
            last = self.to_other.in_order.get(after, len(self.other.units) if after == len(self.base.units) else None)
            if place is None and last is not None and last - 1 in self.to_other.in_order.values():
                place = last - 1
            else:
                why = "the fix adds or moves a clause where the announced text changes what is around it"
                self.clash(why, None, added[0] if added else None, units[0])
                return
        elif added:
            return
        tails = [self.fix.units[here - 1].tail for here in run]
        self.inserted[place] += zip(tails, units, strict=True)

    def added(self, place: int) -> list[Unit]:
        """Return the units that the other text itself adds after one of its units."""
        known = set(self.to_other.all.values())
        found = []
        for at in range(place + 1, len(self.other.units)):
            if at in known:
                break
            found.append(self.other.units[at])
        return found

    def moved(self, here: int) -> Unit:
        """Return a unit that the fix adds or moves; the other text must still have a moved unit in its old place."""
        unit = self.fix.units[here]
        at = next((at for at, one in self.to_fix.all.items() if one == here), None)
        there = self.to_other.in_order.get(at) if at is not None else None
        if at is not None and there is None:
            self.clash(
                "the fix moves a clause that the announced text moves or deletes", self.base.units[at], None, unit
            )
        return unit

    def clash(self, why: str, base: Unit | None, other: Unit | None, fix: Unit | None) -> None:
        """Note that a unit cannot be merged, and why, with its text in the base, the other text and the fix."""
        label = next(unit.label for unit in (fix, base, other) if unit is not None)
        before, announced, fixed = (unit.body.rstrip() if unit else "" for unit in (base, other, fix))
        self.clashes.append(Clash(label, why, before, announced, fixed, fix.line if fix else 0))

    def joined(self) -> Iterator[Unit]:
        """Yield the units of the merged text with the blank lines between them."""
        made: list[Unit] = []
        for at, unit in enumerate(self.other.units):
            kept = self.changed.get(at, unit)
            if kept is not None:
                made.append(kept)
            elif made and (not made[-1].tail or at == len(self.other.units) - 1):
                # The blank lines after a deleted unit now separate its neighbours.
                made[-1] = replace(made[-1], tail=unit.tail)
            for tail, new in self.inserted.get(at, ()):
                _append(made, new, tail)
        yield from made


def _append(made: list[Unit], new: Unit, tail: str) -> None:
    """Append an added unit with the same distance to the unit before it as in the fix."""
    if made and made[-1].body:
        last = made[-1]
        ended = last.body if last.body.endswith(("\n", "\r")) else f"{last.body}\n"
        made[-1] = replace(last, body=ended, tail=tail)
    made.append(new)


def _combined_body(old: Unit, announced: Unit, new: Unit) -> str | None:
    """Return the body with both changes, if one side left the unit unchanged or only changed its number.

    Return None if that is uncertain.
    """
    if announced.is_same(old):
        return new.body
    if not old.is_numbered:
        return None
    (old_number, there, here), rests = zip(*(_numbered(one) for one in (old, announced, new)), strict=True)
    if there != old_number == here and rests[1] == rests[0]:
        return new.body.replace(here, there, 1)
    if here != old_number == there and rests[2] == rests[0]:
        return announced.body.replace(there, here, 1)
    return None


def _numbered(unit: Unit) -> tuple[str, list[str]]:
    """Split an item into the enumerator at its beginning and the words after it."""
    first, *rest = unit.body.split()
    return first, rest
