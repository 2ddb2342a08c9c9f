"""Opens a Word file: a zip archive of XML parts, from outside, so everything has limits.

Nothing is decompressed beyond the limits, no entity is resolved, no address is requested.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import field
from io import BytesIO

from lxml import etree

from engross.common import EngrossError, error, value_class
from engross.importing.values import RULE, Kind, Remark

MOST_PARTS = 5_000
MOST_OF_PART = 64 * 1024 * 1024
MOST_OF_ALL = 256 * 1024 * 1024
MOST_RATIO = 200
"""The most bytes that one compressed byte may become, in parts of more than `_SMALL` bytes."""
_SMALL = 1024 * 1024

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError)


@value_class(frozen=True, slots=True)
class Relationship:
    """A relationship of a part: the last word of its type, its target, and whether that is outside the file."""

    kind: str
    target: str
    external: bool


@value_class(slots=True)
class WordPackage:
    """A Word file. `document` is the path of its main part; `name` is the file's name for messages."""

    name: str
    archive: zipfile.ZipFile
    document: str = ""
    known: Mapping[str, zipfile.ZipInfo] = field(default_factory=dict)

    def has(self, part: str) -> bool:
        """Whether the file has a part."""
        return part in self.known

    def read(self, part: str) -> bytes:
        """Return the bytes of a part. Raises EngrossError if it is damaged or too large."""
        info = self.known[part]
        try:
            with self.archive.open(info) as file:
                data = file.read(MOST_OF_PART + 1)
        except _BROKEN as problem:
            raise refusal(self.name, f"it is damaged: {part} cannot be read ({problem})") from None
        if len(data) > MOST_OF_PART:
            raise refusal(self.name, f"{part} is larger than the {MOST_OF_PART:,} bytes that are read")
        return data

    def tree(self, part: str) -> etree._Element | None:
        """Return the XML of a part; None if the file has no such part. Raises EngrossError if it is damaged."""
        return self._parsed(part) if self.has(part) else None

    def normal(self, part: str) -> bytes:
        """Return the XML of a part with the usual names of namespaces: "strict" files have others."""
        data = self.read(part)
        for strict, transitional in _STRICT.items():
            data = data.replace(strict, transitional)
        return data

    def _parsed(self, part: str) -> etree._Element:
        data = self.normal(part)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as problem:
            raise refusal(self.name, f"it is damaged: {part} is not XML ({problem})") from None
        if root.getroottree().docinfo.doctype:
            raise refusal(self.name, f"{part} declares entities, which Word never does; the file is not read")
        for one in list(root.iter(f"{MC}Fallback")):
            # The same content for programs that cannot show the choice.
            parent = one.getparent()
            if parent is not None and parent.find(f"{MC}Choice") is not None:
                parent.remove(one)
        return root

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return the relationships of a part by their ids; "" is the file itself."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relationship] = {}
        for one in root if root is not None else ():
            target = str(one.get("Target", ""))
            external = one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = str(one.get("Type", "")).rpartition("/")[2]
            found[str(one.get("Id", ""))] = Relationship(kind, target, external)
        return found

    def related(self, kind: str) -> Iterator[str]:
        """Yield the paths of the parts that the main part has of a kind, such as "footnotes"."""
        for one in self.relationships(self.document).values():
            if one.kind == kind and not one.external and self.has(one.target):
                yield one.target

    def first(self, kind: str) -> etree._Element | None:
        """Return the XML of the first part of a kind; None if there is none."""
        return next((self.tree(part) for part in self.related(kind)), None)

    def extras(self) -> Iterator[Remark]:
        """Yield what the file has besides text that is not imported: macros, embedded files."""
        macros = [part for part in self.known if part.endswith("vbaProject.bin")]
        if macros:
            yield Remark(Kind.DROPPED, "", f"macros ({', '.join(macros)}); they are neither run nor imported")
        for part in self.known:
            if "/embeddings/" in part or "/activeX/" in part:
                yield Remark(Kind.DROPPED, "", f"an embedded file: {part}")


def open_word(data: bytes, name: str) -> WordPackage:
    """Open the bytes of a Word file. Raises EngrossError, with advice, if they are not one or exceed the limits."""
    if data.startswith(_OLE):
        raise refusal(name, _PASSWORD if _ENCRYPTED in data else _OLD)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        members = archive.infolist()
        parts = {info.filename: info for info in members}
    except _BROKEN:
        raise refusal(
            name, "it is not a Word file (.docx), or it is damaged; open it in Word and save it again"
        ) from None
    if len(parts) < len(members):
        raise refusal(
            name, "it has two parts of one name, so programs differ in which they show; save it again in Word"
        )
    _check_limits(name, list(parts.values()))
    package = WordPackage(name, archive, known=parts)
    main = next((one for one in package.relationships("").values() if one.kind == "officeDocument"), None)
    package.document = main.target if main else "word/document.xml"
    root = package.tree(package.document)
    if root is None or root.tag != f"{W}document" or root.find(f"{W}body") is None:
        raise refusal(name, "it is not a Word document; only Word documents (.docx) can be imported")
    return package


_PASSWORD = "it is protected by a password; open it in Word, remove the password, and save it"
_OLD = "it is an old Word file (.doc); open it in Word and save it as .docx"


def _check_limits(name: str, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise refusal(name, f"it has {len(parts):,} parts; more than {MOST_PARTS:,} are not read")
    if any(part.flag_bits & 1 for part in parts):
        raise refusal(name, _PASSWORD)
    if sum(part.file_size for part in parts) > MOST_OF_ALL:
        raise refusal(name, f"it would be larger than {MOST_OF_ALL:,} bytes when unpacked, the most that is read")
    for part in parts:
        if part.file_size > max(_SMALL, MOST_RATIO * part.compress_size):
            raise refusal(name, f"{part.filename} is compressed more than {MOST_RATIO} times, as no document is")


def refusal(name: str, message: str) -> EngrossError:
    """Return the error for a Word file that is not imported."""
    return EngrossError([error(RULE, name, 0, 0, message)])
