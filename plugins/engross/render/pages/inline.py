"""Renders an `Inline` as HTML: its marks, run-in items and overlays, properly nested.

Marks nest, but a run-in item may begin inside an emphasis and end after it. So at each boundary, an element that ends
is closed together with all elements opened inside it, and those that continue are opened again. A run-in item is always
outermost, because its anchor must not appear twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter

from engross.common import value_class
from engross.model import Clause, Inline, Mark, MarkKind
from engross.text import address_target

Resolve = Callable[[str], str]


def escape(text: str) -> str:
    """Escape text for HTML content and double-quoted attributes."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if '"' in text else text


@value_class(frozen=True, slots=True)
class Overlay:
    """An element around `text[start:end]`, from binding: its opening and closing tag."""

    start: int
    end: int
    before: str
    after: str


@value_class(frozen=True, slots=True)
class Stretch:
    """An element around `text[start:end]`: its start and end tag; a lower `rank` is further out."""

    start: int
    end: int
    rank: int
    before: str
    after: str


_AS_LABELLED: Mapping[str, str] = {}
_START = attrgetter("start")


def render_inline(
    inline: Inline,
    run_in: Sequence[Clause],
    resolve: Resolve,
    overlays: Sequence[Overlay] = (),
    cited: Mapping[str, str] | None = _AS_LABELLED,
) -> str:
    """Render running text. `run_in` are its outermost run-in items; `resolve` turns a written link into an address.

    `cited` are labels for citing items, by anchor, if they differ from the item's label; None, if no script of the page
    needs them.
    """
    if not (inline.marks or run_in or overlays):
        return escape(inline.text)
    if not (inline.marks or run_in):
        return "".join(_side_by_side(inline.text, overlays))
    items = _all_run_in(run_in)
    stretches = [_of_run_in(item) for item in items]
    replaced: dict[int, tuple[int, str]] = {}
    for mark in inline.marks:
        if mark.kind is MarkKind.BREAK:
            replaced[mark.start] = (mark.end, "<br>\n")
        elif mark.kind is MarkKind.IMAGE:
            replaced[mark.start] = (mark.end, _image(inline, mark, resolve))
        else:
            stretches.append(_of_mark(inline, mark, resolve, len(stretches)))
    stretches.extend(Stretch(o.start, o.end, LINK, o.before, o.after) for o in overlays)
    stretches.extend(_permalink(item, cited) for item in items if _is_free(item, inline, overlays))
    return "".join(nest_elements(inline.text, stretches, replaced))


def _side_by_side(text: str, overlays: Sequence[Overlay]) -> Iterator[str]:
    """A fast path for text with only overlays, which never overlap: most text with terms."""
    reached = 0
    written = escape if escape(text) != text else str
    for overlay in sorted(overlays, key=_START):
        yield written(text[reached : overlay.start])
        yield overlay.before
        yield written(text[overlay.start : overlay.end])
        yield overlay.after
        reached = overlay.end
    yield written(text[reached:])


RUN_IN, LINK, MARK = 0, 1, 2
"""Ranks of stretches: marks come last, in the order in which they nest."""


def _depth(stretch: Stretch) -> tuple[int, ...]:
    """The sort key of nesting: by rank; run-in items by their start and end."""
    return (RUN_IN, stretch.start, -stretch.end) if stretch.rank == RUN_IN else (stretch.rank,)


def _all_run_in(items: Sequence[Clause]) -> list[Clause]:
    return [inner for item in items for inner in item.walk()]


def _of_run_in(item: Clause) -> Stretch:
    return Stretch(*item.span, RUN_IN, f'<span id="{escape(item.anchor)}" class="eg-item">', "</span>")


def marker_link(item: Clause, cited: Mapping[str, str] | None = _AS_LABELLED) -> str:
    """The start tag of an enumerator's link to its item, with the label for citing and without a tab stop."""
    label = "" if cited is None else f' data-cite="{escape(cited.get(item.anchor, item.label))}"'
    return f'<a class="eg-marker" href="#{escape(item.anchor)}"{label} tabindex="-1">'


def _permalink(item: Clause, cited: Mapping[str, str] | None) -> Stretch:
    start = item.span[0]
    return Stretch(start, start + len(item.marker), LINK, marker_link(item, cited), "</a>")


def _is_free(item: Clause, inline: Inline, overlays: Sequence[Overlay]) -> bool:
    """Whether an item's enumerator is at its start and not inside another link: links do not nest."""
    start, end = item.span[0], item.span[0] + len(item.marker)
    links = [(mark.start, mark.end) for mark in inline.marks if mark.kind in _LINKS]
    links += [(overlay.start, overlay.end) for overlay in overlays]
    taken = any(first < end and start < last for first, last in links)
    return bool(item.marker) and not taken and inline.text.startswith(item.marker, start)


_LINKS = (MarkKind.LINK, MarkKind.IMAGE, MarkKind.FOOTNOTE, MarkKind.ADDRESS)
_TAGS = {
    MarkKind.STRONG: "strong",
    MarkKind.EMPHASIS: "em",
    MarkKind.CODE: "code",
    MarkKind.STRIKE: "s",
    MarkKind.SUPERSCRIPT: "sup",
    MarkKind.SUBSCRIPT: "sub",
}


def _of_mark(inline: Inline, mark: Mark, resolve: Resolve, order: int) -> Stretch:
    if mark.kind is MarkKind.LINK:
        title = f' title="{escape(mark.title)}"' if mark.title else ""
        return Stretch(mark.start, mark.end, MARK + order, f'<a href="{escape(resolve(mark.target))}"{title}>', "</a>")
    if mark.kind is MarkKind.ADDRESS:
        target = escape(address_target(inline.text[mark.start : mark.end]))
        return Stretch(mark.start, mark.end, MARK + order, f'<a href="{target}">', "</a>")
    if mark.kind is MarkKind.FOOTNOTE:
        note = escape(mark.target)
        here = f'<sup><a id="{note[1:]}_{escape(mark.title)}" class="eg-footnote" href="{note}" role="doc-noteref">'
        return Stretch(mark.start, mark.end, MARK + order, here, "</a></sup>")
    tag = _TAGS[mark.kind]
    return Stretch(mark.start, mark.end, MARK + order, f"<{tag}>", f"</{tag}>")


def _image(inline: Inline, mark: Mark, resolve: Resolve) -> str:
    alternative = escape(" ".join(inline.text[mark.start : mark.end].split()))
    title = f' title="{escape(mark.title)}"' if mark.title else ""
    return f'<img src="{escape(resolve(mark.target))}" alt="{alternative}"{title}>'


def nest_elements(text: str, stretches: list[Stretch], replaced: dict[int, tuple[int, str]]) -> list[str]:
    """Put elements around parts of a text, which is escaped; return the pieces of the result.

    `replaced` has markup to put in the place of characters: from the offset of the first, the end and the markup. It
    walks over all places where an element begins or ends, with a stack of open elements.
    """
    boundaries = {0, len(text), *replaced}
    for stretch in stretches:
        boundaries.update((stretch.start, stretch.end))
    begins: dict[int, list[Stretch]] = {}
    for stretch in stretches:
        begins.setdefault(stretch.start, []).append(stretch)
    out: list[str] = []
    stack: list[Stretch] = []
    reached = 0
    for at in sorted(boundaries):
        if at > reached:
            out.append(escape(text[reached:at]))
            reached = at
        stack = _change(out, stack, at, begins.get(at, []))
        if at in replaced:
            reached, shown = replaced[at]
            out.append(shown)
    while stack:
        out.append(stack.pop().after)
    return out


def _change(out: list[str], stack: list[Stretch], at: int, begun: list[Stretch]) -> list[Stretch]:
    """Close the elements that end at `at`, open those that begin there, and return the new stack."""
    wanted = [stretch for stretch in stack if stretch.end > at] + [stretch for stretch in begun if stretch.end > at]
    if len(wanted) == len(stack) and not begun:
        return stack
    wanted.sort(key=_depth)
    kept = 0
    while kept < len(stack) and kept < len(wanted) and stack[kept] is wanted[kept]:
        kept += 1
    while len(stack) > kept:
        out.append(stack.pop().after)
    for stretch in wanted[kept:]:
        out.append(stretch.before)
        stack.append(stretch)
    return stack
