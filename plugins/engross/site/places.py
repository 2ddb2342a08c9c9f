"""MkDocs says which file holds a bad link; this adds the line, the column and the clause."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mkdocs.structure import pages

from engross.model import Document, MarkKind

_LINK = re.compile(r"link '([^']*)'")
_TARGETS = (MarkKind.LINK, MarkKind.IMAGE)


def link_places(document: Document) -> dict[str, str]:
    """Where each target of a document's links and images is first written: `path:line:column: clause:`, by target."""
    places: dict[str, str] = {}
    source = document.source
    for clause in document.root.walk() if source else ():
        for mark in clause.inline.marks:
            if source and mark.kind in _TARGETS and mark.target not in places:
                line, column = source.position(clause.inline.source_offset(mark.start))
                places[mark.target] = f"{source.path}:{line}:{column}: {clause.label}:"
    return places


@contextmanager
def placed(places: Mapping[str, str]) -> Iterator[None]:
    """Within, what MkDocs logs of a link begins with the place of that link."""

    def add_place(record: logging.LogRecord) -> bool:
        message = record.getMessage()
        found = _LINK.search(message)
        if found and found[1] in places:
            record.msg, record.args = f"{places[found[1]]} {message}", ()
        return True

    pages.log.addFilter(add_place)
    try:
        yield
    finally:
        pages.log.removeFilter(add_place)
