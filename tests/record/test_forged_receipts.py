"""Receipts and awaited notices that somebody wrote into the ledger, and how they are read."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engross.model import AwaitedNotice, Delivered, Entry, EntryKind, NoticeRule, NoticeUnit
from engross.record.delivery import notices
from engross.record.history import Record
from engross.record.ledger.file import ledger_bytes, line_of, read_entry
from engross.record.verification import open_record

from .delivering import announced, forged, receive, write_receipt
from .playing import day


def test_forged_receipts(tmp_path: Path) -> None:
    site = announced(tmp_path)
    record = site.record
    hash_ = notices(record)[-1].hash
    good = Entry(
        0, EntryKind.RECEIPT, day(13), "agreement", "", "", version=2,
        effective=datetime(2026, 2, 17, tzinfo=UTC),
        delivered=Delivered(hash_, datetime(2026, 1, 17, 9, 30, tzinfo=UTC), 100),
    )  # fmt: skip
    assert good.delivered
    assert forged(record, good) == []
    wrong = "its effective instant is not the end of the notice"
    for forgery, message in (
        (replace(good, effective=good.effective - timedelta(days=1)), wrong),
        (replace(good, effective=good.effective + timedelta(days=1)), wrong),
        (replace(good, effective=None), "it fixes no day, and is the last receipt that agreement@2 awaits"),
        (replace(good, version=1), "it fixes an effective instant, and agreement@1 has one"),
        (replace(good, version=1, effective=None), "no notice"),
        (replace(good, version=3), "agreement@3 was not posted before it"),
        (replace(good, document="rules", version=1, effective=None), "no notice"),
        (replace(good, delivered=replace(good.delivered, notice="1" * 64)), "no notice 111111111111… of this record"),
        (replace(good, delivered=replace(good.delivered, sent=day(9))), "was sent before agreement@2 was posted"),
        (replace(good, delivered=replace(good.delivered, sent=day(14))), "its notice was sent after it"),
    ):
        assert any(message in one for one in forged(record, forgery)), message
    assert any("has a receipt already" in one for one in forged(record, good, replace(good, effective=None)))
    (post,) = [one for one in record.entries if one.awaits]
    later = replace(post, version=3, supersedes=2, posted=day(20), awaits=None, effective=day(30), notes=())
    assert any("agreement@2 waits for the delivery of its notice" in one for one in forged(record, later))
    assert forged(record, good, replace(later, posted=day(60), effective=day(60))) == []


@pytest.mark.parametrize(
    "rules",
    [
        (NoticeRule(1, from_delivery=True),),
        (NoticeRule(31, from_delivery=True),),
        (NoticeRule(30, from_delivery=True), NoticeRule(40)),
        (NoticeRule(30, NoticeUnit.BUSINESS, from_delivery=True),),
    ],
)
def test_a_forged_notice_to_wait_for(tmp_path: Path, rules: tuple[NoticeRule, ...]) -> None:
    site = announced(tmp_path)
    *before, post = site.record.entries
    assert forged(Record(site.record.folder, "record", tuple(before)), post) == []
    forgery = replace(post, awaits=AwaitedNotice("UTC", rules))
    (found,) = forged(Record(site.record.folder, "record", tuple(before)), forgery)
    assert found.endswith("the notice that it waits for is not the one that its document promises")


def test_counts_that_no_entry_can_have(tmp_path: Path) -> None:
    site = announced(tmp_path)
    receive(site, write_receipt(site))
    *_, post, receipt = (json.loads(line_of(one)) for one in site.record.entries)
    assert read_entry(post).awaits
    assert read_entry(receipt).delivered
    with pytest.raises(ValueError, match="it has awaits and effective, and a post has only one of them"):
        read_entry(post | {"effective": receipt["effective"]})
    post["awaits"]["rules"][0]["count"] = 0
    receipt["delivered"]["count"] = 10**30
    for value in (post, receipt):
        with pytest.raises(ValueError, match="is not valid"):
            read_entry(value)


def test_a_waiting_post_is_written_as_it_was_read(tmp_path: Path) -> None:
    site = announced(tmp_path)
    receive(site, write_receipt(site))
    data = (site.folders.record / "ledger.jsonl").read_bytes()
    record = open_record(site.folders.record)
    assert ledger_bytes(record.entries) == data
    for line in data.splitlines():
        assert line_of(read_entry(json.loads(line))) == line + b"\n"
