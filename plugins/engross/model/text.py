"""A source text, and the tree of clauses read from it."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import field, replace
from enum import StrEnum

from engross.common import lazy_value, value_class

READER = 5
"""The generation of the parser, which the record stores with every text that it seals.

Raise it when the parser reads some text differently: other clauses, anchors, labels, numbers or visible words. The
parser keeps the rules of earlier generations, so that sealed texts keep the clauses and anchors they were posted with.
"""


@value_class(frozen=True)
class Source:
    """A source text as read.

    `path` is its name in messages. `text` has no byte-order mark and only `\\n` as line end. `data` are the bytes on
    disk, from which hashes are computed. `sealed` is true if the text was posted: rules added later do not prevent
    reading it. `reader` is the generation of the parser whose rules apply to the text (see `READER`).
    """

    path: str
    text: str
    data: bytes = field(repr=False)
    sealed: bool = False
    reader: int = READER

    @lazy_value
    def text_sha256(self) -> str:
        """The SHA-256 of the text, by which caches know it."""
        return hashlib.sha256(self.text.encode(errors="surrogatepass")).hexdigest()

    @lazy_value
    def line_starts(self) -> tuple[int, ...]:
        """The offset at which each line begins; index 0 is line 1."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at != -1:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return tuple(starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the (line, column) of an offset, both 1-based."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def offset(self, line: int, column: int = 1) -> int:
        """Return the offset of a (line, column), both 1-based."""
        return self.line_starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """Return one line without its line end; an empty string past the last line."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end]


class MarkKind(StrEnum):
    """The kind of a mark on inline text."""

    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    STRIKE = "strike"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"
    LINK = "link"
    IMAGE = "image"
    BREAK = "break"
    FOOTNOTE = "footnote"
    ADDRESS = "address"


@value_class(frozen=True, slots=True)
class Mark:
    """Markup on `text[start:end]` of an `Inline`.

    `target` is the destination of a link or image as written (the text of an image is its alternative text). A BREAK
    covers one line end that shows as a hard line break. A FOOTNOTE covers a reference to a footnote as it shows, "[1]";
    `target` is the address of the note within the document, and `title` counts the references to the same note.
    An ADDRESS covers an address or e-mail address that is typed without markup.
    """

    start: int
    end: int
    kind: MarkKind
    target: str = ""
    title: str = ""


@value_class(frozen=True, slots=True)
class Inline:
    """Running text: its visible characters, the markup on them, and their positions in the source.

    `text` contains a soft line break as `\\n`. `marks` nest and are ordered by start, the outer one first if starts are
    equal. `origin` maps text offsets to source offsets as ascending pairs; between two pairs, both advance together.
    """

    text: str = ""
    marks: tuple[Mark, ...] = ()
    origin: tuple[tuple[int, int], ...] = ()

    @property
    def words(self) -> str:
        """The text with blanks instead of references to footnotes, so that all offsets stay."""
        text = self.text
        for mark in self.marks:
            if mark.kind is MarkKind.FOOTNOTE:
                text = f"{text[: mark.start]}{' ' * (mark.end - mark.start)}{text[mark.end :]}"
        return text

    def source_offset(self, at: int) -> int:
        """Return the source offset of the character at text offset `at` (0 if there is no text)."""
        if not self.origin:
            return 0
        index = max(0, bisect_right(self.origin, (at, 1 << 62)) - 1) if len(self.origin) > 1 else 0
        start, source = self.origin[index]
        return source + at - start

    def slice(self, start: int, end: int) -> Inline:
        """Return the part `text[start:end]` with its marks clipped to it."""
        marks = tuple(
            replace(mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start)
            for mark in self.marks
            if mark.start < end and mark.end > start
        )
        inner = tuple((at - start, source) for at, source in self.origin if start < at < end)
        return Inline(self.text[start:end], marks, ((0, self.source_offset(start)), *inner))


NO_TEXT = Inline()


class ClauseKind(StrEnum):
    """The kind of a clause."""

    DOCUMENT = "document"
    SECTION = "section"
    PARAGRAPH = "paragraph"
    LIST = "list"
    ITEM = "item"
    RUN_IN = "run-in"
    QUOTE = "quote"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    CODE = "code"
    RULE = "rule"


class ListKind(StrEnum):
    """The kind of a LIST: `-`, `1.`, enumerated as `(a)`, or the footnotes at the end of a document."""

    BULLET = "bullet"
    ORDERED = "ordered"
    ENUMERATED = "enumerated"
    FOOTNOTES = "footnotes"


@value_class(frozen=True, slots=True)
class Clause:
    """A node of a document's tree.

    * SECTION: `inline` is the heading's text, `level` 1 to 6, `name` the heading without a typed number.
    * PARAGRAPH, CELL, CODE: `inline` is its text. `name` is a bold lead-in ("Data" in `**5.1** **Data.** …`).
    * ITEM: `inline` is its first paragraph (empty if it has none), `children` is the rest.
    * RUN_IN: an enumerated item inside a sentence. It is a child of the clause that contains the sentence, and `span`
      is its position in that clause's `inline.text`; run-in items nest. `inline` is that part of the text.
    * DOCUMENT, LIST, QUOTE, TABLE, ROW: containers with no text of their own. A TABLE's first ROW is its header.
    * RULE: a thematic break.

    `anchor` is unique in the document and empty if the clause cannot be addressed. `label` is its name for people
    ("Restrictions (h)(iv)"). `marker` is the enumerator as typed or, for an ordered item or a footnote, as shown
    ("(a)", "2.").
    `number` is the number that references use, generated or typed ("4.2", "IV"), without trailing punctuation;
    `generated` is true if the number is not part of the text. `lines` are the first and last source line.
    """

    kind: ClauseKind
    lines: tuple[int, int]
    anchor: str = ""
    label: str = ""
    inline: Inline = NO_TEXT
    children: tuple[Clause, ...] = ()
    level: int = 0
    marker: str = ""
    number: str = ""
    generated: bool = False
    name: str = ""
    list_kind: ListKind | None = None
    tight: bool = False
    span: tuple[int, int] = (0, 0)
    align: str = ""
    language: str = ""

    def walk(self) -> Iterator[Clause]:
        """Yield this clause and all clauses below it in text order."""
        stack = [self]
        while stack:
            clause = stack.pop()
            yield clause
            stack.extend(reversed(clause.children))

    def walk_placed(self) -> Iterator[tuple[int, Clause, tuple[Clause, ...]]]:
        """Each clause as `walk` gives it, with its index and the clauses around it, the outermost first."""
        stack: list[tuple[Clause, tuple[Clause, ...]]] = [(self, ())]
        index = 0
        while stack:
            clause, around = stack.pop()
            yield index, clause, around
            index += 1
            if clause.children:
                inner = (*around, clause)
                stack.extend((child, inner) for child in reversed(clause.children))
