"""Exceptions: what `documents.yml` allows although a rule finds it, each with its reason.

An exception names a rule and a document, and may narrow that to a clause (by its label or its anchor) and to the words
that the finding is about. One that allows nothing has outlived its reason, and is reported itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from engross.checks.findings import Judged
from engross.corpus.documents import Allowed


def apply_exceptions(
    judged: Iterable[Judged], allowed: Sequence[Allowed], documents: Collection[str]
) -> tuple[list[Judged], list[Allowed]]:
    """What is left of the findings, and the exceptions for these documents that allowed none of them."""
    used: set[int] = set()
    left = []
    for item in judged:
        matching = [at for at, exception in enumerate(allowed) if allows(exception, item)]
        used.update(matching)
        if not matching:
            left.append(item)
    stale = [exception for at, exception in enumerate(allowed) if at not in used and exception.document in documents]
    return left, stale


def allows(exception: Allowed, item: Judged) -> bool:
    """Whether an exception is for a finding."""
    finding = item.finding
    if exception.rule != item.diagnostic.rule or exception.document != finding.document:
        return False
    if exception.clause and not _same(exception.clause, finding.clause) and exception.clause != finding.anchor:
        return False
    return not exception.text or _same(exception.text, finding.text)


def _same(one: str, other: str) -> bool:
    """Whether two pieces of text are the same but for white space and the kind of quotation marks."""
    return _folded(one) == _folded(other)


def _folded(words: str) -> str:
    for fancy, plain in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'")):
        words = words.replace(fancy, plain)
    return " ".join(words.split())
