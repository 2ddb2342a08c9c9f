"""What can be posted, retired and published elsewhere while a version waits for the delivery of its notice."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.model import EntryKind
from engross.record.delivery import notices, takes_receipt
from engross.record.in_force import Standing, standing
from engross.record.posting.receipts import add_receipts
from engross.record.verification import verify

from .delivering import DELIVERED, OLD, UTC_ZONE, announced, forged, receive, refusal, site_with, write_receipt
from .playing import DOCUMENTS, Site, day, posted_site


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
