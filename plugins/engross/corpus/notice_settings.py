"""`notice` in `documents.yml`: its schema, its rules, and the promise that it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, Strict
from pydantic.dataclasses import dataclass as pydantic_dataclass
from pydantic_core import PydanticKnownError

from engross.common import meant, nearest, shown
from engross.corpus.business_days import region_mistake
from engross.corpus.fields import FORBID, Day, Text, listed
from engross.corpus.yaml import KeyPath, YamlFile, named_texts
from engross.corpus.yaml_errors import mistake
from engross.corpus.yaml_scalars import Unclear, as_day
from engross.model import ChangeClass, Diagnostic, DocumentKind, NoticePromise, NoticeRule, NoticeUnit

Count = Annotated[int, Strict(), Field(ge=0, le=10_000)]


def _check_day_off(value: object) -> date | str:
    day = as_day(value)
    if isinstance(day, date):
        return day
    if isinstance(day, Unclear) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day.text):
        raise mistake(f"{day.text} is not a valid date")
    if not isinstance(day, str):
        raise PydanticKnownError("string_type")
    if not day.strip():
        raise mistake("is empty; write a region such as DE-BY or a date such as 2026-12-24")
    return day.strip()


DaysOff = Annotated[
    tuple[Annotated[date | str, PlainValidator(_check_day_off)], ...],
    BeforeValidator(listed, json_schema_input_type=Text | Day | tuple[Text | Day, ...]),
]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class NoticeRuleRow:
    """How many days of notice are promised, and how they are counted."""

    count: Count = Field(description="The number of days; 0 for none.", examples=[30])
    unit: Literal["calendar", "business"] = Field(
        default="calendar",
        description="calendar: every day counts. business: Saturdays, Sundays and days off do not count.",
        examples=["business"],
    )
    calendar: DaysOff = Field(
        default=(),
        description="The days off of business days: a region whose public holidays are days off (a country such as DE, "
        "or a part of one such as DE-BY; needs the extra `notice`), days such as 2026-12-24, or a list of both.",
        examples=["DE-BY"],
    )
    first_day: Literal["excluded", "included"] = Field(
        default="excluded",
        description="Whether the day of posting is the first day that counts. The change applies from the midnight "
        "after the last day.",
        examples=["included"],
    )
    from_: Literal["posted", "delivered"] | None = Field(
        default=None,
        alias="from",
        description="posted: the days count from the posting. delivered: they count from the instant at which the "
        "notice was sent to customers; the note of such a change has no `effective`, and `engross receipt` fixes it. "
        "By default posted, or delivered if the document has `delivery: active`.",
        examples=["delivered"],
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class NoticeRow(NoticeRuleRow):
    """The notice of the changes of a document: the rule for material changes, and those of classes and grounds."""

    classes: dict[ChangeClass, NoticeRuleRow] = Field(
        default_factory=dict,
        description="Rules for the changes of a class, material or not, in place of the first.",
        examples=[{"editorial": {"count": 7}}],
    )
    grounds: dict[str, NoticeRuleRow] = Field(
        default_factory=dict,
        description="Rules for the changes on a ground, by its id. They come before those of classes.",
        examples=[{"law": {"count": 14}}],
    )


def notice_promise(row: NoticeRow | None, *, active: bool) -> NoticePromise | None:
    """Return the promise of a row; `active` if its rules count from delivery by default."""
    if row is None:
        return None
    classes = tuple((str(name), _rule(one, active)) for name, one in row.classes.items())
    grounds = tuple((name, _rule(one, active)) for name, one in row.grounds.items())
    return NoticePromise(_rule(row, active), classes, grounds)


def _rule(row: NoticeRuleRow, active: bool) -> NoticeRule:
    days = tuple(sorted(one.isoformat() for one in row.calendar if isinstance(one, date)))
    region = next((one for one in row.calendar if isinstance(one, str)), "")
    delivered = row.count > 0 and (active if row.from_ is None else row.from_ == "delivered")
    return NoticeRule(row.count, NoticeUnit(row.unit), region, days, row.first_day == "included", delivered)


def check_notice(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that a document has one promise of notice, that its grounds exist, and that its days off are known."""
    grounds = [name for _, name in named_texts(file, "grounds", "id")]
    for path in file.items(("documents",)):
        at = (*path, "notice")
        yield from _check_delivery(file, path)
        if file.node(at) is None:
            continue
        if file.node((*path, "notice_days")) is not None:
            message = "the document has a notice already; remove notice_days, which is the older way to write it"
            yield file.mistake((*path, "notice_days"), message)
        value = file.value(at)
        named = value.get("grounds") if isinstance(value, dict) else None
        for name in named if isinstance(named, dict) else ():
            if name not in grounds:
                message = f"there is no ground {shown(name)}{meant(name, grounds)}"
                yield file.mistake((*at, "grounds", name), message, fix=nearest(name, grounds))
        yield from _check_rules(file, at)


def _check_delivery(file: YamlFile, path: KeyPath) -> Iterator[Diagnostic]:
    """Check that a document whose notice is delivered has a notice, and a text whose versions can wait for it."""
    if file.node((*path, "delivery")) is None:
        delivered = "delivered" in [file.value((*at, "from")) for at in _rule_paths(file, (*path, "notice"))]
    elif file.node((*path, "notice")) is None:
        days = file.value((*path, "notice_days"))
        fix = f"notice: {{count: {days if isinstance(days, int) else 30}}}"
        message = "delivery: active says that notice counts from its delivery; add how long it is, as notice"
        yield file.mistake((*path, "delivery"), message, fix=fix)
        return
    else:
        delivered = True
    if delivered and file.value((*path, "kind")) == DocumentKind.NOTICE_ONLY:
        message = (
            "the text of this document is published elsewhere, so that no version of it can wait for a delivery; its "
            "notice counts from the posting"
        )
        yield file.mistake((*path, "kind"), message, fix="from: posted")


def _rule_paths(file: YamlFile, at: KeyPath) -> list[KeyPath]:
    """The paths of a notice and of the rules of its classes and grounds."""
    value = file.value(at)
    if not isinstance(value, dict):
        return []
    inner = ((key, value.get(key)) for key in ("classes", "grounds"))
    return [at, *((*at, key, name) for key, rules in inner if isinstance(rules, dict) for name in rules)]


def _check_rules(file: YamlFile, at: KeyPath) -> Iterator[Diagnostic]:
    for path in _rule_paths(file, at):
        rule = file.value(path)
        if isinstance(rule, dict) and "calendar" in rule:
            yield from _check_calendar(file, (*path, "calendar"), rule)


def _check_calendar(file: YamlFile, at: KeyPath, rule: dict[str, object]) -> Iterator[Diagnostic]:
    if rule.get("unit") != "business":
        yield file.mistake(at, "days off count for business days only; add unit: business, or remove this")
    written = rule["calendar"]
    listed = written if isinstance(written, tuple) else (written,)
    regions = [one for one in listed if isinstance(one, str) and one.strip() and isinstance(as_day(one), str)]
    if len(regions) > 1:
        yield file.mistake(at, f"name one region, not {len(regions)}; list the other days off")
    for region in regions:
        if mistake := region_mistake(region):
            yield file.mistake(at, f"{shown(region)} is not valid: {mistake}")
