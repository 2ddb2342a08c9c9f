"""Placeholders in change notes: what the tool leaves for people to replace, and how one that was left is found.

A placeholder such as `<the role that approved it>` is text in YAML. So are TBD, `[...]` and … in its place.
"""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.common import error, join, quoted, shown
from engross.corpus import (
    KeyPath,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    YamlFile,
)
from engross.model import Diagnostic, Source

NOTE_PLACEHOLDER = "note-placeholder"

WANTED = {
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
    "at_once_because": "the legal reason why it applies at once",
    "if_you_disagree": "what a customer who disagrees can do, and until when",
    "one_language_because": "why the other languages do not change",
    "summary": "what changes for customers, in a sentence or two",
    "title": "what changes, in at most 80 characters",
}
GAP_TEXTS = {
    "approved_by": "the role that approved it, such as General Counsel",
    "clause": "the clause that permits it",
    "condition": "how this is met",
    "effective": "immediately, or a day",
    "law": "the law that requires it",
    "summary": "what changes for customers, in a sentence or two",
    "title": "what changes, in at most 80 characters",
}
"""The texts of the placeholders in new notes; such a text is also a placeholder without its brackets."""

_LEFT = re.compile(
    "|".join(
        (
            *(re.escape(words) for words in (*GAP_TEXTS.values(), *WANTED.values())),
            # Only the first part, before the example.
            "the role that approved it|the role of whoever approved it|what changes for customers",
            "a day, [^ ]+ or later|[^ ]+, if it applies",
        )
    ),
    re.IGNORECASE,
)
_GAP = re.compile(
    r"""
    (?<![`“"‘«<\w\\])                                # what is quoted or escaped is spoken of
    (?<!\]\()                                        # [a link](<to a path>)
    (?:
      <(?=[^\s<>/!])(?!https?:|mailto:|[^<>\s]*@)[^<>=]{0,200}[^\s<>=/]>   # <the role that approved it>
    | (?<![/-])(?:TODO|TBD|TBC|TBA|FIXME|XXX+)(?![\w/-]|[”"’»`])
    | (?:«\s?|_{1,2})(?:TODO|TBD|TBC|TBA|FIXME|XXX+)(?:\s?»|_{1,2})(?!\w)
    | _{3,}(?![\w`])                                 # Fees rise by ___ percent.
    | \[\s*(?:(?:the|an?|your|our|new|effective|start|end)\s+)*                                      # [the date]
      (?:date|day|month|year|time|amount|number|sum|price|percentage|name|role|title|address|link|url|reason|law|clause
        |section|document|version|customer|company|approver|jurisdiction|court)
      (?:\s+(?:of|to|from|here|in)\b[^\[\]\n]{0,80})?\s*\](?![(\[:])
    | \[\s*(?:[.…●•?_-]+|(?:insert|enter|fill[ ]?in|add|todo|tbd|tbc|tba|xxx+)\b[^\[\]\n]{0,80})\s*\](?![(\[:])
    | \{\{[^{}\n]{0,80}\}\}
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_WORDS = frozenset({"tbd", "tbc", "tba", "fixme"})
_TAG = re.compile(r"</?[A-Za-z][\w-]*\s*/?>")
_NOTHING = " .…?_-–—*\n"
_AROUND = "<>[](){}\"'“”„‘’«» .…:;_*`-\t"


def gap(wanted: str) -> str:
    """Return a placeholder: words without angle brackets, "=", ": " or " #", so that YAML reads them without quotes."""
    return f"<{wanted}>"


def text_gap(wanted: str) -> str:
    """Return a placeholder for free text in front matter, in quotes: the text that replaces it may have a colon."""
    return quoted(gap(wanted))


def gaps_of_head(file: YamlFile) -> Iterator[Diagnostic]:
    """Yield a finding for each value in a note's front matter that is a placeholder."""
    for path, scalar in _scalars(file.root, ()):
        found = _gap_in(scalar.text)
        if found:
            line, column = file.source.position(scalar.start)
            yield _finding(file.source, line, column, join(path), _wanted(path), found)


def gaps_of_body(source: Source, start: int) -> Iterator[Diagnostic]:
    """Yield a finding for each placeholder in the summary of a note, which begins at an offset."""
    body = source.text[start:]
    words = body.strip()
    if words and not words.strip(_NOTHING):
        at = start + len(body) - len(body.lstrip())
        yield _finding(source, *source.position(at), "summary", WANTED["summary"], words)
        return
    for line in re.finditer(r"(?m)\S.*", body):
        if _is_left(line[0]) and not _GAP.search(line[0]):
            yield _finding(
                source, *source.position(start + line.start()), "summary", WANTED["summary"], line[0].strip()
            )
    for found in _GAP.finditer(body):
        # Another check refuses tags.
        if _is_gap(found[0]) and not _TAG.fullmatch(found[0]):
            yield _finding(source, *source.position(start + found.start()), "summary", WANTED["summary"], found[0])


def _scalars(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, ScalarNode]]:
    if isinstance(node, ScalarNode):
        yield path, node
    elif isinstance(node, SequenceNode):
        for at, item in enumerate(node.items):
            yield from _scalars(item, (*path, at))
    elif isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            yield from _scalars(entry.value, (*path, key))


def _gap_in(text: str) -> str:
    if text.strip() and not text.strip(_NOTHING):
        return text.strip()
    if _is_left(text):
        return text.strip()
    return next((found[0] for found in _GAP.finditer(text) if _is_gap(found[0])), "")


def _is_left(text: str) -> bool:
    """Whether a text is that of a placeholder, with or without its brackets."""
    return bool(_LEFT.fullmatch(" ".join(text.split()).strip(_AROUND)))


def _is_gap(words: str) -> bool:
    """Whether words in the form of a placeholder are one: "todo" in small letters is a Spanish word."""
    return not words.isalpha() or words.isupper() or set(words) == {"x"} or words.casefold() in _NO_WORDS


def _wanted(path: KeyPath) -> str:
    keys = [part for part in path if isinstance(part, str)]
    named = "conditions" if "conditions" in keys[:-1] else keys[-1] if keys else ""
    return WANTED.get(named, "what belongs there")


def _finding(source: Source, line: int, column: int, where: str, wanted: str, found: str) -> Diagnostic:
    message = f"{where}: {shown(found, 80)} is still to be filled in; write {wanted}"
    return error(NOTE_PLACEHOLDER, source.path, line, column, message)
