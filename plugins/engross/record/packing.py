"""Packs what changed in the record since the last commit, for the job that pushes it.

The pack is a tar file: `commit` names the commit that was built, `changed` lists the added, changed and deleted paths
as git does (`git diff --name-status -z`), and the other files are the added and changed ones. `hosting/push_record.py`
reads it, and trusts none of it. Git's index stays as it is.
"""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from engross.common import FOLDER as CACHE, EngrossError, error
from engross.record.external import OUTSIDE, Run, run

FOLDER = "record"
"""The only place of a record that can be pushed, from the root of the repository."""
_WORKING = ".release*"
"""The files there that a release only works with."""


def built_commit(root: Path, record: Path, *, run: Run = run) -> str:
    """Return the commit that is checked out in a site's folder `root`, whose record is in the folder `record`.

    Raises EngrossError if there is no commit, or if the record is not in `record/` at the root of the repository.
    """
    top = Path(os.fsdecode(run(("git", "rev-parse", "--show-toplevel"), root)).strip())
    if record.resolve() != top.resolve() / FOLDER:
        message = f"the record is published only from {FOLDER}/ at the root of the repository, {top}"
        raise EngrossError([error(OUTSIDE, str(record), 0, 0, message)])
    return run(("git", "rev-parse", "--verify", "HEAD"), root).decode().strip()


def refuse_committed_cache(root: Path, *, run: Run = run) -> None:
    """Raise EngrossError if git has files of the cache: whoever committed them would decide what is published."""
    listed = _parts(run(("git", "ls-files", "-z", "--", CACHE.partition("/")[0]), root))
    ours = [path for path in listed if f"{CACHE}/".startswith(f"{path}/") or path.startswith(f"{CACHE}/")]
    if ours:
        message = (
            "this file of the cache was committed, and nothing is published with a cache that a branch brings; run "
        )
        fix = f"git rm -r --cached {CACHE}, delete the folder, and commit"
        raise EngrossError([error(OUTSIDE, ours[0], 0, 0, message + fix)])


def pack_changes(root: Path, pack: Path, *, run: Run = run) -> None:
    """Write the changes of the record in the repository at `root` into the file `pack`, as a whole or not at all.

    Raises EngrossError if git fails, OSError if a file cannot be read or written.
    """
    commit = run(("git", "rev-parse", "--verify", "HEAD"), root).decode()
    changes = _changes(root, run)
    listed = "".join(f"{change}\0{path}\0" for path, change in changes.items())
    pack.parent.mkdir(parents=True, exist_ok=True)
    unfinished = pack.with_name(f"{pack.name}.unfinished")
    try:
        with tarfile.open(unfinished, "w") as out:
            _add(out, "commit", commit.encode())
            _add(out, "changed", os.fsencode(listed))
            for path, change in changes.items():
                if change != "D":
                    out.add(root / path, path, recursive=False)
        unfinished.replace(pack)
    finally:
        unfinished.unlink(missing_ok=True)


def _changes(root: Path, run: Run) -> dict[str, str]:
    """Return A, M or D by path for each file of the record that is not as in the last commit."""
    tracked = _parts(run(("git", "diff", "--no-renames", "--name-status", "-z", "HEAD", "--", FOLDER), root))
    changes = dict(zip(tracked[1::2], tracked[::2], strict=True))
    # Whatever a .gitignore says: a ledger without its sealed files would be pushed.
    for path in _parts(run(("git", "ls-files", "--others", f"--exclude={_WORKING}", "-z", "--", FOLDER), root)):
        changes[path] = "M" if path in changes else "A"
    return changes


def _parts(output: bytes) -> list[str]:
    return os.fsdecode(output).split("\0")[:-1]


def _add(out: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    out.addfile(member, io.BytesIO(content))
