"""The visible text of the element that contains a contract, in a finished page.

The page may come from any theme, other plugins and a minifier. It is cut into tags and text by the rules of HTML
(section 13.2.5, "Tokenization"): quoted attributes, scripts and comments contain no tags, and an unclosed tag reaches
to the end of the page. So every cut is final and the time is linear.

A blank is any run of HTML white space. A no-break space is text.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

import engross.common.lazy_re as re

_RUN = re.compile("  +")


def fold(text: str) -> str:
    """Replace every run of blanks with one space, and strip both ends."""
    for blank in "\t\n\f\r":
        if blank in text:
            text = text.replace(blank, " ")
    return _RUN.sub(" ", text).strip(" ")


TEXT_ATTRIBUTE = "data-engross-text"
"""Marks the element that holds a contract's text; its value is the document's id."""
GENERATED_ATTRIBUTE = "data-engross-generated"
"""Marks an element in it that is not part of the contract's text: a number, a label, a button."""
ENUMERATED_ATTRIBUTE = "data-engross-enumerated"
"""Marks an `<ol>` whose items contain their marker, `(a)`, as text."""

_S = r"\t\n\f\r "
# Quotes count only after an equals sign; unclosed ones reach to the end of the page.
_VALUE = rf"""(?>(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^{_S}>"'][^{_S}>]*+)?)"""
_ATTRIBUTES = rf"""(?>(?:[^>=]*+=(?:"[^"]*+(?:"|\Z)|[{_S}]*+{_VALUE}))*)[^>=]*+"""
_TAG = re.compile(
    rf"<(?:(/?+(?!(?i:script|style)[{_S}/>])[a-zA-Z][^{_S}/>]*+)({_ATTRIBUTES})(?:>|\Z)"
    r"|!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|(?i:script){_ATTRIBUTES}>.*?(?:</(?i:script)(?=[{_S}/>])[^>]*+>|\Z)"
    rf"|(?i:style){_ATTRIBUTES}>.*?(?:</(?i:style)(?=[{_S}/>])[^>]*+>|\Z)"
    r"|[!?/][^>]*+(?:>|\Z))",
    re.S,
)
_ATTRIBUTE = re.compile(rf"""([^{_S}/>=]+)(?:[{_S}]*=[{_S}]*(?:"([^"]*)"|'([^']*)'|([^{_S}>]*)))?""")
_LEFT_OUT = re.compile(
    rf"""(?>(?:[{_S}/]*+(?!(?:{GENERATED_ATTRIBUTE}|hidden)(?=[{_S}/>=]|\Z))[^{_S}/>=]++"""
    rf"""(?>(?:[{_S}]*+=[{_S}]*+(?:"[^"]*+"|'[^']*+'|[^{_S}>"'][^{_S}>]*+)?)?))*)"""
    rf"""[{_S}/]*+(?:{GENERATED_ATTRIBUTE}|hidden)""",
    re.I,
)
_INTEGER = re.compile(r"[\t\n\f\r ]*([+-]?[0-9]{1,15})")
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{8,}+);?")

_BLOCK_NAMES = """
    address article aside blockquote body br caption center col colgroup dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup
    option p plaintext pre search section summary table tbody td tfoot th thead tr ul xmp
"""
_VOID_NAMES = "area base br col embed hr img input link meta source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
# Of a tag: whether it separates words, and whether it needs special handling.
_INLINE, _BLOCK, _SPECIAL_BLOCK, _SPECIAL_INLINE = range(4)
_KIND: dict[str | None, int] = {form: _BLOCK for name in _BLOCK_NAMES.split() for form in (name, f"/{name}")}
_KIND |= dict.fromkeys(["ol", "/ol", "ul", "/ul", "menu", "/menu", "li"], _SPECIAL_BLOCK)
_KIND |= dict.fromkeys(["img", "template"], _SPECIAL_INLINE)

Tokens = Iterator[tuple[str | None, str | None, str]]
"""Of each tag: its name ("/" before that of an end tag), its attributes, the text after it. A comment has no name."""


class PageText(NamedTuple):
    """The text of a page with blanks folded, and the number of elements with a contract; only the first is read."""

    text: str
    elements: int


def page_text(html: str) -> PageText:
    """The text of the element with `data-engross-text`, as shown without scripts or styles.

    Generated elements, those with `hidden`, comments, scripts, styles and templates are skipped. An image has its
    alternative text as text, an item of an `<ol>` its number with a full stop.
    """
    parts = _TAG.split(html)
    found = [
        at
        for at in range(2, len(parts), 3)
        if parts[at] and TEXT_ATTRIBUTE in parts[at] and parts[at - 1][0] != "/" and TEXT_ATTRIBUTE in _read(parts[at])
    ]
    if not found:
        return PageText("", 0)
    at = found[0]
    tokens = zip(parts[at + 2 :: 3], parts[at + 3 :: 3], parts[at + 4 :: 3], strict=True)
    reader = _Reader(parts[at - 1].lower())
    reader.read(parts[at + 1], tokens)
    return PageText(fold("".join(reader.out)), len(found))


class _Kinds(dict[str | None, int]):
    """The handling of a tag, by its name as written."""

    def __missing__(self, name: str | None) -> int:
        kind = self[name] = self.get(name.lower(), _INLINE) if name else _INLINE
        return kind


class _List:
    """An open list. `number` is the number of its next item, None if items have no numbers."""

    __slots__ = ("form", "number", "step")

    def __init__(self, number: int | None = None, step: int = 1, form: str = ".") -> None:
        self.number, self.step, self.form = number, step, form


class _Reader:
    """Collects the text of one element in `out`, from its start tag to its end tag."""

    def __init__(self, element: str) -> None:
        self.end = f"/{element}"
        self.depth = 1
        kind = _SPECIAL_BLOCK if _KIND.get(element) else _SPECIAL_INLINE
        self.kinds = _Kinds(_KIND | {element: kind, self.end: kind})
        self.lists = [_List()]
        self.out: list[str] = []

    def read(self, text: str, tokens: Tokens) -> None:
        """Read the text right after the start tag, then the tokens up to the end tag."""
        kinds, add = self.kinds, self.out.append
        add(_decode(text))
        for name, written, following in tokens:
            kind = kinds[name]
            if kind and kind != _SPECIAL_INLINE:
                add(" ")
            if written and (GENERATED_ATTRIBUTE in written or "hidden" in written) and _LEFT_OUT.match(written):
                following = _after(name or "", tokens, following)
            elif kind >= _SPECIAL_BLOCK and name:
                if name.lower() == "template":
                    following = _after(name, tokens, following)
                self._special(name.lower(), written or "")
                if not self.depth:
                    return
            add(_decode(following) if "&" in following else following)

    def _special(self, name: str, written: str) -> None:
        if name == self.end:
            self.depth -= 1
        elif f"/{name}" == self.end:
            self.depth += 1
        elif name == "li":
            self._number(written)
        elif name == "img":
            self.out.append(_read(written).get("alt", ""))
        elif name == "ol":
            self.lists.append(_ordered(written))
        elif name in ("ul", "menu"):
            self.lists.append(_List())
        elif name in ("/ol", "/ul", "/menu") and len(self.lists) > 1:
            self.lists.pop()

    def _number(self, written: str) -> None:
        listing = self.lists[-1]
        if listing.number is None:
            return
        number = _integer(_read(written).get("value", "")) if written else None
        if number is not None:
            listing.number = number
        self.out.append(f"{listing.number}{listing.form} ")
        listing.number += listing.step


def _decode(text: str) -> str:
    """Decode entities as browsers do, also those without a semicolon."""
    try:
        return unescape(text)
    except ValueError:  # a number too long for Python is not a character
        return unescape(_LONG_NUMBER.sub("\ufffd", text))


def _read(written: str) -> dict[str, str]:
    """The attributes of a tag; of two with the same name, the first counts."""
    read: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(written):
        read.setdefault(name.lower(), _decode(double or single or bare))
    return read


def _after(name: str, tokens: Tokens, text: str) -> str:
    """Skip an element and return the text after its end tag; `text` is the text after its start tag."""
    name = name.lower()
    if name in _VOID:
        return text
    depth, end = 1, f"/{name}"
    for other, _, text in tokens:
        if not other:
            continue
        other = other.lower()
        if other == end:
            depth -= 1
            if not depth:
                return text
        elif other == name:
            depth += 1
    return ""


def _ordered(written: str) -> _List:
    attributes = _read(written) if written else {}
    if ENUMERATED_ATTRIBUTE in attributes:
        return _List()
    form = attributes.get("type", "1")
    number = _integer(attributes.get("start", ""))
    shown = "." if form == "1" else f"({form})."
    if "reversed" not in attributes:
        return _List(1 if number is None else number, 1, shown)
    # Without a start, browsers count the items first. Engross writes no such list: its numbers are wrong anyway.
    return _List(0 if number is None else number, -1, shown)


def _integer(written: str) -> int | None:
    match = _INTEGER.match(written)
    return int(match[1]) if match else None
