"""What commands exit with, and the one list of what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable

from engross.model import Diagnostic

CLEAN, FOUND, UNREADABLE = 0, 1, 2
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""

_UNREADABLE = frozenset({"missing-file", "unreadable-file", "encoding", "control-character", "outside"})


def unreadable(findings: Iterable[Diagnostic]) -> bool:
    """Whether any finding says that a file cannot be read, which weighs more than what is found in others."""
    return any(found.rule in _UNREADABLE for found in findings)
