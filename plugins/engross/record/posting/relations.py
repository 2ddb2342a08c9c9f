"""The promises in documents.yml besides the texts: how documents relate in a set, and how each may change.

Like texts, they are sealed in the ledger, and change only with a change note. A difference has the same words for
people who check, review and read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field as field_of
from typing import Any

from engross.common import value_class
from engross.corpus import Settings
from engross.model import (
    ColumnType,
    DocumentEntry,
    DocumentKind,
    Entry,
    Ground,
    NoticePromise,
    RegisterSchema,
    SetEntry,
)
from engross.record.history import Record
from engross.record.ledger.promise_schema import promise_json, register_json
from engross.record.notice_period import notice_in_words

PROMISES = ("kind", "register", "policy", "grounds", "notice", "notice_days", "delivery", "text_required")
"""The fields of a document's entry that are promises: a change of any of them needs a change note."""

OF_A_SET = ("title", "agreement", "incorporates", "precedence", "consumer")
"""The fields of a set, in the order in which they are listed."""

_WORDING = frozenset({"title", "policy"})
"""The fields whose words may change without a change of meaning."""


@value_class(frozen=True, slots=True)
class Difference:
    """One changed setting in documents.yml: its key, and the old and new values, as in JSON."""

    field: str
    old: Any = field_of(hash=False)
    new: Any = field_of(hash=False)

    @property
    def is_wording(self) -> bool:
        """Whether the change may be one of words only, such as a title."""
        return self.field in _WORDING

    def __str__(self) -> str:
        return f"{self.field} was {shown_value(self.old)}, and is {shown_value(self.new)}"


@value_class(frozen=True, slots=True)
class SetChange:
    """A set in documents.yml that differs from what was posted: `old` is None for a set that was not posted, `new` for
    one that is no longer listed.
    """

    id: str
    old: SetEntry | None
    new: SetEntry | None

    @property
    def entry(self) -> SetEntry:
        """The set as it will be sealed: its new state, or its last one if it ends."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What differs; nothing if the whole set is new or removed."""
        return set_differences(self.old, self.new) if self.old and self.new else ()

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents whose place in the set changes."""
        return changed_places(self.old, self.new)

    @property
    def is_wording(self) -> bool:
        """Whether only words change."""
        return bool(self.differences) and all(one.is_wording for one in self.differences)

    def __str__(self) -> str:
        if self.old is None:
            return "it was never posted"
        if self.new is None:
            return "it was posted, and is no longer listed in documents.yml"
        return "; ".join(map(str, self.differences))


def set_changes(settings: Settings, record: Record) -> Iterator[SetChange]:
    """Return the sets that differ from what was last posted: listed ones first, then removed ones."""
    for entry in settings.sets:
        old = record.last_set(entry.id)
        if old is None or set_differences(old, entry):
            yield SetChange(entry.id, old, entry)
    listed = {entry.id for entry in settings.sets}
    for name in record.sets:
        if name not in listed and (old := record.last_set(name)):
            yield SetChange(name, old, None)


def set_differences(old: SetEntry, new: SetEntry) -> tuple[Difference, ...]:
    """Return what differs between two descriptions of a set. The order of incorporated documents does not matter."""
    found = (Difference(name, _plain_field(old, name), _plain_field(new, name)) for name in OF_A_SET)
    return tuple(one for one in found if _sense(one.old) != _sense(one.new))


def _plain_field(entry: SetEntry, name: str) -> Any:
    value = getattr(entry, name)
    if name == "precedence":
        return [list(rank) for rank in value]
    return list(value) if isinstance(value, tuple) else value


def _sense(value: Any) -> Any:
    """Return a value in normal form: unordered lists, and the documents of one rank, are sorted."""
    if not isinstance(value, list) or not value:
        return value
    if isinstance(value[0], list):
        return [sorted(rank) for rank in value]
    return sorted(value, key=lambda one: one["id"] if isinstance(one, dict) else one)


def changed_places(old: SetEntry | None, new: SetEntry | None) -> tuple[str, ...]:
    """Return the documents that are in only one of two descriptions of a set, or over which other documents prevail."""
    before, after = _places(old), _places(new)
    names = dict.fromkeys((*before, *after))
    return tuple(name for name in names if before.get(name, _ABSENT) != after.get(name, _ABSENT))


_ABSENT = object()


def _places(entry: SetEntry | None) -> dict[str, frozenset[str] | None]:
    """Return what prevails over each document of a set, including its own rank; None without an order of precedence."""
    places: dict[str, frozenset[str] | None] = dict.fromkeys(entry.documents) if entry else {}
    above: frozenset[str] = frozenset()
    for rank in entry.precedence if entry else ():
        above |= frozenset(rank)
        places |= dict.fromkeys(rank, above)
    return places


def document_differences(
    posted: Entry | None, entry: DocumentEntry, grounds: Mapping[str, Ground]
) -> tuple[Difference, ...]:
    """Return the settings of a document that differ from the `posted` ones; nothing if it was never posted.

    `grounds` are those of documents.yml by id. The ledger has the words of grounds from format 2 on; without them, the
    ids are compared.
    """
    if posted is None or posted.entry is None:
        return ()
    new = [grounds[name] for name in entry.grounds if name in grounds]
    return promise_differences(posted, entry, new)


def promise_differences(posted: Entry, entry: DocumentEntry, grounds: Sequence[Ground]) -> tuple[Difference, ...]:
    """Return the settings in an entry and its grounds that differ from an earlier entry of the ledger."""
    assert posted.entry is not None
    found = []
    for name in PROMISES:
        old, new = getattr(posted.entry, name), getattr(entry, name)
        if name == "grounds":
            if posted.grounds and (grounds or not new):
                old, new = _plain_grounds(posted.grounds), _plain_grounds(grounds)
            else:
                old, new = list(old), list(new)
        if _sense(old) != _sense(new):
            found.append(Difference(name, _plain(old), _plain(new)))
    return tuple(found)


def _plain(value: Any) -> Any:
    if isinstance(value, NoticePromise):
        return promise_json(value)
    if isinstance(value, RegisterSchema):
        return register_json(value)
    return str(value) if isinstance(value, DocumentKind) else value


def _plain_grounds(grounds: Sequence[Ground]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "title": one.title,
            **({"cites": one.cites} if one.cites else {}),
            **({"conditions": [{"id": name, "text": text} for name, text in one.conditions]} if one.conditions else {}),
        }
        for one in grounds
    ]


def shown_value(value: Any) -> str:
    """Describe a value of documents.yml in words: precedence from high to low, equal ranks together."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(map(_shown_item, value)) or "nothing"
    if isinstance(value, dict):
        return notice_in_words(value) if "count" in value else _columns_in_words(value)
    if value is None:
        return "nothing"
    return f"“{value}”" if isinstance(value, str) and " " in value else str(value) or "nothing"


def _columns_in_words(register: Mapping[str, Any]) -> str:
    """Describe the columns of a register, as the ledger holds them: entity; address (for information)."""
    return register.get("name") or "; ".join(map(_column_in_words, register["columns"]))


def _column_in_words(column: Mapping[str, Any]) -> str:
    kind, choices = column.get("type", ColumnType.TEXT), column.get("choices", ())
    facts = [
        f"“{column['label']}”",
        kind if kind != ColumnType.TEXT else "",
        f"one of {', '.join(choices)}" if choices else "",
        "required" if column.get("required") else "",
        "" if column.get("contractual", True) else "for information",
    ]
    return f"{column['id']} ({', '.join(filter(None, facts))})"


def _shown_item(item: Any) -> str:
    if isinstance(item, list):
        return ", ".join(item) if len(item) < 2 else f"[{', '.join(item)}]"
    if not isinstance(item, dict):
        return str(item)
    conditions = ", ".join(f"{one['id']}: “{one['text']}”" for one in item.get("conditions", ()))
    parts = [f"“{item['title']}”", f"cites {item['cites']}" if "cites" in item else "", conditions]
    return f"{item['id']} ({', '.join(filter(None, parts))})"
