"""What the schemas of ledger entries share: lists, instants, and the conversion between JSON objects and nouns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, PlainSerializer, Strict

from engross.record.encoding import STRICT, format_instant, parse_sealed_instant

Value = TypeVar("Value")
Many = Annotated[tuple[Value, ...], Strict(False)]
"""A JSON list, whose items are checked strictly."""
Instant = Annotated[str, AfterValidator(parse_sealed_instant), PlainSerializer(format_instant, when_used="unless-none")]


ABSENT: Any = None
"""The default of a field without a value. A line must not have the field then: null is refused."""


def checked_day(text: str) -> str:
    """Check a day. Raises ValueError for any other text, and for a day that does not exist."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("it is not a day of the form 2026-01-31")
    return text


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
    """A JSON object of a ledger entry, with exactly the fields of its model."""

    model_config = STRICT


def checked_zone(name: str) -> str:
    """Check the name of a time zone. Raises ValueError if there is none of that name."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError):
        raise ValueError("there is no such time zone") from None
    return name
