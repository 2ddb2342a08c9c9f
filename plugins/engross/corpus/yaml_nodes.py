"""Builds a tree of YAML nodes with positions, and collects all mistakes in the YAML itself.

ruamel.yaml scans and parses. The tree is built from its events without recursion, so that deep nesting is a mistake
with a position and not a stack overflow. Anchors, aliases, merge keys, tags and further documents are refused: each
fact must be written where it applies, and aliases cannot expand to huge values.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import field
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

import engross.common.lazy_re as re
from engross.common import HIDDEN, Cache, code_point, error, join, key_of, shown, value_class
from engross.corpus.yaml_scalars import read_plain
from engross.model import Diagnostic, Source

MAX_DEPTH = 20
"""The maximum number of nesting levels; Engross's own files need six."""

_FORBIDDEN = re.compile(r"[^\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN_IN_DRAFTS = re.compile(f"{_FORBIDDEN.pattern}|{HIDDEN.pattern}")


def _forbidden_pattern(source: Source) -> re.Pattern[str]:
    """Return the pattern of forbidden characters; a sealed file is read by the older, shorter list."""
    return _FORBIDDEN if source.sealed else _FORBIDDEN_IN_DRAFTS


@value_class(frozen=True, slots=True)
class ScalarNode:
    """A single value. `start` and `end` are offsets; `broken` means that a mistake in it was already reported."""

    start: int
    end: int
    text: str
    plain: bool = True
    broken: bool = False

    @property
    def value(self) -> object:
        """The value: text if quoted, otherwise see `read_plain`."""
        return read_plain(self.text) if self.plain else self.text


@value_class(frozen=True, slots=True)
class SequenceNode:
    """A list with its items in order."""

    start: int
    end: int
    items: tuple[Node, ...]


@value_class(frozen=True, slots=True)
class Entry:
    """The offset of a key, and its value."""

    key_at: int
    value: Node


@value_class(frozen=True, slots=True)
class MappingNode:
    """Keys and values; if a key occurs twice, the first value counts."""

    start: int
    end: int
    entries: dict[str, Entry]


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


class _Stop(Exception):  # noqa: N818 - it ends the reading, and is no error of the program
    """Ends the reading at an offset with a message."""

    def __init__(self, offset: int, what: str) -> None:
        self.offset, self.what = offset, what
        super().__init__(what)


@value_class(slots=True)
class _Open:
    """A list or mapping whose end was not read yet; `key` is the key without a value so far."""

    start: int
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: ScalarNode | None = None

    def close(self) -> Node:
        """Return the finished node."""
        if self.mapping:
            last = max((entry.value.end for entry in self.entries.values()), default=self.start)
            return MappingNode(self.start, last, self.entries)
        return SequenceNode(self.start, self.items[-1].end if self.items else self.start, tuple(self.items))


@value_class(slots=True)
class _Composer:
    """Builds `root` and `findings` from parsing events, one at a time."""

    source: Source
    root: Node | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    documents: int = 0
    stack: list[_Open] = field(default_factory=list)

    def report(self, offset: int, what: str) -> None:
        """Add an error at an offset, with the path of the current key."""
        path = [(frame.key.text if frame.key else None) if frame.mapping else len(frame.items) for frame in self.stack]
        where = join(part for part in path if part is not None)
        line, column = self.source.position(min(offset, len(self.source.text)))
        self.findings.append(error("yaml", self.source.path, line, column, f"{where}: {what}" if where else what))

    def document(self, event: Any) -> None:
        """Handle the start of a document; only one is allowed, without directives."""
        self.documents += 1
        if self.documents > 1:
            raise _Stop(event.start_mark.index, "a second YAML document begins here, but a file may contain only one")
        if event.version or event.tags:
            self.report(0, "directives (lines that begin with %) are not supported; delete the line")

    def open(self, event: Any) -> None:
        """Handle the start of a list or mapping."""
        self.refuse_anchor_and_tag(event)
        if len(self.stack) == MAX_DEPTH:
            raise _Stop(event.start_mark.index, f"nested more than {MAX_DEPTH} levels deep; use fewer levels")
        self.stack.append(_Open(event.start_mark.index, isinstance(event, MappingStartEvent)))

    def close(self, _event: Any) -> None:
        """Handle the end of a list or mapping."""
        self.attach(self.stack.pop().close())

    def scalar(self, event: Any) -> None:
        """Handle a single value or key."""
        refused = self.refuse_anchor_and_tag(event)
        start, end = event.start_mark.index, event.end_mark.index
        # The end mark of a block scalar is after the line ends that follow it.
        end = start + len(self.source.text[start:end].rstrip())
        forbidden = _forbidden_pattern(self.source).search(event.value)
        if forbidden:
            self.report(start, f"contains the character {code_point(forbidden[0])}, which is not allowed; delete it")
        self.attach(ScalarNode(start, end, event.value, event.style is None, refused or bool(forbidden)))

    def alias(self, event: Any) -> None:
        """Handle an alias, `*name`."""
        self.report(event.start_mark.index, "aliases (*name) are not supported; write the value in full")
        self.attach(ScalarNode(event.start_mark.index, event.end_mark.index, f"*{event.anchor}", broken=True))

    def refuse_anchor_and_tag(self, event: Any) -> bool:
        """Report an anchor or a tag of a node; return whether it has one."""
        if event.anchor:
            self.report(event.start_mark.index, "anchors (&name) are not supported; delete it")
        if event.tag:
            self.report(event.start_mark.index, "tags (!name) are not supported; delete it")
        return bool(event.anchor or event.tag)

    def attach(self, node: Node) -> None:
        """Add a finished node to its parent: as the root, as an item of a list, or as a key or value."""
        if not self.stack:
            self.root = node
        elif not self.stack[-1].mapping:
            self.stack[-1].items.append(self.require_value(node, node.start))
        elif self.stack[-1].key is None:
            self.stack[-1].key = self.key(node)
        else:
            self.value(self.stack[-1], self.stack[-1].key, node)

    def key(self, node: Node) -> ScalarNode:
        """Return the node as a key; if it cannot be one, a broken key, whose value is dropped."""
        if not isinstance(node, ScalarNode):
            self.report(node.start, "a key must be a word, not a list or keys and values")
            return ScalarNode(node.start, node.end, "?", broken=True)
        if node.text == "<<" and node.plain:
            self.report(node.start, "merge keys (<<) are not supported; write the keys in full")
            return ScalarNode(node.start, node.end, "<<", broken=True)
        if not node.text:
            self.report(node.start, "a key is missing before the colon")
            return ScalarNode(node.start, node.end, "", broken=True)
        return node

    def value(self, frame: _Open, key: ScalarNode, node: Node) -> None:
        """Store a value under its key; report a key that occurs twice."""
        first = frame.entries.get(key.text)
        if first is not None and not key.broken:
            line, column = self.source.position(first.key_at)
            self.report(key.start, f"given twice; the first is on line {line}, column {column}; delete one")
        elif not key.broken:
            frame.entries[key.text] = Entry(key.start, self.require_value(node, key.start))
        frame.key = None

    def require_value(self, node: Node, place: int) -> Node:
        """Return the node; if it has no value, report that at offset `place` and return a broken node."""
        if not isinstance(node, ScalarNode) or node.broken or node.value is not None:
            return node
        self.report(place, "has no value; write one or delete the line")
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
    """Return the tree of a YAML text and all mistakes in the YAML; no tree if it cannot be read to its end."""
    composer = _Composer(source, findings=list(_forbidden(source)))
    try:
        for event in _events(_forbidden_pattern(source).sub("\ufffd", source.text)):
            handler = _HANDLERS.get(type(event))
            if handler:
                handler(composer, event)
    except _Stop as stop:
        composer.stack.clear()
        composer.report(stop.offset, stop.what)
        return None, tuple(composer.findings)
    return composer.root, tuple(composer.findings)


def compose_cached(source: Source, cache: Cache) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Compose as `compose` does, or take the tree of the same text from the `cache`; mistakes are not kept."""
    key = key_of(__name__, "nodes", str(source.sealed), source.text) if cache.folder else ""
    stored = cache.get(key) if key else None
    if stored is not None:
        return _read_node(json.loads(stored)), ()
    root, findings = compose(source)
    if key and root is not None and not findings:
        cache.put(key, json.dumps(_fields(root), separators=(",", ":")).encode())
    return root, findings


def _fields(node: Node) -> list[Any]:
    match node:
        case ScalarNode():
            return [node.start, node.end, node.text, node.plain]
        case SequenceNode():
            return [node.start, node.end, [*map(_fields, node.items)]]
    return [node.start, node.end, {name: [one.key_at, *_fields(one.value)] for name, one in node.entries.items()}]


def _read_node(fields: list[Any]) -> Node:
    start, end, held, *plain = fields
    if isinstance(held, str):
        return ScalarNode(start, end, held, *plain)
    if isinstance(held, list):
        return SequenceNode(start, end, tuple(map(_read_node, held)))
    return MappingNode(start, end, {name: Entry(at, _read_node(value)) for name, (at, *value) in held.items()})


def _events(text: str) -> Iterator[Any]:
    """Yield ruamel's parsing events; raise `_Stop` for any exception of ruamel."""
    reader = YAML(typ="safe", pure=True)
    end = 0
    try:
        for event in reader.parse(text):
            yield event
            end = event.end_mark.index
    except MarkedYAMLError as mistake:
        raise _Stop(_place(mistake, end), _describe_error(mistake)) from mistake
    except Exception as mistake:
        # ruamel raises OverflowError for "\UFFFFFFFF" and ValueError for other escapes and directives (measured).
        # Nothing that people write may end in a traceback.
        raise _Stop(end, "YAML cannot be read from here on") from mistake


_UNCLOSED = "found unexpected end of stream while scanning a quoted scalar"

_PROBLEMS = (
    ("found character '\\t'", "a tab; YAML is indented with spaces"),
    (
        "mapping values are not allowed",
        "a colon is not allowed here: put the text in quotes, or fix the indentation",
    ),
    ("that cannot start any token", "text that begins with this character must be put in quotes"),
    ("could not find expected ':'", "a line without a colon after its key"),
    (_UNCLOSED, "a quotation mark is opened here and never closed"),
    ("<stream end>", "the file ends inside a list or mapping opened by [ or {"),
    ("expected <block end>", "does not fit the indentation of the lines above"),
)


def _problem_text(mistake: MarkedYAMLError) -> str:
    return " ".join(part for part in (mistake.problem, mistake.context) if part)


def _place(mistake: MarkedYAMLError, end: int) -> int:
    """Return the offset to report: that of the problem; for an unclosed quotation, its beginning."""
    marks = [mistake.problem_mark, mistake.context_mark]
    if _UNCLOSED in _problem_text(mistake):
        marks.reverse()
    return next((mark.index for mark in marks if mark), end)


def _describe_error(mistake: MarkedYAMLError) -> str:
    """Describe ruamel's error for people who do not know YAML's grammar; use ruamel's own text for other errors."""
    text = _problem_text(mistake)
    return next((words for sign, words in _PROBLEMS if sign in text), f"not YAML: {shown(text, 120)}")


def _forbidden(source: Source) -> Iterator[Diagnostic]:
    """Yield an error for each forbidden character at its first occurrence, with the number of other occurrences."""
    places: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for found in _forbidden_pattern(source).finditer(source.text):
        places.setdefault(found[0], found.start())
        counts[found[0]] += 1
    for character, offset in places.items():
        more = f", here and in {counts[character] - 1} more places" if counts[character] > 1 else ""
        what = f"the character {code_point(character)} is not allowed in this file{more}; delete it"
        yield error("yaml", source.path, *source.position(offset), what)
