"""Changes sealed files at random and computes all hashes again: the record is refused, or can be read.

Somebody who can write to a record can do this, and only a kept ledger proves it. No reader of the record may fail on it
with anything but an `EngrossError`.
"""

import json
import random
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.forging import forge_note, forge_seal, forge_version
from tests.record.playing import write_files
from tests.trials.acts import Line
from tests.trials.tampering import RELEASED, played

from engross.common import Cache, EngrossError
from engross.corpus import Project
from engross.corpus.project import read_project
from engross.model import Version
from engross.record import Record
from engross.record.encoding import canonical, sha256
from engross.record.history import LEDGER
from engross.record.in_force import announced_projects, in_force_project, periods, standing
from engross.record.ledger.descriptions import describe_entry
from engross.record.ledger.file import FIRST
from engross.record.notes.files import read_posted
from engross.record.posting.drafts import sealed_document
from engross.record.sealed_files import sealed_pictures, sealed_seal, sealed_tree
from engross.record.verification import reparsed, verify
from engross.record.views.posted_changes import posted_changes

UTC = ZoneInfo("UTC")
REFUSED, READ, FAILED = "refused by verify", "read", "failed"
PIECES = (
    b"", b"\0", b"\r", b"\n\n", b"\xff", b"\xed\xa0\x80", "\u202e".encode(), "\ufeff".encode(), b"---\n", b"> " * 60,
    b"* " * 60, b"(a) (i) (A)\n", b"| a |\n|---|\n", b"![x](../../x.png)", b"![x](javascript:x)", b"<b>", b"&#0;",
    b"[x](#y)", b"# \n", b"\n    ", b"`" * 9, b"title: 1\n", b": {", b"&a [*a]", b"!!python/x", b"9" * 5000, b"1.10",
    b"0001-01-01",
)  # fmt: skip
"""What is put into the bytes of a text or a note."""
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**63, 10**400, 1.5, float("nan"), "", "x", "../x", "\0", "\u202e", "\ud800", "0" * 64,
    "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z", "9999-12-30T23:59:59Z", "9999-12-31T00:00:00Z",
    "2026-02-30T00:00:00Z", "catalogue", "notice-only", "agreement", [], {}, [[]], [{}], {"id": "x"},
)  # fmt: skip
"""What takes the place of a value in JSON."""


@dataclass(frozen=True)
class Subject:
    """A record to forge: its files, the project whose record it is, and the versions that are known to be read."""

    title: str
    files: dict[str, bytes]
    project: Project
    sound: frozenset[Version]


def place_of(rng: random.Random, value: Any) -> tuple[Any, Any]:
    """A list or an object somewhere in a value, and a key or an index of it."""
    at = rng.choice(list(value) if isinstance(value, dict) else range(len(value)))
    inner = value[at]
    return place_of(rng, inner) if isinstance(inner, dict | list) and inner and rng.random() < 0.8 else (value, at)


def changed_value(rng: random.Random, value: Any) -> Any:
    """A copy of a value with one thing in it changed, at any depth."""
    value = json.loads(json.dumps(value))
    inner, at = place_of(rng, value)
    match rng.randrange(6):
        case 0:
            del inner[at]
        case 1 if isinstance(inner, dict):
            inner[rng.choice(("more", "line", "extra", "format", "id", "notice"))] = rng.choice(VALUES)
        case 1:
            inner.insert(at, rng.choice([rng.choice(VALUES), inner[at]]))
        case 2:
            inner[at] = nested(rng.choice((3, 150, 700)))
        case 3:
            other, there = place_of(rng, value)
            inner[at] = json.loads(json.dumps(other[there]))
        case _:
            inner[at] = rng.choice(VALUES)
    return value


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def json_bytes(value: Any) -> bytes:
    """Canonical JSON, or similar JSON for a value without canonical bytes."""
    try:
        return canonical(value)
    except (ValueError, RecursionError):
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def changed_bytes(rng: random.Random, data: bytes) -> bytes:
    """Bytes with something in them replaced, doubled, cut off, or put in."""
    at, end = sorted(rng.choices(range(len(data) + 1), k=2))
    match rng.randrange(5):
        case 0:
            return data[:at] + data[end:]
        case 1:
            return data[:end] + data[at:]
        case 2:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case _:
            return data[:at] + rng.choice(PIECES) + data[at:]


def forge_ledger(rng: random.Random, record: Record) -> str:
    """Change a line of the ledger, and compute the chain again from there."""
    path = record.folder / LEDGER
    lines: list[Line] = [json.loads(line) for line in path.read_bytes().splitlines()]
    at = rng.randrange(len(lines))
    lines[at] = changed_value(rng, lines[at])
    for number in range(at, len(lines)):
        rest = {name: one for name, one in lines[number].items() if name != "hash"}
        rest["previous"] = lines[number - 1].get("hash", FIRST) if number else FIRST
        lines[number] = {**rest, "hash": sha256(json_bytes(rest))}
    path.write_bytes(b"".join(json_bytes(line) + b"\n" for line in lines))
    return f"entry {at + 1}"


def forge_text(rng: random.Random, record: Record) -> str:
    version = rng.choice([one for versions in record.versions.values() for one in versions])
    data = sealed_document(record, version).source
    assert data
    forge_version(record, version.id.document, version.number, "source", changed_bytes(rng, data.data))
    return f"the text of {version.id}"


def forge_tree(rng: random.Random, record: Record) -> str:
    version = rng.choice([one for versions in record.versions.values() for one in versions])
    name = next(
        (record.folder / version.id.document).glob(f"{version.number}-{version.sealed.ledger_hash[:12]}.tree.json")
    )
    data = name.read_bytes()
    plain = rng.random() < 0.2
    new = changed_bytes(rng, data) if plain else json_bytes(changed_value(rng, json.loads(data))) + b"\n"
    forge_version(record, version.id.document, version.number, "tree", new)
    return f"the tree of {version.id}"


def forge_posted_note(rng: random.Random, record: Record) -> str:
    slug = rng.choice(sorted(record.posted_notes))
    note = record.posted_notes[slug]
    data = (record.folder / "changes" / f"{note.ledger_hash[:12]}.md").read_bytes()
    forge_note(record, slug, changed_bytes(rng, data))
    return f"the note {slug}"


def forge_seal_file(rng: random.Random, record: Record) -> str:
    sealed = [one for versions in record.versions.values() for one in versions if one.sealed.seal]
    if not sealed:
        return forge_ledger(rng, record)
    # A seal file that lists pictures has the most to change.
    version = rng.choice([one for one in sealed if one.sealed.pictures] or sealed if rng.random() < 0.5 else sealed)
    data = sealed_seal(record, version)
    plain = rng.random() < 0.2
    new = changed_bytes(rng, data) if plain else json_bytes(changed_value(rng, json.loads(data))) + b"\n"
    forge_seal(record, version, new)
    return f"the seal file of {version.id}"


FORGERIES: tuple[Callable[[random.Random, Record], str], ...] = (
    forge_ledger, forge_text, forge_tree, forge_posted_note, forge_seal_file,
)  # fmt: skip


def readers(subject: Subject, record: Record) -> Iterator[Callable[[], object]]:
    """All readers of a record, one after the other."""
    yield lambda: list(reparsed(record)) if not subject.sound else None
    for versions in record.versions.values():
        for version in set(versions) - subject.sound:
            yield lambda version=version: sealed_tree(record, version)  # type: ignore[misc]
            yield lambda version=version: sealed_document(record, version)  # type: ignore[misc]
            yield lambda version=version: sealed_pictures(record, version)  # type: ignore[misc]
            yield lambda version=version: list(reparsed(only(record, version)))  # type: ignore[misc]
    for note in record.posted_notes.values():
        yield lambda note=note: read_posted(record, note, UTC, Cache())  # type: ignore[misc]
    for entry in record.entries:
        yield lambda entry=entry: describe_entry(entry, UTC)  # type: ignore[misc]
    yield lambda: [change.state(record.entries[-1].posted) for change in posted_changes(record).changes]
    yield lambda: [periods(record, name) for name in record.versions]
    at = record.entries[-1].posted
    yield lambda: list(announced_projects(subject.project, record, at))
    for instant in {at, *(entry.posted for entry in record.entries)}:
        yield lambda instant=instant: history(record, instant)  # type: ignore[misc]
    yield lambda: in_force_project(subject.project, record, at)


def only(record: Record, version: Version) -> Record:
    """A record with a single version."""
    alone = Record(record.folder, record.shown, record.entries, record.redacted)
    alone.__dict__["versions"] = {version.id.document: (version,)}
    return alone


def history(record: Record, at: datetime) -> None:
    known = record.as_known(at)
    for name in record.documents:
        for version in known.versions.get(name, ()):
            standing(known, version, at)
        _ = (
            known.in_force(name, at),
            known.announced(name, at),
            known.entry_at(name, at),
            known.last_settings_entry(name),
        )
    for one in record.sets:
        _ = known.set_at(one, at), known.last_set(one)


def read_all(subject: Subject, folder: Path) -> tuple[str, str]:
    """The outcome of reading a forged record, and the traceback if a reader failed."""
    try:
        record, problems = verify(folder)
        if problems:
            assert all(found.path and found.message for found in problems)
            return REFUSED, ""
    except Exception:
        return FAILED, traceback.format_exc()
    for read in readers(subject, record):
        try:
            read()
        except EngrossError:
            continue
        except Exception:
            return FAILED, traceback.format_exc()
    return READ, ""


def subjects(apart: Path) -> Iterator[Subject]:
    made = played(apart / "played").root
    for title, root in (("format 1, as 0.1 wrote it", RELEASED), ("format 2", made)):
        folder = root / "record"
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        project, (record, problems) = read_project(root / "docs"), verify(folder)
        assert problems == []
        sound = frozenset(one for versions in record.versions.values() for one in versions)
        outcome, why = read_all(Subject(title, files, project, frozenset()), folder)
        assert outcome == READ, why
        yield Subject(title, files, project, sound)


def run(number: int, seed: int) -> int:
    """Forge so many times; 1 where a reader failed. Every forgery is made again by its own seed."""
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as made:
        apart = Path(made)
        known = list(subjects(apart))
        for at in range(number):
            own = seed + at
            rng = random.Random(own)
            subject, forge = known[own % len(known)], FORGERIES[own // len(known) % len(FORGERIES)]
            folder = apart / "record"
            shutil.rmtree(folder, ignore_errors=True)
            write_files(folder, subject.files)
            what = forge(rng, verify(folder)[0])
            outcome, why = read_all(subject, folder)
            counts[forge.__name__, outcome] += 1
            if outcome == FAILED:
                print(f"failed, seed {own}: {subject.title}, {what}\n{why}")
    for (name, outcome), count in sorted(counts.items()):
        print(f"{name:20} {outcome:20} {count:6}")
    return 1 if any(outcome == FAILED for _, outcome in counts) else 0
