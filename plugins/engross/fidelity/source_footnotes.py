"""Footnotes in the second reading of a source: which text is a note, where the notes are shown, and their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

import engross.common.lazy_re as re

_LABEL = re.compile(r"\[\^([^][\s]+)]")
_INDENT = 4


def note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: `[^1]: …` with the indented blocks after it, between the tokens `note_open` and `note_close`."""
    begin = state.bMarks[start] + state.tShift[start]
    found = _LABEL.match(state.src, begin, state.eMarks[start])
    if state.env["reader"] == 1 or not found or not state.src.startswith(":", found.end()):
        return False
    if silent:
        return True
    state.env["hidden"].append((begin, found.end()))
    state.env["notes"].setdefault(found[1].casefold(), 0)
    state.push("note_open", "", 1).content = found[1].casefold()
    kept = state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType
    state.blkIndent = state.sCount[start] = state.sCount[start] + _INDENT
    rest = state.src[found.end() + 1 : state.eMarks[start]]
    state.bMarks[start], state.tShift[start] = found.end() + 1, len(rest) - len(rest.lstrip(" \t"))
    state.parentType = "reference"
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType = kept
    state.push("note_close", "", -1)
    return True


def reference(state: StateInline, silent: bool) -> bool:
    """An inline rule: `[^1]`, which shows the number of its note; the first reference to a note gives the number."""
    found = _LABEL.match(state.src, state.pos)
    numbers: dict[str, int] = state.env["notes"]
    if not found or found[1].casefold() not in numbers:
        return False
    if not silent:
        label = found[1].casefold()
        numbers[label] = numbers[label] or max(numbers.values()) + 1
        state.push("text", "", 0).content = f"[{numbers[label]}]"
    state.pos = found.end()
    return True


def apart(tokens: list[Token]) -> dict[str, list[Token]]:
    """The tokens of each note by its label, and those of the text around them by the label ""."""
    parts: dict[str, list[Token]] = {"": []}
    opened = [parts[""]]
    for token in tokens:
        if token.type == "note_open":
            opened.append([] if token.content in parts else parts.setdefault(token.content, []))
        elif token.type == "note_close":
            opened.pop()
        else:
            opened[-1].append(token)
    return parts


def numbered(numbers: dict[str, int]) -> Iterator[tuple[int, str]]:
    """The numbers and labels of the notes that have references, in their order; a note may number further ones."""
    number = 1
    while found := next((label for label, other in numbers.items() if other == number), None):
        yield number, found
        number += 1
