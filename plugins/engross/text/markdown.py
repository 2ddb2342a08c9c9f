"""markdown-it-py, set up for contracts, with tokens that know their place in the source.

Inline tokens that know where they stand: each gets `meta["at"]`, its offset in the inline source.

markdown-it gives inline tokens no position. Text is gathered as "pending", and flushed when a rule pushes a token of
its own; so where text begins is noted when its first piece is gathered.

markdown-it-py, set up for contracts: its inline parser, and a block parser of our own over its block rules.

* Indented code is off: an indented `(i)` is a sub-item, never code.
* `enumerated` is the rule for `(a)`, `a)`, `a.` at the start of a line. It yields flat items that know their
  indentation; how they nest is settled later (`nesting`), when all neighbours are known.
* A paragraph ends at an enumerator or a typed number however deeply it is indented.
* HTML comments show nothing. Other HTML is kept as `html_inline` tokens, for the reader of tokens to refuse or to read
  through.
* Lists, quotes and enumerations nested more than `MAX_DEPTH` deep are refused: beyond its own limit the parser would
  drop text without a word.

A block rule is only asked where the first character of a line lets it apply: most lines begin with a letter, and no
rule but that of the table can do anything with them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock, blockquote, fence, hr, list_block, reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from engross.text import line_starts
from engross.text.block_rules import BlockRule, comment, enumerated, heading, paragraph, table, within_depth

# Images in the text of images are parsed by recursion, which the parser does not bound by itself.
_DEEPEST_IMAGE = 10


class PositionedState(StateInline):
    """A state that notes the offset of every token it is given."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self._text_at = -1
        self._run = (-1, 0)

    def append_pending(self, text: str) -> None:
        """Gather text that stands at the place reached."""
        if self._text_at < 0:
            self._text_at = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802 (the name is the parser's)
        """Flush the pending text into a token that knows where its text begins."""
        token = super().pushPending()
        token.meta = {"at": self._text_at}
        self._text_at = -1
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Append a token that stands at the place reached."""
        token = super().push(ttype, tag, nesting)
        self._text_at = -1
        at = self.pos
        if ttype == "text":
            # The marks of one run, as in `**`, are pushed one by one before the parser moves on.
            at += self._run[1] + 1 if self._run[0] == self.pos else 0
            self._run = (self.pos, at - self.pos)
        elif ttype == "link_open" and self.src[at - 1 : at] == "[":
            at -= 1
        token.meta = {"at": at}
        return token


class PositionedInline(ParserInline):
    """The inline parser over `PositionedState`; takes its rules from the parser it replaces."""

    def __init__(self, model: ParserInline) -> None:
        super().__init__()
        self.ruler = model.ruler
        self.ruler2 = model.ruler2
        # Joined fragments would lose their positions.
        self.ruler2.disable("fragments_join")

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """The inline tokens of `src`, appended to `tokens`."""
        state = PositionedState(src, md, env, tokens)
        depth = env.get("images", 0)
        if depth > _DEEPEST_IMAGE:
            state.append_pending(src)
            state.pushPending()
            return state.tokens
        env["images"] = depth + 1
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        env["images"] = depth
        return state.tokens


_BAR = re.compile(r"(?<!\\)\|")
_LIST, _QUOTE = within_depth(list_block), within_depth(blockquote)
_BY_FIRST: dict[str, tuple[BlockRule, ...]] = {
    "#": (heading,),
    ">": (_QUOTE,),
    "-": (hr, _LIST),
    "*": (hr, _LIST),
    "_": (hr,),
    "+": (_LIST,),
    "`": (fence,),
    "~": (fence,),
    "<": (comment,),
    "[": (reference,),
    **dict.fromkeys("0123456789", (_LIST,)),
}
# What ends a block of each kind without an empty line: an item of a list ends with its list's own rule, not by these.
_SELDOM_ENDED = {"list": (_LIST, heading), "blockquote": ()}
_ENDED_BY_TABLE = ("paragraph", "reference")


class ContractBlocks(ParserBlock):
    """The block parser: the loop over lines, and the choice of rules by the first character of a line."""

    def __init__(self) -> None:
        self.ruler = Ruler[BlockRule]()
        for kind in ("paragraph", "reference", "blockquote", "list"):
            self.ruler.push(f"ends-{kind}", _ends(kind), {"alt": [kind]})

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 (the parser's names)
        """Append the tokens of some lines; stops early at a line that is indented less, or where the next item begins.

        `state.tight` tells afterwards whether no two blocks were apart by an empty line.
        """
        line, apart, in_item = startLine, False, state.parentType == "item"
        while True:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            begin = state.bMarks[line] + state.tShift[line]
            if in_item and state.env["starts"].items_at(line, begin):
                break
            _block(state, line, endLine, begin)
            state.tight = not apart
            line = state.line
            # A paragraph in a nested list may have taken the empty line after it.
            apart = apart or (line - 1 < endLine and state.isEmpty(line - 1))
            if line < endLine and state.isEmpty(line):
                apart = True
                state.line = line = line + 1


def _block(state: StateBlock, line: int, end: int, begin: int) -> None:
    """Append the tokens of the block that begins at `begin` on the line."""
    if line == state.env["item_line"]:
        # What follows an enumerator on its line is text: "(b) > 50 percent" quotes nothing.
        if not enumerated(state, line, end, False):
            paragraph(state, line, end, False)
        return
    # A table first: its rows may begin with an enumerator, "(a) | Fees".
    if _may_be_table(state, line, end) and table(state, line, end, False):
        return
    if enumerated(state, line, end, False):
        return
    for rule in _BY_FIRST.get(state.src[begin], ()):
        if rule(state, line, end, False):
            return
    paragraph(state, line, end, False)


def _may_be_table(state: StateBlock, line: int, end: int) -> bool:
    if line + 1 >= end:
        return False
    begin = state.bMarks[line + 1] + state.tShift[line + 1]
    return begin < state.eMarks[line + 1] and state.src[begin] in "|-:"


def _is_row(state: StateBlock, line: int) -> bool:
    """Whether a line below a table's row is one more, be it that it begins with an enumerator: "(a) | Fees"."""
    return _BAR.search(state.src, state.bMarks[line], state.eMarks[line]) is not None


def _begins_table(state: StateBlock, line: int, end: int) -> bool:
    """Whether a table begins at the line, be it indented less than the item whose paragraph it ends."""
    kept, state.blkIndent = state.blkIndent, min(state.blkIndent, max(0, state.sCount[line]))
    found = table(state, line, end, True)
    state.blkIndent = kept
    return found


def _ends(kind: str) -> BlockRule:
    """The rule that tells whether a line ends the block of some kind before it; it yields no tokens."""
    never, by_table = _SELDOM_ENDED.get(kind, ()), kind in _ENDED_BY_TABLE
    rules = {
        first: tuple(rule for rule in of_first if rule not in never and rule is not reference)
        for first, of_first in _BY_FIRST.items()
    }

    def ends(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        begin = state.bMarks[line] + state.tShift[line]
        if not silent or begin >= state.eMarks[line]:
            return False
        if state.env["starts"].interrupts(line, begin) and not (state.parentType == "table" and _is_row(state, line)):
            return True
        if by_table and _may_be_table(state, line, end) and _begins_table(state, line, end):
            return True
        # CommonMark lets a deep line go on with the paragraph before it, by how the list around is indented. Here it
        # begins an item however deep it is.
        kept, state.listIndent = state.listIndent, -1
        ended = any(rule(state, line, end, True) for rule in rules.get(state.src[begin], ()))
        state.listIndent = kept
        return ended

    return ends


@lru_cache(maxsize=1)
def engine() -> MarkdownIt:
    """The parser, made once: it holds no state between documents (all state is in `env`)."""
    # Inline brackets recurse once a level, and blocks two levels a list: 150 holds both, within Python's stack.
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 150})
    md.block = ContractBlocks()
    md.inline = PositionedInline(md.inline)
    # An address shows as it was typed; and every link is parsed, so that an unsafe one can be refused by name instead
    # of showing as stray brackets.
    md.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    md.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005
    return md


class LinkDefinitions(dict[str, dict[str, Any]]):
    """The link definitions of one text, by normalised name; `used` are the names that links have asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """The definition of that name, noted as used."""
        self.used.add(name)
        return super().get(name, default)


def block_tokens(text: str, path: str) -> tuple[list[Token], dict[str, Any]]:
    """The block tokens of a normalised text, and the environment that holds its link definitions.

    Every open token of a block has `meta["indent"]`, the columns its first line is indented by, where it matters.
    Raises EngrossError where blocks nest too deeply.
    """
    md = engine()
    env: dict[str, Any] = {
        "path": path,
        "depth": 0,
        "item_line": -1,
        "starts": line_starts.find(text),
        "closings": [found.start() for found in re.finditer("-->", text)],
        "references": LinkDefinitions(),
    }
    tokens: list[Token] = []
    md.block.parse(text, md, env, tokens)
    return tokens, env
