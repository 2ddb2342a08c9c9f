"""The content of pages: documents, and links and cards in ordinary pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engross.corpus import PageType, register_of
from engross.model import DocumentEntry, Use
from engross.record import NotePages, configured_host, new_note_page
from engross.render import (
    DocumentState,
    Resolve,
    Surroundings,
    all_contents,
    link_first_uses,
    model_news,
    render_cards,
    render_catalogue,
    render_document,
    title_clause,
    version_day,
    with_cards,
    worded,
)
from engross.site.build import Build, build_errors
from engross.site.editions import page_state, with_posted_pictures
from engross.site.files import beside, language, rows_files, source_suffix
from engross.site.kept_content import kept_content
from engross.site.pages import DocumentPage, PageText, from_root
from engross.site.record_pages import set_files
from engross.site.registers import register_content


@build_errors()
def document_content(build: Build, page: DocumentPage, resolve: Resolve) -> PageText:
    """Render the page of a document. `resolve` gives the addresses of links as MkDocs finds them."""
    return kept_content(build, page, surroundings(build, page, resolve), partial(_made_content, build, page))


def _made_content(build: Build, page: DocumentPage, around: Surroundings) -> PageText:
    root, heading = page.document.root, title_clause(page.document.root)
    title = " ".join(heading.inline.text.split()) if heading else page.document.entry.title
    # The contents of a register in parts would be as long as the list of its rows, on the page itself.
    contents = () if page.parts else all_contents(root)
    return PageText(_content(build, page, around), contents, title)


def _content(build: Build, page: DocumentPage, around: Surroundings) -> str:
    document, entry = page.document, page.document.entry
    if register := register_of(document):
        return register_content(build, page, register, around)
    catalogue = build.project.catalogues.get(document.id)
    if catalogue is None:
        terms = build.terms.documents.get(document.id) if build.terms and build.options.link_terms else None
        return render_document(build.project, document, around, terms)
    names = {**rows_files(entry, page.file), "script": build.scripts.models}
    addresses = {kind: get_relative_url(name, page.url) for kind, name in names.items()}
    news = (
        {} if build.edition.draft else model_news(build.posted.pub, build.posted.summaries, entry.id, catalogue.models)
    )
    return render_catalogue(build.project, entry, catalogue, build.day, around, addresses, news)


def surroundings(build: Build, page: DocumentPage, resolve: Resolve) -> Surroundings:
    """What the page of a document needs from its site."""
    entry = page.document.entry
    return Surroundings(
        templates=build.templates,
        language=build.languages.of(entry.id),
        site_language=language(build.config),
        resolve=with_posted_pictures(build.edition, entry.id, resolve, partial(from_root, page)),
        document_url=partial(build.document_url, page),
        page_url=partial(_page_url, build, page),
        download=get_relative_url(beside(entry, source_suffix(entry), page.file), page.url),
        terms_page=_page_url(build, page, PageType.DEFINED_TERMS.source) if build.options.link_terms else "",
        state=shown_state(build, entry),
        site_url=partial(from_root, page),
        note_page=_note_page(build, entry),
        address=page.canonical_url or f"/{page.url.removeprefix('./')}",
        root=build.config.site_url or "/",
        preview=build.edition.preview,
        changes=_changes(build, entry),
        offers=build.posted.site.offers,
        set_files=set_files(build.edition.record, build.moment, build.posted.site.offers),
        cache=build.edition.cache,
    )


def _changes(build: Build, entry: DocumentEntry) -> Mapping[int, tuple[str, str]]:
    """The day on which each version of a document took effect, and the titles of its changes, by its number."""
    dates, summaries = build.posted.site.of(entry.id).dates, build.posted.summaries
    return {
        one.number: (
            version_day(one, dates),
            "; ".join(summaries[note.slug].title for note in one.post.notes),
        )
        for one in build.edition.record.versions.get(entry.id, ())
    }


def shown_state(build: Build, entry: DocumentEntry) -> DocumentState | None:
    """The state that the page of a document shows, in a preview with the redline to the draft."""
    words = build.languages.of(entry.id).words
    state, pending = page_state(build.edition, entry.id, words), build.posted.pending
    if state is None or pending is None or entry.id not in pending.redlines:
        return state
    return replace(state, redline=build.posted.site.file(pending.redlines[entry.id]))


def _page_url(build: Build, page: DocumentPage, path: str) -> str:
    file = build.files.get_file_from_path(path)
    return get_relative_url(file.url, page.url) if file else path


def _note_page(build: Build, entry: DocumentEntry) -> str:
    """The address at which a change note about a document is begun; "" where the branch is not known.

    A draft links to its own branch. The page of what is in force is the same wherever it is built: mkdocs.yml names the
    branch.
    """
    if not build.edition.record.entries:
        return ""
    plan = build.state.plan
    if not build.edition.draft:
        # Customers see the page of what is in force: it begins a note, and names no change that was not posted.
        plan = replace(plan, drafts=replace(plan.drafts, documents={}, gone=(), sets={}), notes=())
    return new_note_page(plan, entry, plan.pages if build.edition.draft else NotePages(build.folders, configured_host))


def not_in_force(build: Build, entry: DocumentEntry, page: Page) -> str:
    """Render the page of a document of which no version is in force."""
    shown = build.languages.of(entry.id)
    return build.templates.get_template("not-in-force.html").render(
        entry=entry,
        state=page_state(build.edition, entry.id, shown.words),
        words=shown.words,
        within=shown.within(language(build.config)),
        preview=build.edition.preview,
        site_url=partial(from_root, page),
    )


def link_ordinary_page(build: Build, html: str, page: Page) -> str:
    """Link the first use of each term in an ordinary page, and show the documents where it asks for them."""
    found = build.terms.pages.get(page.file.src_uri) if build.terms else None
    if found and page.meta.get("terms", True):
        html = link_first_uses(html, found.source, found.uses, partial(_term_address, build, page))
    settings, url = build.project.settings, partial(build.document_url, page)
    of_text = build.languages.of_text
    since = from_root(page, PageType.SINCE.address) if build.edition.record.versions else ""
    return with_cards(
        html,
        lambda: worded(
            build.within, render_cards(settings, build.templates, build.words, url, of_text, build.state_of, since)
        ),
    )


def _term_address(build: Build, page: Page, use: Use) -> str:
    target = build.pages[use.definition.place.document]
    return f"{get_relative_url(target.url, page.url)}#{use.definition.anchor}"
