"""Pages of versions that other processes make, on this machine or on others.

An *order* in a shared cache has everything that decides these pages: the files of the record and of the site's own
templates, by their hashes, and the settings as JSON. The pages of a version are in the same cache, by their keys. So a
worker needs the cache and Engross, and neither the site nor MkDocs' settings. The process that placed the order takes
the results whose keys it computes itself, and makes everything else. So the pages are the same, wherever they are made.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from weakref import finalize
from zoneinfo import ZoneInfo

from jinja2 import Environment

from engross.common import OTHER_CODE, Cache, EngrossError, error, get_file, key_of, put_file, shared_cache, value_class
from engross.corpus import Words, shipped_hash, shipped_templates
from engross.model import Verbatim
from engross.record import hash_of, open_record
from engross.render import Archive, Made, SealedTexts, Site, Translations, environment, made_bytes, read_made
from engross.site.record_pages import RecordPages
from engross.terms import TermOptions

BLOCK = 32
"""The number of versions that a task makes. Those that follow one another share most of the texts that they read."""


class OtherCodeError(RuntimeError):
    """A worker would make pages with other code."""


@cache
def code_hash() -> str:
    """The hash of all code, templates and packages that decide the pages."""
    return key_of(__name__, "orders", shipped_hash())


def place_order(pages: RecordPages, cache: Cache) -> str:
    """Put everything that decides the pages into the cache, and return the key of the order.

    Raises EngrossError if the cache cannot be written to.
    """
    record = pages.record.folder
    named = {f"record/{path.relative_to(record).as_posix()}": path for path in _files(record)}
    own = pages.own
    if own and own.is_dir() and own.resolve() != shipped_templates():
        named |= {f"templates/{path.relative_to(own).as_posix()}": path for path in _files(own)}
    files = {name: put_file(cache, path.read_bytes()) for name, path in named.items()}
    return put_file(cache, json.dumps({"files": files, **_settings(pages)}).encode(), check=True)


def make_versions(address: str, code: str, order: str, places: Sequence[int]) -> int:
    """Make the pages of the versions at these places in the order of effect, and put them into the cache at an address.
    Returns how many are there.

    Pages that would not show what was sealed are left out: the process that placed the order finds the mistake again.
    Raises OtherCodeError if this process has other code than that one, and EngrossError if the cache lacks files.
    """
    if code != code_hash():
        raise OtherCodeError(f"it has {OTHER_CODE}")
    cache, work = shared_cache(address), _work(address, order)
    kept = 0
    for place in places:
        pieces = work.archive.pieces_of(work.texts, work.archive.in_order[place])
        key = result_key([piece for piece, _ in pieces])
        if not cache.has(key):
            try:
                cache.put(key, made_bytes([(piece, make()) for piece, make in pieces]))
            except EngrossError:
                continue
        kept += cache.has(key)
    return kept


def result_key(pieces: Sequence[str]) -> str:
    """The key of the results with these keys in a shared cache."""
    return hash_of(["pieces", *pieces])


def results(cache: Cache, pieces: Sequence[str]) -> Iterator[tuple[str, Made]]:
    """The results with these keys in a shared cache, as far as they are there and intact."""
    data = cache.get(result_key(pieces))
    if data is None:
        return
    try:
        found = [*read_made(data)]
    except (ValueError, TypeError):
        return
    yield from ((key, made) for key, made in found if key in pieces)


@value_class(frozen=True)
class _Work:
    """An order in a folder of this process, with the texts that it has read."""

    pages: RecordPages

    @cached_property
    def archive(self) -> Archive:
        return self.pages.archive()

    @cached_property
    def texts(self) -> SealedTexts:
        return SealedTexts(self.archive.record, self.archive.options)


@lru_cache(maxsize=2)
def _work(address: str, order: str) -> _Work:
    cache, root = shared_cache(address), Path(mkdtemp(prefix="engross-"))
    settings = json.loads(get_file(cache, order))
    for name, sha in settings["files"].items():
        path = root / name
        if ".." in path.parts or not path.is_relative_to(root):
            raise EngrossError([error("outside", "--cache", 0, 0, f"{name} is not the name of a file of a record")])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(get_file(cache, sha))
    work = _Work(_read(settings, root))
    finalize(work, shutil.rmtree, root, ignore_errors=True)
    return work


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _settings(pages: RecordPages) -> dict[str, Any]:
    """The settings as plain values."""
    options, site = pages.options, pages.site
    return {
        "shown": pages.record.shown,
        "at": pages.at.isoformat(),
        "publisher": pages.publisher,
        "packs": pages.packs,
        "site": _plain(site),
        "documents": {name: _plain(one) for name, one in site.documents.items()},
        "link": sorted(options.link),
        "unlink": sorted(options.unlink),
        "compounds": options.compounds,
        "verbatim": [[name, [[one.clause, one.hash, one.free] for one in parts]] for name, parts in options.verbatim],
    }


def _read(settings: dict[str, Any], root: Path) -> RecordPages:
    """The pages of an order whose files are in a folder."""
    own = root / "templates"
    site = _site(settings["site"], own)
    others = {name: _site(one, own) for name, one in settings["documents"].items()}
    verbatim = (
        (name, tuple(Verbatim(clause, sha, tuple(free)) for clause, sha, free in parts))
        for name, parts in settings["verbatim"]
    )
    options = TermOptions(
        frozenset(settings["link"]), frozenset(settings["unlink"]), settings["compounds"], tuple(verbatim)
    )
    record = replace(open_record(root / "record"), shown=settings["shown"])
    at = datetime.fromisoformat(settings["at"])
    return RecordPages(
        record, at, replace(site, documents=others), options, own, settings["publisher"], settings["packs"]
    )


_OWN_FORM = ("templates", "words", "zone", "documents", "translations")


def _plain(site: Site) -> dict[str, Any]:
    """The settings of a site for pages of the record, without those of its documents."""
    return {
        **{one.name: _plain_value(getattr(site, one.name)) for one in fields(site) if one.name not in _OWN_FORM},
        "words": [site.words.language, dict(site.words)],
        "zone": site.zone.key,
        "translations": {name: [one.languages, one.governing] for name, one in site.translations.items()},
    }


def _plain_value(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value


def _site(values: dict[str, Any], own: Path) -> Site:
    language, strings = values["words"]
    pairs = {name: tuple(map(tuple, values[name])) for name in ("menu", "offers", "redline_offers")}
    translations = {
        name: Translations(tuple(map(tuple, languages)), tuple(governing) if governing else None)
        for name, (languages, governing) in values["translations"].items()
    }
    mine = {"words": Words(language, strings), "zone": ZoneInfo(values["zone"]), "translations": translations}
    return Site(templates=_templates(own), **{**values, **pairs, **mine})


@lru_cache(maxsize=2)
def _templates(own: Path) -> Environment:
    return environment(own)
