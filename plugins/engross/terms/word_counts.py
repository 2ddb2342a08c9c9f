"""How often a text has words, what is before them, and how it writes them."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.language import NOUNS, Grammar

_OFTEN = 4
_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w{3})")
_LOWER_WORD = re.compile(r"(?<![\w/.@-])[a-z]{2,}(?![\w@])")


class WordCounts:
    """The words of a `text`, which a subclass has."""

    @lazy_value
    def text(self) -> str:
        """The text."""
        raise NotImplementedError

    @lazy_value
    def _words(self) -> Counter[str]:
        return Counter(_WORD.findall(self.text))

    def repeats(self, name: str) -> bool:
        """Return whether every word of a name occurs more than once, as the words of a term do."""
        return all(self._words[word] > 1 for word in _WORD.findall(name))

    def uses(self, name: str) -> int:
        """Return how often a text contains a name of any number of words, whatever follows it."""
        return self.text.count(name)

    def is_only_quoted(self, name: str) -> bool:
        """Return whether a text has a name between quotation marks and nowhere else."""
        text, length = self.text, len(name)
        places = ((text[at - 1 : at], text[at + length : at + length + 1]) for at in self._places(name))
        return all(before in ("“", '"') and after in ("”", '"') for before, after in places)

    def _places(self, name: str) -> list[int]:
        """Return where a text has a name: each place of the rarest of its words is looked at."""
        words = [(self._starts.get(found[0], []), found.start()) for found in _WORD.finditer(name)]
        starts, within = min(words, key=lambda one: len(one[0]), default=([], 0))
        return [at - within for at in starts if self.text.startswith(name, at - within)]

    @lazy_value
    def _starts(self) -> dict[str, list[int]]:
        starts: dict[str, list[int]] = defaultdict(list)
        for found in _WORD.finditer(self.text):
            starts[found[0]].append(found.start())
        return starts

    def count(self, word: str) -> int:
        """Return how often a text contains a word."""
        return self._words[word]

    def in_title_case(self, name: str) -> tuple[str, ...]:
        """Return a name in capitals as the text mostly writes it: Software for SOFTWARE; nothing if it does not."""
        parts = name.split()
        written = " ".join(part.lower() if part in ("OF", "AND", "OR", "THE") else part.capitalize() for part in parts)
        often = name.isupper() and all(self._words[word] >= _OFTEN for word in _WORD.findall(written))
        return (written,) if often else ()

    def is_small(self, name: str, grammar: Grammar) -> bool:
        """Return whether the text uses a name of several words with a small first letter only: unité de mesure.

        Only its first word has a capital, because it begins an item of a list of definitions.
        """
        first, _, rest = _APOSTROPHE.sub(" ", name).partition(" ")
        if grammar.capitalises_nouns or not first.istitle() or not rest or any(map(str.istitle, rest.split())):
            return False
        before = self._before.get(rest.split()[0], Counter[str]())
        return before[first.lower()] > 0 and before[first] < 2

    def is_named_with_article(self, name: str, grammar: Grammar) -> bool:
        """Return whether a text has a name after an article more than once, which places and people have not."""
        article, first = grammar.defining.article, name.split()[0]
        return sum(count for word, count in self.words_before(first) if article.match(f"{word} {first}")) > 1

    def words_before(self, word: str) -> list[tuple[str, int]]:
        """Return the words that a text has right before a word, and how often."""
        return list(self._before.get(word, {}).items())

    @lazy_value
    def _before(self) -> dict[str, Counter[str]]:
        """The words that are right before each word, and how often."""
        tokens = [token.strip(',.;:()«»“”"*') for token in _APOSTROPHE.sub(" ", self.text).split()]
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for before, after in pairwise(tokens):
            found[after][before] += 1
        return found

    def is_used_as_term(self, name: str) -> bool:
        """Return whether a text often uses a name whose last word is also an ordinary noun."""
        last = name.split()[-1].lower()
        ordinary = last in self.lower_words or last.removesuffix("s") in NOUNS
        return ordinary and all(self._words[word] >= _OFTEN for word in _WORD.findall(name))

    @lazy_value
    def lower_words(self) -> frozenset[str]:
        """All words that occur in lower case."""
        # Search the distinct tokens between white space, which are far fewer than all tokens of a text.
        return frozenset(_LOWER_WORD.findall("\n".join(set(self.text.split()))))
