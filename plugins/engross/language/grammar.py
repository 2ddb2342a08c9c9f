"""What the binding of terms knows of one language: how it defines terms, inflects names and refers to clauses.

`english` makes the grammar of English; `languages` makes those of other languages from their folders of data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class

NOTHING: Final = re.compile(r"(?!)")
"""A pattern that matches nothing, for what a language does not have."""

Frame = tuple[re.Pattern[str], re.Pattern[str]]
"""The words before a term, searched up to it, and those after it: unter „Kunde“ versteht man."""


@value_class(frozen=True, slots=True, eq=False)
class Announcing:
    """How a language announces names that have no marks: "hereinafter called the Buyer", nachstehend Kunde genannt.

    `triggers` are words without which a text, in small letters, announces no name. `marked` are all words before a name
    with marks; `unmarked` these words, a `name`, its abbreviation (`short`) and what may `close` it ("genannt").
    `naming` is a verb among them that names, such as "called"; `usual` is what precedes a name that others use
    ("commonly"). `framed` are patterns with a `name` between their words, `after_lead` is a `name` after "the term",
    and `defined` a verb that defines a name at the beginning of a sentence.
    """

    triggers: re.Pattern[str]
    marked: str
    unmarked: re.Pattern[str]
    after_lead: re.Pattern[str]
    framed: tuple[re.Pattern[str], ...]
    defined: re.Pattern[str]
    naming: re.Pattern[str]
    usual: re.Pattern[str]


@value_class(frozen=True, slots=True, eq=False)
class Defining:
    """How a language defines terms. Patterns before a term end there; those after it begin there.

    After the term: `means` (a verb that defines anywhere), `includes` (one that defines only at the start of a clause),
    `mark`, `mark_and_article` and `mark_and_meaning` (punctuation in place of a verb), `meaning_on_next_line` and
    `begins_meaning` (no verb at all, in lists of definitions), `is_a` (after a quoted name that begins a sentence),
    `negated`, `points` (a definition that only points at a place). Before it: `lead` ("The term"), `frames`. `join` is
    what joins two terms.

    In brackets and sentences: `introduces` (the whole text between bracket and term), `introductory` (between two
    terms), `tail` (after the last), `not_here` (a bracket that defines nothing), `called` and `apart` (outside
    brackets), `announces` (names without marks), `each` (begins another meaning), `labels` (before a quoted label of a
    screen), `number_before` (before a bracket that holds the title of a clause or a law), `in_brackets` (names that are
    defined by a bracket alone), `respectively` (after names of different things), `for_purposes` (before the term),
    `facts` (labels of facts about parties, which are no roles), `so_called` (words in a bracket that also give the
    usual name of a thing).

    `titles` are titles of clauses about definitions, `listing` the titles of sections of definitions, `introduces_list`
    the words before a list of them, `article` the article at the start of a marked name.

    `remarks` are labels that are no terms ("Note"), `of_term` is a title before a term ("Definition of"), `signs_for`
    the line above a signature, `describing` a word with a capital before an abbreviation that is no part of its name
    ("Unsecured").

    Only other languages have: `designates` (a verb after a name without article and marks), `must_be` (the end of a
    sentence that defines nothing), `half_bracket` (a bracket whose name lacks one quotation mark).

    Only English has: `meaning_after_stop`, `meaning` and `comma_and_article` (after names in a list of definitions).
    """

    means: re.Pattern[str]
    includes: re.Pattern[str]
    mark: re.Pattern[str]
    mark_and_article: re.Pattern[str]
    meaning_on_next_line: re.Pattern[str]
    begins_meaning: re.Pattern[str]
    negated: re.Pattern[str]
    points: re.Pattern[str]
    lead: re.Pattern[str]
    frames: tuple[Frame, ...]
    join: re.Pattern[str]
    introduces: re.Pattern[str]
    introductory: re.Pattern[str]
    tail: re.Pattern[str]
    not_here: re.Pattern[str]
    called: re.Pattern[str]
    apart: re.Pattern[str]
    announces: Announcing
    each: re.Pattern[str]
    labels: re.Pattern[str]
    number_before: re.Pattern[str]
    titles: re.Pattern[str]
    listing: re.Pattern[str]
    introduces_list: re.Pattern[str]
    article: re.Pattern[str]
    mark_and_meaning: re.Pattern[str]
    is_a: re.Pattern[str]
    in_brackets: re.Pattern[str] = NOTHING
    respectively: re.Pattern[str] = NOTHING
    facts: re.Pattern[str] = NOTHING
    so_called: re.Pattern[str] = NOTHING
    remarks: re.Pattern[str] = NOTHING
    of_term: re.Pattern[str] = NOTHING
    signs_for: re.Pattern[str] = NOTHING
    describing: re.Pattern[str] = NOTHING
    meaning_after_stop: re.Pattern[str] = NOTHING
    for_purposes: re.Pattern[str] = NOTHING
    meaning: re.Pattern[str] = NOTHING
    comma_and_article: re.Pattern[str] = NOTHING
    must_be: re.Pattern[str] = NOTHING
    designates: re.Pattern[str] = NOTHING
    half_bracket: re.Pattern[str] = NOTHING


@value_class(frozen=True, slots=True, eq=False)
class Referring:
    """How a language refers to clauses and laws.

    `families` are the words before a number → the kind of part that they mean; `ordinals` are number words → numbers
    (cláusula primera). The other fields are alternatives for patterns: `parts` and `ignored` (words between a number
    and that of a part of it), `joins`, `to`, `more` ("et seq."), `of`, `owner` (before the owner of a thing), `this`,
    `here` ("above"), `own` ("of this"), `bare` (before a number without a word: en 3.1), `previous` and `next` (the
    part right before or after; empty if a language has no words for them), `units` (after an amount), `laws`,
    `contracts` (names of other instruments),
    `such` (words between a law and one of its parts: notamment), `policies` (what texts beside a contract are called),
    `earlier` (a version that no longer applies).
    """

    families: dict[str, str]
    ordinals: dict[str, str]
    parts: str
    ignored: str
    joins: str
    to: str
    more: str
    of: str
    owner: str
    this: str
    here: str
    own: str
    bare: str
    previous: str
    next: str
    units: str
    laws: str
    contracts: str
    such: str
    policies: str
    earlier: str
    suffixes: str
    not_itself: str

    @property
    def ordinal(self) -> str:
        """The ordinals as alternatives of a pattern."""
        words = sorted(self.ordinals, key=len, reverse=True)
        return "|".join(re.escape(word).replace("\\ ", r"\s+") for word in words) or "(?!)"

    def number_of(self, word: str) -> str:
        """Return the number that an ordinal means, as digits, without a number in brackets after it; an empty string
        if a word is none.
        """
        return self.ordinals.get(" ".join(word.lower().partition("(")[0].split()), "")

    def words_of(self, *families: str) -> str:
        """Return the words of some families as alternatives of a pattern, the longest first."""
        words = [word for word, family in self.families.items() if family in families]
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


@value_class(frozen=True, slots=True, eq=False)
class Grammar:
    """A language: its code, such as "de", and what it knows. Grammars are compared by identity.

    `forms` returns the other forms of a name (a key, see `key`). `may_be_name` returns whether marked words are written
    like the name of a term. `value_of` returns the number that words express, or None. `number_word` is a pattern for
    one word of a number, `number_join` what joins two of them. `common` are the most frequent small words, `pronouns`
    are names that never become links, `indefinite` are determiners of any thing of a kind (un, otro), `articles` all
    determiners without apostrophes (l, d). `gendered` is a `name` with the ending of another gender after a sign
    (Auftraggeber:in). `other_before` and `one_of_many_before` end before a noun that means another thing than a name
    (andere, ein), `either` are alternatives for "or".
    """

    code: str
    defining: Defining
    referring: Referring
    forms: Callable[[str], tuple[str, ...]]
    may_be_name: Callable[[str], bool]
    value_of: Callable[[str], int | None]
    number_word: str
    number_join: str
    common: frozenset[str]
    pronouns: frozenset[str]
    capitalises_nouns: bool = False
    indefinite: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    gendered: re.Pattern[str] = NOTHING
    other_before: re.Pattern[str] = NOTHING
    one_of_many_before: re.Pattern[str] = NOTHING
    either: str = "or"

    @property
    def is_english(self) -> bool:
        """Whether the rules of English apply that are not data."""
        return self.code == "en"
