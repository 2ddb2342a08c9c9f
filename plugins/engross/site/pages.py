"""Pages of documents: their text comes from a tree of clauses and not from Python-Markdown.

Content, title, table of contents, anchors and link targets are set as MkDocs' own `Page.render` sets them, so that
navigation, validation and themes treat these pages like any other. What MkDocs logs of a bad link begins with its line,
column and clause.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from typing import Any, Protocol

from jinja2 import TemplateError
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import get_relative_url, meta

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.model import Document, MarkKind
from engross.render import ContentsEntry, Resolve, escape, template_mistake

_LINK = re.compile(r"link '([^']*)'")
_TARGETS = (MarkKind.LINK, MarkKind.IMAGE)


def link_places(document: Document) -> dict[str, str]:
    """The first place of each target of a document's links and images: `path:line:column: clause:`, by target."""
    places: dict[str, str] = {}
    source = document.source
    for clause in document.root.walk() if source else ():
        for mark in clause.inline.marks:
            if source and mark.kind in _TARGETS and mark.target not in places:
                line, column = source.position(clause.inline.source_offset(mark.start))
                places[mark.target] = f"{source.path}:{line}:{column}: {clause.label}:"
    return places


class _Placed(Protocol):
    """Knows the places of links."""

    @property
    def places(self) -> Mapping[str, str]: ...


@contextmanager
def placed(page: _Placed, level: int = logging.CRITICAL) -> Iterator[None]:
    """Put the place of a page's link before each message in which MkDocs names it; log it at most at a `level`."""

    def add_place(record: logging.LogRecord) -> bool:
        """Put the place before a message that names a link, and lower its level; keep every message."""
        message = record.getMessage()
        found = _LINK.search(message)
        if found and found[1] in page.places:
            record.msg, record.args = f"{page.places[found[1]]} {message}", ()
            if record.levelno > level:
                record.levelno, record.levelname = level, logging.getLevelName(level)
        return True

    pages.log.addFilter(add_place)
    try:
        yield
    finally:
        pages.log.removeFilter(add_place)


_ID = re.compile(r'id="(?<=\sid=")([^"]+)"')


@value_class(frozen=True, slots=True)
class PageText:
    """The content of a document's page with its hash ("" if it is not known), the document's contents and title."""

    html: str
    contents: tuple[ContentsEntry, ...]
    title: str
    sha256: str = ""


MakeContent = Callable[["DocumentPage", Resolve], PageText]


class DocumentPage(Page):
    """The page of one document; `make_content` makes its HTML once links can be resolved.

    `parts` are the further pages of a long register. `search` holds the `search` settings of its front matter:
    `exclude`, `boost`. Bad links of an `imported` text are logged as information, because nobody can correct it.
    """

    search: Mapping[str, Any]

    def __init__(
        self,
        title: str | None,
        file: File,
        config: MkDocsConfig,
        document: Document,
        make_content: MakeContent,
        *,
        imported: bool = False,
    ) -> None:
        super().__init__(title, file, config)
        self._level = logging.INFO if imported else logging.CRITICAL
        self.document = document
        self.parts: list[Page] = []
        self._rendered = self._sha256 = ""
        self._make_content = make_content

    @lazy_value
    def places(self) -> Mapping[str, str]:
        """The places of its links, asked for when MkDocs logs one."""
        return link_places(self.document)

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 (the signature is MkDocs')
        """Take text and front matter from the source as it was read for the edition, not from disk again."""
        assert self.document.source is not None
        if self.file.src_uri.endswith((".md", ".markdown")):
            self.markdown, self.meta = meta.get_data(self.document.source.text)
        if self.markdown is None:
            self.markdown = ""
        if self.document.entry.description:
            self.meta.setdefault("description", self.document.entry.description)
        self.meta = {name: _as_html(value) for name, value in self.meta.items()}
        # Search entries are made from the tree; the theme need not parse the page for them.
        written = self.meta.get("search")
        self.search = written if isinstance(written, dict) else {}
        self.meta["search"] = {**self.search, "exclude": True}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Set what MkDocs' own rendering sets: content, table of contents, title, anchors and links to anchors."""
        links = _RelativePathTreeprocessor(self.file, files, config)
        try:
            with placed(self, self._level):
                text = self._make_content(self, links.path_to_url)
        except TemplateError as failure:
            raise PluginError(str(template_mistake(failure))) from None
        except UnicodeDecodeError:
            raise PluginError("a template is not UTF-8; save the files in the templates folder as UTF-8") from None
        self.toc = table_of_contents(text.contents)
        self.content = self._rendered = text.html
        self._sha256 = text.sha256
        self._title_from_render = escape(text.title)
        self.links_to_anchors = links.links_to_anchors

    @property
    def known_hash(self) -> str:
        """The hash of its content; "" if it is not known, or the content was changed since it was rendered."""
        return self._sha256 if self.content is self._rendered else ""

    @lazy_value
    def present_anchor_ids(self) -> set[str]:  # type: ignore[override]
        """The anchors of the page as it was rendered, asked for when another page links to one."""
        return {unescape(name) for name in _ID.findall(self._rendered)}

    def validate_anchor_links(self, *, files: Files, log_level: int) -> None:
        """Validate links as MkDocs does, with the place of each in messages."""
        with placed(self, self._level):
            super().validate_anchor_links(files=files, log_level=log_level)


def from_root(page: Page, address: str) -> str:
    """Give an address relative to the site's root as seen from a page."""
    return get_relative_url(address, page.url)


def _as_html(value: Any) -> Any:
    """Escape a text of the front matter, or each in a list, for themes that print it as HTML."""
    if isinstance(value, str):
        return Markup(escape(value))
    return [_as_html(one) for one in value] if isinstance(value, list) else value


def table_of_contents(contents: Iterable[ContentsEntry]) -> TableOfContents:
    """Make MkDocs' table of contents of a document's; its titles are HTML."""
    links = [_anchor_link(entry) for entry in contents]
    if links:
        # Themes open the first entry; MkDocs marks it so.
        links[0].active = True  # type: ignore[attr-defined]
    return TableOfContents(links)


def _anchor_link(entry: ContentsEntry) -> AnchorLink:
    link = AnchorLink(escape(entry.words), entry.anchor, entry.level)
    link.children = [_anchor_link(inner) for inner in entry.sections]
    return link
