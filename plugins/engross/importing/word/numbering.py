"""Computes the numbers that Word shows: `1.1`, `(a)`, `Article IV`, from the part "numbering" and the styles.

A paragraph has a list (`numId`) and a level. Lists that share an abstract list share its counters, unless a list starts
a level anew (`startOverride`). A number's text is a pattern, `%1.%2`, of the counters of its own and higher levels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace

from lxml import etree

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.word.package import W
from engross.importing.word.styles import Styles, number, value
from engross.text import numeral

BULLET = "-"
_LEVELS = 9
_LEGAL = ("decimal", "decimalZero", "none", "bullet")
"""The forms that a level of "legal" numbers keeps; all others become decimal."""
_PLACE = re.compile(r"%([1-9])")
_SMALL = [
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
]  # fmt: skip
_TENS = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
_ORDINALS = {
    "One": "First", "Two": "Second", "Three": "Third", "Five": "Fifth", "Eight": "Eighth", "Nine": "Ninth",
    "Twelve": "Twelfth",
}  # fmt: skip


@value_class(frozen=True, slots=True)
class Level:
    """A level of a list. `restart` is the level (from 1) after which it starts again; None: any higher, 0: never."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""
    legal: bool = False
    restart: int | None = None
    hidden: bool = False
    left: int = 0


@value_class(frozen=True, slots=True)
class NumberedList:
    """A list: its abstract list, the levels it has, and the levels that it starts anew, with their first number."""

    abstract: str
    levels: tuple[Level, ...]
    starts: dict[int, int]


@value_class(frozen=True, slots=True)
class Label:
    """The number of a paragraph as Word shows it; `-` for a bullet. `full` is the number with those around it.

    `list_id` is the abstract list, `level` counts from 0, `left` is the indentation of the level in twentieths of a
    point.
    """

    text: str
    full: str
    list_id: str
    level: int
    left: int = 0


@value_class(slots=True)
class Numbering:
    """The lists of a document with their counters; ask `next_label` for each paragraph, in order."""

    lists: dict[str, NumberedList] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _shown: dict[tuple[str, int], str] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def next_label(self, list_id: str, level: int) -> Label | None:
        """Count a paragraph and return its number; None if it has none to show."""
        one = self.lists.get(list_id)
        if one is None or not 0 <= level < len(one.levels):
            return None
        counters = self._counters.setdefault(one.abstract, [None] * _LEVELS)
        if list_id not in self._begun:
            self._begun.add(list_id)
            for restarted in one.starts:
                counters[restarted] = None
        _count(counters, one, level)
        shown = one.levels[level]
        text = self._text(one, level, counters)
        self._shown[one.abstract, level] = text
        if shown.form == "bullet":
            text = BULLET
        if shown.hidden or not text:
            return None
        return Label(text, self._full(one, level, text), one.abstract, level, shown.left)

    def _text(self, one: NumberedList, level: int, counters: list[int | None]) -> str:
        legal = one.levels[level].legal

        def shown(found: re.Match[str]) -> str:
            """Return the counter that `%N` in the pattern of a level means."""
            at = int(found[1]) - 1
            form = one.levels[at].form if at < len(one.levels) else "decimal"
            return self._format(counters[at] or 0, "decimal" if legal and form not in _LEGAL else form)

        return " ".join(_PLACE.sub(shown, one.levels[level].text).split())

    def _format(self, count: int, form: str) -> str:
        writer = _FORMS.get(form)
        if writer is None:
            self.unknown.add(form)
            return str(count)
        return writer(count)

    def _full(self, one: NumberedList, level: int, text: str) -> str:
        """Return the number with those of the levels above that it does not contain: "(a)" in 4.2 is "4.2(a)"."""
        full, pattern = text.rstrip("."), one.levels[level].text
        for above in range(level - 1, -1, -1):
            if f"%{above + 1}" in pattern:
                return full
            full = self._shown.get((one.abstract, above), "").rstrip(".") + full
            pattern = one.levels[above].text
            if above and f"%{above}" in pattern:
                return full
        return full


def _count(counters: list[int | None], one: NumberedList, level: int) -> None:
    for at in range(level + 1):
        now = counters[at]
        if now is None:
            counters[at] = one.starts.get(at, one.levels[at].start)
        elif at == level:
            counters[at] = now + 1
    for at in range(level + 1, len(one.levels)):
        restart = one.levels[at].restart
        if restart is None or level + 1 <= restart:
            counters[at] = None


def cardinal(number: int) -> str:
    """Return a number in words: 21 is "Twenty-one"; from 1,000 in digits."""
    if number >= 1000:
        return str(number)
    if number >= 100:
        rest = f" {cardinal(number % 100).lower()}" if number % 100 else ""
        return f"{_SMALL[number // 100]} Hundred{rest}"
    if number < 20:
        return _SMALL[number]
    ones = f"-{_SMALL[number % 10].lower()}" if number % 10 else ""
    return _TENS[number // 10 - 2] + ones


def ordinal(number: int) -> str:
    """Return a number as 1st, 2nd, 3rd, 4th."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def ordinal_word(number: int) -> str:
    """Return a number as First, Second; from 1,000 in digits."""
    if number >= 1000:
        return ordinal(number)
    words = cardinal(number)
    begin = max(words.rfind("-"), words.rfind(" ")) + 1
    last = words[begin:].capitalize()
    word = _ORDINALS.get(last, f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return words[:begin] + (word.lower() if begin else word)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02}",
    "lowerLetter": lambda count: numeral("a", min(count, 780)),
    "upperLetter": lambda count: numeral("A", min(count, 780)),
    "lowerRoman": lambda count: numeral("i", min(count, 5000)),
    "upperRoman": lambda count: numeral("I", min(count, 5000)),
    "ordinal": ordinal,
    "cardinalText": cardinal,
    "ordinalText": ordinal_word,
    "none": lambda _: "",
    "bullet": lambda _: "",
}


def read_numbering(root: etree._Element | None, styles: Styles) -> Numbering:
    """Read the part "numbering"."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract = {str(one.get(f"{W}abstractNumId", "")): one for one in root.iterfind(f"{W}abstractNum")}
    nums = {str(one.get(f"{W}numId", "")): one for one in root.iterfind(f"{W}num")}
    for key, num in nums.items():
        of = _resolve(value(num, "abstractNumId"), abstract, nums, styles)
        levels = list(_levels(abstract[of])) if of in abstract else []
        starts: dict[int, int] = {}
        for override in num.iterfind(f"{W}lvlOverride"):
            at = number(override.get(f"{W}ilvl"))
            own = override.find(f"{W}lvl")
            if own is not None and 0 <= at < len(levels):
                # A level of its own looks different and counts on.
                levels[at] = _level(own)
            if override.find(f"{W}startOverride") is not None and 0 <= at < _LEVELS:
                starts[at] = number(value(override, "startOverride"), 1)
        numbering.lists[key] = NumberedList(
            of, tuple(levels), {at: one for at, one in starts.items() if at < len(levels)}
        )
    return numbering


def _resolve(key: str, abstract: dict[str, etree._Element], nums: dict[str, etree._Element], styles: Styles) -> str:
    """Return the abstract list that has the levels: `numStyleLink` leads to the list of a style."""
    for _ in range(10):
        link = value(abstract.get(key), "numStyleLink")
        if not link:
            return key
        found = styles.styles.get(link)
        numbered = found.paragraph.find(f"{W}numPr") if found and found.paragraph is not None else None
        following = value(nums.get(value(numbered, "numId")), "abstractNumId")
        linked = [other for other, one in abstract.items() if value(one, "styleLink") == link]
        key = following if following and following != key else next(iter(linked), "")
    return key


def _levels(abstract: etree._Element) -> list[Level]:
    levels = [Level(form="none")] * _LEVELS
    for one in abstract.iterfind(f"{W}lvl"):
        at = number(one.get(f"{W}ilvl"))
        if 0 <= at < _LEVELS:
            levels[at] = _level(one)
    return levels


def _level(one: etree._Element) -> Level:
    text, form = value(one, "lvlText"), value(one, "numFmt") or "decimal"
    legal, restart, run = one.find(f"{W}isLgl"), one.find(f"{W}lvlRestart"), one.find(f"{W}rPr")
    indent = one.find(f"{W}pPr/{W}ind")
    level = Level(number(value(one, "start"), 1) if one.find(f"{W}start") is not None else 0, form, text)
    vanish = run.find(f"{W}vanish") if run is not None else None
    return replace(
        level,
        style=value(one, "pStyle"),
        legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false"),
        restart=number(restart.get(f"{W}val")) if restart is not None else None,
        hidden=vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false"),
        left=number(indent.get(f"{W}left") or indent.get(f"{W}start")) if indent is not None else 0,
    )
