"""Renders once what Material renders again and again: inactive entries of the navigation, and tables of contents.

The theme renders every entry of the navigation for every page, so that its time grows with the square of the pages. An
entry that is not active, with all below it, differs between pages in the relative addresses of its links alone. The
theme's own macro renders such an entry once, with marks in place of the addresses. The addresses are put in once for
all pages as deep in the site, unless a page shares a folder with what the entry links to. The table of contents is in
each page twice, and each of its headings loads a template. The bytes are those that the theme makes.

A site whose templates differ from those known here is rendered by its templates alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import field
from functools import cached_property
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, TemplateNotFound, meta, nodes, pass_context
from jinja2.runtime import Context
from mkdocs.structure.pages import Page
from mkdocs.utils import get_theme_dir
from mkdocs.utils.templates import url_filter

import engross.common.lazy_re as re
from engross.common import NO_CACHE, Cache, key_of, value_class

_THEME: Final = "material"
_RENDER: Final = "engross_entries"
_CONTENTS: Final = "engross_contents"
_Loops = dict[str, tuple[str, str]]
_NAVIGATION: Final[_Loops] = {
    "partials/nav.html": (
        """{% for nav_item in nav.items %}
      {% set path = "__nav_" ~ loop.index %}
      {{ item.render(nav_item, path, 1) }}
    {% endfor %}""",
        f'{{{{ {_RENDER}(item.render, nav.items, "__nav_", 1) }}}}',
    ),
    "partials/nav-item.html": (
        """{% for item in nav_item.children %}
              {% if not index or item != index %}
                {{ render(item, path ~ "_" ~ loop.index, level + 1, nav_item) }}
              {% endif %}
            {% endfor %}""",
        f'{{{{ {_RENDER}(render, nav_item.children, path ~ "_", level + 1, nav_item, index) }}}}',
    ),
}
"""The loops over the entries of one level, in the templates that have them, and what replaces them."""
_HEADING: Final = "partials/toc-item.html"
_TABLE: Final[_Loops] = {
    "partials/toc.html": (
        """{% for toc_item in toc %}
        {% include "partials/toc-item.html" %}
      {% endfor %}""",
        f'{{{{ {_CONTENTS}(toc, "\\n        ", "\\n      ") }}}}',
    ),
    _HEADING: (
        """{% for toc_item in toc_item.children %}
          {% include "partials/toc-item.html" %}
        {% endfor %}""",
        f'{{{{ {_CONTENTS}(toc_item.children, "\\n          ", "\\n        ") }}}}',
    ),
}
"""The loops over headings of one level; their replacement receives what they print before and after each."""
_BETWEEN: Final = "\n" + " " * 14 + "\n" + " " * 12
_AROUND: Final = (("\n      \n      ", "\n    "), ("\n" + " " * 14 + "\n" + " " * 16, _BETWEEN))
"""What these loops print before and after an entry: at the first level and at others."""
_SKIPPED: Final = _BETWEEN
"""What the loop prints for the index page of a section, which is no entry."""
_READ: Final = {"config", "features", "page"}
"""What the macro for an entry reads beside its arguments: the page decides only what an active entry is like."""
_MARK: Final = "\0"
_SLASH: Final = re.compile(r"[/\\]")

Render = Callable[..., str]
Url = Callable[[Context, Any], str]
_OF_MKDOCS: Final[Any] = url_filter


def render_navigation_once(env: Environment, *, settled: bool = False, cache: Cache = NO_CACHE) -> None:
    """Have the theme's templates render inactive entries and tables of contents once, where they are Material's own.

    `settled`: no plugin changes what the navigation shows from page to page. The `cache` keeps what templates read.
    """
    loader = env.loader
    if type(loader) is not FileSystemLoader:
        return
    loops: _Loops = {}
    if _is_known(env, loader, _NAVIGATION, "partials/nav-item.html", _READ, cache):
        entries = _Entries(env.filters["url"], settled=settled)
        env.filters["url"] = entries.url()
        env.globals[_RENDER] = entries.renderer()
        loops |= _NAVIGATION
    if _is_known(env, loader, _TABLE, _HEADING, {"toc_item"}, cache):
        env.globals[_CONTENTS] = _contents_renderer()
        loops |= _TABLE
    env.loader = _Loader(loader, loops)


def _is_known(
    env: Environment, loader: FileSystemLoader, loops: _Loops, name: str, read: set[str], cache: Cache
) -> bool:
    """Whether templates are those of Material with these loops, and the one with that name reads no other variables."""
    try:
        theme = get_theme_dir(_THEME)
        sources = {name: loader.get_source(env, name) for name in loops}
    except (KeyError, TemplateNotFound):
        return False
    # While pages are served, this is asked for each build, and to parse a template takes 20 ms.
    source = sources[name][0]
    if source not in _NAMES:
        key = key_of(__name__, "names", source, repr(sorted(env.extensions))) if cache.folder else ""
        kept = json.loads(cache.made(key, lambda: json.dumps(_names(env.parse(source))).encode()))
        _NAMES[source] = frozenset(kept[0]), frozenset(kept[1])
    undeclared, assigned = _NAMES[source]
    return undeclared - (assigned - read) <= read and all(
        path.startswith(theme) and text.count(loops[name][0]) == 1 for name, (text, path, _) in sources.items()
    )


_NAMES: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {}


def _names(parsed: nodes.Template) -> tuple[list[str], list[str]]:
    """The variables of a template that it does not set, or only under a condition; and those that it sets."""
    assigned = {name.name for name in parsed.find_all(nodes.Name) if name.ctx == "store"}
    return sorted(meta.find_undeclared_variables(parsed)), sorted(assigned)


def _contents_renderer() -> Render:
    """Return the function that renders the headings of one level as the theme's loops do."""
    last: list[tuple[Any, Any, str]] = []

    @pass_context
    def render_contents(context: Context, items: Any, before: str, after: str) -> str:
        """Render the headings of a page, and give the same HTML when the page asks for them again."""
        # The second time, a page asks for the same headings again, all of them.
        page = context.get("page")
        if last and last[0][0] is page and last[0][1] is items:
            return last[0][2]
        template = context.environment.get_template(_HEADING)
        made: list[str] = []
        for item in items:
            made.append(before)
            made.extend(template.root_render_func(template.new_context({**context.get_all(), "toc_item": item}, True)))
            made.append(after)
        last[:] = [(page, items, "".join(made))]
        return last[0][2]

    return render_contents


class _Loader(FileSystemLoader):
    """Loads the theme's templates with loops replaced."""

    def __init__(self, loader: FileSystemLoader, loops: _Loops) -> None:
        super().__init__(loader.searchpath, loader.encoding, loader.followlinks)
        self._loops = loops

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template of the theme, with its loop replaced by the function that renders entries."""
        source, path, is_current = super().get_source(environment, template)
        if template in self._loops:
            source = source.replace(*self._loops[template])
        return source, path, is_current


class _Entries:
    """The entries rendered so far."""

    def __init__(self, url: Url, *, settled: bool) -> None:
        self._url = url
        self._settled = settled
        self._marked: list[Any] | None = None
        self._kept: dict[tuple[int, str, int, bool], _Entry] = {}
        self._rows: dict[tuple[object, ...], _Row] = {}

    def url(self) -> Url:
        """Return the theme's filter `url`; it leaves marks while an entry is rendered for all pages."""

        @pass_context
        def url(context: Context, value: Any) -> str:
            """Return an address relative to the page, or a mark in its place."""
            if self._marked is None:
                return self._url(context, value)
            self._marked.append(value)
            return _MARK

        return url

    def renderer(self) -> Render:
        """Return the function that renders the entries of one level as the theme's loops do."""

        @pass_context
        def render_entries(
            context: Context,
            render: Render,
            items: Iterable[Any],
            path: str,
            level: int,
            parent: Any = None,
            index: Any = None,
        ) -> str:
            """Render entries, and take inactive ones from those rendered before."""
            page = context.get("page")
            shared = self._marked is None and isinstance(page, Page)
            return self._level(context, _Level(render, [*items], path, level, parent, index), page if shared else None)

        return render_entries

    def _level(self, context: Context, level: _Level, page: Page | None) -> str:
        """Return all entries of a level; those that other pages have too are in its row."""
        folder = _folder(page.url) if page and self._url is _OF_MKDOCS else None
        row = _Row([None] * len(level.items))
        own = _NONE
        if page and self._settled and folder:
            row = self._rows.setdefault(level.key(len(folder)), row)
            own = row.naming.get(folder[0], _NONE) | row.containing.get(page.file.src_uri, _NONE)
        made = row.texts.copy()
        for at, item in enumerate(level.items):
            if made[at] is None or item.active or at in own:
                made[at] = self._text(context, level, at, page, folder, row)
        return "".join(filter(None, made))

    def _text(
        self, context: Context, level: _Level, at: int, page: Page | None, folder: list[str] | None, row: _Row
    ) -> str:
        """Return one entry, and put it into the row if other pages have it too."""
        item, render = level.items[at], level.render
        if level.index and item == level.index:
            return _SKIPPED
        before, after = _AROUND[level.number > 1]
        arguments = (item, f"{level.path}{at + 1}", level.number, *((level.parent,) if level.parent else ()))
        entry = self._entry(render, *arguments) if page and not item.active else None
        if not (page and entry and entry.pieces) or page.file.src_uri in entry.pages:
            return f"{before}{render(*arguments)}{after}"
        text = f"{before}{entry.on(context, self._url, folder)}{after}"
        if folder and folder[0] not in entry.names:
            row.put(at, text, entry)
        return text

    def _entry(self, render: Render, item: Any, path: str, level: int, *parent: Any) -> _Entry:
        key = (id(item), path, level, bool(parent and parent[0].active))
        shown = _shown(item)
        entry = self._kept.get(key)
        if entry is None or entry.shown != shown:
            pieces, addresses = self._render_with_marks(render, item, path, level, *parent)
            files = (vars(one).get("file") for one in _walk(item))
            pages = frozenset(file.src_uri for file in files if file is not None)
            entry = self._kept[key] = _Entry(shown, pages, pieces, addresses)
        return entry

    def _render_with_marks(self, render: Render, *arguments: Any) -> tuple[list[str], list[Any]]:
        """Return the text between addresses and the addresses; nothing where a mark may be of something else."""
        marked: list[Any] = []
        self._marked = marked
        try:
            pieces = render(*arguments).split(_MARK)
        finally:
            self._marked = None
        is_clear = len(pieces) == len(marked) + 1 and not any(hasattr(item, "pages") for item in _walk(arguments[0]))
        return (pieces, marked) if is_clear else ([], [])


@value_class(frozen=True, slots=True)
class _Level:
    """The entries of one level of the navigation, as the theme's loop has them."""

    render: Render
    items: list[Any]
    path: str
    number: int
    parent: Any
    index: Any

    def key(self, depth: int) -> tuple[object, ...]:
        """All that its inactive entries depend on, on pages of that depth in the site."""
        active = bool(self.parent and self.parent.active)
        return tuple(map(id, self.items)), self.path, self.number, active, id(self.index), depth


_NONE: Final[Set[int]] = frozenset()


@value_class(slots=True)
class _Row:
    """The entries of one level as pages of one depth have them where they are not active; None for those not made yet.

    `naming` are the entries with a name in their addresses, `containing` those with a page, by its path.
    """

    texts: list[str | None]
    naming: dict[str, set[int]] = field(default_factory=dict)
    containing: dict[str, set[int]] = field(default_factory=dict)

    def put(self, at: int, text: str, entry: _Entry) -> None:
        """Add an entry."""
        self.texts[at] = text
        for found, keys in ((self.naming, entry.names), (self.containing, entry.pages)):
            for key in keys:
                found.setdefault(key, set()).add(at)


@value_class(frozen=True)
class _Entry:
    """One entry as all pages have it on which it is not active."""

    shown: tuple[Any, ...]
    pages: frozenset[str]
    pieces: list[str]
    addresses: list[Any]
    by_depth: dict[int, str] = field(default_factory=dict)

    def on(self, context: Context, url: Url, folder: list[str] | None) -> str:
        """Return the entry with the addresses as they are on a page in a folder; None for a page in another place."""
        if folder is None or folder[0] in self.names:
            return self._with_addresses(context, url)
        depth = len(folder)
        if depth not in self.by_depth:
            self.by_depth[depth] = self._with_addresses(context, url)
        return self.by_depth[depth]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in the addresses. From a folder with another name, all of them are seen from the site's root."""
        return frozenset(name for address in self.addresses for name in _SLASH.split(str(address)))

    def _with_addresses(self, context: Context, url: Url) -> str:
        pairs = zip(self.addresses, self.pieces[1:], strict=True)
        return self.pieces[0] + "".join([f"{url(context, address)}{piece}" for address, piece in pairs])


def _folder(address: str) -> list[str] | None:
    """Return the names of the folders of a page whose address is that of a folder: `a/b/`; None for other addresses."""
    *names, last = address.split("/")
    return names if names and not last and all(name and not name.startswith(".") for name in names) else None


_NO_META: Final[dict[str, Any]] = {}


def _shown(item: Any) -> tuple[Any, ...]:
    """What the theme shows of an entry and of all below it; plugins may change it from page to page."""
    values = vars(item)
    meta = values.get("meta") or _NO_META
    return (
        item.title,
        item.active,
        getattr(item, "url", None),
        values.get("typeset"),
        values.get("encrypted"),
        meta.get("icon"),
        meta.get("subtitle"),
        meta.get("status"),
        values.get("file"),
        [*map(_shown, item.children)] if item.children else None,
    )


def _walk(item: Any) -> Iterator[Any]:
    yield item
    for child in item.children or ():
        yield from _walk(child)
