"""A source text → its tree of clauses: the whole way, in order.

front matter blanked → block tokens (`engine`) → nodes (`blocks`, `inline`, `run_in`) → levels (`arrange`)
→ anchors, labels and numbers (`anchors`)
"""

from __future__ import annotations

import re

from engross.common import EngrossError
from engross.model import Clause, Source
from engross.text.anchors import Freezer
from engross.text.blocks import BlockReader
from engross.text.inline import InlineReader
from engross.text.markdown import block_tokens
from engross.text.nesting import arrange

READER = 1
"""The generation of this parser, which the record keeps with every text it seals.

It rises when the parser reads some text otherwise than before: other clauses, anchors, labels, numbers or visible
words. A text sealed under a lower number may have another tree and text hash than this parser would give it.
"""

_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
# A key, an entry of a list, more of the value above, a comment, an empty line: what a mapping is made of.
_YAML_LINE = re.compile(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t].*)?|- .*|[ \t]+\S.*|#.*|[ \t]*")
_KEY = re.compile(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)", re.MULTILINE)
# A list or a mapping in brackets, which may go on over several lines, whatever these begin with.
_BRACKETS = re.compile(r"[\w-]+[ \t]*:[ \t]+[\[{]")
_NOT_LINE_END = re.compile(r"[^\n]")


def front_matter(source: Source) -> str:
    """The front matter of a source, its fences included; an empty string where there is none.

    Only what can be a YAML mapping is front matter, and it begins with a key: text between two thematic breaks is text.
    """
    text = source.text
    opening = _FENCE.match(text)
    if not opening or not _KEY.match(text, opening.end()):
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
    return Source(source.path, front_matter(source).rstrip().removesuffix("---"), b"", source.sealed)


def blanked(text: str, end: int) -> str:
    """A text whose first `end` characters are blanks and line ends, so that all offsets stay."""
    return _NOT_LINE_END.sub(" ", text[:end]) + text[end:] if end else text


def parse(source: Source, *, numbering: bool = False, through_html: bool = False) -> Clause:
    """The tree of a contract in Markdown; its root is a clause of kind DOCUMENT.

    `numbering` generates section numbers where the text types none. `through_html` reads text through HTML tags, as
    for a lone file; otherwise they are refused. Raises EngrossError with every refusal (raw HTML, unsafe links), or
    with the first where blocks nest too deeply.
    """
    text = blanked(source.text, len(front_matter(source)))
    tokens, env = block_tokens(text, source.path)
    inlines = InlineReader(source, env, through_html)
    nodes = arrange(BlockReader(source, inlines).read(tokens), source.path)
    inlines.refuse_unused_definitions()
    if inlines.problems:
        raise EngrossError(sorted(inlines.problems, key=lambda problem: (problem.line, problem.column)))
    return Freezer(numbering).freeze(nodes, source.text.rstrip("\n").count("\n") + 1)
