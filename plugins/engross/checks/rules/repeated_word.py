"""`repeated-word`: “the the”, also across a line end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import eq
from typing import Final

from engross.checks.findings import Edit, Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject
from engross.checks.words.languages import RIGHTLY_REPEATED, is_english, is_english_part
from engross.checks.words.lists import words
from engross.model import MarkKind, Severity

_REPEATED = re.compile(r"(?<![\w’'.-])([^\W\d_]+(?:[’'-][^\W\d_]+)*)((?:\s+\1(?![\w’'-]))+)", re.IGNORECASE)
_MARKS = dict.fromkeys(map(ord, '.,;:!?()[]“”"*'), None)
_CERTAIN: Final = frozenset(words("the of and or"))
"""Words that no English sentence says twice in a row: only these are taken out by a machine."""
_NAMED = re.compile(
    r"\b(?:words?|terms?|expressions?|conjunctions?|prepositions?|articles?)\s*[:,]?\s*$", re.IGNORECASE
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each word that is repeated with nothing but white space between."""
    for passage in subject.passages:
        for found in _REPEATED.finditer(passage.text) if _may_repeat(passage.text) else ():
            if _is_slip(passage, found):
                yield _finding(passage, found)


def _may_repeat(text: str) -> bool:
    """Whether two words in a row are the same, punctuation aside: asked first, for the pattern takes its time."""
    said = text.lower().translate(_MARKS).split()
    return True in map(eq, said, said[1:])


def _is_slip(passage: Passage, found: re.Match[str]) -> bool:
    word, again = found[1], found[2].split()
    if word.lower() in RIGHTLY_REPEATED or not passage.is_words(found.start()):
        return False
    # "Customer customer lists", "Series A a share": words that differ in case are two words, save at a beginning.
    if any(other != word for other in again) and not (word.istitle() and len(word) > 1 and again[0].islower()):
        return False
    if any(other != word for other in again) and not _begins(passage.text, found.start()):
        return False
    return not _parted(passage, found.end(1), found.end())


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip(' \t\n“"‘(')
    return not before or before[-1] in ".?!:;)"


def _parted(passage: Passage, start: int, end: int) -> bool:
    """Whether markup sets the two apart, as where a bold heading is followed by its sentence."""
    return any(
        mark.kind is MarkKind.STRONG and (start <= mark.end < end or start < mark.start < end)
        for mark in passage.clause.inline.marks
    )


def _finding(passage: Passage, found: re.Match[str]) -> Finding:
    said, at = " ".join(found[0].split()), found.end(1) + 1
    message = f"“{said}”: the word “{found[1]}” stands here twice"
    if not _is_certain(passage, found):
        return passage.finding(at, f"{message}; delete one of them if that is a slip", text=said)
    return passage.finding(at, message, text=said, fix=found[1], edits=_without(passage, found.end(1), found.end()))


def _is_certain(passage: Passage, found: re.Match[str]) -> bool:
    """Whether the word is said twice by mistake: no word that may be, no quotation, no name (“The The”), no word
    that is spoken of (“the words and and or”), no markup between the two, and the document and the passage English.
    """
    if found[1].lower() not in _CERTAIN or not found[2].islower():
        return False
    start, end = found.span()
    before = passage.text[:start]
    if _is_quoted(before) or _NAMED.search(before):
        return False
    source = passage.document.source
    if source is None or not (is_english(source.text) and is_english_part(passage.text)):
        return False
    return not any(start < edge < end for mark in passage.clause.inline.marks for edge in (mark.start, mark.end))


def _is_quoted(before: str) -> bool:
    """Whether a text that ends here leaves a quotation open."""
    if before.count('"') % 2:
        return True
    return any(before.rfind(opens) > before.rfind(closes) for opens, closes in ("“”", "„“", "«»", "»«", "‘’"))


def _without(passage: Passage, start: int, end: int) -> tuple[Edit, ...]:
    """The edit that takes out what is repeated; across a line end, the line end stays."""
    again = passage.text[start:end]
    if "\n" not in again:
        return passage.edit(start, end, "")
    first = start + len(again) - len(again.lstrip())
    if "\n" in passage.text[first:end]:
        return ()
    after = passage.text[end : end + 1]
    return passage.edit(first, end + 1, "") if after == " " else ()


RULE = Rule(
    name="repeated-word",
    severity=Severity.WARNING,
    summary="A word that stands twice in a row, also across a line end.",
    why=(
        "It is left over from editing, and makes readers wonder what else was. Words that one language or another "
        "rightly repeats (“that that”, “die die”, “dat dat”, “nous nous”) are not found. `--fix` takes out only what "
        "no English sentence repeats, and only where the document and the paragraph are English."
    ),
    bad="Customer pays the the fee.",
    good="Customer pays the fee that that invoice states.",
    check=check,
    fixes=True,
)
