"""Extracts the visible text of a web page a second time, by lxml, for the check that no word was lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from engross.importing.html_tree import Element
from engross.importing.values import missing_extra

_MARK = "data-engross-import"
_NOT_SHOWN = frozenset({
    "script", "style", "template", "noscript", "head", "title", "svg", "object", "iframe",
})  # fmt: skip
_RUNNING = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr", "nobr", "ruby", "rb", "rt", "rp",
})  # fmt: skip


def marked_text(text: str, main: Element, removed: Iterable[Element], notes: list[Element]) -> str:
    """Return the text in the main element of a page, without the removed elements; the notes are last, in order.

    Raises EngrossError if the extra is not installed.
    """
    marks = {element.offset: "removed" for element in removed}
    marks |= {note.offset: f"note-{at}" for at, note in enumerate(notes)}
    names = {element.offset: element.name for element in [*removed, *notes, main]}
    if main.name:
        marks[main.offset] = "main"
    root = _parse(_with_marks(text, marks, names))
    # Text before `<body>` opens a body of its own, and the mark of the written one is lost.
    chosen = root.xpath(f"//*[@{_MARK}='main']") if main.name else []
    parts = ["".join(_texts(chosen[0] if chosen else root))]
    for at in range(len(notes)):
        parts.extend("".join(_texts(note)) for note in root.xpath(f"//*[@{_MARK}='note-{at}']"))
    return "\n".join(parts)


def _with_marks(text: str, marks: dict[int, str], names: dict[int, str]) -> str:
    parts, done = [], 0
    for offset in sorted(marks):
        at = offset + 1 + len(names[offset])
        parts += [text[done:at], f' {_MARK}="{marks[offset]}"']
        done = at
    return "".join([*parts, text[done:]])


def _parse(text: str) -> Any:
    try:
        html = import_module("lxml.html")
    except ImportError:
        raise missing_extra("html") from None
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    return html.document_fromstring(text.encode("utf-8"), parser=parser)


def _texts(element: Any) -> Iterator[str]:
    """Yield the texts of an element, with a line end at the edges of those that are not running text."""
    stack: list[tuple[Any, bool]] = [(element, True)]
    while stack:
        node, opens = stack.pop()
        edge = "" if node.tag in _RUNNING else "\n"
        if not opens:
            yield edge
            yield (node.tail or "") if node is not element else ""
            continue
        mark = node.get(_MARK, "")
        if node is not element and (mark == "removed" or mark.startswith("note-") or node.tag in _NOT_SHOWN):
            yield node.tail or ""
            continue
        yield edge
        yield node.text or ""
        stack.append((node, False))
        stack.extend((child, True) for child in reversed(node))
