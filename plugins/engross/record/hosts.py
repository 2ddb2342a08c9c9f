"""The page of a repository's host on which a new file is begun, with what it shall hold filled in.

For people who have a web editor and nothing else: from a failing check, or from a page of the site, to the change note
that is wanted. What a host takes in such an address is its own affair; what is not known is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from engross.corpus.folders import Folders
from engross.model import DocumentEntry
from engross.record.note_names import note_slug
from engross.record.note_text import NoteDraft, note_for, note_markdown
from engross.record.plan import Plan

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
