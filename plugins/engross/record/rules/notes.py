"""Rules for change notes: class, placeholders, edits after posting, and outdated approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from engross.common import error, quoted
from engross.model import Change, ChangeClass, ClauseKind, Diagnostic, Document, EntryKind, Severity, VersionId
from engross.record.encoding import SHORT, days_after, sha256
from engross.record.notes.changed_meaning import Evidence, evidence, what_is_noticed
from engross.record.notes.placeholders import NOTE_PLACEHOLDER
from engross.record.notes.reader import note_mistake, own_text_of
from engross.record.notes.schema import MOST_OF_TITLE
from engross.record.notes.titles import title_of
from engross.record.posting.announced import continued_version
from engross.record.posting.drafts import comparable_document
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.dates import effective_fix
from engross.record.rules.rule import RecordRule
from engross.record.sealed_files import note_name
from engross.redline import Redline, count_words, redline

_MOST_SHOWN = 8
_SHARE = 10
"""An editorial change of more than one word in this many is a warning."""
_FEWEST_WORDS = 10
"""Up to this many changed words, the share of a short document is no warning."""
_FAR = 731
"""A change that takes effect more than this many days ahead is a warning."""
_ANSWER = (
    "If the meaning stays the same, explain why in a sentence under editorial_because, which is published with the "
    "change. Otherwise the change is substantive"
)


def _mismatch(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        if note.material and note.change_class is not ChangeClass.SUBSTANTIVE:
            message = f"a material change is substantive, and the class in this note is {note.change_class}"
            yield note_mistake(note, "class-mismatch", ("class",), message, fix="class: substantive")
        if note.editorial_because and note.change_class is not ChangeClass.EDITORIAL:
            message = (
                f"editorial_because explains an editorial change, and the class in this note is {note.change_class}"
            )
            yield note_mistake(note, "class-mismatch", ("editorial_because",), message)
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.notes and posting.draft and posting.draft.base:
            yield from _of_text(plan, posting)
        elif posting.kind is EntryKind.RETIRE and posting.change_class is not ChangeClass.SUBSTANTIVE:
            why = "its whole text no longer applies"
            yield _finding(posting.notes[0], posting.document, posting.change_class, why, "substantive")
        elif posting.kind is EntryKind.WITHDRAW and plan.changes_terms(posting):
            yield from _of_withdrawal(plan, posting)


def _of_text(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    draft = posting.draft
    assert draft is not None
    if posting.change_class is ChangeClass.SUBSTANTIVE and not draft.changed:
        why = "no reader sees any change: only line wraps, comments or the order of keys differ"
        note = next(note for note in posting.notes if note.change_class is ChangeClass.SUBSTANTIVE)
        yield _finding(note, posting.document, ChangeClass.SUBSTANTIVE, why, "format")
    elif posting.change_class is ChangeClass.FORMAT and draft.changed_pictures:
        why = f"readers can notice it: picture changed: {', '.join(draft.changed_pictures)}"
        yield _finding(posting.notes[0], posting.document, ChangeClass.FORMAT, why, "substantive")
    elif posting.change_class is not ChangeClass.SUBSTANTIVE and draft.changed:
        yield from _compared(plan, posting, draft.base_document, draft.document, draft.script)


def _of_withdrawal(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    """Check a withdrawal: it also changes the words that readers see, back to those that applied before."""
    assert posting.version is not None
    if posting.change_class is ChangeClass.SUBSTANTIVE:
        return
    after = plan.record.latest(posting.document, frozenset({posting.version}))
    if after is None:
        yield _finding(
            posting.notes[0], posting.document, posting.change_class, "no text of it applies any more", "substantive"
        )
        return
    old = comparable_document(plan.record, plan.record.version(posting.version))
    new = comparable_document(plan.record, after)
    yield from _compared(plan, posting, old, new, redline(old, new))


def _compared(plan: Plan, posting: Posting, old: Document, new: Document, script: Redline) -> Iterator[Diagnostic]:
    note, name, stated = posting.notes[0], posting.document, posting.change_class
    noticed = what_is_noticed(script) if stated is ChangeClass.FORMAT else ""
    if stated is ChangeClass.FORMAT and not noticed:
        return
    found = evidence(old, new, script, _set_of(plan, name))
    answered = any(one.editorial_because for one in posting.notes)
    if stated is ChangeClass.FORMAT:
        why = f"readers can notice it: {noticed}" + (f"; it changes {_listed(found, old, new)}" if found else "")
        yield _finding(note, name, stated, why, "substantive" if found else "editorial")
    elif found and not answered:
        why = f"changes what can alter meaning: {_listed(found, old, new)}. {_ANSWER}"
        yield _finding(note, name, stated, why, "substantive")
    elif not answered and (share := _share(script, old)):
        yield replace(_finding(note, name, stated, f"{share}. {_ANSWER}", "substantive"), severity=Severity.WARNING)


def _set_of(plan: Plan, name: str) -> list[Document]:
    """The other documents in the sets of a document."""
    sets = plan.project.settings.sets_with(name)
    ids = dict.fromkeys(one for entry in sets for one in entry.documents if one != name)
    return [plan.project.documents[one] for one in ids if one in plan.project.documents]


def _listed(found: Sequence[Evidence], old: Document, new: Document) -> str:
    """Describe each change once, with its first place and the number of other places."""
    places: dict[str, list[Evidence]] = {}
    for one in found:
        places.setdefault(str(one), []).append(one)
    shown = []
    for what, ones in list(places.items())[:_MOST_SHOWN]:
        more = f", and {len(ones) - 1} more" if len(ones) > 1 else ""
        shown.append(f"{what} ({_place(ones[0], old, new)}{more})")
    return "; ".join([*shown, *([f"and {len(places) - _MOST_SHOWN} more"] if len(places) > _MOST_SHOWN else [])])


def _place(one: Evidence, old: Document, new: Document) -> str:
    source = (old if one.gone else new).source
    assert source is not None
    line = f"{source.path}:{one.line}"
    return f"{one.where}, {line}" if one.where else line


def _share(script: Redline, old: Document) -> str:
    changed = max(script.counts.words_inserted, script.counts.words_deleted)
    total = sum(count_words(one.inline.text) for one in old.root.walk() if one.kind is not ClauseKind.RUN_IN)
    if changed <= _FEWEST_WORDS or changed * _SHARE <= total:
        return ""
    return f"changes {changed:,} of {total:,} words, more than one in {_SHARE}"


def _finding(note: Change, document: str, stated: ChangeClass, why: str, fix: str) -> Diagnostic:
    message = f"the class of the change of {document} is {stated}, and {why}"
    if fix == ChangeClass.SUBSTANTIVE and not note.material:
        message += ". A substantive change is material or not: look at material too"
    return note_mistake(note, "class-mismatch", ("class",), message, fix=f"class: {fix}")


MISMATCH = RecordRule(
    "class-mismatch",
    "A change whose class does not match what the redline shows.",
    "Changed words, pictures, link targets, lists or enumerators are never format. A change that nobody sees is never "
    "substantive. A material change is always substantive. An editorial change needs a reason if it changes a number, "
    "an amount, a date, a limit (at least, up to, no later than), a restriction (only), a negation, a modal verb, a "
    "right or duty (entitled to, prohibited), a defined term or a definition. The same applies if it replaces a word "
    "with one of opposite meaning (within and after, any and all), inserts or deletes a clause, or moves one "
    "to another section. In a model list it applies to any fact but a name or an address. If the meaning stays the "
    "same (a number repeated in digits), explain why under `editorial_because`; the sentence is published with the "
    "change. An editorial change of more than one word in ten (and more than ten words) is a warning, which the same "
    "sentence answers. Only pending notes are checked.",
    _mismatch,
)


def _untitled(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        if not note.title:
            message = (
                f"the change has no title. Write what changes in at most {MOST_OF_TITLE} characters: pages, feeds and "
                "lists of versions name the change by it"
            )
            yield note_mistake(note, "note-title", ("title",), message, fix=f"title: {quoted(title_of(note))}")


UNTITLED = RecordRule(
    "note-title",
    "A change note without a title.",
    "Posted changes, feeds, lists of versions and redlines name a change by its title. The text to paste is the first "
    "sentence of the summary. Only pending notes are checked: a note that was posted without a title is shown with "
    "that sentence.",
    _untitled,
)


def _placeholder(plan: Plan) -> Iterator[Diagnostic]:
    yield from plan.folder.gaps


def _edited(plan: Plan) -> Iterator[Diagnostic]:
    for slug in plan.folder.edited:
        sealed, path = _places(plan, slug)
        message = (
            f"this note was posted, and differs from what was posted ({sealed}). Restore it; to correct a mistake in "
            "it, write a new note with corrects. For another change, write a note with another name"
        )
        yield error("edited-note", path, 1, 1, message, fix=f"cp {sealed} {path}")
    # The notes of imported versions come from no file in the docs.
    for slug in sorted(set(plan.folder.missing) - plan.record.notes_of_imports):
        sealed, path = _places(plan, slug)
        message = f"this note was posted and is missing. Restore it: its text is {sealed}"
        yield error("edited-note", path, 0, 0, message, fix=f"cp {sealed} {path}")
    yield from _left(plan)


def _left(plan: Plan) -> Iterator[Diagnostic]:
    """Report texts beside posted notes that differ from what was posted and could be mistaken for it."""
    for source in plan.folder.left:
        slug, name = own_text_of(Path(source.path)) or ("", "")
        version = continued_version(plan.record, slug, name)
        if version is None or version.sealed.source != sha256(source.data):
            what = (
                f"was posted as {version.id}, and differs from what is sealed"
                if version
                else f"was not posted by {slug}"
            )
            message = f"this text beside the posted note {slug} {what}; delete it, the record has what was posted"
            yield error("edited-note", source.path, 0, 0, message)


def _places(plan: Plan, slug: str) -> tuple[str, str]:
    """Return the path of a sealed note, and the path where it was written."""
    sealed = note_name(plan.record.posted_notes[slug])
    return f"{plan.record.shown}/{sealed}", f"{plan.folder.folder}/{slug}.md"


def _stale(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        yield from _past(plan, note)
        yield from _other_text(plan, note)
        yield from _lost_versions(plan, note)
        if note.corrects > len(plan.record.entries):
            message = f"there is no entry {note.corrects} in {plan.record.ledger_path}, which ends with "
            yield note_mistake(note, "stale-note", ("corrects",), f"{message}{len(plan.record.entries)}")
        elif note.corrects:
            yield from _correction(plan, note)


def _correction(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    about = plan.record.entry(note.corrects)
    if about.document not in note.documents and about.set_id not in note.sets:
        message = f"{about.name} is about {about.document or about.set_id}, which this note does not name"
        yield note_mistake(note, "stale-note", ("corrects",), message)
    if note.withdraws or note.restores:
        message = "a correction corrects a posted note, and cannot withdraw or restore; write a separate note for that"
        yield note_mistake(note, "stale-note", ("corrects",), message)


def _past(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    if note.effective and note.effective < plan.posted:
        day, today = (plan.in_words(one) for one in (note.effective, plan.posted))
        passed = "has begun" if today.startswith(day) else "has passed"
        message = (
            f"{day} {passed}, and a change cannot take effect before it is posted; write immediately, or a future day "
            "or instant"
        )
        yield note_mistake(note, "stale-note", ("effective",), message, fix=effective_fix(plan, note))
    elif note.effective and not note.is_undated and note.effective > days_after(plan.posted, _FAR):
        day = plan.in_words(note.effective)
        message = (
            f"{day} is more than two years ahead; is the year right? Until then, no other change of the same document "
            "can be posted for an earlier day without withdrawing this one"
        )
        found = note_mistake(note, "stale-note", ("effective",), message)
        yield replace(found, severity=Severity.WARNING)


def _other_text(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    approved = dict(note.text)
    for name, beginning in approved.items():
        draft = plan.draft_of(note, name)
        if name not in note.documents or (draft is None and name not in note.own_text):
            message = f"the note names no document {name}"
            yield note_mistake(note, "stale-note", ("text", name), message)
        elif draft and not draft.text.startswith(beginning):
            message = f"another text of {name} was approved: the text now has the hash {draft.text[:SHORT]}"
            yield note_mistake(note, "stale-note", ("text", name), message, fix=f'{name}: "{draft.text[:SHORT]}"')
    for name in note.documents:
        draft = plan.draft_of(note, name)
        if draft and plan.requires_text(name) and draft.has_text and name not in approved and not note.corrects:
            message = f"documents.yml requires the hash of the approved text of {name}"
            yield note_mistake(note, "stale-note", (), message, fix=f'text: {{{name}: "{draft.text[:SHORT]}"}}')


def _lost_versions(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    for at, of in enumerate(note.withdraws):
        standing = {version.id for version in plan.record.standing(of.document)}
        if of not in standing:
            why, fix = "is not a version", ""
            if _exists(plan, of):
                by = plan.record.version(of).withdrawal
                left = ", ".join(str(one) for one in note.withdraws if one != of)
                fix = f"withdraws: [{left}]"
                why = (
                    f"was withdrawn already by {' and '.join(one.slug for one in by.notes) if by else 'another note'}; "
                    "withdraw it only once, or delete this note if it changes nothing else"
                )
            yield note_mistake(note, "stale-note", ("withdraws", at), f"{of} {why}", fix=fix)
        elif of.document not in note.documents:
            yield note_mistake(note, "stale-note", ("withdraws", at), f"the note names no document {of.document}")
    if note.restores:
        yield from _not_restored(plan, note, note.restores)


def _not_restored(plan: Plan, note: Change, id: VersionId) -> Iterator[Diagnostic]:
    draft = plan.draft_of(note, id.document)
    if not _exists(plan, id):
        yield note_mistake(note, "stale-note", ("restores",), f"{id} is not a version")
    elif id.document not in note.documents:
        yield note_mistake(note, "stale-note", ("restores",), f"the note names no document {id.document}")
    elif draft and not plan.has_text_of(draft, id):
        message = f"the text of {id.document} is not that of {id}; {_whose_change(plan, note, id)}"
        yield note_mistake(note, "stale-note", ("restores",), message)


def _whose_change(plan: Plan, note: Change, id: VersionId) -> str:
    """Describe how a text becomes that of a version again, and whose change would be lost by it."""
    others = [one.slug for one in plan.notes_for.get(id.document, ()) if one is not note]
    if not others:
        last = plan.record.latest(id.document)
        by = f"{last.id} ({' and '.join(one.slug for one in last.post.notes)})" if last else "later versions"
        return (
            f"`engross restore {id}` restores it, and undoes {by}; to keep that change, remove restores from this note"
        )
    return (
        f"it also has the change of {' and '.join(others)}. To keep that, remove restores from this note. To undo it "
        f"too, delete that note, and run `engross restore {id} --force`"
    )


def _exists(plan: Plan, id: VersionId) -> bool:
    return id.number <= len(plan.record.versions.get(id.document, ()))


PLACEHOLDER = RecordRule(
    NOTE_PLACEHOLDER,
    "A placeholder in a pending note: <the role that approved it>, TBD, [date], [...], ___, or … alone.",
    "The tool writes proposals into a note. People must fill in who approved a change, when it applies, what it means "
    "for customers and the law that it rests on. If a summary mentions such words, put them in quotation marks or in "
    "code, or write a backslash before them (`\\<5 users\\>`). Posted notes are not checked.",
    _placeholder,
)
EDITED = RecordRule(
    "edited-note",
    "A posted change note that was edited, renamed or deleted.",
    "A posted note never changes. To correct a mistake in it, write a new note that `corrects` it.",
    _edited,
)
STALE = RecordRule(
    "stale-note",
    "A pending note that is out of date: its day has passed, the approved text is not the present one, or the version "
    "that it withdraws or restores does not match.",
    "An approval is for one text and one day. A change never takes effect before it is posted. A day more than two "
    "years ahead, which may be a slip, is a warning.",
    _stale,
)
