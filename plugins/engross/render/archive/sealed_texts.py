"""A cache of sealed texts while pages are made of them.

Pages are made in the order in which versions take effect. So a text is needed for its own page, for the pages of
versions in force at the same time and for the redline to its successor, and then no more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime

from engross.common import value_class
from engross.model import Binding, Document, DocumentEntry, Edition, SetEntry, Version
from engross.record import Record, sealed_document
from engross.redline import Outline
from engross.render.pages.publishable import check_reading
from engross.terms import DEFAULT_OPTIONS, Readings, TermOptions, bind

_KEPT = 48
"""The minimum number of cached texts; with more documents, two of each."""


@value_class(frozen=True, slots=True)
class VersionInForce:
    """A version that was in force at an instant, with the documents.yml entry of its document then."""

    version: Version
    entry: DocumentEntry


@value_class
class SealedTexts:
    """The sealed texts of a record, cached."""

    record: Record
    options: TermOptions = DEFAULT_OPTIONS
    _texts: OrderedDict[tuple[str, DocumentEntry, int], Document | None] = field(default_factory=OrderedDict)
    _readings: Readings = field(default_factory=Readings)
    _outlines: dict[str, Outline] = field(default_factory=dict)

    def document(self, version: Version, entry: DocumentEntry | None = None, reader: int = 0) -> Document | None:
        """A version as a document; None if today's parser refuses a text that an older one accepted.

        `reader` is the generation of the parser to read it by (see `sealed_document`).
        """
        key = (f"{version.id} {version.sealed.source}", entry or version.entry, reader or version.post.reader)
        if key not in self._texts:
            self._texts[key] = self._read(version, entry, reader)
            self._make_room()
        self._texts.move_to_end(key)
        return self._texts[key]

    def _read(self, version: Version, entry: DocumentEntry | None, reader: int) -> Document | None:
        document = sealed_document(self.record, version, entry, reader)
        if verbatim := dict(self.options.verbatim).get(document.id):
            requires = replace(document.entry.requires, verbatim=verbatim)
            document = replace(document, entry=replace(document.entry, requires=requires))
        return None if document.verbatim or check_reading(document) else document

    def _make_room(self) -> None:
        while len(self._texts) > max(_KEPT, 2 * len(self.record.versions)):
            _, document = self._texts.popitem(last=False)
            if document:
                self._readings.forget(document)

    def outline(self, document: str) -> Outline:
        """What knows the clauses of a document's redlines so far."""
        known = self._outlines.get(document)
        if known is None or known.lexicon.is_large:
            known = self._outlines[document] = Outline()
        return known

    def binding(
        self, version: VersionInForce, documents_in_force: Iterable[VersionInForce], found: SetEntry | None
    ) -> Binding | None:
        """Bind a version together with the documents that were in force with it."""
        own = self.document(version.version, version.entry)
        if own is None:
            return None
        alone = SetEntry(own.id, own.entry.title, own.id)
        documents = [document for one in documents_in_force if (document := self.document(one.version, one.entry))]
        if found is None or not documents or documents[0].id != found.agreement:
            # Without its agreement there is no set: only the document's own definitions apply.
            found, documents = alone, [own]
        return bind(Edition(found, tuple(documents)), self.options, only=own.id, readings=self._readings)


def own_set(record: Record, version: Version) -> SetEntry | None:
    """The set in which a version is read: the first that its document belonged to."""
    return next(iter(own_sets(record, version)), None)


def own_sets(record: Record, version: Version) -> tuple[SetEntry, ...]:
    """The sets that a version's document belonged to: in format 1 as sealed with it, else as in force when it took
    effect.
    """
    if version.post.format == 1:
        return version.post.sets
    found = (record.set_at(name, version.effective) for name in record.sets)
    return tuple(one for one in found if one and version.id.document in one.documents)


def in_force_with(record: Record, version: Version) -> Iterator[VersionInForce]:
    """The documents of a version's set when it took effect, including itself, in the order of the set."""
    at = version.effective
    found = own_set(record, version)
    for name in found.documents if found else (version.id.document,):
        current = version if name == version.id.document else record.in_force(name, at)
        if current is not None:
            yield VersionInForce(current, record.entry_of(current, at))


def files_in_force(record: Record, at: datetime) -> dict[str, VersionInForce]:
    """The versions in force at an instant, by the path of their file in the docs folder."""
    found = {}
    for name in record.versions:
        version = record.in_force(name, at)
        if version is not None:
            entry = record.entry_of(version, at)
            found[entry.file] = VersionInForce(version, entry)
    return found
