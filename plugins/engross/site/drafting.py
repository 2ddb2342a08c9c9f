"""Drafting mistakes in the log of a build."""

from __future__ import annotations

import logging

from mkdocs.plugins import get_plugin_logger

from engross.checks.engine import Exceptions, check_subjects, diagnostics
from engross.corpus.documents import Settings
from engross.model import Severity
from engross.site.terms import SiteTerms

log = get_plugin_logger("engross")

_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTE: logging.DEBUG}


def log_findings(terms: SiteTerms, settings: Settings) -> None:
    """Report drafting mistakes as MkDocs reports its own, so that a strict build fails on them."""
    exceptions = Exceptions(settings.exceptions, settings.file.source.path)
    for finding in diagnostics(check_subjects(terms.subjects(), exceptions=exceptions)):
        log.log(_LEVELS[finding.severity], "%s [%s]", finding, finding.rule)
