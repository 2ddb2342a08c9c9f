"""Forgeries by somebody who can write to a record: other bytes in a sealed file, and all hashes computed again."""

from collections.abc import Iterable
from dataclasses import replace

from engross.model import Entry, Version
from engross.record import Record
from engross.record.encoding import sha256
from engross.record.history import LEDGER
from engross.record.ledger.file import FIRST, entry_hash, ledger_bytes
from engross.record.sealed_files import (
    note_name,
    note_names,
    note_seal_name,
    seal_name,
    text_name,
    tree_name,
    version_names,
)
from engross.record.seals import seal_note, seal_text


def chain(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Forged entries: numbered, chained and hashed again."""
    made: list[Entry] = []
    for entry in entries:
        previous = made[-1].hash if made else FIRST
        unhashed = replace(entry, seq=len(made) + 1, previous=previous)
        made.append(replace(unhashed, hash=entry_hash(unhashed)))
    return tuple(made)


def forge_version(record: Record, document: str, number: int, what: str, data: bytes) -> None:
    """Put other bytes in place of the text ("source") or the "tree" of a version."""
    version = record.versions[document][number - 1]
    old = version.sealed
    files = {
        "source": (record.folder / text_name(version.id, old, version.entry)).read_bytes(),
        "tree": (record.folder / tree_name(version.id, old)).read_bytes(),
        what: data,
    }
    for name in version_names(version.id, old, version.entry):
        (record.folder / name).unlink()
    new = replace(old, source=sha256(files["source"]), tree=sha256(files["tree"]))
    if old.seal:
        new, seal = seal_text(new)
        (record.folder / seal_name(version.id, new)).write_bytes(seal)
    (record.folder / text_name(version.id, new, version.entry)).write_bytes(files["source"])
    (record.folder / tree_name(version.id, new)).write_bytes(files["tree"])
    entries = [replace(one, sealed=new) if one.seq == version.post.seq else one for one in record.entries]
    (record.folder / LEDGER).write_bytes(ledger_bytes(chain(entries)))


def forge_note(record: Record, slug: str, data: bytes) -> None:
    """Put other bytes in place of a posted note."""
    old = record.posted_notes[slug]
    for name in note_names(old):
        (record.folder / name).unlink()
    new = replace(old, sha256=sha256(data))
    if old.seal:
        new, seal = seal_note(slug, data)
        (record.folder / note_seal_name(new)).write_bytes(seal)
    (record.folder / note_name(new)).write_bytes(data)
    entries = [
        replace(one, notes=tuple(new if note.slug == slug else note for note in one.notes)) for one in record.entries
    ]
    (record.folder / LEDGER).write_bytes(ledger_bytes(chain(entries)))


def forge_seal(record: Record, version: Version, data: bytes) -> None:
    """Put other bytes in place of the seal file of a version; its text and its tree keep their bytes."""
    old = version.sealed
    new = replace(old, seal=sha256(data))
    names = (text_name(version.id, old, version.entry), tree_name(version.id, old))
    renamed = (text_name(version.id, new, version.entry), tree_name(version.id, new))
    for name, other in zip(names, renamed, strict=True):
        (record.folder / name).rename(record.folder / other)
    (record.folder / seal_name(version.id, old)).unlink()
    (record.folder / seal_name(version.id, new)).write_bytes(data)
    entries = [replace(one, sealed=new) if one.seq == version.post.seq else one for one in record.entries]
    (record.folder / LEDGER).write_bytes(ledger_bytes(chain(entries)))
