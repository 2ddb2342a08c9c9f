"""Reads a file that somebody kept: what kind it is, which version it claims to be, its source or its words.

Nothing in it is trusted: `verdicts` compares it with the record. XML has no entities, an archive has limits, and
nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import engross.common.lazy_re as re
from engross.common import EngrossError, error, read_file, shown, value_class
from engross.exporting.kept_word import open_word
from engross.exporting.kept_xml import AKN, AkomaText, read_xml, unreadable
from engross.fidelity import GENERATED_ATTRIBUTE, page_text

MOST_OF_FILE = 1 << 26
"""The most bytes of a kept file: 64 MiB."""

_HASH = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_VERSION = re.compile(rb"(?<![a-z0-9-])([a-z0-9][a-z0-9-]*@[1-9][0-9]{0,8})(?![0-9])")
_ABOUT = re.compile(f'<div class="about noprint"[^<>]* {GENERATED_ATTRIBUTE}>')


class KeptKind(StrEnum):
    """The kind of a kept file."""

    SOURCE = "source"
    HTML = "html"
    PDF = "pdf"
    WORD = "docx"
    AKOMA = "akn"
    ACCEPTANCE = "acceptance"
    FACTS = "version-data"


@value_class(frozen=True)
class Accepted:
    """A version in an acceptance record: its document, number, and hashes by name (`source`, `text`, `seal`)."""

    document: str
    version: int
    hashes: dict[str, str]


@value_class(frozen=True)
class Kept:
    """One text in a kept file.

    `source` are the bytes of a source: the file itself, or what is attached to a PDF as `attachment`. `words` is its
    visible text, if it is no source. `hashes` and `names` (`agreement@3`) are what the file has in it: they say which
    version it may be. `accepted` are the versions in an acceptance record, `at` its instant. `remark` says what of
    such files is never compared; `unread` are things in the file that readers may see and that are not understood.
    `labels` are the texts of a Word file's numbers ("(%1)"). `redline` are the names of the old and the new text of a
    redline that Engross made. `pictures` is the number of its pictures, `struck` whether text of it is struck out.
    """

    path: str
    kind: KeptKind
    data: bytes
    source: bytes | None = None
    attachment: str = ""
    words: str = ""
    hashes: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    at: str = ""
    remark: str = ""
    unread: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    redline: tuple[str, str] | None = None
    pictures: int = 0
    struck: bool = False


def read_kept(path: Path) -> tuple[Kept, ...]:
    """Read a kept file; a PDF has one text for each attached source, any other file has one.

    Raises EngrossError if it cannot be read, or is no file that a site of Engross offers.
    """
    name = str(path)
    if path.is_dir():
        raise unreadable(name, "this is a folder; name the files in it")
    try:
        data = read_file(path, MOST_OF_FILE)
    except OSError as failure:
        reason = (failure.strerror or str(failure)).lower()
        raise unreadable(name, f"it cannot be read: {reason}") from None
    if not data.strip():
        raise unreadable(name, "the file is empty")
    beginning = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith(b"%pdf-"):
        return tuple(_pdf(name, data))
    if data.startswith(b"PK\x03\x04"):
        return (_word(name, data),)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise unreadable(name, "this is an old Word file; save it as .docx, or keep the file as it was downloaded")
    if beginning.startswith((b"<!doctype html", b"<html")):
        return (_html(name, data),)
    if beginning.startswith(b"<?xml") or beginning.startswith(b"<akomantoso"):
        return (_akoma(name, data),)
    if beginning.startswith(b"{"):
        return (_json(name, data),)
    if b"\0" in data:
        raise unreadable(name, f"this is a binary file of no kind that a site offers ({_KINDS})")
    return (Kept(name, KeptKind.SOURCE, data, source=data),)


_KINDS = "Markdown or YAML, HTML, PDF, DOCX, Akoma Ntoso, an acceptance record"


_ATTACHED = "the pages of the PDF were not compared, only the source attached to it"
_AROUND = (
    "only the text of the document was compared, not the style, the cover, the links and the facts under the title"
)
_PICTURES = "pictures were not compared"
_NUMBERS = "numbers that Word computes, headers and pictures were not compared"


def _said(data: bytes) -> dict[str, Any]:
    """What a text says of itself: hashes, and names of versions."""
    names = dict.fromkeys(found.decode() for found in _VERSION.findall(data))
    return {"hashes": frozenset(found.decode() for found in _HASH.findall(data)), "names": tuple(names)}


def _html(path: str, data: bytes) -> Kept:
    # A copy may have been changed by hand: what Engross adds to a text, such as numbers, is read as text too, but for
    # the facts about the version under its title.
    text = data.decode("utf-8", "replace")
    about = _ABOUT.search(text)
    parts = (text[: about.start()], text[about.end() :]) if about else (text,)
    kept = (part.replace(GENERATED_ATTRIBUTE, "data-read") for part in parts)
    found = page_text((about[0] if about else "").join(kept))
    if not found.elements:
        message = "this page has no text of a document; keep the copy that a version offers as a download"
        raise unreadable(path, message)
    return Kept(path, KeptKind.HTML, data, words=found.text, remark=_AROUND, **_said(data))


def _pdf(path: str, data: bytes) -> Iterator[Kept]:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        message = 'a PDF is read by the package pypdf, which is not installed; run pip install "engross[pdf]"'
        raise EngrossError([error("extra", path, 0, 0, message)]) from None
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise unreadable(path, "the PDF is protected by a password; keep a copy without one")
        attached = [(name, content) for name, contents in reader.attachments.items() for content in contents]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as failure:
        raise unreadable(path, f"the PDF is damaged: {shown(str(failure))}") from None
    sources = [(name, content) for name, content in attached if name.lower().endswith((".md", ".yml", ".yaml"))]
    if not sources:
        message = (
            "this PDF has no source attached, so its words cannot be compared; "
            "keep the source (.md) or the HTML copy of the version as well"
        )
        raise unreadable(path, message)
    for name, content in sources:
        yield Kept(path, KeptKind.PDF, data, source=content, attachment=name, remark=_ATTACHED)


def _word(path: str, data: bytes) -> Kept:
    file = open_word(path, data)
    words, labels = file.words(), frozenset(file.labels)
    return Kept(
        path, KeptKind.WORD, data, words=words, labels=labels, unread=tuple(file.unread), redline=file.redline,
        remark=_NUMBERS, pictures=file.pictures, struck=file.struck, **_said(file.properties),
    )  # fmt: skip


def _akoma(path: str, data: bytes) -> Kept:
    root = read_xml(path, data)
    if root.tag != f"{AKN}akomaNtoso":
        raise unreadable(path, f"this XML is no Akoma Ntoso; a site offers {_KINDS}")
    text = AkomaText(root)
    words, own = text.words(), text.sealed
    if b"<?" in data.removeprefix(b"\xef\xbb\xbf")[2:]:
        text.unread["an instruction for programs (<?)"] = None
    names = (f"{own.get('document')}@{own.get('version')}",) if own else ()
    unread = tuple(text.unread)
    return Kept(
        path, KeptKind.AKOMA, data, words=words, hashes=frozenset(own.values()), names=names, unread=unread,
        pictures=text.pictures, struck=text.struck, remark=_PICTURES if text.pictures else "",
    )  # fmt: skip


def _json(path: str, data: bytes) -> Kept:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as failure:
        raise unreadable(path, f"the JSON is damaged: {shown(str(failure))}") from None
    if isinstance(value, dict) and isinstance(value.get("documents"), list) and "as_of" in value:
        accepted = tuple(_accepted(path, one) for one in value["documents"])
        heads = frozenset({str(value["head"])}) if value.get("head") else frozenset()
        return Kept(path, KeptKind.ACCEPTANCE, data, accepted=accepted, hashes=heads, at=str(value["as_of"]))
    if isinstance(value, dict) and isinstance(value.get("sha256"), dict):
        return Kept(path, KeptKind.FACTS, data, accepted=(_accepted(path, value),))
    # A seal file, or any other JSON: only its bytes can be known.
    return Kept(path, KeptKind.SOURCE, data, source=data)


def _accepted(path: str, value: object) -> Accepted:
    """A version in an acceptance record or in the data of a version."""
    if not isinstance(value, dict):
        raise unreadable(path, "this is no acceptance record: a document in it is no object")
    document, number = value.get("document"), value.get("version")
    if not isinstance(document, str) or type(number) is not int or number < 1:
        raise unreadable(path, "this is no acceptance record: a document in it has no id or version")
    hashes = (
        value.get("sha256")
        if isinstance(value.get("sha256"), dict)
        else {name: value.get(f"{name}_sha256") for name in ("source", "text", "seal")}
    )
    return Accepted(document, number, {name: str(one) for name, one in (hashes or {}).items() if one})
