"""Rules for sets whose customers are consumers (`consumer: true` in documents.yml)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engross.model import Change, Diagnostic, EntryKind
from engross.record.notes.placeholders import WANTED, gap
from engross.record.notes.reader import note_mistake
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.promised_notice import awaited_notice
from engross.record.rules.dates import effective_fix
from engross.record.rules.rule import RecordRule


def _consumers(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        changed = [one for one in plan.postings if note in one.notes and _concerns(plan, one)]
        if changed and note.material and not note.corrects:
            yield from _of_note(plan, note, changed)


def _of_note(plan: Plan, note: Change, postings: Sequence[Posting]) -> Iterator[Diagnostic]:
    posting = postings[0]
    waits = any(awaited_notice(plan, one) for one in postings)
    if plan.effective(note) <= plan.posted and not note.at_once_because and not waits:
        message = (
            f"the customers of {posting.about} are consumers, and this material change applies at once. Give it a "
            "later day, or state the legal reason under at_once_because; customers will read it"
        )
        fix = effective_fix(plan, note)
        wanted = fix if fix != "effective: immediately" else f"at_once_because: {gap(WANTED['at_once_because'])}"
        yield note_mistake(note, "consumer-change", ("effective",), message, fix=wanted)
    if not note.if_you_disagree:
        message = (
            f"the customers of {posting.about} are consumers; say under if_you_disagree what a customer who disagrees "
            "with this material change can do, and until when"
        )
        wanted = f"if_you_disagree: {gap(WANTED['if_you_disagree'])}"
        yield note_mistake(note, "consumer-change", ("material",), message, fix=wanted)


def _concerns(plan: Plan, posting: Posting) -> bool:
    """Whether a posting changes terms of a set whose customers are consumers."""
    if not plan.changes_terms(posting) and posting.kind not in (EntryKind.NOTICE, EntryKind.RETIRE):
        return False
    return plan.has_consumers(posting.document, posting.set_change.id if posting.set_change else "")


CONSUMERS = RecordRule(
    "consumer-change",
    "A material change for consumers that applies at once without a legal reason, or whose note does not say what a "
    "customer who disagrees can do.",
    "Consumers need time before a change that hurts them, and a way out (Directive (EU) 2019/770, article 19). Engross "
    "holds the note to what `consumer: true` promises; whether a reason is good enough is for a lawyer to say.",
    _consumers,
)
