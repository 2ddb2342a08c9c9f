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
from engross.model.registers import BUILT_IN, PRICES, SUBPROCESSORS, Column, ColumnType, RegisterSchema, is_tombstone
from engross.model.requirements import (
    NO_REQUIREMENTS,
    SUGGESTED,
    ChecklistMap,
    DmcaAgent,
    MappedItem,
    Requirements,
    Verbatim,
    clause_called,
    kept_hash,
    kept_lines,
    kept_text,
    verbatim_lines,
)
from engross.model.sets import Document, DocumentEntry, DocumentKind, Edition, Ground, SetEntry, StoredDocument
from engross.model.terms import Binding, Definition, Given, Place, Reference, ReferenceKind, Scope, Use
from engross.model.text import NO_TEXT, READER, Clause, ClauseKind, Inline, ListKind, Mark, MarkKind, Source
from engross.model.trees import Alias, Tree, TreeClause

__all__ = [
    "BUILT_IN",
    "MAKING",
    "NOT_FIXED",
    "NO_REQUIREMENTS",
    "NO_TEXT",
    "PRICES",
    "READER",
    "SUBPROCESSORS",
    "SUGGESTED",
    "Alias",
    "AwaitedNotice",
    "Binding",
    "Change",
    "ChangeClass",
    "ChecklistMap",
    "ClaimedDate",
    "Clause",
    "ClauseKind",
    "Column",
    "ColumnType",
    "DateKind",
    "Definition",
    "Delivered",
    "Diagnostic",
    "DmcaAgent",
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
    "MappedItem",
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
    "RegisterSchema",
    "Requirements",
    "Scope",
    "Sealed",
    "SetEntry",
    "Severity",
    "Source",
    "SourceKind",
    "StoredDocument",
    "Tree",
    "TreeClause",
    "Use",
    "Verbatim",
    "Version",
    "VersionId",
    "clause_called",
    "elapsed",
    "is_tombstone",
    "kept_hash",
    "kept_lines",
    "kept_text",
    "verbatim_lines",
]
