"""Finds addresses and e-mail addresses that are typed without markup, by the rules of GitHub's Markdown.

An address begins with `https://`, `http://` or `www.`. Punctuation at its end and a closing bracket without its opening
one are not part of it. Here, neither are closing quotes and square brackets, as in “https://example.com”.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import engross.common.lazy_re as re
from engross.model import Inline, Mark, MarkKind

_DOMAIN = r"[^\W_](?:[\w-]*[^\W_])?"
_WEB = rf"(?:https?://{_DOMAIN}(?:\.{_DOMAIN})*|(?<![^\s*_~(\[“‘«\"'])www(?:\.{_DOMAIN})+)(?![@\w])[^\s<]*"
_MAIL = rf"(?:mailto:)?(?<![\w.+/-])[\w.+-]+@{_DOMAIN}(?:\.{_DOMAIN})+(?![\w@/-])"
_ADDRESS = re.compile(rf"(?<![^\W_])(?:(?P<web>{_WEB})|{_MAIL})", re.IGNORECASE)
_WWW = re.compile(r"[wW]{3}\.")
_APART = frozenset({MarkKind.CODE, MarkKind.LINK, MarkKind.IMAGE, MarkKind.FOOTNOTE})
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_AT_END = "?!.,:;*_~'\"”’»]}>。，、；：！？"
_BRACKETS = {")": "(", "）": "（"}


def with_addresses(inline: Inline) -> Inline:
    """Return a text with marks on its addresses, outside of links, code, images and footnotes."""
    text = inline.text
    if "@" not in text and "://" not in text and not (("w." in text or "W." in text) and _WWW.search(text)):
        return inline
    found = [Mark(start, end, MarkKind.ADDRESS) for start, end in _spans(inline)]
    if not found:
        return inline
    # No address crosses the edge of a mark, so that the marks around it come first.
    marks = sorted((*inline.marks, *found), key=lambda mark: mark.start)
    return Inline(inline.text, tuple(marks), inline.origin)


def _spans(inline: Inline) -> Iterator[tuple[int, int]]:
    edges = sorted({0, len(inline.text), *(at for mark in inline.marks for at in (mark.start, mark.end))})
    apart = [mark for mark in inline.marks if mark.kind in _APART]
    for start, end in pairwise(edges):
        if any(mark.start <= start < mark.end for mark in apart):
            continue
        for found in _ADDRESS.finditer(inline.text, start, end):
            yield found.start(), found.start() + len(_trimmed(found[0]) if found["web"] else found[0])


def _trimmed(address: str) -> str:
    """Return an address without the punctuation after it."""
    while address[-1] in _AT_END or address.count(address[-1]) > address.count(_BRACKETS.get(address[-1], address[-1])):
        address = address[:-1]
    return address


def is_absolute(target: str) -> bool:
    """Return whether the target of a link has a scheme or a host, so that it does not depend on the page."""
    return bool(_ABSOLUTE.match(target))


def address_target(address: str) -> str:
    """Return where an address typed without markup leads."""
    lower = address.lower()
    if lower.startswith(("http://", "https://", "mailto:")):
        return address
    return f"http://{address}" if lower.startswith("www.") else f"mailto:{address}"
