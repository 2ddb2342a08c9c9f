"""Reads XML from outside, and Akoma Ntoso that somebody kept: its words, and what of it cannot be compared.

A file is confirmed only if all of it is understood: every element and attribute is one that Engross writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from xml.etree import ElementTree

import engross.common.lazy_re as re
from engross.common import EngrossError, error, shown, value_class

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
_SEALED = "{urn:engross:record:2}sealed"
_DEEPEST = 400
"""The most elements inside one another; a text has at most 150 blocks inside one another."""
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


def unreadable(path: str, message: str) -> EngrossError:
    """Return the error for a kept file that cannot be read."""
    return EngrossError([error("unreadable-file", path, 0, 0, message)])


def read_xml(path: str, data: bytes) -> ElementTree.Element:
    """Parse XML without entities. Raises EngrossError if it is damaged, not UTF-8, or nested too deeply."""
    written = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in data[:100] or (written and written[1].lower() not in (b"utf-8", b"us-ascii")):
        raise unreadable(path, "the XML is not UTF-8, as every file of a site is")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise unreadable(path, "the XML declares entities, which no file of a site does")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as failure:
        raise unreadable(path, f"the XML is damaged: {shown(str(failure))}") from None
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in one]
        if not level:
            return root
    raise unreadable(path, f"more than {_DEEPEST} elements of the XML are inside one another, as in no file of a site")


@value_class
class AkomaText:
    """The words of an Akoma Ntoso file, its notes at the end; `sealed` are the facts about its version.

    `unread` are the things in it that a system may show and that are not compared; `pictures` is the
    number of its pictures, `struck` whether text is struck out.
    """

    root: ElementTree.Element
    unread: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    pictures: int = 0
    struck: bool = False

    @property
    def sealed(self) -> dict[str, str]:
        """The attributes of the element that names the sealed version."""
        own = self.root.find(f".//{_SEALED}")
        return dict(own.attrib) if own is not None else {}

    def words(self) -> str:
        """Return the text of everything but the metadata."""
        parts = [child for doc in self.root for child in doc]
        if [one.tag for one in self.root] != [f"{AKN}doc"]:
            self._add("several documents")
        names = [one.tag.removeprefix(AKN) for one in parts]
        if names not in (["meta", "preface", "mainBody"], ["meta", "mainBody"]):
            self._add(f"the parts {', '.join(map(shown, names)) or 'of no document'}")
        for one in (self.root, *self.root):
            self._check(one, {"akomaNtoso", "doc"}, _ATTRIBUTES)
        for part in parts:
            if part.tag == f"{AKN}meta":
                self._metadata(part)
        text = " ".join(self._text(part) for part in parts if part.tag != f"{AKN}meta")
        return "\n".join([text, *self.notes])

    def _add(self, what: str) -> None:
        self.unread[what] = None

    def _check(self, one: ElementTree.Element, tags: set[str] | frozenset[str], attributes: frozenset[str]) -> None:
        name = one.tag.removeprefix(AKN)
        if name not in tags:
            self._add(f"the element {shown(name)}")
        for key, value in one.attrib.items():
            form = _FORMS.get(key)
            if key not in attributes or (key == "alt" and name != "img") or (form and not form.fullmatch(value)):
                self._add(f"the attribute {shown(key)} of {shown(name)}")

    def _metadata(self, meta: ElementTree.Element) -> None:
        for one in meta.iter():
            if one.tag == _SEALED:
                continue
            if one.tag.removeprefix(AKN) not in _METADATA:
                self._add(f"the element {shown(one.tag.removeprefix(AKN))} in the metadata")
            if any(text and text.strip() for text in (one.text, *(child.tail for child in one))):
                self._add("text in the metadata")

    def _text(self, element: ElementTree.Element) -> str:
        """Return the text of an element; the texts of its notes are added to `notes`, in their order."""
        self._check(element, _TEXT, _ATTRIBUTES)
        self.pictures += element.tag == f"{AKN}img"
        self.struck = self.struck or element.get("name") == "strike"
        if element.tag == f"{AKN}authorialNote":
            at = len(self.notes)
            self.notes.append("")
            self.notes[at] = " ".join(self._inside(element))
            return ""
        text = "".join(self._inside(element))
        return text if element.tag in _INLINE else f" {text} "

    def _inside(self, element: ElementTree.Element) -> Iterator[str]:
        yield element.get("alt") or ""
        yield element.text or ""
        for child in element:
            yield self._text(child)
            yield child.tail or ""


_INLINE = frozenset(
    f"{AKN}{name}" for name in ("b", "i", "inline", "sup", "sub", "a", "ref", "term", "def", "noteRef", "img")
)
_TEXT = frozenset(
    {
        "preface", "mainBody", "p", "docNumber", "docTitle", "section", "subsection", "num", "heading", "intro",
        "content", "blockList", "item", "blockContainer", "table", "tr", "th", "td", "authorialNote", "noteRef",
        "inline", "b", "i", "sup", "sub", "a", "ref", "term", "def", "img", "eol"
    }
)  # fmt: skip
_METADATA = frozenset(
    {
        "meta", "identification", "FRBRWork", "FRBRExpression", "FRBRManifestation", "FRBRthis", "FRBRuri", "FRBRdate",
        "FRBRauthor", "FRBRcountry", "FRBRsubtype", "FRBRnumber", "FRBRname", "FRBRversionNumber", "FRBRlanguage",
        "FRBRformat", "lifecycle", "eventRef", "temporalData", "temporalGroup", "timeInterval", "references",
        "original", "passiveRef", "TLCOrganization", "TLCProcess", "TLCConcept", "TLCTerm", "proprietary"
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "name", "contains", "period", "eId", "href", "refersTo", "class", "src", "alt", "marker", "placement", "style",
        "source"
    }
)  # fmt: skip
_FORMS = {
    "marker": re.compile(r"\w{1,8}"),
    "style": re.compile(r"text-align: (left|right|center)"),
    "class": re.compile("quote|code|heading|rule"),
    "name": re.compile("agreement|list|fact|code|strike|item"),
}
