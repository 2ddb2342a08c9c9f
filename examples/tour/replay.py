"""The tour's year, played again: the steps of `history/` become `docs/`, and those that were not posted yet are added
to `record/`, by the code that releases, and under the checks that a release is under.

What is posted stays: nobody can make the same record again, since each text is sealed with a salt, and the first 35
steps were posted by version 0.1 under the rules of its day. Playing them shows that their edits make the sealed texts.

Each folder of `history/` is one posting, in order of name. Its `step.yml` says when it was `posted`, and what was done
to the docs before, in this order:

restore     versions whose text is put back ([agreement@1])
move        files that get another name (old: new)
remove      files that go
edits       in each: `in`, a file or several; `from`, words that stand there once, or `every`, words that stand there
            at least once; and `to`, what takes their place

Files in the step's own `docs/` come next, whole: new documents, and the change notes. A step that has a `redact` posts
nothing, and takes the words of a `clause` out of sealed `versions` for a `reason`.
`python -m examples.tour.replay` writes `docs/` anew and adds new steps to `record/`; `python -m examples.tour.replay
FOLDER` writes both elsewhere, with the settings of the site. `python -m examples.tour.replay FOLDER next-year` adds the
steps of the folder `next-year/`, which come after the tour's own day.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from engross.cli.release import check_drafting
from engross.corpus import Folders, find_folders
from engross.corpus.settings import read_settings
from engross.model import Entry, VersionId
from engross.record import open_record, read_state, release
from engross.record.encoding import parse_sealed_instant
from engross.record.journal import locked
from engross.record.notes.reader import version_id
from engross.record.posting.sealing import write
from engross.record.redact.redaction import Order, plan_redaction
from engross.record.sealed_files import sealed_source
from engross.text import read_source

TOUR = Path(__file__).parent
HISTORY = TOUR / "history"
NEXT_YEAR = TOUR / "next-year"
"""A year of the register of subprocessors, after the tour's own day. Nothing of it is posted in the tour's record."""
CONFIG = "mkdocs.yml"
DOCS = "docs"
RECORD = "record"
STEP = "step.yml"


@dataclass(frozen=True)
class Step:
    """One posting of the tour: its folder, when it was posted, and what its `step.yml` says besides."""

    folder: Path
    posted: datetime
    said: Mapping[str, Any]


def steps(history: Path = HISTORY) -> Iterator[Step]:
    """The postings of the year, in order."""
    for path in sorted(history.glob(f"*/{STEP}")):
        said = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        yield Step(path.parent, parse_sealed_instant(said.pop("posted")), said)


def replay(root: Path, *histories: Path) -> Iterator[tuple[Step, tuple[Entry, ...]]]:
    """Play the year into `root`, an empty folder, onto a copy of the tour's record: each step with its entries, those
    that the record has or those that are posted now. `histories` are other folders of steps than `HISTORY`, in order.

    Raises EngrossError where a new step could not be posted, ValueError where an edit does not fit.
    """
    shutil.copy(TOUR / CONFIG, root / CONFIG)
    shutil.copytree(TOUR / RECORD, root / RECORD)
    recorded = open_record(root / RECORD).entries
    for step in chain.from_iterable(map(steps, histories or (HISTORY,))):
        play(step, root)
        entries = tuple(entry for entry in recorded if entry.posted == step.posted)
        if not entries:
            folders = find_folders(root)
            entries = _redact(folders, step) if "redact" in step.said else _release(folders, step)
        yield step, entries


def play(step: Step, root: Path) -> None:
    """Do to the docs of `root` what a step does before it is posted."""
    docs, said = root / DOCS, step.said
    for version in said.get("restore", ()):
        _restore(version_id(version), docs, root / RECORD)
    for old, new in said.get("move", {}).items():
        (docs / new).parent.mkdir(parents=True, exist_ok=True)
        (docs / old).rename(docs / new)
    for name in said.get("remove", ()):
        (docs / name).unlink()
    for edit in said.get("edits", ()):
        for name in [edit["in"]] if isinstance(edit["in"], str) else edit["in"]:
            _edit(docs / name, edit)
    if (step.folder / DOCS).is_dir():
        shutil.copytree(step.folder / DOCS, docs, dirs_exist_ok=True)


def _release(folders: Folders, step: Step) -> tuple[Entry, ...]:
    return release(folders, step.posted, check=partial(check_drafting, folders=folders, strict=True))


def _redact(folders: Folders, step: Step) -> tuple[Entry, ...]:
    said = step.said["redact"]
    order = Order(tuple(map(version_id, said["versions"])), said["clause"], said["reason"])
    with locked(folders.record):
        plan = read_state(folders, step.posted).plan
        sealing = plan_redaction(plan, order).sealing
        write(plan.record, sealing)
    return sealing.entries


def _restore(id: VersionId, docs: Path, record: Path) -> None:
    sealed = open_record(record)
    said = read_settings(read_source(docs / "documents.yml", "documents.yml")).document(id.document)
    (docs / said.file).write_bytes(sealed_source(sealed, sealed.version(id)).data)


def _edit(path: Path, edit: Mapping[str, str]) -> None:
    """Put words in place of others; ValueError where those do not stand there, or where one place was meant and there
    are more.
    """
    text = path.read_text("utf-8")
    words = edit.get("every") or edit["from"]
    found = text.count(words)
    if not found or ("from" in edit and found > 1):
        raise ValueError(f"{path.name} has {found} times: {words}")
    path.write_bytes(text.replace(words, edit["to"]).encode())


def main(arguments: list[str]) -> None:
    """Write the tour's docs and record, or those of another folder, once the whole year has been played."""
    root = Path(arguments[0]) if arguments else TOUR
    with TemporaryDirectory() as folder:
        for step, entries in replay(Path(folder), HISTORY, *(TOUR / name for name in arguments[1:])):
            print(step.folder.name, *(f"\n    {entry.name}" for entry in entries), sep="")
        if root != TOUR:
            root.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOUR / CONFIG, root / CONFIG)
        for name in (DOCS, RECORD):
            shutil.rmtree(root / name, ignore_errors=True)
            shutil.copytree(Path(folder) / name, root / name)


if __name__ == "__main__":
    main(sys.argv[1:])
