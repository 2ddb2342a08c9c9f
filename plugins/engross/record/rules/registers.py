"""Rules for registers: a row keeps its id, and no other row ever gets it; a sub-processor begins after the notice that
is promised of it, a price when its change takes effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from engross.common import EngrossError, error, quoted
from engross.corpus import Register, Row, register_of
from engross.model import NOT_FIXED, PRICES, SUBPROCESSORS, Diagnostic, Document, EntryKind, Severity, is_tombstone
from engross.record.notes.reader import note_mistake
from engross.record.notice_period import NoticePeriod, sum_of
from engross.record.posting.drafts import comparable_document
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.promised_notice import awaits_rows, register_notice
from engross.record.rules.rule import RecordRule

START, ENDS, SINCE = "start", "ends", "since"
_OF_PRICE = (SINCE, "unit", "amount", "currency")
_Titles = Mapping[str, str]
"""What rows are called, by their ids."""


def _early(plan: Plan) -> Iterator[Diagnostic]:
    for posting in texts_of(plan):
        new = register_in(posting)
        base = _base(posting)
        if new is None or base is None:
            # Nobody was promised notice before a first list.
            continue
        old = register_of(base)
        if not _of_subprocessors(plan, posting, new):
            continue
        before = {row.id: row for row in old.rows} if old else {}
        moved = renamed_ids(old, new) if old else {}
        changed = [row for row in new.rows if _begins(row, before.get(moved.get(row.id, row.id)), plan)]
        if changed and posting.notes and awaits_rows(plan, posting):
            yield from _undelivered(new, changed)
            continue
        notice = register_notice(plan, posting) if changed else None
        if notice:
            yield from _too_soon(plan, new, changed, notice)


def _of_subprocessors(plan: Plan, posting: Posting, new: Register) -> bool:
    """Whether a register lists sub-processors, or a posted version of it did: other columns end no promise."""
    posted = (version.entry.register for version in plan.record.versions.get(posting.document, ()))
    return SUBPROCESSORS in {one.name for one in (new.schema, *posted) if one}


def _undelivered(register: Register, rows: list[Row]) -> Iterator[Diagnostic]:
    for row in rows:
        message = (
            f"{register.title(row)} is new, and the notice of new rows counts from its delivery; write material: true "
            "and no line effective in the note, so that the version waits for it"
        )
        yield _mistake("early-start", register, row, START, message)


def renamed_ids(old: Register, new: Register) -> dict[str, str]:
    """Return the earlier ids of rows that have the title of a row whose id is gone, by their new ids."""
    known, now = {row.id for row in old.rows}, {row.id for row in new.rows}
    gone = {old.title(row): row.id for row in old.rows if row.id not in now}
    return {row.id: gone[new.title(row)] for row in new.rows if row.id not in known and new.title(row) in gone}


def _begins(row: Row, before: Row | None, plan: Plan) -> bool:
    """Whether a sub-processor begins: its row or its start is new, or it had ended and continues."""
    if before is None or _day(row, START) not in (None, before.values.get(START)):
        return True
    ended, today = _day(before, ENDS), plan.posted.astimezone(ZoneInfo(plan.project.settings.timezone)).date()
    return ended is not None and date.fromisoformat(ended) < today and _day(row, ENDS) != ended


def texts_of(plan: Plan) -> Iterator[Posting]:
    """Yield what is posted, and each changed text that no note names yet, as if it was posted now."""
    yield from plan.postings
    posted = {posting.document for posting in plan.postings}
    for name, draft in plan.drafts.documents.items():
        if name not in posted and draft.changed:
            yield Posting(EntryKind.POST, name, (), plan.posted, draft)


def register_in(posting: Posting) -> Register | None:
    """Return the register that is posted; None if it is another text, or cannot be read."""
    if posting.kind is not EntryKind.POST or posting.draft is None:
        return None
    try:
        return register_of(posting.draft.document)
    except EngrossError:
        return None  # another check reports what is wrong with the text


def _base(posting: Posting) -> Document | None:
    """The posted text that a posting changes; None for a first text."""
    return posting.draft.base_document if posting.draft and posting.draft.base else None


def _day(row: Row, column: str) -> str | None:
    """The day in a column of a row; None without one, which a register with other columns may be."""
    written = row.values.get(column)
    try:
        return date.fromisoformat(written).isoformat() if written else None
    except ValueError:
        return None


def _too_soon(plan: Plan, register: Register, rows: list[Row], notice: NoticePeriod) -> Iterator[Diagnostic]:
    zone = ZoneInfo(plan.project.settings.timezone)
    ends = notice.ends.astimezone(zone)
    first = ends.date() + timedelta(days=ends.time() != time())
    for row in rows:
        start = _day(row, START)
        if start is None or date.fromisoformat(start) < first:
            when = f"on {start}" if start else "when it is posted"
            message = (
                f"{register.title(row)} starts {when}, before the promised notice ends "
                f"({sum_of(notice, zone)}); posted now, it can start from {first.isoformat()}"
            )
            yield _mistake("early-start", register, row, START, message, f"{START}: {first.isoformat()}")


def _immaterial(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        new, base = register_in(posting), _base(posting)
        old = register_of(base) if base else None
        if new is None or old is None or not posting.notes or not _of_subprocessors(plan, posting, new):
            continue
        if any(note.material or note.not_material_because for note in posting.notes):
            continue
        changed = [text for row in new.rows if (text := _changed_columns(new, old, row))]
        if changed and register_notice(plan, posting):
            message = (
                f"the note says that the change is not material, and what customers may object to changes: "
                f"{'; '.join(changed)}. Write material: true, so that the promised notice applies, or explain in the "
                "note: not_material_because: <reason>"
            )
            yield note_mistake(posting.notes[0], "immaterial-row", ("material",), message, fix="material: true")


def _changed_columns(new: Register, old: Register, row: Row) -> str:
    """What of a sub-processor changes besides its name and days, in columns that are contractual; empty if nothing."""
    before = next((one.values for one in old.rows if one.id == row.id), None)
    names = [
        one.id for one in new.schema.columns if one.contractual and one.id not in (START, ENDS, new.schema.title.id)
    ]
    changed = [name for name in names if before is not None and row.values.get(name) != before.get(name)]
    return f"{' and '.join(changed)} of {new.title(row)}" if changed else ""


IMMATERIAL_ROW = RecordRule(
    "immaterial-row",
    "A note that calls a change of what a sub-processor does, with which data or where, immaterial, without a reason.",
    "Customers are promised notice before another place, other data or another transfer, as before another company.",
    _immaterial,
)


def _price_days(plan: Plan) -> Iterator[Diagnostic]:
    zone = ZoneInfo(plan.project.settings.timezone)
    for posting in plan.postings:
        new, base = register_in(posting), _base(posting)
        if new is None or base is None or new.schema.name != PRICES or posting.effective in (None, NOT_FIXED):
            continue
        assert posting.effective is not None
        old = register_of(base)
        before = {row.id: row.values for row in old.rows} if old else {}
        effective = posting.effective.astimezone(zone).date()
        for row in new.rows:
            since = _day(row, SINCE)
            changed = row.id not in before or any(row.values.get(of) != before[row.id].get(of) for of in _OF_PRICE)
            if changed and since and date.fromisoformat(since) != effective:
                message = (
                    f"by the list, the price of {new.title(row)} applies since {since}, and its change takes effect on "
                    f"{effective.isoformat()}"
                )
                found = _mistake("price-since", new, row, SINCE, message, f"{SINCE}: {effective.isoformat()}")
                yield replace(found, severity=Severity.WARNING)


PRICE_SINCE = RecordRule(
    "price-since",
    "A new or changed price whose `since` is another day than the one on which the change takes effect.",
    "The page shows both days, and customers cannot know which of them counts. The first list has earlier days.",
    _price_days,
)

EARLY_START = RecordRule(
    "early-start",
    "A sub-processor whose start, new or changed, lies before the promised notice of the register ends.",
    "Customers may object to a new sub-processor before it processes their data. The notice of the document, which is "
    "that of a material change, is counted from the day of posting; the first list has none.",
    _early,
)


def _row_ids(plan: Plan) -> Iterator[Diagnostic]:
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
        yield _mistake("row-id", new, row, new.schema.title.id, message)


def _new_id(register: Register, row: Row, old: str) -> Diagnostic:
    message = f"the id of a row never changes, because links lead to it: {quoted(register.title(row))} had the id {old}"
    return _mistake("row-id", register, row, "id", message, f"id: {old}")


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
            yield _mistake("row-id", new, row, "id", message, f"id: {free}")


def _mistake(rule: str, register: Register, row: Row, column: str, message: str, fix: str = "") -> Diagnostic:
    """Report a mistake at a value of a row, or at the row if it has none in the column."""
    place = register.place(row, column)
    return error(rule, register.file.source.path, *place, message, clause=f"row {row.id}", fix=fix)


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
    "row-id",
    "A row of a register with another id than before, or with the id of another row: of one that was removed, or of "
    "another sub-processor.",
    "Links and histories name a row by its id, and notice of a new sub-processor is promised for each new row. A "
    "company that is written into the row of another would come without notice. Give it a row and an id of its own.",
    _row_ids,
)
