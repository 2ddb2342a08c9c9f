"""`empty-section`: a heading with nothing under it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Reading, Subject
from engross.model import Clause, ClauseKind, Severity

_MEANT = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|not used|redacted|repealed|version|dated?\b|effective"
    r"|last (?:updated|modified|revised)|updated|between|table of contents|contents"
    r"|signatures?|accepted|agreed|executed|in witness)"
    r"|.*\b(?:reserved|intentionally (?:omitted|left blank))\W*\Z",
    re.IGNORECASE,
)
_LONGEST_NAME = 80


def check(subject: Subject) -> Iterator[Finding]:
    """Each section without text, and each numbered item that is nothing but its heading among others that are more."""
    for reading in subject.readings:
        opening = True
        for passage in reading.passages:
            if not passage.is_heading:
                opening = False
            elif (
                not passage.clause.children
                and not _in_container(passage)
                and not (opening and _is_title(reading, passage))
                and _wants_text(passage)
            ):
                name = passage.clause.name or passage.text
                yield passage.finding(0, f"the section “{name}” has no text", text=name)
        yield from _empty_items(reading)


def _in_container(passage: Passage) -> bool:
    """Whether a heading stands in a quotation or a list, where what follows it need not be below it."""
    return any(around.kind in (ClauseKind.QUOTE, ClauseKind.LIST) for around in passage.around)


def _is_title(reading: Reading, passage: Passage) -> bool:
    """Whether this is the document's title, set on the same level as its sections."""
    return passage is reading.passages[0] and not passage.clause.number


def _wants_text(passage: Passage) -> bool:
    """Whether the heading is a name, and not a clause set as a heading, or one that says that it is empty."""
    text = " ".join(passage.text.split())
    is_clause = len(text) > _LONGEST_NAME or (text.endswith((".", ";", ":")) and len(text.split()) > 6)
    return bool(text) and not is_clause and not _MEANT.match(passage.clause.name or text)


def _empty_items(reading: Reading) -> Iterator[Finding]:
    for _, clause, _ in reading.nodes:
        if clause.kind is not ClauseKind.LIST or len(clause.children) < 2:
            continue
        empty = [item for item in clause.children if _is_bare(item)]
        if empty and 2 * len(empty) < len(clause.children):
            for item in empty:
                name = item.name or item.marker
                yield reading.finding(item, f"the item “{name}” has no text", text=name)


def _is_bare(item: Clause) -> bool:
    """Whether an item is nothing but a bold heading, or nothing at all."""
    if item.children or _MEANT.match(item.inline.text):
        return False
    text = item.inline.text.strip(" .:\n")
    return not text or (bool(item.name) and item.name == text and item.marker[:1] not in "-*+")


RULE = Rule(
    name="empty-section",
    severity=Severity.WARNING,
    summary="A heading with no text under it.",
    why="Readers cannot tell whether text was lost or never written. Say “Reserved” if the place is kept on purpose.",
    bad="# Terms\n\n## Survival\n\n## Notices\n\nNotices are in writing.",
    good="# Terms\n\n## Reserved\n\n## Notices\n\nNotices are in writing.",
    check=check,
)
