"""The record as it would be if its pending notes were posted now: for previews, without sealing or writing anything.

The plan may break rules. What the record could not hold, such as the withdrawal of an unknown version, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engross.model import Entry, EntryKind, NoteRef, Sealed
from engross.record.encoding import sha256
from engross.record.history import Record
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.sealing import planned_entry


def planned_record(plan: Plan) -> Record:
    """Return the record with the entries of a plan. These have no hash, and their texts are not in the folder.

    Raises EngrossError if a sealed text that a note continues was altered.
    """
    return replace(plan.record, entries=(*plan.record.entries, *_entries(plan)))


def _entries(plan: Plan) -> Iterator[Entry]:
    notes = {note.slug: NoteRef(note.slug, note.sha256) for note in plan.notes}
    possible = (posting for posting in plan.postings if _is_possible(plan, posting))
    for seq, posting in enumerate(possible, len(plan.record.entries) + 1):
        yield replace(planned_entry(plan, posting, notes), seq=seq, sealed=_sealed(posting))


def _is_possible(plan: Plan, posting: Posting) -> bool:
    version = posting.version
    return version is None or version.number <= len(plan.record.versions.get(version.document, ()))


def _sealed(posting: Posting) -> Sealed | None:
    source = posting.draft.document.source if posting.draft else None
    if posting.kind is not EntryKind.POST or posting.draft is None or source is None:
        return None
    return Sealed(sha256(source.data), posting.draft.text, "")
