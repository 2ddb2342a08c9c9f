"""What the beginning of one source line is: its columns, and the markup of a block that starts there.

One step of reading a Markdown source a second time, with no code of the parser's (see `fidelity`). Columns are 0-based
here, and a tab reaches to the next multiple of 4 (CommonMark 0.31.2, section 2.2).
"""

from __future__ import annotations

import re
from typing import NamedTuple

STARTERS = frozenset(">#`~*-_+<0123456789")
"""The characters that `BLOCK_START` can begin with."""

BLOCK_START = re.compile(
    r"(?P<quote>>)"
    r"|(?P<heading>\#{1,6}+(?=[ \t]|$))"
    r"|(?P<fence>`{3,}+(?=[^`]*$)|~{3,}+)"
    r"|(?P<rule>(?:\*[ \t]*+){3,}+$|(?:-[ \t]*+){3,}+$|(?:_[ \t]*+){3,}+$)"
    r"|(?P<comment><!--)"
    r"|(?P<bullet>[-+*](?=[ \t]|$))"
    r"|(?P<ordered>[0-9]{1,9}[.)](?=[ \t]|$))"
)
"""The markup that begins a block, at its first character; the group that matched names the block."""

UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
"""The line under a setext heading."""

_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?:[ \t]*(?:#.*)?\n)*+(?:['\"]?\w[^:\n]*:(?:[ \t].*)?\n(?:.*\n)*?)?---[ \t]*(?:\n|\Z)"
)
_DELIMITERS = re.compile(r"(?:[|:]|-(?![ \t]))[-:| \t]++$")
_COLUMN = re.compile(r":?-+:?")


class Cursor(NamedTuple):
    """A place in a line that no container has claimed yet, at its first character that is no blank.

    `at` counts characters and `column` columns; `base` is the column at which the content of the innermost quote
    begins; `need` the columns after it that the innermost list item asks for.
    """

    at: int
    column: int
    base: int = 0
    need: int = 0

    @property
    def indent(self) -> int:
        """How many columns further in the text stands than it needs to."""
        return self.column - self.base - self.need


def front_matter_lines(text: str) -> int:
    """How many lines the front matter of a source takes; text between two rules is none unless it looks like YAML."""
    match = _FRONT_MATTER.match(text)
    return match[0].count("\n") if match else 0


def skip_blanks(line: str, at: int, column: int) -> tuple[int, int]:
    """The place and column of the first character from `at` on that is no blank, or of the line's end."""
    for character in line[at:] if line[at : at + 1] in " \t" else "":
        if character == " ":
            column += 1
        elif character == "\t":
            column += 4 - column % 4
        else:
            break
        at += 1
    return at, column


def after_quote_mark(line: str, cursor: Cursor) -> Cursor:
    """The place after a `>` and the one column of blank that belongs to it."""
    at, column = cursor.at + 1, cursor.column + 1
    base = column + 1 if line[at : at + 1] in (" ", "\t") else column
    return Cursor(*skip_blanks(line, at, column), base)


def after_item_mark(line: str, cursor: Cursor, width: int) -> Cursor:
    """The place after a list item's mark, `width` characters wide; `need` is what the item's later lines need."""
    column = cursor.column + width
    at, text_column = skip_blanks(line, cursor.at + width, column)
    gap = text_column - column if at < len(line) else 1
    need = column - cursor.base + (gap if gap <= 4 else 1)
    return Cursor(at, text_column, cursor.base, need)


def is_table_head(head: str, delimiters: str) -> bool:
    """Whether a table has this head line, with this line of delimiters under it (neither with blanks before it)."""
    if "|" not in head or not _DELIMITERS.match(delimiters):
        return False
    columns = [column.strip(" \t") for column in delimiters.split("|")]
    columns = columns[0 if columns[0] else 1 : None if columns[-1] else -1]
    return len(columns) == len(cells(head)) and all(map(_COLUMN.fullmatch, columns))


def cells(row: str) -> list[list[tuple[int, str]]]:
    """The cells of a table's row (without blanks around it): the pieces of each, with their offsets in the row.

    A cell is in pieces where a pipe in it is escaped, since that backslash goes before anything else is read.
    """
    found: list[list[tuple[int, str]]] = [[]]
    start = 0
    at = row.find("|")
    while at != -1:
        escaped = row[at - 1 : at] == "\\"
        found[-1].append((start, row[start : at - 1 if escaped else at]))
        start = at if escaped else at + 1
        if not escaped:
            found.append([])
        at = row.find("|", at + 1)
    found[-1].append((start, row[start:]))
    if found and not any(text for _, text in found[0]):
        del found[0]
    if found and not any(text for _, text in found[-1]):
        del found[-1]
    return found
