"""Changes that git knows: of the work tree since a commit, and of the record, packed for the job that pushes it.

The files of the commit that a branch is compared with are read from git's objects without touching the work tree.

The pack is a tar file: `commit` names the commit that was built, `changed` lists the added, changed and deleted paths
as git does (`git diff --name-status -z`), and the other files are the added and changed ones. `hosting/push_record.py`
reads it, and trusts none of it. Git's index stays as it is.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from engross.common import FOLDER as CACHE, MOST, EngrossError, error, value_class
from engross.record.external import OUTSIDE, run

_SHALLOW = (
    "this clone is shallow and does not contain it; fetch it, or check out with the whole history (fetch-depth: 0 on "
    "GitHub, GIT_DEPTH: 0 on GitLab)"
)
_FOLDER = "record"
"""The only place of a record that can be pushed, from the root of the repository."""
_WORKING = ".release*"
"""The files there that a release only works with."""


@value_class(frozen=True, slots=True)
class BaseCommit:
    """A commit to compare with, called `name` by people. `commit` is its hash, `top` the folder of the work tree.

    `common` is the last commit that it shares with HEAD; the same commit if the history that is here has none. Then
    `is_certain` is whether HEAD is a merge with it: otherwise a shallow clone does not show which of the two is older.
    """

    name: str
    commit: str
    top: Path
    common: str
    is_certain: bool = True

    @property
    def is_behind(self) -> bool:
        """Whether the base has commits that the branch does not have."""
        return self.common != self.commit


@value_class(frozen=True, slots=True)
class FileChange:
    """A file of the work tree that differs from a commit: "added", "deleted" or "changed". `path` is from the top."""

    path: str
    how: str


_NOT_FETCHED = (
    "check the name, and run git fetch origin. An editor in the browser may have no other branch: read the review of "
    "the pull request or merge request there"
)


def find_base(name: str, folder: Path) -> BaseCommit:
    """Find the commit of a git ref in the repository of a folder. Raises EngrossError if git has no such commit."""
    if not name or name.startswith("-"):
        raise EngrossError([error(OUTSIDE, name, 0, 0, "it is not a git ref, such as origin/main")])
    try:
        top = Path(_line(folder, "rev-parse", "--show-toplevel"))
    except EngrossError as failure:
        why = failure.diagnostics[0].message
        raise EngrossError([error(OUTSIDE, name, 0, 0, f"git cannot read this folder: {why}")]) from None
    try:
        commit = _line(folder, "rev-parse", "--verify", f"{name}^{{commit}}")
    except EngrossError as failure:
        shallow = _line(folder, "rev-parse", "--is-shallow-repository") == "true"
        why = _SHALLOW if shallow else _NOT_FETCHED
        raise EngrossError([error(OUTSIDE, name, 0, 0, f"git has no such commit: {why}")]) from failure
    try:
        return BaseCommit(name, commit, top, _line(folder, "merge-base", commit, "HEAD"))
    except EngrossError:  # a shallow clone, or no shared history
        return BaseCommit(name, commit, top, commit, is_certain=_is_parent(commit, folder))


def merged_commit(base: BaseCommit) -> str:
    """Return the hash of the commit that HEAD merges into the base, as hosts do for a check; empty if there is none."""
    try:
        first, second = (_line(base.top, "rev-parse", "--verify", f"HEAD^{number}^{{commit}}") for number in (1, 2))
    except EngrossError:  # no merge, or a shallow clone
        return ""
    return second if first == base.commit else ""


def _is_parent(commit: str, folder: Path) -> bool:
    """Whether a commit is a parent of HEAD, which also the commits of a shallow clone say."""
    try:
        head, _, _ = _line(folder, "cat-file", "commit", "HEAD").partition("\n\n")
    except EngrossError:  # no commit yet
        return False
    return f"parent {commit}" in head.splitlines()


def _line(folder: Path, *question: str) -> str:
    return run(("git", *question), folder).decode("utf-8", "surrogateescape").strip()


def changed_files(base: BaseCommit, *paths: Path) -> list[FileChange]:
    """The files below some paths that differ between the work tree and a base, by path; new files too.

    They are compared with the commit that the base shares with HEAD.
    """
    named = ("--", *(_from_top(base, path) for path in paths))
    git = ("git", "--literal-pathspecs")
    differing = run((*git, "diff", "--name-status", "--no-renames", "-z", base.common, *named), base.top)
    parts = _names(differing)
    found = {path: _HOW.get(letter[:1], "changed") for letter, path in zip(parts[::2], parts[1::2], strict=True)}
    new = run((*git, "ls-files", "--others", "--exclude-standard", "-z", *named), base.top)
    found |= dict.fromkeys(_names(new), "added")
    return [FileChange(path, found[path]) for path in sorted(found)]


_HOW = {"A": "added", "D": "deleted"}


def _names(listed: bytes) -> list[str]:
    return listed.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _from_top(base: BaseCommit, path: Path) -> str:
    return path.resolve().relative_to(base.top.resolve()).as_posix()


def write_files(base: BaseCommit, paths: Iterable[Path], folder: Path, *, contents: tuple[str, ...] = ()) -> None:
    """Write the files below some paths of the work tree, as they are in the base, into a folder, with the same paths.

    Files whose names do not end in one of `contents`, if there are any, are empty: only that they exist is known.
    Raises EngrossError if a file is not readable, or has more than `MOST` bytes.
    """
    named = [_from_top(base, path) for path in paths]
    listing = run(
        ("git", "--literal-pathspecs", "ls-tree", "-r", "-z", "--long", base.commit, "--", *named), base.top
    )  # fmt: skip
    files = list(_files(listing, base.name))
    wanted = [blob for name, blob in files if not contents or name.endswith(contents)]
    data = dict(zip(wanted, _contents(wanted, base), strict=True))
    for name, blob in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.get(blob, b"") if not contents or name.endswith(contents) else b"")


def _files(listing: bytes, base: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the object of each regular file; links and submodules are left out."""
    for row in _names(listing):
        facts, _, name = row.partition("\t")
        mode, kind, blob, size = facts.split()
        if kind == "blob" and mode != "120000":
            if not size.isdigit():
                raise _lacking(base, blob)
            if int(size) > MOST:
                raise EngrossError([error(OUTSIDE, f"{base}:{name}", 0, 0, f"it has more than {MOST:,} bytes")])
            yield name, blob


def _contents(blobs: Iterable[str], base: BaseCommit) -> Iterator[bytes]:
    sent = "".join(f"{blob}\n" for blob in blobs).encode()
    given = run(("git", "cat-file", "--batch"), base.top, sent) if sent else b""
    at = 0
    while at < len(given):
        end = given.index(b"\n", at)
        facts = given[at:end].split()
        if len(facts) != 3:
            raise _lacking(base.name, facts[0].decode())
        size = int(facts[2])
        yield given[end + 1 : end + 1 + size]
        at = end + 2 + size


def _lacking(base: str, blob: str) -> EngrossError:
    return EngrossError([error(OUTSIDE, base, 0, 0, f"git has no object {blob}; the clone is not complete")])


def built_commit(root: Path, record: Path) -> str:
    """Return the commit that is checked out in a site's folder `root`, whose record is in the folder `record`.

    Raises EngrossError if there is no commit, or if the record is not in `record/` at the root of the repository.
    """
    top = Path(_line(root, "rev-parse", "--show-toplevel"))
    if record.resolve() != top.resolve() / _FOLDER:
        message = f"the record is published only from {_FOLDER}/ at the root of the repository, {top}"
        raise EngrossError([error(OUTSIDE, str(record), 0, 0, message)])
    return _line(root, "rev-parse", "--verify", "HEAD")


def refuse_committed_cache(root: Path) -> None:
    """Raise EngrossError if git has files of the cache: whoever committed them would decide what is published."""
    listed = _names(run(("git", "ls-files", "-z", "--", CACHE.partition("/")[0]), root))
    ours = [path for path in listed if f"{CACHE}/".startswith(f"{path}/") or path.startswith(f"{CACHE}/")]
    if ours:
        message = (
            "this file of the cache was committed, and nothing is published with a cache that a branch brings; run "
        )
        fix = f"git rm -r --cached {CACHE}, delete the folder, and commit"
        raise EngrossError([error(OUTSIDE, ours[0], 0, 0, message + fix)])


def pack_changes(root: Path, pack: Path) -> None:
    """Write the changes of the record in the repository at `root` into the file `pack`, as a whole or not at all.

    Raises EngrossError if git fails, OSError if a file cannot be read or written.
    """
    commit = run(("git", "rev-parse", "--verify", "HEAD"), root)
    changes = _changes(root)
    listed = "".join(f"{change}\0{path}\0" for path, change in changes.items())
    pack.parent.mkdir(parents=True, exist_ok=True)
    unfinished = pack.with_name(f"{pack.name}.unfinished")
    try:
        with tarfile.open(unfinished, "w") as out:
            _add(out, "commit", commit)
            _add(out, "changed", os.fsencode(listed))
            for path, change in changes.items():
                if change != "D":
                    out.add(root / path, path, recursive=False)
        unfinished.replace(pack)
    finally:
        unfinished.unlink(missing_ok=True)


def _changes(root: Path) -> dict[str, str]:
    """Return A, M or D by path for each file of the record that is not as in the last commit."""
    tracked = _names(run(("git", "diff", "--no-renames", "--name-status", "-z", "HEAD", "--", _FOLDER), root))
    changes = dict(zip(tracked[1::2], tracked[::2], strict=True))
    # Whatever a .gitignore says: a ledger without its sealed files would be pushed.
    for path in _names(run(("git", "ls-files", "--others", f"--exclude={_WORKING}", "-z", "--", _FOLDER), root)):
        changes[path] = "M" if path in changes else "A"
    return changes


def _add(out: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    out.addfile(member, io.BytesIO(content))
