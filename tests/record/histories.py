"""A history with an entry of every kind, and functions that compute its chain again after a change."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from engross.model import Entry, EntryKind
from engross.record.history import LEDGER, Record
from engross.record.journal import locked
from engross.record.ledger.file import FIRST, entry_hash, line_of
from engross.record.posting.sealing import bound, sealed_files, write
from engross.record.sealed_files import sealed_source, sealed_tree, version_names
from engross.record.trees import text_hash
from engross.text import decode, parse

from .playing import DOCUMENTS, Site, day, instant, posted_site


def full_history(root: Path) -> Site:
    """A site whose ledger holds an entry of every kind."""
    site = posted_site(root)
    site.at(1).edit("agreement.md", ("within thirty days", "within twenty days"))
    site.post("agreement", effective=instant(40), slug="sooner")
    site.at(2).edit("agreement.md", ("within twenty days", "within sixty days"))
    site.post("agreement", "withdraws: agreement@2", effective=instant(50), slug="later")
    site.at(3).post("agreement", "corrects: 6", slug="put-right")
    site.at(4).write("documents.yml", DOCUMENTS.replace("Rules of Use", "Rules for All"))
    site.release()
    site.at(5).edit("rules.md", ("Post *nothing* unlawful.", "Post nothing unlawful. Call 555-1234."))
    site.post("rules", slug="number")
    redact(site, "555-1234", 6)
    site.at(7).post("pricing", slug="prices")
    text = site.read("documents.yml").replace("  - {id: models", "  #").replace("[rules, models]", "[rules]")
    site.at(8).write("documents.yml", text)
    why = "not_material_because: Nobody used a model of the list."
    site.post("models", "sets: main", why, effective=instant(90), slug="no-list")
    return site


def redact(site: Site, words: str, number: float) -> None:
    """Redact words of the last version of the rules."""
    record = site.record
    version = record.versions["rules"][-1]
    data = sealed_source(record, version).data.replace(words.encode(), b"[redacted]")
    site.write("rules.md", data.decode())
    text = text_hash(parse(decode(data, "rules.md"), numbering=False))
    sealed, files = sealed_files(version.id, version.entry, data, text, sealed_tree(record, version))
    entry = Entry(
        0, EntryKind.REDACT, day(number), "rules", "", "", version=version.number, sealed=sealed, was=version.sealed,
        clause="Content", reason="A court said so.",
    )  # fmt: skip
    gone = version_names(version.id, version.sealed, version.entry)
    with locked(record.folder):
        write(record, bound(record, [entry], files, gone))


def chain(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Forged entries: numbered, chained and hashed again."""
    made: list[Entry] = []
    for entry in entries:
        previous = made[-1].hash if made else FIRST
        unhashed = replace(entry, seq=len(made) + 1, previous=previous)
        made.append(replace(unhashed, hash=entry_hash(unhashed)))
    return tuple(made)


def ledger_of(entries: Iterable[Entry]) -> bytes:
    return b"".join(map(line_of, entries))


def write_ledger(record: Record, entries: Iterable[Entry]) -> None:
    (record.folder / LEDGER).write_bytes(ledger_of(entries))
