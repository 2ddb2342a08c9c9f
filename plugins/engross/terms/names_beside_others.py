"""Finds names without quotation marks before a colon, full stop or verb, by the text around them or their meaning."""

from __future__ import annotations

from functools import lru_cache

import engross.common.lazy_re as re
from engross.language import Grammar, after_number, sentence_end
from engross.model import Clause, ClauseKind
from engross.terms.candidates import TITLE_WORDS, Named, can_be_name, clean, is_proper
from engross.terms.passages import Passage

# "Publications: Includes papers", among items that all begin like this.
_IN_LIST = re.compile(
    r"(?P<name>[A-Z0-9][^.:;()“”\"\n]{0,60}(?:\([a-z]{1,3}\))?)(?:\s*:(?:\s+|(?=[A-Za-z]))|\s+[–—-]\s+)(?=\S)"
)
_BEFORE_STOP = re.compile(r"(?P<name>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,4})\.\s+(?=[A-Z])")
# "Controller, Processor and personal data: as defined in the GDPR".
_NAMES_ELSEWHERE = re.compile(
    r"(?P<names>[^\W\d_][\w’' -]{1,40}(?:,\s++[\w’'-][\w’' -]{1,39}){0,11},?\s+and\s++[\w’'-][\w’' -]{1,39})\s*:\s+"
    r"(?=(?:each\s+)?(?:as\s+defined\b|(?:shall\s+)?have\s+the\s+meanings?\b))"
)
_DOUBLE_BRACKETS = re.compile(r"\[\[(?P<name>[A-Z][^\[\]\n]{1,80})\]\]")
_BRACKETED = re.compile(rf"(?P<name>{TITLE_WORDS})\s*:\s+(?=\S)")
_BETWEEN_NAMES = re.compile(r"(?:,\s+(?:and\s+)?|\s+and\s+)")
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


def in_brackets(text: str, start: int, grammar: Grammar) -> Named | None:
    """Return the term of "[[Buyer]] means …", as a template marks it, or of "[Buyer: A person …]", or None."""
    if text.startswith("[[", start):
        found = _DOUBLE_BRACKETS.match(text, start)
        found = found if found and grammar.defining.means.match(text, found.end()) else None
    else:
        found = _BRACKETED.match(text, start) if text[start - 1 : start] == "[" else None
        found = found if found and is_apart(found["name"], grammar) else None
    if not found or not can_be_name(found["name"]):
        return None
    return Named(clean(found["name"]), *found.span("name"), False, False)


def names_defined_elsewhere(text: str, start: int) -> list[Named]:
    """Return the names before a colon of which the text says that another text defines them, or none."""
    found = _NAMES_ELSEWHERE.match(text, start)
    if not found:
        return []
    starts = [found.start("names"), *(one.end() for one in _BETWEEN_NAMES.finditer(text, *found.span("names")))]
    ends = [*(one.start() for one in _BETWEEN_NAMES.finditer(text, *found.span("names"))), found.end("names")]
    named = [Named(text[one:end], one, end, False, False) for one, end in zip(starts, ends, strict=True)]
    return named if all(can_be_name(one.name) for one in named) else []


@lru_cache(maxsize=32)
def before_colon(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a `name` before a colon or dash in another language than English.

    Such languages write small words in other places, and continue with a capital: Licencié(s) : …, Système (SI) : …,
    Code Entreprise (ou Code) : …
    """
    return re.compile(
        r"(?P<name>[^\W\d_](?:[^:;.()\[\]“”„«»\"\n]|(?<=\w)\([a-z]{1,3}\)){1,70}?"
        rf"(?:\s\((?:[A-ZÀ-Þ][\w-]{{1,9}}|(?:{grammar.either})\s[A-ZÀ-Þ][\w -]{{1,40}})\))?)"
        r"(?:\s*:|\s+[–—])\s+(?=\S)"
    )
