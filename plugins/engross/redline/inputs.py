"""Reads the inputs of a redline: two source texts, each with its tree of clauses.

Markdown is read like a single file, through HTML tags. YAML is read as a list of models or a built-in register if it is
one, otherwise as a tree with a clause for each key. Keys are sorted, since their order has no meaning; list items keep
their order; comments are ignored. Text that is not YAML at all is read line by line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import TypeAlias

import engross.common.lazy_re as re
from engross.common import EngrossError, value_class
from engross.corpus import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    compose,
    read_register,
    register_tree,
)
from engross.model import (
    BUILT_IN,
    NO_TEXT,
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    Inline,
    ListKind,
    RegisterSchema,
    Source,
)
from engross.text import decode, front_matter, parse


def keys_tree(source: Source) -> Clause:
    """Return the tree of a YAML text; it never raises."""
    node, _ = compose(source)
    if node is None or isinstance(node, ScalarNode):
        return _root(source, tuple(_lines(source)))
    return _root(source, (_container(source, node, ""),))


def _root(source: Source, children: tuple[Clause, ...]) -> Clause:
    return Clause(ClauseKind.DOCUMENT, (1, len(source.line_starts)), children=children)


def _container(source: Source, node: MappingNode | SequenceNode, path: str) -> Clause:
    if isinstance(node, MappingNode):
        named = sorted((name, entry.value) for name, entry in node.entries.items())
        items = tuple(_item(source, value, f"{path}.{name}".strip("."), f"{name}:") for name, value in named)
    else:
        items = tuple(_item(source, value, f"{path}.{at}".strip("."), "") for at, value in enumerate(node.items, 1))
    return Clause(
        ClauseKind.LIST, _span(source, node), label=path, children=items, list_kind=ListKind.BULLET, tight=True
    )


def _item(source: Source, node: Node, path: str, marker: str) -> Clause:
    """Return the clause of a key or list item. A key's path is its anchor, so keys match whatever their values."""
    lines = _span(source, node)
    anchor = path if marker else ""
    if isinstance(node, ScalarNode):
        inline = Inline(node.text, (), ((0, node.start),)) if node.text else NO_TEXT
        return Clause(ClauseKind.ITEM, lines, anchor, path, inline, marker=marker, name=marker)
    children = (_container(source, node, path),)
    return Clause(ClauseKind.ITEM, lines, anchor, path, children=children, marker=marker, name=marker)


def _span(source: Source, node: Node) -> tuple[int, int]:
    return source.position(node.start)[0], source.position(max(node.start, node.end - 1))[0]


def _lines(source: Source) -> Iterator[Clause]:
    for number, line in enumerate(source.text.split("\n"), 1):
        words = line.strip()
        if words and not words.startswith("#"):
            inline = Inline(words, (), ((0, source.offset(number) + line.find(words)),))
            yield Clause(ClauseKind.PARAGRAPH, (number, number), label=f"line {number}", inline=inline)


Text: TypeAlias = "str | Source | Document | Side"
"""What can be compared: a source text, a `Source`, a document with a source, or a `Side` made from a tree."""

_YAML_NAMES = (".yml", ".yaml")


@value_class(frozen=True, slots=True)
class Markup:
    """What a reader may see of a text although its tree does not have it: its front matter, and its HTML tags, each
    with the number of letters before it.
    """

    front_matter: str = ""
    tags: tuple[tuple[str, int], ...] = ()


@value_class(frozen=True)
class Side:
    """One side of a redline: its name in messages, its exact source text, and its tree. `passed` are the mistakes for
    which a site would refuse the text; it can be compared with them. `has_rows`: it is a register, by the
    `schema`, or a model list.
    """

    name: str
    text: str
    root: Clause
    passed: tuple[Diagnostic, ...] = ()
    markup: Markup = Markup()
    has_rows: bool = False
    schema: RegisterSchema | None = None


_CODE_OR_COMMENT = re.compile(r"^(```+|~~~+).*?^\1|(`+)(?!`).+?(?<!`)\2(?!`)|<!--.*?-->", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?=[\s/>])[^<>]*>")
_READ = re.compile(r"<(su[bp])>([^<>]*)</\1>")
_LINE_BREAK = re.compile(r"<br[\s/]*>", re.IGNORECASE)
_NAME = re.compile(r"[a-zA-Z][\w-]*")
_LETTER = re.compile(r"\w")


def _markup(source: Source) -> Markup:
    """Return the front matter and the tags of a Markdown text, except those that are in its tree: line breaks,
    superscript and subscript.
    """
    matter = front_matter(source)
    values = "\n".join(line.rstrip() for line in matter.split("\n") if line.strip("- \t") and line[:1] != "#")
    body = _CODE_OR_COMMENT.sub(lambda found: re.sub("[<>]", " ", found[0]), source.text[len(matter) :])
    body = _READ.sub(r"\2", body) if source.reader > 1 else body
    tags, letters, at = [], 0, 0
    for found in _TAG.finditer(body):
        letters += len(_LETTER.findall(body, at, found.start()))
        at = found.end()
        if not _LINE_BREAK.fullmatch(found[0]):
            tags.append((" ".join(found[0].split()), letters))
    return Markup(values, tuple(tags))


def unread(old: Side, new: Side, *, same: bool) -> tuple[str, ...]:
    """Return what differs between two texts that the trees do not have: names of tags, and "front matter". `same` is
    whether the trees are equal, so that the places of tags can be compared as well.
    """
    matter = ("front matter",) if old.markup.front_matter != new.markup.front_matter else ()
    before, after = (Counter((tag, at if same else 0) for tag, at in side.markup.tags) for side in (old, new))
    names = (_NAME.search(tag) for tag, _ in (before - after) + (after - before))
    return (*matter, *sorted({f"<{name[0].lower()}>" for name in names if name}))


def read_side(text: Text, name: str, yaml: bool | None) -> Side:
    """Read one side. `name` is used for a str; `yaml` None decides by the name's extension.

    Raises EngrossError if the text cannot be read, and ValueError for a document without a source.
    """
    match text:
        case Side():
            return text
        case Document(source=None):
            raise ValueError(f"{text.id} is published elsewhere: there is no source to compare")
        case Document():
            assert text.source is not None
            has_rows = text.entry.kind.has_rows and not text.verbatim
            schema = text.entry.register
            return Side(text.source.path, _exact_text(text.source), text.root, has_rows=has_rows, schema=schema)
        case Source():
            return _read(text, yaml)
        case str():
            return _read(_source(text, name), yaml)


def _source(text: str, name: str) -> Source:
    # A lone surrogate has no encoding; the bytes that replace it are refused later as not UTF-8.
    return decode(text.encode("utf-8", "surrogatepass"), name, sealed=True)


def _exact_text(source: Source) -> str:
    return source.data.decode("utf-8") if source.data else source.text


def _read(source: Source, yaml: bool | None) -> Side:
    is_yaml = source.path.lower().endswith(_YAML_NAMES) if yaml is None else yaml
    passed: list[Diagnostic] = []
    rows = _rows_tree(source) if is_yaml else None
    root = rows[0] if rows else keys_tree(source) if is_yaml else parse(source, through_html=True, passed=passed)
    markup = Markup() if is_yaml else _markup(source)
    return Side(
        source.path,
        _exact_text(source),
        root,
        tuple(passed),
        markup,
        has_rows=rows is not None,
        schema=rows and rows[1],
    )


def _rows_tree(source: Source) -> tuple[Clause, RegisterSchema | None] | None:
    """Return the tree of a YAML text as the first kind of register that it is, and its schema; None if it is none."""
    with suppress(EngrossError):
        from engross.corpus import catalogue_tree, read_catalogue  # few redlines are of model lists

        return catalogue_tree(read_catalogue(source), source), None
    for schema in BUILT_IN.values():
        with suppress(EngrossError):
            return register_tree(read_register(source, schema), source), schema
    return None
