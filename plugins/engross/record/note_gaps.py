"""Gaps in change notes: what the tool leaves for people to fill in, and how a gap that was left is found.

A gap is written `<the role that approved it>`: YAML reads it as text, an editor sees where to type, and no note means
it so. What people write in place of an answer (TBD, `[...]`, …) is a gap as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.corpus.nodes import Listing, Mapping, Node, Scalar
from engross.corpus.words import join, shown
from engross.corpus.yaml import KeyPath, YamlFile
from engross.errors import error
from engross.model import Diagnostic, Source

RULE = "note-placeholder"

_WANTED = {
    "approved_by": "the role of whoever approved it, such as General Counsel",
    "effective": "immediately, a day such as 2026-12-31, or an instant such as 2026-12-31T09:00Z",
    "ground": "the id of the ground if it applies, or delete it with its lines",
    "cites": "the law or the clause on which the ground rests, as it is cited",
    "conditions": "a sentence that says how this condition is met",
    "editorial_because": "a sentence that says why the meaning stays the same",
    "emergency": "why it cannot wait",
    "notice_kept_because": "why the notice still counts from the first announcement",
    "not_material_because": "why the change is not material to customers",
    "sooner_because": "why announced words are to apply sooner",
    "summary": "what changes for customers, in a sentence or two",
}
ASKED = {
    "approved_by": "the role that approved it, such as General Counsel",
    "clause": "the clause that permits it",
    "condition": "how this is met",
    "effective": "immediately, or a day",
    "law": "the law that requires it",
    "summary": "what changes for customers, in a sentence or two",
}
"""What the gaps of a note that the tool begins ask for; left without its brackets, such a text is a gap as well."""

_LEFT = re.compile(
    "|".join(
        (
            *(re.escape(words) for words in (*ASKED.values(), *_WANTED.values())),
            # The first part alone, before the example.
            "the role that approved it|the role of whoever approved it|what changes for customers",
            "a day, [^ ]+ or later|[^ ]+, if it applies",
        )
    ),
    re.IGNORECASE,
)
_GAP = re.compile(
    r"""
    (?<![`“"‘«<\w])                                  # what is quoted is spoken of
    (?:
      <(?=[^\s<>/!])(?!https?:|mailto:|[^<>\s]*@)[^<>=]{0,200}[^\s<>=/]>   # <the role that approved it>
    | (?<![/-])(?:TODO|TBD|TBC|TBA|FIXME|XXX+)(?![\w/-]|[”"’»`])
    | \[\s*(?:[.…●•?_-]+|(?:insert|enter|fill[ ]?in|add|todo|tbd|tbc|tba|xxx+)\b[^\[\]\n]{0,80})\s*\](?![(\[:])
    | \{\{[^{}\n]{0,80}\}\}
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][\w-]*\s*/?>")
_NOTHING = " .…?_-–—*\n"
_AROUND = "<>[](){}\"'“”„‘’«» .…:;_*`-\t"


def gap(wanted: str) -> str:
    """A gap that asks for something: words without angle brackets, "=", ": " or " #", so that YAML reads them bare."""
    return f"<{wanted}>"


def gaps_of_head(file: YamlFile) -> Iterator[Diagnostic]:
    """The gaps in the facts of a note, one finding for each value."""
    for path, scalar in _scalars(file.root, ()):
        found = _gap_in(scalar.text)
        if found:
            line, column = file.source.position(scalar.start)
            yield _finding(file.source, line, column, join(path), _wanted(path), found)


def gaps_of_body(source: Source, start: int) -> Iterator[Diagnostic]:
    """The gaps in the summary of a note, which begins at an offset."""
    body = source.text[start:]
    words = body.strip()
    if words and not words.strip(_NOTHING):
        at = start + len(body) - len(body.lstrip())
        yield _finding(source, *source.position(at), "summary", _WANTED["summary"], words)
        return
    for line in re.finditer(r"(?m)\S.*", body):
        if _is_left(line[0]) and not _GAP.search(line[0]):
            yield _finding(
                source, *source.position(start + line.start()), "summary", _WANTED["summary"], line[0].strip()
            )
    for found in _GAP.finditer(body):
        # A tag is refused as such.
        if _is_gap(found[0]) and not _TAG.fullmatch(found[0]):
            yield _finding(source, *source.position(start + found.start()), "summary", _WANTED["summary"], found[0])


def _scalars(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Scalar]]:
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Listing):
        for at, item in enumerate(node.items):
            yield from _scalars(item, (*path, at))
    elif isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield from _scalars(entry.value, (*path, key))


def _gap_in(text: str) -> str:
    if text.strip() and not text.strip(_NOTHING):
        return text.strip()
    if _is_left(text):
        return text.strip()
    return next((found[0] for found in _GAP.finditer(text) if _is_gap(found[0])), "")


def _is_left(text: str) -> bool:
    """Whether a text is that of a gap, with or without its brackets."""
    return bool(_LEFT.fullmatch(" ".join(text.split()).strip(_AROUND)))


def _is_gap(words: str) -> bool:
    """Whether words of a gap's form are one: "todo" in small letters is a word of Spanish."""
    return not words.isalpha() or words.isupper() or set(words) == {"x"}


def _wanted(path: KeyPath) -> str:
    keys = [part for part in path if isinstance(part, str)]
    named = "conditions" if "conditions" in keys[:-1] else keys[-1] if keys else ""
    return _WANTED.get(named, "what belongs there")


def _finding(source: Source, line: int, column: int, where: str, wanted: str, found: str) -> Diagnostic:
    message = f"{where}: {shown(found, 80)} is still to be filled in; write {wanted}"
    return error(RULE, source.path, line, column, message)
