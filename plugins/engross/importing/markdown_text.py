"""Extracts the visible text of a Markdown file as other programs show it, for the check that no word was lost.

markdown-it reads it by the rules of CommonMark and tables, with HTML; lxml reads the HTML. Nothing is shared with the
importer. Footnotes are moved to the end, where Engross shows them; attributes of headings show nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

import engross.common.lazy_re as re
from engross.importing.values import missing_extra

_FRONT = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n(?:.*\n)*?(?:---|\+\+\+)[ \t]*(?:\n|\Z)")
_NOTE = re.compile(r"\[\^([^\s\[\]]+)\]:[ \t]*")
_REFERENCE = re.compile(r"\[\^([^\s\[\]]+)\](?!:)")
_ATTRIBUTES = re.compile(r"^(#{1,6}[ \t].*?)[ \t]*\{#[^}\n]*\}[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")


def markdown_text(text: str, *, front_matter: bool) -> str:
    """Return the visible text of a Markdown file; with `front_matter`, it begins with front matter, which is not shown.

    Raises EngrossError if the extra is not installed.
    """
    if front_matter:
        text = _FRONT.sub("", text, count=1)
    body, notes = _apart(_ATTRIBUTES.sub(r"\1", text))
    order = list(dict.fromkeys(name for name in _REFERENCE.findall(body) if name in notes))
    order += [name for name in notes if name not in order]
    parts = [body, *(notes[name] for name in order)]
    return "\n".join(piece for part in parts for piece in _pieces(_REFERENCE.sub("", part)))


def _apart(text: str) -> tuple[str, dict[str, str]]:
    """Return a text without its footnotes, and these by name."""
    body: list[str] = []
    notes: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        found = _NOTE.match(line)
        if found:
            name = found[1]
            notes[name] = line[found.end() :]
        elif name and (line.startswith(("    ", "\t")) or (line.strip() and notes[name][-1:] != "\n")):
            notes[name] += "\n" + line.strip()
        elif name and not line.strip():
            notes[name] += "\n"
        else:
            name = ""
            body.append(line)
    return "\n".join(body), notes


def _pieces(text: str) -> Iterator[str]:
    md = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("code")
    html = ""
    numbers: list[int] = []
    for token in md.parse(text):
        if token.type == "html_block":
            html += token.content
            continue
        if html:
            yield _html_text(html)
            html = ""
        if token.type == "inline":
            yield _inline(token)
        elif token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "ordered_list_open":
            numbers.append(int(token.attrs.get("start", 1)))
        elif token.type == "ordered_list_close":
            numbers.pop()
        elif token.type == "list_item_open" and token.markup in (".", ")"):
            yield f"{numbers[-1]}."
            numbers[-1] += 1
    if html:
        yield _html_text(html)


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "html_inline":
            parts.append("\n" if re.match(r"</?(?:br|div|p|li|td)\b", child.content, re.IGNORECASE) else "")
        elif child.type != "image":
            parts.append(child.content)
    return "".join(parts)


def _html_text(html: str) -> str:
    """Return the text of a block of HTML, which may begin or end within an element."""
    try:
        parser: Any = import_module("lxml.html")
    except ImportError:
        raise missing_extra("html") from None
    if not _TAG.sub("", html).strip():
        return ""
    root = parser.fragment_fromstring(f"<div>{html}</div>", create_parent="div")
    return _flat(root)


def _flat(root: Any) -> str:
    parts: list[str] = []
    stack: list[tuple[Any, bool]] = [(root, True)]
    running = ("b", "i", "em", "strong", "span", "a", "sup", "sub", "u", "font", "code", "del", "s", "small", "big")
    while stack:
        node, opens = stack.pop()
        if opens and isinstance(node.tag, str) and node.tag not in ("script", "style", "template"):
            parts += ["" if node.tag in running else "\n", node.text or ""]
            stack.append((node, False))
            stack.extend((child, True) for child in reversed(node))
        else:
            parts += ["" if node.tag in running else "\n", node.tail or ""]
    return "".join(parts)
