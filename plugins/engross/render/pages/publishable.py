"""Checks, without a build, whether a build would refuse a text: for drafts, and for sealed texts that are shown.

A text can be published if Engross and plain Markdown show the same text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engross.common import NO_CACHE, Cache, key_of
from engross.corpus import Project, ui_strings, verbatim_document
from engross.fidelity import TEXT_DIFFERS, two_readings
from engross.model import Diagnostic, Document
from engross.record import Record, sha256
from engross.render.pages.clauses import ClauseRenderer, rows_html

__all__ = ["TEXT_DIFFERS", "as_shown", "as_shown_project", "check_reading", "check_readings"]


def check_reading(document: Document) -> Diagnostic | None:
    """The first difference between a document's source and its page; None if there is none, or if the document is
    published elsewhere.
    """
    if document.source is None or document.verbatim:
        return None
    if document.entry.kind.has_rows:
        from engross.fidelity import check_site_page  # it loads a second reader of YAML

        words = ui_strings("en")
        return check_site_page(document, rows_html(document, words), words)
    return two_readings(document.source, f"<div data-engross-text>{ClauseRenderer(str).render(document.root)}</div>")


def check_readings(documents: Iterable[Document], cache: Cache = NO_CACHE) -> list[Diagnostic]:
    """Apply `check_reading` to documents; the `cache` knows those whose text had no mistake."""
    return [
        found for document in documents if not _is_known_text(document, cache) and (found := check_reading(document))
    ]


def as_shown_project(project: Project, record: Record, cache: Cache, *, keep_unreadable: bool = False) -> Project:
    """A project whose sealed texts are as they can be shown; the same one where all of them are text. What was found of
    a text is kept in the `cache`.

    With `keep_unreadable`, a draft that cannot be shown as text is among the unreadable documents. A build fails on
    such a draft otherwise.
    """
    sealed = {version.sealed.source for versions in record.versions.values() for version in versions}
    kept = {
        name
        for name, document in project.documents.items()
        if document.source and not document.verbatim and sha256(document.source.data) in sealed
    }
    tried = set(project.documents) if keep_unreadable else kept
    refused = {
        name: document
        for name, document in project.documents.items()
        if name in tried and document.source and not document.verbatim and not _is_text(document, cache)
    }
    if not refused:
        return project
    shown = {name: verbatim_document(one.entry, one.source) for name, one in refused.items() if one.source}
    mistakes = {name: tuple(check_readings([one])) for name, one in refused.items() if name not in kept}
    documents = {**project.documents, **shown}
    return replace(
        project,
        documents=documents,
        catalogues={name: one for name, one in project.catalogues.items() if name not in shown},
        editions=tuple(
            replace(one, documents=tuple(documents[document.id] for document in one.documents))
            for one in project.editions
        ),
        unreadable={**project.unreadable, **mistakes},
    )


def _is_known_text(document: Document, cache: Cache) -> bool:
    if cache.folder is None or document.source is None or document.verbatim:
        return False
    return _is_text(document, cache)


def _is_text(document: Document, cache: Cache) -> bool:
    assert document.source is not None
    entry = document.entry
    key = key_of(
        __name__, "reading", entry.kind, str(entry.numbering), str(document.source.reader), document.source.data
    )
    return bool(cache.made(key, lambda: b"" if check_reading(document) else b"text"))


def as_shown(document: Document) -> Document:
    """A sealed document as it can be shown: as text, or as it was written."""
    if document.source is None or check_reading(document) is None:
        return document
    return verbatim_document(document.entry, document.source)
