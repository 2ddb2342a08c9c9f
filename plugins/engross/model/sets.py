"""Documents, the sets they form, and editions: a set as it was read at one moment."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from posixpath import splitext

from engross.common import lazy_value, value_class
from engross.model.notice import NoticePromise, elapsed
from engross.model.registers import RegisterSchema
from engross.model.requirements import NO_REQUIREMENTS, Requirements
from engross.model.text import Clause, Source


class DocumentKind(StrEnum):
    """The role of a document in its set."""

    AGREEMENT = "agreement"
    URL_TERMS = "url-terms"
    POLICY = "policy"
    DMCA = "dmca"
    CATALOGUE = "catalogue"
    REGISTER = "register"
    NOTICE_ONLY = "notice-only"

    @property
    def has_rows(self) -> bool:
        """Whether the source is YAML with rows: a model list (CATALOGUE) or another register."""
        return self in (DocumentKind.CATALOGUE, DocumentKind.REGISTER)


@value_class(frozen=True, slots=True)
class DocumentEntry:
    """One document's entry in `documents.yml`; `line` is where the entry begins.

    `file` is relative to the docs folder ("" for a notice-only document that is published elsewhere). `published` is
    the address on the site, relative and ending in "/" ("agreement/"), or an absolute URL for a document published
    elsewhere. `changes` is the docs page for its posted changes. `grounds` are the ids of the only grounds on which it
    may change. `policy` describes how its changes are posted. Material changes are announced `notice_days` ahead, or as
    `notice` says (a document has one of the two). If `text_required`, a change note must contain the hash of the text
    that it is about. `language` is a BCP 47 tag, empty if the entry names none. `translation_of` is the id of the
    document that this one is in another language.
    `requires` is what the text must meet beyond the rules for all documents. `register` are the columns of a register,
    None for any other kind. `governing` is the language that governs, and the label or anchor of the clause that says
    so. `delivery` is "active" if its notice counts from delivery unless a rule says otherwise.
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
    language: str = ""
    translation_of: str = ""
    governing: tuple[str, str] | None = None
    notice: NoticePromise | None = None
    requires: Requirements = NO_REQUIREMENTS
    register: RegisterSchema | None = None
    delivery: str = ""

    @property
    def promise(self) -> NoticePromise:
        """The promised notice of its changes."""
        return self.notice or NoticePromise(elapsed(self.notice_days) if self.notice_days else None)

    @property
    def page(self) -> str:
        """The docs file that its page is made from, as links name it: MkDocs makes pages of Markdown only."""
        return f"{splitext(self.file)[0]}.md" if self.kind.has_rows else self.file


@value_class(frozen=True, slots=True)
class Ground:
    """A ground on which some documents may change. `cites` is what a change note must cite for it ("law", "clause" or
    nothing). `conditions` are (id, text) pairs that must all be met; a note has a sentence for each.
    """

    id: str
    title: str
    cites: str = ""
    conditions: tuple[tuple[str, str], ...] = ()


@value_class(frozen=True, slots=True)
class SetEntry:
    """One set's entry in `documents.yml`: an agreement, the documents it incorporates, and their precedence.

    `precedence` runs from high to low; each rank contains the ids of documents of equal rank. `consumer`: its customers
    are consumers.
    """

    id: str
    title: str
    agreement: str
    incorporates: tuple[str, ...] = ()
    precedence: tuple[tuple[str, ...], ...] = ()
    line: int = 0
    consumer: bool = False

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of all documents of the set, the agreement first."""
        return (self.agreement, *self.incorporates)


@value_class(frozen=True, slots=True)
class Document:
    """A document as read: its entry, its source (None if published elsewhere) and its tree of clauses.

    `verbatim` documents are shown as written: the tree is one block with the whole source.
    """

    entry: DocumentEntry
    source: Source | None
    root: Clause
    verbatim: bool = False

    @property
    def id(self) -> str:
        """The permanent id, which is never reused."""
        return self.entry.id

    @property
    def titles(self) -> list[str]:
        """The titles under which the document is published: that in the settings and that of its own first heading."""
        heading = next((clause.name for clause in self.root.children if clause.level == 1 and clause.name), "")
        return [title for title in dict.fromkeys((self.entry.title, heading)) if title]


class StoredDocument(Document):
    """A document whose tree is read from a cache when it is first needed."""

    _read: Callable[[], Clause]

    @staticmethod
    def of(entry: DocumentEntry, source: Source, read: Callable[[], Clause]) -> StoredDocument:
        """Return the document whose tree `read` returns."""
        made = StoredDocument.__new__(StoredDocument)
        for name, value in {"entry": entry, "source": source, "verbatim": False, "_read": read}.items():
            setattr(made, name, value)
        return made

    @lazy_value
    def root(self) -> Clause:
        """The tree."""
        return self._read()

    def __eq__(self, other: object) -> bool:
        """Whether two documents are equal; it does not matter whether their trees were read."""
        if not isinstance(other, Document):
            return NotImplemented
        own = (self.entry, self.source, self.verbatim, self.root)
        return own == (other.entry, other.source, other.verbatim, other.root)

    __hash__ = Document.__hash__


@value_class(frozen=True, slots=True)
class Edition:
    """A set as it was read at one moment: `as_of` is "draft" or the instant of the text.

    `documents` contains the agreement first, then the others in the order of `SetEntry.incorporates`.
    """

    set: SetEntry
    documents: tuple[Document, ...]
    as_of: str = "draft"
