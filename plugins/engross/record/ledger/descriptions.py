"""One sentence for each entry of the ledger, for the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from engross.model import NOT_FIXED, Entry, EntryKind, VersionId
from engross.record.encoding import SHORT, display_instant


def describe_entry(entry: Entry, zone: ZoneInfo) -> str:
    """Describe an entry in one sentence for people. Instants are in `zone`, the site's time zone."""
    return _SENTENCES[entry.kind](entry, zone)


def _post(entry: Entry, zone: ZoneInfo) -> str:
    restored = f", the text of {entry.document}@{entry.restores} again" if entry.restores else ""
    again = f", which continues entry {entry.continues}" if entry.continues else ""
    return f"{_version(entry)}{_titled(entry)}{restored}{again}: {_class(entry)}, {_effective(entry, zone)}"


def _import(entry: Entry, zone: ZoneInfo) -> str:
    classed = _class(entry) if entry.change_class else "not classified"
    sealed = display_instant(entry.posted, zone)
    return f"{_version(entry)}{_titled(entry)} is {describe_import(entry)}: {classed}, sealed {sealed}"


def describe_import(entry: Entry) -> str:
    """Say where an imported text is from: "imported from a.md (published 2019-03-01; not recorded at the time)"."""
    assert entry.claimed is not None
    assert entry.source is not None
    at = f"commit {entry.source.commit[:SHORT]} of " if entry.source.commit else ""
    claimed = f"{entry.claimed.kind} {entry.claimed.day}"
    return f"imported from {at}{entry.source.path} ({claimed}; not recorded at the time)"


def _notice(entry: Entry, zone: ZoneInfo) -> str:
    return f"notice of a change of {entry.document}{_titled(entry)}: {_class(entry)}, {_effective(entry, zone)}"


def _withdraw(entry: Entry, zone: ZoneInfo) -> str:
    return f"{_version(entry)} is withdrawn, {_effective(entry, zone)}"


def _move(entry: Entry, zone: ZoneInfo) -> str:
    if entry.notes:
        classed = f": {_class(entry)}" if entry.change_class else ""
        return f"the settings of {entry.document}{_titled(entry)} change{classed}, {_effective(entry, zone)}"
    return f"{entry.document}{_titled(entry)} has another name or place, {_effective(entry, zone)}"


def _retire(entry: Entry, zone: ZoneInfo) -> str:
    return f"{entry.document} is retired, {_effective(entry, zone)}"


def _set(entry: Entry, zone: ZoneInfo) -> str:
    titled = f" ({entry.set.title})" if entry.set else ""
    what = "is no longer published" if entry.ended else "is posted"
    return f"the set {entry.set_id}{titled} {what}: {_class(entry)}, {_effective(entry, zone)}"


def _correct(entry: Entry, zone: ZoneInfo) -> str:  # noqa: ARG001 (each kind takes the same)
    return f"entry {entry.corrects} about {_about(entry)} is corrected"


def _receipt(entry: Entry, zone: ZoneInfo) -> str:
    assert entry.delivered is not None
    one = entry.delivered
    failed = f", {one.failures} failed" if one.failures else ""
    fixed = f": {_effective(entry, zone)}" if entry.effective else ""
    about = _version(entry) if entry.version else _about(entry)
    sent = display_instant(one.sent, zone)
    return f"the notice of {about} was delivered {sent} ({one.count} sent{failed}){fixed}"


def _redact(entry: Entry, zone: ZoneInfo) -> str:  # noqa: ARG001 (each kind takes the same)
    return f"{_about(entry) if entry.note else _version(entry)}: {entry.clause} is redacted ({entry.reason})"


def _about(entry: Entry) -> str:
    return entry.document or (f"the note {entry.note}" if entry.note else f"the set {entry.set_id}")


def _version(entry: Entry) -> str:
    return str(VersionId(entry.document, entry.version))


def _titled(entry: Entry) -> str:
    return f" ({entry.entry.title})" if entry.entry else ""


def _class(entry: Entry) -> str:
    return f"{entry.change_class}, {'material' if entry.material else 'not material'}"


def _effective(entry: Entry, zone: ZoneInfo) -> str:
    if entry.effective == NOT_FIXED:
        return "effective date follows delivery"
    if entry.effective is None or entry.effective == entry.posted:
        return "effective immediately"
    return f"effective {display_instant(entry.effective, zone)}"


_SENTENCES: Mapping[EntryKind, Callable[[Entry, ZoneInfo], str]] = {
    EntryKind.POST: _post,
    EntryKind.NOTICE: _notice,
    EntryKind.WITHDRAW: _withdraw,
    EntryKind.CORRECT: _correct,
    EntryKind.REDACT: _redact,
    EntryKind.MOVE: _move,
    EntryKind.SET: _set,
    EntryKind.RETIRE: _retire,
    EntryKind.IMPORT: _import,
    EntryKind.RECEIPT: _receipt,
}
