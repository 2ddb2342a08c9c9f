"""The file of a baseline: JSON, read strictly and written one finding a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import EngrossError, error, meant
from engross.corpus import FORBID, Text, read, shown_path
from engross.drafting.baseline import ALLOWED, NEVER, Baseline, Key, clauses_by_path, key_of
from engross.drafting.rules import BY_NAME
from engross.drafting.subject import Finding, Judged
from engross.model import Diagnostic, Document, Source
from engross.text import read_source

FORMAT: Literal[1] = 1
"""Rises when the file changes in a way that programs reading it must handle."""

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


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


def baseline_text(judged: Iterable[Judged], documents: Iterable[Document], before: Baseline | None = None) -> str:
    """The file that hides findings, as far as one may; with a baseline from `before`, only those that are in it.

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
