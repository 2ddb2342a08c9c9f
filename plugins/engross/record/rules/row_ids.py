"""The rule that a row of a register keeps its id, and that nothing else ever gets that id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engross.common import EngrossError, error, quoted
from engross.corpus import Register, Row, register_of
from engross.model import SUBPROCESSORS, Diagnostic, is_tombstone
from engross.record.posting.drafts import comparable_document
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.registers import register_in, renamed_ids, texts_of
from engross.record.rules.rule import RecordRule

_RULE = "row-id"
_Titles = Mapping[str, str]
"""What rows are called, by their ids."""


def _check(plan: Plan) -> Iterator[Diagnostic]:
    for posting in texts_of(plan):
        new = register_in(posting)
        if new is None or posting.draft is None or posting.draft.base is None:
            continue
        base = register_of(posting.draft.base_document)
        if base is None:
            continue
        before = _titles(base)
        yield from _renamed(posting, new, before)
        moved = renamed_ids(base, new)
        yield from (_new_id(new, row, moved[row.id]) for row in new.rows if row.id in moved)
        added = [row for row in new.rows if row.id not in before and row.id not in moved]
        if added:
            yield from _reused(new, added, _earlier_titles(plan, posting))


def _renamed(posting: Posting, new: Register, before: _Titles) -> Iterator[Diagnostic]:
    """Yield the sub-processors whose row names another company; other rows may get another title."""
    if new.schema.name != SUBPROCESSORS:
        return
    known = {row: title for row, title in before.items() if not is_tombstone(title)}
    changed = [row for row in new.rows if known.get(row.id, "") not in ("", new.title(row))]
    if len(changed) == 1 and any(note.not_material_because for note in posting.notes):
        # The reason of a note is about one company.
        return
    for row in changed:
        title, old = new.title(row), before[row.id]
        message = (
            f"the row of {quoted(old)} now names {quoted(title)}: another company is a new sub-processor; leave "
            f"the row as it was, or remove it, and add {quoted(title)} as a row with a new id and a start after "
            "the notice. If only the name changed, write in the note why it is the same company: "
            "not_material_because: <reason>"
        )
        yield _mistake(new, row, new.schema.title.id, message)


def _new_id(register: Register, row: Row, old: str) -> Diagnostic:
    message = f"the id of a row never changes, because links lead to it: {quoted(register.title(row))} had the id {old}"
    return _mistake(register, row, "id", message, f"id: {old}")


def _reused(new: Register, added: list[Row], earlier: _Titles) -> Iterator[Diagnostic]:
    taken = {*earlier, *(row.id for row in new.rows)}
    for row in added:
        title, old = new.title(row), earlier.get(row.id, "")
        if old and title != old:
            free = next(name for number in range(2, len(taken) + 3) if (name := f"{row.id}-{number}") not in taken)
            message = (
                f"the id {row.id} was that of {quoted(old)} in an earlier version, and links to it would lead to "
                f"{quoted(title)}; choose an id that was never used"
            )
            yield _mistake(new, row, "id", message, f"id: {free}")


def _mistake(register: Register, row: Row, column: str, message: str, fix: str = "") -> Diagnostic:
    place = register.place(row, column)
    return error(_RULE, register.file.source.path, *place, message, clause=f"row {row.id}", fix=fix)


def _titles(register: Register) -> _Titles:
    return {row.id: register.title(row) for row in register.rows}


def _earlier_titles(plan: Plan, posting: Posting) -> _Titles:
    """What each row was last called, in all versions of a register that can still be read."""
    found: dict[str, str] = {}
    for version in plan.record.versions.get(posting.document, ()):
        try:
            register = register_of(comparable_document(plan.record, version))
        except EngrossError:
            continue
        found |= _titles(register) if register else {}
    return found


ROW_ID = RecordRule(
    _RULE,
    "A row of a register with another id than before, or with the id of another row: of one that was removed, or of "
    "another sub-processor.",
    "Links and histories name a row by its id, and notice of a new sub-processor is promised for each new row. A "
    "company that is written into the row of another would come without notice. Give it a row and an id of its own.",
    _check,
)
