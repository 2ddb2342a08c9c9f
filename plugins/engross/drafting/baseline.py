"""The baseline: findings of the drafting check that were in the texts when a site adopted them, and that may stay.

A finding is known by its rule, its document, and a hash of its clause's words with the words that it is about. So it
stays known when lines move, and is reported again as soon as its clause changes. The file is JSON with one finding a
line, sorted. Findings that protect what is published can never be in it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import EngrossError, error, lazy_value, meant, value_class
from engross.corpus import FORBID, Text, read, shown_path
from engross.drafting.rules import BY_NAME, STALE_EXCEPTION, slips, uses
from engross.drafting.subject import Finding, Judged
from engross.model import ClauseKind, Diagnostic, Document, Severity, Source
from engross.text import read_source

FORMAT: Literal[1] = 1
"""Rises when the file changes in a way that programs reading it must handle."""

NEVER = frozenset(
    rule.name
    for rule in (
        slips.RAW_HTML, slips.UNSAFE_LINK, slips.OUTSIDE_IMAGE, slips.OPEN_COMMENT, slips.TABLE_ROW,
        slips.UNUSED_LINK, slips.FOOTNOTE, slips.HIDDEN_CHARACTER,
        slips.MIXED_SCRIPT, uses.DELETED_DEFINITION, slips.STALE_EXCEPTION,
    )
)  # fmt: skip
"""The drafting rules whose findings no baseline lets pass: they protect what is published, or the baseline itself."""

ALLOWED = tuple(name for name in BY_NAME if name not in NEVER)
"""The rules whose findings a baseline may let pass."""

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Key: TypeAlias = tuple[str, str, str]
"""The rule, the document and the hash of a finding."""


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class KnownRow:
    """One finding, or several equal ones in clauses with the same words."""

    rule: Text = Field(description="The name of the rule.")
    document: Text = Field(description="The id of the document.")
    clause: str = Field(description="The label of the clause when the file was written. Only for people.")
    about: str = Field(description="The words that the finding is about. Only for people.")
    hash: Hash = Field(description="A hash of the words of the clause and of what the finding is about.")
    count: Annotated[int, Field(ge=1, strict=True)] = Field(description="The number of such findings.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class BaselineFile:
    """Known findings of `engross check`."""

    baseline: Literal[1] = Field(description="The format of the file.")
    findings: tuple[KnownRow, ...] = Field(description="The known findings, sorted.")


_FILE, _ROW = TypeAdapter(BaselineFile), TypeAdapter(KnownRow)


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
    """By what a finding is known; None if no baseline may let it pass."""
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


def baseline_text(judged: Iterable[Judged], documents: Iterable[Document], before: Baseline | None = None) -> str:
    """The file that lets findings pass, as far as one may; with a baseline from `before`, only those that are in it.

    So findings in a clause that changed are not added by the way; whoever wants that deletes the file first.
    """
    texts = clauses_by_path(documents)
    counted: Counter[Key] = Counter()
    shown: dict[Key, Finding] = {}
    for item in judged:
        clauses = texts.get(item.finding.path)
        key = clauses and key_of(item, clauses)
        if key and (before is None or counted[key] < before.counts.get(key, 0)):
            counted[key] += 1
            shown.setdefault(key, item.finding)
    return _written(
        KnownRow(rule=key[0], document=key[1], clause=one.clause, about=one.text, hash=key[2], count=counted[key])
        for key, one in shown.items()
    )


def _written(rows: Iterable[KnownRow]) -> str:
    """The file with these rows: one a line, sorted, so that changes of it can be read."""
    ordered = sorted(rows, key=lambda row: (row.document, row.rule, row.clause, row.about, row.hash))
    lines = ",\n".join(json.dumps(_ROW.dump_python(row), ensure_ascii=False) for row in ordered)
    return f'{{"baseline": {FORMAT}, "findings": [\n{lines}\n]}}\n'


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises EngrossError with every mistake in it, by line."""
    source = read_source(path, shown_path(path))
    try:
        file = _FILE.validate_json(source.text)
    except ValidationError:
        raise EngrossError(_mistakes(source)) from None
    counts: dict[Key, int] = {}
    problems = []
    for at, row in enumerate(file.findings):
        key = (row.rule, row.document, row.hash)
        if problem := _problem(row, known=key in counts):
            problems.append(error(RULE, source.path, _line_of(source, at), 0, problem))
        counts[key] = row.count
    if problems:
        raise EngrossError(problems)
    return Baseline(counts, source.path)


RULE = "baseline"
"""The rule of mistakes in the file."""

_REWRITE = "restore the file, or delete it and run engross check --write-baseline {}"


def _problem(row: KnownRow, *, known: bool) -> str:
    if row.rule in NEVER:
        return f"findings of {row.rule} always have to be corrected; delete this line"
    if row.rule not in BY_NAME:
        return f"there is no rule {row.rule} that a baseline may name{meant(row.rule, ALLOWED)}"
    return "this finding is listed twice; delete one of the two lines" if known else ""


def _line_of(source: Source, at: int) -> int:
    """The line of a row; 0 if the file is not written as `_written` does."""
    rows = [number for number, line in enumerate(source.text.split("\n"), 1) if '"hash"' in line]
    return rows[at] if at < len(rows) else 0


def _mistakes(source: Source) -> Iterator[Diagnostic]:
    """What is wrong with a file that cannot be read as a baseline."""
    rewrite = _REWRITE.format(source.path)
    try:
        value = json.loads(source.text)
    except json.JSONDecodeError as problem:
        yield error(RULE, source.path, problem.lineno, problem.colno, f"this is not JSON ({problem.msg}); {rewrite}")
        return
    except RecursionError:
        value = None
    if not isinstance(value, dict) or "baseline" not in value:
        yield error(RULE, source.path, 1, 1, f"this is no baseline of engross check; {rewrite}")
    elif value["baseline"] != FORMAT:
        message = "this baseline has another format; update Engross, or write it anew with this version"
        yield error(RULE, source.path, 1, 1, message)
    else:
        # JSON is YAML, and this reader knows the place of every value.
        found = read(source, _FILE).findings
        yield from found or [error(RULE, source.path, 1, 1, f"this cannot be read; {rewrite}")]
