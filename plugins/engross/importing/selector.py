"""Finds the element of a web page that a CSS selector chooses, by Beautiful Soup."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import engross.common.lazy_re as re
from engross.common import EngrossError, error, shown
from engross.importing.html_tokens import UNSEEN
from engross.importing.html_tree import Element
from engross.importing.values import RULE, missing_extra

_NOT_LINE_END = re.compile(r"[^\n]")
_MOST_SHOWN = 5


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
