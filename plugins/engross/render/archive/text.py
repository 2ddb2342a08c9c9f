"""The text of a sealed version as HTML, its links leading to what was in force when it took effect.

It is made once and set into two pages that stand in different places (the version's page, and the file to download), so
that links into the site begin with a mark, `ROOT`, which `placed` replaces.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape, unescape
from urllib.parse import unquote

from engross.model import Clause, Document, DocumentKind, Version
from engross.record import picture_path, unsealed_pictures, version_page, version_pictures
from engross.render.archive.frame import Site
from engross.render.archive.sealed_texts import Shelf, Standing, files_in_force, in_force_with, own_set
from engross.render.pages.clauses import ClauseRenderer, catalogue_html
from engross.render.pages.documents import title_clause
from engross.render.pages.print import Endnote, Endnotes
from engross.render.pages.term_links import index_terms, overlays

ROOT, NOWHERE = "\x01", "\x02"
"""The root of the site, and an address that leads nowhere: no source can hold either character."""

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_TO_NOWHERE = re.compile(f' (?:href|src)="{NOWHERE}"')
_TO_SITE = re.compile(f' href="{ROOT}[^"]*"')
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*>')


@dataclass
class Links:
    """Makes what a version's text links to, and its pictures, an address. `asked` are the docs files it led to, with
    their addresses.
    """

    site: Site
    standing: Standing
    files: Mapping[str, Standing]
    asked: dict[str, str] = field(default_factory=dict)

    def resolve(self, target: str) -> str:
        """A link as it is written, as an address: a document's version in force then, or a page of the site now."""
        if _ABSOLUTE.match(target):
            return target
        path, sign, anchor = target.partition("#")
        if not path:
            return target
        if picture := self.pictures.get(picture_path(self.standing.version.entry.file, target)):
            return f"{ROOT}{picture}"
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self.standing.entry.file), unquote(path)))
        if name == self.standing.entry.file:
            return f"#{anchor}" if sign else ""
        if name in self.files:
            return f"{self.page(self.files[name].version)}{sign}{anchor}"
        address = self.site.pages.get(name)
        self.asked[name] = NOWHERE if address is None else address
        return NOWHERE if address is None else f"{ROOT}{self.site.file(address)}{sign}{anchor}"

    @cached_property
    def pictures(self) -> Mapping[str, str]:
        """The addresses of the pictures that are sealed with the version, by path."""
        return version_pictures(self.standing.version)

    def page(self, version: Version) -> str:
        """The address of a version's page."""
        return f"{ROOT}{self.site.file(version_page(version.id))}"


@dataclass(frozen=True)
class Text:
    """A version's text: its HTML, and the docs files it led to, with their addresses. What today's parser does not read
    has no `document`, and is to be shown as it is written. `endnotes` are the addresses it leads to, for paper;
    `unsealed` are the pictures it shows that were not sealed with it.
    """

    html: str
    document: Document | None
    asked: Mapping[str, str] = field(default_factory=dict)
    endnotes: tuple[Endnote, ...] = ()
    unsealed: tuple[str, ...] = ()

    @property
    def verbatim(self) -> bool:
        """Whether it is to be shown as it is written."""
        return self.document is None

    @property
    def has_title(self) -> bool:
        """Whether it begins with its title."""
        root = self.document.root if self.document else None
        return root is not None and title_clause(root) is not None


def render_text(shelf: Shelf, version: Version, site: Site) -> Text:
    """The text of a version; see `Text`."""
    standing = Standing(version, shelf.record.entry_of(version, version.effective))
    document = shelf.document(version, standing.entry)
    if document is None:
        return Text("", None)
    links = Links(site, standing, files_in_force(shelf.record, version.effective))
    if standing.entry.kind is DocumentKind.CATALOGUE:
        return Text(catalogue_html(document.root, site.words), document)
    endnotes = Endnotes(partial(printed, site))
    notes = _tombstones(document.root, version, site)
    renderer = ClauseRenderer(links.resolve, notes=notes, mark_links=endnotes.mark, scroll=True)
    around = tuple(in_force_with(shelf.record, version))
    binding = shelf.binding(standing, around, own_set(shelf.record, version))
    if binding:
        pages = {one.version.id.document: links.page(one.version) for one in around}
        renderer.overlays = overlays(index_terms(binding), document, lambda entry: pages[entry.id])
    unsealed = unsealed_pictures(document, version)
    return Text(renderer.render(document.root), document, links.asked, endnotes.listed, unsealed)


def placed(html: str, root: str) -> str:
    """HTML with the way to the site's root put in, and with links that lead nowhere made plain text."""
    return _TO_NOWHERE.sub("", html).replace(ROOT, root)


def kept(html: str, url: str, pictures: Mapping[str, str]) -> str:
    """HTML of a file that is read anywhere: it leads to the site by its full address, and where that is not known (an
    empty `url`) nowhere but within itself. `pictures` are put into it, by address, as `data:` addresses; it asks for no
    other, and says what there is to see on it.
    """
    html = _PICTURE.sub(partial(_embedded, pictures), html)
    return placed(html if url else _TO_SITE.sub("", html), url)


def _embedded(pictures: Mapping[str, str], found: re.Match[str]) -> str:
    data = pictures.get(unescape(found[1]).removeprefix(ROOT))
    if data is None:
        return f'<span class="picture">{found[2]}</span>'
    return found[0].replace(found[1], data, 1)


def printed(site: Site, address: str) -> str:
    """The address of a link as paper says it, in full as far as the site's own is known; "" where it leads nowhere."""
    return "" if address == NOWHERE else address.replace(ROOT, site.url or "/")


def _tombstones(root: Clause, version: Version, site: Site) -> dict[int, str]:
    """What was redacted, and why, beside the clause it was redacted from; by the index of the clause."""
    notes = {}
    for index, clause in enumerate(root.walk()):
        for entry in version.redactions:
            if entry.clause and entry.clause in (clause.anchor, clause.label):
                said = site.words["archive_redacted_here"].format(
                    day=site.instant(entry.posted), reason=escape(entry.reason)
                )
                notes[index] = f'<p class="tombstone" data-engross-generated>{said}</p>\n'
    return notes
