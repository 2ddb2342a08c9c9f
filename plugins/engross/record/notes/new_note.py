"""Writes a new change note, and links to the page of the repository's host where it can be created.

The page of a repository's host on which a new file is begun, with what it shall hold filled in.

For people who have a web editor and nothing else: from a failing check, or from a page of the site, to the change note
that is wanted. What a host takes in such an address is its own affair; what is not known is left out.

A change note to be written: what is said of it, what can be told from the texts, and the file it becomes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from engross.common import EngrossError, error
from engross.corpus import Folders
from engross.model import ChangeClass, DocumentEntry, GroundGiven, VersionId
from engross.record.notes.draft_text import NoteDraft, drafted, note_for, note_markdown, note_slug, unposted_sets
from engross.record.notes.reader import note_paths
from engross.record.posting.drafts import Draft, Drafts, read_drafts
from engross.record.posting.plan import Plan

_BRANCH = "main"
_LONGEST = 7000
"""Characters of an address that every browser and host takes; a longer text is left to be pasted."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where sources are edited: the address of the repository, the branch, and a folder of it ("docs/changes")."""

    repository: str
    branch: str
    folder: str


def host_of(folders: Folders) -> Host | None:
    """Where a site's change notes are written, as its mkdocs.yml says; None where that is not said."""
    try:
        if urlsplit(folders.repository).scheme not in ("http", "https"):
            return None
    except ValueError:  # http://[::1
        return None
    branch, docs = _edited(folders.edit)
    docs = docs if docs is not None else _inside(folders.root, folders.docs)
    notes = _inside(folders.docs, folders.notes)
    return Host(folders.repository.rstrip("/").removesuffix(".git"), branch, f"{docs}/{notes}".strip("/"))


def _edited(edit: str) -> tuple[str, str | None]:
    """The branch, and the folder of the documents, that an edit_uri such as "edit/main/docs/" names."""
    parts = edit.removeprefix("/").removeprefix("-/").strip("/").split("/")
    if len(parts) < 2 or parts[0] not in ("edit", "blob", "tree", "raw", "src") or "?" in edit:
        return _BRANCH, None
    return parts[1], "/".join(parts[2:])


def _inside(folder: Path, path: Path) -> str:
    """A path relative to a folder it stands in; its name where it stands elsewhere."""
    relative = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    return "" if relative == "." else relative


def new_file_page(host: Host, name: str, text: str) -> str:
    """The page on which a file of that name is begun in the host's folder, with the text, as far as its host takes it.

    An empty string for a host whose pages are not known.
    """
    make = next((make for sign, make in _PAGES.items() if sign in urlsplit(host.repository).netloc.lower()), None)
    return make(host, name, text) if make else ""


def _github(host: Host, name: str, text: str) -> str:
    page = f"{host.repository}/new/{quote(host.branch)}/{quote(host.folder)}"
    filled = f"{page}?{urlencode({'filename': name, 'value': text}, quote_via=quote)}"
    return filled if len(filled) <= _LONGEST else f"{page}?{urlencode({'filename': name}, quote_via=quote)}"


def _gitlab(host: Host, name: str, text: str) -> str:  # noqa: ARG001 (its page takes a name, and no text)
    page = f"{host.repository}/-/new/{quote(host.branch)}/{quote(host.folder)}"
    return f"{page}?{urlencode({'file_name': name}, quote_via=quote)}"


_PAGES = {"github": _github, "gitlab": _gitlab}
"""By a part of a host's name, since many run under names of their own: how its pages are addressed."""


def new_note_page(folders: Folders, plan: Plan, entry: DocumentEntry) -> str:
    """The page on which a change note about a document is begun; empty where the host is not known.

    The note says what is known of a document that was changed, and begins one for a change that is to be made.
    """
    host = host_of(folders)
    if host is None:
        return ""
    draft = plan.drafts.documents.get(entry.id)
    text = note_for(plan, [draft]) if draft and draft.changed else note_markdown(NoteDraft((entry.id,)))
    return new_file_page(host, f"{note_slug(plan, entry.id)}.md", text)


_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class NoteRequest:
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


def suggested_documents(plan: Plan, said: NoteRequest) -> tuple[str, ...]:
    """The documents that a note is about: those named with it, else those that differ and that no note names."""
    named = (*said.withdraws, *([said.restores] if said.restores else []))
    if named:
        return tuple(dict.fromkeys(version.document for version in named))
    drafts = plan.drafts.documents.items()
    differ = (name for name, draft in drafts if draft.changed or draft.moved or draft.promised)
    return tuple(name for name in (*differ, *plan.drafts.gone) if name not in plan.notes_for)


def suggested_sets(plan: Plan, said: NoteRequest) -> tuple[str, ...]:
    """The sets that a note is about: those named with it, else those that differ and that no note names; of documents
    or versions that are named, those in which their place changes.
    """
    if said.sets:
        return said.sets
    documents = said.documents or suggested_documents(plan, said) if said.withdraws or said.restores else said.documents
    return tuple(change.id for change in unposted_sets(plan, documents))


def note_draft(plan: Plan, said: NoteRequest, texts: Drafts | None = None) -> NoteDraft:
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
        chosen=(*guessed.chosen, *_chosen(said, plan)),
    )


def _chosen(said: NoteRequest, plan: Plan) -> Iterator[str]:
    # What is no longer published is never less than substantive.
    if said.change_class is not None or set(said.documents) & set(plan.drafts.gone):
        yield "class"
    if said.material is not None:
        yield "material"


def _differs(draft: Draft) -> bool:
    return draft.changed or bool(draft.promised) or (draft.has_text and draft.bytes_changed)


def _events(plan: Plan, said: NoteRequest) -> Iterator[str]:
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
