"""Parses the source of a contract into its tree of clauses.

The steps: blank the front matter → block tokens (`markdown`) → nodes (`blocks`, `inline`, `run_in`) → levels
(`nesting`) → anchors, labels and numbers (`anchors`).
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

import engross.common.lazy_re as re
from engross.common import EngrossError
from engross.model import Clause, Diagnostic, Source
from engross.text import line_starts
from engross.text.anchors import Freezer
from engross.text.blocks import BlockReader
from engross.text.inline import InlineReader
from engross.text.markdown import block_tokens
from engross.text.nesting import Node, arrange

READABLE = frozenset(
    {"raw-html", "unsafe-link", "outside-image", "table-row", "unused-link", "open-comment", "footnote"}
)
"""The rules of mistakes that a published document may not have, but that leave its text readable."""

_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
# The lines of a mapping: a key, a list entry, a continuation of the value above, a comment, an empty line.
_YAML_LINE = re.compile(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t].*)?|- .*|[ \t]+\S.*|#.*|[ \t]*")
_KEY = re.compile(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)", re.MULTILINE)
_COMMENTS = re.compile(r"(?:#.*\n)*")
# The start of a bracketed list or mapping, which may continue over lines of any form.
_BRACKETS = re.compile(r"[\w-]+[ \t]*:[ \t]+[\[{]")
_NOT_LINE_END = re.compile(r"[^\n]")
# The empty lines before a line that begins a block whatever is above it: at the margin, and no item of a list.
_PART = re.compile(r"\n[ \t]*\n(?![ \t\n]|(?:[-*+]|\d{1,9}[.)])(?:[ \t\n]|\Z))")
# What may reach over empty lines, or from one part of a text to another: code, comments, definitions of links and
# footnotes, anchors of headings.
_REACHING = ("```", "~~~", "<!--", "]:", "{#")


def front_matter(source: Source) -> str:
    """Return the front matter of a source including its fences, or an empty string if there is none.

    Front matter must look like a YAML mapping and begin with a key, so that text between two thematic breaks is not
    mistaken for it. From generation 4 of the parser on, comments may stand before the first key.
    """
    text = source.text
    opening = _FENCE.match(text)
    if not opening:
        return ""
    comments = _COMMENTS.match(text, opening.end()) if source.reader > 3 else None
    if not _KEY.match(text, comments.end() if comments else opening.end()):
        return ""
    at, opened = opening.end(), 0
    while at < len(text):
        if closing := _FENCE.match(text, at):
            return text[: closing.end()]
        end = text.find("\n", at)
        if end < 0 or not (opened > 0 or _YAML_LINE.fullmatch(text, at, end)):
            return ""
        if opened > 0 or _BRACKETS.match(text, at, end):
            line = text[at:end]
            opened += sum(map(line.count, "[{")) - sum(map(line.count, "]}"))
        at = end + 1
    return ""


def front_matter_yaml(source: Source) -> Source:
    """The YAML of the front matter, without its fences' last line, as a source with the same offsets."""
    return Source(source.path, front_matter(source).rstrip().removesuffix("---"), b"", source.sealed, source.reader)


def blanked(text: str, end: int) -> str:
    """A text whose first `end` characters are blanks and line ends, so that all offsets stay."""
    return _NOT_LINE_END.sub(" ", text[:end]) + text[end:] if end else text


def parse(
    source: Source, *, numbering: bool = False, through_html: bool = False, passed: list[Diagnostic] | None = None
) -> Clause:
    """Parse a contract in Markdown; the root is a clause of kind DOCUMENT.

    `numbering` generates section numbers if the text has none. `through_html` keeps the text inside HTML tags, for
    checking a single file; otherwise HTML is refused. If `passed` is a list, mistakes that leave the text readable are
    added to it (`READABLE`). Raises EngrossError with all
    other errors found, or with the first place where blocks nest too deeply.
    """
    text = blanked(source.text, len(front_matter(source)))
    footnotes: list[Node] = []
    parts = _joined_parts(text, source) if source.sealed and not through_html else None
    if parts is not None:
        nodes = arrange(parts, source.path, source.reader)
    else:
        tokens, env = block_tokens(text, source.path, source.reader)
        inlines = InlineReader(source, env, through_html)
        blocks = BlockReader(source, inlines)
        nodes = arrange(blocks.read(tokens), source.path, source.reader)
        footnotes = blocks.footnotes()
        inlines.refuse_unused_definitions()
        _refuse(inlines, passed)
    return Freezer(numbering, source.reader).freeze(nodes, source.text.rstrip("\n").count("\n") + 1, footnotes)


def _refuse(inlines: InlineReader, passed: list[Diagnostic] | None) -> None:
    problems = sorted(inlines.problems, key=lambda problem: (problem.line, problem.column))
    if passed is not None:
        passed += [problem for problem in problems if problem.rule in READABLE]
        problems = [problem for problem in problems if problem.rule not in READABLE]
    if problems:
        raise EngrossError(problems)


def _joined_parts(text: str, source: Source) -> list[Node] | None:
    """Return the nodes of a text, read part by part: the versions of a record have most parts in common.

    None if the text must be read as a whole, because something in it reaches over parts, or has a mistake.
    """
    if any(mark in text for mark in _REACHING):
        return None
    nodes: list[Node] = []
    lines = sorted(line_starts.find(text, source.reader).lines)
    line = at = done = 0
    for end in (*(found.end() for found in _PART.finditer(text)), len(text)):
        part = text[at:end]
        until = line + part.count("\n")
        starts = bisect_left(lines, until, done) if end < len(text) else len(lines)
        begun = tuple([one - line for one in lines[done:starts]])
        found = _part(part, begun, source.reader)
        if found is None:
            return None
        nodes += [node.moved(line, at) for node in found]
        line, at, done = until, end, starts
    return nodes


@lru_cache(maxsize=32768)
def _part(text: str, begun: tuple[int, ...], reader: int) -> tuple[Node, ...] | None:
    """Return the nodes of a part of a sealed text by itself; None if it has a mistake. Items begin at lines `begun`."""
    source = Source("", text, b"", True, reader)
    try:
        tokens, env = block_tokens(text, "", reader, line_starts.at_lines(text, begun, reader))
    except EngrossError:
        return None
    inlines = InlineReader(source, env)
    nodes = BlockReader(source, inlines).read(tokens)
    return None if inlines.problems else tuple(nodes)
