"""Finds the part of a web page that is the document, and removes what is not shown or is not part of its text.

The part is the element that a CSS selector chooses; without one, the page's own `<main>` or `<article>`; else the
innermost element that still has nine tenths of the words outside menus. What is removed is in the report with its
place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from importlib import import_module
from typing import Any

import engross.common.lazy_re as re
from engross.common import EngrossError, error, shown, value_class
from engross.importing.html_tokens import UNSEEN
from engross.importing.html_tree import HEADINGS, Element, Text
from engross.importing.values import RULE, Kind, Remark, missing_extra

_SILENT = frozenset({
    "script", "style", "template", "head", "meta", "link", "base", "noscript", "svg", "colgroup", "col", "area",
    "map", "param",
})  # fmt: skip
_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "tooltip", "menu", "menubar",
    "toolbar", "status", "alert",
})  # fmt: skip
_MENU = re.compile(
    r"cookie-?(?:bar|banner|notice|popup|modal|law|overlay|dialog|consent)|consent-?(?:banner|bar|modal|manager|popup)"
    r"|onetrust|cookiebot|usercentrics|didomi|truste|breadcrumbs?|skip-?(?:to|link|nav)\S*|share-?(?:buttons?|bar|links?)"
    r"|social-?(?:share|links|icons)|site-?(?:header|footer|nav)|toc-?(?:container|wrapper)|table-?of-?contents|toc",
    re.IGNORECASE,
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN = frozenset({
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only", "u-hidden-visually",
})  # fmt: skip
_PERMALINK = re.compile(r"[#¶§🔗\s]*|permalink|copy link", re.IGNORECASE)
_TO_TOP = re.compile(r"\W*(?:back to |return to |go to )?(?:the )?top(?: of (?:the )?page)?\W*", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:table of )?contents|on this page|in this (?:article|document|agreement|policy)|jump to", re.I
)
_INSIDE = frozenset({
    "div", "section", "article", "main", "center", "form", "body", "html", "td", "tbody", "table", "tr", "span",
    "fieldset",
})  # fmt: skip
_MOST = 0.9
_WORD = re.compile(r"\w+")
_NOT_LINE_END = re.compile(r"[^\n]")
_MOST_SHOWN = 5


@value_class(slots=True)
class Cleaning:
    """What was removed from a page: the elements, for the word check, and the lines of the report."""

    removed: list[Element] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def drop(self, element: Element, what: str) -> None:
        """Report an element with words that the caller removes from the tree."""
        words = element.text
        if words:
            self.remarks.append(Remark(Kind.DROPPED, element.place, f"{what}: “{shown(words, 60)}”"))
        self.removed.append(element)


def clean(root: Element, cleaning: Cleaning, *, whole: bool) -> None:
    """Remove what a browser does not show, and menus; for the `whole` page also its header and footer."""
    pending = [root]
    while pending:
        element = pending.pop()
        kept: list[Element | Text] = []
        for child in element.children:
            if isinstance(child, Element) and child.name in _SILENT:
                cleaning.removed.append(child)
            elif isinstance(child, Element) and (what := _unwanted(child, whole=whole)):
                cleaning.drop(child, what)
            else:
                kept.append(child)
        element.children = kept
        pending += element.elements


def _unwanted(element: Element, *, whole: bool) -> str:
    """Why an element is no part of the document's text; an empty string if it is one."""
    name = element.name
    if "hidden" in element.attributes or _HIDING.search(element.get("style")) or _UNSEEN.intersection(element.classes):
        return "hidden text"
    if name == "dialog" and "open" not in element.attributes:
        return "a closed dialog"
    if name == "button" or (name == "input" and element.get("type").lower() in ("hidden", "submit", "button", "reset")):
        return "a button"
    if name == "nav" or element.get("role").lower() in _ROLES:
        return "a menu or a banner"
    if whole and name in ("header", "footer") and not _is_within(element, "main", "article"):
        return f"the page's {name}"
    named = (*element.classes, element.get("id").lower())
    if name not in ("body", "html", "main", "article", *HEADINGS) and any(_MENU.fullmatch(word) for word in named):
        return "a menu or a banner"
    if name == "a" and element.get("href").startswith("#") and _is_navigation(element):
        return "a link for moving in the page"
    return ""


def _is_navigation(link: Element) -> bool:
    words = link.text
    in_heading = _is_within(link, *HEADINGS)
    return (in_heading and _PERMALINK.fullmatch(words) is not None) or _TO_TOP.fullmatch(words) is not None


def _is_within(element: Element, *names: str) -> bool:
    around = element.parent
    while around is not None:
        if around.name in names:
            return True
        around = around.parent
    return False


def drop_contents(main: Element, cleaning: Cleaning) -> None:
    """Remove tables of contents: lists of three links and more in which every word leads to a place of the page."""
    for listing in list(main.find("ul", "ol", "dl", "menu")):
        links = [link for link in listing.find("a") if link.text]
        if len(links) < 3 or not all(link.get("href").startswith("#") for link in links) or _is_detached(listing, main):
            continue
        if sum(len(link.text.split()) for link in links) < 0.9 * len(_WORD.findall(listing.text)):
            continue
        title = _before(listing)
        _take_out(listing, "the table of contents", cleaning)
        if title is not None and _CONTENTS.fullmatch(title.text.strip(" :.")):
            _take_out(title, "the heading of the table of contents", cleaning)


def _take_out(element: Element, what: str, cleaning: Cleaning) -> None:
    assert element.parent is not None
    cleaning.drop(element, what)
    element.parent.children.remove(element)


def _is_detached(element: Element, main: Element) -> bool:
    around: Element | None = element
    while around is not None and around is not main:
        if around.parent is None or around not in around.parent.children:
            return True
        around = around.parent
    return around is None


def _before(element: Element) -> Element | None:
    """The element with words before this one among its siblings, with only blanks between."""
    assert element.parent is not None
    before = None
    for child in element.parent.children:
        if child is element:
            return before
        if isinstance(child, Element):
            before = child if child.text else before
        elif child.content.strip():
            before = None
    return None


def main_element(body: Element) -> Element:
    """Choose the element that is the document in the body of a page that `clean` has read."""
    counted = _prose(body)
    chosen = body
    for named in (("main",), ("article",)):
        inside = [one for one in chosen.walk() if isinstance(one, Element) and _is_named(one, named[0])]
        best = max(inside, key=lambda one: counted[id(one)], default=None)
        enough = 0.3 if chosen is body else 0.6
        if (
            best is not None
            and counted[id(best)] >= enough * counted[id(chosen)]
            and not _has_title_outside(best, chosen)
        ):
            chosen = best
    while chosen.name not in ("main", "article"):
        best = max(chosen.elements, key=lambda one: counted[id(one)], default=None)
        if best is None or best.name not in _INSIDE or counted[id(best)] < _MOST * counted[id(chosen)]:
            break
        if _has_title_outside(best, chosen):
            break
        chosen = best
    return chosen


def _is_named(element: Element, name: str) -> bool:
    return element.name == name or element.get("role").lower() == name


def _has_title_outside(inner: Element, outer: Element) -> bool:
    """Whether a part of the page has its first heading outside the inner element, which would then lose its title."""
    within = set(map(id, inner.find("h1")))
    return not within and any(id(one) not in within and one.text for one in outer.find("h1"))


def _prose(body: Element) -> dict[int, int]:
    """How many words each element has outside links, by the identity of the element."""
    counted: dict[int, int] = {}
    order = [node for node in body.walk() if isinstance(node, Element)]
    for element in reversed(order):
        own = sum(len(_WORD.findall(child.content)) for child in element.children if isinstance(child, Text))
        counted[id(element)] = 0 if element.name == "a" else own + sum(counted[id(one)] for one in element.elements)
    return counted


def outside(body: Element, main: Element) -> Iterator[Element]:
    """Yield the elements beside the main element and what is around it: they are not imported."""
    inner, around = main, main.parent
    while inner is not body and around is not None:
        yield from (child for child in around.elements if child is not inner)
        inner, around = around, around.parent


def select_element(root: Element, text: str, selector: str, path: str) -> Element:
    """Return the one element of a page that a selector chooses; `text` is the page, `path` its name in messages.

    Raises EngrossError if the selector is none, or chooses no element or several, or if the extra is not installed.
    """
    places = {(node.line, node.column): node for node in root.walk() if isinstance(node, Element)}
    found = [places[place] for place in _select(text, selector, path) if place in places]
    if not found:
        ids = [f"#{node.get('id')}" for node in places.values() if node.get("id") and len(node.text) > 500]
        known = f"; parts of the page with much text are {', '.join(ids[-_MOST_SHOWN:])}" if ids else ""
        message = f"the selector {selector} chooses nothing in this page{known}"
        raise EngrossError([error(RULE, path, 0, 0, message)])
    if len(found) > 1:
        message = (
            f"the selector {selector} chooses {len(found)} elements, this one first; choose one of them, for example "
            f"with {selector}:nth-of-type(1) or an id"
        )
        raise EngrossError(
            [
                error(RULE, path, one.line, one.column, message if at == 0 else f"also this one: “{shown(one.text)}”")
                for at, one in enumerate(found[:_MOST_SHOWN])
            ]
        )
    return found[0]


def _select(text: str, selector: str, path: str) -> list[tuple[int, int]]:
    """Return the line and column of each element that the selector chooses."""
    try:
        bs4: Any = import_module("bs4")
        soupsieve: Any = import_module("soupsieve")
    except ImportError:
        raise missing_extra("html") from None
    soup = bs4.BeautifulSoup(UNSEEN.sub(lambda found: _NOT_LINE_END.sub(" ", found[0]), text), "html.parser")
    try:
        chosen = soup.select(selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError) as problem:
        reason = str(problem).split("\n")[0]
        message = f"{shown(selector)} is no CSS selector ({reason}); write one such as main, #terms or .content"
        raise EngrossError([error(RULE, path, 0, 0, message)]) from None
    return [(one.sourceline, one.sourcepos + 1) for one in chosen]
