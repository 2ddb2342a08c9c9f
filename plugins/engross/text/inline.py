"""Turns inline source into an `Inline`: flat visible text, its marks, and the source position of each piece.

Text without markup, or with plain bold only, is read directly here because most contract text is like that. The inline
parser reads everything else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import field
from html import unescape
from typing import Any

from markdown_it.token import Token

import engross.common.lazy_re as re
from engross.common import HIDDEN, error, value_class
from engross.model import Diagnostic, Inline, Mark, MarkKind, Source
from engross.text.addresses import with_addresses
from engross.text.block_rules import Origins
from engross.text.footnotes import REFERENCE, Footnotes, Written
from engross.text.markdown import LinkDefinitions, engine
from engross.text.source import CONTROL_CHARACTER, hidden_mistake

_SPECIAL = re.compile(r"[\\`*_\[<&]")
# Bold and emphasis that need no CommonMark flanking rules: after a blank, and before a blank or common punctuation.
_WORDS = r"(?=\S)([^\\`*_\[<&\n]+)(?<=\S)"
_SIMPLE = re.compile(rf"\*(?<!\S\*)(?:\*{_WORDS}\*\*|{_WORDS}\*)(?=[\s.,;:)—]|\Z)")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ELSEWHERE = re.compile(r"\s*(?:https?:)?[/\\]{2}|\s*https?:", re.IGNORECASE)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
# Browsers ignore blanks and control characters here.
_IGNORED_IN_URL = re.compile(r"[\x00-\x20\x7f]|%(?:[01][0-9a-f]|20|7f)", re.IGNORECASE)
# What follows a footnote within the words of a link, `[Terms[^1]](terms.md)`, which is then no link.
_ENDS_LINK = re.compile(r"[^\[\]]*\]\(")
_RAISED = re.compile(r"</?su[bp]\b", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)
_PLAIN_BREAK_TAG = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_BLANK = " \t\n"


@value_class(slots=True)
class InlineReader:
    """Reads the inline source of one document and collects errors in `problems`.

    `through` keeps the text inside HTML tags instead of refusing the tags, for checking a single file.
    """

    source: Source
    env: dict[str, Any]
    through: bool = False
    problems: list[Diagnostic] = field(default_factory=list)

    def read(self, content: str, origins: Origins, *, in_cell: bool = False) -> Inline:
        """Return the `Inline` of a block's inline source; `origins` maps offsets in `content` to source offsets.

        In the cell of a table (`in_cell`), `<br>` is a line break, because Markdown has no other form for it there.
        """
        broken = len(origins) > 1 and (" \n" in content or "\t\n" in content)
        inline = self._read(content, origins, broken=broken, in_cell=in_cell)
        return with_addresses(inline) if self.source.reader > 1 else inline

    def _read(self, content: str, origins: Origins, *, broken: bool, in_cell: bool) -> Inline:
        # After a bracket it is a mark of a revision in another format, {~~old~>new~~}, which is reported as such.
        struck = self.source.reader > 1 and "~~" in content and "{~~" not in content
        special = _SPECIAL.search(content)
        if not special and not broken and not struck:
            return Inline(content, (), origins)
        assembly = _Assembly(self, content, Inline(content, (), origins), in_cell and self.source.reader > 1)
        plain = special and special[0] == "*" and not broken and not struck
        if plain and not _SPECIAL.search(_SIMPLE.sub("", content)):
            return assembly.simple()
        tokens: list[Token] = []
        parser = engine(struck=struck)
        parser.inline.parse(content, parser, self.env, tokens)
        return assembly.assemble(tokens)

    def refuse(self, rule: str, offset: int, message: str) -> None:
        """Record an error at an offset of the source."""
        line, column = self.source.position(offset)
        self.problems.append(error(rule, self.source.path, line, column, message))

    @property
    def footnotes(self) -> Footnotes | None:
        """The footnotes of the document; None if it is read by a generation that has none."""
        notes: Footnotes | None = self.env["footnotes"]
        return notes

    def refuse_unused_definitions(self) -> None:
        """Record an error for each link definition and footnote that nothing uses: its text would not show."""
        definitions: LinkDefinitions = self.env["references"]
        for name, definition in definitions.items():
            if name not in definitions.used:
                self._refuse_definition(definition)
        for definition in self.env.get("duplicate_refs", ()):
            self._refuse_definition(definition)
        if self.footnotes is not None:
            self._refuse_notes(self.footnotes)

    def _refuse_notes(self, notes: Footnotes) -> None:
        for note in notes.unused:
            message = (
                f"nothing refers to this footnote; write [^{note.label}] in the text where it belongs, or delete it"
            )
            self._refuse_note(note, message)
        for note in notes.repeated:
            first = notes.written[note.label.casefold()].lines[0]
            message = (
                f"the footnote [^{note.label}] is on line {first} already; give this one another name, or delete it"
            )
            self._refuse_note(note, message)
        for note in notes.written.values():
            if not note.tokens:
                self._refuse_note(note, "this footnote has no text; write it after the colon")

    def _refuse_note(self, note: Written, message: str) -> None:
        self.problems.append(error("footnote", self.source.path, note.lines[0], 1, message))

    def _refuse_definition(self, definition: dict[str, Any]) -> None:
        line = definition["map"][0] + 1
        message = "no link uses this link definition, so its text would not show; delete it, or write \\[ for a bracket"
        self.problems.append(error("unused-link", self.source.path, line, 1, message))


@value_class(slots=True)
class _Assembly:
    """Builds one `Inline` piece by piece."""

    reader: InlineReader
    content: str
    origins: Inline
    # Whether `<br>` is a line break.
    has_breaks: bool = False
    parts: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)
    origin: list[tuple[int, int]] = field(default_factory=list)
    # Open marks, as indexes into `marks`: an outer mark must precede the marks inside it.
    opened: list[int] = field(default_factory=list)
    # The offset in the content that token positions count from; not 0 inside the text of an image.
    base: int = 0
    # Whether a comment was removed.
    has_comment: bool = False
    # The kinds of the tags that are marks, by the identity of their tokens; None for a closing tag.
    tags: dict[int, MarkKind | None] = field(default_factory=dict)

    def assemble(self, tokens: list[Token]) -> Inline:
        """Return the running text of markdown-it's inline tokens, with its marks."""
        self.tags = _paired_tags(tokens) if self.reader.source.reader > 1 else {}
        for token in tokens:
            _HANDLERS[token.type](self, token)
        return self._finish()

    def simple(self) -> Inline:
        """Return the `Inline` of content whose only markup is plain bold and emphasis."""
        at = 0
        for found in _SIMPLE.finditer(self.content):
            self._add(self.content[at : found.start()], at)
            start, group = self.length, found.lastindex or 0
            self._add(found[group], found.start(group))
            self.marks.append(Mark(start, self.length, MarkKind.STRONG if group == 1 else MarkKind.EMPHASIS))
            at = found.end()
        self._add(self.content[at:], at)
        return self._finish()

    def _finish(self) -> Inline:
        text = "".join(self.parts)
        marks = tuple(mark for mark in self.marks if mark.end > mark.start or mark.kind is MarkKind.IMAGE)
        inline = Inline(text, marks, tuple(self.origin) or ((0, self.origins.source_offset(0)),))
        if not self.has_comment:
            return inline
        # Removing a comment can leave blanks at either end.
        start = len(text) - len(text.lstrip(_BLANK))
        return inline.slice(start, max(start, len(text.rstrip(_BLANK))))

    def _add(self, text: str, at: int) -> None:
        """Append visible text that appears unchanged at offset `at` of the content."""
        if not text:
            return
        self._map_source(self.origins.source_offset(at), 0)
        lines = self.origins.origin
        for index in range(bisect_left(lines, (at + 1, 0)), len(lines)):
            start, source = lines[index]
            if start >= at + len(text):
                break
            self._map_source(source, start - at)
        self._append(text)

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _map_source(self, source: int, ahead: int) -> None:
        """Record the source offset of a character `ahead` positions after the end, unless the last entry implies it."""
        at = self.length + ahead
        if not self.origin or source - at != self.origin[-1][1] - self.origin[-1][0]:
            self.origin.append((at, source))

    def _at(self, token: Token) -> int:
        return self.base + int(token.meta["at"])

    def _text(self, token: Token) -> None:
        self._add(token.content, self._at(token))
        if "<!--" in token.content and not self.reader.through:
            message = "this comment is never closed; write --> at the end of its last line"
            self._refuse("open-comment", self._at(token) + token.content.find("<!--"), message)
        if "[^" in token.content and self.reader.footnotes is not None:
            self._refuse_references(token)

    def _refuse_references(self, token: Token) -> None:
        """Refuse references to footnotes that the document does not have."""
        for found in REFERENCE.finditer(token.content):
            message = (
                f"the document has no footnote {found[0]}; write its text in a paragraph of its own, "
                f"“{found[0]}: …”, or \\{found[0]} for a bracket"
            )
            self._refuse("footnote", self._at(token) + found.start(), message)

    def _footnote(self, token: Token) -> None:
        notes = self.reader.footnotes
        assert notes is not None
        if self.base or _ENDS_LINK.match(self.content, self._at(token) + len(f"[^{token.content}]")):
            message = f"a link or an image cannot contain a footnote; write [^{token.content}] after it"
            self._refuse("footnote", self._at(token), message)
        number, anchor, use = notes.refer(token.content)
        start = self.length
        self._map_source(self.origins.source_offset(self._at(token)), 0)
        self._append(f"[{number}]")
        self.marks.append(Mark(start, self.length, MarkKind.FOOTNOTE, f"#{anchor}", str(use)))

    def _special(self, token: Token) -> None:
        escape = token.info == "escape" and token.content != token.markup
        self._check_entities(token.content, self._at(token))
        self._map_source(self.origins.source_offset(self._at(token) + escape), 0)
        self._append(token.content)

    def _line_end(self, token: Token) -> None:
        if token.type == "hardbreak":
            self.marks.append(Mark(self.length, self.length + 1, MarkKind.BREAK))
        self._add("\n", self.content.find("\n", self._at(token)))

    def _code(self, token: Token) -> None:
        at = self._at(token) + len(token.markup)
        # Markdown strips one blank after the opening and before the closing backticks.
        stripped = self.content[at : at + len(token.content)].replace("\n", " ") != token.content
        start = self.length
        self._add(token.content, at + stripped)
        self.marks.append(Mark(start, self.length, MarkKind.CODE))

    def _image(self, token: Token) -> None:
        target, at = str(token.attrs.get("src", "")), self._at(token)
        self._check_target(target, at)
        self._check_entities(str(token.attrs.get("title", "")), at)
        if _ELSEWHERE.match(target) and not self.reader.through:
            message = "an image must be a file of this site, because readers' browsers would request it from elsewhere"
            self._refuse("outside-image", at, message)
        marks, start, base = len(self.marks), self.length, self.base
        self.base = at + len("![")
        for child in token.children or []:
            _HANDLERS[child.type](self, child)
        self.base = base
        # Marks inside the text of an image do not show.
        self.marks[marks:] = [Mark(start, self.length, MarkKind.IMAGE, target, str(token.attrs.get("title", "")))]

    def _open(self, token: Token) -> None:
        target = str(token.attrs.get("href", ""))
        if token.type == "link_open":
            self._check_target(target, self._at(token))
            self._check_entities(str(token.attrs.get("title", "")), self._at(token))
        self.opened.append(len(self.marks))
        kind = _MARKS[token.type]
        self.marks.append(Mark(self.length, self.length, kind, target, str(token.attrs.get("title", ""))))

    def _close(self, _token: Token) -> None:
        at = self.opened.pop()
        mark = self.marks[at]
        self.marks[at] = Mark(mark.start, self.length, mark.kind, mark.target, mark.title)

    def _html(self, token: Token) -> None:
        tag, at = token.content, self._at(token)
        if tag.startswith("<!--"):
            self.has_comment = True
            return
        if id(token) in self.tags:
            self._tag(token)
        elif self.has_breaks and _PLAIN_BREAK_TAG.fullmatch(tag):
            self._break(at)
        elif not self.reader.through:
            name = tag if len(tag) <= 40 else tag[:37] + "..."
            fix = "write <sup>…</sup> or <sub>…</sub>" if _RAISED.match(tag) else "write it as Markdown"
            self._refuse("raw-html", at, f"raw HTML is not allowed in a contract: {name}; {fix}")
        elif _BREAK_TAG.match(tag):
            self._break(at)
        elif self._is_blank_to_fill(at, tag):
            self._add(tag, at)

    def _is_blank_to_fill(self, at: int, tag: str) -> bool:
        """Return whether a tag is a name in two angle brackets, "<<CUSTOMER>>", which somebody has to fill in."""
        return self.content[at - 1 : at] == "<" and self.content[at + len(tag) : at + len(tag) + 1] == ">"

    def _tag(self, token: Token) -> None:
        kind = self.tags[id(token)]
        if kind is None:
            self._close(token)
            return
        self.opened.append(len(self.marks))
        self.marks.append(Mark(self.length, self.length, kind))

    def _break(self, at: int) -> None:
        self.marks.append(Mark(self.length, self.length + 1, MarkKind.BREAK))
        self._map_source(self.origins.source_offset(at), 0)
        self._append("\n")

    def _check_entities(self, text: str, at: int) -> None:
        """Refuse a control character written as an entity (&#x202E;), which is hidden in the source as well."""
        if not self.reader.source.sealed and not text.isascii() and (found := HIDDEN.search(text)):
            self._refuse(CONTROL_CHARACTER, at, f"this entity is not allowed: {hidden_mistake(found[0])}")

    def _check_target(self, target: str, at: int) -> None:
        """Refuse a link that a browser would execute or that readers cannot open."""
        # A browser may decode entities that the parser leaves unchanged.
        found = _SCHEME.match(_IGNORED_IN_URL.sub("", unescape(target)))
        if found and found[1].lower() not in _SAFE_SCHEMES:
            allowed = ", ".join(sorted(_SAFE_SCHEMES))
            message = f"a link may not use {found[1].lower()}: (allowed: {allowed}, or an address within the site)"
            self._refuse("unsafe-link", at, message)

    def _refuse(self, rule: str, at: int, message: str) -> None:
        self.reader.refuse(rule, self.origins.source_offset(at), message)


def _paired_tags(tokens: list[Token]) -> dict[int, MarkKind | None]:
    """Return the tags of superscript and subscript that are closed within the same markup; other tags are refused."""
    found: dict[int, MarkKind | None] = {}
    opened: list[Token] = []
    for token in tokens:
        is_tag = token.type == "html_inline"
        if token.nesting == 1 or (is_tag and token.content in _TAGS):
            opened.append(token)
        elif token.nesting == -1:
            while opened and opened.pop().type == "html_inline":
                pass
        elif is_tag and opened and token.content == opened[-1].content.replace("<", "</"):
            opening = opened.pop()
            found |= {id(opening): _TAGS[opening.content], id(token): None}
    return found


_TAGS = {"<sup>": MarkKind.SUPERSCRIPT, "<sub>": MarkKind.SUBSCRIPT}
_MARKS = {
    "strong_open": MarkKind.STRONG,
    "em_open": MarkKind.EMPHASIS,
    "link_open": MarkKind.LINK,
    "s_open": MarkKind.STRIKE,
}
_HANDLERS: dict[str, Callable[[_Assembly, Token], None]] = {
    "text": _Assembly._text,
    "text_special": _Assembly._special,
    "softbreak": _Assembly._line_end,
    "hardbreak": _Assembly._line_end,
    "code_inline": _Assembly._code,
    "footnote": _Assembly._footnote,
    "image": _Assembly._image,
    "html_inline": _Assembly._html,
    **dict.fromkeys(("strong_open", "em_open", "link_open", "s_open"), _Assembly._open),
    **dict.fromkeys(("strong_close", "em_close", "link_close", "s_close"), _Assembly._close),
}
