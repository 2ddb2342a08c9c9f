"""A release: read everything, check it, and add what is new to the record, or say why not.

The lock is held from the first reading to the last write, so that what is sealed is what was checked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

from engross.corpus.folders import Folders
from engross.errors import EngrossError, error
from engross.model import Entry
from engross.record.instants import sealed_text
from engross.record.journal import Step, locked
from engross.record.project_record import State, read_state, require_sound
from engross.record.sealing import seal, write

Check = Callable[[State], None]
"""What is asked of a state before it is sealed, besides the rules of the record; raises EngrossError where it fails."""


def release(
    folders: Folders,
    now: datetime,
    posted: datetime | None = None,
    *,
    dry_run: bool = False,
    check: Check | None = None,
    run: Callable[[Step], None] | None = None,
) -> tuple[Entry, ...]:
    """Seal every changed document with its note, and give the new entries; none where nothing is to be posted.

    `posted` is when it is posted, by default `now`: not before the last entry, and not after now. `dry_run` only says
    what would be written. Raises EngrossError where anything is wrong; the record is then as it was.
    """
    at = (posted or now).replace(microsecond=0)
    with nullcontext() if dry_run else locked(folders.record):
        state = read_state(folders, at)
        _check_instant(state, at, now)
        require_sound(state)
        if check:
            check(state)
        sealing = seal(state.plan)
        if not dry_run:
            write(state.record, sealing, run)
    return sealing.entries


def _check_instant(state: State, posted: datetime, now: datetime) -> None:
    last = state.record.entries[-1] if state.record.entries else None
    if posted > now:
        raise _wrong(state, f"{sealed_text(posted)} is still to come; nothing is posted before its time")
    if last and posted < last.posted:
        raise _wrong(state, f"{sealed_text(posted)} is before {last.name}, posted {sealed_text(last.posted)}")


def _wrong(state: State, message: str) -> EngrossError:
    return EngrossError([error("posted", state.record.ledger_path, 0, 0, message)])
