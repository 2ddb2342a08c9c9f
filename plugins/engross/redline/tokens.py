"""Pieces → words: the units in which a change is marked, each kept whole where a reader would.

A number with its currency, decimals and percent sign, a section number with its enumerators, an enumerator with its
brackets, a hyphenated word, an address: none is ever cut. Blanks are no words; each word knows the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from engross.redline.pieces import Piece, Pieces
from engross.redline.script import Style

_WORD = re.compile(
    r"(?P<blank> +)"
    r"|(?P<word>"
    r"\([A-Za-z0-9]{1,6}\)(?:\([A-Za-z0-9]{1,6}\))*"
    r"|[$€£¥]?\d+(?:[.,:/]\d+)*(?:%|(?:\([A-Za-z0-9]{1,6}\))+|\w+)?"
    r"|\w+(?:[-’'&./@:]+\w+)*"
    r"|[^ ])",
    re.DOTALL,
)
_VERBATIM = re.compile(r"(?P<blank>(?!))|(?P<word>\w+|.)", re.DOTALL)
_HAS_WORD = re.compile(r"\w")


class Token(NamedTuple):
    """A word or sign. `blank` is the piece of white space before it, if any; styles make no other word of it."""

    text: str
    styles: tuple[Style, ...] = ()
    blank: Piece | None = None
    is_image: bool = False

    @property
    def key(self) -> str:
        """What two tokens share that are the same word; an image is never the same as its alternative text."""
        return f"\ufffc{self.text}" if self.is_image else self.text

    @property
    def is_word(self) -> bool:
        """Whether it counts as a word: it has a letter or digit, or is an image."""
        return self.is_image or self.text[0].isalnum() or bool(_HAS_WORD.search(self.text))


# A named tuple made by its name costs three times one made of a tuple: there is one for each word that is compared.
_made: Callable[[tuple[str, tuple[Style, ...], Piece | None, bool]], Token] = partial(tuple.__new__, Token)


def tokens(shown: Pieces, *, verbatim: bool = False) -> list[Token]:
    """The words of some pieces; `verbatim` makes every blank a token, for blocks of code."""
    pattern = _VERBATIM if verbatim else _WORD
    out: list[Token] = []
    blank: Piece | None = None
    for piece in shown:
        if piece.is_image:
            out.append(Token(piece.text, piece.styles, blank, True))
            blank = None
            continue
        for found in pattern.finditer(piece.text):
            if found["blank"]:
                blank = Piece(found["blank"], piece.styles)
            else:
                out.append(_made((found["word"], piece.styles, blank, False)))
                blank = None
    return out


def count_words(text: str) -> int:
    """How many words a text has, as a reader counts them."""
    return sum(1 for found in _WORD.finditer(text) if found["word"] and _HAS_WORD.search(found["word"]))
