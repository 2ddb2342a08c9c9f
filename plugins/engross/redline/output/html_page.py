"""Writes a script as one self-contained HTML file: no font, picture or request.

It shows the text with its changes (`html_blocks`), a list of links to the changes, and their counts. A checkbox shows
the unchanged text with CSS alone. A small script adds buttons and keys that lead from change to change.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import unquote

import engross.common.lazy_re as re
from engross.common import secured, value_class
from engross.redline.changes import Change, Labels, Naming, english, extract, find_changes, is_typographic
from engross.redline.counts import summary
from engross.redline.output.html_blocks import BlockWriter, without_unchanged
from engross.redline.script import Redline

_FIRST_CHANGES = 12
_MOST_BLOCKS = 4000
_STEPPER = 'class="stepper"'
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|(?:mailto|tel):", re.IGNORECASE)
_NOT_IN_CSS = re.compile(r"[\x00-\x1f\x7f\"\\<]")


@value_class(frozen=True, slots=True)
class PageParts:
    """The parts of a page about a script, as HTML; `fold` precedes both others and is their sibling.

    `fold` is the checkbox that hides the unchanged text, `about` the counts, the list of changes and the buttons that
    lead from change to change, `text` the text with its changes, for an element of the class "redline". Headings in the
    text begin at the second level, because the page has a title.
    """

    fold: str
    about: str
    text: str


def page_parts(
    script: Redline, labels: Labels, naming: Naming | None = None, *, only_changes: bool = True
) -> PageParts:
    """Return the parts for a page with a frame of its own, which must include `marks_style` and `steps_script`.

    With `only_changes` the unchanged text is hidden at first, if there are changes besides it. A register of more than
    500 to 1,000 rows would be too long a page: what did not change is left out.
    """
    changes = find_changes(script, labels, naming or place_name)
    leaves_out = only_changes and script.has_rows and script.is_visible and len(script.blocks) > _MOST_BLOCKS
    fold = escape(labels.left_out) if leaves_out else f'<label class="fold" for="only">{escape(labels.fold)}</label>'
    checked = " checked" if only_changes and script.is_visible and not script.is_typographic else ""
    return PageParts(
        f'<input class="only" type="checkbox" id="only"{checked}>\n',
        f"<p>{escape(summary(script, labels, [place_name(path) for path in script.pictures]))}</p>\n"
        f"{_list(changes, labels)}{f'<p>{fold}</p>' if leaves_out else fold}\n"
        f"{_key(labels) if changes else ''}{_steps(changes, labels)}",
        BlockWriter(without_unchanged(script) if leaves_out else script, changes, labels).document(),
    )


def html_page(script: Redline, *, only_changes: bool = True, labels: Labels | None = None, language: str = "en") -> str:
    """Return the page; with `only_changes` the unchanged text is hidden at first. `labels` are its words, in a
    language; English ones by default.
    """
    labels = labels or english(has_rows=script.has_rows)
    parts = page_parts(script, labels, only_changes=only_changes)
    script_tag = f"<script>\n{steps_script()}</script>\n" if _STEPPER in parts.about else ""
    title = labels.page_title.format(old=script.old, new=script.new)
    return secured(
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{marks_style(labels)}{_file('page.css')}</style>\n</head>\n<body>\n"
        f"{parts.fold}<header>\n<h1>{escape(labels.page_heading)}</h1>\n"
        f"<p>{escape(script.old)} → {escape(script.new)}</p>\n"
        f"{parts.about}</header>\n"
        f'<main id="text" class="redline">\n{parts.text}</main>\n{script_tag}</body>\n</html>\n'
    )


def steps_script() -> str:
    """Return the script of the buttons and keys that lead from change to change; it adds nothing else."""
    return _file("steps.js")


def place_name(target: str) -> str:
    """Return a name for a link's target by its address alone: the host and path, or the words of a file's name."""
    if _ADDRESS.match(target):
        return _ADDRESS.sub("", target).rstrip("/")
    path, _, anchor = target.partition("#")
    name = anchor or PurePosixPath(path.rstrip("/")).stem
    words = unquote(name).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def marks_style(labels: Labels) -> str:
    """Return the style sheet of a redline's marks and list of changes, with the texts that it shows."""
    texts = {
        "image": f"{labels.image}: ",
        "unchanged": f"⋯ {labels.unchanged}",
        "typographic": f"⋯ {labels.unchanged}, {labels.typography}",
    }
    words = " ".join(f"--said-{name}: {_css_string(text)};" for name, text in texts.items())
    return f":root {{ {words} }}\n{_file('marks.css')}"


def _css_string(text: str) -> str:
    """Return a CSS string; characters that could end it or the style sheet are escaped (CSS Syntax 3, 4.3.7)."""
    return '"' + _NOT_IN_CSS.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def _key(labels: Labels) -> str:
    inserted, deleted, moved = map(escape, (labels.inserted, labels.deleted, labels.moved))
    return (
        f'<p class="key">{escape(labels.key)} <ins>{inserted}</ins> · <del>{deleted}</del> · '
        f'<span class="moved">{moved}</span> · {escape(labels.key_number)}</p>\n'
    )


def _list(changes: Sequence[Change], labels: Labels) -> str:
    """Return the list of changes: the first ones, then all others and those of typography, both folded."""
    if not changes:
        return ""
    worded = [change for change in changes if not is_typographic(change)]
    typographic = [change for change in changes if is_typographic(change)]
    first, rest = worded[:_FIRST_CHANGES], worded[_FIRST_CHANGES:]
    parts = [_entries(first)]
    if rest:
        parts.append(_folded(labels.more.format(count=len(rest)), rest))
    if typographic:
        parts.append(_folded(labels.typography_folded.format(count=len(typographic)), typographic))
    return f'<nav class="changes" aria-label="{escape(labels.changes)}">{"".join(parts)}</nav>\n'


def _folded(summary: str, changes: Sequence[Change]) -> str:
    return f"<details><summary>{escape(summary)}</summary>\n{_entries(changes)}</details>\n"


def _entries(changes: Sequence[Change]) -> str:
    entries = "".join(
        f'<li id="list-{change.number}" value="{change.number}"><a href="#change-{change.number}">'
        f"{escape(change.where)}</a>: {escape('; '.join(change.kinds))}{_extract(change)}</li>\n"
        for change in changes
    )
    return f"<ol>\n{entries}</ol>\n" if entries else ""


def _extract(change: Change) -> str:
    words = extract(change)
    return f" <small>{escape(words)}</small>" if words else ""


def _steps(changes: Sequence[Change], labels: Labels) -> str:
    """Return the buttons that lead from change to change, which the script shows."""
    if len(changes) < 2:
        return ""
    buttons = (
        f'<button type="button" data-step="{by}" aria-keyshortcuts="{key}">{escape(word)} <kbd>{key}</kbd></button>'
        for by, key, word in ((-1, "p", labels.previous), (1, "n", labels.next))
    )
    status = '<span class="at" role="status"></span>'
    return (
        f'<div {_STEPPER} role="group" aria-label="{escape(labels.changes)}" data-of="{escape(labels.at)}" hidden>'
        f"{status.join(buttons)}</div>\n"
    )


@lru_cache(maxsize=4)
def _file(name: str) -> str:
    return files("engross.redline").joinpath(name).read_text(encoding="utf-8")
