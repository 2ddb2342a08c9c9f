"""Promises of a document in ledger entries, as JSON: its notice, the notice that a version waits for, its columns.

Helpers of all models of ledger entries are here too, because `schema` builds on this module. See RECORD-FORMAT.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field, PlainSerializer, Strict, TypeAdapter, model_validator

from engross.model import (
    BUILT_IN,
    AwaitedNotice,
    Column,
    ColumnType,
    NoticePromise,
    NoticeRule,
    NoticeUnit,
    RegisterSchema,
)
from engross.record.encoding import STRICT, Id

Value = TypeVar("Value")
Many = Annotated[tuple[Value, ...], Strict(False)]
"""A JSON list, whose items are checked strictly."""


def to_noun(noun: Callable[..., Any]) -> AfterValidator:
    """Convert the model of a JSON object to the noun that has the same fields."""
    return AfterValidator(lambda read: noun(**vars(read)))


def from_noun(model: type[BaseModel]) -> PlainSerializer:
    """Write a noun as the JSON object that a model describes."""
    return PlainSerializer(partial(object_of, model))


def object_of(model: type[BaseModel], noun: object) -> dict[str, Any]:
    """Convert a noun to the JSON object that a model describes. Fields with their default value are left out."""
    values = {name: getattr(noun, name) for name in model.model_fields}
    return model.model_construct(**values).model_dump(mode="json", exclude_defaults=True)


class LedgerObject(BaseModel):
    """A JSON object within a ledger entry: it has exactly the fields that are declared."""

    model_config = STRICT


def check_day(text: str) -> str:
    """Check a day. Raises ValueError for any other text, and for a day that does not exist."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("it is not a day of the form 2026-01-31")
    return text


def _of_whole_days(unit: NoticeUnit) -> NoticeUnit:
    if unit is NoticeUnit.ELAPSED:
        raise ValueError("periods of 24 hours are notice_days")
    return unit


class _Rule(LedgerObject):
    """How many days of notice are promised, and how they are counted."""

    count: int = Field(ge=0, le=10_000)
    unit: Annotated[NoticeUnit, Strict(False), AfterValidator(_of_whole_days)] = NoticeUnit.CALENDAR
    region: str = ""
    days_off: Many[Annotated[str, AfterValidator(check_day)]] = ()
    from_first_day: bool = False
    from_delivery: bool = False


Rule = Annotated[_Rule, to_noun(NoticeRule), from_noun(_Rule)]
_RULES = TypeAdapter(dict[str, Rule])


def promise_of(read: Promise) -> NoticePromise:
    """Return the promise that a JSON object describes."""
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


class Promise(_Rule):
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


class Register(LedgerObject):
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
    return {"name": register.name} if register.name else object_of(Register, register)


def _zone(name: str) -> str:
    """Check the name of a time zone. Raises ValueError if there is none of that name."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError("there is no such time zone") from None
    return name


class _AwaitedRule(_Rule):
    """A rule of an awaited notice, which may also be that of `notice_days`."""

    count: int = Field(ge=1, le=10_000)
    unit: Annotated[NoticeUnit, Strict(False)] = NoticeUnit.CALENDAR


class Awaited(LedgerObject):
    """The notice that a version waits for. One of its rules counts from delivery."""

    zone: Annotated[str, AfterValidator(_zone)]
    rules: Annotated[Many[Annotated[_AwaitedRule, to_noun(NoticeRule), from_noun(_AwaitedRule)]], Field(min_length=1)]

    @model_validator(mode="after")
    def _counts_from_delivery(self) -> Self:
        if not any(rule.from_delivery for rule in self.rules):
            raise ValueError("none of its rules counts from delivery")
        return self


def awaited_json(awaited: AwaitedNotice) -> dict[str, Any]:
    """Return an awaited notice as a plain object, as the ledger holds it."""
    return object_of(Awaited, awaited)
