"""`confusable-term`: a word that looks like one of a defined term, and is written with other letters."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.lookalikes import look_alikes, shown_letters
from engross.model import Severity


def check(subject: Subject) -> Iterator[Finding]:
    """Each such word."""
    for word in look_alikes(subject):
        if word.term:
            message = (
                f"“{word.text}” looks like the defined term “{word.term}”, and is written with other letters: "
                f"{shown_letters(word.text)}; write {word.term}"
            )
            yield word.passage.finding(word.start, message, text=word.text, fix=word.term)


RULE = Rule(
    name="confusable-term",
    severity=Severity.WARNING,
    summary="A word that looks like a defined term and is written with letters of another script.",
    why=(
        "Readers take it for the term, and the definition does not hold for it. Known are letters of Cyrillic, Greek "
        "and Armenian that look like Latin ones, full-width letters, and letters of formulas; a small l in place of a "
        "capital I is not found."
    ),
    bad="# Terms\n\n- “Customer” means the buyer.\n\nCustomer pays, and Customer acts. The &#x421;ustomer may sell.",
    good="# Terms\n\n- “Customer” means the buyer.\n\nCustomer pays, and Customer acts. The Customer may sell.",
    check=check,
)
