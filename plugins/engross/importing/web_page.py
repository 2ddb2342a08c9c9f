"""Reads a web page: finds the document in it, cleans it, and turns it into blocks.

The visible text for the word check is extracted by another parser (lxml) from the same bytes: only the places of the
main element and of the elements that were removed are shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import engross.common.lazy_re as re
from engross.common import EngrossError, error, shown
from engross.importing.encodings import Decoded, decode_foreign
from engross.importing.headings import with_headings, without_contents
from engross.importing.html_blocks import Blocks
from engross.importing.html_inlines import Inlines
from engross.importing.html_links import PageLinks, is_back_link, page_links
from engross.importing.html_text import marked_text
from engross.importing.html_tree import Element, parse_html
from engross.importing.main_element import Cleaning, clean, drop_contents, main_element, outside, select_element
from engross.importing.values import RULE, Choices, Kind, Node, Reading, Remark, by_place, item_labels

_FEW = 5
_SCRIPTED = 200
"""More characters of scripts than this on a page without text write its text."""
_WORD = re.compile(r"\w+")
_SAVED = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")
_COUNTERS = re.compile(
    r"counters?\s*\(|counter-increment|list-style(?:-type)?\s*:\s*(?!none|disc|inherit|inside|outside)"
)
_SITE = re.compile(r"\s+[|–—·»•-]\s+")


def read_web_page(data: bytes, path: str, choices: Choices) -> Reading:
    """Read the bytes of a web page; `path` is its name in messages.

    Raises EngrossError if the page is too large, cannot be decoded, has no text, or has what a contract cannot contain.
    """
    decoded = decode_foreign(data, path, page=True)
    root = parse_html(decoded.text, path)
    base = _address(root, decoded.text)
    title = next((one.text for one in root.find("title")), "")
    chosen = select_element(root, decoded.text, choices.select, path) if choices.select else None
    cleaning = Cleaning()
    scripts = sum(len(one.text) for one in root.find("script"))
    numbered = next((one for one in root.find("style") if _COUNTERS.search(one.text)), None)
    clean(chosen or root, cleaning, whole=chosen is None)
    body = next(root.find("body"), root)
    main = chosen or main_element(body)
    drop_contents(main, cleaning)
    if len(_WORD.findall(main.text)) < _FEW:
        raise _no_text(path, scripts, choices.select)
    links = page_links(main, base)
    notes = _Notes(links)
    inlines = Inlines(path, base, links.anchors, notes.read, links.permalinks)
    notes.blocks = blocks = Blocks(inlines, links.by_heading)
    notes.take_out()
    structure = with_headings(without_contents(blocks.read(main), inlines.remarks), _titles(root, title), choices.title)
    remarks = [*_about(decoded, main, body if chosen is None else main), *structure.remarks]
    if numbered is not None:
        message = "the page's style sheet may number its elements, which is not read; compare the numbers with the page"
        remarks.append(Remark(Kind.GUESSED, numbered.place, message))
    remarks += cleaning.remarks + inlines.finish()
    text = marked_text(decoded.text, main, [*cleaning.removed, *notes.unseen], notes.found)
    labels = [*structure.labels, *item_labels(structure.blocks), *inlines.labels]
    return Reading(structure.blocks, text, by_place(remarks), labels, inlines.pictures)


class _Notes:
    """The footnotes of a page: each is read where the text first refers to it."""

    def __init__(self, links: PageLinks) -> None:
        self.links = links
        self.blocks: Blocks
        self.found: list[Element] = []
        self.unseen: list[Element] = []

    def take_out(self) -> None:
        """Take the notes out of the text, and the links back to the text out of the notes."""
        for note in self.links.notes.values():
            if note.parent is not None and note in note.parent.children:
                note.parent.children.remove(note)
            for element in [one for one in note.find("a", "sup") if _is_label(one, note)]:
                assert element.parent is not None
                element.parent.children.remove(element)
                self.unseen.append(element)

    def read(self, link: Element) -> Node | None:
        """Return the footnote that a link refers to; None if it refers to none, or to one that was read before."""
        note = self.links.notes.get(self.links.references.get(id(link), ""))
        if note is None or note in self.found:
            return None
        self.found.append(note)
        self.unseen.append(link)
        blocks = self.blocks.inside(note)
        return {"t": "Note", "c": blocks} if blocks else None


def _is_label(element: Element, note: Element) -> bool:
    """Whether an element of a footnote is its own number, or a link back to the text."""
    if element.name == "a":
        return is_back_link(element)
    words = element.text
    return bool(words) and len(words) < 5 and note.text.startswith(words) and not any(element.find("a"))


def _address(root: Element, text: str) -> str:
    """Return the address of a page as it states it itself; an empty string if it does not."""
    saved = _SAVED.search(text[:2000])
    canonical = [one.get("href") for one in root.find("link") if "canonical" in one.get("rel").lower().split()]
    shared = [one.get("content") for one in root.find("meta") if one.get("property") == "og:url"]
    address = next((one for one in (*canonical, *shared, saved[1] if saved else "") if _is_whole(one)), "")
    for based in root.find("base"):
        try:
            joined = urljoin(address, based.get("href"))
        except ValueError:
            continue
        return joined if _is_whole(joined) else address
    return address


def _is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _titles(root: Element, title: str) -> list[str]:
    """The titles that a document without one may have: the page's first heading, then the page's title."""
    headings = [one.text for one in root.find("h1") if one.text]
    return [*headings[:1], _SITE.split(title)[0].strip() if title else ""]


def _about(decoded: Decoded, main: Element, body: Element) -> Iterator[Remark]:
    """Say what was read: the encoding if it was guessed, the main element, and what is outside of it."""
    if decoded.guessed:
        message = f"the page does not say its encoding and is not UTF-8; it is read as {decoded.encoding}"
        yield Remark(Kind.GUESSED, "", message)
    if main is body:
        return
    named = " ".join(filter(None, (main.name, main.get("id") and f"id={main.get('id')}")))
    yield Remark(Kind.GUESSED, main.place, f"<{named}> is taken as the document; choose another part with --select")
    for element in outside(body, main):
        if words := element.text:
            yield Remark(Kind.DROPPED, element.place, f"outside the document: “{shown(words, 60)}”")


def _no_text(path: str, scripts: int, select: str) -> EngrossError:
    if select:
        message = f"the part of the page that {select} selects has no text; choose another part with --select"
    elif scripts > _SCRIPTED:
        message = (
            "the page has no text of its own: its scripts write it when a browser shows the page. Open the page in a "
            "browser, save it as a complete page (or copy its text into a word processor), and import that file"
        )
    else:
        message = "the page has no text"
    return EngrossError([error(RULE, path, 0, 0, message)])
