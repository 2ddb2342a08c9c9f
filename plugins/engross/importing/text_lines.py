"""Turns the lines of a plain text into paragraphs: removes what only belongs to printed pages, and joins wrapped lines.

A line is continued by the next if the next one's first word would not have fitted on it. A word that is divided at the
end of a line is joined if the text has it undivided somewhere, or if the parts are not words joined by a hyphen.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import field

import engross.common.lazy_re as re
from engross.common import shown, value_class
from engross.importing.values import Kind, Remark

_PAGE_NUMBER = re.compile(r"\s*(?:[-–—]\s*\d{1,4}\s*[-–—]|\[?page\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\]?)\s*", re.I)
_RFC_FOOTER = re.compile(r"\S(?>.*?\s{3}).*\[Page \d+\]\s*")
_NUMBER = re.compile(r"\s*(\d{1,4})\s*")
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_LEADER = re.compile(r".*\S\s*(?:\.\s?){4}\s*[\divxlc]{1,5}\s*", re.IGNORECASE)
_CONTENTS = re.compile(r"\W*(?:table of contents|contents)\W*", re.IGNORECASE)
_OVERSTRIKE = re.compile(".\x08")
_DIVIDED = re.compile(r"([^\W\d_]+)-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What is written with a hyphen also within a line.
_PREFIXES = frozenset({
    "non", "self", "ex", "third", "well", "long", "short", "cross", "anti", "multi", "semi",
})  # fmt: skip
LABEL = re.compile(
    r"(?P<label>\((?:[A-Za-z]{1,5}|\d{1,3})\)|\d{1,3}(?:\.\d{1,3})+[.)]?|(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)])(?=\s+\S)"
)
"""A typed label at the start of a line."""
BULLET = re.compile(r"(?P<label>[-*•·▪■◦‣–]|o(?=\s{2,}))(?=\s+\S)")
"""A typed bullet at the start of a line."""


_RUN_IN = re.compile(r"\S\s\((?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s")


@value_class(slots=True)
class Line:
    """A line: its number from 1, its indentation in columns, and its text without blanks around it."""

    number: int
    indent: int
    text: str


@value_class(slots=True)
class Paragraph:
    """A paragraph: the number of its first line, its indentation, its text and whether it was one line.

    `text` has a line end where the author meant a line to end.
    """

    number: int
    indent: int
    text: str
    alone: bool


@value_class(slots=True)
class TextLines:
    """Reads the lines of one text; collects remarks, and the words that are joined of two parts."""

    first: int = 1
    remarks: list[Remark] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    def blocks(self, text: str) -> list[list[Line]]:
        """Return the lines that are not separated by empty ones, without what belongs to printed pages."""
        lines = self._lines(text)
        blocks: list[list[Line]] = [[]]
        for line in lines:
            if line is None:
                blocks.append([])
            else:
                blocks[-1].append(line)
        return _across_pages([block for block in blocks if block])

    def _lines(self, text: str) -> list[Line | None]:
        """Return the lines, with None for an empty one. Headers, footers and numbers of pages are left out."""
        pages = [page.split("\n") for page in _OVERSTRIKE.sub("", text).split("\f")]
        furniture = _repeated(pages)
        counted = _counted([line for page in pages for line in page])
        lines: list[Line | None] = []
        dropped: list[tuple[int, str]] = []
        number = self.first
        for at, page in enumerate(pages):
            for raw in page:
                line = raw.expandtabs(8)
                if _is_furniture(line, furniture) or number - self.first in counted:
                    dropped.append((number, line.strip()))
                    lines.append(None)
                else:
                    words = line.strip()
                    indent = len(line) - len(line.lstrip())
                    lines.append(Line(number, indent, words) if words else None)
                number += 1
            # A form feed begins a page within a line.
            number -= at < len(pages) - 1 and 1
        if dropped:
            words = " ".join(text for _, text in dropped)
            message = (
                f"{len(dropped)} lines of printed pages (numbers, headers, footers), the first “{shown(dropped[0][1])}”"
            )
            self.remarks.append(Remark(Kind.DROPPED, f"line {dropped[0][0]}", message, words))
        return self._without_contents(lines)

    def _without_contents(self, lines: list[Line | None]) -> list[Line | None]:
        leaders = [line for line in lines if line is not None and _LEADER.fullmatch(line.text)]
        if len(leaders) < 3:
            return lines
        titles = [line for line in lines if line is not None and _CONTENTS.fullmatch(line.text)]
        titles = [line for line in titles if line.number < leaders[0].number]
        gone = {line.number for line in [*leaders, *titles[-1:]]}
        words = " ".join(line.text for line in [*titles[-1:], *leaders])
        message = f"the table of contents, with {len(leaders)} lines"
        self.remarks.append(Remark(Kind.DROPPED, f"line {min(gone)}", message, words))
        return [None if line is not None and line.number in gone else line for line in lines]

    def paragraphs(self, block: list[Line], width: int, known: frozenset[str]) -> list[Paragraph]:
        """Return the paragraphs of a block; `width` is that of wrapped lines, `known` are the words of the text."""
        paragraphs: list[Paragraph] = []
        before: Line | None = None
        for line in block:
            if before is None or _begins(line, before, width, paragraphs[-1].text):
                paragraphs.append(Paragraph(line.number, line.indent, line.text, True))
            elif _fits(before, line, width) and not _is_run_in(paragraphs[-1].text, line):
                paragraphs[-1].text += f"\n{line.text}"
                paragraphs[-1].alone = False
            else:
                paragraphs[-1].text = self._join(paragraphs[-1].text, line, known)
                paragraphs[-1].alone = False
            before = line
        return paragraphs

    def _join(self, text: str, line: Line, known: frozenset[str]) -> str:
        divided = _DIVIDED.search(text)
        rest = _WORD.match(line.text)
        if not divided or not rest or not rest[0][0].islower():
            return f"{text} {line.text}" if not divided or not rest else text + line.text
        head, tail = divided[1], rest[0]
        whole, hyphened = f"{head}{tail}".lower(), f"{head}-{tail}".lower()
        if whole not in known and (hyphened in known or head.lower() in _PREFIXES):
            return text + line.text
        message = f"the word “{head}{tail}”, which is divided at the end of the line before, is joined"
        self.remarks.append(Remark(Kind.GUESSED, f"line {line.number}", message, f"{head}-{tail}"))
        self.joined.append(f"{head}{tail}")
        return text[:-1] + line.text


def words_of_text(text: str) -> frozenset[str]:
    """Return the words of a text in small letters, without those that are divided at the end of a line."""
    return frozenset(
        word.lower() for line in text.split("\n") for word in _WORD.findall(_DIVIDED.sub("", line.rstrip()))
    )


def wrap_width(blocks: list[list[Line]]) -> int:
    """Return the column at which lines are wrapped; 0 if each paragraph is one line."""
    ends = sorted(line.indent + len(line.text) for block in blocks for line in block[:-1])
    if not ends:
        return 0
    width = ends[int(len(ends) * 0.95)]
    return width if 30 <= width <= 140 else 0


def _fits(before: Line, line: Line, width: int) -> bool:
    """Whether the first word of a line would have fitted on the line before: then the author ended that line."""
    if line.text[0].islower() and (_DIVIDED.search(before.text) or line.number > before.number + 1):
        # The rest of a word, or of a sentence that continues on the next page.
        return False
    first = line.text.split(" ", 1)[0]
    return before.indent + len(before.text) + 1 + len(first) <= (width or 1) - max(4, width // 8)


def _begins(line: Line, before: Line, width: int, text: str) -> bool:
    """Whether a line begins a paragraph, though no empty line is before it; `text` is that of the paragraph so far."""
    if not width:
        return True
    if BULLET.match(line.text):
        return True
    ends = before.text[-1:] in '.;:!?”")' or before.text.endswith(("; and", "; or", ", and", ", or"))
    if _is_run_in(text, line):
        return False
    if LABEL.match(line.text) and (ends or _fits(before, line, width)):
        return True
    # Text that is indented under its label continues it.
    hangs = LABEL.match(before.text) or BULLET.match(before.text)
    return ends and (_fits(before, line, width) or (line.indent >= before.indent + 2 and not hangs))


def _is_run_in(text: str, line: Line) -> bool:
    """Whether a line that begins with "(2)" continues a sentence that contains "(1)"."""
    return line.text.startswith("(") and _RUN_IN.search(text) is not None


def _repeated(pages: list[list[str]]) -> frozenset[str]:
    """Return the first and last lines that are on two pages and on half of them, without their numbers."""
    if len(pages) < 2:
        return frozenset()
    counted: Counter[str] = Counter()
    for page in pages:
        filled = [line for line in page if line.strip()]
        counted.update({_form(line) for line in (*filled[:2], *filled[-2:])})
    return frozenset(form for form, count in counted.items() if count >= 2 and count * 2 >= len(pages))


def _form(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()).lower())


def _is_furniture(line: str, furniture: frozenset[str]) -> bool:
    if _PAGE_NUMBER.fullmatch(line) or _RFC_FOOTER.fullmatch(line):
        return True
    return bool(furniture) and bool(line.strip()) and _form(line) in furniture


def _counted(lines: list[str]) -> frozenset[int]:
    """Return the indexes of lone numbers between empty lines that count pages: three and more, each one higher."""
    found = []
    for at, line in enumerate(lines):
        number = _NUMBER.fullmatch(line)
        around = (lines[at - 1] if at else "", lines[at + 1] if at + 1 < len(lines) else "")
        if number and not any(one.strip() for one in around):
            found.append((at, int(number[1])))
    rising = all(after[1] == before[1] + 1 for before, after in itertools.pairwise(found))
    return frozenset(at for at, _ in found) if len(found) > 2 and rising else frozenset()


def _across_pages(blocks: list[list[Line]]) -> list[list[Line]]:
    """Join two blocks where the second continues the sentence of the first: a page ended between them."""
    joined: list[list[Line]] = []
    for block in blocks:
        before = joined[-1][-1] if joined else None
        if before is not None and _continues(before, block[0]):
            joined[-1] = joined[-1] + block
        else:
            joined.append(block)
    return joined


def _continues(before: Line, line: Line) -> bool:
    if line.number - before.number < 4 or not line.text[0].islower() or LABEL.match(line.text):
        return False
    return before.text[-1] not in '.;:!?”")' and abs(before.indent - line.indent) < 2
