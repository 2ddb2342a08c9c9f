"""The text of a Markdown source, read a second time: by plain markdown-it, without Engross's block rules.

The parser and this reader share only markdown-it's own rules. Engross's additions (enumerators, typed numbers, item
lines, positions) are not used: CommonMark reads such lines as running text with the same words. A few settings of
contract Markdown are repeated here: indentation makes no code and does not keep a line from beginning a block; there
are tables and footnotes (`source_rules`); the only HTML is comments, `<sup>`, `<sub>`, and `<br>` in the cells of
tables; bare addresses are text.

markdown-it silently drops cells beyond the last column and text that is nested too deeply. So rows are cut into cells
here, and the letters of the source are counted to find text that is in no block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table as plain_table
from markdown_it.token import Token

import engross.common.lazy_re as re
from engross.fidelity import source_rules as rules
from engross.fidelity.page_text import fold
from engross.model import READER

_MARKUP = re.compile(r"[\\`*_\[!<&]|~~")
_HIDING = re.compile(r"[\\\[<&]")
_WITHOUT_MARKS = str.maketrans("", "", "`*_~ \t\n")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
_BLANK = " \t\n"
# The usual words of a source that are in no leaf.
_MARKS = frozenset(("#", "##", "###", "####", "-", "*", "+", ">", "|", "---"))
# What needs no inline parser, as in most contracts: **Fees**, **“Fees”**, *Fees.*, and [Terms](terms.md#fees).
_SIMPLE = re.compile(
    r"""(?<!\S)(\*\*?)(?=[\w“"])([^\\`*_\[!<&]+)(?<=[\w”".])\1(?![^\s.,;:)])"""
    r"""|\[(?=[\w“])([^][\\`*_!<&~]+)]\([\w./#-]+\)"""
)
_NO_LETTER = re.compile(r"[\W_]+")
_LETTER = re.compile(r"[^\W_]")
_NOT_LINE_END = re.compile(r"[^\n]")
_ATTRIBUTE = re.compile(r"-|\.unnumbered|#[^\W_][\w-]*")
_ENUMERATOR = r"\([A-Za-z0-9]{1,6}\)|[A-Za-z]{1,6}[.)]|[0-9]+(?:\.[0-9]+)+\.?|[0-9]{1,9}[.)]"
_ITEM_LINE = re.compile(rf"\n(?=(?:\*\*|__)?(?:{_ENUMERATOR})(?:\*\*|__)?(?:[ \t]|$))", re.M)
_BRACKET = re.compile(r"\A((?:[A-Za-z0-9(]++[.)][ \t]++)*?[0-9]{1,9})\)(?=[ \t]|\Z)")
_BAR = re.compile(r"(?<!\\)\|")
# An empty line before one that begins at the margin, and not with the mark of a list's item.
_MARGIN = re.compile(r"\n\n(?=[^\s\d*+-]|\*\S)")
# A part that is a heading without attributes, or a paragraph of one line that begins no other block.
_ONE_LINE = re.compile(r"""\n*(?:#{1,6} +(?=[^\s#{][^\n#{]*\n*\Z)|(?=\*{0,2}[^\W\d_]|[“"(]))([^\n]*)\n*""")
# What may reach over an empty line or into another part: code, comments, definitions of links and footnotes.
_REACHING = ("```", "~~~", "<!--", "]:")
_DEEPEST = 200
_MOST_BRACKETS = 5000


BlockRule = Callable[[StateBlock, int, int, bool], bool]


class Leaf(NamedTuple):
    """A separate piece of text: a paragraph, heading, cell or block of code, or the number of a list item.

    `raw` is its Markdown; `running`: it may contain inline markup; `line` is its first line, from 0; `numbers` are the
    numbers that a list item may show, the one that Markdown counts first; `cell`: it is the cell of a table.
    """

    raw: str
    line: int
    running: bool = True
    numbers: tuple[str, ...] = ()
    cell: bool = False


class Reading(NamedTuple):
    """The leaves of a source in order, and the environment with its link references.

    `lost` is the offset of the first letter that is in no leaf but should be shown; -1 if there is none. `front` is the
    end of the front matter; 0 if there is none.
    """

    leaves: list[Leaf]
    env: dict[str, Any]
    lost: int
    front: int


def read_source_text(text: str, reader: int = READER) -> Reading:
    """Read a Markdown source with `\\n` as its only line end, by the rules of a generation of the parser (`reader`)."""
    head = rules.front_matter_end(text)
    # Blanked, not removed, so that all offsets in the rest are offsets in the source.
    body = _NOT_LINE_END.sub(" ", text[:head]) + text[head:] if head else text
    env = _environment(body, reader)
    tokens: list[Token] = []
    md = _engine()
    md.block.parse(body, md, env, tokens)
    leaves = list(_leaves(tokens, body))
    lost = _lost(body, leaves, env["hidden"])
    return Reading(_notes_last(tokens, body, env) if env["notes"] else leaves, env, lost, head)


def _environment(body: str, reader: int) -> dict[str, Any]:
    return {
        "references": {}, "notes": {}, "hidden": [], "last comment": body.rfind("-->"), "images": 0, "cell": False,
        "reader": reader,
    }  # fmt: skip


def _notes_last(tokens: list[Token], text: str, env: dict[str, Any]) -> list[Leaf]:
    """The leaves with the footnotes at the end, each after its number."""
    parts = rules.apart(tokens)
    leaves = list(_leaves(parts[""], text))
    visible_text(Reading(leaves, env, -1, 0))
    for number, label in rules.numbered(env["notes"]):
        inside = list(_leaves(parts[label], text))
        visible_text(Reading(inside, env, -1, 0))
        shown_number = f"{number}."
        leaves += [Leaf(shown_number, inside[0].line if inside else 0, False, (shown_number,)), *inside]
    return leaves


def shown(leaf: Leaf, env: dict[str, Any]) -> str:
    """The visible text of a leaf; its blanks are as typed."""
    if leaf.numbers:
        return leaf.numbers[0]
    env["cell"] = leaf.cell
    return _shown(leaf.raw, env) if leaf.running else leaf.raw


def other_readings(leaf: Leaf, env: dict[str, Any]) -> Iterator[str]:
    """The other visible texts that a leaf may have if its enumerated lines are list items.

    Engross's parser decides whether `(b)` at the start of a line begins an item or continues a sentence. The words are
    the same either way, but markup cannot continue from one item to the next, and `2)` may be shown as the number of an
    item. A mark after an enumerator always stays: "(b) > 50 percent" must keep its sign.
    """
    yield from leaf.numbers[1:]
    if not leaf.running:
        return
    env["cell"] = leaf.cell
    lines = _ITEM_LINE.split(leaf.raw)
    if len(lines) > 1:
        yield "\n".join(_shown(line, env) for line in lines)
    numbered = [_BRACKET.sub(r"\1.", line) for line in lines]
    if numbered != lines:
        yield "\n".join(_shown(line, env) for line in numbered)


def _shown(raw: str, env: dict[str, Any]) -> str:
    if not _MARKUP.search(raw) or not _MARKUP.search(plain := _SIMPLE.sub(r"\2\3", raw)):
        return plain if "*" in raw or "[" in raw else raw
    if raw.count("[") > _MOST_BRACKETS:
        # The time grows with the square of the number of brackets; no contract has so many in one paragraph.
        return raw
    tokens: list[Token] = []
    # A mark of a revision in another format is text.
    md = _engine(struck=env["reader"] > 1 and "{~~" not in raw)
    md.inline.parse(raw, md, env, tokens)
    text = "".join(_visible(tokens))
    if not _HIDING.search(raw) and text.translate(_WITHOUT_MARKS) != raw.translate(_WITHOUT_MARKS):
        # Only marks of emphasis and code may disappear here, but the inline parser lost another character.
        return raw
    return text


def _visible(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield from _visible(token.children or [])
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        else:
            yield token.content


def _leaves(tokens: list[Token], text: str) -> Iterator[Leaf]:
    numbers = _numbers(tokens)
    in_table = False
    for at, token in enumerate(tokens):
        line = token.map[0] if token.map else 0
        if token.type == "inline" and not in_table:
            yield Leaf(token.content, line)
        elif token.type == "fence":
            yield Leaf(token.content, line, running=False)
        elif token.type == "tr_open":
            for cell in _cells(text, token.meta["begin"]):
                yield Leaf(cell, line, cell=True)
        elif token.type in ("table_open", "table_close"):
            in_table = token.type == "table_open"
        elif at in numbers:
            yield Leaf(token.info + token.markup, line, running=False, numbers=numbers[at])


def _cells(text: str, begin: int) -> list[str]:
    """The cells of the row at an offset, including those beyond the last column."""
    end = text.find("\n", begin)
    cells = _BAR.split(text[begin : end if end >= 0 else len(text)].strip(" \t"))
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return [cell.strip(" \t").replace("\\|", "|") for cell in cells]


def _numbers(tokens: list[Token]) -> dict[int, tuple[str, ...]]:
    """The possible numbers of each item of an ordered list, by the index of its token: as typed, unless all are typed
    the same, so that Markdown counts.
    """
    numbers: dict[int, tuple[str, ...]] = {}
    opened: list[list[int]] = []
    for at, token in enumerate(tokens):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            opened.append([])
        elif token.type == "list_item_open":
            opened[-1].append(at)
        elif token.type == "ordered_list_close":
            numbers |= _counted(tokens, opened.pop())
        elif token.type == "bullet_list_close":
            opened.pop()
    return numbers


def _counted(tokens: list[Token], items: list[int]) -> dict[int, tuple[str, ...]]:
    typed = [int(tokens[item].info) for item in items]
    if len(items) == 1 or len(set(typed)) > 1:
        return {item: (f"{number}.",) for item, number in zip(items, typed, strict=True)}
    counted, anew = {}, 0
    for at, item in enumerate(items):
        inside = tokens[items[at - 1] : item] if at else []
        if any(token.type == "inline" and _ITEM_LINE.search(token.content) for token in inside):
            # A line between these items begins with "(b)": if that is an item, it ends the list and starts another.
            anew = at
        counted[item] = tuple(dict.fromkeys((f"{typed[0] + at}.", f"{typed[0] + at - anew}.")))
    return counted


def _lost(text: str, leaves: list[Leaf], hidden: list[tuple[int, int]]) -> int:
    """The offset of the first letter or digit that is in no leaf and not in hidden text (a comment, a link reference,
    the language of code); -1 if there is none.
    """
    parts: list[str] = []
    reached = 0
    for start, end in hidden:
        parts += (text[reached:start], _NOT_LINE_END.sub(" ", text[start:end]))
        reached = end
    seen = "".join((*parts, text[reached:]))
    if [word for word in seen.split() if word not in _MARKS] == [word for leaf in leaves for word in leaf.raw.split()]:
        return -1
    ours = _NO_LETTER.sub("", seen)
    theirs = _NO_LETTER.sub("", "".join([leaf.raw for leaf in leaves]))
    if ours == theirs:
        return -1
    pairs = enumerate(zip(ours, theirs, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(ours), len(theirs)))
    found = next(islice(_LETTER.finditer(seen), same, None), None)
    return found.start() if found else len(text)


def _paragraph(state: StateBlock, start: int, _end: int, _silent: bool) -> bool:
    """A block rule: lines up to an empty one or the start of another block at any depth; underlines are skipped."""
    outer, state.parentType = state.parentType, "paragraph"
    around, state.listIndent = state.listIndent, -1
    ends = state.md.block.ruler.getRules("paragraph")
    line, underlined = start + 1, False
    while line < state.lineMax and not state.isEmpty(line):
        underlined = _is_underline(state, line)
        # Lines that continue a quote without its mark have a negative depth.
        if underlined or (state.sCount[line] >= 0 and _begins_block(state, line, ends)):
            break
        line += 1
    state.parentType, state.listIndent = outer, around
    content = "\n".join(_line(state, at) for at in range(start, line)).rstrip(_BLANK)
    _push(state, _without_attributes(state, content, line - 1) if underlined else content, start)
    state.line = line + underlined
    return True


def _begins_block(state: StateBlock, line: int, rules: Sequence[BlockRule]) -> bool:
    if any(rule(state, line, state.lineMax, True) for rule in rules):
        return True
    # A table may begin right below the text of a list item.
    around, state.blkIndent = state.blkIndent, min(state.blkIndent, state.sCount[line])
    found = "|" in _line(state, line) and plain_table(state, line, state.lineMax, True)
    state.blkIndent = around
    return found


def _is_underline(state: StateBlock, line: int) -> bool:
    return bool(_UNDERLINE.fullmatch(_line(state, line))) and 0 <= state.sCount[line] - state.blkIndent <= 3


def _heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """A block rule: a heading. Only blanks that browsers fold are stripped, not no-break spaces."""
    line = _line(state, start).rstrip(_BLANK)
    text = line.lstrip("#")
    marks = len(line) - len(text)
    if not 0 < marks <= 6 or text[:1] not in ("", " ", "\t"):
        return False
    if not silent:
        shorter = text.rstrip("#")
        content = (shorter if shorter[-1:] in ("", " ", "\t") else text).strip(_BLANK)
        _push(state, _without_attributes(state, content, start), start)
        state.line = start + 1
    return True


def _without_attributes(state: StateBlock, content: str, line: int) -> str:
    """The text of a heading without `{#anchor}`, `{-}` or `{.unnumbered}` at the end of its last line."""
    words, _, rest = content.rpartition("{")
    shown = words.rstrip(_BLANK)
    attributes = [word for word in rest.removesuffix("}").split(" ") if word]
    known = bool(attributes) and all(map(_ATTRIBUTE.fullmatch, attributes))
    if state.env["reader"] == 1 or not (known and rest.endswith("}")) or shown in ("", words) or shown[-1] == "\\":
        return content
    begin = state.src.rfind("{", state.bMarks[line], state.eMarks[line])
    state.env["hidden"].append((begin, state.src.index("}", begin) + 1))
    return shown


def _push(state: StateBlock, content: str, line: int) -> None:
    token = state.push("inline", "", 0)
    token.content, token.map = content, [line, line + 1]


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: a table whose rows have their offsets."""
    at = len(state.tokens)
    found = plain_table(state, start, end, silent)
    for token in state.tokens[at:]:
        if token.type == "tr_open" and token.map:
            token.meta["begin"] = state.bMarks[token.map[0]] + state.tShift[token.map[0]]
    return found


@lru_cache(maxsize=2)
def _engine(*, struck: bool = False) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table")
    if struck:
        md.enable("strikethrough")
    md.disable(["code", "html_block", "lheading"])
    md.block.ruler.at("fence", rules.fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.block.ruler.at("reference", rules.reference)
    md.block.ruler.before("reference", "note", rules.note, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.block.ruler.at("paragraph", _paragraph)
    md.block.ruler.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.before("heading", "comment", rules.comment, {"alt": ["paragraph", "reference", "blockquote"]})
    md.inline.ruler.before("autolink", "comment", rules.inline_comment)
    md.inline.ruler.before("autolink", "break", rules.line_break)
    md.inline.ruler.before("autolink", "raised", rules.raised)
    md.inline.ruler.at("image", rules.image)
    md.inline.ruler.after("link", "note", rules.note_reference)
    md.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005
    md.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    return md


def visible_text(reading: Reading) -> str:
    """The visible text of all leaves, blanks folded."""
    return fold(" ".join([shown(leaf, reading.env) for leaf in reading.leaves]))


def text_by_parts(text: str, reader: int) -> str | None:
    """The visible text of a source, read part by part: most parts are one line, which needs no block rules, and the
    versions of a record have most parts in common.

    None if it must be read as a whole, because something in it may reach over parts, or is not shown.
    """
    head = rules.front_matter_end(text)
    if any(mark in text for mark in _REACHING):
        return None
    parts = [_line_text(part) or _part(part, reader) for part in _MARGIN.split(text[head:])]
    return None if None in parts else fold(" ".join(filter(None, parts)))


def _line_text(part: str) -> str:
    """The text of a part that is one line without markup; empty if there is more in it."""
    line = _ONE_LINE.fullmatch(part)
    return line[1] if line and not _MARKUP.search(line[1]) else ""


@lru_cache(maxsize=32768)
def _part(text: str, reader: int) -> str | None:
    """The visible text of a part of a source; None if some of its letters are in no leaf."""
    if line := _ONE_LINE.fullmatch(text):
        return _shown(line[1], _environment("", reader))
    # With an empty line first, no part begins with front matter.
    reading = read_source_text(f"\n{text}", reader)
    return None if reading.lost >= 0 else visible_text(reading)
