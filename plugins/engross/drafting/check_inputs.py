"""Reads what a command checks: the documents of a site, lone files, texts beside change notes, and the record.

A path that is a document of a site is read with the sets that contain it, because they give its terms their meaning.
Any other Markdown file is checked alone with default options; several lone files are one set each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from engross.common import EngrossError, error, value_class
from engross.corpus import Folders, Project, Settings, find_folders, read_project, shown_path
from engross.drafting.baseline import read_baseline
from engross.drafting.engine import NO_EXCEPTIONS, Exceptions, check_subjects, let_pass
from engross.drafting.links import Links
from engross.drafting.rules import RULES, STALE_EXCEPTION
from engross.drafting.subject import Finding, Judged, Rule, Subject
from engross.model import (
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    EntryKind,
    SetEntry,
    Severity,
    Source,
)
from engross.record import (
    BY_NAME,
    Plan,
    PostedTerm,
    State,
    emergencies,
    is_misplaced,
    is_note,
    own_text_of,
    posted_terms,
    read_state,
    sealed_in,
    terms_of_folder,
)
from engross.terms import DEFAULT_OPTIONS, Readings, TermOptions, bind
from engross.text import parse, read_source, slug

MARKDOWN = (".md", ".markdown")


LoneDocument: TypeAlias = tuple[Document, tuple[tuple[str, Finding], ...]]
"""A document, and the findings of reading it, each with its rule."""


@value_class(frozen=True, slots=True)
class Site:
    """A site that was read: its folders and its project."""

    folders: Folders
    project: Project


@value_class(frozen=True, slots=True)
class Inputs:
    """What was read. `shown` are the paths whose findings are wanted; None means all.

    `exceptions` are those of the first site, without its baseline; `problems` are the errors of lone files that could
    not be read.
    """

    subjects: tuple[Subject, ...]
    exceptions: Exceptions = NO_EXCEPTIONS
    shown: frozenset[str] | None = None
    problems: tuple[Diagnostic, ...] = ()
    sites: tuple[Site, ...] = ()

    @property
    def documents(self) -> Iterator[Document]:
        """The documents of all subjects; a document of several sets occurs for each."""
        return (document for subject in self.subjects for document in subject.edition.documents)


def read_inputs(paths: Sequence[Path], here: Path, *, together: bool = False) -> Inputs:
    """Read the files and folders `paths`, or without any the site that contains the folder `here`.

    `together` makes one set of all lone files; the first is its agreement. Raises EngrossError if a file cannot be
    read or a site's settings are wrong.
    """
    if not paths:
        return _site_inputs(find_folders(here), None)
    files = list(dict.fromkeys(file for path in paths for file in markdown_files(path)))
    homes = {file: home_of(file) for file in files}
    sites = [_site_inputs(home, homes) for home in dict.fromkeys(homes.values()) if home]
    lone = [file for file, home in homes.items() if home is None]
    alone, problems = _lone_subjects(lone, together=together)
    subjects = [subject for site in sites for subject in site.subjects] + alone
    shown = frozenset(map(shown_path, files))
    # Exceptions name documents by id, and two sites may use the same ids: only those of the first site apply.
    exceptions = sites[0].exceptions if sites else NO_EXCEPTIONS
    read = tuple(one for site in sites for one in site.sites)
    return Inputs(tuple(subjects), exceptions, shown, tuple(problems), read)


def term_options(settings: Settings) -> TermOptions:
    """The settings of `documents.yml` about linking."""
    terms = settings.terms
    return TermOptions(frozenset(terms.link), frozenset(terms.unlink), terms.compounds)


def project_subjects(
    project: Project, posted: Sequence[PostedTerm] = (), readings: Readings | None = None
) -> Iterator[Subject]:
    """Every set of a site as drafted, and each document that is in no set alone. `posted`: see `with_posted`.

    `readings`: see `bind`.
    """
    options = term_options(project.settings)
    for edition in (*project.editions, *project.lone_editions()):
        yield with_posted(Subject(bind(edition, options, readings=readings), options), posted, project)


def site_exceptions(project: Project) -> Exceptions:
    """The exceptions of a site and its baseline. Raises EngrossError if the baseline cannot be read."""
    settings, exceptions = project.settings, Exceptions.of(project.settings)
    if not settings.baseline:
        return exceptions
    path = project.docs / settings.baseline
    if not path.is_file():
        message = (
            f"there is no file {settings.baseline} in the docs folder; write it with engross check --write-baseline "
            f"{shown_path(path)}"
        )
        raise EngrossError([settings.file.mistake(("baseline",), message, rule="file")])
    return replace(exceptions, baseline=read_baseline(path))


def with_posted(subject: Subject, posted: Sequence[PostedTerm], project: Project) -> Subject:
    """Add to a subject the posted terms that were defined in its documents, or in a deleted document."""
    here = {document.id for document in subject.edition.documents}
    own = tuple(term for term in posted if term.document in here or term.document not in project.documents)
    return replace(subject, posted=own) if own else subject


def _site_inputs(folders: Folders, files: Iterable[Path] | None) -> Inputs:
    project = read_project(folders.docs, folders.settings, sealed_in(folders.record))
    exceptions = Exceptions.of(project.settings)
    subjects = tuple(project_subjects(project, terms_of_folder(project, folders.record)))
    if files is not None:
        wanted = frozenset(map(shown_path, files))
        subjects = tuple(
            subject
            for subject in subjects
            if any(document.source and document.source.path in wanted for document in subject.edition.documents)
        )
    return Inputs(subjects, exceptions, sites=(Site(folders, project),))


def markdown_files(path: Path) -> list[Path]:
    """The file itself, or all Markdown files below a folder, in order. Raises EngrossError if there are none."""
    if not path.is_dir():
        return [path]
    files = sorted(
        found
        for found in path.rglob("*")
        if found.suffix.lower() in MARKDOWN and found.is_file() and not _hidden(found.relative_to(path))
    )
    if not files:
        raise EngrossError([error("missing-file", shown_path(path), 0, 0, "there is no Markdown file in this folder")])
    return files


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def home_of(file: Path) -> Folders | None:
    """The folders of the site to which a file belongs as a document, a change note or a text beside one; None if it
    belongs to no site.
    """
    try:
        folders = find_folders(file.resolve().parent)
        if is_misplaced(file.resolve(), folders):
            return folders
        text = (folders.docs / folders.settings).read_text(encoding="utf-8")
        relative = file.resolve().relative_to(folders.docs.resolve()).as_posix()
    except (EngrossError, ValueError, OSError):
        return None
    if file.resolve().parent == folders.notes.resolve() and (is_note(file) or own_text_of(file)):
        return folders
    # The settings may be invalid: reading them reports that. Here only the file names matter.
    listed = re.search(rf"\bfile:\s*[\"']?{re.escape(relative)}[\"']?\s*(?:[,}}#]|$)", text, re.M)
    return folders if listed else None


def _lone_subjects(files: Sequence[Path], *, together: bool) -> tuple[list[Subject], list[Diagnostic]]:
    """The sets of lone files, and the errors of those that could not be read."""
    read: list[LoneDocument] = []
    problems: list[Diagnostic] = []
    for file in files:
        try:
            read.append(lone_document(read_source(file, shown_path(file))))
        except EngrossError as failure:
            problems.extend(failure.diagnostics)
    sets = ([read] if read else []) if together else [[one] for one in read]
    return [lone_subject(*group) for group in sets], problems


def lone_subject(*read: LoneDocument) -> Subject:
    """Bind lone documents as one set; the first is its agreement."""
    documents = tuple(document for document, _ in read)
    first, *others = documents
    entry = SetEntry(first.id, first.entry.title, first.id, tuple(document.id for document in others))
    binding = bind(Edition(entry, documents), DEFAULT_OPTIONS)
    return Subject(binding, DEFAULT_OPTIONS, tuple(note for _, notes in read for note in notes))


def lone_document(source: Source) -> LoneDocument:
    """Parse a text as a document, with findings for what a site would refuse in it. Raises EngrossError if it cannot
    be read.
    """
    passed: list[Diagnostic] = []
    root = parse(source, passed=passed)
    if any(one.rule == "raw-html" for one in passed):
        root = parse(source, through_html=True, passed=[])
    title = next((clause for clause in root.children if clause.kind is ClauseKind.SECTION), None)
    stem = PurePosixPath(source.path).stem
    name = slug(source.path)
    called = title.name if title and title.level == 1 else stem
    entry = DocumentEntry(name, called, DocumentKind.AGREEMENT, file=source.path, published=f"{name}/")
    return Document(entry, source, root), tuple(_refused(name, passed))


_IGNORED = {
    "raw-html": "HTML is ignored here{}; the documents of a site may not contain HTML",
    "outside-image": "an image is on another host here{}; the documents of a site may show only files of the site",
}


def _refused(document: str, passed: Sequence[Diagnostic]) -> Iterator[tuple[str, Finding]]:
    """One note for all HTML of a file, and one for its images elsewhere: converted texts may contain them on every
    line. Other mistakes are findings of their own.
    """
    count = Counter(one.rule for one in passed)
    seen: set[str] = set()
    for one in passed:
        message, severity = one.message, None
        if one.rule in _IGNORED:
            more = count[one.rule] - 1
            others = f", and in {more} more place{'s' if more > 1 else ''}" if more else ""
            message, severity = _IGNORED[one.rule].format(others), Severity.NOTE
        if one.rule not in seen:
            yield one.rule, Finding(document, one.path, one.line, one.column, message, severity=severity)
        if one.rule in _IGNORED:
            seen.add(one.rule)


def check_own_texts(
    plan: Plan, rules: Sequence[Rule] = RULES, exceptions: Exceptions = NO_EXCEPTIONS
) -> Iterator[Judged]:
    """Check the texts beside pending notes, each in the sets of its document in place of its draft."""
    for texts in plan.own.values():
        for text in texts:
            document = text.draft.document
            project = _with_draft(plan.project, document)
            posted = posted_terms(project, plan.record)
            subjects = (one for one in project_subjects(project, posted) if document in one.edition.documents)
            for judged in check_subjects(subjects, rules=rules, exceptions=exceptions):
                if document.source and judged.finding.path == document.source.path:
                    yield judged


def check_pending(state: State, folders: Folders) -> list[Diagnostic]:
    """Broken links and the findings of the drafting check in the texts that a release would post, with all texts that
    are published with them; warnings that an emergency lets pass are notes. Nothing where nothing would be posted.
    """
    if not state.plan.postings:
        return []
    exceptions = site_exceptions(state.project)
    subjects = project_subjects(state.project, posted_terms(state.project, state.record))
    judged = [*check_subjects(subjects, exceptions=exceptions), *check_own_texts(state.plan, exceptions=exceptions)]
    # An exception may be for a text that waits, which is not here; its links are those that were posted.
    waiting = {name for name, draft in state.plan.drafts.documents.items() if draft.waits}
    kept = [one for one in judged if one.diagnostic.rule != STALE_EXCEPTION.name or one.finding.document not in waiting]
    # An unposted document may link to a file that was removed together with a posted one.
    documents = [one for name, one in state.project.documents.items() if name not in waiting]
    links = Links(state.project, folders, lambda: state.record)
    broken = [*links.check([*documents, *own_documents(state.plan)]), *links.check_notes(state.plan.notes)]
    return [*broken, *let_pass(kept, emergencies(state.plan))]


def pending_documents(state: State) -> list[Document]:
    """The texts that a release would post."""
    posts = (one for one in state.plan.postings if one.kind is EntryKind.POST)
    return [one.draft.document for one in posts if one.draft]


def own_documents(plan: Plan | None) -> Iterator[Document]:
    """The texts beside pending notes; none if the record could not be read (no plan)."""
    for texts in plan.own.values() if plan else ():
        yield from (text.draft.document for text in texts)


def _with_draft(project: Project, text: Document) -> Project:
    """Replace the text of one document of a project."""
    editions = tuple(
        replace(edition, documents=tuple(text if one.id == text.id else one for one in edition.documents))
        for edition in project.editions
    )
    return replace(project, documents={**project.documents, text.id: text}, editions=editions)


@value_class(frozen=True, slots=True)
class RecordCheck:
    """The result of checking the record.

    `reasons` are the emergencies, by document, that allow drafting warnings; `notes` are the sources of the pending
    notes; `plan` is what would be posted, None if the record cannot be read.
    """

    findings: tuple[Diagnostic, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    notes: tuple[Source, ...] = ()
    plan: Plan | None = None


def check_record(
    site: Site, now: datetime, names: Collection[str] = tuple(BY_NAME), shown: Collection[str] | None = None
) -> RecordCheck:
    """Check a site against its record at the instant `now`.

    The findings are those of the rules `names`, in the files `shown` (all files if None) or in a note about them.
    Errors that keep the record from being read are included.
    """
    try:
        state = read_state(site.folders, now, site.project)
        reasons = tuple(emergencies(state.plan).items())
        entries = {one.source.path: one.entry for one in state.project.documents.values() if one.source}
        found = list(_of_rules(state.findings(), names))
    except EngrossError as failure:
        return RecordCheck(failure.diagnostics if names else ())
    notes = tuple(note.source for note in state.plan.notes)
    return RecordCheck(tuple(_about_files(found, state, entries, shown)), reasons, notes, state.plan)


def _of_rules(found: Iterable[Diagnostic], names: Collection[str]) -> Iterable[Diagnostic]:
    # Errors in a note have no rule in the table; they are reported if any rule is.
    return (one for one in found if names and (one.rule in names or one.rule not in BY_NAME))


def _about_files(
    found: Iterable[Diagnostic], state: State, entries: Mapping[str, DocumentEntry], shown: Collection[str] | None
) -> Iterable[Diagnostic]:
    if shown is None:
        return found
    documents = {entry.id for path, entry in entries.items() if path in shown}
    notes = {note.source.path for note in state.plan.notes if documents & set(note.documents)}
    return (one for one in found if one.path in shown or one.path in notes)
