"""The MkDocs plugin: each hook hands what MkDocs gives it to a plain function.

on_config       → `build`: read and check the docs folder
on_files        → `added_files`: pages for documents, and the files that go with them
on_page_content → `page_content`: links and cards in ordinary pages
on_page_context → `search_index`, `posted_changes`: search entries; lists of posted changes
on_post_page    → `html_postprocess`, `policies`: head, fixes of the theme, policy; then MkDocs writes the page
on_post_build   → `post_build`: pages of the record, and the finished pages against their sources
on_serve        → `serving`: what is watched, and what happens after a mistake

In a preview, `preview` adds the banner and the findings to each page.
"""

# ruff: noqa: ARG002 (hooks take what MkDocs names, whether they use it or not)

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from engross.common import begin_steps, collect, exclude_all, is_of_machine, show_progress
from engross.render import COMPILED, template_folders
from engross.site.added_files import add_documents
from engross.site.build import Build, build_errors, machine_failure, own_templates, start_build
from engross.site.files import built_languages, check_characters, lift_guard, list_visible_files_only, makes_files_anew
from engross.site.html_postprocess import (
    NOT_FOUND,
    SITEMAP,
    as_printed,
    escape_titles,
    finish_not_found,
    finish_page,
    finish_sitemap,
)
from engross.site.kept_pages import FinishedPage, has_known_hooks, is_settled, kept_pages, page_head, printed_words
from engross.site.log import guard_log
from engross.site.options import EngrossConfig
from engross.site.page_content import link_ordinary_page
from engross.site.pages import DocumentPage
from engross.site.policies import secure_page
from engross.site.post_build import finish_site
from engross.site.posted_changes import put_list
from engross.site.preview import not_listed, put_notices
from engross.site.search_index import (
    add_change_entries,
    add_search_entries,
    search_ordinary_pages_only,
    unescape_titles,
)
from engross.site.theme_navigation import render_navigation_once

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

LAST = -100
"""The priority of a hook that comes after those of all other plugins."""

_AFTER_I18N = -200

_SERVE = "serve"
_BUILDS = ("build", "gh-deploy", _SERVE)
"""The commands that build a site as a whole, by the names that site engines give them."""

_ONE_LANGUAGE = (
    "the plugin i18n in mkdocs.yml builds several languages ({}), and Engross publishes a site in one; "
    "set `build: false` for all but one of them, or give each language a site of its own"
)


class EngrossPlugin(BasePlugin[EngrossConfig]):  # type: ignore[no-untyped-call]
    """Publishes the documents of `documents.yml` as pages of the site. `build` is the state of the present build."""

    build: Build
    command = "build"
    staged = True

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Stage a build, so that the last good site stays; but not where only some pages are built anew.

        Other tools, such as mike, only read the configuration, and the site folder that it names, in their process.
        """
        self.command = command
        self.staged = command in _BUILDS and not dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read and check the docs folder; a mistake in it stops the build before anything is written."""
        guard_log()
        if self.command == _SERVE:
            from engross.site.serving import count_no_warnings  # a server, which a build needs not

            count_no_warnings()
        elif self.command in _BUILDS:
            show_progress(sys.stderr)
        if halves := check_characters(config):
            raise PluginError("\n".join(halves))
        if sum(isinstance(plugin, EngrossPlugin) for plugin in config.plugins.values()) > 1:
            raise PluginError("mkdocs.yml lists the plugin engross twice; list it once, with all its options")
        if makes_files_anew(config) and len(built_languages(config)) > 1:
            raise PluginError(_ONE_LANGUAGE.format(", ".join(built_languages(config))))
        lift_guard(config)
        self.build = start_build(self.config, config, self.command, staged=self.staged)
        search_ordinary_pages_only(config)
        list_visible_files_only(config)
        # The comparison of the finished pages comes after any other plugin, whatever its priority.
        config.plugins.events["post_build"].sort(key=lambda hook: getattr(hook, "__self__", None) is self)
        return config

    def _add_files_in_order(self, files: Files, *, config: MkDocsConfig) -> Files:
        return files if makes_files_anew(config) else self._add_files(files, config)

    @event_priority(_AFTER_I18N)
    def _add_files_last(self, files: Files, *, config: MkDocsConfig) -> Files:
        return self._add_files(files, config) if makes_files_anew(config) else files

    on_files = CombinedEvent(_add_files_in_order, _add_files_last)
    """Other plugins see the pages of documents from the place on at which `engross` is listed; i18n makes all files
    anew, and forgets their pages, so that with it they come last."""

    @build_errors()
    def _add_files(self, files: Files, config: MkDocsConfig) -> Files:
        # Plugins that read the settings after this one may have replaced them.
        self.build.config = config
        add_documents(self.build, files)
        return files

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep the navigation: its titles are escaped once all pages are read."""
        self.build.nav = nav
        return nav

    @build_errors()
    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Link the first use of each term in an ordinary page, and show the documents where it asks for them."""
        return html if isinstance(page, DocumentPage) else link_ordinary_page(self.build, html, page)

    @event_priority(LAST)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Escape the titles of pages, sections and the site, which themes print as HTML. Add changes to the search.

        Inactive entries of the navigation are rendered once, and pages of which nothing changed not at all.
        """
        add_change_entries(self.build.posted, config)
        escape_titles(env, files, self.build.nav)
        render_navigation_once(env, settled=is_settled(config), cache=self.build.edition.cache)
        env.bytecode_cache = env.bytecode_cache or COMPILED
        self.build.printed = as_printed(config)
        self.build.rendering = begin_steps("Rendering pages", len(files.documentation_pages()))
        self.build.kept = kept_pages(self.build, config)
        self.build.kept.keep(env, config)
        # Another plugin may look for files in the site folder.
        if self.build.staging and has_known_hooks(config, ["post_build"]):
            self.build.staging.keep_files(files)
        # The contents of all pages are needed until the end of the build.
        exclude_all()
        return env

    @event_priority(LAST)
    @build_errors()
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Add the page's clauses to the search index and its list of posted changes, after the search plugin."""
        terms = self.build.terms
        if isinstance(page, DocumentPage):
            index = terms.documents.get(page.document.id) if terms else None
            definitions = index.definitions.get(page.document.id, ()) if index else ()
            add_search_entries(page, config, definitions, self.build.edition.cache)
        else:
            unescape_titles(page, config)
        put_list(self.build.posted, page, self.build.within)
        put_notices(self.build, page)
        context["config"] = self.build.printed
        return context

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Give templates that belong to no page the escaped settings of the site."""
        context["config"] = self.build.printed
        return context

    def _finish_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        if isinstance(output, FinishedPage):
            return output
        build = self.build
        meta = page_head(build, page, config)
        return finish_page(output, meta, build.templates, build.words, build.scripts.search, printed_words(build, page))

    @event_priority(LAST)
    def _secure_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        self.build.rendering.advance()
        if isinstance(output, FinishedPage):
            return output
        html = self._secure(output, page.file.dest_uri)
        self.build.kept.put(page.file.dest_uri, html)
        return html

    on_post_page = CombinedEvent(_finish_page, _secure_page)
    """Head and theme are finished where `engross` is listed: a plugin that minifies pages may follow. The policy comes
    after all other plugins. MkDocs then writes the page, once."""

    def _finish_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        build, settings = self.build, self.build.project.settings
        if template_name == SITEMAP:
            # MkDocs writes no empty file.
            return "" if build.edition.preview else finish_sitemap(output, build.files)
        if template_name != NOT_FOUND:
            return output
        return finish_not_found(
            output,
            config,
            settings,
            build.templates,
            build.words,
            build.scripts.search,
            build.site_address,
            build.state_of,
            build.languages.of_text,
            preview=build.edition.preview,
        )

    @event_priority(LAST)
    def _secure_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        return self._secure(output, template_name) if template_name.endswith(".html") else output

    on_post_template = CombinedEvent(_finish_template, _secure_template)
    """The same for pages such as 404.html, which are made from no source."""

    def _secure(self, html: str, name: str) -> str:
        """Put its policy into a page, and keep what it allows under the name of the page's file.

        Each page of a preview also says that search engines must not list it.
        """
        if self.build.edition.preview:
            html = not_listed(html)
        if self.build.policies and html.strip():
            html, self.build.secured[name] = secure_page(html)
        return html

    @event_priority(LAST)
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Write the pages of the record, then compare every finished document page with its source."""
        collect()
        self.build.rendering.end()
        finish_site(self.build)

    @event_priority(LAST)
    def on_build_error(self, *, error: BaseException) -> None:
        """Leave the site as it was. Raises PluginError where the machine has failed, instead of a traceback."""
        # There is none where the settings are wrong.
        build: Build | None = getattr(self, "build", None)
        if build:
            build.rendering.end()
        if build and build.staging:
            build.staging.discard()
        if isinstance(error, OSError) and is_of_machine(error):
            raise PluginError(machine_failure(error, build.config.site_dir if build else "")) from None

    def on_shutdown(self) -> None:
        """Remove the folder of a build that was interrupted."""
        self.on_build_error(error=KeyboardInterrupt())

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Keep the last good site while a mistake is corrected. Watch templates, notes, record and inherited settings.

        MkDocs itself watches mkdocs.yml and the docs folder.
        """
        from engross.site.serving import keep_serving, watch

        keep_serving(server)
        folders, own = self.build.folders, own_templates(self.config, config)
        outside = (one for one in (own, folders.notes, folders.record) if folders.docs not in one.parents)
        watch(server, [*template_folders(own), *outside], folders.configs)
        return server
