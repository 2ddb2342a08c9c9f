"""Finds the parties that the opening of a contract lists by their role: "**Supplier:** Acme Ltd, Leeds", or a line
"– Supplier –" below the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engross.model import ClauseKind, Given, MarkKind
from engross.terms.candidates import Named, can_be_name, clean
from engross.terms.passages import Found, Outline, Passage

_FIRST: Final = 12
"""The number of passages with text at the beginning of a document that may list its parties."""
_FIRST_ALONE: Final = 20
"""The number of those that may be the role of a party."""
_LONGEST_LINE: Final = 60
_FEWEST_USES: Final = 4
_FEWEST_PARTIES: Final = 2
_MOST_PARTIES: Final = 4
_MOST_WORDS: Final = 3
# A role alone, between dashes or in brackets; a dash before it may have made it an item of a list.
_ALONE: Final = re.compile(r"\s*[-–—(]?\s*(?P<name>[^\W\d_][\w ./-]{1,40}?)\s*[-–—)]\s*")
_COLON: Final = re.compile(r"\s*:\s*\S|\s*:?[ \t]*\n\s*\S")
# Other facts that an opening lists.
_FACTS: Final = re.compile(
    r"\b(?:dates?|version|stand|status|fecha|address|e-?mail|phone|telephone|website|url|contact|title|subject|reference"
    r"|number|no|nr|adresse|anschrift|objet|betreff|asunto|référence|note|important|summary)\b",
    re.IGNORECASE,
)


def party_lines(outline: Outline) -> Iterator[Found]:
    """Yield a definition for each role, if the opening lists two parties that the text often names."""
    labels = (line for passage in outline.passages[:_FIRST] for line in _labels(passage, outline))
    alone = (line for passage in outline.passages[:_FIRST_ALONE] for line in _alone(passage, outline))
    found = [*labels, *alone]
    if len(found) >= _FEWEST_PARTIES:
        yield from sorted(found, key=lambda one: one.passage.index)


def _alone(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the definition of a role that is a whole line."""
    found = _ALONE.fullmatch(passage.text) if len(passage.text) < _LONGEST_LINE else None
    if found and _is_role(found["name"], passage, outline):
        whole, body = (0, len(passage.text)), " ".join(passage.text.split())
        yield Found((found["name"],), passage, found.span("name"), whole, Given.RUNNING, body, weak=True)


def _labels(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the definitions of the roles that are labels of lines."""
    listed = passage.clause.kind is ClauseKind.ITEM and len(passage.around[-1].children) <= _MOST_PARTIES
    if passage.clause.kind is not ClauseKind.PARAGRAPH and not listed:
        return
    text = passage.text
    for mark in passage.clause.inline.marks:
        if mark.kind is not MarkKind.STRONG or (mark.start and text[mark.start - 1] != "\n"):
            continue
        label = text[mark.start : mark.end].rstrip()
        name = clean(label)
        end = mark.start + len(label) - label.endswith(":")
        if not _COLON.match(text, end) or not _is_role(name, passage, outline):
            continue
        stop = text.find("\n\n", end)
        body = " ".join(text[mark.start : stop if stop > 0 else len(text)].split())
        role = Named(name, mark.start, mark.start + len(label), False, True)
        yield Found((name,), passage, (role.start, role.end), (role.start, len(text)), Given.RUNNING, body, weak=True)


def _is_role(name: str, passage: Passage, outline: Outline) -> bool:
    """Return whether a label is the name of a party and not of another fact, and the text often uses it."""
    if not can_be_name(name) or len(name.split()) > _MOST_WORDS or _FACTS.search(name) or name[-1:].isdigit():
        return False
    return passage.grammar.may_be_name(name) and outline.count(name.split()[-1]) >= _FEWEST_USES
