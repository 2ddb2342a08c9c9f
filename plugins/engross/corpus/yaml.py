"""Reads a YAML file against a schema: the value, or every mistake at once, each with its line and column.

`nodes` builds the tree and finds what is wrong with it as YAML; pydantic checks the values; `mistakes` puts what
pydantic finds into words. Rules that tie one value to another are the caller's: they ask `YamlFile` for what was
written, whatever else is wrong with it, so that one slip hides no other.

Names that may be given once only: the ids of documents, sets and models, files, addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

from engross.common import EngrossError, error, join, shown
from engross.corpus.yaml_errors import in_words, unknown_key
from engross.corpus.yaml_nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, compose
from engross.corpus.yaml_scalars import Unclear, as_day
from engross.model import Diagnostic, Source

T = TypeVar("T")

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys, and 0-based positions in lists."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file as read: it knows where each value stands."""

    source: Source
    root: Node

    def node(self, path: KeyPath) -> Node | None:
        """The value at a path, or None."""
        entry = self._entry(path)
        return entry.value if entry else None

    def place(self, path: KeyPath) -> tuple[int, int]:
        """The line and column of the value at a path; of the nearest value around it where there is none."""
        return self.source.position(self._nearest(path).value.start)

    def key_place(self, path: KeyPath) -> tuple[int, int]:
        """The line and column of the key at a path; of the value, for an item of a list."""
        return self.source.position(self._nearest(path).key_at)

    def lines(self, path: KeyPath) -> tuple[int, int]:
        """The first and last line of the value at a path, its key's line included."""
        entry = self._nearest(path)
        return self.source.position(entry.key_at)[0], self.source.position(entry.value.end)[0]

    def mistake(self, path: KeyPath, what: str, *, fix: str = "", rule: str = "schema") -> Diagnostic:
        """The diagnostic "file:line:column: where: what" for the value at a path."""
        where = join(path)
        said = f"{where}: {what}" if where else what
        return error(rule, self.source.path, *self.place(path), said, fix=fix)

    def value(self, path: KeyPath = ()) -> Any:
        """The plain value at a path, None where there is none; see `plain`."""
        node = self.node(path)
        return None if node is None else plain(node)

    def text(self, path: KeyPath) -> str:
        """The text at a path; an empty string where there is none, or something else."""
        value = self.value(path)
        return value.strip() if isinstance(value, str) else ""

    def day(self, path: KeyPath) -> date | None:
        """The day at a path, quoted or not; None where there is none, or something else."""
        value = as_day(self.value(path))
        return value if isinstance(value, date) else None

    def items(self, path: KeyPath) -> Iterator[KeyPath]:
        """The paths of a list's items; none where there is no list."""
        node = self.node(path)
        if isinstance(node, SequenceNode):
            yield from ((*path, index) for index in range(len(node.items)))

    def texts(self, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
        """The texts in a list and in the lists within it, or the one text that stands there, each with its path."""
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
    """A node as plain values: dicts, tuples (they cannot be changed), text, numbers, dates; `Unclear` where broken."""
    if isinstance(node, MappingNode):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return tuple(plain(item) for item in node.items)
    return Unclear(node.text) if node.broken else node.value


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What became of reading a file: the file (None where it is not YAML), the value (None where findings say why)."""

    file: YamlFile | None
    value: T | None
    findings: tuple[Diagnostic, ...]


def read(source: Source, schema: TypeAdapter[T]) -> Reading[T]:
    """Read a YAML text against a schema. Raises nothing: every mistake is among the findings, in the file's order."""
    root, findings = compose(source)
    if not isinstance(root, MappingNode):
        return Reading(None, None, in_order((*findings, *_no_mapping(source, root, findings))))
    file = YamlFile(source, root)
    try:
        value = schema.validate_python(file.value())
    except ValidationError as mistakes:
        return Reading(file, None, in_order((*findings, *_schema_mistakes(file, mistakes, schema))))
    return Reading(file, None if findings else value, in_order(findings))


def require(reading: Reading[T], findings: Iterable[Diagnostic]) -> tuple[YamlFile, T]:
    """The file and its value where there are no findings. Raises EngrossError with all of them otherwise."""
    found = in_order(findings)
    if found or reading.file is None or reading.value is None:
        raise EngrossError(found)
    return reading.file, reading.value


def in_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings by line and column, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda found: (found.line, found.column)))


def _no_mapping(source: Source, root: Node | None, findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """That the file does not hold keys and values, unless the findings say already that it cannot be read."""
    if root is None:
        return () if findings else (error("yaml", source.path, 1, 1, "the file is empty"),)
    if isinstance(root, ScalarNode) and root.broken:
        return ()
    what = "keys and values are wanted at the top of the file, not " + (
        "a list" if isinstance(root, SequenceNode) else "text"
    )
    return (error("schema", source.path, *source.position(root.start), what),)


def _schema_mistakes(file: YamlFile, mistakes: ValidationError, schema: TypeAdapter[T]) -> list[Diagnostic]:
    found = mistakes.errors(include_url=False)
    shape = schema.json_schema()
    diagnostics = []
    for mistake in found:
        path = _written(file, mistake["loc"])
        if mistake["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            what, fix = unknown_key(path, shape)
            where = f"{join(path)}: {what}"
            diagnostics.append(error("schema", file.source.path, *file.key_place(path), where, fix=fix))
        elif not _said_already(file, path, mistake["type"]):
            what, fix = in_words(mistake, file.node(path))
            diagnostics.append(file.mistake(path, what, fix=fix))
    return diagnostics


def _written(file: YamlFile, path: KeyPath) -> KeyPath:
    """The path as far as it was written: below a single value stand only steps that a validator added."""
    for length in range(len(path)):
        if isinstance(file.node(path[:length]), ScalarNode):
            return path[:length]
    return path


def _said_already(file: YamlFile, path: KeyPath, kind: str) -> bool:
    """Whether the finding only echoes another: the value is broken YAML, or a list is "short" for its bad items."""
    node = file.node(path)
    if isinstance(node, ScalarNode):
        return node.broken
    return kind == "too_short" and isinstance(node, SequenceNode) and bool(node.items)


def written(file: YamlFile, key: str, name: str) -> Iterator[tuple[KeyPath, str]]:
    """The text that each item of a list has under a name, with its path; items that have none are left out."""
    for path in file.items((key,)):
        yield from file.texts((*path, name))


def repeated(file: YamlFile, named: Iterable[tuple[KeyPath, str]]) -> Iterator[Diagnostic]:
    """A diagnostic for each name that was given before; upper and lower case count as one, as some disks hold them."""
    first: dict[str, int] = {}
    for path, name in named:
        if name.casefold() in first:
            yield file.mistake(path, f"{shown(name)} is taken already, on line {first[name.casefold()]}")
        first.setdefault(name.casefold(), file.place(path)[0])
