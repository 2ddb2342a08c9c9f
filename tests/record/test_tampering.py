"""Every change of the ledger is found: of each byte and entry. The message names the entry."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engross.model import Entry, EntryKind, NoteRef, Sealed
from engross.record.encoding import canonical, hash_of, sha256
from engross.record.history import LEDGER
from engross.record.ledger.file import FIRST, line_of, read_ledger
from engross.record.sealed_files import (
    note_names as note_files,
)
from engross.record.verification import check_prefix, verify

from .histories import chain, ledger_of, write_ledger
from .playing import Site, day
from .tampering import BOM, found_in, mutants

PATTERN = re.compile(
    rb'"(?P<key>[a-z]+)":|"(?P<instant>\d{4}-\d\d-\d\dT[^"]*)"|"(?P<hash>[0-9a-f]{64})"|"(?P<value>[^"]+)"'
    rb"|(?P<number>\d+)|(?P<truth>true|false)|(?P<sign>[{}\[\],:])|(?P<newline>\n)"
)
EMPTY_COPY = "an older copy: this copy of the ledger is empty; compare with one that has entries"
Places = list[tuple[str, int]]


def places(data: bytes) -> Places:
    """The first and the last byte of every key, value, hash, number, sign and line end, with its class."""
    found: Places = []
    for match in PATTERN.finditer(data):
        name = str(match.lastgroup)
        found += [(name, match.start(name)), (name, match.end(name) - 1)]
    return list(dict.fromkeys(found))


def line_start(data: bytes, line: int) -> int:
    """Where a line begins, 1-based."""
    return sum(map(len, data.splitlines(keepends=True)[: line - 1]))


def test_the_bytes_of_a_ledger_are_those_that_were_read(history: Site) -> None:
    """Also of its beginning, and of a record with other entries."""
    record = history.record
    for count in range(len(record.entries) + 1):
        known = replace(record, entries=record.entries[:count])
        assert known.ledger == ledger_of(known.entries)
    cut = record.as_known(record.entries[3].posted)
    assert record.ledger.startswith(cut.ledger)
    other = chain([replace(one, reason="other") for one in record.entries])
    assert replace(record, entries=other).ledger == ledger_of(other) != record.ledger


def test_untouched(history: Site) -> None:
    assert found_in(history) == []
    assert {entry.kind for entry in history.record.entries} == set(EntryKind) - {EntryKind.IMPORT, EntryKind.RECEIPT}


@pytest.mark.long
def test_every_byte_class_of_the_ledger(copied: Site) -> None:
    path = copied.folders.record / LEDGER
    data = path.read_bytes()
    # A post, a withdrawal and a redaction; then the first of each class through all of verify.
    start, end = (line_start(data, line) for line in (5, 7))
    again, last = (line_start(data, line) for line in (11, 12))
    classes = [(name, at) for name, at in places(data) if start <= at < end or again <= at < last]
    firsts = set(dict(reversed(classes)).values())
    assert {name for name, _ in classes} == {
        "key", "instant", "hash", "value", "number", "truth", "sign", "newline",
    }  # fmt: skip
    for name, at in classes:
        for mutant in mutants(data, at):
            if mutant == data:
                continue
            found = [str(one) for one in read_ledger(mutant, "ledger.jsonl")[1]]
            assert found, (name, at)
            if at in firsts:
                path.write_bytes(mutant)
                assert found_in(copied), (name, at)
            line = data.count(b"\n", 0, at) + 1
            # Where an entry still reads, though it is another, the one after it no longer follows.
            assert any(f"entry {near} " in found[0] for near in (line, line + 1)), (name, at, found)


def test_every_byte_of_one_line(copied: Site) -> None:
    path = copied.folders.record / LEDGER
    data = path.read_bytes()
    for at in range(data.index(b"\n") + 1):
        mutant = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert "entry 1 " in str(read_ledger(mutant, "ledger.jsonl")[1][0]), at


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: BOM + data, id="byte-order mark"),
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda data: data + b"\n", id="blank line at the end"),
        pytest.param(lambda data: b"\n" + data, id="blank line at the start"),
        pytest.param(lambda data: data.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(lambda data: data.replace(b'":{', b'": {', 1), id="blank"),
        pytest.param(lambda data: data.replace(b'"seq":1,', b'"seq":1.0,'), id="decimal"),
        pytest.param(lambda data: data.replace(b'"format":2,', b'"format":true,'), id="truth for a number"),
        pytest.param(lambda data: data.replace(b'"format":2,', b'"format":3,'), id="other format"),
        pytest.param(lambda data: data.replace(b'"format":2,', b'"format":1,'), id="older format"),
        pytest.param(lambda data: data.replace(b'"kind":"post"', b'"kind":"host"'), id="no kind"),
        pytest.param(lambda data: data.replace(b'"format":2', b'"format":2,"format":2', 1), id="key twice"),
        pytest.param(lambda data: data.replace(b"Rules", b"\\u0052ules", 1), id="escaped letter"),
        pytest.param(lambda data: data.replace(b"Rules", b"\\ud800", 1), id="half a character"),
        pytest.param(lambda data: b"[" * 100_000 + b"\n" + data, id="too deep"),
        pytest.param(lambda data: b"9" * 10_000 + b"\n" + data, id="number too long"),
        pytest.param(lambda data: data[:-1], id="last line end cut off"),
        pytest.param(lambda data: data[:-100], id="cut off within the last line"),
        pytest.param(lambda data: b"<<<<<<< HEAD\n" + data, id="merge"),
    ],
)
def test_form_of_the_ledger(copied: Site, change: Callable[[bytes], bytes]) -> None:
    path = copied.folders.record / LEDGER
    data = path.read_bytes()
    assert change(data) != data
    path.write_bytes(change(data))
    found = found_in(copied)
    assert found
    assert re.search(r"ledger\.jsonl:\d+:1: (entry \d+ |this line is a conflict marker)", found[0]), found


def test_an_hour_that_reads_as_another(copied: Site) -> None:
    """24:00 is 00:00 of the next day in later Pythons: the line means the same, and is not what was written."""
    path = copied.folders.record / LEDGER
    path.write_bytes(path.read_bytes().replace(b"2026-01-06T00:00:00Z", b"2026-01-05T24:00:00Z"))
    assert found_in(copied)


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
@pytest.mark.parametrize("field", ["posted", "effective"])
def test_an_instant_that_cannot_be_shown(copied: Site, field: str, instant: str) -> None:
    """Its hash is right; a note cannot give such an instant, and no page could show it."""
    path = copied.folders.record / LEDGER
    value = {**json.loads(path.read_bytes().splitlines()[0]), field: instant}
    del value["hash"]
    path.write_bytes(canonical({**value, "hash": hash_of(value)}) + b"\n")
    (found,) = found_in(copied)
    assert f"ledger.jsonl:1:1: entry 1 cannot be read: its {field} is not valid" in found


Forgery = Callable[[list[Entry]], Sequence[Entry]]


def swapped(first: int, second: int) -> Forgery:
    def forge(entries: list[Entry]) -> list[Entry]:
        entries[first], entries[second] = entries[second], entries[first]
        return entries

    return forge


def changed(at: int, **fields: object) -> Forgery:
    def forge(entries: list[Entry]) -> list[Entry]:
        entries[at] = replace(entries[at], **fields)  # type: ignore[arg-type]
        return entries

    return forge


@pytest.mark.parametrize("at", range(12))
def test_entry_dropped(copied: Site, at: int) -> None:
    entries = list(copied.record.entries)
    gone = entries.pop(at)
    write_ledger(copied.record, entries)
    assert f"entry {gone.seq + 1} " in found_in(copied)[0]


@pytest.mark.parametrize("at", range(12))
def test_entries_swapped_or_doubled(copied: Site, at: int) -> None:
    record, entries = copied.record, list(copied.record.entries)
    write_ledger(record, swapped(at, at + 1)(list(entries)))
    assert f"entry {entries[at + 1].seq} " in found_in(copied)[0]
    write_ledger(record, [*entries[: at + 1], *entries[at:]])
    assert f"entry {entries[at].seq} " in found_in(copied)[0]


def test_reordered(copied: Site) -> None:
    record = copied.record
    write_ledger(record, record.entries[::-1])
    assert "entry 15 " in found_in(copied)[0]


def test_entry_hashed_again(copied: Site) -> None:
    """Changing an entry and its hash breaks the chain at the next entry."""
    record, entries = copied.record, list(copied.record.entries)
    forged = chain([*entries[:6], replace(entries[6], effective=day(3))])
    write_ledger(record, [*forged, *entries[7:]])
    assert "entry 8 (post agreement@3): it does not follow entry 7" in found_in(copied)[0]


# Entries: 1 to 4 first, 5 set main, 6 post agreement@2, 7 withdraw agreement@2, 8 post agreement@3, 9 correct,
# 10 move rules, 11 post rules@2, 12 redact rules@2, 13 notice pricing, 14 set main, 15 retire models.
FORGERIES = {
    "posted before the one above": (changed(7, posted=day(0.5)), r"entry 8 .* posted before entry 7"),
    "effective before posted": (changed(5, effective=day(0.5)), r"entry 6 .* backdated: effective"),
    "withdrawn before posted": (changed(6, effective=day(1)), r"entry 7 .* backdated"),
    "effective decreases": (lambda es: [*es[:6], *es[7:]], r"entry 7 .* supersedes 1, but the last .* is 2"),
    "overtakes": (
        lambda es: [*es[:6], replace(es[7], effective=day(30), supersedes=2), *es[8:]],
        r"entry 7 .* takes effect before agreement@2, which is announced",
    ),
    "version left out": (changed(10, version=3), r"entry 11 .* the next version of rules must be 2"),
    "version again": (changed(7, version=2), r"entry 8 .* the next version of agreement must be 3"),
    "supersedes what does not stand": (changed(7, supersedes=2), r"entry 8 .* supersedes 2, but the last .* is 1"),
    "supersedes nothing": (changed(10, supersedes=0), r"entry 11 .* supersedes nothing, but the last .* is 1"),
    "withdraws nothing": (changed(6, version=9), r"entry 7 .* no version agreement@9"),
    "withdraws twice": (lambda es: [*es[:7], es[6], *es[7:]], r"entry 8 .* agreement@2 was withdrawn before"),
    "withdrawn too late": (changed(6, effective=day(45)), r"entry 7 .* takes effect before it is withdrawn"),
    "id used again": (
        lambda es: [*es, replace(es[2], posted=day(8), effective=day(9), notes=())],
        r"entry 16 .* models was retired by entry 15",
    ),
    "retired twice": (lambda es: [*es, replace(es[14], notes=())], r"entry 16 .* models was retired"),
    "retires the unknown": (changed(14, document="nothing"), r"entry 15 .* nothing was never posted"),
    "moves the unknown": (
        lambda es: [replace(es[9], posted=day(0), effective=day(0)), *es],
        r"entry 1 .* rules was never posted",
    ),
    "corrects what is to come": (changed(8, corrects=13), r"entry 9 .* corrects entry 13, which is not before it"),
    "corrects itself": (changed(8, corrects=9), r"entry 9 .* not before it"),
    "corrects another document": (changed(8, corrects=2), r"entry 9 .* which is about another document"),
    "redacts other hashes": (
        changed(11, was=Sealed("0" * 64, "0" * 64, "0" * 64)),
        r"entry 12 .* hashes that it replaces are not those of rules@2",
    ),
    "redacts another seal": (
        changed(11, was=Sealed("", "", "", "0" * 64)),
        r"entry 12 .* hashes that it replaces are not those of rules@2",
    ),
    "redacts an unknown note": (changed(11, document="", version=0, note="unknown"), r"entry 12 .* never posted"),
    "redacts another hash of a note": (
        changed(11, document="", version=0, note="first"),
        r"entry 12 .* the hash that it replaces is not that of the note first",
    ),
    "an older format": (
        lambda es: [*es[:-1], replace(es[-1], format=1)],
        r"entry 15 .* it is of format 1, and entry 14",
    ),
    "redacts without a reason": (changed(11, reason=" "), r"entry 12 .* its clause or its reason is empty"),
    "restores another text": (changed(7, restores=1), r"entry 8 .* restores agreement@1, but its text differs"),
    "restores the unknown": (changed(10, restores=7), r"entry 11 .* restores rules@7, but its text differs"),
    "another document's facts": (
        lambda es: [*es[:5], replace(es[5], entry=es[1].entry), *es[6:]],
        r"entry 6 .* its settings in documents.yml are those of rules",
    ),
    "a note posted again": (changed(12, notes=(NoteRef("first", "0" * 64),)), r"entry 13 .* the note first was posted"),
    "another hash of a note": (
        changed(12, notes=(NoteRef("new", "0" * 64),)),
        r"0{12}\.seal\.json: entry 13 .* missing",
    ),
    "another hash of a text": (
        changed(5, sealed=Sealed("", "", "", "1" * 64)),
        r"agreement/2-1{12}\.seal\.json: entry 6 .* missing",
    ),
}


@pytest.mark.parametrize(("forge", "message"), FORGERIES.values(), ids=FORGERIES.keys())
def test_chain_made_again(copied: Site, forge: Forgery, message: str) -> None:
    """A chain that was computed again is detected by the references between entries."""
    record = copied.record
    write_ledger(record, chain(forge(list(record.entries))))
    assert re.search(message, found_in(copied)[0]), found_in(copied)


def test_posted_in_the_future(history: Site) -> None:
    found = verify(history.folders.record, day(7.5))[1]
    assert [str(one) for one in found if "entry 15 (retire models)" in one.message and "in the future" in one.message]
    assert verify(history.folders.record, day(8))[1] == []


@pytest.mark.parametrize("kept", range(15))
def test_clean_cut(copied: Site, kept: int) -> None:
    """Without its last entries and their files a record is valid; only a copy kept elsewhere shows the loss."""
    whole, record = (copied.folders.record / LEDGER).read_bytes(), copied.record
    cut = replace(record, entries=record.entries[:kept])
    shown = check_prefix(cut, whole, "the live ledger")
    assert len(shown) == 1
    assert f"entries are missing at the end: the live ledger has 15, this has {kept}" in str(shown[0])
    assert f"The first missing one is {record.entries[kept].name}" in str(shown[0])
    found = check_prefix(record, ledger_of(record.entries[:kept]), "an older copy")
    assert [str(one) for one in found] == ([] if kept else [EMPTY_COPY])


def test_clean_cut_is_sound(copied: Site) -> None:
    record = copied.record
    write_ledger(record, record.entries[:-2])
    for name in note_files(record.entries[-1].notes[0]):
        (copied.folders.record / name).unlink()
    assert found_in(copied) == []


def test_against_another_history(history: Site) -> None:
    record = history.record
    forged = chain(changed(2, material=True)(list(record.entries)))
    (found,) = check_prefix(record, ledger_of(forged), "the live ledger")
    assert found.line == 3
    assert "entry 3 (post models@1) is not the same as in the live ledger" in str(found)
    (broken,) = check_prefix(record, b"<html>Not found</html>\n", "the live ledger")
    assert "the live ledger:1:1: entry 1 cannot be read: it is not valid JSON" in str(broken)


def branches(site: Site) -> tuple[list[bytes], list[bytes]]:
    """The lines of two branches that each released one more entry."""
    record = site.record
    base, notice = list(record.entries), record.entries[12]
    ours, theirs = (
        replace(notice, posted=day(9), effective=day(9), notes=(NoteRef(slug, sha256(b"")),))
        for slug in ("ours", "theirs")
    )
    return [*map(line_of, chain([*base, ours]))], [*map(line_of, chain([*base, theirs]))]


@pytest.mark.parametrize("order", ["ours", "theirs"])
def test_both_branches_released(copied: Site, order: str) -> None:
    ours, theirs = branches(copied)
    lines = [*ours, theirs[-1]] if order == "ours" else [*theirs, ours[-1]]
    (copied.folders.record / LEDGER).write_bytes(b"".join(lines))
    (found,) = found_in(copied)
    assert ":17:1: entry 16 (notice pricing): it follows entry 15 (retire models), and so does entry 16" in found
    assert "Two branches have each released. Keep the ledger that was published" in found


def test_marks_of_a_merge(copied: Site) -> None:
    ours, theirs = branches(copied)
    lines = [*ours[:-1], b"<<<<<<< HEAD\n", ours[-1], b"=======\n", theirs[-1], b">>>>>>> other\n"]
    (copied.folders.record / LEDGER).write_bytes(b"".join(lines))
    (found,) = found_in(copied)
    assert ":16:1: this line is a conflict marker of a merge. Two branches have each released." in found


def test_first_releases_of_two_branches(copied: Site) -> None:
    record = copied.record
    one, other = (chain([replace(record.entries[0], material=material)]) for material in (True, False))
    assert one[0].previous == other[0].previous == FIRST
    write_ledger(record, [*one, *other])
    assert "it follows the beginning, and so does entry 1" in found_in(copied)[0]


def test_backdated_by_one_second(copied: Site) -> None:
    record = copied.record
    earlier = record.entries[13].posted - timedelta(seconds=1)
    write_ledger(record, chain(changed(14, posted=earlier)(list(record.entries))))
    assert "entry 15 (retire models): it is backdated: posted before entry 14" in found_in(copied)[0]
