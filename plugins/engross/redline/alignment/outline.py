"""Converts a tree of clauses to the nodes that are aligned: what a page shows, without navigation.

* Sections are flat: a heading is a block followed by the blocks of its section, so that changing its level moves
  nothing else.
* An item is a container; its own text is a PARAGRAPH, the first block inside it.
* Run-in items are part of the sentence that contains them.

Every node has two numbers for its content, equal for equal content on either side: `key` for the words alone, whatever
their typography, `full` for everything that shows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field
from typing import NamedTuple

from engross.common import lazy_value, value_class
from engross.language import dated_line
from engross.model import Clause, ClauseKind, Inline, ListKind, Mark
from engross.redline.folding import WORD, count_units, folded
from engross.redline.script import Face, Op, Run
from engross.redline.styled_text import Pieces, pieces, plain
from engross.terms import DefinedNames

_BULLETS = ("-", "+", "*")
_WITH_TEXT = (ClauseKind.PARAGRAPH, ClauseKind.SECTION, ClauseKind.CELL, ClauseKind.CODE)
# Each word is encoded as one character, so that sequences of words can be compared as strings; no surrogates.
_FIRST_CODE, _LAST_CODE = 0x20, 0xD7FF
_MOST_CONTENTS, _MOST_WORDS = 100_000, 20_000


class _Shown(NamedTuple):
    """The pieces of a text, their plain text, the same without typography, the number of the pieces, how many words
    they have, and their runs where nothing changes.
    """

    pieces: Pieces
    text: str
    folded: str
    number: int
    size: int
    unchanged: tuple[Run, ...]


_NOTHING = _Shown((), "", "", -1, 0, ())


@value_class(eq=False)
class Node:
    """A block of one side. `size` counts its words with those within; `anchor` names it whatever its words are;
    `clause` is the clause that has its text, `unchanged` are the runs of its text where nothing changes.
    """

    face: Face
    pieces: Pieces
    children: tuple[Node, ...]
    anchor: str
    text: str
    key: int
    full: int
    size: int
    clause: Clause
    unchanged: tuple[Run, ...]
    _lexicon: Lexicon = field(repr=False)

    @property
    def kind(self) -> ClauseKind:
        """The kind of clause."""
        return self.face.kind

    @lazy_value
    def words(self) -> str:
        """Its words, including blocks inside, one character each; an enumerator counts as a word, as in a sentence."""
        own = f"{self.face.marker} {self.text}" if self.face.list_kind is ListKind.ENUMERATED else self.text
        return self._lexicon.encode(own) + "".join(child.words for child in self.children)

    @lazy_value
    def lead_words(self) -> str:
        """The words of an item's own text, or of the own texts of a list's items, without what else is in the items."""
        if self.kind is ClauseKind.LIST:
            return "".join(child.lead_words for child in self.children)
        return self.children[0].words if self.children and self.children[0].text else ""

    def walk(self) -> Iterator[Node]:
        """Yield this node and all nodes below it in text order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


@value_class
class Lexicon:
    """Shared by both sides: numbers for equal contents, characters for equal words."""

    _numbers: dict[Hashable, int] = field(default_factory=dict)
    _letters: dict[str, str] = field(default_factory=dict)
    _shown: dict[tuple[str, tuple[Mark, ...], bool], _Shown] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        """Whether so much is known that a new lexicon takes less time and memory."""
        return len(self._numbers) > _MOST_CONTENTS or len(self._letters) > _MOST_WORDS

    def shown(self, inline: Inline, *, verbatim: bool = False) -> _Shown:
        """Return what a text shows; cached, because most texts are the same on both sides."""
        known = inline.text, inline.marks, verbatim
        found = self._shown.get(known)
        if found is None:
            made = pieces(inline, verbatim=verbatim)
            text = plain(made)
            plain_text = text if verbatim else folded(text)
            same = tuple(Run(Op.EQUAL, piece.text, piece.styles) for piece in made)
            found = self._shown[known] = _Shown(made, text, plain_text, self.number(made), count_units(text), same)
        return found

    def number(self, content: Hashable) -> int:
        """Return the number of some content."""
        return self._numbers.setdefault(content, len(self._numbers))

    def encode(self, text: str) -> str:
        """Return the words of a text, ignoring case, one character each."""
        letters = self._letters
        out = []
        for word in WORD.findall(text.lower()):
            letter = letters.get(word)
            if letter is None:
                # Beyond 55,000 different words characters repeat; they only serve to estimate similarity.
                letter = letters[word] = chr(_FIRST_CODE + len(letters) % (_LAST_CODE - _FIRST_CODE))
            out.append(letter)
        return "".join(out)


@value_class(eq=False)
class Layout:
    """A text as it is laid out: its blocks with flat sections, and the names that its clauses define."""

    root: Clause
    nodes: tuple[Node, ...]

    @lazy_value
    def names(self) -> DefinedNames:
        """The names that its clauses define."""
        return DefinedNames(self.root)


@value_class
class Outline:
    """Reads the trees of both sides with one lexicon; or those of many texts that have most clauses in common."""

    lexicon: Lexicon = field(default_factory=Lexicon)
    _last: Layout | None = None

    def nodes(self, root: Clause) -> tuple[Node, ...]:
        """Return the blocks of a document with flat sections."""
        return tuple(self._blocks(root.children, ""))

    def layouts(self, old: Clause, new: Clause) -> tuple[Layout, Layout]:
        """Return the layouts of both sides. The new side of one redline is often the old side of the next."""
        last = self._last
        before = last if last is not None and last.root is old else Layout(old, self.nodes(old))
        self._last = after = Layout(new, self.nodes(new))
        return before, after

    def _blocks(self, clauses: tuple[Clause, ...], within: str) -> Iterator[Node]:
        for clause in clauses:
            match clause.kind:
                case ClauseKind.RUN_IN:
                    continue
                case ClauseKind.SECTION:
                    yield self._node(clause, (), anchor=clause.anchor)
                    yield from self._blocks(clause.children, clause.anchor)
                case ClauseKind.ITEM:
                    yield self._item(clause, within)
                case _:
                    children = tuple(self._blocks(clause.children, within))
                    node = self._node(clause, children, anchor=_anchor(clause, within) or _date(clause))
                    # A paragraph with only HTML tags, which were read through, shows nothing.
                    if clause.kind is not ClauseKind.PARAGRAPH or node.pieces:
                        yield node

    def _item(self, clause: Clause, within: str) -> Node:
        children = list(self._blocks(clause.children, within))
        shown = self.lexicon.shown(clause.inline)
        if shown.pieces:
            face = Face(ClauseKind.PARAGRAPH, clause.lines, clause.anchor, clause.label)
            children.insert(0, self._make(clause, face, shown, (), ""))
        return self._make(clause, _face(clause), _NOTHING, tuple(children), _anchor(clause, within))

    def _node(self, clause: Clause, children: tuple[Node, ...], anchor: str) -> Node:
        verbatim = clause.kind is ClauseKind.CODE
        shown = self.lexicon.shown(clause.inline, verbatim=verbatim) if clause.kind in _WITH_TEXT else _NOTHING
        return self._make(clause, _face(clause), shown, children, anchor)

    def _make(self, clause: Clause, face: Face, shown: _Shown, children: tuple[Node, ...], anchor: str) -> Node:
        number = self.lexicon.number
        key = number((face.kind, shown.folded, *[child.key for child in children]))
        setting = (face.level, face.marker, face.list_kind, face.align, face.language)
        full = number((key, setting, shown.number, *[child.full for child in children]))
        size = shown.size + sum([child.size for child in children])
        return Node(
            face, shown.pieces, children, anchor, shown.text, key, full, size, clause, shown.unchanged, self.lexicon
        )


def _face(clause: Clause) -> Face:
    return Face(
        clause.kind,
        clause.lines,
        clause.anchor,
        clause.label,
        clause.level,
        _marker(clause),
        clause.list_kind if clause.kind in (ClauseKind.LIST, ClauseKind.ITEM) else None,
        clause.align,
        clause.language,
    )


def _marker(clause: Clause) -> str:
    """Return the text shown before a block without being part of it; browsers choose the sign of a bullet."""
    if clause.kind is ClauseKind.ITEM:
        return "" if clause.marker in _BULLETS else clause.marker
    if clause.kind is ClauseKind.SECTION and clause.generated:
        return clause.number
    if clause.kind is ClauseKind.PARAGRAPH and clause.name and not clause.anchor:
        # A fact of a list of models; its name is not part of its text.
        return f"{clause.name}:"
    return ""


def _date(clause: Clause) -> str:
    """Return a name for a line that gives a date, such as "Last updated: …", so that it matches whatever the date."""
    line = dated_line(clause.inline.text) if clause.kind is ClauseKind.PARAGRAPH else ""
    return f"date/{line}" if line else ""


def _anchor(clause: Clause, within: str) -> str:
    """Return the anchor of a clause with a name of its own; empty if the anchor only encodes its position."""
    if clause.kind is ClauseKind.PARAGRAPH and clause.name and not clause.anchor:
        return f"{within}/{clause.name}"
    if clause.list_kind is ListKind.FOOTNOTES and clause.kind is ClauseKind.ITEM:
        return clause.anchor
    enumerated = clause.list_kind in (ListKind.ORDERED, ListKind.ENUMERATED)
    return clause.anchor if clause.name and not enumerated else ""
