from .clause_labels import LABEL_WORDS as LABEL_WORDS, shown_label as shown_label
from .diagnostics import (
    Diagnostic as Diagnostic,
    Severity as Severity,
)
from .notice import (
    AwaitedNotice as AwaitedNotice,
    NoticePromise as NoticePromise,
    NoticeRule as NoticeRule,
    NoticeUnit as NoticeUnit,
    elapsed as elapsed,
)
from .record import (
    MAKING as MAKING,
    NOT_FIXED as NOT_FIXED,
    Change as Change,
    ChangeClass as ChangeClass,
    ClaimedDate as ClaimedDate,
    DateKind as DateKind,
    Delivered as Delivered,
    Entry as Entry,
    EntryKind as EntryKind,
    GroundGiven as GroundGiven,
    ImportSource as ImportSource,
    NoteRef as NoteRef,
    Picture as Picture,
    Sealed as Sealed,
    SourceKind as SourceKind,
    Version as Version,
    VersionId as VersionId,
)
from .registers import (
    BUILT_IN as BUILT_IN,
    PRICES as PRICES,
    SUBPROCESSORS as SUBPROCESSORS,
    Column as Column,
    ColumnType as ColumnType,
    RegisterSchema as RegisterSchema,
    is_tombstone as is_tombstone,
)
from .requirements import (
    NO_REQUIREMENTS as NO_REQUIREMENTS,
    SUGGESTED as SUGGESTED,
    ChecklistMap as ChecklistMap,
    DmcaAgent as DmcaAgent,
    MappedItem as MappedItem,
    Requirements as Requirements,
    Verbatim as Verbatim,
    clause_called as clause_called,
    kept_hash as kept_hash,
    kept_lines as kept_lines,
    kept_text as kept_text,
    verbatim_lines as verbatim_lines,
)
from .sets import (
    Document as Document,
    DocumentEntry as DocumentEntry,
    DocumentKind as DocumentKind,
    Edition as Edition,
    Ground as Ground,
    SetEntry as SetEntry,
    StoredDocument as StoredDocument,
)
from .terms import (
    Binding as Binding,
    Definition as Definition,
    Given as Given,
    Place as Place,
    Places as Places,
    Reference as Reference,
    ReferenceKind as ReferenceKind,
    Scope as Scope,
    StoredBinding as StoredBinding,
    Use as Use,
    UsesInClauses as UsesInClauses,
)
from .text import (
    NO_TEXT as NO_TEXT,
    READER as READER,
    Clause as Clause,
    ClauseKind as ClauseKind,
    Inline as Inline,
    ListKind as ListKind,
    Mark as Mark,
    MarkKind as MarkKind,
    Source as Source,
)
from .trees import (
    Alias as Alias,
    Tree as Tree,
    TreeClause as TreeClause,
)
