"""Finds uses the slow way: every position, every term, character by character. Shares no code with the linker.

It knows the documents from how they were made: which paragraph defines what, and how far that reaches. Sentences begin
with a small word and hold no full stop, so that nothing here has to know where a sentence begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PLURALS = {
    "Service": "Services",
    "Level": "Levels",
    "Customer": "Customers",
    "Party": "Parties",
    "Term": "Terms",
    "Fee": "Fees",
    "Tax": "Taxes",
    "Third": "Thirds",
}
SINGULARS = {"Services": "Service", "Parties": "Party", "Fees": "Fee"}
HYPHENS = "-‐‑"


@dataclass(frozen=True)
class Term:
    """A definition: its name, the passage (an index) that gives it, the passages in which it holds, and how narrow it
    is: 0 for a section, 1 for a document, 2 for the set.
    """

    name: str
    passage: int
    reach: frozenset[int]
    width: int

    @property
    def forms(self) -> frozenset[str]:
        """The name and what it looks like in the other number."""
        *before, last = self.name.split()
        # The terms of a contract are not several terms.
        others = [table[last] for table in (PLURALS, SINGULARS) if last in table and self.name != "Term"]
        return frozenset(" ".join([*before, word]) for word in (last, *others))


@dataclass(frozen=True)
class Found:
    """A use: its place and its definition."""

    passage: int
    start: int
    end: int
    term: Term


def uses(texts: list[str], terms: list[Term]) -> Iterator[Found]:
    """Every use in every passage."""
    for passage, text in enumerate(texts):
        holding = [term for term in terms if passage in term.reach]
        yield from _in_passage(passage, text, holding)


def _in_passage(passage: int, text: str, terms: list[Term]) -> Iterator[Found]:
    at = 0
    while at < len(text):
        taken, term = _at(text, at, terms)
        if term is not None and not _is_own(text, term) and not _is_in_name(text, at, taken, terms):
            yield Found(passage, at, taken, term)
        at = max(taken, at + 1)


def _at(text: str, at: int, terms: list[Term]) -> tuple[int, Term | None]:
    """What begins at a position: where it ends, and the term that it is, if it is one."""
    if at and (text[at - 1].isalnum() or text[at - 1] in HYPHENS):
        return at, None
    best: tuple[int, bool, int] = (0, False, at)
    for term in terms:
        for form in term.forms:
            end = _same(text, at, form)
            if end is not None:
                rest = _rest_of_word(text, end)
                best = max(best, (len(form.split()), rest == end, rest))
    words, whole, end = best
    if not words:
        return at, None
    return end, _meant(" ".join(text[at:end].split()), terms) if whole else None


def _same(text: str, at: int, form: str) -> int | None:
    """The end of the form if it is at a position, with any white space for each of its spaces; else None."""
    for character in form:
        if character == " ":
            if at >= len(text) or not text[at].isspace():
                return None
            while at < len(text) and text[at].isspace():
                at += 1
        elif text[at : at + 1] == character:
            at += 1
        else:
            return None
    return at


def _rest_of_word(text: str, at: int) -> int:
    while at < len(text):
        if text[at].isalnum():
            at += 1
        elif text[at] in HYPHENS and text[at + 1 : at + 2].isalnum():
            at += 2
        else:
            break
    return at


def _meant(words: str, terms: list[Term]) -> Term:
    """The term that words mean: the exact name before singular or plural, then the narrowest, then the first."""
    fitting = [term for term in terms if words in term.forms]
    return min(fitting, key=lambda term: (term.name != words, term.width, term.passage))


def _is_own(text: str, term: Term) -> bool:
    """Whether this passage defines a term of that name."""
    return f"“{term.name}” means " in text


def _is_in_name(text: str, start: int, end: int, terms: list[Term]) -> bool:
    """Whether a name of one word is only a part of a name that nobody defined."""
    if len(text[start:end].split()) > 1:
        return False
    return _capital_before(text, start, terms) or _capital_after(text, end, terms)


def _capital_before(text: str, start: int, terms: list[Term]) -> bool:
    before = text[:start]
    if before == before.rstrip() or not before.rstrip()[-1].isalnum():
        return False
    words = before.split()
    word = words[-1].lstrip("(“")
    if not word[0].isupper() or (word.isupper() and len(word) > 1) or word.endswith("’s"):
        return False
    counts = [count for count in (3, 2, 1) if _is_term(" ".join(words[-count:]).lstrip("(“"), terms)]
    # A neighbour of one word may itself be a part of a name that nobody defined.
    return not counts or (counts[0] == 1 and _capital_before(text, before.rindex(word), terms))


def _capital_after(text: str, end: int, terms: list[Term]) -> bool:
    after = text[end:]
    if after == after.lstrip() or not after.lstrip()[:1].isupper():
        return False
    words = after.split()
    word = words[0]
    letters = "".join(character for character in word if character.isalnum() or character in "’-")
    if letters.isupper() and len(letters) > 0:
        return False
    counts = [count for count in (3, 2, 1) if _is_term(" ".join(_bare(words[:count])), terms)]
    return not counts or (counts[0] == 1 and _capital_after(text, _word_end(text, end), terms))


def _word_end(text: str, at: int) -> int:
    """Where the word after white space ends."""
    while text[at].isspace():
        at += 1
    while at < len(text) and text[at].isalnum():
        at += 1
    return at


def _bare(words: list[str]) -> list[str]:
    """The words before the first mark."""
    bare: list[str] = []
    for word in words:
        whole = word.removesuffix("’s") if word.endswith("’s") else word
        bare.append(whole.rstrip(",)"))
        if bare[-1] != word:
            break
    return bare


def _is_term(words: str, terms: list[Term]) -> bool:
    return any(words in term.forms for term in terms)
