"""Takes the words out of a part of a posted change note: its summary, or a text of its front matter.

A tombstone stands in their place, in the record and in the copy in the docs folder. The note keeps its name, what it is
about, and when it applies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from engross.corpus.nodes import Listing, Mapping, Node, Scalar, compose
from engross.corpus.words import meant, quoted, shown
from engross.errors import EngrossError
from engross.model import Entry, EntryKind, NoteRef, Sealed, Source
from engross.record.archive import decode_sealed, note_name, note_names, sealed_note
from engross.record.notes import posted_note
from engross.record.plan import Plan
from engross.record.redacting import Redaction
from engross.record.redaction import AGAIN, check_instant, refusal, tombstone
from engross.record.sealing import bound, note_files
from engross.record.splicing import Cut, spliced
from engross.record.still_held import others_with
from engross.text import front_matter

SUMMARY = "summary"
PARTS = (SUMMARY, "approved_by", "editorial_because", "emergency", "grounds", "reference")
"""The parts of a note that can be redacted; of grounds, what they cite and what is said of their conditions."""


@dataclass(frozen=True, slots=True)
class NoteOrder:
    """What is to be redacted: a part of a posted note, by the note's name; and why."""

    slug: str
    part: str
    reason: str


def plan_note_redaction(plan: Plan, order: NoteOrder) -> Redaction:
    """What an order does to a record, at the instant of the plan.

    Raises EngrossError where there is no such note or part, and where a tombstone cannot stand in its place.
    """
    record = plan.record
    check_instant(record, plan.posted)
    was = record.posted_notes.get(order.slug)
    if was is None:
        message = f"no note {shown(order.slug)} was posted{meant(order.slug, list(record.posted_notes))}"
        raise EngrossError([refusal(record.ledger_path, message)])
    zone = ZoneInfo(plan.project.settings.timezone)
    source = decode_sealed(
        sealed_note(record, was), f"{record.shown}/{note_name(was)}", f"the sealed change note {was.slug}"
    )
    cuts = list(_cuts(source, order.part, tombstone(plan.posted, zone, order.reason)))
    made = spliced(source, cuts)
    try:
        posted_note(made.data, source.path, order.slug, zone)
    except EngrossError as wrong:
        message = f"the {order.part} of {order.slug} cannot hold a tombstone: {wrong.diagnostics[0].message}"
        raise EngrossError([refusal(source.path, message)]) from None
    ref, files = note_files(order.slug, made.data)
    sealing = bound(record, [_entry(plan, order, was, ref)], files, note_names(was))
    words = tuple(cut.words for cut in cuts)
    copy = Source(f"{plan.folder.folder}/{order.slug}.md", made.text, made.data)
    return Redaction(sealing, copy, (), tuple(others_with(plan, words, notes={order.slug})))


def _entry(plan: Plan, order: NoteOrder, was: NoteRef, now: NoteRef) -> Entry:
    return Entry(
        seq=0,
        kind=EntryKind.REDACT,
        posted=plan.posted,
        document="",
        previous="",
        hash="",
        note=order.slug,
        sealed=Sealed(now.sha256, "", "", now.seal),
        was=Sealed("", "", "", was.ledger_hash),
        clause=order.part,
        reason=order.reason,
    )


def _cuts(source: Source, part: str, stone: str) -> Iterator[Cut]:
    head = front_matter(source)
    if part == SUMMARY:
        body = source.text[len(head) :]
        start, end = len(source.text) - len(body.lstrip()), len(source.text.rstrip())
        words = source.text[start:end]
        if words.startswith(stone.partition(" on ")[0]):
            raise EngrossError([refusal(source.path, "its summary was redacted before")])
        yield Cut(start, end, stone, words)
        return
    root, _ = compose(Source(source.path, head.rstrip().removesuffix("---"), b""))
    found = root.entries.get(part) if isinstance(root, Mapping) and part in PARTS else None
    values = list(_values(found.value)) if found else []
    if not values:
        message = f"it has no text called {shown(part)}; what can be redacted is {', '.join(PARTS)}"
        raise EngrossError([refusal(source.path, message)])
    for at, value in enumerate(values):
        end = value.start + len(source.text[value.start : value.end].rstrip())
        yield Cut(value.start, end, quoted(AGAIN if at else stone), value.text)


def _values(node: Node) -> Iterator[Scalar]:
    """The texts within a part of the front matter; the id of a ground is none."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _values(item)
    else:
        for name, entry in node.entries.items():
            if name != "ground":
                yield from _values(entry.value)
