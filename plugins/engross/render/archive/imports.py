"""What readers see of imported versions: where they are from, the date that their source claims, and that nobody
recorded them at the time.

The claimed date is always shown with what it is the date of. A commit's date is never shown as the day of effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial

from markupsafe import Markup, escape

from engross.model import Entry, Version
from engross.render.date_format import ShownDates

_SHORT_COMMIT = 12


def imported_from(entry: Entry, words: Mapping[str, str]) -> str:
    """Where an imported text is from: "Imported from commit 04c8757f1fef of terms.md; not recorded at the time"."""
    assert entry.source is not None
    source = entry.source
    return words[f"imported_from_{source.kind}"].format(commit=source.commit[:_SHORT_COMMIT], path=source.path)


def claimed_date(entry: Entry, dates: ShownDates) -> Markup:
    """The date that the source of an imported text claims, as HTML: "committed 9 June 2017"."""
    assert entry.claimed is not None
    programs, people = _day(entry, dates)
    shown = Markup('<time datetime="{}">{}</time>').format(programs, people)
    return Markup(escape(dates.words[f"imported_{entry.claimed.kind}"])).format(day=shown)


def claimed_text(entry: Entry, dates: ShownDates) -> str:
    """The same as plain text."""
    assert entry.claimed is not None
    return dates.words[f"imported_{entry.claimed.kind}"].format(day=_day(entry, dates)[1])


def _day(entry: Entry, dates: ShownDates) -> tuple[str, str]:
    """The claimed date for programs, and its day for people; of an instant the day in the site's time zone."""
    assert entry.claimed is not None
    claimed = entry.claimed.date
    if "T" not in claimed:
        return claimed, dates.day(date.fromisoformat(claimed))
    return claimed, dates.day(datetime.fromisoformat(claimed).astimezone(dates.zone).date())


def version_date(version: Version, dates: ShownDates) -> Markup:
    """The date of a version within a line, as HTML: "effective 1 May 2026", "committed 9 June 2017, imported", or words
    if there is none.
    """
    words = dates.words
    if version.imported:
        return Markup(escape(words["imported_dated"])).format(claimed=claimed_date(version.post, dates))
    if version.is_awaiting:
        return Markup(escape(_awaited(version, words)))
    return Markup("{} {}").format(words["archive_effective_on"], dates.element(version.effective))


def effective_date(version: Version, dates: ShownDates) -> Markup:
    """The instant from which a version applies, as HTML, or words if there is none."""
    if version.is_awaiting and version.withdrawn:
        return Markup(escape(_awaited(version, dates.words)))
    return dates.element(version.effective)


def _awaited(version: Version, words: Mapping[str, str]) -> str:
    """The words in place of the day of a version that waits for delivery, or was withdrawn before it had a day."""
    return words["awaits_never" if version.withdrawn else "awaits_short"]


def template_functions(dates: ShownDates) -> dict[str, Callable[..., object]]:
    """The functions for templates: `dated` and `effective` of a version, `claimed` and `imported_from` of an import."""
    return {
        "dated": partial(version_date, dates=dates),
        "effective": partial(effective_date, dates=dates),
        "claimed": partial(claimed_date, dates=dates),
        "imported_from": partial(imported_from, words=dates.words),
    }


def version_day(version: Version, dates: ShownDates) -> str:
    """The date of a version as plain text: "1 May 2026", "committed 9 June 2017, imported", or that it waits."""
    if version.imported:
        return dates.words["imported_dated"].format(claimed=claimed_text(version.post, dates))
    if version.is_awaiting:
        return _awaited(version, dates.words)
    return dates.day(version.effective.astimezone(dates.zone).date())
