"""Splits a web page into tags and texts with their places, by the rules of the HTML standard, in linear time.

Python's own parser takes quadratic time over tags that never end. Here a tag that never ends is refused, because a
browser drops everything after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

import engross.common.lazy_re as re
from engross.common import EngrossError, error
from engross.importing.values import RULE

TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*+(?P<name>[^\s/>][^\s/>=]*+)(?:\s*+=\s*+)?")
_UNQUOTED = re.compile(r"[^\s>]*+")
_BLANKS = re.compile(r"[\s/]*+")
# Comments, declarations and instructions; each ends at the end of the page if nothing closes it.
UNSEEN = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+(?:>|\Z)|</(?![A-Za-z])[^>]*+(?:>|\Z)", re.DOTALL)
# Elements whose content is text until their end tag, whatever it contains.
_WITH_ENTITIES = ("title", "textarea")
_RAW = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})


class Token(NamedTuple):
    """A text (`kind` "text", `content`), or a tag ("start", "end" or "empty", `content` is its name).

    `line` and `column` are 1-based; `offset` is that of the first character.
    """

    kind: str
    content: str
    attributes: dict[str, str]
    line: int
    column: int
    offset: int


def html_tokens(text: str, path: str, first: int = 1) -> Iterator[Token]:
    """Yield the tags and texts of a page; `path` is its name in messages, `first` the number of its first line.

    Comments and declarations are left out. Raises EngrossError at a tag that never ends.
    """
    lines = _Lines(text, first)
    at = start = 0
    while (at := text.find("<", at)) >= 0:
        unseen = UNSEEN.match(text, at)
        found = None if unseen else TAG.match(text, at)
        if not unseen and not found:
            at += 1
            continue
        if at > start:
            yield lines.token("text", unescape(text[start:at]), {}, start)
        if found is None:
            assert unseen is not None
            at = start = unseen.end()
            continue
        attributes, end, empty = tag_attributes(text, found.end())
        kind = "end" if found["end"] else "empty" if empty else "start"
        tag = lines.token(kind, found["name"].lower(), attributes, at)
        if end < 0:
            message = f"the tag <{found[0][1:40]} never ends, so a browser shows nothing after it; write > at its end"
            raise EngrossError([error(RULE, path, tag.line, tag.column, message)])
        yield tag
        at = start = end
        if kind == "start" and tag.content in _RAW:
            at = start = _end_of_raw(text, tag.content, end)
            if at > end:
                raw = text[end:at]
                yield lines.token("text", unescape(raw) if tag.content in _WITH_ENTITIES else raw, {}, end)
    if start < len(text):
        yield lines.token("text", unescape(text[start:]), {}, start)


class _Lines:
    """Counts lines, so that each token knows its place; offsets have to rise."""

    def __init__(self, text: str, first: int) -> None:
        self.text, self.line, self.begin, self.counted = text, first, 0, 0

    def token(self, kind: str, content: str, attributes: dict[str, str], offset: int) -> Token:
        """Return a token at an offset; offsets must not decrease from call to call."""
        if lines := self.text.count("\n", self.counted, offset):
            self.line += lines
            self.begin = self.text.rfind("\n", self.counted, offset) + 1
        self.counted = offset
        return Token(kind, content, attributes, self.line, offset - self.begin + 1, offset)


def _end_of_raw(text: str, name: str, at: int) -> int:
    """Return the offset of the end tag of an element whose content is text, or the end of the page."""
    closing = re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE).search(text, at)
    return closing.start() if closing else len(text)


def tag_attributes(text: str, at: int) -> tuple[dict[str, str], int, bool]:
    """Read the attributes of a tag; return also the offset after it (-1: it never ends) and whether it ends in `/>`."""
    attributes: dict[str, str] = {}
    while True:
        blanks = _BLANKS.match(text, at)
        assert blanks is not None
        if blanks.end() >= len(text):
            return attributes, -1, False
        if text[blanks.end()] == ">":
            return attributes, blanks.end() + 1, "/" in blanks[0]
        found = _ATTRIBUTE.match(text, at)
        assert found is not None
        at, value = found.end(), ""
        if "=" in found[0][found.end("name") - found.start() :]:
            quote = text[at : at + 1]
            if quote in ("'", '"'):
                closing = text.find(quote, at + 1)
                if closing < 0:
                    return attributes, -1, False
                value, at = text[at + 1 : closing], closing + 1
            else:
                unquoted = _UNQUOTED.match(text, at)
                assert unquoted is not None
                value, at = unquoted[0], unquoted.end()
        attributes.setdefault(found["name"].lower(), unescape(value))
