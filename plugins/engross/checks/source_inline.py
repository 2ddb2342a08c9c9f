"""What a stretch of running Markdown text shows: which characters of it are markup, and what they stand for.

One step of reading a Markdown source a second time, with no code of the parser's (see `fidelity`). The result is a
list of edits that turn the stretch into what a reader sees; what no edit touches shows as it stands. Every rule of
CommonMark 0.31.2, chapter 6, is followed to the letter, because a literal `*` that gets lost is a difference too.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Container
from html.entities import html5

from engross.checks.source_links import label_at, link_tail_end, reference_key

Edit = tuple[int, int, str]
"""Characters from offset `start` to before `end` show as this text."""

# Each alternative begins with one literal character: only then does `re` look for all of them at once, at full speed.
_TOKEN = re.compile(r"\\[\n!-/:-@\[-`{-~]|``*|\*\**|__*|!\[|\[|\]|<|&")
_ENTITY = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_AUTOLINK = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*+"
    rf"|[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]++@{_HOST}(?:\.{_HOST})*)>"
)
_RUNS = re.compile(r"`+")
_OTHER, _PUNCTUATION, _BLANK = range(3)
_REPLACEMENT = "\ufffd"


class _Kinds(dict[str, int]):
    """What a character is to a neighbouring run of `*` or `_`, looked up once per character."""

    def __missing__(self, character: str) -> int:
        category = unicodedata.category(character)
        blank = category == "Zs" or character in "\t\n\v\f\r"
        kind = _BLANK if blank else _PUNCTUATION if category[0] in "PS" else _OTHER
        self[character] = kind
        return kind


_KIND = _Kinds()


class _Run:
    """A run of `*` or `_`: `left` of its `length` characters are not yet used as markup."""

    __slots__ = ("closes", "left", "length", "mark", "opens", "start")

    def __init__(self, mark: str, start: int, length: int, before: int, after: int) -> None:
        # A run that stands at a word's beginning may open emphasis, one at its end may close (section 6.2).
        at_start = after != _BLANK and (after != _PUNCTUATION or before != _OTHER)
        at_end = before != _BLANK and (before != _PUNCTUATION or after != _OTHER)
        within = mark == "*"
        self.mark, self.start, self.length, self.left = mark, start, length, length
        self.opens = at_start and (within or not at_end or before == _PUNCTUATION)
        self.closes = at_end and (within or not at_start or after == _PUNCTUATION)

    def may_open(self, closer: _Run) -> bool:
        """Whether this run and `closer` may be a pair, by the "multiple of 3" rule."""
        if self.mark != closer.mark:
            return False
        if not (self.closes or closer.opens) or (self.length + closer.length) % 3:
            return True
        return not self.length % 3 and not closer.length % 3


class _Bracket:
    """A `[` or `![` that waits for its `]`. `runs` is how many runs stood before it."""

    __slots__ = ("end", "image", "runs", "start", "surrounds")

    def __init__(self, start: int, end: int, image: bool, runs: int) -> None:
        self.start, self.end, self.image, self.runs = start, end, image, runs
        self.surrounds = False


class _Reading:
    """One pass over a text, from left to right."""

    def __init__(self, text: str, references: Container[str]) -> None:
        self.text, self.references = text, references
        self.edits: list[Edit] = []
        self.runs: list[_Run] = []
        self.brackets: list[_Bracket] = []
        self.linked = 0  # the first so many brackets surround a link, and links do not nest
        self.done = 0
        self.ticks: dict[int, list[int]] | None = None
        self.comment_end = 0

    def read(self) -> list[Edit]:
        text = self.text
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            if start >= self.done:
                _ON[text[start]](self, start, end)
        self._pair(0)
        self.edits.sort()
        return self.edits

    def hide(self, start: int, end: int) -> None:
        self.edits.append((start, end, ""))

    def escape(self, start: int, _end: int) -> None:
        self.hide(start, start + 1)

    def run(self, start: int, end: int) -> None:
        text = self.text
        before = _KIND[text[start - 1]] if start else _BLANK
        after = _KIND[text[end]] if end < len(text) else _BLANK
        run = _Run(text[start], start, end - start, before, after)
        if run.opens or run.closes:
            self.runs.append(run)

    def code(self, start: int, end: int) -> None:
        if self.ticks is None:
            self.ticks = {}
            for match in _RUNS.finditer(self.text, start):
                self.ticks.setdefault(match.end() - match.start(), []).append(match.start())
        closers = self.ticks.get(end - start, [])
        index = bisect_left(closers, end)
        if index == len(closers):
            return
        close = closers[index]
        self.done = close + end - start
        inner = self.text[end:close].replace("\n", " ")
        pad = 1 if inner[:1] == inner[-1:] == " " and inner.strip(" ") else 0
        self.hide(start, end + pad)
        self.hide(close - pad, self.done)

    def angle(self, start: int, _end: int) -> None:
        link = _AUTOLINK.match(self.text, start)
        if link:
            self.done = link.end()
            self.hide(start, start + 1)
            self.hide(self.done - 1, self.done)
        elif self.text.startswith("<!--", start):
            self.comment(start)

    def comment(self, start: int) -> None:
        text = self.text
        if text.startswith((">", "->"), start + 4):
            end = text.index(">", start) + 1
        elif self.comment_end == -1:  # none ends after here: looking again and again would take quadratic time
            return
        else:
            self.comment_end = text.find("-->", start + 4)
            if self.comment_end == -1:
                return
            end = self.comment_end + 3
        self.done = end
        self.hide(start, end)

    def entity(self, start: int, _end: int) -> None:
        match = _ENTITY.match(self.text, start)
        if not match:
            return
        sixteen, ten, name = match.groups()
        shown = html5.get(f"{name};") if name else _character(int(sixteen, 16) if sixteen else int(ten))
        if shown is not None:
            self.done = match.end()
            self.edits.append((start, self.done, shown))

    def open(self, start: int, end: int) -> None:
        if self.brackets:
            self.brackets[-1].surrounds = True
        self.brackets.append(_Bracket(start, end, end - start == 2, len(self.runs)))

    def close(self, start: int, end: int) -> None:
        if not self.brackets:
            return
        bracket = self.brackets.pop()
        inert = len(self.brackets) < self.linked and not bracket.image
        self.linked = min(self.linked, len(self.brackets))
        tail = -1 if inert else self._link_end(bracket, start, end)
        if tail == -1:
            return
        self._pair(bracket.runs)
        self.hide(bracket.start, bracket.end)
        self.hide(start, tail)
        self.done = tail
        if not bracket.image:
            self.linked = len(self.brackets)

    def _link_end(self, bracket: _Bracket, start: int, end: int) -> int:
        tail = link_tail_end(self.text, end)
        if tail != -1:
            return tail
        label, tail = label_at(self.text, end)
        if not label:
            tail = max(tail, end)
            if bracket.surrounds or start - bracket.end > 999:
                return -1
            label = self.text[bracket.end : start]
        return tail if reference_key(label) in self.references else -1

    def _pair(self, first: int) -> None:
        """Pair the runs from index `first` on, hide what became markup, and forget these runs."""
        runs = self.runs[first:]
        if len(runs) < 2:
            del self.runs[first:]
            return
        waiting: list[_Run] = []
        floors: dict[tuple[str, bool, int], int] = {}
        for run in runs:
            if run.closes and waiting:
                _close(run, waiting, floors)
            if run.left and run.opens:
                waiting.append(run)
        for run in runs:
            if run.left < run.length:
                self.hide(run.start + run.left, run.start + run.length)
        del self.runs[first:]


def _close(run: _Run, waiting: list[_Run], floors: dict[tuple[str, bool, int], int]) -> None:
    """Use `run` as the end of what waits. `floors` keep what was sought in vain, so that the whole stays linear."""
    key = (run.mark, run.opens, run.length % 3)
    while run.left:
        index = len(waiting) - 1
        floor = floors.get(key, 0)
        while index >= 0 and waiting[index].start >= floor and not waiting[index].may_open(run):
            index -= 1
        if index < 0 or waiting[index].start < floor:
            floors[key] = run.start
            return
        opener = waiting[index]
        used = min(2, run.left, opener.left)
        run.left -= used
        opener.left -= used
        del waiting[index + 1 if opener.left else index :]


def _character(code: int) -> str:
    """The character of a numeric entity; what is no character shows as U+FFFD, as controls do too."""
    if code > 0x10FFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:
        return _REPLACEMENT
    character = chr(code)
    refused = unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\f\r"
    return _REPLACEMENT if refused else character


_ON: dict[str, Callable[[_Reading, int, int], None]] = {
    "\\": _Reading.escape,
    "`": _Reading.code,
    "*": _Reading.run,
    "_": _Reading.run,
    "[": _Reading.open,
    "!": _Reading.open,
    "]": _Reading.close,
    "<": _Reading.angle,
    "&": _Reading.entity,
}


def inline_edits(text: str, references: Container[str]) -> list[Edit]:
    """The edits, in order and apart from each other, that turn running text into what it shows.

    `references` holds the keys (`source_links.reference_key`) of all references that the source defines.
    """
    return _Reading(text, references).read() if _TOKEN.search(text) else []
