"""The visible text of a block: styled pieces, and the tokens in which a change is marked.

An `Inline` → what a reader sees of it: pieces of text, each with one set of styles.

White space is brought to the form in which it shows: any run of blanks and soft line ends is one blank, none stands
at the ends or beside a hard line break. A reflow therefore changes no piece. Code blocks keep every character.

Pieces → words: the units in which a change is marked, each kept whole where a reader would.

A number with its currency, decimals and percent sign, a section number with its enumerators, an enumerator with its
brackets, a hyphenated word, an address: none is ever cut. Blanks are no words; each word knows the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from engross.model import Inline, Mark, MarkKind
from engross.redline.script import Style

_BLANKS = re.compile(r"[ \t\n]+")
_TYPEFACES = (MarkKind.STRONG, MarkKind.EMPHASIS, MarkKind.STRIKE)


class Piece(NamedTuple):
    """A stretch of visible text with one set of styles, outermost first; an image is a piece by itself."""

    text: str
    styles: tuple[Style, ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether this is an image, its text being the alternative text."""
        return bool(self.styles) and self.styles[-1].kind is MarkKind.IMAGE


Pieces = tuple[Piece, ...]


def pieces(inline: Inline, *, verbatim: bool = False) -> Pieces:
    """The pieces of a text; `verbatim` keeps white space as it is, for blocks of code."""
    if verbatim:
        return (Piece(inline.text),) if inline.text else ()
    if not inline.marks:
        text = _one_blank(inline.text).strip(" ")
        return (Piece(text),) if text else ()
    return joined(_blanks_in_style(list(_parts(inline))))


def joined(parts: Iterable[Piece]) -> Pieces:
    """The pieces with neighbours of the same styles made one (images excepted) and empty ones dropped."""
    out: list[Piece] = []
    for part in parts:
        if part.is_image:
            out.append(part)
        elif part.text:
            if out and out[-1].styles == part.styles and not out[-1].is_image:
                out[-1] = Piece(out[-1].text + part.text, part.styles)
            else:
                out.append(part)
    return tuple(out)


def plain(parts: Iterable[Piece]) -> str:
    """The visible text of some pieces; an image stands in it as one sign and its alternative text."""
    return "".join(f"\ufffc{part.text}" if part.is_image else part.text for part in parts)


def _one_blank(text: str) -> str:
    """Any white space within a text as one blank; most texts have no other."""
    return _BLANKS.sub(" ", text) if "\n" in text or "  " in text or "\t" in text else text


def _parts(inline: Inline) -> Iterator[Piece]:
    """Words, the blanks around them, hard breaks and images, each with its styles as the source has them."""
    images = {mark.start: mark for mark in inline.marks if mark.kind is MarkKind.IMAGE}
    edges = {0, len(inline.text)} | {at for mark in inline.marks for at in (mark.start, mark.end)}
    ordered = sorted(edges)
    inside = 0
    for start, end in zip(ordered, [*ordered[1:], ordered[-1]], strict=True):
        if start in images and start >= inside:
            image = images[start]
            inside = image.end
            yield Piece(_one_blank(inline.text[start:inside]).strip(" "), _styles(inline, start, start, image))
        if start < inside or start == end:
            continue
        if any(mark.kind is MarkKind.BREAK and mark.start == start for mark in inline.marks):
            yield Piece("\n", _styles(inline, start, end))
            continue
        yield from _words(_one_blank(inline.text[start:end]), _styles(inline, start, end))


def _words(text: str, styles: tuple[Style, ...]) -> Iterator[Piece]:
    """A stretch of one style, the blanks at its ends apart: only those may have to give up their style."""
    words = text.strip(" ")
    if text[0] == " ":
        yield Piece(" ", styles)
    if words:
        yield Piece(words, styles)
        if text[-1] == " ":
            yield Piece(" ", styles)


def _styles(inline: Inline, start: int, end: int, image: Mark | None = None) -> tuple[Style, ...]:
    """The styles that hold over `start` to `end`, none twice; those around an image, then its own."""
    around: list[Style] = []
    for mark in inline.marks:
        if mark.kind in (MarkKind.BREAK, MarkKind.IMAGE) or not mark.start <= start < max(mark.end, mark.start + 1):
            continue
        if mark.end < end or (image and mark.end < image.end):
            continue
        style = Style(mark.kind, mark.target, mark.title)
        if style not in around:
            around.append(style)
    return (*around, Style(MarkKind.IMAGE, image.target, image.title)) if image else tuple(around)


def _blanks_in_style(parts: list[Piece]) -> Iterator[Piece]:
    """Drop blanks that do not show; one between words is bold or slanted where both its neighbours are.

    `**a** **b**` and `**a b**` look the same, and so are the same; a link or code over a blank does show.
    """
    parts = list(_single_blanks(parts))
    # A line break at either end breaks nothing.
    while parts and parts[0].text in ("\n", " ") and not parts[0].is_image:
        parts.pop(0)
    while parts and parts[-1].text in ("\n", " ") and not parts[-1].is_image:
        parts.pop()
    for at, part in enumerate(parts):
        if part.text != " " or part.is_image:
            yield part
            continue
        before = parts[at - 1] if at else Piece("\n")
        after = parts[at + 1] if at + 1 < len(parts) else Piece("\n")
        if "\n" in (before.text, after.text) or (at == 0 or at + 1 == len(parts)):
            continue
        if all(style.kind in _TYPEFACES for style in part.styles):
            both = tuple(style for style in before.styles if style in after.styles and style.kind in _TYPEFACES)
            yield Piece(" ", both)
        else:
            yield part


def _single_blanks(parts: Iterable[Piece]) -> Iterator[Piece]:
    """Of blanks in a row, the least styled: the one that joins rather than belongs to a word."""
    blank: Piece | None = None
    for part in parts:
        if part.text == " " and not part.is_image:
            blank = part if blank is None or len(part.styles) < len(blank.styles) else blank
            continue
        if blank:
            yield blank
            blank = None
        yield part
    if blank:
        yield blank


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
