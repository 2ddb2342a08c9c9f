"""Text without the characters that nobody sees: soft hyphens and zero-width ones out, accents composed.

A term is found although its text holds such characters; since few texts do, only those are copied.
"""

from __future__ import annotations

import re
import unicodedata

from engross.values import dataclass

_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_ODD = re.compile(f"[{_UNSEEN}\u0300-\u036f]")
_CLUSTER = re.compile(f"[{_UNSEEN}]+|.[\u0300-\u036f{_UNSEEN}]*", re.DOTALL)
_DROP = dict.fromkeys(map(ord, _UNSEEN))


@dataclass(frozen=True, slots=True)
class Plain:
    """A text to match on. `starts[i]` and `ends[i]` are where the character `text[i]` stood; None: just there."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text that `text[start:end]` stands for (`end` after `start`)."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """The text to match on; it is the text itself where that holds nothing odd."""
    if text.isascii() or not _ODD.search(text):
        return Plain(text)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _CLUSTER.finditer(text):
        composed = plain_name(found[0])
        parts.append(composed)
        starts.extend([found.start()] * len(composed))
        ends.extend([found.start() + len(found[0].rstrip(_UNSEEN))] * len(composed))
    return Plain("".join(parts), tuple(starts), tuple(ends))


def plain_name(words: str) -> str:
    """Words as they are compared: nothing unseen, accents composed."""
    if words.isascii():
        return words
    return unicodedata.normalize("NFC", words.translate(_DROP))
