"""Finds what links within a web page lead to: headings, which keep an anchor, and footnotes."""

from __future__ import annotations

from dataclasses import field
from urllib.parse import unquote

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.html_tree import HEADINGS, Element, Text
from engross.text import slug

_ANCHOR = re.compile(r"[^\W_][\w-]*")
_MARK = re.compile(r"\[?(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z])\]?[.)]?")
_BACK = re.compile(r"[\W\d_]*|back|return to text", re.IGNORECASE)
_NOTE_NAME = re.compile(r"_?(?:ftn|fn|edn|footnote|endnote|note)s?[-_:.]?[\w.:-]*", re.IGNORECASE)
_NOTES = ("li", "p", "div", "dd", "aside", "section", "td")


@value_class(slots=True)
class PageLinks:
    """The targets of links within a page.

    `anchors` has the anchor of a heading by each id that leads to it, `by_heading` by the identity of the heading.
    `permalinks` are the links of headings to themselves, by identity. `notes` has the element of each footnote by its
    id, and `references` the links to notes by identity, with that id.
    """

    anchors: dict[str, str] = field(default_factory=dict)
    by_heading: dict[int, str] = field(default_factory=dict)
    notes: dict[str, Element] = field(default_factory=dict)
    references: dict[int, str] = field(default_factory=dict)
    permalinks: set[int] = field(default_factory=set)


def page_links(main: Element, base: str) -> PageLinks:
    """Find the targets of all links within the page that is at the address `base` (empty if unknown)."""
    targets: dict[str, Element] = {}
    following = _next_headings(main)
    links: list[tuple[Element, str]] = []
    for node in main.walk():
        if not isinstance(node, Element):
            continue
        for name in (node.get("id"), node.get("name") if node.name == "a" else ""):
            if name:
                targets.setdefault(name, node)
        href = node.get("href") if node.name == "a" else ""
        if "#" in href and href.partition("#")[0] in ("", base):
            links.append((node, href.partition("#")[2]))
    found = PageLinks()
    for link, name in links:
        target = targets.get(name) or targets.get(unquote(name))
        if target is None:
            continue
        if _own_heading(link, target):
            found.permalinks.add(id(link))
        elif note := _note(link, name, target):
            found.notes[name] = note
            found.references[id(link)] = name
        elif heading := _heading(target, following):
            anchor = found.by_heading.setdefault(id(heading), _anchor(name, found))
            found.anchors[name] = anchor
    return found


def _own_heading(link: Element, target: Element) -> bool:
    """Whether a link is in the heading that it leads to."""
    around: Element | None = link.parent
    while around is not None and around.name not in HEADINGS:
        around = around.parent
    return around is not None and (target is around or target.parent is around or target is around.parent)


def _anchor(name: str, found: PageLinks) -> str:
    anchor = name if _ANCHOR.fullmatch(name) else slug(name)
    return anchor if anchor not in found.by_heading.values() else f"{anchor}-{len(found.by_heading) + 1}"


def _next_headings(main: Element) -> dict[int, Element | None]:
    """Each element's first heading, in it or right after it with no words between, by the identity of the element."""
    following: dict[int, Element | None] = {}
    after: Element | None = None
    for node in reversed(list(main.walk())):
        if isinstance(node, Text):
            after = None if node.content.strip() else after
        else:
            if node.name in HEADINGS:
                after = node
            following[id(node)] = after
    return following


def _heading(target: Element, following: dict[int, Element | None]) -> Element | None:
    around: Element | None = target
    while around is not None:
        if around.name in HEADINGS:
            return around
        around = around.parent
    return following.get(id(target))


def _note(link: Element, name: str, target: Element) -> Element | None:
    """Return the footnote that a link refers to; None if it is an ordinary link, or one from a note to the text."""
    if target.offset < link.offset or not _MARK.fullmatch(link.text) or any(target.find(*HEADINGS)):
        return None
    note: Element | None = target
    while note is not None and note.name not in _NOTES:
        note = note.parent
    if note is None or link in set(note.find("a")):
        return None
    returns = any(one.get("href").startswith("#") and _BACK.fullmatch(one.text) for one in note.find("a"))
    return note if returns or (_NOTE_NAME.fullmatch(name) and len(note.text) > len(target.text) - 1) else None


def is_back_link(link: Element) -> bool:
    """Whether a link within a footnote leads back to the text."""
    return link.get("href").startswith("#") and _BACK.fullmatch(link.text) is not None
