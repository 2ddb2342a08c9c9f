"""Reads a Word file that somebody kept: its words, and what of it cannot be compared.

Word finds the parts of a file by their relationships, and so does this. What Engross does not write into a text, such
as formulas, symbols, text boxes, hidden text or tracked changes, is named, so that no file with it is confirmed.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import field
from io import BytesIO
from xml.etree import ElementTree

import engross.common.lazy_re as re
from engross.common import shown, value_class
from engross.exporting.kept_xml import read_xml, unreadable

MOST_UNPACKED = 1 << 26
"""The most bytes of a Word file when unpacked: 64 MiB."""
_MOST_PARTS, _RATIO = 5_000, 200
_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, LookupError,
)  # fmt: skip

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."


@value_class
class WordText:
    """The words of a Word file with the package `parts`, by path.

    `unread` are the things in it that a reader may see and that are not compared; `labels` the texts of its lists'
    numbers; `pictures` is their number, `struck` whether text is struck out.
    """

    path: str
    parts: dict[str, bytes]
    unread: dict[str, None] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    pictures: int = 0
    struck: bool = False
    _notes: list[str] = field(default_factory=list)
    _fields: list[list[str]] = field(default_factory=list)

    @property
    def properties(self) -> bytes:
        """The parts that say what the file is."""
        return b"\n".join(content for name, content in self.parts.items() if name.startswith("docProps/"))

    @property
    def redline(self) -> tuple[str, str] | None:
        """The names of the old and the new text, if Engross made the file as a redline."""
        if "docProps/custom.xml" not in self.parts:
            return None
        found = {}
        for one in read_xml(self.path, self.parts["docProps/custom.xml"]):
            found[one.get("name", "")] = "".join(one.itertext())
        names = found.get(REDLINE_FROM), found.get(REDLINE_TO)
        return (names[0], names[1]) if names[0] and names[1] else None

    def words(self) -> str:
        """Return the text of the document and its footnotes, a line for each paragraph."""
        main = self._main()
        related = list(self._relations(main, _RELATED))
        lines = list(self._paragraphs(main, "document.main+xml"))
        notes = [target for kind, target in related if kind in _NOTES]
        if len({kind for kind, _ in related if kind in _ONCE}) != len([kind for kind, _ in related if kind in _ONCE]):
            self._add("two parts of the same kind")
        referred = self._notes[:]
        for kind, target in related:
            if kind in _NOTES:
                lines += self._paragraphs(target, f"{kind}+xml")
                list(self._relations(target, _RELATED))
            elif kind in ("styles", "numbering", "settings") and target in self.parts:
                self._looks(read_xml(self.path, self.parts[target]))
        if notes and self._in_order(notes) != list(dict.fromkeys(referred)):
            self._add("footnotes in another order than their references")
        if self._fields:
            self._add("a field without an end")
        return "\n".join(lines)

    def _add(self, what: str) -> None:
        self.unread[what] = None

    def _main(self) -> str:
        found = [target for kind, target in self._relations("", _ROOT) if kind == "officeDocument"]
        if len(found) != 1 or found[0] not in self.parts:
            raise unreadable(self.path, _NO_WORD_FILE)
        return found[0]

    def _relations(self, part: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Yield the kinds and the targets of the parts that a part has; "" is the file itself."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        for one in read_xml(self.path, self.parts[path]) if path in self.parts else ():
            written, is_outside = one.get("Type", ""), one.get("TargetMode") == "External"
            kind = written.rpartition("/")[2]
            if kind not in known or written not in (f"{_OFFICE}{kind}", *_OTHER_TYPES):
                self._add(f"a part of the kind {shown(kind)}")
            elif is_outside and kind not in ("hyperlink", "image"):
                self._add(f"a part outside the file ({shown(kind)})")
            else:
                yield kind, posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")

    def _in_order(self, parts: list[str]) -> list[str]:
        roots = [read_xml(self.path, self.parts[part]) for part in parts if part in self.parts]
        return [
            one.get(f"{W}id", "")
            for root in roots
            for one in root
            if one.get(f"{W}type", "normal") == "normal"
        ]  # fmt: skip

    def _paragraphs(self, part: str, kind: str) -> Iterator[str]:
        """Yield the text of each paragraph of a part."""
        if part not in self.parts:
            return
        if self._type_of(part) != f"{_TYPE}{kind}":
            self._add(f"the part {shown(part)}, which has another kind of content")
        root = read_xml(self.path, self.parts[part])
        self._looks(root)
        yield from "".join(self._text(root)).split("\n")

    def _type_of(self, part: str) -> str:
        types = self.parts.get("[Content_Types].xml")
        for one in read_xml(self.path, types) if types else ():
            if one.get("PartName", "").lstrip("/") == part:
                return one.get("ContentType", "")
        return ""

    def _looks(self, root: ElementTree.Element) -> None:
        """Note properties that hide text, show other letters, or mark changes."""
        for one in root.iter():
            name = one.tag.removeprefix(W)
            if name in _CHANGES:
                self._add("tracked changes")
            elif name in ("framePr", "mailMerge") or (name == "hidden" and one.tag.startswith(W)):
                self._add(f"the property {name}")
            elif name == "lvlText":
                self.labels.add(one.get(f"{W}val", ""))
            elif name == "rPr":
                for look in one:
                    self._look(look)

    def _look(self, look: ElementTree.Element) -> None:
        name, value = look.tag.removeprefix(W), look.get(f"{W}val", "")
        if name in ("vanish", "specVanish", "webHidden"):
            if value not in ("0", "false", "off"):
                self._add("hidden text")
        elif name not in _LOOKS and name not in _CHANGES:
            self._add(f"text with the property {shown(name.rpartition('}')[2])}")
        elif name == "strike":
            self.struck = self.struck or value not in ("0", "false", "off")
        elif name == "rFonts" and any(_SYMBOLS.search(font) for font in look.attrib.values()):
            self._add("text in a font of symbols")
        elif name == "color" and value.upper() == "FFFFFF":
            self._add("white text")
        elif name in ("sz", "szCs", "w") and not (value.isdigit() and int(value) >= _LEAST.get(name, 0)):
            self._add("text that is too small to read")

    def _text(self, one: ElementTree.Element) -> Iterator[str]:
        name = one.tag.removeprefix(W)
        if name == "t":
            if len(one) or any(opened[0] == "code" for opened in self._fields):
                self._add("text in the instruction of a field")
            yield one.text or ""
        elif name in _BLANKS:
            yield " "
        elif name in _CONTAINERS:
            for child in one:
                yield from self._text(child)
            if name == "p":
                yield "\n"
        elif name not in _SILENT:
            self._unspoken(name, one)
        if name == "fldSimple":
            self._instruction(one.get(f"{W}instr", ""))

    def _unspoken(self, name: str, one: ElementTree.Element) -> None:
        """Follow an element without text of its own."""
        if name in ("fldChar", "instrText"):
            self._field(one)
        elif name == "footnoteReference":
            self._notes.append(one.get(f"{W}id", ""))
            if one.get(f"{W}customMarkFollows", "0") not in ("0", "false"):
                self._add("a footnote with a sign of its own")
        elif name != "drawing":
            self._add(f"the element {shown(name.rpartition('}')[2])}")
        else:
            self.pictures += 1
            inner = (part.tag for part in one.iter() if part is not one)
            if any(not tag.startswith(_PICTURES) or tag.endswith("}t") for tag in inner):
                self._add("a drawing")

    def _field(self, one: ElementTree.Element) -> None:
        """Follow a field: its instruction, which is not shown, and its result, which is."""
        kind = one.get(f"{W}fldCharType", "")
        if len(one):
            self._add("a form field")
        if kind == "begin":
            self._fields.append(["code"])
        elif not self._fields:
            self._add("a field without a beginning")
        elif one.tag == f"{W}instrText":
            self._fields[-1].append(one.text or "")
        else:
            now = self._fields.pop()
            if now[0] == "code":
                self._instruction("".join(now[1:]))
            if kind == "separate":
                self._fields.append(["result"])

    def _instruction(self, written: str) -> None:
        if not _FIELD.fullmatch(written):
            self._add(f"the field {shown(' '.join(written.split())[:40])}")


_NO_WORD_FILE = (
    "this archive is no Word file (.docx), or it has several texts; if it has downloads of older versions, "
    "unpack it and name the files in it"
)
REDLINE_FROM, REDLINE_TO = "engross-redline-from", "engross-redline-to"
"""The names of the properties of a redline: the names of its old and its new text."""

_ROOT = frozenset({"officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"})
_NOTES = ("footnotes", "endnotes")
_ONCE = (*_NOTES, "styles", "numbering", "settings")
_RELATED = frozenset(
    {*_ONCE, "stylesWithEffects", "webSettings", "fontTable", "theme", "header", "footer", "image", "hyperlink",
     "customXml"}
)  # fmt: skip
_OTHER_TYPES = (
    f"{_PACKAGE}relationships/metadata/core-properties",
    f"{_PACKAGE}relationships/metadata/thumbnail",
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
_CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"})
_CONTAINERS = frozenset({"document", "body", "footnotes", "endnotes", "footnote", "endnote", "p", "r", "tbl", "tr",
                         "tc", "hyperlink", "fldSimple", "ins", "moveTo"})  # fmt: skip
_BLANKS = frozenset({"tab", "br", "cr"})
_SILENT = frozenset(
    {"pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr", "bookmarkStart", "bookmarkEnd",
     "proofErr", "lastRenderedPageBreak", "footnoteRef", "endnoteRef", "separator", "continuationSeparator",
     "del", "moveFrom", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"}
)  # fmt: skip
_LOOKS = frozenset(
    {"rStyle", "b", "bCs", "i", "iCs", "strike", "vertAlign", "rFonts", "lang", "color", "sz", "szCs", "u", "noProof",
     "highlight", "kern", "spacing", "w", "rtl", "cs", "shd", "caps", "smallCaps", "rPrChange", "bdr", "position",
     "{http://schemas.microsoft.com/office/word/2010/wordml}ligatures"}
)  # fmt: skip
_LEAST = {"sz": 8, "szCs": 8, "w": 50}
_SYMBOLS = re.compile("symbol|wingdings|webdings|dingbats|extra", re.IGNORECASE)
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}",
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}",
)
_FIELD = re.compile(r"\s*(?:(?:REF|NOTEREF|PAGEREF)\s+_\w+(?:\s+\\[a-z])*|PAGE)\s*")


def open_word(path: str, data: bytes) -> WordText:
    """Open a Word file. Raises EngrossError if it is damaged, too large, or no Word file."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            every = archive.infolist()
            _check_size(path, every)
            parts = {one.filename: archive.read(one) for one in every if one.filename.endswith((".xml", ".rels"))}
    except _BROKEN as failure:
        raise unreadable(path, f"the archive is damaged or protected: {shown(str(failure))}") from None
    return WordText(path, parts)


def _check_size(path: str, every: list[zipfile.ZipInfo]) -> None:
    large = sum(one.file_size for one in every)
    packed = max(1, sum(one.compress_size for one in every))
    if len(every) > _MOST_PARTS or large > MOST_UNPACKED or large / packed > _RATIO:
        raise unreadable(path, "the archive is larger when unpacked than a document can be")
    names = {one.filename.lower() for one in every}
    if len(names) < len(every):
        raise unreadable(path, "the archive has two parts of the same name, as no program writes")
