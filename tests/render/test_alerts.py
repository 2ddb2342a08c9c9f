"""Calendars of announced changes as RFC 5545 has them, and the ways to be notified."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from test_posted import POST, publication

from engross.corpus import ui_strings
from engross.model import Entry, EntryKind
from engross.render import Alerts, alerts_about, calendars, environment
from engross.render.changes.calendars import _folded, _text
from engross.render.changes.posted import Publication
from engross.render.changes.summaries import _summary

COMING = datetime(2026, 2, 1, tzinfo=UTC)


def calendar(pub: Publication, name: str = "changes") -> str:
    summaries = {change.slug: _summary(pub, change) for change in pub.posted.changes}
    return dict(calendars(pub, summaries))[f"feeds/{name}.ics"].decode()


def events(text: str) -> list[dict[str, str]]:
    """The events of a calendar: the lines are unfolded, and each property is one."""
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line and name != "END":
            assert name not in found[-1]
            found[-1][name] = value
    return found


def announced(at: datetime = COMING) -> Entry:
    return replace(POST, effective=at)


def test_an_announced_change_is_an_event_of_its_day() -> None:
    pub = publication(announced(), summary="Fees rise; a lot, as \\ told.\n\nSee it.")
    (event,) = events(calendar(pub))
    assert event == {
        "UID": event["UID"],
        "DTSTAMP": "20260101T000000Z",
        "DTSTART;VALUE=DATE": "20260201",
        "SUMMARY": r"Fees rise\; a lot\, as \\ told (A & <B>)",
        "DESCRIPTION": r"Fees rise\; a lot\, as \\ told. See it.",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
    }
    assert event["UID"].startswith("urn:uuid:")
    assert [one["UID"] for one in events(calendar(pub, "a"))] == [event["UID"]]
    assert [one["UID"] for one in events(calendar(pub, "material"))] == [event["UID"]]


def test_an_event_leads_to_the_page_of_its_change() -> None:
    pub = publication(announced())
    pub = replace(pub, site=replace(pub.site, url="https://example.com/"), authority="example.com,2026")
    (event,) = events(calendar(pub))
    assert event["URL"] == "https://example.com/changes/first/"
    assert event["DESCRIPTION"] == r"First.\nhttps://example.com/changes/first/"
    assert event["UID"] == r"tag:example.com\,2026:changes/first"


def test_an_instant_within_a_day_has_its_hour_and_a_day_is_one_of_the_site() -> None:
    (event,) = events(calendar(publication(announced(COMING.replace(hour=5)))))
    assert event["DTSTART"] == "20260201T050000Z"
    pub = publication(announced(COMING.replace(hour=5)))
    (event,) = events(calendar(replace(pub, site=replace(pub.site, zone=ZoneInfo("America/New_York")))))
    assert event["DTSTART;VALUE=DATE"] == "20260201"


def test_what_is_withdrawn_before_its_day_is_cancelled() -> None:
    at = datetime(2026, 1, 10, tzinfo=UTC)
    withdrawal = replace(
        POST, seq=2, kind=EntryKind.WITHDRAW, posted=at, effective=at, sealed=None, entry=None, notes=()
    )
    (event,) = events(calendar(replace(publication(announced(), withdrawal), at=at)))
    assert (event["STATUS"], event["DTSTAMP"]) == ("CANCELLED", "20260110T000000Z")


def test_a_change_that_applied_at_once_is_no_event_and_the_calendar_is_still_one() -> None:
    text = calendar(publication(POST))
    assert events(text) == []
    assert "BEGIN:VTIMEZONE\r\n" in text


@pytest.mark.parametrize("text", ["x" * 200, "é" * 100, "a" + "€" * 60, "😀" * 40, "x" * 75, "x" * 76, ""])
def test_lines_are_folded_by_bytes_and_never_within_a_character(text: str) -> None:
    folded = _folded(f"SUMMARY:{text}")
    parts = folded.removesuffix("\r\n").split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert all(part.startswith(" ") for part in parts[1:])
    assert folded.replace("\r\n ", "") == f"SUMMARY:{text}\r\n"


def test_text_cannot_begin_another_line() -> None:
    assert _text("a\r\nEND:VEVENT\n\x00b\rc") == r"a\nEND:VEVENT\nbc"


WORDS = ui_strings("en")


def shown(alerts: Alerts) -> str:
    return environment().get_template("alerts.html").render(alerts=alerts, words=WORDS)


def test_a_page_about_one_document_has_its_feed_and_its_calendar() -> None:
    alerts = alerts_about([("a", "A & <B>")], WORDS, lambda address: f"../{address}", "")
    html = shown(alerts)
    assert 'href="../feeds/a.xml"' in html
    assert 'href="../feeds/changes.json"' in html
    assert 'href="../feeds/a.ics"' in html
    assert "Changes to A &amp; &lt;B&gt;" in html
    assert WORDS["alerts_email"] not in html


def test_a_page_about_all_has_the_calendar_of_all_and_the_list_that_documents_yml_names() -> None:
    alerts = alerts_about([("a", "A"), ("b", "B")], WORDS, str, "https://example.com/join?a&b")
    html = shown(alerts)
    assert 'href="feeds/changes.ics"' in html
    assert 'href="https://example.com/join?a&amp;b"' in html
    assert shown(Alerts()).strip() == ""
