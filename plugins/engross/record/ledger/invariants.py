"""What the entries of a ledger must say of each other: that no version appears from nowhere, twice, or out of order.

Each law is asked at each entry, of the entries before it. `release` asks them of what it is about to write as well, so
that nothing is sealed that would not verify.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engross.common import error
from engross.model import Diagnostic, Entry, EntryKind, NoteRef, Sealed, VersionId
from engross.record.encoding import format_instant
from engross.record.ledger.file import RULE


@dataclass
class _DocumentState:
    """What the entries so far have said of one document. `standing` are its posts that were not withdrawn, in order:
    their effective instants never decrease, so that the last is the one that will be in force in the end.
    """

    posts: dict[int, Entry] = field(default_factory=dict)
    withdrawn: dict[int, Entry] = field(default_factory=dict)
    standing: dict[int, Entry] = field(default_factory=dict)
    sealed: dict[int, Sealed] = field(default_factory=dict)
    retired: Entry | None = None

    @property
    def last(self) -> Entry | None:
        """The last standing post."""
        return next(reversed(self.standing.values()), None)


@dataclass
class _State:
    """What the entries so far have said: of documents, of notes (as they are now by hash, and as they were posted), and
    the last entry about each set.
    """

    entries: list[Entry] = field(default_factory=list)
    documents: defaultdict[str, _DocumentState] = field(default_factory=lambda: defaultdict(_DocumentState))
    notes: dict[str, tuple[NoteRef, datetime]] = field(default_factory=dict)
    note_hashes: dict[str, str] = field(default_factory=dict)
    sets: dict[str, Entry] = field(default_factory=dict)


def check_invariants(entries: Sequence[Entry], path: str) -> Iterator[Diagnostic]:
    """A diagnostic for each entry that contradicts one before it."""
    state = _State()
    for line, entry in enumerate(entries, 1):
        for wrong in _wrongs(entry, state):
            yield error(RULE, path, line, 1, f"{entry.name}: {wrong}")
        _remember(entry, state)


def _wrongs(entry: Entry, state: _State) -> Iterator[str]:
    if entry.document:
        known = entry.document in state.documents
        told = state.documents[entry.document]
        yield from _of_document(entry, told)
        yield from _always(entry, state)
        yield from _first(entry, known)
        yield from _LAWS[entry.kind](entry, told) if entry.kind in _LAWS else ()
    else:
        yield from _always(entry, state)
    yield from _BESIDE[entry.kind](entry, state) if entry.kind in _BESIDE else ()


def _remember(entry: Entry, state: _State) -> None:
    if entry.document:
        _remember_document(entry, state.documents[entry.document])
    elif entry.set:
        state.sets[entry.set.id] = entry
    elif entry.note and entry.sealed:
        state.note_hashes[entry.note] = entry.sealed.ledger_hash
    state.entries.append(entry)
    for note in entry.notes:
        state.notes.setdefault(note.slug, (note, entry.posted))
        state.note_hashes.setdefault(note.slug, note.ledger_hash)


def _remember_document(entry: Entry, told: _DocumentState) -> None:
    if entry.kind is EntryKind.POST:
        told.posts[entry.version] = told.standing[entry.version] = entry
    if entry.kind is EntryKind.WITHDRAW:
        told.standing.pop(entry.version, None)
        told.withdrawn.setdefault(entry.version, entry)
    if entry.kind is EntryKind.RETIRE:
        told.retired = entry
    if entry.sealed:
        told.sealed[entry.version] = entry.sealed


def _of_document(entry: Entry, told: _DocumentState) -> Iterator[str]:
    if entry.entry and entry.entry.id != entry.document:
        yield f"what it says of documents.yml is about {entry.entry.id}"
    if told.retired and entry.kind not in (EntryKind.CORRECT, EntryKind.REDACT):
        yield f"{entry.document} was retired by {told.retired.name}; its id is never used again"


def _always(entry: Entry, state: _State) -> Iterator[str]:
    if entry.effective and entry.effective < entry.posted:
        yield f"it is backdated: effective {format_instant(entry.effective)}, posted {format_instant(entry.posted)}"
    for note in entry.notes:
        known, posted = state.notes.get(note.slug, (note, entry.posted))
        if known.ledger_hash != note.ledger_hash or posted != entry.posted:
            yield f"the note {note.slug} was posted before; a note is posted once"


def _first(entry: Entry, known: bool) -> Iterator[str]:
    if not known and entry.kind not in (EntryKind.POST, EntryKind.NOTICE):
        yield f"{entry.document} was never posted"


def _post(entry: Entry, told: _DocumentState) -> Iterator[str]:
    wanted = next(reversed(told.posts), 0) + 1
    if entry.version != wanted:
        yield f"version {wanted} of {entry.document} is wanted here"
    last = told.last
    if entry.supersedes != (last.version if last else 0):
        yield f"it supersedes {entry.supersedes or 'nothing'}, and {last.version if last else 'nothing'} stands"
    if last and _effective(entry) < _effective(last):
        yield (
            f"it takes effect before {last.document}@{last.version}, which is announced for "
            f"{format_instant(_effective(last))} and was not withdrawn"
        )
    if entry.restores and (entry.restores not in told.sealed or not _restores(entry, told.sealed[entry.restores])):
        yield f"its text is not that of {entry.document}@{entry.restores}, which it says to restore"


def _restores(entry: Entry, old: Sealed) -> bool:
    """Whether an entry posts the text of an old version: the same words by the hash of one day, or the same bytes,
    which a later parser may give another. Nobody can tell once a redaction destroyed one of the seal files.
    """
    new = entry.sealed
    if new is None or not (new.source and old.source):
        return new is not None
    return new.text == old.text or new.source == old.source


def _effective(entry: Entry) -> datetime:
    assert entry.effective is not None
    return entry.effective


def _withdraw(entry: Entry, told: _DocumentState) -> Iterator[str]:
    of = VersionId(entry.document, entry.version)
    post = told.posts.get(entry.version)
    if post is None:
        yield f"there is no version {of} before it"
    elif entry.version not in told.standing:
        yield f"{of} was withdrawn before"
    elif _effective(post) > entry.posted and _effective(post) < _effective(entry):
        # It would come into force although it is counted as standing no longer, and overtake what is posted meanwhile.
        yield f"{of} is announced, and takes effect before it is withdrawn"


def _correct(entry: Entry, state: _State) -> Iterator[str]:
    if entry.corrects >= entry.seq:
        yield f"it corrects entry {entry.corrects}, which is not before it"
    elif entry.corrects <= len(state.entries):
        about = state.entries[entry.corrects - 1]
        if (about.document, about.set_id, about.note) != (entry.document, entry.about, entry.note):
            what = next(name for name in ("document", "set", "note") if getattr(about, _SUBJECT[name]))
            yield f"it corrects {about.name}, which is about another {what}"


_SUBJECT = {"document": "document", "set": "set_id", "note": "note"}


def _redact(entry: Entry, state: _State) -> Iterator[str]:
    assert entry.was is not None
    if entry.note:
        known = state.note_hashes.get(entry.note)
        if known is None:
            yield f"the note {entry.note} was never posted"
        elif known != entry.was.ledger_hash:
            yield f"the hash that it replaces is not that of the note {entry.note}"
    elif not entry.was.is_same(state.documents[entry.document].sealed.get(entry.version)):
        yield f"the hashes that it replaces are not those of {VersionId(entry.document, entry.version)}"
    if not entry.clause.strip() or not entry.reason.strip():
        yield "it does not say what was redacted, and why"


def _set(entry: Entry, state: _State) -> Iterator[str]:
    last = state.sets.get(entry.set_id)
    if last and _effective(entry) < _effective(last):
        yield f"it takes effect before {last.name}, which is announced for {format_instant(_effective(last))}"


def _continues(entry: Entry, state: _State) -> Iterator[str]:
    """What is wrong with how a post goes on with the announcement of a withdrawn one."""
    first = entry
    if entry.continues:
        if entry.continues > len(state.entries) or not _was_announced(entry, state.entries[entry.continues - 1], state):
            yield f"it continues entry {entry.continues}, which is no announcement of {entry.document} withdrawn before"
            return
        while first.continues:
            first = state.entries[first.continues - 1]
    if entry.notice_from and not first.posted <= entry.notice_from <= entry.posted:
        yield (
            f"its notice counts from {format_instant(entry.notice_from)}, and the announcement was first posted "
            f"{format_instant(first.posted)}"
        )


def _was_announced(entry: Entry, old: Entry, state: _State) -> bool:
    """Whether an earlier entry announced a version of the same document that was withdrawn before it took effect."""
    withdrawal = state.documents[entry.document].withdrawn.get(old.version)
    return (
        old.kind is EntryKind.POST
        and old.document == entry.document
        and withdrawal is not None
        and _effective(withdrawal) <= _effective(old)
    )


_LAWS = {EntryKind.POST: _post, EntryKind.WITHDRAW: _withdraw}
"""What an entry must say of its document's others."""
_BESIDE = {
    EntryKind.POST: _continues,
    EntryKind.CORRECT: _correct,
    EntryKind.REDACT: _redact,
    EntryKind.SET: _set,
}
"""What an entry must say of all others."""
