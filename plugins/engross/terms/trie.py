"""Many names, one pattern: a trie written as a regular expression, which finds the longest name at each place.

* The first character stands in front as a set, so that the search skips to a place where a name may begin; what comes
  before it is looked at next. Neither a letter nor a hyphen may: Sub-Licensee is not Licensee.
* After the longest name the rest of its word is taken along ("Customer Data" in "Customer Dataset"). Such a match is
  no name, and no shorter name is found within it. To look at the boundary afterwards instead would find "Customer".
* White space in a name stands for any run of white space, a line end or no-break space included. The typographic
  apostrophe is punctuation, not a letter: the word ends before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_WILD: Final = {" ": r"\s+", "-": "[-‐‑]", "'": "['’]"}
_REST_OF_WORD: Final = r"(?:[-‐‑]?\w)*"

_Node = dict[str, "_Node"]
_END: Final = ""


def compile_names(names: Iterable[str], *, after_hyphen: bool = False) -> re.Pattern[str] | None:
    """A pattern that matches the names (keys of `engross.terms.names`), each longest first; None without any.

    `after_hyphen` allows a hyphen before a match.
    """
    return _compiled(frozenset(names), after_hyphen)


@lru_cache(maxsize=16)
def _compiled(names: frozenset[str], after_hyphen: bool) -> re.Pattern[str] | None:
    """Edition after edition has the same names: each pattern is made once."""
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
    branches = "|".join(f"(?<={re.escape(character)}){_written(node)}" for character, node in sorted(root.items()))
    before = r"\w" if after_hyphen else r"\w\-‐‑"
    return re.compile(rf"[{first}](?<![{before}].)(?:{branches}){_REST_OF_WORD}")


def _written(node: _Node) -> str:
    """What may follow a node, the longer way first."""
    chain: list[str] = []
    while len(node) == 1 and _END not in node:
        ((character, node),) = node.items()
        chain.append(_atom(character))
    ways = [_atom(character) + _written(child) for character, child in sorted(node.items()) if character != _END]
    if _END in node:
        if not ways:
            return "".join(chain)
        ways.append("")
    return "".join(chain) + (f"(?:{'|'.join(ways)})" if len(ways) > 1 else ways[0])


def _atom(character: str) -> str:
    return _WILD.get(character) or re.escape(character)
