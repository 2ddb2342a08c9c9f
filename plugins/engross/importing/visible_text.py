"""Reads the visible text of something that others publish: a web page, plain text or Markdown, a PDF.

The text is for comparing two states of one source: one line a paragraph, words and signs only. Nothing that a reader
does not see changes it: tags, scripts, menus, line wraps.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import engross.common.lazy_re as re
from engross.common import INVISIBLE, ISOLATES, NEVER, EngrossError, error
from engross.importing.encodings import decode_foreign
from engross.importing.html_tree import BLOCKS, Element, Text, parse_html
from engross.importing.main_element import Cleaning, clean, main_element
from engross.importing.values import RULE, missing_extra

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_BLANKS = re.compile(rb"\s*+")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_UNSEEN = re.compile(f"[{INVISIBLE}{NEVER}\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e{ISOLATES}]")
"""Characters without a sign of their own, which may also hide what follows."""
_APART = frozenset({"td", "th", "br", "option"})
_PDF = b"%PDF-"


def visible_text(data: bytes, name: str, media: str = "") -> str:
    """Return the visible text: a line for each paragraph, heading, item or cell; empty if there is none.

    `media` is the media type that its host states, `name` its name in messages. Of a page, only the main text counts.
    Raises EngrossError if it cannot be read as text.
    """
    if data.startswith(_PDF):
        return _lines(_pdf_paragraphs(data, name))
    is_page = "html" in media.lower() or (_begins_a_page(data) and "plain" not in media.lower())
    text = decode_foreign(data, name, page=is_page).text
    return _lines(_page_paragraphs(text, name) if is_page else _PARAGRAPH.split(text))


def _begins_a_page(data: bytes) -> bool:
    """Whether the first thing after blanks and comments is the beginning of a page; each byte is read once."""
    at = _end_of_blanks(data, 0)
    while data.startswith(b"<!--", at):
        end = data.find(b"-->", at + len(b"<!--"))
        if end < 0:
            return False
        at = _end_of_blanks(data, end + len(b"-->"))
    return _PAGE.match(data, at) is not None


def _end_of_blanks(data: bytes, at: int) -> int:
    found = _BLANKS.match(data, at)
    return found.end() if found else at


def _lines(paragraphs: Iterator[str] | list[str]) -> str:
    joined = (" ".join(_UNSEEN.sub("", one).split()) for one in paragraphs)
    return "".join(f"{line}\n" for line in joined if line)


def _page_paragraphs(text: str, name: str) -> Iterator[str]:
    root = parse_html(text, name)
    clean(root, Cleaning(), whole=True)
    parts: list[str] = []
    for part in _parts(main_element(next(root.find("body"), root))):
        if part is None:
            yield "".join(parts)
            parts = []
        else:
            parts.append(part)
    yield "".join(parts)


def _parts(main: Element) -> Iterator[str | None]:
    """Yield the texts of an element in order, and None where a paragraph ends."""
    stack: list[tuple[Element | Text | None, bool]] = [(main, False)]
    while stack:
        node, is_typed = stack.pop()
        if node is None:
            yield None
        elif isinstance(node, Text):
            yield from _typed(node.content) if is_typed else (node.content,)
        else:
            typed = is_typed or node.name == "pre"
            if node.name in BLOCKS or node.name in _APART:
                yield None
                stack.append((None, typed))
            stack.extend((child, typed) for child in reversed(node.children))


def _typed(text: str) -> Iterator[str | None]:
    """The paragraphs of a text whose line ends are shown as typed."""
    for at, paragraph in enumerate(_PARAGRAPH.split(text)):
        if at:
            yield None
        yield paragraph


def _pdf_paragraphs(data: bytes, name: str) -> Iterator[str]:
    """The text of a PDF, page by page: where its lines and paragraphs end is not known."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise missing_extra("pdf") from None
    try:
        yield from [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as failure:
        raise EngrossError([error(RULE, name, 0, 0, f"the PDF cannot be read: {failure}")]) from None
