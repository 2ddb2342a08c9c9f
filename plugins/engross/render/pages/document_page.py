"""Document pages: their contexts for templates, their contents and citation labels.

The text of a page comes only from the tree. What the page adds about the document (kind, precedence, sets) is outside
the text.

A clause's label never changes when text is added below it, so the first of two sections of one name has that name alone
as its label. A citation must show which of the two is meant: it has a longer label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from jinja2 import Environment
from markupsafe import Markup

import engross.common.lazy_re as re
from engross.common import NO_CACHE, Cache, value_class
from engross.corpus import PageType, Project, Settings, Words
from engross.model import Clause, ClauseKind, Document, DocumentEntry, ListKind, SetEntry
from engross.record import addresses
from engross.render.changes.feeds import Alerts, alerts_about
from engross.render.languages import PageLanguage
from engross.render.pages.clauses import shown_number
from engross.render.pages.document_text import TextInputs, document_text
from engross.render.pages.inline import Resolve
from engross.render.pages.other_languages import (
    OtherLanguage,
    governing,
    language_notes,
    other_languages,
    with_languages,
)
from engross.render.pages.print import state_cover
from engross.render.pages.state import (
    DocumentState,
    alias_notes,
    clause_notes,
    clause_states,
    gone_anchors,
    sealed_anchors,
)
from engross.render.pages.term_links import TermIndex, used_in_notes

_LISTED = 20
"""The most documents that are listed below each document."""

_BESIDE_TITLE = re.compile(
    r'(?:\s*<span id="[^"]*" data-engross-generated></span>)*(?:\s*<p class="eg-changed".*?</p>)?', re.DOTALL
)


@value_class(frozen=True, slots=True)
class OutlineEntry:
    """A section in the outline: its anchor, its heading, and its depth from 1."""

    anchor: str
    words: str
    depth: int


@value_class(frozen=True, slots=True)
class ContentsEntry:
    """A section in the contents: its anchor, its generated number (or ""), its heading, its level, its subsections."""

    anchor: str
    number: str
    title: str
    level: int
    sections: tuple[ContentsEntry, ...] = ()

    @property
    def words(self) -> str:
        """The heading with its number."""
        return f"{self.number} {self.title}".lstrip()


_DEEPEST = 3
_FEWEST = 3
"""The fewest parts with a title that make the contents of a document without headings."""
_QUOTES = frozenset("“„«\"‘'")
_FIRST_LEVEL = re.compile(r"[0-9IVX]+(?:[.) ]|\Z)(?![0-9])")


def outline(root: Clause) -> tuple[OutlineEntry, ...]:
    """The sections of a document, three levels deep, without its title."""
    entries = all_contents(root)
    return tuple(_outline(entries[0].sections if _is_title_alone(entries) else entries, 1))


def _outline(entries: Iterable[ContentsEntry], depth: int) -> Iterator[OutlineEntry]:
    for entry in entries if depth <= _DEEPEST else ():
        yield OutlineEntry(entry.anchor, entry.words, depth)
        yield from _outline(entry.sections, depth + 1)


def contents(root: Clause, title: Clause | None) -> tuple[ContentsEntry, ...]:
    """The contents of a document. The title is not listed, but the sections below it are."""
    entries = all_contents(root)
    return tuple(
        chain.from_iterable(entry.sections if title and entry.anchor == title.anchor else (entry,) for entry in entries)
    )


def all_contents(clause: Clause, whole: bool = True) -> tuple[ContentsEntry, ...]:
    """The contents of a document with its title: its sections.

    A document may have no headings, or only its title. Then its contents are the paragraphs and items that begin with
    a title ("**2. Fees.** …"), but no defined terms. If at least three of them have a number of one level, it is these.
    `whole` is false within a part of a document.
    """
    parts = [child for child in clause.children if child.kind is ClauseKind.SECTION]
    if whole and not parts:
        parts = _parts_without_heading(clause)
    alone = whole and len(parts) == 1 and parts[0].level == 1
    return tuple(_contents_entry(part, part.level or clause.level + 1, all_contents(part, alone)) for part in parts)


def _is_title_alone(entries: Sequence[ContentsEntry]) -> bool:
    return len(entries) == 1 and entries[0].level == 1


def _parts_without_heading(clause: Clause) -> list[Clause]:
    blocks = (child.children if child.list_kind is ListKind.ORDERED else (child,) for child in clause.children)
    named = [part for part in chain.from_iterable(blocks) if part.name and part.inline.text[:1] not in _QUOTES]
    numbered = [part for part in named if _FIRST_LEVEL.match(part.number or part.name)]
    parts = numbered if len(numbered) >= _FEWEST else named
    return parts if len(parts) >= _FEWEST else []


def _contents_entry(part: Clause, level: int, sections: tuple[ContentsEntry, ...]) -> ContentsEntry:
    if part.kind is ClauseKind.SECTION:
        return ContentsEntry(part.anchor, shown_number(part), " ".join(part.inline.text.split()), level, sections)
    return ContentsEntry(part.anchor, "", f"{part.marker or part.number} {part.name}".lstrip(), level, sections)


@value_class(frozen=True, slots=True)
class Membership:
    """A document's place in one set: the agreement, the documents that it incorporates (only on the agreement's page),
    and the order of precedence from high to low, if it names the document.
    """

    set: SetEntry
    agreement: DocumentEntry
    incorporates: tuple[DocumentEntry, ...]
    ranks: tuple[tuple[DocumentEntry, ...], ...]


@value_class(frozen=True, slots=True)
class Surroundings:
    """What `site/` provides for a page: templates, its language and the site's, and addresses relative to the page.

    `document_url` returns the address of a document's page, `page_url` that of a docs page. `download` is the address
    of the document's source, `terms_page` that of the page of defined terms. `state` is the document's state in the
    record. `site_url` makes an address relative to the site's root relative to the page. `note_page` is where a change
    note is written. `address` is the page's full address, from the site's `root` ("/" if unknown).
    `preview`: the site is a preview, which has no feeds, and a banner on each page. `changes`: the day on which each
    version took effect, and the title of its change, by its number. `offers`: as in `Site`.
    `set_files`: the addresses of files with a whole set, by its id. The `cache` keeps texts.
    """

    templates: Environment
    language: PageLanguage
    resolve: Resolve
    document_url: Callable[[DocumentEntry], str]
    page_url: Callable[[str], str]
    download: str
    terms_page: str = ""
    state: DocumentState | None = None
    site_url: Callable[[str], str] = str
    note_page: str = ""
    address: str = ""
    root: str = "/"
    preview: bool = False
    site_language: str = "en"
    changes: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    offers: tuple[tuple[str, str], ...] = (("html", ".html"),)
    set_files: Mapping[str, str] = field(default_factory=dict)
    cache: Cache = NO_CACHE

    @property
    def words(self) -> Words:
        """The UI strings of the page."""
        return self.language.words


def memberships(project: Project, entry: DocumentEntry) -> tuple[Membership, ...]:
    """A document's place in each of its sets, in the order of the sets; a translation has the place of its original."""
    name = place_of(project.settings, entry)
    return tuple(_membership(project, name, found) for found in project.settings.sets_with(name))


def place_of(settings: Settings, entry: DocumentEntry) -> str:
    """The id of the document whose place in sets a document has: its original's, if no set names a translation."""
    return entry.id if settings.sets_with(entry.id) else entry.translation_of or entry.id


def _membership(project: Project, name: str, found: SetEntry) -> Membership:
    document = project.settings.document
    incorporates = tuple(map(document, found.incorporates)) if name == found.agreement else ()
    named = any(name in rank for rank in found.precedence)
    ranks = tuple(tuple(map(document, rank)) for rank in found.precedence) if named else ()
    return Membership(found, document(found.agreement), incorporates, ranks)


def render_document(project: Project, document: Document, around: Surroundings, terms: TermIndex | None = None) -> str:
    """Render the content of a contract page. Terms and references are linked if `terms` is given."""
    others = other_languages(project, document, around.document_url)
    notes = _notes(document, around, terms, others)
    inputs = TextInputs(around.resolve, around.document_url, around.address or around.root, around.words, notes, terms)
    written = document_text(document, inputs, around.cache)
    text = written.html
    title = title_clause(document.root)
    # The facts of the document come below its title, if the text begins with one.
    heading, body = split_title(text) if title and title is document.root.children[0] else ("", text)
    context = about(project, document.entry, around)
    context["cover"] = with_languages(context["cover"], others, context["governing"], around.words)
    return around.templates.get_template("document.html").render(
        context,
        languages=others,
        text=Markup(text),
        heading=Markup(heading),
        body=Markup(body),
        outline=outline(document.root),
        terms=terms is not None,
        has_title=title is not None,
        sections=contents(document.root, title),
        endnotes=written.endnotes,
        verbatim=document.verbatim,
        anchors=list(sealed_anchors(around.state.tree)) if document.verbatim and around.state else (),
    )


def split_title(text: str) -> tuple[str, str]:
    """Split the HTML of a text that begins with its title: the title, with its earlier anchors and the mark of its
    change, and what follows.
    """
    beside = _BESIDE_TITLE.match(text, text.index("</h1>") + len("</h1>"))
    assert beside is not None
    return text[: beside.end()], text[beside.end() :]


def _anchor_url(project: Project, around: Surroundings, leads: str) -> str:
    """The address of a clause of another document, given as "document#anchor", or of a document ("document#")."""
    name, _, anchor = leads.partition("#")
    try:
        return f"{around.document_url(project.settings.document(name))}{f'#{anchor}' if anchor else ''}"
    except KeyError:
        return around.site_url(addresses.versions_page(name))


def _notes(
    document: Document, around: Surroundings, terms: TermIndex | None, others: tuple[OtherLanguage, ...]
) -> dict[int, str]:
    """The HTML after clauses, in this order: earlier anchors, changes, uses of definitions, other languages."""
    notes: dict[int, str] = {}
    tree = around.state.tree if around.state else None
    parts = []
    if tree and around.state:
        states = clause_states(tree, document.root)
        history = around.site_url(around.state.clauses_page)
        parts += [
            alias_notes(tree, document),
            clause_notes(states, around.templates, around.language, history, around.changes),
        ]
    if terms:
        parts.append(used_in_notes(terms, document, around.templates, _places(document, around)))
    if others:
        parts.append(language_notes(document, others, around.templates))
    for part in parts:
        for index, html in part.items():
            notes[index] = notes.get(index, "") + html
    return notes


def _places(document: Document, around: Surroundings) -> dict[str, object]:
    """The context of the notes beside definitions: UI strings and addresses; the page itself is ""."""
    return {
        "words": around.words,
        "of_words": around.language.of_words,
        "terms_page": around.terms_page,
        "page_of": lambda entry: "" if entry.id == document.id else around.document_url(entry),
    }


def about(project: Project, entry: DocumentEntry, around: Surroundings) -> dict[str, Any]:
    """The context of the templates of all document pages."""
    tree = around.state.tree if around.state else None
    belongs = memberships(project, entry)
    titles = [one.set.title for one in belongs]
    full = partial(urljoin, around.root)
    return {
        "entry": entry,
        "place": place_of(project.settings, entry),
        "cover": state_cover(entry, titles, around.state, around.words, full, around.address),
        "memberships": belongs,
        "notice": project.settings.notice,
        "publisher": project.settings.publisher,
        # Where there are many, a list on each page would grow with the square of their number.
        "documents_of_site": documents if len(documents := project.settings.documents) <= _LISTED else (),
        "changes": around.changes,
        "words": around.words,
        "within": around.language.within(around.site_language),
        "of_text": around.language.of_text,
        "of_words": around.language.of_words,
        "languages": (),
        "governing": governing(project, entry.id, around.language, around.document_url),
        "document_url": around.document_url,
        "page_url": around.page_url,
        "download": around.download,
        "offers": around.offers,
        "set_files": around.set_files,
        "state": around.state,
        "preview": around.preview,
        "site_url": around.site_url,
        "since": PageType.SINCE.address,
        "terms_page": around.terms_page,
        "note_page": around.note_page,
        "alerts": _alerts(project, entry, around),
        "gone": list(gone_anchors(tree)) if tree else [],
        "anchor_url": partial(_anchor_url, project, around),
    }


def _alerts(project: Project, entry: DocumentEntry, around: Surroundings) -> Alerts:
    """How readers are notified of changes of a document. A preview has no feeds, which point to the published site."""
    email_list = project.settings.email_list
    if not around.state or around.preview:
        return Alerts(email_list=email_list)
    return alerts_about([(entry.id, entry.title)], around.words, around.site_url, email_list)


def title_clause(root: Clause) -> Clause | None:
    """The clause of a document's title: its first heading of the first level, if it has one."""
    return next((c for c in root.children if c.kind is ClauseKind.SECTION and c.level == 1), None)
