"""The fields of ledger entries as JSON: one model for the lines of each format. See RECORD-FORMAT.md.

The models check the values of a line and convert them to the nouns of `engross.model`, and back. Which fields a kind of
entry has is in `file.FORMS`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    PlainSerializer,
    Strict,
    ValidationError,
    model_validator,
)

from engross.model import (
    BUILT_IN,
    AwaitedNotice,
    ChangeClass,
    ClaimedDate,
    DateKind,
    Delivered,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    Ground,
    ImportSource,
    NoteRef,
    RegisterSchema,
    Sealed,
    SetEntry,
    SourceKind,
)
from engross.record.encoding import MOST_MESSAGES, STRICT, Count, Id, Sha, format_instant, parse_sealed_instant
from engross.record.ledger.promise_schema import (
    Awaited,
    LedgerObject,
    Many,
    Promise,
    Register,
    check_day,
    from_noun,
    object_of,
    promise_json,
    promise_of,
    register_json,
    to_noun,
)

Instant = Annotated[str, AfterValidator(parse_sealed_instant), PlainSerializer(format_instant, when_used="unless-none")]


_ABSENT: Any = None
"""The default of a field without a value. A line must not have the field then: null is refused."""


class _Hashes(LedgerObject):
    source: Sha
    text: Sha
    tree: Sha


class _NoteHash(LedgerObject):
    slug: Id
    sha256: Sha


class _NoteSeal(LedgerObject):
    slug: Id
    sealed: Sha


class _Condition(LedgerObject):
    id: Id
    text: str


class _Ground(LedgerObject):
    id: Id
    title: str
    cites: str = ""
    conditions: Many[
        Annotated[
            _Condition,
            AfterValidator(lambda condition: (condition.id, condition.text)),
            PlainSerializer(lambda pair: {"id": pair[0], "text": pair[1]}),
        ]
    ] = ()


class _Document(LedgerObject):
    """A document's settings in `documents.yml`. Format 1 has the ids of its grounds."""

    id: Id
    title: str
    kind: Annotated[DocumentKind, Strict(False)]
    file: str = ""
    published: str = ""
    changes: str = ""
    numbering: bool = False
    description: str = ""
    grounds: Many[str] = ()
    policy: str = ""
    notice_days: int = 0
    text_required: bool = False


# Classes of pydantic have a method of this name for virtual subclasses, which nothing here uses.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "Field name .register. ", UserWarning)

    class _GroundedDocument(_Document):
        """A document's settings in format 2, which has the grounds themselves."""

        grounds: Many[Annotated[_Ground, to_noun(Ground), from_noun(_Ground)]] = ()  # type: ignore[assignment]
        notice: Annotated[Promise, AfterValidator(promise_of), PlainSerializer(promise_json)] = _ABSENT
        delivery: Literal["", "active"] = ""
        register: Annotated[
            Register,
            AfterValidator(lambda read: BUILT_IN.get(read.name) or RegisterSchema(read.columns)),
            PlainSerializer(register_json),
        ] = _ABSENT


class _Set1(LedgerObject):
    id: Id
    title: str
    agreement: Id
    incorporates: Many[str]
    precedence: Many[Many[str]]


class _Set(_Set1):
    """A set in format 2."""

    consumer: bool = False


def _claimed_date(text: str) -> str:
    """Check a day or an instant. Raises ValueError for any other text, and for a day that does not exist."""
    if "T" in text:
        parse_sealed_instant(text)
        return text
    return check_day(text)


class _Claimed(LedgerObject):
    date: Annotated[str, AfterValidator(_claimed_date)]
    kind: Annotated[DateKind, Strict(False)]


class _Source(LedgerObject):
    """Where an imported text came from. Only a text from a folder has no commit."""

    kind: Annotated[SourceKind, Strict(False)]
    path: Annotated[str, Field(min_length=1)]
    commit: Annotated[str, Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})?$")] = ""
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    @model_validator(mode="after")
    def _has_commit(self) -> Self:
        if bool(self.commit) is (self.kind is SourceKind.FOLDER):
            raise ValueError("it has no commit, or one of a folder")
        return self


def _sealed(value: Any) -> Sealed:
    return Sealed("", "", "", value) if isinstance(value, str) else Sealed(**vars(value))


class _Delivered(LedgerObject):
    """What the sender of a notice reported. Not every message failed."""

    notice: Sha
    sent: Instant
    count: int = Field(ge=1, le=MOST_MESSAGES)
    failures: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _arrived(self) -> Self:
        if self.failures >= self.count:
            raise ValueError("every message failed")
        return self


Set1 = Annotated[_Set1, to_noun(SetEntry), from_noun(_Set1)]
Set = Annotated[_Set, to_noun(SetEntry), from_noun(_Set)]
Hashes = Annotated[_Hashes, to_noun(Sealed), from_noun(_Hashes)]
SealHash = Annotated[Sha, AfterValidator(_sealed), PlainSerializer(lambda sealed: sealed.seal)]
Was = Annotated[
    Sha | _Hashes,
    AfterValidator(_sealed),
    PlainSerializer(lambda was: was.seal or object_of(_Hashes, was)),
]

Note = Annotated[
    _NoteSeal,
    AfterValidator(lambda note: NoteRef(note.slug, "", note.sealed)),
    PlainSerializer(lambda note: {"slug": note.slug, "sealed": note.ledger_hash}),
]


class _Line(BaseModel):
    """The fields that are the same in both formats. A kind of entry has some of them (`file.FORMS`)."""

    model_config = STRICT

    format: int
    seq: Count
    kind: Annotated[EntryKind, Strict(False)]
    posted: Instant
    previous: Sha
    hash: Sha
    document: Id = ""
    version: Count = 0
    effective: Instant = _ABSENT
    change_class: Annotated[ChangeClass, Strict(False)] = Field(_ABSENT, alias="class")
    material: bool = False
    corrects: Count = 0
    clause: str = ""
    reason: str = ""


class _Line1(_Line):
    sealed: Hashes = _ABSENT
    was: Hashes = _ABSENT
    entry: Annotated[_Document, to_noun(DocumentEntry), from_noun(_Document)] = _ABSENT
    sets: Many[Set1] = ()
    notes: Many[Annotated[_NoteHash, to_noun(NoteRef), from_noun(_NoteHash)]] = ()
    supersedes: int = Field(0, ge=0)
    restores: int = Field(0, ge=0)


class _Line2(_Line):
    sealed: SealHash = _ABSENT
    was: Was = _ABSENT
    entry: Annotated[_GroundedDocument, from_noun(_GroundedDocument)] = _ABSENT
    set: Set = _ABSENT
    ended: bool = False
    about: Id = ""
    note: Id = ""
    notes: Many[Note] = ()
    supersedes: Count = 0
    restores: Count = 0
    reader: Count = 0
    continues: Count = 0
    notice_from: Instant = _ABSENT
    claimed: Annotated[_Claimed, to_noun(ClaimedDate), from_noun(_Claimed)] = _ABSENT
    source: Annotated[_Source, to_noun(ImportSource), from_noun(_Source)] = _ABSENT
    awaits: Annotated[Awaited, to_noun(AwaitedNotice), from_noun(Awaited)] = _ABSENT
    delivered: Annotated[_Delivered, to_noun(Delivered), from_noun(_Delivered)] = _ABSENT
    critical: Many[str] = ()


_LINES: Mapping[int, type[_Line]] = {1: _Line1, 2: _Line2}
IN_OBJECTS: Mapping[str, frozenset[str]] = {
    "entry": frozenset(_GroundedDocument.model_fields),
    "set": frozenset(_Set.model_fields),
}
"""The known fields of the two objects of an entry that may also have fields unknown to this version."""


def read_fields(value: Mapping[str, Any], of_format: int) -> dict[str, Any]:
    """Convert the fields of a line to those of an `Entry`. Raises ValueError that names the first invalid field."""
    try:
        fields = vars(_LINES[of_format].model_validate(value))
    except ValidationError as wrong:
        name = wrong.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0]
        raise ValueError(f"its {name} is not valid") from None
    if isinstance(document := fields["entry"], _GroundedDocument):
        ids = tuple(ground.id for ground in document.grounds)
        return {
            **fields,
            "entry": DocumentEntry(**{**vars(document), "grounds": ids}),
            "grounds": document.grounds,
        }
    return fields


def write_fields(entry: Entry, names: Iterable[str]) -> dict[str, Any]:
    """Fields of an entry as plain values, by their names in the ledger."""
    values = {name: getattr(entry, attribute(name)) for name in names}
    if entry.format > 1 and entry.entry and "entry" in values:
        values["entry"] = replace(entry.entry, grounds=entry.grounds)  # type: ignore[arg-type]
    written = _LINES[entry.format].model_construct(**values)
    return written.model_dump(mode="json", by_alias=True, exclude_unset=True)


def attribute(name: str) -> str:
    """The attribute of `Entry` for a field of the ledger."""
    return "change_class" if name == "class" else name
