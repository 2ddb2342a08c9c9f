"""What the entries of a ledger must say of each other: that no version appears from nowhere, twice, or out of order.

Each law is asked at each entry, of the entries before it. `release` asks them of what it is about to write as well, so
that nothing is sealed that would not verify.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engross.errors import error
from engross.model import Diagnostic, Entry, EntryKind, NoteRef, Sealed, VersionId
from engross.record.instants import sealed_text
from engross.record.ledger import RULE


@dataclass
class _State:
    """What the entries so far have said."""

    posts: dict[VersionId, Entry] = field(default_factory=dict)
    sealed: dict[VersionId, Sealed] = field(default_factory=dict)
    withdrawn: set[VersionId] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    retired: dict[str, Entry] = field(default_factory=dict)
    notes: dict[str, tuple[NoteRef, datetime]] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)

    def standing(self, document: str) -> list[Entry]:
        """The posts of a document that are not withdrawn."""
        return [post for of, post in self.posts.items() if of.document == document and of not in self.withdrawn]


def check_laws(entries: Sequence[Entry], path: str) -> Iterator[Diagnostic]:
    """A diagnostic for each entry that contradicts one before it."""
    state = _State()
    for line, entry in enumerate(entries, 1):
        for wrong in (*_always(entry, state), *_LAWS[entry.kind](entry, state)):
            yield error(RULE, path, line, 1, f"{entry.name}: {wrong}")
        _remember(entry, state)


def _remember(entry: Entry, state: _State) -> None:
    of = VersionId(entry.document, entry.version)
    if entry.kind is EntryKind.POST:
        state.posts[of] = entry
        state.counts[entry.document] = entry.version
    if entry.kind is EntryKind.WITHDRAW:
        state.withdrawn.add(of)
    if entry.kind is EntryKind.RETIRE:
        state.retired[entry.document] = entry
    if entry.sealed:
        state.sealed[of] = entry.sealed
    state.documents.add(entry.document)
    for note in entry.notes:
        state.notes.setdefault(note.slug, (note, entry.posted))


def _always(entry: Entry, state: _State) -> Iterator[str]:
    if entry.effective and entry.effective < entry.posted:
        yield f"it is backdated: effective {sealed_text(entry.effective)}, posted {sealed_text(entry.posted)}"
    if entry.entry and entry.entry.id != entry.document:
        yield f"what it says of documents.yml is about {entry.entry.id}"
    if entry.document in state.retired and entry.kind not in (EntryKind.CORRECT, EntryKind.REDACT):
        yield f"{entry.document} was retired by {state.retired[entry.document].name}; its id is never used again"
    for note in entry.notes:
        known, posted = state.notes.get(note.slug, (note, entry.posted))
        if known != note or posted != entry.posted:
            yield f"the note {note.slug} was posted before; a note is posted once"


def _post(entry: Entry, state: _State) -> Iterator[str]:
    wanted = state.counts.get(entry.document, 0) + 1
    if entry.version != wanted:
        yield f"version {wanted} of {entry.document} is wanted here"
    standing = state.standing(entry.document)
    last = max(standing, key=lambda post: (_effective(post), post.seq), default=None)
    if entry.supersedes != (last.version if last else 0):
        yield f"it supersedes {entry.supersedes or 'nothing'}, and {last.version if last else 'nothing'} stands"
    if last and _effective(entry) < _effective(last):
        yield (
            f"it takes effect before {last.document}@{last.version}, which is announced for "
            f"{sealed_text(_effective(last))} and was not withdrawn"
        )
    if entry.restores:
        restored = state.sealed.get(VersionId(entry.document, entry.restores))
        if restored is None or (entry.sealed and restored.text != entry.sealed.text):
            yield f"its text is not that of {entry.document}@{entry.restores}, which it says to restore"


def _effective(entry: Entry) -> datetime:
    assert entry.effective is not None
    return entry.effective


def _withdraw(entry: Entry, state: _State) -> Iterator[str]:
    of = VersionId(entry.document, entry.version)
    if of not in state.posts:
        yield f"there is no version {of} before it"
    elif of in state.withdrawn:
        yield f"{of} was withdrawn before"


def _correct(entry: Entry, state: _State) -> Iterator[str]:  # noqa: ARG001 (each law takes the same)
    if entry.corrects >= entry.seq:
        yield f"it corrects entry {entry.corrects}, which is not before it"


def _redact(entry: Entry, state: _State) -> Iterator[str]:
    of = VersionId(entry.document, entry.version)
    if state.sealed.get(of) != entry.was:
        yield f"the hashes that it replaces are not those of {of}"
    if not entry.clause.strip() or not entry.reason.strip():
        yield "it does not say what was redacted, and why"


def _retire(entry: Entry, state: _State) -> Iterator[str]:
    if entry.document not in state.documents:
        yield f"{entry.document} was never posted"


def _nothing(entry: Entry, state: _State) -> Iterator[str]:  # noqa: ARG001 (each law takes the same)
    return iter(())


_LAWS = {
    EntryKind.POST: _post,
    EntryKind.NOTICE: _nothing,
    EntryKind.WITHDRAW: _withdraw,
    EntryKind.CORRECT: _correct,
    EntryKind.REDACT: _redact,
    EntryKind.MOVE: _nothing,
    EntryKind.RETIRE: _retire,
}
