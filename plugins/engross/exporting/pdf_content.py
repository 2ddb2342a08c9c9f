"""The content of a PDF as plain data: what the Typst templates in `templates/pdf/` read as JSON.

All text is data and never markup of Typst, so no text of a contract can be read as a command. An inline text is a list
of runs: a string, or a mapping with `t` (text) and `s` (styles), `br` (a hard line break), `a` (an anchor), `img` (a
picture), `link` (runs with one target: `to` in the file, or a `url`) and `n` (the number of a footnoted address).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from engross.common import error, value_class
from engross.exporting.copies import Part
from engross.model import (
    NO_TEXT,
    Clause,
    ClauseKind,
    Diagnostic,
    Inline,
    ListKind,
    Mark,
    MarkKind,
    Place,
    Reference,
)
from engross.record import is_local, picture_path
from engross.redline import one_blank
from engross.render import bare_address, shown_number, title_clause
from engross.text import address_target

Data = dict[str, Any]
Runs = list[Any]

PICTURES = (".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
"""The suffixes of pictures that a PDF can have; others show their alternative text."""
TOGETHER = 900
"""The most characters of a definition that is kept on one page."""

DEEPEST = 12
"""The most levels of lists and quotes that are indented: Typst sets no more than some thirty levels of any kind."""

_LINKS = (MarkKind.LINK, MarkKind.IMAGE, MarkKind.FOOTNOTE, MarkKind.ADDRESS)
_STYLES = (
    MarkKind.STRONG,
    MarkKind.EMPHASIS,
    MarkKind.CODE,
    MarkKind.STRIKE,
    MarkKind.SUPERSCRIPT,
    MarkKind.SUBSCRIPT,
)
_BROKEN = "the picture {} cannot be read, or names other files; save it again as PNG, JPEG, GIF, SVG or WebP"
_LONGEST_URL = 8000
"""Typst refuses longer addresses."""


@value_class
class Pages:
    """What all parts of one file share: anchors, links into the file, footnoted addresses, and files of pictures, each
    with the finding if it cannot be read.
    """

    anchors: set[str] = field(default_factory=set)
    links: list[Data] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    places: dict[str, Diagnostic] = field(default_factory=dict)

    def anchor(self, document: str, anchor: str) -> Runs:
        """Return the run of an anchor, once for each."""
        label = f"{document}#{anchor}"
        if not anchor or label in self.anchors:
            return []
        self.anchors.add(label)
        return [{"a": label}]

    def note(self, url: str) -> Data:
        """Return the run of the footnote with an address; the first one with an address has it."""
        number = self.notes.get(url)
        if number is None:
            number = self.notes[url] = len(self.notes) + 1
            return {"n": number, "url": url}
        return {"n": number}

    def picture(self, path: str, data: bytes, broken: Diagnostic) -> str:
        """Return the name of a picture's file beside the templates; `broken` is the finding if it cannot be read."""
        name = f"picture-{len(self.pictures) + 1}{PurePosixPath(path).suffix.lower()}"
        self.pictures[name], self.places[name] = data, broken
        return name

    def close(self) -> None:
        """Make links to anchors that the file does not have plain text."""
        for link in self.links:
            if link["to"] not in self.anchors:
                del link["to"]


@value_class(frozen=True, slots=True)
class _Link:
    """A stretch of text that is a link: to an anchor of the file (`to`), or to an address."""

    start: int
    end: int
    to: str = ""
    url: str = ""
    footnoted: bool = True


class Composer:
    """Composes the blocks of one part. `documents` are the ids of all documents of the file."""

    def __init__(self, part: Part, documents: Sequence[str], pages: Pages, words: Mapping[str, str]) -> None:
        self.part, self.documents, self.pages, self.words = part, documents, pages, words
        self.id = part.document.id
        self._index = {id(clause): index for index, clause in enumerate(part.document.root.walk())}
        self._references: dict[int, list[Reference]] = defaultdict(list)
        self._definitions: dict[int, list[Place]] = defaultdict(list)
        self._names: dict[tuple[int, int], str] = {}
        self._addresses = dict(part.files.values())
        self._levels: list[int] = []
        self._depth = 0
        self._is_catalogue = part.document.entry.kind.has_rows and not part.document.verbatim
        if part.binding:
            self._bind()

    def _bind(self) -> None:
        assert self.part.binding is not None
        for reference in self.part.binding.references:
            if reference.place.document == self.id and reference.target:
                self._references[reference.place.clause].append(reference)
        for definition in self.part.binding.definitions:
            place = definition.place
            if place.document == self.id:
                self._definitions[place.clause].append(place)
                self._names[place.clause, place.start] = definition.anchor

    def blocks(self) -> list[Data]:
        """Return the blocks of the document, beginning with its title."""
        root = self.part.document.root
        found: list[Data] = []
        if title_clause(root) is None:
            self._levels.append(0)
            found.append({"is": "heading", "level": 1, "title": True, "runs": [self.part.document.entry.title]})
        return [*found, *self._each(root.children)]

    def _each(self, clauses: Sequence[Clause]) -> list[Data]:
        return [
            block
            for clause in clauses
            if clause.kind is not ClauseKind.RUN_IN
            for block in (*_BLOCKS[clause.kind](self, clause), *self._notice(clause))
        ]

    def _notice(self, clause: Clause) -> Iterator[Data]:
        if clause.kind is not ClauseKind.SECTION and (text := self.part.notices.get(self._index[id(clause)])):
            yield {"is": "notice", "runs": [text]}

    def _heading(self, clause: Clause) -> Iterator[Data]:
        while self._levels and self._levels[-1] >= clause.level:
            self._levels.pop()
        self._levels.append(clause.level)
        anchor = f"{self.id}#{clause.anchor}"
        self.pages.anchors.add(anchor)
        runs = self._runs(clause, notes=False)
        title = clause is title_clause(self.part.document.root)
        yield {
            "is": "heading", "level": len(self._levels), "title": title, "anchor": anchor,
            "number": shown_number(clause), "runs": runs,
        }  # fmt: skip
        if text := self.part.notices.get(self._index[id(clause)]):
            yield {"is": "notice", "runs": [text]}
        if self._is_catalogue:
            code = {"t": clause.anchor, "s": ["code"]}
            yield {"is": "paragraph", "runs": [*_named(self.words["id"]), code], "together": False}
        yield from self._each(clause.children)

    def _paragraph(self, clause: Clause) -> Iterator[Data]:
        fact = _named(clause.name) if self._is_catalogue and clause.name else []
        yield {"is": "paragraph", "runs": [*fact, *self._runs(clause)], "together": self._is_together(clause)}
        yield from self._each(clause.children)

    def _is_together(self, clause: Clause) -> bool:
        """Whether a clause has a definition and is short enough for one page."""
        return self._index[id(clause)] in self._definitions and len(clause.inline.text) <= TOGETHER

    def _list(self, clause: Clause) -> Iterator[Data]:
        ordered = clause.list_kind is not ListKind.BULLET
        if self._depth == DEEPEST:
            yield from self._flat(clause, ordered)
            return
        self._depth += 1
        yield {
            "is": "list", "kind": str(clause.list_kind), "tight": clause.tight,
            "anchors": self.pages.anchor(self.id, clause.anchor),
            "markers": [[item.marker] for item in clause.children] if ordered else [],
            "items": [self._item(item) for item in clause.children],
        }  # fmt: skip
        self._depth -= 1

    def _flat(self, clause: Clause, ordered: bool) -> Iterator[Data]:
        """Yield the items of a list that is nested too deeply as paragraphs, each with its marker."""
        for item in clause.children:
            first, *others = self._item(item)["blocks"] or [{"is": "paragraph", "runs": [], "together": False}]
            marker = f"{item.marker if ordered else '•'} "
            yield {**first, "runs": [marker, *first["runs"]]} if "runs" in first else first
            yield from others

    def _item(self, item: Clause) -> Data:
        blocks: list[Data] = []
        if item.inline is not NO_TEXT or item.anchor:
            blocks.append({"is": "paragraph", "runs": self._runs(item), "together": self._is_together(item)})
        return {"blocks": [*blocks, *self._notice(item), *self._each(item.children)]}

    def _quote(self, clause: Clause) -> Iterator[Data]:
        if self._depth == DEEPEST:
            yield from self._each(clause.children)
            return
        self._depth += 1
        anchors = self.pages.anchor(self.id, clause.anchor)
        yield {"is": "quote", "anchors": anchors, "blocks": self._each(clause.children)}
        self._depth -= 1

    def _table(self, clause: Clause) -> Iterator[Data]:
        anchors = self.pages.anchor(self.id, clause.anchor)
        yield table_data(anchors, [[self._cell(row, cell) for cell in row.children] for row in clause.children])

    def _cell(self, row: Clause, cell: Clause) -> Data:
        before = self.pages.anchor(self.id, row.anchor) if cell is row.children[0] else []
        notices = [run for block in self._notice(cell) for run in (" ", *block["runs"])]
        return {"runs": [*before, *self._runs(cell), *notices], "align": cell.align}

    def _code(self, clause: Clause) -> Iterator[Data]:
        anchors = self.pages.anchor(self.id, clause.anchor)
        yield {"is": "code", "anchors": anchors, "text": clause.inline.text}

    def _rule(self, clause: Clause) -> Iterator[Data]:
        del clause
        yield {"is": "rule"}

    def _runs(self, clause: Clause, *, notes: bool = True) -> Runs:
        """Return the runs of a clause's own text, with its anchor, its links and, with `notes`, their addresses."""
        index, inline = self._index[id(clause)], clause.inline
        points = self._points(clause, index)
        anchors = [] if clause.kind is ClauseKind.SECTION else self.pages.anchor(self.id, clause.anchor)
        if not inline.marks and not points and index not in self._references:
            return [*anchors, one_blank(inline.text)] if inline.text else anchors
        links = self._links(inline, index)
        pieces = list(_pieces(self, inline, links, points))
        runs: Runs = [*anchors]
        for link, group in groupby(pieces, key=lambda piece: piece[0]):
            inner = [run for _, run in group]
            runs += self._linked(link, inner, notes=notes) if link else inner
        return runs

    def _points(self, clause: Clause, index: int) -> dict[int, Runs]:
        """The anchors inside a text, by place: those of run-in items and of definitions."""
        points: dict[int, Runs] = defaultdict(list)
        for item in clause.children:
            for inner in item.walk() if item.kind is ClauseKind.RUN_IN else ():
                points[inner.span[0]] += self.pages.anchor(self.id, inner.anchor)
        for place in self._definitions.get(index, ()):
            points[place.start] += self.pages.anchor(self.id, self._names[index, place.start])
        return points

    def _links(self, inline: Inline, index: int) -> list[_Link]:
        links = [link for mark in inline.marks if (link := self._of_mark(inline, mark))]
        for reference in self._references.get(index, ()):
            start, end = reference.place.start, reference.place.end
            taken = any(mark.start < end and start < mark.end for mark in inline.marks if mark.kind in _LINKS)
            if not taken and (link := self._of_reference(reference)):
                links.append(link)
        return links

    def _of_mark(self, inline: Inline, mark: Mark) -> _Link | None:
        if mark.kind is MarkKind.FOOTNOTE:
            return _Link(mark.start, mark.end, f"{self.id}{mark.target}")
        if mark.kind is MarkKind.ADDRESS:
            return _Link(mark.start, mark.end, url=address_target(inline.text[mark.start : mark.end]), footnoted=False)
        target = self.part.target(mark.target) if mark.kind is MarkKind.LINK else None
        if target is None:
            return None
        if target.document in self.documents:
            return _Link(mark.start, mark.end, self._label(target.document, target.anchor))
        shown = inline.text[mark.start : mark.end]
        return _Link(mark.start, mark.end, url=target.address, footnoted=bare_address(target.address) not in shown)

    def _of_reference(self, reference: Reference) -> _Link | None:
        assert reference.target is not None
        (document, anchor), place = reference.target, reference.place
        if document in self.documents:
            return _Link(place.start, place.end, self._label(document, anchor))
        address = self._addresses.get(document, "")
        end = f"#{anchor}" if anchor else ""
        return _Link(place.start, place.end, url=f"{address}{end}") if address else None

    def _label(self, document: str, anchor: str) -> str:
        return f"{document}#{anchor}" if anchor else f"{document}#"

    def _linked(self, link: _Link, inner: Runs, *, notes: bool) -> Runs:
        if link.to:
            made: Data = {"link": inner, "to": link.to}
            self.pages.links.append(made)
            return [made]
        if not link.url or len(link.url) > _LONGEST_URL:
            return inner
        made = {"link": inner, "url": link.url}
        return [made, self.pages.note(link.url)] if notes and link.footnoted else [made]

    def image(self, inline: Inline, mark: Mark) -> Data | str:
        """Return the run of a picture; its alternative text where the PDF cannot have it."""
        alternative = " ".join(inline.text[mark.start : mark.end].split())
        path = picture_path(self.part.document.entry.file, mark.target) if is_local(mark.target) else ""
        data = self.part.pictures.get(path)
        if data is None or PurePosixPath(path).suffix.lower() not in PICTURES:
            return {"t": alternative, "s": ["emphasis"]} if alternative else ""
        source = self.part.document.source
        assert source is not None
        line, column = source.position(inline.source_offset(mark.start))
        broken = error("picture", source.path, line, column, _BROKEN.format(mark.target))
        return {"img": self.pages.picture(path, data, broken), "alt": alternative}


def table_data(anchors: Runs, rows: list[list[Data]]) -> Data:
    """Return a table, in which short rows end with empty cells."""
    columns = max(map(len, rows), default=0)
    for row in rows:
        row.extend({"runs": [], "align": ""} for _ in range(columns - len(row)))
    return {"is": "table", "anchors": anchors, "columns": columns, "rows": rows}


def _named(name: str) -> Runs:
    """The name of a fact of a model, before its value."""
    return [{"t": f"{name}: ", "s": ["strong"]}]


def _pieces(
    composer: Composer, inline: Inline, links: Sequence[_Link], points: Mapping[int, Runs]
) -> Iterator[tuple[_Link | None, Any]]:
    """Yield the runs of a text in order, each with its link."""
    edges = {0, len(inline.text), *points}
    edges |= {at for mark in inline.marks for at in (mark.start, mark.end)}
    edges |= {at for link in links for at in (link.start, link.end)}
    images = {mark.start: mark for mark in inline.marks if mark.kind is MarkKind.IMAGE}
    ordered, done = sorted(edges), 0
    for start, end in zip(ordered, [*ordered[1:], ordered[-1]], strict=True):
        link = next((one for one in links if one.start <= start < one.end), None)
        for point in points.get(start, ()):
            yield link, point
        if start in images and start >= done:
            done = images[start].end
            yield link, composer.image(inline, images[start])
        if done <= start < end:
            yield link, _run(inline, start, end)


def _run(inline: Inline, start: int, end: int) -> Any:
    around = [mark for mark in inline.marks if mark.start <= start and end <= mark.end]
    if any(mark.kind is MarkKind.BREAK for mark in around):
        return {"br": True}
    text = one_blank(inline.text[start:end])
    styles = [str(mark.kind) for mark in around if mark.kind in _STYLES]
    styles += ["superscript"] if any(mark.kind is MarkKind.FOOTNOTE for mark in around) else []
    return {"t": text, "s": list(dict.fromkeys(styles))} if styles else text


_BLOCKS = {
    ClauseKind.SECTION: Composer._heading,
    ClauseKind.PARAGRAPH: Composer._paragraph,
    ClauseKind.LIST: Composer._list,
    ClauseKind.QUOTE: Composer._quote,
    ClauseKind.TABLE: Composer._table,
    ClauseKind.CODE: Composer._code,
    ClauseKind.RULE: Composer._rule,
}
