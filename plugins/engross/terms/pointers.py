"""Definitions that only point: "has the meaning stated in Agreement Term", "the terms stated at [a document](…)"."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from engross.model import Edition, Mark, MarkKind, Reference
from engross.terms import verbs
from engross.terms.found import Found

_AT = re.compile(
    r"\b(?:stated|set\s+(?:forth|out)|available|found|located|posted|published|given|contained|provided|described|listed)\s+"
    r"(?:at|in|on|under|by)\s*\Z",
    re.IGNORECASE,
)


def points(found: Found) -> bool:
    """Whether the words of a definition may only point at something."""
    return verbs.POINTS.match(found.passage.text, found.at[1]) is not None


def target_of(found: Found, references: Iterable[Reference]) -> tuple[str, str] | None:
    """What a definition points at by a reference: (document id, anchor), or None where it does not only point.

    `references` are those of its passage, in order.
    """
    points = verbs.POINTS.match(found.passage.text, found.at[1])
    if points is None:
        return None
    near = (one for one in references if found.at[1] <= one.place.start <= points.end() + 60)
    return next((one.target for one in near if one.target is not None), None)


def linked_document(found: Found, edition: Edition) -> tuple[str, str] | None:
    """The document of the edition that the term is "stated at", by a link: (document id, "")."""
    text = found.passage.text
    for mark in found.passage.clause.inline.marks:
        inside = mark.kind is MarkKind.LINK and found.own[0] <= mark.start < found.own[1]
        if inside and _AT.search(text, found.own[0], mark.start):
            document = _document(mark, found, edition)
            return None if document is None else (document, "")
    return None


def _document(mark: Mark, found: Found, edition: Edition) -> str | None:
    """The id of the document whose file or address a link names."""
    target = mark.target.partition("#")[0]
    if not target:
        return None
    base = posixpath.dirname(found.passage.outline.document.entry.file)
    file = posixpath.normpath(posixpath.join(base, target))
    for document in edition.documents:
        entry = document.entry
        if file == entry.file or (entry.published and target.rstrip("/") == entry.published.rstrip("/")):
            return document.id
    return None
