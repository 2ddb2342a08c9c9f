"""Finds names before a colon or full stop without quotation marks, by the text beside them or by their meaning."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.language import Grammar, after_number, sentence_end
from engross.model import Clause, ClauseKind
from engross.terms.candidates import Named, can_be_name, clean, is_proper
from engross.terms.passages import Passage

# "Publications: Includes papers", among items that all begin like this.
_IN_LIST = re.compile(r"(?P<name>[A-Z0-9][^.:;()“”\"\n]{0,60}(?:\([a-z]{1,3}\))?)(?:\s*:|\s+[–—-])\s+(?=\S)")
_BEFORE_STOP = re.compile(r"(?P<name>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,4})\.\s+(?=[A-Z])")
_FEWEST_ALIKE, _MOST_ALIKE, _BESIDE = 4, 12, 3
_MOST_WORDS = 6


def is_apart(words: str, grammar: Grammar) -> bool:
    """Return whether words can be a term that only its place in a list of definitions distinguishes."""
    name = clean(words)
    if (
        not can_be_name(name)
        or sum(word not in grammar.common for word in name.split()) > _MOST_WORDS
        or grammar.defining.titles.match(name)
        or grammar.defining.remarks.match(name)
    ):
        return False
    return is_proper(name) and grammar.may_be_name(name)


def among_alike(passage: Passage, start: int) -> Named | None:
    """Return the name before a colon, whatever follows, of an item or paragraph among others that begin so, or None."""
    found = _IN_LIST.match(passage.text, start)
    if not found or not is_apart(found["name"], passage.grammar):
        return None
    items = _beside(passage)
    texts = (one.inline.text for one in items)
    alike = sum(_IN_LIST.match(text, after_number(text)) is not None for text in texts)
    if len(items) < _FEWEST_ALIKE or 3 * alike < 2 * len(items):
        return None
    return Named(clean(found["name"]), *found.span("name"), False, False)


def may_name_again(text: str) -> bool:
    """Return whether a text may begin with a name before a full stop: "Interested Person. A director …"."""
    return _BEFORE_STOP.match(text, after_number(text)) is not None


def among_stopped(passage: Passage, start: int) -> Named | None:
    """Return the name before a full stop of an item or paragraph among others that begin so, or None.

    As in "(c) Capital Contribution. The total amount …" below "(b) Act. This term has the meaning …".
    """
    found = _BEFORE_STOP.match(passage.text, start)
    if not found or not passage.grammar.is_english or not is_apart(found["name"], passage.grammar):
        return None
    beside = _beside(passage)
    alike = sum(may_name_again(one.inline.text) for one in beside)
    listed = len(beside) >= _FEWEST_ALIKE and 3 * alike >= 2 * len(beside)
    return Named(found["name"], *found.span("name"), False, False) if listed else None


def _beside(passage: Passage) -> tuple[Clause, ...]:
    """Return the items of a list, or the paragraphs near a paragraph."""
    items = passage.around[-1].children
    if passage.clause.kind is ClauseKind.PARAGRAPH:
        at = next(at for at, one in enumerate(items) if one is passage.clause)
        items = items[max(0, at - _BESIDE) : at + _BESIDE]
    return items[:_MOST_ALIKE]


def named_again(text: str, start: int, grammar: Grammar) -> Named | None:
    """Return the name before a full stop whose meaning has it in small letters, or None.

    As in "Interested Person. A director with an interest is an interested person."
    """
    found = _BEFORE_STOP.match(text, start)
    if not found or not is_apart(found["name"], grammar):
        return None
    again = found["name"].lower() in text[found.end() : sentence_end(text, found.end())]
    return Named(found["name"], *found.span("name"), False, False) if again else None
