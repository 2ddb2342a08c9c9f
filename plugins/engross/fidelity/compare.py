"""The text law: a finished page has the same text as its source.

The page is compared after all hooks, as it will be served. The Markdown source is read a second time, as plain Markdown
(`source_text`), and the page is cut into tags and text (`page_text`). The visible characters of both must be equal,
with any run of blanks as one. So a mistake of the parser, a template, another plugin or a minifier is found.

The text includes: words, list numbers as typed, alternative texts of images, no-break spaces, zero-width characters. It
does not include: markup, generated elements, comments, front matter, addresses and titles of links, and the places
where lines and blocks end. Words of two blocks must still be separated.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

import engross.common.lazy_re as re
from engross.common import error
from engross.fidelity.page_text import TEXT_ATTRIBUTE, fold, page_text
from engross.fidelity.source_text import (
    Leaf,
    Reading,
    other_readings,
    read_source_text,
    shown,
    text_by_parts,
    visible_text,
)
from engross.model import Diagnostic, Source

TEXT_DIFFERS = "text-differs"
_CONTEXT = 40
# How far to read on after a difference, in characters, to find where both agree again for _AGREED words.
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
    """The first difference: its source offset, the equal text `before` it, and both texts from there.

    `source` and `page` begin with the word that differs; its first `at` characters are still equal.
    """

    offset: int
    before: str
    source: str
    page: str
    at: int


def check_page(source: Source, html: str) -> Diagnostic | None:
    """Compare a finished page with the source of the contract on it.

    `html` is the whole page; its one element with `data-engross-text` contains the contract. Return None if the texts
    are equal. Otherwise return an error, rule "text-differs", with both texts at the first difference, and its line and
    column in the source (0 if the error is about the whole page).
    """
    return _compare(source, html, _difference_message)


def two_readings(source: Source, html: str) -> Diagnostic | None:
    """Compare the parser's own output with its source; see `check_page`.

    A difference means that the source is ambiguous, and the message describes how to write it clearly.
    """
    return _compare(source, html, _ambiguity_message)


def _compare(source: Source, html: str, message_of: Callable[[_Difference], str]) -> Diagnostic | None:
    page = page_text(html)
    if page.elements != 1:
        count = "no element" if not page.elements else f"{page.elements} elements"
        message = f"the page has {count} with {TEXT_ATTRIBUTE}, but exactly one must contain the contract's text"
        return error(TEXT_DIFFERS, source.path, 0, 0, message)
    if _NUL not in page.text and _by_parts(source.text, source.reader) == page.text:
        return None
    reading, text = _read(source.text, source.reader)
    if reading.lost >= 0:
        message = (
            "plain Markdown does not show the text from here on; nest it less deeply, or put an empty line before it"
        )
        return error(TEXT_DIFFERS, source.path, *source.position(reading.lost), message)
    if text == page.text and _NUL not in page.text:
        return None
    difference = _first_difference(source, reading, page.text)
    if difference is None:
        return None
    if message_of is _ambiguity_message and reading.front and not difference.before:
        return error(TEXT_DIFFERS, source.path, 1, 1, _FRONT)
    return error(TEXT_DIFFERS, source.path, *source.position(difference.offset), message_of(difference))


@lru_cache(maxsize=4)
def _read(text: str, reader: int) -> tuple[Reading, str]:
    """A source, and its visible text. A version is compared several times: as it is read, its page, its copy."""
    reading = read_source_text(text, reader)
    return reading, visible_text(reading)


_by_parts = lru_cache(maxsize=4)(text_by_parts)


def check_verbatim_page(source: Source, html: str) -> Diagnostic | None:
    """Compare a finished page with a source that it shows verbatim, with its markup; see `check_page`."""
    page, text = page_text(html), fold(source.text)
    if page.elements == 1 and page.text == text:
        return None
    message = "the page does not show the source as it was written"
    return error(TEXT_DIFFERS, source.path, 0, 0, message)


def _first_difference(source: Source, reading: Reading, page: str) -> _Difference | None:
    """Walk over the leaves while the page continues with one of the readings of each."""
    leaf_texts = [(leaf, text) for leaf in reading.leaves if (text := fold(shown(leaf, reading.env)))]
    at = 0
    for index, (leaf, text) in enumerate(leaf_texts):
        readings = chain([text], map(fold, other_readings(leaf, reading.env)))
        found = next((one for one in readings if _continues(page, at, one)), None)
        if found is None:
            rest = " ".join(_window([text for _, text in leaf_texts[index:]]))
            return _difference(rest, page, at, partial(_source_offset, source, leaf_texts[: index + 1]))
        at += len(found) + 1 if found else 0
    if at > len(page):
        return None
    return _difference(
        "", page, at, lambda *_: _source_offset(source, leaf_texts, leaf_texts[-1][1], 0) if leaf_texts else 0
    )


def _source_offset(source: Source, leaf_texts: Sequence[tuple[Leaf, str]], before: str, same: int) -> int:
    """The source offset of a difference in the last of some leaves: after the words `before` in it, and `same`
    characters of the next word. The words are searched one by one, because markup may be between them.
    """
    at = before_at = 0
    for leaf, text in leaf_texts:
        last = leaf is leaf_texts[-1][0]
        start, end = source.offset(leaf.line + 1), source.text.find("\n", source.offset(leaf.line + 1))
        for _ in range(leaf.raw.count("\n")):
            end = source.text.find("\n", end + 1) if end >= 0 else end
        end = len(source.text) if end < 0 else end
        # The leaves follow each other in the source, except footnotes, which are last on the page.
        at, before_at = max(at, start) if start >= before_at else start, start
        for word in (before if last else text).split(" "):
            at = _offset_after(source.text, word, at, end)
        if last and (word := text[len(before) :].strip(" ").partition(" ")[0]):
            exact = source.text.find(word, at, end)
            found = _WORD.search(word)
            core = source.text.find(found[0], at, end) if found else -1
            at = exact + same if exact >= 0 else core if core >= 0 else at
    return at


def _offset_after(text: str, word: str, at: int, end: int) -> int:
    """The offset after the next occurrence of a word, or of its letters, between two offsets; else `at`."""
    found = _WORD.search(word)
    core = found[0] if found else word
    place = text.find(core, at, end) if core else -1
    if place < 0:
        return at
    rest = word[found.end() :] if found else ""
    place += len(core)
    return place + len(rest) if text.startswith(rest, place) else place


def _continues(page: str, at: int, text: str) -> bool:
    """Whether the page has this text at offset `at`, followed by its end or a blank."""
    return page.startswith(text, at) and page[at + len(text) : at + len(text) + 1] in (" ", "") and _NUL not in text


def _window(texts: list[str]) -> list[str]:
    """The first text, and as many more as are needed to see where page and source agree again."""
    length = 0
    for count, text in enumerate(texts[1:], 1):
        length += len(text)
        if length > _WINDOW:
            return texts[: count + 1]
    return texts


def _difference(rest: str, page: str, start: int, place: Callable[[str, int], int]) -> _Difference:
    """The difference between `rest`, the text of the source, and the page from offset `start` on. `place` returns the
    source offset after the first words of `rest` and some characters of the next.
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
    """The length of the common beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (expected, actual) in pairs if expected != actual), min(len(one), len(other)))


def _difference_message(difference: _Difference) -> str:
    source, page = difference.source, difference.page
    expected, actual = _differing_words(source.split(" "), page.split(" "))
    kind = "words are changed" if expected and actual else "words are missing" if expected else "words are added"
    return (
        f"the page does not have the text of the source: {kind}. "
        f"Source: {_quoted(difference.before, source, expected)}; page: {_quoted(difference.before, page, actual)}"
        f"{_characters(difference) if expected and actual else ''}"
    )


def _ambiguity_message(difference: _Difference) -> str:
    source, page = difference.source, difference.page
    expected, actual = _differing_words(source.split(" "), page.split(" "))
    return (
        f"this can be read in two ways: plain Markdown shows {_quoted(difference.before, source, expected)}, "
        f"Engross {_quoted(difference.before, page, actual)}; put an empty line before and after lists, tables, "
        "code and headings, or a backslash before a mark that is meant as text"
    )


def _differing_words(expected: list[str], actual: list[str]) -> tuple[str, str]:
    """The words of both sides up to where they agree again, for three words at least or to their end."""
    expected, actual = [word for word in expected if word], [word for word in actual if word]
    end = [""] * _AGREED
    agreed = {tuple((actual + end)[at : at + _AGREED]): at for at in range(len(actual), -1, -1)}
    best = len(expected), len(actual)
    for at in range(len(expected) + 1):
        other = agreed.get(tuple((expected + end)[at : at + _AGREED]))
        if other is not None and at + other < sum(best):
            best = at, other
    return " ".join(expected[: best[0]]), " ".join(actual[: best[1]])


def _quoted(before: str, text: str, words: str) -> str:
    """Quote a place in a text, with the words that differ in brackets."""
    after = text[len(words) :].lstrip(" ")[:_CONTEXT]
    words = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    lead = "…" if len(before) >= _CONTEXT else ""
    tail = "…" if len(after) >= _CONTEXT else ""
    return f"“{lead}{before}⟦{words}⟧{' ' if after else ''}{after}{tail}”"


def _characters(difference: _Difference) -> str:
    """Name the two characters that differ, unless they are printable ASCII."""
    pair = [text[difference.at : difference.at + 1] for text in (difference.source, difference.page)]
    if all(character.isascii() and (character.isprintable() or not character) for character in pair):
        return ""
    expected, actual = (_named(character) for character in pair)
    return f" (the source has {expected}, the page {actual})"


def _named(character: str) -> str:
    if character in ("", " "):
        return "a blank" if character else "nothing more"
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"
