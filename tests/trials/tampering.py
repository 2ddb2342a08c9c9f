"""Changes every file of a record and every field of its ledger; `verify` or a kept ledger detects each.

Who alters the ledger and makes its chain again can leave a record that is sound in itself. That is what a copy of the
ledger kept elsewhere is for: `check_prefix`.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.record.histories import full_history
from tests.record.playing import Site, write_files
from tests.trials.acts import ACTS, Files, forgeries

from engross.record.history import LEDGER
from engross.record.sealed_files import FOR_GIT
from engross.record.verification import check_prefix, verify

RELEASED = Path(__file__).parents[1] / "released" / "0.1" / "tour"
VERIFIED, AGAINST, ALLOWED, MISSED = "found by verify", "only against a copy", "allowed", "missed"
SAMPLED = 4
"""A sample tries one in so many acts."""


def tampered(files: dict[str, bytes], apart: Path, *, sample: bool) -> Iterator[tuple[str, str, Files]]:
    """Each act by name, with its target and its result."""
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
    """Replace the files of `now` by those of `then`; return the names that differ."""
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
    """Tamper with a copy of a record; count the outcomes of each act."""
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
    """Print the outcomes of all acts; return 1 if one was missed."""
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
    """Print one record's table; return the number of missed acts."""
    ends = (VERIFIED, AGAINST, ALLOWED, MISSED)
    print(f"\n{title}\n{'act':28} {'tried':>6}", *(f"{end:>{len(end)}}" for end in ends), sep="  ")
    for act in [*dict.fromkeys(act for act, _ in counts), "all"]:
        row = [sum(n for (one, ended), n in counts.items() if act in (one, "all") and ended == end) for end in ends]
        print(f"{act:28} {sum(row):6}", *(f"{n:{len(end)}}" for n, end in zip(row, ends, strict=True)), sep="  ")
    print("Allowed: to delete a file for git, which a release writes anew.")
    return sum(n for (_, ended), n in counts.items() if ended == MISSED)
