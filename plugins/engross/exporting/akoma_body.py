"""The text of a version as Akoma Ntoso: headings, paragraphs, lists, tables, notes, defined terms, cross-references.

An element with a clause's id has the eId `<abbreviation>_<id of the clause>` (`sec_c12`, `item_c15`). Ids of clauses
count through the whole document and are never reused, so the naming convention needs no prefix of the element around,
and a clause keeps its eId from version to version while it stays a section, a paragraph or an item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from urllib.parse import quote

from engross.common import NOT_XML, value_class
from engross.model import Clause, ClauseKind, Document, Inline, ListKind, Mark, MarkKind
from engross.render import LINK, MARK, RUN_IN, Stretch, escape, nest_elements, shown_number, title_clause
from engross.text import address_target

_ABBREVIATIONS = {
    ClauseKind.PARAGRAPH: "p",
    ClauseKind.ITEM: "item",
    ClauseKind.RUN_IN: "item",
    ClauseKind.QUOTE: "blockContainer",
    ClauseKind.TABLE: "table",
    ClauseKind.ROW: "tr",
    ClauseKind.CELL: "td",
    ClauseKind.CODE: "p",
}
_BULLETS = ("", "-", "*", "+")


def xml_text(text: str) -> str:
    """Escape text for XML content and double-quoted attributes; a character that XML forbids becomes U+FFFD."""
    return escape(NOT_XML.sub("\ufffd", text))


def uri(address: str) -> str:
    """Escape an address for an attribute: what an IRI may not contain is written as a percent code."""
    return xml_text(quote(address, safe="%/:=&?~#+!$,;'@()*[]|.-_"))


def element_ids(document: Document, ids: Mapping[str, str]) -> dict[str, str]:
    """The eId of each clause of a document by its anchor; `ids` are the clauses' permanent ids by anchor."""
    title = title_clause(document.root)
    found = {}
    for clause, depth in _with_depth(document.root, 0):
        if clause.anchor in ids:
            found[clause.anchor] = f"{_abbreviation(clause, depth, title)}_{ids[clause.anchor]}"
    # Definitions in running text have an anchor and an id, and no clause.
    return {**{anchor: f"def_{known}" for anchor, known in ids.items()}, **found}


def _with_depth(clause: Clause, depth: int) -> Iterator[tuple[Clause, int]]:
    for child in clause.children:
        inner = depth + (child.kind is ClauseKind.SECTION)
        yield child, inner
        yield from _with_depth(child, inner)


def _abbreviation(clause: Clause, depth: int, title: Clause | None) -> str:
    if clause.kind is not ClauseKind.SECTION:
        return "fn" if clause.list_kind is ListKind.FOOTNOTES else _ABBREVIATIONS.get(clause.kind, str(clause.kind))
    if clause is title:
        return "docTitle"
    return "sec" if depth - (title is not None) <= 1 else "subsec"


@value_class(frozen=True, slots=True)
class Marked:
    """A definition, use or reference in the text of a clause: the element around `text[start:end]`."""

    start: int
    end: int
    opening: str
    closing: str


@value_class
class Body:
    """Writes one document. `eids` are its eIds by anchor, `marked` the elements in each clause's text by the index of
    the clause in the order of the text. `link` makes a written link an address, or "" if it leads nowhere.
    """

    document: Document
    eids: Mapping[str, str]
    marked: Mapping[int, Sequence[Marked]]
    link: Callable[[str], str]
    _index: dict[int, int] = field(default_factory=dict)
    _notes: dict[str, Clause] = field(default_factory=dict)
    _placed: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _title: Clause | None = None

    def write(self, period: str = "") -> str:
        """The elements `preface` and `mainBody`; `period` is the attribute that says when the text is in force."""
        root = self.document.root
        self._index = {id(clause): index for index, clause in enumerate(root.walk())}
        blocks = [one for one in root.children if one.list_kind is not ListKind.FOOTNOTES or one.inline.text]
        notes = [child for one in root.walk() if one.list_kind is ListKind.FOOTNOTES for child in one.children]
        self._notes = {f"#{note.anchor}": note for note in notes}
        first = blocks[0] if blocks else None
        self._title = first if first and first is title_clause(root) else None
        preface, children = "", blocks
        if self._title:
            number = xml_text(shown_number(self._title))
            heading = f"<docNumber>{number}</docNumber> " if number else ""
            heading += f"<docTitle{self._eid(self._title)}>{self._text(self._title)}</docTitle>"
            preface = f"<preface>\n<p>{heading}</p>\n</preface>\n"
            children = [*self._title.children, *blocks[1:]]
        body = self._each(children, 1) or "<p/>\n"
        return f"{preface}<mainBody{period}>\n{body}</mainBody>\n"

    def _each(self, clauses: Sequence[Clause], depth: int) -> str:
        return "".join(
            self._section(one, depth) if one.kind is ClauseKind.SECTION else self._block(one) for one in clauses
        )

    def _eid(self, clause: Clause) -> str:
        """The attribute eId of a clause; none if the record has no id for it."""
        eid = self.eids.get(clause.anchor, "") if clause.anchor else ""
        return f' eId="{xml_text(eid)}"' if eid else ""

    def _container(self, kind: str, first: Clause | None) -> str:
        """The attribute eId of an element without an id of its own: that of the clause it begins with, or a count."""
        eid = self.eids.get(first.anchor, "") if first is not None and first.anchor else ""
        name = f"{eid}__{kind}" if eid else f"{kind}_{self._next(kind)}"
        return f' eId="{xml_text(name)}"'

    def _next(self, kind: str) -> int:
        self._counts[kind] += 1
        return self._counts[kind]

    def _section(self, clause: Clause, depth: int) -> str:
        name = "section" if depth == 1 else "subsection"
        number, heading = self._numbered(clause)
        eid = self._eid(clause) or self._container("sec", None)
        inner = [one for one in clause.children if one.kind is ClauseKind.SECTION]
        blocks = [one for one in clause.children if one.kind not in (ClauseKind.SECTION, ClauseKind.RUN_IN)]
        text = "".join(map(self._block, blocks))
        held = "intro" if inner else "content"
        parts = "" if inner and not text else f"<{held}{self._container(held, clause)}>\n{text}</{held}>\n"
        return f"<{name}{eid}>\n{number}{heading}{parts}{self._each(inner, depth + 1)}</{name}>\n"

    def _numbered(self, clause: Clause) -> tuple[str, str]:
        """The elements `num` and `heading` of a section: a typed number is removed from the heading."""
        number, at = shown_number(clause), 0
        text = clause.inline.text
        if not clause.generated and clause.number and clause.name and text.endswith(clause.name):
            at = len(text) - len(clause.name)
            number = text[:at].strip()
            at = at if number and not any(mark.start < at < mark.end for mark in clause.inline.marks) else 0
            number = number if at else ""
        num = f"<num>{xml_text(number)}</num>\n" if number else ""
        heading = f"<heading{self._container('heading', clause)}>{self._text(clause, at)}</heading>\n"
        return num, heading

    def _block(self, clause: Clause) -> str:
        writers: Mapping[ClauseKind, Callable[[Clause], str]] = {
            ClauseKind.SECTION: self._quoted_section,
            ClauseKind.PARAGRAPH: self._paragraph,
            ClauseKind.LIST: self._list,
            ClauseKind.ITEM: self._item,
            ClauseKind.QUOTE: self._quote,
            ClauseKind.TABLE: self._table,
            ClauseKind.CODE: self._code,
            ClauseKind.RULE: lambda _: '<p class="rule"/>\n',
        }
        return writers[clause.kind](clause)

    def _blocks(self, clause: Clause) -> str:
        return "".join(self._block(one) for one in clause.children if one.kind is not ClauseKind.RUN_IN)

    def _quoted_section(self, clause: Clause) -> str:
        """A heading inside a quotation or a list, where the schema has no sections."""
        return f'<p{self._eid(clause)} class="heading">{self._text(clause)}</p>\n{self._blocks(clause)}'

    def _paragraph(self, clause: Clause) -> str:
        named = self.document.entry.kind.has_rows and clause.name
        name = f'<inline name="fact">{xml_text(clause.name)}</inline>: ' if named else ""
        return f"<p{self._eid(clause)}>{name}{self._text(clause)}</p>\n"

    def _list(self, clause: Clause) -> str:
        if clause.list_kind is ListKind.FOOTNOTES:
            return ""
        items = "".join(map(self._item, clause.children))
        return f"<blockList{self._container('list', clause.children[0])}>\n{items}</blockList>\n"

    def _item(self, clause: Clause) -> str:
        numbered = clause.list_kind in (ListKind.ORDERED, ListKind.ENUMERATED) and clause.marker not in _BULLETS
        num = f"<num>{xml_text(clause.marker)}</num>" if numbered else ""
        text, blocks = self._text(clause), self._blocks(clause)
        own = f"<p>{text}</p>\n" if text or not blocks else ""
        return f"<item{self._eid(clause) or self._container('item', None)}>{num}{own}{blocks}</item>\n"

    def _quote(self, clause: Clause) -> str:
        blocks = self._blocks(clause) or "<p/>\n"
        eid = self._eid(clause) or self._container("blockContainer", None)
        return f'<blockContainer{eid} class="quote">\n{blocks}</blockContainer>\n'

    def _table(self, clause: Clause) -> str:
        rows = "".join(self._row(row, "td" if at else "th") for at, row in enumerate(clause.children))
        return f"<table{self._eid(clause) or self._container('table', None)}>\n{rows}</table>\n"

    def _row(self, row: Clause, tag: str) -> str:
        cells = (f"<{tag}{_aligned(cell)}><p>{self._text(cell)}</p></{tag}>" for cell in row.children)
        return f"<tr{self._eid(row)}>{''.join(cells)}</tr>\n"

    def _code(self, clause: Clause) -> str:
        text = "<eol/>".join(map(xml_text, clause.inline.text.split("\n")))
        return f'<p{self._eid(clause)} class="code">{text}</p>\n'

    def _text(self, clause: Clause, at: int = 0) -> str:
        """The text of a clause from an offset on, with its markup."""
        inline = clause.inline.slice(at, len(clause.inline.text)) if at else clause.inline
        stretches, replaced = [], {}
        for order, mark in enumerate(inline.marks):
            if shown := self._replaced(inline, mark):
                replaced[mark.start] = (mark.end, shown)
            else:
                stretches.append(Stretch(mark.start, mark.end, MARK + order, *self._of_mark(inline, mark)))
        for item in (inner for child in clause.children if child.kind is ClauseKind.RUN_IN for inner in child.walk()):
            opening = f'<inline name="item"{self._eid(item)}>'
            stretches.append(Stretch(item.span[0] - at, item.span[1] - at, RUN_IN, opening, "</inline>"))
        marked = self.marked.get(self._index.get(id(clause), -1), ())
        stretches += [
            Stretch(one.start - at, one.end - at, LINK, one.opening, one.closing) for one in marked if one.start >= at
        ]
        return NOT_XML.sub("\ufffd", "".join(nest_elements(inline.text, stretches, replaced)))

    def _replaced(self, inline: Inline, mark: Mark) -> str:
        """The elements in place of the text of a mark: a line end, a picture, a note."""
        if mark.kind is MarkKind.BREAK:
            return "<eol/>"
        if mark.kind is MarkKind.IMAGE:
            alt, source = " ".join(inline.text[mark.start : mark.end].split()), self.link(mark.target)
            return f'<img src="{uri(source)}" alt="{xml_text(alt)}"/>' if source else xml_text(alt) or " "
        return self._note(mark) if mark.kind is MarkKind.FOOTNOTE and mark.target in self._notes else ""

    def _note(self, mark: Mark) -> str:
        """A note where the text first refers to it; later references lead to it."""
        note = self._notes[mark.target]
        number = xml_text(note.marker.rstrip("."))
        if mark.target in self._placed:
            return f'<noteRef href="#{self._placed[mark.target]}" marker="{number}"/>'
        eid = self._placed[mark.target] = xml_text(self.eids.get(note.anchor) or f"fn_{self._next('fn')}")
        text = self._text(note)
        own = f"<p>{text}</p>" if text else ""
        blocks = self._blocks(note)
        return (
            f'<authorialNote eId="{eid}" marker="{number}" placement="bottom">{own or ""}{blocks or ""}</authorialNote>'
        )

    def _of_mark(self, inline: Inline, mark: Mark) -> tuple[str, str]:
        if mark.kind in _TAGS:
            return _TAGS[mark.kind]
        text = inline.text[mark.start : mark.end]
        target = address_target(text) if mark.kind is MarkKind.ADDRESS else self.link(mark.target)
        return (f'<a href="{uri(target)}">', "</a>") if target else ("", "")


_TAGS = {
    MarkKind.STRONG: ("<b>", "</b>"),
    MarkKind.EMPHASIS: ("<i>", "</i>"),
    MarkKind.CODE: ('<inline name="code">', "</inline>"),
    MarkKind.STRIKE: ('<inline name="strike">', "</inline>"),
    MarkKind.SUPERSCRIPT: ("<sup>", "</sup>"),
    MarkKind.SUBSCRIPT: ("<sub>", "</sub>"),
}


def _aligned(cell: Clause) -> str:
    return f' style="text-align: {xml_text(cell.align)}"' if cell.align else ""
