"""The findings of a branch that its base does not have.

The base is not checked again where nothing changed: its unchanged documents are those of the branch, sets in which
nothing changed have the same findings, and only rules that find something in the branch are applied to the others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from engross.common import site_cache, value_class
from engross.corpus import Folders, Project
from engross.drafting import (
    BY_NAME,
    RULES,
    Exceptions,
    Judged,
    Links,
    Rule,
    check_note_texts,
    check_own_texts,
    check_pages,
    check_settings_text,
    check_subjects,
    clauses_by_path,
    finding_key,
    let_pass,
    ordinary_pages,
    own_documents,
    project_subjects,
    site_exceptions,
)
from engross.model import Diagnostic, Document
from engross.record import Plan, Record, emergencies, posted_texts
from engross.render import check_readings
from engross.terms import Readings

_NAMES = frozenset(BY_NAME)


@value_class(frozen=True, slots=True)
class Checked:
    """A site that is to be checked. `plan` is None where the record cannot be read, and for a base."""

    folders: Folders
    project: Project
    record: Record
    plan: Plan | None = None


def new_findings(head: Checked, base: Checked | None) -> tuple[list[Diagnostic], int]:
    """Return the findings of a site that its base does not have, and how many it has too.

    Without a base, all are new. Raises EngrossError if the baseline of either cannot be read.
    """
    cache = site_cache(head.folders.root)
    readings = Readings(cache)
    judged = _drafting(head, site_exceptions(head.project), RULES, readings)
    others = [*_others(head), *_links(head)]
    changed = _changed(head, base)
    others += check_readings([*changed, *own_documents(head.plan)], cache)
    if base is None:
        return [*_passed(head, judged), *others], 0
    same = _unchanged_sets(head.project, base.project)
    unsure = [one for one in judged if one.finding.document not in same]
    rules = {one.diagnostic.rule for one in unsure}
    before = [one.diagnostic for one in _drafting_of_base(base, same, rules, readings)] if rules else []
    before += [*_others(base), *_links(base)] if others else []
    known = Counter(_keys(before, base))
    # A text beside a note is another text of its document, which the base may check too.
    new_judged = [one for one, key in zip(unsure, _keys([one.diagnostic for one in unsure], head), strict=True)
                  if not _take(known, key)]  # fmt: skip
    new_others = [one for one, key in zip(others, _keys(others, head), strict=True) if not _take(known, key)]
    new = [*_passed(head, new_judged), *new_others]
    return new, len(judged) + len(others) - len(new)


def _take(known: Counter[tuple[str, str, str]], key: tuple[str, str, str]) -> bool:
    """Whether a finding is known; each known one counts once."""
    if not known[key]:
        return False
    known[key] -= 1
    return True


def _keys(found: Iterable[Diagnostic], site: Checked) -> list[tuple[str, str, str]]:
    texts = clauses_by_path([*site.project.documents.values(), *own_documents(site.plan)])
    return [finding_key(one, texts, os.path.relpath(one.path or ".", site.folders.root)) for one in found]


def _drafting(site: Checked, exceptions: Exceptions, rules: Sequence[Rule], readings: Readings) -> list[Judged]:
    subjects = project_subjects(site.project, posted_texts(site.project, site.record), readings)
    own = check_own_texts(site.plan, rules, exceptions) if site.plan else ()
    return [*check_subjects(subjects, rules=rules, exceptions=exceptions), *own]


def _drafting_of_base(base: Checked, same: Collection[str], names: Collection[str], readings: Readings) -> list[Judged]:
    """Check the sets of the base in which something changed, by the rules of some names."""
    project = base.project
    editions = tuple(one for one in project.editions if not same or not {doc.id for doc in one.documents} <= {*same})
    grouped = {name for entry in project.settings.sets for name in entry.documents}
    documents = {name: one for name, one in project.documents.items() if name in grouped or name not in same}
    changed = replace(base, project=replace(project, editions=editions, documents=documents))
    rules = [rule for rule in RULES if rule.name in names]
    return _drafting(changed, site_exceptions(project), rules, readings)


def _unchanged_sets(head: Project, base: Project) -> frozenset[str]:
    """The documents that are in no set in which a document changed; none if documents.yml changed."""
    if head.settings.file.source.data != base.settings.file.source.data:
        return frozenset()
    changed = {name for name, one in head.documents.items() if not _is_same(one, base.documents.get(name))}
    for entry in head.settings.sets:
        if changed & set(entry.documents):
            changed |= set(entry.documents)
    return frozenset(head.documents) - changed


def _changed(head: Checked, base: Checked | None) -> list[Document]:
    documents = head.project.documents
    before = base.project.documents if base else {}
    return [one for name, one in documents.items() if not _is_same(one, before.get(name))]


def _is_same(one: Document, other: Document | None) -> bool:
    if other is None or one.source is None or other.source is None:
        return other is not None and one.source is other.source
    return one.source.data == other.source.data


def _others(site: Checked) -> list[Diagnostic]:
    """The findings in settings, notes, ordinary pages and mkdocs.yml."""
    notes = check_note_texts(site.plan, _NAMES) if site.plan else ()
    pages = ordinary_pages(site.folders, site.project.settings)
    return [*check_settings_text(site.project, _NAMES), *notes, *check_pages(site.folders, pages, _NAMES)]


def _links(site: Checked) -> list[Diagnostic]:
    documents = [*site.project.documents.values(), *own_documents(site.plan)]
    return Links(site.project, site.folders, lambda: site.record).check(documents)


def _passed(head: Checked, judged: Sequence[Judged]) -> list[Diagnostic]:
    return let_pass(judged, emergencies(head.plan) if head.plan else {})
