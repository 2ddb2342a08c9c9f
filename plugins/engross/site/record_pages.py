"""The pages of the record on a site. They are written after MkDocs' own pages and are not among its files.

So they cost a build next to nothing, and are in no search index, sitemap or navigation.
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

from engross.common import Cache
from engross.corpus import ui_strings
from engross.record import Record
from engross.redline import labels_of, marks_style, steps_script
from engross.render import Archive, Site, asset, templates_hash
from engross.site.files import hashed_name, language, style_name
from engross.terms import TermOptions

STYLE = "engross-archive"
PAPER = "engross-paper.css"
"""The style sheet for printing, of the theme's pages and of the record's."""


def archive_site(
    config: MkDocsConfig,
    timezone: str,
    files: Files,
    pages: Mapping[str, Page],
    templates: Environment,
    own_templates: Path | None = None,
    *,
    policies: bool = True,
    preview: bool = False,
) -> Site:
    """Collect the settings and addresses that pages of the record need; `pages` are the documents' pages, by id."""
    url, words = config.site_url or "", ui_strings(language(config), own_templates)
    return Site(
        templates=templates,
        words=words,
        language=language(config),
        name=config.site_name,
        zone=ZoneInfo(timezone),
        style=style_name(style_sheet(words, own_templates).encode(), STYLE),
        script=hashed_name("engross-redline.js", _script()),
        url=f"{url.rstrip('/')}/" if url else "",
        directory_urls=config.use_directory_urls,
        current={name: page.url.removeprefix("./") for name, page in pages.items()},
        pages={file.src_uri: file.url.removeprefix("./") for file in files},
        policies=policies,
        preview=preview,
    )


def style_sheet(words: Mapping[str, str], own_templates: Path | None = None) -> str:
    """The style sheet of the pages of the record, marks of redlines included."""
    own = (asset(name, own_templates).decode("utf-8") for name in (f"{STYLE}.css", PAPER))
    return "".join((marks_style(labels_of(words)), *own))


def _script() -> bytes:
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
    style = style_sheet(site.words, own_templates)
    for name, data in ((site.style, style.encode()), (site.script, _script())):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    known = record.as_known(at)
    return Archive(known, at, site, style, _templates(own_templates), options).publish(folder, cache, before)
