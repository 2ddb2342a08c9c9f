"""Dates as readers see them: a day, or a day with its hour and zone, in the words of the site."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engross.corpus.ui_text import ui_strings
from engross.render.date_format import ShownDates

ENGLISH = ui_strings("en")


@pytest.mark.parametrize(
    ("at", "zone", "shown"),
    [
        (datetime(2026, 10, 26, tzinfo=UTC), "UTC", "26 October 2026"),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), "Europe/Berlin", "26 October 2026"),
        (datetime(2026, 10, 26, tzinfo=UTC), "Europe/Berlin", "26 October 2026, 01:00 Europe/Berlin"),
        (datetime(2026, 1, 5, 9, 5, 7, tzinfo=UTC), "UTC", "5 January 2026, 09:05 UTC"),
        (datetime(2026, 1, 5, 0, 0, 7, tzinfo=UTC), "UTC", "5 January 2026, 00:00 UTC"),
    ],
)
def test_an_instant_has_its_hour_and_zone_only_where_it_is_not_midnight(at: datetime, zone: str, shown: str) -> None:
    assert ShownDates(ZoneInfo(zone), ENGLISH).instant(at) == shown


def test_the_form_and_the_months_are_words_of_the_site() -> None:
    words = {
        **ENGLISH,
        "date_form": "{day}. {month} {year}",
        "month_3": "März",
        "date_time": "{date} um {time} ({zone})",
    }
    dates = ShownDates(ZoneInfo("UTC"), words)
    assert dates.day(date(2025, 3, 4)) == "4. März 2025"
    assert dates.instant(datetime(2025, 3, 4, 9, 30, tzinfo=UTC)) == "4. März 2025 um 09:30 (UTC)"


def test_every_month_has_its_name() -> None:
    dates = ShownDates(ZoneInfo("UTC"), ENGLISH)
    assert [dates.day(date(2026, month, 1)) for month in range(1, 13)] == [
        f"{date(2026, month, 1):%-d %B %Y}" for month in range(1, 13)
    ]
