"""Decides whether the words around marked names define them: a verb, punctuation, or the form of the sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import Defining, Frame, Grammar, begins_sentence, sentence_start
from engross.terms.candidates import Named, can_be_name, is_proper, without_article
from engross.terms.names_beside_others import is_apart
from engross.terms.unmarked_definitions import OPENS_SENTENCE
from engross.terms.vocabulary import PRONOUNS

_MOST_WORDS = 6
_OFTEN = 3
_THE_TERM = re.compile(r"\b(?:term|expression|references?\s+to(?:\s+an?)?)\s+\Z", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(r"(?:\b[Tt]he|\b[Aa]n?|\b[Oo]ur)\s+\Z")
_SMALL_NEXT = re.compile(r"\s+(?P<word>[a-zß-ÿ][\w’']*)")
_REFERS = re.compile(
    r"\b(?:references?|referring|refers?)\s+(?:in\s+[^.]{1,40}\s+)?to\s+(?:the\s+|an?\s+)?\Z", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"\s*\((?:as\s+)?(?:(?:the|that|this|such)\s+terms?\s+(?:is|are)\s+)?defined\s+(?:in|under|by|at)\b", re.IGNORECASE
)
_WHICH_IS = re.compile(r",?\s+which\s+(?:is|are)\s+(?:any|all)\s")
_ANOTHER_NAME = re.compile(r",\s+[A-Z][\w’'-]*(?:\s+(?:of\s+)?[A-Z][\w’'-]*)*\s+\w+\Z")


@value_class(frozen=True, slots=True)
class Group:
    """The names that share one definition, with their position."""

    names: tuple[Named, ...]
    end: int

    @property
    def start(self) -> int:
        """The offset at which the first name begins, including its quotation mark."""
        return self.names[0].start


def groups(text: str, words: list[Named], join: re.Pattern[str]) -> Iterator[Group]:
    """Group marked words that are joined (“Suspend” or “Suspension”); `join` is what joins them."""
    at = 0
    while at < len(words):
        last, end = at, words[at].end
        while last + 1 < len(words) and join.fullmatch(text, end, words[last + 1].start):
            last += 1
            end = words[last].end
            # A bracket with names alone: **Data Subject** (plural **Data Subjects**), **Personal Data** and …
            if text[end : end + 1] == ")" and "(" in text[words[at].end : words[last].start]:
                end += 1
        yield Group(tuple(words[at : last + 1]), end)
        at = last + 1


def without_meanings(text: str, words: list[Named], defining: Defining) -> list[Named]:
    """Return marked words without those that are only the meaning of the word before: “Ship” shall mean “boat”; …"""
    verbs = [defining.means.match(text, one.end) if one.quoted else None for one in words]
    return [
        one
        for at, one in enumerate(words)
        if not (
            at
            and text.startswith(";", one.end)
            and (verb := verbs[at - 1])
            and not text[verb.end() : one.start].strip()
        )
    ]


def has_meaning(text: str, group: Group, grammar: Grammar) -> bool:
    """Return whether the meaning of a quoted name follows without a verb: „Kunde“ jede Person, die …"""
    last = group.names[-1]
    if not last.quoted:
        return False
    if grammar.defining.begins_meaning.match(text, group.end):
        return True
    following = None if grammar.is_english else _SMALL_NEXT.match(text, group.end)
    if last.bold or not following:
        return following is not None
    # Die „Dokumentation“ erläutert …: a verb, not "und", "der" or the like.
    return following["word"] not in grammar.common and is_proper(last.name) and grammar.may_be_name(last.name)


def means(text: str, group: Group, defining: Defining) -> bool:
    """Return whether a verb that defines follows names, unless they are a title ("**Interpretation:** In this …")."""
    last = group.names[-1]
    found = defining.means.match(text, group.end)
    if not found:
        return False
    if last.quoted:
        # "References to a “Day” are references to a working day": the words before the name define it.
        return "reference" not in found[0] or not _REFERS.search(text, max(0, group.start - 60), group.start)
    # "**Defined** – For the purposes of this Agreement, Fees means …" defines Fees.
    return not (
        text[group.end - 1] == "." or defining.titles.match(last.name) or _ANOTHER_NAME.search(text, *found.span())
    )


def is_meaning(text: str, title: str, stop: int, defining: Defining) -> bool:
    """Return whether bold words and the full stop at `stop` are a term before its meaning: "**Buyer.** A person …"."""
    return not defining.titles.match(title) and defining.meaning_after_stop.match(text, stop) is not None


def article_start(text: str, group: Group) -> int:
    """Return where the article before names begins, or where the names do."""
    found = _ARTICLE_BEFORE.search(text[: group.start])
    return found.start() if found else group.start


def is_limited(text: str, group: Group, grammar: Grammar) -> bool:
    """Return whether a sentence defines for its own purposes: "In this Section, “Losses” include costs"."""
    first = group.names[0]
    if not (first.quoted and is_proper(first.name) and grammar.may_be_name(first.name)):
        return False
    verb = grammar.defining.includes.match(text, group.end)
    if not verb:
        return False
    # "In this Policy, “Data” is kept for a year" says what happens to it.
    is_only = grammar.is_english and verb["verb"].lower() in ("is", "are")
    if is_only and not grammar.defining.is_a.match(text, group.end):
        return False
    begin = max(sentence_start(text, group.start), group.start - 200)
    return bool(grammar.defining.for_purposes.search(text, begin, group.start))


def is_defined_elsewhere(text: str, end: int) -> bool:
    """Return whether a bracket after a name says that another text defines it: “Guest” (as defined in …)."""
    return _ELSEWHERE.match(text, end) is not None


def is_stated(text: str, group: Group, grammar: Grammar, uses: Callable[[str], int]) -> bool:
    """Return whether a sentence begins with a quoted name and says what it is: "A “Dispute” is any claim that …".

    `uses` returns how often the text contains a name; one in small letters must occur often.
    """
    first = group.names[0]
    named = is_proper(first.name) and grammar.may_be_name(first.name)
    if not first.quoted or not (named or _is_often_small(first.name, uses)) or is_defined_elsewhere(text, group.end):
        return False
    if grammar.defining.is_a.match(text, group.end) is None:
        return False
    if begins_sentence(text, article_start(text, group)):
        return True
    # Ein „aktiver Nutzer“ ist eine Person, die …
    start = sentence_start(text, group.start)
    return not grammar.is_english and grammar.defining.lead.fullmatch(text, start, group.start) is not None


def _is_often_small(name: str, uses: Callable[[str], int]) -> bool:
    """Return whether a text often has a name of which at most the first letter is a capital: "“Working day” is …"."""
    small = name[:1].lower() + name[1:]
    return small.islower() and uses(small) + (uses(name) if name != small else 0) >= _OFTEN


def possible_names(group: Group, grammar: Grammar) -> Group | None:
    """Return a group without the words that cannot be names, or None if none is left."""
    # In bold, small words are emphasised: **Por** “usuario” se entiende …
    names = tuple(
        words
        for words in group.names
        if can_be_name(words.name)
        and (words.quoted or (lower := words.name.lower()) not in grammar.common or lower in grammar.pronouns)
    )
    # **Definition of A and B:** “A” means …
    terms = tuple(words for words in names if words.quoted or not grammar.defining.of_term.match(words.name))
    if any(words.quoted for words in names):
        names = terms
    return Group(names, group.end) if names else None


def name_before_join(text: str, begin: int, group: Group, grammar: Grammar) -> Named | None:
    """Return the name without marks that begins a definition before one with marks: Étiquette ou « tag » : désigne …"""
    if grammar.is_english or not grammar.defining.mark.match(text, group.end):
        return None
    found = _before_join(grammar).fullmatch(text, begin, group.start)
    name = Named(found["name"], *found.span("name"), False, False) if found else None
    return name if name and is_apart(name.name, grammar) else None


@lru_cache(maxsize=32)
def _before_join(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of some words and what joins them to a name."""
    return re.compile(rf"(?P<name>[^\W\d_][^:;.()\n]{{1,60}}?)\s+(?:{grammar.referring.joins})\s+")


def defines_in_sentence(text: str, group: Group, grammar: Grammar) -> bool:
    """Return whether names within a sentence can be defined there: they are marked, and no label of a screen."""
    first = group.names[0]
    if not first.quoted and not (first.bold and grammar.may_be_name(first.name)):
        return False
    begin = max(0, group.start - 60)
    named = not grammar.is_english and grammar.may_be_name(first.name)
    if named and grammar.defining.called.search(text[begin : group.start]):
        return False  # nachstehend als „Vertrag“ bezeichnet
    if _REFERS.search(text, begin, group.start):
        pronoun = any(name.name.capitalize() in PRONOUNS for name in group.names)
        return pronoun or any(is_framed(text, group, frame) for frame in grammar.defining.frames)
    return not grammar.defining.labels.search(text, begin, group.start)


def defines_weakly(text: str, group: Group, grammar: Grammar, definitions: bool) -> bool:
    """Return whether "includes", "is" or a colon defines here: in lists of definitions, or after quotes."""
    first, defining = group.names[0], grammar.defining
    if not definitions and is_defined_elsewhere(text, group.end):
        return False
    if not is_proper(first.name):
        return definitions and first.quoted and is_set_off(text, group, defining)
    mark = None if first.quoted else defining.mark.match(text, group.end)
    if mark and OPENS_SENTENCE.match(text, mark.end()):
        return False
    if not first.quoted and defining.remarks.match(first.name.rstrip(":")):
        return False  # "**Note**: the list is not complete."
    if not first.quoted and defining.titles.match(first.name):
        # "**Purpose:** the sale of …" defines a term; "**Interpretation:** In this Agreement …" is a title.
        return definitions and _is_before_meaning(text, first, defining)
    if not grammar.may_be_name(without_article(first.name, grammar) if definitions else first.name):
        return definitions and (first.quoted or first.bold) and _is_before_meaning(text, first, defining)
    if defining.includes.match(text, group.end):
        return definitions or first.quoted
    if definitions:
        return (first.quoted or first.bold) and is_set_off(text, group, defining)
    if not first.quoted:
        return first.bold and _has_abbreviation(group) and defining.mark_and_article.match(text, group.end) is not None
    if defining.mark_and_article.match(text, group.end):
        return True
    meaning = defining.mark_and_meaning.match(text, group.end)
    return meaning is not None and meaning["mark"] == ":"


def _has_abbreviation(group: Group) -> bool:
    """Return whether the second name of two is the first letters of the first: **Registration Authority (RA)**."""
    if len(group.names) != 2:
        return False
    name, short = (one.name for one in group.names)
    return short.isupper() and short == "".join(word[0] for word in name.split() if word[0].isupper())


def is_framed(text: str, group: Group, frame: Frame) -> bool:
    """Return whether words around a quoted name define it together: unter „Kunde“ versteht man."""
    before, after = frame
    if not group.names[0].quoted or not after.match(text, group.end):
        return False
    return before.search(text, max(0, group.start - 80), group.start) is not None


def _is_before_meaning(text: str, name: Named, defining: Defining) -> bool:
    """Return whether a colon or dash and a meaning follow a name of which only the first word has a capital."""
    if len(name.name.split()) > _MOST_WORDS:
        return False
    inside = text[name.start : name.end].rstrip('*_ \t\n\u00a0”"»')[-1:] in (":", "–", "—")
    return (defining.meaning if inside else defining.mark_and_meaning).match(text, name.end) is not None


def is_set_off(text: str, group: Group, defining: Defining) -> bool:
    """Return whether a punctuation mark follows the names, or is the last of the marked words (“**Fee:** the amount”).

    A full stop counts after bold words that are not a title such as "Interpretation".
    """
    last = group.names[-1]
    if defining.mark.match(text, group.end):
        return True
    if last.bold and not last.quoted and defining.comma_and_article.match(text, group.end):
        return True
    inside = text[last.start : group.end].rstrip("*_ \t\n\u00a0")
    next_line = (last.bold or last.quoted) and defining.meaning_on_next_line.match(text, group.end)
    if inside[-1:] in (":", "–", "—") or next_line:
        return True
    stop = group.end - 1 if inside[-1:] == "." else group.end
    return (
        text[stop : stop + 1] == "." and last.bold and not last.quoted and is_meaning(text, last.name, stop, defining)
    )


_EACH_ONE = re.compile(r"\b(?:each|every|both|together|collectively|jointly|individually|either|an?|the)\b")
"""What is before another term in a bracket, which is no form of the name: Processor (each a “Party”)."""


def apart_names(text: str, names: tuple[Named, ...]) -> list[tuple[Named, ...]]:
    """Separate names that have a meaning each; other forms in a bracket belong to the name before it."""
    apart: list[tuple[Named, ...]] = []
    for name in names:
        between = text[apart[-1][-1].end : name.start] if apart else ""
        opened = apart and ")" not in between and "(" in text[apart[-1][0].end : name.start]
        if opened and not _EACH_ONE.search(between):
            apart[-1] = (*apart[-1], name)
        else:
            apart.append((name,))
    return apart


def says_of_term(text: str, group: Group, grammar: Grammar) -> bool:
    """Return whether a sentence says what a term includes: "the term “trustee” includes successor trustees"; or what it
    is: "You may publish “Paid Posts,” which are any posts that …".
    """
    named = grammar.is_english and group.names[0].quoted
    first = group.names[0].name
    if named and _WHICH_IS.match(text, group.end) and is_proper(first) and grammar.may_be_name(first):
        return True
    verb = grammar.defining.includes.match(text, group.end) if named else None
    return verb is not None and verb["verb"].startswith("includ") and _THE_TERM.search(text, 0, group.start) is not None
