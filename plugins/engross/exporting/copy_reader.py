"""Reads a version, a draft or a set into a `Copy`: text, binding, pictures, addresses, and the cover as on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePath
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from markupsafe import Markup

from engross.common import EngrossError, error, value_class
from engross.corpus import Project, row_strings, verbatim_document
from engross.exporting.copies import Copy, Front, Part, RedlineCopy
from engross.language import language_of
from engross.model import Clause, Document, Edition, SetEntry, Version
from engross.record import (
    Record,
    docs_pictures,
    note_name,
    posted_note,
    sealed_note,
    sealed_pictures,
    sealed_source,
    sealed_tree,
    unsealed_pictures,
    version_page,
)
from engross.redline import Redline
from engross.render import (
    Cover,
    SealedTexts,
    Site,
    VersionInForce,
    endings,
    files_in_force,
    in_force_with,
    own_set,
    own_sets,
    state_cover,
    verify_steps,
    version_cover,
)
from engross.terms import DEFAULT_OPTIONS, TermOptions, bind


@value_class(frozen=True)
class ExportSite:
    """What copies take from a site: its words, dates and addresses (`site`), and its publisher's name."""

    site: Site
    publisher: str = ""

    def full(self, address: str) -> str:
        """The full address of a page, empty if the site's own is not known."""
        return self.site.full(address)


def version_copy(texts: SealedTexts, version: Version, around: ExportSite) -> Copy:
    """Return a copy of a sealed version. Raises EngrossError if a sealed file was altered."""
    part = _version_part(texts, version, around)
    site = around.site.of(version.id.document)
    return Copy(
        part.front, (part,), site.words, version.posted, part.language, publisher=around.publisher,
        address=around.full(version_page(version.id)),
    )  # fmt: skip


def set_copy(texts: SealedTexts, entry: SetEntry, at: datetime, around: ExportSite) -> Copy:
    """Return a copy of a set as in force at an instant, in order of precedence; it has a part for each document.

    Raises EngrossError if nothing of the set is in force, or a sealed file was altered.
    """
    record, site = texts.record, around.site
    parts, left_out = [], []
    for name in in_precedence(entry):
        version = record.in_force(name, at)
        if version:
            parts.append(_version_part(texts, version, around))
        elif elsewhere := record.entry_at(name, at):
            left_out.append((elsewhere.title, elsewhere.published))
    if not parts:
        raise EngrossError([error("export", "", 0, 0, _NOTHING.format(entry.id))])
    since = _since(record, entry, parts, at)
    facts = (
        (site.words["export_as_of"], site.dates.instant(since)),
        *((one.front.running, one.front.hash) for one in parts),
    )
    front = Front(site.words["export_set"], entry.title, entry.title, facts=facts)
    language = next((one.language for one in parts), site.language)
    return Copy(front, tuple(parts), site.words, since, language, entry, tuple(left_out), around.publisher, site.url)


def _since(record: Record, entry: SetEntry, parts: Iterable[Part], at: datetime) -> datetime:
    """Since when the versions of a set are in force together: so its file changes only when its content does."""
    changed = record.last_set_entry(entry.id)
    instants = [part.version.effective for part in parts if part.version]
    if changed and changed.effective and changed.effective <= at:
        instants.append(changed.effective)
    return max(instants)


_NOTHING = "nothing of the set {} is in force; export its documents one by one"


def draft_copy(
    project: Project, document: Document, at: datetime, around: ExportSite, options: TermOptions = DEFAULT_OPTIONS
) -> Copy:
    """Return a copy of a document as the docs folder has it. Raises EngrossError with the pictures that it lacks."""
    entry, site = document.entry, around.site.of(document.id)
    edition = next((one for one in project.editions if entry.id in one.set.documents), None)
    titles = [one.set.title for one in project.editions if entry.id in one.set.documents]
    alone = Edition(SetEntry(entry.id, entry.title, entry.id), (document,))
    cover = state_cover(entry, titles, None, site.words, partial(urljoin, site.url or "/"), "")
    files = {one.page: (one.id, site.url and urljoin(site.url, one.published)) for one in project.settings.documents}
    part = Part(
        document,
        plain_front(cover),
        binding=None if _is_unbound(document) else bind(edition or alone, options, only=entry.id),
        pictures=docs_pictures(project.docs, document),
        files=files,
        pages=_pages(site),
        language=language_of(document) or site.language,
    )
    return Copy(part.front, (part,), site.words, at, part.language, publisher=around.publisher)


def redline_copy(
    script: Redline, at: datetime, around: ExportSite, versions: tuple[Version, Version] | None = None, author: str = ""
) -> RedlineCopy:
    """Return a redline as a copy. `versions` are the old and the new posted version, if it is between such.

    `at` is the instant of the change, `author` its author.
    """
    site = around.site
    words = row_strings(site.words) if script.has_rows else site.words
    facts = [(words["export_from"], script.old), (words["export_to"], script.new)]
    for version in versions or ():
        name = words["archive_version_of"].format(number=version.number)
        facts.append((f"{name}: {words['archive_posted']}", site.dates.instant(version.posted)))
        facts.append((f"{name}: {words['paper_text_hash']}", version.sealed.text))
    title = versions[1].entry.title if versions else PurePath(script.new).name
    short = versions[1].sealed.text[:12] if versions else ""
    front = Front(words["export_redline"], title, f"{script.old} → {script.new}", facts=tuple(facts), hash=short)
    language = (site.of(versions[1].id.document).text if versions else "") or site.language
    return RedlineCopy(script, front, words, at, author, language)


def approvers(record: Record, version: Version, zone: ZoneInfo) -> str:
    """Return who approved the changes that a version made, as its notes say."""
    refs = map(record.note, version.post.notes)
    notes = (posted_note(sealed_note(record, ref), f"{record.shown}/{note_name(ref)}", ref.slug, zone) for ref in refs)
    return ", ".join(dict.fromkeys(note.approved_by for note in notes if note.approved_by))


def in_precedence(entry: SetEntry) -> tuple[str, ...]:
    """Return the ids of a set's documents in order of precedence; those that it does not rank come last."""
    ranked = (name for rank in entry.precedence for name in rank)
    return tuple(dict.fromkeys((*ranked, *entry.documents)))


def plain_front(cover: Cover) -> Front:
    """Return a cover without markup."""
    return Front(
        cover.kind,
        cover.title,
        cover.running,
        cover.sets,
        tuple(map(_plain, cover.standing)),
        tuple((name, _plain(value)) for name, value in cover.facts),
        cover.hash,
    )


def _plain(html: Markup) -> str:
    return html.striptags()


def _version_part(texts: SealedTexts, version: Version, around: ExportSite) -> Part:
    record, site = texts.record, around.site.of(version.id.document)
    own = VersionInForce(version, record.entry_of(version, version.effective))
    source = sealed_source(record, version)
    document = texts.document(version, own.entry) or verbatim_document(own.entry, source)
    sets = [one.title for one in own_sets(record, version)]
    around_it = tuple(in_force_with(record, version))
    ending = endings(record, version.id.document).get(version.number)
    return Part(
        document,
        plain_front(version_cover(version, sets, ending, site)),
        version,
        sealed_tree(record, version),
        None if _is_unbound(document) else texts.binding(own, around_it, own_set(record, version)),
        dict(sealed_pictures(record, version)),
        unsealed_pictures(document, version),
        dict(_files(record, version.effective, around)),
        _pages(site),
        dict(_notices(document.root, version, site)),
        tuple(map(_plain, verify_steps(version, site))),
        language_of(document) or site.text or site.language,
        {one.version.id.document: (one.version, sealed_tree(record, one.version)) for one in around_it},
        tuple(_applied(record, version)),
        ending.at if ending else None,
    )


def _applied(record: Record, version: Version) -> Iterator[Version]:
    """The versions of a document up to one, itself included, without those that were withdrawn before they applied."""
    for one in record.versions[version.id.document][: version.number]:
        if one is version or one.withdrawn is None or one.withdrawn > one.effective:
            yield one


def _is_unbound(document: Document) -> bool:
    return document.verbatim or document.entry.kind.has_rows


def _files(record: Record, at: datetime, around: ExportSite) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, one in files_in_force(record, at).items():
        yield name, (one.version.id.document, around.full(version_page(one.version.id)))


def _pages(site: Site) -> Mapping[str, str]:
    return {name: full for name, address in site.pages.items() if (full := site.full(address))}


def _notices(root: Clause, version: Version, site: Site) -> Iterator[tuple[int, str]]:
    """Yield the sentences about redactions, each with the index of the redacted clause."""
    for index, clause in enumerate(root.walk()):
        for entry in version.redactions:
            if entry.clause and entry.clause in (clause.anchor, clause.label):
                day = site.dates.instant(entry.posted)
                yield index, site.words["archive_redacted_here"].format(day=day, reason=entry.reason)
