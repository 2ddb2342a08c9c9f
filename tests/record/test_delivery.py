"""Notice that counts from delivery: posts without a day, receipts that fix it, and what is refused."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.common import EngrossError
from engross.model import NOT_FIXED, AwaitedNotice, Delivered, Entry, EntryKind, NoticeRule, NoticeUnit, VersionId
from engross.record.delivery import NoticeKind, check_receipts, notices, takes_receipt
from engross.record.history import Record
from engross.record.in_force import Standing, periods, standing
from engross.record.ledger.file import chained, ledger_bytes, line_of, read_entry
from engross.record.ledger.invariants import check_invariants
from engross.record.ledger.receipts import awaited_period, fixed_instant
from engross.record.posting.receipts import add_receipts
from engross.record.verification import open_record, verify

from .playing import DOCUMENTS, Site, day, make_site, posted_site

UTC_ZONE = ZoneInfo("UTC")
OLD = "within thirty days"
DELIVERED = DOCUMENTS.replace("published: agreement/}", "published: agreement/, delivery: active, notice: {count: 30}}")
TWO_SETS = DELIVERED.replace(
    "sets:\n", "sets:\n  - {id: second, title: Second, agreement: agreement, incorporates: [rules]}\n"
)


def site_with(root: Path, documents: str = DELIVERED) -> Site:
    """A posted site whose agreement is changed on day 10, with notice from delivery."""
    site = posted_site(root, documents).at(10)
    site.edit("agreement.md", (OLD, "within twenty days"))
    return site


def announced(root: Path, documents: str = DELIVERED) -> Site:
    site = site_with(root, documents)
    site.post("agreement", material="true", effective="")
    return site


def write_receipt(site: Site, number: int = 0, **facts: object) -> Path:
    """Write the receipt of a contractual notice of the last change: sent on day 12, 100 messages."""
    found = [one for one in notices(site.record) if one.change.posted == day(10)]
    values = {"notice": found[number].hash if found else "0" * 64, "sent": "2026-01-17T09:30:00Z", "count": 100}
    path = site.root / f"receipt{number}.json"
    path.write_text(json.dumps(values | facts), "utf-8")
    return path


def receive(site: Site, *paths: Path, at: float = 13) -> tuple[Entry, ...]:
    return add_receipts(site.folders, paths, UTC_ZONE, day(at), dry_run=False).entries


def refusal(site: Site, path: Path, at: float = 13) -> str:
    before = site.files()
    with pytest.raises(EngrossError) as refused:
        receive(site, path, at=at)
    assert site.files() == before
    return "\n".join(one.message for one in refused.value.diagnostics)


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


def rebased(site: Site, ending: str) -> None:
    """Fix the text in force beside its note, and announce the last version again with the fix."""
    document = site.record.versions["agreement"]
    base = site.record.in_force("agreement", site.now)
    assert base
    name = f"fix-{len(document)}"
    site.note("agreement", "own_text: [agreement]", "not_material_because: A remark.", slug=name)
    text = base_text(site)
    site.write(f"changes/{name}.agreement.md", f"{text}\n{ending}\n")
    site.write("agreement.md", f"{site.read('agreement.md')}\n{ending}\n")


def base_text(site: Site) -> str:
    fixes = sorted((site.folders.docs / "changes").glob("fix-*.agreement.md"))
    return fixes[-1].read_text("utf-8") if fixes else site.read("agreement.md").replace("within twenty days", OLD)


def test_an_announcement_that_goes_on_keeps_the_day_of_its_delivery(tmp_path: Path) -> None:
    site = announced(tmp_path)
    receive(site, write_receipt(site))
    for number, day_ in ((2, 14), (4, 15)):
        rebased(site.at(day_), f"Remark {number}.")
        last = site.record.versions["agreement"][-1]
        note = last.post.notes[0].slug
        lines = (f"continues: {note}", f"withdraws: [{last.id}]")
        site.note("agreement", *lines, slug=f"again-{number}", material="true", effective="2026-02-16")
        (found,) = site.findings("short-notice")
        assert "17 January 2026 + 30 days, first day excluded = in force from 17 February 2026" in found.message
        again = site.read(f"changes/again-{number}.md").replace("2026-02-16", "2026-02-17")
        site.write(f"changes/again-{number}.md", again)
        assert [str(entry.kind) for entry in site.release()] == ["withdraw", "post", "post"]
    last = site.record.versions["agreement"][-1]
    assert (last.number, last.effective, last.is_awaiting) == (6, datetime(2026, 2, 17, tzinfo=UTC), False)
    assert verify(site.folders.record, day(16))[1] == []


def test_a_material_fix_cannot_overtake_a_version_that_waits(tmp_path: Path) -> None:
    site = announced(tmp_path)
    rebased(site.at(11), "Remark.")
    site.note("agreement", "continues: note-2", "withdraws: [agreement@2]", slug="again", material="true", effective="")
    fix = site.read("changes/fix-2.md")
    hardly = fix.replace("not_material_because: A remark.\n", "")
    for written in (hardly, hardly.replace("effective: immediately\n", "")):
        site.write("changes/fix-2.md", written.replace("material: false", "material: true"))
        (found,) = site.findings("delivery-date")
        assert found.path.endswith("docs/changes/fix-2.md")
        assert (
            "would wait for the delivery of its notice, so that the later text of again cannot be posted"
            in found.message
        )
        assert "If it hardly matters to customers, write material: false and effective: immediately" in found.message
        assert found.fix == "material: false"
    site.write("changes/fix-2.md", fix)
    assert site.findings() == []
    assert [str(entry.kind) for entry in site.release()] == ["withdraw", "post", "post"]
    assert [one.is_awaiting for one in site.record.versions["agreement"]] == [False, True, False, True]
    assert verify(site.folders.record, day(12))[1] == []


def test_new_settings_of_delivery_count_from_their_posting(tmp_path: Path) -> None:
    site = posted_site(tmp_path, DELIVERED).at(10)
    site.write("documents.yml", DELIVERED.replace("count: 30", "count: 5"))
    (found,) = site.findings("unposted-promise")
    assert "effective: <a day, 2026-02-15 or later>" in found.fix
    site.note("agreement", slug="five", material="true", effective="immediately")
    (found,) = site.findings("short-notice")
    assert found.message.startswith("the posted version of documents.yml promises 30 days of notice")
    assert (
        ": posted 15 January 2026 + 30 days, first day excluded = in force from 15 February 2026, 00:00 UTC;"
        in found.message
    )
    assert found.fix == "effective: 2026-02-15"
    site.write("changes/five.md", site.read("changes/five.md").replace("immediately", "2026-02-15"))
    assert [str(entry.kind) for entry in site.release()] == ["move"]


def test_a_typed_date_of_a_version_that_waits(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    text = site.read("agreement.md")
    for line, fix in (("Effective: 1 March 2026", ""), ("Last updated: 1 March 2026", "15 January 2026")):
        site.write("agreement.md", text.replace("\n\n", f"\n\n{line}\n\n", 1))
        site.note("agreement", slug="sooner", material="true", effective="")
        (found,) = site.findings("typed-date")
        assert "takes effect on a date that follows delivery of its notice" in found.message
        assert (found.fix, "9999" in found.message) == (fix, False)


def test_words_that_wait_cannot_come_into_force_sooner(tmp_path: Path) -> None:
    site = announced(tmp_path).at(11)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.edit("agreement.md", ("twenty days", "twenty  days of notice"))
    site.note("agreement", "withdraws: [agreement@2]", slug="sooner", effective="immediately")
    for found in site.findings("announced-text"):
        assert "announces for a date that follows delivery" in found.message
        assert "once the receipt of its notice has fixed the day of agreement@2 (engross receipt)" in found.message
        assert (found.fix, "``" in found.message) == ("", False)
    assert site.findings("announced-text") != []


def test_notes_with_and_without_a_day(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    site.note("agreement", slug="dated", material="true", effective="2026-03-01")
    (found,) = site.findings("delivery-date")
    assert "promises 30 days of notice from its delivery" in found.message
    assert "Delete the line effective" in found.message
    site.write("changes/dated.md", site.read("changes/dated.md").replace("effective: 2026-03-01\n", ""))
    assert site.findings() == []
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.write("changes/dated.md", site.read("changes/dated.md").replace("[agreement]", "[agreement, rules]"))
    (found,) = site.findings("delivery-date")
    assert "rules needs a day in its note; write a note for each" in found.message


def test_a_note_without_a_day_where_none_waits(tmp_path: Path) -> None:
    site = site_with(tmp_path, DOCUMENTS)
    site.note("agreement", slug="undated", material="true", effective="")
    (found,) = site.findings("delivery-date")
    assert found.message.startswith("effective is missing")
    assert found.fix == "effective: immediately"
    with pytest.raises(EngrossError):
        site.release()


def test_the_rule_in_force_decides(tmp_path: Path) -> None:
    """A promise of delivery cannot be dropped together with the change that it protects."""
    site = site_with(tmp_path)
    site.write("documents.yml", DOCUMENTS)
    site.note("agreement", slug="sly", material="true", effective="immediately")
    assert any("from its delivery" in one.message for one in site.findings("delivery-date"))


def test_a_document_whose_version_waits_is_retired_only_once_it_is_withdrawn(tmp_path: Path) -> None:
    site = posted_site(
        tmp_path,
        DELIVERED.replace("incorporates: [rules, models]", "incorporates: [models]").replace(
            "published: rules/}", "published: rules/, notice: {count: 5, from: delivered}}"
        ),
    ).at(10)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", material="true", effective="")
    path = write_receipt(site).rename(tmp_path / "waiting.json")
    site.at(11).write(
        "documents.yml",
        "".join(line for line in site.read("documents.yml").splitlines(keepends=True) if "id: rules" not in line),
    )
    (site.folders.docs / "rules.md").unlink()
    site.note("rules", slug="gone", material="true", effective="2026-03-01")
    (found,) = site.findings("delivery-date")
    assert "rules cannot be retired yet: the version would never apply" in found.message
    assert found.fix == "withdraws: [rules@2]"
    with pytest.raises(EngrossError):
        site.release()
    site.write("changes/gone.md", site.read("changes/gone.md").replace("---\n", "---\nwithdraws: [rules@2]\n", 1))
    record = site.record
    assert [str(entry.kind) for entry in site.release()] == ["withdraw", "retire"]
    (retirement,) = site.record.entries[-1:]
    (found_late,) = forged(record, retirement)
    assert found_late.endswith("rules@2 waits for the delivery of its notice, and was not withdrawn")
    (told,) = (one for one in notices(site.record) if retirement in one.entries)
    (entry,) = receive(site, write_receipt(site, notice=told.hash))
    assert (entry.document, entry.version, entry.effective) == ("rules", 0, None)
    assert "since it was withdrawn" in refusal(site, path)
    assert site.record.announced("rules", day(12)) == ()
    assert standing(site.record, site.record.versions["rules"][-1], day(12)) is Standing.WITHDRAWN
    assert verify(site.folders.record, day(14))[1] == []


def test_a_document_whose_version_waits_is_not_published_elsewhere(tmp_path: Path) -> None:
    promise = ", notice: {count: 5, from: delivered}"
    site = posted_site(tmp_path, DOCUMENTS.replace("published: rules/}", f"published: rules/{promise}}}")).at(10)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", material="true", effective="")
    settings = DOCUMENTS.replace("file: rules.md, published: rules/", "published: https://example.com/rules")
    site.at(11).write("documents.yml", settings.replace("url-terms", "notice-only"))
    (site.folders.docs / "rules.md").unlink()
    site.note("rules", slug="left", material="true", effective="2026-03-01")
    (found,) = site.findings("delivery-date")
    assert "rules cannot be published elsewhere yet" in found.message
    record = site.record
    site.write("changes/left.md", site.read("changes/left.md").replace("---\n", "---\nwithdraws: [rules@2]\n", 1))
    assert [str(entry.kind) for entry in site.release()] == ["withdraw", "notice"]
    (found_late,) = forged(record, site.record.entries[-1])
    assert found_late.endswith("rules@2 waits for the delivery of its notice, and was not withdrawn")
    assert verify(site.folders.record, day(14))[1] == []


def test_a_receipt_is_accepted_if_the_message_says_so(tmp_path: Path) -> None:
    """For notices of changes of all kinds in a year."""
    shutil.copytree(Path(__file__).parents[1] / "released/0.1/tour", tmp_path, dirs_exist_ok=True)
    site = Site(tmp_path)
    record = site.record
    at = record.entries[-1].posted + timedelta(days=2)
    found = {(takes_receipt(record, one), *sorted({two.kind for two in one.entries})): one for one in notices(record)}
    assert {kind for _, *kinds in found for kind in kinds} > {EntryKind.NOTICE, EntryKind.MOVE, EntryKind.CORRECT}
    paths = []
    for number, (kinds, notice) in enumerate(found.items()):
        sent = f"{notice.change.entries[-1].posted + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        path = tmp_path / f"receipt{number}.json"
        path.write_text(json.dumps({"notice": notice.hash, "sent": sent, "count": 3}), "utf-8")
        if kinds[0]:
            paths.append(path)
            continue
        with pytest.raises(EngrossError, match="withdrawn"):
            add_receipts(site.folders, [path], UTC_ZONE, at, dry_run=False)
    assert 1 < len(paths) < len(found)
    add_receipts(site.folders, paths, UTC_ZONE, at, dry_run=False)
    record = site.record
    assert verify(site.folders.record, at)[1] == []
    assert not any(takes_receipt(record, one) for one in found.values())


def forged(record: Record, *changes: Entry) -> list[str]:
    """What the laws say of entries added to a record, and what verify adds."""
    new = chained(record.entries, changes)
    found = [one.message for one in check_invariants((*record.entries, *new), "ledger")]
    whole = Record(record.folder, record.shown, (*record.entries, *new))
    return found or [one.message for one in check_receipts(whole)]


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


def test_version_ids_of_receipts(tmp_path: Path) -> None:
    site = announced(tmp_path)
    receive(site, write_receipt(site))
    version = site.record.version(VersionId("agreement", 2))
    assert [one.kind for one in site.record.receipts(version)] == [EntryKind.RECEIPT]
