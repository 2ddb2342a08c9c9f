"""Rules for registers: a sub-processor begins after the notice that is promised of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from engross.common import EngrossError, error
from engross.corpus import Register, Row, register_of
from engross.model import SUBPROCESSORS, Diagnostic, EntryKind
from engross.record.notice_period import NoticePeriod, sum_of
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.promised_notice import register_notice
from engross.record.rules.rule import RecordRule

START = "start"


def _early(plan: Plan) -> Iterator[Diagnostic]:
    for posting in _of_texts(plan):
        new = _register(posting)
        if new is None or posting.draft is None or posting.draft.base is None:
            # Nobody was promised notice before a first list.
            continue
        old = register_of(posting.draft.base_document)
        if SUBPROCESSORS not in {one.schema.name for one in (new, old) if one}:
            continue
        starts = {row.id: row.values.get(START) for row in old.rows} if old else {}
        changed = [row for row in new.rows if row.id not in starts or _start(row) not in (None, starts[row.id])]
        notice = register_notice(plan, posting) if changed else None
        if notice:
            yield from _too_soon(plan, new, changed, notice)


def _of_texts(plan: Plan) -> Iterator[Posting]:
    """Yield what is posted, and each changed text that no note names yet, as if it was posted now."""
    yield from plan.postings
    posted = {posting.document for posting in plan.postings}
    for name, draft in plan.drafts.documents.items():
        if name not in posted and draft.changed:
            yield Posting(EntryKind.POST, name, (), plan.posted, draft)


def _register(posting: Posting) -> Register | None:
    if posting.kind is not EntryKind.POST or posting.draft is None:
        return None
    try:
        return register_of(posting.draft.document)
    except EngrossError:
        return None  # another check reports what is wrong with the text


def _start(row: Row) -> str | None:
    """The start of a row; None without one, which a register with other columns may be."""
    written = row.values.get(START)
    try:
        return date.fromisoformat(written).isoformat() if written else None
    except ValueError:
        return None


def _too_soon(plan: Plan, register: Register, rows: list[Row], notice: NoticePeriod) -> Iterator[Diagnostic]:
    zone = ZoneInfo(plan.project.settings.timezone)
    ends = notice.ends.astimezone(zone)
    first = ends.date() + timedelta(days=ends.time() != time())
    for row in rows:
        start = _start(row)
        if start is None or date.fromisoformat(start) < first:
            at, path = register.place(row, START), register.file.source.path
            when = f"on {start}" if start else "when it is posted"
            message = (
                f"{register.title(row)} starts {when}, before the promised notice ends "
                f"({sum_of(notice, zone)}); posted now, it can start from {first.isoformat()}"
            )
            yield error("early-start", path, *at, message, clause=f"row {row.id}", fix=f"{START}: {first.isoformat()}")


EARLY_START = RecordRule(
    "early-start",
    "A sub-processor whose start, new or changed, lies before the promised notice of the register ends.",
    "Customers may object to a new sub-processor before it processes their data. The notice of the document, which is "
    "that of a material change, is counted from the day of posting; the first list has none.",
    _early,
)
