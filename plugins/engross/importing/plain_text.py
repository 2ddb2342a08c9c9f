"""Reads plain text: typed numbers, underlined headings and headings in capitals, indentation, wrapped lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.encodings import decode_foreign
from engross.importing.headings import with_headings
from engross.importing.text_lines import BULLET, LABEL, Line, Paragraph, TextLines, words_of_text, wrap_width
from engross.importing.values import Choices, Kind, Node, Reading, Remark, by_place, item, plain_text

_UNDERLINE = re.compile(r"(=+|-+|~+|\^+|\*+)")
_RULE = re.compile(r"(?:[-=*~#^]\s*){3,}")
# What a plain text shows as signs and a page as bullets and lines.
_SIGNS = re.compile(r"^[ \t]*(?:[-=*~#^][ \t]*){3,}$", re.MULTILINE)
_BULLETS = re.compile(r"^[ \t\f]*(?:[-*•·▪■◦‣–](?=[ \t]+\S)|o(?=[ \t]{2,}\S))", re.MULTILINE)
_LEVELS = {"=": 1, "*": 1, "-": 2, "~": 3, "^": 3}
_NAMED = re.compile(
    r"(?:article|section|clause|part|schedule|exhibit|annex|appendix|addendum|attachment)\s+(?:\d[\d.]*|[IVXLC]+|[A-Z])"
    r"(?=$|[\s.:–—-])",
    re.IGNORECASE,
)
_DEPTH = re.compile(r"\d{1,3}(?:\.\d{1,3})*")
_COLUMNS = re.compile(r"\S {3,}\S")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_WORDS = 12
_BEFORE_TITLE = 4
_MOST_WORDS_BEFORE_STOP = 3
"""The most words of a numbered heading that ends with a full stop: “1. Definitions.”, but not “1.1 You may use it.”"""
_CENTRED = 10


def read_plain_text(data: bytes, path: str, choices: Choices) -> Reading:
    """Read the bytes of a plain text; `path` is its name in messages.

    Raises EngrossError if the file is too large or is no text.
    """
    decoded = decode_foreign(data, path)
    remarks = []
    if decoded.guessed:
        message = f"the text is not UTF-8; it is read as {decoded.encoding}"
        remarks.append(Remark(Kind.GUESSED, "", message))
    reader = _TextReader()
    reader.read(decoded.text, 1)
    structure = with_headings(reader.blocks, [], choices.title)
    remarks += [*reader.lines.remarks, *structure.remarks]
    text = _BULLETS.sub("", _SIGNS.sub("", decoded.text))
    return Reading(structure.blocks, text, by_place(remarks), reader.lines.joined)


def text_blocks(text: str, line: int) -> tuple[list[Node], list[Remark]]:
    """Return the blocks of a plain text that begins on a line of another file, and the lines of the report."""
    reader = _TextReader()
    reader.read(text, line)
    return reader.blocks, reader.lines.remarks


@value_class(slots=True)
class _TextReader:
    """Reads one text block by block.

    `items` are the indentations of the open items, `text_at` is the column of the last one's text.
    """

    lines: TextLines = field(default_factory=TextLines)
    blocks: list[Node] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    guessed: list[int] = field(default_factory=list)
    titled: bool = False
    text_at: int = 0

    def read(self, text: str, first: int) -> None:
        """Read a text into `blocks`; `first` is the number of its first line in the file, from 1."""
        self.lines.first = first
        blocks = self.lines.blocks(text)
        width, known = wrap_width(blocks), words_of_text(text)
        titled = _numbered_titles(blocks)
        for at, block in enumerate(blocks):
            if _is_table(block):
                self._table([line for line in block if not _is_rule(line)])
                continue
            for piece in self._between_rules(block):
                self._piece(piece, width, known, titled, first=at == 0, early=at < _BEFORE_TITLE)
        if self.guessed:
            lines = ", ".join(map(str, self.guessed))
            message = f"numbered lines that are short and stand alone are headings: {lines}"
            self.lines.remarks.append(Remark(Kind.GUESSED, "", message))
        if self.marks:
            message = f"{len(self.marks)} typed bullets and underlines are list bullets, headings and rules now"
            self.lines.remarks.append(Remark(Kind.CHANGED, "", message))

    def _between_rules(self, block: list[Line]) -> Iterator[list[Line]]:
        """Make headings of underlined lines, and rules of other lines of signs; yield the lines between."""
        piece: list[Line] = []
        for line in block:
            if not _is_rule(line):
                piece.append(line)
                continue
            self.marks.append(line.text)
            sign = _UNDERLINE.fullmatch(line.text)
            titled = len(piece) == 1 and sign and not BULLET.match(piece[0].text)
            if titled and len(line.text) * 2 >= len(piece[0].text):
                self._heading(piece[0].text, _LEVELS[line.text[0]])
            else:
                if piece:
                    yield piece
                self.blocks.append({"t": "HorizontalRule"})
            piece = []
        if piece:
            yield piece

    def _piece(
        self, lines: list[Line], width: int, known: frozenset[str], titled: frozenset[int], *, first: bool, early: bool
    ) -> None:
        """Read lines without an empty line between them; `early` lines may have the title."""
        if early and not self.titled and _is_title(lines, width, first=first):
            self._heading(lines[0].text, 1)
            lines = lines[1:]
        paragraphs = self.lines.paragraphs(lines, width, known)
        if len(paragraphs) == 1 and (level := self._level(paragraphs[0], titled)):
            self._heading(paragraphs[0].text, level)
            return
        for paragraph in paragraphs:
            self._paragraph(paragraph)

    def _heading(self, text: str, level: int) -> None:
        self.items.clear()
        self.titled = True
        text = " ".join(text.split())
        self.blocks.append({"t": "Header", "c": [level, ["", [], []], [{"t": "Str", "c": text}]]})

    def _level(self, paragraph: Paragraph, titled: frozenset[int]) -> int:
        """Return the level of a paragraph that is a heading; 0 if it is none."""
        text = paragraph.text.replace("\n", " ")
        words = text.split()
        if len(words) > _MOST_WORDS or not _LETTER.search(text) or BULLET.match(text):
            return 0
        capitals = text == text.upper() and len(_LETTER.findall(text)) > 3
        label = LABEL.match(text)
        if paragraph.number in titled or (capitals and label):
            if paragraph.number in titled:
                self.guessed.append(paragraph.number)
            depth = _DEPTH.match(text)
            return 2 + (depth[0].count(".") if depth else 0)
        if (_NAMED.match(text) and text[-1] not in ";,") or (capitals and text[-1] not in ";,"):
            return 2
        return 0

    def _paragraph(self, paragraph: Paragraph) -> None:
        text, indent = paragraph.text, paragraph.indent
        bullet = BULLET.match(text)
        label = bullet or LABEL.match(text)
        while self.items and indent < self.items[-1] - 1:
            self.items.pop()
        if label is None:
            self._inside(_inlines(text), indent)
            return
        if not self.items or indent > self.items[-1] + 1:
            self.items.append(indent)
        mark = label["label"]
        if bullet:
            self.marks.append(mark)
            mark = "-"
        self.text_at = indent + label.end() + 1
        rest = {"t": "Para", "c": _inlines(text[label.end() :].lstrip())}
        self.blocks.append(item(mark, [rest], depth=len(self.items) - 1))

    def _inside(self, inlines: list[Node], indent: int) -> None:
        """Add a paragraph without a label: to the item that it is indented under, or after the items."""
        last = self.blocks[-1] if self.blocks else None
        if last and (open_sentence := _open_sentence(last)) is not None and _starts_small(inlines):
            open_sentence += [{"t": "Space"}, *inlines]
            return
        if last and last["t"] == "Div" and self.items and indent >= self.text_at - 1:
            last["c"][1].append({"t": "Para", "c": inlines})
            return
        self.items.clear()
        self.blocks.append({"t": "Para", "c": inlines})

    def _table(self, block: list[Line]) -> None:
        message = "lines in columns, which may be a table, are kept as lines; write them as a table"
        self.lines.remarks.append(Remark(Kind.GUESSED, f"line {block[0].number}", message))
        self.blocks.append({"t": "Para", "c": _inlines("\n".join(line.text for line in block))})


def _open_sentence(block: Node) -> list[Node] | None:
    """Return the text of a numbered paragraph or an item whose sentence has not ended."""
    if block["t"] != "Div" or block["c"][1][-1]["t"] != "Para":
        return None
    inlines: list[Node] = block["c"][1][-1]["c"]
    return None if plain_text(inlines).rstrip()[-1:] in ".;:,!?" else inlines


def _starts_small(inlines: list[Node]) -> bool:
    return plain_text(inlines)[:1].islower()


def _inlines(text: str) -> list[Node]:
    nodes: list[Node] = []
    for line in text.split("\n"):
        nodes += [*([{"t": "LineBreak"}] if nodes else []), {"t": "Str", "c": " ".join(line.split())}]
    return nodes


def _is_rule(line: Line) -> bool:
    return _RULE.fullmatch(line.text) is not None


def _is_title(block: list[Line], width: int, *, first: bool) -> bool:
    """Whether a block begins with the title: all its lines are short, and it is the first block or centred."""
    if not block or LABEL.match(block[0].text) or len(block) > 5 or block[0].text[-1] in ".;,:":
        return False
    short = all(len(line.text) * 4 < (width or 80) * 3 for line in block)
    place = first or all(line.indent >= _CENTRED for line in block)
    return short and place and len(block[0].text.split()) <= _MOST_WORDS


def _is_table(block: list[Line]) -> bool:
    rows = [
        line for line in block if _COLUMNS.search(line.text) and not (LABEL.match(line.text) or BULLET.match(line.text))
    ]
    return len(block) > 1 and len(rows) > 1 and len(rows) * 3 >= len(block) * 2


def _numbered_titles(blocks: Sequence[list[Line]]) -> frozenset[int]:
    """Return the lines of numbered paragraphs that are headings: alone, short, and mostly followed by their text."""
    found: list[tuple[int, bool]] = []
    for at, block in enumerate(blocks):
        label = LABEL.match(block[0].text)
        if len(block) > 2 or not label or label["label"].startswith("(") or not label["label"][0].isalnum():
            continue
        title = " ".join(line.text for line in block)[label.end() :].strip()
        if not title[0].isupper() or len(title.split()) > _MOST_WORDS or title[-1] in ",;:!?":
            continue
        if title[-1] == "." and len(title.split()) > _MOST_WORDS_BEFORE_STOP:
            continue
        following = blocks[at + 1][0].text if at + 1 < len(blocks) else ""
        after = LABEL.match(following)
        is_text = bool(following) and (after is None or "." in after["label"][:-1] or after["label"].startswith("("))
        found.append((block[0].number, is_text))
    followed = sum(is_text for _, is_text in found)
    return frozenset(number for number, is_text in found if is_text) if followed * 2 > len(found) else frozenset()
