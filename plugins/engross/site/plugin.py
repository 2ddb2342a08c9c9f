"""The MkDocs plugin. Each hook adapts: what it says is computed by plain functions elsewhere.

on_config       read the docs folder (nothing is written before it is known to be sound)
on_files        documents get pages of their own, sources and notes are taken out, style and JSON are put in
on_page_content links and cards in ordinary pages; what stands around the text comes after: see `dressing`
on_page_context search entries, from the trees
on_post_build   the finished pages against their sources, after all other plugins
"""

# ruff: noqa: ARG002 (hooks take what MkDocs names, whether they use it or not)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.templates import TemplateContext

from engross.common import EngrossError, as_of, collect, long_lived, page_sources, write_policies
from engross.corpus import check_catalogue, ui_strings
from engross.fidelity import check_site_page
from engross.model import Document, DocumentEntry, Use
from engross.record import LEDGER_FILE, ledger_bytes
from engross.render import (
    Resolve,
    Surroundings,
    asset,
    check_reading,
    environment,
    link_first_uses,
    model_news,
    render_cards,
    render_catalogue,
    render_defined_terms,
    render_document,
    template_folders,
    with_cards,
)
from engross.site.archive import PAPER, inlined, style_sheet
from engross.site.dressing import LAST
from engross.site.editions import page_state, with_posted_pictures
from engross.site.files import (
    GeneratedPage,
    add_scripts,
    beside,
    built_languages,
    catalogue_files,
    check_characters,
    check_published,
    download,
    generated_file,
    language,
    lift_guard,
    make_catalogue_files,
    makes_files_anew,
    missing_change_pages,
    page_file,
    put_file,
    remove_own_sources,
    source_suffix,
    style_name,
)
from engross.site.log import guard_log
from engross.site.pages import DocumentPage
from engross.site.paths import check_replaced, check_taken
from engross.site.posted import put_list
from engross.site.recorded import Recorded, from_root, report, told_plainly
from engross.site.search import add_search_entries, unescape_titles
from engross.site.staging import Staging

if TYPE_CHECKING:
    from engross.site.terms import SiteTerms


_AFTER_I18N = -200

_ONE_LANGUAGE = (
    "the plugin i18n in mkdocs.yml builds several languages ({}), and Engross publishes a site in one; "
    "set `build: false` for all but one of them, or give each language a site of its own"
)

_BUILDS = ("build", "gh-deploy")
"""The commands that build a site as a whole, by the names that site engines give them."""

_TERMS_PAGE = "defined-terms.md"


class EngrossPlugin(Recorded):  # type: ignore[no-untyped-call]
    """Publishes the documents of `documents.yml` as pages of the site."""

    day: date
    terms: SiteTerms | None
    terms_file: File | None
    files: Files
    staged = True

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Stage a build, but not while pages are served or where only some are built anew: there is no site to spare.

        Other tools, such as mike, only read the configuration, and the site folder that it names, in their process.
        """
        self.command = command
        self.staged = command in _BUILDS and not dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read and check the docs folder; a mistake in it stops the build before anything is written."""
        guard_log()
        if halves := check_characters(config):
            raise PluginError("\n".join(halves))
        if sum(isinstance(plugin, EngrossPlugin) for plugin in config.plugins.values()) > 1:
            raise PluginError("mkdocs.yml lists the plugin engross twice; list it once, with all its options")
        if makes_files_anew(config) and len(built_languages(config)) > 1:
            raise PluginError(_ONE_LANGUAGE.format(", ".join(built_languages(config))))
        lift_guard(config)
        own = self._own_templates(config)
        try:
            self.words = ui_strings(language(config), own)
            self.moment = as_of()
            with long_lived():
                self.edition = self._read(config)
        except EngrossError as failure:
            raise PluginError(report(failure.diagnostics)) from None
        self.project = self.edition.project
        self.day = self.moment.astimezone(ZoneInfo(self.project.settings.timezone)).date()
        found = check_published(self.project.settings, config)
        for catalogue in self.project.catalogues.values():
            found += check_catalogue(catalogue, self.day)
        if found:
            raise PluginError(report(found))
        self.templates, self.pages, self.terms, self.terms_file = environment(own), {}, None, None
        self.state = None
        self._style = asset("engross.css", own) + asset(PAPER, own)
        config.extra_css.append(style_name(self._style))
        self.scripts = add_scripts(config, own)
        self.staging = Staging(config) if self.staged else None
        self._come_last(config)
        return config

    def _come_last(self, config: MkDocsConfig) -> None:
        """Put the comparison of the finished pages after what any other plugin does to them, whatever its priority."""
        hooks = config.plugins.events["post_build"]
        hooks.sort(key=lambda hook: getattr(hook, "__self__", None) is self)

    def _add_files_in_order(self, files: Files, *, config: MkDocsConfig) -> Files:
        return files if makes_files_anew(config) else self.add_documents(files, config)

    @event_priority(_AFTER_I18N)
    def _add_files_last(self, files: Files, *, config: MkDocsConfig) -> Files:
        return self.add_documents(files, config) if makes_files_anew(config) else files

    on_files = CombinedEvent(_add_files_in_order, _add_files_last)
    """Other plugins see the pages of documents from the place on at which `engross` is listed; i18n makes all files
    anew, and forgets their pages, so that with it they come last."""

    @told_plainly()
    def add_documents(self, files: Files, config: MkDocsConfig) -> Files:
        """Give every document its page, and take sources and notes out of what is published."""
        titles = dict(_nav_titles(config.nav or []))
        remove_own_sources(files, self._folders(config), self._own_templates(config), self.edition)
        theirs = {file.dest_uri: file for file in files}
        for entry in self.project.settings.documents:
            if entry.id in self.project.documents and entry.file:
                self._add_page(self.project.documents[entry.id], files, config, titles)
            elif entry.file:
                self._add_stateless(entry, files, config, titles)
        if missing := missing_change_pages(self.project.settings, files):
            raise PluginError(report(missing))
        if taken := check_taken(self.project.settings, self.edition.record, files):
            raise PluginError(report(taken))
        if self.config.link_terms or self.config.check:
            self._bind(files, config, titles)
        put_file(files, File.generated(config, style_name(self._style), content=self._style))
        if self.edition.record.entries:
            # Published, so that a record that is cut or rewritten can be told from it.
            put_file(files, File.generated(config, LEDGER_FILE, content=ledger_bytes(self.edition.record.entries)))
        self._post(files, config, titles)
        self.files = files
        self.add_files(files, config, self.words)
        if replaced := check_replaced(theirs, files):
            raise PluginError(report(replaced))
        return files

    @told_plainly()
    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Link the first use of each term in an ordinary page, and show the documents where it asks for them."""
        if isinstance(page, DocumentPage):
            return html
        uses = self.terms.pages.get(page.file.src_uri, ()) if self.terms else ()
        if uses and page.meta.get("terms", True):
            html = link_first_uses(html, {use.text: self._term_address(use, page) for use in reversed(uses)})
        settings, url, said = self.project.settings, partial(self._document_url, page), self.words
        return with_cards(html, lambda: render_cards(settings, self.templates, said, url, self.state_of))

    @event_priority(LAST)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Add the page's clauses to the search index, after the search plugin has passed over the page."""
        if isinstance(page, DocumentPage):
            index = self.terms.documents.get(page.document.id) if self.terms else None
            add_search_entries(page, config, index.definitions.get(page.document.id, ()) if index else ())
        else:
            unescape_titles(page, config)
        with told_plainly():
            put_list(self.posted, page)
        context["config"] = self.printed
        return context

    @event_priority(LAST)
    @told_plainly()
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Write what is none of MkDocs' pages, then compare every finished document page with its source: nothing is
        written after that, and a build in which one differs is not published.
        """
        collect()
        if self._policies():
            kept = page_sources(inlined(style_sheet(self.words, self._own_templates(config))))
            write_policies(Path(config.site_dir), [kept] if self.edition.record.versions else [])
        self._write_archive(config)
        self._write_redirects(config)
        self._check_pages()
        if self.staging:
            self.staging.publish()

    def _check_pages(self) -> None:
        """Compare the pages as they lie in the site's folder with their sources; those that differ are deleted."""
        findings = []
        for page in self.pages.values():
            path = Path(page.file.abs_dest_path)
            html = path.read_text(encoding="utf-8") if path.is_file() else ""
            finding = check_site_page(page.document, html, self.words)
            if finding:
                # Where the source itself can be read in two ways, that is what to say, as `check` and `release` do.
                findings.append(check_reading(page.document) or finding)
                path.unlink(missing_ok=True)
        if findings:
            raise PluginError(report(findings))

    def on_build_error(self, *, error: Exception) -> None:
        """Leave the site as it was."""
        if self.staging:
            self.staging.discard()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Watch the templates too; MkDocs itself watches the docs folder, YAML and notes included."""
        for folder in template_folders(self._own_templates(config)):
            server.watch(str(folder))
        return server

    def _add_page(self, document: Document, files: Files, config: MkDocsConfig, titles: Mapping[str, str]) -> None:
        entry = document.entry
        catalogue = self.project.catalogues.get(entry.id)
        file = page_file(files, entry, config, self.settings_path(config))
        if files.get_file_from_path(file.src_uri) is not file:
            files.append(file)
        if catalogue:
            made = make_catalogue_files(entry, catalogue, self.day, file, config, self.words)
        else:
            made = [download(document, file, config)]
        for other in made:
            put_file(files, other)
        make_content = partial(self._content, files, config)
        self.pages[entry.id] = DocumentPage(titles.get(file.src_uri), file, config, document, make_content)

    def _bind(self, files: Files, config: MkDocsConfig, titles: Mapping[str, str]) -> None:
        """Find every term, look for drafting mistakes, and put in the page of defined terms, as far as asked for."""
        ordinary = {}
        if self.config.link_terms and self.config.link_pages:
            own = {page.file.src_uri for page in self.pages.values()}
            ordinary = {
                file.src_uri: file.content_bytes for file in files.documentation_pages() if file.src_uri not in own
            }
        # What finds terms and mistakes takes long to load, and a site may do without.
        from engross.site.log import log_findings, log_pages
        from engross.site.terms import bind_site

        with long_lived():
            self.terms = bind_site(self.project, ordinary)
        if self.config.check:
            log_findings(self.terms, self.edition, self._state(config))
            published = {file.src_uri for file in files.documentation_pages()}
            log_pages(self._folders(config), published, self.edition.drafts)
        if self.config.link_terms:
            self._add_defined_terms(files, config, titles)

    def _add_defined_terms(self, files: Files, config: MkDocsConfig, titles: Mapping[str, str]) -> None:
        """Put in the page of defined terms, unless the site has a page of that name itself."""
        title = titles.get(_TERMS_PAGE, self.words["defined_terms"])
        self.terms_file = files.get_file_from_path(_TERMS_PAGE)
        if self.terms_file is None:
            self.terms_file = generated_file(config, _TERMS_PAGE, title, self.settings_path(config))
            files.append(self.terms_file)
            GeneratedPage(title, self.terms_file, config, partial(self._defined_terms, config))

    def _defined_terms(self, config: MkDocsConfig, page: Page) -> str:
        url = partial(self._document_url, page)
        assert self.terms is not None
        return render_defined_terms(list(self.terms.sets), self.templates, self.words, url)

    def _term_address(self, use: Use, page: Page) -> str:
        definition = use.definition
        target = self.pages[definition.place.document]
        return f"{get_relative_url(target.url, page.url)}#{definition.anchor}"

    @told_plainly()
    def _content(self, files: Files, config: MkDocsConfig, page: DocumentPage, resolve: Resolve) -> str:
        document = page.document
        entry = document.entry
        around = Surroundings(
            templates=self.templates,
            words=self.words,
            resolve=with_posted_pictures(self.edition, entry.id, resolve, partial(from_root, page)),
            document_url=partial(self._document_url, page),
            page_url=partial(_page_url, files, page),
            download=get_relative_url(beside(entry, source_suffix(entry), page.file), page.url),
            terms_page=get_relative_url(self.terms_file.url, page.url) if self.terms_file else "",
            state=page_state(self.edition, entry.id, self.words),
            site_url=partial(from_root, page),
            note_page=self._note_page(config, entry),
            address=page.canonical_url or f"/{page.url.removeprefix('./')}",
            root=config.site_url or "/",
        )
        catalogue = self.project.catalogues.get(document.id)
        if catalogue is None:
            terms = self.terms.documents.get(document.id) if self.terms and self.config.link_terms else None
            return render_document(self.project, document, around, terms)
        names = catalogue_files(entry, page.file)
        names["script"] = self.scripts.models
        addresses = {kind: get_relative_url(name, page.url) for kind, name in names.items()}
        news = {} if self.edition.draft else model_news(self.posted.pub, self.posted.told, entry.id, catalogue.models)
        return render_catalogue(self.project, entry, catalogue, self.day, around, addresses, news)

    def _document_url(self, page: Page, entry: DocumentEntry) -> str:
        target = self.pages.get(entry.id)
        return get_relative_url(target.url, page.url) if target else entry.published


def _nav_titles(nav: Any) -> Iterator[tuple[str, str]]:
    """The titles that `nav` gives, by source path: MkDocs drops those of pages that exist before it reads them."""
    if isinstance(nav, dict):
        for title, value in nav.items():
            if isinstance(value, str):
                yield value, title
            else:
                yield from _nav_titles(value)
    elif isinstance(nav, list):
        for item in nav:
            yield from _nav_titles(item)


def _page_url(files: Files, page: DocumentPage, path: str) -> str:
    file = files.get_file_from_path(path)
    return get_relative_url(file.url, page.url) if file else path
