"""The pages of the record on a site. They are written after MkDocs' own pages and are not among its files.

So they cost a build next to nothing, and are in no search index, sitemap or navigation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from engross.common import Cache, value_class
from engross.exporting import (
    FORMATS,
    REDLINE_FORMATS,
    ExportSite,
    Format,
    approvers,
    export_bytes,
    format_of,
    redline_bytes,
    redline_copy,
    set_copy,
    version_copy,
)
from engross.model import SetEntry, Version
from engross.record import Record, set_file
from engross.redline import labels_of, marks_style, steps_script
from engross.render import (
    Archive,
    Elsewhere,
    Offer,
    Offers,
    SealedTexts,
    SetOffer,
    Site,
    asset,
    sealed_redline,
    style_sheet,
    templates_hash,
)
from engross.site.options import HTML, SOURCE
from engross.terms import TermOptions

MARKS = "engross-redlines"
SCRIPT = "engross-archive.js"
COMPARE = "engross-compare.js"


def marks_sheet(words: Mapping[str, str], own_templates: Path | None = None) -> bytes:
    """The style sheet of lists and redlines, which names the marks in the language of the page."""
    return marks_style(labels_of(words)).encode() + asset(f"{MARKS}.css", own_templates)


def steps_file() -> bytes:
    """The script of the buttons that lead from change to change in a redline."""
    return steps_script().encode()


def _templates(own: Path | None) -> str:
    return templates_hash(own) + templates_hash(own, "paper")


def inlined(style: str) -> str:
    """A style sheet as self-contained HTML copies contain it (`archive/base.html`)."""
    return f"<style>\n{style}</style>"


@value_class(frozen=True)
class RecordPages:
    """All that decides the pages about a record's versions, as known at an instant: the site and its `own` templates,
    the name of the `publisher`, and whether downloads of older versions are packed by year (`packs`).
    """

    record: Record
    at: datetime
    site: Site
    options: TermOptions
    own: Path | None = None
    publisher: str = ""
    packs: bool = False

    def write(
        self, folder: Path, cache: Cache, before: Path | None = None, elsewhere: Elsewhere | None = None
    ) -> tuple[str, ...]:
        """Write every page into the site's folder; what was made before is taken from the `cache`.

        Nothing is written without a record. Pages that the site of the last build, `before`, already has are not
        written: their folders, relative to it, are returned. `elsewhere`: see `Archive.publish`. Raises EngrossError
        where a page would not show what was sealed.
        """
        if not self.record.versions:
            return ()
        for name, data in self._assets():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return self.archive().publish(folder, cache, before, elsewhere)

    def archive(self) -> Archive:
        """The pages of versions. Raises EngrossError if an extra for their files is not installed."""
        known, at, site, publisher = self.record.as_known(self.at), self.at, self.site, self.publisher
        files = tuple(_offers(site, publisher)), tuple(_set_offers(known, at, site, publisher))
        style, templates = style_sheet(self.own), _templates(self.own)
        return Archive(known, at, site, style, templates, self.options, *files, packs=self.packs)

    def _assets(self) -> Iterator[tuple[str, bytes]]:
        site, own = self.site, self.own
        yield site.style, style_sheet(own).encode()
        yield from {one.marks: marks_sheet(one.words, own) for one in (site, *site.documents.values())}.items()
        yield site.steps, steps_file()
        yield site.compare, asset(COMPARE, own)
        if site.script:
            yield site.script, asset(SCRIPT, own)


def offered(formats: Sequence[str]) -> Offers:
    """The formats of the option `formats` by name and ending, without the source, which every version has."""
    endings = {HTML: f".{HTML}", **{name: one.ending for name, one in FORMATS.items() if name != SOURCE}}
    return tuple((name, ending) for name, ending in endings.items() if name in formats)


def offered_redlines(formats: Sequence[str]) -> Offers:
    """The formats of the option `formats` that redlines can have, by name and ending."""
    return tuple((name, one.ending) for name, one in REDLINE_FORMATS.items() if name in formats)


def _offers(site: Site, publisher: str) -> Iterator[Offer]:
    """The files of versions that are not pages. Raises EngrossError if an extra is not installed."""
    around = ExportSite(site, publisher)
    for name, ending in site.offers:
        if form := FORMATS.get(name):
            form.require()
            redline = REDLINE_FORMATS.get(name)
            identity = f"{form.identity} {redline.identity if redline else ''} {publisher}"
            make_redline = partial(_exported_redline, redline, around) if redline else None
            yield Offer(ending, identity, partial(_exported, form, around), make_redline)


def _set_offers(record: Record, at: datetime, site: Site, publisher: str) -> Iterator[SetOffer]:
    """The files of sets in force at an instant."""
    around = ExportSite(site, publisher)
    for name, address in set_files(record, at, site.offers).items():
        entry, form = record.set_at(name, at), format_of(Path(address))
        assert entry is not None
        versions = tuple(filter(None, (record.in_force(one, at) for one in entry.documents)))
        identity = f"{form.identity} {publisher} {entry}"
        yield SetOffer(address, identity, versions, partial(_exported_set, form, around, entry, at))


def _exported_redline(form: Format, around: ExportSite, texts: SealedTexts, old: Version, new: Version) -> bytes | None:
    found = sealed_redline(texts, old, new, around.site.of(new.id.document))
    if found is None:
        return None
    author = approvers(texts.record, new, around.site.zone)
    return redline_bytes(redline_copy(found.script, new.posted, around, (old, new), author), form)


def _exported_set(form: Format, around: ExportSite, entry: SetEntry, at: datetime, texts: SealedTexts) -> bytes:
    return export_bytes(set_copy(texts, entry, at, around), form)


def set_files(record: Record, at: datetime, offers: Offers) -> dict[str, str]:
    """The addresses of files with a whole set, by the id of each set that has a version in force at an instant."""
    found = {}
    for name in record.sets if any(FORMATS[one].sets for one, _ in offers if one in FORMATS) else ():
        entry = record.set_at(name, at)
        if entry and any(record.in_force(one, at) for one in entry.documents):
            found[name] = set_file(entry.agreement, name, ".pdf")
    return found


def _exported(form: Format, around: ExportSite, texts: SealedTexts, version: Version) -> bytes:
    return export_bytes(version_copy(texts, version, around), form)
