"""Writes the report of an import as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engross.importing.values import Difference, Report


def report_lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report: the word check, then each remark with its places."""
    words = f"{report.words:,} words"
    if report.differences:
        count = len(report.differences)
        yield f"{report.source}: {words}; the imported text differs in {count} {'place' if count == 1 else 'places'}:"
        yield from (f"  {_difference(one)}" for one in report.differences)
    else:
        yield f"{report.source}: {words}; the imported text has them all, in the same order"
    if report.labels:
        yield f"  typed: {report.labels:,} numbers or titles that the source shows but does not contain as text"
    places: dict[tuple[str, str], list[str]] = {}
    for remark in report.remarks:
        places.setdefault((remark.kind, remark.message), []).append(remark.place)
    for (kind, message), where in places.items():
        counted = Counter(where)
        listed = [f"{place} ({count} times)" if count > 1 else place for place, count in counted.items() if place]
        yield f"  {kind}: {message}" + (f" — {'; '.join(listed)}" if listed else "")


def _difference(one: Difference) -> str:
    after = f"after “{one.after}”: " if one.after else "at the start: "
    parts = [f"lost “{_cut(one.lost)}”"] if one.lost else []
    parts += [f"added “{_cut(one.added)}”"] if one.added else []
    return after + ", ".join(parts)


def _cut(words: str) -> str:
    return words if len(words) <= 300 else f"{words[:300]}…"
