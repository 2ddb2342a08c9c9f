"""The state of one build of a site, and how it begins: the docs folder is read and checked before anything is written.

MkDocs calls one hook after another with nothing in common but the plugin. What one hook finds and another needs is in
`Build`, and the plain functions behind the hooks take it.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment, TemplateError
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engross.common import (
    FOLDER,
    NO_CACHE,
    Cache,
    EngrossError,
    Steps,
    as_of,
    error,
    forget_erased,
    long_lived,
    site_cache,
    value_class,
)
from engross.corpus import (
    Folders,
    Project,
    Words,
    check_catalogue,
    config_files,
    excluding,
    read_project,
    shown_path,
    ui_strings,
)
from engross.drafting import check_own_templates, check_published
from engross.exporting import FORMATS
from engross.model import Diagnostic, DocumentEntry
from engross.record import State, open_record, read_state, sealed_in
from engross.render import PAPER_STYLE, DocumentState, asset, environment, language_attributes, template_mistake
from engross.site.editions import IN_FORCE, SiteEdition, choose_edition, is_preview
from engross.site.files import Scripts, add_scripts, language, style_name
from engross.site.languages import SiteLanguages, site_languages
from engross.site.options import EngrossConfig
from engross.site.pages import DocumentPage
from engross.site.policies import SecuredPage
from engross.site.posted_changes import PostedSite
from engross.site.staging import Staging, check_site, in_site

if TYPE_CHECKING:
    from engross.site.kept_pages import KeptPages
    from engross.site.term_binding import SiteTerms

ARCHIVE = "archive"
"""The command that makes pages of versions alone (`engross archive`): no page shows terms or findings."""


@value_class
class Build:
    """What the hooks of one build share. `moment` is the instant as of which the site is built, `day` its local day.

    `findings` are the mistakes that a preview shows on its pages, besides those of documents that cannot be read.
    `rendering` is the progress of pages, `site_facts` the hash of what the contents of all document pages are made of.
    The last fields are known later: `files` and `posted` once the files of the site are collected; `nav`, `printed`
    (the settings as themes print them) and `kept` (the finished pages in the cache) once all pages are read.
    """

    options: EngrossConfig
    config: MkDocsConfig
    command: str
    languages: SiteLanguages
    moment: datetime
    day: date
    folders: Folders
    edition: SiteEdition
    templates: Environment
    style: bytes
    scripts: Scripts
    pages: dict[str, DocumentPage] = field(default_factory=dict)
    secured: dict[str, SecuredPage] = field(default_factory=dict)
    staging: Staging | None = None
    terms: SiteTerms | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    findings_of_pages: Mapping[str, list[Diagnostic]] = field(default_factory=dict)
    files: Files = field(init=False)
    posted: PostedSite = field(init=False)
    nav: Navigation = field(init=False)
    printed: MkDocsConfig = field(init=False)
    kept: KeptPages = field(init=False)
    rendering: Steps = field(default_factory=partial(Steps, "", 0))
    site_facts: str = ""
    _state: State | None = None

    @property
    def words(self) -> Words:
        """The words of pages in the language of the site."""
        return self.languages.words

    @property
    def within(self) -> Markup:
        """The attributes of an element with words of the site, where the theme has another language."""
        return language_attributes(self.words.language, language(self.config))

    @property
    def project(self) -> Project:
        """The documents that the pages show."""
        return self.edition.project

    @property
    def own_templates(self) -> Path:
        """The site's own folder of templates."""
        return own_templates(self.options, self.config)

    @property
    def settings_path(self) -> Path:
        """The path of documents.yml: pages that Engross makes as a whole are made from it."""
        return self.folders.docs / self.options.documents

    @property
    def policies(self) -> bool:
        """Whether pages get a policy; not while they are served, since the server adds a script of its own."""
        return bool(self.options.csp) and self.command != "serve"

    @property
    def state(self) -> State:
        """What a release would post, read when first needed."""
        if self._state is None:
            self._state = read_state(self.folders, self.moment, self.edition.drafts, self.edition.record)
        return self._state

    def state_of(self, document: str) -> DocumentState | None:
        """The state of a document in the record on the build's day."""
        return self.edition.state(document, self.words)

    def document_url(self, page: Page, entry: DocumentEntry) -> str:
        """The address of a document as seen from a page."""
        target = self.pages.get(entry.id)
        return get_relative_url(target.url, page.url) if target else entry.published

    def site_address(self, entry: DocumentEntry) -> str:
        """The address of a document within the site."""
        target = self.pages.get(entry.id)
        return target.url if target else entry.published


def start_build(options: EngrossConfig, config: MkDocsConfig, command: str, *, staged: bool) -> Build:
    """Read and check the docs folder, then add Engross' style sheet and scripts to the settings of the site.

    A `staged` build gets a folder of its own until it has succeeded. Raises PluginError with every mistake found.
    """
    own, folders = own_templates(options, config), _folders(options, config)
    with build_errors():
        if staged:
            check_site(config.site_dir)
        words, moment = ui_strings(language(config), own), as_of()
        for form in filter(None, map(FORMATS.get, options.formats)):
            form.require()
        with long_lived():
            # What may be published is verified in full.
            known = NO_CACHE if config.strict else site_cache(folders.root)
            edition = _read_edition(options.edition, folders, command, moment, known)
        languages = site_languages(edition.project, edition.record, words, own, edition.cache)
    project = edition.project
    day = moment.astimezone(ZoneInfo(project.settings.timezone)).date()
    found = [*check_published(project.settings, folders.docs, partial(_excludes, config)), *check_own_templates(own)]
    # Waiting changes in the docs do not stop a build that publishes the versions in force.
    read = project if edition.publishes else edition.drafts
    wrong = [one for catalogue in read.catalogues.values() for one in check_catalogue(catalogue, day, folders.docs)]
    if found or (wrong and not edition.preview):
        raise PluginError(report(found + wrong))
    templates, style = environment(own), asset("engross.css", own) + asset(PAPER_STYLE, own)
    config.extra_css.append(style_name(style))
    scripts = add_scripts(config, own, project.settings.synonyms)
    build = Build(options, config, command, languages, moment, day, folders, edition, templates, style, scripts)
    build.findings += wrong
    build.staging = Staging(config) if staged else None
    return build


def _excludes(config: MkDocsConfig, option: str, file: str) -> bool:
    return bool(config[option] and config[option].match_file(file))


def own_templates(options: EngrossConfig, config: MkDocsConfig) -> Path:
    """The folder beside mkdocs.yml whose templates come before the shipped ones."""
    return Path(config.config_file_path or ".").parent / options.templates


def _folders(options: EngrossConfig, config: MkDocsConfig) -> Folders:
    root, docs = Path(config.config_file_path or ".").parent, Path(config.docs_dir)
    notes, record = docs / options.notes, root / options.record
    # MkDocs guesses a branch where mkdocs.yml names none.
    configs = config_files(Path(config.config_file_path)) if config.config_file_path else ()
    named = any(re.search(rb"^edit_uri[ \t]*:", path.read_bytes(), re.MULTILINE) for path in configs)
    levels = config.validation.links.items()
    validation = {name: "warn" if level >= logging.WARNING else "info" for name, level in levels}
    return Folders(
        root, docs, options.documents, notes, record, config.repo_url or "",
        config.edit_uri if named and config.edit_uri else "",
        validation=validation,
        own_slugs="slugify" in str(config.mdx_configs),
        configs=configs,
        excludes=excluding(configs),
    )  # fmt: skip


def _read_edition(wanted: str, folders: Folders, command: str, moment: datetime, known: Cache) -> SiteEdition:
    # The versions in force are shown from the record, whatever the docs have.
    keep = is_preview(wanted, command) or wanted == IN_FORCE
    read = partial(read_project, folders.docs, folders.settings, sealed_in(folders.record), keep_unreadable=keep)
    try:
        record = open_record(folders.record, known)
    except EngrossError:
        read()  # a mistake in the docs is reported first
        raise
    try:
        # Before anything is kept: what is not known to be newer than the last redaction is deleted.
        forget_erased(folders.root, record.redactions)
    except OSError as problem:
        message = f"words that were redacted may be kept here, and it cannot be deleted: {problem.strerror}; delete it"
        raise EngrossError([error("redact", FOLDER, 0, 0, message)]) from None
    cache = site_cache(folders.root)
    return choose_edition(wanted, command, read(cache=cache), record, moment, cache)


def machine_failure(problem: OSError, site: str) -> str:
    """A message for an error of the system, with the fix; `site` is the folder that was written to."""
    fix = _FIXES.get(problem.errno or 0, "correct it")
    reason = (problem.strerror or str(problem)).lower()
    # Of a copy, it is the new file that the disk has no room for.
    place = shown_path(Path(os.fsdecode(problem.filename2 or problem.filename or site)))
    return str(error("system", in_site(place), 0, 0, f"{reason}; {fix}, and build again"))


_FIXES = {
    errno.EACCES: "allow it",
    errno.EDQUOT: "free some space",
    errno.EMFILE: "allow more (ulimit -n)",
    errno.ENOSPC: "free some space",
    errno.EPERM: "allow it",
    errno.EROFS: "name another folder",
}


def report(findings: Iterable[Diagnostic]) -> str:
    """Format findings as the message of a failed build, one a line."""
    return "\n".join(str(finding) for finding in findings)


@contextmanager
def build_errors() -> Iterator[None]:
    """Turn mistakes in what people wrote, templates included, into a PluginError: their places, and no traceback."""
    try:
        yield
    except EngrossError as failure:
        raise PluginError(report(failure.diagnostics)) from None
    except TemplateError as failure:
        raise PluginError(str(template_mistake(failure))) from None
