"""The pages of the record on a MkDocs site: they are written once MkDocs is done, and are none of its own.

So they cost a build next to nothing, and stand in no search index, no sitemap and no navigation.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from engross.render.archive.frame import Site
from engross.render.templates import asset
from engross.render.words import words
from engross.site.files import language, style_name

STYLE = "engross-archive"


def archive_site(
    config: MkDocsConfig,
    timezone: str,
    files: Files,
    pages: Mapping[str, Page],
    templates: Environment,
    own_templates: Path | None = None,
) -> Site:
    """What the site lends the pages of the record; `pages` are the documents' own, by id."""
    url = config.site_url or ""
    return Site(
        templates=templates,
        words=words(language(config)),
        language=language(config),
        name=config.site_name,
        zone=ZoneInfo(timezone),
        style=style_name(asset(f"{STYLE}.css", own_templates), STYLE),
        url=f"{url.rstrip('/')}/" if url else "",
        directory_urls=config.use_directory_urls,
        current={name: page.url.removeprefix("./") for name, page in pages.items()},
        pages={file.src_uri: file.url.removeprefix("./") for file in files},
    )


def write_style(site: Site, folder: Path, own_templates: Path | None = None) -> None:
    """Write the style sheet of the pages of the record into the site's folder."""
    path = folder / site.style
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(asset(f"{STYLE}.css", own_templates))
