"""A change note to be written: what is said of it, what can be told from the texts, and the file it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engross.errors import EngrossError, error
from engross.model import ChangeClass, GroundGiven, VersionId
from engross.record.drafts import Draft, Drafts, read_drafts
from engross.record.note_names import note_slug
from engross.record.note_text import NoteDraft, drafted, note_markdown, unposted_sets
from engross.record.notes import note_paths
from engross.record.plan import Plan

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a new note; None and what is empty is guessed, or left as a gap."""

    documents: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    change_class: ChangeClass | None = None
    material: bool | None = None
    effective: str = ""
    approved_by: str = ""
    grounds: tuple[GroundGiven, ...] = ()
    summary: str = ""
    reference: str = ""
    withdraws: tuple[VersionId, ...] = ()
    restores: VersionId | None = None


def guessed_documents(plan: Plan, said: Said) -> tuple[str, ...]:
    """The documents that a note is about: those named with it, else those that differ and that no note names."""
    named = (*said.withdraws, *([said.restores] if said.restores else []))
    if named:
        return tuple(dict.fromkeys(version.document for version in named))
    drafts = plan.drafts.documents.items()
    differ = (name for name, draft in drafts if draft.changed or draft.moved or draft.promised)
    return tuple(name for name in (*differ, *plan.drafts.gone) if name not in plan.notes_for)


def guessed_sets(plan: Plan, said: Said) -> tuple[str, ...]:
    """The sets that a note is about: those named with it, else those that differ and that no note names; of documents
    or versions that are named, those in which their place changes.
    """
    if said.sets:
        return said.sets
    documents = said.documents or guessed_documents(plan, said) if said.withdraws or said.restores else said.documents
    return tuple(change.id for change in unposted_sets(plan, documents))


def note_draft(plan: Plan, said: Said, texts: Drafts | None = None) -> NoteDraft:
    """What a note says: what is said of it, and what can be told from the texts for the rest.

    `texts` are the drafts of which it can be told; by default those in the docs, compared with what stands when the
    note has withdrawn what it withdraws.
    """
    withdrawn = frozenset((*said.withdraws, *(one for note in plan.notes for one in note.withdraws)))
    after = replace(plan, drafts=texts or read_drafts(plan.project, plan.record, withdrawn))
    drafts = [after.drafts.documents[name] for name in said.documents if name in after.drafts.documents]
    sets = [plan.drafts.sets[name] for name in said.sets if name in plan.drafts.sets]
    guessed = drafted(after, [draft for draft in drafts if _differs(draft)], sets)
    known_class = guessed.documents or guessed.sets
    change_class = said.change_class or (guessed.change_class if known_class else ChangeClass.SUBSTANTIVE)
    known = {ground.id: ground for ground in plan.project.settings.grounds}
    return replace(
        guessed,
        documents=said.documents,
        sets=said.sets,
        change_class=change_class,
        material=(change_class is ChangeClass.SUBSTANTIVE) if said.material is None else said.material,
        effective=said.effective,
        approved_by=said.approved_by,
        summary=said.summary,
        changed="\n".join(filter(None, (*_events(plan, said), guessed.changed))),
        grounds=tuple(known[given.id] for given in said.grounds) if said.grounds else guessed.grounds,
        given=said.grounds,
        withdraws=tuple(map(str, said.withdraws)),
        restores=str(said.restores) if said.restores else "",
        reference=said.reference,
        chosen=tuple(_chosen(said)),
    )


def _chosen(said: Said) -> Iterator[str]:
    if said.change_class is not None:
        yield "class"
    if said.material is not None:
        yield "material"


def _differs(draft: Draft) -> bool:
    return draft.changed or bool(draft.promised) or (draft.has_text and draft.bytes_changed)


def _events(plan: Plan, said: Said) -> Iterator[str]:
    """What happens besides changes of words, as the beginning of a summary."""
    for version in said.withdraws:
        yield f"- {plan.record.version(version).entry.title}: version {version.number} is withdrawn."
    if said.restores:
        title = plan.record.version(said.restores).entry.title
        yield f"- {title}: the text of version {said.restores.number} applies again."
    for name in said.documents:
        entry = plan.record.last_entry(name)
        if name in plan.drafts.gone and entry:
            yield f"- {entry.title}: no longer published."
        elif (draft := plan.drafts.documents.get(name)) and draft.moved and entry:
            yield f"- {entry.title}: its {' and '.join(_MOVED[part] for part in draft.moved)} changes."


_MOVED = {"title": "title", "file": "file", "published": "address"}


def write_note(plan: Plan, folder: Path, draft: NoteDraft, slug: str = "") -> Path:
    """Write a note into the folder of notes, under a name that no note has; gives its path.

    Raises EngrossError where the name given will not do or is taken.
    """
    path = note_path(plan, folder, (*draft.documents, *draft.sets)[0], slug)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(note_markdown(draft))
    except FileExistsError:
        raise _taken(f"{plan.folder.folder}/{path.name}") from None
    return path


def note_path(plan: Plan, folder: Path, about: str, slug: str = "") -> Path:
    """The path of a new note about a document or a set, under a name that no note has.

    Raises EngrossError where the name given will not do or is taken.
    """
    name = slug or note_slug(plan, about, [path.stem for path in note_paths(folder)])
    path = folder / f"{name}.md"
    shown = f"{plan.folder.folder}/{name}.md"
    if not _SLUG.fullmatch(name):
        message = "the name of a note is made of a to z, 0 to 9 and hyphens"
        raise EngrossError([error("change-note", shown, 0, 0, message)])
    if name in plan.record.posted_notes:
        message = "a note of this name was posted; give this one a name of its own"
        raise EngrossError([error("change-note", shown, 0, 0, message)])
    if path.exists():
        raise _taken(shown)
    return path


def _taken(shown: str) -> EngrossError:
    return EngrossError([error("change-note", shown, 0, 0, "there is such a note, and it is never overwritten")])
