"""What stands at the head and foot of every printed page, where the style sheet finds it.

Page boxes take custom properties from the root element and from nothing else (CSS Paged Media 3, section 3.1), so what
the cover says is said there too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

_ROOT = re.compile(r"<html\b(?![^>]*data-engross-page)", re.IGNORECASE)
_COVER = re.compile(r'<div class="eg-cover" data-engross-head="([^"]*)"(?: data-engross-hash="([^"]*)")?')


def with_running_head(html: str, title: str, words: Mapping[str, str]) -> str:
    """A finished page with what is printed on each sheet: what its cover says, else its `title` (text)."""
    cover = _COVER.search(html) if "eg-cover" in html else None
    head, proof = cover.groups("") if cover else (escape(title), "")
    return _ROOT.sub(lambda root: f"{root[0]}{root_attributes(head, proof, words)}", html, count=1)


def root_attributes(head: str, proof: str, words: Mapping[str, str]) -> str:
    """The attributes of the root element; `head` and `proof` are HTML."""
    page, of = escape(words["paper_page"]), escape(words["paper_of"])
    return (
        f' data-engross-head="{head}" data-engross-hash="{proof}" data-engross-page="{page} " data-engross-of=" {of} "'
    )
