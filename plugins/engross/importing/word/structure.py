"""Decides what paragraphs of a Word document are: the title, headings, items, text that belongs to an item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field, replace

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.markdown_writer import is_marker
from engross.importing.values import Kind, Node, Remark, item
from engross.importing.word.body import Entry, Paragraph, Table, is_bold
from engross.importing.word.runs import plain_text, split_at_break

_LONGEST_HEADING = 100
_SENTENCE_WORDS = 9
_TOLERANCE = 100
"""Indentations that differ by less are equal, in twentieths of a point."""
_TYPED = re.compile(
    r"\s*(?:(?P<path>\d+(?:\.\d+)*)\.?|(?P<word>(?:article|section|clause|part)\s+(?:[IVXLC]+|\d+|[A-Z])\b[.:]?)"
    r"|(?P<roman>[IVXLC]+)\.)[\s:–—-]+(?=\S)",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(r"(?:schedule|annex|appendix|exhibit|attachment)\b", re.IGNORECASE)
_FACT = re.compile(r"[^\W\d][^:]{0,40}:\s*\S")
"""A line such as “Last updated: 6 May 2025”."""
_QUOTES = ("quote", "intense quote", "block text")
"""The names of the styles of quotations."""
_SIGNATURE = re.compile(r"_{4,}|\b(?:by|name|title|date|signature|signed)\s*:", re.IGNORECASE)


@value_class(slots=True)
class Structure:
    """Arranges entries into blocks; `remarks` says what was guessed."""

    remarks: list[Remark] = field(default_factory=list)

    def document(self, entries: list[Entry]) -> list[Node]:
        """Return the blocks of a whole document, with its title and headings."""
        entries = _first_line_apart(entries)
        return self._blocks(entries, self._levels(entries))

    def part(self, entries: list[Entry]) -> list[Node]:
        """Return the blocks of a cell or a note, which have no headings."""
        return self._blocks(entries, {})

    def _levels(self, entries: list[Entry]) -> dict[int, int]:
        """Return the heading level of each paragraph that is a heading, by its number; 1 is the title."""
        paragraphs = [one for one in entries if isinstance(one, Paragraph)]
        styled = self._styled(paragraphs)
        title = self._title(paragraphs, styled)
        ranks = dict(styled)
        for one in self._bold(entries, styled, title):
            ranks[one.number] = self._rank(one, bool(styled))
        if title:
            ranks.pop(title.number, None)
        used = sorted(set(ranks.values()))
        alone = title is None and bool(used) and list(ranks.values()).count(used[0]) == 1
        first = next(iter(sorted(ranks)), 0)
        # A single highest heading that comes first is the title.
        shift = 1 if alone and ranks.get(first) == used[0] else 2
        levels = {number: min(used.index(rank) + shift, 6) for number, rank in ranks.items()}
        if title:
            levels[title.number] = 1
        return levels

    def _styled(self, paragraphs: Sequence[Paragraph]) -> dict[int, int]:
        """Return the outline level of headings by style. Levels whose paragraphs are mostly sentences have none."""
        by_level: dict[int, list[Paragraph]] = defaultdict(list)
        for one in paragraphs:
            if one.outline is not None:
                by_level[one.outline].append(one)
        found: dict[int, int] = {}
        for level, members in by_level.items():
            sentences = [one for one in members if _is_sentence(one.text)]
            if 2 * len(sentences) >= len(members):
                message = f"outline level {level + 1} has whole sentences, so its {len(members)} paragraphs are text"
                self.remarks.append(Remark(Kind.GUESSED, members[0].place, message))
                continue
            for one in sentences:
                self.remarks.append(Remark(Kind.GUESSED, one.place, "this heading is a sentence, so it is text"))
            found |= {one.number: level for one in members if one not in sentences}
        return found

    def _title(self, paragraphs: Sequence[Paragraph], styled: dict[int, int]) -> Paragraph | None:
        """Return the title: by its style, or the prominent first paragraph before any heading."""
        for one in paragraphs:
            if one.style == "title" and len(one.text) <= 2 * _LONGEST_HEADING:
                return one
        first = paragraphs[0] if paragraphs else None
        if first is None or first.number in styled or first.label or _is_sentence(first.text):
            return None
        short = len(first.text) <= _LONGEST_HEADING and not first.text.rstrip().endswith((".", ",", ";", ":"))
        if first.is_bold or first.is_centered or short:
            self.remarks.append(Remark(Kind.GUESSED, first.place, "this first paragraph is taken as the title"))
            return first
        return None

    def _bold(self, entries: list[Entry], styled: dict[int, int], title: Paragraph | None) -> list[Paragraph]:
        """Return the paragraphs that look like headings: short and bold, and numbered if any heading has a style."""
        found = []
        for at, one in enumerate(entries):
            following = entries[at + 1] if at + 1 < len(entries) else None
            if not isinstance(one, Paragraph) or one.number in styled or one is title or one.outline is not None:
                continue
            if not self._looks_like_heading(one, following):
                continue
            numbered, is_subtitle = _is_numbered(one), at > 0 and entries[at - 1] is title
            if is_subtitle and not numbered:
                continue
            if numbered or _ATTACHMENT.match(one.text.strip()) or not styled:
                self.remarks.append(Remark(Kind.GUESSED, one.place, "this bold paragraph is taken as a heading"))
                found.append(one)
        return found

    @staticmethod
    def _looks_like_heading(one: Paragraph, following: Entry | None) -> bool:
        text = one.text.strip()
        short = len(text) <= _LONGEST_HEADING and not text.endswith((",", ";", ":")) and not _is_sentence(text)
        marker = one.label.text if one.label else ""
        if not (one.is_bold and short) or marker == "-" or marker.startswith("(") or _SIGNATURE.search(text):
            return False
        if _FACT.match(text) and not _ATTACHMENT.match(text) and not _is_numbered(one):
            return False
        return isinstance(following, Paragraph) and not _SIGNATURE.search(following.text) and "\n" not in text

    @staticmethod
    def _rank(one: Paragraph, among_styled: bool) -> int:
        """Return the outline level of a bold heading by its number: 0 for 1., 1 for 1.1."""
        if one.label:
            return one.label.level
        typed = _TYPED.match(one.text)
        depth = typed["path"].count(".") if typed and typed["path"] else 0
        return depth if typed or not among_styled else 0

    def _blocks(self, entries: list[Entry], levels: dict[int, int]) -> list[Node]:
        blocks: list[Node] = []
        items = _Items()
        for one in entries:
            if isinstance(one, Table):
                blocks.append(one.block)
                items.clear()
            elif one.number in levels:
                items.clear()
                words = one.inlines
                if one.label and one.label.text != "-":
                    words = [{"t": "Str", "c": f"{one.label.text} "}, *words]
                blocks.append({"t": "Header", "c": [levels[one.number], ["", [], []], words]})
            elif one.style in _QUOTES and one.label is None:
                items.clear()
                quoted: list[Node] = [{"t": "Para", "c": one.inlines}]
                if blocks and blocks[-1]["t"] == "BlockQuote":
                    blocks[-1]["c"] += quoted
                else:
                    blocks.append({"t": "BlockQuote", "c": quoted})
            else:
                blocks.append(items.place(self._with_bold_name(one)))
        return blocks

    def _with_bold_name(self, one: Paragraph) -> Paragraph:
        """Make an underlined name at the start of a paragraph bold, as contracts on the web have it."""
        at = 0
        while at < len(one.inlines) and not plain_text(one.inlines[at : at + 1]).strip(" \t"):
            at += 1
        first = at
        while at < len(one.inlines) and _is_underlined(one.inlines[at]):
            at += 1
        words = plain_text(one.inlines[first:at]).strip()
        ends = words.endswith((".", ":")) or plain_text(one.inlines[at:]).lstrip().startswith((".", ":"))
        if not words or not ends or one.is_bold or len(words) > _LONGEST_HEADING:
            return one
        self.remarks.append(Remark(Kind.CHANGED, one.place, "the underlined name of the clause is bold"))
        named: Node = {"t": "Strong", "c": one.inlines[first:at]}
        return replace(one, inlines=[*one.inlines[:first], named, *one.inlines[at:]])


def _is_underlined(one: Node) -> bool:
    if one["t"] in ("Strong", "Emph"):
        return bool(one["c"]) and all(map(_is_underlined, one["c"]))
    return bool(one["t"] == "Underline")


@value_class(frozen=True, slots=True)
class _Open:
    """An open item: its list, level and indentation, and whether Engross reads its label as that of an item."""

    list_id: str
    level: int
    left: int
    is_marker: bool


@value_class(slots=True)
class _Items:
    """The open items, the outermost first."""

    opened: list[_Open] = field(default_factory=list)

    def clear(self) -> None:
        self.opened.clear()

    def place(self, one: Paragraph) -> Node:
        """Return a paragraph as an item, or as text that belongs to the open item under which it is indented."""
        paragraph: Node = {"t": "Para", "c": one.inlines}
        if one.label is None:
            while self.opened and one.left < self.opened[-1].left - _TOLERANCE:
                self.opened.pop()
            if not one.left or not any(this.is_marker for this in self.opened):
                self.clear()
                return paragraph
            return item("", [paragraph], depth=self._depth())
        new = _Open(one.label.list_id, one.label.level, one.left, is_marker(one.label.text))
        while self.opened and not _contains(self.opened[-1], new):
            self.opened.pop()
        block = item(one.label.text, [paragraph], depth=self._depth())
        self.opened.append(new)
        return block

    def _depth(self) -> int:
        return sum(this.is_marker for this in self.opened)


def _contains(outer: _Open, inner: _Open) -> bool:
    if outer.list_id == inner.list_id:
        return outer.level < inner.level
    return outer.left < inner.left - _TOLERANCE


def _first_line_apart(entries: list[Entry]) -> list[Entry]:
    """Make a paragraph of its own of the first line of a document, if that is bold and ends with a line break."""
    first = entries[0] if entries else None
    parts = split_at_break(first.inlines) if isinstance(first, Paragraph) else None
    if parts is None or not isinstance(first, Paragraph):
        return entries
    lines = [replace(first, inlines=part, text=plain_text(part), is_bold=is_bold(part)) for part in parts]
    if not lines[0].is_bold:
        return entries
    # The rest keeps no number of its own, because numbers are those of the paragraphs in Word.
    return [lines[0], replace(lines[1], number=0, label=None), *entries[1:]]


def _is_numbered(one: Paragraph) -> bool:
    return one.label is not None or _TYPED.match(one.text) is not None


def _is_sentence(text: str) -> bool:
    """Whether a text is too long for a heading, or is a sentence."""
    words = text.split()
    ends = text.rstrip().endswith((".", ";", ",", ":"))
    return len(text) > _LONGEST_HEADING or (ends and len(words) > _SENTENCE_WORDS)
