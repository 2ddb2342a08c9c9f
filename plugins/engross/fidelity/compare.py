"""Law 1: what a finished page says is what its source says.

The page is checked after all hooks, as it will be served, by code that shares none of the rules of contracts: a mistake
of the parser, a template, another plugin or a minifier must show as a difference here. So the Markdown source is read a
second time, as plain Markdown (`source_text`), the page is cut into tags and text (`page_text`), and the visible
characters of both have to be equal, one by one, with any run of blanks as one.

What counts as text: the words; a list item's number, as typed; an image's alternative text; every no-break space and
every character without width. What does not: markup, generated elements, comments, front matter, addresses and titles
of links, and where lines and blocks end, save that the words of two blocks are never glued together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from engross.common import error
from engross.fidelity.page_text import TEXT_ATTRIBUTE, fold, page_text
from engross.fidelity.source_text import Leaf, Reading, other_readings, read_source_text, shown, visible_text
from engross.model import Diagnostic, Source

TEXT_DIFFERS = "text-differs"
_CONTEXT = 40
# How far the two are read on from a difference, in characters, to find where they agree again: in so many words.
_WINDOW = 3000
_AGREED = 3
_SHOWN = 160
_NUL = "\0"
_FRONT = (
    "the lines between --- may be settings or text; begin settings with a key (title: …) right below the first ---, "
    "and write *** for a line across the page"
)
_WORD = re.compile(r"\w+")


class _Difference(NamedTuple):
    """The first place that differs: its source offset, what was equal `before` it, and what either says from there.

    Both `source` and `page` begin with the word that differs, `at` characters of which are still equal.
    """

    offset: int
    before: str
    source: str
    page: str
    at: int


def check_page(source: Source, html: str) -> Diagnostic | None:
    """Compare a finished page with the source of the contract on it.

    `html` is the whole page; the contract stands in its one element with `data-engross-text`. None when the page says
    what the source says. Otherwise an error, rule "text-differs", at the line and column of the source where the first
    difference is (0 where it concerns the page as a whole), with what either says there.
    """
    return _compared(source, html, _message)


def two_readings(source: Source, html: str) -> Diagnostic | None:
    """Compare a page that holds nothing but what the parser made of a source with that source; see `check_page`.

    Where they differ, the source itself can be read in two ways, and what is said is how to write it in one.
    """
    return _compared(source, html, _two_ways)


def _compared(source: Source, html: str, say: Callable[[_Difference], str]) -> Diagnostic | None:
    page = page_text(html)
    if page.elements != 1:
        count = "no element" if not page.elements else f"{page.elements} elements"
        message = f"the page has {count} with {TEXT_ATTRIBUTE}, where exactly one has to hold the contract's text"
        return error(TEXT_DIFFERS, source.path, 0, 0, message)
    reading = read_source_text(source.text)
    if reading.lost >= 0:
        message = "plain Markdown does not show the text from here on; set it flatter, or apart from what stands before"
        return error(TEXT_DIFFERS, source.path, *source.position(reading.lost), message)
    if visible_text(reading) == page.text and _NUL not in page.text:
        return None
    difference = _first_difference(source, reading, page.text)
    if difference is None:
        return None
    if say is _two_ways and reading.front and not difference.before:
        return error(TEXT_DIFFERS, source.path, 1, 1, _FRONT)
    return error(TEXT_DIFFERS, source.path, *source.position(difference.offset), say(difference))


def check_verbatim_page(source: Source, html: str) -> Diagnostic | None:
    """Compare a finished page with a source that is shown on it as it was written, markup and all; see `check_page`."""
    page, text = page_text(html), fold(source.text)
    if page.elements == 1 and page.text == text:
        return None
    message = "the page does not show the source as it was written"
    return error(TEXT_DIFFERS, source.path, 0, 0, message)


def _first_difference(source: Source, reading: Reading, page: str) -> _Difference | None:
    """Walk over the leaves as long as the page goes on with what one of the readings of each says."""
    said = [(leaf, text) for leaf in reading.leaves if (text := fold(shown(leaf, reading.env)))]
    at = 0
    for index, (leaf, text) in enumerate(said):
        readings = chain([text], map(fold, other_readings(leaf, reading.env)))
        found = next((one for one in readings if _goes_on(page, at, one)), None)
        if found is None:
            rest = " ".join(_until_enough([text for _, text in said[index:]]))
            return _difference(rest, page, at, partial(_place, source, said[: index + 1]))
        at += len(found) + 1 if found else 0
    if at > len(page):
        return None
    return _difference("", page, at, lambda *_: _place(source, said, said[-1][1], 0) if said else 0)


def _place(source: Source, said: Sequence[tuple[Leaf, str]], before: str, same: int) -> int:
    """The offset of a difference in the last of some leaves: after the words `before` in it, and `same` characters of
    the next. What is said is looked for in the source word by word, since markup stands between them.
    """
    at = 0
    for leaf, text in said:
        last = leaf is said[-1][0]
        start, end = source.offset(leaf.line + 1), source.text.find("\n", source.offset(leaf.line + 1))
        for _ in range(leaf.raw.count("\n")):
            end = source.text.find("\n", end + 1) if end >= 0 else end
        end = len(source.text) if end < 0 else end
        at = max(at, start)
        for word in (before if last else text).split(" "):
            at = _past(source.text, word, at, end)
        if last and (word := text[len(before) :].strip(" ").partition(" ")[0]):
            exact = source.text.find(word, at, end)
            found = _WORD.search(word)
            core = source.text.find(found[0], at, end) if found else -1
            at = exact + same if exact >= 0 else core if core >= 0 else at
    return at


def _past(text: str, word: str, at: int, end: int) -> int:
    """The offset past the next place of a word between two offsets, or of the letters in it; else the first of them."""
    found = _WORD.search(word)
    core = found[0] if found else word
    place = text.find(core, at, end) if core else -1
    if place < 0:
        return at
    rest = word[found.end() :] if found else ""
    place += len(core)
    return place + len(rest) if text.startswith(rest, place) else place


def _goes_on(page: str, at: int, text: str) -> bool:
    """Whether the page says this text at offset `at`, and then ends or has a blank."""
    return page.startswith(text, at) and page[at + len(text) : at + len(text) + 1] in (" ", "") and _NUL not in text


def _until_enough(texts: list[str]) -> list[str]:
    """The first text, and as many more as are needed to see where page and source agree again."""
    length = 0
    for count, text in enumerate(texts[1:], 1):
        length += len(text)
        if length > _WINDOW:
            return texts[: count + 1]
    return texts


def _difference(rest: str, page: str, start: int, place: Callable[[str, int], int]) -> _Difference:
    """The difference between `rest`, what the source says, and the page from offset `start` on. `place` gives the
    offset in the source of what stands after the first words of `rest` and some characters of the next.
    """
    same = _common_length(rest, page[start : start + len(rest)])
    if _NUL in rest[:same]:
        same = rest.index(_NUL)
    word = rest.rfind(" ", 0, same) + 1
    before = page[max(0, start + word - _CONTEXT) : start + word]
    before += " " if start > len(page) > 0 else ""
    follows = page[start + word : start + word + _WINDOW]
    return _Difference(place(rest[:word], same - word), before, rest[word : word + _WINDOW], follows, same - word)


def _common_length(one: str, other: str) -> int:
    """How many characters both begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))


def _message(difference: _Difference) -> str:
    source, page = difference.source, difference.page
    ours, theirs = _until_agreed(source.split(" "), page.split(" "))
    kind = "words are changed" if ours and theirs else "words are missing" if ours else "words are added"
    return (
        f"the page does not say what the source says: {kind}. "
        f"Source: {_quoted(difference.before, source, ours)}; page: {_quoted(difference.before, page, theirs)}"
        f"{_characters(difference) if ours and theirs else ''}"
    )


def _two_ways(difference: _Difference) -> str:
    source, page = difference.source, difference.page
    ours, theirs = _until_agreed(source.split(" "), page.split(" "))
    return (
        f"this can be read in two ways: plain Markdown shows {_quoted(difference.before, source, ours)}, Engross "
        f"{_quoted(difference.before, page, theirs)}; put an empty line before and after lists, tables, code and "
        "headings, or a backslash before a mark that is meant as text"
    )


def _until_agreed(ours: list[str], theirs: list[str]) -> tuple[str, str]:
    """The words on either side up to where both agree again, for three words at least or to their end."""
    ours, theirs = [word for word in ours if word], [word for word in theirs if word]
    end = [""] * _AGREED
    agreed = {tuple((theirs + end)[at : at + _AGREED]): at for at in range(len(theirs), -1, -1)}
    best = len(ours), len(theirs)
    for at in range(len(ours) + 1):
        other = agreed.get(tuple((ours + end)[at : at + _AGREED]))
        if other is not None and at + other < sum(best):
            best = at, other
    return " ".join(ours[: best[0]]), " ".join(theirs[: best[1]])


def _quoted(before: str, text: str, words: str) -> str:
    """A place in a text, with the words that differ in brackets."""
    after = text[len(words) :].lstrip(" ")[:_CONTEXT]
    words = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    lead = "…" if len(before) >= _CONTEXT else ""
    tail = "…" if len(after) >= _CONTEXT else ""
    return f"“{lead}{before}⟦{words}⟧{' ' if after else ''}{after}{tail}”"


def _characters(difference: _Difference) -> str:
    """The two characters that differ, by name, unless plain to see."""
    pair = [text[difference.at : difference.at + 1] for text in (difference.source, difference.page)]
    if all(character.isascii() and (character.isprintable() or not character) for character in pair):
        return ""
    ours, theirs = (_named(character) for character in pair)
    return f" (the source has {ours}, the page {theirs})"


def _named(character: str) -> str:
    if character in ("", " "):
        return "a blank" if character else "nothing more"
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"
