"""Tracked changes and comments of a Word file: finds, accepts and rejects them, and writes them as Markdown.

Word marks changes of text (`ins`, `del`, `moveFrom`, `moveTo`), of paragraph ends (the same within the paragraph's
properties), of table rows and cells, and of formatting (`rPrChange` and others, with the properties before).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from lxml import etree

from engross.common import escape_markdown, value_class
from engross.importing.word.package import W

_ADDED = {f"{W}ins": "insertion", f"{W}moveTo": "move to here"}
_REMOVED = {f"{W}del": "deletion", f"{W}moveFrom": "move from here"}
_CELLS = {f"{W}cellIns": "inserted cell", f"{W}cellDel": "deleted cell", f"{W}cellMerge": "merged cells"}
_FORMATTING = tuple(
    W + tag
    for tag in (
        "rPrChange", "pPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange", "sectPrChange",
        "tblGridChange", "numberingChange",
    )
)  # fmt: skip
_PLURALS = {
    "merged cells": "merged cells",
    "change of formatting": "changes of formatting",
}


@value_class(frozen=True, slots=True)
class Revision:
    """A tracked change or a comment. `words` is its text, `about` the words that a comment is about.

    `place` is the number and the first words of its paragraph.
    """

    kind: str
    author: str
    date: str
    words: str
    place: str
    about: str = ""


def tracked_changes(root: etree._Element) -> list[Revision]:
    """Return the tracked changes of a part in order; neighbours by the same author in a paragraph are one."""
    found: list[Revision] = []
    before: etree._Element | None = None
    places = _Places(root)
    for one in root.iter():
        kind = _kind(one)
        if not kind:
            continue
        holder = _holder(one)
        revision = Revision(kind, str(one.get(f"{W}author", "")), str(one.get(f"{W}date", "")), _words(one),
                            places.of(holder))  # fmt: skip
        last = found[-1] if found else None
        same = last and (last.kind, last.author, last.place) == (kind, revision.author, revision.place)
        if last and same and before is not None and one.getprevious() is before and kind in ("insertion", "deletion"):
            found[-1] = replace(last, words=last.words + revision.words)
        else:
            found.append(revision)
        before = one
    return found


def _kind(one: etree._Element) -> str:
    """Return the kind of change that an element marks; an empty string if it marks none."""
    tag, parent = str(one.tag), one.getparent()
    if tag in _FORMATTING:
        return "change of formatting"
    if tag in _CELLS:
        return _CELLS[tag]
    kind = _ADDED.get(tag) or _REMOVED.get(tag)
    if not kind or parent is None:
        return ""
    if parent.tag == f"{W}rPr":
        in_mark = _ancestor(one, f"{W}pPr") is not None
        return f"{'inserted' if tag in _ADDED else 'deleted'} paragraph end" if in_mark else ""
    if parent.tag == f"{W}trPr":
        return f"{'inserted' if tag in _ADDED else 'deleted'} table row"
    return kind if parent.tag not in (f"{W}numPr",) else ""


def _ancestor(one: etree._Element, tag: str) -> etree._Element | None:
    return next(one.iterancestors(tag), None)


def _holder(one: etree._Element) -> etree._Element | None:
    return _ancestor(one, f"{W}p") if one.tag != f"{W}p" else one


class _Places:
    """Names paragraphs: their number in the part, from 1, and their first words."""

    def __init__(self, root: etree._Element) -> None:
        self._numbers = {paragraph: at for at, paragraph in enumerate(root.iter(f"{W}p"), 1)}

    def of(self, paragraph: etree._Element | None) -> str:
        """Return the place of a paragraph, in words; an empty string for none."""
        return place_of(self._numbers[paragraph], own_words(paragraph)) if paragraph is not None else ""


def place_of(number: int, words: str) -> str:
    """Return the name of a paragraph by its number, from 1, and its words."""
    line = " ".join(words.split())
    return f"paragraph {number}" + (f", “{line[:50]}{'…' if len(line) > 50 else ''}”" if line else "")


def own_words(paragraph: etree._Element) -> str:
    """Return the words of a paragraph, without deleted ones and those of text boxes."""
    texts = (one for one in paragraph.iter(f"{W}t") if next(one.iterancestors(f"{W}p")) is paragraph)
    return "".join(one.text or "" for one in texts)


def _words(one: etree._Element) -> str:
    if one.tag == f"{W}trPr" or (one.getparent() is not None and one.getparent().tag == f"{W}trPr"):  # type: ignore[union-attr]
        row = _ancestor(one, f"{W}tr")
        return " | ".join(_words(cell) for cell in row.iterfind(f"{W}tc")) if row is not None else ""
    return "".join(
        " " if part.tag in (f"{W}tab", f"{W}br") else part.text or ""
        for part in one.iter(f"{W}t", f"{W}delText", f"{W}tab", f"{W}br")
    )


def comments(root: etree._Element | None, document: etree._Element) -> list[Revision]:
    """Return the comments of the part "comments", in order, with the words of the document that they are about."""
    if root is None:
        return []
    about = _commented(document)
    found = []
    for one in root.iterfind(f"{W}comment"):
        words = "\n".join(_words(paragraph) for paragraph in one.iter(f"{W}p")).strip()
        author, date = str(one.get(f"{W}author", "")), str(one.get(f"{W}date", ""))
        subject, place = about.get(str(one.get(f"{W}id", "")), ("", ""))
        found.append(Revision("comment", author, date, words, place, subject))
    return found


def _commented(document: etree._Element) -> dict[str, tuple[str, str]]:
    """Return the words between the start and the end of each comment's range, and their place, by the comment's id."""
    opened: dict[str, list[str]] = {}
    found: dict[str, tuple[str, str]] = {}
    places = _Places(document)
    begun: dict[str, str] = {}
    for one in document.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}t", f"{W}commentReference"):
        key = str(one.get(f"{W}id", ""))
        if one.tag == f"{W}t":
            for words in opened.values():
                words.append(one.text or "")
        elif one.tag == f"{W}commentRangeStart":
            opened[key] = []
            begun[key] = places.of(_holder(one))
        elif key in opened:
            found[key] = "".join(opened.pop(key)), begun[key]
        elif key not in found:
            found[key] = "", places.of(_holder(one))
    return found


def counts(revisions: Iterable[Revision]) -> str:
    """Return the numbers of changes and comments in words: "2 insertions, 1 deletion, 3 comments"."""
    counted = Counter(one.kind for one in revisions)
    # A move is marked twice: at its old and its new place.
    if moves := max(counted.pop("move from here", 0), counted.pop("move to here", 0)):
        counted["move"] = moves
    return ", ".join(
        f"{count} {kind if count == 1 else _PLURALS.get(kind, f'{kind}s')}" for kind, count in counted.items()
    )


def resolve(root: etree._Element, *, accept: bool) -> None:
    """Accept or reject all tracked changes of a part, in place."""
    kept, gone = (_ADDED, _REMOVED) if accept else (_REMOVED, _ADDED)
    _resolve_rows(root, gone, accept=accept)
    _resolve_formatting(root, accept=accept)
    merged = [one for one in root.iter(f"{W}p") if _mark(one, gone)]
    for one in list(root.iter(*gone)):
        if _is_text(one):
            _drop(one)
    for one in list(root.iter(*kept)):
        if _is_text(one):
            _unwrap(one)
    for deleted in list(root.iter(f"{W}delText", f"{W}delInstrText")):
        deleted.tag = f"{W}t" if deleted.tag == f"{W}delText" else f"{W}instrText"
    for paragraph in reversed(merged):
        _merge_with_next(paragraph)
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            _drop(table)


def _is_text(one: etree._Element) -> bool:
    parent = one.getparent()
    return parent is not None and parent.tag not in (f"{W}rPr", f"{W}trPr", f"{W}numPr")


def _mark(paragraph: etree._Element, tags: Iterable[str]) -> bool:
    """Whether the end of a paragraph has one of these changes."""
    properties = paragraph.find(f"{W}pPr/{W}rPr")
    return properties is not None and any(properties.find(tag) is not None for tag in tags)


def _resolve_rows(root: etree._Element, gone: Iterable[str], *, accept: bool) -> None:
    for row in list(root.iter(f"{W}tr")):
        properties = row.find(f"{W}trPr")
        if properties is not None and any(properties.find(tag) is not None for tag in gone):
            _drop(row)
    cell = f"{W}cellDel" if accept else f"{W}cellIns"
    for one in list(root.iter(cell)):
        holder = _ancestor(one, f"{W}tc")
        if holder is not None:
            _drop(holder)


def _resolve_formatting(root: etree._Element, *, accept: bool) -> None:
    """Restore the properties before a change if it is rejected: those of the paragraph's end stay apart."""
    for change in list(root.iter(f"{W}rPrChange", f"{W}pPrChange")):
        properties = change.getparent()
        if properties is None:
            continue
        former = change.find(f"{W}rPr") if change.tag == f"{W}rPrChange" else change.find(f"{W}pPr")
        properties.remove(change)
        if not accept:
            ours = {f"{W}rPr", f"{W}sectPr", *_ADDED, *_REMOVED}
            for one in [one for one in properties if one.tag not in ours]:
                properties.remove(one)
            for one in list(former if former is not None else ()):
                properties.insert(0, one)


def _drop(one: etree._Element) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _unwrap(one: etree._Element) -> None:
    parent = one.getparent()
    if parent is None:
        return
    at = parent.index(one)
    for child in reversed(list(one)):
        parent.insert(at, child)
    parent.remove(one)


def _merge_with_next(paragraph: etree._Element) -> None:
    """Join a paragraph whose end is deleted with the one after it, which keeps its own properties."""
    following = paragraph.getnext()
    while following is not None and following.tag not in (f"{W}p", f"{W}tbl", f"{W}sectPr"):
        following = following.getnext()
    content = [one for one in paragraph if one.tag != f"{W}pPr"]
    if following is None or following.tag != f"{W}p":
        if not content and len(paragraph.getparent()) > 1:  # type: ignore[arg-type]
            _drop(paragraph)
        return
    at = 1 if following.find(f"{W}pPr") is not None else 0
    for one in reversed(content):
        following.insert(at, one)
    _drop(paragraph)


def review_markdown(name: str, revisions: Sequence[Revision]) -> str:
    """Return the review file of a Word file. Its text must not reach the docs: it has names and comments."""
    changes = [one for one in revisions if one.kind != "comment"]
    comments = [one for one in revisions if one.kind == "comment"]
    lines = [f"# Review of {escape_markdown(name)}", "", f"The file has {counts(revisions)}.", ""]
    lines += ["All changes are accepted in the imported text. Do not publish this file: it names people.", ""]
    lines += [*_part("Tracked changes", changes), *_part("Comments", comments)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _part(title: str, revisions: Sequence[Revision]) -> Iterator[str]:
    if not revisions:
        return
    yield from (f"## {title}", "")
    for at, one in enumerate(revisions, 1):
        where = f", in {escape_markdown(one.place)}" if one.place else ""
        yield f"{at}. {one.kind.capitalize()} by {_who(one)}{where}"
        if one.about.strip():
            yield from ("", f"    About: {escape_markdown(one.about)}")
        for paragraph in one.words.split("\n"):
            if paragraph.strip():
                yield from ("", f"    > {escape_markdown(paragraph)}")
        yield ""


def _who(one: Revision) -> str:
    author = f"**{escape_markdown(one.author)}**" if one.author.strip() else "somebody"
    return f"{author}, {_when(one.date)}"


def _when(date: str) -> str:
    try:
        found = datetime.fromisoformat(date.replace("Z", "+00:00"))
    except ValueError:
        return f"at an unknown time ({escape_markdown(date)})" if date else "at an unknown time"
    return f"{found.day} {found:%B %Y %H:%M}"
