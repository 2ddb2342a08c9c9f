"""Reads Word files with code of its own and with pandoc: what is left when all changes are accepted, or rejected."""

import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pypandoc
from lxml import etree

from engross.model import Clause, ClauseKind, ListKind, MarkKind
from engross.redline import Line, Outline, of_nodes

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {"w": W[1:-1]}
_LISTS = re.compile("[•–◦]")


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    """A part of a Word file."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def settle(root: etree._Element, mode: str) -> etree._Element:
    """A part with all its changes accepted or rejected, as ECMA-376 describes them."""
    root = deepcopy(root)
    gone, kept = (
        (("del", "moveFrom"), ("ins", "moveTo")) if mode == "accept" else (("ins", "moveTo"), ("del", "moveFrom"))
    )
    for row in [row for name in gone for row in root.iterfind(f".//{W}tr/{W}trPr/{W}{name}/../..")]:
        row.getparent().remove(row)
    for paragraph in list(root.iter(f"{W}p")):
        _settle_runs(paragraph, gone, kept)
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)
    for paragraph in list(root.iter(f"{W}p")):
        if any(paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in gone):
            _join(paragraph)
    return root


def _settle_runs(paragraph: etree._Element, gone: tuple[str, ...], kept: tuple[str, ...]) -> None:
    for name in gone:
        for change in [one for one in paragraph.iter(f"{W}{name}") if one.getparent().tag != f"{W}rPr"]:
            if change.getparent() is not None:
                change.getparent().remove(change)
    for name in kept:
        for change in [one for one in paragraph.iter(f"{W}{name}") if one.getparent().tag != f"{W}rPr"]:
            place = change.getparent().index(change)
            for at, child in enumerate(list(change)):
                change.getparent().insert(place + at, child)
            change.getparent().remove(change)


def _join(paragraph: etree._Element) -> None:
    """Join a paragraph whose end is gone with the next one."""
    following = paragraph.getnext()
    while following is not None and following.tag not in (f"{W}p", f"{W}tbl"):
        following = following.getnext()
    content = [child for child in paragraph if child.tag != f"{W}pPr"]
    if following is not None and following.tag == f"{W}p":
        first = 1 if following.find(f"{W}pPr") is not None else 0
        for at, child in enumerate(content):
            following.insert(first + at, child)
    else:
        assert not _text(paragraph).strip(), "text whose paragraph has no end"
    paragraph.getparent().remove(paragraph)


def _text(paragraph: etree._Element) -> str:
    parts = []
    for one in paragraph.iter():
        if one.tag in (f"{W}t", f"{W}delText"):
            parts.append(one.text or "")
        elif one.tag in (f"{W}tab", f"{W}br"):
            parts.append(" ")
        elif one.tag == f"{W}footnoteReference":
            parts.append(f" [note {one.get(f'{W}id')}] ")
    return "".join(parts)


def settled_words(data: bytes, mode: str) -> list[str]:
    """The words of a Word file with all changes accepted or rejected; the words of footnotes where they belong."""
    body = settle(part(data), mode)
    notes = {}
    for note in settle(part(data, "word/footnotes.xml"), mode):
        notes[note.get(f"{W}id")] = " ".join(map(_text, note.iter(f"{W}p")))
    text = "\n".join(_text(one) for one in body.iter(f"{W}p"))
    return re.sub(r"\[note (\d+)\]", lambda found: notes[found[1]], text).split()


def pandoc_words(data: bytes, mode: str, folder: Path) -> list[str]:
    """The words that pandoc reads."""
    return list(_words(pandoc_tree(data, mode, folder)))


def pandoc_tree(data: bytes, mode: str, folder: Path) -> dict[str, Any]:
    """What pandoc reads, as its JSON."""
    path = folder / "read.docx"
    path.write_bytes(data)
    command = [pypandoc.get_pandoc_path(), "-f", "docx+styles", "-t", "json", f"--track-changes={mode}", str(path)]
    read: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return read


def _words(value: Any) -> Iterator[str]:
    return iter("".join(_strings(value)).split())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict) and "t" in value:
        yield from _node(value["t"], value.get("c"))
    elif isinstance(value, dict):
        title = value.get("meta", {}).get("title")
        yield from _strings([title, value.get("blocks", [])])


def _node(kind: str, content: Any) -> Iterator[str]:
    if kind in ("Space", "SoftBreak", "LineBreak"):
        yield " "
    elif kind == "Str":
        yield content
    elif kind in ("Code", "CodeBlock"):
        yield content[1]
    elif kind == "Note":
        yield " "
        yield from _strings(content)
    elif content is not None:
        yield from _strings(content)
    if kind in ("Para", "Plain", "Header", "CodeBlock", "MetaInlines", "Note"):
        yield "\n"


def source_words(root: Clause) -> list[str]:
    """The words of a tree in order, with enumerators, and with footnotes where the text refers to them."""
    notes = {
        item.marker.strip("[]."): " ".join(_line_words(Outline().nodes(item)))
        for clause in root.walk()
        if clause.list_kind is ListKind.FOOTNOTES and clause.kind is ClauseKind.LIST
        for item in clause.children
    }
    body = [node for node in Outline().nodes(root) if node.face.list_kind is not ListKind.FOOTNOTES]
    return "\n".join(_line(line, notes) for line in of_nodes(body)).split()


def _line_words(nodes: Any) -> Iterator[str]:
    return (_line(line, {}) for line in of_nodes(nodes))


def _line(line: Line, notes: dict[str, str]) -> str:
    marker = line.marker
    if line.kind is ClauseKind.SECTION and marker and "." not in marker:
        marker += "."
    parts = [f"{marker} "]
    for piece in line.text:
        is_note = any(style.kind is MarkKind.FOOTNOTE for style in piece.styles)
        parts.append(f" {notes.get(piece.text.strip('[]'), '')} " if is_note else piece.text)
    return "".join(parts)


def is_well_formed(data: bytes) -> bool:
    """Whether all parts are XML, and no number of a bookmark or change is there twice."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        roots = [
            etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith((".xml", ".rels"))
        ]
    changes = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "bookmarkStart")
    ids = [one.get(f"{W}id") for root in roots for name in changes for one in root.iter(f"{W}{name}")]
    return len(ids) == len(set(ids))
