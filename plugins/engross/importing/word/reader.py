"""Reads a Word file: opens it, resolves tracked changes, reads body and notes, and extracts its text a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from lxml import etree

from engross.common import value_class
from engross.importing.values import Choices, Kind, Node, Reading, Remark
from engross.importing.word.body import BodyReader
from engross.importing.word.fields import same_number
from engross.importing.word.numbering import read_numbering
from engross.importing.word.package import W, WordPackage, open_word, refusal
from engross.importing.word.revisions import Revision, comments, counts, resolve, review_markdown, tracked_changes
from engross.importing.word.runs import Context
from engross.importing.word.source_text import source_text
from engross.importing.word.structure import Structure
from engross.importing.word.styles import read_styles

_NOTES = ("footnote", "endnote")
_ASIDE = ("header", "footer")


def read_word(data: bytes, name: str, choices: Choices) -> Reading:
    """Read the bytes of a Word file.

    Raises EngrossError if they are no Word file or a damaged one, or have tracked changes or comments and `choices`
    does not say what to do with them.
    """
    package = open_word(data, name)
    root = package.tree(package.document)
    assert root is not None
    notes = {kind: found for kind in _NOTES if (found := package.first(f"{kind}s")) is not None}
    revisions = [*tracked_changes(root), *(one for part in notes.values() for one in tracked_changes(part))]
    revisions += comments(package.first("comments"), root)
    if revisions and not choices.tracked:
        raise refusal(name, _TRACKED.format(counts(revisions)))
    accept = choices.tracked != "reject"
    for part in (root, *notes.values()):
        resolve(part, accept=accept)
    reader = _DocumentReader(package, root, notes)
    blocks = reader.blocks()
    remarks = [*_about(revisions, choices), *package.extras(), *reader.remarks()]
    parts = {kind: package.normal(next(package.related(f"{kind}s"))) for kind in notes}
    text = source_text(package.normal(package.document), parts, accept=accept)
    review = review_markdown(Path(name).name, revisions) if revisions and choices.tracked == "track" else ""
    pictures = {part: package.read(part) for part in sorted(reader.context.pictures) if package.has(part)}
    return Reading(blocks, text, remarks, reader.added(), pictures, review)


_TRACKED = (
    "it has {}; choose what to do with them: --accept, --reject, or --track, which accepts the changes and lists them "
    "with the comments in a review file"
)


def _about(revisions: list[Revision], choices: Choices) -> Iterator[Remark]:
    """Yield remarks about the tracked changes and comments."""
    changes = [one for one in revisions if one.kind != "comment"]
    found = [one for one in revisions if one.kind == "comment"]
    if changes:
        done = "rejected" if choices.tracked == "reject" else "accepted"
        yield Remark(Kind.CHANGED, "", f"tracked changes are {done}: {counts(changes)}")
    if found:
        where = ", listed in the review file" if choices.tracked == "track" else ""
        yield Remark(Kind.DROPPED, "", f"{counts(found)}{where}")


@value_class(slots=True)
class _DocumentReader:
    """Reads the parts of a document whose tracked changes are resolved."""

    package: WordPackage
    root: etree._Element
    notes: dict[str, etree._Element]
    context: Context = field(init=False)
    structure: Structure = field(init=False)
    body: BodyReader = field(init=False)

    def __post_init__(self) -> None:
        package = self.package
        styles = read_styles(package.first("styles"))
        self.structure = Structure()
        self.context = Context(styles, package.relationships(package.document), self._note)
        numbering = read_numbering(package.first("numbering"), styles)
        self.body = BodyReader(package.name, self.context, numbering, self.structure.part)

    def blocks(self) -> list[Node]:
        """Return the blocks of the document."""
        body = self.root.find(f"{W}body")
        assert body is not None
        return self.structure.document(self.body.read(body))

    def added(self) -> list[str]:
        """Return the words that are not text in the file: numbers, characters of symbol fonts, places to type in."""
        return [*self.body.labels, *self.context.added]

    def _note(self, kind: str, key: str) -> list[Node]:
        part = self.notes.get(kind)
        found = (
            next((one for one in part.iter(W + kind) if one.get(f"{W}id") == key), None) if part is not None else None
        )
        if found is None:
            self.context.remark(Kind.DROPPED, f"a reference to the {kind} {key}, which the file does not have")
            return []
        context = self.context
        kept = context.relationships, context.place, context.number, context.fields, context.boxes
        context.relationships = self.package.relationships(next(self.package.related(f"{kind}s")))
        context.fields, context.boxes = [], []
        blocks = self.structure.part(self.body.read(found))
        context.relationships, context.place, context.number, context.fields, context.boxes = kept
        return blocks

    def remarks(self) -> Iterator[Remark]:
        """Yield the lines of the report about the document."""
        for kind in _ASIDE:
            texts = (self.package.tree(part) for part in self.package.related(kind))
            for text in dict.fromkeys(_text(one) for one in texts if one is not None):
                if text:
                    yield Remark(Kind.DROPPED, "", f"the {kind}: “{text}”")
        contents = [" ".join(text.split()) for text in self.body.contents if text.strip()]
        if contents:
            lines = f"{len(contents)} line{'s' if len(contents) > 1 else ''}"
            message = f"the table of contents ({lines}); the site makes its own"
            yield Remark(Kind.DROPPED, "", message, "\n".join(contents))
        if "capitals" in self.context.formats:
            yield Remark(Kind.CHANGED, "", "words that Word only shows in capitals are written as they were typed")
        if "page breaks" in self.context.formats:
            yield Remark(Kind.DROPPED, "", "page breaks; a page on the web has none")
        for form in sorted(self.body.numbering.unknown):
            yield Remark(Kind.GUESSED, "", f"numbers of the form {form} are written as 1, 2, 3")
        yield from self.context.remarks
        yield from self.structure.remarks
        yield from self._stale()

    def _stale(self) -> Iterator[Remark]:
        """Yield a remark for each reference whose stored number is not that of the paragraph it leads to."""
        for one in self.context.references:
            at = self.context.bookmarks.get(one.bookmark)
            label = self.body.numbered.get(at) if at is not None else None
            if at is None:
                message = f"the reference “{one.shown}” leads to a bookmark that does not exist"
            elif label is None:
                message = f"the reference “{one.shown}” leads to a paragraph without a number"
            elif not same_number(one.shown, label.full, label.text):
                message = f"the reference shows “{one.shown}”, but leads to {label.full}; check which is meant"
            else:
                continue
            yield Remark(Kind.GUESSED, one.place, message)


def _text(one: etree._Element) -> str:
    return " ".join("".join(part.text or " " for part in one.iter(f"{W}t", f"{W}tab", f"{W}p")).split())
