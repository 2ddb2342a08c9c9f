"""A tree of clauses as text, one clause a line: what the golden files hold."""

from collections.abc import Iterator

from engross.model import Clause, ClauseKind, Inline, ListKind, Mark, MarkKind

SHOWN = 60


def render(root: Clause) -> str:
    """The tree, indented by depth: lines, kind, marker, text, then anchor, label and whatever else is not empty."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(root, 0))


def _lines(clause: Clause, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{' '.join(filter(None, _parts(clause)))}"
    for child in clause.children:
        yield from _lines(child, depth + 1)


def _parts(clause: Clause) -> Iterator[str]:
    first, last = clause.lines
    yield f"{first}" if first == last else f"{first}-{last}"
    yield _kind(clause)
    yield clause.marker
    if clause.kind is ClauseKind.RUN_IN:
        yield f"[{clause.span[0]}:{clause.span[1]}]"
    yield _text(clause.inline)
    yield f"#{clause.anchor}" if clause.anchor else ""
    yield f"<{clause.label}>" if clause.label else ""
    yield f"number={clause.number}{' generated' if clause.generated else ''}" if clause.number else ""
    yield f"name={clause.name!r}" if clause.name and clause.name != clause.inline.text else ""
    yield f"align={clause.align}" if clause.align else ""
    yield f"language={clause.language}" if clause.language else ""
    if clause.kind is not ClauseKind.RUN_IN:
        yield from (_mark(mark, clause.inline) for mark in clause.inline.marks)


def _kind(clause: Clause) -> str:
    if clause.kind is ClauseKind.SECTION:
        return f"h{clause.level}"
    if clause.kind is ClauseKind.LIST:
        assert isinstance(clause.list_kind, ListKind)
        return f"{clause.list_kind} list{' tight' if clause.tight else ''}"
    return clause.kind


def _text(inline: Inline) -> str:
    text = inline.text
    return repr(text if len(text) <= SHOWN else f"{text[: SHOWN - 20]} … {text[-17:]}") if text else ""


def _mark(mark: Mark, inline: Inline) -> str:
    words = repr(inline.text[mark.start : mark.end][:SHOWN])
    target = f" -> {mark.target}" if mark.kind in (MarkKind.LINK, MarkKind.IMAGE) else ""
    title = f" {mark.title!r}" if mark.title else ""
    return f"{{{mark.kind} {words}{target}{title}}}"
