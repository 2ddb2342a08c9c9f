"""Cross-references as Word's fields.

A reference that ends with the number that Word generates for its target is a field with that number, "Section" and
REF … \\r. One that names its target's whole heading is a field with that text. Any other reference is a link to its
target: a field would replace its words when Word updates the fields.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from engross.exporting.word.paragraphs import Paragraph, Part, Text
from engross.exporting.word.runs_xml import Link
from engross.model import Binding, Clause, ClauseKind, Document, Inline, Mark, MarkKind
from engross.redline import Style

REFERENCE = "engross-reference:"
"""The beginning of the target of a cross-reference, which is a link that no document can contain."""
_SWITCHES = {"number": "\\r \\h", "path": "\\w \\h", "alone": "\\n \\h", "text": "\\h"}


def with_references(document: Document, binding: Binding | None) -> Clause:
    """Return the tree of a document in which references to clauses of the document itself are links.

    The target of such a link is `REFERENCE` and the anchor. References that touch another link stay as they are.
    """
    found: dict[int, list[Mark]] = defaultdict(list)
    for one in binding.references if binding else ():
        if one.target and one.target[1] and one.place.document == document.id == one.target[0]:
            target = f"{REFERENCE}{one.target[1]}"
            found[one.place.clause].append(Mark(one.place.start, one.place.end, MarkKind.LINK, target))
    return _marked(document.root, found, iter(range(1 << 60))) if found else document.root


def _marked(clause: Clause, found: Mapping[int, list[Mark]], numbers: Iterator[int]) -> Clause:
    index = next(numbers)
    children = tuple(_marked(child, found, numbers) for child in clause.children)
    marks = [mark for mark in found.get(index, ()) if _is_free(mark, clause.inline)]
    inline = clause.inline
    if marks and clause.kind is not ClauseKind.RUN_IN:
        # A link is outermost, so that a reference with bold words is one link.
        ordered = sorted((*marks, *inline.marks), key=attrgetter("start"))
        inline = replace(inline, marks=tuple(ordered))
    return replace(clause, inline=inline, children=children)


def _is_free(mark: Mark, inline: Inline) -> bool:
    taken = (MarkKind.LINK, MarkKind.IMAGE, MarkKind.FOOTNOTE, MarkKind.CODE)
    return not any(one.kind in taken and one.start < mark.end and mark.start < one.end for one in inline.marks)


def as_fields(parts: Iterable[Part], names: Mapping[str, str]) -> None:
    """Decide for each reference what it becomes, and split off the part of it that a field replaces."""
    paragraphs = [part for part in parts if isinstance(part, Paragraph)]
    by_name = {name: part for part in paragraphs for name in part.names}
    for part in paragraphs:
        part.texts = [made for text in part.texts for made in _as_field(text, names, by_name)]


def _as_field(text: Text, names: Mapping[str, str], by_name: Mapping[str, Paragraph]) -> Iterator[Text]:
    style = next((style for style in text.styles if style.target.startswith(REFERENCE)), None)
    if style is None:
        yield text
        return
    name = names.get(style.target.removeprefix(REFERENCE), "")
    target = by_name.get(name)
    for kind, words in _candidates(target):
        at = text.text.rfind(words)
        if at >= 0 and _is_apart(text.text, at, at + len(words)):
            for start, end, means in ((0, at, "link"), (at, at + len(words), kind), (at + len(words), None, "link")):
                if part := text.text[start:end]:
                    yield replace(text, text=part, styles=_restyled(text, style, f"{REFERENCE}{means}:{name}"))
            return
    yield replace(text, styles=_restyled(text, style, f"{REFERENCE}link:{name}" if name else ""))


def _restyled(text: Text, style: Style, target: str) -> tuple[Style, ...]:
    kept = [one for one in text.styles if one is not style]
    return (Style(MarkKind.LINK, target), *kept) if target else tuple(kept)


def _candidates(target: Paragraph | None) -> Iterator[tuple[str, str]]:
    """Yield what a field could show for a target, by its kind: numbers without the full stop at their end."""
    if target is None:
        return
    number, path = (one.removesuffix(".") for one in (target.number, target.path))
    if path and path != number:
        yield "path", path
    if number:
        yield ("alone" if path != number else "number"), number
    words = "".join(one.text for one in target.texts)
    if target.shape.style.startswith("Heading") and words:
        yield "text", words


def _is_apart(text: str, start: int, end: int) -> bool:
    """Return whether a part of a text is not in the middle of a word or number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (text[start] == "(" or not (before.isalnum() or before in (".", "("))) and not after.isalnum()


def field_of(target: str) -> Link | None:
    """Return what the target of a reference means in the file."""
    kind, _, name = target.removeprefix(REFERENCE).partition(":")
    if kind == "link":
        return Link(name=name)
    return Link(name=name, field=f"REF {name} {_SWITCHES[kind]}") if kind in _SWITCHES else None
