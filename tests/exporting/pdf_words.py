"""The text of a PDF in the order of its tags: what a reader who cannot see hears, and nothing of heads and feet.

Every piece of text in a content stream has a number (MCID) by which the tree of tags names it. Text is decoded by the
`ToUnicode` table of its font, as any reader does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject, NameObject

_TEXT = (b"Tj", b"TJ")
_NEW_LINE = (b"Td", b"TD", b"Tm", b"T*")


@dataclass
class Node:
    """A tag: its role, its own pieces of text with its children in order, and its alternative text."""

    role: str
    content: list["str | Node"] = field(default_factory=list)
    alternative: str = ""

    def walk(self) -> Iterator["Node"]:
        yield self
        for one in self.content:
            if isinstance(one, Node):
                yield from one.walk()

    def _own(self) -> Iterator[str]:
        for one in self.content:
            yield from [one] if isinstance(one, str) else one._own()

    def words(self, without: frozenset[str] = frozenset()) -> str:
        """All text inside, blanks as found, without tags of some roles; blocks are separated by a blank."""
        if self.role in without or (self.role == "Lbl" and GENERATED.fullmatch("".join(self._own()).strip())):
            return ""
        if self.alternative:
            return f" {self.alternative} "
        inside = "".join(one if isinstance(one, str) else one.words(without) for one in self.content)
        return inside if self.role in INLINE else f" {inside} "


GENERATED = re.compile(r"[•–]|↗\d+")
"""Bullets, and the marks of footnotes with addresses."""
INLINE = frozenset(("Span", "Link", "Reference", "Em", "Strong", "Code", "Note", "Sub", "Quote"))


def tags(data: bytes) -> Node:
    """The tree of tags of a PDF with its text."""
    reader = PdfReader(BytesIO(data))
    pieces: dict[tuple[int, int], str] = {}
    for page in reader.pages:
        number = page.indirect_reference.idnum if page.indirect_reference else 0
        pieces |= {(number, mcid): text for mcid, text in _pieces(reader, page).items()}
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    node = Node("Root")
    _fill(node, root.get("/K"), 0, pieces)
    return node


def _fill(node: Node, kids: Any, page: int, pieces: dict[tuple[int, int], str]) -> None:
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(one, int):
            node.content.append(pieces.get((page, int(one)), ""))
        elif isinstance(one, DictionaryObject) and one.get("/Type") == "/MCR":
            here = one.raw_get("/Pg").idnum if "/Pg" in one else page
            node.content.append(pieces.get((here, int(one["/MCID"])), ""))
        elif isinstance(one, DictionaryObject) and one.get("/Type") != "/OBJR":
            child = Node(str(one["/S"])[1:], alternative=str(one.get("/Alt", "")))
            _fill(child, one.get("/K", []), one.raw_get("/Pg").idnum if "/Pg" in one else page, pieces)
            node.content.append(child)


def _pieces(reader: PdfReader, page: Any) -> dict[int, str]:
    """The text of each piece of a page by its number."""
    fonts: dict[str, dict[str, str]] = {}
    found: dict[int, str] = {}
    stack: list[int | None] = []
    actual: list[str | None] = []
    font = ""
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            if isinstance(properties, NameObject):
                properties = page["/Resources"]["/Properties"][properties]
            mcid = properties.get("/MCID") if isinstance(properties, DictionaryObject) else None
            stack.append(int(mcid) if mcid is not None else stack[-1] if stack and operands[0] != "/Artifact" else None)
            text = properties.get("/ActualText") if isinstance(properties, DictionaryObject) else None
            actual.append(str(text) if text is not None else None)
            if text is not None and stack[-1] is not None:
                found[stack[-1]] = found.get(stack[-1], "") + str(text)
        elif operator == b"EMC":
            stack.pop()
            actual.pop()
        elif operator == b"Tf":
            font = str(operands[0])
            if font not in fonts:
                fonts[font] = _codes(page["/Resources"]["/Font"][font])
        elif operator in _TEXT and stack and stack[-1] is not None and not any(one is not None for one in actual):
            shown = operands[0] if operator == b"TJ" else [operands[0]]
            text = "".join(_decoded(one, fonts[font]) for one in shown if isinstance(one, (str, bytes)))
            found[stack[-1]] = found.get(stack[-1], "") + text
    return found


def _codes(font: Any) -> dict[str, str]:
    """The characters of each code of a font."""
    table = font["/ToUnicode"].get_data().decode("ascii", "replace")
    codes: dict[str, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, to in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            codes[_text(code)] = _text(to)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, to in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                codes[chr(int(first, 16) + step)] = _text(f"{int(to, 16) + step:0{len(to)}x}")
    return codes


def _text(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be", "surrogatepass")


def _decoded(shown: Any, codes: dict[str, str]) -> str:
    data = shown if isinstance(shown, bytes) else shown.original_bytes
    characters = (data[at : at + 2].decode("utf-16-be", "surrogatepass") for at in range(0, len(data), 2))
    return "".join(codes.get(one, "\ufffd") for one in characters)


def body(data: bytes, numbers: Iterable[str], end: str = "") -> str:
    """The words of the document in a PDF: what follows the contents, up to a heading `end`, one blank between words.

    Not in it: bullets, footnotes with addresses and their marks, and the generated `numbers` before headings, in order.
    """
    document = next(node for node in tags(data).walk() if node.role == "Document")
    last = max(at for at, node in enumerate(document.content) if _has(node, "TOC"))
    generated = iter(numbers)
    parts = []
    for node in document.content[last + 1 :]:
        if end and isinstance(node, Node) and node.words().strip().startswith(end):
            break
        parts.append(_without_generated(node, generated) if isinstance(node, Node) else node)
    return " ".join("".join(parts).split())


def _without_generated(node: Node, generated: Iterator[str]) -> str:
    text = node.words(frozenset(("Note",)))
    if re.fullmatch(r"H\d?", node.role):
        number = next(generated)
        assert text.strip().startswith(number)
        return text.replace(number, "", 1)
    return text


def _has(node: "Node | str", role: str) -> bool:
    return isinstance(node, Node) and any(one.role == role for one in node.walk())
