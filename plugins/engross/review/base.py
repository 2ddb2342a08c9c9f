"""What a branch did to the record, and its base as a site of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from engross.common import EngrossError
from engross.corpus import Folders, Project, find_folders, read_project
from engross.model import Clause, ClauseKind, Diagnostic, Document, DocumentEntry, EntryKind
from engross.record import (
    FOR_GIT,
    LEDGER,
    BaseCommit,
    FileChange,
    Plan,
    Record,
    changed_files,
    check_prefix,
    format_instant,
    merged_commit,
    open_record,
    other_ledger,
    sealed_document,
    sha256,
    verify,
    write_files,
)
from engross.review.content import Problem
from engross.review.findings import Checked

_TEXTS = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".yml", ".yaml", ".json")
"""The endings of the files that a check reads; of other files it only needs to know that they exist."""
_MOST_FILES = 20


def base_site(base: BaseCommit, folders: Folders, folder: Path, head: Project, record: Record) -> Checked:
    """Write the docs of the base into a folder and read them; unchanged documents are those of the branch.

    Raises EngrossError if the base has no site that can be read.
    """
    paths = [folders.docs, *folders.configs, *(folders.root / name for name in ("mkdocs.yml", "mkdocs.yaml"))]
    write_files(base, dict.fromkeys(paths), folder, contents=_TEXTS)
    root = folder / folders.root.resolve().relative_to(base.top.resolve())
    root.mkdir(parents=True, exist_ok=True)
    there = find_folders(root)
    return Checked(there, read_project(there.docs, there.settings, _sealed_in(record), known=head), record)


def _sealed_in(record: Record) -> Callable[[str, bytes], bool]:
    return lambda name, data: sha256(data) in {one.sealed.source for one in record.versions.get(name, ())}


def base_record(base: BaseCommit, folders: Folders, folder: Path) -> Record:
    """Write the record of the base into a folder and read it. Raises EngrossError if it cannot be read."""
    write_files(base, (folders.record,), folder)
    return open_record(folder / folders.record.resolve().relative_to(base.top.resolve()))


def check_ledger(folders: Folders, record: Record, name: str) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Compare the record with the ledger in a file, at an address or in a ref: what is wrong, and remarks.

    Raises EngrossError if that ledger cannot be read.
    """
    copy, called = other_ledger(name, folders.root, folders.record / LEDGER)
    if copy is None:
        return (), (_NO_LEDGER.format(ledger=record.ledger_path, base=called),)
    wrong = check_prefix(record, copy, called)
    return ((Problem(_NOT_CONTINUED.format(base=called), tuple(wrong)),) if wrong else ()), ()


_NO_LEDGER = (
    "There is no {ledger} in {base} to compare with. Approve this only if nothing was ever posted there: a change that "
    "moves the record (`record` in mkdocs.yml) looks the same."
)
_NOT_CONTINUED = "The record does not continue that of {base}"


def check_record_of(base: BaseCommit, folders: Folders) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Return the mistakes in a branch's changes of the record, and remarks. Raises EngrossError if git fails."""
    if folders.record.is_symlink():
        return (Problem(_CHANGED, files=(f"link: {folders.record.name}",), advice=_NO_LINK),), ()
    record, broken = verify(folders.record)
    changes = changed_files(base, folders.record)
    copy = _ledger_of(base, folders)
    if copy is None:
        remarks: tuple[str, ...] = (_NO_LEDGER.format(ledger=record.ledger_path, base=base.name),)
        return ((Problem("The record is broken", tuple(broken)),) if broken else ()), remarks
    wrong = [*broken, *([] if broken and not record.entries else check_prefix(record, copy, base.name))]
    if wrong and not broken and _is_behind(base, folders, changes, copy):
        return (), (_BEHIND.format(base=base.name),)
    if wrong:
        files = tuple(f"{one.how}: {one.path}" for one in changes)
        return (
            Problem(
                _CHANGED if changes else "The record is broken",
                tuple(wrong[:_MOST_FILES]),
                files,
                _restore(base, folders),
            ),
        ), ()
    if lost := [one for one in changes if one.how == "deleted" and Path(one.path).name in FOR_GIT]:
        files = tuple(f"{one.how}: {one.path}" for one in lost)
        return (Problem(_CHANGED, (), files, _restore(base, folders)),), ()
    return (), (*_added(record, copy, base, len(changes)), *_began_earlier(base, folders, copy))


def _is_behind(base: BaseCommit, folders: Folders, changes: list[FileChange], copy: bytes) -> bool:
    """Whether the base has posted more than a branch whose record is sound, and the branch has changed none of it.

    Where the history is not known, the branch must have the beginning of the ledger `copy` of the base, and may only
    lack files.
    """
    if base.is_certain:
        return base.is_behind and not changes
    ledger = folders.record / LEDGER
    others = [one for one in changes if one.how != "deleted" and base.top / one.path != ledger.resolve()]
    return not others and ledger.is_file() and copy.startswith(ledger.read_bytes() or b"\n")


def _ledger_of(base: BaseCommit, folders: Folders) -> bytes | None:
    try:
        # By its hash: a file or a folder may have the name of the ref.
        return other_ledger(base.commit, folders.root, folders.record / LEDGER)[0]
    except EngrossError as failure:
        raise EngrossError(replace(one, path=base.name) for one in failure.diagnostics) from None


_NO_LINK = "The record is a folder of its own, not a link: it could not be published"
_CHANGED = "This branch changes the record, which only Engross may write"
_BEHIND = (
    "{base} has posted more since this branch began. Merge {base} into this branch first: until then, this review "
    "compares with an older record."
)


def _restore(base: BaseCommit, folders: Folders) -> str:
    folder = folders.record.resolve().relative_to(folders.root.resolve()).as_posix()
    return f"git restore --source={base.name} --staged --worktree -- {folder}"


def _began_earlier(base: BaseCommit, folders: Folders, copy: bytes) -> Iterator[str]:
    """Yield a remark if a merge under review is of a branch whose own record lacks the last entries of the base."""
    branch = merged_commit(base)
    own = other_ledger(branch, folders.root, folders.record / LEDGER)[0] if branch else None
    if own and own != copy and copy.startswith(own):
        yield _MERGE_FIRST.format(base=base.name)


_MERGE_FIRST = (
    "{base} has posted more since this branch began. Merge {base} into the branch before you run commands of this "
    "review there: they need its record."
)


def _added(record: Record, copy: bytes, base: BaseCommit, files: int) -> Iterator[str]:
    added = len(record.entries) - copy.count(b"\n")
    if added > 0:
        entries = "1 entry" if added == 1 else f"{added} entries"
        yield (
            f"This branch adds {entries} to the record, in {files} files, and continues that of {base.name}. Usually "
            "only the release after the merge does. What they posted is not compared below: "
            + "; ".join(f"{entry.name}, posted {format_instant(entry.posted)}" for entry in record.entries[-added:])
            + "."
        )


def check_notes_of(base: BaseCommit, folders: Folders, plan: Plan) -> Iterator[Problem]:
    """Yield a problem if the branch changes documents that only notes of the base name.

    Raises EngrossError if git fails.
    """
    changed = {(base.top / one.path).resolve() for one in changed_files(base, folders.docs, folders.notes)}
    found = []
    for posting in plan.postings:
        entry = plan.entry_of(posting) if posting.kind is EntryKind.POST else None
        paths = [note.source.path for note in posting.notes]
        own = any((folders.notes / Path(path).name).resolve() in changed for path in paths)
        if entry and entry.file and paths and not own and (folders.docs / entry.file).resolve() in changed:
            found.append(f"{posting.document}: {', '.join(paths)}")
    if found:
        yield Problem(_BORROWED.format(base=base.name), files=tuple(found), advice=_DESCRIBE)


_BORROWED = "This branch changes documents that only pending notes of {base} name"
_DESCRIBE = (
    "They would be posted with these notes, which describe other changes. Write a note for them; if such a note is "
    "about the same change, describe them in it"
)


def instead_of(record: Record | None, problems: list[Diagnostic]) -> Callable[[DocumentEntry, EngrossError], Document]:
    """Return what is shown instead of a document that cannot be read: its latest version, so that nothing changed.

    The errors are added to `problems`.
    """

    def instead(entry: DocumentEntry, failure: EngrossError) -> Document:
        """Return the last sealed text of a document that cannot be read; an empty one without any."""
        problems.extend(failure.diagnostics)
        version = record.latest(entry.id) if record else None
        if record and version:
            return sealed_document(record, version, entry)
        return Document(entry, None, Clause(ClauseKind.DOCUMENT, (1, 1)))

    return instead
