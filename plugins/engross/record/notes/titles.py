"""Titles of changes: every list, page and feed names a change by its title."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.language import clause_ends, sentence_end
from engross.model import Change, Clause, ClauseKind
from engross.record.notes.reader import summary_tree
from engross.record.notes.schema import MOST_OF_TITLE

_ESCAPED = re.compile(r"\\([^\w\s])")
_VALUES = re.compile(r"(?P<setting>[^“”]+?) was .+, and is .+")
_CLOSING = ".:;, "
_LEAST = 24
"""The fewest characters of clauses that are a title."""


def title_of(note: Change, *, most: int = MOST_OF_TITLE, whole: bool = False) -> str:
    """Return the title of a change in one line: the note's own, or for a note without one the first sentence of its
    summary, without markup and shortened as `short_title` does it; `whole`, if it may have any length.
    """
    return " ".join(note.title.split()) or short_title(_opening(summary_tree(note.source)), most=most, whole=whole)


def _opening(summary: Clause) -> str:
    """Return the text of the first part of a summary that has any: a heading, a paragraph, an item or a cell."""
    texts = (clause.inline.text for clause in summary.walk() if clause.kind is not ClauseKind.RUN_IN)
    return next((text for text in texts if text.strip()), "")


def short_title(text: str, *, most: int = MOST_OF_TITLE, whole: bool = False) -> str:
    """Return the first sentence of a plain text as a title; `whole`, if it may have any length.

    A longer sentence than 80 characters is shortened to its first clauses. If these are too long as well, the title may
    have `most` characters, and only if that does not help it is cut after a word.
    """
    words = " ".join(text.split())
    sentence = words[: sentence_end(words, 0)].rstrip(_CLOSING)
    if whole:
        return sentence
    fitting = (_fitting(sentence, limit) for limit in (MOST_OF_TITLE, most))
    return next(filter(None, fitting), "") or cut_after_word(sentence, most)


def _fitting(sentence: str, most: int) -> str:
    """Return a sentence, or as many of its first clauses as fit in `most` characters; empty if not even one fits."""
    if len(sentence) <= most:
        return sentence
    return max((sentence[:end] for end in clause_ends(sentence) if _LEAST <= end <= most), key=len, default="")


def cut_after_word(words: str, most: int) -> str:
    """Cut a line after a word if it has more than `most` characters; the result ends with "…" then."""
    if len(words) <= most:
        return words
    return f"{words[: most - 1].rsplit(' ', 1)[0][: most - 2].rstrip(_CLOSING)} …"


def title_from_changes(changed: str) -> str:
    """Return a title from the lines about the changes in a new note; empty unless there is exactly one line."""
    lines = changed.splitlines()
    if len(lines) != 1:
        return ""
    line = _ESCAPED.sub(r"\1", lines[0].removeprefix("- "))
    # Where both values are too long for a title, neither is in it.
    values = _VALUES.fullmatch(line) if len(line.rstrip(_CLOSING)) > MOST_OF_TITLE else None
    return short_title(values["setting"] if values else line)
