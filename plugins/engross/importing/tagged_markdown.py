"""Reads Markdown that was written for another generator; what contract Markdown has too stays as it is written."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.common import EngrossError, error, shown
from engross.importing.encodings import decode_foreign
from engross.importing.markdown_dialects import Dialect
from engross.importing.markdown_links import MarkdownLinks
from engross.importing.markdown_tags import MarkdownTags
from engross.importing.markdown_text import markdown_text
from engross.importing.values import RULE, Choices, Kind, Reading, Remark, by_place
from engross.model import Diagnostic
from engross.text import decode, parse

_TITLE = re.compile(r"^#[ \t]+\S|^\S.*\n=+[ \t]*$", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def read_markdown(data: bytes, path: str, choices: Choices) -> Reading:
    """Read the bytes of a Markdown file; `path` is its name in messages.

    Raises EngrossError if the file is too large or no text, or has what a contract cannot contain.
    """
    decoded = decode_foreign(data, path)
    dialect = Dialect(path)
    plain = dialect.plain(decoded.text)
    tags = MarkdownTags(plain, path)
    untagged = tags.replaced()
    if refused := [*dialect.refused, *tags.refused]:
        raise EngrossError(sorted(refused, key=lambda one: (one.line, one.column)))
    links = MarkdownLinks(untagged.split("\n"), decoded.text)
    text, remarks = _readable(_tidy(links.resolved()), decoded.text, path)
    labels = [*dialect.labels, *tags.labels]
    if dialect.title and not choices.title and not _TITLE.search(text):
        text = f"# {dialect.title}\n\n{text}"
        labels.insert(0, dialect.title)
        message = f"the title in the front matter is the document's: {dialect.title}"
        remarks.append(Remark(Kind.GUESSED, "line 1", message))
    if decoded.guessed:
        remarks.insert(0, Remark(Kind.GUESSED, "", f"the text is not UTF-8; it is read as {decoded.encoding}"))
    shown_text = markdown_text(decoded.text, front_matter=plain[:1] == "\n" != decoded.text[:1])
    remarks = [*remarks, *dialect.remarks, *tags.remarks, *links.remarks]
    return Reading([], shown_text, by_place(remarks), labels, markdown=text)


def _tidy(text: str) -> str:
    return _EMPTY_LINES.sub("\n\n", text).strip("\n") + "\n"


def _readable(text: str, source: str, path: str) -> tuple[str, list[Remark]]:
    """Return a text that the parser can read: without link definitions and footnotes that nothing uses.

    Raises EngrossError with the places, in the source, of what it cannot read.
    """
    passed: list[Diagnostic] = []
    remarks: list[Remark] = []
    try:
        parse(decode(text.encode("utf-8"), path), passed=passed)
    except EngrossError as failure:
        raise EngrossError([_in_source(one, text, source, path) for one in failure.diagnostics]) from None
    lines = text.split("\n")
    unused = [one for one in passed if one.rule == "unused-link"]
    for one in unused:
        remarks.append(
            Remark(Kind.DROPPED, "", f"a link definition that nothing uses: {shown(lines[one.line - 1], 60)}")
        )
        lines[one.line - 1] = ""
    others = [_in_source(one, text, source, path) for one in passed if one.rule != "unused-link"]
    if others:
        raise EngrossError(others)
    return _tidy("\n".join(lines)), remarks


def _in_source(found: Diagnostic, text: str, source: str, path: str) -> Diagnostic:
    """Return an error about a line of the imported text with the place of that line in the source, if it has it."""
    line = text.split("\n")[found.line - 1].strip() if found.line else ""
    for at, other in enumerate(source.split("\n"), 1):
        if line and line in other:
            return error(RULE, path, at, other.index(line) + 1, found.message)
    return error(RULE, path, 0, 0, f"{found.message} (in “{shown(line, 60)}”)")
