"""Read and write `ledger.jsonl`: one entry a line, each with the hash of the line before. See RECORD-FORMAT.md.

An entry is written once and read for ever, so the reader is strict: it refuses missing fields, fields of other kinds
and values of other types. It keeps fields that the format does not name, and refuses by name those reserved for later
versions. It also checks numbers, hashes and the order of posting; `invariants` checks what entries say of each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeGuard

from engross.common import error, value_class
from engross.model import NOT_FIXED, Diagnostic, Entry, EntryKind
from engross.record.encoding import SHORT, canonical, hash_of
from engross.record.ledger.schema import IN_OBJECTS, attribute, read_fields, write_fields

FORMAT = 2
"""The format of new entries. It rises when an entry is written in a way that older tools cannot read."""

FIRST = "0" * 64
"""The `previous` of the first entry."""

FIRST_READER = 1
"""The generation of the parser that read the texts sealed in format 1; its lines do not name it."""


class NotReadError(ValueError):
    """A later version of Engross wrote what this one does not read; the text continues "entry 7"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}, which this version of Engross does not read; update Engross")


@value_class(frozen=True, slots=True)
class Form:
    """The fields of an entry besides those of every entry. If a kind has several forms, only entries of this one have
    the field `about`: most often it names the subject.
    """

    about: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def _form(about: str, required: str, optional: str = "") -> Form:
    return Form(about, frozenset((about, *required.split())), frozenset(optional.split()))


ALWAYS = frozenset(("format", "hash", "kind", "posted", "previous", "seq"))
"""The fields of every entry."""

_TEXT = "version sealed entry class material notes"
_POST = f"{_TEXT} effective"
_FOLLOWS = "supersedes restores continues notice_from critical"
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
            _form("effective", f"document {_POST} reader", _FOLLOWS),
            _form("awaits", f"document {_TEXT} reader", _FOLLOWS),
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
        EntryKind.IMPORT: (
            _form("document", "version sealed entry reader claimed source", "notes class material critical"),
        ),
        EntryKind.RECEIPT: (
            _form("document", "delivered", "version effective critical"),
            _form("about", "delivered", "critical"),
        ),
    },
}  # fmt: skip
"""The fields of each kind of entry, by format. A kind that can have several subjects has a form for each."""

_LATER = frozenset(("language", "governing", "translations"))
_LATER_IN_OBJECTS: Mapping[str, frozenset[str]] = {
    "entry": frozenset(("languages", "consumer")),
}
_OF_LATER_KINDS = frozenset(("site", "key", "signs", "signature", "timestamp"))
_READ_HERE = ALWAYS.union(*(form.required | form.optional for forms in FORMS[2].values() for form in forms))
_NAMED = _READ_HERE | _LATER | _OF_LATER_KINDS | {"sets"}
"""Every field that the format names. The reader keeps all other fields."""
_UNDERSTOOD = _READ_HERE.union(*({f"{name}.{one}" for one in known} for name, known in IN_OBJECTS.items()))


def entry_json(entry: Entry, *, hashed: bool = True) -> dict[str, Any]:
    """An entry as plain values, without its own hash if `hashed` is false."""
    # The effective instant of a post that awaits its notice is not its own: a receipt fixes it.
    given = "awaits" if entry.awaits else ""
    form = _form_of(entry.format, entry.kind, lambda name: name == given if given else bool(getattr(entry, name)))
    optional = (name for name in form.optional if getattr(entry, attribute(name)))
    written = write_fields(entry, (*ALWAYS, *form.required, *optional))
    for name, value in entry.extra.items():
        written[name] = {**written[name], **value} if name in IN_OBJECTS else value
    if not hashed:
        del written["hash"]
    return written


def entry_hash(entry: Entry) -> str:
    """The hash that an entry must have: of all its fields except `hash`."""
    return hash_of(entry_json(entry, hashed=False))


def read_entry(value: object) -> Entry:
    """Read an entry from plain values.

    Raises ValueError with a message for people at the first mistake; NotReadError if a later version wrote the entry.
    """
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    of_format = _format(value)
    kind = _kind(value, of_format)
    form = _form_of(of_format, kind, value.__contains__)
    extra = _unknown(value) if of_format > 1 else {}
    wanted = ALWAYS | form.required
    for name in sorted(wanted - set(value)):
        raise ValueError(f"it has no {name}")
    if kind is EntryKind.POST and {"awaits", "effective"} <= value.keys():
        raise ValueError("it has awaits and effective, and a post has only one of them")
    for name in sorted(set(value) - wanted - form.optional - set(extra)):
        raise ValueError(f"it has the field {name}, which no {kind} has")
    known = {name: one for name, one in value.items() if name not in extra}
    if of_format > 1:
        for name in IN_OBJECTS.keys() & known.keys():
            known[name], others = _known(known[name], name)
            extra |= others
    fields = read_fields(known, of_format)
    if (of_format, kind) == (1, EntryKind.POST):
        fields["reader"] = FIRST_READER
    if kind is EntryKind.POST and "awaits" in value:
        fields["effective"] = NOT_FIXED
    if kind is EntryKind.IMPORT:
        fields |= {"effective": fields["posted"], "supersedes": fields["version"] - 1}
    return Entry(**fields, extra=extra)


def _known(value: object, name: str) -> tuple[object, dict[str, Any]]:
    """The fields of an object that this version knows, and the others in the form of `Entry.extra`."""
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
    raise ValueError(f"its kind is {kind!r}, and no entry has that kind")


def _form_of(of_format: int, kind: EntryKind, has: Callable[[str], bool]) -> Form:
    forms = FORMS[of_format][kind]
    return next((form for form in forms if has(form.about)), forms[0])


def _unknown(value: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the format does not name. Raises NotReadError for a field that the reader must understand."""
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


RULE = "record"
_ALTERED = "it was altered: its hash does not match its content"
_MERGED = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def line_of(entry: Entry) -> bytes:
    """An entry as a line of the ledger, with the line end."""
    return canonical(entry_json(entry)) + b"\n"


def ledger_bytes(entries: Iterable[Entry]) -> bytes:
    """The bytes of a ledger with these entries."""
    return b"".join(map(line_of, entries))


def chained(entries: Sequence[Entry], new: Sequence[Entry]) -> tuple[Entry, ...]:
    """Number new entries and chain them to existing ones: `seq`, `previous` and `hash` are replaced."""
    seq, previous = (entries[-1].seq, entries[-1].hash) if entries else (0, FIRST)
    bound = []
    for entry in new:
        seq += 1
        unhashed = replace(entry, seq=seq, previous=previous, hash="")
        bound.append(replace(unhashed, hash=entry_hash(unhashed)))
        previous = bound[-1].hash
    return tuple(bound)


def read_ledger(data: bytes, path: str) -> tuple[tuple[Entry, ...], list[Diagnostic]]:
    """Read a ledger: its entries, and a diagnostic if its bytes or its chain are broken.

    Entries after the first broken line are left out, since their place in the chain is unknown.
    """
    entries: list[Entry] = []
    if data and not data.endswith(b"\n"):
        number = data.count(b"\n") + 1
        return (), [_broken(path, number, f"entry {number} is incomplete: the file ends within its line")]
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        found = _read_line(line, number, path, entries)
        if isinstance(found, Diagnostic):
            return tuple(entries), [found]
        entries.append(found)
    return tuple(entries), []


def read_verified(data: bytes) -> tuple[Entry, ...]:
    """Read a ledger in which `read_ledger` found no mistake before, by the hash of its bytes."""
    return tuple(read_entry(json.loads(line)) for line in data.split(b"\n")[:-1])


def _read_line(line: bytes, number: int, path: str, before: Sequence[Entry]) -> Entry | Diagnostic:
    try:
        entry, unaltered = _entry_of(line)
    except (ValueError, RecursionError) as problem:
        return _broken(path, number, _unreadable(line, number, problem))
    if not unaltered:
        # An altered entry may have any number, so the message has the number of the line.
        return _broken(path, number, f"{replace(entry, seq=number).name}: {_ALTERED}")
    for mistake in _chain_mistakes(entry, before):
        return _broken(path, number, f"{entry.name}: {mistake}")
    return entry


@lru_cache(maxsize=1024)
def _entry_of(line: bytes) -> tuple[Entry, bool]:
    """The entry in a line, and whether its hash matches its content. Raises as `read_entry` does.

    A command reads the ledger several times: before it writes anything, and to verify what it wrote.
    """
    entry = read_entry(json.loads(line, parse_float=_refuse_float))
    # Different bytes can have the same meaning; only the bytes that Engross writes are valid.
    written = entry_json(entry)
    if canonical(written) != line:
        raise ValueError("its bytes are not as Engross writes them")
    del written["hash"]
    return entry, hash_of(written) == entry.hash


def _refuse_float(text: str) -> None:
    raise ValueError(f"{text} is not a whole number")


def _unreadable(line: bytes, number: int, problem: Exception) -> str:
    if line.decode("utf-8", "replace").startswith(_MERGED):
        return f"this line is a conflict marker of a merge. {BOTH_RELEASED}"
    if isinstance(problem, NotReadError):
        return f"entry {number} {problem}"
    not_json = isinstance(problem, (json.JSONDecodeError, UnicodeError, RecursionError))
    return f"entry {number} cannot be read: {'it is not valid JSON' if not_json else problem}"


def _chain_mistakes(entry: Entry, before: Sequence[Entry]) -> Iterator[str]:
    """What is wrong with an entry's place in the chain."""
    last = before[-1] if before else None
    previous, seq = (last.hash, last.seq) if last else (FIRST, 0)
    if entry.previous != previous:
        yield from _wrong_previous(entry, before)
    if entry.seq != seq + 1:
        yield f"its number must be {seq + 1}; entries were dropped, added or reordered"
    if last and entry.posted < last.posted:
        yield f"it is backdated: posted before {last.name} above it"
    if last and entry.format < last.format:
        yield f"it is of format {entry.format}, and {last.name} above it of format {last.format}"


def _wrong_previous(entry: Entry, before: Sequence[Entry]) -> Iterator[str]:
    known = {one.hash: one for one in before}
    known_or_first = entry.previous == FIRST or entry.previous in known
    if known_or_first and before:
        after = known[entry.previous].name if entry.previous in known else "the beginning"
        yield f"it follows {after}, and so does {_follower(entry.previous, before).name}. {BOTH_RELEASED}"
    else:
        above = before[-1].name if before else "the beginning"
        yield (
            f"it does not follow {above}: the entry with hash {entry.previous[:SHORT]}… was dropped or altered, or "
            "entries were reordered"
        )


def _follower(previous: str, before: Sequence[Entry]) -> Entry:
    return next(one for one in before if one.previous == previous)


BOTH_RELEASED = (
    "Two branches have each released. Keep the ledger that was published, remove the other branch's entries and their "
    "sealed files, keep its change notes and texts, and release again"
)
"""How to repair the ledger after a merge of two branches that have each released."""


def _broken(path: str, line: int, message: str) -> Diagnostic:
    return error(RULE, path, line, 1, message)
