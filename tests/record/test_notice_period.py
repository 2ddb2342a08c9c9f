"""The arithmetic of notice: a golden table, an independent computation, and what documents.yml promises."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from engross.common import EngrossError
from engross.corpus import read_settings, ui_strings
from engross.model import NoticeRule, NoticeUnit, Source
from engross.record.ledger.file import line_of, read_entry
from engross.record.notice_period import notice_period, sum_of
from engross.render.changes.promises import notice_sum
from engross.render.date_format import ShownDates

from .playing import DOCUMENTS, Site, instant, make_site, posted_site, rules_of

CASES = Path(__file__).parent / "cases/notice-periods.txt"
UNITS = {one.value: one for one in NoticeUnit}

# Days off from Monday to Friday, from the laws of each place; not from the library that the program asks.
OFF = {
    "DE": {"2026-12-25", "2027-01-01"},
    "DE-BY": {"2026-12-25", "2027-01-01", "2027-01-06"},
    "US": {"2026-11-26"},
    "GB-ENG": {"2026-12-25", "2026-12-28"},
}


def rule_of(text: str) -> NoticeRule:
    count, unit, *rest = text.split()
    region = next((one for one in rest if one in OFF), "")
    days = tuple(one for one in rest if one[0].isdigit())
    return NoticeRule(int(count), UNITS[unit], region, days, "included" in rest)


def rows() -> Iterator[tuple[str, ...]]:
    for line in CASES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(part.strip() for part in line.split("|"))


def parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first minute of a day, found by walking through the two days around it."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=26)
    while at.astimezone(zone).date() < day:
        at += timedelta(minutes=15)
    return at


def independent(since: datetime, zone: ZoneInfo, rule: NoticeRule) -> datetime:
    """Count the days one by one, from the first minute of the day of posting."""
    if rule.unit is NoticeUnit.ELAPSED:
        return since + rule.count * timedelta(hours=24)
    off = OFF.get(rule.region, set()) | set(rule.days_off)
    left, day = rule.count, since.astimezone(zone).date()
    is_first = True
    while left:
        counts = rule.unit is NoticeUnit.CALENDAR or (day.isoweekday() < 6 and str(day) not in off)
        if counts and (rule.from_first_day or not is_first):
            left -= 1
        is_first = False
        day += timedelta(days=1)
    return first_instant(day, zone)


@pytest.mark.parametrize(("posted", "zone", "rule", "ends"), list(rows()))
def test_the_table(posted: str, zone: str, rule: str, ends: str) -> None:
    since, place = parsed(posted), ZoneInfo(zone)
    assert independent(since, place, rule_of(rule)) == parsed(ends)
    assert notice_period(rule_of(rule), since, place).ends == parsed(ends)


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Beirut", "America/Asuncion", "Africa/Cairo", "Asia/Kolkata"]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(ZONES),
    st.integers(1, 70),
    st.sampled_from([NoticeUnit.CALENDAR, NoticeUnit.BUSINESS]),
    st.booleans(),
)
def test_any_notice_is_what_counting_gives(
    at: datetime, zone: str, count: int, unit: NoticeUnit, from_first_day: bool
) -> None:
    since, rule = at.replace(microsecond=0, tzinfo=UTC), NoticeRule(count, unit, from_first_day=from_first_day)
    assert notice_period(rule, since, ZoneInfo(zone)).ends == independent(since, ZoneInfo(zone), rule)


def test_the_sum_names_the_days_that_did_not_count() -> None:
    period = notice_period(rule_of("5 business DE"), parsed("2026-12-22T12:00:00Z"), ZoneInfo("Europe/Berlin"))
    assert sum_of(period, ZoneInfo("Europe/Berlin")) == (
        "posted 22 December 2026 + 5 business days (DE) without 25 December, first day excluded = in force from "
        "31 December 2026, 00:00 Europe/Berlin"
    )


def test_a_page_shows_the_sum_in_its_language() -> None:
    zone, words = ZoneInfo("Europe/Berlin"), ui_strings("de")
    period = notice_period(rule_of("5 business DE"), parsed("2026-12-22T12:00:00Z"), zone)
    dates = ShownDates(zone, words)
    counted = (
        "veröffentlicht am 22. Dezember 2026 + 5 Werktage ohne Samstage (DE), ausgenommen 25. Dezember 2026, "
        "der erste Tag zählt nicht mit = {} 31. Dezember 2026, 00:00 Uhr (Europe/Berlin)"
    )
    assert notice_sum(period, period.ends, words, dates) == counted.format("in Kraft ab")
    assert notice_sum(period, period.ends + timedelta(days=1), words, dates) == counted.format("frühestens")


def test_at_the_end_of_the_calendar_it_ends_at_the_last_instant() -> None:
    since = datetime(9999, 11, 1, tzinfo=UTC)
    for unit in NoticeUnit:
        assert notice_period(NoticeRule(9_000, unit), since, ZoneInfo("UTC")).ends.year == 9999


# In documents.yml


def written(text: str) -> Source:
    return Source("documents.yml", text, text.encode())


def settings_with(notice: str) -> str:
    return DOCUMENTS.replace("kind: url-terms,", f"kind: url-terms, notice: {notice},")


@pytest.mark.parametrize(
    ("notice", "message"),
    [
        ("{count: 30, unit: business, calendar: XX}", "XX is not valid: no public holidays are known of it"),
        ("{count: 30, unit: business, calendar: DE-XX}", "DE has no part XX with public holidays of its own"),
        ("{count: 30, unit: business, calendar: [DE, FR]}", "name one region, not 2"),
        (
            "{count: 30, unit: business, calendar: NO}",
            "NO is read as a truth value, but must be text",
        ),
        ("{count: 30, unit: business, calendar: [DE, 2026-13-01]}", "2026-13-01 is not a valid date"),
        ('{count: 30, unit: business, calendar: [2026-12-24, ""]}', "is empty; write a region such as DE-BY"),
        ("{count: 30, unit: business, calendar: [[DE]]}", "must be text, not a list"),
        ("{count: 30, unit: business, calendar: 5}", "5 is read as a number, but must be text"),
        ("{count: 30, calendar: DE}", "days off count for business days only"),
        ("{count: 30, grounds: {lwa: {count: 1}}}", "there is no ground lwa"),
        ("{count: 30}, notice_days: 30", "the document has a notice already"),
        ("{unit: business}", "count"),
        ("{count: 30, first_day: maybe}", "first_day"),
    ],
)
def test_mistakes_in_settings(notice: str, message: str) -> None:
    with pytest.raises(EngrossError) as wrong:
        read_settings(written(settings_with(notice)))
    found = wrong.value.diagnostics[0]
    assert message in f"{found.message}"
    assert found.line > 1


WHOLE = "{count: 20, unit: business, calendar: [DE-BY, 2026-12-24], classes: {editorial: {count: 7}}}"


def test_the_ledger_holds_the_rule_that_was_in_force(tmp_path: Path) -> None:
    site = posted_site(tmp_path, settings_with(WHOLE))
    entry = next(one for one in site.record.entries if one.document == "rules")
    assert entry.entry is not None
    assert entry.entry.notice is not None
    assert entry.entry.notice.rule == NoticeRule(20, NoticeUnit.BUSINESS, "DE-BY", ("2026-12-24",))
    assert dict(entry.entry.notice.classes) == {"editorial": NoticeRule(7)}
    assert b'"notice":{"classes":{"editorial":{"count":7}},"count":20,"days_off":["2026-12-24"]' in line_of(entry)


# When posted on 6 January 2026, the last of 5 days is 11 January.
@pytest.mark.parametrize(
    ("notice", "lines", "effective", "finding"),
    [
        ("{count: 5}", ("material: true",), "2026-01-11", True),
        ("{count: 5}", ("material: true",), "2026-01-12", False),
        ("{count: 5}", ("material: false",), "immediately", False),
        ("{count: 5, first_day: included}", ("material: true",), "2026-01-11", False),
        ("{count: 5, unit: business}", ("material: true",), "2026-01-13", True),
        ("{count: 5, unit: business}", ("material: true",), "2026-01-14", False),
        ("{count: 5, classes: {substantive: {count: 2}}}", ("material: false",), "2026-01-08", True),
        ("{count: 5, classes: {substantive: {count: 2}}}", ("material: true",), "2026-01-09", False),
        ("{count: 0}", ("material: true",), "immediately", False),
    ],
)
def test_a_change_waits_until_its_notice_has_passed(
    tmp_path: Path, notice: str, lines: tuple[str, ...], effective: str, finding: bool
) -> None:
    site = posted_site(tmp_path, settings_with(notice)).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", slug="kinder", effective=effective, material=lines[0].split()[1])
    assert rules_of(site.findings()) == (["short-notice"] if finding else [])
    if finding:
        fix = site.findings()[0].fix.removeprefix("effective: ")
        site.note("rules", slug="kinder", effective=fix, material=lines[0].split()[1])
        assert site.findings() == []


def test_a_rule_that_is_lowered_still_protects_what_it_protected(tmp_path: Path) -> None:
    site = posted_site(tmp_path, settings_with("{count: 30}")).at(1)
    site.edit("documents.yml", ("count: 30", "count: 1"))
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", material="true", effective=instant(5))
    (found,) = site.findings()
    assert found.rule == "short-notice"
    assert "the posted version of documents.yml promises 30 days of notice" in found.message
    assert (
        "posted 6 January 2026 + 30 days, first day excluded = in force from 6 February 2026, 00:00 UTC"
        in found.message
    )


def test_another_rule_is_a_promise_that_changes_with_a_note_only(tmp_path: Path) -> None:
    site = posted_site(tmp_path, settings_with("{count: 30}")).at(1)
    site.edit("documents.yml", ("count: 30", "count: 30, unit: business"))
    (found,) = site.findings()
    assert found.rule == "unposted-promise"
    assert "notice was 30 days, and is 30 business days" in found.message


def test_old_records_do_not_change() -> None:
    for which in ("project", "tour"):
        ledger = Path(__file__).parents[1] / f"released/0.1/{which}/record/ledger.jsonl"
        for line in ledger.read_bytes().splitlines(keepends=True):
            assert line_of(read_entry(json.loads(line))) == line


@pytest.mark.parametrize(
    "notice",
    [
        {"count": -1},
        {"count": 10**9},
        {"count": "30"},
        {"count": 3, "unit": "elapsed"},
        {"count": 3, "days_off": ["x"]},
        {},
    ],
)
def test_a_rule_that_no_version_wrote_is_refused(notice: dict[str, object]) -> None:
    ledger = Path(__file__).parent / "cases/ledger-2.jsonl"
    value = json.loads(ledger.read_bytes().splitlines()[0])
    value["entry"]["notice"] = notice
    with pytest.raises(ValueError, match="its entry is not valid"):
        read_entry(value)


# Consumers

CONSUMERS = DOCUMENTS.replace("agreement: agreement", "agreement: agreement, consumer: true", 1)


@pytest.fixture
def consumers(tmp_path: Path) -> Site:
    assert CONSUMERS != DOCUMENTS
    site = posted_site(tmp_path, CONSUMERS).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    return site


def test_a_material_change_for_consumers_needs_time_and_a_way_out(consumers: Site) -> None:
    consumers.note("rules", slug="kinder", material="true")
    assert rules_of(consumers.findings()) == ["consumer-change"] * 2
    way_out = "if_you_disagree: You can end the agreement free of charge."
    consumers.note("rules", way_out, slug="kinder", material="true")
    (found,) = consumers.findings()
    assert (found.rule, found.fix.partition(":")[0]) == ("consumer-change", "at_once_because")
    both = ("if_you_disagree: You can end it.", "at_once_because: A court ordered it.")
    consumers.note("rules", *both, slug="kinder", material="true")
    assert consumers.findings() == []
    consumers.note("rules", both[0], slug="kinder", material="true", effective=instant(9))
    assert consumers.findings() == []
    consumers.note("rules", slug="kinder", material="false")
    assert consumers.findings() == []


def test_the_note_to_paste_asks_what_consumers_can_do(consumers: Site) -> None:
    (found,) = consumers.findings()
    assert found.rule == "unposted-change"
    assert '\nif_you_disagree: "<what a customer who disagrees can do, and until when>"\n' in found.fix


def test_a_change_that_waits_for_delivery_does_not_apply_at_once(tmp_path: Path) -> None:
    site = posted_site(tmp_path, CONSUMERS.replace("id: rules,", "id: rules, delivery: active, notice: {count: 30},"))
    site.at(1).edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", "if_you_disagree: You can end it.", slug="kinder", material="true")
    assert rules_of(site.findings()) == ["delivery-date"]


def test_the_first_texts_for_consumers_need_neither(tmp_path: Path) -> None:
    site = make_site(tmp_path, CONSUMERS)
    site.note("agreement, rules, models, pricing", material="true")
    assert site.findings() == []


def test_consumers_stay_protected_while_the_setting_is_removed(consumers: Site) -> None:
    consumers.edit("documents.yml", (", consumer: true", ""))
    consumers.note("rules", "sets: [main]", slug="kinder", material="true")
    assert "consumer-change" in rules_of(consumers.findings())
