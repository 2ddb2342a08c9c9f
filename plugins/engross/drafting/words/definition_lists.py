"""Lists of definitions, read by their form, and their alphabetical order.

Definitions as a list of definitions gives them, read by their form alone: `“Fee” means …`, `**Fee** means …`.

What binding finds is wider; here it matters how a definition is written, and whether those around it are so too.

Alphabetical order as lists of definitions keep it, and which items of a list are out of it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence

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
_SAYS = ("mean", "refer", "defined", "denote", "signif")
_FAR = 400
_KEPT = "definitions listed"
_NAME = re.compile(r"[A-Z0-9][\w’'&./-]*(?:\s+(?:[A-Z0-9(][\w’'&./)-]*|of|and|or|the|for|to|in|on|with|by)){0,8}\Z")
_PARTNER = {"“": "”", '"': '"', "„": "“", "«": "»", "‘": "’", "”": "“", "»": "«", "’": "‘"}


@value_class(frozen=True, slots=True)
class Listed:
    """A passage that begins by defining a term. `start` to `end` is the name; `open` and `close` are the quotation
    marks around it, empty where there are none; `bold` tells that the name is set in bold.
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
    begin = passage.text[:_FAR].lower()
    if passage.is_heading or not any(verb in begin for verb in _SAYS):
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
    """The stretch of a definition's term that has only one of its quotation marks; else an empty one."""
    found = listed(passage) if passage.text[:1] else None
    return range(found.start - 1, found.end + 2) if found and found.half else range(0)


def groups(reading: Reading) -> tuple[list[Listed], ...]:
    """The definitions that stand together: in one list, as paragraphs of one section, as rows of one table."""
    kept = reading.kept.get(_KEPT)
    if not isinstance(kept, tuple):
        together: dict[int, list[Listed]] = {}
        for passage in reading.running:
            found = listed(passage)
            if found:
                together.setdefault(id(_home(passage)), []).append(found)
        kept = reading.kept[_KEPT] = tuple(together.values())
    return kept


def _home(passage: Passage) -> Clause:
    """What the definition stands in: a cell is in its table, an item in its list."""
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
    """Letter by letter, as a dictionary sorts: blanks and hyphens do not count."""
    return re.sub(r"[^a-z0-9\u0100-\uffff]+", "", _plain(name))


def by_word(name: str) -> str:
    """Word by word, as a telephone book sorts: a blank comes before every letter, and a hyphen is a blank."""
    return re.sub(r"[^a-z0-9\u0100-\uffff]+", " ", _plain(name)).strip()


def by_word_hyphen_kept(name: str) -> str:
    """Word by word, a hyphenated word being one."""
    return re.sub(r"[^a-z0-9\u0100-\uffff ]+", "", _plain(name))


ORDERS: tuple[Key, ...] = (by_word, by_letter, by_word_hyphen_kept)


def misplaced(names: Sequence[str]) -> tuple[list[int], Key]:
    """The fewest positions that must move to bring the names in order, and the order in which that is so."""
    found = [(_outside(list(map(key, names))), key) for key in ORDERS]
    return min(found, key=lambda pair: len(pair[0]))


def _outside(keys: Sequence[str]) -> list[int]:
    """The positions outside a longest run in order, found in time n log n (patience sorting).

    Of two that stand the wrong way round it is the later that is outside, so the run is sought from the end.
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
