"""A script → one HTML file that needs nothing else: no script, no font, no picture, no request.

What is shown is the text with its changes (`page_blocks`), a list of the changes to jump along, and how much changed.
A box folds the unchanged text away, by style alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from importlib.resources import files

from engross.common import secured, value_class
from engross.redline.changes import Change, Labels, counts_in_words, english, extract, find_changes
from engross.redline.output.html_blocks import BlockWriter
from engross.redline.script import Redline

_NOT_IN_CSS = re.compile(r"[\x00-\x1f\x7f\"\\<]")


@value_class(frozen=True, slots=True)
class PageParts:
    """What a page about a script is made of, as HTML; `fold` comes before both others, and is their sibling.

    `fold` is the box that folds the unchanged text away, `about` how much changed and the list of changes, `text` the
    text with its changes, to stand in an element of the class "redline".
    """

    fold: str
    about: str
    text: str


def page_parts(script: Redline, labels: Labels, *, only_changes: bool = False) -> PageParts:
    """The parts of a page about a script, for a page that has a frame of its own; `marks_style` goes with them."""
    changes = find_changes(script, labels)
    checked = " checked" if only_changes else ""
    return PageParts(
        f'<input class="only" type="checkbox" id="only"{checked}>\n',
        f"<p>{escape(_summary(script, labels))}</p>\n{_key(labels)}\n"
        f'<label class="fold" for="only">{escape(labels.fold)}</label>\n{_list(changes, labels)}',
        BlockWriter(script, changes, labels).document(),
    )


def html_page(script: Redline, *, only_changes: bool = False) -> str:
    """The page; with `only_changes` it opens with the unchanged text folded away."""
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
    """The style sheet of what a redline marks, and of its list of changes, with the words that it shows."""
    said = {"image": f"{labels.image}: ", "unchanged": f"⋯ {labels.unchanged}"}
    words = " ".join(f"--said-{name}: {_css_string(text)};" for name, text in said.items())
    return f":root {{ {words} }}\n{_style('marks.css')}"


def _css_string(text: str) -> str:
    """A text as a CSS string. What could end the string or the style sheet is escaped (CSS Syntax 3, 4.3.7)."""
    return '"' + _NOT_IN_CSS.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def _summary(script: Redline, labels: Labels) -> str:
    if script.is_visible:
        return counts_in_words(script.counts, labels)
    return labels.nothing if script.is_empty else f"{labels.nothing} {labels.source_only}"


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
