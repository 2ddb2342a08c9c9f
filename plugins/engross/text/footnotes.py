"""Footnotes: a reference `[^1]` in the text, and the note `[^1]: At the end of the month.` anywhere in the document.

A note's number is its place in the order in which the text refers to the notes, whatever their labels, as on GitHub.
Its text may continue in blocks that are indented by four columns. The notes are shown at the end of the document.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

import engross.common.lazy_re as re
from engross.common import value_class
from engross.text.anchors import slug
from engross.text.block_rules import MAX_DEPTH, too_deep

_LABEL = r"\[\^([^\s\[\]]+)\]"
_NOTE = re.compile(rf"{_LABEL}:[ \t]*")
REFERENCE = re.compile(_LABEL)
_INDENT = 4


@value_class(frozen=True, slots=True)
class Written:
    """A note as written: its label, its lines (the first from 1, the last included) and the tokens of its text."""

    label: str
    lines: tuple[int, int]
    tokens: list[Token]


@value_class(slots=True)
class Footnotes:
    """The footnotes of one document.

    `written` has the notes by label without capitals, `repeated` the further notes with such a label. `order` has the
    labels in the order of their numbers.
    """

    written: dict[str, Written] = field(default_factory=dict)
    repeated: list[Written] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    _uses: Counter[str] = field(default_factory=Counter)
    _numbers: dict[str, int] = field(default_factory=dict)
    _anchors: dict[str, str] = field(default_factory=dict)

    def add(self, note: Written) -> None:
        """Add a note that was found in the text."""
        if note.label.casefold() in self.written:
            self.repeated.append(note)
        else:
            self.written[note.label.casefold()] = note

    def refer(self, label: str) -> tuple[int, str, int]:
        """Count a reference to a note; return the note's number and anchor, and how many references it has by now."""
        label = label.casefold()
        if label not in self._uses:
            self.order.append(label)
            self._numbers[label] = len(self.order)
        self._uses[label] += 1
        return self._numbers[label], self.anchor(label), self._uses[label]

    def anchor(self, label: str) -> str:
        """The anchor of a note, which is made of its label, so that it stays when the numbers change."""
        if len(self._anchors) != len(self.written):
            counts: Counter[str] = Counter()
            for other in self.written:
                name = slug(other)
                counts[name] += 1
                self._anchors[other] = f"footnote.{name}" + (f"-{counts[name]}" if counts[name] > 1 else "")
        return self._anchors[label]

    @property
    def unused(self) -> list[Written]:
        """The notes to which nothing refers, in text order."""
        return [note for label, note in self.written.items() if label not in self._uses]


def footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a note and keep it in `env["footnotes"]`: it is no part of the text around it."""
    notes: Footnotes | None = state.env["footnotes"]
    begin = state.bMarks[start] + state.tShift[start]
    found = _NOTE.match(state.src, begin, state.eMarks[start]) if notes is not None else None
    if notes is None or not found or silent:
        return found is not None
    if state.env["depth"] >= MAX_DEPTH:
        raise too_deep(state.env["path"], start + 1, begin - state.src.rfind("\n", 0, begin))
    at = len(state.tokens)
    state.env["depth"] += 1
    _read_content(state, start, end, found.end() - begin)
    state.env["depth"] -= 1
    tokens = state.tokens[at:]
    del state.tokens[at:]
    notes.add(Written(found[1], (start + 1, max(start + 1, state.line)), tokens))
    return True


def _read_content(state: StateBlock, start: int, end: int, width: int) -> None:
    """Tokenize the blocks of a note whose label and following blanks are `width` characters wide."""
    kept = state.bMarks[start], state.tShift[start], state.sCount[start]
    around = state.blkIndent, state.parentType, state.tight
    state.blkIndent = state.sCount[start] + _INDENT
    state.parentType = "footnote"
    state.bMarks[start] += state.tShift[start] + width
    state.tShift[start] = 0
    state.sCount[start] = state.blkIndent
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start] = kept
    state.blkIndent, state.parentType, state.tight = around


def footnote_reference(state: StateInline, silent: bool) -> bool:
    """Parse a reference to a note that the document has."""
    notes: Footnotes | None = state.env["footnotes"]
    found = REFERENCE.match(state.src, state.pos) if notes is not None else None
    if notes is None or not found or found[1].casefold() not in notes.written:
        return False
    if not silent:
        state.push("footnote", "", 0).content = found[1]
    state.pos = found.end()
    return True
