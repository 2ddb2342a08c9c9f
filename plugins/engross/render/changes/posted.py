"""Posted changes for readers: each as one piece of HTML, for lists and for a page of its own.

A piece is rendered once and placed on pages in several folders. Its addresses begin with `ROOT`, which each page
replaces with its relative path to the site's root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property
from posixpath import join, normpath
from urllib.parse import urlsplit

from markupsafe import Markup

from engross.common import value_class
from engross.model import MAKING, NOT_FIXED, Change, DocumentEntry, Entry, EntryKind, Ground, Version
from engross.record import (
    Effect,
    Posted,
    PostedChange,
    addresses,
    first_announced,
    title_of,
)
from engross.render.archive.frame import Site
from engross.render.archive.imports import claimed_text, imported_from
from engross.render.changes.changed_rows import ChangedRows, changed_rows
from engross.render.changes.note_html import plain_summary, render_summary, text_summary
from engross.render.changes.promises import PromiseView, awaited_words, kept_notice, promise_view

ROOT = "\0"
"""Placeholder for the path from a page to the site's root; no text can contain it."""

_MOST_TITLES = 3
_LONG_TITLE = 120
"""The most characters of a title in lists. Only first sentences of older notes have more than 80."""
_SHORT = 160


@value_class(frozen=True)
class Publication:
    """The posted changes, and what is needed to show them.

    `read` returns the note of a change, None if it has none. `notes` is the folder of notes in the docs folder.
    `entries` (by document id) and `grounds` are those of documents.yml. `at` is the instant that the pages describe.
    `references` is whether pages show where changes are discussed.
    """

    posted: Posted
    site: Site
    at: datetime
    read: Callable[[PostedChange], Change | None] = field(repr=False)
    entries: Mapping[str, DocumentEntry] = field(default_factory=dict)
    grounds: Mapping[str, Ground] = field(default_factory=dict)
    notes: str = "changes"
    authority: str = ""
    references: bool = True

    @property
    def words(self) -> Mapping[str, str]:
        """The UI strings."""
        return self.site.words

    def title_of(self, document: str) -> str:
        """The title of a document: the current one, or the last one in the record."""
        return (self.entries.get(document) or self.posted.titles[document]).title

    def known_title(self, document: str) -> str:
        """The title of a document, or its id if it was never posted."""
        known = document in self.entries or document in self.posted.titles
        return self.title_of(document) if known else document

    def current(self, document: str) -> str:
        """The address of a document: its page, relative to the site's root, or an external address."""
        entry = self.entries.get(document)
        if entry is None:
            return addresses.versions_page(document) if self.posted.record.versions.get(document) else ""
        return self.site.current.get(document) or entry.published

    @cached_property
    def files(self) -> Mapping[str, str]:
        """The addresses of docs pages by path, including earlier paths of documents."""
        found: dict[str, str] = {}
        recorded = ((entry.document, entry.entry) for entry in self.posted.record.entries if entry.entry)
        now = ((name, entry) for name, entry in self.entries.items())
        for name, entry in (*recorded, *now):
            if entry.file:
                found[entry.file] = self.current(name)
        return {**found, **self.site.pages}

    def lead(self, target: str) -> str | None:
        """Resolve a link of a note to an address; None if its target no longer exists."""
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return target
        if not parts.path or parts.path.startswith("/"):
            return None
        address = self.files.get(normpath(join(self.notes, parts.path)))
        if address is None:
            return None
        end = f"#{parts.fragment}" if parts.fragment else ""
        return f"{self.link(address)}{end}"

    def link(self, address: str) -> str:
        """An address relative to the site's root, for a piece of HTML; external addresses stay unchanged."""
        return address if "://" in address else f"{ROOT}{self.site.file(address)}"


def placed(piece: str, here: str) -> str:
    """Place a piece of HTML on the page with the address `here`."""
    return piece.replace(ROOT, "../" * here.count("/") or "./")


@value_class(frozen=True, slots=True)
class EffectView:
    """The effect of a change on one document, for the templates; addresses begin with `ROOT`.

    `awaited` is the notice for whose delivery its version waits, in words; `receipts` are those of its notices.
    """

    kind: str
    title: str
    address: str
    did: str
    at: datetime | None = None
    text: str = ""
    earlier: str = ""
    earlier_number: int = 0
    redline: str = ""
    remarks: tuple[tuple[str, datetime | None], ...] = ()
    promised: tuple[PromiseView, ...] = ()
    notice: str = ""
    changed: ChangedRows | None = None
    awaited: str = ""
    receipts: tuple[Entry, ...] = ()


@value_class(frozen=True, slots=True)
class GroundView:
    """A ground for the templates: each condition with the sentence that explains how it is met."""

    title: str
    cites: str
    conditions: tuple[tuple[str, str], ...]


@value_class(frozen=True, slots=True)
class PolicyView:
    """A policy on how changes are posted, and the titles of its documents."""

    sentence: str
    titles: str


@value_class(frozen=True, slots=True)
class OtherChange:
    """A change that corrects or is corrected: its title, page, date of posting, and summary as HTML and plain text."""

    title: str
    address: str
    posted: datetime
    summary: Markup
    text: str


@value_class(frozen=True, slots=True)
class ChangeView:
    """A posted change for the templates. `replaced`: the title of each retired document that has a replacement, and the
    replacement's title and address.
    """

    change: PostedChange
    note: Change | None
    title: str
    address: str
    summary: Markup
    effects: tuple[EffectView, ...]
    grounds: tuple[GroundView, ...]
    policies: tuple[PolicyView, ...]
    replaced: tuple[tuple[str, str, str], ...]
    corrects: tuple[OtherChange, ...]
    corrected_by: tuple[OtherChange, ...]
    class_name: str
    material: bool | None
    keys: Mapping[str, str]


def view(pub: Publication, change: PostedChange) -> ChangeView:
    """Collect what the template of a change shows."""
    note = pub.read(change)
    shown = note if note is None or pub.references else replace(note, reference="")
    effects = tuple(_effects(pub, change, note))
    return ChangeView(
        change,
        shown,
        change_title(pub, change),
        pub.link(addresses.change_page(change.slug)),
        summary_of(pub, change),
        effects,
        _grounds(pub, change, note),
        tuple(policies_of(effect.document for effect in change.effects)),
        replacements(pub, note),
        tuple(other_change(pub, slug) for slug in change.corrects),
        tuple(other_change(pub, slug) for slug in change.corrected_by),
        class_of(pub, change),
        is_material(pub, change),
        filter_keys(pub, change),
    )


def change_title(pub: Publication, change: PostedChange, *, whole: bool = False) -> str:
    """The title of a change: that of its note (see `title_of`); without a note, what happened to which documents.

    A register whose informational columns alone changed is posted without a note.
    """
    note = pub.read(change)
    title = title_of(note, most=_LONG_TITLE, whole=whole) if note else ""
    if title and change.is_import:
        return pub.words["title_imported"].format(title=title)
    if not title and change.kinds == {EntryKind.POST} and not any(one.entry.notes for one in change.effects):
        return pub.words["title_details"]
    return title or change_documents(pub, change)


def change_documents(pub: Publication, change: PostedChange) -> str:
    """The titles of the documents of a change, and what happened if it is not only a new version."""
    # A set is named only if the change is about nothing else.
    named = [effect for effect in change.effects if effect.kind is not EntryKind.SET] or change.effects
    titles = list(dict.fromkeys(effect.document.title for effect in named))
    shown = ", ".join(titles[:_MOST_TITLES])
    if len(titles) > _MOST_TITLES:
        shown = pub.words["and_more"].format(titles=shown, count=len(titles) - _MOST_TITLES)
    if EntryKind.POST in change.kinds:
        return shown
    what = "promise" if named[0].kind is EntryKind.MOVE and named[0].promised else named[0].kind
    return f"{pub.words[f'title_{what}']}: {shown}"


def class_of(pub: Publication, change: PostedChange) -> str:
    """The class of a change: from its note, else from its entries; empty if neither has one."""
    note = pub.read(change)
    if change.change_class is None:
        return ""
    return str(note.change_class if note else change.change_class)


def is_material(pub: Publication, change: PostedChange) -> bool | None:
    """Whether a change is material; None if that does not apply, such as for a correction."""
    note = pub.read(change)
    if change.change_class is None:
        return None
    return note.material if note else change.material


def filter_keys(pub: Publication, change: PostedChange) -> Mapping[str, str]:
    """The filter keys of a change: its documents; its class and whether it is material."""
    # Nobody is alerted of an import: what a person wrote of it is about the past.
    kinds = [] if change.is_import else [class_of(pub, change), "material" if is_material(pub, change) else ""]
    return {"document": " ".join(change.documents), "kind": " ".join(filter(None, kinds))}


def summary_of(pub: Publication, change: PostedChange) -> Markup:
    """The summary of a change as HTML; empty if it has no note."""
    note = pub.read(change)
    return Markup(render_summary(note, pub.lead)) if note else Markup()


def short_summary(pub: Publication, change: PostedChange) -> str:
    """The beginning of a change's summary as plain text."""
    note = pub.read(change)
    return plain_summary(note, _SHORT) if note else ""


def replacements(pub: Publication, note: Change | None, document: str = "") -> tuple[tuple[str, str, str], ...]:
    """The documents that a note replaces, or only `document`: for each its title, and the title and address of its
    replacement; no address if there is none.
    """
    return tuple(
        (pub.known_title(old), pub.known_title(new), pub.link(pub.current(new)) if pub.current(new) else "")
        for old, new in (note.replaced_by if note else ())
        if document in ("", old)
    )


def other_change(pub: Publication, slug: str) -> OtherChange:
    """The change with a name, as pages of other changes and of retired documents quote it."""
    change = pub.posted.by_slug[slug]
    address, note = pub.link(addresses.change_page(slug)), pub.read(change)
    text = text_summary(note) if note else ""
    return OtherChange(change_title(pub, change), address, change.posted, summary_of(pub, change), text)


def _grounds(pub: Publication, change: PostedChange, note: Change | None) -> tuple[GroundView, ...]:
    """The grounds of a note, with the texts that applied to the change; if those were never sealed, today's."""
    known = {**pub.grounds, **{ground.id: ground for effect in change.effects for ground in effect.grounds}}
    views = []
    for given in note.grounds if note else ():
        ground = known.get(given.id)
        texts = dict(ground.conditions) if ground else {}
        conditions = tuple((texts.get(name, name), text) for name, text in given.conditions)
        views.append(GroundView(ground.title if ground else given.id, given.cites, conditions))
    return tuple(views)


def _effects(pub: Publication, change: PostedChange, note: Change | None) -> Iterator[EffectView]:
    """The effects of a change; the import of several versions is one."""
    first = change.effects[0]
    if not change.is_import or len(change.effects) == 1:
        yield from (_effect(pub, effect, note) for effect in change.effects)
        return
    title, document = first.document.title, first.entry.document
    did = pub.words["did_import_all"].format(number=change.effects[-1].entry.version)
    versions = pub.link(addresses.versions_page(document))
    yield EffectView(str(first.kind), title, _address(pub, first.entry), did, text=versions)


def _effect(pub: Publication, effect: Effect, note: Change | None) -> EffectView:
    entry, version, old = effect.entry, effect.version, effect.superseded
    posts = effect.kind in MAKING
    waits = entry.effective == NOT_FIXED and not effect.withdrawn
    return EffectView(
        str(effect.kind),
        effect.document.title,
        _address(pub, entry),
        _effect_label(pub.words, effect),
        entry.effective if effect.kind is EntryKind.WITHDRAW else None,
        pub.link(addresses.version_page(version.id)) if version else "",
        pub.link(addresses.version_page(old)) if old else "",
        old.number if old else 0,
        pub.link(addresses.redline_page(old, entry.version)) if old else "",
        tuple(_remarks(pub, effect, version)) if posts and version else (),
        tuple(promise_view(one, pub.words, pub.grounds, pub.known_title) for one in effect.promised),
        kept_notice(pub.posted.record, effect.entry, note, words=pub.words, dates=pub.site.dates),
        changed_rows(pub.posted.record, effect, pub.words, pub.site.dates.zone),
        awaited_words(entry.awaits, pub.words) if waits and entry.awaits else "",
        pub.posted.record.receipts(version) if posts and version else (),
    )


def _address(pub: Publication, entry: Entry) -> str:
    """The page that shows the subject of an entry; empty if there is none."""
    if entry.note:
        return pub.link(addresses.change_page(entry.note))
    document = entry.document or (entry.set.agreement if entry.set else "")
    current = pub.current(document) if document else ""
    return pub.link(current) if current else ""


def _effect_label(words: Mapping[str, str], effect: Effect) -> str:
    name = "version_n" if effect.kind is EntryKind.POST else f"did_{effect.kind}"
    if effect.entry.note and effect.kind is EntryKind.REDACT:
        name = "did_redact_note"
    if effect.entry.ended:
        name = "did_retire"
    if effect.promised and effect.kind is not EntryKind.POST:
        name = "did_set_otherwise" if effect.kind is EntryKind.SET else "did_promise"
    return words[name].format(number=effect.entry.version)


def _remarks(pub: Publication, effect: Effect, version: Version) -> Iterator[tuple[str, datetime | None]]:
    """Further remarks about a new version, each with an instant, if it has one."""
    words = pub.words
    if version.imported:
        yield imported_from(version.post, words), None
        yield claimed_text(version.post, pub.site.dates), None
    if first := first_announced(pub.posted.record, version.post):
        yield words["first_announced"], first
        yield words["announced_again"], version.posted
        yield words["notice_counts_from"], version.post.notice_from or version.posted
    if version.number == 1:
        yield words["first_version"], None
    if effect.kind is EntryKind.POST and not effect.entry.notes:
        yield words["informational_only"], None
    if restores := effect.entry.restores:
        yield words["restores_version"].format(number=restores), None
    if version.withdrawn:
        yield words["was_withdrawn"], version.withdrawn
    for redaction in version.redactions:
        yield words["was_redacted"], redaction.posted


def policies_of(entries: Iterable[DocumentEntry]) -> Iterator[PolicyView]:
    """Each policy on how changes are posted once, with the titles of all documents that have it."""
    titles: dict[str, dict[str, None]] = {}
    for entry in entries:
        if entry.policy:
            titles.setdefault(entry.policy, {})[entry.title] = None
    for sentence, names in titles.items():
        yield PolicyView(sentence, ", ".join(names))


def render_view(pub: Publication, shown: ChangeView, *, brief: bool = False, pending: bool = False) -> str:
    """The HTML of a view, to be placed on pages. A `brief` one is for lists: it leaves out how changes are posted, who
    approved the change, and where it was discussed. A `pending` change is marked as not yet posted.
    """
    template = pub.site.templates.get_template("posted-change.html")
    return template.render(words=pub.words, instant=pub.site.instant, view=shown, brief=brief, pending=pending)
