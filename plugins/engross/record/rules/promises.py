"""Rules for the settings in documents.yml that are promises to customers: they change only with a change note, and what
`consumer: true` promises holds for the change of any text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engross.common import error, meant, nearest, shown
from engross.corpus import KeyPath
from engross.model import Change, ChangeClass, Diagnostic, EntryKind
from engross.record.notes.draft_text import note_for, set_note, unposted_sets
from engross.record.notes.new_note import wanted_path, with_note
from engross.record.notes.placeholders import WANTED, text_gap
from engross.record.notes.reader import note_mistake
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.promised_notice import awaited_notice
from engross.record.posting.relations import SetChange, shown_value
from engross.record.rules.dates import effective_fix
from engross.record.rules.rule import RecordRule


def _unposted(plan: Plan) -> Iterator[Diagnostic]:
    # As for texts: a site without a record posts nothing, and a note that cannot be read or is incomplete may be
    # the missing one.
    if (plan.record.entries or plan.notes) and not plan.folder.problems and not plan.folder.gaps:
        yield from unposted_promises(plan)
    known = [entry.id for entry in plan.project.settings.sets]
    for note in plan.notes:
        for at, name in enumerate(note.sets):
            if name not in known and name not in plan.record.sets:
                message = f"there is no set {shown(name)}{meant(name, known)}"
                yield note_mistake(note, "unposted-promise", ("sets", at), message, fix=nearest(name, known))
            elif name not in plan.drafts.sets and not note.corrects:
                message = f"nothing of the set {name} differs from what was posted; remove it from the note"
                yield note_mistake(note, "unposted-promise", ("sets", at), message)


def unposted_promises(plan: Plan) -> Iterator[Diagnostic]:
    """Yield a finding for each document and set whose settings differ from what was posted and that no note names."""
    for name, draft in plan.drafts.documents.items():
        if draft.promised and name not in plan.notes_for:
            yield _of_document(plan, draft)
    for change in unposted_sets(plan):
        yield _of_set(plan, change)


def _of_document(plan: Plan, draft: Draft) -> Diagnostic:
    name, posted_entry = draft.document.id, draft.posted_entry
    assert posted_entry is not None
    message = (
        f"the settings of {name} in documents.yml differ from what was posted with {posted_entry.name}, and no change "
        f"note names it: {'; '.join(map(str, draft.promised))}. Undo the change, or post it: the note goes into "
        f"{wanted_path(plan, name)}"
    )
    index = [entry.id for entry in plan.project.settings.documents].index(name)
    path: KeyPath = ("documents", index, draft.promised[0].field)
    return with_note(_in_settings(plan, path, message), plan, name, note_for(plan, [draft]))


def _of_set(plan: Plan, change: SetChange) -> Diagnostic:
    wanted = wanted_path(plan, change.id)
    if change.new is None:
        message = f"the set {change.id} was posted, and is no longer listed in documents.yml. List it again, or"
        path: KeyPath = ("sets",)
    elif change.old is None:
        message = f"the set {change.id} was never posted:"
        path = _set_path(plan, change, "id")
    else:
        message = (
            f"the set {change.id} in documents.yml differs from what was posted, and no change note names it "
            f"under `sets`: {change}. Undo the change, or"
        )
        path = _set_path(plan, change, change.differences[0].field)
    found = _in_settings(plan, path, f"{message} post a change note that names it in {wanted}")
    return with_note(found, plan, change.id, set_note(plan, change))


def _set_path(plan: Plan, change: SetChange, field: str) -> KeyPath:
    return "sets", [entry.id for entry in plan.project.settings.sets].index(change.id), field


def _in_settings(plan: Plan, path: KeyPath, message: str) -> Diagnostic:
    file = plan.project.settings.file
    return error("unposted-promise", file.source.path, *file.place(path), message)


def _immaterial(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        promised = posting.promised
        change = posting.set_change
        whole = change is not None and not plan.is_first(change) and not promised
        meant_otherwise = [one.field for one in promised if not one.is_wording]
        # Another note of the same text may not be about the settings.
        classed = any(note.change_class is ChangeClass.SUBSTANTIVE for note in posting.notes)
        answered = any(note.material or note.not_material_because for note in posting.notes)
        for note in posting.notes if promised or whole else ():
            if (meant_otherwise or whole) and not classed:
                yield from _less_than_substantive(note, posting, meant_otherwise)
            grave = whole or any(one.field != "title" for one in promised)
            if grave and not answered:
                what = f"{posting.about}: {'; '.join(map(str, promised)) or posting.set_change}"
                message = (
                    f"a change of settings in documents.yml is material, unless the note explains why not ({what})"
                )
                yield note_mistake(
                    note, "immaterial-promise", ("material",), message, fix="material: true"
                )  # fmt: skip
    for note in plan.notes:
        if note.material and note.not_material_because:
            message = "the note has material: true, and a reason why it is not material; remove one of them"
            yield note_mistake(note, "immaterial-promise", ("not_material_because",), message)


def _less_than_substantive(note: Change, posting: Posting, fields: list[str]) -> Iterator[Diagnostic]:
    if note.change_class is not ChangeClass.SUBSTANTIVE:
        what = " and ".join(fields) or "what is published"
        message = (
            f"the class in the note about {posting.about} is {note.change_class}, but it changes {what}, which is "
            "always substantive"
        )
        yield note_mistake(note, "immaterial-promise", ("class",), message, fix="class: substantive")


def _early(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if posting.notes:
            yield from _slips(plan, posting)
            yield from _before_the_last(plan, posting)


def _slips(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    slips, posted_entry = plan.slips(posting), posting.draft.posted_entry if posting.draft else None
    if slips and posted_entry and posted_entry.effective:
        announced = plan.in_words(posted_entry.effective)
        old = ", ".join(f"{one.field}: {shown_value(one.old)}" for one in slips)
        message = (
            f"documents.yml has settings of {posting.document} that are announced for {announced} "
            f"({'; '.join(map(str, slips))}), and this change would put them in force sooner. Use that day for this "
            f"note, or restore {old} in documents.yml with this note, and announce the rest again"
        )
        note = posting.notes[0]
        yield note_mistake(note, "early-promise", ("effective",), message, fix=effective_fix(plan, note))


def _before_the_last(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    last = plan.record.last_set_entry(posting.set) if posting.set_change else None
    if last and last.effective and posting.effective and posting.effective < last.effective:
        announced = plan.in_words(last.effective)
        message = (
            f"a change of {posting.about} is announced for {announced}, and would replace this one then; use the same "
            "day for this change"
        )
        note = posting.notes[0]
        yield note_mistake(note, "early-promise", ("effective",), message, fix=effective_fix(plan, note))


UNPOSTED = RecordRule(
    "unposted-promise",
    "An order of precedence, a list of incorporated documents, a kind, a policy, grounds or days of notice in "
    "documents.yml that differ from what was posted, without a pending change note; or a note that names an unchanged "
    "set.",
    "Like texts, these settings are promises to customers. The site continues to show what was posted. Restore the old "
    "value, or post the change: the finding contains a note to paste, which names documents under `documents` and sets "
    "under `sets`. A site whose documents.yml changed under version 0.1 without a note does the same, once.",
    _unposted,
)
IMMATERIAL = RecordRule(
    "immaterial-promise",
    "A change of promised settings whose note has `material: false` without a reason, or a class below substantive.",
    "The order of precedence and the notice period matter to customers. If a change does not, give the reason under "
    "`not_material_because` in the note; it is published with the change.",
    _immaterial,
)
EARLY = RecordRule(
    "early-promise",
    "A change that would bring announced settings in documents.yml into force too soon, or a change of a set that "
    "takes effect before an announced one.",
    "Announced settings apply from their day. Let the change take effect then, or restore the old value first.",
    _early,
)


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
        wanted = fix if fix != "effective: immediately" else f"at_once_because: {text_gap(WANTED['at_once_because'])}"
        yield note_mistake(note, "consumer-change", ("effective",), message, fix=wanted)
    if not note.if_you_disagree:
        message = (
            f"the customers of {posting.about} are consumers; say under if_you_disagree what a customer who disagrees "
            "with this material change can do, and until when"
        )
        wanted = f"if_you_disagree: {text_gap(WANTED['if_you_disagree'])}"
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
