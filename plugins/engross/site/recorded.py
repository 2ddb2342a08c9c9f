"""The part of the plugin that knows the record: which edition is shown, what is published of versions and changes.

Each function adapts: what it publishes is made by `render/` from what `record/` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import TemplateError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engross.common import FOLDER, Cache, EngrossError, error, forget_erased
from engross.corpus import Folders, config_files, read_project
from engross.drafting import term_options
from engross.model import Diagnostic, DocumentEntry
from engross.record import State, new_note_page, open_record, read_state, sealed_in
from engross.render import asset, template_mistake
from engross.site.archive import archive_site, write_archive
from engross.site.dressing import Dressing
from engross.site.editions import SiteEdition, choose_edition, page_state
from engross.site.files import GeneratedPage, page_file
from engross.site.paths import write_redirects, write_retired
from engross.site.posted import PostedSite, add_posted_files, posted_site, write_change_pages
from engross.site.staging import Staging


class Recorded(Dressing):  # type: ignore[no-untyped-call]
    """Reads the record, and writes what stands on the site about it."""

    moment: datetime
    posted: PostedSite
    command = "build"
    state: State | None = None
    staging: Staging | None = None

    def _write_archive(self, config: MkDocsConfig) -> None:
        """Write the pages about the record's versions, which are none of MkDocs'."""
        root = Path(config.config_file_path or ".").parent
        own = self._own_templates(config)
        site, folder = self.posted.site, Path(config.site_dir)
        options = term_options(self.project.settings)
        with told_plainly():
            before = self.staging.site if self.staging else None
            cache = Cache(root / FOLDER / "archive")
            stands = write_archive(self.edition.record, self.moment, site, folder, cache, options, own, before)
            changes = write_change_pages(self.posted, folder, before)
            if self.staging:
                self.staging.keep([*stands, *changes])

    def _post(self, files: Files, config: MkDocsConfig, titles: Mapping[str, str]) -> None:
        """Put in what tells of posted changes."""
        own = self._own_templates(config)
        zone, policies = self.project.settings.timezone, self._policies()
        site = archive_site(config, zone, files, self.pages, self.templates, own, policies=policies)
        with told_plainly():
            self.posted = posted_site(self.edition, site, config, files, self.config.notes, own)
            add_posted_files(self.posted, files, config, titles, self.settings_path(config))

    def _policies(self) -> bool:
        """Whether pages have a policy; not while they are served, since the server adds a script of its own."""
        return bool(self.config.csp) and self.command != "serve"

    def _write_redirects(self, config: MkDocsConfig) -> None:
        entries = {entry.id: entry for entry in self.project.settings.documents}
        pages = {name: page.file.dest_uri for name, page in self.pages.items()}
        script = asset("moved.js", self._own_templates(config))
        with told_plainly():
            write_redirects(self.edition.record, pages, entries, config, self.posted.site, script)
            write_retired(self.edition, config, self.posted.site)

    def _read(self, config: MkDocsConfig) -> SiteEdition:
        folders = self._folders(config)
        drafts = read_project(folders.docs, folders.settings, sealed_in(folders.record))
        record, cache = open_record(folders.record), Cache(folders.root / FOLDER)
        try:
            forget_erased(folders.root, record.redactions)
        except OSError as problem:
            message = f"words that were redacted may be kept here, and it cannot be deleted: {problem.strerror}"
            raise EngrossError([error("redact", FOLDER, 0, 0, message)]) from None
        return choose_edition(self.config.edition, self.command, drafts, record, self.moment, cache)

    def _folders(self, config: MkDocsConfig) -> Folders:
        root, docs = Path(config.config_file_path or ".").parent, Path(config.docs_dir)
        notes, record = docs / self.config.notes, root / self.config.record
        return Folders(
            root, docs, self.config.documents, notes, record, config.repo_url or "", config.edit_uri or "",
            configs=config_files(Path(config.config_file_path)) if config.config_file_path else (),
        )  # fmt: skip

    def settings_path(self, config: MkDocsConfig) -> Path:
        """Where documents.yml is: pages that Engross makes as a whole are made from it."""
        return Path(config.docs_dir) / self.config.documents

    def _note_page(self, config: MkDocsConfig, entry: DocumentEntry) -> str:
        """Where a change note about a document is begun; empty where nothing is known of the repository."""
        if not config.repo_url or not self.edition.record.entries:
            return ""
        return new_note_page(self._folders(config), self._state(config).plan, entry)

    def _state(self, config: MkDocsConfig) -> State:
        """What a release would post, read once for a build."""
        if self.state is None:
            self.state = read_state(self._folders(config), self.moment, self.edition.drafts, self.edition.record)
        return self.state

    def _own_templates(self, config: MkDocsConfig) -> Path:
        return Path(config.config_file_path or ".").parent / self.config.templates

    def _add_stateless(
        self, entry: DocumentEntry, files: Files, config: MkDocsConfig, titles: Mapping[str, str]
    ) -> None:
        """Give a document of which no version is in force a page that says so, and what is announced."""
        file = page_file(files, entry, config, self.settings_path(config))
        if files.get_file_from_path(file.src_uri) is not file:
            files.append(file)
        GeneratedPage(titles.get(file.src_uri, entry.title), file, config, partial(self._stateless, entry))

    def _stateless(self, entry: DocumentEntry, page: Page) -> str:
        return self.templates.get_template("not-in-force.html").render(
            entry=entry,
            state=page_state(self.edition, entry.id, self.words),
            words=self.words,
            site_url=partial(from_root, page),
        )


def from_root(page: Page, address: str) -> str:
    """An address relative to the site's root, as seen from a page."""
    return get_relative_url(address, page.url)


def report(findings: Iterable[Diagnostic]) -> str:
    """Findings as the message of a failed build, one a line."""
    return "\n".join(str(finding) for finding in findings)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Within, a mistake in what people wrote, templates included, ends the build with its place and no traceback."""
    try:
        yield
    except EngrossError as failure:
        raise PluginError(report(failure.diagnostics)) from None
    except TemplateError as failure:
        raise PluginError(str(template_mistake(failure))) from None
