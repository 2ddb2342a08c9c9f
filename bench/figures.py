"""What a benchmark gives, and the one table in which all of it is printed."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One thing measured: what, how much, and what it is held against.

    `target` is None where a figure is only printed; `ok` is then None as well. A figure is never an assertion: it
    depends on the machine.
    """

    name: str
    value: float
    target: float | None = None
    unit: str = ""
    ok: bool | None = None


def at_most(name: str, value: float, target: float, unit: str = "") -> Figure:
    """A figure that should not exceed its target."""
    return Figure(name, value, target, unit, value <= target)


def at_least(name: str, value: float, target: float, unit: str = "") -> Figure:
    """A figure that should reach its target."""
    return Figure(name, value, target, unit, value >= target)


def table(figures: Iterable[Figure]) -> str:
    """The figures as aligned lines: name, measured, target, met or not."""
    verdicts = {True: "met", False: "not met", None: ""}
    rows = [("figure", "measured", "target", "")]
    rows += [
        (figure.name, _amount(figure.value, figure.unit), _amount(figure.target, figure.unit), verdicts[figure.ok])
        for figure in figures
    ]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{name:<{wide[0]}}  {value:>{wide[1]}}  {target:>{wide[2]}}  {ok}".rstrip() for name, value, target, ok in rows
    )


def _amount(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:,.2f} {unit}".rstrip()
