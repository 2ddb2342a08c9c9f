"""How messages name things: the path of a value, what was written, what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_UNPRINTED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST_GUESS = 60
_LIKENESS = 0.75


def shown(text: str, longest: int = 40) -> str:
    """The text on one line, without control characters, cut to `longest` characters."""
    line = _UNPRINTED.sub(" ", text).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def join(path: Iterable[str | int]) -> str:
    """A value's path as messages write it: ("documents", 2, "kind") is "documents[2].kind", counted from 0."""
    where = ""
    for part in path:
        if isinstance(part, int):
            where += f"[{part}]"
        else:
            where += f".{shown(part)}" if where else shown(part)
    return where


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or an empty string where none is like it."""
    # difflib takes time by the square of the length; nothing that long is a slip of the pen.
    found = get_close_matches(word[:_LONGEST_GUESS].lower(), list(known), n=1, cutoff=_LIKENESS)
    return found[0] if found else ""


def meant(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?`, or an empty string where no known word is like this one."""
    guess = nearest(word, known)
    return f'; did you mean "{guess}"?' if guess else ""


def quoted(text: str) -> str:
    """The text as a double-quoted YAML scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
