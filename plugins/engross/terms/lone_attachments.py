"""Finds references to the only schedule, annex or the like of a document, which has no number: "the Schedule"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import engross.common.lazy_re as re
from engross.language import Grammar
from engross.model import Clause, ClauseKind, ReferenceKind
from engross.terms.passages import Outline, Passage, Spot, grammar_of
from engross.terms.reference_syntax import ATTACHED
from engross.terms.vocabulary import Vocabulary

_TITLED = re.compile(r"\s*(?:[:.–—-]|\(|\Z)")
_STEM = 4
_DETERMINERS = r"(?:the|attached|following|die|der|dem|den|beigefügte[nr]?|la|el|al|del|en|l[’']|cette|ladite|dicho)"


def lone_attachments(outline: Outline) -> dict[str, Clause]:
    """Return the headings that are only the word of an attachment, perhaps with a title, where it is the only such one.

    The result maps the family of the word to the heading.
    """
    grammar, found = grammar_of(outline.document), dict[str, list[Clause]]()
    for _, clause, _ in outline.nodes:
        if clause.kind is ClauseKind.SECTION and (word := _word(grammar).match(clause.inline.text)):
            # A number after the word begins the name of one of several.
            titled = _TITLED.match(clause.inline.text, word.end()) is not None
            found.setdefault(_family(word["word"], grammar), []).append(clause if titled else outline.document.root)
    return {family: clauses[0] for family, clauses in found.items() if len(clauses) == 1 and clauses[0].anchor}


def spots(passage: Passage, attachments: dict[str, Clause], vocabulary: Vocabulary) -> Iterator[Spot]:
    """Yield the references of a passage to the lone attachments of its document."""
    if not attachments or passage.clause.kind is ClauseKind.SECTION:
        return
    grammar, small = passage.grammar, passage.text.lower()
    if not any(word in small for word in _spellings(grammar, frozenset(attachments))):
        return
    for found in _cited(grammar).finditer(passage.text):
        clause = attachments.get(_family(found["word"], grammar))
        capital = found["word"][0].isupper() or not (grammar.is_english or grammar.capitalises_nouns)
        if clause is not None and not _heads(clause, found["word"], grammar):
            continue
        if clause is not None and capital and not vocabulary.defined(found["word"], passage):
            yield Spot(found.start("word"), found.end(), ReferenceKind.HEADING, (passage.document.id, clause.anchor))


def _heads(clause: Clause, word: str, grammar: Grammar) -> bool:
    """Return whether a heading has the word of a citation: "## Anhänge" is a list of others and not "die Anlage"."""
    own = _word(grammar).match(clause.inline.text)
    return own is None or grammar.is_english or own["word"][:_STEM].lower() == word[:_STEM].lower()


def _family(word: str, grammar: Grammar) -> str:
    return grammar.referring.families[word.lower()]


@lru_cache(maxsize=256)
def _spellings(grammar: Grammar, families: frozenset[str]) -> tuple[str, ...]:
    """Return the words of families, in small letters."""
    return tuple(word for word, family in grammar.referring.families.items() if family in families)


def _words(grammar: Grammar) -> str:
    return grammar.referring.words_of(*ATTACHED)


@lru_cache(maxsize=32)
def _word(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"\s*(?P<word>{_words(grammar)})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=32)
def _cited(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(
        rf"\b{_DETERMINERS}\s*(?<![^\W\d_])(?P<word>{_words(grammar)})(?![\w-]|\s+(?:\d|[A-Z](?![a-z])|n[°ºr.]|nr\.|to\b|of\b|zu[mr]?\b))",
        re.IGNORECASE,
    )
