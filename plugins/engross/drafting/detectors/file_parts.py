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
_LABEL_ALONE = re.compile(
    r"\W*(?:appendix|schedule|annex(?:e|ure)?|exhibit|attachment)\s+[“\"]?(?:[A-Z]|\d{1,2})(?:-\d{1,2})?[”\"]?\s*",
    re.IGNORECASE,
)
# A second "This Agreement is made … by and between …" begins a second agreement.
_OPENING = re.compile(
    r"\W*this\s+[^.;]{3,300}?\b(?:made|entered\s+into|dated|executed|effective)\b[^.;]{0,200}?\b(?:between|among)\b",
    re.IGNORECASE,
)
# "For purposes of a termination before a Change in Control, the following terms shall have the meanings …"
_FOR_A_CASE = re.compile(
    r"[^“\"]{0,80}?\bfor\s+(?:the\s+)?purposes?\s+of\s+(?!th(?:is|ese)\b)[^.“\"]{3,200}\bfollowing\s+(?:capitali[sz]ed\s+)?(?:terms|words|definitions)\b",
    re.IGNORECASE,
)
_AGREEMENT = re.compile(
    r"(?:agreement|terms|policy|conditions|addendum|lease|licen[cs]e|deed|by-?laws|plan|contract|charter|constitution|vertrag|bedingungen|contrat|contrato|condiciones|términos)\W*\Z"
    r"|\b(?:terms of|conditions générales|términos y)\b",
    re.IGNORECASE,
)
_SECTION_NUMBER = re.compile(
    r"\W*(?:article|section|clause|§|artikel|art[ií]culo|cl[aá]usula)?\s*(\d{1,2})(?:[.):]|\s)\s*[^\W\d]", re.IGNORECASE
)
_FEWEST_SECTIONS = 3


def head_in(text: str) -> str:
    """The line of a passage that may name an attachment: the whole of a short text, or the last line of a longer one,
    to which a converter joined it.
    """
    last = text[-_LONGEST_HEAD:].rpartition("\n")
    if last[1] and _LABEL_ALONE.fullmatch(last[2]):
        return last[2]
    return text if len(text) <= _LONGEST_HEAD else ""


class FileParts:
    """Where the attachments and the further agreements of a file begin.

    A further agreement begins where the numbers of its sections begin again at 1, with a heading of the first level
    that names an agreement, if there are several, and with a further sentence that names the parties.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        heads = [one for one in passages if len(one.text) <= _LONGEST_HEAD]
        self._attachments = [one.index for one in passages if _ATTACHED.match(head_in(one.text))]
        titles = [one.index for one in heads if one.clause.level == 1 and _AGREEMENT.search(one.text)]
        self._openings = [one.index for one in passages if _OPENING.match(one.text)][1:]
        self._cases = [one.index for one in passages if _FOR_A_CASE.match(one.text)]
        self._agreements = sorted([*_restarts(passages), *(titles if len(titles) > 1 else ()), *self._openings])

    def place(self, passage: Passage) -> tuple[int, ...]:
        """The numbers of the attachment, of the sentence that names the parties, and of the list of definitions for a
        case, after which a passage is.
        """
        return tuple(bisect_right(one, passage.index) for one in (self._attachments, self._openings, self._cases))

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
