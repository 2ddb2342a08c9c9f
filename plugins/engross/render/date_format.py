"""Dates for readers, such as "26 October 2026". Programs read the `datetime` attribute beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ShownDates:
    """Writes dates in the site's time zone, with the months and the order of the site's words."""

    zone: ZoneInfo
    words: Mapping[str, str] = field(repr=False)

    def day(self, day: date) -> str:
        """A day: "26 October 2026"."""
        return self.words["date_form"].format(day=day.day, month=self.words[f"month_{day.month}"], year=day.year)

    def instant(self, at: datetime) -> str:
        """An instant: its day alone where it is midnight in the zone, else with the minute and the zone's name."""
        local = at.astimezone(self.zone)
        shown = self.day(local.date())
        if local.time() == time():
            return shown
        zone = local.tzname() if self.zone.key == "UTC" else self.zone.key
        return self.words["date_time"].format(date=shown, time=f"{local:%H:%M}", zone=zone)
