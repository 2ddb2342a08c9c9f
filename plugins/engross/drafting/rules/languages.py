"""The rule for the language that a document states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engross.drafting.subject import Finding, OfDocument, Reading, Rule
from engross.language import wrong_language
from engross.model import Severity

_IN_FRONT_MATTER: Final = "the text is in another language ({actual}) than it states ({stated}); write `{fix}`"
_IN_SETTINGS: Final = (
    "the text is in another language ({actual}) than documents.yml states ({stated}); write `{fix}` in its entry there"
)


def _check_language_mismatch(reading: Reading) -> Iterator[Finding]:
    """One finding where the stated language is not that of the text."""
    found, source = wrong_language(reading.document), reading.document.source
    if found is None or source is None:
        return
    line, column = (1, 1) if found.at is None else source.position(found.at)
    fix = f"language: {found.actual}"
    wording = _IN_SETTINGS if found.at is None else _IN_FRONT_MATTER
    message = wording.format(actual=found.actual, stated=found.stated, fix=fix)
    yield Finding(reading.document.id, source.path, line, column, message, text=found.stated, fix=fix)


_GERMAN: Final = (
    "# Preise\n\nDer Kunde zahlt die Vergütung, die in der Bestellung genannt ist, und er zahlt sie im Voraus."
)
LANGUAGE_MISMATCH = Rule(
    name="language-mismatch",
    severity=Severity.WARNING,
    summary="A document that states another language than that of its words.",
    why=(
        "The language decides which words define terms, how references are read, and how screen readers pronounce the "
        "page. A document in several languages may state any of them."
    ),
    bad=f"---\nlanguage: en\n---\n\n{_GERMAN}",
    good=f"---\nlanguage: de\n---\n\n{_GERMAN}",
    check=OfDocument(_check_language_mismatch),
)
