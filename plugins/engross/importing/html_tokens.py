"""Splits a web page into tags and texts with their places, by the rules of the HTML standard, in linear time.

Python's own parser takes quadratic time over tags that never end. Here a tag that never ends is refused, because a
browser drops everything after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from engross.common import EngrossError, error
from engross.importing.values import RULE

TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*+(?P<name>[^\s/>][^\s/>=]*+)(?:\s*+=\s*+)?")
_UNQUOTED = re.compile(r"[^\s>]*+")
_BLANKS = re.compile(r"[\s/]*+")
# Comments, declarations and instructions; each ends at the end of the page if nothing closes it.
UNSEEN = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+(?:>|\Z)|</(?![A-Za-z])[^>]*+(?:>|\Z)", re.DOTALL)
# Elements whose content is text until their end tag, whatever it contains.
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
    at, line, begin, counted, start = 0, first, 0, 0, 0
    length = len(text)

    def token(kind: str, content: str, attributes: dict[str, str], offset: int) -> Token:
        nonlocal line, begin, counted
        if lines := text.count("\n", counted, offset):
            line, begin = line + lines, text.rfind("\n", counted, offset) + 1
        counted = offset
        return Token(kind, content, attributes, line, offset - begin + 1, offset)

    while at < length:
        at = text.find("<", at)
        if at < 0:
            break
        hidden = UNSEEN.match(text, at)
        found = None if hidden else TAG.match(text, at)
        if not hidden and not found:
            at += 1
            continue
        if at > start:
            yield token("text", unescape(text[start:at]), {}, start)
        if hidden:
            at = start = hidden.end()
            continue
        assert found is not None
        attributes, end, empty = tag_attributes(text, found.end())
        opened = token("end" if found["end"] else "empty" if empty else "start", found["name"].lower(), attributes, at)
        if end < 0:
            message = f"the tag <{found[0][1:40]} never ends, so a browser shows nothing after it; write > at its end"
            raise EngrossError([error(RULE, path, opened.line, opened.column, message)])
        yield opened
        at = start = end
        if opened.kind == "start" and opened.content in _RAW:
            closing = re.compile(f"</{opened.content}(?=[\\s/>])", re.IGNORECASE).search(text, at)
            at = closing.start() if closing else length
            if at > start:
                raw = text[start:at]
                yield token("text", unescape(raw) if opened.content in ("title", "textarea") else raw, {}, start)
            start = at
    if start < length:
        yield token("text", unescape(text[start:]), {}, start)


def tag_attributes(text: str, at: int) -> tuple[dict[str, str], int, bool]:
    """Read attributes up to the end of a tag: them, the offset after it (-1: it never ends), whether it ends in `/>`."""
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
