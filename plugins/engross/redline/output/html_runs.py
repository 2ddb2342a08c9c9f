"""Writes runs as inline HTML: deleted words in `del`, inserted words in `ins`, with the styles around or inside them.

A style that continues over a change stays open around it; a style that only the change has is inside it. So removing
every `del` leaves the new text with its markup, and removing every `ins` the old one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from html import escape

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import MarkKind
from engross.redline.changes import Labels
from engross.redline.script import Break, Op, Run, Style

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f]")
_SAFE_SCHEMES = ("http", "https", "mailto", "tel")
_NAMES = {Op.INSERTED: "ins", Op.DELETED: "del"}
_ELEMENTS = {
    MarkKind.STRONG: "strong",
    MarkKind.EMPHASIS: "em",
    MarkKind.CODE: "code",
    MarkKind.STRIKE: "s",
    MarkKind.FOOTNOTE: "sup",
    MarkKind.SUPERSCRIPT: "sup",
    MarkKind.SUBSCRIPT: "sub",
}


_Around = tuple[tuple[Style, ...], tuple[Style, ...]]


@value_class(frozen=True, slots=True)
class _Tag:
    opening: str
    closing: str


def hidden_text(words: str) -> str:
    """Return text for screen readers, which do not announce colours and lines; it is not shown."""
    return f'<span class="said">{escape(words)}</span>'


def _op_tag(op: Op, labels: Labels) -> _Tag:
    name, word = _NAMES[op], labels.inserted if op is Op.INSERTED else labels.deleted
    return _Tag(
        f"<{name}>{hidden_text(f' {word}: ')}", f"{hidden_text(f', {labels.end_of.format(what=word)}; ')}</{name}>"
    )


def runs_html(runs: Sequence[Run], labels: Labels) -> str:
    """Write runs with the changes marked."""
    if all(run.op is Op.EQUAL and run.was is None and run.starts is None for run in runs):
        return plain_html(runs)
    writer = _Writer()
    for at, run in enumerate(runs):
        if run.starts:
            writer.write((), _break(run.op, run.starts, labels))
            continue
        around = _equal_before(runs, at), _equal_after(runs, at)
        if run.op is not Op.EQUAL:
            stack = _stack(run.styles, run.op, around, labels, blank=_is_blank_of_break(runs, at))
            writer.write(stack, _text(run.text, run.styles))
        elif run.was is not None:
            writer.write(_stack(run.was, Op.DELETED, around, labels), _text(run.text, run.was))
            writer.write(_stack(run.styles, Op.INSERTED, around, labels), _text(run.text, run.styles))
        else:
            writer.write(_style_tags(run.styles), _text(run.text, run.styles))
    return writer.finish()


def plain_html(runs: Iterable[Run]) -> str:
    """Write the runs of a block that is unchanged, or was inserted or deleted as a whole, without marks inside."""
    writer = _Writer()
    for run in runs:
        writer.write(_style_tags(run.styles), _text(run.text, run.styles))
    return writer.finish()


@value_class
class _Writer:
    """Opens and closes tags for each text's stack, and keeps shared tags of neighbours open."""

    parts: list[str] = field(default_factory=list)
    opened: list[_Tag] = field(default_factory=list)

    def write(self, stack: tuple[_Tag, ...], text: str) -> None:
        """Write a text inside the tags of `stack`; tags that are open already stay open."""
        keep = _common(self.opened, stack)
        self._close_to(keep)
        for tag in stack[keep:]:
            self.parts.append(tag.opening)
            self.opened.append(tag)
        self.parts.append(text)

    def finish(self) -> str:
        self._close_to(0)
        return "".join(self.parts)

    def _close_to(self, depth: int) -> None:
        while len(self.opened) > depth:
            self.parts.append(self.opened.pop().closing)


def _common(first: Sequence[object], second: Sequence[object]) -> int:
    at = 0
    while at < min(len(first), len(second)) and first[at] == second[at]:
        at += 1
    return at


_BLANK = {Op.INSERTED: _Tag('<ins class="blank">', "</ins>"), Op.DELETED: _Tag('<del class="blank">', "</del>")}


def _stack(
    styles: tuple[Style, ...], op: Op, around: _Around, labels: Labels, *, blank: bool = False
) -> tuple[_Tag, ...]:
    """Return the tags of a text: the change inside the styles that continue around it. `blank`: no text to announce."""
    shared = max(_common(styles, around[0]), _common(styles, around[1]))
    tags = _style_tags(styles)
    return (*tags[:shared], _BLANK[op] if blank else _op_tag(op, labels), *tags[shared:])


def _is_blank_of_break(runs: Sequence[Run], at: int) -> bool:
    """Return whether a run is only the blank that corresponds to a break on the other side."""
    near = (runs[at - 1] if at else None, runs[at + 1] if at + 1 < len(runs) else None)
    return runs[at].text == " " and any(run is not None and run.starts is not None for run in near)


def _equal_before(runs: Sequence[Run], at: int) -> tuple[Style, ...]:
    return _nearest_equal(runs[i] for i in range(at - 1, -1, -1))


def _equal_after(runs: Sequence[Run], at: int) -> tuple[Style, ...]:
    return _nearest_equal(runs[i] for i in range(at + 1, len(runs)))


def _nearest_equal(runs: Iterator[Run]) -> tuple[Style, ...]:
    for run in runs:
        if run.starts:
            return ()
        if run.op is Op.EQUAL and run.was is None:
            return run.styles
    return ()


def _style_tags(styles: Iterable[Style]) -> tuple[_Tag, ...]:
    """Return the tags around a text; an image's tag is part of its text, because adjacent images are separate."""
    return tuple(_style_tag(style) for style in styles if style.kind is not MarkKind.IMAGE)


def _style_tag(style: Style) -> _Tag:
    title = f' title="{escape(style.title)}"' if style.title else ""
    if style.kind is MarkKind.LINK:
        href = f' href="{escape(style.target)}"' if _is_safe(style.target) else ""
        return _Tag(f'<a{href}{title} rel="nofollow noreferrer">', "</a>")
    name = _ELEMENTS[style.kind]
    return _Tag(f'<{name} class="note-number">' if style.kind is MarkKind.FOOTNOTE else f"<{name}>", f"</{name}>")


def _is_safe(target: str) -> bool:
    """Return whether a link is safe. Parsed Markdown has only safe links, but a tree may have another source."""
    scheme = _SCHEME.match(_IGNORED_IN_URL.sub("", target))
    return scheme is None or scheme[1].lower() in _SAFE_SCHEMES


def _text(text: str, styles: tuple[Style, ...]) -> str:
    image = styles[-1] if styles and styles[-1].kind is MarkKind.IMAGE else None
    if image is None:
        return escape(text, quote=False).replace("\n", "<br>")
    # Images are not loaded, because a redline must not send requests. The address may be what changed.
    title = f' title="{escape(image.title)}"' if image.title else ""
    return f'<span class="image" data-source="{escape(image.target)}"{title}>{escape(text, quote=False)}</span>'


def _break(op: Op, starts: Break, labels: Labels) -> str:
    """Return the mark at which a block of either side begins. `data-opens` contains the old blocks, outermost first:
    depth, kind, kind of list, marker.
    """
    opens = [[depth, str(face.kind), str(face.list_kind or ""), face.marker] for depth, face in starts.opens]
    data = f' data-opens="{escape(json.dumps(opens, ensure_ascii=False))}"' if opens else ""
    if op is Op.EQUAL:
        return f'<span class="break"{data}></span>'
    word = f" {labels.break_inserted if op is Op.INSERTED else labels.break_deleted}. "
    return f'<{_NAMES[op]} class="break"{data}>{hidden_text(word)}</{_NAMES[op]}>'
