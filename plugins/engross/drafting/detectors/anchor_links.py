"""Finds the links of a lone file to anchors that it does not have: `[Fees](#fees)` without a heading "Fees".

The anchors that other programs give to headings count too, and those that the source writes: a lone file is read as it
is on its host.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import engross.common.lazy_re as re
from engross.drafting.subject import Finding, Reading
from engross.model import Clause, ClauseKind, Document, Mark, MarkKind, Severity

WRITTEN_ID = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^"'\s>]+)|\{[^}\n]*#([\w.:-]+)[^}\n]*\}""")
"""An anchor that a source writes, in HTML or in braces after a heading."""

_REPEATED = re.compile(r"-\d+\Z")
_TOP = "top"
_FEWEST, _MOST = 4, 10


def github_slug(heading: str) -> str:
    """The anchor that GitHub makes of a heading: "62-key-controls" of "6.2 Key controls". Equal for those of other
    programs, which keep capitals or have "_" for a blank.
    """
    return re.sub(r"[^\w\s-]", "", heading.strip().lower()).replace(" ", "-").replace("_", "-")


def dead_anchor_links(document: Document) -> Iterator[Finding]:
    """Yield a finding for each target, and only one if many are dead, a note if most are: a converter lost them."""
    links: dict[str, tuple[Clause, Mark]] = {}
    for clause in document.root.walk():
        for mark in clause.inline.marks:
            if mark.kind is MarkKind.LINK and mark.target[:1] == "#" and len(mark.target) > 1:
                links.setdefault(mark.target, (clause, mark))
    known = _anchors(document) if links else frozenset()
    dead = [target for target in links if not _leads(unquote(target[1:]), known)]
    reading = Reading(document) if dead else None
    if reading is None:
        return
    if len(dead) >= _FEWEST:
        lost = 2 * len(dead) > len(links)
        lines = ", ".join(str(links[target][0].lines[0]) for target in dead[:_MOST])
        message = (
            f"{len(dead)} of {len(links)} links within this text lead to anchors that it does not have: lines {lines}"
        )
        message += " …" if len(dead) > _MOST else ""
        message += "; they may have been lost when it was converted" if lost else ""
        yield _finding(reading, *links[dead[0]], message, Severity.NOTE if lost else Severity.WARNING)
        return
    for target in dead:
        clause, mark = links[target]
        shown = " ".join(clause.inline.text[mark.start : mark.end].split())
        message = f"the link “{shown}” leads nowhere: there is no anchor “{target}”"
        yield _finding(reading, clause, mark, message, Severity.WARNING)


def _anchors(document: Document) -> frozenset[str]:
    clauses = list(document.root.walk())
    headings = {github_slug(one.inline.text) for one in clauses if one.kind is ClauseKind.SECTION}
    text = document.source.text if document.source else ""
    written = {one or other for one, other in WRITTEN_ID.findall(text)}
    return frozenset({_TOP, *(one.anchor for one in clauses), *headings, *written})


def _leads(anchor: str, known: frozenset[str]) -> bool:
    slug = github_slug(anchor)
    return anchor in known or slug in known or _REPEATED.sub("", slug) in known


def _finding(reading: Reading, clause: Clause, mark: Mark, message: str, severity: Severity) -> Finding:
    passage = reading.passage_of(clause)
    if passage is not None:
        shown = " ".join(clause.inline.text[mark.start : mark.end].split())
        return passage.finding(mark.start, message, text=shown, severity=severity)
    return reading.finding(clause, message)
