"""`engross history DOC`: list every version of a document, or show which was in force on a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from engross.cli.printing import say, say_json
from engross.cli.site import INSTANT, known_document, settings_of, site_here
from engross.common import now
from engross.model import Change, Version
from engross.record import (
    Effect,
    Record,
    describe_entry,
    describe_import,
    display_instant,
    effects,
    format_fixed,
    format_instant,
    note_name,
    open_record,
    posted_note,
    sealed_note,
    standing,
    title_of,
)


@click.command()
@click.argument("document", metavar="DOC")
@click.option("--on", "instant", type=INSTANT, metavar="INSTANT", help="Show what was in force then, and why.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Output format: text for people, JSON for programs.",
)
def history(document: str, instant: datetime | None, form: str) -> None:
    """List the versions of a document: when each was posted, when it applies, and its present state.

    The list continues with changes of the document's kind, its grounds and its place in sets.

    With --on, show only the version that was in force then, with its notes; a day means its beginning in the site's
    time zone. Printed instants are in the site's time zone, and in UTC in JSON.
    """
    folders = site_here()
    settings = settings_of(folders)
    record = open_record(folders.record)
    known_document(document, dict.fromkeys((*record.documents, *(one.id for one in settings.documents))))
    zone = ZoneInfo(settings.timezone)
    if form == "json":
        plain = _plain_on(record, document, instant, zone) if instant else _plain(record, document)
        say_json(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        lines = _lines_on(record, document, instant, zone) if instant else _lines(record, document, zone)
        say("\n".join(lines))


def _lines(record: Record, document: str, zone: ZoneInfo) -> Iterator[str]:
    versions = record.versions.get(document, ())
    if not versions:
        yield f"nothing of {document} is recorded"
    for version in versions:
        yield _line(record, version, now(), zone)
    for effect in _promised(record, document):
        posted = display_instant(effect.entry.posted, zone)
        yield f"{describe_entry(effect.entry, zone)} ({effect.entry.name}, posted {posted})"
        yield from (f"    {one}" for one in effect.promised)
    retired = record.retired(document)
    if retired and retired.effective:
        yield f"{document} is retired, effective {display_instant(retired.effective, zone)}"


def _promised(record: Record, document: str) -> Iterator[Effect]:
    """Yield what changed in the settings of a document or of its sets, with or without a change of its text."""
    return (effect for effect in effects(record) if effect.promised and document in effect.documents)


def _line(record: Record, version: Version, at: datetime, zone: ZoneInfo) -> str:
    material = "material" if version.post.material else "not material"
    change_class = f"{version.post.change_class}, {material}" if version.post.change_class else "not classified"
    redacted = "; redacted: " + ", ".join(entry.clause for entry in version.redactions) if version.redactions else ""
    withdrawn = f" from {display_instant(version.withdrawn, zone)}" if version.withdrawn else ""
    state = standing(record, version, at)
    days = f"posted and effective {display_instant(version.posted, zone)}"
    if version.imported:
        days = f"{describe_import(version.post)}, sealed {display_instant(version.posted, zone)}"
    elif version.is_awaiting:
        never = "never in force" if version.withdrawn else "effective date follows delivery of its notice"
        days = f"posted {display_instant(version.posted, zone)}, {never}"
    elif version.effective != version.posted:
        days = f"posted {display_instant(version.posted, zone)}, effective {display_instant(version.effective, zone)}"
    return f"{version.id}  {state}{withdrawn if state == 'withdrawn' else ''}{redacted}\n    {days}; {change_class}"


def _lines_on(record: Record, document: str, at: datetime, zone: ZoneInfo) -> Iterator[str]:
    version = record.in_force(document, at)
    when = display_instant(at, zone)
    if version is None:
        yield f"{when}: {_why_none(record, document, at)}"
        return
    waiting = next((one for one in record.standing(document) if one.is_awaiting and one.posted <= at), None)
    unless = f", unless {waiting.id} takes effect by then: its date follows delivery of its notice" if waiting else ""
    yield f"{when}: {version.id} was in force" if at <= now() else f"{when}: {version.id} will be in force{unless}"
    yield _line(record, version, at, zone).partition("\n")[2]
    for note in notes_of(record, version, zone):
        yield f"    {title_of(note)} (note {note.slug}, approved by {note.approved_by}):"
        yield from (f"        {line}".rstrip() for line in note.summary.splitlines())
        if note.editorial_because:
            yield f"        Editorial because: {note.editorial_because}"


def _why_none(record: Record, document: str, at: datetime) -> str:
    versions = record.versions.get(document, ())
    if versions and versions[0].imported and at < versions[0].posted:
        last = [one for one in versions if one.imported][-1]
        texts = f"{versions[0].id} to {last.id} were" if last.number > 1 else f"{last.id} was"
        return f"not recorded at the time; {texts} imported later, with the dates that their source claims"
    if not record.entries or at < record.entries[0].posted:
        return "not recorded"
    retired = record.retired(document)
    if retired and retired.effective and retired.effective <= at:
        return f"{document} was retired"
    return f"no version of {document} was in force" if versions else f"nothing of {document} is recorded"


def notes_of(record: Record, version: Version, zone: ZoneInfo) -> Iterator[Change]:
    """Yield the change notes of a version, as posted."""
    for note in version.post.notes:
        path = f"{record.shown}/{note_name(record.note(note))}"
        yield posted_note(sealed_note(record, note), path, note.slug, zone)


def _because(note: Change) -> dict[str, str]:
    return {"editorial_because": note.editorial_because} if note.editorial_because else {}


def _plain(record: Record, document: str) -> dict[str, Any]:
    retired = record.retired(document)
    versions = record.versions.get(document, ())
    return {
        "document": document,
        "versions": [_plain_version(record, version, now()) for version in versions],
        "promises": [
            {
                "entry": effect.entry.seq,
                "set": effect.entry.set_id or None,
                "effective": format_fixed(effect.entry.effective),
                "field": one.field,
                "from": one.old,
                "to": one.new,
            }
            for effect in _promised(record, document)
            for one in effect.promised
        ],
        "retired": format_instant(retired.effective) if retired and retired.effective else None,
    }


def _plain_on(record: Record, document: str, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    version = record.in_force(document, at)
    plain: dict[str, Any] = {"document": document, "on": format_instant(at)}
    if version is None:
        return {**plain, "in_force": None, "why": _why_none(record, document, at), "notes": []}
    notes = [
        {
            "slug": note.slug,
            "title": title_of(note),
            "approved_by": note.approved_by,
            "summary": note.summary,
            **_because(note),
        }
        for note in notes_of(record, version, zone)
    ]
    return {**plain, "in_force": _plain_version(record, version, at), "why": "", "notes": notes}


def _plain_import(version: Version) -> dict[str, Any]:
    claimed, source = version.post.claimed, version.post.source
    assert claimed is not None
    assert source is not None
    return {
        "claimed": {"date": claimed.date, "kind": claimed.kind},
        "source": {"kind": source.kind, "path": source.path, "commit": source.commit or None},
    }


def _plain_version(record: Record, version: Version, at: datetime) -> dict[str, Any]:
    return {
        "version": version.number,
        "state": str(standing(record, version, at)),
        "posted": format_instant(version.posted),
        "effective": format_fixed(version.effective),
        "withdrawn": format_instant(version.withdrawn) if version.withdrawn else None,
        **({"imported": _plain_import(version)} if version.imported else {}),
        "class": str(version.post.change_class) if version.post.change_class else None,
        "material": version.post.material if version.post.change_class else None,
        "supersedes": version.post.supersedes or None,
        "restores": version.post.restores or None,
        "source": version.sealed.source,
        "text": version.sealed.text,
        "seal": version.sealed.seal or None,
        "redacted": [{"clause": entry.clause, "reason": entry.reason} for entry in version.redactions],
    }
