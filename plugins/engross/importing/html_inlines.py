"""Turns the running text of a web page into pandoc's inlines: text, marks, links, line breaks, pictures."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import field
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import engross.common.lazy_re as re
from engross.common import EngrossError, error, shown, value_class
from engross.importing.html_tree import Element, Text
from engross.importing.values import RULE, Kind, Node, Remark
from engross.model import Diagnostic

_MARKS = {
    **dict.fromkeys(("b", "strong"), "Strong"),
    **dict.fromkeys(("i", "em", "var", "dfn", "cite"), "Emph"),
    **dict.fromkeys(("del", "s", "strike"), "Strikeout"),
    "sup": "Superscript",
    "sub": "Subscript",
}
_STYLE = re.compile(r"(?:^|;)\s*(font-weight|font-style|vertical-align|text-decoration(?:-line)?)\s*:\s*([^;]*)", re.I)
_BOLD, _PLAIN = re.compile(r"bold(?:er)?|[6-9]00"), re.compile(r"normal|[1-5]00|lighter")
_REFUSED = {
    **dict.fromkeys(("iframe", "frame", "embed", "object", "applet"), "another page or program in the page"),
    **dict.fromkeys(("video", "audio", "canvas"), "a medium"),
    **dict.fromkeys(("input", "select", "textarea", "meter", "progress"), "a field of a form"),
    "math": "a formula",
    "bdo": "text whose direction is reversed",
}
_BLANKS = re.compile(r"[ \t\n\f\r]+")
_BLANK_BESIDE = re.compile("(?<![\\d«»%€$£§№])\xa0(?![\\d«»:;!?%€$£])")
_DATA = re.compile(r"data:image/(png|jpeg|jpg|gif|webp|svg\+xml|avif)(;base64)?,", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SMALL = re.compile(r"[01](?:px)?")


@value_class(slots=True)
class Inlines:
    """Reads inline elements; collects remarks, refusals and pictures.

    `base` is the address of the page, if known. `anchors` maps the ids that links lead to onto the anchor of a heading.
    `note` returns the footnote that a link refers to, if it refers to one. `permalinks` are the links of headings to
    themselves, by identity, which are not kept.
    """

    path: str
    base: str
    anchors: Mapping[str, str]
    note: Callable[[Element], Node | None]
    permalinks: Set[int] = frozenset()
    remarks: list[Remark] = field(default_factory=list)
    refused: list[Diagnostic] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    styling: Counter[str] = field(default_factory=Counter)

    def read(self, node: Element | Text) -> list[Node]:
        """Return the inlines of one text or inline element."""
        if isinstance(node, Text):
            return self._text(node.content)
        if node.name == "br":
            return [{"t": "LineBreak"}]
        if node.name == "wbr":
            return []
        if node.name == "img":
            return self._image(node)
        if node.name == "a" or "data-cfemail" in node.attributes:
            return self._link(node)
        if node.name in _REFUSED:
            return self._refuse(node)
        return self.marked(node, [one for child in node.children for one in self.read(child)])

    def marked(self, element: Element, inlines: list[Node]) -> list[Node]:
        """Return inlines with the mark of the element around them."""
        marks = marks_of(element)
        if element.name == "q":
            self.labels += ["“", "”"]
            inlines = [{"t": "Str", "c": "“"}, *inlines, {"t": "Str", "c": "”"}]
        if not marks and element.name != "a":
            self.styling[element.name] += 1
        if element.name == "ins" and inlines:
            self.remarks.append(Remark(Kind.CHANGED, element.place, "text marked as inserted is ordinary text"))
        if all(one["t"] == "Note" for one in inlines):
            return inlines
        for mark in marks:
            inlines = [{"t": mark, "c": inlines}] if inlines else []
        return inlines

    def _text(self, content: str) -> list[Node]:
        content = content.replace("\u200b", "").replace("\xad", "").replace("\ufeff", "")
        text = _BLANKS.sub(" ", _BLANK_BESIDE.sub(" ", content).replace("\u2028", " ").replace("\u2029", " "))
        return [{"t": "Str", "c": text}] if text else []

    def _link(self, element: Element) -> list[Node]:
        if note := self.note(element):
            return [note]
        if address := _hidden_address(element):
            return self._mail(element, address)
        inlines = [one for child in element.children for one in self.read(child)]
        target = self.target(element)
        return [{"t": "Link", "c": [["", [], []], inlines, [target, ""]]}] if target and inlines else inlines

    def target(self, element: Element) -> str:
        """Return where a link leads: a whole address, or a heading's anchor; an empty string if to neither."""
        href = element.get("href")
        if not href or id(element) in self.permalinks:
            return ""
        if href.startswith("#") or (self.base and href.startswith(f"{self.base}#")):
            wanted = href.partition("#")[2]
            if wanted in self.anchors:
                return f"#{self.anchors[wanted]}"
            self._words_only(element, f"a link within the page leads to no heading ({shown(href)})")
            return ""
        try:
            whole = urljoin(self.base, href) if self.base else href
            scheme = urlsplit(whole).scheme.lower()
        except ValueError:
            whole, scheme = href, ""
        if scheme in ("http", "https", "mailto", "tel"):
            return whole
        self._words_only(element, f"a link leads to no whole address ({shown(href, 60)})")
        return ""

    def _mail(self, element: Element, address: str) -> list[Node]:
        """Return the e-mail address that a script of Cloudflare would show."""
        message = f"the e-mail address {shown(address)}, which the page hides from programs, is written out"
        self.remarks.append(Remark(Kind.CHANGED, element.place, message, element.text))
        self.labels.append(address)
        return [{"t": "Str", "c": address}]

    def _words_only(self, element: Element, why: str) -> None:
        self.remarks.append(Remark(Kind.CHANGED, element.place, f"{why}; its words stay: “{shown(element.text)}”"))

    def _image(self, element: Element) -> list[Node]:
        source, words = element.get("src"), " ".join(element.get("alt").split())
        if _SMALL.fullmatch(element.get("width")) or _SMALL.fullmatch(element.get("height")):
            return []
        address = source
        if found := _DATA.match(source):
            data = source[found.end() :]
            try:
                content = b64decode(data) if found[2] else unquote_to_bytes(data)
            except ValueError:
                content = b""
            address = f"picture-{len(self.pictures) + 1}.{found[1].lower().removesuffix('+xml').replace('jpeg', 'jpg')}"
            self.pictures[address] = content
        elif not source:
            return []
        else:
            message = f"a picture, which is not fetched: {shown(source, 80)}"
            self.remarks.append(
                Remark(Kind.DROPPED, element.place, message + (f" (“{shown(words)}”)" if words else ""))
            )
            return []
        return [{"t": "Image", "c": [["", [], []], [{"t": "Str", "c": words}] if words else [], [address, ""]]}]

    def _refuse(self, element: Element) -> list[Node]:
        size = {element.get("width"), element.get("height")}
        if any(_SMALL.fullmatch(one) for one in size):
            return []
        what = _REFUSED[element.name]
        message = (
            f"<{element.name}> is {what}, which a contract cannot contain; delete it from a saved copy of the page, "
            "write what it says as text, or choose another part of the page with --select"
        )
        self.refused.append(error(RULE, self.path, element.line, element.column, message))
        return []

    def finish(self) -> list[Remark]:
        """Return all remarks, with the tags that only style. Raises EngrossError with everything that was refused."""
        if self.refused:
            raise EngrossError(self.refused)
        named = ", ".join(f"<{name}> ({count})" for name, count in sorted(self.styling.items()))
        styling = [
            Remark(Kind.CHANGED, "", f"tags that only style, or that Engross does not know, are removed: {named}")
        ]
        return [*self.remarks, *(styling if named else [])]


def _hidden_address(element: Element) -> str:
    """Decode an e-mail address that Cloudflare hides: the first byte is combined with each of the others."""
    coded = next((one.get("data-cfemail") for one in element.find("a", "span") if one.get("data-cfemail")), "")
    try:
        data = bytes.fromhex(coded)
        address = bytes(byte ^ data[0] for byte in data[1:]).decode("utf-8") if data else ""
    except ValueError:
        return ""
    return address if _MAIL.fullmatch(address) else ""


def marks_of(element: Element) -> list[str]:
    """Return the names of the marks that an element sets, by its name and its own style, the innermost first."""
    marks = [_MARKS[element.name]] if element.name in _MARKS else []
    for name, value in _STYLE.findall(element.get("style")):
        name, value = name.lower(), value.strip().lower()
        if name == "font-weight":
            _set(marks, "Strong", _BOLD.match(value), _PLAIN.match(value))
        elif name == "font-style":
            _set(marks, "Emph", value.startswith(("italic", "oblique")), value.startswith("normal"))
        elif name == "vertical-align":
            _set(marks, "Superscript", value == "super", value == "baseline")
            _set(marks, "Subscript", value == "sub", value == "baseline")
        else:
            _set(marks, "Strikeout", "line-through" in value, value.startswith("none"))
    return marks


def _set(marks: list[str], mark: str, present: object, absent: object) -> None:
    if present and mark not in marks:
        marks.append(mark)
    elif absent and mark in marks:
        marks.remove(mark)
