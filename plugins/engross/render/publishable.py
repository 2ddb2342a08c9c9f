"""What a build would refuse of a text, asked without a build: by `check` and `release` of drafts, of sealed texts by all
that shows them.

A text can be shown where the page that Engross makes of it says what plain Markdown makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from engross.checks.fidelity import two_readings
from engross.checks.pages import check_site_page
from engross.model import Diagnostic, Document, DocumentKind
from engross.record.drafts import as_written
from engross.render.clauses import ClauseRenderer, catalogue_html


def check_reading(document: Document) -> Diagnostic | None:
    """The first place of a document that its page would show otherwise than its source says it; None where there is
    none, and for what is published elsewhere.
    """
    if document.source is None or document.verbatim:
        return None
    if document.entry.kind is DocumentKind.CATALOGUE:
        return check_site_page(document, catalogue_html(document.root))
    return two_readings(document.source, f"<div data-engross-text>{ClauseRenderer(str).render(document.root)}</div>")


def check_readings(documents: Iterable[Document]) -> list[Diagnostic]:
    """What `check_reading` finds in some documents."""
    return [found for document in documents if (found := check_reading(document))]


def as_shown(document: Document) -> Document:
    """A sealed document as it can be shown: as text, or as it was written."""
    if document.source is None or check_reading(document) is None:
        return document
    return as_written(document.entry, document.source)
