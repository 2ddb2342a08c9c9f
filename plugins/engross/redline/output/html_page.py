"""Writes a script as one self-contained HTML file: no script, font, picture or request.

It shows the text with its changes (`html_blocks`), a list of links to the changes, and their counts. A checkbox hides
the unchanged text with CSS alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from importlib.resources import files

from engross.common import secured, value_class
from engross.redline.changes import Change, Labels, english, extract, find_changes
from engross.redline.counts import counts_in_words
from engross.redline.output.html_blocks import BlockWriter
from engross.redline.script import Redline

_NOT_IN_CSS = re.compile(r"[\x00-\x1f\x7f\"\\<]")


@value_class(frozen=True, slots=True)
class PageParts:
    """The parts of a page about a script, as HTML; `fold` precedes both others and is their sibling.

    `fold` is the checkbox that hides the unchanged text, `about` the counts and the list of changes, `text` the text
    with its changes, for an element of the class "redline".
    """

    fold: str
    about: str
    text: str


def page_parts(script: Redline, labels: Labels, *, only_changes: bool = False) -> PageParts:
    """Return the parts for a page with a frame of its own, which must include `marks_style`."""
    changes = find_changes(script, labels)
    checked = " checked" if only_changes else ""
    return PageParts(
        f'<input class="only" type="checkbox" id="only"{checked}>\n',
        f"<p>{escape(_summary(script, labels))}</p>\n{_key(labels)}\n"
        f'<label class="fold" for="only">{escape(labels.fold)}</label>\n{_list(changes, labels)}',
        BlockWriter(script, changes, labels).document(),
    )


def html_page(script: Redline, *, only_changes: bool = False) -> str:
    """Return the page; with `only_changes` the unchanged text is hidden at first."""
    parts = page_parts(script, english(), only_changes=only_changes)
    title = f"Redline: {escape(script.old)} → {escape(script.new)}"
    return secured(
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{marks_style(english())}{_style('page.css')}</style>\n</head>\n<body>\n"
        f"{parts.fold}<header>\n<h1>What changed</h1>\n<p>{escape(script.old)} → {escape(script.new)}</p>\n"
        f"{parts.about}</header>\n"
        f'<main id="text" class="redline">\n{parts.text}</main>\n</body>\n</html>\n'
    )


def marks_style(labels: Labels) -> str:
    """Return the style sheet of a redline's marks and list of changes, with the texts that it shows."""
    texts = {"image": f"{labels.image}: ", "unchanged": f"⋯ {labels.unchanged}"}
    words = " ".join(f"--said-{name}: {_css_string(text)};" for name, text in texts.items())
    return f":root {{ {words} }}\n{_style('marks.css')}"


def _css_string(text: str) -> str:
    """Return a CSS string; characters that could end it or the style sheet are escaped (CSS Syntax 3, 4.3.7)."""
    return '"' + _NOT_IN_CSS.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def _summary(script: Redline, labels: Labels) -> str:
    pictures = [labels.pictures.format(paths=", ".join(script.pictures))] if script.pictures else []
    if script.is_visible:
        return " ".join([*pictures, counts_in_words(script.counts, labels)])
    return " ".join([*(pictures or [labels.nothing]), *([] if script.is_empty else [labels.source_only])])


def _key(labels: Labels) -> str:
    inserted, deleted, moved = map(escape, (labels.inserted, labels.deleted, labels.moved))
    return (
        f"<p>{escape(labels.key)} <ins>{inserted}</ins> · <del>{deleted}</del> · "
        f'<span class="moved">{moved}</span> · {escape(labels.key_number)}</p>'
    )


def _list(changes: list[Change], labels: Labels) -> str:
    if not changes:
        return ""
    entries = "".join(
        f'<li id="list-{change.number}"><a href="#change-{change.number}">{escape(change.where)}</a>: '
        f"{escape('; '.join(change.kinds))}{_extract(change)}</li>\n"
        for change in changes
    )
    count = labels.count_one if len(changes) == 1 else labels.count_many.format(count=len(changes))
    listed = f"<details open><summary>{escape(count)}</summary>\n<ol>\n{entries}</ol></details>"
    return f'<nav class="changes" aria-label="{escape(labels.changes)}">{listed}</nav>\n'


def _extract(change: Change) -> str:
    words = extract(change)
    return f" <small>{escape(words)}</small>" if words else ""


@lru_cache(maxsize=2)
def _style(name: str) -> str:
    return files("engross.redline").joinpath(name).read_text(encoding="utf-8")
