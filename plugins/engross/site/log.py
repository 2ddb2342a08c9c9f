"""What a build logs: drafting findings, and messages without controls.

What MkDocs logs while Engross is active: without controls, and no line of it a command to a workflow service.

Names of files, words of texts and messages of other plugins get into the log, which a service such as GitHub Actions
reads line by line.

Drafting mistakes in the log of a build.
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
"""The level of what everybody should read and no strict build fails on: between information and warnings."""

logging.addLevelName(NOTICE, "NOTICE")


def guard_log() -> None:
    """Let whatever writes MkDocs' log write what `visible` gives; to be called at the beginning of each build."""
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
# Where a text is shown as it was written, its clauses and terms are not known: what others say of them is no mistake.
_VERBATIM = {**_SEALED, Severity.ERROR: logging.INFO}


def log_findings(terms: SiteTerms, edition: SiteEdition, state: State) -> None:
    """Report drafting mistakes as MkDocs reports its own, so that a strict build fails on them; then what is wrong with
    change notes, and texts that changed in silence.

    What is announced is checked as well: each edition that is to come, as it will be. Of texts that are sealed only
    errors fail a build: whoever posted them has seen the warnings, and nobody can mend them but by another change.
    """
    settings = edition.project.settings
    exceptions = Exceptions(settings.exceptions, settings.file.source.path)
    subjects = terms.subjects()
    if edition.shows_drafts:
        posted = posted_terms(state.project, state.record)
        subjects = [with_posted(subject, posted, state.project) for subject in subjects]
    for announced in announced_editions(edition):
        subjects += project_subjects(announced)
    found = let_pass(check_subjects(subjects, exceptions=exceptions), emergencies(state.plan))
    verbatim = any(document.verbatim for document in edition.project.documents.values())
    _log(found, _VERBATIM if verbatim else _LEVELS if edition.shows_drafts else _SEALED)
    _log(state.findings())


def log_pages(folders: Folders, published: Collection[str], project: Project) -> None:
    """Report characters that hide or turn text in mkdocs.yml and in the ordinary pages among the files `published`.

    Warnings are left to `engross check`: the pages are the site owner's, and other sites build with them.
    """
    pages = [name for name in ordinary_pages(folders, project) if name in published]
    _log(check_pages(folders, pages, {CONTROL}))


def _log(findings: Iterable[Diagnostic], levels: Mapping[Severity, int] = _LEVELS) -> None:
    for finding in findings:
        log.log(levels[finding.severity], "%s [%s]", finding, finding.rule)
