"""Converts an `Inline` to the visible text of a block: styled pieces, and the tokens in which changes are marked.

White space is normalised to what shows: any run of blanks and soft line ends is one blank, and there is none at the
ends or next to a hard line break. So reflowing a text changes no piece. Code blocks keep every character.

Tokens are words that readers see as one and that are never cut: a number with its currency, decimals and percent sign,
a section number with its enumerators, an enumerator with its brackets, the number of a footnote, a hyphenated word, an
address. In scripts without blanks between words a character is a word (`folding`). Blanks are not tokens; each token
has the blank before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

import engross.common.lazy_re as re
from engross.model import Inline, Mark, MarkKind
from engross.redline.folding import LETTER, SPACELESS_WORD, folded
from engross.redline.script import Style

_BLANKS = re.compile(r"[ \t\n]+")
# An address typed without markup is its words: a link to it appears by itself.
_NO_STYLE = (MarkKind.BREAK, MarkKind.IMAGE, MarkKind.ADDRESS)
_TYPEFACES = (
    MarkKind.STRONG,
    MarkKind.EMPHASIS,
    MarkKind.STRIKE,
    MarkKind.SUPERSCRIPT,
    MarkKind.SUBSCRIPT,
)


class Piece(NamedTuple):
    """A piece of visible text with one set of styles, outermost first; an image is a piece of its own."""

    text: str
    styles: tuple[Style, ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether this is an image; its text is the alternative text."""
        return bool(self.styles) and self.styles[-1].kind is MarkKind.IMAGE


Pieces = tuple[Piece, ...]


def pieces(inline: Inline, *, verbatim: bool = False) -> Pieces:
    """Return the pieces of a text; `verbatim` keeps white space unchanged, for code blocks."""
    if verbatim:
        return (Piece(inline.text),) if inline.text else ()
    if not inline.marks:
        text = one_blank(inline.text).strip(" ")
        return (Piece(text),) if text else ()
    return joined(_blanks_in_style(list(_parts(inline))))


def joined(parts: Iterable[Piece]) -> Pieces:
    """Join neighbours with the same styles (except images) and drop empty pieces."""
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
    """Return the visible text of some pieces; an image becomes one special character and its alternative text."""
    return "".join(f"\ufffc{part.text}" if part.is_image else part.text for part in parts)


def one_blank(text: str) -> str:
    """Return a text in which any run of white space is one blank; most texts are returned as they are."""
    return _BLANKS.sub(" ", text) if "\n" in text or "  " in text or "\t" in text else text


def _parts(inline: Inline) -> Iterator[Piece]:
    """Yield words, the blanks around them, hard breaks and images, each with the styles in the source."""
    images = {mark.start: mark for mark in inline.marks if mark.kind is MarkKind.IMAGE}
    edges = {0, len(inline.text)} | {at for mark in inline.marks for at in (mark.start, mark.end)}
    ordered = sorted(edges)
    inside = 0
    for start, end in zip(ordered, [*ordered[1:], ordered[-1]], strict=True):
        if start in images and start >= inside:
            image = images[start]
            inside = image.end
            yield Piece(one_blank(inline.text[start:inside]).strip(" "), _styles(inline, start, start, image))
        if start < inside or start == end:
            continue
        if any(mark.kind is MarkKind.BREAK and mark.start == start for mark in inline.marks):
            yield Piece("\n", _styles(inline, start, end))
            continue
        yield from _words(one_blank(inline.text[start:end]), _styles(inline, start, end))


def _words(text: str, styles: tuple[Style, ...]) -> Iterator[Piece]:
    """Yield a text of one style with the blanks at its ends separate, because only those may lose their style."""
    words = text.strip(" ")
    if text[0] == " ":
        yield Piece(" ", styles)
    if words:
        yield Piece(words, styles)
        if text[-1] == " ":
            yield Piece(" ", styles)


def _styles(inline: Inline, start: int, end: int, image: Mark | None = None) -> tuple[Style, ...]:
    """Return the styles of `start` to `end` without duplicates; for an image, the outer styles and then its own."""
    around: list[Style] = []
    for mark in inline.marks:
        if mark.kind in _NO_STYLE or not mark.start <= start < max(mark.end, mark.start + 1):
            continue
        if mark.end < end or (image and mark.end < image.end):
            continue
        # Where a footnote leads and how often the text refers to it shows nowhere.
        shown = mark.kind is not MarkKind.FOOTNOTE
        style = Style(mark.kind, mark.target, mark.title) if shown else Style(mark.kind)
        if style not in around:
            around.append(style)
    return (*around, Style(MarkKind.IMAGE, image.target, image.title)) if image else tuple(around)


def _blanks_in_style(parts: list[Piece]) -> Iterator[Piece]:
    """Drop blanks that do not show; a blank between words is bold or italic only if both neighbours are.

    `**a** **b**` and `**a b**` look the same, so they must be equal; a link or code on a blank is visible.
    """
    parts = list(_single_blanks(parts))
    # A line break at either end has no effect.
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
    """Replace blanks in a row by the one with the fewest styles, which is between words and not part of one."""
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
    r"|\[\d+\]"
    rf"|[$€£¥]?\d+(?:[.,:/]\d+)*(?:%|(?:\([A-Za-z0-9]{{1,6}}\))+|{LETTER}+)?"
    rf"|{LETTER}+(?:[-‐‑’'&./@:]+{LETTER}+)*"
    rf"|{SPACELESS_WORD}"
    r"|[^ ])",
    re.DOTALL,
)
_VERBATIM = re.compile(r"(?P<blank>(?!))|(?P<word>\w+|.)", re.DOTALL)
_HAS_WORD = re.compile(r"\w")


class Token(NamedTuple):
    """A word or sign. `blank` is the white space before it, if any; styles do not matter for equality (`key`)."""

    text: str
    styles: tuple[Style, ...] = ()
    blank: Piece | None = None
    is_image: bool = False

    @property
    def key(self) -> str:
        """The text that equal words share, whatever their typography; an image never equals its alternative text."""
        if self.is_image:
            return f"\ufffc{self.text}"
        return self.text if self.text.isalnum() else folded(self.text)

    @property
    def is_word(self) -> bool:
        """Whether it counts as a word: it contains a letter or digit, or is an image."""
        return self.is_image or self.text[0].isalnum() or bool(_HAS_WORD.search(self.text))


# Creating a named tuple by its class takes three times as long, and there is one token for each compared word.
_new_token: Callable[[tuple[str, tuple[Style, ...], Piece | None, bool]], Token] = partial(tuple.__new__, Token)


def tokens(text_pieces: Pieces, *, verbatim: bool = False) -> list[Token]:
    """Return the words of some pieces; `verbatim` makes every blank a token, for code blocks."""
    pattern = _VERBATIM if verbatim else _WORD
    out: list[Token] = []
    blank: Piece | None = None
    for piece in text_pieces:
        if piece.is_image:
            out.append(Token(piece.text, piece.styles, blank, True))
            blank = None
            continue
        for found in pattern.finditer(piece.text):
            if found["blank"]:
                blank = Piece(found["blank"], piece.styles)
            else:
                out.append(_new_token((found["word"], piece.styles, blank, False)))
                blank = None
    return out


def count_words(text: str) -> int:
    """Count the words of a text as readers do."""
    return sum(1 for found in _WORD.finditer(text) if found["word"] and _HAS_WORD.search(found["word"]))
