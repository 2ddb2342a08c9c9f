"""Apply the changes of record/ that publish.sh has packed to git's index, where they only add to the record.

    apply_record.py commit FILE     print the commit that FILE was built from
    apply_record.py apply FILE      check FILE against HEAD, put its files into git's index, print the ledger's head

This script runs next to the key to the branch, on a file that another job has written. So it needs only the standard
library, trusts nothing in the file, writes only git's index, and runs only git. It does not know the laws of the
ledger; `engross verify` checks those.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from typing import Any, NoReturn

LEDGER = "record/ledger.jsonl"
FOR_GIT = {"record/.gitattributes": b"* -text\n", "record/.gitignore": b".release*\n"}
"""The files of the record that are not sealed, which the first release writes."""
SEALED = re.compile(
    r"record/(?:[a-z0-9][a-z0-9-]*/[1-9][0-9]*-[0-9a-f]{12}\.(?:md|yml|tree\.json|seal\.json)"
    r"|changes/[0-9a-f]{12}\.(?:md|seal\.json)"
    r"|pictures/[0-9a-f]{64}\.[a-z0-9]+)"
)
NO_BLOB = "0" * 40


def refuse(why: str) -> NoReturn:
    """End the program."""
    sys.exit(f"refused: {why}. Nothing was pushed.")


def git(*words: str, given: bytes | None = None) -> bytes:
    """What git says."""
    return subprocess.run(["git", *words], input=given, check=True, stdout=subprocess.PIPE).stdout


def unpack(path: str) -> dict[str, bytes]:
    """The content of each file of a tar file, by its name."""
    files: dict[str, bytes] = {}
    with tarfile.open(path, "r:") as packed:
        for member in packed:
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


def check(files: dict[str, bytes], changes: dict[str, str]) -> bytes:
    """Refuse whatever does more than add to the record: the new ledger."""
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
    return new


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


def main(command: str, path: str) -> str:
    """Do what the command says: what is printed."""
    files = unpack(path)
    commit = take_commit(files)
    if command == "commit":
        return commit
    changes = take_changes(files)
    ledger = check(files, changes)
    stage(files, changes)
    return str(json.loads(ledger.splitlines()[-1])["hash"]) if ledger else ""


if __name__ == "__main__":
    try:
        print(main(*sys.argv[1:]))
    except (OSError, tarfile.TarError, subprocess.CalledProcessError) as problem:
        refuse(f"it cannot be read: {problem}")
