"""Checks a live site from outside: its record, its age, announced changes, addresses, headers.

Nothing is trusted that another part of the site could contradict: the chain of the live ledger is recomputed, and what
should be in force follows from the ledger and the clock. `probe_site` only requests and compares; it writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from engross.common import EngrossError, error, value_class
from engross.model import Diagnostic, Entry
from engross.monitoring.address_probe import NEVER_CACHED, Ask, failing_addresses, full_address
from engross.monitoring.page_policies import check_pages
from engross.monitoring.permanent_addresses import MOST_ADDRESSES, of_description, of_record, of_sitemap
from engross.record import (
    LEDGER_FILE,
    Answer,
    Record,
    addresses,
    check_invariants,
    format_instant,
    parse_sealed_instant,
    read_ledger,
    status_text,
)

LIVE_RECORD, BUILD, ANNOUNCED, ADDRESS = "live-record", "live-build", "live-announced", "live-address"
"""The rules of findings: what is wrong with the live record, its age, announced changes, and permanent addresses."""

OLDEST = timedelta(hours=26)
"""The most time since a site was built: a day, and two hours for a host that starts a daily run late."""
_SHORT = 12
_SITEMAP = "sitemap.xml"


@value_class(frozen=True, kw_only=True)
class Expected:
    """What a live site is compared with: another copy of the ledger, called `name` in messages; None for none.

    `at` is the present instant. `grace` is how long after its instant an announced change may still be missing.
    """

    at: datetime
    entries: tuple[Entry, ...] | None = None
    name: str = ""
    grace: timedelta = timedelta()


@value_class(frozen=True, kw_only=True)
class Probed:
    """What was found: the state that the site describes ("" if unknown), how many addresses were asked, findings."""

    site: str
    as_of: str = ""
    head: str = ""
    entries: int = 0
    asked: int = 0
    findings: tuple[Diagnostic, ...] = ()


@value_class(frozen=True)
class _Live:
    """The files of a live site that describe it."""

    manifest: dict[str, Any]
    record: Record
    as_of: datetime


def probe_site(site: str, expected: Expected, ask: Ask, *, every_address: bool = True) -> Probed:
    """Ask a live site, and return what is wrong with it.

    `site` is its public address; `ask` requests an address. Without `every_address`, the permanent addresses are left
    out, which is enough for a check every few minutes. Raises EngrossError if the site's manifest or ledger cannot be
    read at all.
    """
    site = site.rstrip("/") + "/"
    manifest_answer, manifest = _read_json(site, addresses.MANIFEST, ask)
    as_of = _instant(manifest, site)
    entries, findings = _read_live_ledger(site, manifest, ask)
    live = _Live(manifest, Record(Path(), site.rstrip("/"), entries), as_of)
    if not findings:
        # Nothing follows from a broken ledger.
        findings += [*_against(site, entries, expected), *_effects(site, live, expected)]
    findings += [
        *_age(site, as_of, expected.at),
        *check_pages(site, manifest_answer, _pages(manifest, live.record), ask),
    ]
    asked: Sequence[str] = ()
    if every_address:
        asked, unread = _addresses(site, live, ask)
        findings += unread
        findings += failing_addresses(site, asked, ask, ADDRESS)
    return Probed(
        site=site, as_of=format_instant(as_of), head=live.record.head, entries=len(entries), asked=len(asked),
        findings=tuple(findings),
    )  # fmt: skip


def _read_json(site: str, name: str, ask: Ask) -> tuple[Answer, dict[str, Any]]:
    """A JSON object of the site. Raises EngrossError if it cannot be read."""
    answer = _read(site, name, ask)
    try:
        value = json.loads(answer.data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise EngrossError([error("outside", full_address(site, name), 0, 0, "it is not a JSON object")])
    return answer, value


def _read(site: str, name: str, ask: Ask) -> Answer:
    address = full_address(site, name)
    answer = ask(address, headers=NEVER_CACHED)
    if answer.status != 200:
        message = f"it answers {status_text(answer.status)}; name the address of a site that Engross made"
        raise EngrossError([error("outside", address, 0, 0, message)])
    return answer


def _instant(manifest: dict[str, Any], site: str) -> datetime:
    written = manifest.get("as_of")
    try:
        return parse_sealed_instant(written if isinstance(written, str) else "")
    except ValueError:
        message = f"as_of is not an instant: {str(written)[:40]!r}"
        raise EngrossError([error("outside", full_address(site, addresses.MANIFEST), 0, 0, message)]) from None


def _read_live_ledger(site: str, manifest: dict[str, Any], ask: Ask) -> tuple[tuple[Entry, ...], list[Diagnostic]]:
    """The entries of the live ledger, and what is wrong with its chain or with what the manifest says of it."""
    stated = manifest.get("ledger")
    head = str(stated.get("head") or "") if isinstance(stated, dict) else ""
    if not head:
        return (), []
    address = full_address(site, LEDGER_FILE)
    entries, problems = read_ledger(_read(site, LEDGER_FILE, ask).data, address)
    if not problems:
        problems = list(check_invariants(entries, address))
    if not problems and (not entries or entries[-1].hash != head):
        last = entries[-1].hash if entries else "nothing"
        message = (
            f"its last entry is {last[:_SHORT]}, but manifest.json names {head[:_SHORT]!r}: the two are from different "
            "builds; deploy the whole site again, and empty the caches of the host"
        )
        problems = [error(LIVE_RECORD, address, 0, 0, message)]
    return (() if problems else entries), problems


def _against(site: str, live: tuple[Entry, ...], expected: Expected) -> Iterator[Diagnostic]:
    """Yield whether the live ledger is another copy of it, entry by entry."""
    if expected.entries is None:
        return
    own, address = expected.entries, full_address(site, LEDGER_FILE)
    for line, (there, here) in enumerate(zip(live, own, strict=False), 1):
        if there.hash != here.hash:
            message = f"entry {line} is not the one in {expected.name}: one of the two was rewritten; publish nothing"
            yield error(LIVE_RECORD, address, line, 1, message)
            return
    if len(live) < len(own):
        message = (
            f"the live site has {len(live)} entries, {expected.name} has {len(own)}: what was posted last is not "
            "live, or the site was rolled back to an older ledger; deploy the site of the whole record"
        )
        yield error(LIVE_RECORD, address, 0, 0, message)
    if len(live) > len(own):
        message = (
            f"the live site has {len(live)} entries, {expected.name} has {len(own)}: fetch the newest record "
            "(git pull) and probe again; if that has no more, entries were lost"
        )
        yield error(LIVE_RECORD, address, len(own) + 1, 1, message)


def _age(site: str, as_of: datetime, at: datetime) -> Iterator[Diagnostic]:
    address = full_address(site, addresses.MANIFEST)
    if at - as_of > OLDEST:
        hours, most = (int(one.total_seconds() // 3600) for one in (at - as_of, OLDEST))
        message = (
            f"the site was built {hours} hours ago ({format_instant(as_of)}), and {most} are the most: "
            "start the publishing workflow, and look whether the host has paused its schedule"
        )
        yield error(BUILD, address, 0, 0, message)
    elif as_of > at + timedelta(minutes=5):
        message = f"the site was built for {format_instant(as_of)}, which is in the future: unset SOURCE_DATE_EPOCH"
        yield error(BUILD, address, 0, 0, message)


def _effects(site: str, live: _Live, expected: Expected) -> Iterator[Diagnostic]:
    """Yield announced instants that passed without effect, and documents shown in another version than the ledger says.

    What takes effect at an instant is in force on a site that was built at that instant or later.
    """
    address = full_address(site, addresses.MANIFEST)
    due = expected.at - expected.grace
    passed = [one for one in live.record.instants if live.as_of < one <= due]
    before, after = (_applying(live.record, at) for at in (live.as_of, due)) if passed else ({}, {})
    if late := [name for name, what in after.items() if before[name] != what]:
        # What was announced for an instant may have been withdrawn since.
        first = next(at for at in passed if _applying(live.record, at) != before)
        message = (
            f"what was announced for {format_instant(first)} has not taken effect on the live site "
            f"({', '.join(late)}): it was built before, at {format_instant(live.as_of)}; start the publishing workflow"
        )
        yield error(ANNOUNCED, address, 0, 0, message)
    for document, shown in _shown_versions(live.manifest).items():
        version = live.record.in_force(document, live.as_of)
        if (version.number if version else 0) != shown:
            says = f"version {version.number}" if version else "no version"
            message = f"{document}: it shows version {shown or 'none'} as in force, and its ledger says {says}"
            yield error(ANNOUNCED, address, 0, 0, message)


def _applying(record: Record, at: datetime) -> dict[str, object]:
    """What applies at an instant: the version and the settings of each document, and each set."""
    entries = {name: record.settings_entry_at(name, at) for name in record.documents}
    return {**entries, **{f"set {name}": record.set_at(name, at) for name in record.sets}}


def _documents(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    listed = manifest.get("documents")
    yield from (one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict))


def _shown_versions(manifest: dict[str, Any]) -> dict[str, int]:
    """The version in force of each document with a text, by the manifest; 0 for none."""
    found = {}
    for one in _documents(manifest):
        in_force = one.get("in_force")
        number = in_force.get("version") if isinstance(in_force, dict) else 0
        if isinstance(number, int) and (number or ":" not in str(one.get("published", ":"))):
            found[str(one.get("id"))] = number
    return found


def _pages(manifest: dict[str, Any], record: Record) -> tuple[str, ...]:
    """The pages whose headers and policies are looked at: home, documents, their last versions, posted changes."""
    documents = [str(one.get("published") or "") for one in _documents(manifest) if one.get("in_force")]
    versions = [addresses.version_page(listed[-1].id) for listed in record.versions.values()]
    return ("", *(one for one in documents if one and ":" not in one), *versions)


def _addresses(site: str, live: _Live, ask: Ask) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """The addresses to ask, and what is wrong with the files of the site that list them."""
    own = str(live.manifest.get("site") or site)
    names, findings = dict.fromkeys(of_record(live.record)), list[Diagnostic]()

    def described(data: bytes) -> Iterator[str]:
        return of_description(json.loads(data), live.record)

    def mapped(data: bytes) -> Iterator[str]:
        return of_sitemap(data.decode("utf-8", "replace"), own)

    for file, read in ((addresses.OPENAPI, described), (_SITEMAP, mapped)):
        try:
            for name in islice(read(_read(site, file, ask).data), MOST_ADDRESSES):
                names[name] = None
        except EngrossError:
            names[file] = None  # it is asked once more, and reported then
        except (ValueError, RecursionError) as problem:
            message = f"not all addresses in it can be asked: {problem}; deploy the whole site again"
            findings.append(error(ADDRESS, full_address(site, file), 0, 0, message))
    return tuple(names), findings
