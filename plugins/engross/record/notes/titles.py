"""Titles of changes: every list, page and feed names a change by its title."""

from __future__ import annotations

import re

from engross.language import sentence_end
from engross.model import Change, Clause, ClauseKind
from engross.record.notes.reader import summary_tree
from engross.record.notes.schema import MOST_OF_TITLE

_ESCAPED = re.compile(r"\\([^\w\s])")
_CLOSING = ".:;, "


def title_of(note: Change, *, whole: bool = False) -> str:
    """Return the title of a change in one line: the note's own, or for a note without one the first sentence of its
    summary, without markup and, unless `whole`, cut after a word.
    """
    return " ".join(note.title.split()) or short_title(_opening(summary_tree(note.source)), whole=whole)


def _opening(summary: Clause) -> str:
    """Return the text of the first part of a summary that has any: a heading, a paragraph, an item or a cell."""
    texts = (clause.inline.text for clause in summary.walk() if clause.kind is not ClauseKind.RUN_IN)
    return next((text for text in texts if text.strip()), "")


def short_title(text: str, *, whole: bool = False) -> str:
    """Return the first sentence of a plain text as a title; `whole`, if it may have any length."""
    words = " ".join(text.split())
    sentence = words[: sentence_end(words, 0)].rstrip(_CLOSING)
    return sentence if whole else cut_after_word(sentence, MOST_OF_TITLE)


def cut_after_word(words: str, most: int) -> str:
    """Cut a line after a word if it has more than `most` characters; the result ends with "…" then."""
    if len(words) <= most:
        return words
    return f"{words[: most - 1].rsplit(' ', 1)[0][: most - 2].rstrip(_CLOSING)} …"


def title_from_changes(changed: str) -> str:
    """Return a title from the lines about the changes in a new note; empty unless there is exactly one line."""
    lines = changed.splitlines()
    return short_title(_ESCAPED.sub(r"\1", lines[0].removeprefix("- "))) if len(lines) == 1 else ""
