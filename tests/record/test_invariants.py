"""The laws between entries of a ledger, on entries made by hand: what no release writes is refused, and no more."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from engross.model import (
    AwaitedNotice,
    ChangeClass,
    ClaimedDate,
    DateKind,
    Delivered,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    ImportSource,
    NoteRef,
    NoticePromise,
    NoticeRule,
    Sealed,
    SetEntry,
    SourceKind,
)
from engross.record.ledger.file import chained
from engross.record.ledger.invariants import check_invariants

from .playing import day

A, B = "a" * 64, "b" * 64


def entry(kind: EntryKind, posted: float, effective: float | None = None, **fields: Any) -> Entry:
    about = {"document": "a", "sealed": Sealed("", "", "", A), "entry": DOCUMENT, "reader": 1, **fields}
    return Entry(
        0, kind, day(posted), previous="", hash="", effective=None if effective is None else day(effective),
        change_class=ChangeClass.SUBSTANTIVE, **about,
    )  # fmt: skip


DOCUMENT = DocumentEntry("a", "A", DocumentKind.POLICY)
FIRST = entry(EntryKind.POST, 0, 0, version=1)
ANNOUNCED = entry(EntryKind.POST, 1, 30, version=2, supersedes=1)
WITHDRAWN = entry(EntryKind.WITHDRAW, 2, 2, version=2, sealed=None, entry=None)
AGAIN = entry(EntryKind.POST, 2, 30, version=3, supersedes=1)


def wrongs(*entries: Entry) -> list[str]:
    return [found.message for found in check_invariants(chained((), entries), "ledger")]


@pytest.mark.parametrize(
    ("continues", "notice_from", "wrong"),
    [
        (2, None, ""),
        (2, day(1), ""),
        (2, day(2), ""),
        (0, day(2), ""),
        (
            2,
            day(0.5),
            "its notice counts from 2026-01-05T12:00:00Z, and the announcement was first posted 2026-01-06",
        ),
        (2, day(3), "its notice counts from 2026-01-08T00:00:00Z, and the announcement was first posted"),
        (0, day(1), "its notice counts from 2026-01-06T00:00:00Z, and the announcement was first posted 2026-01-07T0"),
        (1, None, "it continues entry 1, which is no announcement of a withdrawn before"),
        (3, None, "it continues entry 3, which is no announcement of a withdrawn before"),
        (4, None, "it continues entry 4, which is no announcement of a withdrawn before"),
        (9, None, "it continues entry 9, which is no announcement of a withdrawn before"),
    ],
)
def test_an_announcement_that_goes_on(continues: int, notice_from: datetime | None, wrong: str) -> None:
    found = wrongs(FIRST, ANNOUNCED, WITHDRAWN, replace(AGAIN, continues=continues, notice_from=notice_from))
    assert [wrong in one for one in found] == ([True] if wrong else [])


def test_the_notice_of_a_line_of_announcements_counts_from_its_first() -> None:
    again = replace(AGAIN, continues=2)
    gone = replace(WITHDRAWN, version=3, posted=day(4), effective=day(4))
    last = replace(AGAIN, version=4, posted=day(4), continues=4, notice_from=day(1))
    assert wrongs(FIRST, ANNOUNCED, WITHDRAWN, again, gone, last) == []
    assert len(wrongs(FIRST, ANNOUNCED, WITHDRAWN, again, gone, replace(last, notice_from=day(0.5)))) == 1


def test_sets_take_effect_in_order() -> None:
    def message(posted: float, effective: float, id: str = "main") -> Entry:
        set_entry = SetEntry(id, "Main", "a")
        return entry(EntryKind.SET, posted, effective, set=set_entry, document="", sealed=None, entry=None, reader=0)

    assert wrongs(message(0, 5), message(1, 5), message(1, 1, "other"), message(2, 9)) == []
    (found,) = wrongs(message(0, 5), message(1, 4))
    assert found == (
        "entry 2 (set main): it takes effect before entry 1 (set main), which is announced for 2026-01-10T00:00:00Z"
    )
    (found,) = wrongs(message(1, 0))
    assert "it is backdated" in found


def redaction(version: int, was: Sealed, **fields: Any) -> Entry:
    words = {"clause": "Use", "reason": "an order", **fields}
    return entry(EntryKind.REDACT, 9, None, version=version, was=was, entry=None, reader=0, **words)


def test_a_withdrawn_text_stays_known() -> None:
    """It can be redacted, and posted again as the same text."""
    first = replace(FIRST, sealed=Sealed(A, A, A, A))
    second = replace(ANNOUNCED, sealed=Sealed(B, B, B, B))
    restored = replace(AGAIN, sealed=second.sealed, restores=2)
    assert wrongs(first, second, WITHDRAWN, restored) == []
    assert wrongs(first, second, WITHDRAWN, redaction(2, second.sealed)) == []
    (found,) = wrongs(first, second, WITHDRAWN, replace(restored, sealed=first.sealed))
    assert found.endswith("it restores a@2, but its text differs")
    (found,) = wrongs(first, second, WITHDRAWN, redaction(2, first.sealed))
    assert found.endswith("the hashes that it replaces are not those of a@2")


@pytest.mark.parametrize("empty", [{"clause": " "}, {"reason": " "}, {"clause": "", "reason": ""}])
def test_a_redaction_says_what_and_why(empty: dict[str, str]) -> None:
    (found,) = wrongs(FIRST, redaction(1, FIRST.sealed, **empty))
    assert found.endswith("its clause or its reason is empty")


def imported(document: str, version: int, **fields: Any) -> Entry:
    settings = DocumentEntry(document, document, DocumentKind.POLICY)
    origin = {
        "claimed": ClaimedDate("2019-03-01", DateKind.EFFECTIVE),
        "source": ImportSource(SourceKind.FOLDER, "a.md"),
    }
    made = entry(EntryKind.IMPORT, 0, 0, document=document, version=version, entry=settings, **origin, **fields)
    return replace(made, change_class=None)


@pytest.mark.parametrize(
    "between",
    [
        (),
        (imported("b", 1),),
        (FIRST,),
        (imported("a", 1), replace(FIRST, version=2, supersedes=1)),
    ],
)
def test_imports_follow_one_another(between: tuple[Entry, ...]) -> None:
    assert wrongs(imported("a", 1), imported("a", 2), imported("b", 1)) == []
    last = imported("a", between[-1].version + 1 if between else 2)
    assert any(
        "a@" in one and "is imported, and the entry before it must import" in one for one in wrongs(*between, last)
    )


def test_an_import_has_a_class_with_its_note() -> None:
    note = NoteRef("it", A, B)
    both = replace(imported("a", 1), change_class=ChangeClass.SUBSTANTIVE, notes=(note,))
    assert wrongs(both) == []
    for one in (replace(both, notes=()), replace(both, change_class=None)):
        (found,) = wrongs(one)
        assert found.endswith("it has a note without a class, or a class without a note")


DELIVERED_30 = NoticeRule(30, from_delivery=True)
POSTED_5 = NoticeRule(5)


def waiting(*rules: NoticeRule, promise: NoticePromise, **fields: Any) -> Entry:
    """Version 2, which waits for the delivery of its notice."""
    settings = replace(DOCUMENT, notice=promise)
    awaits = AwaitedNotice("UTC", rules)
    return entry(
        EntryKind.POST, 1, None, version=2, supersedes=1, entry=settings, awaits=awaits, material=True, **fields
    )


def promising(promise: NoticePromise) -> Entry:
    return replace(FIRST, entry=replace(DOCUMENT, notice=promise))


def test_a_text_waits_for_what_was_promised_before_it_too() -> None:
    """A post that ends a promise still waits as it was promised; one that no document ever promised is refused."""
    kept, none = NoticePromise(DELIVERED_30), NoticePromise()
    assert wrongs(promising(kept), waiting(DELIVERED_30, promise=none)) == []
    wrong = "the notice that it waits for is not the one that its document promises"
    assert any(one.endswith(wrong) for one in wrongs(promising(none), waiting(DELIVERED_30, promise=none)))


def test_no_promised_rule_is_left_out() -> None:
    """Unless grounds have rules of their own, which the ledger does not name: then any promised rule will do."""
    wrong = "the notice that it waits for is not the one that its document promises"
    two = NoticePromise(POSTED_5, classes=(("substantive", DELIVERED_30),))
    first = promising(two)
    assert wrongs(first, waiting(DELIVERED_30, promise=two)) == []
    late = NoticePromise(POSTED_5)
    assert any(wrong in one for one in wrongs(first, waiting(DELIVERED_30, promise=late)))
    assert not any(wrong in one for one in wrongs(first, waiting(POSTED_5, DELIVERED_30, promise=late)))
    grounds = NoticePromise(POSTED_5, grounds=(("law", DELIVERED_30),))
    assert not any(wrong in one for one in wrongs(promising(grounds), waiting(DELIVERED_30, promise=grounds)))


def receipt(version: int, sent: float, posted: float = 3) -> Entry:
    delivered = Delivered(A, day(sent), 100)
    about = {"sealed": None, "entry": None, "reader": 0}
    made = entry(EntryKind.RECEIPT, posted, None, version=version, delivered=delivered, **about)
    return replace(made, change_class=None)


def test_receipts_of_versions_that_can_have_none() -> None:
    promise = NoticePromise(DELIVERED_30)
    post = waiting(DELIVERED_30, promise=promise)
    assert wrongs(promising(promise), post, receipt(2, 3)) == [], "sent and recorded at the same instant"
    assert wrongs(promising(promise), post, receipt(2, 1)) == [], "posted and sent at the same instant"
    (found,) = wrongs(promising(promise), post, WITHDRAWN, receipt(2, 2))
    assert found.endswith("a@2 was withdrawn before it")
    (found,) = wrongs(imported("a", 1), receipt(1, 2))
    assert found.endswith("a@1 was not posted before it")


def test_only_an_announcement_of_the_same_document_goes_on() -> None:
    """Neither that of another document with the same number, nor a version that had taken effect."""
    wrong = "which is no announcement of a withdrawn before"
    other = {"document": "b", "entry": replace(DOCUMENT, id="b")}
    before = (FIRST, ANNOUNCED, WITHDRAWN, replace(FIRST, **other, posted=day(2), effective=day(2)))
    theirs = replace(ANNOUNCED, **other, posted=day(2))
    assert wrongs(*before, theirs, replace(AGAIN, continues=2)) == []
    (found,) = wrongs(*before, theirs, replace(AGAIN, continues=5))
    assert wrong in found
    assert wrongs(FIRST, replace(ANNOUNCED, effective=day(2)), WITHDRAWN, replace(AGAIN, continues=2)) == []
    (found,) = wrongs(FIRST, replace(ANNOUNCED, effective=day(1)), WITHDRAWN, replace(AGAIN, continues=2))
    assert wrong in found


def test_a_promise_binds_posts_of_the_format_that_has_promises() -> None:
    """Posts of format 1 were checked by the rules of their day. What continues nothing has one mistake, not two."""
    first = promising(NoticePromise(NoticeRule(30)))
    soon = replace(ANNOUNCED, effective=day(2), material=True, entry=first.entry, notes=(NoteRef("it", A, B),))
    (found,) = wrongs(first, soon)
    assert "30 days" in found
    assert wrongs(first, replace(soon, format=1)) == []
    (found,) = wrongs(first, replace(soon, continues=9))
    assert "it continues entry 9" in found


def test_a_mistake_is_on_the_line_of_its_entry() -> None:
    late = replace(ANNOUNCED, posted=day(40))
    (found,) = check_invariants(
        chained((), (FIRST, late, replace(WITHDRAWN, posted=day(41), effective=day(41)))), "ledger"
    )
    assert (found.path, found.line, found.message[:7]) == ("ledger", 2, "entry 2")


def test_a_note_is_posted_once() -> None:
    """By one release, which may post it for several documents."""
    note = NoteRef("it", A, B)
    first = replace(FIRST, notes=(note,))
    second = replace(first, document="b", entry=replace(DOCUMENT, id="b"))
    assert wrongs(first, second) == []
    for again in (
        replace(second, posted=day(1), effective=day(1)),
        replace(second, notes=(replace(note, seal=A),)),
    ):
        (found,) = wrongs(first, again)
        assert found.endswith("the note it was posted before; a note is posted once")
