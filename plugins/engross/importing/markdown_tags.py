"""Replaces the HTML tags of a Markdown text: by Markdown where they have a meaning, by nothing where they only style.

Code, escapes and addresses in angle brackets are left alone. Tables, lists and other blocks in HTML are read as those
of a web page. An anchor leaves a marker (`ANCHOR`), which `markdown_links` reads.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import field

import engross.common.lazy_re as re
from engross.common import error, shown, value_class
from engross.importing.html_blocks import Blocks
from engross.importing.html_inlines import Inlines
from engross.importing.html_tokens import TAG, tag_attributes
from engross.importing.html_tree import parse_html
from engross.importing.inline_markdown import mark
from engross.importing.markdown_writer import write_markdown
from engross.importing.values import RULE, Kind, Remark, item_labels
from engross.model import Diagnostic

ANCHOR = re.compile("\x00([^\x00]*)\x00")
"""The marker of an anchor: its name between two NUL characters, which no text contains."""
_BREAK = "\x00\x00\n"
_LAST_BREAK = re.compile(f"{_BREAK}(?=[ \\t>]*(?:\\n|\\Z))")
_SIGNS = {
    **dict.fromkeys(("b", "strong"), "**"), **dict.fromkeys(("i", "em", "dfn", "var", "cite"), "*"),
    **dict.fromkeys(("del", "s", "strike"), "~~"), **dict.fromkeys(("code", "kbd", "samp", "tt"), "`"),
}  # fmt: skip
_KEPT = frozenset({"sup", "sub"})
_STYLING = frozenset({
    "span", "font", "u", "small", "big", "mark", "abbr", "acronym", "ins", "bdi", "time", "nobr", "wbr", "data",
    "label", "q",
})  # fmt: skip
_WRAPPING = frozenset({
    "div", "section", "article", "main", "header", "footer", "center", "details", "figure", "figcaption", "aside",
    "address", "html", "body", "thead", "tbody", "nav", "fieldset", "picture",
})  # fmt: skip
_STRUCTURE = frozenset({
    "table", "ul", "ol", "dl", "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "summary",
})  # fmt: skip
_MEDIA = frozenset({
    "iframe", "video", "audio", "object", "embed", "canvas", "svg", "math", "form", "input", "select", "textarea",
    "button", "script", "style", "link", "meta",
})  # fmt: skip
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>")
_SPECIAL = re.compile(r"[\\`<\n]")
_EMPTY = re.compile(r"\n[ \t]*\n")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})(.*)")
_LETTER = re.compile(r"[^\W_]")
_DASHES = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_TAGS = re.compile(r"<[^<>]*>")
_BREAKS = re.compile(r"(?:[ \t]*\n?[ \t]*<br\s*/?>)*[ \t]*\n?[ \t]*", re.IGNORECASE)
_TYPED = re.compile(r"(?:\([A-Za-z0-9]{1,5}\)|\d{1,3}(?:\.\d{1,3})*[.)]|[-*+•])[ \t]")
_MOST_CODE = 20_000


@value_class(slots=True)
class _Open:
    """An inline tag that is open, and the text since."""

    name: str
    target: str
    offset: int
    parts: list[str] = field(default_factory=list)


@value_class(slots=True)
class MarkdownTags:
    """Replaces the tags of one text; collects remarks, refusals, and the labels of lists in HTML."""

    text: str
    path: str
    remarks: list[Remark] = field(default_factory=list)
    refused: list[Diagnostic] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    styling: Counter[str] = field(default_factory=Counter)
    _opened: list[_Open] = field(default_factory=list)
    _out: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _rows: frozenset[int] = frozenset()
    _ends: dict[str, dict[int, int]] = field(default_factory=dict)

    def replaced(self) -> str:
        """Return the text without tags, except `<sup>`, `<sub>`, and `<br>` in the rows of tables."""
        text, at = self.text, 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._rows = _table_rows(text)
        while (found := _SPECIAL.search(text, at)) is not None:
            self._add(text[at : found.start()])
            at = self._special(found.start())
        self._add(text[at:])
        self._close_all()
        if self.styling:
            named = ", ".join(f"<{name}> ({count})" for name, count in sorted(self.styling.items()))
            self.remarks.append(Remark(Kind.CHANGED, "", f"tags that only style are removed: {named}"))
        # A line break before the end of its paragraph would show as a backslash.
        text = _LAST_BREAK.sub("\n", "".join(self._out))
        return text.replace(_BREAK, "\\\n")

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, offset: int) -> str:
        """Return the place of an offset for the report."""
        line, column = self.position(offset)
        return f"line {line}, column {column}"

    def refuse(self, offset: int, message: str) -> None:
        """Refuse what is at an offset."""
        self.refused.append(error(RULE, self.path, *self.position(offset), message))

    def _add(self, text: str) -> None:
        if text:
            (self._opened[-1].parts if self._opened else self._out).append(text)

    def _special(self, at: int) -> int:
        """Read what begins at a special character; return where to continue."""
        text, sign = self.text, self.text[at]
        if sign == "\\":
            self._add(text[at : at + 2])
            return at + 2
        if sign == "\n":
            return self._line_end(at)
        if sign == "`":
            return self._code(at)
        if text.startswith("<!--", at):
            return self._comment(at)
        if found := _AUTOLINK.match(text, at):
            self._add(found[0])
            return found.end()
        tag = TAG.match(text, at)
        if tag:
            attributes, end, empty = tag_attributes(text, tag.end())
            if end > 0 and not _EMPTY.search(text, at, end):
                return self._tag(at, end, tag, attributes, empty=empty)
        self._add("<" if tag is None else "\\<")
        return at + 1

    def _line_end(self, at: int) -> int:
        """Read a line end; a paragraph ends the inline tags in it, and a fence protects its lines."""
        empty = _EMPTY.match(self.text, at)
        if empty:
            self._close_all()
        fence = _FENCE.match(self.text, at + 1)
        if not fence or ("`" in fence[2] and fence[1][0] == "`"):
            self._add("\n")
            return at + 1
        closing = re.compile(rf"^[ \t>]*{fence[1][0]}{{{len(fence[1])},}}[ \t]*$", re.MULTILINE)
        end = closing.search(self.text, fence.end())
        stop = end.end() if end else len(self.text)
        self._add(self.text[at:stop])
        return stop

    def _code(self, at: int) -> int:
        run = re.compile("`+").match(self.text, at)
        assert run is not None
        closing = re.compile(rf"(?<!`)`{{{len(run[0])}}}(?!`)|\n[ \t]*\n").search(self.text, run.end(), at + _MOST_CODE)
        end = closing.end() if closing and closing[0][0] == "`" else run.end()
        self._add(self.text[at:end])
        return end

    def _comment(self, at: int) -> int:
        end = self.text.find("-->", at)
        if end < 0:
            self.refuse(at, "this comment is never closed, so a page shows nothing after it; write --> at its end")
            return len(self.text)
        words = shown(self.text[at + 4 : end], 60)
        self.remarks.append(Remark(Kind.DROPPED, self.place(at), f"a comment: “{words}”"))
        return end + 3

    def _tag(self, at: int, end: int, tag: re.Match[str], attributes: dict[str, str], *, empty: bool) -> int:
        name, closes = tag["name"].lower(), bool(tag["end"])
        if not closes and name not in ("table", "ul", "ol", "dl"):
            self._anchors(attributes, name)
        if name in _STRUCTURE and not closes and (stop := self._end_of(name, end)):
            return self._structure(at, stop)
        if name == "br":
            return self._break(at, end)
        if name == "hr":
            self._add("\n\n***\n\n")
        elif name == "img":
            self._image(at, attributes)
        elif name in _SIGNS or name in _KEPT or name == "a":
            if closes:
                self._close(name, end)
            elif not empty:
                self._opened.append(_Open(name, attributes.get("href", "").strip(), at))
        elif name in _STYLING:
            self.styling[name] += not closes
        elif name in _WRAPPING or name in _STRUCTURE or name == "li":
            self.styling[name] += not closes
            self._wrapper(at, end, closes=closes)
        else:
            self._other(at, end, tag["name"], closes=closes, empty=empty)
        return end

    def _anchors(self, attributes: dict[str, str], name: str) -> None:
        for key in ("id", "name") if name == "a" else ("id",):
            if attributes.get(key, "").strip():
                self._add(f"\x00{attributes[key].strip()}\x00")

    def _other(self, at: int, end: int, name: str, *, closes: bool, empty: bool) -> None:
        """Remove a pair of tags of a component, and refuse every other tag that Markdown has no form for."""
        component = name[:1].isupper() and not empty and self._end_of(re.escape(name), end)
        if closes or (component and name.lower() not in _MEDIA):
            self.styling[name] += not closes
            self._wrapper(at, end, closes=closes)
            return
        written = shown(self.text[at:end])
        if name.lower() in _MEDIA or empty or name[:1].isupper():
            advice = "a contract cannot contain it; delete it, or write what it shows as text"
        else:
            advice = f"this is no tag of HTML, so a page does not show it; write \\{written} if it is text"
        self.refuse(at, f"{written}: {advice}")

    def _wrapper(self, at: int, end: int, *, closes: bool) -> None:
        """Separate what a block tag separates, if the tag has text beside it on its line."""
        beside = _TAGS.sub("", self._line_after(end) if closes else self._line_before(at))
        if _LETTER.search(beside):
            self._close_all()
            self._add("\n\n")

    def _end_of(self, name: str, at: int) -> int:
        """Return the offset after the end tag of the element whose tag ends at an offset; 0 if nothing closes it."""
        if name not in self._ends:
            ends = self._ends[name] = {}
            opened: list[int] = []
            for found in re.compile(rf"<(/?){name}(?=[\s/>])[^>]*>", re.IGNORECASE).finditer(self.text):
                if not found[1]:
                    opened.append(found.end())
                elif opened:
                    ends[opened.pop()] = found.end()
        return self._ends[name].get(at, 0)

    def _structure(self, at: int, stop: int) -> int:
        """Read a block of HTML as that of a page, and write it as Markdown."""
        self._close_all()
        line = self.position(at)[0]
        root = parse_html(self.text[at:stop], self.path, line)
        inlines = Inlines(self.path, "", {}, lambda _link: None)
        blocks = Blocks(inlines).read(root)
        self.refused += inlines.refused
        self.remarks += [*inlines.remarks]
        self.styling.update(inlines.styling)
        written = write_markdown(blocks)
        self.remarks += written.remarks
        self.labels += [*item_labels(blocks), *inlines.labels]
        before, after = self._line_before(at), self._line_after(stop)
        lines = written.markdown.strip("\n").split("\n")
        if line in self._rows:
            # A bullet in a cell has no sign of its own; its line is enough.
            cells = [part.strip().removeprefix("- ").replace("|", "\\|") for part in lines if part.strip()]
            self._add("<br>".join(cells))
            return stop
        margin = "\n" + re.sub(r"[^\s>]", " ", before)
        self._add(("\n\n" if _LETTER.search(before) else "") + margin.join(lines))
        self._add("\n\n" if after.strip() else "\n")
        return stop

    def _line_before(self, at: int) -> str:
        return self.text[self.text.rfind("\n", 0, at) + 1 : at]

    def _line_after(self, at: int) -> str:
        end = self.text.find("\n", at)
        return self.text[at : end if end >= 0 else len(self.text)]

    def _break(self, at: int, end: int) -> int:
        """Write a line break as Markdown: several, or one before a label, end the paragraph; one in a table stays."""
        before = self._line_before(at)
        if self.position(at)[0] in self._rows:
            self._add("<br>")
            return end
        breaks = _BREAKS.match(self.text, end)
        assert breaks is not None
        margin = re.sub(r"[^\s>]", " ", before[: len(before) - len(before.lstrip(" \t>-*+"))])
        stop = breaks.end()
        if not self.text[stop : stop + 1].strip():
            return end
        ends = bool(breaks[0].strip()) or _TYPED.match(self.text, stop) is not None
        if not _TAGS.sub("", before).strip(" \t>-*+"):
            # Nothing is before the break on its line.
            self._add(f"\n{margin}")
        else:
            self._add(f"\n\n{margin}" if ends else f"{_BREAK}{margin}")
        return stop

    def _image(self, at: int, attributes: dict[str, str]) -> None:
        source = attributes.get("src", "").strip()
        message = f"a picture: {shown(source, 80)}; put the file beside the document and write ![words](file)"
        self.remarks.append(Remark(Kind.DROPPED, self.place(at), message))

    def _close(self, name: str, end: int) -> None:
        if not any(one.name == name for one in self._opened):
            return
        while self._opened:
            opened = self._opened.pop()
            if opened.name == name:
                self._add_marked(opened, end)
                return
            self._add("".join(opened.parts))

    def _add_marked(self, opened: _Open, end: int) -> None:
        """Add the text of an inline tag as Markdown; `end` is the offset after its end tag."""
        parts = self._opened[-1].parts if self._opened else self._out
        sign = _SIGNS.get(opened.name, "")
        # Two marked texts side by side are one: the signs between them would not be read.
        joined = bool(sign) and bool(parts) and parts[-1].endswith(sign) and parts[-1] != sign
        before = "" if joined or not parts else parts[-1][-1:]
        written = _written(opened, before, self.text[end : end + 1])
        if joined and written.startswith(sign):
            parts[-1], written = parts[-1].removesuffix(sign), written.removeprefix(sign)
        self._add(written)

    def _close_all(self) -> None:
        """End the inline tags that their paragraph does not close: they mark nothing."""
        while self._opened:
            opened = self._opened.pop()
            self._add("".join(opened.parts))


def _table_rows(text: str) -> frozenset[int]:
    """Return the lines, from 1, of the rows of tables: those around and after a line of dashes and bars."""
    rows: set[int] = set()
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if at and "|" in lines[at - 1] and _DASHES.fullmatch(line):
            rows.add(at)
            below = at + 1
            while below < len(lines) and "|" in lines[below]:
                rows.add(below + 1)
                below += 1
    return frozenset(rows)


def _written(opened: _Open, before: str, after: str) -> str:
    """Return the text of an inline tag as Markdown, between two characters, with the blanks at its ends outside."""
    content = "".join(opened.parts)
    core = content.strip()
    if not core:
        return content
    left, right = content[: len(content) - len(content.lstrip())], content[len(content.rstrip()) :]
    if opened.name in _KEPT:
        return f"{left}<{opened.name}>{core}</{opened.name}>{right}"
    if opened.name == "a":
        return f"{left}[{core}]({opened.target}){right}" if opened.target else content
    sign = _SIGNS[opened.name]
    if core.startswith(sign[0]) or core.endswith(sign[0]):
        return content
    if sign == "`":
        return f"{left}`{core}`{right}" if "`" not in core else content
    return mark(sign, content, before, after)
