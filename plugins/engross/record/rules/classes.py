"""`class-mismatch`: a note says no less, and no more, than what the redline shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engross.model import Change, ChangeClass, ClauseKind, Diagnostic, Document, EntryKind, Severity
from engross.record.drafts import sealed_document
from engross.record.meaning import Evidence, evidence
from engross.record.notes import note_mistake
from engross.record.noticing import what_is_noticed
from engross.record.plan import Plan, Posting
from engross.record.rules.rule import RecordRule
from engross.redline import Redline, redline
from engross.redline.tokens import count_words

_MOST_SHOWN = 8
_SHARE = 10
"""An editorial change of more than one word in this many is a warning."""
_FEWEST_WORDS = 10
"""Changed words up to which no share of a short document is a warning."""
_ANSWER = (
    "If the meaning stays the same, say why in a sentence under editorial_because; that sentence is published with the "
    "change. Otherwise the change is substantive"
)


def _mismatch(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        if note.material and note.change_class is not ChangeClass.SUBSTANTIVE:
            message = f"a material change is substantive, and this note says {note.change_class}"
            yield note_mistake(note, "class-mismatch", ("class",), message, fix="class: substantive")
        if note.editorial_because and note.change_class is not ChangeClass.EDITORIAL:
            message = f"editorial_because says why a change is editorial, and this note says {note.change_class}"
            yield note_mistake(note, "class-mismatch", ("editorial_because",), message)
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.draft and posting.draft.base:
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
        said = "no reader sees any change: only line wraps, comments or the order of keys differ"
        note = next(note for note in posting.notes if note.change_class is ChangeClass.SUBSTANTIVE)
        yield _finding(note, posting.document, ChangeClass.SUBSTANTIVE, said, "format")
    elif posting.change_class is ChangeClass.FORMAT and draft.changed_pictures:
        why = f"readers can notice it: picture changed: {', '.join(draft.changed_pictures)}"
        yield _finding(posting.notes[0], posting.document, ChangeClass.FORMAT, why, "substantive")
    elif posting.change_class is not ChangeClass.SUBSTANTIVE and draft.changed:
        yield from _compared(plan, posting, draft.base_document, draft.document, draft.script)


def _of_withdrawal(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    """A withdrawal gives readers other words as well: those that applied before."""
    assert posting.version is not None
    if posting.change_class is ChangeClass.SUBSTANTIVE:
        return
    after = plan.record.latest(posting.document, frozenset({posting.version}))
    if after is None:
        yield _finding(
            posting.notes[0], posting.document, posting.change_class, "no text of it applies any more", "substantive"
        )
        return
    old = sealed_document(plan.record, plan.record.version(posting.version))
    new = sealed_document(plan.record, after)
    yield from _compared(plan, posting, old, new, redline(old, new))


def _compared(plan: Plan, posting: Posting, old: Document, new: Document, script: Redline) -> Iterator[Diagnostic]:
    note, name, said = posting.notes[0], posting.document, posting.change_class
    noticed = what_is_noticed(script) if said is ChangeClass.FORMAT else ""
    if said is ChangeClass.FORMAT and not noticed:
        return
    found = evidence(old, new, script, _set_of(plan, name))
    answered = any(one.editorial_because for one in posting.notes)
    if said is ChangeClass.FORMAT:
        why = f"readers can notice it: {noticed}" + (f"; it changes {_listed(found, old, new)}" if found else "")
        yield _finding(note, name, said, why, "substantive" if found else "editorial")
    elif found and not answered:
        why = f"changes what can alter meaning: {_listed(found, old, new)}. {_ANSWER}"
        yield _finding(note, name, said, why, "substantive")
    elif not answered and (share := _share(script, old)):
        yield replace(_finding(note, name, said, f"{share}. {_ANSWER}", "substantive"), severity=Severity.WARNING)


def _set_of(plan: Plan, name: str) -> list[Document]:
    """The other documents of the sets of a document."""
    sets = plan.project.settings.sets_with(name)
    ids = dict.fromkeys(one for entry in sets for one in entry.documents if one != name)
    return [plan.project.documents[one] for one in ids if one in plan.project.documents]


def _listed(found: Sequence[Evidence], old: Document, new: Document) -> str:
    """Each change once, with its first place and how many more places it has."""
    places: dict[str, list[Evidence]] = {}
    for one in found:
        places.setdefault(str(one), []).append(one)
    shown = []
    for said, ones in list(places.items())[:_MOST_SHOWN]:
        more = f", and {len(ones) - 1} more" if len(ones) > 1 else ""
        shown.append(f"{said} ({_place(ones[0], old, new)}{more})")
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


def _finding(note: Change, document: str, said: ChangeClass, why: str, fix: str) -> Diagnostic:
    message = f"the change of {document} is said to be {said}, and {why}"
    return note_mistake(note, "class-mismatch", ("class",), message, fix=f"class: {fix}")


MISMATCH = RecordRule(
    "class-mismatch",
    "A change that is said to be of a class that the redline shows it is not.",
    "Changed words, pictures, link targets, lists or enumerators are never format; a change nobody sees is never "
    "substantive; a material change always is. A change is not editorial by itself where it changes a number, an "
    "amount, a date, a limit (at least, up to, no later than), a restriction (only), a negation, a modal verb, a right "
    "or duty (entitled to, prohibited), a defined term or a definition, puts one word in place of another of opposite "
    "meaning (within and after, any and all), or inserts or deletes a clause or moves one to another section; in a "
    "model list, where it changes any fact but a name or an address. Where the meaning "
    "stays the same nevertheless (a number repeated in digits), the note says why under `editorial_because`, and that "
    "sentence is published with the change. An editorial change of more than one word in ten (and more than ten "
    "words) is a warning, which the same sentence answers. Only pending notes are asked: what was posted stays.",
    _mismatch,
)
