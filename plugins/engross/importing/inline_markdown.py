"""Writes pandoc's inlines as one line of contract Markdown.

Inlines are flattened to runs of text with their styles, because source formats split them anywhere; neighbours of the
same style are joined, blanks and punctuation that would keep a mark from being read are moved out of it, and characters
that Markdown would read are escaped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import field, replace
from itertools import groupby
from typing import Any

import engross.common.lazy_re as re
from engross.common import EngrossError, value_class
from engross.importing.values import WORDS_OF_LINK, Kind, Node, Remark
from engross.importing.word_check import document_words, words_of
from engross.text import decode, parse

Note = Callable[[list[Node]], str]
"""Keeps a footnote and returns its reference, such as `[^1]`."""
BREAK = "\n"
"""A hard line break in the text of a run."""
_SIGNS = {"Strikeout": "~~", "Strong": "**", "Emph": "*"}
_TAGS = {"Superscript": "sup", "Subscript": "sub"}
_UNMARKED = {"Underline": "underlining", "SmallCaps": "small capitals"}
_QUOTES = {"DoubleQuote": "“”", "SingleQuote": "‘’"}
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~\n]|$)|[`*<]|~~|&(?=#?\w+;)|\](?=[(\[])|\[(?=\^)|!(?=\[)")
_UNDERSCORES = re.compile(r"_+")
_SCHEME = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_BLANKS = re.compile("[ \t\x0b\x0c\x85\u2028\u2029]+")
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@value_class(frozen=True, slots=True)
class Run:
    """Text of one style. `raw` text is Markdown already: a picture or the reference of a footnote. `linked` text was a
    link.
    """

    text: str
    styles: frozenset[str] = frozenset()
    target: str = ""
    raw: bool = False
    linked: bool = False


@value_class(slots=True)
class InlineWriter:
    """Writes inlines; `note` keeps footnotes, `remarks` says what was changed, at the place `place`.

    `anchors` are those that headings keep, to which links can lead.
    """

    note: Note
    remarks: list[Remark] = field(default_factory=list)
    place: str = ""
    anchors: frozenset[str] = frozenset()

    def line(self, inlines: list[Node], *, cell: bool = False, bold: bool = True) -> str:
        """Return the Markdown of some inlines; hard breaks are `\\` and a line end, in a `cell` `<br>`.

        Without `bold`, marks of bold are left out, and those of italics on the whole text: a heading needs neither.
        """
        runs = [self._cleaned(run) for run in self._runs(inlines, Run(""))]
        if not bold:
            whole = frozenset.intersection(*(run.styles for run in runs if run.text.strip()), frozenset({"Emph"}))
            runs = [replace(run, styles=run.styles - {"Strong"} - whole) for run in runs]
        text = _marked(_joined(runs)).strip(" \t\n")
        if any(run.styles or run.target for run in runs) and not _reads_back(text, runs):
            self.remark(Kind.CHANGED, f"bold, italics and links are left out here: {text[:60]}")
            text = _marked(_joined([replace(run, styles=frozenset(), target="") for run in runs])).strip(" \t\n")
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", text).strip()
        first = next((run for run in runs if run.text.strip()), None)
        if first is not None and first.linked:
            text = _LABEL.sub(lambda found: f"{found[1] or ''}\\{found[2]}", text, count=1)
        if cell:
            return re.sub(r"(?<!\\)\|", r"\\|", text).replace(BREAK, "<br>")
        return re.sub(r"\n+", "\\\\\n", text)

    def remark(self, kind: Kind, message: str, words: str = "") -> None:
        """Add a line to the report."""
        self.remarks.append(Remark(kind, self.place, message, words))

    def _cleaned(self, run: Run) -> Run:
        text = _BLANKS.sub(" ", run.text).replace("\xad", "")
        if found := _REFUSED.findall(text.replace("\n", "")):
            names = ", ".join(f"U+{ord(one):04X}" for one in sorted(set(found)))
            self.remark(Kind.DROPPED, f"characters that a contract may not have: {names}", "".join(found))
            text = "\n".join(_REFUSED.sub("", line) for line in text.split("\n"))
        return replace(run, text=text)

    def _runs(self, inlines: list[Node], around: Run) -> Iterator[Run]:
        for inline in inlines:
            yield from self._run(inline["t"], inline.get("c"), around)

    def _run(self, kind: str, content: Any, around: Run) -> Iterator[Run]:
        if kind == "Str":
            yield replace(around, text=content)
        elif kind in ("Space", "SoftBreak"):
            yield replace(around, text=" ")
        elif kind == "LineBreak":
            yield replace(around, text=BREAK)
        elif kind in _SIGNS or kind in _TAGS:
            yield from self._runs(content, replace(around, styles=around.styles | {kind}))
        elif kind in _UNMARKED:
            yield from self._runs(content, around)
        elif kind == "Quoted":
            quotes = _QUOTES[content[0]["t"]]
            yield replace(around, text=quotes[0])
            yield from self._runs(content[1], around)
            yield replace(around, text=quotes[1])
        else:
            yield from self._special(kind, content, around)

    def _special(self, kind: str, content: Any, around: Run) -> Iterator[Run]:
        if kind in ("Code", "Math"):
            yield replace(around, text=content[1])
        elif kind == "Span" or kind == "Cite":
            linked = kind == "Span" and WORDS_OF_LINK in content[0][1]
            yield from self._runs(content[1], replace(around, linked=around.linked or linked))
        elif kind == "Link":
            yield from self._link(content, around)
        elif kind == "Image":
            alternative = self.line(content[1]).replace("\\\n", " ")
            yield Run(f"![{alternative}]({content[2][0]})", raw=True)
        elif kind == "Note":
            yield Run(self.note(content), raw=True)
        else:
            self.remark(Kind.DROPPED, f"what contracts cannot have: {kind}")

    def _link(self, content: Any, around: Run) -> Iterator[Run]:
        target = content[2][0].strip()
        if _SCHEME.match(target):
            target = re.sub(r"[\s()<>\\]", lambda found: f"%{ord(found[0]):02X}", target)
            yield from self._runs(content[1], replace(around, target=target))
            return
        if target.startswith("#") and target[1:] in self.anchors:
            yield from self._runs(content[1], replace(around, target=target))
            return
        if target and not target.startswith("#"):
            self.remark(Kind.DROPPED, f"the address of a link, which does not begin with https: {target[:80]}")
        yield from self._runs(content[1], around)


def _reads_back(text: str, runs: list[Run]) -> bool:
    """Whether Engross reads the words of the runs from their Markdown."""
    shown = "".join("" if run.raw else run.text for run in runs)
    for run in runs:
        if run.raw:
            text = text.replace(run.text, "", 1)
    try:
        root = parse(decode(f"x {text}".encode(), "x.md"))
    except EngrossError:
        return False
    return document_words(root)[1:] == words_of(shown)


def _joined(runs: list[Run]) -> list[Run]:
    """Join neighbours of one style; blanks take the style of what is before them, so that it is not interrupted."""
    styled: list[Run] = []
    for at, run in enumerate(runs):
        if not run.raw and run.text and not run.text.strip() and not run.target:
            after = runs[at + 1].styles if at + 1 < len(runs) else frozenset[str]()
            before = styled[-1].styles if styled else frozenset[str]()
            run = replace(run, styles=before & after)
        if run.text:
            styled.append(run)
    joined = []
    for _, group in groupby(styled, key=lambda run: (run.styles, run.target, run.raw)):
        same = list(group)
        joined.append(replace(same[0], text="".join(run.text for run in same)))
    return joined


def _marked(runs: list[Run]) -> str:
    """Write runs with their links and marks, the outer ones first."""
    parts = []
    for target, group in groupby(runs, key=lambda run: run.target):
        inside = list(group)
        text = _with_signs(inside, tuple(_SIGNS))
        shown = "".join(run.text for run in inside)
        if target and shown.strip() and shown.strip() not in (target, target.removeprefix("mailto:")):
            text = f"[{text}]({target})"
        parts.append(text)
    return "".join(parts)


def _with_signs(runs: list[Run], kinds: tuple[str, ...]) -> str:
    if not kinds:
        return "".join(run.text if run.raw else _tagged(run) for run in runs)
    parts: list[tuple[bool, str]] = [
        (marked, _with_signs(list(group), kinds[1:]))
        for marked, group in groupby(runs, key=lambda run: kinds[0] in run.styles)
    ]
    out = ""
    for at, (marked, text) in enumerate(parts):
        after = parts[at + 1][1][:1] if at + 1 < len(parts) else ""
        out += mark(_SIGNS[kinds[0]], text, out[-1:], after) if marked else text
    return out


_PAIRS = ("“”", "‘’", "«»", "„“", '""')
_WHOLE = re.compile(r"(?P<before>[ \t\n]*)(?P<core>.*?)(?P<after>[ \t\n]*)\Z", re.DOTALL)


def mark(sign: str, text: str, before: str, after: str) -> str:
    """Put a sign around a text; blanks, and punctuation next to a letter outside, are moved out of it."""
    found = _WHOLE.match(text)
    assert found is not None
    left, core, right = found["before"], found["core"], found["after"]
    outside, following = (left or before)[-1:], (right or after)[:1]
    while core and not _opens(outside, core[0]):
        left, core = left + _head(core), core[len(_head(core)) :]
        outside = left[-1:]
    while core and not _opens(following, core[-1]):
        right, core = core[-1] + right, core[:-1]
        if core.endswith("\\") and not core.endswith("\\\\"):
            right, core = "\\" + right, core[:-1]
        following = right[:1]
    if right[:1] and core[:1] + right[:1] in _PAIRS:
        left, core = left + core[0], core[1:]
    if not core.strip():
        return text
    inner = core.split("\n")
    return left + "\n".join(f"{sign}{line.strip()}{sign}" if line.strip() else "" for line in inner) + right


def _head(core: str) -> str:
    return core[:2] if core[0] == "\\" else core[0]


def _opens(outside: str, inside: str) -> bool:
    """Whether a sign between these characters is read as a mark (CommonMark's flanking rule)."""
    return not inside.isspace() and (not _is_sign(inside) or not _is_letter(outside))


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_letter(character: str) -> bool:
    """Whether a character is one in which a mark cannot begin or end: no blank, no sign."""
    return bool(character.strip()) and not _is_sign(character)


def _tagged(run: Run) -> str:
    text = escape_inline(run.text)
    for kind, tag in _TAGS.items():
        if kind in run.styles and text.strip():
            text = f"<{tag}>{text}</{tag}>"
    return text


def escape_inline(text: str) -> str:
    """Escape what Markdown would read within a line."""
    text = _ESCAPED.sub(lambda found: "\\" + found[0] if found[0] != "~~" else "\\~\\~", text)
    return _UNDERSCORES.sub(lambda found: _underscores(found, text), text)


def _underscores(found: re.Match[str], text: str) -> str:
    """Escape underscores that could be a mark of emphasis: those next to a letter on one side, not on both."""
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    alone = not before.strip() and not after.strip()
    inside = _is_letter(before) and _is_letter(after)
    return found[0] if alone or inside else found[0].replace("_", "\\_")


_FIRST = re.compile(
    r"(?P<mark>#{1,6}(?=[ \t]|$)|[-+](?=[ \t]|$)|>|=+[ \t]*$|(?:[-_][ \t]*)+$|\|)|(?P<label>\[[^\]\n]*\]:)"
)
# The words of a link are no number of a paragraph: [(30)](#terms), without its address, is \\(30).
_LABEL = re.compile(r"\A([*_]*(?:\w{1,9}(?=[.)](?:[\s*_]|\Z)))?)(\((?=\w{1,5}\))|(?<=\w)[.)])")
_NUMBER = re.compile(r"(\d{1,9})\)(?=[ \t]|$)")


def escape_start(line: str) -> str:
    """Escape what would begin another block at the start of a line; typed numbers stay numbers.

    `1)` is escaped, because a page would show it as `1.`.
    """
    found = _FIRST.match(line)
    if found and found["label"]:
        return "\\" + line
    if found:
        return "\\" + line
    return _NUMBER.sub(r"\1\\)", line, count=1) if _NUMBER.match(line) else line
