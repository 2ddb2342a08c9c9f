"""`ledger.jsonl`: one entry a line, each bound to the one before by its hash.

An entry of the ledger as JSON, and back: which fields each kind has, in each format. See RECORD-FORMAT.md.

An entry is written once and read for ever, so that nothing is read leniently: missing fields, fields of another kind
and values of another type are mistakes. Fields that the format does not name are kept as they are; what it specifies
for later versions is refused by name.

`ledger.jsonl`: one entry a line, each bound to the one before by its hash.

Reading checks all that the bytes themselves can tell: that each line is what the tool would have written, that hashes
and numbers follow on each other, that no entry was posted before the one above it or is of an older format. What the
entries say of each other is checked by `laws`, what they say of the sealed files by `verify`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from engross.common import error
from engross.model import Diagnostic, Entry, EntryKind
from engross.record.encoding import SHORT, canonical, hash_of
from engross.record.ledger.schema import IN_OBJECTS, attribute, read_fields, write_fields

FORMAT = 2
"""The format of new entries. It rises when an entry is written in a way that older tools cannot read."""

FIRST = "0" * 64
"""The `previous` of the first entry."""

FIRST_READER = 1
"""The generation of the parser that read the texts sealed in format 1."""


class NotReadError(ValueError):
    """A later version of Engross wrote what this one does not read; the text continues "entry 7"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}, which this version of Engross does not read; update Engross")


@dataclass(frozen=True, slots=True)
class Form:
    """What an entry holds besides what all hold; `about` is the field that names what it is about."""

    about: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def _form(about: str, required: str, optional: str = "") -> Form:
    return Form(about, frozenset((about, *required.split())), frozenset(optional.split()))


ALWAYS = frozenset(("format", "hash", "kind", "posted", "previous", "seq"))
"""What every entry holds."""

_POST = "version effective sealed entry class material notes"
FORMS: Mapping[int, Mapping[EntryKind, tuple[Form, ...]]] = {
    1: {
        EntryKind.POST: (_form("document", f"{_POST} sets supersedes restores"),),
        EntryKind.NOTICE: (_form("document", "effective entry class material notes"),),
        EntryKind.WITHDRAW: (_form("document", "version effective notes"),),
        EntryKind.CORRECT: (_form("document", "corrects notes"),),
        EntryKind.REDACT: (_form("document", "version clause reason sealed was"),),
        EntryKind.MOVE: (_form("document", "effective entry sets notes"),),
        EntryKind.RETIRE: (_form("document", "effective notes"),),
    },
    2: {
        EntryKind.POST: (
            _form("document", f"{_POST} reader", "supersedes restores continues notice_from critical"),
        ),
        EntryKind.NOTICE: (_form("document", "effective entry class material notes", "critical"),),
        EntryKind.WITHDRAW: (_form("document", "version effective notes", "critical"),),
        EntryKind.CORRECT: tuple(
            _form(about, "corrects notes", "critical") for about in ("document", "about", "note")
        ),
        EntryKind.REDACT: (
            _form("document", "version clause reason sealed was", "critical"),
            _form("note", "clause reason sealed was", "critical"),
        ),
        EntryKind.MOVE: (_form("document", "effective entry class material notes", "critical"),),
        EntryKind.SET: (_form("set", "effective class material notes", "ended critical"),),
        EntryKind.RETIRE: (_form("document", "effective notes", "critical"),),
    },
}  # fmt: skip
"""What an entry of each kind holds, by format; where a kind has several forms, one for each thing it may be about."""

_LATER = frozenset(("language", "governing", "translations"))
_LATER_IN_OBJECTS: Mapping[str, frozenset[str]] = {
    "entry": frozenset(("notice", "languages", "register", "delivery", "consumer")),
}
_OF_LATER_KINDS = frozenset(("claimed", "source", "delivered", "site", "key", "signs", "signature", "timestamp"))
_READ_HERE = ALWAYS.union(*(form.required | form.optional for forms in FORMS[2].values() for form in forms))
_NAMED = _READ_HERE | _LATER | _OF_LATER_KINDS | {"sets"}
"""Every field that the format names; others are kept."""
_UNDERSTOOD = _READ_HERE.union(*({f"{name}.{one}" for one in known} for name, known in IN_OBJECTS.items()))


def entry_json(entry: Entry, *, hashed: bool = True) -> dict[str, Any]:
    """An entry as plain values; without its own hash where `hashed` is false."""
    form = _form_of(entry.format, entry.kind, lambda name: bool(getattr(entry, name)))
    optional = (name for name in form.optional if getattr(entry, attribute(name)))
    written = write_fields(entry, (*ALWAYS, *form.required, *optional))
    for name, value in entry.extra.items():
        written[name] = {**written[name], **value} if name in IN_OBJECTS else value
    if not hashed:
        del written["hash"]
    return written


def entry_hash(entry: Entry) -> str:
    """The hash that an entry should have: of all it holds but the hash itself."""
    return hash_of(entry_json(entry, hashed=False))


def read_entry(value: object) -> Entry:
    """The entry that plain values hold.

    Raises ValueError, in words, at the first that is not as it should be; NotReadError for what a later version wrote.
    """
    if not isinstance(value, dict):
        raise ValueError("it is no JSON object")
    of_format = _format(value)
    kind = _kind(value, of_format)
    form = _form_of(of_format, kind, value.__contains__)
    extra = _unknown(value) if of_format > 1 else {}
    wanted = ALWAYS | form.required
    for name in sorted(wanted - set(value)):
        raise _missing(name, kind, of_format)
    for name in sorted(set(value) - wanted - form.optional - set(extra)):
        raise ValueError(f"it has a {name}, which no {kind} has")
    known = {name: one for name, one in value.items() if name not in extra}
    if of_format > 1:
        for name in IN_OBJECTS.keys() & known.keys():
            known[name], others = _known(known[name], name)
            extra |= others
    fields = read_fields(known, of_format)
    if (of_format, kind) == (1, EntryKind.POST):
        fields["reader"] = FIRST_READER
    return Entry(**fields, extra=extra)


def _known(value: object, name: str) -> tuple[object, dict[str, Any]]:
    """The fields of an object that this version knows, and the others as an entry keeps them."""
    if not isinstance(value, dict) or not (others := {key: value[key] for key in value.keys() - IN_OBJECTS[name]}):
        return value, {}
    return {key: value[key] for key in value.keys() & IN_OBJECTS[name]}, {name: others}


def _format(value: Mapping[str, Any]) -> int:
    of_format = value.get("format")
    if type(of_format) is int and of_format > FORMAT:
        raise NotReadError(f"is of format {of_format}")
    if type(of_format) is not int or of_format not in FORMS:
        raise ValueError(f"its format is {of_format!r}, and this Engross reads formats 1 to {FORMAT}")
    return of_format


def _kind(value: Mapping[str, Any], of_format: int) -> EntryKind:
    kind = value.get("kind")
    if kind in list(FORMS[of_format]):
        return EntryKind(kind)
    if of_format > 1 and isinstance(kind, str):
        raise NotReadError(f"is of kind {kind}")
    raise ValueError(f"its kind, {kind!r}, is none")


def _form_of(of_format: int, kind: EntryKind, has: Callable[[str], bool]) -> Form:
    forms = FORMS[of_format][kind]
    return next((form for form in forms if has(form.about)), forms[0])


def _unknown(value: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the format does not name. Raises NotReadError for those that must be understood."""
    later = [name for name in sorted(value) if name in _LATER]
    for about, names in _LATER_IN_OBJECTS.items():
        inner = value.get(about)
        later += [name for name in sorted(inner) if name in names] if isinstance(inner, dict) else []
    critical = value.get("critical")
    later += [name for name in critical if name not in _UNDERSTOOD] if _is_texts(critical) else []
    if later:
        raise NotReadError(f"has a {later[0]}")
    return {name: one for name, one in value.items() if name not in _NAMED}


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _missing(name: str, kind: EntryKind, of_format: int) -> ValueError:
    if (name, kind, of_format) == ("effective", EntryKind.POST, 2):
        return NotReadError("has no effective and waits for a receipt")
    return ValueError(f"it has no {name}")


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
        written = entry_json(entry)
        if canonical(written) != line:
            raise ValueError("its bytes are not as Engross writes them")
    except (ValueError, RecursionError) as problem:
        return _broken(path, number, _unreadable(line, number, problem))
    del written["hash"]
    if hash_of(written) != entry.hash:
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
