"""Finds the names of one word that act in sentences: "Customer will …"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import engross.common.lazy_re as re
from engross.terms.passage_memory import of_words

_ACTS = re.compile(r"([A-Z](?<![\w’'-].)\w+) (?:will|shall|may|must|agrees)\b")
# The word before, if its capital is not that of a sentence: "Acme Group will", not "If Customer will".
_NAME_BEFORE = re.compile(
    r"(?<![\w.&’'-])(?!(?:The|An?|If|When|Where|Each|Any|Either|Neither|Both|All|That|This|As|Unless|Until|While|And|Or|But"
    r"|Then|Such|Our|Your|Its|Their|Provided|Once|After|Before|In|At|By|For|To|Upon|Nor|Only|Whether|Although|Because"
    r"|Since) )[A-Z][\w.&’'-]*(?<!\.) \Z"
)


@of_words
def acting_in(text: str) -> tuple[str, ...]:
    """Return the names that act in a text, as often as they do."""
    return tuple(
        one[1] for one in _ACTS.finditer(text) if not _NAME_BEFORE.search(text, max(0, one.start() - 30), one.start())
    )


def acting(counts: Iterable[Mapping[str, int]]) -> frozenset[str]:
    """Return the names that act more than once in the texts of an edition, of which each has counted them."""
    counted: Counter[str] = Counter()
    for one in counts:
        counted.update(one)
    return frozenset(name for name, times in counted.items() if times > 1)
