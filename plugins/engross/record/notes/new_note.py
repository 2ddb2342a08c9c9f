"""Write a new change note, and link to the page of the repository's host on which it can be created."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import engross.common.lazy_re as re
from engross.common import EngrossError, error, value_class
from engross.corpus import languages_of
from engross.model import Change, ChangeClass, Diagnostic, DocumentEntry, GroundGiven, VersionId
from engross.record.host import NotePages
from engross.record.notes.draft_text import NoteDraft, draft_content, note_for, note_markdown, unposted_sets
from engross.record.notes.reader import SLUG, note_paths
from engross.record.notes.titles import short_title
from engross.record.posting.drafts import PLACE, Draft, Drafts, read_drafts
from engross.record.posting.plan import Plan
from engross.redline import find_changes

_MOST_OF_CLAUSE = 40
"""The characters of a clause's label in the name of a note."""
_OF_HASH = 4


def note_slug(plan: Plan, about: str, also: Collection[str] = ()) -> str:
    """Return a name for a note about a document or a set that no posted or pending note has, and that is not in `also`.

    It names the first changed clause and the text, so that notes of two branches have different names.
    """
    zone = ZoneInfo(plan.project.settings.timezone)
    taken = {*plan.record.posted_notes, *(note.slug for note in plan.notes), *also}
    return free_slug(plan.posted, zone, about, taken, _clause_slug(plan.drafts.documents.get(about)))


def _clause_slug(draft: Draft | None) -> str:
    """Return the label of the first changed clause in the letters of a name, and the beginning of the text's hash, by
    which the notes of two branches about one clause differ; empty if nothing of a posted text changed.
    """
    if draft is None or draft.base is None or not draft.changed:
        return ""
    first = next(iter(find_changes(draft.script)), None)
    plain = unicodedata.normalize("NFKD", first.where if first else "").encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain)[:_MOST_OF_CLAUSE].strip("-")
    return "-".join(filter(None, (name, draft.text[:_OF_HASH])))


def free_slug(at: datetime, zone: ZoneInfo, document: str, taken: Collection[str], clause: str = "") -> str:
    """Return the day in a zone, the document and a clause, "2026-11-23-agreement-fees", with a number if that is among
    `taken`.
    """
    begun = "-".join(filter(None, (f"{at.astimezone(zone):%Y-%m-%d}", document, clause)))
    number = 1
    while (name := begun if number == 1 else f"{begun}-{number}") in taken:
        number += 1
    return name


def first_note_hint(plan: Plan) -> str:
    """Return how to post the first versions, if nothing was posted and nobody has begun a note; else nothing."""
    if plan.record.entries or plan.notes or plan.folder.problems or plan.folder.gaps:
        return ""
    return _FIRST.format(command=plan.project.settings.first_note_command)


_FIRST = "Nothing was posted yet. To post the first versions, write a note that names every document: `{command}`."


def wanted_path(plan: Plan, about: str) -> str:
    """Return the path for messages of the note that a document or a set needs."""
    return f"{plan.folder.folder}/{note_slug(plan, about)}.md"


def with_note(found: Diagnostic, plan: Plan, about: str, text: str) -> Diagnostic:
    """Add to a finding the text of the note that a document or a set needs, and the page that creates it."""
    link = plan.pages.page(f"{note_slug(plan, about)}.md", text) if plan.pages else ""
    return replace(found, fix=text, link=link)


def changed_languages(plan: Plan, draft: Draft) -> tuple[Draft, ...]:
    """Return the drafts that a note about a changed document names: its own, and those of its other languages that
    changed as well, unless a note names them already.
    """
    drafts = (plan.drafts.documents.get(entry.id) for entry in languages_of(plan.project.settings, draft.document.id))
    changed = [one for one in drafts if one and one.base and one.changed and one.document.id not in plan.notes_for]
    return tuple(changed) if draft in changed else (draft,)


def note_of_languages(plan: Plan, draft: Draft) -> Change | None:
    """Return the pending note about another language of a posted document, which is to name this language as well."""
    group = languages_of(plan.project.settings, draft.document.id) if draft.base else ()
    notes = (note for entry in group for note in plan.notes_for.get(entry.id, ()))
    return next((note for note in notes if not note.corrects and not note.one_language_because), None)


def new_note_page(plan: Plan, entry: DocumentEntry, pages: NotePages | None) -> str:
    """Return the page that creates a change note about a document; empty if `pages` know no branch.

    The note is filled in if the document changed; otherwise it is the beginning of a note for a future change.
    """
    if pages is None or not pages.page("", ""):
        return ""
    draft = plan.drafts.documents.get(entry.id)
    changed = changed_languages(plan, draft) if draft and draft.changed else ()
    text = note_for(plan, changed) if changed else note_markdown(NoteDraft((entry.id,)))
    return pages.page(f"{note_slug(plan, entry.id)}.md", text)


@value_class(frozen=True, slots=True)
class NoteRequest:
    """The requested content of a new note; parts that are None or empty are guessed, or become placeholders."""

    documents: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    change_class: ChangeClass | None = None
    material: bool | None = None
    effective: str = ""
    approved_by: str = ""
    title: str = ""
    grounds: tuple[GroundGiven, ...] = ()
    summary: str = ""
    reference: str = ""
    withdraws: tuple[VersionId, ...] = ()
    restores: VersionId | None = None


def suggested_documents(plan: Plan, request: NoteRequest) -> tuple[str, ...]:
    """Return the documents of a note: those named with it, otherwise those that differ and that no note names."""
    named = (*request.withdraws, *([request.restores] if request.restores else []))
    if named:
        return tuple(dict.fromkeys(version.document for version in named))
    drafts = plan.drafts.documents.items()
    differ = (name for name, draft in drafts if draft.changed or draft.moved or draft.promised)
    return tuple(name for name in (*differ, *plan.drafts.gone) if name not in plan.notes_for)


def suggested_sets(plan: Plan, request: NoteRequest) -> tuple[str, ...]:
    """Return the sets of a note: those named with it, otherwise those that differ and that no note names; if documents
    or versions are named, those in which their place changes.
    """
    if request.sets:
        return request.sets
    documents = (
        request.documents or suggested_documents(plan, request)
        if request.withdraws or request.restores
        else request.documents
    )
    return tuple(change.id for change in unposted_sets(plan, documents))


def note_draft(plan: Plan, request: NoteRequest, texts: Drafts | None = None) -> NoteDraft:
    """Return the content of a note: what is requested, and for the rest what the texts show.

    `texts` are the drafts to read; by default those in the docs, compared with the record after the note's withdrawals.
    """
    withdrawn = frozenset((*request.withdraws, *(one for note in plan.notes for one in note.withdraws)))
    after = replace(plan, drafts=texts or read_drafts(plan.project, plan.record, withdrawn))
    drafts = [after.drafts.documents[name] for name in request.documents if name in after.drafts.documents]
    sets = [plan.drafts.sets[name] for name in request.sets if name in plan.drafts.sets]
    guessed = draft_content(after, [draft for draft in drafts if _differs(draft)], sets)
    known_class = guessed.documents or guessed.sets
    change_class = request.change_class or (guessed.change_class if known_class else ChangeClass.SUBSTANTIVE)
    known = {ground.id: ground for ground in plan.project.settings.grounds}
    return replace(
        guessed,
        documents=request.documents,
        sets=request.sets,
        change_class=change_class,
        material=(change_class is ChangeClass.SUBSTANTIVE) if request.material is None else request.material,
        effective=request.effective,
        approved_by=request.approved_by,
        title=request.title or short_title(request.summary),
        summary=request.summary,
        changed="\n".join(filter(None, (*_events(plan, request), guessed.changed))),
        grounds=tuple(known[given.id] for given in request.grounds) if request.grounds else guessed.grounds,
        given=request.grounds,
        withdraws=tuple(map(str, request.withdraws)),
        restores=str(request.restores) if request.restores else "",
        reference=request.reference,
        chosen=(*guessed.chosen, *_chosen(request, plan)),
    )


def _chosen(request: NoteRequest, plan: Plan) -> Iterator[str]:
    # The end of a publication is always substantive.
    if request.change_class is not None or set(request.documents) & set(plan.drafts.gone):
        yield "class"
    if request.material is not None:
        yield "material"


def _differs(draft: Draft) -> bool:
    return draft.changed or bool(draft.promised) or (draft.has_text and draft.bytes_changed)


def _events(plan: Plan, request: NoteRequest) -> Iterator[str]:
    """Yield what happens besides changes of words, as the beginning of a summary."""
    for version in request.withdraws:
        yield f"- {plan.record.version(version).entry.title}: version {version.number} is withdrawn."
    if request.restores:
        title = plan.record.version(request.restores).entry.title
        yield f"- {title}: the text of version {request.restores.number} applies again."
    for name in request.documents:
        entry = plan.record.last_entry(name)
        if name in plan.drafts.gone and entry:
            yield f"- {entry.title}: no longer published."
        elif (draft := plan.drafts.documents.get(name)) and draft.moved and entry:
            yield f"- {entry.title}: its {' and '.join(PLACE[part] for part in draft.moved)} changes."


def write_note(plan: Plan, folder: Path, draft: NoteDraft, slug: str = "") -> Path:
    """Write a note into the folder of notes, under a name that no note has, and return its path.

    Raises EngrossError if the given name is not valid or exists.
    """
    path = note_path(plan, folder, (*draft.documents, *draft.sets)[0], slug)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(note_markdown(draft))
    except FileExistsError:
        raise _exists_already(f"{plan.folder.folder}/{path.name}") from None
    return path


def note_path(plan: Plan, folder: Path, about: str, slug: str = "") -> Path:
    """Return the path of a new note about a document or a set, under a name that no note has.

    Raises EngrossError if the given name is not valid or exists.
    """
    name = slug or note_slug(plan, about, [path.stem for path in note_paths(folder)])
    path = folder / f"{name}.md"
    shown = f"{plan.folder.folder}/{name}.md"
    if not SLUG.fullmatch(name):
        message = "the name of a note can only have a to z, 0 to 9 and hyphens"
        raise EngrossError([error("change-note", shown, 0, 0, message)])
    if name in plan.record.posted_notes:
        message = "a note of this name was posted; use another name"
        raise EngrossError([error("change-note", shown, 0, 0, message)])
    if path.exists():
        raise _exists_already(shown)
    return path


def _exists_already(shown: str) -> EngrossError:
    return EngrossError([error("change-note", shown, 0, 0, "this note exists already, and is not overwritten")])
