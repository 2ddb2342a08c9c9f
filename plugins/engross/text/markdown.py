"""markdown-it-py configured for contracts: an inline parser with positions and a block parser with our own rules.

* Each inline token gets `meta["at"]`, its offset in the inline source. markdown-it collects text as "pending" and
  flushes it when a rule pushes a token, so the offset of text is recorded when its first piece is collected.
* Indented code is off: an indented `(i)` is a sub-item, never code.
* `enumerated` is the rule for `(a)`, `a)`, `a.` at the start of a line. It produces flat items with their indentation;
  `nesting` finds their levels later, when all neighbours are known.
* An enumerator or a typed number ends a paragraph at any indentation.
* HTML comments are dropped. Other HTML becomes `html_inline` tokens, which `InlineReader` refuses or reads through.
* Lists, quotes and enumerations nested deeper than `MAX_DEPTH` are refused, because beyond its own limit the parser
  would drop text silently.

Block rules run only on lines whose first character allows them: most lines begin with a letter, to which only the
table rule can apply.
"""

from __future__ import annotations

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

import engross.common.lazy_re as re
from engross.text import line_starts
from engross.text.block_rules import BlockRule, comment, enumerated, heading, paragraph, table, within_depth
from engross.text.footnotes import Footnotes, footnote, footnote_reference

# The parser handles images inside the text of images by recursion, without a limit of its own.
_DEEPEST_IMAGE = 10


class PositionedState(StateInline):
    """An inline state that records the offset of every token."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self._text_at = -1
        self._run = (-1, 0)

    def append_pending(self, text: str) -> None:
        """Collect text found at the current position."""
        if self._text_at < 0:
            self._text_at = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802 (the name is the parser's)
        """Flush the pending text into a token with the offset at which the text begins."""
        token = super().pushPending()
        token.meta = {"at": self._text_at}
        self._text_at = -1
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Append a token with the current position."""
        token = super().push(ttype, tag, nesting)
        self._text_at = -1
        at = self.pos
        if ttype == "text":
            # The parser pushes the characters of one run, as in `**`, one by one before it moves on.
            at += self._run[1] + 1 if self._run[0] == self.pos else 0
            self._run = (self.pos, at - self.pos)
        elif ttype == "link_open" and self.src[at - 1 : at] == "[":
            at -= 1
        token.meta = {"at": at}
        return token


class PositionedInline(ParserInline):
    """The inline parser that uses `PositionedState`, with the rules of the parser it replaces."""

    def __init__(self, model: ParserInline) -> None:
        super().__init__()
        self.ruler = model.ruler
        self.ruler2 = model.ruler2
        # Joined fragments would lose their positions.
        self.ruler2.disable("fragments_join")

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Append the inline tokens of `src` to `tokens` and return them."""
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
    "[": (footnote, reference),
    **dict.fromkeys("0123456789", (_LIST,)),
}
# Rules that cannot end a block of a kind without an empty line; a list's own rule ends its items.
_NEVER_ENDED_BY = {"list": (_LIST, heading), "blockquote": ()}
_ENDED_BY_TABLE = ("paragraph", "reference")


class ContractBlocks(ParserBlock):
    """The block parser: loops over the lines and chooses rules by the first character of each line."""

    def __init__(self) -> None:
        self.ruler = Ruler[BlockRule]()
        for kind in ("paragraph", "reference", "blockquote", "list"):
            self.ruler.push(f"ends-{kind}", _ends(kind), {"alt": [kind]})

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 (the parser's names)
        """Append the tokens of some lines; stop early at a line that is indented less, or where the next item begins.

        Afterwards `state.tight` is true if no empty line separates two blocks.
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
            # A paragraph in a nested list may have consumed the empty line after it.
            apart = apart or (line - 1 < endLine and state.isEmpty(line - 1))
            if line < endLine and state.isEmpty(line):
                apart = True
                state.line = line = line + 1


def _block(state: StateBlock, line: int, end: int, begin: int) -> None:
    """Append the tokens of the block that begins at `begin` on the line."""
    if line == state.env["item_line"]:
        # Text after an enumerator on its line is a paragraph: "(b) > 50 percent" is not a quotation.
        if not enumerated(state, line, end, False):
            paragraph(state, line, end, False)
        return
    # Try tables first: a row may begin with an enumerator, "(a) | Fees".
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
    """Return whether a line below a table row is another row; it may begin with an enumerator: "(a) | Fees"."""
    return _BAR.search(state.src, state.bMarks[line], state.eMarks[line]) is not None


def _begins_table(state: StateBlock, line: int, end: int) -> bool:
    """Return whether a table begins at the line, even if indented less than the item whose paragraph it ends."""
    kept, state.blkIndent = state.blkIndent, min(state.blkIndent, max(0, state.sCount[line]))
    found = table(state, line, end, True)
    state.blkIndent = kept
    return found


def _ends(kind: str) -> BlockRule:
    """Return the rule that decides whether a line ends a block of kind `kind`; it produces no tokens."""
    never, by_table = _NEVER_ENDED_BY.get(kind, ()), kind in _ENDED_BY_TABLE
    rules = {
        first: tuple(rule for rule in of_first if rule not in never and rule is not reference)
        for first, of_first in _BY_FIRST.items()
    }

    def ends(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        """Whether a line ends the paragraph before it; a rule of markdown-it that makes no tokens."""
        begin = state.bMarks[line] + state.tShift[line]
        if not silent or begin >= state.eMarks[line]:
            return False
        if state.env["starts"].interrupts(line, begin) and not (state.parentType == "table" and _is_row(state, line)):
            return True
        if by_table and _may_be_table(state, line, end) and _begins_table(state, line, end):
            return True
        # In CommonMark, a deeply indented line can continue the paragraph before it, depending on the list around it.
        # Here it begins an item at any indentation.
        kept, state.listIndent = state.listIndent, -1
        ended = any(rule(state, line, end, True) for rule in rules.get(state.src[begin], ()))
        state.listIndent = kept
        return ended

    return ends


@lru_cache(maxsize=2)
def engine(*, struck: bool = False) -> MarkdownIt:
    """Return the parser, which is created once; all state of a document is in `env`. `struck`: it reads `~~text~~`."""
    # Each level of inline brackets recurses once, each level of lists twice: 150 allows for both and fits the stack.
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 150})
    md.block = ContractBlocks()
    md.inline = PositionedInline(md.inline)
    md.inline.ruler.after("link", "footnote", footnote_reference)
    # Show addresses as typed, and parse every link, so that an unsafe link gets an error instead of showing as
    # stray brackets.
    md.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    md.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005
    return md.enable("strikethrough") if struck else md


class LinkDefinitions(dict[str, dict[str, Any]]):
    """The link definitions of one text, by normalised name; `used` contains the names that links refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """Return the definition of that name and mark it as used."""
        self.used.add(name)
        return super().get(name, default)


def block_tokens(
    text: str, path: str, reader: int, starts: line_starts.LineStarts | None = None
) -> tuple[list[Token], dict[str, Any]]:
    """Return the block tokens of a normalised text and the environment with its link definitions and footnotes.

    `reader` is the generation of the parser whose rules apply, `starts` the lines at which items begin, if known.

    Open tokens of blocks have `meta["indent"]` where it matters: the indentation of the first line in columns.
    Raises EngrossError where blocks nest too deeply.
    """
    md = engine()
    env: dict[str, Any] = {
        "path": path,
        "depth": 0,
        "item_line": -1,
        "starts": starts or line_starts.find(text, reader),
        "closings": [found.start() for found in re.finditer("-->", text)],
        "references": LinkDefinitions(),
        "footnotes": Footnotes() if reader > 1 else None,
    }
    tokens: list[Token] = []
    md.block.parse(text, md, env, tokens)
    return tokens, env
