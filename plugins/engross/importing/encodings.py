"""Decodes texts and web pages that other programs wrote: UTF-8, UTF-16, and the encodings that old pages name.

Nothing is replaced: a file that cannot be decoded without loss is refused with the place of its first wrong byte.
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, lookup
from typing import NamedTuple

import engross.common.lazy_re as re
from engross.common import EngrossError, error
from engross.importing.values import RULE
from engross.model import Source
from engross.text import ENCODING, unix_lines

NOT_TEXT = "not-text"

# A page names its encoding in its first bytes; browsers read 1,024 of them.
_HEAD = 1024
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# As browsers do: these names all mean Windows-1252.
_WINDOWS = frozenset({"ascii", "iso8859-1", "cp1252"})
_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
# The first bytes of files that are often given a wrong name, and what they are.
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a Word file or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word file (.doc)"),
    (b"{\\rtf", "a rich text file (.rtf)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
_MOST = {False: 16 << 20, True: 32 << 20}
"""The most bytes of a text, and of a page."""
_TOO_LARGE = {
    False: "a text of more than 16 MB is not read; divide it",
    True: "a page of more than 32 MB is not read; save the text alone, without pictures",
}
_ADVICE = "save the text as .docx, .html, .md or .txt from the program that wrote it, and import that file"


class Decoded(NamedTuple):
    """A decoded text with `\\n` as its only line end, its encoding, and whether that was guessed."""

    text: str
    encoding: str
    guessed: bool


def decode_foreign(data: bytes, name: str, *, page: bool = False) -> Decoded:
    """Decode the bytes of a file that messages call `name`; for a `page`, its own statement of the encoding counts.

    Without a statement it is UTF-8, or else Windows-1252, which is then a guess. Raises EngrossError if the file is
    too large or not text, names an encoding that does not exist, or has bytes that its encoding does not have.
    """
    if len(data) > _MOST[page]:
        raise EngrossError([error(RULE, name, 0, 0, _TOO_LARGE[page])])
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise EngrossError([error(NOT_TEXT, name, 0, 0, f"this file is {what}, whatever its name says; {_ADVICE}")])
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(_text(data[len(bom) :], encoding, name), encoding.upper(), False)
    stated = _stated(data, name) if page else ""
    if stated:
        return Decoded(_text(data, stated, name), stated.upper(), False)
    try:
        return Decoded(_text(data, "utf-8", name), "UTF-8", False)
    except EngrossError:
        if not _is_windows(data):
            raise
    return Decoded(_text(data, "cp1252", name), "Windows-1252", True)


def _stated(data: bytes, name: str) -> str:
    """The encoding that a page names, by Python's name; an empty string without one."""
    head = data[:_HEAD]
    found = _META.search(head) or _XML.match(head)
    if not found:
        return ""
    label = found[1].decode("ascii")
    try:
        encoding = lookup(label).name
    except LookupError:
        message = f"the page says that its encoding is {label}, which is unknown; save the file as UTF-8"
        raise EngrossError([error(ENCODING, name, 1, 1, message)]) from None
    if encoding.startswith("utf-16"):
        # A statement that can be read as single bytes cannot be true; browsers read UTF-8.
        return "utf-8"
    if encoding != "utf-8" and _is_utf8(data):
        # Saved anew by a browser or an editor, which left the old statement.
        return "utf-8"
    return "cp1252" if encoding in _WINDOWS else encoding


def _is_utf8(data: bytes) -> bool:
    """Whether bytes beyond ASCII are all UTF-8; no text of another encoding is by chance."""
    try:
        return not data.isascii() and bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _is_windows(data: bytes) -> bool:
    """Whether bytes can be a text in Windows-1252: a few bytes beyond ASCII among many letters."""
    if b"\x00" in data or len(data) == 0:
        return False
    beyond = sum(data.count(byte) for byte in range(0x80, 0x100))
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return beyond * 5 < len(data)


def _text(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode(encoding, "replace")
        line, column = Source(name, before, b"").position(len(before))
        wrong = f"byte 0x{data[problem.start]:02X} is not {encoding.upper()}; save the file as UTF-8"
        raise EngrossError([error(ENCODING, name, line, column, wrong)]) from None
    except (ValueError, LookupError):
        # Codecs of Python that are no encodings of text, such as "hex".
        message = f"{encoding} is not an encoding of text; save the file as UTF-8"
        raise EngrossError([error(ENCODING, name, 1, 1, message)]) from None
    if "\x00" in text:
        raise EngrossError([error(NOT_TEXT, name, 0, 0, f"this file contains NUL bytes, so it is not text; {_ADVICE}")])
    return unix_lines(text)
