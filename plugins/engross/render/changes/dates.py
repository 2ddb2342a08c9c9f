"""The page "What changed since you agreed", as HTML.

A script answers for a date or an acceptance record, from the data that the page holds. Without scripts, readers find
every change by year, with the redlines of each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from itertools import groupby

from markupsafe import Markup

from engross.common import value_class
from engross.corpus import PageType, Settings
from engross.model import NOT_FIXED, ChangeClass, EntryKind, Version, VersionId
from engross.record import Effect, Period, PostedChange, addresses, periods
from engross.render.archive.comparison import script_words
from engross.render.archive.frame import archive_page
from engross.render.archive.paging import Part, is_large, split, text_size
from engross.render.changes.posted import Publication, class_of, is_material
from engross.render.changes.summaries import ChangeSummary

SCRIPT = "engross-dates"
"""The file name of the script of this page."""


@value_class(frozen=True, slots=True)
class Step:
    """A change in the list, with its effect on each document: title, old and new version (0: none), redline."""

    change: PostedChange
    title: str
    page: str
    short: str
    material: bool
    documents: tuple[tuple[str, int, int, str], ...]


_SCRIPT_WORDS = (
    "date_form", "first_day", "date_time", *(f"month_{number}" for number in range(1, 13)), "material",
    "since_at", "since_accepted", "since_unchanged", "since_changes_one", "since_changes_many", "since_material_one",
    "since_material_many", "since_only_minor", "since_minor", "since_announced", "since_coming_one",
    "since_coming_many", "since_redline", "since_then", "since_now", "since_compare", "since_none_then",
    "since_none_now", "since_unrecorded", "since_imported", "since_wrong",
    "since_unknown", "since_no_day", "awaits_delivery",
)  # fmt: skip
"""The UI strings that the script shows."""

_LATER_THAN_ALL = "~"
"""For the script, the time of a change that waits for the delivery of its notice."""

_NEVER = datetime(1, 1, 2, tzinfo=UTC)
"""The last effect in a record that holds nothing."""

_HASH = 12
"""The length of the hash prefix that identifies a text, as in the names of sealed files."""


def render_since(
    pub: Publication,
    settings: Settings,
    summaries: Mapping[str, ChangeSummary],
    here: str,
    styles: Sequence[str],
    script: str,
    compare: str,
) -> str:
    """The content of the page "What changed since you agreed". `here` is its address; `styles` and `script` are those
    of its files, and `compare` is the script that makes a redline, which is loaded when a reader opens one.
    """
    *older, last = _parts(pub, summaries, here)
    years = [(year, year, list(found)) for year, found in groupby(last.items[::-1], partial(_year, pub))]
    if older:
        years = [(last.name, last.title(pub.words), list(last.items[::-1]))]
    data = _data(pub, here, summaries, compare)
    if is_large(data):
        data = _json({"file": pub.site.link(here, _DATA)})
    return pub.site.templates.get_template("since.html").render(
        words=pub.words,
        instant=cache(pub.site.instant),
        zone=pub.site.zone.key,
        now=pub.at,
        styles=[pub.site.link(here, style) for style in styles],
        script=pub.site.link(here, script),
        years=years if last.items else [],
        older=[
            (part.name, part.title(pub.words), pub.site.link(here, part.address(_OLDER)), len(part.items))
            for part in reversed(older)
        ],
        sets=[(entry.title, pub.site.link(here, addresses.set_acceptance(entry.id))) for entry in settings.sets],
        # The theme runs each script element again when it swaps the page, so this is an attribute. Between single
        # quotes, the many double ones of JSON need no escape.
        data=Markup(data.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")),
    )


_DATA = f"{PageType.SINCE.address}changes.json"
"""The data of the script, where it is too large for the page."""

_OLDER = PageType.SINCE.address
"""The folder of the pages with older changes."""


def since_files(pub: Publication, summaries: Mapping[str, ChangeSummary], style: str, compare: str) -> dict[str, str]:
    """The files that a long page "What changed since you agreed" leads to, by address: pages with older changes, and
    the data of the script; none if the page has everything. `style` and `compare` are as for `render_since`.
    """
    main, words, files = PageType.SINCE.address, pub.words, {}
    for part in _parts(pub, summaries, main)[:-1]:
        here = part.address(_OLDER)
        kept = {step.change.slug for step in part.items}
        steps = [_step(pub, summaries[one.slug], one, here) for one in _by_effect(pub) if one.slug in kept]
        files[here] = archive_page(
            pub.site,
            "since-older.html",
            here,
            words["archive_part_title"].format(title=words["since_all"], part=part.title(words)),
            crumbs=[(words["since_title"], main)],
            styles=style,
            steps=steps,
            now=pub.at,
            zone=pub.site.zone.key,
        )
    data = _data(pub, main, summaries, compare)
    return {**files, _DATA: data} if is_large(data) else files


_STEP = 600
"""The most bytes of a step without its texts."""


def _parts(pub: Publication, summaries: Mapping[str, ChangeSummary], here: str) -> tuple[Part[Step], ...]:
    """All changes by the date of effect, oldest first, in the parts that have a page each."""
    steps = [_step(pub, summaries[change.slug], change, here) for change in _by_effect(pub)]
    return split(steps[::-1], partial(_year, pub), _size)


def _size(step: Step) -> int:
    return _STEP + text_size(step.title, step.page) + sum(250 + len(one[0]) + len(one[3]) for one in step.documents)


def _year(pub: Publication, step: Step) -> str:
    return f"{_from(step.change).astimezone(pub.site.zone).year}"


def _by_effect(pub: Publication) -> list[PostedChange]:
    """All changes by the date of effect, latest first; those of one date by the date of posting, latest first."""
    # The sort is stable, and the record is in the order newest first.
    return sorted(pub.posted.changes, key=_from, reverse=True)


def _from(change: PostedChange) -> datetime:
    """The last instant at which a change takes effect; if it has none, the instant of posting."""
    return max(change.effective, default=change.posted)


def _step(pub: Publication, summary: ChangeSummary, change: PostedChange, here: str) -> Step:
    link = pub.site.link
    documents = tuple(
        (
            effect.document.title,
            effect.superseded.number if effect.superseded else 0,
            effect.entry.version if effect.kind is EntryKind.POST else 0,
            link(here, addresses.redline_page(effect.superseded, effect.entry.version)) if effect.superseded else "",
        )
        for effect in (() if change.is_import else change.effects)
    )
    page = link(here, addresses.change_page(change.slug))
    return Step(change, summary.title, page, summary.short, bool(is_material(pub, change)), documents)


def _data(pub: Publication, here: str, summaries: Mapping[str, ChangeSummary], compare: str) -> str:
    """The data of the script as JSON. Times are local times of the site, so that they compare as text."""
    known = {name: periods(pub.posted.record, name) for name in pub.posted.record.versions}
    names = {name: at for at, name in enumerate(known)}
    data = {
        "zone": pub.site.zone.key,
        "now": _local_time(pub, _last_effect(pub, known)),
        "words": {name: pub.words[name] for name in _SCRIPT_WORDS},
        "awaiting": _LATER_THAN_ALL,
        "compare": script_words(pub.words),
        "script": pub.site.link(here, compare),
        "documents": [_document_data(pub, name, found, here) for name, found in known.items()],
        "changes": [
            _change_data(pub, summaries[change.slug], change, here, names)
            for change in _by_effect(pub)
            if not change.is_import
        ],
    }
    return _json(data)


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _last_effect(pub: Publication, known: Mapping[str, tuple[Period, ...]]) -> datetime:
    """The last instant at which something took effect, or else was posted: since then nothing has changed."""
    started = (one.start for found in known.values() for one in found if one.start <= pub.at)
    return max(started, default=pub.posted.record.entries[-1].posted if pub.posted.record.entries else _NEVER)


def _document_data(pub: Publication, name: str, found: Iterable[Period], here: str) -> dict[str, object]:
    link = pub.site.link
    return {
        "id": name,
        "title": pub.title_of(name),
        "page": link(here, addresses.version_page(VersionId(name, 0))),
        "compare": link(here, addresses.compare_page(name)),
        "lists": link(here, addresses.clause_lists(name)),
        "imported": link(here, addresses.versions_page(name)) if pub.posted.record.versions[name][0].imported else "",
        "in_force": [[_local_time(pub, one.start), one.version.number if one.version else 0] for one in found],
        "versions": [list(_hashes(one)) for one in pub.posted.record.versions[name]],
    }


def _hashes(version: Version) -> Iterator[str]:
    """The hashes that identify a version: of its source now, and before each redaction (old acceptance records name
    these). If a seal file was destroyed, only the hash of that file is left.
    """
    for sealed in (version.sealed, *(entry.was for entry in version.redactions)):
        if sealed:
            yield from (sha[:_HASH] for sha in (sealed.source, sealed.seal) if sha)


def _change_data(
    pub: Publication, summary: ChangeSummary, change: PostedChange, here: str, names: Mapping[str, int]
) -> tuple[str, str, str, dict[int, str]]:
    """The title, address and kind of a change, and by the index of each of its documents when it took effect."""
    when: dict[int, str] = {}
    for effect in change.effects:
        at = _local_time(pub, max(change.posted, effect.entry.effective or change.posted))
        when |= {names[name]: max(at, when.get(names[name], "")) for name in effect.documents if name in names}
    return summary.title, pub.site.link(here, addresses.change_page(change.slug)), _kind(pub, change), when


def _kind(pub: Publication, change: PostedChange) -> str:
    """The kind of a change: "material", "substantive", or "" if readers need not weigh it: editorial, a correction, or
    a change that was withdrawn before it applied.
    """
    if class_of(pub, change) != ChangeClass.SUBSTANTIVE or not any(map(_applies, change.effects)):
        return ""
    return "material" if is_material(pub, change) else "substantive"


def _applies(effect: Effect) -> bool:
    """Whether an effect is of weight: not of a version that was withdrawn before it applied."""
    version = effect.version
    return not (version and version.withdrawn and version.withdrawn <= version.effective)


def _local_time(pub: Publication, at: datetime) -> str:
    if at == NOT_FIXED:
        return _LATER_THAN_ALL
    return at.astimezone(pub.site.zone).strftime("%Y-%m-%d %H:%M:%S")
