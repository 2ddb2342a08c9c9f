"""`raw-html`: HTML in a contract. Reading finds it; this rule passes on what reading found."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.model import Severity


def check(subject: Subject) -> Iterator[Finding]:
    """What was read through in a lone file; a document of a site that holds HTML is not read at all."""
    yield from subject.raw_html


RULE = Rule(
    name="raw-html",
    severity=Severity.ERROR,
    summary="HTML in the text: an error in a site’s documents, a note in a lone file, which is read through it.",
    why="HTML can hide words, or show words that are not in the text; what is published must be what is written.",
    bad="The <u>whole</u> fee is due.",
    good="The **whole** fee is due.",
    check=check,
)
