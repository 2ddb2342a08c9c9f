"""A redline as a Word file with tracked changes: accepting all gives the new text, rejecting all the old one.

Numbers and enumerators are text in a redline, since Word would number what is deleted together with what is inserted.
"""

from __future__ import annotations

from datetime import datetime

from engross.exporting.copies import RedlineCopy
from engross.exporting.kept_word import REDLINE_FROM, REDLINE_TO
from engross.exporting.word.block_layout import lay_out
from engross.exporting.word.body_xml import BodyWriter
from engross.exporting.word.numbers import typed_labels, write_lists
from engross.exporting.word.package import About, Contents, instant, package
from engross.exporting.word.runs_xml import Link, RunWriter, attribute
from engross.redline import Redline

_WEB = ("http://", "https://", "mailto:")


def redline_docx(copy: RedlineCopy) -> bytes:
    """Return a redline as a Word file; the changes have the author and the instant of the copy."""
    facts = {REDLINE_FROM: copy.script.old, REDLINE_TO: copy.script.new}
    about = About(copy.front.title, copy.language, copy.at, copy.author, facts, copy.front.running, tracked=True)
    return tracked_changes(copy.script, about, copy.author or "Engross", copy.at)


def tracked_changes(script: Redline, about: About, author: str, at: datetime) -> bytes:
    """Return an edit script as a Word file with tracked changes by an author."""
    layout = lay_out(script.blocks)
    typed_labels(layout.parts)
    runs = RunWriter(f" w:author={attribute(author)} w:date={attribute(instant(at))}", layout.notes, _link)
    writer = BodyWriter(runs)
    body = writer.body(layout.parts)
    relations = dict(runs.relations)
    notes = list(writer.footnotes())
    contents = Contents(body, notes, write_lists(()), relations, runs.relations if notes else {}, ())
    return package(contents, about)


def _link(target: str) -> Link | None:
    """Return an outside address; a link within the site leads nowhere from a file."""
    return Link(target) if target.lower().startswith(_WEB) else None
