"""Notice that counts from delivery: posts without a day, and receipts that fix it or are refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.model import NOT_FIXED, AwaitedNotice, Delivered, Entry, EntryKind, NoticeRule, NoticeUnit, VersionId
from engross.record.delivery import NoticeKind, notices
from engross.record.in_force import Standing, periods, standing
from engross.record.ledger.file import line_of
from engross.record.ledger.notice import awaited_period, fixed_instant, is_rightly_fixed
from engross.record.posting.receipts import add_receipts
from engross.record.verification import verify

from .delivering import DELIVERED, OLD, TWO_SETS, UTC_ZONE, announced, receive, refusal, site_with, write_receipt
from .playing import DOCUMENTS, day, make_site, posted_site


def test_a_post_waits_and_a_receipt_fixes_its_day(tmp_path: Path) -> None:
    site = announced(tmp_path)
    version = site.record.versions["agreement"][-1]
    assert version.is_awaiting
    assert version.post.awaits == AwaitedNotice("UTC", (NoticeRule(30, from_delivery=True),))
    assert '"effective"' not in line_of(version.post).decode()
    assert [one.number for one in site.record.announced("agreement", day(11))] == [2]
    assert site.record.in_force("agreement", day(5000)) == site.record.versions["agreement"][0]
    assert standing(site.record, version, day(11)) is Standing.ANNOUNCED
    (entry,) = receive(site, write_receipt(site, failures=3))
    fixed = site.record.versions["agreement"][-1]
    assert entry.effective == fixed.effective == datetime(2026, 2, 17, tzinfo=UTC)
    assert entry.delivered == Delivered(entry.delivered.notice, datetime(2026, 1, 17, 9, 30, tzinfo=UTC), 100, 3)
    assert site.record.in_force("agreement", fixed.effective) == fixed
    assert site.record.in_force("agreement", fixed.effective - timedelta(seconds=1)).number == 1
    assert [one.start for one in periods(site.record, "agreement")] == [day(0), fixed.effective]
    # Before the receipt nobody could know it.
    assert site.record.as_known(day(12)).versions["agreement"][-1].is_awaiting
    assert verify(site.folders.record, day(14))[1] == []


def test_the_receipt_of_first_versions_warns_of_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path, DELIVERED)
    site.post("agreement, rules, models, pricing", material="true")
    first = next(one for one in notices(site.record) if one.change.posted == day(0))
    path = write_receipt(site, notice=first.hash, sent="2026-01-06T09:30:00Z")
    added = add_receipts(site.folders, [path], UTC_ZONE, day(13), dry_run=False)
    assert [one.delivered.notice for one in added.entries if one.delivered] == [first.hash] * len(added.entries)
    assert [one.message for one in added.remarks] == []


def test_the_receipt_of_the_last_audience_fixes_the_day(tmp_path: Path) -> None:
    site = announced(tmp_path, TWO_SETS)
    assert [one.audience.id for one in notices(site.record) if one.change.posted == day(10)] == ["second", "main"]
    first = add_receipts(site.folders, [write_receipt(site)], UTC_ZONE, day(13), dry_run=False)
    assert first.entries[0].effective is None
    assert [one.message for one in first.remarks] == ["agreement@2 still waits for the receipt of another notice"]
    assert site.record.versions["agreement"][-1].is_awaiting
    (entry,) = receive(site, write_receipt(site, 1, sent="2026-01-20T00:00:00Z"), at=20)
    assert entry.effective == datetime(2026, 2, 20, tzinfo=UTC)
    assert verify(site.folders.record, day(21))[1] == []


def test_a_late_receipt_fixes_its_own_instant(tmp_path: Path) -> None:
    site = announced(tmp_path)
    (entry,) = receive(site, write_receipt(site), at=100)
    assert entry.effective == day(100)


def test_several_receipts_are_one_step(tmp_path: Path) -> None:
    site = announced(tmp_path, TWO_SETS)
    bad = write_receipt(site, 1, count=0)
    before = site.files()
    with pytest.raises(EngrossError):
        receive(site, write_receipt(site), bad)
    assert site.files() == before
    entries = receive(site, write_receipt(site), write_receipt(site, 1))
    assert [bool(one.effective) for one in entries] == [False, True]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"notice": "0" * 64}, "000000000000… is no notice of this record"),
        ({"notice": "agreement"}, "write the 64 characters of the notice's hash"),
        ({"sent": "2026-01-14T23:59:59Z"}, "before the change was posted 2026-01-15T00:00:00Z"),
        ({"sent": "2026-01-18T00:00:01Z"}, "it was sent in the future"),
        ({"sent": "yesterday"}, "sent: a day (2026-01-31) or an instant"),
        ({"sent": "2026-01-17"}, "with its offset from UTC"),
        ({"sent": "2026-01-17T09:30"}, "with its offset from UTC"),
        ({"count": 0}, "count"),
        ({"count": True}, "count"),
        ({"count": 2, "failures": 2}, "all 2 messages failed, so that the notice was not delivered"),
        ({"count": 2, "failures": 3}, "more messages failed than the 2 that were sent"),
        ({"failures": -1}, "failures"),
        ({"failures": ["eva@example.com"]}, "this looks like an address"),
        ({"to": 3}, "to"),
    ],
)
def test_refused_receipts(tmp_path: Path, facts: dict[str, object], message: str) -> None:
    site = announced(tmp_path)
    assert message in refusal(site, write_receipt(site, **facts))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xfe", "it is not text in UTF-8"),
        (b"", "the file is empty"),
        (b"[]", "the file must contain keys and values"),
        (b" " * 70_000, "it has more than 65,536 bytes"),
        (b'{"notice": "1", "notice": "2"}', "notice"),
    ],
)
def test_files_that_are_no_receipts(tmp_path: Path, data: bytes, message: str) -> None:
    site = announced(tmp_path)
    path = tmp_path / "receipt.json"
    path.write_bytes(data)
    assert message in refusal(site, path)


def test_a_receipt_in_yaml_and_twice(tmp_path: Path) -> None:
    site = announced(tmp_path)
    path = write_receipt(site)
    facts = json.loads(path.read_text("utf-8"))
    path.write_text("".join(f"{name}: {value}\n" for name, value in facts.items()), "utf-8")
    receive(site, path)
    assert "has a receipt already: entry 7 (receipt agreement@2)" in refusal(site, path, at=14)


def test_a_subscription_is_no_notice(tmp_path: Path) -> None:
    site = announced(tmp_path)
    subscription = notices(site.record, NoticeKind.SUBSCRIPTION)[-1]
    assert "is a message to subscribers" in refusal(site, write_receipt(site, notice=subscription.hash))


def test_no_receipt_after_a_withdrawal(tmp_path: Path) -> None:
    site = announced(tmp_path).at(11)
    site.edit("agreement.md", ("within twenty days", OLD))
    site.post("agreement", "withdraws: [agreement@2]", class_="substantive", material="true")
    assert "it was withdrawn" not in refusal(site, write_receipt(site, sent="2026-01-10T00:00Z"))
    assert "since it was withdrawn: entry 6 (post agreement@2)" in refusal(site, write_receipt(site))
    assert standing(site.record, site.record.versions["agreement"][1], day(12)) is Standing.WITHDRAWN


def test_a_notice_counted_from_posting_is_proof_alone(tmp_path: Path) -> None:
    site = site_with(tmp_path, DOCUMENTS)
    site.post("agreement", material="true", effective="2026-02-10")
    (entry,) = receive(site, write_receipt(site))
    assert (entry.version, entry.effective) == (2, None)
    assert site.record.versions["agreement"][-1].effective == datetime(2026, 2, 10, tzinfo=UTC)


def test_a_later_text_waits_unless_it_withdraws(tmp_path: Path) -> None:
    site = announced(tmp_path).at(11)
    site.edit("agreement.md", ("twenty days", "ten days"))
    site.note("agreement", slug="more", material="true", effective="")
    (found,) = site.findings("delivery-date")
    assert found.message.startswith(
        "documents[0]: " if found.message[0] == "d" else "agreement@2 waits for the delivery"
    )
    assert found.fix == "withdraws: [agreement@2]"
    with pytest.raises(EngrossError):
        site.release()
    site.write("changes/more.md", site.read("changes/more.md").replace("---\n", "---\nwithdraws: [agreement@2]\n", 1))
    assert [str(entry.kind) for entry in site.release()] == ["withdraw", "post"]
    assert [one.number for one in site.record.announced("agreement", day(12))] == [3]


def test_the_hash_of_a_notice_outlives_titles_and_words(tmp_path: Path) -> None:
    site = announced(tmp_path)
    before = [one.hash for one in notices(site.record)]
    receive(site, write_receipt(site))
    site.at(20).edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules")
    assert [one.hash for one in notices(site.record)][: len(before)] == before
    assert notices(site.record)[0].hash != notices(site.record, NoticeKind.SUBSCRIPTION)[0].hash
    assert [one.change.posted for one in notices(site.record, since=7)] == [day(20)]


def test_documents_in_no_set_have_one_audience(tmp_path: Path) -> None:
    site = posted_site(tmp_path, DOCUMENTS.replace("incorporates: [rules, models]", "incorporates: [models]"))
    first = notices(site.record)
    assert [(one.audience.id, [entry.document or entry.set_id for entry in one.entries]) for one in first] == [
        ("main", ["agreement", "models", "main"]),
        ("", ["rules", "pricing"]),
    ]


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        (DELIVERED.replace(", notice: {count: 30}", ""), "delivery: active says that notice counts from its delivery"),
        (DELIVERED.replace("notice: {count: 30}", "notice_days: 30"), "delivery: active says that notice counts"),
        (DELIVERED.replace("active", "passive"), "delivery"),
        (DELIVERED.replace("count: 30", "count: 30, from: sent"), "from"),
        (DOCUMENTS.replace("example.com/prices}", "example.com/prices, notice: {count: 3, from: delivered}}"),
         "published elsewhere"),
    ],
)  # fmt: skip
def test_mistakes_in_settings(tmp_path: Path, documents: str, message: str) -> None:
    site = make_site(tmp_path, documents)
    with pytest.raises(EngrossError) as refused:
        site.state()
    assert any(message in str(one) for one in refused.value.diagnostics)


def test_rules_say_from_when_they_count(tmp_path: Path) -> None:
    documents = DELIVERED.replace(
        "count: 30}", "count: 30, classes: {editorial: {count: 5, from: posted}, format: {count: 0}}}"
    )
    promise = make_site(tmp_path, documents).state().project.settings.document("agreement").promise
    assert promise.rule == NoticeRule(30, from_delivery=True)
    assert dict(promise.classes) == {"editorial": NoticeRule(5), "format": NoticeRule(0)}


def waiting_post(zone: str, *rules: NoticeRule, posted: str = "2026-01-01T00:00:00+00:00") -> Entry:
    at = datetime.fromisoformat(posted)
    return Entry(1, EntryKind.POST, at, "agreement", "", "", effective=NOT_FIXED, awaits=AwaitedNotice(zone, rules))


# The ends were written by hand from calendars and the rules of each zone.
@pytest.mark.parametrize(
    ("zone", "rules", "sent", "ends"),
    [
        ("UTC", [NoticeRule(30)], "2026-11-03T09:30Z", "2026-12-04T00:00Z"),
        ("UTC", [NoticeRule(30, from_first_day=True)], "2026-11-03T09:30Z", "2026-12-03T00:00Z"),
        # Leap day: 29 February counts.
        ("UTC", [NoticeRule(1)], "2028-02-28T12:00Z", "2028-03-01T00:00Z"),
        ("UTC", [NoticeRule(1)], "2027-02-28T12:00Z", "2027-03-02T00:00Z"),
        # Clocks go forward on 29 March 2026 in Berlin: the days are 23 hours short of nothing.
        ("Europe/Berlin", [NoticeRule(1)], "2026-03-28T23:30+01:00", "2026-03-29T22:00Z"),
        # Sent within the gap of a clock: 02:30 does not exist, 01:30 UTC is 03:30 in Berlin.
        ("Europe/Berlin", [NoticeRule(1)], "2026-03-29T01:30Z", "2026-03-30T22:00Z"),
        # Clocks go back on 25 October 2026: both 02:30 are of that day.
        ("Europe/Berlin", [NoticeRule(1)], "2026-10-25T00:30Z", "2026-10-26T23:00Z"),
        ("Europe/Berlin", [NoticeRule(1)], "2026-10-25T01:30Z", "2026-10-26T23:00Z"),
        # The day begins at 01:00, since clocks go forward at midnight.
        ("America/Santiago", [NoticeRule(1)], "2026-09-04T15:00Z", "2026-09-06T04:00Z"),
        # Midnight comes twice on 1 November 2026 in Havana: the day begins with the first.
        ("America/Havana", [NoticeRule(1)], "2026-10-30T15:00Z", "2026-11-01T04:00Z"),
        # The day is counted in the site's zone: late in London is the next day in Tokyo.
        ("Asia/Tokyo", [NoticeRule(2)], "2026-06-01T15:30Z", "2026-06-04T15:00Z"),
        # A weekend, and a listed day off.
        ("UTC", [NoticeRule(3, NoticeUnit.BUSINESS, "", ("2026-11-05",))], "2026-11-03T09:30Z", "2026-11-10T00:00Z"),
        # The longest of several rules decides; one counts from the posting on 1 January.
        ("UTC", [NoticeRule(5), NoticeRule(60)], "2026-01-10T00:00Z", "2026-03-12T00:00Z"),
    ],
)  # fmt: skip
def test_notice_from_delivery(zone: str, rules: list[NoticeRule], sent: str, ends: str) -> None:
    post = waiting_post(zone, *(replace(rule, from_delivery=True) for rule in rules))
    at, end = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (sent, ends))
    assert awaited_period(post, at).ends == end
    assert fixed_instant(post, at, at, None) == end
    assert fixed_instant(post, at, end + timedelta(days=1), None) == end + timedelta(days=1)
    later = replace(post, effective=end + timedelta(days=2))
    assert fixed_instant(post, at, at, later) == end + timedelta(days=2)


def test_a_rule_from_posting_can_end_last() -> None:
    post = waiting_post("UTC", NoticeRule(5, from_delivery=True), NoticeRule(60))
    assert awaited_period(post, datetime(2026, 1, 10, tzinfo=UTC)).ends == datetime(2026, 3, 3, tzinfo=UTC)


def test_a_rule_from_posting_counts_from_the_announcement_that_goes_on() -> None:
    post = waiting_post("UTC", NoticeRule(5, from_delivery=True), NoticeRule(60))
    again = replace(post, notice_from=datetime(2025, 12, 20, tzinfo=UTC))
    assert awaited_period(again, datetime(2026, 1, 10, tzinfo=UTC)).ends == datetime(2026, 2, 19, tzinfo=UTC)


def test_a_receipt_fixes_the_day_of_its_rules_and_no_other() -> None:
    """Public holidays are no part of the record, so that a rule with a region only says the earliest day."""
    at = datetime(2026, 1, 10, tzinfo=UTC)
    for region, later in (("", False), ("DE", True)):
        post = waiting_post("UTC", NoticeRule(5, NoticeUnit.BUSINESS, region, from_delivery=True))
        sent = Entry(2, EntryKind.RECEIPT, at, "agreement", "", "", delivered=Delivered("0" * 64, at, 1, 0))
        least = datetime(2026, 1, 17, tzinfo=UTC)
        for days, right in ((-1, False), (0, True), (1, later)):
            receipt = replace(sent, effective=least + timedelta(days=days))
            assert is_rightly_fixed(receipt, post, [receipt], None) is right


def test_version_ids_of_receipts(tmp_path: Path) -> None:
    site = announced(tmp_path)
    receive(site, write_receipt(site))
    version = site.record.version(VersionId("agreement", 2))
    assert [one.kind for one in site.record.receipts(version)] == [EntryKind.RECEIPT]
