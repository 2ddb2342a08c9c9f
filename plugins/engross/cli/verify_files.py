"""Prints what the record says about files that somebody kept, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from engross.cli.printing import CLEAN, FOUND, UNREADABLE, say, say_json
from engross.common import EngrossError
from engross.corpus import Words
from engross.exporting import Difference, Judge, Later, Match, Verdict, read_kept
from engross.model import Diagnostic, VersionId
from engross.record import Record, describe_import, format_fixed, format_instant, redline_page, version_page

_MOST = 10
"""The most differences and later versions that are listed for people."""
_LONG = 160
"""The most characters of a difference that are shown to people."""


def verify_files(record: Record, files: Sequence[Path], at: datetime, words: Iterable[Words], *, as_json: bool) -> int:
    """Print what the record says about files, as known at an instant; return the exit code.

    `words` are the UI strings that the site's copies may have, besides those that Engross has.

    It is 2 if a file cannot be read, else 1 if the record does not confirm every word of each file, else 0.
    """
    judge = Judge(record, at, tuple(words))
    verdicts: list[Verdict] = []
    failures: list[Diagnostic] = []
    for path in files:
        try:
            verdicts += [verdict for kept in read_kept(path) for verdict in judge.judge(kept)]
        except EngrossError as failure:
            failures += failure.diagnostics
    if as_json:
        values = {"files": list(map(verdict_json, verdicts)), "unreadable": list(map(_unreadable, failures))}
        say_json(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        for line in (line for verdict in verdicts for line in _lines(verdict)):
            say(line)
        for one in failures:
            say(str(one), err=True)
    if failures:
        return UNREADABLE
    return CLEAN if all(one.match.is_confirmed for one in verdicts) else FOUND


_SAID = {
    Match.SEALED: "its bytes are those sealed",
    Match.SAME_WORDS: "its words are those sealed",
    Match.RECORDED: "the record has this version with these hashes",
    Match.WITHHELD: "words in this version were redacted later",
    Match.PARTLY: "its words are not confirmed",
    Match.DIFFERENT: "it differs from what was sealed",
}
_NOT_KNOWN = "the record has no version with this text, nor one like it"


def _lines(verdict: Verdict) -> Iterator[str]:
    kept, version = verdict.kept, verdict.version
    name = f"{kept.path} ({kept.attachment})" if kept.attachment else kept.path
    if version is None:
        known = (
            f"{verdict.what}: {_SAID[Match.SEALED]}" if verdict.match is Match.SEALED else verdict.remark or _NOT_KNOWN
        )
        yield f"{name}: {known}"
        return
    what = f"{verdict.what} of " if verdict.what else ""
    yield f"{name}: {what}{version.id} (“{version.entry.title}”, version {version.number}): {_SAID[verdict.match]}"
    if verdict.remark:
        yield f"  {verdict.remark}"
    if kept.remark:
        yield f"  {kept.remark}"
    if verdict.also:
        yield f"  the same bytes were sealed as {', '.join(map(str, verdict.also))}"
    when = f"posted {format_instant(version.posted)}, {_effective(version.effective, version.withdrawn)}"
    if version.imported:
        when = f"{describe_import(version.post)}, sealed {format_instant(version.posted)}"
    yield f"  {when}, ledger entry {version.post.seq}"
    yield from _differences(verdict.differences)
    yield from _since(verdict)


def _effective(instant: datetime, withdrawn: datetime | None) -> str:
    if fixed := format_fixed(instant):
        return f"effective {fixed}"
    return "never in force" if withdrawn else "effective date follows delivery of its notice"


def _differences(found: Sequence[Difference]) -> Iterator[str]:
    if found:
        yield "  1 difference:" if len(found) == 1 else f"  {len(found)} differences:"
    for one in found[:_MOST]:
        where = f"{one.where}: " if one.where else ""
        yield f"    {where}{_difference(one)}"
    if len(found) > _MOST:
        yield f"    and {len(found) - _MOST} more; --format json lists all"


def _difference(one: Difference) -> str:
    if not one.sealed and not one.kept:
        return "; ".join(one.kinds)
    kinds = f" ({'; '.join(one.kinds)})" if one.kinds and one.sealed == one.kept else ""
    return f"sealed {_short(one.sealed)}, this file {_short(one.kept)}{kinds}"


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return f"“{folded if len(folded) <= _LONG else f'{folded[:_LONG]}…'}”" if folded else "nothing"


def _since(verdict: Verdict) -> Iterator[str]:
    assert verdict.version is not None
    if not verdict.since:
        yield "  no later version was posted"
    else:
        yield "  posted since then:"
    for one in verdict.since[-_MOST:]:
        if not one.change_class:
            yield f"    {one.id}: imported; not recorded at the time"
            continue
        more = [one.change_class, "material" if one.material else "not material"]
        if one.withdrawn:
            more.append(f"withdrawn from {format_instant(one.withdrawn)}")
        yield f"    {one.id}: {_effective(one.effective, one.withdrawn)}, {', '.join(filter(None, more))}"
    if len(verdict.since) > _MOST:
        yield f"    and {len(verdict.since) - _MOST} before them"
    if verdict.retired:
        yield f"  no longer published from {format_instant(verdict.retired)}"
    current = verdict.in_force
    now = "this version" if current == verdict.version.id else str(current) if current else "no version"
    yield f"  in force now: {now}"


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain values; addresses are relative to the site's root."""
    kept, version = verdict.kept, verdict.version
    facts: dict[str, Any] = {
        "file": kept.path,
        "attachment": kept.attachment or None,
        "kind": str(kept.kind),
        "match": str(verdict.match),
        "confirmed": verdict.match.is_confirmed,
        "what": verdict.what or None,
        "remark": verdict.remark or None,
        "compared": kept.remark or None,
    }
    if version:
        facts |= {
            "document": version.id.document,
            "version": version.number,
            "title": version.entry.title,
            "posted": format_instant(version.posted),
            "effective": format_fixed(version.effective),
            "imported": version.imported or None,
            "address": version_page(version.id),
            "ledger": {"seq": version.post.seq, "hash": version.post.hash},
            "same_bytes": [str(one) for one in verdict.also] or None,
            "in_force": verdict.in_force.number if verdict.in_force else None,
            "retired": format_instant(verdict.retired) if verdict.retired else None,
            "differences": list(map(_difference_json, verdict.differences)),
            "since": [_later_json(one, version.number) for one in verdict.since],
        }
    return {name: value for name, value in facts.items() if value is not None}


def _later_json(one: Later, kept: int) -> dict[str, Any]:
    """A later version; `kept` is the number of the version of the file."""
    facts = {
        "version": one.id.number,
        "posted": format_instant(one.posted),
        "effective": format_fixed(one.effective),
        "class": one.change_class or None,
        "material": one.material if one.change_class else None,
        "withdrawn": format_instant(one.withdrawn) if one.withdrawn else None,
        "address": version_page(one.id),
        "redline": redline_page(VersionId(one.id.document, kept), one.id.number) if one.supersedes == kept else None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _difference_json(one: Difference) -> dict[str, Any]:
    return {"where": one.where, "sealed": one.sealed, "kept": one.kept, "kinds": list(one.kinds)}


def _unreadable(found: Diagnostic) -> dict[str, str]:
    return {"file": found.path, "message": found.message}
