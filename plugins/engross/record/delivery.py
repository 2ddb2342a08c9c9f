"""Notices of posted changes: to whom each goes, its hash, and the receipts that say it was sent.

A notice is about one posted change, for one audience: the customers of a set that the change concerns, or all customers
where the documents were in no set. Its hash is that of facts of the record alone, so that it stays the same whatever
templates, words and titles are later. See RECORD-FORMAT.md, "The hash of a notice".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from engross.common import error, value_class
from engross.model import Diagnostic, Entry, EntryKind, SetEntry, VersionId
from engross.record.encoding import SHORT, format_instant, hash_of
from engross.record.history import Record
from engross.record.ledger.file import RULE
from engross.record.ledger.promise_schema import awaited_json
from engross.record.views.posted_changes import Effect, PostedChange, posted_changes

_FORMAT = 1


class NoticeKind(StrEnum):
    """CONTRACTUAL: what the provider has promised to send to customers. SUBSCRIPTION: what readers have asked for."""

    CONTRACTUAL = "contractual"
    SUBSCRIPTION = "subscription"


@value_class(frozen=True, slots=True)
class Audience:
    """The customers of a set, by its id; all customers if the id is empty."""

    id: str = ""
    title: str = ""


@value_class(frozen=True)
class Notice:
    """One posted change for one audience: `effects` are those that concern it."""

    kind: NoticeKind
    change: PostedChange
    audience: Audience
    effects: tuple[Effect, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that it is about."""
        return tuple(effect.entry for effect in self.effects)

    @property
    def facts(self) -> dict[str, Any]:
        """What is hashed: facts of the ledger, as they were posted."""
        assert self.change.note is not None
        audience = {"set": self.audience.id} if self.audience.id else {}
        note = {"slug": self.change.slug, "sealed": _sealed_note(self.change)}
        return {
            "format": _FORMAT,
            "kind": str(self.kind),
            "audience": audience,
            "note": note,
            "entries": list(map(_facts_of, self.entries)),
        }

    @cached_property
    def hash(self) -> str:
        """Its hash, by which a receipt names it."""
        return hash_of(self.facts)

    @property
    def file_name(self) -> str:
        """The name of its files, without a suffix: unique among the notices of a record."""
        return f"{self.change.entries[0].seq:04}-{self.change.slug}{f'-{self.audience.id}' if self.audience.id else ''}"


def _sealed_note(change: PostedChange) -> str:
    """The hash of the note as it was posted, whatever was redacted since."""
    return next(note.ledger_hash for entry in change.entries for note in entry.notes if note.slug == change.slug)


def _facts_of(entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = {"entry": entry.hash, "kind": str(entry.kind), "posted": format_instant(entry.posted)}
    facts |= {"document": entry.document} if entry.document else {}
    facts |= {"set": entry.set_id} if entry.set_id else {}
    facts |= {"version": entry.version} if entry.version else {}
    facts |= {"sealed": entry.sealed.ledger_hash} if entry.sealed else {}
    if entry.awaits:
        return facts | {"awaits": awaited_json(entry.awaits)}
    return facts | ({"effective": format_instant(entry.effective)} if entry.effective else {})


_WITH_NOTICE = frozenset(EntryKind) - {EntryKind.REDACT, EntryKind.IMPORT, EntryKind.RECEIPT}


def notices(record: Record, kind: NoticeKind = NoticeKind.CONTRACTUAL, since: int = 0) -> tuple[Notice, ...]:
    """Return the notices of the changes posted after an entry, in the order of posting, one for each audience.

    Redactions and imports change no terms, and moves without a note no words: they have no notice.
    """
    found = []
    for change in reversed(posted_changes(record).changes):
        effects = tuple(effect for effect in change.effects if effect.kind in _WITH_NOTICE)
        if change.note and effects and effects[-1].entry.seq > since:
            found += [Notice(kind, change, *one) for one in _audiences(record, effects)]
    return tuple(found)


def _audiences(record: Record, effects: tuple[Effect, ...]) -> Iterator[tuple[Audience, tuple[Effect, ...]]]:
    posted = effects[0].entry.posted
    sets = _sets_at(record, posted)
    covered: set[int] = set()
    for one in sets:
        concerned = tuple(effect for effect in effects if _concerns(effect, one))
        if concerned:
            covered |= {effect.entry.seq for effect in concerned}
            yield Audience(one.id, one.title), concerned
    if others := tuple(effect for effect in effects if effect.entry.seq not in covered):
        yield Audience(), others


def _sets_at(record: Record, at: datetime) -> list[SetEntry]:
    """The sets that customers had agreed to, or that were posted, at an instant; by nothing that was posted later."""
    known = record.as_known(at)
    found = (one for name in known.sets for one in (known.set_at(name, at), known.last_set(name)))
    merged: dict[str, SetEntry] = {}
    for one in filter(None, found):
        old = merged.get(one.id)
        members = dict.fromkeys((*(old.incorporates if old else ()), *one.documents[1:]))
        merged[one.id] = SetEntry(one.id, one.title, one.agreement, tuple(members))
    return list(merged.values())


def _concerns(effect: Effect, one: SetEntry) -> bool:
    if effect.entry.set_id:
        return effect.entry.set_id == one.id
    return effect.entry.document in one.documents


def required(record: Record, post: Entry) -> frozenset[str]:
    """The hashes of all contractual notices about a version, which fix its day once each is delivered."""
    return frozenset(one.hash for one in notices(record) if any(post.seq == entry.seq for entry in one.entries))


def check_receipts(record: Record) -> Iterator[Diagnostic]:
    """Yield what is wrong with receipts beyond the laws of the ledger: each is about a notice of the record, and fixes
    a day if it is the last that its version awaits, and only then.
    """
    if not any(entry.kind is EntryKind.RECEIPT for entry in record.entries):
        return
    about = {one.hash: one for one in notices(record)}
    awaited: dict[VersionId, set[str]] = {}
    for line, entry in enumerate(record.entries, 1):
        if entry.delivered is None:
            continue
        notice = about.get(entry.delivered.notice)
        subject = (entry.document, entry.version, entry.set_id)
        if notice is None or subject not in map(subject_of, notice.entries):
            message = f"no notice {entry.delivered.notice[:SHORT]}… of this record is about its subject"
            yield error(RULE, record.ledger_path, line, 1, f"{entry.name}: {message}")
        elif entry.version:
            of = VersionId(entry.document, entry.version)
            post = record.version(of).post
            if of not in awaited:
                awaited[of] = {name for name, one in about.items() if post.seq in [two.seq for two in one.entries]}
            awaited[of].discard(entry.delivered.notice)
            last = post.awaits is not None and not awaited[of]
            if last is not bool(entry.effective):
                wrong = "it fixes no day, and is the last" if last else "it fixes a day, and is not the last"
                message = f"{wrong} receipt that {of} awaits"
                yield error(RULE, record.ledger_path, line, 1, f"{entry.name}: {message}")


def receipt_of(record: Record, notice: Notice) -> Entry | None:
    """The receipt of a notice; None if it has none."""
    return next((one for one in record.entries if one.delivered and one.delivered.notice == notice.hash), None)


def is_withdrawn(notice: Notice) -> bool:
    """Whether all that a notice announces was withdrawn: the notice of that change says so, and this one has no use."""
    return all(effect.kind is EntryKind.POST and effect.withdrawn for effect in notice.effects)


def takes_receipt(record: Record, notice: Notice) -> bool:
    """Whether a receipt of a notice is accepted: once, and only of a contractual notice that was not withdrawn."""
    return notice.kind is NoticeKind.CONTRACTUAL and not is_withdrawn(notice) and receipt_of(record, notice) is None


def subject_of(entry: Entry) -> tuple[str, int, str]:
    """What an entry is about, as a receipt names it: document, the version it posted, set."""
    return entry.document, entry.version if entry.kind is EntryKind.POST else 0, entry.set_id
