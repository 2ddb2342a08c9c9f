"""Retirements of models in calendars, and every calendar as an independent program reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from test_posted import publication
from tests.record.playing import MODELS, Site, day, posted_site

from engross.common import Cache
from engross.model import VersionId
from engross.record import Record, objection_deadlines, open_record
from engross.record.views.posted_changes import posted_changes
from engross.render import CalendarEvent, calendars, objections, retirements
from engross.render.changes import calendars as calendars_module
from engross.render.changes.posted import Publication
from engross.render.changes.summaries import _summary

TOUR = Path(__file__).parent.parent / "released" / "0.1" / "tour" / "record"
YEAR = Path(__file__).parents[2] / "examples" / "tour" / "record"
LIFE = "    name: Small 1\n"


def of(record: Record, at: datetime) -> Publication:
    return replace(publication(), posted=posted_changes(record), at=at, entries={}, authority="example.com,2026")


def events(record: Record, tmp_path: Path) -> dict[str, CalendarEvent]:
    found = list(retirements(of(record, day(200)), Cache(tmp_path / "cache")))
    return {one.id.removeprefix("tag:example.com,2026:documents/models/models/"): one for one in found}


def retire(site: Site, when: str, number: int, **facts: str) -> None:
    """Post a list in which a model retires on a day, or has no such day."""
    life = f"    lifecycle: {{retires: {when}}}\n" if when else ""
    site.write("models.yml", MODELS.replace(LIFE, LIFE + life))
    site.at(number).post("models", **facts)


def test_a_retirement_keeps_its_id_and_counts_its_changes(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    assert events(site.record, tmp_path) == {}
    retire(site, "2026-09-30", 1)
    first = events(site.record, tmp_path)["small-1/retires"]
    assert first == CalendarEvent(
        first.id, day(1), date(2026, 9, 30), "Small 1 is retired (Model List)", ("models",), page="models/"
    )
    site.edit("models.yml", ("4096", "5000"))
    site.at(2).post("models")
    assert events(site.record, tmp_path)["small-1/retires"] == first
    retire(site, "2026-10", 3)
    moved = events(site.record, tmp_path)["small-1/retires"]
    assert moved == replace(first, stamp=day(3), start=date(2026, 10, 1), end=date(2026, 11, 1), sequence=1)
    retire(site, "", 4)
    assert events(site.record, tmp_path)["small-1/retires"] == replace(moved, stamp=day(4), sequence=2, cancelled=True)
    retire(site, "2026-12-15", 5)
    again = events(site.record, tmp_path)["small-1/retires"]
    assert again == replace(first, stamp=day(5), start=date(2026, 12, 15), sequence=3)


def test_a_withdrawn_list_cancels_what_it_announced(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    retire(site, "2026-09-30", 1, effective="2026-03-01")
    site.write("models.yml", MODELS)
    site.at(2).post("models", "withdraws: [models@2]", summary="Not yet.")
    found = events(site.record, tmp_path)["small-1/retires"]
    assert (found.cancelled, found.sequence, found.stamp) == (True, 1, day(2))


def test_a_model_that_leaves_the_list_on_its_day_is_not_cancelled(tmp_path: Path) -> None:
    record = open_record(TOUR)
    found = events(record, tmp_path)
    assert {name: one.cancelled for name, one in found.items()} == {
        "sparrow-1-8b/retires": False,
        "heron-2-70b/retires": False,
    }


def test_the_last_day_to_object_is_the_day_before_the_time_ends() -> None:
    record = open_record(YEAR)
    found = {one.id.partition("/rows/")[2]: one for one in objections(of(record, datetime(2026, 11, 20, tzinfo=UTC)))}
    assert list(found) == ["shoal-words/objection/3", "lantern-words/objection/4"]
    withdrawn, open_ = found.values()
    assert (withdrawn.cancelled, withdrawn.sequence) == (True, 1)
    assert withdrawn.stamp == record.versions["subprocessors"][2].withdrawn
    assert (open_.cancelled, open_.sequence, open_.start) == (False, 0, date(2026, 12, 1))
    assert open_.title.startswith("Last day to object: Lantern Words Ltd. (")


def test_a_deadline_is_known_while_its_row_is_announced() -> None:
    record, zone = open_record(YEAR), ZoneInfo("UTC")
    for day_, rows in ((14, ["shoal-words"]), (20, ["lantern-words"]), (30, ["lantern-words"])):
        at = datetime(2026, 11, day_, 12, tzinfo=UTC)
        assert list(objection_deadlines(record.as_known(at), "subprocessors", at, zone)) == rows
    assert objection_deadlines(record, "subprocessors", datetime(2026, 12, 6, tzinfo=UTC), zone) == {}


@pytest.mark.parametrize(("written", "days"), [
    ("2026-12", (date(2026, 12, 1), date(2027, 1, 1))), ("2026-11", (date(2026, 11, 1), date(2026, 12, 1))),
    ("2028-02-29", (date(2028, 2, 29), None)), ("9999-12", (date(9999, 12, 1), None)),
])  # fmt: skip
def test_a_month_is_all_of_its_days(written: str, days: tuple[date, date | None]) -> None:
    assert calendars_module._days(written) == days


def test_a_year_has_four_digits(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    retire(site, "0999-05", 1)
    pub = of(site.record, day(2))
    events = tuple(retirements(pub, Cache(tmp_path / "cache")))
    calendar = dict(calendars(pub, {}, events))["feeds/models.ics"]
    assert b"DTSTART;VALUE=DATE:09990501\r\nDTEND;VALUE=DATE:09990601\r\n" in calendar
    assert calendars_module._utc(datetime(999, 5, 1, 3, tzinfo=UTC)) == "09990501T030000Z"


def test_every_calendar_of_the_tour_is_read_back(tmp_path: Path) -> None:
    record = open_record(TOUR)
    pub = of(record, datetime(2026, 12, 1, tzinfo=UTC))
    pub = replace(pub, site=replace(pub.site, url="https://example.com/"))
    summaries = {change.slug: _summary(pub, change) for change in pub.posted.changes}
    others = tuple(retirements(pub, Cache(tmp_path / "cache")))
    files = dict(calendars(pub, summaries, others))
    read = {name: Calendar.from_ical(data) for name, data in files.items()}
    for calendar in read.values():
        assert calendar["VERSION"] == "2.0"
        assert not calendar.errors
        for one in calendar.events:
            assert not one.errors
            assert one["UID"].startswith("tag:example.com,2026:")
            assert one["DTSTAMP"].dt <= pub.at
            assert one["STATUS"] in ("CONFIRMED", "CANCELLED")
            assert one["URL"].startswith("https://example.com/")
        assert len({one["UID"] for one in calendar.events}) == len(calendar.events)
    whole = {str(one["UID"]): one for one in read["feeds/changes.ics"].events}
    models = {str(one["UID"]) for one in read["feeds/models.ics"].events}
    assert {one.id for one in others} <= models <= set(whole)
    assert {one.id for one in others}.isdisjoint(str(one["UID"]) for one in read["feeds/material.ics"].events)
    for one in others:
        event = whole[one.id]
        assert (str(event["SUMMARY"]), event["DTSTART"].dt) == (one.title, one.start)
    cancelled = [one for one in whole.values() if one["STATUS"] == "CANCELLED"]
    assert cancelled
    assert all(one["SEQUENCE"] == 1 for one in cancelled)
    assert dict(calendars(pub, summaries, others)) == files


def test_a_list_that_cannot_be_read_changes_no_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = open_record(TOUR)
    before = events(record, tmp_path)
    fifth = record.version(VersionId("models", 5))
    read = calendars_module.sealed_source

    def broken(record: Record, version: object) -> object:
        source = read(record, version)
        return replace(source, text="models: []\n") if version == fifth else source

    monkeypatch.setattr(calendars_module, "sealed_source", broken)
    assert events(record, tmp_path / "other") == before
