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
    Links,
    check_note_texts,
    check_own_texts,
    check_pages,
    check_pending,
    check_subjects,
    let_pass,
    ordinary_pages,
    own_documents,
    pending_documents,
    project_subjects,
    site_exceptions,
    unknown_rules,
    with_posted,
)
from engross.model import Diagnostic, Severity
from engross.record import State, emergencies, posted_texts
from engross.render import check_readings
from engross.site.editions import SiteEdition, announced_editions
from engross.site.term_binding import SiteTerms
from engross.terms import Readings
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
_SEALED = {**_LEVELS, Severity.ERROR: NOTICE, Severity.WARNING: logging.INFO}
# The clauses and terms of a text that is shown verbatim are not known, so a reference to them is no error.
_VERBATIM = {**_SEALED, Severity.ERROR: logging.INFO}
# Waiting changes in the docs are not shown, so they stop no build that shows the versions in force.
_WAITING = {Severity.ERROR: NOTICE, Severity.WARNING: NOTICE, Severity.NOTE: logging.DEBUG}


def log_findings(terms: SiteTerms, edition: SiteEdition, state: State, folders: Folders) -> list[Diagnostic]:
    """Log drafting mistakes as MkDocs logs its own, so that a strict build fails on them.

    Then what a release would refuse in texts that the build does not show, mistakes in change notes, and texts that
    changed without a note. A build that publishes what is in force only names these, since it shows none of them.

    Every announced edition is checked as well. Sealed texts fail no build: their findings were known when they were
    posted, or a later rule found them, and only another change can correct them. Returns what was logged as a warning
    or an error.
    """
    exceptions = site_exceptions(edition.project)
    subjects = terms.subjects()
    if edition.shows_drafts:
        posted = posted_texts(state.project, state.record)
        subjects = [with_posted(subject, posted, state.project) for subject in subjects]
    for announced in announced_editions(edition):
        subjects += project_subjects(announced, readings=Readings(edition.cache))
    found = let_pass(check_subjects(subjects, exceptions=exceptions), emergencies(state.plan))
    verbatim = any(document.verbatim for document in edition.project.documents.values())
    logged = log_diagnostics(found, _VERBATIM if verbatim else _LEVELS if edition.shows_drafts else _SEALED)
    unreadable = [one for found in state.plan.unreadable.values() for one in found] if edition.publishes else []
    waiting = [*unreadable, *_unshown(edition, state, folders, exceptions), *state.findings()]
    if edition.publishes and any(one.severity > Severity.NOTE for one in waiting):
        log.log(NOTICE, "The site shows what is in force. This keeps changes in the docs from being posted:")
    # In other builds, what a release would refuse fails the build too.
    return logged + log_diagnostics(waiting, _WAITING if edition.publishes else _LEVELS)


def _unshown(edition: SiteEdition, state: State, folders: Folders, exceptions: Exceptions) -> list[Diagnostic]:
    """What check and release refuse, and the pages of this build do not show."""
    if not edition.shows_drafts:
        found = [*check_readings(pending_documents(state)), *check_pending(state, folders)]
        return found or unknown_rules(exceptions)
    own = list(own_documents(state.plan))
    links = Links(state.project, folders, lambda: state.record, edition.cache)
    # MkDocs reports the other links of drafts, in their pages.
    excluded = links.check_excluded(state.project.documents.values())
    broken = [*links.check(own), *excluded, *links.check_notes(state.plan.notes), *check_note_texts(state.plan)]
    if not own:
        return broken
    judged = check_own_texts(state.plan, exceptions=exceptions)
    return [*check_readings(own), *broken, *let_pass(judged, emergencies(state.plan))]


def log_pages(folders: Folders, published: Collection[str], project: Project) -> list[Diagnostic]:
    """Log characters that hide or reverse text in mkdocs.yml and in the ordinary pages among the files `published`.

    `engross check` reports warnings: the pages are the site owner's, and other sites build with them. Returns what was
    logged.
    """
    pages = [name for name in ordinary_pages(folders, project.settings) if name in published]
    return log_diagnostics(check_pages(folders, pages, {CONTROL}))


def log_diagnostics(findings: Iterable[Diagnostic], levels: Mapping[Severity, int] = _LEVELS) -> list[Diagnostic]:
    """Log diagnostics; return those that were logged as a warning or an error."""
    logged = []
    for finding in findings:
        # A note to paste is the end of a message.
        shown = str(finding.with_rule()) if "\n" in finding.fix else f"{finding} [{finding.rule}]"
        log.log(levels[finding.severity], "%s", shown)
        if levels[finding.severity] >= logging.WARNING:
            logged.append(finding)
    return logged
