"""Recognizes blanks that people fill in by hand when they sign, before a notary, or after a label in a table."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.drafting.subject import Passage
from engross.language import form_words
from engross.model import ClauseKind

_BEFORE = re.compile(
    r"(?:\A|[:：\n|]|\b(?:by|name|title|date|dated|signature|signed|its|sign|print(?:ed)?|witness|address|e-?mail|company"
    r"|position|place|phone|attn|attention|entity)\b[^\n]{0,24})[\s:：/]*\Z|=\s*\Z",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"_*\s*\((?:[\w’']+\s+){0,3}(?:initials?|signatures?|signed?|seal|print(?:ed)?|name|title|date)\b[^()]{0,30}\)",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"(?:^|\s)(?:By|Its|Name|Title|Attn|Attention|Fax(?:\s+No)?|Tel(?:ephone)?(?:\s+No)?|Signature|Witness)\s*[:.]\s*(?:_|\S+\s+\S+\s+.*_|$)"
    r"|/s/|\A\s*(?:\[[ xX]?\]|☐|☒)\s|\A\W*(?:accepted|acknowledged|agreed)\b(?=.*\b(?:on|this)\b)",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?:\A|[\s_])[xX✓✔]_*\Z")
# "On this ___ day of March before me personally appeared …", "My commission expires ____", "COUNTY OF ____ )".
_NOTARY = re.compile(
    r"\bbefore me\b|\bpersonally (?:appeared|came)\b|\bsworn (?:to|and subscribed)\b|\bsubscribed and sworn\b"
    r"|\bmy commission (?:expires|number)\b|\bnotar(?:y|ial) (?:public|seal)\b|\bwitness my hand\b"
    r"|\backnowledged (?:to|before) me\b",
    re.IGNORECASE,
)
_AROUND = r"[\s§:;,.)(]*(?:ss\.?:?)?[\s§)]*"
_VENUE = re.compile(
    rf"(?:\W*(?:the\s+)?(?:state|commonwealth|province|territory)\s+of\s+[\w ]{{1,30}}{_AROUND})?"
    rf"\W*(?:the\s+)?(?:state|commonwealth|province|territory|county|parish|city)\s+of\s+_{{2,}}{_AROUND}",
    re.IGNORECASE,
)
_FAR_IN_LINE, _NEAR, _LONGEST_LABEL = 400, 60, 40
# The words before a blank in a sentence, which no label has.
_IN_SENTENCE = re.compile(r"\b(?:of|by|between|and|or|on|to|at|is|from|the|for|with|in|an?|be|are)\s*\Z", re.IGNORECASE)


def is_to_sign(passage: Passage, start: int, end: int) -> bool:
    """Whether a blank is in a signature, in its date, in the words of a notary, or after a label in a table."""
    text = passage.text
    before = text[max(0, start - _NEAR) : start]
    if _BEFORE.search(before) or _CAPTION.match(text, end) or _is_on_signed_line(text, start):
        return True
    forms = form_words()
    if forms.signing.search(text, 0, start) or any(forms.signatures.match(one.name) for one in passage.around):
        return True  # the date on which people sign is written by hand
    if _VENUE.fullmatch(text) or _NOTARY.search(text):
        return True
    return passage.clause.kind is ClauseKind.CELL and not text[end:].strip() and _is_label(text[:start])


def _is_label(words: str) -> bool:
    """Whether the words before the blank of a cell name what is to be written there."""
    return len(words) <= _LONGEST_LABEL and any(map(str.isalpha, words)) and not _IN_SENTENCE.search(words)


def _is_on_signed_line(text: str, at: int) -> bool:
    """Whether a blank is on a line with a signature, with a label of one, or with a box that is marked: "__X__"."""
    start = max(text.rfind("\n", 0, at) + 1, at - _FAR_IN_LINE)
    line = text[start : at + _FAR_IN_LINE].partition("\n")[0]
    if text[at - 1 : at].isupper() and not line[at - start :].strip("_ "):
        return True  # the line of a fraction: "1 - IRP___"
    return _LINE.search(line) is not None or _MARKED.search(text, start, at) is not None
