"""The data types of Engross, which all other packages pass to one another.

`text/` parses a source into a tree of clauses, `corpus/` reads documents and sets from `documents.yml`, and later
stages work only on an `Edition`: a set as it was read at one moment. All values are frozen: a stage creates new values
and never changes those it received.

Lines and columns are 1-based, and columns count characters. Offsets are 0-based and count characters of the
normalised source (`Source.text`: no byte-order mark, line ends as `\\n`).
"""

from engross.model.diagnostics import Diagnostic, Severity
from engross.model.notice import AwaitedNotice, NoticePromise, NoticeRule, NoticeUnit, elapsed
from engross.model.record import (
    MAKING,
    NOT_FIXED,
    Change,
    ChangeClass,
    ClaimedDate,
    DateKind,
    Delivered,
    Entry,
    EntryKind,
    GroundGiven,
    ImportSource,
    NoteRef,
    Picture,
    Sealed,
    SourceKind,
    Version,
    VersionId,
)
from engross.model.sets import Document, DocumentEntry, DocumentKind, Edition, Ground, SetEntry
from engross.model.terms import Binding, Definition, Given, Place, Reference, ReferenceKind, Scope, Use
from engross.model.text import NO_TEXT, READER, Clause, ClauseKind, Inline, ListKind, Mark, MarkKind, Source
from engross.model.trees import Alias, Tree, TreeClause

__all__ = [
    "MAKING",
    "NOT_FIXED",
    "NO_TEXT",
    "READER",
    "Alias",
    "AwaitedNotice",
    "Binding",
    "Change",
    "ChangeClass",
    "ClaimedDate",
    "Clause",
    "ClauseKind",
    "DateKind",
    "Definition",
    "Delivered",
    "Diagnostic",
    "Document",
    "DocumentEntry",
    "DocumentKind",
    "Edition",
    "Entry",
    "EntryKind",
    "Given",
    "Ground",
    "GroundGiven",
    "ImportSource",
    "Inline",
    "ListKind",
    "Mark",
    "MarkKind",
    "NoteRef",
    "NoticePromise",
    "NoticeRule",
    "NoticeUnit",
    "Picture",
    "Place",
    "Reference",
    "ReferenceKind",
    "Scope",
    "Sealed",
    "SetEntry",
    "Severity",
    "Source",
    "SourceKind",
    "Tree",
    "TreeClause",
    "Use",
    "Version",
    "VersionId",
    "elapsed",
]
