"""Finds the brackets of a text that contain others, or are long."""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re

_ANY = re.compile(r"[()]")
_LONGEST = 400


def around_brackets(text: str) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield the brackets that contain others, or are long: (their span, where the part after the last of these begins).

    As in "(as amended (the last time in May), the “Loan Agreement”)".
    """
    opened: list[int] = []
    last = 0
    for found in _ANY.finditer(text):
        at = found.start()
        if found[0] == "(":
            opened.append(at)
        elif opened:
            start = opened.pop()
            if start < last or at - start > _LONGEST:
                begin = max(last, start + 1, at - _LONGEST)
                yield (start, at + 1), begin
            last = at + 1
