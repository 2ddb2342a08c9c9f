"""`ledger.jsonl`: one entry a line, each bound to the one before by its hash.

Reading checks all that the bytes themselves can tell: that each line is what the tool would have written, that hashes
and numbers follow on each other, that no entry was posted before the one above it or is of an older format. What the
entries say of each other is checked by `laws`, what they say of the sealed files by `verify`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from engross.errors import error
from engross.model import Diagnostic, Entry
from engross.record.canonical import SHORT, canonical
from engross.record.entries import FIRST, entry_hash, entry_json, read_entry
from engross.record.entry_values import NotReadError

RULE = "record"
_ALTERED = "it was altered: its hash is not that of what it says"
_MERGED = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def line_of(entry: Entry) -> bytes:
    """An entry as its line, with the line end."""
    return canonical(entry_json(entry)) + b"\n"


def ledger_bytes(entries: Iterable[Entry]) -> bytes:
    """A ledger as its file."""
    return b"".join(map(line_of, entries))


def chained(entries: Sequence[Entry], new: Sequence[Entry]) -> tuple[Entry, ...]:
    """New entries numbered and bound to those there are; what they had as seq, previous and hash is replaced."""
    seq, previous = (entries[-1].seq, entries[-1].hash) if entries else (0, FIRST)
    bound = []
    for entry in new:
        seq += 1
        unhashed = replace(entry, seq=seq, previous=previous, hash="")
        bound.append(replace(unhashed, hash=entry_hash(unhashed)))
        previous = bound[-1].hash
    return tuple(bound)


def read_ledger(data: bytes, path: str) -> tuple[tuple[Entry, ...], list[Diagnostic]]:
    """The entries of a ledger, and what is wrong with its bytes and chain. After the first broken line, whose place
    and meaning are lost, no more entries are given.
    """
    entries: list[Entry] = []
    if data and not data.endswith(b"\n"):
        number = data.count(b"\n") + 1
        return (), [_broken(path, number, f"entry {number} has no end: the file was cut off within its line")]
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        found = _line(line, number, path, entries)
        if isinstance(found, Diagnostic):
            return tuple(entries), [found]
        entries.append(found)
    return tuple(entries), []


def _line(line: bytes, number: int, path: str, before: Sequence[Entry]) -> Entry | Diagnostic:
    try:
        entry = read_entry(json.loads(line, parse_float=_no_number))
        # Two texts can mean one entry; only the one that Engross writes is a line of the ledger.
        if line_of(entry) != line + b"\n":
            raise ValueError("its bytes are not as Engross writes them")
    except (ValueError, RecursionError) as problem:
        return _broken(path, number, _unreadable(line, number, problem))
    if entry_hash(entry) != entry.hash:
        # Nothing that it says can be relied on, its number least.
        return _broken(path, number, f"{replace(entry, seq=number).name}: {_ALTERED}")
    for wrong in _breaks(entry, before):
        return _broken(path, number, f"{entry.name}: {wrong}")
    return entry


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no whole number")


def _unreadable(line: bytes, number: int, problem: Exception) -> str:
    if line.decode("utf-8", "replace").startswith(_MERGED):
        return f"a merge left its marks here. {BOTH_RELEASED}"
    if isinstance(problem, NotReadError):
        return f"entry {number} {problem}"
    no_json = isinstance(problem, (json.JSONDecodeError, UnicodeError, RecursionError))
    return f"entry {number} cannot be read: {'it is no JSON' if no_json else problem}"


def _breaks(entry: Entry, before: Sequence[Entry]) -> Iterator[str]:
    """What is wrong with an entry's place in the chain, in words."""
    last = before[-1] if before else None
    previous, seq = (last.hash, last.seq) if last else (FIRST, 0)
    if entry.previous != previous:
        yield from _not_next(entry, before)
    if entry.seq != seq + 1:
        yield f"number {seq + 1} is wanted here; entries were dropped, added or put in another order"
    if last and entry.posted < last.posted:
        yield f"it is backdated: posted before {last.name} above it"
    if last and entry.format < last.format:
        yield f"it is of format {entry.format}, and {last.name} above it of format {last.format}"


def _not_next(entry: Entry, before: Sequence[Entry]) -> Iterator[str]:
    known = {one.hash: one for one in before}
    known_or_first = entry.previous == FIRST or entry.previous in known
    if known_or_first and before:
        after = known[entry.previous].name if entry.previous in known else "the beginning"
        yield f"it follows {after}, and so does {_follower(entry.previous, before).name}. {BOTH_RELEASED}"
    else:
        above = before[-1].name if before else "the beginning"
        yield (
            f"it does not follow {above}: the entry with hash {entry.previous[:SHORT]}… was dropped or altered, or the "
            "order was changed"
        )


def _follower(previous: str, before: Sequence[Entry]) -> Entry:
    return next(one for one in before if one.previous == previous)


BOTH_RELEASED = (
    "Two branches have each released. Keep the ledger that was published, take the other branch's entries and their "
    "sealed files away, keep its change notes and texts, and release again"
)
"""What to do when two branches that each released were merged."""


def _broken(path: str, line: int, message: str) -> Diagnostic:
    return error(RULE, path, line, 1, message)
