"""The blocks of a Markdown source, as far as they decide what shows: which lines run together, and what is markup.

One step of reading a Markdown source a second time, with no code of the parser's (see `fidelity`). Contract Markdown
is CommonMark 0.31.2 with tables (GFM 4.10), save that indentation makes no code, and that a deep one does not keep a
line from beginning a block; of HTML there are comments only. Each line is looked at once, against a stack of open
containers, as in the appendix "A parsing strategy" of CommonMark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from enum import Enum, auto
from itertools import accumulate
from typing import NamedTuple

from engross.checks.source_lines import (
    BLOCK_START,
    STARTERS,
    UNDERLINE,
    Cursor,
    after_item_mark,
    after_quote_mark,
    cells,
    front_matter_lines,
    is_table_head,
    skip_blanks,
)
from engross.checks.source_links import definitions

Piece = tuple[int, str]
"""A stretch of the source: its offset, and its text."""


class LeafKind(Enum):
    """How the text of a leaf is to be read."""

    RUNNING = auto()
    VERBATIM = auto()
    ORDINAL = auto()


class Leaf(NamedTuple):
    """Text that stands by itself: a paragraph, heading, cell or line of code, or the number of a list item."""

    kind: LeafKind
    pieces: list[Piece]


class Blocks(NamedTuple):
    """What a source is made of: its leaves in order, and the keys of the references that it defines."""

    leaves: list[Leaf]
    references: set[str]


_NOT_PLAIN = STARTERS | set("= \t")
_BLANK = ("", " ", "\t")
_LINE_START = Cursor(0, 0)
_QUOTE = -1
# The parser refuses what nests more than 50 deep. A limit keeps the time for a line linear in its length.
_DEEPEST = 100
_COMMENT_END = re.compile(r"-->[ \t]*$", re.M)


class _Listing:
    """An ordered list: its mark (`.` or `)`), and which leaves hold its numbers."""

    __slots__ = ("leaves", "mark")

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.leaves: list[int] = []


class _Container:
    """An open quote or list item.

    `need` is _QUOTE, or the columns that an item's lines need; `hollow` the line on which an item began with no text;
    `listing` the ordered list that its last child is.
    """

    __slots__ = ("hollow", "listing", "need")

    def __init__(self, need: int, hollow: int = -1) -> None:
        self.need, self.hollow = need, hollow
        self.listing: _Listing | None = None


class _Scanner:
    """One pass over a source. At any time at most one of `paragraph`, `table` and `fence` is open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self.at_line = 0
        self.stack = [_Container(0)]
        self.paragraph: list[Piece] = []
        self.holds_text = False  # the open paragraph is known to be more than definitions of references
        self.table = False
        self.fence = ""
        self.comment_end = 0
        self.leaves: list[Leaf] = []
        self.listings: list[_Listing] = []
        self.references: set[str] = set()

    def scan(self) -> Blocks:
        self.at_line = front_matter_lines(self.text)
        while self.at_line < len(self.lines):
            line = self.lines[self.at_line]
            if self.fence or self.table or line[:1] in _NOT_PLAIN or "|" in line:
                self._line(line)
            elif line:
                self._plain(line)
            elif self.paragraph or len(self.stack) > 1:
                self._blank(self._outside_quotes())
            self.at_line += 1
        self._close()
        self._number()
        return Blocks(self.leaves, self.references)

    def _outside_quotes(self) -> int:
        """How many containers are open around the outermost quote, or at all."""
        for depth, container in enumerate(self.stack):
            if container.need == _QUOTE:
                return depth
        return len(self.stack)

    def _match(self, line: str) -> tuple[int, Cursor]:
        """How many open containers the line is within, and where the rest of it begins."""
        cursor = Cursor(*skip_blanks(line, 0, 0)) if line[:1] in _BLANK else _LINE_START
        depth = 1
        for container in self.stack[1:]:
            at, column, base, need = cursor
            if container.need == _QUOTE:
                if line[at : at + 1] != ">" or column - base < need:
                    break
                cursor = after_quote_mark(line, cursor)
            elif at < len(line) and column - base < container.need:
                break
            else:
                cursor = Cursor(at, column, base, container.need)
            depth += 1
        return depth, cursor

    def _plain(self, line: str) -> None:
        """A line that begins no block but a paragraph, and goes on with any: most lines are such."""
        piece = (self.starts[self.at_line], f"{line}\n")
        if self.paragraph and len(self.stack) > 1 and self._only_defines(line):
            self._close()
        if self.paragraph:
            self.paragraph.append(piece)
            return
        self.paragraph = [piece]
        self.holds_text = False
        del self.stack[1:]
        self.stack[0].listing = None

    def _blank(self, depth: int) -> None:
        """A line with nothing on it within so many containers."""
        self._close()
        del self.stack[depth:]
        # Of an item that begins with an empty line, a second one is the end.
        if self.stack[-1].hollow == self.at_line - 1 and depth > 1:
            self.stack.pop()

    def _line(self, line: str) -> None:
        depth, cursor = self._match(line)
        if self.fence and self._is_fenced(line, depth, cursor):
            return
        if cursor.at == len(line):
            self._blank(depth)
        elif not (self.paragraph or self.table) or not self._goes_on(line, depth, cursor):
            self._close()
            del self.stack[depth:]
            self._begin(line, cursor)

    # Lines that go on with what is open

    def _is_fenced(self, line: str, depth: int, cursor: Cursor) -> bool:
        """Whether the line belongs to the open fence; if so, it is taken."""
        if depth < len(self.stack):
            self.fence = ""
            return False
        rest = line[cursor.at :].rstrip(" \t")
        if rest.startswith(self.fence) and not rest.strip(self.fence[0]):
            self.fence = ""
        else:
            self._leaf(LeafKind.VERBATIM, cursor.at, rest)
        return True

    def _goes_on(self, line: str, depth: int, cursor: Cursor) -> bool:
        """Whether the line goes on with the open paragraph or table; if so, it is taken."""
        within = depth == len(self.stack)
        if self.table:
            if not within or self._interrupts(line, cursor, restricted=False):
                return False
            self._row(line, cursor)
            return True
        first = line[cursor.at]
        if within and first in "=-" and self._underlines(line, cursor):
            self._close()
            return True
        if not within and self._only_defines(line[cursor.at :]):
            return False
        if (first in STARTERS or "|" in line) and self._ends_paragraph(line, depth, cursor):
            return False
        self.paragraph.append((self._offset(cursor.at), line[cursor.at :] + "\n"))
        return True

    def _underlines(self, line: str, cursor: Cursor) -> bool:
        """Whether the line makes the open paragraph a heading."""
        return bool(UNDERLINE.match(line, cursor.at)) and cursor.indent <= 3 and not self._only_defines()

    def _ends_paragraph(self, line: str, depth: int, cursor: Cursor) -> bool:
        """Whether a block begins on this line, which otherwise would go on with the open paragraph, lazily perhaps."""
        if depth == len(self.stack):
            if self._interrupts(line, cursor, restricted=True):
                return True
            if "|" in line and self._is_table_head(line, cursor):
                return True
            return self._interrupts(line, cursor, restricted=False) and self._only_defines()
        if self._interrupts(line, cursor, restricted=False):
            return True
        in_quote = any(container.need == _QUOTE for container in self.stack[depth:])
        return not in_quote and "|" in line and self._is_table_head(line, cursor)

    def _interrupts(self, line: str, cursor: Cursor, *, restricted: bool) -> bool:
        """Whether a block begins here. `restricted`: a list only where it is not empty and counts from 1."""
        match = BLOCK_START.match(line, cursor.at) if line[cursor.at] in STARTERS else None
        kind = match.lastgroup if match else None
        if match is None or kind is None:
            return False
        if kind == "comment":
            return self._comment_closes(cursor) >= 0
        if kind not in ("bullet", "ordered") or not restricted:
            return True
        return bool(line[match.end() :].strip(" \t")) and (kind == "bullet" or int(match[0][:-1]) == 1)

    def _only_defines(self, following: str = "") -> bool:
        """Whether the open paragraph is nothing but definitions, none of which goes on with the following line.

        If so, any block may begin after it.
        """
        if self.holds_text or not self.paragraph[0][1].startswith("["):
            return False
        text = "".join(piece for _, piece in self.paragraph)
        self.holds_text = definitions(text)[1] < len(text)
        return not self.holds_text and definitions(f"{text}{following}\n")[1] == len(text)

    # Blocks that begin

    def _begin(self, line: str, cursor: Cursor) -> None:
        """Open the containers that begin here, and then the one block that does."""
        inner: Cursor | None = cursor
        while inner and inner.at < len(line):
            cursor = inner
            match = BLOCK_START.match(line, cursor.at) if line[cursor.at] in STARTERS else None
            kind = match.lastgroup if match else None
            if kind != "ordered":
                self.stack[-1].listing = None
            if "|" in line and self._is_table_head(line, cursor):
                self._row(line, cursor)
                self.at_line += 1
                self.table = True
                return
            inner = _BEGIN[kind](self, line, cursor, match[0] if match else "")

    def _begin_paragraph(self, line: str, cursor: Cursor, _mark: str) -> None:
        self.paragraph = [(self._offset(cursor.at), line[cursor.at :] + "\n")]
        self.holds_text = False

    def _begin_heading(self, line: str, cursor: Cursor, mark: str) -> None:
        start = cursor.at + len(mark)
        text = line[start:].rstrip(" \t")
        shorter = text.rstrip("#")
        self._leaf(LeafKind.RUNNING, start, shorter if shorter[-1:] in (" ", "\t", "") else text)

    def _begin_fence(self, _line: str, _cursor: Cursor, mark: str) -> None:
        self.fence = mark

    def _begin_rule(self, line: str, cursor: Cursor, mark: str) -> None:
        """A thematic break shows nothing."""

    def _begin_comment(self, line: str, cursor: Cursor, mark: str) -> None:
        last = self._comment_closes(cursor)
        if last >= 0:
            self.at_line = last
        else:
            self._begin_paragraph(line, cursor, mark)

    def _begin_quote(self, line: str, cursor: Cursor, mark: str) -> Cursor | None:
        if len(self.stack) > _DEEPEST:
            self._begin_paragraph(line, cursor, mark)
            return None
        self.stack.append(_Container(_QUOTE))
        return after_quote_mark(line, cursor)

    def _begin_item(self, line: str, cursor: Cursor, mark: str) -> Cursor | None:
        if len(self.stack) > _DEEPEST:
            self._begin_paragraph(line, cursor, mark)
            return None
        if mark[:-1]:
            self._ordinal(cursor, mark)
        inner = after_item_mark(line, cursor, len(mark))
        self.stack.append(_Container(inner.need, self.at_line if inner.at == len(line) else -1))
        return inner

    def _ordinal(self, cursor: Cursor, mark: str) -> None:
        listing = self.stack[-1].listing
        if listing is None or listing.mark != mark[-1]:
            listing = self.stack[-1].listing = _Listing(mark[-1])
            self.listings.append(listing)
        listing.leaves.append(len(self.leaves))
        self._leaf(LeafKind.ORDINAL, cursor.at, f"{int(mark[:-1])}.")

    def _row(self, line: str, cursor: Cursor) -> None:
        start = self._offset(cursor.at)
        for pieces in cells(line[cursor.at :].rstrip(" \t")):
            self.leaves.append(Leaf(LeafKind.RUNNING, [(start + at, text) for at, text in pieces]))

    # What the above is made of

    def _offset(self, at: int) -> int:
        return self.starts[self.at_line] + at

    def _leaf(self, kind: LeafKind, at: int, text: str) -> None:
        self.leaves.append(Leaf(kind, [(self._offset(at), text)]))

    def _close(self) -> None:
        """End the open paragraph or table."""
        self.table = False
        if not self.paragraph:
            return
        pieces, self.paragraph = self.paragraph, []
        if pieces[0][1].startswith("["):
            keys, end = definitions("".join(piece for _, piece in pieces))
            self.references.update(keys)
            first = 0
            while end > 0:
                end -= len(pieces[first][1])
                first += 1
            pieces = pieces[first:]
        if pieces:
            offset, text = pieces[-1]
            pieces[-1] = offset, text.rstrip("\n\t ")
            self.leaves.append(Leaf(LeafKind.RUNNING, pieces))

    def _number(self) -> None:
        """Count the items of each list in which all are typed alike, "1.": the counting is left to Markdown."""
        for listing in self.listings:
            texts = {self.leaves[at].pieces[0][1] for at in listing.leaves}
            if len(texts) > 1 or len(listing.leaves) < 2:
                continue
            first = int(texts.pop()[:-1])
            for number, at in enumerate(listing.leaves, first):
                offset, _ = self.leaves[at].pieces[0]
                self.leaves[at] = Leaf(LeafKind.ORDINAL, [(offset, f"{number}.")])

    def _is_table_head(self, line: str, cursor: Cursor) -> bool:
        """Whether the line is the head of a table: the delimiter row follows, within the same containers."""
        if self.at_line + 1 >= len(self.lines):
            return False
        below = self.lines[self.at_line + 1]
        depth, under = self._match(below)
        return depth == len(self.stack) and is_table_head(line[cursor.at :].rstrip(" \t"), below[under.at :])

    def _comment_closes(self, cursor: Cursor) -> int:
        """The last line of a comment that begins here and has its last line to itself; -1 where it is none."""
        start = self._offset(cursor.at) + 4
        if 0 <= self.comment_end < start:
            self.comment_end = self.text.find("-->", start)
        if self.comment_end < start or not _COMMENT_END.match(self.text, self.comment_end):
            return -1
        last = bisect_right(self.starts, self.comment_end) - 1
        if last > self.at_line and any(container.need == _QUOTE for container in self.stack):
            return -1
        return last


_BEGIN: dict[str | None, Callable[[_Scanner, str, Cursor, str], Cursor | None]] = {
    None: _Scanner._begin_paragraph,
    "quote": _Scanner._begin_quote,
    "heading": _Scanner._begin_heading,
    "fence": _Scanner._begin_fence,
    "rule": _Scanner._begin_rule,
    "comment": _Scanner._begin_comment,
    "bullet": _Scanner._begin_item,
    "ordered": _Scanner._begin_item,
}


def read_blocks(text: str) -> Blocks:
    """The leaves and references of a Markdown source with `\\n` as its only line end."""
    return _Scanner(text).scan()
