"""What a court orders: a clause's words taken out of sealed versions, visibly, and every derivative made again.

A redaction is an entry of the ledger like any other: it says which clause, when and why, and has the hashes before and
after. Words that another version, or the text in the docs, still holds would go on being published; that is refused
unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.errors import EngrossError
from engross.model import (
    Clause,
    Document,
    DocumentKind,
    Entry,
    EntryKind,
    Sealed,
    Source,
    Tree,
    TreeClause,
    Version,
    VersionId,
)
from engross.record.archive import sealed_tree, version_names
from engross.record.drafts import sealed_document
from engross.record.fingerprints import text_hash
from engross.record.history import Record
from engross.record.instants import sealed_text
from engross.record.plan import Plan
from engross.record.redacted_facts import redact_fact
from engross.record.redaction import Redacted, find_clause, redact_text, refusal, tombstone
from engross.record.sealing import Sealing, bound, sealed_files
from engross.record.still_held import RedactedVersion, drafted, holders, notes_with
from engross.record.trees import DEFINITION, addressed


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be redacted: a clause, by its anchor or label, in some versions of one document, and in its draft
    where `draft` says so; and why. `only_these` lets other versions keep the words.
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


@dataclass(frozen=True, slots=True)
class Redaction:
    """What an order does: what is sealed, the draft as it is to be written (None: as it is), and each text before and
    after it, by name. `notes` are the posted change notes that have the words.
    """

    sealing: Sealing
    draft: Source | None
    texts: tuple[tuple[str, Document, Document], ...] = field(repr=False)
    notes: tuple[str, ...] = ()


def plan_redaction(plan: Plan, order: Order) -> Redaction:
    """What an order does to a record, at the instant of the plan.

    Raises EngrossError where a clause cannot be found or redacted, and where other texts still hold the words.
    """
    _check_instant(plan.record, plan.posted)
    zone = ZoneInfo(plan.project.settings.timezone)
    stone = tombstone(f"{plan.posted.astimezone(zone):%Y-%m-%d}", order.reason)
    done: list[RedactedVersion] = []
    for named in order.versions:
        done.append(_redacted(plan.record, plan.record.version(named), order.clause, stone, done[:1]))
    draft = _in_draft(plan, order, done[0], stone) if order.draft else None
    if not order.only_these:
        _check_holders(plan, order, done)
    entries, files, gone = _sealed(plan.posted, order, done)
    texts = [(str(one.version.id), one.before, one.redacted.document) for one in done]
    if draft:
        texts.append((f"the text of {order.document} in the docs", draft[0], draft[1].document))
    source = draft[1].document.source if draft else None
    sealing = bound(plan.record, entries, files, gone)
    return Redaction(sealing, source, tuple(texts), tuple(notes_with(plan.record, done)))


def _check_instant(record: Record, at: datetime) -> None:
    last = record.entries[-1] if record.entries else None
    if last and at < last.posted:
        message = f"{sealed_text(at)} is before {last.name}, posted {sealed_text(last.posted)}; is the clock right?"
        raise EngrossError([refusal(record.ledger_path, message)])


def _redacted(
    record: Record, version: Version, name: str, stone: str, first: Sequence[RedactedVersion]
) -> RedactedVersion:
    """A version without a clause, which is named in the first version that is redacted, and is the same in others."""
    document, tree = sealed_document(record, version), sealed_tree(record, version)
    anchor = _same_clause(first[0], tree, f"{version.id}") if first else None
    clause = find_clause(document, anchor or name)
    return RedactedVersion(version, tree, document, _redact(document, clause, stone))


def _same_clause(first: RedactedVersion, tree: Tree, name: str) -> str | None:
    """The anchor that a clause redacted in one version has in another tree; None where it has no address of its own."""
    clause = first.redacted.clause
    stable = next((one.id for one in first.tree.clauses if clause.anchor and one.anchor == clause.anchor), "")
    if not stable:
        return None
    anchor = next((one.anchor for one in tree.clauses if one.id == stable), None)
    if anchor is None:
        message = f"there is no clause in it that is {clause.label} in {first.version.id}"
        raise EngrossError([refusal(name, message)])
    return anchor


def _redact(document: Document, clause: Clause, stone: str) -> Redacted:
    assert document.source is not None
    if clause.inline.text.startswith("[Redacted"):
        raise EngrossError([refusal(document.source.path, f"{clause.label} was redacted before")])
    of_list = document.entry.kind is DocumentKind.CATALOGUE
    return (redact_fact if of_list else redact_text)(document, clause, stone)


def _in_draft(plan: Plan, order: Order, first: RedactedVersion, stone: str) -> tuple[Document, Redacted]:
    """The text in the docs, and what it is without the clause."""
    draft = drafted(plan, order.document)
    if draft is None:
        raise EngrossError([refusal(order.document, "there is no text of it in the docs")])
    assert draft.document.source is not None
    tree = draft.tree(len(plan.record.versions[order.document]) + 1)
    anchor = _same_clause(first, tree, draft.document.source.path)
    return draft.document, _redact(draft.document, find_clause(draft.document, anchor or order.clause), stone)


def _check_holders(plan: Plan, order: Order, done: Sequence[RedactedVersion]) -> None:
    """Refuse where a version, or the text in the docs, that is not named holds the words."""
    named = [*map(str, order.versions), *([order.document] if order.draft else [])]
    left = [one for one in holders(plan, order.document, done) if one not in named]
    if left:
        where = ", ".join(one if "@" in one else f"the text of {one} in the docs" for one in left)
        message = (
            f"{where} still {'holds' if len(left) == 1 else 'hold'} the words. Name what is to be redacted as well "
            f"(engross redact {' '.join([*named, *left])} …), or leave it so with --only-these"
        )
        raise EngrossError([refusal(plan.record.ledger_path, message)])


def _sealed(
    at: datetime, order: Order, done: Sequence[RedactedVersion]
) -> tuple[list[Entry], dict[str, bytes], list[str]]:
    """The entries, the files that are new, and those that go."""
    entries, files, gone = list[Entry](), dict[str, bytes](), list[str]()
    for one in done:
        version, source = one.version, one.redacted.document.source
        assert source is not None
        text, tree = text_hash(one.redacted.document.root), _new_tree(one.tree, one.redacted)
        sealed, made = sealed_files(version.id, version.entry, source.data, text, tree)
        files |= made
        gone += version_names(version.id, version.sealed, version.entry)
        entries.append(_entry(version, at, one.redacted.clause.label or order.clause, order.reason, sealed))
    return entries, files, gone


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


def _new_tree(tree: Tree, redacted: Redacted) -> Tree:
    """The tree with the same clauses: those that were redacted have other words, and the terms that running text in
    them defined are gone with it.
    """
    return replace(tree, clauses=tuple(_new_clauses(tree, redacted)))


def _new_clauses(tree: Tree, redacted: Redacted) -> Iterator[TreeClause]:
    found = {one.anchor: one for one in addressed(redacted.document)}
    for clause in tree.clauses:
        here = found.get(clause.anchor)
        if here and clause.anchor in redacted.within:
            yield replace(clause, words=here.hash)
        elif here or clause.kind != DEFINITION:
            yield clause
