"""YAML as a tree of nodes that know where they stand, and everything wrong with it as YAML.

ruamel.yaml scans and parses; the tree is built here, from its events, without recursion, so that depth is a mistake
with a place and never a stack overflow. Anchors, aliases, merge keys, tags and further documents are refused: who
reads a contract's settings should find each fact where it is stated, and an alias bomb finds nothing to light.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from engross.common import HIDDEN, code_point, error, join, shown
from engross.corpus.yaml_scalars import read_plain
from engross.model import Diagnostic, Source

MAX_DEPTH = 20
"""Levels of nesting read; what Engross's own files need is six."""

_FORBIDDEN = re.compile(r"[^\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN_IN_DRAFTS = re.compile(f"{_FORBIDDEN.pattern}|{HIDDEN.pattern}")


def _pattern(source: Source) -> re.Pattern[str]:
    """The characters that may not stand in a file; what was sealed is read as it was when it was posted."""
    return _FORBIDDEN if source.sealed else _FORBIDDEN_IN_DRAFTS


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value. `start` and `end` are offsets; `broken` tells that it was found wrong as YAML, and said so."""

    start: int
    end: int
    text: str
    plain: bool = True
    broken: bool = False

    @property
    def value(self) -> object:
        """What it is read as: text where quoted, else see `read_plain`."""
        return read_plain(self.text) if self.plain else self.text


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list: its items in order."""

    start: int
    end: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's offset, and its value."""

    key_at: int
    value: Node


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys and values; of a key given twice, the first."""

    start: int
    end: int
    entries: dict[str, Entry]


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


class _Stop(Exception):  # noqa: N818 - it ends the reading, and is no error of the program
    """Reading cannot go on: what is wrong, and at which offset."""

    def __init__(self, offset: int, what: str) -> None:
        self.offset, self.what = offset, what
        super().__init__(what)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet; `key` is the key that waits for its value."""

    start: int
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: ScalarNode | None = None

    def close(self) -> Node:
        """The finished node."""
        if self.mapping:
            last = max((entry.value.end for entry in self.entries.values()), default=self.start)
            return MappingNode(self.start, last, self.entries)
        return SequenceNode(self.start, self.items[-1].end if self.items else self.start, tuple(self.items))


@dataclass(slots=True)
class _Composer:
    """Takes parsing events, one at a time; gives `root` and `findings`."""

    source: Source
    root: Node | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    documents: int = 0
    stack: list[_Open] = field(default_factory=list)

    def say(self, offset: int, what: str) -> None:
        """Note a mistake at an offset, under the path of keys that leads there."""
        path = [(frame.key.text if frame.key else None) if frame.mapping else len(frame.items) for frame in self.stack]
        where = join(part for part in path if part is not None)
        line, column = self.source.position(min(offset, len(self.source.text)))
        self.findings.append(error("yaml", self.source.path, line, column, f"{where}: {what}" if where else what))

    def document(self, event: Any) -> None:
        """The start of a document: there may be one, without directives."""
        self.documents += 1
        if self.documents > 1:
            raise _Stop(event.start_mark.index, "a second document begins here, and a file holds one")
        if event.version or event.tags:
            self.say(0, "directives (lines that begin with %) are not read; take the line out")

    def open(self, event: Any) -> None:
        """The start of a list or mapping."""
        self.refuse_anchor_and_tag(event)
        if len(self.stack) == MAX_DEPTH:
            raise _Stop(event.start_mark.index, f"nested more than {MAX_DEPTH} levels deep")
        self.stack.append(_Open(event.start_mark.index, isinstance(event, MappingStartEvent)))

    def close(self, _event: Any) -> None:
        """The end of a list or mapping."""
        self.attach(self.stack.pop().close())

    def scalar(self, event: Any) -> None:
        """A single value or key."""
        refused = self.refuse_anchor_and_tag(event)
        start, end = event.start_mark.index, event.end_mark.index
        # A block scalar's end mark lies past the line ends that follow it.
        end = start + len(self.source.text[start:end].rstrip())
        odd = _pattern(self.source).search(event.value)
        if odd:
            self.say(start, f"holds the character {code_point(odd[0])}, which cannot stand in text")
        self.attach(ScalarNode(start, end, event.value, event.style is None, refused or bool(odd)))

    def alias(self, event: Any) -> None:
        """`*name`."""
        self.say(event.start_mark.index, "aliases (*name) are not read; write the value out")
        self.attach(ScalarNode(event.start_mark.index, event.end_mark.index, f"*{event.anchor}", broken=True))

    def refuse_anchor_and_tag(self, event: Any) -> bool:
        """Say so where a node has an anchor or a tag; give whether it has."""
        if event.anchor:
            self.say(event.start_mark.index, "anchors (&name) are not read; take it out")
        if event.tag:
            self.say(event.start_mark.index, "tags (!name) are not read; take it out")
        return bool(event.anchor or event.tag)

    def attach(self, node: Node) -> None:
        """Put a finished node where it belongs: at the top, into a list, or as a key or value."""
        if not self.stack:
            self.root = node
        elif not self.stack[-1].mapping:
            self.stack[-1].items.append(self.checked(node, node.start))
        elif self.stack[-1].key is None:
            self.stack[-1].key = self.key(node)
        else:
            self.value(self.stack[-1], self.stack[-1].key, node)

    def key(self, node: Node) -> ScalarNode:
        """The node as a key; a broken one, whose value is dropped, where it cannot be one."""
        if not isinstance(node, ScalarNode):
            self.say(node.start, "a key must be a word, not a list or keys and values")
            return ScalarNode(node.start, node.end, "?", broken=True)
        if node.text == "<<" and node.plain:
            self.say(node.start, "merge keys (<<) are not read; write the keys out")
            return ScalarNode(node.start, node.end, "<<", broken=True)
        if not node.text:
            self.say(node.start, "a key is missing before the colon")
            return ScalarNode(node.start, node.end, "", broken=True)
        return node

    def value(self, frame: _Open, key: ScalarNode, node: Node) -> None:
        """File a value under its key, and say so where the key has one already."""
        first = frame.entries.get(key.text)
        if first is not None and not key.broken:
            line, column = self.source.position(first.key_at)
            self.say(key.start, f"given twice; the first stands on line {line}, column {column}")
        elif not key.broken:
            frame.entries[key.text] = Entry(key.start, self.checked(node, key.start))
        frame.key = None

    def checked(self, node: Node, place: int) -> Node:
        """The node; a broken one, with a finding at `place`, where it has no value."""
        if not isinstance(node, ScalarNode) or node.broken or node.value is not None:
            return node
        self.say(place, "has no value; write one, or take the line out")
        return ScalarNode(place, place, node.text, broken=True)


_HANDLERS: dict[type, Callable[[_Composer, Any], None]] = {
    DocumentStartEvent: _Composer.document,
    MappingStartEvent: _Composer.open,
    SequenceStartEvent: _Composer.open,
    MappingEndEvent: _Composer.close,
    SequenceEndEvent: _Composer.close,
    ScalarEvent: _Composer.scalar,
    AliasEvent: _Composer.alias,
}


def compose(source: Source) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """The tree of a YAML text and all that is wrong with it as YAML; no tree where it cannot be read to its end."""
    composer = _Composer(source, findings=list(_forbidden(source)))
    try:
        for event in _events(_pattern(source).sub("\ufffd", source.text)):
            handler = _HANDLERS.get(type(event))
            if handler:
                handler(composer, event)
    except _Stop as stop:
        composer.stack.clear()
        composer.say(stop.offset, stop.what)
        return None, tuple(composer.findings)
    return composer.root, tuple(composer.findings)


def _events(text: str) -> Iterator[Any]:
    """ruamel's parsing events; `_Stop` for whatever it raises."""
    reader = YAML(typ="safe", pure=True)
    end = 0
    try:
        for event in reader.parse(text):
            yield event
            end = event.end_mark.index
    except MarkedYAMLError as mistake:
        raise _Stop(_place(mistake, end), _in_words(mistake)) from mistake
    except Exception as mistake:
        # Measured: ruamel raises OverflowError for "\UFFFFFFFF", ValueError for other escapes and directives. What
        # people write must never end in a traceback, whatever the scanner trips over.
        raise _Stop(end, "YAML cannot be read from here on") from mistake


_UNCLOSED = "found unexpected end of stream while scanning a quoted scalar"

_PROBLEMS = (
    ("found character '\\t'", "a tab; YAML is indented with spaces"),
    (
        "mapping values are not allowed",
        "a colon that cannot stand here: put the text in quotes, or mend the indentation",
    ),
    ("that cannot start any token", "text that begins with this character must be put in quotes"),
    ("could not find expected ':'", "a line without a colon after its key"),
    (_UNCLOSED, "a quotation mark is opened here and never closed"),
    ("<stream end>", "the file ends inside a list or mapping that [ or { has opened"),
    ("expected <block end>", "does not fit the indentation of the lines above"),
)


def _said(mistake: MarkedYAMLError) -> str:
    return " ".join(part for part in (mistake.problem, mistake.context) if part)


def _place(mistake: MarkedYAMLError, end: int) -> int:
    """The offset to show: where the trouble is; for a quotation that never ends, where it begins."""
    marks = [mistake.problem_mark, mistake.context_mark]
    if _UNCLOSED in _said(mistake):
        marks.reverse()
    return next((mark.index for mark in marks if mark), end)


def _in_words(mistake: MarkedYAMLError) -> str:
    """ruamel's complaint in words for people who do not know YAML's grammar; its own words where there are none."""
    said = _said(mistake)
    return next((words for sign, words in _PROBLEMS if sign in said), f"not YAML: {shown(said, 120)}")


def _forbidden(source: Source) -> Iterator[Diagnostic]:
    """A finding for each control character, noncharacter or lone surrogate, where it first stands."""
    places: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for found in _pattern(source).finditer(source.text):
        places.setdefault(found[0], found.start())
        counts[found[0]] += 1
    for character, offset in places.items():
        more = f", here and in {counts[character] - 1} more places" if counts[character] > 1 else ""
        what = f"the character {code_point(character)} cannot stand in this file{more}; take it out"
        yield error("yaml", source.path, *source.position(offset), what)
