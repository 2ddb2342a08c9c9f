"""How a new change note is called: the day and its first document, and a number where that is taken."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.record.plan import Plan


def note_slug(plan: Plan, document: str, also: Collection[str] = ()) -> str:
    """A name for a note about a document that no other note has, posted or pending, nor any of `also`."""
    zone = ZoneInfo(plan.project.settings.timezone)
    return free_slug(
        plan.posted, zone, document, {*plan.record.posted_notes, *(note.slug for note in plan.notes), *also}
    )


def free_slug(at: datetime, zone: ZoneInfo, document: str, taken: Collection[str]) -> str:
    """The day in a zone and the document, "2026-11-23-agreement"; with a number where that is among `taken`."""
    begun = f"{at.astimezone(zone):%Y-%m-%d}-{document}"
    number = 1
    while (name := begun if number == 1 else f"{begun}-{number}") in taken:
        number += 1
    return name
