"""The pages of the record on a MkDocs site: they are written once MkDocs is done, and are none of its own.

So they cost a build next to nothing, and stand in no search index, no sitemap and no navigation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from engross.corpus import ui_strings
from engross.record import Record
from engross.redline import labels_of, marks_style
from engross.render import Archive, Site, asset, templates_hash
from engross.site.files import language, style_name
from engross.terms import TermOptions

STYLE = "engross-archive"
PAPER = "engross-paper.css"
"""How pages are printed, those of the theme and those of the record."""


def archive_site(
    config: MkDocsConfig,
    timezone: str,
    files: Files,
    pages: Mapping[str, Page],
    templates: Environment,
    own_templates: Path | None = None,
    *,
    policies: bool = True,
) -> Site:
    """What the site lends the pages of the record; `pages` are the documents' own, by id."""
    url, words = config.site_url or "", ui_strings(language(config), own_templates)
    return Site(
        templates=templates,
        words=words,
        language=language(config),
        name=config.site_name,
        zone=ZoneInfo(timezone),
        style=style_name(style_sheet(words, own_templates).encode(), STYLE),
        url=f"{url.rstrip('/')}/" if url else "",
        directory_urls=config.use_directory_urls,
        current={name: page.url.removeprefix("./") for name, page in pages.items()},
        pages={file.src_uri: file.url.removeprefix("./") for file in files},
        policies=policies,
    )


def style_sheet(words: Mapping[str, str], own_templates: Path | None = None) -> str:
    """The style sheet of the pages of the record, what redlines mark included."""
    own = (asset(name, own_templates).decode("utf-8") for name in (f"{STYLE}.css", PAPER))
    return "".join((marks_style(labels_of(words)), *own))


def _templates(own: Path | None) -> str:
    return templates_hash(own) + templates_hash(own, "paper")


def inlined(style: str) -> str:
    """A style sheet as files to keep carry it in themselves (`archive/base.html`)."""
    return f"<style>\n{style}</style>"


def write_archive(
    record: Record,
    at: datetime,
    site: Site,
    folder: Path,
    cache: Path,
    options: TermOptions,
    own_templates: Path | None = None,
    before: Path | None = None,
) -> tuple[str, ...]:
    """Write every page about a record's versions into the site's folder, as known at an instant.

    Where the site of `before` has them all as they would be written, they are not: the folders, relative to it, that
    can be taken from it are given. Nothing is written without a record. Raises EngrossError where a page would not say
    what was sealed.
    """
    if not record.versions:
        return ()
    style = style_sheet(site.words, own_templates)
    path = folder / site.style
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(style, encoding="utf-8", newline="\n")
    known = record.as_known(at)
    return Archive(known, at, site, style, _templates(own_templates), options).publish(folder, cache, before)
