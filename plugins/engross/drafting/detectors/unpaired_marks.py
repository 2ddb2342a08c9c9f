"""Finds quotation marks and brackets without a partner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.subject import Passage

_QUOTES = re.compile('[“”„"«»]')
# ""Batch" means …": an outer quotation, of several definitions.
_OUTER = re.compile(r'\s*""\w')
_INCHES = re.compile(r"\d[\"”](?![A-Z])")
_CLOSES_FRENCH = re.compile(r"«\s[^«»]*\s»(?!\w)")
# "Go on »", and not "the text as it is. »"
_ARROW = re.compile(r"\A[^«]*(?<![.;:!?\s])\s*»\s*\Z")
# Words whose first letters an apostrophe replaces are not quoted.
_SINGLE = re.compile(r"(?<![\w’])‘(?=[^\W\d])(?!(?:round|til|tis|twas|em|cause|bout|n)\b)", re.IGNORECASE)
_BRACKETS = re.compile(r"[()\[\]{}（）]")
# A list of symbols: "}, {, ], [".
_LISTED = re.compile(r"[()\[\]{}](?:,? ?[()\[\]{}]){2,}")
# Also ")SS:" beside the place of a notary.
_COLUMN = re.compile(r"(?<!\S)\)(?=\s|\Z|:?\s*(?i:ss)\b)")
_SEAL = re.compile(r"\A:?\s*ss\b\.?:?", re.IGNORECASE)
_OPENERS = {")": "(", "]": "[", "}": "{"}
_WIDE = {"（": "(", "）": ")"}
_SMILEY = re.compile(r"(?:\A|\s)[:;]-?\Z")
# "Article 6 (1) f) of the GDPR": the bracket after a letter belongs to the number before.
_POINT = re.compile(r"(?:\)|\d,?|\b(?:point|letter|lit\.?|item|and|or))\s*[a-z]\Z")
# The bracket of "a)", "1.2)" and ":)" needs no partner.
_ENUMERATOR = re.compile(
    r"(?:[:;]-?|\A\W*\d{1,2} "
    r"|(?:\A|[\s(\[“;,:/—–，；：、。-])(?:\d{1,3}(?:\.\d{1,3})*[ºª°.]?|(?:\d{1,3}[.)]?)*(?:[^\W\d_]|[ivxIVX]{1,6})\.?))\Z"
)
_FIRST = re.compile(r"(?:\d{1,3}|[a-z])[ \u00a0]")


@value_class(frozen=True, slots=True)
class Lone:
    """A mark without a partner in its passage; `opens`: it is an opening mark."""

    passage: Passage
    at: int
    mark: str
    opens: bool


def lone_quotes(passage: Passage) -> list[Lone]:
    """The double quotation marks without a partner in a passage, and ‘ without a later ’."""
    text = passage.text
    if text.isascii() and '"' not in text:
        return []
    # Only German also writes »so«.
    outward = {} if passage.grammar.is_english or passage.grammar.capitalises_nouns else {"«": "»"}
    arrow = text.count("»") == 1 and _ARROW.search(text) is not None
    outer = text.find('"') if _OUTER.match(text) else -1
    opened: list[int] = []
    lone: list[Lone] = []
    for found in _QUOTES.finditer(text):
        at = found.start()
        if at == outer:
            continue
        inches = found[0] in '"”' and not opened and _INCHES.match(text, max(0, at - 1))
        if not passage.is_words(at) or inches or (found[0] == "»" and arrow):
            continue
        if found[0] in outward or (found[0] not in outward.values() and _opens(text, at, opened)):
            opened.append(at)
        elif opened:
            opened.pop()
        else:
            lone.append(Lone(passage, at, found[0], False))
    lone += [Lone(passage, at, text[at], True) for at in opened]
    for found in _SINGLE.finditer(text) if "‘" in text else ():
        if "’" not in text[found.end() :]:
            lone.append(Lone(passage, found.start(), "‘", True))
    return sorted(lone, key=lambda mark: mark.at)


def _opens(text: str, at: int, opened: Sequence[int]) -> bool:
    """Whether a quotation mark opens: by its form, or by the characters around it if the form is ambiguous."""
    mark, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    after_space = not before or before.isspace() or before in "([{—–-/*“‘"
    if mark == "“":
        return not (opened and (text[opened[-1]] == "„" or (not after_space and not after.isalnum())))
    if mark == "„":
        return True
    if mark == "”":
        return not opened and after_space and after.isalnum()
    if mark in "«»" and opened:
        return (mark == "«") != (text[opened[-1]] == "»")
    if mark == "«" and "»" not in text[:at] and _CLOSES_FRENCH.match(text, at):
        return True  # "the association or« IATA »": only the blank before it is missing
    if mark in "«»":
        # »so« and « so »: the first of a text closes if no word follows it, and for « if one is right before it.
        ends = not after or not (after.isalnum() or after in "([“‘")
        return not (ends and (mark == "»" or before.isalnum() or before in tuple(".!?")))
    if after_space != (not after or after.isspace()):
        # 'the law " On Trade ", as amended': there is a blank before the closing mark too.
        return after_space and bool(after) and not (bool(opened) and after in ",.;:)")
    return not opened


def lone_brackets(passage: Passage) -> list[Lone]:
    """The brackets without a partner in a passage; a bracket after an enumerator needs none."""
    text = passage.text
    opened: list[int] = []
    lone: list[Lone] = []
    surplus = text.count(")") - text.count("(")
    columns = len(_COLUMN.findall(text)) > 1
    for found in _BRACKETS.finditer(text):
        at, mark = found.start(), _WIDE.get(found[0], found[0])
        if not passage.is_words(at) or (mark in "()" and _SMILEY.search(text, max(0, at - 3), at)):
            continue
        if mark == ")" and surplus > 0 and _POINT.search(text, max(0, at - 12), at):
            surplus -= 1
            continue
        if mark not in _OPENERS:
            opened.append(at)
        elif opened and _plain(text[opened[-1]]) == _OPENERS[mark]:
            opened.pop()
        elif mark != ")" or not (_is_enumerator(text, at) or _is_in_column(text, at, columns)):
            lone += _close_outer(passage, opened, mark, at)
    lone += [Lone(passage, at, _plain(text[at]), True) for at in opened]
    several = (found for found in _LISTED.finditer(text) if lone and len({*found[0]} & {*"([{}])"}) > 2)
    listed = {at for found in several for at in range(*found.span())}
    return sorted((mark for mark in lone if mark.at not in listed), key=lambda mark: mark.at)


def _is_enumerator(text: str, at: int) -> bool:
    """Whether a closing bracket ends an enumerator; "1 )" with a blank is one only at the beginning of a text."""
    return _ENUMERATOR.search(text[max(0, at - 16) : at]) is not None or _FIRST.fullmatch(text, 0, at) is not None


def _is_in_column(text: str, at: int, columns: bool) -> bool:
    """Whether a closing bracket alone between blanks is one of a column beside signatures: ") ) )".

    `columns` is whether the text has several columns.
    """
    before, after = text[max(0, at - 8) : at], _SEAL.sub("", text[at + 1 : at + 9])
    if (before and not before[-1].isspace()) or (after and not after[0].isspace()):
        return False
    return columns or not after.strip() or not before.strip() or ")" in (before.rstrip()[-1:], after.lstrip()[:1])


def _plain(bracket: str) -> str:
    """A bracket, or the ordinary form of a full-width one."""
    return _WIDE.get(bracket, bracket)


def _close_outer(passage: Passage, opened: list[int], mark: str, at: int) -> list[Lone]:
    """Close a bracket that is not the last open one. Return the unpaired brackets inside it, or itself if unpaired."""
    text = passage.text
    for depth in range(len(opened) - 1, -1, -1):
        if _plain(text[opened[depth]]) == _OPENERS[mark]:
            since = opened[depth + 1 :]
            del opened[depth:]
            return [Lone(passage, start, _plain(text[start]), True) for start in since]
    return [Lone(passage, at, mark, False)]


def _begins_passage(mark: Lone) -> bool:
    """Whether nothing but a number is before a mark: "[" before the heading of a section that is an option."""
    return not any(map(str.isalpha, mark.passage.text[: mark.at]))


_CLOSERS_OF = {"“": "”", '"': '"', "«": "»", "„": "“"}


def _closes_broken(first: Lone, mark: Lone) -> bool:
    """Whether a mark closes one of the paragraph before, which a converter broke within a sentence."""
    broken = first.opens and first.passage.text.rstrip()[-1:] not in (".", ":", ";", "!", "?", first.mark)
    return broken and first.passage is not mark.passage and _CLOSERS_OF.get(first.mark) == mark.mark


def unpaired(lone: Iterable[Lone], closers: str) -> Iterator[Lone]:
    """The marks without a partner in a later passage of the same section.

    A quotation or a bracket may contain a list or several paragraphs. Each paragraph of a quotation begins with a mark,
    and only the last one ends with one.
    """
    opened: list[Lone] = []
    for mark in lone:
        if opened and opened[-1].passage.section is not mark.passage.section:
            kept = [one for one in opened if one.mark == "[" and _begins_passage(one)]
            yield from (one for one in opened if one not in kept)
            opened = kept
        if opened and _closes_broken(opened[-1], mark):
            opened.pop()
        elif mark.opens:
            continues = opened and not mark.passage.text[: mark.at].strip() and opened[-1].mark == mark.mark in '“"'
            if continues and mark.passage is not opened[-1].passage:
                opened.pop()
            opened.append(mark)
        elif opened and mark.mark in closers and opened[-1].passage is not mark.passage:
            opened.pop()
        else:
            yield mark
    yield from opened
