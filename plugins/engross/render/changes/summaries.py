"""What is told of each posted change, made once for all pages and feeds that tell it, and kept from build to build.

It hangs on the record, the words and the templates alone, never on the day: as long as nothing is posted, a build takes
it from the cache whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from jinja2 import Environment

from engross.common import Cache, key_of
from engross.record import PostedChange, addresses, change_json, fact_changes
from engross.render.changes.posted import (
    Publication,
    change_title,
    class_of,
    filter_keys,
    is_material,
    pieces,
    short_summary,
)


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """What is told of a change: its title, the `piece` of HTML, the beginning of its summary in plain words, what
    filters know it by (`documents` and `kinds`, with blanks between), and the same for programs.
    """

    title: str
    piece: str
    short: str
    documents: str
    kinds: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def summarize_changes(pub: Publication, cache: Cache) -> Mapping[str, ChangeSummary]:
    """What is told of every posted change, by its name."""
    key = key_of("told", *_made_from(pub))
    kept = cache.get(key)
    if kept is not None:
        return {slug: ChangeSummary(**said) for slug, said in json.loads(kept).items()}
    html = pieces(pub, pub.posted.changes)
    told = {change.slug: _summary(pub, change, html[change.slug]) for change in pub.posted.changes}
    cache.put(key, json.dumps({slug: asdict(said) for slug, said in told.items()}, ensure_ascii=False).encode())
    return told


def cached_text(
    pub: Publication, cache: Cache, templates: Iterable[str], parts: Iterable[str], make: Callable[[], str]
) -> str:
    """What `make` makes of all that is told, some `templates` and `parts`.

    It comes from the cache until one of them changes, something takes effect, or another day begins.
    """
    sources = (template_source(pub.site.templates, name) for name in templates)
    key = key_of("text", *_made_from(pub), *sources, *parts, *_stage(pub))
    kept = cache.get(key)
    if kept is not None:
        return kept.decode()
    made = make()
    cache.put(key, made.encode())
    return made


def _stage(pub: Publication) -> tuple[str, ...]:
    """The day, and how many instants have passed at which something takes effect."""
    effective = {entry.effective for entry in pub.posted.record.entries if entry.effective}
    return str(sum(at <= pub.at for at in effective)), shown_day(pub)


def shown_day(pub: Publication) -> str:
    """The day for which all is told."""
    return pub.site.dates.day(pub.at.astimezone(pub.site.zone).date())


def _summary(pub: Publication, change: PostedChange, piece: str) -> ChangeSummary:
    keys = filter_keys(pub, change)
    note = pub.read(change)
    facts = change_json(
        change,
        class_of(pub, change),
        is_material(pub, change),
        fact_changes(pub.posted.record, change),
        pub.site.full(addresses.schema("change")) or addresses.schema("change"),
        note.editorial_because if note else "",
    )
    return ChangeSummary(
        change_title(pub, change), piece, short_summary(pub, change), keys["document"], keys["kind"], facts
    )


def _made_from(pub: Publication) -> tuple[str, ...]:
    """Everything that what is told is made from."""
    site = pub.site
    entries = {name: [entry.title, entry.published, entry.file] for name, entry in pub.entries.items()}
    said = [
        site.zone.key,
        site.url,
        site.directory_urls,
        pub.notes,
        entries,
        dict(site.words),
        dict(site.current),
        dict(pub.files),
        [asdict(ground) for ground in pub.grounds.values()],
    ]
    # The number of entries too: what an empty record tells hangs on no head.
    record = pub.posted.record
    return (
        record.head,
        str(len(record.entries)),
        json.dumps(said),
        template_source(site.templates, "posted-change.html"),
    )


def template_source(templates: Environment, name: str) -> str:
    """The text of a template."""
    assert templates.loader is not None
    return templates.loader.get_source(templates, name)[0]
