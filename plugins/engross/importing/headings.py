"""Gives the headings of an imported document their levels: one title, and sections below it without gaps.

Texts without headings often have short bold paragraphs, or paragraphs in capitals, in their place; these become
headings, which the report says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.values import Kind, Node, Remark, plain_text

_CONTENTS = re.compile(
    r"(?:table of )?contents?|content of terms|on this page|in this (?:article|document|agreement|policy)"
    r"|jump to|index",
    re.I,
)
_ALWAYS = re.compile(r"table of contents|on this page|in this article|jump to", re.I)
_TEXTS = ("Header", "Para")
_FEWEST = 3
_MOST_WORDS = 14
_SENTENCE = re.compile(r"[.;,!?]\W*$")
_NUMBERED = re.compile(
    r"(?:(?:article|section|clause|part)\s+)?(?:(?P<path>\d+(?:\.\d+)*)|[IVXLC]+|[A-Z])[.):]?\s+\S", re.I
)
_LETTER = re.compile(r"[^\W\d_]")


@value_class(slots=True)
class Structure:
    """The blocks of a document with the levels of its headings, what was guessed, and the words that were added."""

    blocks: list[Node]
    remarks: list[Remark] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def with_headings(blocks: list[Node], titles: Sequence[str], title: str) -> Structure:
    """Return blocks whose headings have the levels of a document.

    `titles` are the titles to take if the blocks have none, the best first; `title` is the one that the user chose.
    """
    structure = Structure(list(blocks))
    headings = [block for block in structure.blocks if block["t"] == "Header"]
    if len(headings) <= 1:
        _guess_headings(structure, headings)
        headings = [block for block in structure.blocks if block["t"] == "Header"]
    has_title = _has_title(structure.blocks, headings, title)
    _set_levels(headings[1:] if has_title else headings)
    if has_title:
        headings[0]["c"][0] = 1
    elif not title and (found := next((one for one in titles if one), "")):
        structure.remarks.append(Remark(Kind.GUESSED, "", f"the title of the page is taken as the document's: {found}"))
        structure.labels.append(found)
        structure.blocks.insert(0, {"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": found}]]})
    return structure


def without_contents(blocks: list[Node], remarks: list[Remark]) -> list[Node]:
    """Return blocks without the heading of a table of contents that was removed."""
    kept = []
    for at, block in enumerate(blocks):
        words = plain_text(block["c"][2] if block["t"] == "Header" else block["c"]) if block["t"] in _TEXTS else ""
        following = blocks[at + 1]["t"] if at + 1 < len(blocks) else "Header"
        bold = block["t"] == "Para" and _is_like_heading(block)
        alone = bold or following == "Header" or (block["t"] == "Header" and _ALWAYS.fullmatch(words.strip()))
        if _CONTENTS.fullmatch(words.strip()) and alone:
            remarks.append(Remark(Kind.DROPPED, "", f"the heading of the table of contents: “{words.strip()}”", words))
        else:
            kept.append(block)
    return kept


def _has_title(blocks: list[Node], headings: list[Node], title: str) -> bool:
    """Whether the first heading is the title: higher than all others, and of level 1 or the first block.

    If the user chose a title, only a heading of level 1 is one.
    """
    if not headings:
        return False
    levels = Counter(block["c"][0] for block in headings)
    first = headings[0]["c"][0]
    return first == min(levels) and levels[first] == 1 and (first == 1 or (not title and blocks[0] is headings[0]))


def _set_levels(headings: list[Node]) -> None:
    """Set the levels from 2 on, in the order of the levels that occur, without gaps."""
    ranks = {level: rank for rank, level in enumerate(sorted({block["c"][0] for block in headings}), 2)}
    before = 1
    for block in headings:
        before = block["c"][0] = min(ranks[block["c"][0]], before + 1, 6)


def _guess_headings(structure: Structure, headings: list[Node]) -> None:
    bold = [at for at, block in enumerate(structure.blocks) if _is_like_heading(block)]
    # The last paragraph heads nothing; a first one may be the title.
    bold = [at for at in bold if at + 1 < len(structure.blocks)]
    if len(bold) < _FEWEST:
        return
    outer = 1 if headings else 0
    for at in bold:
        words = list(_unmarked(structure.blocks[at]["c"]))
        found = _NUMBERED.match(plain_text(words))
        depth = found["path"].count(".") if found and found["path"] else 0
        is_title = not outer and at == bold[0] and at == 0 and not found
        level = 1 if is_title else 2 + depth
        structure.blocks[at] = {"t": "Header", "c": [level, ["", [], []], words]}
    message = f"{len(bold)} short paragraphs, all bold or in capitals, are taken as headings, because the text has none"
    structure.remarks.append(Remark(Kind.GUESSED, "", message))


def _is_like_heading(block: Node) -> bool:
    if block["t"] != "Para":
        return False
    text = plain_text(block["c"]).strip()
    words = text.split()
    if not words or len(words) > _MOST_WORDS or not _LETTER.search(text) or len(text) > 120:
        return False
    if _SENTENCE.search(text) and not (text.endswith(".") and len(words) <= 6):
        return False
    if any(node["t"] in ("LineBreak", "Note", "Image") for node in block["c"]):
        return False
    marked = [node for node in block["c"] if node["t"] not in ("Space", "SoftBreak") and plain_text([node]).strip()]
    is_bold = all(node["t"] in ("Strong", "Underline") for node in marked)
    return is_bold or (text == text.upper() and len(_LETTER.findall(text)) > 3)


def _unmarked(inlines: list[Node]) -> Iterator[Node]:
    for node in inlines:
        if node["t"] in ("Strong", "Underline"):
            yield from _unmarked(node["c"])
        else:
            yield node
