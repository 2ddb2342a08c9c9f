"""`mixed-script`: a word with letters of two scripts that look alike."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.lookalikes import look_alikes, shown_letters
from engross.model import Severity

MESSAGE = "“{word}” mixes {scripts} letters: {shown}; write it in one script"


def check(subject: Subject) -> Iterator[Finding]:
    """Each such word, unless it looks like a defined term, which is worse."""
    for word in look_alikes(subject):
        if not word.term:
            said = " and ".join(script.capitalize() for script in word.scripts)
            message = MESSAGE.format(word=word.text, scripts=said, shown=shown_letters(word.text))
            yield word.passage.finding(word.start, message, text=word.text)


RULE = Rule(
    name="mixed-script",
    severity=Severity.WARNING,
    summary="A word with letters of several scripts that look alike: Latin and Cyrillic, Latin and Greek.",
    why=(
        "It reads like a word that it is not, and no search finds it. Words of different scripts side by side are not "
        "found, nor signs of units and formulas (μm, kΩ)."
    ),
    bad="# Terms\n\nThe p&#x430;yment is due.",
    good="# Terms\n\nThe payment is due. The оплата is 5 μm. APIキーを使う。",
    check=check,
)
