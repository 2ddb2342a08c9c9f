"""The invariants of the ledger: how each entry must agree with earlier entries (RECORD-FORMAT.md, "Laws").

`verify` checks every entry. `release` also checks the entries that it is about to write, so that it never seals what
`verify` would refuse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import datetime

from engross.common import error, value_class
from engross.model import MAKING, Diagnostic, Entry, EntryKind, NoteRef, NoticePromise, NoticeUnit, Sealed, VersionId
from engross.record.encoding import SHORT, format_instant
from engross.record.ledger.file import RULE
from engross.record.ledger.notice import broken_promise, is_rightly_fixed, with_fixed_instants


@value_class
class _DocumentState:
    """One document according to the entries so far. `standing` are its posts that were not withdrawn, in order.

    Their effective instants never decrease, so the last post will be in force in the end.
    """

    posts: dict[int, Entry] = field(default_factory=dict)
    withdrawn: dict[int, Entry] = field(default_factory=dict)
    standing: dict[int, Entry] = field(default_factory=dict)
    sealed: dict[int, Sealed] = field(default_factory=dict)
    receipts: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    promises: list[NoticePromise] = field(default_factory=list)
    retired: Entry | None = None

    @property
    def last(self) -> Entry | None:
        """The last post that was not withdrawn."""
        return next(reversed(self.standing.values()), None)

    def before(self, version: int) -> Entry | None:
        """The last post before a version that was not withdrawn."""
        return next((one for one in reversed(self.standing.values()) if one.version < version), None)

    def is_awaiting(self, version: int) -> bool:
        """Whether a version waits for the delivery of its notice."""
        fixed = any(one.effective for one in self.receipts[version])
        return version in self.standing and self.posts[version].awaits is not None and not fixed


@value_class
class _State:
    """The record according to the entries so far.

    It has the documents, the notes (as posted, and with their present hashes), and the last entry about each set.
    """

    entries: list[Entry] = field(default_factory=list)
    documents: defaultdict[str, _DocumentState] = field(default_factory=lambda: defaultdict(_DocumentState))
    notes: dict[str, tuple[NoteRef, datetime]] = field(default_factory=dict)
    note_hashes: dict[str, str] = field(default_factory=dict)
    sets: dict[str, Entry] = field(default_factory=dict)


def check_invariants(entries: Sequence[Entry], path: str) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each way in which an entry contradicts earlier entries."""
    state = _State()
    for line, entry in enumerate(with_fixed_instants(entries), 1):
        for mistake in _mistakes(entry, state):
            yield error(RULE, path, line, 1, f"{entry.name}: {mistake}")
        _remember(entry, state)


def _mistakes(entry: Entry, state: _State) -> Iterator[str]:
    if entry.document:
        known = entry.document in state.documents
        of_document = state.documents[entry.document]
        yield from _document(entry, of_document)
        yield from _always(entry, state)
        yield from _first(entry, known)
        yield from _DOCUMENT_LAWS[entry.kind](entry, of_document) if entry.kind in _DOCUMENT_LAWS else ()
    else:
        yield from _always(entry, state)
    yield from _RECORD_LAWS[entry.kind](entry, state) if entry.kind in _RECORD_LAWS else ()


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


def _remember_document(entry: Entry, document: _DocumentState) -> None:
    if entry.kind in MAKING:
        document.posts[entry.version] = document.standing[entry.version] = entry
    if entry.kind is EntryKind.WITHDRAW:
        document.standing.pop(entry.version, None)
        document.withdrawn.setdefault(entry.version, entry)
    if entry.kind is EntryKind.RECEIPT:
        document.receipts[entry.version].append(entry)
    if entry.kind is EntryKind.RETIRE:
        document.retired = entry
    if entry.sealed:
        document.sealed[entry.version] = entry.sealed
    if entry.entry:
        document.promises.append(entry.entry.promise)


def _document(entry: Entry, document: _DocumentState) -> Iterator[str]:
    if entry.entry and entry.entry.id != entry.document:
        yield f"its settings in documents.yml are those of {entry.entry.id}"
    if document.retired and entry.kind not in (EntryKind.CORRECT, EntryKind.REDACT, EntryKind.RECEIPT):
        yield f"{entry.document} was retired by {document.retired.name}; its id is never used again"


def _always(entry: Entry, state: _State) -> Iterator[str]:
    if entry.effective and entry.effective < entry.posted:
        yield f"it is backdated: effective {format_instant(entry.effective)}, posted {format_instant(entry.posted)}"
    for note in entry.notes:
        known, posted = state.notes.get(note.slug, (note, entry.posted))
        if known.ledger_hash != note.ledger_hash or posted != entry.posted:
            yield f"the note {note.slug} was posted before; a note is posted once"


def _first(entry: Entry, known: bool) -> Iterator[str]:
    if not known and entry.kind not in (EntryKind.POST, EntryKind.NOTICE, EntryKind.IMPORT):
        yield f"{entry.document} was never posted"


def _post(entry: Entry, document: _DocumentState) -> Iterator[str]:
    number = next(reversed(document.posts), 0) + 1
    if entry.version != number:
        yield f"the next version of {entry.document} must be {number}"
    last = document.last
    wanted = last.version if last else 0
    if entry.supersedes != wanted:
        yield (
            f"it supersedes {entry.supersedes or 'nothing'}, but the last version that was not withdrawn is "
            f"{wanted or 'none'}"
        )
    yield from _while_awaiting(document)
    yield from _awaits(entry, document)
    if last and not document.is_awaiting(last.version) and entry.applies < last.applies:
        yield (
            f"it takes effect before {last.document}@{last.version}, which is announced for "
            f"{format_instant(last.applies)} and was not withdrawn"
        )
    old = document.sealed.get(entry.restores)
    if entry.restores and not (old and _restores(entry, old)):
        yield f"it restores {entry.document}@{entry.restores}, but its text differs"


def _awaits(entry: Entry, document: _DocumentState) -> Iterator[str]:
    """Yield what is wrong with the notice that a text waits for: its rules are promised, and none is left out.

    The grounds of a change are in its note, so where grounds have rules of their own, any of the promised ones will do.
    """
    if entry.awaits is None or entry.entry is None:
        return
    own, waits = entry.entry.promise, set(entry.awaits.rules)
    known = {rule for one in (own, *document.promises) for rule in one.all_rules}
    strange = any(rule.unit is not NoticeUnit.ELAPSED and rule not in known for rule in waits)
    due = () if own.grounds else own.rules(entry.change_class or "", (), entry.material)
    if strange or any(rule.count and rule not in waits for rule in due):
        yield "the notice that it waits for is not the one that its document promises"


def _while_awaiting(document: _DocumentState) -> Iterator[str]:
    last = document.last
    if last and document.is_awaiting(last.version):
        yield f"{last.document}@{last.version} waits for the delivery of its notice, and was not withdrawn"


def _restores(entry: Entry, old: Sealed) -> bool:
    """Whether an entry posts the text of an old version.

    The text hash or the bytes must be equal, since a later parser may compute another text hash for the same bytes.
    True if a redaction destroyed one of the seal files: then the texts cannot be compared.
    """
    new = entry.sealed
    if new is None or not (new.source and old.source):
        return new is not None
    return new.text == old.text or new.source == old.source


def _import(entry: Entry, state: _State) -> Iterator[str]:
    """Yield what is wrong with an import: the imports of a document follow one another and begin its versions."""
    of, last = VersionId(entry.document, entry.version), state.entries[-1] if state.entries else None
    is_next = last is not None and last.kind is EntryKind.IMPORT and last.document == entry.document
    if entry.version == 1:
        if any(one.document == entry.document for one in state.entries):
            yield f"{entry.document} has entries before it, and only a document without entries can be imported"
    elif not is_next or last is None or last.version != entry.version - 1:
        yield f"{of} is imported, and the entry before it must import version {entry.version - 1}"
    elif last.posted != entry.posted:
        yield f"it is not sealed at the same instant as {last.name}"
    if bool(entry.notes) is not bool(entry.change_class):
        yield "it has a note without a class, or a class without a note"


def _withdraw(entry: Entry, document: _DocumentState) -> Iterator[str]:
    of = VersionId(entry.document, entry.version)
    post = document.posts.get(entry.version)
    if post is None:
        yield f"there is no version {of} before it"
    elif entry.version not in document.standing:
        yield f"{of} was withdrawn before"
    elif post.applies > entry.posted and post.applies < entry.applies:
        # It would come into force although it was withdrawn, and replace versions that are posted meanwhile.
        yield f"{of} is announced, and takes effect before it is withdrawn"


def _receipt(entry: Entry, document: _DocumentState) -> Iterator[str]:
    """Yield mistakes in a receipt: of a withdrawn version, a second one of a notice, or a wrong instant."""
    post, of = document.posts.get(entry.version), VersionId(entry.document, entry.version)
    delivered, before = entry.delivered, document.receipts[entry.version]
    assert delivered is not None
    if delivered.sent > entry.posted:
        yield f"its notice was sent after it: {format_instant(delivered.sent)}"
    if any(one.delivered and one.delivered.notice == delivered.notice for one in before):
        yield f"the notice {delivered.notice[:SHORT]}… has a receipt already"
    if not entry.version:
        return
    if post is None or post.kind is not EntryKind.POST:
        yield f"{of} was not posted before it"
    elif entry.version not in document.standing:
        yield f"{of} was withdrawn before it"
    elif delivered.sent < post.posted:
        yield f"its notice was sent before {of} was posted"
    elif entry.effective and not document.is_awaiting(entry.version):
        yield f"it fixes an effective instant, and {of} has one"
    elif entry.effective and not is_rightly_fixed(entry, post, [*before, entry], document.before(entry.version)):
        yield f"its effective instant is not the end of the notice that {of} awaits, counted from its delivery"


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
        yield "its clause or its reason is empty"


def _set(entry: Entry, state: _State) -> Iterator[str]:
    last = state.sets.get(entry.set_id)
    if last and entry.applies < last.applies:
        yield f"it takes effect before {last.name}, which is announced for {format_instant(last.applies)}"


def _posted(entry: Entry, state: _State) -> Iterator[str]:
    """Yield what is wrong with a post in view of the whole record: what it continues, and its promised notice."""
    found = list(_continues(entry, state))
    yield from found
    known = any(one.posted < entry.posted for one in state.documents[entry.document].standing.values())
    # Nobody had other terms before a first text; format 1 was checked when it was posted, by the rules of its day.
    if found or entry.format == 1 or not known:
        return
    if broken := broken_promise(entry, lambda one: state.entries[one.continues - 1] if one.continues else None):
        yield broken


def _continues(entry: Entry, state: _State) -> Iterator[str]:
    """Yield what is wrong with how a post continues the announcement of a withdrawn post."""
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
        and withdrawal.applies <= old.applies
    )


_DOCUMENT_LAWS = {
    EntryKind.POST: _post,
    EntryKind.WITHDRAW: _withdraw,
    EntryKind.RETIRE: lambda _, document: _while_awaiting(document),
    EntryKind.NOTICE: lambda _, document: _while_awaiting(document),
    EntryKind.RECEIPT: _receipt,
}
"""The invariants between entries of the same document."""
_RECORD_LAWS = {
    EntryKind.POST: _posted,
    EntryKind.IMPORT: _import,
    EntryKind.CORRECT: _correct,
    EntryKind.REDACT: _redact,
    EntryKind.SET: _set,
}
"""The invariants between entries of all documents, sets and notes."""
