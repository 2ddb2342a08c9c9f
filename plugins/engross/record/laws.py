"""What the entries of a ledger must say of each other: that no version appears from nowhere, twice, or out of order.

Each law is asked at each entry, of the entries before it. `release` asks them of what it is about to write as well, so
that nothing is sealed that would not verify.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engross.errors import error
from engross.model import Diagnostic, Entry, EntryKind, NoteRef, Sealed, VersionId
from engross.record.instants import sealed_text
from engross.record.ledger import RULE


@dataclass
class _Told:
    """What the entries so far have said of one document. `standing` are its posts that were not withdrawn, in order:
    their effective instants never decrease, so that the last is the one that will be in force in the end.
    """

    posts: dict[int, Entry] = field(default_factory=dict)
    standing: dict[int, Entry] = field(default_factory=dict)
    sealed: dict[int, Sealed] = field(default_factory=dict)
    retired: Entry | None = None

    @property
    def last(self) -> Entry | None:
        """The last standing post."""
        return next(reversed(self.standing.values()), None)


@dataclass
class _State:
    """What the entries so far have said."""

    entries: list[Entry] = field(default_factory=list)
    documents: defaultdict[str, _Told] = field(default_factory=lambda: defaultdict(_Told))
    notes: dict[str, tuple[NoteRef, datetime]] = field(default_factory=dict)


def check_laws(entries: Sequence[Entry], path: str) -> Iterator[Diagnostic]:
    """A diagnostic for each entry that contradicts one before it."""
    state = _State()
    for line, entry in enumerate(entries, 1):
        known = entry.document in state.documents
        told = state.documents[entry.document]
        for wrong in (*_always(entry, told, state), *_first(entry, known), *_of_kind(entry, told, state)):
            yield error(RULE, path, line, 1, f"{entry.name}: {wrong}")
        _remember(entry, told, state)


def _remember(entry: Entry, told: _Told, state: _State) -> None:
    if entry.kind is EntryKind.POST:
        told.posts[entry.version] = told.standing[entry.version] = entry
    if entry.kind is EntryKind.WITHDRAW:
        told.standing.pop(entry.version, None)
    if entry.kind is EntryKind.RETIRE:
        told.retired = entry
    if entry.sealed:
        told.sealed[entry.version] = entry.sealed
    state.entries.append(entry)
    for note in entry.notes:
        state.notes.setdefault(note.slug, (note, entry.posted))


def _always(entry: Entry, told: _Told, state: _State) -> Iterator[str]:
    if entry.effective and entry.effective < entry.posted:
        yield f"it is backdated: effective {sealed_text(entry.effective)}, posted {sealed_text(entry.posted)}"
    if entry.entry and entry.entry.id != entry.document:
        yield f"what it says of documents.yml is about {entry.entry.id}"
    if told.retired and entry.kind not in (EntryKind.CORRECT, EntryKind.REDACT):
        yield f"{entry.document} was retired by {told.retired.name}; its id is never used again"
    for note in entry.notes:
        known, posted = state.notes.get(note.slug, (note, entry.posted))
        if known != note or posted != entry.posted:
            yield f"the note {note.slug} was posted before; a note is posted once"


def _first(entry: Entry, known: bool) -> Iterator[str]:
    if not known and entry.kind not in (EntryKind.POST, EntryKind.NOTICE):
        yield f"{entry.document} was never posted"


def _of_kind(entry: Entry, told: _Told, state: _State) -> Iterator[str]:
    if entry.kind is EntryKind.CORRECT:
        yield from _correct(entry, state)
    elif entry.kind in _LAWS:
        yield from _LAWS[entry.kind](entry, told)


def _post(entry: Entry, told: _Told) -> Iterator[str]:
    wanted = next(reversed(told.posts), 0) + 1
    if entry.version != wanted:
        yield f"version {wanted} of {entry.document} is wanted here"
    last = told.last
    if entry.supersedes != (last.version if last else 0):
        yield f"it supersedes {entry.supersedes or 'nothing'}, and {last.version if last else 'nothing'} stands"
    if last and _effective(entry) < _effective(last):
        yield (
            f"it takes effect before {last.document}@{last.version}, which is announced for "
            f"{sealed_text(_effective(last))} and was not withdrawn"
        )
    if entry.restores and not _restores(entry, told.sealed.get(entry.restores)):
        yield f"its text is not that of {entry.document}@{entry.restores}, which it says to restore"


def _restores(entry: Entry, old: Sealed | None) -> bool:
    """Whether an entry posts the text of an old version: the same words by the hash of one day, or the same bytes,
    which a later parser may give another.
    """
    return old is not None and entry.sealed is not None and (
        entry.sealed.text == old.text or entry.sealed.source == old.source
    )  # fmt: skip


def _effective(entry: Entry) -> datetime:
    assert entry.effective is not None
    return entry.effective


def _withdraw(entry: Entry, told: _Told) -> Iterator[str]:
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
        if about.document != entry.document:
            yield f"it corrects {about.name}, which is about another document"


def _redact(entry: Entry, told: _Told) -> Iterator[str]:
    if told.sealed.get(entry.version) != entry.was:
        yield f"the hashes that it replaces are not those of {VersionId(entry.document, entry.version)}"
    if not entry.clause.strip() or not entry.reason.strip():
        yield "it does not say what was redacted, and why"


_LAWS = {EntryKind.POST: _post, EntryKind.WITHDRAW: _withdraw, EntryKind.REDACT: _redact}
