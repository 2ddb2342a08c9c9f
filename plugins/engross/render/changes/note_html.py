"""Renders a change note's summary: as plain text, and as HTML for a list of many changes (no anchors, no heading above
h4).

Links were written relative to the notes' folder, perhaps years ago. Links to pages that no longer exist become text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from engross.model import Change, Clause, ClauseKind, Inline, ListKind, Mark, MarkKind
from engross.record import cut_after_word, summary_tree
from engross.render.pages.inline import escape, render_inline

Lead = Callable[[str], str | None]
"""Resolves a link's target to its address; None if the target does not exist."""

_HIGHEST = 4
_SHORT = 400
"""Summaries up to this length, in characters, are shown whole beside a model."""
_PARTED = (ClauseKind.LIST, ClauseKind.TABLE)
_LINKS = (MarkKind.LINK, MarkKind.IMAGE)


def render_summary(note: Change, lead: Lead) -> str:
    """The HTML of a note's summary."""
    return "".join(_each(summary_tree(note.source).children, lead))


def render_about(note: Change, lead: Lead, about: Callable[[str], bool]) -> str:
    """The HTML of the parts of a summary that are about one thing; `about` finds its names in a text. These are whole
    paragraphs, items and rows, with the paragraph that introduces a list; all of the summary if it is short or never
    names the thing.
    """
    clauses = summary_tree(note.source).children
    chosen = list(_chosen(clauses, about)) if len(note.summary) > _SHORT else []
    return "".join(_each(chosen or clauses, lead))


def _chosen(clauses: Sequence[Clause], about: Callable[[str], bool]) -> Iterator[Clause]:
    before: Clause | None = None
    for clause in clauses:
        if clause.kind is ClauseKind.SECTION:
            yield from _chosen(clause.children, about)
        elif about(_all_words(clause)):
            if before and clause.kind in _PARTED:
                yield before
            yield _narrowed(clause, about) if clause.kind in _PARTED else clause
        before = clause if clause.kind is ClauseKind.PARAGRAPH and not about(_all_words(clause)) else None


def _narrowed(clause: Clause, about: Callable[[str], bool]) -> Clause:
    """A list or table with only the items or rows that name the thing, and the head of the table."""
    head = clause.children[:1] if clause.kind is ClauseKind.TABLE else ()
    return replace(clause, children=(*head, *(one for one in clause.children[len(head) :] if about(_all_words(one)))))


def _all_words(clause: Clause) -> str:
    return " ".join(" ".join(one.inline.text for one in clause.walk() if not _is_within(one)).split())


def plain_summary(note: Change, most: int = 0) -> str:
    """The summary's words in one line, without markup; cut after a word where there are more than `most` characters."""
    words = _all_words(summary_tree(note.source))
    return cut_after_word(words, most) if most else words


def text_summary(note: Change) -> str:
    """The summary as plain text: a blank line between paragraphs, a line for an item or row, addresses after words."""
    return "\n\n".join(filter(None, map(_as_text, summary_tree(note.source).children)))


def _as_text(clause: Clause) -> str:
    if clause.kind is ClauseKind.ROW:
        return " | ".join(map(_with_addresses, clause.children))
    marker = (clause.marker or "-") + " " if clause.kind is ClauseKind.ITEM else ""
    inner = [_as_text(child) for child in clause.children if not _is_within(child)]
    between = "\n" if clause.kind in (*_PARTED, ClauseKind.ITEM) else "\n\n"
    text = between.join(filter(None, (_with_addresses(clause), *inner)))
    return marker + text.replace("\n", "\n" + " " * len(marker))


def _with_addresses(clause: Clause) -> str:
    """The words of a clause without those of its parts, with addresses of other sites after words that link there."""
    text = clause.inline.text
    for mark in sorted(clause.inline.marks, key=lambda one: -one.end):
        if mark.kind is MarkKind.LINK and "://" in mark.target and mark.target != text[mark.start : mark.end]:
            text = f"{text[: mark.end]} ({mark.target}){text[mark.end :]}"
    return text


def _is_within(clause: Clause) -> bool:
    """Whether the clause is part of its parent's text."""
    return clause.kind is ClauseKind.RUN_IN


def _each(clauses: Sequence[Clause], lead: Lead) -> list[str]:
    return [_RENDER[clause.kind](clause, lead) for clause in clauses if clause.kind is not ClauseKind.RUN_IN]


def _words(clause: Clause, lead: Lead) -> str:
    inline = _living(clause.inline, lead)
    return render_inline(inline, (), lambda target: lead(target) or "")


def _living(inline: Inline, lead: Lead) -> Inline:
    """The text without links to missing targets."""
    if not inline.marks:
        return inline
    return replace(inline, marks=tuple(mark for mark in inline.marks if _lives(mark, lead)))


def _lives(mark: Mark, lead: Lead) -> bool:
    return mark.kind not in _LINKS or lead(mark.target) is not None


def _section(clause: Clause, lead: Lead) -> str:
    tag = f"h{min(clause.level + _HIGHEST - 1, 6)}"
    return f"<{tag}>{_words(clause, lead)}</{tag}>\n{''.join(_each(clause.children, lead))}"


def _paragraph(clause: Clause, lead: Lead) -> str:
    return f"<p>{_words(clause, lead)}</p>\n"


def _list(clause: Clause, lead: Lead) -> str:
    items = "".join(_item(item, lead) for item in clause.children)
    if clause.list_kind is ListKind.BULLET:
        return f"<ul>\n{items}</ul>\n"
    style = ' class="eg-lettered"' if clause.list_kind is ListKind.ENUMERATED else ""
    return f"<ol{style}>\n{items}</ol>\n"


def _item(clause: Clause, lead: Lead) -> str:
    value, marker = "", ""
    if clause.list_kind is ListKind.ENUMERATED:
        marker = f"{escape(clause.marker)} "
    elif clause.list_kind is ListKind.ORDERED:
        value = f' value="{int(clause.marker[:-1])}"'
    return f"<li{value}>{marker}{_words(clause, lead)}{''.join(_each(clause.children, lead))}</li>\n"


def _quote(clause: Clause, lead: Lead) -> str:
    return f"<blockquote>\n{''.join(_each(clause.children, lead))}</blockquote>\n"


def _table(clause: Clause, lead: Lead) -> str:
    head, *rest = clause.children
    body = f"<tbody>\n{''.join(_row(row, 'td', lead) for row in rest)}</tbody>\n" if rest else ""
    return f"<table>\n<thead>\n{_row(head, 'th', lead)}</thead>\n{body}</table>\n"


def _row(row: Clause, tag: str, lead: Lead) -> str:
    return f"<tr>{''.join(f'<{tag}>{_words(cell, lead)}</{tag}>' for cell in row.children)}</tr>\n"


def _code(clause: Clause, lead: Lead) -> str:  # noqa: ARG001 (same signature for each kind)
    return f"<pre><code>{escape(clause.inline.text)}\n</code></pre>\n"


def _rule(clause: Clause, lead: Lead) -> str:  # noqa: ARG001 (same signature for each kind)
    return "<hr>\n"


_RENDER: dict[ClauseKind, Callable[[Clause, Lead], str]] = {
    ClauseKind.SECTION: _section,
    ClauseKind.PARAGRAPH: _paragraph,
    ClauseKind.LIST: _list,
    ClauseKind.QUOTE: _quote,
    ClauseKind.TABLE: _table,
    ClauseKind.CODE: _code,
    ClauseKind.RULE: _rule,
}
