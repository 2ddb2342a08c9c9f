"""Two texts as words → the pairs of words that stayed: common ends, patience on rare words, `difflib` in the rest.

`readable` then gives up pairs that would only confuse, so that a change is marked as a person would mark it.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from engross.redline.readable import readable
from engross.redline.sequences import Pair, gaps_between, match_equal
from engross.redline.tokens import Token

_COMMON = (
    "a an and any are as at be been but by can for from had has have if in into is it its may no nor not of "
    "on or other our shall so such than that the their them then there these they this those to under upon "
    "was we were which who will with would you your"
)
COMMON = frozenset(_COMMON.split())
"""Words too frequent to tell that two stretches are the same."""

# difflib takes time with the product of the lengths; beyond this a stretch without a single rare word in common is
# replaced as a whole.
_MOST_COMPARED = 250_000


def kept_words(old: Sequence[Token], new: Sequence[Token]) -> list[Pair]:
    """The pairs of places whose words stayed, rising on both sides."""
    a, b = [token.key for token in old], [token.key for token in new]
    if a == b:
        return [(at, at) for at in range(len(a))]
    if b < a:
        # What is found must not depend on which side is called old; difflib's answer does.
        return [(i, j) for j, i in kept_words(new, old)]
    pairs = match_equal(a, b, lambda at: _weight(a[at]))
    return readable(old, new, _with_common_words(a, b, pairs))


def _weight(word: str) -> int:
    return 0 if word.lower() in COMMON or not any(map(str.isalnum, word)) else len(word)


def _with_common_words(a: list[str], b: list[str], pairs: list[Pair]) -> list[Pair]:
    found = list(pairs)
    for start, end, new_start, new_end in gaps_between(pairs, (0, len(a), 0, len(b))):
        if (end - start) * (new_end - new_start) <= _MOST_COMPARED:
            matcher = SequenceMatcher(None, a[start:end], b[new_start:new_end], autojunk=False)
            for block in matcher.get_matching_blocks():
                found += ((start + block.a + at, new_start + block.b + at) for at in range(block.size))
    return sorted(found)
