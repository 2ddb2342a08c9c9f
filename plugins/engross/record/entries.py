"""An entry of the ledger as JSON, and back: which fields each kind has, in each format. See RECORD-FORMAT.md.

An entry is written once and read for ever, so that nothing is read leniently: missing fields, fields of another kind
and values of another type are mistakes. Fields that the format does not name are kept as they are; what it specifies
for later versions is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from engross.model import Entry, EntryKind
from engross.record.canonical import hash_of
from engross.record.entry_values import IN_OBJECTS, READ, WRITE, NotReadError

FORMAT = 2
"""The format of new entries. It rises when an entry is written in a way that older tools cannot read."""

FIRST = "0" * 64
"""The `previous` of the first entry."""

FIRST_READER = 1
"""The generation of the parser that read the texts sealed in format 1."""


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
_WITHOUT_VALUE: tuple[object, ...] = (None, 0, "", False, [])


def entry_json(entry: Entry, *, hashed: bool = True) -> dict[str, Any]:
    """An entry as plain values; without its own hash where `hashed` is false."""
    write, form = WRITE[entry.format], _form_of(entry.format, entry.kind, lambda name: bool(getattr(entry, name)))
    written = {name: write[name](entry) for name in ALWAYS | form.required}
    for name in form.optional:
        if (value := write[name](entry)) not in _WITHOUT_VALUE:
            written[name] = value
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
    fields: dict[str, Any] = {"reader": FIRST_READER} if (of_format, kind) == (1, EntryKind.POST) else {}
    for name in set(value) - {"kind", *extra}:
        try:
            read = READ[of_format][name](value[name])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f"its {name} is not as it should be") from None
        extra |= read.pop("extra", {})
        fields.update(read)
    return Entry(kind=kind, **{"document": "", **fields}, extra=extra)


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
