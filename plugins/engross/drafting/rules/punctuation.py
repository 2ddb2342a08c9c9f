"""Rules for brackets, quotation marks and the ends of definitions.

`unpaired-bracket`: a bracket without its partner.

`unpaired-quote`: a quotation mark without its partner.

`definition-quotes`: a term that is set in other quotation marks than its neighbours, or with one missing.

`definition-punctuation`: a definition that does not end as those beside it do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from engross.drafting.subject import Edit, Finding, Passage, Rule, Subject
from engross.drafting.words.definition_lists import Listed, groups, half_quoted, partner
from engross.drafting.words.pairs import Lone, lone_brackets, lone_quotes, unpaired
from engross.model import Clause, Severity

_PARTNERS = {"(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{"}


def _check_unpaired_bracket(subject: Subject) -> Iterator[Finding]:
    """Each bracket that has no partner, in its passage or over a list that it holds."""
    for reading in subject.readings:
        lone = [mark for passage in reading.passages for mark in lone_brackets(passage)]
        for pair in ("()", "[]", "{}"):
            for mark in unpaired((mark for mark in lone if mark.mark in pair), pair[1]):
                yield _finding(mark)


def _finding(mark: Lone) -> Finding:
    text = mark.passage.text
    words = text[mark.at : mark.at + 40] if mark.opens else text[max(0, mark.at - 39) : mark.at + 1]
    does, lacks = ("opens", "closing") if mark.opens else ("closes", "opening")
    message = (
        f"a bracket {does} here (“{' '.join(words.split())}”) and its {lacks} bracket {_PARTNERS[mark.mark]} is missing"
    )
    return mark.passage.finding(mark.at, message, text=mark.mark)


UNPAIRED_BRACKET = Rule(
    name="unpaired-bracket",
    severity=Severity.WARNING,
    summary="A bracket that opens and never closes, or closes and never opened.",
    why="Nobody can tell where the aside ends, and so what the sentence says without it.",
    bad="Provider (and its agents may enter the premises.",
    good="Provider (and its agents) may enter the premises, if a) it is day or b) there is fire.",
    check=_check_unpaired_bracket,
)


_QUOTE_PARTNERS = {"“": "”", "”": "“", "„": "“", '"': '"', "«": "»", "»": "«", "‘": "’"}


def _check_unpaired_quote(subject: Subject) -> Iterator[Finding]:
    """Each lone mark; one that is missing around the term of a definition is a matter of `definition-quotes`."""
    for reading in subject.readings:
        lone = [
            mark for passage in reading.passages for mark in lone_quotes(passage) if mark.at not in half_quoted(passage)
        ]
        following = {passage.index: after for passage, after in pairwise(reading.running)}
        for mark in unpaired(lone, '”"“»'):
            if not _goes_on(mark, following.get(mark.passage.index)):
                yield _finding_unpaired_quote(mark)


def _goes_on(mark: Lone, following: Passage | None) -> bool:
    """Whether a quotation goes on in the next paragraph, which then begins with a mark of its own."""
    if not mark.opens or mark.passage.text[: mark.at].strip() or following is None:
        return False
    return following.section is mark.passage.section and following.text.startswith(mark.mark)


def _finding_unpaired_quote(mark: Lone) -> Finding:
    text = mark.passage.text
    words = text[mark.at : mark.at + 40] if mark.opens else text[max(0, mark.at - 39) : mark.at + 1]
    around = " ".join(words.split())
    does, lacks = ("opens", "closing") if mark.opens else ("closes", "opening")
    partner = _QUOTE_PARTNERS[mark.mark]
    message = f"a quotation mark {does} here (“{around.strip('“”')}”) and its {lacks} mark {partner} is missing"
    return mark.passage.finding(mark.at, message, text=mark.mark)


UNPAIRED_QUOTE = Rule(
    name="unpaired-quote",
    severity=Severity.WARNING,
    summary="A quotation mark that opens and never closes, or closes and never opened.",
    why="Quotation marks tell which words are a term, or another’s; nobody can tell where these end.",
    bad="Provider sells its goods “as is and gives no warranty.",
    good="Provider sells its goods “as is” and gives no warranty.",
    check=_check_unpaired_quote,
)


_MOST = 3
_DOUBLE: Final = '“”„"«»'
"""Marks that are nothing else: a single one may be an apostrophe, or the marks of a quotation in a quotation."""
_JOINING: Final = frozenset(("or", "and", "of", "for", "the", "in", "to", "by", "on", "with"))

Pair = tuple[str, str]


def _check_definition_quotes(subject: Subject) -> Iterator[Finding]:
    """Each definition whose quotation marks are incomplete, or not those of most definitions beside it."""
    for reading in subject.readings:
        for group in groups(reading):
            habit, strong = _habit(group)
            halves = [found for found in group if found.half]
            if len(halves) > _MOST and 2 * len(halves) > len(group):
                yield _all_halves(halves, habit if strong else None)
                halves = []
            for found in group:
                if found in halves:
                    yield _half(found, habit if strong else None)
                elif not found.half and strong and (found.open, found.close) != habit:
                    yield _other(found, habit)


def _habit(group: list[Listed]) -> tuple[tuple[str, str], bool]:
    """The pair that most definitions of a group have, and whether it is a habit: three of four have it."""
    pairs = Counter((found.open, found.close) for found in group if not found.half)
    if not pairs:
        return ("“", "”"), False
    pair, count = pairs.most_common(1)[0]
    return pair, count >= 3 and 4 * count >= 3 * sum(pairs.values()) and pair != ("", "")


def _all_halves(halves: Sequence[Listed], habit: Pair | None) -> Finding:
    """One finding for a list that lacks the same mark throughout, as conversion from other formats leaves it."""
    first = _half(halves[0], habit)
    message = f"{first.message}; so do {len(halves) - 1} other definitions here"
    return replace(first, message=message, fix="", edits=())


def _half(found: Listed, habit: Pair | None) -> Finding:
    own = (found.open, partner(found.open)) if found.open else (partner(found.close), found.close)
    lacks, mark = ("closing", own[1]) if found.open else ("opening", own[0])
    message = f"the definition of {found.name} lacks its {lacks} quotation mark {mark}"
    if not _is_certain(found, own, habit):
        opening, closing = habit or own
        return _finding_definition_quotes(found, f"{message}; the term would be written {opening}{found.name}{closing}")
    # One of the two is there: the other is put in, and nothing else is touched.
    edits = (_close(found, own[1]) if found.open else _open(found, own[0])) or ()
    return replace(_finding_definition_quotes(found, message), fix=f"{own[0]}{found.name}{own[1]}", edits=edits)


def _is_certain(found: Listed, own: Pair, habit: Pair | None) -> bool:
    """Whether a mark is missing, and where: it is a double one and the only one around, its neighbours have the same
    pair, and the name ends where the mark would stand.
    """
    mark, text = found.open or found.close, found.passage.text
    if mark not in _DOUBLE or own != (habit or ("“", "”") if mark in "“”" else habit):
        return False
    if sum(map(text.count, _DOUBLE)) > 1:
        return False
    if found.bold:
        return _is_marked(found)
    # "The term Fee” means": where a name begins in running text is not certain, nor is its end after an "or".
    return bool(found.open) and _JOINING.isdisjoint(found.name.split())


def _is_marked(found: Listed) -> bool:
    """Whether bold shows where the name begins and ends, but for its marks."""
    marks = found.passage.clause.inline.marks
    ends = {(mark.start, mark.end) for mark in marks}
    return any((found.start - a, found.end + b) in ends for a in (0, 1) for b in (0, 1))


def _other(found: Listed, habit: Pair) -> Finding:
    if not found.open:
        message = f"the term {found.name} is not in quotation marks as the other terms defined here are"
    else:
        message = f"{found.open}{found.name}{found.close} is not quoted as the other terms defined here are"
    return _finding_definition_quotes(found, f"{message}; they would have it {habit[0]}{found.name}{habit[1]}")


def _finding_definition_quotes(found: Listed, message: str) -> Finding:
    return found.passage.finding(found.start - bool(found.open), message, text=found.name)


def _open(found: Listed, mark: str) -> tuple[Edit, ...]:
    """The edit that puts a mark before the name, within its bold; none where it cannot be made."""
    first = found.passage.source_offset(found.start)
    return (Edit(first, first, mark),) if found.passage.edit(found.start, found.start + 1, "") else ()


def _close(found: Listed, mark: str) -> tuple[Edit, ...]:
    """The same for the mark after the name."""
    last = found.passage.source_offset(found.end - 1) + 1
    return (Edit(last, last, mark),) if found.passage.edit(found.end - 1, found.end, "") else ()


DEFINITION_QUOTES = Rule(
    name="definition-quotes",
    severity=Severity.WARNING,
    summary="A defined term with one of its quotation marks missing, or set otherwise than the terms beside it.",
    why="The marks show what exactly the term is, and that it is one.",
    bad="# Terms\n\n- “Fee means what Customer pays.\n\nCustomer pays the Fee. The Fee is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nCustomer pays the Fee. The Fee is final.",
    check=_check_definition_quotes,
    fixes=True,
)


_LAST = re.compile(r"([.;:,!?])?[”\"’»)\]*]*(?:;?,?\s+(?:and|or))?\s*\Z")
_PARTS = re.compile(r"[;,]?\s*(?:and|or|and/or)?\s*\Z")


def _check_definition_punctuation(subject: Subject) -> Iterator[Finding]:
    """Each definition that ends otherwise than three of four in its list."""
    for reading in subject.readings:
        for group in groups(reading):
            ends = [(found, _end(found.passage.text)) for found in group]
            yield from _odd(
                [(found, end) for found, end in ends if not _goes_on_definition_punctuation(found.passage.clause, end)]
            )


def _odd(ends: list[tuple[Listed, str]]) -> Iterator[Finding]:
    if len(ends) < 3:
        return
    habit, count = Counter(end for _, end in ends).most_common(1)[0]
    # The last one of a list with semicolons ends with a full stop, the one before it with "and".
    last = ends[-1][0] if habit in (";", ",") else None
    if 4 * count < 3 * (len(ends) - (last is not None)):
        return
    for found, end in ends:
        if end != habit and not (found is last and end == "."):
            yield _finding_definition_punctuation(found, end, habit)


def _end(text: str) -> str:
    found = _LAST.search(text)
    return found[1] or "" if found else ""


def _goes_on_definition_punctuation(clause: Clause, end: str) -> bool:
    """Whether the definition goes on with a list or further paragraphs below it."""
    return end == ":" or any(child.kind.value != "run-in" for child in clause.children)


def _finding_definition_punctuation(found: Listed, end: str, habit: str) -> Finding:
    text = found.passage.text.rstrip()
    body = text.removesuffix(end) if end and text.endswith(end) else text
    last_words = " ".join(body.split()[-5:])
    wanted = f"with “{habit}”" if habit else "without a mark"
    ends = f"with “{end}”" if end else "without a mark"
    return found.passage.finding(
        max(0, len(text) - 1),
        f"the definition of {found.name} ends {ends}; the others here end {wanted}",
        text=found.name,
        fix=f"{last_words}{habit}" if _PARTS.search(text) else "",
    )


DEFINITION_PUNCTUATION = Rule(
    name="definition-punctuation",
    severity=Severity.WARNING,
    summary="A definition that does not end with the mark that the definitions beside it end with.",
    why="A missing full stop makes readers wonder whether the end of the definition was lost.",
    bad=(
        "# Terms\n\n- “Fee” means what Customer pays\n- “Goods” means what Provider sells.\n"
        "- “Order” means a request for Goods.\n- “Site” means where Goods arrive.\n\n"
        "Customer pays the Fee for each Order of Goods at the Site. The Fee of an Order is final at each Site."
    ),
    good=(
        "# Terms\n\n- “Fee” means what Customer pays;\n- “Goods” means what Provider sells;\n"
        "- “Order” means a request for Goods; and\n- “Site” means where Goods arrive.\n\n"
        "Customer pays the Fee for each Order of Goods at the Site. The Fee of an Order is final at each Site."
    ),
    check=_check_definition_punctuation,
)
