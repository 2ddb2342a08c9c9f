"""Dates for readers, such as "26 October 2026". Programs read the `datetime` attribute beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from markupsafe import Markup

from engross.common import value_class
from engross.corpus import shown_day, shown_month
from engross.model import NOT_FIXED
from engross.record import format_fixed


@value_class(frozen=True, slots=True)
class Moment:
    """An instant for programs and for people."""

    sealed: str
    shown: str


@value_class(frozen=True, slots=True)
class ShownDates:
    """Formats dates in the site's time zone, with the site's date form and names of months."""

    zone: ZoneInfo
    words: Mapping[str, str] = field(repr=False)

    def day(self, day: date) -> str:
        """Format a day: "26 October 2026"."""
        return shown_day(day, self.words)

    def day_or_month(self, value: date | str) -> str:
        """Format a day, or a month that is written 2026-10: "October 2026"."""
        return self.day(value) if isinstance(value, date) else shown_month(value, self.words)

    def instant(self, at: datetime) -> str:
        """Format an instant: only the day if it is midnight in the zone, else with the time and the zone's name."""
        if at == NOT_FIXED:
            return self.words["awaits_delivery"]
        local = at.astimezone(self.zone)
        shown = self.day(local.date())
        return shown if local.time() == time() else self.exact(at)

    def exact(self, at: datetime) -> str:
        """Format an instant that is fixed, always with the time and the zone's name."""
        local = at.astimezone(self.zone)
        zone = local.tzname() if self.zone.key == "UTC" else self.zone.key
        return self.words["date_time"].format(date=self.day(local.date()), time=f"{local:%H:%M}", zone=zone)

    def moment(self, at: datetime) -> Moment:
        """Give an instant in both forms; programs get nothing for an instant that is not fixed yet."""
        return Moment(format_fixed(at) or "", self.instant(at))

    def element(self, at: datetime) -> Markup:
        """Give an instant as HTML; words alone for an instant that is not fixed yet."""
        moment = self.moment(at)
        time = '<time datetime="{}">{}</time>' if moment.sealed else "{1}"
        return Markup(time).format(moment.sealed, moment.shown)
