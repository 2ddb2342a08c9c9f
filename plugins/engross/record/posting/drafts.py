"""Compare the texts in the docs with what was last posted: which documents changed, and how.

A document is compared with its latest version that is not withdrawn, including an announced one. Redlines and trees are
computed on demand, and once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from engross.common import EngrossError, value_class
from engross.corpus import Project, is_informational, register_of, rows_tree, verbatim_document
from engross.model import (
    READER,
    ChangeClass,
    Clause,
    Document,
    DocumentEntry,
    Entry,
    EntryKind,
    Ground,
    Picture,
    Sealed,
    Source,
    Tree,
    Version,
    VersionId,
)
from engross.record.encoding import sha256
from engross.record.history import Record
from engross.record.pictures import changed_pictures, docs_hashes
from engross.record.posting.relations import Difference, SetChange, document_differences, set_changes
from engross.record.sealed_files import sealed_source, sealed_tree
from engross.record.trees import Found, addressed, first_tree, next_tree, reread_tree, text_hash
from engross.redline import Redline, redline
from engross.text import parse

PLACE = {"title": "title", "file": "file", "published": "address"}
"""The fields of a document's entry for its place and its name: their changes are recorded."""


def read_tree_of(source: Source, entry: DocumentEntry) -> Clause:
    """Return the tree of a sealed text, parsed by its kind. Raises EngrossError if the present parser refuses it."""
    return rows_tree(entry, source) if entry.kind.has_rows else _tree(source, entry.numbering)


@lru_cache(maxsize=16)
def _tree(source: Source, numbering: bool) -> Clause:
    # While pages are served, sealed texts are compared with each edit.
    return parse(source, numbering=numbering)


def sealed_document(record: Record, version: Version, entry: DocumentEntry | None = None, reader: int = 0) -> Document:
    """Return a sealed version as a document, with the clauses and anchors that it was posted with.

    `entry` replaces the sealed one if the document moved since. `reader` is the generation of the parser to read it by,
    by default its own; two texts are compared in one generation. The document is verbatim if the parser refuses a text
    that an older one accepted. Raises EngrossError if the sealed text was altered.
    """
    source = sealed_source(record, version, reader)
    try:
        return Document(_with_sealed_columns(entry, version), source, read_tree_of(source, version.entry))
    except EngrossError:
        if source.reader != version.post.reader:
            return sealed_document(record, version, entry)
        return verbatim_document(entry or version.entry, source)


def _with_sealed_columns(entry: DocumentEntry | None, version: Version) -> DocumentEntry:
    """Return the entry of a sealed version: `entry`, with the columns of a register by which its text can be read."""
    sealed = version.entry
    if entry is None or entry.register == sealed.register:
        return entry or sealed
    columns = [[(one.id, one.type) for one in (of.register.columns if of.register else ())] for of in (entry, sealed)]
    return entry if columns[0] == columns[1] else replace(entry, register=sealed.register, kind=sealed.kind)


def comparable_document(record: Record, version: Version) -> Document:
    """Return a sealed version as the present parser reads it, to compare it with a draft; see `sealed_document`."""
    return sealed_document(record, version, reader=READER)


def clause_ids(record: Record, version: Version, reader: int) -> dict[str, str]:
    """The ids of a sealed version's clauses, by their anchors as a generation of the parser (`reader`) reads its text.

    Raises EngrossError if the sealed text or tree was altered.
    """
    tree = sealed_tree(record, version)
    sealed = {one.id for one in tree.clauses}
    if reader != version.post.reader:
        posted, read = (
            addressed(sealed_document(record, version, reader=one)) for one in (version.post.reader, reader)
        )
        tree = reread_tree(tree, posted, read, (version.number, version.number + 1))
    # A clause that only this generation finds has no id in the record.
    return {one.anchor: one.id for one in tree.clauses if one.id in sealed}


@value_class(frozen=True)
class Draft:
    """A text to be posted, from the docs or from a file beside a note, and `base`, the version to compare it with.

    `base` is None if there is none. `follows` is the draft of the base if both are posted together. A draft that
    `waits` has the last posted text and settings in place of those in the docs, and changes nothing.
    """

    document: Document
    base: Version | None
    record: Record = field(repr=False)
    docs: Path = field(repr=False)
    grounds: Mapping[str, Ground] = field(default_factory=dict, repr=False)
    follows: Following | None = field(default=None, repr=False)
    waits: bool = False

    @cached_property
    def text(self) -> str:
        """The text hash of the draft."""
        return text_hash(self.document.root)

    @property
    def entry(self) -> DocumentEntry:
        """The document's entry in documents.yml."""
        return self.document.entry

    @property
    def has_text(self) -> bool:
        """Whether its text is in the docs folder."""
        return self.document.source is not None

    @cached_property
    def bytes_changed(self) -> bool:
        """Whether any byte of the text differs, or it was never posted."""
        source = self.document.source
        return (
            not self.waits
            and source is not None
            and (self.base is None or sha256(source.data) != self.base.sealed.source)
        )

    @cached_property
    def changed(self) -> bool:
        """Whether a reader would see a difference, or it was never posted."""
        if self.waits or not self.has_text:
            return False
        if self.base is None or self.changed_pictures:
            return True
        return self.words_changed

    @cached_property
    def words_changed(self) -> bool:
        """Whether its words or structure differ from those of the base, which must exist."""
        assert self.base is not None
        if not self.bytes_changed and self.entry.numbering == self.base.entry.numbering:
            return False
        # An older parser may have made the hash: if the hashes differ, the present parser reads both.
        return self.text != self.base.sealed.text and self.text != text_hash(self.base_document.root)

    @cached_property
    def informational(self) -> bool:
        """Whether only informational columns of a register changed, which are posted without a note."""
        if self.waits or self.base is None or self.follows or not self.words_changed or _promises_of_all(self.entry):
            return False
        old, new = register_of(self.base_document), register_of(self.document)
        return old is not None and new is not None and is_informational(old, new)

    @property
    def posted_entry(self) -> Entry | None:
        """The ledger entry with the last posted settings of the document; None if there is none."""
        return self.record.last_settings_entry(self.document.id, self.base)

    @cached_property
    def changed_pictures(self) -> tuple[str, ...]:
        """The pictures, by path, that are not those sealed with the base."""
        return changed_pictures(self.docs, self.document, self.base) if self.base else ()

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """The changes of its name and place since it was last posted; empty if it never was."""
        posted = self.posted_entry.entry if self.posted_entry else None
        if self.waits or posted is None:
            return ()
        return tuple(name for name in PLACE if getattr(posted, name) != getattr(self.entry, name))

    @cached_property
    def promised(self) -> tuple[Difference, ...]:
        """The changes of its promised settings since it was last posted; empty if it never was."""
        return () if self.waits else document_differences(self.posted_entry, self.entry, self.grounds)

    @cached_property
    def base_document(self) -> Document:
        """The version that it is compared with, as the present parser reads it."""
        if self.follows:
            return self.follows.draft.document
        assert self.base is not None
        return comparable_document(self.record, self.base)

    @cached_property
    def script(self) -> Redline:
        """The redline from the base to the draft."""
        return redline(self.base_document, self.document)

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """The clauses with addresses."""
        return addressed(self.document)

    @cached_property
    def base_tree(self) -> Tree:
        """The tree of the base, as it is or will be sealed; an empty one if there is none."""
        if self.follows:
            return self.follows.tree
        return sealed_tree(self.record, self.base) if self.base else Tree()

    def tree(self, number: int, leads: Mapping[str, str] | None = None) -> Tree:
        """Return the tree that the draft has as version `number`; see `next_tree`."""
        # Ids are assigned once, also by versions that were withdrawn.
        versions = self.record.versions.get(self.document.id, ())
        following = sealed_tree(self.record, versions[-1]).next if versions else 1
        following = self.follows.tree.next if self.follows else following
        if self.base is None:
            return first_tree(self.found, number, following)
        before, old = replace(self.base_tree, next=following), addressed(self.base_document)
        if not self.follows and self.base.post.reader != READER:
            posted = addressed(sealed_document(self.record, self.base))
            before = reread_tree(before, posted, old, (self.base.number, number))
        # The ids of rows are permanent; those of models may change, and the redline finds the model.
        script = None if self.entry.register else self.script
        return next_tree(before, old, self.found, script, (self.base.number, number), leads)


def _promises_of_all(entry: DocumentEntry) -> bool:
    """Whether something is promised of every change of a document, so that each needs a note."""
    announced = any(entry.promise.rules(ChangeClass.EDITORIAL, (), material=False))
    return announced or bool(entry.grounds) or entry.text_required


@value_class(frozen=True)
class Following:
    """The draft that another one follows in the same release, with the number and the effective instant of the version
    it becomes. `leads` as in `next_tree`.
    """

    draft: Draft
    number: int
    posted: datetime
    effective: datetime
    leads: Mapping[str, str]

    @cached_property
    def tree(self) -> Tree:
        """The tree that the version will have."""
        return self.draft.tree(self.number, self.leads)

    @property
    def version(self) -> Version:
        """The version that it becomes, as far as it is known before sealing."""
        name, source, known = self.draft.document.id, self.draft.document.source, self.draft.grounds
        assert source is not None
        shown = docs_hashes(self.draft.docs, self.draft.document).hashes
        pictures = tuple(Picture(path, sha) for path, sha in sorted(shown.items()))
        sealed = Sealed(sha256(source.data), self.draft.text, "", pictures=pictures)
        entry = Entry(
            seq=len(self.draft.record.entries) + 1,
            kind=EntryKind.POST,
            posted=self.posted,
            document=name,
            previous="",
            hash="",
            version=self.number,
            effective=self.effective,
            sealed=sealed,
            entry=self.draft.entry,
            grounds=tuple(known[one] for one in self.draft.entry.grounds if one in known),
        )
        return Version(VersionId(name, self.number), entry, sealed)


@value_class(frozen=True)
class Drafts:
    """All drafts by id, in the order of documents.yml, and `gone`: published ids that are no longer listed.

    `sets` are the sets in documents.yml that differ from what was posted, by id.
    """

    documents: Mapping[str, Draft]
    gone: tuple[str, ...] = ()
    sets: Mapping[str, SetChange] = field(default_factory=dict)


def read_drafts(
    project: Project,
    record: Record,
    withdrawn: frozenset[VersionId] = frozenset(),
    waiting: Collection[str] = (),
) -> Drafts:
    """Compare a project with the versions of a record, without the `withdrawn` ones. `waiting` are the documents that
    the project has as they were last posted.
    """
    grounds = {ground.id: ground for ground in project.settings.grounds}
    drafts = {
        name: Draft(document, record.latest(name, withdrawn), record, project.docs, grounds, waits=name in waiting)
        for name, document in project.documents.items()
    }
    gone = tuple(name for name in record.documents if name not in drafts and record.retired(name) is None)
    return Drafts(drafts, gone, {change.id: change for change in set_changes(project.settings, record)})
