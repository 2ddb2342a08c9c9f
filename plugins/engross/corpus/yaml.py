"""Reads a YAML file against a schema and returns the value, or all mistakes, each with its line and column.

`yaml_nodes` builds the tree and finds mistakes in the YAML itself; pydantic checks the values; `yaml_errors` words what
pydantic finds. Rules between values belong to the callers. They read the written values from `YamlFile` even if the
file has other mistakes, so that one mistake does not hide another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from engross.common import NO_CACHE, Cache, EngrossError, error, join, shown, value_class
from engross.corpus.yaml_errors import describe_error, unknown_choice, unknown_key
from engross.corpus.yaml_nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, compose_cached
from engross.corpus.yaml_scalars import Unclear, as_day
from engross.model import Clause, ClauseKind, Diagnostic, Inline, Source

T = TypeVar("T")

KeyPath: TypeAlias = tuple[str | int, ...]
"""The path to a value: keys, and 0-based positions in lists."""


@value_class(frozen=True, slots=True)
class YamlFile:
    """A YAML file as read, with the position of each value."""

    source: Source
    root: Node

    def node(self, path: KeyPath) -> Node | None:
        """Return the node at a path, or None."""
        entry = self._entry(path)
        return entry.value if entry else None

    def place(self, path: KeyPath) -> tuple[int, int]:
        """Return the line and column of the value at a path, or of the nearest enclosing value if there is none."""
        return self.source.position(self._nearest(path).value.start)

    def key_place(self, path: KeyPath) -> tuple[int, int]:
        """Return the line and column of the key at a path; for an item of a list, those of the value."""
        return self.source.position(self._nearest(path).key_at)

    def lines(self, path: KeyPath) -> tuple[int, int]:
        """Return the first and last line of the value at a path, including the line of its key."""
        entry = self._nearest(path)
        return self.source.position(entry.key_at)[0], self.source.position(entry.value.end)[0]

    def mistake(self, path: KeyPath, what: str, *, fix: str = "", rule: str = "schema") -> Diagnostic:
        """Return the error "file:line:column: path: what" for the value at a path."""
        where = join(path)
        message = f"{where}: {what}" if where else what
        return error(rule, self.source.path, *self.place(path), message, fix=fix)

    def value(self, path: KeyPath = ()) -> Any:
        """Return the plain value at a path, or None if there is none; see `plain`."""
        node = self.node(path)
        return None if node is None else plain(node)

    def text(self, path: KeyPath) -> str:
        """Return the text at a path; an empty string if there is none or the value is not text."""
        value = self.value(path)
        return value.strip() if isinstance(value, str) else ""

    def day(self, path: KeyPath) -> date | None:
        """Return the day at a path, quoted or not; None if there is none or the value is not a day."""
        value = as_day(self.value(path))
        return value if isinstance(value, date) else None

    def items(self, path: KeyPath) -> Iterator[KeyPath]:
        """Yield the paths of a list's items; none if there is no list."""
        node = self.node(path)
        if isinstance(node, SequenceNode):
            yield from ((*path, index) for index in range(len(node.items)))

    def texts(self, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
        """Yield the texts in a list and its nested lists, or the single text at the path, each with its path."""
        text = self.text(path)
        if text:
            yield path, text
        for item in self.items(path):
            yield from self.texts(item)

    def _entry(self, path: KeyPath) -> Entry | None:
        entry: Entry | None = Entry(self.root.start, self.root)
        for part in path:
            entry = _child(entry.value, part) if entry else None
        return entry

    def _nearest(self, path: KeyPath) -> Entry:
        while path:
            entry = self._entry(path)
            if entry:
                return entry
            path = path[:-1]
        return Entry(self.root.start, self.root)


def _child(node: Node, part: str | int) -> Entry | None:
    if isinstance(node, MappingNode) and isinstance(part, str):
        return node.entries.get(part)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.items):
        return Entry(node.items[part].start, node.items[part])
    return None


def plain(node: Node) -> Any:
    """Convert a node to plain values: dicts, tuples (immutable), text, numbers, dates; `Unclear` for broken scalars."""
    if isinstance(node, MappingNode):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return tuple(plain(item) for item in node.items)
    return Unclear(node.text) if node.broken else node.value


@value_class(frozen=True, slots=True)
class Reading(Generic[T]):
    """The result of reading: `file` is None if it is not YAML, `value` is None if there are findings."""

    file: YamlFile | None
    value: T | None
    findings: tuple[Diagnostic, ...]


def read(
    source: Source, schema: TypeAdapter[T], values: Callable[[Node], Any] | None = None, cache: Cache = NO_CACHE
) -> Reading[T]:
    """Read a YAML text against a schema. Raises nothing: all mistakes are in the findings, in file order.

    `values` converts the nodes for the schema, by default `plain`. The `cache` keeps nodes.
    """
    root, findings = compose_cached(source, cache)
    if not isinstance(root, MappingNode):
        return Reading(None, None, in_order((*findings, *_no_mapping(source, root, findings))))
    file = YamlFile(source, root)
    try:
        value = schema.validate_python((values or plain)(root))
    except ValidationError as mistakes:
        return Reading(file, None, in_order((*findings, *_schema_mistakes(file, mistakes, schema))))
    return Reading(file, None if findings else value, in_order(findings))


def require(reading: Reading[T], findings: Iterable[Diagnostic]) -> tuple[YamlFile, T]:
    """Return the file and its value if there are no findings; otherwise raise EngrossError with all of them."""
    found = in_order(findings)
    if found or reading.file is None or reading.value is None:
        raise EngrossError(found)
    return reading.file, reading.value


def in_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings without duplicates, sorted by line and column."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda found: (found.line, found.column)))


def _no_mapping(source: Source, root: Node | None, findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return a finding if the file is not a mapping, unless other findings explain why it could not be read."""
    if root is None:
        return () if findings else (error("yaml", source.path, 1, 1, "the file is empty"),)
    if isinstance(root, ScalarNode) and root.broken:
        return ()
    kind = "a list" if isinstance(root, SequenceNode) else "text"
    message = f"the file must contain keys and values at its top level, not {kind}"
    return (error("schema", source.path, *source.position(root.start), message),)


def _schema_mistakes(file: YamlFile, mistakes: ValidationError, schema: TypeAdapter[T]) -> list[Diagnostic]:
    found = mistakes.errors(include_url=False)
    json_shape = schema.json_schema()
    diagnostics = []
    for mistake in found:
        path = _path_in_file(file, mistake["loc"])
        if mistake["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            what, fix = unknown_key(path, json_shape)
            where = f"{join(path)}: {what}"
            diagnostics.append(error("schema", file.source.path, *file.key_place(path), where, fix=fix))
        elif not _repeats_other_finding(file, path, mistake["type"]):
            diagnostics.append(_about_value(file, path, mistake))
    return diagnostics


def _about_value(file: YamlFile, path: KeyPath, mistake: ErrorDetails) -> Diagnostic:
    if path and path[-1] == "[key]":  # So pydantic marks a mistake in the key itself.
        path = path[:-1]
        if file.node(path) is not None and mistake["type"] in ("enum", "literal_error"):
            what, fix = unknown_choice(str(path[-1]), mistake)
            return error("schema", file.source.path, *file.key_place(path), f"{join(path)}: {what}", fix=fix)
    what, fix = describe_error(mistake, file.node(path))
    return file.mistake(path, what, fix=fix)


def _path_in_file(file: YamlFile, path: KeyPath) -> KeyPath:
    """Return the part of the path that the file contains; validators add steps below a single value."""
    for length in range(len(path)):
        if isinstance(file.node(path[:length]), ScalarNode):
            return path[:length]
    return path


def _repeats_other_finding(file: YamlFile, path: KeyPath, kind: str) -> bool:
    """Return whether another finding covers this one: the value is broken YAML, or a list lacks its broken items.

    A single value may stand for a list of one.
    """
    node = file.node(path)
    if isinstance(node, ScalarNode):
        return node.broken or kind == "too_short"
    return kind == "too_short" and isinstance(node, SequenceNode) and bool(node.items)


def named_texts(file: YamlFile, key: str, name: str) -> Iterator[tuple[KeyPath, str]]:
    """Yield the text under a name in each item of a list, with its path; skip items without it."""
    for path in file.items((key,)):
        yield from file.texts((*path, name))


def check_unique(file: YamlFile, named: Iterable[tuple[KeyPath, str]]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each name that occurred before, ignoring case as some file systems do."""
    first: dict[str, int] = {}
    for path, name in named:
        if name.casefold() in first:
            yield file.mistake(path, f"{shown(name)} is already used on line {first[name.casefold()]}; choose another")
        first.setdefault(name.casefold(), file.place(path)[0])


def value_paragraph(file: YamlFile, path: KeyPath, label: str, name: str, text: str) -> Clause:
    """Return the PARAGRAPH of a value at a path of a file; `name` is that of its fact or column."""
    inline = value_inline(file, path, text)
    return Clause(ClauseKind.PARAGRAPH, file.lines(path), label=label, inline=inline, name=name)


def value_inline(file: YamlFile, path: KeyPath, text: str) -> Inline:
    """Return a value's text with the source offset of its start only, since the text may differ from the source."""
    return Inline(text, origin=((0, file.source.offset(*file.place(path))),))
