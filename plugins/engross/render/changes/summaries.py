"""Summaries of the posted changes, made once for all pages and feeds and cached between builds.

They depend on the record, the UI strings and the templates, never on the day, so a build without a new posting reads
them all from the cache.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, field
from typing import Any

from engross.common import Cache, key_of, tracked, value_class, zone_rules
from engross.record import PostedChange, addresses, change_json, fact_changes
from engross.render.changes.posted import (
    Publication,
    change_documents,
    class_of,
    filter_keys,
    is_material,
    render_view,
    short_summary,
    view,
)
from engross.render.templates import own_templates_hash, source_parts

_MADE_BY = (__name__, "engross.record.notes.files")


@value_class(frozen=True, slots=True)
class ChangeSummary:
    """A change for lists and feeds: its title, its documents (`about`: their titles, and what happened to them), all of
    its HTML (`piece`), the `brief` part of it for lists, the `short` beginning of its summary as plain text, its filter
    keys (`documents` and `kinds`, separated by spaces), and its `facts` for programs.
    """

    title: str
    about: str
    piece: str
    brief: str
    short: str
    documents: str
    kinds: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def summarize_changes(pub: Publication, cache: Cache) -> Mapping[str, ChangeSummary]:
    """The summary of every posted change, by its slug."""
    key = key_of(_MADE_BY, "summaries", *_made_from(pub))

    def make() -> bytes:
        changes = tracked("Summarizing changes", pub.posted.changes)
        summaries = {change.slug: asdict(_summary(pub, change)) for change in changes}
        return json.dumps(summaries, ensure_ascii=False).encode()

    return {slug: ChangeSummary(**fields) for slug, fields in json.loads(cache.made(key, make)).items()}


def cached_text(
    pub: Publication, cache: Cache, maker: str, templates: Iterable[str], parts: Iterable[str], make: Callable[[], str]
) -> str:
    """Cache the text that `make` returns, by the summaries' inputs, some `templates` with all that they include, and
    `parts`. `maker` is the module that computes it.

    It is made again if one of them changes, something takes effect, or another day begins.
    """
    key = key_of(
        (*_MADE_BY, maker), "text", *_made_from(pub), *source_parts(pub.site.templates, templates), *parts, *_stage(pub)
    )
    return cache.made(key, lambda: make().encode()).decode()


def _stage(pub: Publication) -> tuple[str, ...]:
    """The day, and the number of dates of effect that have passed."""
    effective = {entry.effective for entry in pub.posted.record.entries if entry.effective}
    passed = sum(at <= pub.at for at in effective)
    return str(passed), shown_day(pub)


def shown_day(pub: Publication) -> str:
    """The day that the pages describe."""
    return pub.site.dates.day(pub.at.astimezone(pub.site.zone).date())


def _summary(pub: Publication, change: PostedChange) -> ChangeSummary:
    keys = filter_keys(pub, change)
    note, shown = pub.read(change), view(pub, change)
    facts = change_json(
        change,
        class_of(pub, change),
        is_material(pub, change),
        fact_changes(pub.posted.record, change),
        pub.site.full(addresses.schema("change")) or addresses.schema("change"),
        note,
    )
    return ChangeSummary(
        shown.title,
        change_documents(pub, change),
        render_view(pub, shown),
        render_view(pub, shown, brief=True),
        short_summary(pub, change),
        keys["document"],
        keys["kind"],
        facts,
    )


def material_changes(pub: Publication, summaries: Mapping[str, ChangeSummary]) -> tuple[PostedChange, ...]:
    """The material changes, and those that withdraw their versions or correct them."""
    return pub.posted.telling_of({slug for slug, one in summaries.items() if "material" in one.kinds.split()})


def _made_from(pub: Publication) -> tuple[str | bytes, ...]:
    """All inputs of the summaries."""
    site = pub.site
    entries = {name: [entry.title, entry.published, entry.file] for name, entry in pub.entries.items()}
    inputs = [
        zone_rules(site.zone.key),
        site.url,
        site.directory_urls,
        pub.notes,
        pub.references,
        entries,
        dict(site.words),
        dict(site.current),
        dict(pub.files),
        [asdict(ground) for ground in pub.grounds.values()],
    ]
    # The number of entries is needed too: an empty record has no head.
    record = pub.posted.record
    return (
        record.head,
        str(len(record.entries)),
        json.dumps(inputs),
        *source_parts(site.templates, ["posted-change.html"]),
        own_templates_hash(site.templates),
    )
