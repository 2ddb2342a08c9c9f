"""Block rules for contracts in the form that markdown-it expects; `markdown.py` combines them with CommonMark's own.

A paragraph or a heading is one token. Its content is its inline source without the blanks at the start of lines, and
`meta["origins"]` maps the start of each line to its offset in the text.

Table cells are cut from the source line a second time, by the same rule as the parser's (GitHub's: a bar separates
cells unless a backslash precedes it, also in code spans). The parser's own cells have no positions, and it drops cells
beyond the last column.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise

from markdown_it.rules_block import StateBlock, table as plain_table
from markdown_it.token import Token

import engross.common.lazy_re as re
from engross.common import EngrossError, error
from engross.model import Source
from engross.text.line_starts import LineStarts, Marker

MAX_DEPTH = 50

BlockRule = Callable[[StateBlock, int, int, bool], bool]
Origins = tuple[tuple[int, int], ...]

_BLANK = " \t\n"
_ATX = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_COMMENT_CLOSES = re.compile(r"-->[ \t]*$", re.MULTILINE)


def too_deep(path: str, line: int, column: int) -> EngrossError:
    """Return the error for blocks nested deeper than MAX_DEPTH; line and column are 1-based."""
    message = f"lists and quotes are nested more than {MAX_DEPTH} deep here; use fewer levels"
    return EngrossError([error("nesting", path, line, column, message)])


def within_depth(rule: BlockRule) -> BlockRule:
    """Wrap the rule of a container: refuse nesting deeper than MAX_DEPTH and record the container's indentation."""

    def checked(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        """Apply the rule. Raises EngrossError where the container would be nested too deeply."""
        if silent:
            return rule(state, start, end, True)
        env, at, indent = state.env, len(state.tokens), state.sCount[start]
        if env["depth"] >= MAX_DEPTH and rule(state, start, end, True):
            begin = state.bMarks[start] + state.tShift[start]
            raise too_deep(env["path"], start + 1, begin - state.src.rfind("\n", 0, begin))
        env["depth"] += 1
        found = rule(state, start, end, False)
        env["depth"] -= 1
        if found:
            state.tokens[at].meta["indent"] = indent
        return found

    return checked


def paragraph(state: StateBlock, start: int, _end: int, _silent: bool) -> bool:
    """Parse a paragraph, which ends at an empty line or where another block begins; an underline makes it a heading."""
    (ends,) = state.md.block.ruler.getRules("paragraph")
    outer, state.parentType = state.parentType, "paragraph"
    last, level = start + 1, 0
    while last < state.lineMax and not state.isEmpty(last):
        level = _underline(state, last)
        # A negative count marks a line that the block quote around it has claimed as a continuation.
        if level or (state.sCount[last] >= 0 and ends(state, last, state.lineMax, True)):
            break
        last += 1
    state.parentType = outer
    state.line = last + 1 if level else last
    _push_text(state, f"h{level}" if level else "p", start, _lines(state, start, last))
    return True


def _underline(state: StateBlock, line: int) -> int:
    """Return the level of the heading that this line underlines (`===` is 1, `---` is 2), or 0."""
    begin = state.bMarks[line] + state.tShift[line]
    mark = state.src[begin]
    if mark not in "=-" or not state.blkIndent <= state.sCount[line] <= state.blkIndent + 3:
        return 0
    if state.src[begin : state.eMarks[line]].rstrip(_BLANK).strip(mark):
        return 0
    return 1 if mark == "=" else 2


def _lines(state: StateBlock, start: int, last: int) -> tuple[str, Origins]:
    """Return the inline source of some lines and the origin of each: (offset in that source, offset in the text)."""
    parts, origins, at = [], [], 0
    for line in range(start, last):
        begin = state.bMarks[line] + state.tShift[line]
        parts.append(state.src[begin : state.eMarks[line]])
        origins.append((at, begin))
        at += len(parts[-1]) + 1
    return "\n".join(parts).rstrip(_BLANK), tuple(origins)


def heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Parse a heading of the form `## Term`, optionally closed by `##`."""
    begin = state.bMarks[start] + state.tShift[start]
    line = state.src[begin : state.eMarks[start]]
    found = _ATX.match(line)
    if not found or silent:
        return bool(found)
    content = line[found.end() :].rstrip(_BLANK)
    bare = content.rstrip("#")
    if not bare or bare[-1] in _BLANK:
        content = bare.rstrip(_BLANK)
    state.line = start + 1
    _push_text(state, f"h{len(found[1])}", start, (content, ((0, begin + found.end()),)))
    return True


def _push_text(state: StateBlock, tag: str, start: int, text: tuple[str, Origins]) -> None:
    token = state.push("paragraph" if tag == "p" else "heading", tag, 0)
    token.content, token.map = text[0], [start, state.line]
    token.meta = {"origins": text[1], "indent": state.sCount[start]}


def enumerated(state: StateBlock, start: int, end: int, _silent: bool) -> bool:
    """Parse the items whose markers begin a line. Blocks of the last item are indented at least two columns more."""
    starts: LineStarts = state.env["starts"]
    if start not in starts:
        return False
    markers = starts.items_at(start, state.bMarks[start] + state.tShift[start])
    for marker in markers[:-1]:
        opening = _push_item(state, marker, state.sCount[start] + marker.offset - markers[0].offset)
        opening.map = [start, start + 1]
        state.push("enumerated_close", "li", -1)
    if markers:
        _last_item(state, start, end, markers)
    return bool(markers)


def _last_item(state: StateBlock, start: int, end: int, markers: tuple[Marker, ...]) -> None:
    marker = markers[-1]
    indent = state.sCount[start] + marker.offset - markers[0].offset
    opening = _push_item(state, marker, indent)
    _item_content(state, start, end, marker.offset - markers[0].offset + marker.width)
    opening.map = [start, state.line]
    state.push("enumerated_close", "li", -1)


def _push_item(state: StateBlock, marker: Marker, indent: int) -> Token:
    opening = state.push("enumerated_open", "li", 1)
    opening.info, opening.meta = marker.enumerator.text, {"indent": indent}
    return opening


def _item_content(state: StateBlock, start: int, end: int, width: int) -> None:
    """Tokenize the blocks of an item whose markers and following blanks are `width` characters wide."""
    kept = state.bMarks[start], state.tShift[start], state.sCount[start]
    around = state.blkIndent, state.parentType, state.tight
    state.blkIndent = state.sCount[start] + 2
    state.parentType = "item"
    # The line now begins after its marker, so that no rule sees the marker as text.
    state.bMarks[start] += state.tShift[start] + width
    state.tShift[start] = 0
    state.sCount[start] += width
    if not state.isEmpty(start):
        state.env["item_line"] = start
        state.md.block.tokenize(state, start, end)
    elif state.isEmpty(start + 1):
        state.line = start + 1
    else:
        # The marker is alone on its line. Its text is on the next line, whatever the indentation there.
        kept_next = state.sCount[start + 1]
        state.sCount[start + 1] = max(kept_next, state.blkIndent)
        state.md.block.tokenize(state, start + 1, end)
        state.sCount[start + 1] = kept_next
    state.bMarks[start], state.tShift[start], state.sCount[start] = kept
    state.blkIndent, state.parentType, state.tight = around


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table. Each row's `meta["begin"]` is the offset in the text at which the row begins."""
    at = len(state.tokens)
    if not plain_table(state, start, end, silent):
        return False
    for token in state.tokens[at:]:
        if token.type == "tr_open" and token.map:
            token.meta["begin"] = state.bMarks[token.map[0]] + state.tShift[token.map[0]]
    return True


def comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Skip an HTML comment that occupies whole lines; it produces no output."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("<!--", begin):
        return False
    closings: list[int] = state.env["closings"]
    at = bisect_left(closings, begin + 4)
    if at == len(closings) or closings[at] >= state.eMarks[end - 1]:
        return False
    if not _COMMENT_CLOSES.match(state.src, closings[at]):
        return False
    if not silent:
        state.line = start + state.src.count("\n", begin, closings[at]) + 1
    return True


_BAR = re.compile(r"(?<!\\)\|")
_CELL_BLANK = " \t"


def cells_of(source: Source, number: int, begin: int) -> list[tuple[str, Origins]]:
    """Return the cells of the row that begins at offset `begin` of line `number` (1-based), as (source, origins)."""
    end = source.line_starts[number - 1] + len(source.line(number).rstrip(_CELL_BLANK))
    row = source.text[begin:end]
    bars = [found.start() for found in _BAR.finditer(row)]
    edges = [-1, *bars, len(row)]
    spans = [(left + 1, right) for left, right in pairwise(edges)]
    # The bars at both ends of a row separate nothing.
    if spans and spans[0] == (0, 0):
        del spans[0]
    if spans and spans[-1] == (len(row), len(row)):
        del spans[-1]
    return [_cell(row[left:right], begin + left) for left, right in spans]


def _cell(raw: str, offset: int) -> tuple[str, Origins]:
    offset += len(raw) - len(raw.lstrip(_CELL_BLANK))
    parts: list[str] = []
    origins, at = [], 0
    for part in raw.strip(_CELL_BLANK).split("\\|"):
        # Every part except the first begins with an escaped bar; its backslash was removed by the split.
        text = f"|{part}" if parts else part
        origins.append((at, offset))
        parts.append(text)
        at += len(text)
        offset += len(text) + 1
    return "".join(parts), tuple(origins)
