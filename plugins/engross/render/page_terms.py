"""Terms in ordinary pages: the first use of each is linked in the HTML that another renderer made.

Which words mean which term is decided by binding, on the page's Markdown; here they are only found again in the HTML,
outside links, code and headings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engross.render.inline import escape

_TOKEN = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_CLOSED = frozenset(
    [
        "a",
        "abbr",
        "button",
        "code",
        "dfn",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "kbd",
        "label",
        "option",
        "pre",
        "samp",
        "script",
        "select",
        "style",
        "summary",
        "svg",
        "textarea",
    ]
)


def link_first_uses(html: str, addresses: Mapping[str, str]) -> str:
    """The HTML with the first occurrence of each text in `addresses` linked to its address, once an address."""
    if not addresses:
        return html
    # The longest first: "Customer Data" is not a use of "Customer".
    forms = sorted((escape(form) for form in addresses), key=len, reverse=True)
    by_form = {escape(form): address for form, address in addresses.items()}
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, forms)) + r")(?![\w-])")
    linked: set[str] = set()

    def link(found: re.Match[str]) -> str:
        address = by_form[found[0]]
        if address in linked:
            return found[0]
        linked.add(address)
        return f'<a class="eg-term" href="{escape(address)}">{found[0]}</a>'

    out, closed = [], 0
    for token in _TOKEN.split(html):
        if token.startswith("<"):
            closed += _step(token)
            out.append(token)
        else:
            out.append(pattern.sub(link, token) if not closed and token.strip() else token)
    return "".join(out)


def _step(tag: str) -> int:
    """Whether a tag opens (1) or closes (-1) an element in which nothing is linked."""
    found = _TAG.match(tag)
    if not found or found[2].lower() not in _CLOSED or tag.endswith("/>"):
        return 0
    return -1 if found[1] else 1
