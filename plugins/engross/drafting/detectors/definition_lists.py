"""Finds lists of definitions by their form (`“Fee” means …`, `**Fee** means …`) and checks their alphabetical order.

Binding finds more definitions. The rules here are about how a definition is written, so only the form counts.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.subject import Passage, Reading
from engross.model import Clause, ClauseKind, MarkKind

_VERB = (
    r"(?:\s*\([^()]{1,80}\))?,?\s*(?:(?:shall|will|also|each|collectively|together|both)\s+){0,2}"
    r"(?:means?\b|(?:has|have|shall have)\s+the\s+(?:same\s+)?meanings?\b|refers?\s+to\b|is\s+defined\b|are\s+defined\b"
    r"|denotes?\b|signif(?:y|ies)\b)"
)
_NUMBER = r"\s*(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]{1,4})[.)]\s+|\d{1,3}(?:\.\d{1,3})+\s+)?"
_OPEN, _CLOSE = '“"„«‘', '”"“»’'
_DEFINES = re.compile(
    rf"{_NUMBER}(?P<open>[{_OPEN}])?(?P<name>[^{_OPEN}{_CLOSE}.;:\n]{{1,80}}?(?:’s?\s*\w[^{_OPEN}{_CLOSE}.;:\n]{{0,59}}?)?)\s*,?"
    rf"(?P<close>[{_CLOSE}])?(?=(?P<more>(?:\s*(?:,|and|or|/)+\s*[{_OPEN}][^{_OPEN}{_CLOSE}]{{1,80}}[{_CLOSE}])*){_VERB})",
    re.IGNORECASE,
)
_QUOTED = re.compile(rf"{_NUMBER}[{_OPEN}](?P<name>[^{_OPEN}{_CLOSE}\n]{{1,80}})[{_CLOSE}]")
_VERB_STEMS = ("mean", "refer", "defined", "denote", "signif")
_MAX_DISTANCE = 400
_CACHE_KEY = "definitions listed"
_NAME = re.compile(r"[A-Z0-9][\w’'&./-]*(?:\s+(?:[A-Z0-9(][\w’'&./)-]*|of|and|or|the|for|to|in|on|with|by)){0,8}\Z")
_PARTNER = {"“": "”", '"': '"', "„": "“", "«": "»", "‘": "’", "”": "“", "»": "«", "’": "‘"}


@value_class(frozen=True, slots=True)
class Listed:
    """A passage that begins by defining a term. `start` to `end` is the name; `open` and `close` are the quotation
    marks around it, empty if there are none; `bold`: the name is in bold.
    """

    passage: Passage
    name: str
    start: int
    end: int
    open: str
    close: str
    bold: bool

    @property
    def half(self) -> bool:
        """Whether one of the two quotation marks is missing."""
        return bool(self.open) != bool(self.close)


def listed(passage: Passage) -> Listed | None:
    """The definition with which a passage begins, or None."""
    begin = passage.text[:_MAX_DISTANCE].lower()
    if passage.is_heading or not any(verb in begin for verb in _VERB_STEMS):
        return None
    found = _DEFINES.match(passage.text)
    if not found:
        return None
    start, end = found.span("name")
    bold = any(
        mark.kind is MarkKind.STRONG and mark.start <= start and mark.end >= end for mark in passage.clause.inline.marks
    )
    opening, closing = found["open"] or "", found["close"] or ""
    name = found["name"].strip(" ,\n")
    if not (bold or (opening and closing)) and not _NAME.match(name):
        return None
    return Listed(passage, " ".join(name.split()), start, start + len(name), opening, closing, bold)


def half_quoted(passage: Passage) -> range:
    """The span of a definition's term, with its marks, if one mark is missing; else empty."""
    found = listed(passage) if passage.text[:1] else None
    return range(found.start - 1, found.end + 2) if found and found.half else range(0)


def groups(reading: Reading) -> tuple[list[Listed], ...]:
    """Group definitions by list and by table, and those in paragraphs that no clause of another kind separates."""
    kept = reading.kept.get(_CACHE_KEY)
    if not isinstance(kept, tuple):
        together: dict[tuple[int, int], list[Listed]] = {}
        breaks: Counter[int] = Counter()
        for passage in reading.running:
            found, container = listed(passage), id(_container(passage))
            if found:
                together.setdefault((container, breaks[container]), []).append(found)
            elif _separates(passage):
                breaks[container] += 1
        kept = reading.kept[_CACHE_KEY] = tuple(together.values())
    return kept


def names_beside(reading: Reading, group: Sequence[Listed]) -> list[str]:
    """The names in quotation marks or bold that begin passages of the list of a group, in whatever form they are
    defined, from the first definition of the group to the last; with those of the group.
    """
    own = {found.passage.index: found.name for found in group}
    container = _container(group[0].passage)
    within = (
        one
        for one in reading.running
        if group[0].passage.index <= one.index <= group[-1].passage.index and _container(one) is container
    )
    names = (own.get(one.index) or _leading_name(one) for one in within)
    return [name for name in names if name]


def _leading_name(passage: Passage) -> str:
    """The marked words at the beginning of a passage; empty if there are none."""
    if quoted := _QUOTED.match(passage.text):
        return quoted["name"].strip(" ,.:")
    marks = (one for one in passage.clause.inline.marks if one.kind is MarkKind.STRONG)
    return next((passage.text[one.start : one.end].strip(" ,.:") for one in marks if one.start == 0), "")


def _separates(passage: Passage) -> bool:
    """Whether a paragraph between definitions begins another clause: it has a number or a lead-in."""
    return passage.clause.kind is ClauseKind.PARAGRAPH and bool(passage.clause.number or passage.title)


def _container(passage: Passage) -> Clause:
    """The clause that contains the definition: the table of a cell, the list of an item."""
    if passage.clause.kind is ClauseKind.CELL and len(passage.around) > 1:
        return passage.around[-2]
    return passage.around[-1]


def partner(mark: str) -> str:
    """The quotation mark that pairs with one."""
    return _PARTNER[mark]


Key = Callable[[str], str]


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def by_letter(name: str) -> str:
    """Sort letter by letter, as dictionaries do: spaces and hyphens do not count."""
    return re.sub(r"[^a-z0-9\u0100-\uffff]+", "", _plain(name))


def by_word(name: str) -> str:
    """Sort word by word, as telephone books do: a space or hyphen comes before every letter."""
    return re.sub(r"[^a-z0-9\u0100-\uffff]+", " ", _plain(name)).strip()


def by_word_hyphen_kept(name: str) -> str:
    """Sort word by word; a hyphenated word counts as one."""
    return re.sub(r"[^a-z0-9\u0100-\uffff ]+", "", _plain(name))


ORDERS: tuple[Key, ...] = (by_word, by_letter, by_word_hyphen_kept)


def misplaced(names: Sequence[str]) -> tuple[list[int], Key]:
    """The fewest positions that must move to sort the names, and the sort order that needs the fewest."""
    found = [(_unsorted(list(map(key, names))), key) for key in ORDERS]
    return min(found, key=lambda pair: len(pair[0]))


def _unsorted(keys: Sequence[str]) -> list[int]:
    """The positions outside a longest sorted subsequence, in time n log n (patience sorting).

    Of two in the wrong order, the later one is outside: the search starts at the end.
    """
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    tops: list[int] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for at in range(len(keys) - 1, -1, -1):
        rank = -ranks[keys[at]]
        pile = bisect_right(tops, rank)
        before[at] = ends[pile - 1] if pile else -1
        tops[pile : pile + 1] = [rank]
        ends[pile : pile + 1] = [at]
    inside = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        inside.add(at)
        at = before[at]
    return [at for at in range(len(keys)) if at not in inside]
