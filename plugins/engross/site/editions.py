"""Which edition a build shows: the draft, or what is in force on its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.common import Cache, EngrossError, error, value_class
from engross.corpus import Project, Words
from engross.model import Diagnostic
from engross.record import (
    Record,
    announced_projects,
    changed_pictures,
    in_force_project,
    is_local,
    picture_hash,
    picture_path,
    sha256,
    version_pictures,
    worded_tree,
)
from engross.render import DocumentState, Resolve, ShownDates, as_shown_project, document_state

AUTO, DRAFT, IN_FORCE = "auto", "draft", "in-force"
CHOICES = (AUTO, DRAFT, IN_FORCE)


@value_class(frozen=True, slots=True)
class SiteEdition:
    """What a build shows. Pages are made from `project`; `drafts` is the text in `docs/`; `record` is cut at `at`.

    `draft` is true where the pages show the draft although there is a record; they carry a notice then. `preview`:
    the site is for the people who work on the draft and is not published (`is_preview`). `publishes` is true where the
    build was asked for what is in force, and what waits in the docs does not stop it. `cache` keeps what was computed.
    """

    project: Project
    drafts: Project
    record: Record
    at: datetime
    draft: bool
    preview: bool = False
    publishes: bool = False
    cache: Cache = field(default_factory=Cache, repr=False, compare=False)
    _states: dict[tuple[str, str], DocumentState | None] = field(default_factory=dict, repr=False, compare=False)

    def state(self, document: str, words: Words) -> DocumentState | None:
        """The state of a document on the build's day, dates in `words`; None where the record does not know it."""
        key = (document, words.language)
        if key not in self._states:
            dates = ShownDates(ZoneInfo(self.project.settings.timezone), words)
            self._states[key] = document_state(self.record, document, self.at, dates)
        return self._states[key]

    @property
    def shows_drafts(self) -> bool:
        """Whether the pages show the text in `docs/`."""
        return self.project is self.drafts


def is_preview(wanted: str, command: str) -> bool:
    """Whether a site is a preview: it is built with the option "draft", or served without "in-force".

    A site that posts nothing shows the draft too; with "auto" it is published as it is.
    """
    return wanted == DRAFT or (wanted == AUTO and command == "serve")


def choose_edition(
    wanted: str, command: str, drafts: Project, record: Record, at: datetime, cache: Cache | None = None
) -> SiteEdition:
    """Choose the edition that a build shows.

    `wanted` is the option: "draft", "in-force", or "auto": the draft while pages are served and where nothing was
    posted by the instant `at`, else what is in force. A sealed text that today's parser refuses is shown verbatim. A
    document that was never posted is no part of what is in force. The `cache` keeps what was read of texts. Raises
    EngrossError if nothing was ever posted that could be in force.
    """
    known, cache, publishes = record.as_known(at), cache or Cache(), wanted == IN_FORCE
    preview = is_preview(wanted, command)
    drafts = as_shown_project(drafts, record, cache, keep_unreadable=preview)
    if wanted == AUTO:
        wanted = IN_FORCE if known.entries and command != "serve" else DRAFT
    if wanted == DRAFT:
        return SiteEdition(drafts, drafts, known, at, bool(known.entries), preview, cache=cache)
    if not known.versions:
        raise EngrossError([_never_posted(drafts, entry.id) for entry in drafts.settings.documents if entry.file])
    project = as_shown_project(in_force_project(_posted(drafts, known), known, at), known, cache)
    return SiteEdition(project, drafts, known, at, draft=False, publishes=publishes, cache=cache)


def page_state(edition: SiteEdition, document: str, words: Words) -> DocumentState | None:
    """The state that the page of a document shows; None where the record does not know the document."""
    record = edition.record
    state = edition.state(document, words)
    version = record.in_force(document, edition.at)
    if state is None or version is None or not edition.draft:
        return replace(state, tree=worded_tree(record, version, edition.cache)) if state and version else state
    latest = record.latest(document)
    source = edition.project.documents[document].source if document in edition.project.documents else None
    if document in edition.project.documents and edition.project.documents[document].verbatim and latest:
        # It shows no clauses, and links to those of the sealed text must still work.
        state = replace(state, tree=worded_tree(record, latest, edition.cache))
    same = bool(latest and source and sha256(source.data) == latest.sealed.source)
    if latest and same:
        same = not changed_pictures(edition.drafts.docs, edition.project.documents[document], latest)
    return replace(state, draft=True, differs=not same)


def with_posted_pictures(edition: SiteEdition, document: str, resolve: Resolve, url: Resolve) -> Resolve:
    """Resolve links as `resolve` does, but give the sealed copy of a picture that changed since it was posted.

    `url` gives an address relative to the site's root as seen from the page.
    """
    version = edition.record.in_force(document, edition.at)
    if edition.shows_drafts or version is None:
        return resolve
    docs, file, addresses = edition.drafts.docs, version.entry.file, version_pictures(version)
    moved = edition.project.documents[document].entry.file != file
    others = {one.path for one in version.sealed.pictures if moved or picture_hash(docs, one.path) != one.sha256}

    def with_sealed(target: str) -> str:
        path = picture_path(file, target) if others and is_local(target) else ""
        return url(addresses[path]) if path in others else resolve(target)

    return with_sealed


def announced_editions(edition: SiteEdition) -> Iterator[Project]:
    """The editions that will be in force at each announced instant; none where the draft is shown."""
    if not edition.shows_drafts:
        yield from announced_projects(edition.drafts, edition.record, edition.at)


def _posted(drafts: Project, record: Record) -> Project:
    """A project without the documents whose text was never posted: nothing may show that they exist."""
    documents = tuple(one for one in drafts.settings.documents if not one.file or record.versions.get(one.id))
    return replace(drafts, settings=replace(drafts.settings, documents=documents))


def _never_posted(drafts: Project, name: str) -> Diagnostic:
    index = [entry.id for entry in drafts.settings.documents].index(name)
    line, column = drafts.settings.file.place(("documents", index, "id"))
    message = (
        f"{name} was never posted. Write the first note, commit it, and release or publish again: "
        f"{drafts.settings.first_note_command}. Or build the draft, with ENGROSS_EDITION=draft"
    )
    return error("unposted-change", drafts.settings.file.source.path, line, column, message)
