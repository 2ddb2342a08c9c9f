"""The baseline: findings of the drafting check that were in the texts when a site adopted them, and that may stay.

A finding is known by its rule, its document, and a hash of its clause's words with the words that it is about. So it
stays known when lines move, and is reported again as soon as its clause changes. The file is JSON with one finding a
line, sorted. Findings that protect what is published can never be in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from hashlib import sha256
from typing import TypeAlias

from engross.common import lazy_value, value_class
from engross.drafting.rules import BY_NAME, REQUIRED, STALE_EXCEPTION, slips, uses
from engross.drafting.subject import Finding, Judged
from engross.model import ClauseKind, Diagnostic, Document, Severity

NEVER = REQUIRED | frozenset(
    rule.name
    for rule in (
        slips.RAW_HTML, slips.UNSAFE_LINK, slips.OUTSIDE_IMAGE, slips.OPEN_COMMENT, slips.TABLE_ROW,
        slips.UNUSED_LINK, slips.FOOTNOTE, slips.HIDDEN_CHARACTER,
        slips.MIXED_SCRIPT, uses.DELETED_DEFINITION, slips.STALE_EXCEPTION,
    )
)  # fmt: skip
"""The drafting rules whose findings no baseline can hide: they protect what is published, or the baseline itself."""

ALLOWED = tuple(name for name in BY_NAME if name not in NEVER)
"""The rules whose findings a baseline can hide."""

Key: TypeAlias = tuple[str, str, str]
"""The rule, the document and the hash of a finding."""


@value_class(frozen=True)
class Baseline:
    """The known findings: how many there may be of each, and the path of their file in messages."""

    counts: Mapping[Key, int] = field(default_factory=dict)
    path: str = ""

    def __bool__(self) -> bool:
        return bool(self.path)

    @property
    def size(self) -> int:
        """The number of known findings."""
        return sum(self.counts.values())

    @property
    def shown_size(self) -> str:
        """The number of known findings for people."""
        return "1 known finding" if self.size == 1 else f"{self.size:,} known findings"

    def let_pass(
        self, judged: Iterable[Judged], documents: Iterable[Document], rules: Collection[str]
    ) -> tuple[list[Judged], list[Judged]]:
        """Return the findings that are not known, and a note where some known ones are no longer found.

        `documents` are the texts that were checked by `rules`. The same finding in two texts of one document, such as
        the one in force and an announced one, counts once.
        """
        if not self.counts:
            return list(judged), []
        texts = clauses_by_path(documents)
        found: dict[str, Counter[Key]] = {}
        left = []
        for item in judged:
            clauses = texts.get(item.finding.path)
            key = clauses and key_of(item, clauses)
            counted = found.setdefault(item.finding.path, Counter())
            if not key or counted[key] >= self.counts.get(key, 0):
                left.append(item)
            else:
                counted[key] += 1
        checked = {clauses.document.id for clauses in texts.values()}
        stale = sum(
            count - max((counted[key] for counted in found.values()), default=0)
            for key, count in self.counts.items()
            if key[1] in checked and key[0] in rules
        )
        return left, [self._stale(stale)] if stale and STALE_EXCEPTION.name in rules else []

    def _stale(self, count: int) -> Judged:
        known = "1 known finding matches" if count == 1 else f"{count:,} known findings match"
        message = f"{known} nothing any more; run engross check --write-baseline {self.path} to shorten this file"
        finding = Finding("", self.path, 0, 0, message, severity=Severity.NOTE)
        return Judged(finding, Diagnostic(STALE_EXCEPTION.name, Severity.NOTE, self.path, 0, 0, message))


NO_BASELINE = Baseline()


@value_class(frozen=True)
class Clauses:
    """A document whose clauses are found by their place in its source."""

    document: Document

    @lazy_value
    def _starts(self) -> tuple[tuple[int, str], ...]:
        """Where each clause with words of its own begins in the source, and its words, in order."""
        source = self.document.source
        assert source is not None
        found = []
        for clause in self.document.root.walk():
            if clause.kind in _OWN_WORDS:
                in_row = clause.kind is ClauseKind.CELL
                start = clause.inline.source_offset(0) if in_row else source.line_starts[clause.lines[0] - 1]
                found.append((start, f"{'#' * clause.level} {clause.marker} {clause.inline.text}"))
        return tuple(sorted(found, key=lambda one: one[0]))

    def words_at(self, line: int, column: int) -> str:
        """The words of the clause at a place, with its marker; whole sentences, also of items within them."""
        source = self.document.source
        assert source is not None
        at = bisect_right(self._starts, source.offset(line, max(column, 1)), key=lambda one: one[0])
        return self._starts[at - 1][1] if at else ""


_OWN_WORDS = frozenset((ClauseKind.SECTION, ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.CELL, ClauseKind.CODE))


def clauses_by_path(documents: Iterable[Document]) -> dict[str, Clauses]:
    """The clauses of documents, by the paths of their sources."""
    return {document.source.path: Clauses(document) for document in documents if document.source}


def key_of(item: Judged, clauses: Clauses) -> Key | None:
    """The facts that identify a finding; None if no baseline can hide it."""
    rule, found = item.diagnostic.rule, item.finding
    if rule not in ALLOWED or not found.line:
        return None
    words = clauses.words_at(found.line, found.column)
    return rule, found.document, _hashed(words, found.text or _without_numbers(found.message))


def finding_key(found: Diagnostic, texts: Mapping[str, Clauses], path: str = "") -> Key:
    """By what any finding is known when lines move; `texts` are the clauses by path, `path` is that of another file."""
    clauses = texts.get(found.path)
    words = clauses.words_at(found.line, found.column) if clauses and found.line else ""
    document = clauses.document.id if clauses else path or found.path
    return found.rule, document, _hashed(words, _without_numbers(found.message))


def _without_numbers(message: str) -> str:
    # Messages name lines and counts of other places; without them, they say what the finding is about.
    return re.sub(r"\d+", "#", message)


def _hashed(words: str, about: str) -> str:
    return sha256("\0".join((normalised(words), normalised(about))).encode()).hexdigest()[:32]


def normalised(words: str) -> str:
    """A text without differences of white space and of the style of quotation marks."""
    for fancy, plain in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'")):
        words = words.replace(fancy, plain)
    return " ".join(words.split())
