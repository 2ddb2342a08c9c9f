"""Writes the tracked changes and comments of a Word file as Markdown: who, when, what and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engross.common import escape_markdown
from engross.importing.word.revisions import Revision, counts


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
