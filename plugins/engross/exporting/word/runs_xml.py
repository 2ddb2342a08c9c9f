"""Writes the text of a paragraph: runs with their styles, links, references, pictures, and the change of each.

A link cannot be a tracked change in Word. Where the target of a link, a picture or a footnote changed, its text is
deleted and inserted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import count, groupby
from xml.sax.saxutils import quoteattr

import engross.common.lazy_re as re
from engross.common import value_class
from engross.exporting.word.paragraphs import Fate, Notes, Text
from engross.exporting.word.pictures import Picture, drawing
from engross.model import MarkKind
from engross.redline import Block, Style

_NOT_TRACKED = (MarkKind.LINK, MarkKind.IMAGE, MarkKind.FOOTNOTE)
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(r"([\n\t])")
_WRAPPERS = {
    Fate.DELETED: ("del",),
    Fate.INSERTED: ("ins",),
    Fate.AWAY: ("moveFrom",),
    Fate.HERE: ("moveTo",),
    Fate.HERE_DELETED: ("moveTo", "del"),
}
_PROPERTIES = (
    (MarkKind.CODE, '<w:rStyle w:val="InlineCode"/>'),
    (MarkKind.LINK, '<w:rStyle w:val="Hyperlink"/>'),
    (MarkKind.FOOTNOTE, '<w:rStyle w:val="FootnoteReference"/>'),
    (MarkKind.STRONG, "<w:b/><w:bCs/>"),
    (MarkKind.EMPHASIS, "<w:i/><w:iCs/>"),
    (MarkKind.STRIKE, "<w:strike/>"),
    (MarkKind.SUPERSCRIPT, '<w:vertAlign w:val="superscript"/>'),
    (MarkKind.SUBSCRIPT, '<w:vertAlign w:val="subscript"/>'),
)


@value_class(frozen=True, slots=True)
class Link:
    """Where a link leads in the file: an outside `address`, or the bookmark `name`.

    `field` is the instruction of a cross-reference field, empty for an ordinary link.
    """

    address: str = ""
    name: str = ""
    field: str = ""


@value_class(frozen=True, slots=True)
class Note:
    """A footnote that the text refers to: its number in the file, its block, and its change."""

    number: int
    block: Block
    fate: Fate


@value_class
class RunWriter:
    """Writes runs. `by` are the attributes of every change: its author and instant.

    `link` and `picture` look up what a target as written means; `relations` collects what the package must relate to:
    the addresses of links and the names of pictures.
    """

    by: str
    notes: Notes
    link: Callable[[str], Link | None] = lambda _: None
    picture: Callable[[str], Picture | None] = lambda _: None
    relations: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    found: list[Note] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    _noted: dict[tuple[int, Fate], int] = field(default_factory=dict)

    def change(self) -> str:
        """Return the attributes of one change."""
        return f' w:id="{next(self.ids)}"{self.by}'

    def texts(self, texts: Iterable[Text]) -> str:
        """Return the XML of the text of a paragraph."""
        parts = []
        for link, group in groupby(self._tracked(texts), _link_of):
            inner = list(group)
            target = self.link(link.target) if link else None
            if target is None:
                parts.append(self._wrapped((text, self._run(text, linked=False)) for text in inner))
            elif target.field:
                parts.append(self._field(target.field, inner))
            else:
                where = f'w:anchor="{target.name}"' if target.name else f'r:id="{self._relation(target.address)}"'
                runs = self._wrapped((text, self._run(text, linked=True)) for text in inner)
                parts.append(f"<w:hyperlink {where}>{runs}</w:hyperlink>")
        return "".join(parts)

    def _tracked(self, texts: Iterable[Text]) -> Iterator[Text]:
        """Yield texts with what Word cannot track deleted and inserted, and references to a same footnote joined."""
        last: Text | None = None
        for text in self._split_untracked(texts):
            if last is not None and self._same_note(last, text):
                last = replace(text, fate=Fate.KEPT)
                continue
            if last is not None:
                yield last
            last = text
        if last is not None:
            yield last

    def _split_untracked(self, texts: Iterable[Text]) -> Iterator[Text]:
        for text in texts:
            changed = text.was is not None and text.fate is Fate.KEPT
            if changed and self._untracked(text.was or ()) != self._untracked(text.styles):
                yield Text(text.text, text.was or (), Fate.DELETED)
                yield Text(text.text, text.styles, Fate.INSERTED)
            else:
                yield text

    def _untracked(self, styles: Sequence[Style]) -> list[object]:
        """Return what Word cannot track of some styles; a link that leads nowhere in the file is only its words."""
        links = (self.link(style.target) if style.kind is MarkKind.LINK else style for style in styles)
        return [link for link, style in zip(links, styles, strict=True) if style.kind in _NOT_TRACKED and link]

    def _same_note(self, old: Text, new: Text) -> bool:
        if old.fate is not Fate.DELETED or new.fate is not Fate.INSERTED or not (_is_note(old) and _is_note(new)):
            return False
        note = self.notes.new.get(_number(new))
        return note is not None and note is self.notes.old.get(_number(old))

    def _relation(self, address: str) -> str:
        return self.relations.setdefault(address, f"link{len(self.relations) + 1}")

    def _wrapped(self, runs: Iterable[tuple[Text, str]]) -> str:
        """Return runs inside the elements that mark their change."""
        parts = []
        for fate, group in groupby(runs, lambda pair: pair[0].fate):
            inner = "".join(xml for _, xml in group)
            for name in reversed(_WRAPPERS.get(fate, ())):
                inner = f"<w:{name}{self.change()}>{inner}</w:{name}>"
            parts.append(inner)
        return "".join(parts)

    def _run(self, text: Text, *, linked: bool) -> str:
        if _is_note(text) and (note := self._note(text)):
            return note
        image = next((style for style in text.styles if style.kind is MarkKind.IMAGE), None)
        if image and (shown := self.picture(image.target)):
            self.pictures.setdefault(shown.name, shown)
            xml = drawing(shown, text.text, image.title, next(self.ids))
            return f"<w:r>{self._properties(text, linked)}{xml}</w:r>"
        return f"<w:r>{self._properties(text, linked)}{_content(text.text, text.fate)}</w:r>" if text.text else ""

    def _properties(self, text: Text, linked: bool) -> str:
        now = properties(text.styles, linked=linked)
        if text.was is None or text.fate is not Fate.KEPT:
            return f"<w:rPr>{now}</w:rPr>" if now else ""
        was = properties(text.was, linked=linked)
        if was == now:
            return f"<w:rPr>{now}</w:rPr>" if now else ""
        return f"<w:rPr>{now}<w:rPrChange{self.change()}><w:rPr>{was}</w:rPr></w:rPrChange></w:rPr>"

    def _field(self, instruction: str, texts: Sequence[Text]) -> str:
        """Return a field with its result as last computed."""
        result = self._wrapped((text, self._run(text, linked=False)) for text in texts)
        begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in _FIELD)
        code = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        return f"{begin}{code}{separate}{result}{end}"

    def _note(self, text: Text) -> str:
        """Return the reference to a footnote; a second reference to the same one is a field."""
        side = self.notes.old if text.fate.is_old else self.notes.new
        block = side.get(_number(text))
        if block is None:
            return ""
        known = self._noted.get((id(block), Fate.KEPT)) or self._noted.get((id(block), text.fate))
        style = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        if known:
            begin, separate, end = (f'<w:r>{style}<w:fldChar w:fldCharType="{one}"/></w:r>' for one in _FIELD)
            name = "delInstrText" if text.fate is Fate.DELETED else "instrText"
            code = f'<w:r>{style}<w:{name} xml:space="preserve"> NOTEREF _eg_note{known} \\f \\h </w:{name}></w:r>'
            return f"{begin}{code}{separate}<w:r>{style}{_content(_number(text), text.fate)}</w:r>{end}"
        number = len(self.found) + 2
        self.found.append(Note(number, block, text.fate))
        self._noted[id(block), text.fate] = number
        mark = next(self.ids)
        return (
            f'<w:bookmarkStart w:id="{mark}" w:name="_eg_note{number}"/>'
            f'<w:r>{style}<w:footnoteReference w:id="{number}"/></w:r><w:bookmarkEnd w:id="{mark}"/>'
        )


_FIELD = ("begin", "separate", "end")


def escaped(text: str) -> str:
    """Escape text for XML; characters that XML cannot have are replaced."""
    text = _NOT_XML.sub("\ufffd", text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def attribute(text: str) -> str:
    """Return text as the value of an attribute, with its quotation marks."""
    return quoteattr(_NOT_XML.sub("\ufffd", text))


def properties(styles: Sequence[Style], *, linked: bool) -> str:
    """Return the properties of a run in the order that the schema asks for; `linked` is whether it is in a link."""
    kinds = {style.kind for style in styles}
    if not linked:
        kinds.discard(MarkKind.LINK)
    if MarkKind.CODE in kinds or MarkKind.FOOTNOTE in kinds:
        # A run has one style.
        kinds.discard(MarkKind.LINK)
    if MarkKind.SUPERSCRIPT in kinds:
        kinds.discard(MarkKind.SUBSCRIPT)
    return "".join(xml for kind, xml in _PROPERTIES if kind in kinds)


def _link_of(text: Text) -> Style | None:
    return next((style for style in text.styles if style.kind is MarkKind.LINK), None)


def _is_note(text: Text) -> bool:
    return any(style.kind is MarkKind.FOOTNOTE for style in text.styles)


def _number(text: Text) -> str:
    return text.text.strip("[] ")


def _content(text: str, fate: Fate) -> str:
    """Return the content of a run: text, line breaks and tabs."""
    name = "delText" if fate in (Fate.DELETED, Fate.HERE_DELETED) else "t"
    text = escaped(text)
    if "\n" not in text and "\t" not in text:
        return f'<w:{name} xml:space="preserve">{text}</w:{name}>'
    signs = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    return "".join(
        signs.get(part) or f'<w:{name} xml:space="preserve">{part}</w:{name}>' for part in _SPECIAL.split(text) if part
    )
