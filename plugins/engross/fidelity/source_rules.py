"""Rules of the parser in the second reading of a source: front matter, comments, link references, code, line breaks,
images, and footnotes.
"""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.rules_block import StateBlock, fence as plain_fence, reference as plain_reference
from markdown_it.rules_inline import StateInline, image as plain_image
from markdown_it.token import Token
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

import engross.common.lazy_re as re

_LINE_END = re.compile(r"[ \t]*$", re.M)
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.S)
_RAISED = re.compile(r"</?su[bp]>")
_BREAK = re.compile(r"<[bB][rR][ \t]*/?>")
_DEEPEST_IMAGE = 10
_FENCED = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$", re.S | re.M)
_SIMPLE = re.compile(r"(?=[A-Za-z_])(?>(?:[A-Za-z_][\w-]*:(?:[ \t].*)?\n|(?:- .*|[ \t]+\S.*|#.*|[ \t]*)\n)*)")
_LABEL = re.compile(r"\[\^([^][\s]+)]")
_INDENT = 4


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


def front_matter_end(text: str) -> int:
    """The end of the front matter: lines between two `---` that are YAML keys and values, or have their form. 0 if
    there is none: other text between two `---` is text.
    """
    found = _FENCED.match(text) if text.startswith("---") else None
    return found.end() if found and (_SIMPLE.fullmatch(found[1]) or _is_mapping(found[1])) else 0


def _is_mapping(written: str) -> bool:
    try:
        read = YAML(typ="base", pure=True).load(written)
    except (YAMLError, ValueError, RecursionError):
        return False
    return isinstance(read, dict) and bool(read)


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


def note_reference(state: StateInline, silent: bool) -> bool:
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
