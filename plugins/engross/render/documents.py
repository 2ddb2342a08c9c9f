"""The contexts of document pages, and the pages made from them.

A page's text comes from the tree alone; what is said about the document (kind, precedence, what incorporates it) stands
outside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin

from jinja2 import Environment
from markupsafe import Markup

from engross.corpus.project import Project
from engross.model import Clause, ClauseKind, Document, DocumentEntry, SetEntry
from engross.record import addresses
from engross.render.clauses import ClauseRenderer
from engross.render.contents import contents
from engross.render.defined_terms import used_in_notes
from engross.render.endnotes import Endnotes
from engross.render.inline import Resolve
from engross.render.paper import state_cover
from engross.render.reading import cited_labels, outline
from engross.render.state import DocumentState, alias_notes, clause_notes, clause_states, gone_anchors, sealed_anchors
from engross.render.terms import TermIndex, overlays


@dataclass(frozen=True, slots=True)
class Membership:
    """What a document is to one set: the set's agreement, what it incorporates (told on the agreement's page only),
    and its order of precedence, from high to low, where that names the document.
    """

    set: SetEntry
    agreement: DocumentEntry
    incorporates: tuple[DocumentEntry, ...]
    ranks: tuple[tuple[DocumentEntry, ...], ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the site adapter lends a page: templates, words, and addresses as seen from the page.

    `document_url` gives the address of a document's page, `page_url` that of a docs page; `download` is the address of
    the document's source, `terms_page` that of the page of defined terms. `state` is what the record says of the
    document, and `site_url` makes an address relative to the site's root one as seen from the page; `note_page` is
    where its change note is begun; `address` is the page's whole address, from the site's `root` ("/", where its own is
    unknown) on.
    """

    templates: Environment
    words: Mapping[str, str]
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


def memberships(project: Project, entry: DocumentEntry) -> tuple[Membership, ...]:
    """What a document is to each set it belongs to, in the order of the sets."""
    return tuple(_membership(project, entry, found) for found in project.settings.sets_with(entry.id))


def _membership(project: Project, entry: DocumentEntry, found: SetEntry) -> Membership:
    document = project.settings.document
    incorporates = tuple(map(document, found.incorporates)) if entry.id == found.agreement else ()
    named = any(entry.id in rank for rank in found.precedence)
    ranks = tuple(tuple(map(document, rank)) for rank in found.precedence) if named else ()
    return Membership(found, document(found.agreement), incorporates, ranks)


def render_document(project: Project, document: Document, around: Surroundings, terms: TermIndex | None = None) -> str:
    """The content of a contract page, as HTML; its terms and references are linked where `terms` is given."""
    renderer = ClauseRenderer(around.resolve, cited=cited_labels(document.root), link_to=around.words["link_to"])
    if terms:
        renderer.overlays = overlays(terms, document, around.document_url)
    renderer.notes = _notes(document, around, terms)
    endnotes = Endnotes(partial(urljoin, around.address or around.root))
    renderer.mark_links = endnotes.mark
    text = renderer.render(document.root)
    title = title_clause(document.root)
    return around.templates.get_template("document.html").render(
        about(project, document.entry, around),
        text=Markup(text),
        outline=outline(document.root),
        terms=terms is not None,
        has_title=title is not None,
        sections=contents(document.root, title),
        endnotes=endnotes.listed,
        verbatim=document.verbatim,
        anchors=list(sealed_anchors(around.state.tree)) if document.verbatim and around.state else (),
    )


def _anchor_url(project: Project, around: Surroundings, leads: str) -> str:
    """The address of a clause of another document, given as "document#anchor"."""
    name, _, anchor = leads.partition("#")
    try:
        return f"{around.document_url(project.settings.document(name))}#{anchor}"
    except KeyError:
        return around.site_url(addresses.versions_page(name))


def _notes(document: Document, around: Surroundings, terms: TermIndex | None) -> dict[int, str]:
    """What stands beside clauses: earlier addresses, what changed, where a definition is used; in this order."""
    notes: dict[int, str] = {}
    tree = around.state.tree if around.state else None
    parts = []
    if tree and around.state:
        states = clause_states(tree, document.root)
        history = around.site_url(around.state.clauses_page)
        parts += [alias_notes(tree, document), clause_notes(states, around.templates, around.words, history)]
    if terms:
        parts.append(used_in_notes(terms, document, around.templates, _places(document, around)))
    for part in parts:
        for index, html in part.items():
            notes[index] = notes.get(index, "") + html
    return notes


def _places(document: Document, around: Surroundings) -> dict[str, object]:
    """What the notes beside definitions need: words, and addresses, that of the page itself being empty."""
    return {
        "words": around.words,
        "terms_page": around.terms_page,
        "page_of": lambda entry: "" if entry.id == document.id else around.document_url(entry),
    }


def about(project: Project, entry: DocumentEntry, around: Surroundings) -> dict[str, object]:
    """What the templates of every document page are given."""
    tree = around.state.tree if around.state else None
    belongs = memberships(project, entry)
    titles = [one.set.title for one in belongs]
    full = partial(urljoin, around.root)
    return {
        "entry": entry,
        "cover": state_cover(entry, titles, around.state, around.words, full, around.address),
        "memberships": belongs,
        "notice": project.settings.notice,
        "words": around.words,
        "document_url": around.document_url,
        "page_url": around.page_url,
        "download": around.download,
        "state": around.state,
        "site_url": around.site_url,
        "note_page": around.note_page,
        "feeds": [around.site_url(addresses.feed(entry.id, kind)) for kind in (".xml", ".json")]
        if around.state
        else [],
        "gone": list(gone_anchors(tree)) if tree else [],
        "anchor_url": partial(_anchor_url, project, around),
    }


def title_clause(root: Clause) -> Clause | None:
    """The clause that holds a document's title: its first heading of the first level, if it has one."""
    return next((c for c in root.children if c.kind is ClauseKind.SECTION and c.level == 1), None)
