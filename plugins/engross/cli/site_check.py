"""The checks that `engross check` adds for a site: the rules of the record, reading, links, and other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from engross.cli.check import Checked, drafting_rules
from engross.common import now, site_cache
from engross.corpus import shown_path
from engross.drafting import (
    BROKEN_LINK,
    BY_NAME,
    NAMES as OF_SETUP,
    Inputs,
    Judged,
    Links,
    Site,
    check_note_texts,
    check_own_texts,
    check_pages,
    check_record,
    check_settings_text,
    check_setup,
    check_site_setup,
    let_pass,
    ordinary_pages,
    own_documents,
)
from engross.model import Diagnostic
from engross.record import BY_NAME as OF_RECORD, Plan, open_record
from engross.render import TEXT_DIFFERS as READING, check_readings
from engross.text import CONTROL_CHARACTER as CONTROL

NAMES = (*BY_NAME, *OF_RECORD, READING, BROKEN_LINK, CONTROL, *OF_SETUP)
"""The names of all rules."""


def with_record(inputs: Inputs, found: Sequence[Judged], names: frozenset[str], *, whole: bool) -> Checked:
    """Add to the findings in texts those of everything else.

    Those of the setup are added if the `whole` site or its settings are checked.
    """
    record_rules = names & set(OF_RECORD)
    statuses = [check_record(site, now(), record_rules, inputs.shown) for site in inputs.sites]
    reasons = dict(pair for status in reversed(statuses) for pair in status.reasons)
    of_record = [one for status in statuses for one in status.findings]
    plans = [status.plan for status in statuses]
    own = [one for plan in plans if plan for one in check_own_texts(plan, drafting_rules(names), inputs.exceptions)]
    own_shown = [one for one in own if inputs.shown is None or one.finding.path in inputs.shown]
    judged = let_pass([*found, *own_shown], reasons)
    notes = [one for plan in plans if plan for one in check_note_texts(plan, names)]
    notes = [one for one in notes if inputs.shown is None or one.path in inputs.shown]
    posted = [*inputs.problems, *_unreadable(inputs, names, plans), *judged, *of_record, *notes]
    others = [
        one
        for site in inputs.sites
        for one in (
            *check_settings_text(site.project, names),
            *_about_site(site, names, inputs.shown),
        )
        if inputs.shown is None or one.path in inputs.shown
    ]
    for site, plan in zip(inputs.sites, plans, strict=True):
        settings = site.project.settings.file.source.path
        if whole or (inputs.shown and settings in inputs.shown and names >= set(NAMES)):
            setup = check_setup(site.folders, site.project, now(), plan.record if plan else None)
            others += [one for one in setup if one not in posted and (whole or one.path == settings)]
    return Checked(posted, others, [plan for plan in plans if plan])


def _about_site(site: Site, names: frozenset[str], shown: frozenset[str] | None) -> Iterator[Diagnostic]:
    """Yield the findings in ordinary pages and mkdocs.yml, and about the setup of a site; only in the files `shown`."""
    folders, pages = site.folders, ordinary_pages(site.folders, site.project.settings)
    if shown is not None:
        pages = [name for name in pages if shown_path(folders.docs / name) in shown]
    yield from check_pages(folders, pages, names)
    if shown is None:
        yield from check_site_setup(folders, names)


def _unreadable(inputs: Inputs, names: frozenset[str], plans: Sequence[Plan | None]) -> list[Diagnostic]:
    """Return what a build would refuse to show of the sites' documents, and broken links in them."""
    found = []
    for site, plan in zip(inputs.sites, plans, strict=True):
        readable = (one for name, one in site.project.documents.items() if name not in site.project.unreadable)
        every = (*readable, *own_documents(plan))
        shown = inputs.shown
        documents = [one for one in every if shown is None or (one.source and one.source.path in shown)]
        cache = site_cache(site.folders.root)
        links = Links(site.project, site.folders, partial(open_record, site.folders.record), cache)
        found += check_readings(documents, cache) if READING in names else []
        notes = [one for one in (plan.notes if plan else ()) if shown is None or one.source.path in shown]
        found += [*links.check(documents), *links.check_notes(notes)] if BROKEN_LINK in names else []
    return found
