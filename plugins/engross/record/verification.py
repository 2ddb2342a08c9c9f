"""Verifies the record: bytes, chain, order, dates; and reports what today's parser reads otherwise.

What today's parser reads otherwise than the one that sealed a version: a report, in which nothing is tampered with.

A version's hash of its text, and the anchors and labels of its clauses, were made by the parser of its day.

Whether the record is what was posted: bytes, chain, order, dates. Nothing is parsed that was parsed before.

A line altered, dropped, swapped or backdated shows, and so does a sealed file altered, missing or added. A ledger cut
cleanly after an entry shows only against another copy: `check_prefix`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from engross.common import EngrossError, error
from engross.corpus import shown_path
from engross.model import Diagnostic, Severity, Version
from engross.record.archive import (
    FOR_GIT,
    JOURNAL,
    NEXT_LEDGER,
    SEAL,
    checked_bytes,
    is_written_name,
    listed,
    present,
    sealed_source,
    sealed_tree,
)
from engross.record.encoding import SHORT, format_instant, sha256
from engross.record.external import OUTSIDE, other_ledger, read_file, tracked
from engross.record.history import LEDGER, Record
from engross.record.journal import leftovers
from engross.record.ledger.file import BOTH_RELEASED, RULE, read_ledger
from engross.record.ledger.invariants import check_invariants
from engross.record.posting.drafts import read_tree_of, sealed_document
from engross.record.seals import with_seals
from engross.record.trees import addressed, text_hash

_MOST = 5
"""Anchors that a line names."""


def reparsed(record: Record) -> Iterator[str]:
    """A line for each difference, version by version. Raises EngrossError where a sealed file is not what it was."""
    for versions in record.versions.values():
        for version in versions:
            yield from (f"{version.id}: {line}" for line in _of_version(record, version))


def _of_version(record: Record, version: Version) -> Iterator[str]:
    tree = sealed_tree(record, version)
    document = sealed_document(record, version)
    try:
        read_tree_of(sealed_source(record, version), version.entry)
    except EngrossError as refusal:
        yield f"the parser of today refuses it: {refusal.diagnostics[0].message}"
        return
    text = text_hash(document.root)
    if text != version.sealed.text:
        yield f"its text has the hash {text[:SHORT]} now, and {version.sealed.text[:SHORT]} when it was posted"
    now = {one.anchor: one.label for one in addressed(document)}
    then = {clause.anchor: clause.label for clause in tree.clauses}
    yield from _listed("it has these anchors no longer", [name for name in then if name not in now])
    yield from _listed("it has these anchors now", [name for name in now if name not in then])
    called = [f"{then[name]} → {label}" for name, label in now.items() if then.get(name, label) != label]
    yield from _listed("these clauses are called otherwise", called)


def _listed(what: str, names: list[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield f"{what}: {', '.join(names[:_MOST])}{more}"


LEDGER_GONE = (
    "the ledger is missing or empty, and sealed files lie beside it; restore the ledger from the version history, or "
    "from the live site, and leave the sealed files as they are"
)
_FIRST_STOPPED = (
    ". If nothing was ever posted, a first release was stopped before it wrote the ledger: delete the folder {folder}, "
    "and release again"
)


def open_record(folder: Path) -> Record:
    """The record in a folder, verified; an empty one where there is none.

    Raises EngrossError with everything that is wrong with it.
    """
    record, problems = verify(folder)
    if problems:
        raise EngrossError(problems)
    return record


def sealed_in(folder: Path) -> Callable[[str, bytes], bool]:
    """Whether some bytes are those of a text of a document that is sealed in the record of a folder.

    The record is read when that is asked: only a text that a later rule refuses is asked about.
    """

    def is_sealed(document: str, data: bytes) -> bool:
        try:
            record = open_record(folder)
        except EngrossError:
            return False
        return sha256(data) in {version.sealed.source for version in record.versions.get(document, ())}

    return is_sealed


def verify(folder: Path, now: datetime | None = None) -> tuple[Record, list[Diagnostic]]:
    """The record in a folder, as far as it can be read, and everything that is wrong with it.

    Nothing may be posted after `now`, where that is given.
    """
    shown = shown_path(folder)
    path = f"{shown}/{LEDGER}"
    if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
        return Record(folder, shown), [error(RULE, shown, 0, 0, "it is no folder, and the record is one")]
    # A release may end while this reads: what it wrote is found here and in its journal before the ledger lists it.
    there = set(present(folder)) if folder.is_dir() else set()
    interrupted = leftovers(folder)
    if problems := list(_tracked_journal(folder)):
        # Whoever can commit files could have one name sealed files, which the next release would take away.
        return Record(folder, shown), problems
    try:
        data = _ledger_bytes(folder / LEDGER)
    except OSError as problem:
        return Record(folder, shown), [error(RULE, path, 0, 0, (problem.strerror or "cannot be read").lower())]
    entries, problems = read_ledger(data, path)
    # Whether a version restores another is a matter of the hashes in their seal files.
    entries, broken_seals = with_seals(folder, shown, entries)
    problems += check_invariants(entries, path)
    record = Record(folder, shown, entries)
    if problems:
        # What a broken ledger lists is not what was sealed: one cause, told once.
        return record, problems
    if not entries and (sealed := {name for name in there if is_written_name(name)}):
        # Each sealed file would be called nobody's, and the advice would be to take it away. What a journal says is no
        # proof: whoever deleted the ledger can have written it.
        return record, [error(RULE, path, 0, 0, _ledger_gone(folder, sealed - interrupted))]
    names = listed(record)
    problems += _for_git(record, set(FOR_GIT) - interrupted)
    return record, [
        *problems,
        *_dates(record, now),
        *broken_seals,
        *_files(record, names),
        *_unlisted(record, there - interrupted - set(names)),
    ]


def _tracked_journal(folder: Path) -> Iterator[Diagnostic]:
    """A diagnostic for each file of a release under way that git tracks; git is asked only where there is one."""
    for name in (JOURNAL, NEXT_LEDGER):
        if (folder / name).exists() and tracked(folder / name):
            shown = shown_path(folder / name)
            message = (
                "git tracks this file, which is there only while a release is under way, and belongs in no commit; "
                f"take it out: git rm --cached --force {shown}, then delete it"
            )
            yield error(RULE, shown, 0, 0, message)


def _ledger_gone(folder: Path, unnamed: Iterable[str]) -> str:
    """What to do without a ledger; `unnamed` are the sealed files that no journal names."""
    if any(unnamed) or tracked(folder / LEDGER):
        return LEDGER_GONE
    return LEDGER_GONE + _FIRST_STOPPED.format(folder=shown_path(folder))


def _ledger_bytes(path: Path) -> bytes:
    if path.is_symlink():
        raise OSError(0, "it is a link, and the ledger is a file")
    return read_file(path) if path.exists() else b""


def _dates(record: Record, now: datetime | None) -> Iterator[Diagnostic]:
    for line, entry in enumerate(record.entries, 1):
        if now and entry.posted > now:
            message = f"{entry.name}: it was posted on {format_instant(entry.posted)}, which is still to come"
            yield error(RULE, record.ledger_path, line, 1, message)


def _files(record: Record, names: Mapping[str, tuple[str, str]]) -> Iterator[Diagnostic]:
    for name, (wanted, by) in names.items():
        # Seal files were read before; what one that is broken would say of other files is not known.
        if wanted and not name.endswith(SEAL) and (wrong := _wrong_file(record.folder / name, wanted)):
            yield error(RULE, f"{record.shown}/{name}", 0, 0, f"{by}: {wrong}")


def _wrong_file(path: Path, wanted: str) -> str:
    """What is wrong with a sealed file, in words; empty where nothing is."""
    try:
        checked_bytes(path, wanted)
    except ValueError as wrong:
        return str(wrong)
    return ""


def _unlisted(record: Record, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name in sorted(names):
        message = (
            f"no entry lists this file. Only Engross writes into {record.shown}; take it away. If a branch that also "
            "released was merged: " + BOTH_RELEASED[0].lower() + BOTH_RELEASED[1:]
        )
        yield error(RULE, f"{record.shown}/{name}", 0, 0, message)


def _for_git(record: Record, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name in sorted(names):
        path = record.folder / name
        if path.exists() and _wrong_file(path, sha256(FOR_GIT[name])):
            message = (
                "this file keeps git from altering sealed files, and was altered; delete it: a release writes it anew"
            )
            yield error(RULE, f"{record.shown}/{name}", 0, 0, message)


def interruption(record: Record) -> Diagnostic | None:
    """That a release was stopped while it wrote, which did the record no harm; None where none was."""
    if not leftovers(record.folder):
        return None
    message = "a release was stopped before it was done. The record is whole; the next release takes away what it left"
    return Diagnostic(RULE, Severity.NOTE, record.shown, 0, 0, message)


def check_prefix(record: Record, other: bytes, name: str) -> list[Diagnostic]:
    """Whether another ledger, called `name`, is the beginning of this one: a diagnostic where it is not.

    An empty one is not: any record begins with nothing, so that comparing with it would prove nothing.
    """
    entries, problems = read_ledger(other, name)
    if problems:
        return problems
    if not entries:
        return [error(RULE, name, 0, 0, "this copy of the ledger is empty; compare with one that has entries")]
    for line, (mine, theirs) in enumerate(zip(record.entries, entries, strict=False), 1):
        if mine.hash != theirs.hash:
            message = (
                f"{mine.name} is another one than in {name}, whose {theirs.name} has the hash {theirs.hash[:SHORT]}…. "
                f"One of the two was rewritten. {BOTH_RELEASED}"
            )
            return [error(RULE, record.ledger_path, line, 1, message)]
    if len(entries) > len(record.entries):
        first = entries[len(record.entries)]
        message = (
            f"entries are missing at the end: {name} has {len(entries)}, this has {len(record.entries)}. The first "
            f"missing one is {first.name}, posted {format_instant(first.posted)}; restore it from the version history"
        )
        return [error(RULE, record.ledger_path, len(record.entries) + 1, 1, message)]
    return []


def check_against(record: Record, name: str, root: Path, *, may_lack: bool = False) -> list[Diagnostic]:
    """Whether the copy of the ledger that a file, an address or a ref of git has is the beginning of this record.

    `root` is the site's folder. Where there is no such copy, that is an error unless it `may_lack`. Raises EngrossError
    where it cannot be read.
    """
    data, called = other_ledger(name, root, record.folder / LEDGER)
    if data is not None:
        return check_prefix(record, data, called)
    if may_lack:
        return []
    message = "it has no ledger to compare with; if nothing was ever published there, say so with --first-time"
    raise EngrossError([error(OUTSIDE, called, 0, 0, message)])
