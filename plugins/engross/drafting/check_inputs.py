"""Reads what a command checks: the documents of a site, lone files, texts beside change notes, and the record.

A path that is a document of a site is read with the sets that contain it, because they give its terms their meaning.
Other files in the docs folder are no contracts. A Markdown file elsewhere is checked alone with default options;
several lone files are one set each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

import engross.common.lazy_re as re
from engross.common import NO_CACHE, EngrossError, error, read_file, site_cache, value_class
from engross.corpus import find_folders, shown_path
from engross.drafting.detectors.anchor_links import dead_anchor_links
from engross.drafting.engine import NO_EXCEPTIONS, Exceptions
from engross.drafting.subject import Finding, Subject
from engross.model import (
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    SetEntry,
    Severity,
    Source,
)
from engross.terms import DEFAULT_OPTIONS, Readings, TermOptions, bind
from engross.text import ENCODING, decode_anyway, parse, read_source, slug

MARKDOWN = (".md", ".markdown")


if TYPE_CHECKING:  # a check of one file needs neither settings nor record
    from engross.corpus import Folders, Project, Settings
    from engross.record import PostedTexts

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

    `exceptions` are those of the first site, without its baseline; `problems` are the errors of files that could not be
    read, or only in part.
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

    `together` makes one set of all lone files; the first is its agreement. Raises EngrossError if a file is
    missing or a site's settings are wrong; what else cannot be read is among the problems.
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
    problems += [one for site in sites for one in site.problems]
    # Exceptions name documents by id, and two sites may use the same ids: only those of the first site apply.
    exceptions = sites[0].exceptions if sites else NO_EXCEPTIONS
    read = tuple(one for site in sites for one in site.sites)
    return Inputs(tuple(subjects), exceptions, shown, tuple(problems), read)


def term_options(settings: Settings) -> TermOptions:
    """The settings of `documents.yml` about links of terms and references."""
    terms = settings.terms
    verbatim = ((entry.id, entry.requires.verbatim) for entry in settings.documents if entry.requires.verbatim)
    return TermOptions(frozenset(terms.link), frozenset(terms.unlink), terms.compounds, tuple(verbatim))


def project_subjects(
    project: Project, posted: PostedTexts | None = None, readings: Readings | None = None
) -> Iterator[Subject]:
    """Every set of a site as drafted, and each document that is in no set alone. `posted`: see `with_posted`.

    `readings`: see `bind`.
    """
    options = term_options(project.settings)
    for edition in (*project.editions, *project.lone_editions()):
        subject = Subject(
            bind(edition, options, readings=readings), options, cache=readings.cache if readings else NO_CACHE
        )
        yield with_posted(subject, posted, project)


def site_exceptions(project: Project) -> Exceptions:
    """The exceptions of a site and its baseline. Raises EngrossError if the baseline cannot be read."""
    settings, exceptions = project.settings, Exceptions.of(project.settings)
    if not settings.baseline:
        return exceptions
    from engross.drafting.baseline_file import read_baseline

    path = project.docs / settings.baseline
    if not path.is_file():
        message = (
            f"there is no file {settings.baseline} in the docs folder; write it with engross check --write-baseline "
            f"{shown_path(path)}"
        )
        raise EngrossError([settings.file.mistake(("baseline",), message, rule="file")])
    return replace(exceptions, baseline=read_baseline(path))


def with_posted(subject: Subject, posted: PostedTexts | None, project: Project) -> Subject:
    """Add to a subject what posted versions of its documents, or of deleted documents, say that it does not."""
    if posted is None:
        return subject
    here = {document.id for document in subject.edition.documents}
    terms = tuple(term for term in posted.terms if term.document in here or term.document not in project.documents)
    named = {(one.document, one.label): one for one in posted.moved if one.document in here and one.is_first}
    moved = named | {(one.document, one.anchor): one for one in posted.moved if one.document in here}
    originals = tuple(one for one in posted.originals if one.document in here)
    return replace(subject, posted=terms, moved=moved, originals=originals)


def _site_inputs(folders: Folders, files: Iterable[Path] | None) -> Inputs:
    from engross.corpus import read_project
    from engross.record import sealed_in, texts_of_folder

    cache = site_cache(folders.root)
    project = read_project(
        folders.docs,
        folders.settings,
        sealed_in(folders.record),
        instead=partial(_document_anyway, folders.docs),
        keep_unreadable=True,
        cache=cache,
    )
    exceptions = Exceptions.of(project.settings)
    subjects = tuple(project_subjects(project, texts_of_folder(project, folders.record), Readings(cache)))
    wanted = None if files is None else frozenset(map(shown_path, files))
    if wanted is not None:
        subjects = tuple(
            subject
            for subject in subjects
            if any(document.source and document.source.path in wanted for document in subject.edition.documents)
        )
    # Without all of its documents, a set would seem to lack terms and sections.
    missing = [frozenset(_unread(one, project)) for one in subjects]
    whole = tuple(one for one, names in zip(subjects, missing, strict=True) if not names)
    needed = frozenset[str]().union(*missing)
    problems = tuple(
        one
        for name, found in project.unreadable.items()
        for one in found
        if wanted is None or name in needed or one.path in wanted
    )
    return Inputs(whole, exceptions, problems=problems, sites=(Site(folders, project),))


def _unread(subject: Subject, project: Project) -> Iterator[str]:
    """Yield the documents of a set of which nothing can be read."""
    return (one.id for one in subject.edition.documents if one.verbatim and one.id in project.unreadable)


def _document_anyway(docs: Path, entry: DocumentEntry, _: EngrossError) -> Document | None:
    """Read what can be read of a document that a site refuses; None if that is nothing. Rows define no terms."""
    if entry.kind.has_rows:
        return Document(entry, None, Clause(ClauseKind.DOCUMENT, (1, 1)))
    path = docs / entry.file
    try:
        source = decode_anyway(read_file(path), shown_path(path))
        root = _parse_anyway(source, [], numbering=entry.numbering)
    except (EngrossError, OSError, RuntimeError):
        return None
    return Document(entry, source, root) if root.children else None


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
    """The folders of the site to which a file belongs, because it is in the docs folder or a note in a wrong place;
    None if it belongs to no site. Sealed texts belong to none.
    """
    try:
        folders = find_folders(file.resolve().parent)
    except (EngrossError, OSError):
        return None
    from engross.record import is_misplaced

    parents = file.resolve().parents
    if folders.record.resolve() in parents:
        return None
    return folders if folders.docs.resolve() in parents or is_misplaced(file.resolve(), folders) else None


def _lone_subjects(files: Sequence[Path], *, together: bool) -> tuple[list[Subject], list[Diagnostic]]:
    """The sets of lone files, and the errors of those that could not be read.

    A wrong encoding and a control character are errors, and the text is read.
    """
    read: list[LoneDocument] = []
    problems: list[Diagnostic] = []
    for file in files:
        try:
            read.append(lone_document(read_source(file, shown_path(file))))
        except EngrossError as failure:
            problems.extend(failure.diagnostics)
            if all(one.rule in ("control-character", ENCODING) for one in failure.diagnostics):
                with suppress(EngrossError):
                    read.append(lone_document(decode_anyway(read_file(file), shown_path(file))))
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
    root = _parse_anyway(source, passed)
    title = next((clause for clause in root.children if clause.kind is ClauseKind.SECTION), None)
    stem = PurePosixPath(source.path).stem
    name = slug(source.path)
    called = title.name if title and title.level == 1 else stem
    entry = DocumentEntry(name, called, DocumentKind.AGREEMENT, file=source.path, published=f"{name}/")
    shown = [one for one in passed if one.rule != "raw-html" or not _is_blank(source, one)]
    document = Document(entry, source, root)
    dead = (("missing-reference", one) for one in dead_anchor_links(document))
    return document, (*_refused(name, shown), *dead)


def _parse_anyway(source: Source, passed: list[Diagnostic], *, numbering: bool = False) -> Clause:
    """Parse a text with what a site would refuse in it, which is added to `passed`."""
    root = parse(source, numbering=numbering, passed=passed)
    if any(one.rule == "raw-html" for one in passed):
        root = parse(source, numbering=numbering, through_html=True, passed=[])
    return root


def _is_blank(source: Source, found: Diagnostic) -> bool:
    """Whether a tag is a name in two angle brackets, "<<CUSTOMER>>", which is read as text."""
    at = source.offset(found.line, found.column)
    return _BLANK.match(source.text, max(0, at - 1)) is not None


_BLANK = re.compile(r"<<[^<>\n]+>>")
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
