"""Forged posts whose day breaks the notice that their own sealed settings promise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engross.model import (
    NOT_FIXED,
    AwaitedNotice,
    ChangeClass,
    Entry,
    NoteRef,
    NoticePromise,
    NoticeRule,
    NoticeUnit,
    elapsed,
)
from engross.record.ledger.file import chained
from engross.record.ledger.invariants import check_invariants
from engross.record.ledger.notice import broken_promise
from engross.record.notice_period import counted, notice_period

from .playing import day, posted_site

THIRTY = NoticeRule(30)
DELIVERED = NoticeRule(30, from_delivery=True)
SHORT = NoticeRule(7)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Entry, ...]:
    """The entries of a posted site; its agreement is version 1."""
    return posted_site(tmp_path_factory.mktemp("promised")).record.entries


def later(first: tuple[Entry, ...], promise: NoticePromise, effective: float, notes: int = 1) -> Entry:
    """A material post of version 2 of the agreement on day 10, with effect from another day."""
    post = next(one for one in first if one.document == "agreement")
    assert post.entry
    refs = tuple(NoteRef(f"forged-{number}", "", f"{number}" * 64) for number in range(notes))
    return replace(
        post, version=2, supersedes=1, posted=day(10), effective=day(effective), notes=refs, material=True,
        change_class=ChangeClass.SUBSTANTIVE, entry=replace(post.entry, notice=promise),
    )  # fmt: skip


def mistakes(first: tuple[Entry, ...], *entries: Entry) -> list[str]:
    return [one.message for one in check_invariants((*first, *chained(first, entries)), "ledger")]


@pytest.mark.parametrize(
    ("promise", "effective", "wrong"),
    [
        (NoticePromise(DELIVERED), 10, "promises 30 days of notice from delivery, and it has a day without awaiting"),
        (NoticePromise(DELIVERED), 500, "promises 30 days of notice from delivery, and it has a day without awaiting"),
        (NoticePromise(DELIVERED, grounds=(("law", DELIVERED),)), 500, "without awaiting its notice"),
        (NoticePromise(DELIVERED, grounds=(("law", SHORT),)), 500, ""),
        (NoticePromise(DELIVERED, grounds=(("law", SHORT),)), 12, "promises 7 days of notice"),
        (NoticePromise(DELIVERED, grounds=(("law", NoticeRule(0)),)), 10, ""),
        (NoticePromise(DELIVERED, classes=(("substantive", SHORT),)), 18, ""),
        (
            NoticePromise(THIRTY),
            10,
            "30 days of notice, and it takes effect 2026-01-15T00:00:00Z, before they can have",
        ),
        (NoticePromise(THIRTY), 39, "before they can have passed since 2026-01-15T00:00:00Z"),
        (NoticePromise(THIRTY), 41, ""),
        (NoticePromise(elapsed(30)), 39.99, "promises 30 days of notice"),
        (NoticePromise(elapsed(30)), 40, ""),
        (NoticePromise(NoticeRule(10, NoticeUnit.BUSINESS, region="DE-BY")), 21, "promises 10 business days (DE-BY)"),
        (NoticePromise(THIRTY, classes=(("substantive", SHORT),)), 16, "promises 7 days of notice"),
        (NoticePromise(THIRTY, classes=(("editorial", SHORT),)), 20, "promises 30 days of notice"),
        (NoticePromise(classes=(("editorial", SHORT),)), 10, ""),
        (NoticePromise(), 10, ""),
    ],
)
def test_the_day_of_a_post(first: tuple[Entry, ...], promise: NoticePromise, effective: float, wrong: str) -> None:
    found = mistakes(first, later(first, promise, effective))
    assert bool(found) is bool(wrong)
    assert all("(post agreement@2): " in one and wrong in one for one in found)


def test_several_notes_may_each_have_another_class(first: tuple[Entry, ...]) -> None:
    promise = NoticePromise(THIRTY, classes=(("editorial", SHORT),))
    assert mistakes(first, later(first, promise, 20, notes=2)) == []
    assert "promises 7 days" in mistakes(first, later(first, promise, 12, notes=2))[0]


def test_what_has_no_notice(first: tuple[Entry, ...]) -> None:
    post = later(first, NoticePromise(THIRTY), 10)
    assert mistakes(first, replace(post, material=False)) == []
    assert mistakes(first, replace(post, notes=(), material=False, change_class=ChangeClass.EDITORIAL)) == []
    classes = NoticePromise(THIRTY, classes=(("substantive", SHORT),))
    assert "promises 7 days" in mistakes(first, replace(later(first, classes, 10), material=False))[0]


def test_an_announcement_that_goes_on_must_have_waited(first: tuple[Entry, ...]) -> None:
    """The day that a delivery has fixed is the only one that a later post of it may have."""
    waits = later(first, NoticePromise(DELIVERED), 45)
    waits = replace(waits, awaits=AwaitedNotice("UTC", (DELIVERED,)))
    again = replace(later(first, NoticePromise(DELIVERED), 45), posted=day(14), continues=1, notice_from=day(10))
    assert broken_promise(again, lambda _: waits) == ""
    sooner = replace(again, effective=day(44))
    assert "delivery fixed 2026-02-19T00:00:00Z, and is sooner" in broken_promise(sooner, lambda _: waits)
    assert "from delivery" in broken_promise(replace(again, notice_from=None), lambda _: waits)
    assert "from delivery" in broken_promise(again, lambda _: None)
    # A day that has come, or that is not fixed, holds no later post back; the promise itself does.
    came = replace(again, posted=day(45), effective=day(46))
    assert "from delivery" in broken_promise(came, lambda _: waits)
    unfixed = replace(waits, effective=NOT_FIXED)
    assert "from delivery" in broken_promise(again, lambda _: unfixed)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "Europe/Berlin"])
@pytest.mark.parametrize("hour", [0, 5, 11, 12, 18, 23])
def test_days_of_any_zone_are_accepted(first: tuple[Entry, ...], zone: str, hour: int) -> None:
    """What a site in any zone could post, also over a change of its clocks."""
    units = (NoticeUnit.CALENDAR, NoticeUnit.BUSINESS, NoticeUnit.ELAPSED)
    for rule in (NoticeRule(20, unit, from_first_day=whole) for unit in units for whole in (False, True)):
        posted = datetime(2026, 3, 20, hour, 59, 59, tzinfo=UTC)
        ends = notice_period(rule, posted, ZoneInfo(zone)).ends
        post = replace(later(first, NoticePromise(rule), 90), posted=posted, effective=ends)
        assert broken_promise(post, lambda _: None) == ""
        assert broken_promise(replace(post, effective=ends - timedelta(days=2, hours=5)), lambda _: None) != ""


def test_days_count_from_the_announcement_that_goes_on(first: tuple[Entry, ...]) -> None:
    again = replace(later(first, NoticePromise(elapsed(30)), 40), posted=day(14), continues=1, notice_from=day(9))
    assert broken_promise(again, lambda _: None) == ""
    late = broken_promise(replace(again, notice_from=day(11)), lambda _: None)
    assert late.endswith("before they can have passed since 2026-01-16T00:00:00Z")


@pytest.mark.parametrize("unit", [NoticeUnit.CALENDAR, NoticeUnit.BUSINESS])
@pytest.mark.parametrize("count", [1, 10_000])
def test_a_notice_beyond_the_end_of_the_calendar(first: tuple[Entry, ...], unit: NoticeUnit, count: int) -> None:
    post = later(first, NoticePromise(NoticeRule(count, unit)), 10)
    promised = f"its document promises {counted(NoticeRule(count, unit))}"
    found = []
    for posted in (datetime(9999, 12, 28, tzinfo=UTC), datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)):
        forged = replace(post, posted=posted, effective=posted)
        found.append(broken_promise(forged, lambda _: None).startswith(promised))
    # All end at the last instant that can be shown.
    assert found == [True, False]
