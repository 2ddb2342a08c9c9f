"""The text of a sealed version as HTML, with links to what was in force when it took effect.

It is rendered once for two pages at different addresses (the version's page and the self-contained copy). Links into
the site begin with the placeholder `ROOT`, which `placed` replaces.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property, partial
from html import escape, unescape
from urllib.parse import unquote

from markupsafe import Markup

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import Clause, Document, Version
from engross.record import days_to_object, picture_path, unsealed_pictures, version_page, version_pictures
from engross.render.archive.frame import Site
from engross.render.archive.sealed_texts import SealedTexts, VersionInForce, files_in_force, in_force_with, own_set
from engross.render.languages import language_attributes
from engross.render.pages.clauses import ClauseRenderer, rows_html
from engross.render.pages.document_page import split_title, title_clause
from engross.render.pages.print import Endnote, Endnotes
from engross.render.pages.term_links import index_terms, overlays
from engross.text import is_absolute

ROOT, NOWHERE = "\x01", "\x02"
"""Placeholders for the root of the site and for a missing target; no source can contain these characters."""

_TO_NOWHERE = re.compile(f' (?:href|src)="{NOWHERE}"')
_TO_SITE = re.compile(f' href="{ROOT}[^"]*"')
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*>')


@value_class
class Links:
    """Resolves the links and pictures of a version's text to addresses. `asked` are the docs files that it resolved,
    with their addresses.
    """

    site: Site
    own: VersionInForce
    files: Mapping[str, VersionInForce]
    asked: dict[str, str] = field(default_factory=dict)

    def resolve(self, target: str) -> str:
        """Resolve a written link: to the version of a document in force then, or to a page of the site now."""
        if is_absolute(target):
            return target
        path, sign, anchor = target.partition("#")
        if not path:
            return target
        if picture := self.pictures.get(picture_path(self.own.version.entry.file, target)):
            return f"{ROOT}{picture}"
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self.own.entry.file), unquote(path)))
        if name == self.own.entry.file:
            return f"#{anchor}" if sign else ""
        if name in self.files:
            return f"{self.page(self.files[name].version)}{sign}{anchor}"
        address = self.site.pages.get(name)
        self.asked[name] = NOWHERE if address is None else address
        return NOWHERE if address is None else f"{ROOT}{self.site.file(address)}{sign}{anchor}"

    @cached_property
    def pictures(self) -> Mapping[str, str]:
        """The addresses of the pictures sealed with the version, by path."""
        return version_pictures(self.own.version)

    def page(self, version: Version) -> str:
        """The address of a version's page."""
        return f"{ROOT}{self.site.file(version_page(version.id))}"


@value_class(frozen=True)
class Text:
    """A version's text: its HTML, and the docs files it links to, with their addresses.

    A text that today's parser refuses has no `document` and is shown verbatim. `endnotes` are the addresses of its
    links, for print; `unsealed` are its pictures that were not sealed with it.
    """

    html: str
    document: Document | None
    asked: Mapping[str, str] = field(default_factory=dict)
    endnotes: tuple[Endnote, ...] = ()
    unsealed: tuple[str, ...] = ()

    @property
    def verbatim(self) -> bool:
        """Whether the text is shown verbatim."""
        return self.document is None

    @property
    def has_title(self) -> bool:
        """Whether the text begins with its title."""
        root = self.document.root if self.document else None
        return root is not None and title_clause(root) is not None

    @property
    def parts(self) -> tuple[Markup, Markup]:
        """The HTML of the title, if the text begins with it, and of what follows."""
        root = self.document.root if self.document else None
        title = title_clause(root) if root else None
        first = title is not None and root is not None and root.children[0] is title
        heading, body = split_title(self.html) if first else ("", self.html)
        return Markup(heading), Markup(body)


def render_text(texts: SealedTexts, version: Version, site: Site) -> Text:
    """Render the text of a version; see `Text`."""
    own = VersionInForce(version, texts.record.entry_of(version, version.effective))
    document = texts.document(version, own.entry)
    if document is None:
        return Text("", None)
    links = Links(site, own, files_in_force(texts.record, version.effective))
    if own.entry.kind.has_rows:
        deadlines = days_to_object(texts.record, version, site.zone)
        return Text(rows_html(document, site.words, deadlines), document)
    endnotes = Endnotes(partial(printed, site))
    notes = _tombstones(document.root, version, site)
    renderer = ClauseRenderer(links.resolve, notes=notes, cited=None, mark_links=endnotes.mark, scroll=True)
    around = tuple(in_force_with(texts.record, version))
    renderer.link_to, renderer.words = site.words["link_to"], site.words
    renderer.back_to, renderer.footnotes = site.words["back_to"], site.words["footnotes"]
    binding = texts.binding(own, around, own_set(texts.record, version))
    if binding:
        pages = {one.version.id.document: links.page(one.version) for one in around}
        terms = index_terms(binding)
        renderer.overlays = overlays(terms, document, lambda entry: pages[entry.id])
        renderer.defining = terms.defining(document.id)
    unsealed = unsealed_pictures(document, version)
    return Text(renderer.render(document.root), document, links.asked, endnotes.listed, unsealed)


def placed(html: str, root: str) -> str:
    """Replace `ROOT` with the path to the site's root, and make links to missing targets plain text."""
    return _TO_NOWHERE.sub("", html).replace(ROOT, root)


def kept(html: str, url: str, pictures: Mapping[str, str]) -> str:
    """HTML of a self-contained copy: links to the site are absolute, or removed if the site's address is unknown (empty
    `url`). `pictures`, by address, are embedded as `data:` addresses; other pictures are replaced with their
    alternative text.
    """
    html = _PICTURE.sub(partial(_embedded, pictures), html)
    return placed(html if url else _TO_SITE.sub("", html), url)


def _embedded(pictures: Mapping[str, str], found: re.Match[str]) -> str:
    data = pictures.get(unescape(found[1]).removeprefix(ROOT))
    if data is None:
        return f'<span class="picture">{found[2]}</span>'
    return found[0].replace(found[1], data, 1)


def printed(site: Site, address: str) -> str:
    """The address of a link for print, absolute if the site's own is known; "" if the target is missing."""
    return "" if address == NOWHERE else address.replace(ROOT, site.url or "/")


def _tombstones(root: Clause, version: Version, site: Site) -> dict[int, str]:
    """The HTML of redactions with their reasons, by the index of the redacted clause."""
    notes = {}
    for index, clause in enumerate(root.walk()):
        for entry in version.redactions:
            if entry.clause and entry.clause in (clause.anchor, clause.label):
                notice = site.words["archive_redacted_here"].format(
                    day=site.instant(entry.posted), reason=escape(entry.reason)
                )
                language = language_attributes(site.language, site.text or site.language)
                notes[index] = f'<p class="tombstone"{language} data-engross-generated>{notice}</p>\n'
    return notes
