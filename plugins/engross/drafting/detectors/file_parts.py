"""The parts of a file that can define terms for themselves: attachments, and further agreements in one file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import engross.common.lazy_re as re
from engross.drafting.subject import Passage
from engross.model import ClauseKind

_ATTACHED = re.compile(
    r"\W*(?:appendix|schedule|annex(?:e|ure)?|exhibit|attachment|addendum|anlage|anhang|anexo|apéndice)\s+(?:[A-Z]|\d{1,2}|[IVX]+)"
    r"(?![\w’'])(?!\.\d)(?:\W|\Z)(?!.*[.;,]\Z)",
    re.IGNORECASE,
)
_LONGEST_HEAD = 100
_AGREEMENT = re.compile(
    r"(?:agreement|terms|policy|conditions|addendum|vertrag|bedingungen|contrat|contrato|condiciones|términos)\W*\Z"
    r"|\b(?:terms of|conditions générales|términos y)\b",
    re.IGNORECASE,
)
_SECTION_NUMBER = re.compile(
    r"\W*(?:article|section|clause|§|artikel|art[ií]culo|cl[aá]usula)?\s*(\d{1,2})(?:[.):]|\s)\s*[^\W\d]", re.IGNORECASE
)
_FEWEST_SECTIONS = 3


class FileParts:
    """Where the attachments and the further agreements of a file begin.

    A further agreement begins where the numbers of its sections begin again at 1, or with a heading of the first level
    that names an agreement, if there are several.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        heads = [one for one in passages if len(one.text) <= _LONGEST_HEAD]
        self._attachments = [one.index for one in heads if _ATTACHED.match(one.text)]
        titles = [one.index for one in heads if one.clause.level == 1 and _AGREEMENT.search(one.text)]
        self._agreements = sorted([*_restarts(passages), *(titles if len(titles) > 1 else ())])

    def attachment(self, passage: Passage) -> int:
        """The number of the attachment that contains a passage; 0 before all."""
        return bisect_right(self._attachments, passage.index)

    def agreement(self, passage: Passage) -> int:
        """The number of the agreement that contains a passage."""
        return bisect_right(self._agreements, passage.index)


def _restarts(passages: Iterable[Passage]) -> Iterator[int]:
    """Yield the indexes at which the sections of a file are numbered from 1 again, after three or more."""
    last = 0
    for passage in passages:
        found = _SECTION_NUMBER.match(passage.text) if passage.clause.kind is not ClauseKind.ITEM else None
        number = int(passage.clause.number if passage.clause.number.isdigit() else found[1] if found else 0)
        if number == 1 and last >= _FEWEST_SECTIONS:
            yield passage.index
        if number in (1, last + 1):
            last = number
