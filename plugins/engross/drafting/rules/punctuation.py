"""Rules for brackets, quotation marks and the ends of definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import engross.common.lazy_re as re
from engross.drafting.detectors.definition_lists import Listed, groups, half_quoted, partner
from engross.drafting.detectors.unpaired_marks import Lone, lone_brackets, lone_quotes, unpaired
from engross.drafting.subject import Edit, Finding, OfDocument, Passage, Reading, Rule
from engross.model import Clause, Severity

_LIGATURES = 5
_EVERY_BRACKET = re.compile(r"[()\[\]{}]")
_PARTNERS = {"(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{"}


def _check_unpaired_bracket(reading: Reading) -> Iterator[Finding]:
    """Each bracket without a partner in its passage or after a list that it encloses."""
    lone = [mark for passage in reading.passages for mark in lone_brackets(passage)]
    inside = [mark for mark in lone if _is_in_word(mark)]
    if len(inside) >= _LIGATURES:
        # A converter read the letters "ti" of "condition" as one bracket.
        lone = [mark for mark in lone if not _is_in_word(mark)]
    following = {passage.index: after for passage, after in pairwise(reading.running)}
    for pair in ("()", "[]", "{}"):
        for mark in unpaired((mark for mark in lone if mark.mark in pair), pair[1]):
            if not _closes_in(mark, pair, following.get(mark.passage.index)):
                yield _lone_finding(mark, "bracket", f"bracket {_PARTNERS[mark.mark]}")


def _closes_in(mark: Lone, pair: str, following: Passage | None) -> bool:
    """Whether a bracket closes in the next paragraph, because a converter broke the sentence: "until", "17h)"."""
    if not mark.opens or following is None or mark.passage.text.rstrip()[-1:] in tuple(".;:!?"):
        return False
    depth = 1
    for mark_after in _EVERY_BRACKET.findall(following.text):
        depth += (mark_after == pair[0]) - (mark_after == pair[1])
        if not depth:
            return True
    return False


def _is_in_word(mark: Lone) -> bool:
    text = mark.passage.text
    around = text[mark.at - 1 : mark.at] + text[mark.at + 1 : mark.at + 2] if mark.at else ""
    return mark.mark == "(" and len(around) == 2 and around.isalpha() and around[1].islower()


def _lone_finding(mark: Lone, name: str, of_partner: str, around: str = " ") -> Finding:
    """Report a mark, called by a `name`, whose partner is missing; `around` are marks that are not shown beside it."""
    text = mark.passage.text
    words = text[mark.at : mark.at + 40] if mark.opens else text[max(0, mark.at - 39) : mark.at + 1]
    does, lacks = ("opens", "closing") if mark.opens else ("closes", "opening")
    shown = " ".join(words.split()).strip(around)
    message = f"a {name} {does} here (“{shown}”) and its {lacks} {of_partner} is missing"
    return mark.passage.finding(mark.at, message, text=mark.mark)


UNPAIRED_BRACKET = Rule(
    name="unpaired-bracket",
    severity=Severity.WARNING,
    summary="A bracket that opens and never closes, or closes and never opened.",
    why="Nobody can tell where the words in brackets end.",
    bad="Provider (and its agents may enter the premises.",
    good="Provider (and its agents) may enter the premises, if a) it is day or b) there is fire.",
    check=OfDocument(_check_unpaired_bracket),
)


_ATTRIBUTE = re.compile(r"\{:?[^{}]{0,80}=[^{}]{0,80}\}")
_QUOTE_PARTNERS = {"“": "”", "”": "“", "„": "“", '"': '"', "«": "»", "»": "«", "‘": "’"}


def _check_unpaired_quote(reading: Reading) -> Iterator[Finding]:
    """Each unpaired mark, except around the term of a definition: that is for `definition-quotes`."""
    lone = [
        mark
        for passage in reading.passages
        for mark in lone_quotes(passage)
        if mark.at not in half_quoted(passage) and not _is_in_attribute(mark)
    ]
    following = {passage.index: after for passage, after in pairwise(reading.running)}
    for mark in unpaired(lone, '”"“»'):
        if not _continues_in(mark, following.get(mark.passage.index)):
            yield _lone_finding(mark, "quotation mark", f"mark {_QUOTE_PARTNERS[mark.mark]}", "“”")


def _is_in_attribute(mark: Lone) -> bool:
    """Whether a mark is part of an attribute of another format, which `conversion-leftover` finds."""
    return any(found.start() < mark.at < found.end() for found in _ATTRIBUTE.finditer(mark.passage.text))


def _continues_in(mark: Lone, following: Passage | None) -> bool:
    """Whether a quotation continues in the next paragraph, which then begins with its own mark."""
    if mark.mark == "‘" and following is not None and mark.passage.text.rstrip()[-1:] not in tuple(".;:!?"):
        return "’" in following.text  # a converter broke the line: "(‘sick-", "pay’)"
    if not mark.opens or mark.passage.text[: mark.at].strip() or following is None:
        return False
    if following.section is not mark.passage.section or not following.text.startswith(mark.mark):
        return False
    # “Ware” bezeichnet …: a term in quotation marks, which end before the paragraph does.
    end = following.text.find(_QUOTE_PARTNERS[mark.mark], 1)
    return end < 0 or not any(one.isalnum() for one in following.text[end:])


UNPAIRED_QUOTE = Rule(
    name="unpaired-quote",
    severity=Severity.WARNING,
    summary="A quotation mark that opens and never closes, or closes and never opened.",
    why="Quotation marks show which words are a term or a quotation; nobody can tell where these end.",
    bad="Provider sells its goods “as is and gives no warranty.",
    good="Provider sells its goods “as is” and gives no warranty.",
    check=OfDocument(_check_unpaired_quote),
)


_MOST = 3
_DOUBLE: Final = '“”„"«»'
"""Marks that are always quotation marks: a single mark may be an apostrophe or a nested quotation."""
_JOINING: Final = frozenset(("or", "and", "of", "for", "the", "in", "to", "by", "on", "with"))

Pair = tuple[str, str]


def _check_definition_quotes(reading: Reading) -> Iterator[Finding]:
    """Each definition whose quotation marks are incomplete, or differ from most others in its list."""
    for group in groups(reading):
        usual, is_usual = _usual_marks(group)
        half_quoted_definitions = [found for found in group if found.half]
        if len(half_quoted_definitions) > _MOST and 2 * len(half_quoted_definitions) > len(group):
            yield _half_quoted_list(half_quoted_definitions, usual if is_usual else None)
            half_quoted_definitions = []
        for found in group:
            if found in half_quoted_definitions:
                yield _half_quoted_finding(found, usual if is_usual else None)
            elif not found.half and is_usual and (found.open, found.close) != usual:
                yield _other_marks_finding(found, usual)


def _usual_marks(group: list[Listed]) -> tuple[tuple[str, str], bool]:
    """The most common pair of a group, and whether it is usual: three of four definitions have it."""
    pairs = Counter((found.open, found.close) for found in group if not found.half)
    if not pairs:
        return ("“", "”"), False
    pair, count = pairs.most_common(1)[0]
    return pair, count >= 3 and 4 * count >= 3 * sum(pairs.values()) and pair != ("", "")


def _half_quoted_list(half_quoted_definitions: Sequence[Listed], usual: Pair | None) -> Finding:
    """One finding for a list in which most definitions lack a mark, as after conversion from other formats."""
    first = _half_quoted_finding(half_quoted_definitions[0], usual)
    message = f"{first.message}; so do {len(half_quoted_definitions) - 1} other definitions here"
    return replace(first, message=message, fix="", edits=())


def _half_quoted_finding(found: Listed, usual: Pair | None) -> Finding:
    own = (found.open, partner(found.open)) if found.open else (partner(found.close), found.close)
    lacks, mark = ("closing", own[1]) if found.open else ("opening", own[0])
    message = f"the definition of {found.name} lacks its {lacks} quotation mark {mark}"
    if not _is_certain(found, own, usual):
        opening, closing = usual or own
        return _definition_quotes_finding(found, f"{message}; the term is probably {opening}{found.name}{closing}")
    # One mark of the pair is present: the edit inserts the other, and nothing else.
    edits = (_insert_after(found, own[1]) if found.open else _insert_before(found, own[0])) or ()
    return replace(_definition_quotes_finding(found, message), fix=f"{own[0]}{found.name}{own[1]}", edits=edits)


def _is_certain(found: Listed, own: Pair, usual: Pair | None) -> bool:
    """Whether it is certain that a mark is missing, and where: it is a double mark, the only one in the passage, the
    definitions beside it have the same pair, and the end of the name is known.
    """
    mark, text = found.open or found.close, found.passage.text
    if mark not in _DOUBLE or own != (usual or ("“", "”") if mark in "“”" else usual):
        return False
    # "Authority' means …: the other mark is there, in another form.
    if sum(map(text.count, _DOUBLE)) > 1 or found.name.strip("'’‘`´") != found.name:
        return False
    if found.bold:
        return _bold_is_name(found)
    # "The term Fee” means": the beginning of a name in running text is uncertain, and so is its end after an "or".
    return bool(found.open) and _JOINING.isdisjoint(found.name.split())


def _bold_is_name(found: Listed) -> bool:
    """Whether the bold text is exactly the name, with or without its marks."""
    marks = found.passage.clause.inline.marks
    ends = {(mark.start, mark.end) for mark in marks}
    return any((found.start - a, found.end + b) in ends for a in (0, 1) for b in (0, 1))


def _other_marks_finding(found: Listed, usual: Pair) -> Finding:
    if not found.open:
        message = f"the term {found.name} is not in quotation marks like the other terms defined here"
    else:
        message = f"{found.open}{found.name}{found.close} is not quoted like the other terms defined here"
    return _definition_quotes_finding(found, f"{message}; write {usual[0]}{found.name}{usual[1]}")


def _definition_quotes_finding(found: Listed, message: str) -> Finding:
    return found.passage.finding(found.start - bool(found.open), message, text=found.name)


def _insert_before(found: Listed, mark: str) -> tuple[Edit, ...]:
    """The edit that inserts a mark before the name, within its bold; empty if it is not possible."""
    first = found.passage.source_offset(found.start)
    return (Edit(first, first, mark),) if found.passage.edit(found.start, found.start + 1, "") else ()


def _insert_after(found: Listed, mark: str) -> tuple[Edit, ...]:
    """The edit that inserts a mark after the name, within its bold; empty if it is not possible."""
    last = found.passage.source_offset(found.end - 1) + 1
    return (Edit(last, last, mark),) if found.passage.edit(found.end - 1, found.end, "") else ()


DEFINITION_QUOTES = Rule(
    name="definition-quotes",
    severity=Severity.WARNING,
    summary="A defined term that lacks one of its quotation marks, or has other marks than the terms beside it.",
    why="The marks show that the words are a term, and where the term ends.",
    bad="# Terms\n\n- “Fee means what Customer pays.\n\nCustomer pays the Fee. The Fee is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nCustomer pays the Fee. The Fee is final.",
    check=OfDocument(_check_definition_quotes),
    fixes=True,
)


_LAST = re.compile(r"([.;:,!?])?[”\"’»)\]*]*(?:;?,?\s+(?:and|or))?\s*\Z")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\s*\Z")
# A definition that ends within a sentence continues after it: in a list beside it, or on the next page.
_CUT = re.compile(
    r"\b(?:of|to|by|from|with|at|on|for|in|under|the|an?|and|or|that|which|is|are|be|been|shall|will|may|must|not|any|each"
    r"|means|either|between|where|if|whether)\s*\Z"
)
_PARTS = re.compile(r"[;,]?\s*(?:and|or|and/or)?\s*\Z")


# The number of a page that a converter left after the last sentence.
_FOOTER = re.compile(r"(?<=[.;])\s+(?:Page\s+\d+(?:\s+of\s+\d+)?|-?\s?\d{1,3}\s?-?)\s*\Z", re.IGNORECASE)


def _check_definition_punctuation(reading: Reading) -> Iterator[Finding]:
    """Each definition whose last mark differs from that of three of four in its list."""
    for group in groups(reading):
        whole = [found for found in group if not _CUT.search(found.passage.text) and not _goes_on(reading, found)]
        ends = [(found, _end(found.passage.text)) for found in whole]
        yield from _unusual_ends(
            [(found, end) for found, end in ends if not _continues_below(found.passage.clause, end)]
        )


def _goes_on(reading: Reading, found: Listed) -> bool:
    """Whether the next paragraph begins with a small letter, because a converter broke the definition in two."""
    at = reading.passages.index(found.passage) + 1
    return at < len(reading.passages) and reading.passages[at].text[:1].islower() and not _end(found.passage.text)


def _unusual_ends(ends: list[tuple[Listed, str]]) -> Iterator[Finding]:
    if len(ends) < 3:
        return
    usual, count = Counter(end for _, end in ends).most_common(1)[0]
    # In a list with semicolons, the last definition ends with a full stop.
    last = ends[-1][0] if usual in (";", ",") else None
    if 4 * count < 3 * (len(ends) - (last is not None)):
        return
    for found, end in ends:
        if end != usual and not (found is last and end == "."):
            yield _definition_end_finding(found, end, usual)


def _end(text: str) -> str:
    found = _LAST.search(_FOOTER.sub("", text).rstrip(" \n―–—-"))
    # "!" ends a sentence as a full stop does.
    end = (found[1] or "" if found else "").replace("!", ".").replace("?", ".")
    return "." if not end and _ADDRESS.search(text) else end


def _continues_below(clause: Clause, end: str) -> bool:
    """Whether the definition continues in a list or paragraphs below it."""
    return end == ":" or any(child.kind.value != "run-in" for child in clause.children)


def _definition_end_finding(found: Listed, end: str, usual: str) -> Finding:
    text = found.passage.text.rstrip()
    body = text.removesuffix(end) if end and text.endswith(end) else text
    last_words = " ".join(body.split()[-5:])
    wanted = f"with “{usual}”" if usual else "without a mark"
    ends = f"with “{end}”" if end else "without a mark"
    return found.passage.finding(
        max(0, len(text) - 1),
        f"the definition of {found.name} ends {ends}; the others here end {wanted}",
        text=found.name,
        fix=f"{last_words}{usual}" if _PARTS.search(text) else "",
    )


DEFINITION_PUNCTUATION = Rule(
    name="definition-punctuation",
    severity=Severity.NOTE,
    summary="A definition that does not end with the same mark as the definitions beside it.",
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
    check=OfDocument(_check_definition_punctuation),
)
