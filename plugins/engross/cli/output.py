"""Print findings and terms for people, in a terminal or a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from engross.cli.printing import ALL_PLACES, MOST, grouped, say_json, say_made
from engross.common import one_line, shortened, visible
from engross.drafting import summary, to_github, to_gitlab, to_json, to_sarif
from engross.model import Binding, Diagnostic, Document, ReferenceKind, Severity

if TYPE_CHECKING:  # rich is only for text, not for JSON
    from rich.console import Console

Piece: TypeAlias = str | tuple[str, str]
"""A part of a line: a text, or a text and its style."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LONGEST_LABEL = 100


def print_findings(
    findings: Sequence[Diagnostic], form: str, *, every: bool = False, documents: Iterable[Document] = ()
) -> None:
    """Print findings in a form: text, json, github, gitlab or sarif.

    As text, many findings of one rule are one line with the first of them, unless `every` one is wanted. `documents`
    are the texts that were checked, by whose clauses GitLab knows a finding again.
    """
    if form == "gitlab":
        say_json(to_gitlab(findings, documents))
    elif form == "text":
        _text(findings, most=len(findings) if every else MOST)
    else:
        _WRITERS[form](findings)


def print_diff(text: str) -> None:
    """Print a diff to standard error, so that standard output contains only findings."""
    console = _console(stderr=True)
    for line in text.splitlines():
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        _line(console, (line, "" if line.startswith(("+++", "---")) else style))


def print_terms(bindings: Sequence[Binding], shown: frozenset[str] | None) -> None:
    """Print the definitions of each edition with their uses, then what is wrong with its references."""
    console = _console()
    for binding in bindings:
        counts: dict[tuple[str, int, int], int] = {}
        for use in binding.uses:
            place = use.definition.place
            counts[place.document, place.clause, place.start] = (
                counts.get((place.document, place.clause, place.start), 0) + 1
            )
        for definition in sorted(binding.definitions, key=lambda one: one.term.casefold()):
            place = definition.place
            if shown is None or place.path in shown:
                count = counts.get((place.document, place.clause, place.start), 0)
                where = f"{one_line(place.path)}:{place.line}:{place.column}"
                _line(console, *_definition(definition.names, where, place.label, count))
        _line(console, (_references(binding, shown), "dim"))


def _definition(names: Sequence[str], place: str, label: str, count: int) -> tuple[Piece, ...]:
    uses = "no uses" if not count else "1 use" if count == 1 else f"{count} uses"
    return (
        (place, "dim"),
        " ",
        (", ".join(names), "bold"),
        f" ({shortened(label, _LONGEST_LABEL)}): " if label else ": ",
        uses,
    )


def _references(binding: Binding, shown: frozenset[str] | None) -> str:
    chosen = [one for one in binding.references if shown is None or one.place.path in shown]
    outside = sum(one.kind is ReferenceKind.EXTERNAL for one in chosen)
    broken = sum(one.target is None and one.kind is not ReferenceKind.EXTERNAL for one in chosen)
    every = "1 reference" if len(chosen) == 1 else f"{len(chosen)} references"
    return f"{every}, of which {outside} lead outside and {broken} nowhere"


def _text(findings: Sequence[Diagnostic], most: int) -> None:
    console = _console()
    shown = list(grouped(findings, most))
    for before, found in shown:
        place = f"{found.place} " if found.place else ""
        clause = f"{found.shown_clause}: " if found.clause else ""
        rule = (f"[{found.rule}]", _STYLES[found.severity])
        _line(console, (before, "bold"), (place, "bold"), f"{clause}{found.message} ", rule)
        for line in _fix(found):
            _line(console, (line, "green"))
    _line(console, _summed(findings))
    if len(shown) < len(findings):
        _line(console, ALL_PLACES)


def _fix(found: Diagnostic) -> Iterator[str]:
    """Yield the lines of a finding's fix; a fix of several lines is printed in full, ready to paste."""
    lines = found.fix.splitlines()
    if len(lines) == 1:
        yield f"    fix: {found.fix}"
    elif lines:
        # Not indented: what is pasted would be indented too.
        yield "    fix:"
        yield from (line.rstrip() for line in lines)
    if found.link:
        yield f"    or write it here: {found.link}"
    elif len(lines) > 1:
        yield ""


def _summed(findings: Sequence[Diagnostic]) -> str:
    counted = [f"{count} {words[:-1] if count == 1 else words}" for words, count in summary(findings).items() if count]
    return ", ".join(counted) if counted else "no findings"


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(
        stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False, legacy_windows=False,
        file=None if stderr else sys.stdout,
    )  # fmt: skip


def _line(console: Console, *pieces: Piece) -> None:
    """Print a line; each part is printed as by `say`."""
    from rich.text import Text

    whole = [(piece, "") if isinstance(piece, str) else piece for piece in pieces]
    console.print(Text.assemble(*((visible(text), style) for text, style in whole)), soft_wrap=True)


_WRITERS: dict[str, Callable[[Sequence[Diagnostic]], None]] = {
    "json": lambda findings: say_json(to_json(findings)),
    "github": lambda findings: say_made(to_github(findings)) if findings else None,
    "sarif": lambda findings: say_json(to_sarif(findings)),
}
FORMATS = ("text", *_WRITERS, "gitlab")
