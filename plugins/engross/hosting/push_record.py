"""Push what `engross publish` packed: check that it only adds to the record, commit it, and push it to the branch.

    python -I push_record.py [--branch BRANCH] [--remote REMOTE] [--output FILE] PACK

This program runs next to the key to the branch, on a file that another job has written. So it needs only the standard
library, trusts nothing in the file, writes only git's index, and runs only git. It does not know the laws of the
ledger; `engross verify` checks those. It runs in a clone of the branch, whose record is in `record/`.

Exits with 0 if the record was pushed or nothing is new, 1 if the file is refused or git fails, 75 if the branch has
moved since the commit from which the file was built: what was sealed may not be what comes next. With --output, it adds
two lines to a file: `moved=true`, or `moved=false` and `head=` with the hash of the last entry of the ledger.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

MOVED = 75
"""The exit code if the branch has moved (EX_TEMPFAIL): build again."""
LEDGER = "record/ledger.jsonl"
FOR_GIT = {"record/.gitattributes": b"* -text\n", "record/.gitignore": b".release*\n"}
"""The files of the record that are not sealed, which the first release writes."""
SEALED = re.compile(
    r"record/(?:[a-z0-9][a-z0-9-]*/[1-9][0-9]*-[0-9a-f]{12}\.(?:md|yml|tree\.json|seal\.json)"
    r"|changes/[0-9a-f]{12}\.(?:md|seal\.json)"
    r"|pictures/[0-9a-f]{64}\.[a-z0-9]+)"
)
MOST_BYTES = 1 << 28
"""The most bytes of one file, as `engross verify` reads them."""
MOST_IN_ALL = 1 << 30
"""The most bytes of all files together."""
MOST_FILES = 100_000
NO_BLOB = "0" * 40
GIT = ("git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false")
"""Git without the programs that an earlier job may have left in the clone, where a runner uses it again."""


def refuse(why: str) -> NoReturn:
    """End the program."""
    sys.exit(f"refused: {why}. Nothing was pushed.")


def git(*words: str, given: bytes | None = None) -> bytes:
    """Return the output of git."""
    return subprocess.run([*GIT, *words], input=given, check=True, stdout=subprocess.PIPE).stdout


def unpack(path: str) -> dict[str, bytes]:
    """The content of each file of a tar file, by its name."""
    files: dict[str, bytes] = {}
    size = 0
    with tarfile.open(path, "r:") as packed:
        for member in packed:
            # The sizes that a file names are checked before anything is read: a hole in it costs its author nothing.
            size += member.size
            if member.size > MOST_BYTES or size > MOST_IN_ALL or len(files) >= MOST_FILES:
                refuse(f"it has more or larger files than any record: see {member.name!r}")
            content = packed.extractfile(member) if member.isreg() else None
            if content is None:
                refuse(f"{member.name!r} is no regular file")
            if member.name in files:
                refuse(f"{member.name!r} is there twice")
            files[member.name] = content.read()
    return files


def take_commit(files: dict[str, bytes]) -> str:
    """The commit that the files were built from; it is removed from them."""
    commit = files.pop("commit", b"").decode("ascii", "replace").strip()
    if not re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", commit):
        refuse("it does not name the commit that it was built from")
    return commit


def take_changes(files: dict[str, bytes]) -> dict[str, str]:
    """Added, changed or deleted (A, M, D), by path; the list is removed from the files."""
    parts = files.pop("changed", b"").decode("utf-8", "surrogateescape").split("\0")[:-1]
    changes = dict(zip(parts[1::2], parts[::2], strict=True)) if len(parts) % 2 == 0 else {"": "?"}
    for path, change in changes.items():
        if change not in {"A", "M", "D"}:
            refuse(f"{path!r} is listed with an unknown kind of change, {change!r}")
    if set(files) != {path for path, change in changes.items() if change != "D"}:
        refuse("its files are not those that it says were added or changed")
    return changes


def read_head() -> dict[str, tuple[str, str]]:
    """The mode and the blob of each file in record/ in HEAD, by path."""
    listed = git("ls-tree", "-r", "-z", "HEAD", "--", "record").decode("utf-8", "surrogateescape").split("\0")[:-1]
    rows = (row.split("\t", 1) for row in listed)
    return {path: (about.split()[0], about.split()[2]) for about, path in rows}


def read_added(old: bytes, new: bytes) -> list[dict[str, Any]]:
    """The entries that a ledger adds to another."""
    if not new.startswith(old):
        refuse(f"{LEDGER} does not begin with the ledger of the branch, byte for byte")
    if (old and not old.endswith(b"\n")) or (new and not new.endswith(b"\n")):
        refuse(f"{LEDGER} does not end with a whole line")
    try:
        entries = [json.loads(line) for line in new[len(old) :].decode("utf-8").split("\n")[:-1]]
    except ValueError:
        refuse(f"{LEDGER} has a new line that is no JSON")
    for entry in entries:
        if not isinstance(entry, dict) or not re.fullmatch("[0-9a-f]{64}", str(entry.get("hash"))):
            refuse(f"{LEDGER} has a new line that is no entry with a hash")
    return entries


def find_redacted(entries: list[dict[str, Any]]) -> Iterator[str]:
    """A pattern for the files that each redaction among new entries may delete: those of what it names."""
    for entry in entries:
        if entry.get("kind") != "redact":
            continue
        was = entry.get("was")
        short = re.escape(str(was.get("source") if isinstance(was, dict) else was)[:12])
        of_tree = re.escape(str(was.get("text"))[:12]) if isinstance(was, dict) else short
        if "note" in entry:
            yield rf"record/changes/{short}\.(?:md|seal\.json)"
        else:
            version = re.escape(f"{entry.get('document')}/{entry.get('version')}")
            yield rf"record/{version}-(?:{short}|{of_tree})\.[a-z.]+"
            yield r"record/pictures/.+"


def check_file(path: str, content: bytes) -> None:
    """Refuse a new file whose name is not that of something sealed, or not that of its own bytes."""
    if path in FOR_GIT:
        if content != FOR_GIT[path]:
            refuse(f"{path} is not as a release writes it")
        return
    if not SEALED.fullmatch(path):
        refuse(f"{path!r} is not the name of a sealed file")
    digest = hashlib.sha256(content).hexdigest()
    name = path.rsplit("/", 1)[1]
    if path.startswith("record/pictures/") and not name.startswith(f"{digest}."):
        refuse(f"{path} does not have the bytes that its name says")
    if name.endswith(".seal.json") and name.removesuffix(".seal.json").rsplit("-", 1)[-1] != digest[:12]:
        refuse(f"{path} does not have the bytes that its name says")


def check(files: dict[str, bytes], changes: dict[str, str]) -> tuple[bytes, str]:
    """Refuse whatever does more than add to the record. Returns the new ledger, and what its new entries post."""
    there = read_head()
    for path, (mode, _) in there.items():
        if mode not in {"100644", "100755"}:
            refuse(f"{path!r} is no regular file on the branch")
    old = git("cat-file", "blob", there[LEDGER][1]) if LEDGER in there else b""
    new = files.get(LEDGER, old)
    added = read_added(old, new)
    if changes and not added:
        refuse("it changes the record without a new line in the ledger")
    redacted = [re.compile(pattern) for pattern in find_redacted(added)]
    for path, change in changes.items():
        if (change != "A") != (path in there):
            refuse(f"{path!r} is listed as {change}, which it is not on the branch")
        if path == LEDGER and change != "D":
            continue
        if change == "A":
            check_file(path, files[path])
        elif change == "M" or not any(pattern.fullmatch(path) for pattern in redacted):
            refuse(f"{path!r} is sealed, and no new redaction in the ledger replaces it")
    return new, describe(added)


def stage(files: dict[str, bytes], changes: dict[str, str]) -> None:
    """Put the files into git's index, without a file on disk: no link there, and no filter of git, can be met."""
    rows = b""
    for path, change in changes.items():
        if change == "D":
            rows += f"0 {NO_BLOB}\t{path}\0".encode("utf-8", "surrogateescape")
        else:
            blob = git("hash-object", "-w", "--no-filters", "--stdin", given=files[path]).decode().strip()
            rows += f"100644 {blob}\t{path}\0".encode()
    git("update-index", "-z", "--add", "--index-info", given=rows)


def describe(entries: list[dict[str, Any]]) -> str:
    """What new entries post, for people, one a line; only names that a ledger can have."""
    lines = []
    for entry in entries:
        about = [str(entry.get(name) or "") for name in ("document", "set", "note")]
        name = next((one for one in about if re.fullmatch("[a-z0-9][a-z0-9-]{0,99}", one)), "")
        version, kind = entry.get("version"), str(entry.get("kind"))
        number = f"@{version}" if isinstance(version, int) else ""
        if name and re.fullmatch("[a-z]{1,20}", kind):
            lines.append(f"{kind} {name}{number}")
    return "\n".join(lines)


def tip(remote: str, branch: str) -> str:
    """Return the last commit of a branch of the remote repository."""
    wanted = f"refs/heads/{branch}"
    # Git also lists what only ends with that name, such as refs/heads/refs/heads/main.
    listed = git("ls-remote", "--exit-code", "--", remote, wanted).decode("utf-8", "surrogateescape").splitlines()
    found = (line.split("\t") for line in listed)
    return next((commit for commit, name in found if name == wanted), "")


def push(path: str, branch: str, remote: str) -> str | None:
    """Check, commit and push the record. Returns the hash of its last entry ("" if there is none), None if moved."""
    files = unpack(path)
    built = take_commit(files)
    if not built == tip(remote, branch) == git("rev-parse", "HEAD").decode().strip():
        return None
    changes = take_changes(files)
    ledger, posted = check(files, changes)
    stage(files, changes)
    if not changes:
        print("There is nothing new to push.")
    elif not commit_and_push(branch, remote, posted):
        # Another try begins from the same commit. The files on disk stay as they are.
        git("reset", "--quiet", built)
        if built != tip(remote, branch):
            return None
        sys.exit(f"The record could not be pushed to {branch}, which has not moved: see what git says above.")
    return str(json.loads(ledger.split(b"\n")[-2])["hash"]) if ledger else ""


def commit_and_push(branch: str, remote: str, posted: str) -> bool:
    """Commit what was staged and push it; `posted` names what is new. Returns whether the remote accepted it."""
    # Git's own variables, such as GIT_AUTHOR_NAME, take precedence over this identity.
    identity = ("-c", "user.name=Publisher", "-c", "user.email=publisher@localhost")
    # The commit needs no run of its own: the run that pushes it also deploys it.
    parts = [part for message in ("Post what was merged", posted, "[skip ci]") if message for part in ("-m", message)]
    git(*identity, "commit", "--quiet", *parts)
    pushed = subprocess.run([*GIT, "push", "--quiet", "--", remote, f"HEAD:refs/heads/{branch}"], check=False)
    return pushed.returncode == 0


def write_output(path: str, *lines: str) -> None:
    """Append lines to the file in which the host reads a job's output, if there is one."""
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)


def main(arguments: Sequence[str]) -> int:
    """Push the record. Returns the exit code."""
    options = argparse.ArgumentParser(description="Push what engross publish packed.")
    options.add_argument("pack", help="the file that engross publish wrote")
    options.add_argument("--branch", default="main", help="the branch to push to")
    options.add_argument("--remote", default="origin", help="the remote repository")
    options.add_argument("--output", default="", help="a file to add the result to, such as $GITHUB_OUTPUT")
    given = options.parse_args(arguments)
    try:
        head = push(given.pack, given.branch, given.remote)
    except (OSError, tarfile.TarError) as problem:
        refuse(f"it cannot be read: {problem}")
    except subprocess.CalledProcessError as problem:
        refuse(f"git {problem.cmd[len(GIT)]} failed")
    if head is None:
        print(
            f"{given.branch} has moved since the commit that this was built from. Nothing was pushed; build again from "
            "what is there."
        )
        write_output(given.output, "moved=true")
        return MOVED
    write_output(given.output, "moved=false", f"head={head}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
