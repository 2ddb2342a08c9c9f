"""A version or a draft as a Word file: real styles, numbers, footnotes and cross-references, and a bookmark a clause.

The bookmarks are hidden, as Word's own are. Their names are the ids that sealed clauses keep from version to version,
or the places of clauses in a draft: `engross import --onto` finds by them which clause an edited paragraph is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from urllib.parse import unquote

from engross.common import value_class
from engross.exporting.copies import Copy, Part
from engross.exporting.word.block_layout import lay_out
from engross.exporting.word.body_xml import BodyWriter
from engross.exporting.word.numbers import number_lists, typed_labels, write_lists
from engross.exporting.word.package import About, Contents, package
from engross.exporting.word.paragraphs import Paragraph, Part as Laid, Shape, Table, Text
from engross.exporting.word.pictures import Picture, read_picture
from engross.exporting.word.references import REFERENCE, as_fields, field_of, with_references
from engross.exporting.word.runs_xml import Link, RunWriter
from engross.model import Clause, Given, MarkKind, Tree
from engross.record import sha256, text_hash
from engross.redline import Node, Outline, Style, unchanged

DOCUMENT, VERSION, SOURCE_HASH, TEXT_HASH = (
    "engross-document", "engross-version", "engross-source-sha256", "engross-text-sha256",
)  # fmt: skip
"""The names of the properties of a file that say which text it has."""

DRAFT = "draft"
"""The version of a draft."""


@value_class(frozen=True)
class Names:
    """The bookmarks of a text: by the `id` of a face, and by anchor."""

    by_face: Mapping[int, str]
    by_anchor: Mapping[str, str]


def docx_bytes(copy: Copy) -> bytes:
    """Return a copy of one document as a Word file."""
    part = copy.parts[0]
    document = part.document
    assert document.source is not None
    root = with_references(document, part.binding)
    nodes = Outline().nodes(root)
    names = bookmarks(root, nodes, part.tree)
    layout = lay_out(unchanged(nodes), lambda face: _name(names, id(face)), _definitions(part, root, nodes))
    lists = number_lists(layout.parts)
    typed_labels(layout.parts)
    as_fields(layout.parts, names.by_anchor)
    parts = list(_with_notices(layout.parts, _notices(part, root, nodes, names)))
    targets = _Targets(part, names.by_anchor)
    runs = RunWriter("", layout.notes, targets.link, targets.picture)
    writer = BodyWriter(runs)
    body = writer.body(parts)
    relations = dict(runs.relations)
    notes = list(writer.footnotes())
    about = _about(copy, part)
    pictures = tuple(runs.pictures.values())
    return package(
        Contents(body, notes, write_lists(lists), relations, runs.relations if notes else {}, pictures), about
    )


def _about(copy: Copy, part: Part) -> About:
    document, version = part.document, part.version
    assert document.source is not None
    facts = {DOCUMENT: document.id, VERSION: str(version.id) if version else DRAFT}
    if version:
        facts |= {SOURCE_HASH: version.sealed.source, TEXT_HASH: version.sealed.text}
    else:
        facts |= {SOURCE_HASH: sha256(document.source.data), TEXT_HASH: text_hash(document.root)}
    front = copy.front
    at = copy.at if version else None
    # The last sentence only says when the others were written.
    standing = front.standing if len(front.standing) > 1 else ()
    language = part.language or copy.language
    return About(front.title, language, at, copy.publisher, facts, front.running, front.hash, standing)


def bookmarks(root: Clause, nodes: Iterable[Node], tree: Tree | None) -> Names:
    """Return the names of the bookmarks of a text's clauses; `tree` has the ids of sealed clauses."""
    ids = {clause.anchor: clause.id for clause in tree.clauses} if tree else {}
    by_face: dict[int, str] = {}
    by_anchor: dict[str, str] = {}
    leaves = (node for top in nodes for node in top.walk() if not node.children)
    for number, node in enumerate(leaves, 1):
        anchor = node.clause.anchor
        name = f"_eg_{ids[anchor]}" if anchor in ids and anchor not in by_anchor else f"_eg_n{number}"
        by_face[id(node.face)] = name
        if anchor:
            by_anchor.setdefault(anchor, name)
    for _, clause, around in root.walk_placed():
        if clause.anchor and clause.anchor not in by_anchor:
            near = (*reversed(around), *clause.walk())
            name = next((by_anchor[one.anchor] for one in near if one.anchor in by_anchor), "")
            by_anchor |= {clause.anchor: name} if name else {}
    return Names(by_face, by_anchor)


def _name(names: Names, face: int) -> tuple[str, ...]:
    return (names.by_face[face],) if face in names.by_face else ()


def _definitions(part: Part, root: Clause, nodes: Iterable[Node]) -> dict[int, str]:
    """Return the style of the paragraphs that define a term in a list of definitions, by the `id` of their face."""
    listed = {
        one.place.clause
        for one in (part.binding.definitions if part.binding else ())
        if one.place.document == part.document.id and one.given is Given.LISTED
    }
    clauses = {id(clause) for index, clause in enumerate(root.walk()) if index in listed}
    every = (node for top in nodes for node in top.walk())
    return {id(node.face): "Definition" for node in every if id(node.clause) in clauses and _is_text(node)}


def _is_text(node: Node) -> bool:
    return bool(node.text) and node.face.kind in ("paragraph", "item")


def _notices(part: Part, root: Clause, nodes: Iterable[Node], names: Names) -> dict[str, str]:
    """Return the sentences about redactions by the bookmark of the clause that they follow."""
    clauses = {id(clause): part.notices[index] for index, clause in enumerate(root.walk()) if index in part.notices}
    every = (node for top in nodes for node in top.walk())
    return {
        names.by_face[id(node.face)]: clauses[id(node.clause)]
        for node in every
        if id(node.clause) in clauses and id(node.face) in names.by_face
    }


def _with_notices(parts: Iterable[Laid], notices: Mapping[str, str]) -> Iterator[Laid]:
    for part in parts:
        if isinstance(part, Table):
            for row in part.rows:
                row.cells = [[shown for one in cell for shown in _noticed(one, notices)] for cell in row.cells]
            yield part
        else:
            yield from _noticed(part, notices)


def _noticed(part: Paragraph, notices: Mapping[str, str]) -> Iterator[Paragraph]:
    yield part
    for name in part.names:
        if name in notices:
            shape = Shape("Notice", depth=part.shape.depth, quotes=part.shape.quotes)
            yield Paragraph([Text(notices[name], (Style(MarkKind.EMPHASIS),))], shape)


@value_class
class _Targets:
    """Looks up the links and pictures of a document."""

    part: Part
    names: Mapping[str, str]
    _pictures: dict[str, Picture | None] = field(default_factory=dict)

    def link(self, written: str) -> Link | None:
        """Return where a link leads in the file; None if it leads nowhere."""
        if written.startswith(REFERENCE):
            return field_of(written)
        target = self.part.target(written)
        if target is None:
            return None
        if target.document == self.part.document.id and target.anchor in self.names:
            return Link(name=self.names[target.anchor])
        return Link(target.address) if target.address else None

    def picture(self, written: str) -> Picture | None:
        """Return a picture of the docs folder that Word can show."""
        folder = posixpath.dirname(self.part.document.entry.file)
        path = posixpath.normpath(posixpath.join(folder, unquote(written.partition("#")[0])))
        if path not in self._pictures:
            data = self.part.pictures.get(path)
            self._pictures[path] = read_picture(data, len(self._pictures) + 1) if data else None
        return self._pictures[path]
