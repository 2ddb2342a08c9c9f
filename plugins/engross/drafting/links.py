"""Finds links of documents and of pending change notes that lead to no file or no anchor, before anything is sealed.

`validation` in mkdocs.yml decides which links are findings, and the messages are those of MkDocs. A link to a file that
mkdocs.yml keeps out of the site is a finding as one to a file that is not there. Targets that another
plugin generates are unknown here; `validation: {links: {not_found: info}}` allows them in the build and here.
"""

from __future__ import annotations

import json
import posixpath
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from functools import cached_property
from urllib.parse import unquote, urlsplit

import engross.common.lazy_re as re
from engross.common import NO_CACHE, Cache, EngrossError, error, key_of, value_class
from engross.corpus import EXCLUDING, Folders, PageType, Project
from engross.drafting.detectors.anchor_links import WRITTEN_ID, github_slug
from engross.drafting.site_setup import Excludes, excludes_of
from engross.model import (
    Change,
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    MarkKind,
    Source,
)
from engross.record import Record, addressed, sealed_tree, summary_tree
from engross.terms import document_hash

BROKEN_LINK = "broken-link"

_TARGETS = (MarkKind.LINK, MarkKind.IMAGE)
_SIGNS = ("](", "][", "]:", "<")
"""What a text contains that has links or images."""
_GENERATED = frozenset(kind.source for kind in PageType)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$|^(.+)\n(?:=+|-+)[ \t]*$", re.M)
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|\{[^}]*\}|<[^>]*>|[*`]|&\w+;")
# Markup of other plugins, which may add headings to a page.
_GENERATES_HEADINGS = re.compile(r"\{[{%]|--8<--|^:::", re.M)


@value_class
class Links:
    """The links of a project's documents. `record` is opened only if an anchor may come from an earlier version; the
    `cache` keeps the links of each text.
    """

    project: Project
    folders: Folders
    record: Callable[[], Record]
    cache: Cache = NO_CACHE
    _anchors: dict[str, set[str] | None] = field(default_factory=dict)

    def check(self, documents: Iterable[Document]) -> list[Diagnostic]:
        """Check the links of documents, in the order of the text; each target once a document."""
        return [found for document in documents for found in self._of(document, self._problem)]

    def check_excluded(self, documents: Iterable[Document]) -> list[Diagnostic]:
        """Find only the links to files that mkdocs.yml keeps out of the site: for MkDocs, these are no warnings."""
        return [found for document in documents for found in self._of(document, self._exclusion)]

    def check_notes(self, notes: Iterable[Change]) -> list[Diagnostic]:
        """Check the links in the summaries of change notes, which are relative to the folder of notes."""
        return [found for note in notes for found in self._of_note(note)]

    def _of_note(self, note: Change) -> Iterator[Diagnostic]:
        try:
            root = summary_tree(note.source)
        except EngrossError:
            # The check of notes reports it.
            return
        folder = posixpath.relpath(self.folders.notes.as_posix(), self.folders.docs.as_posix())
        entry = DocumentEntry(note.slug, note.slug, DocumentKind.NOTICE_ONLY, file=f"{folder}/{note.slug}.md")
        document, seen = Document(entry, note.source, root), set[str]()
        for clause in root.walk():
            for mark in clause.inline.marks:
                if mark.kind is MarkKind.LINK and mark.target not in seen:
                    seen.add(mark.target)
                    if problem := _mistake_in_note(mark.target) or self._problem(document, mark.target):
                        yield replace(_at(document, clause, mark.start, problem), fix=self._nearby(note, mark.target))

    def _nearby(self, note: Change, url: str) -> str:
        """Return the target that a link of a note probably means: written from the docs folder, or within the document
        that the note is about; empty if none is.
        """
        path, sign, anchor = url.partition("#")
        up = posixpath.relpath(self.folders.docs.as_posix(), self.folders.notes.as_posix())
        files = {one.id: one.entry.file for one in self.project.documents.values() if one.entry.file}
        wanted = (
            posixpath.normpath(path.lstrip("/")) if path else files.get(note.documents[0]) if note.documents else ""
        )
        if not wanted or not self._is_file(wanted) or (anchor and not self._has(wanted, anchor)):
            return ""
        return f"{up}/{wanted}{sign}{anchor}"

    def _of(self, document: Document, problem_of: Callable[[Document, str], str]) -> Iterator[Diagnostic]:
        path = document.source.path if document.source else ""
        for target, line, column, label in self._targets(document):
            if problem := problem_of(document, target):
                found = error(BROKEN_LINK, path, line, column, problem, clause=label)
                yield replace(found, fix=self._with_anchor(document, target))

    def _targets(self, document: Document) -> list[_Target]:
        """Return the targets of a document, each once. Most texts have none, and those of others are kept."""
        if document.source is None or not any(sign in document.source.text for sign in _SIGNS):
            return []
        known = document_hash(document) if self.cache.folder else ""
        if not known:
            return list(_targets_in(document, document.source))
        key = key_of((__name__, "engross.text.parser"), "targets", known)
        stored = self.cache.get(key)
        if stored is not None:
            return [tuple(one) for one in json.loads(stored)]
        found = list(_targets_in(document, document.source))
        self.cache.put(key, json.dumps(found).encode())
        return found

    def _with_anchor(self, document: Document, url: str) -> str:
        """Return a link with the anchor that its heading has here.

        It may have the one that GitHub gives the heading, or another program: "#Key_Controls".
        """
        path, _, anchor = url.partition("#")
        file = document.entry.file
        name = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path))) if path else file
        owner = self._by_page.get(name)
        wanted = github_slug(unquote(anchor))
        sections = [one for one in owner.root.walk() if one.kind is ClauseKind.SECTION] if owner and wanted else []
        meant = {one.anchor for one in sections if github_slug(one.inline.text) == wanted}
        return f"{path}#{meant.pop()}" if len(meant) == 1 else ""

    def _problem(self, document: Document, url: str) -> str:
        """The message of a strict build about a link; empty if there is none."""
        scheme, host, path, _, anchor = urlsplit(url)
        of = f"Doc file '{document.entry.file}' contains"
        if scheme or host:
            return ""
        if url.startswith(("/", "\\")):
            refused = self._refuses("absolute_links")
            return f"{of} an absolute link '{url}', it was left as is." if refused else ""
        target = _target(document, path)
        if not self._is_file(target):
            if not posixpath.splitext(unquote(path))[1]:
                refused = self._refuses("unrecognized_links")
                return f"{of} an unrecognized relative link '{url}', it was left as is." if refused else ""
            shown = f" '{target}'" if target != url else ""
            missing = f"{of} a link '{url}', but the target{shown} is not found among documentation files."
            return missing if self._refuses("not_found") else ""
        if excluded := self._exclusion(document, url):
            return excluded
        if not anchor or not self._refuses("anchors") or self._has(target, anchor):
            return ""
        if target == document.entry.file:
            return f"{of} a link '{url}', but there is no such anchor on this page."
        return f"{of} a link '{url}', but the doc '{target}' does not contain an anchor '#{anchor}'."

    def _exclusion(self, document: Document, url: str) -> str:
        """The message about a link to a file that mkdocs.yml keeps out of the site; empty if it does not."""
        scheme, host, path, _, _ = urlsplit(url)
        target = _target(document, path)
        relative = path and not scheme and not host and not url.startswith(("/", "\\"))
        if not relative or not self._refuses("not_found") or self._is_made(target) or not self._is_file(target):
            return ""
        if not any(self._excludes(option, target) for option in EXCLUDING):
            return ""
        return f"Doc file '{document.entry.file}' contains a link to '{target}' which is excluded from the built site."

    @cached_property
    def _excludes(self) -> Excludes:
        return excludes_of(self.folders)

    def _refuses(self, kind: str) -> bool:
        return self.folders.validation[kind] == "warn"

    def _is_file(self, name: str) -> bool:
        """Whether a path in the docs folder is a page or a file of the site."""
        if self._is_made(name):
            return True
        path = self.folders.docs / name
        own_names = (self.folders.settings, self.project.settings.baseline)
        own = name in own_names or self.folders.notes in path.parents
        hidden = any(part.startswith(".") for part in name.split("/"))
        return not own and not hidden and path.is_file()

    def _is_made(self, name: str) -> bool:
        """Whether Engross makes a page of the site."""
        return name in _GENERATED or name in self._by_page

    @cached_property
    def _by_page(self) -> Mapping[str, Document]:
        """The documents by the paths of their pages, the first where several have one."""
        return {one.entry.page: one for one in reversed([*self.project.documents.values()])}

    def _has(self, name: str, anchor: str) -> bool:
        """Whether a page has an anchor, or its anchors are unknown."""
        if name not in self._anchors:
            owner = self._by_page.get(name)
            self._anchors[name] = self._of_document(owner) if owner else self._of_page(name)
        known = self._anchors[name]
        return known is None or anchor in known

    def _of_document(self, document: Document) -> set[str] | None:
        if document.verbatim:
            return None
        known = {clause.anchor for clause in document.root.walk()} | {one.anchor for one in addressed(document)}
        # Errors of the record are reported where it is checked.
        with suppress(EngrossError):
            record = self.record()
            for version in record.versions.get(document.id, ())[-1:]:
                tree = sealed_tree(record, version)
                known |= {one.anchor for one in tree.clauses} | {one.anchor for one in tree.aliases}
        return known

    def _of_page(self, name: str) -> set[str] | None:
        """The anchors that an ordinary page may have; None if they are unknown."""
        if not name.endswith((".md", ".markdown")) or name in _GENERATED:
            return None
        text = (self.folders.docs / name).read_text("utf-8", errors="replace")
        if _GENERATES_HEADINGS.search(text) or self.folders.own_slugs:
            return None
        known = {one or other for one, other in WRITTEN_ID.findall(text)}
        for one, other in _HEADING.findall(text):
            slug = _slug(one or other)
            # Python-Markdown numbers the anchors of repeated headings.
            known |= {slug, *(f"{slug}_{number}" for number in range(1, 10))}
        return known


def _target(document: Document, path: str) -> str:
    """The path of a link's target in the docs folder; that of the document if the link has none."""
    file = document.entry.file
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)).lstrip("/")) if path else file


def _slug(heading: str) -> str:
    """The anchor that Python-Markdown makes of a heading."""
    text = unicodedata.normalize("NFKD", _MARKUP.sub(r"\1", heading)).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip().lower())


def _mistake_in_note(url: str) -> str:
    """Describe what is wrong with a link of a note, whatever the site has; empty if nothing is."""
    if url.startswith("#"):
        return f"the link '{url}' names no document, and the note is shown on pages that have no such anchor"
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port is None or parts.port else ""
    except ValueError:
        host, parts = "", urlsplit("https:")
    if parts.scheme in ("http", "https"):
        wrong = not host or "%" in parts.netloc
    else:
        wrong = parts.scheme == "mailto" and not re.fullmatch(r"[^@\s]+@\S+", parts.path)
    wrong = wrong or url.startswith("www.")
    like = "mailto:name@example.com" if parts.scheme == "mailto" else "https://example.com/page"
    return f"the address '{url}' is malformed; write it like {like}" if wrong else ""


_Target = tuple[str, int, int, str]
"""The target of a link, its line and column, and the label of its clause."""


def _targets_in(document: Document, source: Source) -> Iterator[_Target]:
    seen = set[str]()
    for clause in document.root.walk():
        for mark in clause.inline.marks:
            if mark.kind in _TARGETS and mark.target not in seen:
                seen.add(mark.target)
                yield mark.target, *source.position(clause.inline.source_offset(mark.start)), clause.label


def _at(document: Document, clause: Clause, at: int, message: str) -> Diagnostic:
    source = document.source
    assert source is not None
    line, column = source.position(clause.inline.source_offset(at))
    return error(BROKEN_LINK, source.path, line, column, message, clause=clause.label)
