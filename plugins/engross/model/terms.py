"""Definitions, their uses, and references: what binding finds in an edition."""

from __future__ import annotations

from enum import StrEnum

from engross.common import value_class
from engross.model.sets import Edition


@value_class(frozen=True, slots=True)
class Place:
    """A stretch of text: the characters `start` to `end` of a clause's `inline.text`, in one document.

    `anchor` and `label` are those of the nearest clause that can be addressed; `clause` is the index of the clause
    that holds the text, counted in the order of `root.walk()`. `line` and `column` are 1-based, in the file `path`.
    """

    document: str
    path: str
    clause: int
    start: int
    end: int
    anchor: str
    label: str
    line: int
    column: int


class Scope(StrEnum):
    """How far a definition reaches."""

    SET = "set"
    DOCUMENT = "document"
    SECTION = "section"
    CLAUSE = "clause"


class Given(StrEnum):
    """How a definition is given."""

    LISTED = "listed"
    RUNNING = "running"
    POINTER = "pointer"


@value_class(frozen=True, slots=True)
class Definition:
    """A term that the text defines.

    `names` are all the names it goes by, `term` being the first. `place` is where the (first) name stands; `anchor` is
    the address of the definition in its document. `scope_anchor` is the section or clause that a narrower scope is
    limited to. `body` is the text of the definition, for showing in place. `target` is what a definition by pointer
    points at: (document id, anchor), or None.
    """

    term: str
    names: tuple[str, ...]
    place: Place
    anchor: str
    scope: Scope
    given: Given
    body: str = ""
    scope_anchor: str = ""
    target: tuple[str, str] | None = None


@value_class(frozen=True, slots=True)
class Use:
    """A place in the text that means a definition; `text` is what stands there (perhaps over a line break)."""

    text: str
    place: Place
    definition: Definition


class ReferenceKind(StrEnum):
    """What a reference points with."""

    HEADING = "heading"
    NUMBER = "number"
    DOCUMENT = "document"
    SELF = "self"
    EXTERNAL = "external"


@value_class(frozen=True, slots=True)
class Reference:
    """A cross-reference. `target` is (document id, anchor; "" for the document itself), or None: where the kind is
    EXTERNAL it leads out of the set, otherwise it is broken. `problem` says what is wrong with it, else is empty.
    """

    text: str
    kind: ReferenceKind
    place: Place
    target: tuple[str, str] | None
    problem: str = ""


@value_class(frozen=True, slots=True)
class Binding:
    """An edition with all that was found in it, each in the order of the documents and their text."""

    edition: Edition
    definitions: tuple[Definition, ...]
    uses: tuple[Use, ...]
    references: tuple[Reference, ...]
