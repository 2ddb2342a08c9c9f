"""What MkDocs logs while Engross is active: without controls, and no line of it a command to a workflow service.

Names of files, words of texts and messages of other plugins get into the log, which a service such as GitHub Actions
reads line by line.
"""

from __future__ import annotations

import logging

from engross.characters import visible

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
