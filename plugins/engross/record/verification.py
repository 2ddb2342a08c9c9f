"""Verify a record: its bytes, its chain, its order and its dates; and report what today's parser reads otherwise.

Verification parses no sealed text. It finds a line that was altered, dropped, reordered or backdated, and a sealed file
that was altered, removed or added. Only another copy of the ledger shows that entries were cut off at its end
(`check_prefix`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from engross.common import (
    NO_CACHE,
    Cache,
    EngrossError,
    error,
    key_of,
    now,
    read_file,
    tracked as with_progress,
    value_class,
)
from engross.corpus import shown_path
from engross.model import Diagnostic, Severity, Version
from engross.record.delivery import check_receipts
from engross.record.encoding import SHORT, canonical, format_instant, sha256
from engross.record.external import OUTSIDE, other_ledger, tracked
from engross.record.history import LEDGER, Record
from engross.record.journal import leftovers
from engross.record.ledger.file import BOTH_RELEASED, RULE, read_ledger, read_verified
from engross.record.ledger.invariants import check_invariants
from engross.record.posting.drafts import read_tree_of, sealed_document
from engross.record.sealed_files import (
    FOR_GIT,
    JOURNAL,
    NEXT_LEDGER,
    SEAL,
    checked_bytes,
    every_file,
    is_written_name,
    listed,
    present,
    sealed_source,
    sealed_tree,
)
from engross.record.seals import hashes_in, with_hashes, with_seals
from engross.record.trees import addressed, text_hash

_MOST = 5
"""The maximum number of anchors in a line of the report."""


def reparsed(record: Record) -> Iterator[str]:
    """Yield a line for each difference between a sealed version and what today's parser reads in its text.

    A difference is no tampering: the parser of its day made the anchors, labels and text hash of a version. Raises
    EngrossError if a sealed file was altered.
    """
    for versions in record.versions.values():
        for version in versions:
            yield from (f"{version.id}: {line}" for line in _of_version(record, version))


def _of_version(record: Record, version: Version) -> Iterator[str]:
    tree = sealed_tree(record, version)
    document = sealed_document(record, version)
    try:
        read_tree_of(sealed_source(record, version), version.entry)
    except EngrossError as refusal:
        yield f"today's parser refuses it: {refusal.diagnostics[0].message}"
        return
    text = text_hash(document.root)
    if text != version.sealed.text:
        yield f"its text hash is {text[:SHORT]} now, and was {version.sealed.text[:SHORT]} when it was posted"
    now = {one.anchor: one.label for one in addressed(document)}
    then = {clause.anchor: clause.label for clause in tree.clauses}
    yield from _listed("it no longer has these anchors", [name for name in then if name not in now])
    yield from _listed("it has these new anchors", [name for name in now if name not in then])
    renamed = [f"{then[name]} → {label}" for name, label in now.items() if then.get(name, label) != label]
    yield from _listed("these clauses have other labels", renamed)


def _listed(what: str, names: list[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield f"{what}: {', '.join(names[:_MOST])}{more}"


LEDGER_GONE = (
    "the ledger is missing or empty, but there are sealed files; restore the ledger from the version history, or from "
    "the live site, and leave the sealed files as they are"
)
_FIRST_STOPPED = (
    ". If nothing was ever posted, a first release was interrupted before it wrote the ledger: delete the folder "
    "{folder}, and release again"
)


def open_record(folder: Path, cache: Cache = NO_CACHE) -> Record:
    """Read and verify the record in a folder; an empty record if the folder does not exist.

    With a `cache`, files are not read again if nothing was wrong with the record and since then no file was touched:
    for pages that are not published. Raises EngrossError with everything that is wrong with it.
    """
    # Earlier than any file is read: who writes one afterwards changes its times.
    state = _State.of(folder) if cache.folder else None
    if state and (known := cache.get(state.key)):
        entries = with_hashes(read_verified(state.ledger), json.loads(known))
        return Record(folder, shown_path(folder), entries, written=state.ledger)
    record, problems = verify(folder)
    if problems:
        raise EngrossError(problems)
    if state and state.is_old:
        cache.put(state.key, canonical(hashes_in(record.entries)))
    return record


@value_class(frozen=True, slots=True)
class _State:
    """The ledger of a record and the state of its files, from which it can be known whether they were touched.

    Whoever changes a file can set its size and time as they were, but not the time at which the system changed what
    it knows of the file (`st_ctime`). Times are not exact, so a file changed at the time of reading is not known to be
    as it was read: `is_old` is whether the last change was some seconds ago.
    """

    ledger: bytes
    key: str
    is_old: bool

    @classmethod
    def of(cls, folder: Path) -> _State | None:
        """The state of a record's files now; None if it cannot be known that they are as they were."""
        if os.name != "posix":  # elsewhere the time is that of creation
            return None
        try:
            found = {name: entry.stat(follow_symlinks=False) for name, entry in every_file(folder)}
            ledger = _ledger_bytes(folder / LEDGER)
        except OSError:
            return None
        if not ledger or not found.keys().isdisjoint((JOURNAL, NEXT_LEDGER)):
            return None
        rows = (
            f"{name} {one.st_mode} {one.st_size} {one.st_mtime_ns} {one.st_ctime_ns} {one.st_ino} {one.st_dev}"
            for name, one in sorted(found.items())
        )
        key = key_of(__name__, "verified", ledger, "\n".join(rows))
        return cls(ledger, key, max(one.st_ctime for one in found.values()) < now().timestamp() - _SETTLED)


_SETTLED = 5
"""The seconds after which a file that changes has another time."""


def sealed_in(folder: Path) -> Callable[[str, bytes], bool]:
    """Return a function that checks whether bytes are a sealed text of a document in the record of a folder.

    The function reads the record at each call, since it is called only for a text that a later rule refuses.
    """

    def is_sealed(document: str, data: bytes) -> bool:
        """Whether the bytes are the text of a sealed version of a document; False if the record cannot be read."""
        try:
            record = open_record(folder)
        except EngrossError:
            return False
        return sha256(data) in {version.sealed.source for version in record.versions.get(document, ())}

    return is_sealed


def verify(folder: Path, now: datetime | None = None) -> tuple[Record, list[Diagnostic]]:
    """Read the record in a folder as far as possible; also return everything that is wrong with it.

    If `now` is given, an entry that was posted later is an error.
    """
    shown = shown_path(folder)
    path = f"{shown}/{LEDGER}"
    if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
        return Record(folder, shown), [error(RULE, shown, 0, 0, "it is not a folder, and the record must be one")]
    # A release may end while this reads: files and journal are listed before the ledger is read, which lists more.
    there = set(present(folder)) if folder.is_dir() else set()
    interrupted = leftovers(folder)
    if problems := list(_tracked_journal(folder)):
        # A committed journal could name sealed files, and the next release would remove them.
        return Record(folder, shown), problems
    try:
        data = _ledger_bytes(folder / LEDGER)
    except OSError as problem:
        return Record(folder, shown), [error(RULE, path, 0, 0, (problem.strerror or "cannot be read").lower())]
    entries, problems = read_ledger(data, path)
    # The laws need the hashes in seal files, to know whether a version restores another.
    entries, broken_seals = with_seals(folder, shown, entries)
    problems += check_invariants(entries, path)
    record = Record(folder, shown, entries, written=data)
    if problems:
        # A broken ledger does not list what was sealed, so file errors would repeat the same cause.
        return record, problems
    if not entries and (sealed := {name for name in there if is_written_name(name)}):
        # Otherwise each sealed file would be reported as unlisted, with the advice to remove it. A journal proves
        # nothing: who deleted the ledger may have written it.
        return record, [error(RULE, path, 0, 0, _ledger_gone(folder, sealed - interrupted))]
    names = listed(record)
    return record, [
        *_for_git(record, set(FOR_GIT) - interrupted),
        *_dates(record, now),
        *check_receipts(record),
        *broken_seals,
        *_files(record, names),
        *_unlisted(record, there - interrupted - set(names)),
    ]


def _tracked_journal(folder: Path) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each file of a running release that git tracks. Git runs only if there is such a file."""
    for name in (JOURNAL, NEXT_LEDGER):
        if (folder / name).exists() and tracked(folder / name):
            shown = shown_path(folder / name)
            message = (
                "git tracks this file, which exists only during a release and belongs in no commit; remove it: "
                f"git rm --cached --force {shown}, then delete it"
            )
            yield error(RULE, shown, 0, 0, message)


def _ledger_gone(folder: Path, unnamed: Iterable[str]) -> str:
    """The message about a missing ledger. `unnamed` are the sealed files that no journal names."""
    if any(unnamed) or tracked(folder / LEDGER):
        return LEDGER_GONE
    return LEDGER_GONE + _FIRST_STOPPED.format(folder=shown_path(folder))


def _ledger_bytes(path: Path) -> bytes:
    if path.is_symlink():
        raise OSError(0, "it is a link, and the ledger must be a file")
    return read_file(path) if path.exists() else b""


def _dates(record: Record, now: datetime | None) -> Iterator[Diagnostic]:
    for line, entry in enumerate(record.entries, 1):
        if now and entry.posted > now:
            message = f"{entry.name}: it was posted on {format_instant(entry.posted)}, which is in the future"
            yield error(RULE, record.ledger_path, line, 1, message)


def _files(record: Record, names: Mapping[str, tuple[str, str]]) -> Iterator[Diagnostic]:
    for name, (wanted, by) in with_progress("Verifying files", [*names.items()]):
        # Seal files were read before. The hashes in a broken seal file are unknown, so `wanted` is empty then.
        if wanted and not name.endswith(SEAL) and (mistake := _file_mistake(record.folder / name, wanted)):
            yield error(RULE, f"{record.shown}/{name}", 0, 0, f"{by}: {mistake}")


def _file_mistake(path: Path, wanted: str) -> str:
    """What is wrong with a sealed file; empty if nothing is."""
    try:
        checked_bytes(path, wanted)
    except ValueError as mistake:
        return str(mistake)
    return ""


def _unlisted(record: Record, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name in sorted(names):
        message = (
            f"no entry lists this file. Only Engross writes into {record.shown}; remove it. If a branch that also "
            "released was merged: " + BOTH_RELEASED[0].lower() + BOTH_RELEASED[1:]
        )
        yield error(RULE, f"{record.shown}/{name}", 0, 0, message)


def _for_git(record: Record, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name in sorted(names):
        path = record.folder / name
        if path.exists() and _file_mistake(path, sha256(FOR_GIT[name])):
            message = (
                "this file keeps git from altering sealed files, and was altered; delete it: the next "
                "release writes it again"
            )
            yield error(RULE, f"{record.shown}/{name}", 0, 0, message)


def interruption(record: Record) -> Diagnostic | None:
    """A note that a release was interrupted, which does the record no harm; None if none was."""
    if not leftovers(record.folder):
        return None
    message = "a release was interrupted. The record is whole; the next release removes the files that it left"
    return Diagnostic(RULE, Severity.NOTE, record.shown, 0, 0, message)


def check_prefix(record: Record, other: bytes, name: str) -> list[Diagnostic]:
    """Check that another ledger, called `name` in messages, is the beginning of this one.

    An empty ledger is an error too: comparing with it would prove nothing.
    """
    entries, problems = read_ledger(other, name)
    if problems:
        return problems
    if not entries:
        return [error(RULE, name, 0, 0, "this copy of the ledger is empty; compare with one that has entries")]
    for line, (mine, theirs) in enumerate(zip(record.entries, entries, strict=False), 1):
        if mine.hash != theirs.hash:
            message = (
                f"{mine.name} is not the same as in {name}, whose {theirs.name} has the hash {theirs.hash[:SHORT]}…. "
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
    """Check that another copy of the ledger, in a file, at an address or in a git ref, is the beginning of this one.

    `root` is the site's folder. A copy that does not exist is an error unless it `may_lack`. Raises EngrossError if the
    copy cannot be read.
    """
    data, called = other_ledger(name, root, record.folder / LEDGER)
    if data is not None:
        return check_prefix(record, data, called)
    if may_lack:
        return []
    message = "it has no ledger to compare with; if nothing was ever published there, use --first-time"
    raise EngrossError([error(OUTSIDE, called, 0, 0, message)])
