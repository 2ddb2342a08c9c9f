"""Imports one file: recognises its format, reads it, writes contract Markdown, and checks that no word was lost.

The report of an import says so, in lines of text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import engross.common.lazy_re as re
from engross.common import EngrossError, error, read_file
from engross.importing.markdown_writer import write_markdown
from engross.importing.values import (
    RULE,
    Choices,
    Difference,
    Imported,
    Kind,
    Node,
    Reading,
    Remark,
    Report,
    missing_extra,
)
from engross.importing.word_check import compare_words, document_words, words_of
from engross.model import ClauseKind
from engross.text import decode, parse

MOST = 64 * 1024 * 1024
"""The most bytes of a source that are read."""
PICTURES = "img"
"""The folder of the pictures, beside the document."""
_PICTURE_TYPES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
_MOST_OF_PICTURE = 5 * 1024 * 1024

Reader = Callable[[bytes, str, Choices], Reading]
"""Reads the bytes of a file; the second argument is its name for messages. Raises EngrossError."""

_WORD = ("engross.importing.word.reader", "read_word", "word")
_PAGE = ("engross.importing.web_page", "read_web_page", "html")
_MARKDOWN = ("engross.importing.tagged_markdown", "read_markdown", "html")
_TEXT = ("engross.importing.plain_text", "read_plain_text", "")
READERS: Mapping[str, tuple[str, str, str]] = {
    ".docx": _WORD,
    ".docm": _WORD,
    **dict.fromkeys((".html", ".htm", ".xhtml"), _PAGE),
    **dict.fromkeys((".md", ".markdown", ".mdx"), _MARKDOWN),
    **dict.fromkeys((".txt", ".text", ""), _TEXT),
}
"""The readers by the suffix of the file: module, function and the extra that it needs. They are imported on use."""

_TITLE = re.compile(r"^#[ \t]+\S|^\S.*\n=+[ \t]*$", re.MULTILINE)
_OTHERS = (
    (b"%PDF-", "it is a PDF, from which clauses cannot be read reliably; import the Word file that it was made from"),
    (b"MIME-Version", "it is a web archive; open it in a browser and save it as a complete page (.html)"),
    (b"{\\rtf", "it is an RTF file; open it in a word processor and save it as .docx"),
)


def import_source(path: Path, name: str, choices: Choices) -> Imported:
    """Import a file as contract Markdown. `name` is that of the new document's file, without its suffix.

    Raises EngrossError if the file cannot be read, is of no known format, or has what an import refuses.
    """
    data = _read(path)
    reading = reader_of(path, data)(data, path.as_posix(), choices)
    return finish(reading, path.as_posix(), name, choices)


def finish(reading: Reading, source: str, name: str, choices: Choices) -> Imported:
    """Turn what a reader found into the imported document: title, pictures, Markdown, word check.

    Raises EngrossError if the source has no text.
    """
    remarks = list(reading.remarks)
    if not words_of(reading.text):
        raise EngrossError([error(RULE, source, 0, 0, "it has no text to import")])
    added = list(reading.labels)
    pictures = _place_pictures(reading, name, remarks)
    title = "" if has_title(reading) else choices.title or name.replace("-", " ").capitalize()
    if title:
        added.insert(0, title)
        if not choices.title:
            remarks.append(Remark(Kind.GUESSED, "", f"the source has no title; the name of the file is taken: {title}"))
    header: list[Node] = [{"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": title}]]}] if title else []
    written = write_markdown([*header, *reading.blocks])
    markdown = "\n".join(filter(None, (written.markdown.strip("\n") and written.markdown, reading.markdown)))
    remarks += written.remarks
    root = parse(decode(markdown.encode("utf-8"), f"{name}.md"))
    words = words_of(reading.text)
    labels = [*added, *written.labels]
    dropped = [remark.words for remark in remarks if remark.words]
    differences = compare_words(words, document_words(root), labels, dropped)
    report = Report(source, tuple(remarks), differences, len(words), len(labels))
    title = next((one.inline.text for one in root.walk() if one.kind is ClauseKind.SECTION), name)
    return Imported(" ".join(title.split()), markdown, pictures, report, reading.review)


def has_title(reading: Reading) -> bool:
    """Whether the source has a title itself."""
    if reading.markdown:
        return _TITLE.search(reading.markdown) is not None
    return any(block["t"] == "Header" and block["c"][0] == 1 for block in reading.blocks)


def _read(path: Path) -> bytes:
    try:
        return read_file(path, MOST)
    except FileNotFoundError:
        raise _unreadable(path, "there is no such file") from None
    except OSError as problem:
        raise _unreadable(path, (problem.strerror or str(problem)).lower()) from None


def reader_of(path: Path, data: bytes) -> Reader:
    """Return the reader for the bytes of a file. Raises EngrossError if there is none, or its extra is missing."""
    for begin, message in _OTHERS:
        if data.lstrip()[: len(begin)] == begin:
            raise EngrossError([error(RULE, path.as_posix(), 0, 0, message)])
    # An old Word file, and a file with a password, have another container; the reader of Word files explains it.
    word = data.startswith(b"\xd0\xcf\x11\xe0") or path.suffix.lower() == ".doc"
    named = READERS.get(".docx" if word else path.suffix.lower())
    if named is None:
        known = ", ".join(READERS)
        message = f"files of this kind cannot be imported; these can: {known}"
        raise EngrossError([error(RULE, path.as_posix(), 0, 0, message)])
    module, function, extra = named
    try:
        reader: Reader = getattr(import_module(module), function)
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("engross"):
            raise
        raise missing_extra(extra) from None
    return reader


def _unreadable(path: Path, why: str) -> EngrossError:
    return EngrossError([error("unreadable-file", path.as_posix(), 0, 0, why)])


def _place_pictures(reading: Reading, name: str, remarks: list[Remark]) -> dict[str, bytes]:
    """Give each picture its path beside the document; drop those that a site cannot show. Changes the blocks."""
    placed: dict[str, str] = {}
    for image in _images(reading.blocks):
        address = image["c"][2][0]
        if address not in placed:
            placed[address] = _picture_path(address, reading.pictures, name, len(placed) + 1, remarks)
        image["c"][2][0] = placed[address]
        if not placed[address]:
            image.update({"t": "Span", "c": [["", [], []], []]})
    return {path: reading.pictures[address] for address, path in placed.items() if path}


def _picture_path(address: str, pictures: Mapping[str, bytes], name: str, number: int, remarks: list[Remark]) -> str:
    data, suffix = pictures.get(address), Path(address).suffix.lower()
    if data is None:
        remarks.append(Remark(Kind.DROPPED, "", f"a picture that is not in the source and is not fetched: {address}"))
    elif suffix not in _PICTURE_TYPES:
        message = f"a picture of the kind {suffix or 'unknown'}, which browsers do not show: {address}; save it as .png"
        remarks.append(Remark(Kind.DROPPED, "", message))
    elif len(data) > _MOST_OF_PICTURE:
        remarks.append(Remark(Kind.DROPPED, "", f"a picture of more than 5 MB: {address}; make it smaller"))
    else:
        return f"{PICTURES}/{name}-{number}{suffix}"
    return ""


def _images(part: Any) -> Iterator[Node]:
    if isinstance(part, dict):
        if part.get("t") == "Image":
            yield part
        else:
            yield from _images(part.get("c"))
    elif isinstance(part, list):
        for one in part:
            yield from _images(one)


def report_lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report: the word check, then each remark with its places."""
    words = f"{report.words:,} words"
    if report.differences:
        count = len(report.differences)
        yield f"{report.source}: {words}; the imported text differs in {count} {'place' if count == 1 else 'places'}:"
        yield from (f"  {_difference(one)}" for one in report.differences)
    else:
        yield f"{report.source}: {words}; the imported text has them all, in the same order"
    if report.labels:
        yield f"  typed: {report.labels:,} numbers or titles that the source shows but does not contain as text"
    places: dict[tuple[str, str], list[str]] = {}
    for remark in report.remarks:
        places.setdefault((remark.kind, remark.message), []).append(remark.place)
    for (kind, message), where in places.items():
        counted = Counter(where)
        listed = [f"{place} ({count} times)" if count > 1 else place for place, count in counted.items() if place]
        yield f"  {kind}: {message}" + (f" — {'; '.join(listed)}" if listed else "")


def _difference(one: Difference) -> str:
    after = f"after “{one.after}”: " if one.after else "at the start: "
    parts = [f"lost “{_cut(one.lost)}”"] if one.lost else []
    parts += [f"added “{_cut(one.added)}”"] if one.added else []
    return after + ", ".join(parts)


def _cut(words: str) -> str:
    return words if len(words) <= 300 else f"{words[:300]}…"
