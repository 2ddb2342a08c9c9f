"""What a build logs: drafting findings, and every message without control characters.

A service such as GitHub Actions reads the log line by line, and takes some lines for commands. Names of files, words of
texts and messages of other plugins get into it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping

from mkdocs.plugins import get_plugin_logger

from engross.common import visible
from engross.corpus import Folders, Project
from engross.drafting import (
    Exceptions,
    check_pages,
    check_pending,
    check_subjects,
    let_pass,
    ordinary_pages,
    project_subjects,
    with_posted,
)
from engross.model import Diagnostic, Severity
from engross.record import State, emergencies, posted_terms
from engross.site.editions import SiteEdition, announced_editions
from engross.site.term_binding import SiteTerms
from engross.text import CONTROL_CHARACTER as CONTROL

NOTICE = 25
"""The level of messages that everybody should read and that fail no strict build: above INFO, below WARNING."""

logging.addLevelName(NOTICE, "NOTICE")


def guard_log() -> None:
    """Escape control characters in all that MkDocs logs; to be called at the beginning of each build."""
    for handler in logging.getLogger("mkdocs").handlers:
        # The same function again is not added.
        handler.addFilter(_make_visible)


def _make_visible(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    shown = visible(message)
    if shown != message:
        record.msg, record.args = shown, ()
    return True


log = get_plugin_logger("engross")

_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTE: logging.DEBUG}
_SEALED = {**_LEVELS, Severity.WARNING: logging.INFO}
# The clauses and terms of a text that is shown verbatim are not known, so a reference to them is no error.
_VERBATIM = {**_SEALED, Severity.ERROR: logging.INFO}


def log_findings(terms: SiteTerms, edition: SiteEdition, state: State) -> None:
    """Log drafting mistakes as MkDocs logs its own, so that a strict build fails on them.

    Then mistakes in change notes, and texts that changed without a note.

    Every announced edition is checked as well. In sealed texts only errors fail a build: whoever posted them has seen
    the warnings, and only another change can fix them.
    """
    exceptions = Exceptions.of(edition.project.settings)
    subjects = terms.subjects()
    if edition.shows_drafts:
        posted = posted_terms(state.project, state.record)
        subjects = [with_posted(subject, posted, state.project) for subject in subjects]
    for announced in announced_editions(edition):
        subjects += project_subjects(announced)
    found = let_pass(check_subjects(subjects, exceptions=exceptions), emergencies(state.plan))
    verbatim = any(document.verbatim for document in edition.project.documents.values())
    _log(found, _VERBATIM if verbatim else _LEVELS if edition.shows_drafts else _SEALED)
    if not edition.shows_drafts:
        # A release would refuse these: the build fails as it does.
        _log(check_pending(state))
    _log(state.findings())


def log_pages(folders: Folders, published: Collection[str], project: Project) -> None:
    """Log characters that hide or reverse text in mkdocs.yml and in the ordinary pages among the files `published`.

    `engross check` reports warnings: the pages are the site owner's, and other sites build with them.
    """
    pages = [name for name in ordinary_pages(folders, project) if name in published]
    _log(check_pages(folders, pages, {CONTROL}))


def _log(findings: Iterable[Diagnostic], levels: Mapping[Severity, int] = _LEVELS) -> None:
    for finding in findings:
        log.log(levels[finding.severity], "%s [%s]", finding, finding.rule)
