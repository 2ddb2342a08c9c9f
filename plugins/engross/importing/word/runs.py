"""Reads the content of a Word paragraph into pandoc's inlines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field

from lxml import etree

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.values import WORDS_OF_LINK, Kind, Node, Remark
from engross.importing.word.fields import Field, NumberReference
from engross.importing.word.package import MC, R, Relationship, W
from engross.importing.word.styles import Styles

_LABEL = re.compile(r"\s*(?:\(\w{1,5}\)|\w{1,9}[.)])\s*")
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_ATTR: list[object] = ["", [], []]
_MARKS = {"b": "Strong", "i": "Emph", "strike": "Strikeout", "dstrike": "Strikeout"}
_RAISED = {"superscript": "Superscript", "subscript": "Subscript"}
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x76: "❖", 0x77: "⬥", 0xA1: "○", 0xA7: "▪",
    0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0x2A: "✉", 0x28: "☎",
}  # fmt: skip
_SYMBOL = {
    0x22: "∀", 0x44: "Δ", 0x46: "Φ", 0x47: "Γ", 0x50: "Π", 0x53: "Σ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x64: "δ",
    0x65: "ε", 0x67: "γ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x73: "σ", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔",
    0xAC: "←", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
    0xBB: "≈", 0xBE: "—", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xE2: "®", 0xE3: "©", 0xE4: "™",
}  # fmt: skip
PRIVATE = re.compile("[\uf000-\uf0ff]+")
"""Where Word stores the characters of symbol fonts."""


@value_class(slots=True)
class Context:
    """What the reader of a part knows and collects: `notes` reads a note, `boxes` are text boxes of the paragraph."""

    styles: Styles
    relationships: dict[str, Relationship]
    note: Callable[[str, str], list[Node]]
    remarks: list[Remark] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    references: list[NumberReference] = field(default_factory=list)
    bookmarks: dict[str, int] = field(default_factory=dict)
    boxes: list[etree._Element] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    place: str = ""
    number: int = 0
    formats: set[str] = field(default_factory=set)

    def remark(self, kind: Kind, message: str, words: str = "") -> None:
        """Add a line to the report, at the paragraph that is read."""
        self.remarks.append(Remark(kind, self.place, message, words))

    @property
    def in_contents(self) -> bool:
        """Whether the text that is read is the result of a table of contents, or of an index."""
        return any(one.has_result and one.kind in ("TOC", "INDEX", "TOA") for one in self.fields)


class RunReader:
    """Reads one paragraph; `style` is that of the paragraph."""

    def __init__(self, context: Context, style: str) -> None:
        self._context = context
        self._style = style

    def read(self, parent: etree._Element) -> list[Node]:
        """Return the inlines of an element's content."""
        return list(self._children(parent))

    def _children(self, parent: etree._Element) -> Iterator[Node]:
        for child in parent:
            handler = _HANDLERS.get(child.tag)
            if handler is not None:
                yield from handler(self, child)

    def _bookmark(self, one: etree._Element) -> Iterator[Node]:
        self._context.bookmarks.setdefault(str(one.get(f"{W}name", "")), self._context.number)
        yield from ()

    def _hyperlink(self, one: etree._Element) -> Iterator[Node]:
        inside = list(self._children(one))
        found = self._context.relationships.get(str(one.get(f"{R}id", "")))
        if not (found and found.external) and _LABEL.fullmatch(plain_text(inside)):
            # The words of a link within the document are no number of a paragraph.
            yield {"t": "Span", "c": [["", [WORDS_OF_LINK], []], inside]}
            return
        yield from _link(inside, found.target if found and found.external else "")

    def _simple_field(self, one: etree._Element) -> Iterator[Node]:
        simple = Field(str(one.get(f"{W}instr", "")), has_result=True)
        self._context.fields.append(simple)
        inside = list(self._children(one))
        yield from self._end_field(inside)

    def _end_field(self, inside: list[Node]) -> Iterator[Node]:
        context = self._context
        if not context.fields:
            return
        ended = context.fields.pop()
        if context.fields and context.fields[-1].has_result:
            context.fields[-1].result += ended.result
        if ended.is_number:
            context.references.append(NumberReference(ended.target, ended.result, context.place))
        elif ended.kind == "PAGEREF":
            context.remark(Kind.GUESSED, f"a page number in a cross-reference is kept as a word: {ended.result}")
        if shown := ended.shown_instruction:
            context.added.append(shown)
            yield {"t": "Str", "c": shown}
        yield from _link(inside, ended.address)

    def _content(self, one: etree._Element) -> Iterator[Node]:
        inner = one.find(f"{W}sdtContent")
        yield from self._children(inner if inner is not None else one)

    def _alternative(self, one: etree._Element) -> Iterator[Node]:
        for part in one:
            yield from self._children(part)

    def _formula(self, one: etree._Element) -> Iterator[Node]:
        words = "".join(part.text or "" for part in one.iter(f"{_M}t"))
        self._context.remark(Kind.CHANGED, f"a formula is written as plain text: {words}")
        yield {"t": "Str", "c": words}

    def _run(self, one: etree._Element) -> Iterator[Node]:
        properties = one.find(f"{W}rPr")
        inside: list[Node] = []
        for child in one:
            handler = _RUN_HANDLERS.get(child.tag)
            if handler is not None:
                inside += handler(self, child, properties)
        if not inside:
            return
        if self._styles.is_on(properties, self._style, "vanish"):
            words = "".join(_plain(inside))
            if words.strip():
                self._context.remark(Kind.DROPPED, f"hidden text: {words}", words)
            return
        yield from self._marked(inside, properties)

    def _marked(self, inside: list[Node], properties: etree._Element | None) -> Iterator[Node]:
        styles, style = self._styles, self._style
        for tag, kind in _MARKS.items():
            if styles.is_on(properties, style, tag):
                inside = [{"t": kind, "c": inside}]
        underline = styles.run_property(properties, style, "u")
        if underline is not None and underline.get(f"{W}val", "single") != "none":
            inside = [{"t": "Underline", "c": inside}]
        raised = styles.run_property(properties, style, "vertAlign")
        kind = _RAISED.get(str(raised.get(f"{W}val", "")), "") if raised is not None else ""
        if kind and all(one["t"] != "Note" for one in inside):
            inside = [{"t": kind, "c": inside}]
        if styles.is_on(properties, style, "caps"):
            self._context.formats.add("capitals")
        open_field = next((one for one in reversed(self._context.fields) if one.has_result and one.address), None)
        yield from _link(inside, open_field.address if open_field else "")

    @property
    def _styles(self) -> Styles:
        return self._context.styles

    def _text(self, one: etree._Element, properties: etree._Element | None) -> list[Node]:
        return self._shown(self._without_symbols(one.text or "", properties))

    def _shown(self, text: str) -> list[Node]:
        """Return text as inlines, unless it is part of the instruction of a field."""
        context = self._context
        if any(not one.has_result for one in context.fields):
            if text.strip():
                context.remark(Kind.DROPPED, f"part of the instruction of a field: {text}", text)
            return []
        if context.fields:
            context.fields[-1].result += text
        return [{"t": "Str", "c": text}] if text else []

    def _without_symbols(self, text: str, properties: etree._Element | None) -> str:
        if not PRIVATE.search(text):
            return text
        fonts = self._styles.run_property(properties, self._style, "rFonts")
        font = str(fonts.get(f"{W}ascii", "")) if fonts is not None else ""
        return PRIVATE.sub(lambda found: self._symbols(font, found[0], found[0]), text)

    def _symbols(self, font: str, characters: str, stored: str) -> str:
        """Return ordinary characters for those of a symbol font; `stored` is what the file has as text."""
        context, font = self._context, font or "of symbols"
        shown = "".join(symbol(font, ord(one)) or "□" for one in characters)
        if "□" in shown:
            context.remark(Kind.GUESSED, f"characters of the font {font} that are not known are written as □", stored)
        else:
            context.remark(Kind.CHANGED, f"characters of the font {font} are written as {shown}", stored)
        context.added.append(shown)
        return shown

    def _sym(self, one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        try:
            code = int(str(one.get(f"{W}char", "")), 16)
        except ValueError:
            return []
        return self._shown(self._symbols(str(one.get(f"{W}font", "")), chr(code) if code < 0x110000 else "?", ""))

    def _blank(self, _one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        return self._shown(" ")

    def _break(self, one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        if one.get(f"{W}type") in ("page", "column"):
            self._context.formats.add("page breaks")
            return [{"t": "Space"}]
        return [{"t": "LineBreak"}]

    def _hyphen(self, _one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        return self._shown("\u2011")

    def _field_character(self, one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        kind, fields = one.get(f"{W}fldCharType"), self._context.fields
        if kind == "begin":
            fields.append(Field())
        elif kind == "separate" and fields:
            fields[-1].has_result = True
        elif kind == "end":
            return list(self._end_field([]))
        return []

    def _instruction(self, one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        fields = self._context.fields
        if fields and not fields[-1].has_result:
            fields[-1].instruction += one.text or ""
        return []

    def _note(self, one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        kind = "footnote" if one.tag == f"{W}footnoteReference" else "endnote"
        blocks = self._context.note(kind, str(one.get(f"{W}id", "")))
        return [{"t": "Note", "c": blocks}] if blocks else []

    def _ruby(self, one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        base = one.find(f"{W}rubyBase")
        inside = list(self._children(base)) if base is not None else []
        words = "".join(part.text or "" for part in one.iterfind(f"{W}rt//{W}t"))
        self._context.remark(Kind.DROPPED, f"the pronunciation above words: {words}", words)
        return inside

    def _run_alternative(self, one: etree._Element, properties: etree._Element | None) -> list[Node]:
        return [
            node
            for part in one
            for child in part
            if (handler := _RUN_HANDLERS.get(child.tag)) is not None
            for node in handler(self, child, properties)
        ]

    def _drawing(self, one: etree._Element, _properties: etree._Element | None) -> list[Node]:
        boxes = list(one.iter(f"{W}txbxContent"))
        if boxes:
            self._context.boxes += [box for box in boxes if next(box.iterancestors(f"{W}txbxContent"), None) is None]
        if one.tag == f"{W}object":
            self._context.remark(Kind.DROPPED, "an embedded object; its picture is kept if browsers can show it")
        ids = [str(blip.get(f"{R}embed") or blip.get(f"{R}link") or "") for blip in one.iter(f"{_A}blip")]
        ids += [str(data.get(f"{R}id", "")) for data in one.iter(f"{_V}imagedata")]
        described = one.find(f".//{_WP}docPr")
        alternative = str(described.get("descr") or "") if described is not None else ""
        return [node for key in ids for node in self._picture(key, alternative)]

    def _picture(self, key: str, alternative: str) -> Iterator[Node]:
        found = self._context.relationships.get(key)
        if found is None:
            return
        if not found.external:
            self._context.pictures.add(found.target)
        words = " ".join(alternative.split()) or "Picture"
        yield {"t": "Image", "c": [_ATTR, [{"t": "Str", "c": words}], [found.target, ""]]}


def _link(inside: list[Node], address: str) -> Iterator[Node]:
    if address and inside:
        yield {"t": "Link", "c": [_ATTR, inside, [address, ""]]}
    else:
        yield from inside


def _plain(inlines: list[Node]) -> Iterator[str]:
    for one in inlines:
        if one["t"] == "Str":
            yield one["c"]
        elif one["t"] in ("Space", "LineBreak"):
            yield " "
        elif one["t"] in ("Link", "Span"):
            yield from _plain(one["c"][1])
        elif one["t"] not in ("Note", "Image"):
            yield from _plain(one["c"])


def split_at_break(inlines: list[Node]) -> tuple[list[Node], list[Node]] | None:
    """Return the inlines before and after the first hard line break; None if there is none."""
    for at, one in enumerate(inlines):
        if one["t"] == "LineBreak":
            return inlines[:at], inlines[at + 1 :]
        if one["t"] in (*_MARKS.values(), "Underline") and (inside := split_at_break(one["c"])):
            first, rest = ({"t": one["t"], "c": part} for part in inside)
            return [*inlines[:at], first], [rest, *inlines[at + 1 :]]
    return None


def plain_text(inlines: list[Node]) -> str:
    """Return the visible text of inlines, without notes and pictures."""
    return "".join(_plain(inlines))


_HANDLERS: dict[object, Callable[[RunReader, etree._Element], Iterator[Node]]] = {
    f"{W}r": RunReader._run,
    f"{W}bookmarkStart": RunReader._bookmark,
    f"{W}hyperlink": RunReader._hyperlink,
    f"{W}fldSimple": RunReader._simple_field,
    f"{W}sdt": RunReader._content,
    **dict.fromkeys(
        (f"{W}smartTag", f"{W}customXml", f"{W}bdo", f"{W}dir", f"{W}ins", f"{W}moveTo"), RunReader._children
    ),
    f"{MC}AlternateContent": RunReader._alternative,
    f"{_M}oMath": RunReader._formula,
    f"{_M}oMathPara": RunReader._formula,
}
_RUN_HANDLERS: dict[object, Callable[[RunReader, etree._Element, etree._Element | None], list[Node]]] = {
    f"{W}t": RunReader._text,
    f"{W}tab": RunReader._blank,
    f"{W}ptab": RunReader._blank,
    f"{W}br": RunReader._break,
    f"{W}cr": RunReader._break,
    f"{W}noBreakHyphen": RunReader._hyphen,
    f"{W}sym": RunReader._sym,
    f"{W}fldChar": RunReader._field_character,
    f"{W}instrText": RunReader._instruction,
    f"{W}footnoteReference": RunReader._note,
    f"{W}endnoteReference": RunReader._note,
    f"{W}drawing": RunReader._drawing,
    f"{W}pict": RunReader._drawing,
    f"{W}object": RunReader._drawing,
    f"{W}ruby": RunReader._ruby,
    f"{MC}AlternateContent": RunReader._run_alternative,
}


def symbol(font: str, code: int) -> str:
    """Return the ordinary character for one of a symbol font; an empty string if it is not known."""
    table = _SYMBOL if font.strip().lower() == "symbol" else _WINGDINGS if font.lower().startswith("wingdings") else {}
    return table.get(code - 0xF000 if code >= 0xF000 else code, "")
