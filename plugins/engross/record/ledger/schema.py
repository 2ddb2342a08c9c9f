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
    TypeAdapter,
    ValidationError,
    model_validator,
)

from engross.model import (
    BUILT_IN,
    AwaitedNotice,
    ChangeClass,
    ClaimedDate,
    Column,
    ColumnType,
    DateKind,
    Delivered,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    Ground,
    ImportSource,
    NoteRef,
    NoticePromise,
    NoticeRule,
    NoticeUnit,
    RegisterSchema,
    Sealed,
    SetEntry,
    SourceKind,
)
from engross.record.encoding import STRICT, Count, Id, Sha, parse_sealed_instant
from engross.record.ledger.objects import (
    ABSENT,
    Instant,
    LedgerObject,
    Many,
    checked_day,
    checked_zone,
    from_noun,
    object_of,
    to_noun,
)


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


def _of_whole_days(unit: NoticeUnit) -> NoticeUnit:
    if unit is NoticeUnit.ELAPSED:
        raise ValueError("periods of 24 hours are notice_days")
    return unit


class _Rule(LedgerObject):
    """How many days of notice are promised, and how they are counted."""

    count: int = Field(ge=0, le=10_000)
    unit: Annotated[NoticeUnit, Strict(False), AfterValidator(_of_whole_days)] = NoticeUnit.CALENDAR
    region: str = ""
    days_off: Many[Annotated[str, AfterValidator(checked_day)]] = ()
    from_first_day: bool = False
    from_delivery: bool = False


Rule = Annotated[_Rule, to_noun(NoticeRule), from_noun(_Rule)]
_RULES = TypeAdapter(dict[str, Rule])


def _promise(read: _Promise) -> NoticePromise:
    rule = NoticeRule(**{name: getattr(read, name) for name in _Rule.model_fields})
    # The values of the two are rules already: pydantic converts them before this.
    classes, grounds = (tuple(vars(read)[name].items()) for name in ("classes", "grounds"))
    return NoticePromise(rule, classes, grounds)


def promise_json(promise: NoticePromise | None) -> dict[str, Any] | None:
    """Return a promise of notice as a plain object, as the ledger holds it; None for no promise."""
    if promise is None or promise.rule is None:
        return None
    parts = {name: _RULES.dump_python(dict(getattr(promise, name)), mode="json") for name in ("classes", "grounds")}
    return object_of(_Rule, promise.rule) | {name: rules for name, rules in parts.items() if rules}


class _Promise(_Rule):
    """The promised notice of a document: the rule for material changes, and those of classes and grounds."""

    classes: dict[str, Rule] = Field(default_factory=dict)
    grounds: dict[str, Rule] = Field(default_factory=dict)


class _Column(LedgerObject):
    id: Id
    type: Annotated[ColumnType, Strict(False)] = ColumnType.TEXT
    label: str
    required: bool = False
    contractual: bool = True
    choices: Many[str] = ()


class _Register(LedgerObject):
    """The columns of a register: those of a built-in one by its name, or all of a declared one."""

    name: str = ""
    columns: Many[Annotated[_Column, to_noun(Column), from_noun(_Column)]] = ()

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if bool(self.columns) is bool(self.name) or (self.name and self.name not in BUILT_IN):
            raise ValueError("it has the name of a built-in register, or columns")
        return self


def register_json(register: RegisterSchema | None) -> dict[str, Any] | None:
    """Return the columns of a register as a plain object, as the ledger holds them; None if there are none."""
    if register is None:
        return None
    return {"name": register.name} if register.name else object_of(_Register, register)


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
        notice: Annotated[_Promise, AfterValidator(_promise), PlainSerializer(promise_json)] = ABSENT
        delivery: Literal["", "active"] = ""
        register: Annotated[
            _Register,
            AfterValidator(lambda read: BUILT_IN.get(read.name) or RegisterSchema(read.columns)),
            PlainSerializer(register_json),
        ] = ABSENT


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
    return checked_day(text)


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


class _AwaitedRule(_Rule):
    """A rule of an awaited notice, which may also be that of `notice_days`."""

    unit: Annotated[NoticeUnit, Strict(False)] = NoticeUnit.CALENDAR


class _Awaited(LedgerObject):
    """The notice that a version waits for. One of its rules counts from delivery."""

    zone: Annotated[str, AfterValidator(checked_zone)]
    rules: Annotated[Many[Annotated[_AwaitedRule, to_noun(NoticeRule), from_noun(_AwaitedRule)]], Field(min_length=1)]

    @model_validator(mode="after")
    def _counts_from_delivery(self) -> Self:
        if not any(rule.from_delivery for rule in self.rules):
            raise ValueError("none of its rules counts from delivery")
        return self


def awaited_json(awaited: AwaitedNotice) -> dict[str, Any]:
    """Return an awaited notice as a plain object, as the ledger holds it."""
    return object_of(_Awaited, awaited)


class _Delivered(LedgerObject):
    """What the sender of a notice reported. Not every message failed."""

    notice: Sha
    sent: Instant
    count: Count
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
    effective: Instant = ABSENT
    change_class: Annotated[ChangeClass, Strict(False)] = Field(ABSENT, alias="class")
    material: bool = False
    corrects: Count = 0
    clause: str = ""
    reason: str = ""


class _Line1(_Line):
    sealed: Hashes = ABSENT
    was: Hashes = ABSENT
    entry: Annotated[_Document, to_noun(DocumentEntry), from_noun(_Document)] = ABSENT
    sets: Many[Set1] = ()
    notes: Many[Annotated[_NoteHash, to_noun(NoteRef), from_noun(_NoteHash)]] = ()
    supersedes: int = Field(0, ge=0)
    restores: int = Field(0, ge=0)


class _Line2(_Line):
    sealed: SealHash = ABSENT
    was: Was = ABSENT
    entry: Annotated[_GroundedDocument, from_noun(_GroundedDocument)] = ABSENT
    set: Set = ABSENT
    ended: bool = False
    about: Id = ""
    note: Id = ""
    notes: Many[Note] = ()
    supersedes: Count = 0
    restores: Count = 0
    reader: Count = 0
    continues: Count = 0
    notice_from: Instant = ABSENT
    claimed: Annotated[_Claimed, to_noun(ClaimedDate), from_noun(_Claimed)] = ABSENT
    source: Annotated[_Source, to_noun(ImportSource), from_noun(_Source)] = ABSENT
    awaits: Annotated[_Awaited, to_noun(AwaitedNotice), from_noun(_Awaited)] = ABSENT
    delivered: Annotated[_Delivered, to_noun(Delivered), from_noun(_Delivered)] = ABSENT
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
