"""Reads a review. An unreadable part is listed in the review, which still describes all other parts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import quote

from engross.common import EngrossError, site_cache, value_class, without_collection
from engross.corpus import Folders, Project, read_project, shown_path
from engross.model import Diagnostic, Severity
from engross.record import (
    RULES,
    BaseCommit,
    Check,
    HostKind,
    Plan,
    Record,
    changed_files,
    current_host,
    find_base,
    first_note_hint,
    read_state,
    sealed_in,
    verify,
    waiting_parts,
)
from engross.review.base import base_record, base_site, check_ledger, check_notes_of, check_record_of, instead_of
from engross.review.content import Change, Problem, Review
from engross.review.documents import read_changes
from engross.review.findings import Checked, new_findings
from engross.review.notes import read_note

Made = TypeVar("Made")
_DOCUMENTS = "Documents that cannot be read"
_SETTINGS = "The settings of the site cannot be read"
_NOTES = "Change notes that cannot be read"
_RECORD = "The record cannot be read"
_BASE = "The base cannot be compared"
_BROKEN = "A part of this review could not be made"


def read_review(
    folders: Folders, now: datetime, base: str = "", preview: str = "", check: Check | None = None
) -> Review:
    """Review the work tree of a site at the instant `now`.

    `base` is a git ref to compare with; or a file or an address of a ledger, with which only the record is compared.
    `preview` is the address of a draft site, for links; `check` is how a release checks drafting. Raises nothing that a
    site can cause: what cannot be read is among the problems of the review.
    """
    with TemporaryDirectory(prefix="engross-review-") as folder, without_collection():
        return _Reader(folders, now, base, preview, Path(folder), check).read()


@value_class
class _Reader:
    folders: Folders
    now: datetime
    name: str
    preview: str
    folder: Path
    check: Check | None = None
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unread: list[Diagnostic] = field(default_factory=list)

    def read(self) -> Review:
        """Read all parts, one after the other."""
        base = self._base()
        record = self._record(base)
        project = self._project(record)
        name = base.name if base else ""
        review = Review(self.now, "UTC", name, self.preview, _sources(self.folders), shown_path(self.folders.root))
        if project:
            review = replace(review, timezone=project.settings.timezone)
            plan = self._plan(project, record)
            checked = Checked(self.folders, project, record, plan)
            review = self._findings(self._of_plan(review, plan) if plan else review, checked, base)
            review = self._checked(review, plan, base) if plan else review
        elif base:
            self._changed_files(base)
        return replace(review, problems=tuple(self.problems), remarks=tuple(self.remarks))

    def _attempt(self, title: str, make: Callable[[], Made]) -> Made | None:
        """Return what a function makes; None if it raises an error, which becomes a problem with a title."""
        try:
            return make()
        except EngrossError as failure:
            self.problems.append(Problem(title, failure.diagnostics))
        except OSError as failure:
            self.problems.append(Problem(title, advice=f"{failure.filename or ''}: {failure.strerror or failure}"))
        return None

    def _base(self) -> BaseCommit | None:
        if not self.name:
            self.remarks.append(_NO_BASE)
            return None
        if self._is_ledger():
            self.remarks.append(_ONLY_LEDGER.format(base=self.name))
            return None
        return self._attempt(_BASE, self._find_base)

    def _find_base(self) -> BaseCommit:
        """Return the base, called as in a clone where the job of a host has fetched it under a name of its own."""
        base, host = find_base(self.name, self.folders.root), current_host(self.folders)
        fetched = self.name == _FETCHED and host and host.base_branch
        return replace(base, name=f"origin/{host.base_branch}") if host and fetched else base

    def _is_ledger(self) -> bool:
        return self.name.startswith(("https://", "http://")) or Path(self.name).is_file()

    def _record(self, base: BaseCommit | None) -> Record:
        """Return the record; that of the base if it is broken or not there, to describe the rest."""
        record, broken = verify(self.folders.record)
        wrong: tuple[Problem, ...] = ()
        if base:
            found = self._attempt(_BASE, lambda: check_record_of(base, self.folders))
        elif self._is_ledger() and not broken:
            found = self._attempt(_BASE, lambda: check_ledger(self.folders, record, self.name))
        else:
            found = None
        if found:
            wrong, remarks = found
            self.problems += wrong
            self.remarks += remarks
        if broken and not wrong:
            self.problems.append(Problem(_RECORD, tuple(broken)))
        if base and (broken or (wrong and not record.entries)):
            restored = self._attempt(_RECORD, lambda: base_record(base, self.folders, self.folder / "record-of-base"))
            if restored:
                self.remarks.append(_WITH_BASE.format(base=base.name))
                return restored
        return Record(record.folder, record.shown) if broken else record

    def _project(self, record: Record) -> Project | None:
        instead = instead_of(record, self.unread)
        folders, is_sealed, cache = self.folders, sealed_in(record.folder), site_cache(self.folders.root)
        project = self._attempt(
            _SETTINGS, lambda: read_project(folders.docs, folders.settings, is_sealed, instead=instead, cache=cache)
        )
        if self.unread:
            self.problems.append(Problem(_DOCUMENTS, tuple(self.unread)))
        return project

    def _plan(self, project: Project, record: Record) -> Plan | None:
        state = self._attempt(_NOTES, lambda: read_state(self.folders, self.now, project, record))
        return state.plan if state else None

    def _of_plan(self, review: Review, plan: Plan) -> Review:
        """Add what would be posted, the notes and what is missing."""
        self.remarks += filter(None, [first_note_hint(plan)])
        if plan.folder.problems:
            self.problems.append(Problem(_NOTES, plan.folder.problems))
        changes = self._attempt(_BROKEN, lambda: read_changes(plan, self.preview))
        notes = self._attempt(_BROKEN, lambda: tuple(read_note(plan, note) for note in plan.notes))
        missing = self._attempt(_BROKEN, lambda: tuple(self._missing(plan)))
        changes = self._attempt(_BROKEN, lambda: _mark_waiting(plan, changes or ())) if missing else changes
        return replace(review, changes=changes or (), notes=notes or (), missing=missing or ())

    def _missing(self, plan: Plan) -> Iterator[Diagnostic]:
        paths = {one.path for one in self.unread}
        unread = {name for name, entry in _files(plan.project, self.folders) if entry in paths}
        notes = {note.source.path for note in plan.notes if unread & set(note.documents)}
        for rule in RULES:
            # A document that cannot be read is shown as it was posted, so that nothing of it seems to differ.
            yield from (one for one in rule.check(plan) if one.rule != _WITHOUT_CHANGE or one.path not in notes)

    def _findings(self, review: Review, checked: Checked, base: BaseCommit | None) -> Review:
        before: Checked | None = None
        if base:
            try:
                before = base_site(base, self.folders, self.folder / "base", checked.project, checked.record)
            except EngrossError as failure:
                self.remarks.append(_ALL_NEW.format(base=base.name, why=failure.diagnostics[0].message))
        found = self._attempt(_BROKEN, lambda: new_findings(checked, before))
        return replace(review, findings=tuple(found[0]), known=found[1]) if found else review

    def _checked(self, review: Review, plan: Plan, base: BaseCommit | None) -> Review:
        """Add changes that notes of the base do not describe, and mark those that a release would refuse."""
        with suppress(EngrossError):  # A partial clone may lack what git compares.
            self.problems += check_notes_of(base, self.folders, plan) if base else ()
        grave = (self.folders.strict and review.known) or _stopping(review.findings, strict=self.folders.strict)
        if self.check is None or not grave or all(one.waits for one in review.changes):
            return review
        changes = self._attempt(_BROKEN, lambda: _mark_waiting(plan, review.changes, self.check))
        return replace(review, changes=changes or review.changes)

    def _changed_files(self, base: BaseCommit) -> None:
        """List the files that differ, for which the review can describe nothing else."""
        changes = self._attempt(_BASE, lambda: changed_files(base, self.folders.docs))
        files = tuple(f"{one.how}: {one.path}" for one in changes or ())
        self.problems.append(Problem("Files that differ from the base", files=files, is_error=False))


_FETCHED = "origin/base-of-review"
"""The name under which the workflows of a site fetch the base branch."""
_WITHOUT_CHANGE = "note-without-change"
_NO_BASE = "The branch was not compared with its base; name it with --base, such as --base origin/main."
_ONLY_LEDGER = "Only the record was compared with {base}; with a git ref, findings are compared too."
_ALL_NEW = "All findings are listed as new, since the documents of {base} cannot be read: {why}."
_WITH_BASE = "What follows is compared with the record of {base}, as if the record were restored."


def _stopping(findings: Sequence[Diagnostic], *, strict: bool) -> bool:
    """Whether any finding may stop a release."""
    return any(one.severity >= (Severity.WARNING if strict else Severity.ERROR) for one in findings)


def _mark_waiting(plan: Plan, changes: tuple[Change, ...], check: Check | None = None) -> tuple[Change, ...]:
    """Mark the changes that a release would not post."""
    names = {name for part in waiting_parts(plan, check) for name in part.about}
    return tuple(replace(one, waits=one.id in names) for one in changes)


def _files(project: Project, folders: Folders) -> Iterator[tuple[str, str]]:
    """Yield each document with the path of its file in messages."""
    return ((entry.id, shown_path(folders.docs / entry.file)) for entry in project.settings.documents if entry.file)


def _sources(folders: Folders) -> str:
    """Return the address of the site's files on its host, ending in a slash; empty where it is not known."""
    host = current_host(folders)
    if host is None or not host.repository or not host.branch:
        return ""
    docs = Path(os.path.relpath(folders.docs, folders.root)).as_posix()
    root = host.docs.removesuffix(docs).strip("/") if host.docs.endswith(docs) else ""
    between = "" if host.kind is HostKind.GITHUB else "/-"
    return f"{host.repository}{between}/blob/{quote(host.branch)}/{quote(root)}{'/' if root else ''}"
