"""The hooks that see a page after its theme: what stands around the text is put there. `around` says what."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from engross.corpus import Project
from engross.model import DocumentEntry
from engross.render import DocumentState
from engross.site.editions import SiteEdition
from engross.site.files import Scripts, put_file
from engross.site.html_postprocess import (
    NOT_FOUND,
    SITEMAP,
    add_machine_files,
    as_printed,
    escape_titles,
    finish_not_found,
    finish_page,
    finish_sitemap,
)
from engross.site.options import EngrossConfig
from engross.site.pages import DocumentPage
from engross.site.posted import PostedSite, feed_links

LAST = -100
"""The priority of a hook that comes after those of all other plugins."""


class Dressing(BasePlugin[EngrossConfig]):  # type: ignore[no-untyped-call]
    """The part of the plugin that knows nothing of clauses; `files` are those of the site."""

    project: Project
    edition: SiteEdition
    templates: Environment
    words: Mapping[str, str]
    posted: PostedSite
    pages: dict[str, DocumentPage]
    scripts: Scripts
    files: Files
    nav: Navigation
    printed: MkDocsConfig

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG002
        """Keep the navigation: its titles are escaped once all pages are read."""
        self.nav = nav
        return nav

    @event_priority(LAST)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Make text of what themes print as HTML: what pages, sections and the site are called."""
        escape_titles(env, files, self.nav)
        self.printed = as_printed(config)
        return env

    def on_template_context(
        self,
        context: TemplateContext,
        *,
        template_name: str,  # noqa: ARG002
        config: MkDocsConfig,  # noqa: ARG002
    ) -> TemplateContext:
        """Give templates that belong to no page what is said of the site as text."""
        context["config"] = self.printed
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Add what the head lacks, and mend the theme's markup."""
        feeds = feed_links(self.posted, page)
        return finish_page(output, page, config, self.templates, self.words, feeds)

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Offer the documents where an address leads nowhere; keep out of the sitemap what is not to be found."""
        if template_name == SITEMAP:
            return finish_sitemap(output, self.files)
        if template_name != NOT_FOUND:
            return output
        said = self.words
        return finish_not_found(
            output, config, self.project.settings, self.templates, said, self._site_address, self.state_of
        )

    def state_of(self, document: str) -> DocumentState | None:
        """What the record says of a document on the build's day."""
        return self.edition.state(document, self.words)

    def add_files(self, files: Files, config: MkDocsConfig, said: Mapping[str, str]) -> None:
        """Put in the scripts, and what the site says to programs as a whole."""
        for name, content in self.scripts.files.items():
            put_file(files, File.generated(config, name, content=content))
        add_machine_files(files, config, self.project.settings, said, self.pages, self.state_of)

    def _site_address(self, entry: DocumentEntry) -> str:
        target = self.pages.get(entry.id)
        return target.url if target else entry.published
