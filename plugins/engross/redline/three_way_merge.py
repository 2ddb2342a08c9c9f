"""Three texts → one: the difference between a base and a fix, applied to another text that was made from the base.

The texts are merged clause by clause (`units`). What only the fix changed is taken from the fix, what only the other
text changed is kept. Where both changed the same clause, or where the place of a new clause is not certain, there is a
clash: nothing is guessed. At last the merged text is read, and refused unless it shows exactly the clauses it was made
of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from engross.common import EngrossError
from engross.model import Clause, ClauseKind, Source
from engross.redline.merge_units import Pairing, Text, Unit, UnitReader
from engross.text import decode, read_enumerator

Read = Callable[[Source], Clause]
"""Reads a source into its tree; raises EngrossError where it cannot be read."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Clash:
    """A clause that cannot be merged: `why`, and its text in the base, in the other text and in the fix.

    A text that does not have the clause is empty. `line` is the place in the fix, or 0.
    """

    label: str
    why: str
    base: str = ""
    other: str = ""
    fix: str = ""
    line: int = 0


@dataclass(frozen=True)
class Merge:
    """The merged text, or the clashes for which there is none."""

    data: bytes = field(default=b"", repr=False)
    clashes: tuple[Clash, ...] = ()


def merge(base: Source, other: Source, fix: Source, read: Read, *, yaml: bool = False) -> Merge:
    """The other text with the difference between base and fix applied; `yaml` tells that the texts are YAML.

    Raises EngrossError where one of the three cannot be read.
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
    wrong = _misread(reader, units, source, root) or _misnumbered(root, roots)
    return Merge(clashes=(wrong,)) if wrong else Merge(data)


def _misread(reader: UnitReader, units: Sequence[Unit], source: Source, root: Clause) -> Clash | None:
    """A clash where the merged text does not show the clauses that it was put together of, in their order."""
    why = "the merged text cannot be read"
    made = reader.read(source, root).units
    for unit, found in zip(units, (*made, *[None] * len(units)), strict=False):
        if found is None or unit.shown != found.shown:
            return Clash(unit.label, f"{why} as it was put together", fix=unit.body)
    return None if len(made) == len(units) else Clash("", f"{why} as it was put together")


def _misnumbered(root: Clause, made_of: Sequence[Clause]) -> Clash | None:
    """A clash where the merged text gives a number twice, or leaves one out, and none of the texts did."""
    known = {pair for one in made_of for pair in _broken_steps(one)}
    for before, after, label in sorted(_broken_steps(root) - known):
        return Clash(label, f"{after} would follow {before}: the fix and the announced text both change the numbers")
    return None


def _broken_steps(root: Clause) -> set[tuple[str, str, str]]:
    """Enumerators of which one does not follow the other in their list, and numbers that are given twice."""
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


@dataclass
class _Merger:
    base: Text
    other: Text
    fix: Text
    to_other: Pairing
    to_fix: Pairing
    clashes: list[Clash] = field(default_factory=list)
    # What becomes of the units of the other text, by their places; None for what is deleted.
    changed: dict[int, Unit | None] = field(default_factory=dict)
    # What is inserted after a unit of the other text, by its place, each with the blank lines before it.
    inserted: dict[int, list[tuple[str, Unit]]] = field(default_factory=lambda: defaultdict(list))

    def merged(self) -> tuple[list[Unit], list[Clash]]:
        """The units of the merged text, and what clashes."""
        for at in range(len(self.base.units)):
            self.take(at)
        for before, run, after in self.runs():
            self.insert(before, run, after)
        return list(self.joined()), self.clashes

    def take(self, at: int) -> None:
        """Apply what the fix does to a unit of the base in its place: it is kept, edited or deleted."""
        there, here = self.to_other.all.get(at), self.to_fix.in_order.get(at)
        old, new = self.base.units[at], self.fix.units[here] if here is not None else None
        if new is not None and old.is_same(new) and (there is None or self.other.units[there].body != old.body):
            # Where the fix breaks its lines says nothing against another text.
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
        elif (body := _both(old, announced, new)) is not None:
            blocks = announced.blocks if announced.shown != old.shown else new.blocks
            self.changed[there] = replace(new, body=body, tail=announced.tail, blocks=blocks)
        elif new.body.split()[:1] == announced.body.split()[:1] != old.body.split()[:1] and old.is_numbered:
            self.clash("the fix and the announced text both give this item another number", old, announced, new)
        elif not announced.is_same(new):
            self.clash("the fix changes a clause that the announced text changes as well", old, announced, new)

    def runs(self) -> Iterator[tuple[int, list[int], int]]:
        """Stretches of the fix that the base does not have there, between two places of the base (the end, where there
        is no other).
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
        """Put what the fix adds between two units of the base into the same place of the other text."""
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
        """What the other text itself adds after one of its units."""
        known = set(self.to_other.all.values())
        found = []
        for at in range(place + 1, len(self.other.units)):
            if at in known:
                break
            found.append(self.other.units[at])
        return found

    def moved(self, here: int) -> Unit:
        """A unit that the fix adds; one that it moves there must stand unchanged in the other text's old place."""
        unit = self.fix.units[here]
        at = next((at for at, one in self.to_fix.all.items() if one == here), None)
        there = self.to_other.in_order.get(at) if at is not None else None
        if at is not None and there is None:
            self.clash(
                "the fix moves a clause that the announced text moves or deletes", self.base.units[at], None, unit
            )
        return unit

    def clash(self, why: str, base: Unit | None, other: Unit | None, fix: Unit | None) -> None:
        label = next(unit.label for unit in (fix, base, other) if unit is not None)
        before, announced, fixed = (unit.body.rstrip() if unit else "" for unit in (base, other, fix))
        self.clashes.append(Clash(label, why, before, announced, fixed, fix.line if fix else 0))

    def joined(self) -> Iterator[Unit]:
        """The units of the merged text, with the blank lines that belong between them."""
        made: list[Unit] = []
        for at, unit in enumerate(self.other.units):
            kept = self.changed.get(at, unit)
            if kept is not None:
                made.append(kept)
            elif made and (not made[-1].tail or at == len(self.other.units) - 1):
                # The blank lines after what is deleted part what is now next to each other.
                made[-1] = replace(made[-1], tail=unit.tail)
            for tail, new in self.inserted.get(at, ()):
                _part(made, new, tail)
        yield from made


def _part(made: list[Unit], new: Unit, tail: str) -> None:
    """Put a unit that is added after the others, as far apart from the one before as it was in the fix."""
    if made and made[-1].body:
        last = made[-1]
        ended = last.body if last.body.endswith(("\n", "\r")) else f"{last.body}\n"
        made[-1] = replace(last, body=ended, tail=tail)
    made.append(new)


def _both(old: Unit, announced: Unit, new: Unit) -> str | None:
    """The body that both changes make of a unit: where one side left it as it was, or only gave it another number.

    None where that is not certain.
    """
    if announced.is_same(old):
        return new.body
    if not old.is_numbered:
        return None
    (was, there, here), rests = zip(*(_numbered(one) for one in (old, announced, new)), strict=True)
    if there != was == here and rests[1] == rests[0]:
        return new.body.replace(here, there, 1)
    if here != was == there and rests[2] == rests[0]:
        return announced.body.replace(there, here, 1)
    return None


def _numbered(unit: Unit) -> tuple[str, list[str]]:
    """The enumerator at the beginning of an item, and the words after it."""
    first, *rest = unit.body.split()
    return first, rest
