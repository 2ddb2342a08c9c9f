"""The pages of the record on a site. They are written after MkDocs' own pages and are not among its files.

So they cost a build next to nothing, and are in no search index, sitemap or navigation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from engross.common import Cache
from engross.record import Record
from engross.redline import labels_of, marks_style, steps_script
from engross.render import Archive, Site, asset, templates_hash
from engross.terms import TermOptions

STYLE, MARKS = "engross-archive", "engross-redlines"
SCRIPT = "engross-archive.js"
COMPARE = "engross-compare.js"
PAPER = "engross-paper.css"
"""The style sheet for printing, of the theme's pages and of the record's."""


def style_sheet(own_templates: Path | None = None) -> str:
    """The style sheet of all pages of the record, and of self-contained copies of versions."""
    return "".join(asset(name, own_templates).decode("utf-8") for name in (f"{STYLE}.css", PAPER))


def marks_sheet(words: Mapping[str, str], own_templates: Path | None = None) -> bytes:
    """The style sheet of lists and redlines, which names the marks in the language of the page."""
    return marks_style(labels_of(words)).encode() + asset(f"{MARKS}.css", own_templates)


def steps_file() -> bytes:
    """The script of the buttons that lead from change to change in a redline."""
    return steps_script().encode()


def _templates(own: Path | None) -> str:
    return templates_hash(own) + templates_hash(own, "paper")


def inlined(style: str) -> str:
    """A style sheet as self-contained HTML copies contain it (`archive/base.html`)."""
    return f"<style>\n{style}</style>"


def write_archive(
    record: Record,
    at: datetime,
    site: Site,
    folder: Path,
    cache: Cache,
    options: TermOptions,
    own_templates: Path | None = None,
    before: Path | None = None,
) -> tuple[str, ...]:
    """Write every page about a record's versions into the site's folder, as known at an instant.

    Nothing is written without a record. Pages that the site of the last build, `before`, already has are not written:
    their folders, relative to it, are returned. Raises EngrossError where a page would not show what was sealed.
    """
    if not record.versions:
        return ()
    style = style_sheet(own_templates)
    marks = {one.marks: marks_sheet(one.words, own_templates) for one in (site, *site.documents.values())}
    written = {
        site.style: style.encode(),
        **marks,
        site.steps: steps_file(),
        site.compare: asset(COMPARE, own_templates),
    }
    for name, data in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    if site.script:
        (folder / site.script).write_bytes(asset(SCRIPT, own_templates))
    known = record.as_known(at)
    return Archive(known, at, site, style, _templates(own_templates), options).publish(folder, cache, before)
