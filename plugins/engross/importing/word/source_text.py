"""The visible text of a Word file, extracted a second time for the word check.

This module shares no rule with the reader: it walks the XML with the standard library and collects text where Word
stores it, in the order of the document; text boxes follow their paragraph, notes are last, in the order of their
references. It leaves out only what is no text of the document: tracked changes that do not apply, and instructions of
fields. Headers and footers are other parts, and are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXTS = ("t", "delText")
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "ptab": " ", "noBreakHyphen": "\u2011"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


def source_text(document: bytes, notes: dict[str, bytes], *, accept: bool) -> str:
    """Return the visible text of a document; `notes` are the parts of notes by "footnote" and "endnote".

    `accept` says whether tracked changes apply.
    """
    reader = _Reader(accept)
    text = reader.text(fromstring(document))
    stored = {
        (kind, one.get(f"{_W}id", "")): one for kind, data in notes.items() for one in fromstring(data).iter(_W + kind)
    }
    parts = [text]
    done = 0
    while done < len(reader.notes):
        note = stored.get(reader.notes[done])
        done += 1
        if note is not None:
            parts.append(reader.text(note))
    return "\n".join(parts)


class _Reader:
    """Collects the text of elements; `notes` are the notes that the text refers to, in order."""

    def __init__(self, accept: bool) -> None:
        self.notes: list[tuple[str, str]] = []
        self._gone = ("del", "moveFrom") if accept else ("ins", "moveTo")

    def text(self, root: Element) -> str:
        """Return the text of an element and all within it."""
        boxes: list[Element] = []
        text = "".join(self._parts(root, boxes))
        return text + "".join(self.text_of_children(box) for box in boxes)

    def _parts(self, one: Element, boxes: list[Element]) -> Iterator[str]:
        name = one.tag.rpartition("}")[2]
        if name == "p" and one.tag.startswith(_W):
            yield from self._paragraph(one)
        elif name in self._gone or self._is_gone_row(name, one):
            return
        elif name == "txbxContent":
            boxes.append(one)
        elif name == "AlternateContent":
            yield from self._alternative(one, boxes)
        elif name in _TEXTS:
            yield one.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "rt":
            yield f" {self.text_of_children(one)} "
        elif name in _NOTES:
            if (key := (_NOTES[name], one.get(f"{_W}id", ""))) not in self.notes:
                self.notes.append(key)
        else:
            for child in one:
                yield from self._parts(child, boxes)
            if name in ("tc", "tr"):
                yield "\n"

    def _paragraph(self, one: Element) -> Iterator[str]:
        boxes: list[Element] = []
        for child in one:
            if not child.tag.endswith("}pPr"):
                yield from self._parts(child, boxes)
        mark = one.find(f"{_W}pPr/{_W}rPr")
        initial = one.find(f"{_W}pPr/{_W}framePr[@{_W}dropCap]") is not None
        if not initial and (mark is None or all(mark.find(_W + tag) is None for tag in self._gone)):
            yield "\n"
        for box in boxes:
            yield f"{self.text_of_children(box)}\n"

    def text_of_children(self, box: Element) -> str:
        """Return the text of a text box."""
        return "".join(part for child in box for part in self._parts(child, []))

    def _alternative(self, one: Element, boxes: list[Element]) -> Iterator[str]:
        chosen = one.find(f"{_MC}Choice")
        for child in chosen if chosen is not None else one.iterfind(f"{_MC}Fallback"):
            yield from self._parts(child, boxes)

    def _is_gone_row(self, name: str, one: Element) -> bool:
        if name == "tr":
            properties = one.find(f"{_W}trPr")
            return properties is not None and any(properties.find(_W + tag) is not None for tag in self._gone)
        cell = "cellDel" if "del" in self._gone else "cellIns"
        return name == "tc" and one.find(f"{_W}tcPr/{_W}{cell}") is not None
