"""Rules of the parser in the second reading of a source: comments, link references, code, line breaks, images."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock, fence as plain_fence, reference as plain_reference
from markdown_it.rules_inline import StateInline, image as plain_image

import engross.common.lazy_re as re

_LINE_END = re.compile(r"[ \t]*$", re.M)
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.S)
_RAISED = re.compile(r"</?su[bp]>")
_BREAK = re.compile(r"<[bB][rR][ \t]*/?>")
_DEEPEST_IMAGE = 10


def comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: a comment on lines of its own."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("<!--", begin):
        return False
    last = state.src.find("-->", begin + 4, state.eMarks[end - 1]) if begin < state.env["last comment"] else -1
    if last < 0 or not _LINE_END.match(state.src, last + 3):
        return False
    if not silent:
        state.line = start + state.src.count("\n", begin, last) + 1
        state.env["hidden"].append((begin, last))
    return True


def reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: link references, which are not shown."""
    found = plain_reference(state, start, end, silent)
    if found and not silent:
        state.env["hidden"].append((state.bMarks[start] + state.tShift[start], state.eMarks[state.line - 1]))
    return found


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: fenced code; its language is not shown."""
    found = plain_fence(state, start, end, silent)
    if found and not silent:
        state.env["hidden"].append((state.bMarks[start] + state.tShift[start], state.eMarks[start]))
    return found


def inline_comment(state: StateInline, silent: bool) -> bool:  # noqa: ARG001 (the signature is the parser's)
    """An inline rule: a comment within a line."""
    if not state.src.startswith("<!--", state.pos):
        return False
    found = _COMMENT.match(state.src, state.pos) if state.html_terminator_last("-->") >= state.pos else None
    if found:
        state.pos = found.end()
    return found is not None


def line_break(state: StateInline, silent: bool) -> bool:
    """An inline rule: `<br>` in the cell of a table."""
    found = _BREAK.match(state.src, state.pos) if state.env["cell"] else None
    if found:
        if not silent:
            state.push("hardbreak", "br", 0)
        state.pos = found.end()
    return found is not None


def raised(state: StateInline, silent: bool) -> bool:  # noqa: ARG001 (the signature is the parser's)
    """An inline rule: the tags of superscript and subscript, which are not shown."""
    found = _RAISED.match(state.src, state.pos) if state.env["reader"] > 1 else None
    if found:
        state.pos = found.end()
    return found is not None


def image(state: StateInline, silent: bool) -> bool:
    """An inline rule: an image, up to a depth of nesting, because each level is read by recursion."""
    if state.env["images"] > _DEEPEST_IMAGE:
        return False
    state.env["images"] += 1
    found = plain_image(state, silent)
    state.env["images"] -= 1
    return found
