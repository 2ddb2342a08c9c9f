"""Inline tokens that know where they stand: each gets `meta["at"]`, its offset in the inline source.

markdown-it gives inline tokens no position. Text is gathered as "pending", and flushed when a rule pushes a token of
its own; so where text begins is noted when its first piece is gathered.
"""

from __future__ import annotations

from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

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
