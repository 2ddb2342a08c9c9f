"""Renders a tree of clauses as HTML, each clause with its anchor and a link to itself.

What Engross adds to the text (generated numbers) is in elements with `data-engross-generated`, so that the text law can
distinguish it from the text. Links of clauses to themselves have no text: the style sheet draws their sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from itertools import accumulate

from engross.common import value_class
from engross.corpus import NO_DEADLINES, labelled_rows, shown_day
from engross.model import Clause, ClauseKind, Document, ListKind, MarkKind, shown_label
from engross.render.pages.inline import Overlay, Resolve, escape, marker_link, render_inline


@value_class(slots=True)
class ClauseRenderer:
    """Renders one document. `resolve` turns a written link into an address.

    `overlays` are links to add to a clause's text, `notes` HTML to put after it, both by the clause's index in the
    order of `root.walk()`. `link_to` is the name of a clause's link to itself, `back_to` that of a footnote's link to
    the place in the text that refers to it, `footnotes` the name of all of them. `cited` are labels for citing clauses,
    by anchor, if they differ from the clause's label; None, if no script of the page needs any. `mark_links` transforms
    the HTML of each clause's own text.
    `words` are those of labels in the page's language.
    Tables that `scroll` get a tab stop. `defining` are the clauses that define a term, by index as for `overlays`: a
    list of them is a list of definitions.
    """

    resolve: Resolve
    overlays: Mapping[int, Sequence[Overlay]] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    cited: Mapping[str, str] | None = field(default_factory=dict)
    link_to: str = "Link to {label}"
    words: Mapping[str, str] = field(default_factory=dict)
    back_to: str = "Back to the text"
    footnotes: str = "Footnotes"
    mark_links: Callable[[str], str] = str
    scroll: bool = False
    defining: frozenset[int] = frozenset()
    _out: list[str] = field(default_factory=list)
    _index: int = 0
    # How many references each footnote has, by the address of the note.
    _references: Counter[str] = field(default_factory=Counter)

    def render(self, root: Clause) -> str:
        """Render the whole text from its DOCUMENT clause."""
        self._out, self._index = [], 1
        self._references = _footnote_references(root)
        self._each(root.children)
        return "".join(self._out)

    def _each(self, clauses: Sequence[Clause]) -> None:
        for clause in clauses:
            self._clause(clause)

    def _clause(self, clause: Clause) -> None:
        index = self._index
        self._index += 1
        _RENDERERS[clause.kind](self, clause, index)

    def _text(self, clause: Clause, index: int) -> str:
        """The HTML of a clause's own text, with its run-in items, which are skipped as children."""
        run_in = [child for child in clause.children if child.kind is ClauseKind.RUN_IN]
        for item in run_in:
            self._index += sum(1 for _ in item.walk())
        return self.mark_links(
            render_inline(clause.inline, run_in, self.resolve, self.overlays.get(index, ()), self.cited)
        )

    def _blocks(self, clause: Clause) -> None:
        self._each([child for child in clause.children if child.kind is not ClauseKind.RUN_IN])

    def _permalink(self, clause: Clause) -> str:
        """The link of a clause to itself. It is not in the tab order: a page has hundreds of clauses."""
        label = escape(self.link_to.format(label=shown_label(clause.label, self.words)))
        name = (self.cited or {}).get(clause.anchor)
        cited = f' data-cite="{escape(name)}"' if name else ""
        href = escape(clause.anchor)
        return f'<a class="headerlink eg-link" href="#{href}" aria-label="{label}"{cited} tabindex="-1"></a>'

    def _note(self, index: int) -> None:
        if index in self.notes:
            self._out.append(self.notes[index])

    def _section(self, clause: Clause, index: int) -> None:
        tag = f"h{clause.level}"
        number = ""
        if clause.generated:
            number = f'<span class="eg-number" data-engross-generated>{shown_number(clause)}</span> '
        text = self._text(clause, index)
        self._out.append(f'<{tag} id="{escape(clause.anchor)}">{number}{text}{self._permalink(clause)}</{tag}>\n')
        self._note(index)
        self._blocks(clause)

    def _paragraph(self, clause: Clause, index: int) -> None:
        text = self._text(clause, index)
        self._out.append(f'<p id="{escape(clause.anchor)}">{text}{self._permalink(clause)}</p>\n')
        self._note(index)

    def _list(self, clause: Clause, _index: int) -> None:
        opening, closing = self._list_tags(clause)
        self._out.append(f"{opening}\n")
        values = _values(clause) if clause.list_kind is ListKind.ORDERED else [""] * len(clause.children)
        for item, value in zip(clause.children, values, strict=True):
            self._item(item, value, tight=clause.tight)
        self._out.append(f"{closing}\n")

    def _list_tags(self, clause: Clause) -> tuple[str, str]:
        if clause.list_kind is ListKind.BULLET:
            return '<ul class="eg-definitions">' if self._defines(clause) else "<ul>", "</ul>"
        if clause.list_kind is ListKind.ENUMERATED:
            return '<ol class="eg-enumerated" data-engross-enumerated>', "</ol>"
        if clause.list_kind is ListKind.FOOTNOTES:
            name = escape(self.footnotes)
            return f'<section class="eg-footnotes" role="doc-endnotes" aria-label="{name}">\n<ol>', "</ol>\n</section>"
        start = _ordinal(clause.children[0])
        bracket = ' class="eg-bracket"' if clause.children[0].marker.endswith(")") else ""
        return f'<ol{bracket} start="{start}">' if start != 1 else f"<ol{bracket}>", "</ol>"

    def _defines(self, listing: Clause) -> bool:
        """Whether the items of the list that is rendered next are definitions."""
        if not self.defining:
            return False
        sizes = (sum(1 for _ in item.walk()) for item in listing.children)
        items = list(accumulate(sizes, initial=self._index))[:-1]
        return 2 * len(self.defining.intersection(items)) > len(items)

    def _item(self, clause: Clause, value: str, *, tight: bool) -> None:
        index = self._index
        self._index += 1
        text = self._text(clause, index)
        marker = ""
        if clause.list_kind is ListKind.ENUMERATED:
            marker = f"{marker_link(clause, self.cited)}{escape(clause.marker)}</a> "
        else:
            text += self._permalink(clause)
        body = f"{marker}{text}" if tight or not text else f"<p>{marker}{text}</p>"
        self._out.append(f'<li id="{escape(clause.anchor)}"{value}>{body}')
        self._note(index)
        self._blocks(clause)
        if clause.list_kind is ListKind.FOOTNOTES:
            self._out.append(self._backlinks(clause))
        self._out.append("</li>\n")

    def _backlinks(self, note: Clause) -> str:
        """The links of a footnote to each place in the text that refers to it."""
        anchor, name = escape(note.anchor), escape(self.back_to)
        links = (
            f'<a class="eg-back" href="#{anchor}_{use}" role="doc-backlink" aria-label="{name}"></a>'
            for use in range(1, self._references[f"#{note.anchor}"] + 1)
        )
        return f"<span data-engross-generated>{''.join(links)}</span>"

    def _quote(self, clause: Clause, _index: int) -> None:
        self._out.append(f'<blockquote id="{escape(clause.anchor)}">\n')
        self._blocks(clause)
        self._out.append("</blockquote>\n")

    def _table(self, clause: Clause, _index: int) -> None:
        reached = ' tabindex="0"' if self.scroll else ""
        self._out.append(f'<table id="{escape(clause.anchor)}"{reached}>\n')
        for at, row in enumerate(clause.children):
            self._out.append("<thead>\n" if at == 0 else "<tbody>\n" if at == 1 else "")
            self._row(row, "th" if at == 0 else "td")
            self._out.append("</thead>\n" if at == 0 else "")
        self._out.append("</tbody>\n</table>\n" if len(clause.children) > 1 else "</table>\n")

    def _row(self, row: Clause, tag: str) -> None:
        self._index += 1
        self._out.append(f'<tr id="{escape(row.anchor)}">\n')
        for at, cell in enumerate(row.children):
            index = self._index
            self._index += 1
            align = f' class="eg-{escape(cell.align)}"' if cell.align else ""
            link = self._permalink(row) if at == len(row.children) - 1 and tag == "td" else ""
            self._out.append(f"<{tag}{align}>{self._text(cell, index)}{link}{self.notes.get(index, '')}</{tag}>\n")
        self._out.append("</tr>\n")

    def _code(self, clause: Clause, _index: int) -> None:
        language = f' class="language-{escape(clause.language)}"' if clause.language else ""
        text = escape(clause.inline.text)
        self._out.append(f'<pre id="{escape(clause.anchor)}"><code{language}>{text}\n</code></pre>\n')

    def _rule(self, _clause: Clause, _index: int) -> None:
        self._out.append("<hr>\n")


def _footnote_references(root: Clause) -> Counter[str]:
    """Count the references to each footnote; run-in items repeat the marks of the sentence around them."""
    marks = (mark for clause in root.walk() if clause.kind is not ClauseKind.RUN_IN for mark in clause.inline.marks)
    return Counter(mark.target for mark in marks if mark.kind is MarkKind.FOOTNOTE)


def shown_number(section: Clause) -> str:
    """A section's generated number as shown before its heading: "3." at the top level, "3.1" below; else empty."""
    if not section.generated:
        return ""
    return section.number if "." in section.number else f"{section.number}."


def _values(listing: Clause) -> list[str]:
    """The `value` attributes that make each item of an ordered list show its number in the text."""
    ordinals = [_ordinal(item) for item in listing.children]
    following = [ordinals[0], *(ordinal + 1 for ordinal in ordinals)]
    return ["" if ordinal == due else f' value="{ordinal}"' for ordinal, due in zip(ordinals, following, strict=False)]


def _ordinal(item: Clause) -> int:
    return int(item.marker[:-1])


_RENDERERS: dict[ClauseKind, Callable[[ClauseRenderer, Clause, int], None]] = {
    ClauseKind.SECTION: ClauseRenderer._section,
    ClauseKind.PARAGRAPH: ClauseRenderer._paragraph,
    ClauseKind.LIST: ClauseRenderer._list,
    ClauseKind.QUOTE: ClauseRenderer._quote,
    ClauseKind.TABLE: ClauseRenderer._table,
    ClauseKind.CODE: ClauseRenderer._code,
    ClauseKind.RULE: ClauseRenderer._rule,
}


def rows_html(document: Document, words: Mapping[str, str], deadlines: Mapping[str, date] = NO_DEADLINES) -> str:
    """Render a model list or register from its tree: the text about the list, then each row with its facts.

    `deadlines` are the last days on which customers may object to rows, by the row's id.
    """
    parts, attribute = [], "row" if document.entry.register else "model"
    for clause in labelled_rows(document.entry, document.root, words).children:
        if clause.kind is not ClauseKind.SECTION:
            parts.append(f"<p>{escape(clause.inline.text)}</p>\n")
            continue
        named = ((escape(one.name), _fact(one)) for one in clause.children)
        facts = "".join(f"<div><dt>{name}</dt><dd>{shown}</dd></div>\n" for name, shown in named)
        row = escape(clause.anchor)
        parts.append(
            f'<section data-engross-{attribute}="{row}">\n<h2 id="{row}">{escape(clause.inline.text)}</h2>\n'
            f'<dl class="facts"><div><dt>{escape(words["id"])}</dt><dd><code>{row}</code></dd></div>\n'
            f"{facts}{_deadline(deadlines.get(clause.anchor), words)}</dl>\n</section>\n"
        )
    return "".join(parts)


def _deadline(day: date | None, words: Mapping[str, str]) -> str:
    if day is None:
        return ""
    shown = f'<time datetime="{day}">{escape(shown_day(day, words))}</time>'
    return f"<div data-engross-generated><dt>{escape(words['register_objection'])}</dt><dd>{shown}</dd></div>\n"


def _fact(clause: Clause) -> str:
    text = escape(clause.inline.text)
    return f'<a href="{text}">{text}</a>' if clause.inline.text.startswith("https://") else text
