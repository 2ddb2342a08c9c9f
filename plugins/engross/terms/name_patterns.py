"""Turns many names into one pattern, a trie that finds the longest name at each place.

* The first character is a character set, so that the search skips to the next possible beginning; the character before
  it is checked afterwards. It must not be a letter or a hyphen: Sub-Licensee is not Licensee.
* The match includes the rest of the last word ("Customer Data" in "Customer Dataset"). Such a match is not a name, and
  no shorter name is searched for inside it. Checking the boundary afterwards would find "Customer" instead.
* White space in a name matches any white space, including line ends and no-break spaces. The typographic apostrophe is
  punctuation and not a letter, so the word ends before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re

_WILD: Final = {" ": r"\s+", "-": "[-‐‑]", "'": "['’]"}
_REST_OF_WORD: Final = r"(?:[-‐‑]?\w)*"

_RUN: Final = re.compile(r"\w+")
_MANY: Final = 200
_MOST_APART: Final = 2
"""For more documents than these, compiling the pattern of all names is cheaper than one for each document."""

_Node = dict[str, "_Node"]
_END: Final = ""


def compile_names(names: Iterable[str], *, after_hyphen: bool = False) -> re.Pattern[str] | None:
    """Return a pattern that matches names (keys, see `engross.language`), the longest first, or None without names.

    `after_hyphen` allows a hyphen before a match.
    """
    return _compiled(frozenset(names), after_hyphen)


class NamesInTexts:
    """The pattern of the same names for several documents, each asked for by a key.

    For the first documents it has only the names that may be in their texts: to compile thousands of names takes as
    long as to search many texts. The names that are left out match nowhere in them, so that the same is found.
    """

    def __init__(self, names: Iterable[str], *, after_hyphen: bool = False) -> None:
        self._names = frozenset(names)
        self._after_hyphen = after_hyphen
        self._known: dict[str, re.Pattern[str] | None] = {}

    def pattern(self, document: str, texts: Callable[[], Iterable[str]]) -> re.Pattern[str] | None:
        """Return the pattern for the texts of a document, or None if no name may be in them."""
        if document not in self._known:
            asked = _asked(self._names)
            asked.update((document,))
            apart = len(self._names) > _MANY and asked.total() <= _MOST_APART
            names = possible_names(self._names, texts()) if apart else self._names
            self._known[document] = _compiled(names, self._after_hyphen)
        return self._known[document]


@lru_cache(maxsize=16)
def _asked(names: frozenset[str]) -> Counter[str]:  # noqa: ARG001 (the same one for the same names)
    """The documents for which a pattern of these names was compiled."""
    return Counter()


def possible_names(names: Iterable[str], texts: Iterable[str]) -> frozenset[str]:
    """Return the names that may be in texts: each of their words is a word of a text, or the beginning of one."""
    words = {word for text in texts for word in _RUN.findall(text)}
    beginnings = {word[:length] for word in words for length in range(1, len(word) + 1)}
    return frozenset(name for name in names if beginnings.issuperset(_RUN.findall(name)))


@lru_cache(maxsize=16)
def _compiled(names: frozenset[str], after_hyphen: bool) -> re.Pattern[str] | None:
    """Build the pattern; cached, because consecutive editions have the same names."""
    root: _Node = {}
    for name in names:
        node = root
        for character in name:
            node = node.setdefault(character, {})
        if name:
            node[_END] = {}
    if not root:
        return None
    first = "".join(re.escape(character) for character in sorted(root))
    branches = "|".join(f"(?<={re.escape(character)}){_trie_pattern(node)}" for character, node in sorted(root.items()))
    before = r"\w" if after_hyphen else r"\w\-‐‑"
    return re.compile(rf"[{first}](?<![{before}].)(?:{branches}){_REST_OF_WORD}")


def _trie_pattern(node: _Node) -> str:
    """Return the pattern of what may follow a node, the longer alternatives first."""
    chain: list[str] = []
    while len(node) == 1 and _END not in node:
        ((character, node),) = node.items()
        chain.append(_atom(character))
    alternatives = [
        _atom(character) + _trie_pattern(child) for character, child in sorted(node.items()) if character != _END
    ]
    if _END in node:
        if not alternatives:
            return "".join(chain)
        alternatives.append("")
    return "".join(chain) + (f"(?:{'|'.join(alternatives)})" if len(alternatives) > 1 else alternatives[0])


def _atom(character: str) -> str:
    return _WILD.get(character) or re.escape(character)
