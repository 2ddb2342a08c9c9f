"""Suggests clauses, for a person to decide: those that may cover an item of a checklist, by the words that such clauses
have, and those whose anchors or labels are nearest to a name that none has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import engross.common.lazy_re as re
from engross.language import language_of
from engross.model import Clause, ClauseKind, Document

if TYPE_CHECKING:  # a check of one file needs no settings
    from engross.corpus import ChecklistItem
from difflib import get_close_matches

_KINDS = frozenset({ClauseKind.SECTION, ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.RUN_IN})
_BLANKS = re.compile(r"\s+")
_LEAST = 2
"""The least score of a clause: two words, or one phrase of several words."""
_MOST = 3
_LONGEST = 200


class Suggestions:
    """The clauses of a document with their words, to ask for one item after another."""

    def __init__(self, document: Document) -> None:
        self.language = language_of(document).partition("-")[0] or "en"
        self.clauses = tuple(
            (clause, _plain(clause.inline.text if clause.kind is ClauseKind.SECTION else clause.name), words)
            for clause in document.root.walk()
            if clause.anchor and _is_addressed(clause) and (words := _plain(" ".join(_words(clause))))
        )

    def best(self, item: ChecklistItem) -> Clause | None:
        """Return the shortest of the clauses with most of an item's phrases; None if none has enough.

        Items have no phrases in a language without data. A phrase of several words counts twice, and so does one in a
        heading.
        """
        phrases = [
            (re.compile(rf"(?<!\w){re.escape(phrase.lower())}"), 2 if {" ", "-"} & set(phrase) else 1)
            for phrase in item.words.get(self.language, ())
        ]
        scored = [
            (-score, len(words), at, clause)
            for at, (clause, heading, words) in enumerate(self.clauses)
            if (score := _score(phrases, heading, words)) >= _LEAST
        ]
        return min(scored, key=lambda one: one[:3])[3] if scored else None


def _is_addressed(clause: Clause) -> bool:
    """Whether editors know the clause by a name or number of its own; other paragraphs are parts of a section."""
    return clause.kind in _KINDS and (clause.kind is not ClauseKind.PARAGRAPH or bool(clause.number or clause.name))


def _score(phrases: Sequence[tuple[re.Pattern[str], int]], heading: str, words: str) -> int:
    return sum(
        weight * ((phrase.search(words) is not None) + (phrase.search(heading) is not None))
        for phrase, weight in phrases
    )


def _words(clause: Clause) -> Iterator[str]:
    """The words of a clause with all below it, except those of sections within it."""
    yield clause.inline.text
    for child in _below(clause.children):
        yield from _words(child)


def _below(children: Iterable[Clause]) -> Iterator[Clause]:
    # The words of a run-in item are in the sentence that contains it.
    return (child for child in children if child.kind not in (ClauseKind.SECTION, ClauseKind.RUN_IN))


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("'", "’")).strip().lower()


def nearest_clauses(root: Clause, name: str) -> list[str]:
    """Return the anchors of at most three clauses, the nearest first; labels are compared too."""
    named = {name: one.anchor for one in root.walk() if one.anchor for name in (one.label, one.anchor)}
    near = get_close_matches(name.removeprefix("#")[:_LONGEST], list(named), n=2 * _MOST, cutoff=0.5)
    return list(dict.fromkeys(named[one] for one in near))[:_MOST]
