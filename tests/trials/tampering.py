"""Every file of a record and every field of its ledger is tampered with; `verify` or a kept ledger tells.

Who alters the ledger and makes its chain again can leave a record that is sound in itself. That is what a copy of the
ledger kept elsewhere is for: `check_prefix`.
"""

import copy
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.record.histories import full_history
from tests.record.playing import Site, write_files

from engross.record.archive import FOR_GIT
from engross.record.canonical import canonical, hash_of
from engross.record.history import LEDGER
from engross.record.verify import check_prefix, verify

RELEASED = Path(__file__).parents[1] / "released" / "0.1" / "tour"
VERIFIED, AGAINST, ALLOWED, MISSED = "found by verify", "only against a copy", "allowed", "missed"
SAMPLED = 4
"""A sample tries one in so many acts."""

Files = dict[str, bytes | Path]
"""What lies in a record after an act: each name → its bytes, or where it leads to."""
Act = Callable[[dict[str, bytes], str, Path], Files]
"""What becomes of a record's files when one is tampered with; the folder is for what lies elsewhere."""
Line = dict[str, Any]


def altered(change: Callable[[bytes], bytes]) -> Act:
    return lambda files, name, apart: {**files, name: change(files[name])}


def moved(new_name: Callable[[Path], Path], *, keep: bool = False) -> Act:
    def act(files: dict[str, bytes], name: str, apart: Path) -> Files:
        left = {one: data for one, data in files.items() if keep or one != name}
        return {**left, new_name(Path(name)).as_posix(): files[name]}

    return act


def swapped(files: dict[str, bytes], name: str, apart: Path) -> Files:
    names = sorted(files)
    other = names[(names.index(name) + 1) % len(names)]
    return {**files, name: files[other], other: files[name]}


def linked(files: dict[str, bytes], name: str, apart: Path) -> Files:
    there = apart / Path(name).name
    there.write_bytes(files[name])
    return {**files, name: there}


def deleted(files: dict[str, bytes], name: str, apart: Path) -> Files:
    return {one: data for one, data in files.items() if one != name}


ACTS: dict[str, Act] = {
    "flip the first bit": altered(lambda data: bytes([data[0] ^ 0x80]) + data[1:]),
    "flip a bit in the middle": altered(
        lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
    ),
    "flip the last bit": altered(lambda data: data[:-1] + bytes([data[-1] ^ 1])),
    "truncate by a byte": altered(lambda data: data[:-1]),
    "truncate to a half": altered(lambda data: data[: len(data) // 2]),
    "truncate to nothing": altered(lambda data: b""),
    "truncate by a line": altered(lambda data: b"".join(data.splitlines(keepends=True)[:-1])),
    "append a blank line": altered(lambda data: data + b"\n"),
    "append the last line": altered(lambda data: data + data.splitlines(keepends=True)[-1]),
    "swap with another file": swapped,
    "CRLF": altered(lambda data: data.replace(b"\n", b"\r\n")),
    "byte-order mark": altered(lambda data: b"\xef\xbb\xbf" + data),
    "delete": deleted,
    "copy beside it": moved(lambda path: path.with_name(f"copy-of-{path.name}"), keep=True),
    "rename": moved(lambda path: path.with_name(f"{path.name}.old")),
    "rename to a hidden file": moved(lambda path: path.with_name(f"..{path.name}")),
    "change of case in the name": moved(lambda path: path.with_name(path.name.swapcase())),
    "replace by a link": linked,
}


def values(value: Any) -> Iterator[Any]:
    """Other values of the same kind as one, most of them as good as it."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case str() if re.fullmatch(r"[0-9a-f]{64}", value):
            yield ("0" if value[0] != "0" else "1") + value[1:]
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
            yield from (value[:3] + str((int(value[3]) + 1) % 10) + value[4:], value[:-2] + "7Z")
        case str():
            yield from (value + "x", value[:-1])
        case list():
            yield from (value[:-1], [*value, *value[-1:]], value[::-1])
        case dict():
            yield from ({one: value[one] for one in value if one != gone} for gone in value)
            yield {**value, "more": "more"}
        case _:
            raise AssertionError(value)


def variants(value: Any) -> Iterator[Any]:
    """A value with one thing in it changed, at any depth, one after the other."""
    yield from values(value)
    for at in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for other in variants(value[at]):
            changed = copy.copy(value)
            changed[at] = other
            yield changed


def chained(lines: list[Line], at: int) -> list[Line]:
    """The lines, those from `at` on bound to each other and hashed again."""
    made = list(lines)
    for number in range(at, len(lines)):
        line = {**made[number], "previous": made[number - 1]["hash"] if number else "0" * 64}
        made[number] = {**line, "hash": hash_of({name: line[name] for name in line if name != "hash"})}
    return made


def forgeries(ledger: bytes) -> Iterator[tuple[str, bytes]]:
    """Ledgers with one field of one line changed, each with and without a chain made again."""
    lines = [json.loads(line) for line in ledger.splitlines()]
    for at, line in enumerate(lines):
        for changed in variants(line):
            others = [*lines[:at], changed, *lines[at + 1 :]]
            yield "change a field", written(others)
            yield "change a field, chain again", written(chained(others, at))


def written(lines: list[Line]) -> bytes:
    return b"".join(canonical(line) + b"\n" for line in lines)


def tampered(files: dict[str, bytes], apart: Path, *, sample: bool) -> Iterator[tuple[str, str, Files]]:
    """Each act by name, what it is done to, and what it leaves."""
    every = SAMPLED if sample else 1
    for number, name in enumerate(sorted(files)):
        for act in list(ACTS)[number % every :: every]:
            if (left := ACTS[act](files, name, apart)) != files:
                yield act, name, left
    for number, (act, ledger) in enumerate(forgeries(files[LEDGER])):
        # Changes come in pairs, and those with a chain made again are the ones that can be missed.
        if ledger != files[LEDGER] and (number % (2 * every + 1) == 0 or not sample):
            yield act, LEDGER, {**files, LEDGER: ledger}


def outcome(folder: Path, act: str, name: str, kept: bytes) -> str:
    record, problems = verify(folder)
    if problems:
        return VERIFIED
    if check_prefix(record, kept, "the kept ledger"):
        return AGAINST
    # Git alone needs these; a release writes them anew.
    return ALLOWED if act == "delete" and name in FOR_GIT else MISSED


def lay(folder: Path, now: dict[str, bytes], then: Files) -> list[str]:
    """Make the folder hold the files of `then` instead of those of `now`; the names that differ."""
    names = [name for name in {**now, **then} if now.get(name) != then.get(name)]
    for name in names:
        (folder / name).unlink(missing_ok=True)
        match then.get(name):
            case bytes() as data:
                (folder / name).write_bytes(data)
            case Path() as there:
                (folder / name).symlink_to(there)
    return names


def put_back(folder: Path, files: dict[str, bytes], names: list[str]) -> None:
    for name in names:
        if os.path.lexists(folder / name):
            (folder / name).unlink()
    write_files(folder, {name: files[name] for name in names if name in files})


def try_record(title: str, files: dict[str, bytes], *, sample: bool) -> Counter[tuple[str, str]]:
    """Tamper with a copy of a record; how often each act ended in which way."""
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as made:
        folder, apart = Path(made, "record"), Path(made, "apart")
        apart.mkdir()
        write_files(folder, files)
        assert verify(folder)[1] == []
        for act, name, left in tampered(files, apart, sample=sample):
            names = lay(folder, files, left)
            ended = outcome(folder, act, name, files[LEDGER])
            counts[act, ended] += 1
            if ended == MISSED:
                print(f"missed in {title}: {act}: {', '.join(names)}")
            put_back(folder, files, names)
        assert verify(folder)[1] == []
    return counts


def played(root: Path) -> Site:
    """A history with an entry of every kind, and a sealed picture."""
    site = full_history(root)
    (root / "docs" / "flow.png").write_bytes(b"\x89PNG, in two\nlines\n")
    site.write("rules.md", site.read("rules.md") + "\n![Flow of data](flow.png)\n")
    site.post("rules", slug="picture")
    return site


def continued(root: Path) -> Site:
    """The record that 0.1 wrote, and one more release."""
    shutil.copytree(RELEASED, root, dirs_exist_ok=True)
    site = Site(root)
    site.now = site.record.entries[-1].posted + timedelta(days=1)
    site.write("copyright.md", site.read("copyright.md") + "\nThis is the last word of it.\n")
    site.post("copyright", slug="one-more")
    return site


def run(*, sample: bool) -> int:
    """Print what came of every act; 1 where one was missed."""
    with tempfile.TemporaryDirectory() as made:
        records = {"format 2": played(Path(made, "played")).files()}
        if not sample:
            records["format 1, as 0.1 wrote it"] = Site(RELEASED).files()
            records["format 1, continued in 2"] = continued(Path(made, "continued")).files()
    missed = 0
    for title, files in records.items():
        counts = try_record(title, files, sample=sample)
        entries = len(files[LEDGER].splitlines())
        missed += print_table(f"{title}: {len(files)} files, {entries} entries", counts)
    return 1 if missed else 0


def print_table(title: str, counts: Counter[tuple[str, str]]) -> int:
    """Print one record's table; how many acts were missed."""
    ends = (VERIFIED, AGAINST, ALLOWED, MISSED)
    print(f"\n{title}\n{'act':28} {'tried':>6}", *(f"{end:>{len(end)}}" for end in ends), sep="  ")
    for act in [*dict.fromkeys(act for act, _ in counts), "all"]:
        row = [sum(n for (one, ended), n in counts.items() if act in (one, "all") and ended == end) for end in ends]
        print(f"{act:28} {sum(row):6}", *(f"{n:{len(end)}}" for n, end in zip(row, ends, strict=True)), sep="  ")
    print("Allowed: to delete a file for git, which a release writes anew.")
    return sum(n for (_, ended), n in counts.items() if ended == MISSED)
