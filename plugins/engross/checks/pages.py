"""The finished pages of a site against their sources: contracts word by word, model lists fact by fact."""

from __future__ import annotations

from collections.abc import Mapping

from engross.checks.catalogue_page import check_catalogue_page
from engross.checks.fidelity import check_page, check_verbatim_page
from engross.model import Diagnostic, Document, DocumentKind


def check_site_page(document: Document, html: str, words: Mapping[str, str] | None = None) -> Diagnostic | None:
    """What the finished page of a document says wrongly first, or None. `html` is the whole page, empty if missing.

    `words` are those of a site's own page of a model list (see `check_catalogue_page`).
    """
    assert document.source is not None
    if document.verbatim:
        return check_verbatim_page(document.source, html)
    if document.entry.kind is DocumentKind.CATALOGUE:
        return check_catalogue_page(document.source, html, words)
    return check_page(document.source, html)
