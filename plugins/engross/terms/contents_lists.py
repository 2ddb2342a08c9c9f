"""Finds the lists of contents that converters leave in a text: "13. LIABILITIES 15", with the numbers of pages.

Their entries look like headings and numbered paragraphs, and are neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import engross.common.lazy_re as re
from engross.model import ClauseKind
from engross.terms.passages import Passage

_PAGE = re.compile(r"[^\W\d][\W_]*[\s.…_-]\s*(?P<page>\d{1,3})\s*\Z")
# A page number, and the number and title of the next entry.
_JOINED = re.compile(r"[a-z)][ \n\u00a0]+\d{1,3}[ \n\u00a0]+\d{1,2}\.\d{1,2}[ \n\u00a0]+[A-Z]")
_SEVERAL = 2
_LONGEST = 110
_FEWEST = 5
_WIDEST = 2
_KINDS = frozenset({ClauseKind.SECTION, ClauseKind.PARAGRAPH, ClauseKind.ITEM})


def contents_entries(passages: Sequence[Passage]) -> frozenset[int]:
    """Return the indexes of the clauses that are entries of a list of contents."""
    entries = (passage for start, end in _runs(passages) for passage in passages[start:end] if _may_be_entry(passage))
    return frozenset(passage.index for passage in (*entries, *filter(_joins_entries, passages)))


def _joins_entries(passage: Passage) -> bool:
    """Return whether a paragraph consists of several entries: "3.15 Title 19 3.16 Environment 19 3.17 Permits 20"."""
    text = passage.text
    return text[:1].isdigit() and passage.clause.kind in _KINDS and len(_JOINED.findall(text)) >= _SEVERAL


def _runs(passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Yield the positions of at least five lines that end with rising page numbers, with at most two others between."""
    run: list[int] = []
    page = 0
    for at, passage in enumerate(passages):
        found = _PAGE.search(passage.text) if _may_be_entry(passage) else None
        if found is None:
            continue
        number = int(found["page"])
        if run and (number < page or at - run[-1] > _WIDEST + 1):
            yield from _kept(run, passages)
            run = []
        run.append(at)
        page = number
    yield from _kept(run, passages)


def _kept(run: list[int], passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    if len(run) < _FEWEST or _page_of(passages[run[0]]) == _page_of(passages[run[-1]]):
        return
    start = run[0]
    # Headings right before the first page number belong to the list: "1. DEFINITIONS" above "1.1 Terms 2".
    while start and run[0] - start < _WIDEST and _is_bare_heading(passages[start - 1]):
        start -= 1
    yield start, run[-1] + 1


def _page_of(passage: Passage) -> str:
    found = _PAGE.search(passage.text)
    return found["page"] if found else ""


def _may_be_entry(passage: Passage) -> bool:
    text = passage.text
    return passage.clause.kind in _KINDS and len(text) <= _LONGEST and text.rstrip()[-1:] not in (".", ";", ",", ":")


def _is_bare_heading(passage: Passage) -> bool:
    clause = passage.clause
    return clause.kind is ClauseKind.SECTION and clause.level > 1 and not clause.children
