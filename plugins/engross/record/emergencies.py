"""Which documents may be posted with drafting warnings left in them: those whose change note names an emergency.

The rules of the record know no emergency.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from engross.model import Change
from engross.record.archive import note_name, sealed_note
from engross.record.drafts import Draft
from engross.record.notes import posted_note
from engross.record.plan import Plan


def emergencies(plan: Plan) -> dict[str, str]:
    """Documents → the reason why their drafting warnings pass.

    A pending note gives it to the documents it names; a posted one to the text that it posted, as long as that stands
    unchanged, so that what was posted in an emergency is built as it was posted.
    """
    posted = {name: note.emergency for name, draft in plan.drafts.documents.items() for note in _posted(plan, draft)}
    told = [note for note in plan.notes if note.emergency and not note.corrects]
    pending = {name: note.emergency for note in told for name in note.documents}
    return {name: reason for name, reason in (posted | pending).items() if reason}


def _posted(plan: Plan, draft: Draft) -> Iterator[Change]:
    """The notes of the version that a draft still is."""
    if draft.base is None or draft.bytes_changed:
        return
    zone = ZoneInfo(plan.project.settings.timezone)
    for note in draft.base.post.notes:
        data = sealed_note(plan.record, note)
        # Most notes know no emergency, and need not be read for it.
        if b"emergency" in data:
            yield posted_note(data, f"{plan.record.shown}/{note_name(note)}", note.slug, zone)
