"""Links from the first use of each term in an ordinary page, whose HTML another renderer made.

Binding finds uses in the page's Markdown, and no renderer reports where a character of its source went. So the words of
the source and those of the HTML are aligned: a use is linked where its own words are, not where the same words happen
to be first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import engross.common.lazy_re as re
from engross.model import Source, Use
from engross.redline import match_equal
from engross.render.pages.inline import escape

_TOKEN = re.compile(r"<!--.*?-->|<(?P<closing>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)?[^>]*>", re.DOTALL)
_WORD = re.compile(r"&#?\w+;|\w+")
_CLOSED = {
    "a", "abbr", "button", "code", "dfn", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "option", "pre", "samp",
    "script", "select", "style", "summary", "svg", "textarea",
}  # fmt: skip
"""The elements in which nothing is linked."""


class _Word(NamedTuple):
    """A word of a page, where it begins in the HTML, and whether it may be in a link."""

    text: str
    start: int
    open: bool


def link_first_uses(html: str, source: Source, uses: Iterable[Use], address: Callable[[Use], str]) -> str:
    """Link the first of a page's uses that leads to each address.

    `html` was made from `source`, the Markdown that the places of the uses are in. Uses in headings, code, links and
    controls are passed over.
    """
    written = [(found[0], found.start()) for found in _WORD.finditer(source.text)]
    shown = list(_words(html))
    pairs = match_equal([word for word, _ in written], [word.text for word in shown])
    word_at = {written[old][1]: shown[new] for old, new in pairs}
    links: dict[str, tuple[int, int]] = {}
    for use in uses:
        target = address(use)
        word = word_at.get(source.offset(use.place.line, use.place.column))
        if target in links or word is None or not word.open:
            continue
        # Its words may be on two lines, but no tag may be between them.
        pattern = r"\s+".join(map(re.escape, escape(use.text).split())) + r"(?![\w-])"
        if found := re.compile(pattern).match(html, word.start):
            links[target] = found.span()
    out, done = [], 0
    for target, (start, end) in sorted(links.items(), key=lambda link: link[1]):
        out.append(f'{html[done:start]}<a class="eg-term" href="{escape(target)}">{html[start:end]}</a>')
        done = end
    return "".join([*out, html[done:]])


def _words(html: str) -> Iterator[_Word]:
    """The words of a page's text, in order; those of tags and comments are none."""
    closed, done = 0, 0
    for token in _TOKEN.finditer(html):
        yield from _words_in(html, done, token.start(), closed == 0)
        done = token.end()
        if token["tag"] and token["tag"].lower() in _CLOSED and not token[0].endswith("/>"):
            closed += -1 if token["closing"] else 1
    yield from _words_in(html, done, len(html), closed == 0)


def _words_in(html: str, start: int, end: int, is_open: bool) -> Iterator[_Word]:
    return (_Word(found[0], found.start(), is_open) for found in _WORD.finditer(html, start, end))
