"""Receipts of delivered notices: a file that the operator's sender wrote → entries of the ledger.

A receipt holds numbers only: no name and no address of a customer. It is proof that a notice was sent; where a version
waits for its notices, the receipt of the last of them fixes the instant at which the version takes effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, Strict, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass

import engross.common.lazy_re as re
from engross.common import EngrossError, error, read_file, value_class
from engross.corpus import FORBID, Folders, Text, YamlFile, mistake, read, register_of, require, shown_path
from engross.model import SUBPROCESSORS, Delivered, Diagnostic, Entry, EntryKind, Severity, Source, VersionId
from engross.record.delivery import Notice, NoticeKind, is_withdrawn, notices, receipt_of, required
from engross.record.encoding import MOST_MESSAGES, SHORT, format_instant, instant_in_words, parse_written_instant
from engross.record.history import Record
from engross.record.journal import locked
from engross.record.ledger.notice import fixed_instant
from engross.record.notice_period import longest_period, sum_of
from engross.record.posting.drafts import sealed_document
from engross.record.posting.promised_notice import delivered_notice
from engross.record.posting.sealing import bound, write
from engross.record.sealed_files import sealed_tree
from engross.record.verification import open_record

RULE = "receipt"
MOST_OF_RECEIPT = 64 * 1024
"""The most bytes of a receipt."""
_HASH = re.compile(r"[0-9a-f]{64}")
_WITH_OFFSET = re.compile(r"T.*(?:Z|[+-]\d\d:?\d\d)\Z")
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


def _check_hash(value: str) -> str:
    if not _HASH.fullmatch(value):
        raise mistake("write the 64 characters of the notice's hash, as manifest.json has them")
    return value


def _written(value: object) -> object:
    return getattr(value, "text", value)


Number = Annotated[int, Strict(), Field(ge=0, le=MOST_MESSAGES)]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ReceiptFile:
    """What a sender reports about one notice: numbers only."""

    notice: Annotated[Text, AfterValidator(_check_hash)] = Field(
        description="The hash of the notice, from the manifest of its messages.", examples=["0123abcd…"]
    )
    sent: Annotated[Text, BeforeValidator(_written, json_schema_input_type=Text)] = Field(
        description="When the last message was sent, with the offset from UTC.",
        examples=["2026-11-03T09:30:00Z"],
    )
    count: Annotated[int, Strict(), Field(ge=1, le=MOST_MESSAGES)] = Field(
        description="How many messages were sent, with those that failed.", examples=[1200]
    )
    failures: Number = Field(default=0, description="How many of them failed.", examples=[3])


_FILE: TypeAdapter[ReceiptFile] = TypeAdapter(ReceiptFile)


@value_class(frozen=True, slots=True)
class Receipt:
    """A receipt as it was read, with the path of its file and the site's time zone."""

    path: str
    delivered: Delivered
    zone: str


def read_receipt(path: Path, zone: ZoneInfo) -> Receipt:
    """Read a receipt, in JSON or YAML. Raises EngrossError with everything that is wrong with it."""
    shown = shown_path(path)
    try:
        data = read_file(path, MOST_OF_RECEIPT)
        text = data.decode("utf-8-sig")
    except OSError as problem:
        raise _refused(shown, (problem.strerror or "it cannot be read").lower()) from None
    except UnicodeError:
        raise _refused(shown, "it is not text in UTF-8") from None
    source = Source(shown, text.replace("\r\n", "\n"), data)
    if found := _ADDRESS.search(source.text):
        line, column = source.position(found.start())
        message = "this looks like an address; a receipt holds numbers only, and no customer can be named in the record"
        raise EngrossError([error(RULE, shown, line, column, message)])
    reading = read(source, _FILE)
    _, row = require(reading, [*reading.findings, *(_check(reading.file, zone) if reading.file else ())])
    return Receipt(
        shown, Delivered(row.notice, parse_written_instant(row.sent, zone), row.count, row.failures), zone.key
    )


def _check(file: YamlFile, zone: ZoneInfo) -> Iterator[Diagnostic]:
    text = getattr(file.node(("sent",)), "text", "")
    if text:
        try:
            parse_written_instant(text, zone)
            if not _WITH_OFFSET.search(text):
                raise ValueError("write the instant with its offset from UTC, such as 2026-11-03T09:30:00Z")
        except ValueError as problem:
            yield file.mistake(("sent",), f"{problem}", rule=RULE)
    count, failures = file.value(("count",)), file.value(("failures",))
    if isinstance(count, int) and isinstance(failures, int) and count > 0 and failures >= count:
        message = f"all {count} messages failed, so that the notice was not delivered; send it again"
        if failures > count:
            message = f"more messages failed than the {count} that were sent; count has those that failed too"
        yield file.mistake(("failures",), message, rule=RULE)


@value_class(frozen=True, slots=True)
class Received:
    """What receipts have added to the record, what people should know about it, and how fixed days were counted."""

    entries: tuple[Entry, ...]
    remarks: tuple[Diagnostic, ...]
    sums: tuple[str, ...]


def add_receipts(folders: Folders, paths: Sequence[Path], zone: ZoneInfo, now: datetime, *, dry_run: bool) -> Received:
    """Add receipts to the record, all of them in one step or none.

    Raises EngrossError if any is refused; the record does not change then.
    """
    receipts = [read_receipt(path, zone) for path in paths]
    posted = now.replace(microsecond=0)
    with locked(folders.record):
        record = before = open_record(folders.record)
        remarks: list[Diagnostic] = []
        new: list[Entry] = []
        for receipt in receipts:
            notice = _notice_of(record, receipt, posted)
            entries = tuple(_entries(record, receipt, notice, posted))
            remarks += _remarks(record, receipt, entries, notice)
            sealing = bound(record, entries, {})
            new += sealing.entries
            record = Record(record.folder, record.shown, (*record.entries, *sealing.entries))
        sealing = bound(before, new, {})
        if not dry_run:
            write(before, sealing)
    return Received(sealing.entries, tuple(remarks), tuple(_sums(record, sealing.entries, zone)))


def _sums(record: Record, entries: Sequence[Entry], zone: ZoneInfo) -> Iterator[str]:
    """Yield how the notice of each version was counted whose day an entry fixes, as `engross check` shows it."""
    for entry in entries:
        if entry.effective is not None:
            version = record.version(VersionId(entry.document, entry.version))
            with suppress(EngrossError):  # The days off of a region may not be known here.
                period = replace(delivered_notice(record, version.post), ends=entry.effective)
                yield f"notice of {version.id}: {sum_of(period, zone)}"


def _notice_of(record: Record, receipt: Receipt, posted: datetime) -> Notice:
    """Return the notice that a receipt is about. Raises EngrossError if it is refused."""
    delivered = receipt.delivered
    name = f"{delivered.notice[:SHORT]}…"
    notice = next((one for one in notices(record) if one.hash == delivered.notice), None)
    if notice is None:
        subscriptions = (one.hash for one in notices(record, NoticeKind.SUBSCRIPTION))
        if delivered.notice in subscriptions:
            why = "is a message to subscribers, which is no contractual notice: nobody has promised it"
        else:
            why = "is no notice of this record; take the hash from manifest.json, which engross notices writes"
        raise _refused(receipt.path, f"{name} {why}")
    if before := receipt_of(record, notice):
        raise _refused(receipt.path, f"{name} has a receipt already: {before.name}. A notice has one receipt")
    of = notice.change.posted
    if delivered.sent < of:
        message = f"it was sent {format_instant(delivered.sent)}, before the change was posted {format_instant(of)}"
        raise _refused(receipt.path, message)
    if delivered.sent > posted:
        raise _refused(receipt.path, f"it was sent in the future: {format_instant(delivered.sent)}; add it then")
    if record.entries[-1].posted > posted:
        last = record.entries[-1]
        message = f"{format_instant(posted)} is before {last.name}, posted {format_instant(last.posted)}"
        raise _refused(receipt.path, message)
    if is_withdrawn(notice):
        listed = ", ".join(entry.name for entry in notice.entries)
        raise _refused(receipt.path, f"what it was about no longer counts, since it was withdrawn: {listed}")
    return notice


def _entries(record: Record, receipt: Receipt, notice: Notice, posted: datetime) -> Iterator[Entry]:
    """Yield an entry for each subject of a notice: a version, a document, or a set."""
    known = {one.delivered.notice for one in record.entries if one.delivered} | {notice.hash}
    subjects: set[tuple[str, int, str]] = set()
    for about in notice.entries:
        version = about.version if about.kind is EntryKind.POST else 0
        subject = (about.document, version, about.set_id)
        if subject in subjects or (version and _is_withdrawn(record, about)):
            continue
        subjects.add(subject)
        fixes = about.awaits is not None and required(record, about) <= known
        yield Entry(
            0, EntryKind.RECEIPT, posted, about.document, "", "",
            version=version, about=about.set_id, delivered=receipt.delivered,
            effective=_fixed(record, about, receipt.delivered.sent, posted) if fixes else None,
        )  # fmt: skip


def _is_withdrawn(record: Record, post: Entry) -> bool:
    return record.versions[post.document][post.version - 1].withdrawal is not None


def _fixed(record: Record, post: Entry, sent: datetime, posted: datetime) -> datetime:
    """When a version takes effect whose last notice has a receipt now."""
    receipts = record.receipts(record.version(VersionId(post.document, post.version)))
    earlier = [one.delivered.sent for one in receipts if one.delivered]
    standing = record.standing(post.document)
    before = next((one.post for one in reversed(standing) if one.number < post.version), None)
    return fixed_instant(post, max(sent, *earlier) if earlier else sent, posted, before)


def _remarks(record: Record, receipt: Receipt, entries: Sequence[Entry], notice: Notice) -> Iterator[Diagnostic]:
    """Yield what people should know about a receipt that is accepted: who was not informed, and what waits."""
    delivered = receipt.delivered
    if delivered.failures:
        message = (
            f"{delivered.failures} of {delivered.count} messages failed; inform these customers in another way. The "
            "days count from the messages that were delivered"
        )
        yield _warning(receipt, message)
    waiting = [(post, entry) for post in notice.entries for entry in entries if _is_about(entry, post) and post.awaits]
    for post, entry in waiting:
        known = {one.delivered.notice for one in record.entries if one.delivered} | {notice.hash}
        if entry.effective is None and (missing := required(record, post) - known):
            others = "another notice" if len(missing) == 1 else f"{len(missing)} other notices"
            yield _warning(receipt, f"{post.document}@{post.version} still waits for the receipt of {others}")
    for post in notice.entries:
        yield from _short(receipt, post)
    for entry in entries:
        yield from _started(record, receipt, entry)


def _started(record: Record, receipt: Receipt, entry: Entry) -> Iterator[Diagnostic]:
    """Yield a warning for each new sub-processor that starts before the day that a receipt fixes."""
    version = record.version(VersionId(entry.document, entry.version)) if entry.version and entry.effective else None
    register = register_of(sealed_document(record, version)) if version else None
    if version is None or entry.effective is None or register is None or register.schema.name != SUBPROCESSORS:
        return
    zone = ZoneInfo(receipt.zone)
    new = {one.anchor for one in sealed_tree(record, version).clauses if one.since == version.number}
    for row in register.rows:
        start = row.values.get("start", "")
        if row.id in new and start and start < str(entry.effective.astimezone(zone).date()):
            message = (
                f"{register.title(row)} starts on {start}, before the notice ends that counts from delivery: "
                f"{instant_in_words(entry.effective, zone)}. Do not let it begin before; post the row with that start"
            )
            yield _warning(receipt, message)


def _is_about(receipt: Entry, post: Entry) -> bool:
    return bool(receipt.version) and (receipt.document, receipt.version) == (post.document, post.version)


def _short(receipt: Receipt, entry: Entry) -> Iterator[Diagnostic]:
    """Yield a warning if a change has a day of its own that comes before the notice ends, counted from delivery."""
    if entry.awaits or entry.entry is None or entry.change_class is None or not entry.effective:
        return
    if entry.kind is EntryKind.POST and not entry.supersedes:
        return  # Nobody had other terms before a first text, so no notice of it is promised.
    rules = entry.entry.promise.rules(entry.change_class, (), entry.material)
    zone = ZoneInfo(receipt.zone)
    period = longest_period((rule for rule in rules if rule.from_delivery), receipt.delivered.sent, zone)
    if period and period.ends > entry.effective:
        message = (
            f"{entry.name} takes effect {instant_in_words(entry.effective, zone)}, before the notice ends that counts "
            f"from delivery: {sum_of(period, zone)}. The receipt changes no day; post the change again for a later day"
        )
        yield _warning(receipt, message)


def _warning(receipt: Receipt, message: str) -> Diagnostic:
    return replace(error(RULE, receipt.path, 0, 0, message), severity=Severity.WARNING)


def _refused(path: str, message: str) -> EngrossError:
    return EngrossError([error(RULE, path, 0, 0, message)])
