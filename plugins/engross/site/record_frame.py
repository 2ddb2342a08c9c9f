"""The parts of pages of the record that depend on their site: words, languages, addresses, and a frame."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from mkdocs.config.defaults import MkDocsConfig

from engross.corpus import PageType, Settings, languages_of
from engross.render import ARCHIVE_STYLE, PageLanguage, Site, Translations, asset, style_sheet
from engross.site.build import Build
from engross.site.files import hashed_name, style_name
from engross.site.languages import SiteLanguages
from engross.site.pages import DocumentPage
from engross.site.record_pages import (
    COMPARE,
    MARKS,
    SCRIPT,
    marks_sheet,
    offered,
    offered_redlines,
    steps_file,
)

_MENU = 20
"""The most documents in the menu. Each page of the record has it: a long one would grow with the square of them."""


def archive_site(build: Build, titles: Mapping[str, str]) -> Site:
    """Collect what pages of the record need of their site; `titles` are those of the navigation, by path."""
    config, own, words = build.config, build.own_templates, build.languages.words
    url, settings, palettes = config.site_url or "", build.project.settings, _palettes(build.config)
    site = Site(
        templates=build.templates,
        words=words,
        language=words.language,
        name=config.site_name,
        zone=ZoneInfo(settings.timezone),
        style=style_name(style_sheet(own).encode(), ARCHIVE_STYLE),
        marks=style_name(marks_sheet(words, own), MARKS),
        steps=hashed_name("engross-redline.js", steps_file()),
        compare=hashed_name(COMPARE, asset(COMPARE, own)),
        url=f"{url.rstrip('/')}/" if url else "",
        directory_urls=config.use_directory_urls,
        current={name: page.url.removeprefix("./") for name, page in build.pages.items()},
        pages={file.src_uri: file.url.removeprefix("./") for file in build.files},
        policies=build.policies,
        preview=build.edition.preview,
        translations=_translations(settings, build.languages),
        logo=_theme_file(build, "logo"),
        favicon=_theme_file(build, "favicon"),
        menu=[*_documents(build.pages), *_other_pages(build, titles)],
        search="material/search" in config.plugins,
        script=hashed_name(SCRIPT, asset(SCRIPT, own)) if palettes else "",
        offers=offered(build.options.formats),
        redline_offers=offered_redlines(build.options.formats),
        palettes=json.dumps(palettes, separators=(",", ":")) if palettes else "",
    )
    documents = build.languages.documents.items()
    others = {name: one for name, one in documents if one.text != words.language or one.words is not words}
    return replace(site, documents={name: _in_language(site, one, own) for name, one in others.items()})


def _documents(pages: Mapping[str, DocumentPage]) -> list[tuple[str, str]]:
    return [(page.document.entry.title, page.url.removeprefix("./")) for page in pages.values()][:_MENU]


def _other_pages(build: Build, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The pages of posted changes and those that Engross adds, which the menu has as well: title and address."""
    settings, words = build.project.settings, build.words
    changes = dict.fromkeys(entry.changes for entry in settings.documents if entry.changes)
    known = {entry.file for entry in settings.documents}
    named = [(name, words["posted_changes"]) for name in changes if name not in known]
    named += [(kind.source, words[kind.title]) for kind in PageType if kind is not PageType.IN_FORCE]
    for name, title in named:
        if file := build.files.get_file_from_path(name):
            yield titles.get(name) or title, file.url.removeprefix("./")


def _theme_file(build: Build, name: str) -> str:
    """The address of a picture that the theme's settings name, if it is in the docs folder."""
    path = build.config.theme.get(name)
    file = build.files.get_file_from_path(path) if isinstance(path, str) and path else None
    return file.url.removeprefix("./") if file and file.src_dir == build.config.docs_dir else ""


def _translations(settings: Settings, languages: SiteLanguages) -> dict[str, Translations]:
    """The languages of each document that has several, by its id."""
    found: dict[str, Translations] = {}
    for entry in settings.documents:
        if group := languages_of(settings, entry.id):
            texts = tuple((one.language or languages.of(one.id).text, one.id) for one in group)
            found[entry.id] = Translations(texts, group[0].governing)
    return found


def _in_language(site: Site, language: PageLanguage, own: Path | None) -> Site:
    """A site with the words of a document's pages, and a style sheet with them."""
    words = language.words
    if words is site.words:
        return replace(site, text=language.text)
    marks = style_name(marks_sheet(words, own), MARKS)
    return replace(site, words=words, language=words.language, text=language.text, marks=marks)


def _palettes(config: MkDocsConfig) -> dict[str, object]:
    """The theme's light and dark palette as it keeps them in the browser; empty if readers cannot switch."""
    listed = config.theme.get("palette")
    if config.theme.name != "material" or not isinstance(listed, list):
        return {}
    kept: dict[str, object] = {}
    for at, one in enumerate(listed):
        if isinstance(one, dict):
            color = {"scheme": "default", "primary": "", "accent": "", "media": "", **one}
            color = {name: color[name] for name in ("media", "scheme", "primary", "accent")}
            kept.setdefault("dark" if color["scheme"] == "slate" else "light", {"index": at, "color": color})
    return kept if len(kept) == 2 else {}
