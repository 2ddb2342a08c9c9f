"""Makes labels the numbers of Word's lists wherever Word would show exactly these; all other labels become text.

Lists of the text: the items of a list must count on in one style, `(a)`, `(b)`, `(c)`. A list inside an item is a
level of the same Word list; a list that begins otherwise than with 1, or is the second in its item, is a Word list of
its own. Headings and paragraphs: generated and typed numbers such as `3.`, `3.1` or `Article IV.` are one outline, as
long as each follows from the numbers before it. The outline begins again where the text begins again with 1. A number
that does not follow, such as the `7.` after a `5.`, stays text, and so does everything that Word would then number
differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

import engross.common.lazy_re as re
from engross.common import value_class
from engross.exporting.word.block_layout import BULLETS
from engross.exporting.word.paragraphs import INDENT, Fate, Paragraph, Part, Table, Text
from engross.exporting.word.runs_xml import attribute
from engross.model import MarkKind
from engross.text import numeral, read_enumerator

_MOST_LEVELS = 9
_STYLES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NUMBER = re.compile(
    r"(?P<before>(?:(?:Article|Section|Clause|Part)\s|§\s?)?)"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,7}|[A-Z])(?P<after>[.:)]?) (?=\S)"
)
_TYPEFACES = (MarkKind.STRONG, MarkKind.EMPHASIS)


@value_class(frozen=True, slots=True)
class Level:
    """A level of a Word list: its `style` of numerals, its `text` ("(%1)"), and the first number.

    `tab` is true if a tab follows the number, false if a blank does.
    """

    style: str
    text: str
    start: int = 1
    tab: bool = True


@value_class
class WordList:
    """A list of Word's, with its levels by index, from 0."""

    number: int
    levels: dict[int, Level] = field(default_factory=dict)


def number_lists(parts: Sequence[Part]) -> list[WordList]:
    """Make labels the numbers of Word lists, and return these lists."""
    paragraphs = [part for part in parts if isinstance(part, Paragraph) and part.mark is Fate.KEPT]
    numbering = _Lists()
    for number, items in _by_list(paragraphs).items():
        numbering.take(number, items)
    _name_facts(paragraphs, numbering.made)
    outline = _Outline(numbering.made)
    for part in paragraphs:
        if not part.lists and not part.shape.quotes:
            outline.take(part)
    return numbering.made


def _name_facts(paragraphs: Iterable[Paragraph], made: list[WordList]) -> None:
    """Make the names of facts in a list of models labels that Word shows, since they are not part of the text."""
    known: dict[str, WordList] = {}
    for part in paragraphs:
        if part.label.endswith(":") and not part.lists:
            if part.label not in known:
                level = Level("none", part.label.replace("%", "％"), tab=False)
                known[part.label] = WordList(BULLETS + 1 + len(made), {0: level})
                made.append(known[part.label])
            part.shape = replace(part.shape, numbering=known[part.label].number)
            part.label = ""


def typed_labels(parts: Iterable[Part]) -> None:
    """Make all labels that are left text before the paragraphs."""
    for part in parts:
        for one in (part,) if isinstance(part, Paragraph) else _in_table(part):
            if one.label:
                fate = one.mark
                one.texts.insert(0, Text(f"{one.label}\t" if one.shape.hangs else f"{one.label} ", (), fate))
                one.label = ""


def _in_table(table: Table) -> Iterator[Paragraph]:
    for row in table.rows:
        for cell in row.cells:
            yield from cell


def _by_list(paragraphs: Iterable[Paragraph]) -> dict[int, list[Paragraph]]:
    found: dict[int, list[Paragraph]] = {}
    for part in paragraphs:
        if part.label and part.lists and part.shape.hangs:
            found.setdefault(part.lists[-1][0], []).append(part)
    return found


@value_class
class _Lists:
    made: list[WordList] = field(default_factory=list)
    # The Word list and level of each list of the text, and the items that already have a list at the next level.
    _places: dict[int, tuple[WordList, int]] = field(default_factory=dict)
    _taken: set[tuple[int, int]] = field(default_factory=set)
    # The number of the Word list and the whole number of each item, by its list and its place there.
    _paths: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)

    def take(self, number: int, items: Sequence[Paragraph]) -> None:
        """Number the items of one list of the text, if Word counts as it does."""
        level = _counted([item.label for item in items])
        if level is None:
            return
        style, before, after, start = level
        inside, place = self._place(items[0], style, (before, after), start)
        made = Level(style, f"{before}%{place + 1}{after}", start)
        inside.levels[place] = made
        self._places[number] = (inside, place)
        for item in items:
            item.number = item.label
            outer = item.lists[-2] if len(item.lists) > 1 else (0, 0)
            item.path = self._path(outer, inside) + item.label
            self._paths[item.lists[-1]] = (inside.number, item.path)
            item.shape = replace(item.shape, numbering=inside.number, level=place)
            item.label = ""

    def _path(self, outer: tuple[int, int], inside: WordList) -> str:
        number, path = self._paths.get(outer, (0, ""))
        return path if number == inside.number else ""

    def _place(self, first: Paragraph, style: str, form: tuple[str, str], start: int) -> tuple[WordList, int]:
        """Return the Word list that a list joins, or a new one, and the level in it."""
        depth = min(len(first.lists), _MOST_LEVELS) - 1
        if len(first.lists) > 1 and start == 1:
            outer = first.lists[-2]
            inside, above = self._places.get(outer[0], (None, 0))
            level = above + 1
            if inside is not None and level < _MOST_LEVELS and outer not in self._taken:
                wanted = Level(style, f"{form[0]}%{level + 1}{form[1]}", 1)
                if inside.levels.get(level, wanted) == wanted:
                    self._taken.add(outer)
                    return inside, level
        made = WordList(BULLETS + 1 + len(self.made))
        self.made.append(made)
        return made, depth


def _counted(labels: Sequence[str]) -> tuple[str, str, str, int] | None:
    """Return the style of some labels, what is before and after the numeral, and the first number; None if they do not
    count on in one style.
    """
    first = read_enumerator(labels[0])
    for reading in first.readings if first else ():
        assert first is not None
        before, after = ("(", ")") if first.form == "()" else ("", first.form)
        shown = [f"{before}{numeral(reading.style, reading.ordinal + at)}{after}" for at in range(len(labels))]
        if shown == list(labels):
            return _STYLES[str(reading.style)], before, after, reading.ordinal
    return None


@value_class
class _Outline:
    """Counts as Word does, and takes each number that Word would show."""

    made: list[WordList]
    _list: WordList | None = None
    _counters: list[int] = field(default_factory=lambda: [0] * _MOST_LEVELS)

    def take(self, part: Paragraph) -> None:
        """Number a heading or paragraph, if it has the number that Word would show."""
        heading = part.shape.style.startswith("Heading")
        typed = "" if part.label else "".join(text.text for text in part.texts)[:60]
        found = _NUMBER.match(f"{part.label} x" if part.label else typed)
        if not found or not (heading or (part.shape.style in ("BodyText", "Definition") and "." in found["number"])):
            return
        if not (found["before"] or found["after"] or "." in found["number"]):
            return
        faces = () if part.label else _faces(part, found.end() - 1)
        if faces is None:
            return
        for style, path in _paths(found["number"]):
            if self._count(style, path, (found["before"], found["after"])):
                part.faces = faces
                self._number(part, found, len(path) - 1)
                return

    def _count(self, style: str, path: list[int], form: tuple[str, str]) -> bool:
        """Return whether Word would show this number next, and count it."""
        at = len(path) - 1
        if at >= _MOST_LEVELS:
            return False
        level = Level(style, f"{form[0]}{'.'.join(f'%{one + 1}' for one in range(at + 1))}{form[1]}", 1, False)
        if at == 0 and path == [1]:
            self._list = WordList(BULLETS + 1 + len(self.made))
            self._counters = [0] * _MOST_LEVELS
        if self._list is None or self._counters[:at] != path[:-1] or self._counters[at] + 1 != path[-1]:
            return False
        if self._list.levels.setdefault(at, level) != level or (at and self._list.levels[0].style != "decimal"):
            return False
        if self._list not in self.made:
            self.made.append(self._list)
        self._counters[at] += 1
        self._counters[at + 1 :] = [0] * (_MOST_LEVELS - at - 1)
        return True

    def _number(self, part: Paragraph, found: re.Match[str], level: int) -> None:
        assert self._list is not None
        part.number = part.path = f"{found['before']}{found['number']}{found['after']}"
        part.shape = replace(part.shape, numbering=self._list.number, level=level)
        if not part.label:
            part.texts = _without(part.texts, found.end())
        part.label = ""


def _paths(number: str) -> Iterator[tuple[str, list[int]]]:
    """Yield the readings of a number: the style of its numerals, and its parts."""
    if number[0].isdigit():
        parts = number.split(".")
        if all(part == str(int(part)) for part in parts):
            yield "decimal", [int(part) for part in parts]
        return
    for style in "IA":
        ordinals = (one for one in range(1, 100) if numeral(style, one) == number)
        yield from ((_STYLES[style], [one]) for one in ordinals)


def _faces(part: Paragraph, end: int) -> tuple[MarkKind, ...] | None:
    """Return the typefaces of the first characters of a paragraph; None if they have several, or other markup."""
    seen = set()
    at = 0
    for text in part.texts:
        if at >= end:
            break
        if text.text.strip():
            seen.add(tuple(style.kind for style in text.styles))
        at += len(text.text)
    faces = seen.pop() if len(seen) == 1 else None
    return faces if faces is not None and all(kind in _TYPEFACES for kind in faces) else None


def _without(texts: Sequence[Text], end: int) -> list[Text]:
    """Return texts without their first characters."""
    left = []
    for text in texts:
        cut = min(end, len(text.text))
        end -= cut
        if len(text.text) > cut or not text.text:
            left.append(replace(text, text=text.text[cut:]))
    return left


def write_lists(lists: Sequence[WordList]) -> str:
    """Return the XML of Word lists, after the list of all bullets."""
    bullets = WordList(BULLETS, {at: Level("bullet", "•–◦"[at % 3]) for at in range(_MOST_LEVELS)})
    every = (bullets, *lists)
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{one.number}"><w:multiLevelType w:val="multilevel"/>'
        f"{''.join(_level(one.levels.get(at), at) for at in range(_MOST_LEVELS))}</w:abstractNum>"
        for one in every
    )
    numbers = "".join(f'<w:num w:numId="{one.number}"><w:abstractNumId w:val="{one.number}"/></w:num>' for one in every)
    return f"{abstract}{numbers}"


def _level(level: Level | None, at: int) -> str:
    level = level or Level("none", "")
    suffix = "" if level.tab else '<w:suff w:val="space"/>'
    indent = f'<w:ind w:left="{INDENT * (at + 1)}" w:hanging="{INDENT}"/>' if level.tab else '<w:ind w:left="0"/>'
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{level.start}"/><w:numFmt w:val="{level.style}"/>{suffix}'
        f'<w:lvlText w:val={attribute(level.text)}/><w:lvlJc w:val="left"/><w:pPr>{indent}</w:pPr></w:lvl>'
    )
