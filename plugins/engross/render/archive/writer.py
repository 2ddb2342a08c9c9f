"""Publishes all pages of a record's versions: which pages there are, their cache keys, and the order of making them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from importlib.metadata import version as installed
from itertools import starmap
from pathlib import Path

from engross.common import Cache, key_of, tracked, value_class, without_collection, zone_rules
from engross.model import Version, VersionId
from engross.record import (
    Record,
    addresses,
    canonical,
    format_instant,
    hash_of,
    redline_file,
    version_file,
    versions_data,
    versions_page,
)
from engross.render.archive.clause_history import Wording, read_wording, wording, wording_bytes
from engross.render.archive.clause_pages import clauses_pages
from engross.render.archive.comparison import comparison_files
from engross.render.archive.frame import Site, file_of
from engross.render.archive.lists import list_pages, redline_files, redlines_to, states
from engross.render.archive.packing import Packing, packed_file, redirect_lines, write_redirects
from engross.render.archive.page_cache import Made, Store
from engross.render.archive.parallel import by_processes
from engross.render.archive.program_files import compact_json, hashes_json, versions_json
from engross.render.archive.sealed_texts import SealedTexts, files_in_force, in_force_with, own_sets
from engross.render.archive.version_html import NOWHERE
from engross.render.archive.version_languages import with_version
from engross.render.archive.versions import version_pages
from engross.render.pages.print import Ending, endings
from engross.terms import DEFAULT_OPTIONS, TermOptions

MADE_WITH = ("markdown-it-py", "jinja2", "pydantic", "ruamel.yaml", "rapidfuzz")
"""The required packages whose version can change a page."""


Piece = tuple[str, Callable[[], Made]]
"""The cache key of pages and files that are made together, and the function that makes them."""


Elsewhere = Callable[["Archive", Store], None]
"""Adds to the store what other processes made."""


@value_class(frozen=True, slots=True)
class Offer:
    """One more file of each version, with the ending `ending`. `identity` is what can change its bytes besides the
    version and Engross itself; `make` is called only for a version whose file is not cached. `make_redline` makes that
    of a redline, None if the versions cannot be compared.
    """

    ending: str
    identity: str
    make: Callable[[SealedTexts, Version], bytes]
    make_redline: Callable[[SealedTexts, Version, Version], bytes | None] | None = None


@value_class(frozen=True, slots=True)
class SetOffer:
    """A file with all documents of a set in force, at an address. `versions` are theirs; for the rest see `Offer`."""

    address: str
    identity: str
    versions: tuple[Version, ...]
    make: Callable[[SealedTexts], bytes]


@value_class(frozen=True)
class Archive:
    """A record, cut to what was posted by `at`, and the site of its pages. `style` is the style sheet of self-contained
    copies; `templates` is the hash of the templates (`templates_hash`); `offers` are the files of versions in other
    formats, `sets` those of sets in force. `packs`: downloads of older versions are packed by year (see `packing`).
    """

    record: Record
    at: datetime
    site: Site
    style: str
    templates: str
    options: TermOptions = DEFAULT_OPTIONS
    offers: tuple[Offer, ...] = ()
    sets: tuple[SetOffer, ...] = ()
    packs: bool = False

    @without_collection()
    def publish(
        self, folder: Path, cache: Cache, before: Path | None = None, elsewhere: Elsewhere | None = None
    ) -> tuple[str, ...]:
        """Write all pages into a site's folder; what was made before is taken from the `cache`.

        Where the site of `before` has exactly those pages, only the list of hashes is written: the folders that have
        the pages are given. Raises EngrossError where a page would not say what was sealed. `elsewhere` gives pages of
        versions that are made elsewhere, by default in processes (`by_processes`); the others are made here.
        """
        store = Store(cache, self.answer)
        store.open()
        whole = self._whole_key()
        folders = tuple(versions_page(document).rstrip("/") for document in self.record.versions)
        if before and store.is_current(whole, before, folders):
            self._write_hashes(store.files_of(whole), folder)
            return folders
        if not store.publish_all(whole, folder):
            (elsewhere or by_processes)(self, store)
            for key, make in self._pieces(store):
                store.publish(key, make, folder)
            store.remember_all(whole)
        store.close()
        self._write_hashes(store.files_of(whole), folder)
        return ()

    def _write_hashes(self, files: Mapping[str, str], folder: Path) -> None:
        """Write the hashes of the files of versions, and redirects; `files` are all pages and files by name."""
        endings = [ending for _, ending in self.site.offers]
        path = folder / addresses.HASHES
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(compact_json(hashes_json(self.record, files, endings)))
        if self._packing:
            write_redirects(folder, redirect_lines(self._packing.redirects(files), self.site.url))

    def _whole_key(self) -> str:
        """The key of all pages together: the record, the changes in force, and the day."""
        reached = sum(instant <= self.at for instant in self.record.instants)
        day = self.at.astimezone(self.site.zone).date().isoformat()
        languages = sorted((name, self._base_of(one)) for name, one in self.site.documents.items())
        current = sorted(self.site.current.items())
        files = [[one.identity for one in offers] for offers in (self.offers, self.sets)]
        return self._key("all", self.record.head, reached, day, current, languages, self.packs, files)

    def answer(self, name: str) -> str:
        """The address of a docs file on the site, as `Store` asks for it again."""
        return self.site.pages.get(name, NOWHERE)

    def _pieces(self, store: Store) -> Iterator[Piece]:
        texts = SealedTexts(self.record, self.options)
        packed: dict[tuple[str, str], list[Piece]] = {}
        for version in tracked("Writing pages of versions", self.in_order):
            pieces = self.pieces_of(texts, version)
            if self._packing and (address := self._packing.file_of(version)):
                packed.setdefault((version.id.document, address), []).extend(pieces)
            yield from pieces
        for (document, address), pieces in packed.items():
            key = self._document_key(document, "packed", address, [one for one, _ in pieces])
            yield key, partial(_pack, store, document, address, pieces)
        for document in self.record.versions:
            yield self._list_key(document), partial(self._make_list, document)
            yield self._clauses_key(document), partial(self._make_clauses, texts, store, document)
            yield self._compare_key(document), partial(self._make_comparison, texts, store, document)
        for one in self.sets:
            key = self._key("set", one.address, one.identity, [self._version_key(version) for version in one.versions])
            yield key, partial(_make_set, one, texts)

    def pieces_of(self, texts: SealedTexts, version: Version) -> list[Piece]:
        """The pages and files of a version."""
        pieces = [*self._pieces_of(texts, version)]
        if self._packing and self._packing.file_of(version):
            return [self._packed(self._packing, version, *piece) for piece in pieces]
        return pieces

    def first_key(self, version: Version) -> str:
        """The key of the first of the pages of a version."""
        return self._packed_key(version, self._version_key(version))

    def _pieces_of(self, texts: SealedTexts, version: Version) -> Iterator[Piece]:
        yield self._version_key(version), partial(self._make_version, texts, version)
        for offer in self.offers:
            key = hash_of([self._version_key(version), offer.ending, offer.identity])
            yield key, partial(_make_offer, offer, texts, version)
        for old in redlines_to(self.record, version, self._in_force[version.id.document]):
            yield self._redline_key(old, version), partial(self._make_redline, texts, old, version)
            for offer in (one for one in self.offers if one.make_redline):
                key = hash_of([self._redline_key(old, version), offer.ending, offer.identity])
                yield key, partial(_make_redline_file, offer, texts, old, version)

    def _packed(self, packing: Packing, version: Version, key: str, make: Callable[[], Made]) -> Piece:
        return self._packed_key(version, key), lambda: packing.pack(make(), version)

    def _packed_key(self, version: Version, key: str) -> str:
        if self._packing and self._packing.file_of(version):
            return hash_of([key, "packed", bool(self._packing.only_in(version))])
        return key

    @cached_property
    def _packing(self) -> Packing | None:
        """Which downloads are packed: those of the version in force and of announced ones stay where they are."""
        if not self.packs:
            return None
        coming = (version for version in self.in_order if version.effective > self.at)
        alone = (*coming, *filter(None, self._in_force.values()))
        return Packing(self.record, self.site, frozenset(version.id for version in alone))

    @cached_property
    def in_order(self) -> list[Version]:
        """All versions in the order of effect."""
        versions = [version for one in self.record.versions.values() for version in one]
        return sorted(versions, key=lambda version: (version.effective, version.post.seq))

    @cached_property
    def _in_force(self) -> dict[str, Version | None]:
        return {name: self.record.in_force(name, self.at) for name in self.record.versions}

    def _make_version(self, texts: SealedTexts, version: Version) -> Made:
        site = self.site.of(version.id.document)
        made = version_pages(texts, version, site, self.style, self._ending(version))
        return Made(made.files, wording_bytes(wording(texts, version, site.words)), made.asked)

    def _ending(self, version: Version) -> Ending | None:
        return self._endings[version.id.document].get(version.number)

    @cached_property
    def _endings(self) -> dict[str, dict[int, Ending]]:
        return {document: endings(self.record, document) for document in self.record.versions}

    def _make_redline(self, texts: SealedTexts, old: Version, new: Version) -> Made:
        return redline_files(texts, old, new, self.site.of(new.id.document))

    def _make_list(self, document: str) -> Made:
        packed = self._packing.only_in if self._packing else None
        pages = list_pages(self.record, document, self.at, self.site.of(document), packed)
        data = compact_json(versions_json(self.record, document))
        return Made({**_page_files(pages), versions_data(document): data})

    def _make_clauses(self, texts: SealedTexts, store: Store, document: str) -> Made:
        words = {version.number: self._wording(texts, store, version) for version in self.record.versions[document]}
        return Made(_page_files(clauses_pages(self.record, document, words, self.site.of(document))))

    def _make_comparison(self, texts: SealedTexts, store: Store, document: str) -> Made:
        words = {version.number: self._wording(texts, store, version) for version in self.record.versions[document]}
        last = self._compared_with_all(document)
        return Made(comparison_files(self.record, document, words, last, self.site.of(document), store.cache))

    def _compared_with_all(self, document: str) -> tuple[int, ...]:
        """The numbers of the versions whose words are marked against all others: in force, and the last."""
        current, last = self._in_force[document], self.record.versions[document][-1]
        return (last.number,) if current is None else (current.number, last.number)

    def _wording(self, texts: SealedTexts, store: Store, version: Version) -> tuple[Wording, ...]:
        kept = store.kept(self.first_key(version))
        words = self.site.of(version.id.document).words
        return wording(texts, version, words) if kept is None else read_wording(kept)

    @cached_property
    def _base(self) -> str:
        """The hash of the inputs that all pages share."""
        return self._base_of(self.site)

    def _base_of(self, site: Site) -> str:
        facts = [
            [sys.version, *(f"{name} {installed(name)}" for name in MADE_WITH)],
            dict(site.words),
            [
                site.language,
                site.name,
                zone_rules(site.zone.key),
                site.style,
                site.marks,
                site.steps,
                site.url,
                site.directory_urls,
                site.policies,
                site.preview,
                site.text,
                [site.menu, site.search, site.script, site.palettes, site.logo, site.favicon],
                [*site.offers, *site.redline_offers],
            ],
            [sorted(self.options.link), sorted(self.options.unlink), self.options.compounds],
            [[name, part.clause, *part.free] for name, parts in self.options.verbatim for part in parts],
        ]
        return key_of(__name__, "archive", self.templates, self.style, canonical(facts))

    def _key(self, *parts: object) -> str:
        return hash_of([self._base, *parts])

    def _document_key(self, document: str, *parts: object) -> str:
        """The key of a page of a document."""
        if document not in self._bases:
            self._bases[document] = self._base_of(self.site.of(document))
        return hash_of([self._bases[document], *parts])

    @cached_property
    def _bases(self) -> dict[str, str]:
        return {}

    def _identity(self, version: Version) -> list[str]:
        """The hashes that identify a version: its entry, redactions of it and its notes, its text and notes now."""
        notes = (one for note in version.post.notes for one in self.record.note_redactions.get(note.slug, ()))
        now = (self.record.note(note).ledger_hash for note in version.post.notes)
        # The notice of rows that earlier versions added ends on the day that their receipts fixed.
        before = self.record.versions[version.id.document][: version.number] if version.entry.register else (version,)
        receipts = (entry for one in before for entry in self.record.receipts(one))
        hashes = (entry.hash for entry in (*version.redactions, *notes, *receipts))
        titles = (self.site.title_of(note.slug) for note in version.post.notes)
        return [version.post.hash, version.sealed.ledger_hash, *now, *hashes, *titles]

    def _version_key(self, version: Version) -> str:
        if version.id not in self._version_keys:
            around = [
                [str(one.version.id), one.version.sealed.source, one.entry.title, one.entry.file, one.entry.published]
                for one in in_force_with(self.record, version)
            ]
            files = [
                [name, str(one.version.id)] for name, one in files_in_force(self.record, version.effective).items()
            ]
            current = self.site.current.get(version.id.document)
            sets = [[one.id, one.title, *one.documents] for one in own_sets(self.record, version)]
            identity = [*self._identity(version), self._told_end(version), self._languages(version)]
            self._version_keys[version.id] = self._document_key(
                version.id.document, "version", identity, around, files, current, sets
            )
        return self._version_keys[version.id]

    def _told_end(self, version: Version) -> list[str]:
        """The recorded end of a version, as its pages show it: when it is recorded, they are made again."""
        ending = self._ending(version)
        by = ending.by.post.hash if ending and ending.by else ""
        return [version.withdrawal.hash if version.withdrawal else "", format_instant(ending.at) if ending else "", by]

    def _languages(self, version: Version) -> list[object]:
        """The languages of a version, as its page shows them."""
        found = self.site.of(version.id.document).translations.get(version.id.document)
        texts = [[tag, str(one.id), one.sealed.source] for tag, one in with_version(self.record, version, self.site)]
        return [*texts, found.governing if found else None]

    @cached_property
    def _version_keys(self) -> dict[VersionId, str]:
        return {}

    def _redline_key(self, old: Version, new: Version) -> str:
        entries = [self.record.entry_of(one, one.effective) for one in (old, new)]
        current = self.site.current.get(new.id.document)
        named = [[entry.title, entry.file] for entry in entries]
        files = self._files(new)
        return self._document_key(
            new.id.document, "redline", self._identity(old), self._identity(new), named, files, current
        )

    def _files(self, version: Version) -> list[list[str]]:
        """The files that a version's text can link to as documents, and the versions of these links."""
        found = files_in_force(self.record, version.effective)
        return [[name, str(one.version.id)] for name, one in found.items()]

    def _list_key(self, document: str) -> str:
        record = self.record
        hashes = [entry.hash for entry in record.entries if entry.document == document]
        day = self.at.astimezone(self.site.zone).date().isoformat()
        listed = [states(record, version, self.at) for version in record.versions[document]]
        # A redacted note has another title, and no entry about the document.
        about = (entry for entry in record.entries if entry.document == document)
        titles = [self.site.title_of(note.slug) for entry in about for note in entry.notes]
        packed = [self._packing.only_in(one) for one in record.versions[document]] if self._packing else []
        return self._document_key(
            document, "list", hashes, listed, day, self.site.current.get(document), titles, packed
        )

    def _clauses_key(self, document: str) -> str:
        keys = [self._version_key(version) for version in self.record.versions[document]]
        entry = self.record.last_entry(document)
        return self._document_key(
            document, "clauses", keys, entry.title if entry else "", self.site.current.get(document)
        )

    def _compare_key(self, document: str) -> str:
        return self._document_key(
            document, "compare", self._clauses_key(document), self._compared_with_all(document), self.site.compare
        )


def _page_files(pages: Mapping[str, str]) -> dict[str, bytes]:
    """The files of pages, which are by address."""
    return {file_of(address): html.encode() for address, html in pages.items()}


def _pack(store: Store, document: str, address: str, pieces: Sequence[Piece]) -> Made:
    return Made({address: packed_file(document, starmap(store.packed, pieces))})


def _make_offer(offer: Offer, texts: SealedTexts, version: Version) -> Made:
    return Made({version_file(version.id, offer.ending): offer.make(texts, version)})


def _make_redline_file(offer: Offer, texts: SealedTexts, old: Version, new: Version) -> Made:
    assert offer.make_redline is not None
    data = offer.make_redline(texts, old, new)
    return Made({redline_file(old.id, new.number, offer.ending): data} if data is not None else {})


def _make_set(offer: SetOffer, texts: SealedTexts) -> Made:
    return Made({offer.address: offer.make(texts)})
