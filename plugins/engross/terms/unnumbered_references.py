"""Finds references without a number: to the clause before or after ("the preceding paragraph", "l’alinéa précédent"),
and to the only schedule, annex or the like of a document ("the Schedule").

Only a part right beside the passage is meant. Where there is none, the words are no reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.language import Grammar
from engross.model import Clause, ClauseKind, ReferenceKind
from engross.terms.passage_memory import of_words
from engross.terms.passages import Outline, Passage, grammar_of
from engross.terms.reference_syntax import ATTACHED, Spot
from engross.terms.typed_numbers import heading_family
from engross.terms.vocabulary import Vocabulary

_FAMILIES: Final = ("section", "clause", "article", "paragraph", "subsection", "item")
_OF_SECTIONS: Final = ("section", "article")
_PLURAL = re.compile(r"(?<!ss)s\Z|ces\Z")
_GERMAN_PLURAL = re.compile(r"(?:ätzen?|itten?|[el]n|ern|punkte|nummern)\Z")
_OPTIONAL = re.compile(r"\A\(\?:[^()|]*\)\?")
_GROUP = re.compile(r"\(\?:([^()]*)\)")
_TEXTS = frozenset({ClauseKind.PARAGRAPH, ClauseKind.ITEM})
_TITLED = re.compile(r"\s*(?:[:.–—-]|\(|\Z)")
_STEM = 4
# "The following clause applies: The parties …"
_INTRODUCES = re.compile(r"(?:\s+[^\W\d_]+){0,4}\s*:")
_DETERMINERS = r"(?:the|attached|following|die|der|dem|den|beigefügte[nr]?|la|el|al|del|en|l[’']|cette|ladite|dicho)"


def sibling_positions(outline: Outline) -> dict[int, int]:
    """Return the position of each clause among its siblings, by its id."""
    return {id(child): at for _, clause, _ in outline.nodes for at, child in enumerate(clause.children)}


def neighbours(passage: Passage, positions: Mapping[int, int]) -> Iterator[Spot]:
    """Yield the references of a passage to the clause before or after it. `positions`: see `sibling_positions`."""
    pattern = _pattern(passage.grammar)
    if pattern is None or not _has_adjective(passage.text, passage.grammar):
        return
    for found in pattern.finditer(passage.text):
        step = 1 if found["next"] or found["after"] else -1
        family = passage.grammar.referring.families[(found["word"] or found["noun"]).lower()]
        # "On the following condition: …" introduces something.
        introduces = step > 0 and (family == "item" or _INTRODUCES.match(passage.text, found.end()) is not None)
        clause = None if introduces else _beside(passage, family, step, positions)
        if clause is not None:
            yield Spot(found.start(), found.end(), ReferenceKind.NUMBER, (passage.document.id, clause.anchor))


@of_words
def _has_adjective(text: str, grammar: Grammar) -> bool:
    return _adjectives(grammar).search(text.lower()) is not None


@lru_cache(maxsize=32)
def _adjectives(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of the words without which a text, in small letters, has no such reference.

    Most texts have none, and a pattern that tells capitals apart is tried at fewer places.
    """
    # What may precede the words ("immediately") would have to be tried everywhere.
    parts = [_OPTIONAL.sub("", one) for one in (grammar.referring.previous, grammar.referring.next)]
    # Only where each alternative begins with a letter does the search skip to the next that can begin one.
    words = "|".join(whole[1] if (whole := _GROUP.fullmatch(one)) else one for one in parts)
    return re.compile(words, re.IGNORECASE if words != words.lower() else 0)


@lru_cache(maxsize=32)
def _pattern(grammar: Grammar) -> re.Pattern[str] | None:
    """Return the pattern of such references in a language, or None if its data has no words for them."""
    words = grammar.referring
    if not words.previous:
        return None
    plural = _GERMAN_PLURAL if grammar.capitalises_nouns else _PLURAL
    nouns = "|".join(
        re.escape(word)
        for word, family in sorted(words.families.items(), key=lambda pair: -len(pair[0]))
        if family in _FAMILIES and word[-1] != "." and not plural.search(word)
    )
    adjective = rf"(?:(?P<previous>{words.previous})|(?P<next>{words.next}))"
    before = rf"\b{adjective}\s+(?P<word>{nouns})(?![\w-]|\s+(?:[‘“\"']?\(|\d|[A-Z]\b))"
    after = rf"\b(?P<noun>{nouns})\s+(?:(?P<before>{words.previous})|(?P<after>{words.next}))(?!\w)"
    return re.compile(rf"{before}|{after}", re.IGNORECASE)


def _beside(passage: Passage, family: str, step: int, positions: Mapping[int, int]) -> Clause | None:
    """Return the section, or the paragraph or item, before (-1) or after (1) the one around a passage."""
    path = (*passage.around, passage.clause)
    for at in range(len(path) - 1, 0, -1):
        clause = path[at]
        if family in _OF_SECTIONS and clause.kind is ClauseKind.SECTION:
            paragraphs = (child for child in clause.children if child.kind is ClauseKind.PARAGRAPH)
            if any(heading_family(child, passage.grammar) == family for child in paragraphs):
                return None  # the articles are paragraphs of the section: ARTÍCULO 13. (Quórum). …
            return _sibling(path[at - 1], positions[id(clause)] + step, clause.kind) if clause.level > 1 else None
        if family not in _OF_SECTIONS and clause.kind in _TEXTS:
            return _sibling(path[at - 1], positions[id(clause)] + step, clause.kind)
    return None


def _sibling(parent: Clause, at: int, kind: ClauseKind) -> Clause | None:
    beside = parent.children[at] if 0 <= at < len(parent.children) else None
    return beside if beside is not None and beside.kind is kind and beside.anchor else None


def lone_attachments(outline: Outline) -> dict[str, Clause]:
    """Return the headings that are only the word of an attachment, perhaps with a title, where it is the only such one.

    The result maps the family of the word to the heading.
    """
    grammar, found = grammar_of(outline.document), dict[str, list[Clause]]()
    for _, clause, _ in outline.nodes:
        alone = clause.kind is ClauseKind.PARAGRAPH and _word(grammar).fullmatch(clause.inline.text.rstrip(" .:"))
        if clause.kind is ClauseKind.SECTION and (word := _word(grammar).match(clause.inline.text)):
            # A number after the word begins the name of one of several.
            titled = _TITLED.match(clause.inline.text, word.end()) is not None
            found.setdefault(_family(word["word"], grammar), []).append(clause if titled else outline.document.root)
        elif alone:
            found.setdefault(_family(alone["word"], grammar), []).append(clause)
    return {family: clauses[0] for family, clauses in found.items() if len(clauses) == 1 and clauses[0].anchor}


def lone_spots(passage: Passage, attachments: dict[str, Clause], vocabulary: Vocabulary) -> Iterator[Spot]:
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
