"""`hidden-character`: a character that nobody sees within a word or a number."""

from __future__ import annotations

from collections.abc import Iterator

from engross.characters import HIDDEN, code_point
from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject
from engross.checks.words.lookalikes import shown_around, unseen
from engross.model import Severity

MESSAGE = "“{shown}” holds {codes}, which nobody sees; delete it, or write what is meant"


def check(subject: Subject) -> Iterator[Finding]:
    """Each stretch of such characters; directional controls too, which only a text that is sealed may still hold."""
    for passage in subject.passages:
        for start, end in unseen(passage.text):
            yield _finding(passage, start, end)
        if passage.document.source and passage.document.source.sealed and not passage.text.isascii():
            for found in HIDDEN.finditer(passage.text):
                yield _finding(passage, *found.span())


def _finding(passage: Passage, start: int, end: int) -> Finding:
    shown = shown_around(passage.text, start, end)
    codes = ", ".join(dict.fromkeys(map(code_point, passage.text[start:end])))
    return passage.finding(start, MESSAGE.format(shown=shown, codes=codes), text=shown)


RULE = Rule(
    name="hidden-character",
    severity=Severity.WARNING,
    summary="A character that nobody sees within a word or a number: a soft hyphen, a space without width, a tag.",
    why=(
        "A word with such a character is another word to whoever searches, copies or compares the text. Joiners within "
        "words of Arabic or Indic scripts are not found. Characters that turn the direction of the text, and control "
        "characters, are refused when a text is read. A text that was posted with them still shows, and they are found "
        "here until its next version is without them."
    ),
    bad="# Terms\n\nThe fee is 1&#x200B;0 dollars.",
    good="# Terms\n\nThe fee is 10 dollars. کتاب\u200cها",
    check=check,
)
