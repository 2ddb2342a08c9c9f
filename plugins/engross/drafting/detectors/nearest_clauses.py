"""The clauses whose anchors or labels are nearest to a name that none has."""

from __future__ import annotations

from difflib import get_close_matches

from engross.model import Clause

_MOST = 3
_LONGEST = 200


def nearest_clauses(root: Clause, name: str) -> list[str]:
    """Return the anchors of at most three clauses, the nearest first; labels are compared too."""
    named = {name: one.anchor for one in root.walk() if one.anchor for name in (one.label, one.anchor)}
    near = get_close_matches(name.removeprefix("#")[:_LONGEST], list(named), n=2 * _MOST, cutoff=0.5)
    return list(dict.fromkeys(named[one] for one in near))[:_MOST]
