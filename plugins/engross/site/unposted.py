"""Keeps what was not posted out of a site that shows what is in force.

Documents that were never posted have no page, and no place in the navigation. Pictures are published as they were
sealed; a picture that only texts to be posted show is not published, unless a page of the site's own names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from engross.corpus import COPIES, Folders
from engross.drafting import own_documents
from engross.model import DocumentKind, Picture, Version
from engross.record import Plan, picture_hash, sealed_bytes, sealed_pictures, shown_pictures, unsealed_pictures
from engross.site.editions import SiteEdition
from engross.site.files import put_file


def remove_unposted(files: Files, edition: SiteEdition, plan: Plan, folders: Folders, config: MkDocsConfig) -> None:
    """Keep what was not posted out of the navigation and the files. `plan` is what a release would post."""
    remove_from_nav(config, edition)
    drafts = (*edition.drafts.documents.values(), *own_documents(plan))
    pictures = {one.path for document in drafts for one in shown_pictures(document)}
    pictures.update(_pictures_of_unread(files, _unread_texts(edition, plan, folders)))
    publish_posted_pictures(files, edition, pictures, config)
    remove_unposted_copies(files, edition)


def remove_from_nav(config: MkDocsConfig, edition: SiteEdition) -> None:
    """Remove from the navigation the pages of documents that the edition does not show."""
    drafts, shown = (project.settings.documents for project in (edition.drafts, edition.project))
    hidden = {entry.page for entry in drafts if entry.file} - {entry.page for entry in shown if entry.file}
    if hidden and config.nav:
        config.nav = _without(config.nav, hidden)


def _without(nav: Any, hidden: set[str]) -> Any:
    """A part of the navigation without some pages and without empty sections; None if nothing is left."""
    if isinstance(nav, list):
        return [left for item in nav if (left := _without(item, hidden)) is not None] or None
    if isinstance(nav, dict):
        return {title: left for title, item in nav.items() if (left := _without(item, hidden)) is not None} or None
    return None if nav in hidden else nav


def _unread_texts(edition: SiteEdition, plan: Plan, folders: Folders) -> Iterator[str]:
    """The texts whose pictures are not known: documents that cannot be read, and the files in the folder of notes, of
    which some may be texts that cannot be read.
    """
    waiting = [edition.drafts.docs / one.file for one in edition.drafts.settings.documents if one.id in plan.unreadable]
    beside = folders.notes.iterdir() if folders.notes.is_dir() else ()
    for path in (*waiting, *beside):
        if path.is_file():
            yield path.read_bytes().decode("utf-8", errors="replace")


def _pictures_of_unread(files: Files, texts: Iterable[str]) -> Iterator[str]:
    """The paths of the pictures in the docs folder whose names are in texts that cannot be read."""
    # A space in a name is %20 in the address of a picture.
    written = "\n".join(form for text in texts for form in (text, unquote(text)))
    for file in files:
        kind = guess_type(file.src_uri)[0] or ""
        if kind.startswith("image/") and PurePosixPath(file.src_uri).name in written:
            yield file.src_uri


def publish_posted_pictures(files: Files, edition: SiteEdition, shown: Iterable[str], config: MkDocsConfig) -> None:
    """Publish the pictures of documents as they were sealed, and none that only texts to be posted show.

    `shown` are the paths of the pictures in texts to be posted.
    """
    docs = edition.drafts.docs
    posted = {one.sha256 for versions in edition.record.versions.values() for one in _pictures(versions)}
    sealed, kept = _in_force(edition)
    for path in sorted({*shown, *sealed}):
        file = files.get_file_from_path(path)
        if file is None or path in kept or picture_hash(docs, path) in posted:
            continue
        if version := sealed.get(path):
            content = sealed_pictures(edition.record, version)[path]
            put_file(files, File.generated(config, path, content=content))
        elif not _is_named(PurePosixPath(path).name, files, edition):
            files.remove(file)


def remove_unposted_copies(files: Files, edition: SiteEdition) -> None:
    """Remove the copies of licences that no posted list of models names: they would show which models are to come."""
    copies = [file for file in files if file.src_uri.startswith(f"{COPIES}/")]
    texts = list(_sealed_lists(edition)) if copies else ()
    for file in copies:
        if file.src_uri.endswith(".txt") and not any(file.src_uri.encode() in text for text in texts):
            files.remove(file)


def _sealed_lists(edition: SiteEdition) -> Iterator[bytes]:
    """The text of each posted version of a model list."""
    for versions in edition.record.versions.values():
        for version in versions:
            if version.entry.kind is DocumentKind.CATALOGUE:
                yield sealed_bytes(edition.record, version)


def _pictures(versions: Iterable[Version]) -> Iterable[Picture]:
    return (one for version in versions for one in version.sealed.pictures)


def _in_force(edition: SiteEdition) -> tuple[Mapping[str, Version], set[str]]:
    """The version in force that shows each sealed picture, by the picture's path, and the pictures that versions in
    force show and that were not sealed with them.
    """
    sealed, kept = dict[str, Version](), set[str]()
    for name, document in edition.project.documents.items():
        if version := edition.record.in_force(name, edition.at):
            kept.update(unsealed_pictures(document, version))
            for one in version.sealed.pictures:
                sealed.setdefault(one.path, version)
    return sealed, kept


def _is_named(name: str, files: Files, edition: SiteEdition) -> bool:
    """Whether a page of the site's own names a file."""
    settings = (edition.drafts.settings, edition.project.settings)
    documents = {entry.page for one in settings for entry in one.documents}
    pages = (file for file in files.documentation_pages() if file.src_uri not in documents)
    return any(name in file.content_string for file in pages)
