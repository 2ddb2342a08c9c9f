"""The values of a page and its site that templates of the theme read: whether all are known, and each as text.

Their names are found in the sources of the templates. Only names known here are allowed, so that another version of the
theme that reads anything else is noticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import Any, Final

import mkdocs
from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_theme_dir

PAGE_TEMPLATE: Final = "main.html"
NOT_FOUND_TEMPLATE: Final = "404.html"
_THEME: Final = "material"
_DISTRIBUTION: Final = "mkdocs-material"
_NAMED_BY_SETTINGS: Final = ("partials/integrations", "partials/javascripts")
"""The folders of templates whose names are computed, besides those of icons and languages, which read nothing."""
_SETTINGS: Final = (
    "copyright", "extra", "extra_css", "extra_javascript", "mdx_configs", "plugins", "repo_name", "repo_url",
    "site_author", "site_description", "site_name", "theme",
)  # fmt: skip
"""The settings that templates may read, each with all that is in it."""
_CHANGING: Final = frozenset({"pages", "build_date_utc", "lipsum"})
"""What no template may read: the texts of all pages, the time, random words."""
_BY_PARTS: Final = frozenset({"config", "nav", "page", *_CHANGING})
"""The values of a context that are not read as a whole."""
_READ: Final = frozenset((
    "accent", "active", "annotate", "announce", "author", "avatar", "checked", "children", "config", "data",
    "description", "email", "enabled", "encrypted", "git_creation_date_localized",
    "git_revision_date_localized", "hidden", "hide", "icon", "index", "index0", "is_index", "items", "lang",
    "length", "level", "link", "login", "media", "meta", "name", "note", "outdated", "page_authors", "pages",
    "primary", "ratings", "render", "revindex", "revision_date", "scheme", "show_email_address", "split",
    "status", "style", "subtitle", "t", "tags", "title", "toggle", "typeset", "url", "version",
    "version_selector",
))  # fmt: skip
"""The attributes that templates may read of anything but the settings."""
_OF_PAGE: Final = frozenset((
    "ancestors", "canonical_url", "content", "edit_url", "is_homepage", "next_page", "previous_page", "toc",
))  # fmt: skip
"""The attributes that templates may read of the page alone."""
_OF_NAVIGATION: Final = frozenset({"homepage"})
_LOCALES: Final = ("babel.core", "mkdocs.localization")
_LISTS: Final = (["authors"], ["cookies"], ["parts"])
"""The variables of templates whose values are read by a computed name: lists and mappings made of known values."""
_READING_FILTERS: Final = frozenset(
    {"groupby", "map", "max", "min", "reject", "rejectattr", "select", "selectattr", "sort", "sum", "unique"}
)
"""Filters that may read attributes by names in their arguments."""
_OF_ITEM: Final = frozenset((
    "title", "children", "active", "parent", "url", "file", "previous_page", "next_page", "update_date",
    "abs_url", "canonical_url", "edit_url", "markdown", "_title_from_render", "content", "toc", "meta",
    "present_anchor_ids", "links_to_anchors", "document", "parts", "search", "_level", "_make_content",
    "_rendered", "_sha256",
    "places", "_Page__active", "_Section__active", "_StructureItem__parent",
))  # fmt: skip
_OF_HEADING: Final = frozenset({"title", "id", "level", "children", "active"})
"""The attributes that pages, sections and links have; those that plugins add are for templates of their own."""
_Entry = tuple[Any, ...]


class UnknownInputError(Exception):
    """Templates may read something of a value that is not known here."""


def reads_known_values(env: Environment, config: MkDocsConfig) -> bool:
    """Return whether the templates of a site are based on Material's and read only values that are known here."""
    if config.theme.name != _THEME:
        return False
    left, seen = [PAGE_TEMPLATE, NOT_FOUND_TEMPLATE, *_named_by_settings(config)], set[str]()
    while left:
        name = left.pop()
        if name in seen or env.loader is None:
            continue
        seen.add(name)
        included = _included(env.loader.get_source(env, name)[0], tuple(env.extensions))
        if included is None:
            return False
        left += included
    return True


def theme_version(config: MkDocsConfig) -> str:
    """Return what identifies the templates of a site: the version of the theme, and all files of the site's folders."""
    shipped = version(_DISTRIBUTION) if config.theme.name == _THEME else ""
    return repr((shipped, files_of(_own_folders(config))))


def files_of(folders: Iterable[Path], pattern: str = "*") -> list[tuple[str, bytes]]:
    """Return the paths of all files below folders whose names match, in the order of the search, with their hashes."""
    return [
        (path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).digest())
        for folder in folders
        for path in sorted(folder.rglob(pattern))
        if path.is_file()
    ]


def site_inputs(context: Mapping[str, Any]) -> str:
    """Return what templates read of the site, the same for all pages; UnknownInputError if that is not known."""
    config, nav = context["config"], context["nav"]
    _require_values(config["extra"])
    settings = {name: plain(config[name]) for name in _SETTINGS if name not in ("plugins", "theme")}
    plugins = {name: plain(getattr(plugin, "config", None)) for name, plugin in config.plugins.items()}
    homepage = nav.homepage.url if nav.homepage else None
    return repr((settings, plugins, plain(config.theme), [*map(_entry, nav.items)], homepage))


def page_inputs(context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what templates read of a page, and its content; UnknownInputError if that is not known."""
    page: Page = context["page"]
    if not vars(page).keys() <= _OF_ITEM:
        raise UnknownInputError
    content = page.content or ""
    beside = [one and (plain(one.title), one.url) for one in (page.previous_page, page.next_page)]
    above = [(plain(one.title), plain(getattr(one, "url", None))) for one in page.ancestors]
    read = (
        *(plain(value) for value in (page.title, page.url, page.canonical_url, page.edit_url, page.meta)),
        page.is_homepage,
        page.file.src_uri,
        type(content).__name__,
        [*map(_heading, page.toc)],
    )
    return repr((other_inputs(context), beside, above, read)), content


def other_inputs(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what templates read beside page, site and navigation; UnknownInputError if that is not known."""
    return {name: plain(value) for name, value in sorted(context.items()) if name not in _BY_PARTS}


def _require_values(value: Any) -> None:
    """Raise UnknownInputError if a function is among values that templates read: they may call it."""
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            _require_values(one)
    elif callable(value):
        raise UnknownInputError


def plain(value: Any) -> Any:
    """Return a value made of what Python prints exactly, text that is HTML marked; UnknownInputError for others."""
    match value:
        case Markup():
            return ("HTML", str(value))
        case None | bool() | int() | float() | date():
            return value
        case str():
            return str(value)
        case PurePath():
            return (type(value).__name__, str(value))
        case Mapping():
            return [(plain(name), plain(one)) for name, one in value.items()]
        case list() | tuple():
            return [*map(plain, value)]
        case set() | frozenset():
            return sorted(map(repr, map(plain, value)))
        case _ if callable(value) and hasattr(value, "__qualname__"):
            return (value.__module__, value.__qualname__)
        case _ if type(value).__module__.startswith("mkdocs.config."):
            return plain(vars(value))
        case _ if type(value).__module__ in _LOCALES:
            return str(value)
    raise UnknownInputError


@cache
def _included(source: str, extensions: tuple[str, ...]) -> list[str] | None:
    """The names of the templates that one includes; None if it reads anything that is not known.

    `extensions` are those of the environment, by name. A process that builds several sites parses each template once.
    """
    parsed = Environment(extensions=extensions).parse(source)
    if not _is_known(parsed):
        return None
    return [found for found in find_referenced_templates(parsed) if found and found.endswith(".html")]


def _is_known(parsed: nodes.Template) -> bool:
    """Whether a template reads only names, settings and attributes that are known."""
    found = [*parsed.find_all((nodes.Name, nodes.Filter, nodes.Getattr, nodes.Getitem))]
    names = [node for node in found if isinstance(node, nodes.Name)]
    filters = [node for node in found if isinstance(node, nodes.Filter)]
    reads = [node for node in found if isinstance(node, nodes.Getattr | nodes.Getitem)]
    whole = {id(node) for node in names if node.name == "config"}
    return (
        not any(node.name in _CHANGING or (node.ctx != "load" and node.name in _BY_PARTS) for node in names)
        and all(node.name not in _READING_FILTERS for node in filters)
        and all(map(_is_known_read, reads))
        and all(_is_constant(node, "config") for node in filters if node.name == "attr")
        and whole <= {id(node.node) for node in reads}
    )


def _is_constant(node: nodes.Filter, value: str) -> bool:
    """Whether the first argument of a filter is this text."""
    first = node.args[0] if node.args else None
    return isinstance(first, nodes.Const) and first.value == value


def _is_known_read(node: nodes.Getattr | nodes.Getitem) -> bool:
    """Whether what a template reads by one dot, or one pair of brackets, is known."""
    *before, read = _path(node)
    if before and before[0] == "config":
        return read == "config" if before[1:2] == ["plugins"] and before[2:] else bool(before[1:]) or read in _SETTINGS
    if read is None:
        return isinstance(node.node, nodes.Dict) or before in _LISTS
    if read in _OF_PAGE or read in _OF_NAVIGATION:
        return before == ["page" if read in _OF_PAGE else "nav"]
    return isinstance(read, int) or read in _READ


def _path(node: nodes.Node) -> list[Any]:
    """The name from which a value is read, and what is read of it; None where that is computed."""
    match node:
        case nodes.Getattr():
            return [*_path(node.node), node.attr]
        case nodes.Getitem():
            return [*_path(node.node), node.arg.value if isinstance(node.arg, nodes.Const) else None]
        case nodes.Name():
            return [node.name]
    return [None]


def _named_by_settings(config: MkDocsConfig) -> Iterator[str]:
    """The names of templates that may be included by a computed name, and those in the site's own folders."""
    theme = Path(get_theme_dir(_THEME))
    for folder in _NAMED_BY_SETTINGS:
        yield from (path.relative_to(theme).as_posix() for path in sorted((theme / folder).rglob("*.html")))
    for own in _own_folders(config):
        yield from (path.relative_to(own).as_posix() for path in sorted(own.rglob("*.html")))


def _own_folders(config: MkDocsConfig) -> list[Path]:
    """The folders of templates besides those of the theme and of MkDocs itself."""
    shipped = {get_theme_dir(_THEME), str(Path(mkdocs.__file__).parent / "templates")}
    return [Path(folder) for folder in config.theme.dirs if folder not in shipped]


def _entry(item: Any) -> _Entry:
    """What templates read of an entry of the navigation, and of all below it; not whether it is active."""
    if not vars(item).keys() <= _OF_ITEM:
        raise UnknownInputError
    file = getattr(item, "file", None)
    return (
        plain(item.title),
        plain(getattr(item, "url", None)),
        plain(getattr(item, "meta", None)),
        file and file.src_uri,
        getattr(item, "is_index", None),
        [*map(_entry, item.children)] if item.children is not None else None,
    )


def _heading(link: AnchorLink) -> _Entry:
    if not vars(link).keys() <= _OF_HEADING:
        raise UnknownInputError
    return plain(link.title), link.url, link.level, getattr(link, "active", None), [*map(_heading, link.children)]
