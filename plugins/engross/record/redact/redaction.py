"""Redact sealed versions and posted change notes, and make every derived file again.

A tombstone replaces the words, in the record and in the docs. A redaction is an entry of the ledger: it has the clause,
the date, the reason, and the hashes before and after. If another version or the text in the docs has the words, the
redaction is refused, unless the order allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.common import EngrossError, meant, quoted, shown, value_class
from engross.corpus import MappingNode, Node, ScalarNode, SequenceNode, compose, shown_path
from engross.model import (
    Clause,
    Document,
    Entry,
    EntryKind,
    NoteRef,
    Sealed,
    Source,
    Tree,
    TreeClause,
    Version,
    VersionId,
)
from engross.record.history import Record
from engross.record.notes.reader import posted_note
from engross.record.pictures import picture_hash, picture_path, shown_pictures
from engross.record.posting.drafts import sealed_document
from engross.record.posting.plan import Plan
from engross.record.posting.sealing import Sealing, bound, note_files, sealed_files
from engross.record.redact.leftovers import (
    RedactedVersion,
    Stretch,
    docs_draft,
    left_copies,
    others_with,
    redacted_words,
    rows_with,
    texts_with,
)
from engross.record.redact.redacted_rows import redact_fact
from engross.record.redact.tombstones import (
    AGAIN,
    Cut,
    Redacted,
    check_instant,
    entry_name,
    find_clause,
    redact_text,
    refusal,
    spliced,
    tombstone,
)
from engross.record.sealed_files import (
    decode_sealed,
    note_name,
    note_names,
    picture_name,
    sealed_note,
    sealed_pictures,
    sealed_source,
    sealed_tree,
    version_names,
)
from engross.record.trees import DEFINITION, addressed, text_hash
from engross.text import front_matter, front_matter_yaml


@value_class(frozen=True, slots=True)
class Order:
    """What to redact: a clause, by its anchor or label, in some versions of one document, also in its draft if `draft`
    is true, with a reason. `only_these` leaves the words in other versions.
    """

    versions: tuple[VersionId, ...]
    clause: str
    reason: str
    draft: bool = False
    only_these: bool = False

    @property
    def document(self) -> str:
        """The id of the document."""
        return self.versions[0].document


@value_class(frozen=True, slots=True)
class Redaction:
    """The result of an order: the sealed files, the new draft or copy of a note (None: unchanged), and each text before
    and after, by name. `left` are notes, texts and pictures that also have the words; `copies` are the texts beside
    posted notes that equal a redacted version and must be deleted.
    """

    sealing: Sealing
    draft: Source | None
    texts: tuple[tuple[str, Document, Document], ...] = field(repr=False)
    left: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


def plan_redaction(plan: Plan, order: Order) -> Redaction:
    """Compute what an order does to a record, at the instant of the plan.

    Raises EngrossError if a clause cannot be found or redacted, and if other texts still have the words.
    """
    check_instant(plan.record, plan.posted)
    zone = ZoneInfo(plan.project.settings.timezone)
    stone = tombstone(plan.posted, zone, order.reason)
    done: list[RedactedVersion] = []
    for named in order.versions:
        done.append(_redacted(plan.record, plan.record.version(named), order.clause, stone, done[:1]))
    draft = _in_draft(plan, order, done[0], stone) if order.draft else None
    if not order.only_these:
        _check_holders(plan, order, done)
    copies = left_copies(plan, order.document, done)
    changed = [_resealed(plan.record, one, order) for one in done]
    hashes = {old: new for one in changed for old, new in one.hashes.items()}
    changed = [replace(one, tree=_without(one.tree, hashes)) for one in changed]
    changed += _cleaned(plan.record, changed, hashes)
    entries, files, gone = _sealed(plan, order, changed)
    texts = [(str(one.version.id), one.before, one.redacted.document) for one in done]
    if draft:
        texts.append((f"the text of {order.document} in the docs", draft[0], draft[1].document))
    source = draft[1].document.source if draft else None
    sealing = bound(plan.record, entries, files, gone)
    left = (
        *rows_with(done),
        *others_with(plan, redacted_words(done), order.document, but_files=copies),
        *_docs_copies(plan, changed, gone),
    )
    return Redaction(sealing, source, tuple(texts), left, copies)


def _docs_copies(plan: Plan, changed: Sequence[_Changed], gone: Set[str]) -> Iterator[str]:
    """The pictures in the docs folder that are removed with the words."""
    docs = plan.project.docs
    pictures = {picture for one in changed for picture in one.version.sealed.pictures}
    for picture in sorted(pictures):
        if picture_name(picture) in gone and picture_hash(docs, picture.path) == picture.sha256:
            yield shown_path(docs / picture.path)


def _redacted(
    record: Record, version: Version, name: str, stone: str, first: Sequence[RedactedVersion]
) -> RedactedVersion:
    """Return a version without a clause, which is named in the first redacted version and is the same in others."""
    document, tree = sealed_document(record, version), sealed_tree(record, version)
    anchor = _same_clause(first[0], tree, f"{version.id}") if first else None
    clause = find_clause(document, anchor or name)
    return RedactedVersion(version, tree, document, _redact(document, clause, stone))


def _same_clause(first: RedactedVersion, tree: Tree, name: str) -> str | None:
    """Return the anchor of a clause in another tree; None if it has no address of its own."""
    clause = first.redacted.clause
    stable = next((one.id for one in first.tree.clauses if clause.anchor and one.anchor == clause.anchor), "")
    if not stable:
        return None
    anchor = next((one.anchor for one in tree.clauses if one.id == stable), None)
    if anchor is None:
        message = f"no clause in it is the same as {clause.label} in {first.version.id}"
        raise EngrossError([refusal(name, message)])
    return anchor


def _redact(document: Document, clause: Clause, stone: str) -> Redacted:
    assert document.source is not None
    if clause.inline.text.startswith("[Redacted"):
        raise EngrossError([refusal(document.source.path, f"{entry_name(document, clause)} was redacted before")])
    return (redact_fact if document.entry.kind.has_rows else redact_text)(document, clause, stone)


def _in_draft(plan: Plan, order: Order, first: RedactedVersion, stone: str) -> tuple[Document, Redacted]:
    """Return the text in the docs, and the text without the clause."""
    draft = docs_draft(plan, order.document)
    if draft is None:
        raise EngrossError([refusal(order.document, "there is no text of it in the docs")])
    assert draft.document.source is not None
    tree = draft.tree(len(plan.record.versions[order.document]) + 1)
    anchor = _same_clause(first, tree, draft.document.source.path)
    return draft.document, _redact(draft.document, find_clause(draft.document, anchor or order.clause), stone)


def _check_holders(plan: Plan, order: Order, done: Sequence[RedactedVersion]) -> None:
    """Raise EngrossError if a version or the text in the docs has the words and is not named in the order."""
    named = [*map(str, order.versions), *([order.document] if order.draft else [])]
    left = [one for one in texts_with(plan, order.document, done) if one not in named]
    if left:
        where = ", ".join(one if "@" in one else f"the text of {one} in the docs" for one in left)
        message = (
            f"{where} still {'has' if len(left) == 1 else 'have'} the words. Redact these too "
            f"(engross redact {' '.join([*named, *left])} …), or leave the words there with --only-these"
        )
        raise EngrossError([refusal(plan.record.ledger_path, message)])


@value_class(frozen=True, slots=True)
class _Changed:
    """A version under its new seal: bytes, text hash, tree, pictures, and the name of the clause in the entry.

    `hashes` are those of the redacted words, and those of the text that replaces them.
    """

    version: Version
    data: bytes
    text: str
    tree: Tree
    pictures: Mapping[str, bytes]
    clause: str
    hashes: Mapping[str, str]


def _resealed(record: Record, one: RedactedVersion, order: Order) -> _Changed:
    """Return a version without the words, and without pictures that its text no longer shows."""
    version, redacted = one.version, one.redacted
    source = redacted.document.source
    assert source is not None
    tree = _new_tree(one)
    now = {clause.id: clause.words for clause in tree.clauses}
    hashes = {old.words: now[old.id] for old in one.tree.clauses if now.get(old.id, old.words) != old.words}
    paths = {picture_path(version.entry.file, shown.target) for shown in shown_pictures(redacted.document)}
    pictures = {path: data for path, data in sealed_pictures(record, version).items() if path in paths}
    label = entry_name(one.before, redacted.clause) or order.clause
    return _Changed(version, source.data, text_hash(redacted.document.root), tree, pictures, label, hashes)


def _cleaned(record: Record, changed: Sequence[_Changed], hashes: Mapping[str, str]) -> Iterator[_Changed]:
    """Yield other versions with hashes of the words, without these hashes, which could confirm a guess."""
    first, done = changed[0], {one.version.id for one in changed}
    clause = f"{first.clause}, as version {first.version.number} had it"
    for version in record.versions[first.version.id.document]:
        tree = sealed_tree(record, version)
        if version.id not in done and any(words in hashes for words, _ in tree.former.values()):
            data, pictures = sealed_source(record, version).data, sealed_pictures(record, version)
            yield _Changed(version, data, version.sealed.text, _without(tree, hashes), pictures, clause, {})


def _without(tree: Tree, hashes: Mapping[str, str]) -> Tree:
    former = {anchor: (hashes.get(words, words), last) for anchor, (words, last) in tree.former.items()}
    return replace(tree, former=former)


def _sealed(plan: Plan, order: Order, changed: Sequence[_Changed]) -> tuple[list[Entry], dict[str, bytes], set[str]]:
    """Return the entries, the new files, and the files to delete, including pictures that no version shows any more."""
    entries, files, gone = list[Entry](), dict[str, bytes](), set[str]()
    for one in changed:
        version = one.version
        sealed, made = sealed_files(version.id, version.entry, one.data, one.text, one.tree, one.pictures)
        files |= made
        gone |= {*version_names(version.id, version.sealed, version.entry), *map(picture_name, version.sealed.pictures)}
        entries.append(_entry(version, plan.posted, one.clause, order.reason, sealed))
    done = {one.version.id for one in changed}
    others = (version for versions in plan.record.versions.values() for version in versions if version.id not in done)
    return entries, files, gone - {*files, *(picture_name(one) for other in others for one in other.sealed.pictures)}


def _entry(version: Version, at: datetime, clause: str, reason: str, sealed: Sealed) -> Entry:
    return Entry(
        seq=0,
        kind=EntryKind.REDACT,
        posted=at,
        document=version.id.document,
        previous="",
        hash="",
        version=version.id.number,
        sealed=sealed,
        was=version.sealed,
        clause=clause,
        reason=reason,
    )


def _new_tree(one: RedactedVersion) -> Tree:
    """Return the tree with the same clauses. Clauses around changed words have other hashes, and terms that the
    redacted text defined are removed.
    """
    return replace(one.tree, clauses=tuple(_new_clauses(one)))


def _new_clauses(one: RedactedVersion) -> Iterator[TreeClause]:
    before = {found.anchor: found.hash for found in addressed(one.before)}
    now = {found.anchor: found for found in addressed(one.redacted.document)}
    for clause in one.tree.clauses:
        here = now.get(clause.anchor)
        if here and one.redacted.is_name and here.anchor == one.redacted.clause.anchor:
            yield replace(clause, words=here.hash, label=here.label)
        elif here and (clause.anchor in one.redacted.within or here.hash != before.get(clause.anchor)):
            yield replace(clause, words=here.hash)
        elif here or clause.kind != DEFINITION:
            yield clause


SUMMARY = "summary"
PARTS = (SUMMARY, "title", "approved_by", "editorial_because", "emergency", "grounds", "reference")
"""The parts of a note that can be redacted: the summary goes with the title; in grounds, the citations and the texts of
their conditions.
"""


@value_class(frozen=True, slots=True)
class NoteOrder:
    """What to redact: a part of a posted note, by the note's name, with a reason."""

    slug: str
    part: str
    reason: str


def plan_note_redaction(plan: Plan, order: NoteOrder) -> Redaction:
    """Compute what an order does to a record, at the instant of the plan.

    Raises EngrossError if there is no such note or part, or if a tombstone cannot replace it.
    """
    record = plan.record
    check_instant(record, plan.posted)
    was = record.posted_notes.get(order.slug)
    if was is None:
        message = f"no note {shown(order.slug)} was posted{meant(order.slug, list(record.posted_notes))}"
        raise EngrossError([refusal(record.ledger_path, message)])
    zone = ZoneInfo(plan.project.settings.timezone)
    source = decode_sealed(
        sealed_note(record, was), f"{record.shown}/{note_name(was)}", f"the sealed change note {was.slug}"
    )
    cuts = list(_cuts(source, order.part, tombstone(plan.posted, zone, order.reason)))
    made = spliced(source, cuts)
    try:
        posted_note(made.data, source.path, order.slug, zone)
    except EngrossError as wrong:
        message = f"the {order.part} of {order.slug} cannot hold a tombstone: {wrong.diagnostics[0].message}"
        raise EngrossError([refusal(source.path, message)]) from None
    ref, files = note_files(order.slug, made.data)
    sealing = bound(record, [_entry_note_redaction(plan, order, was, ref)], files, note_names(was))
    words = [Stretch(cut.words) for cut in cuts]
    copy = Source(f"{plan.folder.folder}/{order.slug}.md", made.text, made.data)
    return Redaction(sealing, copy, (), tuple(others_with(plan, words, notes={order.slug})))


def _entry_note_redaction(plan: Plan, order: NoteOrder, was: NoteRef, now: NoteRef) -> Entry:
    return Entry(
        seq=0,
        kind=EntryKind.REDACT,
        posted=plan.posted,
        document="",
        previous="",
        hash="",
        note=order.slug,
        sealed=Sealed(now.sha256, "", "", now.seal),
        was=Sealed("", "", "", was.ledger_hash),
        clause=order.part,
        reason=order.reason,
    )


def _cuts(source: Source, part: str, stone: str) -> Iterator[Cut]:
    if part == SUMMARY:
        body = source.text[len(front_matter(source)) :]
        start, end = len(source.text) - len(body.lstrip()), len(source.text.rstrip())
        words = source.text[start:end]
        if words.startswith(stone.partition(" on ")[0]):
            raise EngrossError([refusal(source.path, "its summary was redacted before")])
        yield Cut(start, end, stone, words)
        # A title says in short what the summary says.
        yield from _cuts_of(source, _values_of(source, "title"), AGAIN)
        return
    values = _values_of(source, part) if part in PARTS else []
    if not values:
        message = f"it has no text called {shown(part)}; the parts that can be redacted are {', '.join(PARTS)}"
        raise EngrossError([refusal(source.path, message)])
    yield from _cuts_of(source, values, stone)


def _values_of(source: Source, part: str) -> list[ScalarNode]:
    root, _ = compose(front_matter_yaml(source))
    found = root.entries.get(part) if isinstance(root, MappingNode) else None
    return list(_values(found.value)) if found else []


def _cuts_of(source: Source, values: Sequence[ScalarNode], stone: str) -> Iterator[Cut]:
    for at, value in enumerate(values):
        end = value.start + len(source.text[value.start : value.end].rstrip())
        yield Cut(value.start, end, quoted(AGAIN if at else stone), value.text)


def _values(node: Node) -> Iterator[ScalarNode]:
    """Yield the texts within a part of the front matter, without the ids of grounds."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _values(item)
    else:
        for name, entry in node.entries.items():
            if name != "ground":
                yield from _values(entry.value)
