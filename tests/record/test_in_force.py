"""The version in force at an instant, compared with a slow implementation of the documented rules."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from hypothesis import given, strategies as st

from engross.model import ChangeClass, DocumentEntry, DocumentKind, Entry, EntryKind, Sealed
from engross.record.history import Record
from engross.record.ledger.file import chained
from engross.record.ledger.invariants import check_invariants

from .histories import chain, full_history, write_ledger
from .playing import day, instant, posted_site

DOCUMENT = DocumentEntry("doc", "Doc", DocumentKind.POLICY, "doc.md")
LAST = 40


@dataclass
class PostedAt:
    """A version of the slow implementation: days only."""

    number: int
    posted: int
    effective: int
    order: int
    withdrawn: list[tuple[int, int]] = field(default_factory=list)


def slow_in_force(versions: list[PostedAt], retired: int | None, at: int) -> int:
    """The standing version with the latest effective instant, ties to the later entry; a withdrawal counts only from
    its own instant; before the first: nothing.
    """
    if retired is not None and retired <= at:
        return 0
    best = None
    for version in versions:
        if version.effective > at or any(end <= at for _, end in version.withdrawn):
            continue
        if best is None or (version.effective, version.order) >= (best.effective, best.order):
            best = version
    return best.number if best else 0


@dataclass(frozen=True)
class Play:
    """A history: its entries, and the versions of the slow implementation."""

    entries: tuple[Entry, ...]
    versions: list[PostedAt]
    retired: int | None


@st.composite
def plays(draw: st.DrawFn) -> Play:
    """Sequences of posts, withdrawals and at most one retirement that obey the laws."""
    today, versions, entries, retired = 0, list[PostedAt](), list[Entry](), None
    for order in range(draw(st.integers(0, 8))):
        today += draw(st.integers(0, 4))
        standing = [version for version in versions if not version.withdrawn]
        least = max([today, *(version.effective for version in standing)])
        what = draw(st.sampled_from(["post", "post", "post", "withdraw", "retire"]))
        if what == "withdraw" and standing:
            version = draw(st.sampled_from(standing))
            latest = version.effective if version.effective > today else LAST
            end = draw(st.integers(today, min(latest, today + 6)))
            version.withdrawn.append((today, end))
            entries.append(replace(blank(today, EntryKind.WITHDRAW, end), version=version.number))
        elif what == "retire" and versions and draw(st.booleans()):
            retired = draw(st.integers(today, today + 6))
            entries.append(blank(today, EntryKind.RETIRE, retired))
            break
        else:
            effective = draw(st.integers(least, least + 6))
            number = len(versions) + 1
            supersedes = max(standing, key=lambda one: (one.effective, one.order)).number if standing else 0
            versions.append(PostedAt(number, today, effective, order))
            entries.append(post(today, effective, number, supersedes))
    return Play(chained((), entries), versions, retired)


def blank(today: int, kind: EntryKind, effective: int) -> Entry:
    return Entry(0, kind, day(today), "doc", "", "", effective=day(effective))


def post(today: int, effective: int, number: int, supersedes: int) -> Entry:
    sealed = Sealed(f"{number:064x}", f"{number:064x}", f"{number:064x}")
    return replace(
        blank(today, EntryKind.POST, effective), version=number, supersedes=supersedes, sealed=sealed, entry=DOCUMENT,
        change_class=ChangeClass.SUBSTANTIVE,
    )  # fmt: skip


def record_of(entries: tuple[Entry, ...]) -> Record:
    return Record(Path("record"), "record", entries)


def number_in_force(record: Record, at: datetime) -> int:
    version = record.in_force("doc", at)
    return version.number if version else 0


@given(plays())
def test_against_the_slow_reading(play: Play) -> None:
    assert list(check_invariants(play.entries, "ledger")) == []
    record = record_of(play.entries)
    for at in range(-1, LAST):
        assert number_in_force(record, day(at)) == slow_in_force(play.versions, play.retired, at), at


@given(plays())
def test_the_past_never_changes(play: Play) -> None:
    """The version in force on a past day is the same whatever is posted later."""
    for known in range(len(play.entries)):
        before = record_of(play.entries[:known])
        now = (play.entries[known].posted - day(0)).days
        for at in range(-1, now):
            assert number_in_force(before, day(at)) == number_in_force(record_of(play.entries), day(at))


@given(plays(), st.integers(-1, LAST))
def test_as_known(play: Play, at: int) -> None:
    known = record_of(play.entries).as_known(day(at))
    assert known.entries == tuple(entry for entry in play.entries if entry.posted <= day(at))
    assert number_in_force(known, day(at)) == number_in_force(record_of(play.entries), day(at))


@given(plays(), st.integers(-1, LAST))
def test_announced(play: Play, at: int) -> None:
    """An announced version comes into force on its day, unless a later one takes effect at the same instant."""
    record = record_of(play.entries).as_known(day(at))
    coming = record.announced("doc", day(at))
    scheduled = [
        version
        for version in sorted(play.versions, key=lambda one: (one.effective, one.order))
        if version.posted <= at < version.effective
        and not any(start <= at and end <= version.effective for start, end in version.withdrawn)
        and not (retires(record) is not None and retires(record) <= day(version.effective))
    ]
    expected = {version.effective: version.number for version in scheduled}
    assert [version.number for version in coming] == list(expected.values())
    for version in coming:
        applies = record.in_force("doc", version.effective)
        assert applies is not None
        assert (applies.effective, applies.number) >= (version.effective, version.number)


def retires(record: Record) -> datetime | None:
    entry = record.retired("doc")
    return entry.effective if entry else None


@given(plays())
def test_instants(play: Play) -> None:
    """The version in force changes only at the listed instants."""
    record = record_of(play.entries)
    for at in range(LAST):
        if number_in_force(record, day(at)) != number_in_force(record, day(at - 1)):
            assert day(at) in record.instants


@given(plays())
def test_the_latest_is_in_force_in_the_end(play: Play) -> None:
    record = record_of(play.entries)
    latest = record.latest("doc")
    if play.retired is None:
        assert number_in_force(record, day(1000)) == (latest.number if latest else 0)


def test_not_recorded() -> None:
    empty = record_of(())
    assert (empty.in_force("doc", day(0)), empty.announced("doc", day(0)), empty.head) == (None, (), "")
    assert empty.entry_at("doc", day(0)) is None


def test_redacted_for_every_day(tmp_path: Path) -> None:
    """Redacted words are gone, whatever day a site is built for; its files are the redacted ones."""
    record = full_history(tmp_path).record
    before = record.as_known(day(5))
    assert [entry.seq for entry in before.entries] == list(range(1, 12))
    assert before.versions["rules"][1].sealed == record.versions["rules"][1].sealed
    assert before.as_known(day(4.5)).redacted == ()
    assert record.versions["rules"][1].redactions == (record.entries[11],)


def test_moved_while_another_text_is_announced(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(30))
    site.at(2).write("documents.yml", site.read("documents.yml").replace("Rules of Use", "Rules for All"))
    site.note("rules", effective=instant(9))
    site.release()
    record = site.record
    titles = [record.entry_at("rules", day(at)).title for at in (1, 8, 9, 31)]  # type: ignore[union-attr]
    assert titles == ["Rules of Use", "Rules of Use", "Rules for All", "Rules for All"]


def test_the_last_days_of_the_calendar(tmp_path: Path) -> None:
    """Version 0.1 could post versions for the last possible day, and impossible notice periods; nothing fails."""
    site = posted_site(tmp_path)
    site.at(1).edit("agreement.md", ("thirty days", "sixty days"))
    site.post("agreement", effective='"9999-12-30T12:00Z"', slug="late")
    record = site.record
    entries = [
        replace(one, entry=replace(one.entry, notice_days=10**15)) if one.entry and one.document == "agreement" else one
        for one in record.entries
    ]
    write_ledger(record, chain(entries))
    site.write("documents.yml", site.read("documents.yml").replace("timezone: UTC", "timezone: Pacific/Kiritimati"))
    site.at(2).edit("agreement.md", ("sixty days", "ninety days"))
    (found,) = site.findings("unposted-change")
    assert "effective: <a day, 9999-12-31 or later>" in found.fix
    site.note("agreement", effective='"9999-12-30T13:00Z"', slug="later", material="true")
    (found,) = site.findings("short-notice")
    assert "promises 1000000000000000 days' notice" in found.message
    assert "from 31 December 9999, 13:59 Pacific/Kiritimati" in found.message
