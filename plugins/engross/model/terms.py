"""The results of binding an edition: definitions, their uses, and references."""

from __future__ import annotations

from enum import StrEnum

from engross.common import value_class
from engross.model.sets import Edition


@value_class(frozen=True, slots=True)
class Place:
    """A span of text: the characters `start` to `end` of a clause's `inline.text` in one document.

    `clause` is the index of the clause that contains the text, in the order of `root.walk()`. `anchor` and `label`
    belong to the nearest clause that has an anchor. `line` and `column` are 1-based in the file `path`.
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
    """The part of the text that a definition applies to."""

    SET = "set"
    DOCUMENT = "document"
    SECTION = "section"
    CLAUSE = "clause"


class Given(StrEnum):
    """The form of a definition: in a list, inside a sentence, or by pointing at another definition."""

    LISTED = "listed"
    RUNNING = "running"
    POINTER = "pointer"


@value_class(frozen=True, slots=True)
class Definition:
    """A term that the text defines.

    `names` are all names of the term; `term` is the first. `place` is the position of the first name, `anchor` the
    address of the definition in its document. `scope_anchor` is the section or clause that a narrower scope is limited
    to. `body` is the text of the definition, for popovers. `target` is what a definition by pointer points at:
    (document id, anchor), or None.
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
    """A place in the text that refers to a definition; `text` is the text there (it may contain a line break)."""

    text: str
    place: Place
    definition: Definition


class ReferenceKind(StrEnum):
    """The means by which a reference identifies its target. ATTACHMENT: an exhibit, schedule … that does not exist."""

    HEADING = "heading"
    NUMBER = "number"
    DOCUMENT = "document"
    SELF = "self"
    ATTACHMENT = "attachment"
    EXTERNAL = "external"


@value_class(frozen=True, slots=True)
class Reference:
    """A cross-reference. `target` is (document id, anchor; "" for the whole document) or None. With None, an EXTERNAL
    reference points outside the set and any other is broken. `problem` describes what is wrong, or is empty; an
    EXTERNAL reference with a problem names no other document and may be a mistake. `sure` is false for a broken
    reference where the numbers of the document do not show that the one cited is missing.
    """

    text: str
    kind: ReferenceKind
    place: Place
    target: tuple[str, str] | None
    problem: str = ""
    sure: bool = True


@value_class(frozen=True, slots=True)
class Binding:
    """An edition with everything found in it, in the order of the documents and their text."""

    edition: Edition
    definitions: tuple[Definition, ...]
    uses: tuple[Use, ...]
    references: tuple[Reference, ...]
