"""Enumerated items in the order of the text → the levels they stand on.

Lawyers nest by indentation, by style, or by both, and seldom with care; so neither alone is trusted. An enumerator
first *continues* an open level (the (b) after an (a)), else it *starts* a new one ((a), (i), (1)), else it is out of
order and joins the level it resembles. Where an enumerator could do both, as the (i) after an (h), indentation
decides, and where that is silent the next enumerators do: (ii) says it was a roman one, (j) that it was a letter.
"""

from __future__ import annotations

from collections.abc import Sequence

from engross.text.enumerators import Enumerator, Reading, Style
from engross.values import dataclass

# How far ahead the neighbours of an ambiguous enumerator are looked for: a bound keeps the pass linear.
_LOOKAHEAD = 64


@dataclass(slots=True)
class Level:
    """An open level: its dress and style, the last ordinal seen, and the indentation of its items in columns.

    An `interrupted` level has had a block after its last item that does not belong to the item: counting may go on,
    but nothing more can be put into that item.
    """

    form: str
    reading: Reading
    indent: int
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item goes: its level (0 is outermost) and whether it opens that level anew."""

    depth: int
    opens: bool


class Nesting:
    """Places one enumerator after another; `levels` are those open after the last."""

    def __init__(self, upcoming: Sequence[Enumerator]) -> None:
        self.levels: list[Level] = []
        self._upcoming = upcoming
        self._at = 0

    def place(self, enumerator: Enumerator, indent: int) -> Place:
        """Place the next enumerator of the sequence, standing `indent` columns in, and open or close levels for it."""
        self._at += 1
        going_on = self._continuing(enumerator, indent)
        starting = next((reading for reading in enumerator.readings if reading.ordinal == 1), None)
        if going_on and starting and self._starts(enumerator, indent, going_on, starting):
            going_on = None
        if going_on:
            return self._go_on(*going_on, indent)
        if starting:
            return self._start(enumerator, starting, indent)
        return self._misfit(enumerator, indent)

    def fits(self, enumerator: Enumerator) -> bool:
        """Whether the enumerator continues an open level or starts one; in a sentence, nothing else counts."""
        starts = any(reading.ordinal == 1 for reading in enumerator.readings)
        return starts or self._continuing(enumerator, 0) is not None

    def awaits_more(self) -> bool:
        """Whether one of the next enumerators continues a level that is open now."""
        wanted = {(level.form, Reading(level.reading.style, level.reading.ordinal + 1)) for level in self.levels}
        later = self._upcoming[self._at : self._at + _LOOKAHEAD]
        return any((other.form, reading) in wanted for other in later for reading in other.readings)

    def skip(self) -> None:
        """Pass over the next enumerator of the sequence without placing it."""
        self._at += 1

    def close_to(self, indent: int) -> int:
        """How many levels stay open around a block that is no item and stands `indent` columns in.

        Those within are interrupted by it.
        """
        depth = len(self.levels)
        while depth and (self.levels[depth - 1].indent + 2 > indent or self.levels[depth - 1].interrupted):
            depth -= 1
        for level in self.levels[depth:]:
            level.interrupted = True
        return depth

    def _continuing(self, enumerator: Enumerator, indent: int) -> tuple[int, Reading] | None:
        """The level (innermost first, one of the same indentation before all) that this enumerator continues."""
        found: tuple[int, Reading] | None = None
        for depth in range(len(self.levels) - 1, -1, -1):
            level = self.levels[depth]
            if level.form != enumerator.form:
                continue
            after = Reading(level.reading.style, level.reading.ordinal + 1)
            if after in enumerator.readings:
                if level.indent == indent:
                    return depth, after
                found = found or (depth, after)
        return found

    def _starts(self, enumerator: Enumerator, indent: int, going_on: tuple[int, Reading], starting: Reading) -> bool:
        level = self.levels[going_on[0]]
        if abs(indent - level.indent) > 1:
            return indent > level.indent
        second = Reading(starting.style, 2)
        following = Reading(going_on[1].style, going_on[1].ordinal + 1)
        for later in self._upcoming[self._at : self._at + _LOOKAHEAD]:
            if later.form == enumerator.form:
                if second in later.readings:
                    return True
                if following in later.readings:
                    return False
        return False

    def _go_on(self, depth: int, reading: Reading, indent: int) -> Place:
        del self.levels[depth + 1 :]
        self.levels[depth].reading = reading
        self.levels[depth].interrupted = False
        self.levels[depth].indent = min(self.levels[depth].indent, indent)
        return Place(depth, opens=False)

    def _start(self, enumerator: Enumerator, reading: Reading, indent: int) -> Place:
        depth = len(self.levels)
        for at, level in enumerate(self.levels):
            again = level.form == enumerator.form and level.reading.style == reading.style
            # `1.` is the outer list of (a), never the other way round.
            outer = reading.style is Style.DECIMAL and enumerator.form != "()" and level.form == "()"
            if indent < level.indent - 1 or ((again or outer) and indent <= level.indent + 1):
                depth = at
                break
        while depth and self.levels[depth - 1].interrupted:
            depth -= 1
        del self.levels[depth:]
        self.levels.append(Level(enumerator.form, reading, indent))
        return Place(depth, opens=True)

    def _misfit(self, enumerator: Enumerator, indent: int) -> Place:
        """Out of order: join the level of the same dress and style, the one of nearest indentation first."""
        styles = {reading.style: reading for reading in enumerator.readings}
        alike = [
            (abs(level.indent - indent), -depth)
            for depth, level in enumerate(self.levels)
            if level.form == enumerator.form and level.reading.style in styles
        ]
        if not alike:
            return self._start(enumerator, enumerator.readings[0], indent)
        depth = -min(alike)[1]
        return self._go_on(depth, styles[self.levels[depth].reading.style], indent)
