"""Rules for a document in several languages: they change together, have one structure, and one of them may govern."""

from __future__ import annotations

from collections.abc import Iterator

from engross.corpus import clause_named, languages_of, same_clauses
from engross.model import Change, Diagnostic, Document, DocumentEntry, Severity
from engross.record.notes.reader import note_mistake
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan
from engross.record.rules.rule import RecordRule

_Group = tuple[DocumentEntry, ...]


def _groups(plan: Plan) -> Iterator[_Group]:
    settings = plan.project.settings
    originals = dict.fromkeys(entry.translation_of for entry in settings.documents if entry.translation_of)
    yield from filter(None, (languages_of(settings, name) for name in originals))


def _unchanged(plan: Plan) -> Iterator[Diagnostic]:
    for group in _groups(plan):
        for note in plan.notes:
            yield from _in_note(plan, group, note)
        noted = {name for name in plan.notes_for if name in {entry.id for entry in group}}
        changed = [entry.id for entry in group if entry.id not in noted and _changes(plan, entry.id)]
        left = [entry for entry in group if _stays(plan, entry.id)]
        for name in changed if left and not noted else ():
            draft = plan.drafts.documents[name]
            assert draft.document.source is not None
            message = _message(name, f"and {_others(left)}, does not")
            yield Diagnostic("translation-unchanged", Severity.ERROR, draft.document.source.path, 1, 1, message)


def _in_note(plan: Plan, group: _Group, note: Change) -> Iterator[Diagnostic]:
    named = [entry for entry in group if entry.id in note.documents]
    ends = {version.document for version in note.withdraws}
    acts = [entry for entry in named if entry.id in ends or _changes(plan, entry.id)]
    left = [entry for entry in group if entry not in named and plan.record.versions.get(entry.id)]
    if not acts or not left or note.corrects or note.one_language_because:
        return
    message = _message(acts[0].id, f"and this note does not name {_others(left)}")
    fix = f"documents: [{', '.join((*note.documents, *(entry.id for entry in left)))}]"
    yield note_mistake(note, "translation-unchanged", ("documents",), message, fix=fix)


def _others(left: list[DocumentEntry]) -> str:
    return f"{' and '.join(f'{entry.id} ({entry.language})' for entry in left)}, the same document in another language"


def _message(name: str, stays: str) -> str:
    return (
        f"{name} changes, {stays}; change all languages in one note, or explain in the note under "
        "one_language_because why only this one changes"
    )


def _changes(plan: Plan, name: str) -> bool:
    """Whether the text of a document that was posted differs from its last version."""
    draft = plan.drafts.documents.get(name)
    return draft is not None and draft.base is not None and draft.changed


def _stays(plan: Plan, name: str) -> bool:
    draft = plan.drafts.documents.get(name)
    return draft is not None and draft.base is not None and not draft.changed


def _drafted(plan: Plan, name: str) -> Document | None:
    draft: Draft | None = plan.drafts.documents.get(name)
    return draft.document if draft and draft.document.source and not draft.document.verbatim else None


def _structure(plan: Plan) -> Iterator[Diagnostic]:
    for original, *translations in _groups(plan):
        first = _drafted(plan, original.id)
        for entry in translations:
            text = _drafted(plan, entry.id)
            if first is None or text is None or text.source is None or first.source is None:
                continue
            for here, there in same_clauses(text, first).differences:
                parts = f"{len(here.children)} parts here, and {len(there.children)} there"
                if len(here.children) == len(there.children):
                    parts = "parts of other kinds or numbers here"
                message = (
                    f"the structure differs from {original.id} ({first.source.path}:{there.lines[0]}): "
                    f"{parts}; readers cannot change the language at these clauses. Give both the same paragraphs, "
                    "lists and numbers"
                )
                yield Diagnostic(
                    "translation-structure", Severity.WARNING, text.source.path, here.lines[0], 1, message, here.label
                )


def _governing(plan: Plan) -> Iterator[Diagnostic]:
    settings = plan.project.settings
    for at, entry in enumerate(settings.documents):
        document = _drafted(plan, entry.id) if entry.governing else None
        if entry.governing is None or document is None or clause_named(document.root, entry.governing[1]):
            continue
        message = (
            f"{entry.file} has no clause {entry.governing[1]}; name the clause that says that this language governs, "
            "by its label or its anchor, or remove governing"
        )
        yield settings.file.mistake(("documents", at, "governing", "clause"), message, rule="governing-clause")


UNCHANGED = RecordRule(
    "translation-unchanged",
    "A change to one language of a document that leaves its other languages as they were.",
    "Readers of each language rely on the same terms. Change all languages, and name them in one note: they are posted "
    "together. If only one language changes, such as for a spelling mistake, the note explains it under "
    "`one_language_because`, and the explanation is published. Changes of format alone are not found.",
    _unchanged,
)
STRUCTURE = RecordRule(
    "translation-structure",
    "A part of a document whose structure differs from that of its original in another language.",
    "Readers switch between the languages clause by clause. Clauses are matched by their place and number, so both "
    "texts need the same sections, paragraphs, lists and items. Where the structure differs, there are no such links.",
    _structure,
    Severity.WARNING,
)
GOVERNING = RecordRule(
    "governing-clause",
    "A `governing` in documents.yml that names a clause which the document does not have.",
    "Pages show which language governs only because a clause says so, and link to that clause.",
    _governing,
)
