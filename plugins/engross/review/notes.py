"""Pending notes as customers will read them, as Markdown that a host shows and that notifies nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from engross.common import code_block, code_span, escape_markdown, marked_markdown
from engross.model import Change, Clause, ClauseKind, Inline, ListKind, MarkKind
from engross.record import Plan, summary_tree, title_of
from engross.review.content import Ground, Note

_SIGNS = {MarkKind.STRONG: "**", MarkKind.EMPHASIS: "*", MarkKind.STRIKE: "~~"}


def read_note(plan: Plan, note: Change) -> Note:
    """Return a pending note as the review shows it."""
    titles = {ground.id: ground.title for ground in plan.project.settings.grounds}
    return Note(
        note.slug,
        title_of(note),
        note.source.path,
        str(note.change_class),
        note.material,
        note.approved_by,
        note.summary,
        tuple(_each(summary_tree(note.source).children)),
        note.emergency,
        note.editorial_because,
        tuple(Ground(titles.get(one.id, one.id), one.cites, one.conditions) for one in note.grounds),
        note.not_material_because,
        note.sooner_because,
        note.notice_kept_because,
        note.reference if plan.project.settings.publish_reference else "",
        note.one_language_because,
        note.at_once_because,
        note.if_you_disagree,
    )


def _each(clauses: Sequence[Clause]) -> Iterator[str]:
    """Yield the lines of clauses, with an empty line between blocks."""
    parted = False
    for clause in clauses:
        if clause.kind in _WRITERS:
            if parted:
                yield ""
            yield from _WRITERS[clause.kind](clause)
            parted = True


def _paragraph(clause: Clause) -> Iterator[str]:
    yield _inline(clause.inline)


def _section(clause: Clause) -> Iterator[str]:
    yield marked_markdown("**", escape_markdown(clause.inline.text))
    if clause.children:
        yield ""
        yield from _each(clause.children)


def _list(clause: Clause) -> Iterator[str]:
    for item in clause.children:
        marker = f"{escape_markdown(item.marker)} " if clause.list_kind is not ListKind.BULLET else ""
        yield f"- {marker}{_inline(item.inline)}"
        inner = [one for one in item.children if one.kind is not ClauseKind.RUN_IN]
        for line in _each(inner):
            yield f"  {line}".rstrip()


def _quote(clause: Clause) -> Iterator[str]:
    yield from (f"> {line}".rstrip() for line in _each(clause.children))


def _table(clause: Clause) -> Iterator[str]:
    head, *rows = clause.children
    yield _row(head)
    yield f"|{' --- |' * len(head.children)}"
    yield from map(_row, rows)


def _row(row: Clause) -> str:
    return f"| {' | '.join(_inline(cell.inline, _cell_code) for cell in row.children)} |"


def _cell_code(text: str) -> str:
    """Return a text as code within a table, where hosts look for the ends of cells first."""
    return code_span(text).replace("|", "\\|")


def _code(clause: Clause) -> Iterator[str]:
    yield from code_block(clause.inline.text)


_WRITERS: dict[ClauseKind, Callable[[Clause], Iterator[str]]] = {
    ClauseKind.PARAGRAPH: _paragraph,
    ClauseKind.SECTION: _section,
    ClauseKind.LIST: _list,
    ClauseKind.QUOTE: _quote,
    ClauseKind.TABLE: _table,
    ClauseKind.CODE: _code,
}


def _inline(inline: Inline, code: Callable[[str], str] = code_span) -> str:
    """Return running text with its marks. A link is its text and its address: a host could act on a real link."""
    edges = sorted({0, len(inline.text), *(edge for mark in inline.marks for edge in (mark.start, mark.end))})
    parts = []
    for start, end in pairwise(edges):
        text = inline.text[start:end]
        marks = [mark for mark in inline.marks if mark.start <= start and mark.end >= end > start]
        if any(mark.kind is MarkKind.CODE for mark in marks):
            parts.append(code(text))
        else:
            shown = _spaced(text)
            for sign in (_SIGNS[mark.kind] for mark in marks if mark.kind in _SIGNS):
                shown = marked_markdown(sign, shown)
            parts.append(shown)
        ending = (one for one in marks if one.end == end and one.kind in (MarkKind.LINK, MarkKind.IMAGE))
        parts += [f" ({code(mark.target)})" for mark in ending if mark.target]
    return "".join(parts).strip()


def _spaced(text: str) -> str:
    if not text.strip():
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{escape_markdown(text)}{' ' * text[-1].isspace()}"
