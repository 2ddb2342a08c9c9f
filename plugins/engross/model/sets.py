"""Documents, the sets they form, and editions: a set as it was read at one moment."""

from __future__ import annotations

from enum import StrEnum

from engross.common import value_class
from engross.model.text import Clause, Source


class DocumentKind(StrEnum):
    """What a document is to its set."""

    AGREEMENT = "agreement"
    URL_TERMS = "url-terms"
    POLICY = "policy"
    CATALOGUE = "catalogue"
    NOTICE_ONLY = "notice-only"


@value_class(frozen=True, slots=True)
class DocumentEntry:
    """What `documents.yml` says of one document. `line` is where it says it.

    `file` is relative to the docs folder ("" for a notice-only document that is published elsewhere); `published` is
    the address on the site, relative and ending in "/" ("agreement/"), or an absolute URL for a document published
    elsewhere; `changes` is the docs page on which its changes are posted. `grounds` are the ids of those on which alone
    it changes; `policy` says how its changes are posted; a material change is announced `notice_days` ahead, and a note
    must name the hash of the text it is about where `text_required`.
    """

    id: str
    title: str
    kind: DocumentKind
    file: str = ""
    published: str = ""
    changes: str = ""
    numbering: bool = False
    description: str = ""
    line: int = 0
    grounds: tuple[str, ...] = ()
    policy: str = ""
    notice_days: int = 0
    text_required: bool = False


@value_class(frozen=True, slots=True)
class Ground:
    """A ground on which some documents alone may change. `cites` says what a note must cite for it ("law", "clause", or
    nothing); `conditions` are what must all be met, each an id and what it says: a note has a sentence for each.
    """

    id: str
    title: str
    cites: str = ""
    conditions: tuple[tuple[str, str], ...] = ()


@value_class(frozen=True, slots=True)
class SetEntry:
    """What `documents.yml` says of one set: an agreement, what it incorporates, and what prevails over what.

    `precedence` runs from high to low; each rank holds the ids of documents of equal rank.
    """

    id: str
    title: str
    agreement: str
    incorporates: tuple[str, ...] = ()
    precedence: tuple[tuple[str, ...], ...] = ()
    line: int = 0

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of all documents of the set, the agreement first."""
        return (self.agreement, *self.incorporates)


@value_class(frozen=True, slots=True)
class Document:
    """A document as read: its entry, its source (None where it is published elsewhere) and its tree of clauses.

    `verbatim` tells that it is shown as it was written: its tree is one block with the whole source.
    """

    entry: DocumentEntry
    source: Source | None
    root: Clause
    verbatim: bool = False

    @property
    def id(self) -> str:
        """The id that never changes and is never reused."""
        return self.entry.id


@value_class(frozen=True, slots=True)
class Edition:
    """A set as it was read at one moment: `as_of` is "draft", or the instant whose text it is.

    `documents` holds those of the set, the agreement first, then the others in the order of `SetEntry.incorporates`.
    """

    set: SetEntry
    documents: tuple[Document, ...]
    as_of: str = "draft"

    def document(self, id: str) -> Document:
        """The document with that id; KeyError where the set has none."""
        for document in self.documents:
            if document.id == id:
                return document
        raise KeyError(id)
