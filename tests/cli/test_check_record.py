"""`engross check` on a site: the rules of the record, in every output, and for a choice of files."""

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from cli_play import AGREEMENT, BEGIN, Play, engross
from jsonschema import Draft202012Validator

from engross.common.clock import now
from engross.corpus.folders import find_folders
from engross.record import new_note_page, read_state
from note_filling import filled

SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text("utf-8"))


@pytest.fixture
def changed(play: Play) -> Play:
    """A site with a changed agreement and no change note."""
    play.posted().change("(b) sell the Data; or", "(b) sell, or give away, the Data; or")
    return play


def findings(*args: str) -> list[dict[str, object]]:
    printed = json.loads(engross("check", "--format", "json", *args).stdout)
    return [found for found in printed["diagnostics"] if found["severity"] != "note"]


def test_a_site_without_a_record_or_a_note_is_asked_nothing(play: Play) -> None:
    assert findings() == []


def test_a_site_as_it_was_posted_passes(play: Play) -> None:
    play.posted()
    assert findings() == []


def test_the_finished_note_is_printed_to_paste(changed: Play) -> None:
    result = engross("check")
    assert result.exit_code == 1
    printed = result.stdout.partition("docs/agreement.md:13:1: Use (b): the text differs from agreement@1")[2]
    note = re.search(r"docs/changes/(\S+\.md) \[unposted-change\]\n    fix:\n(---\n(?:.*\n)+?)    or write", printed)
    assert note
    text = note[2]
    changed.write(f"docs/changes/{note[1]}", text)
    assert [found["rule"] for found in findings()] == ["note-placeholder"] * 3
    changed.write(f"docs/changes/{note[1]}", filled(text))
    result = engross("check")
    assert (result.exit_code, "unposted" in result.stdout) == (0, False)


def test_the_link_begins_the_note_at_the_host(changed: Play) -> None:
    (found,) = findings()
    link = urlsplit(str(found["link"]))
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://github.com/provider/terms/new/main/docs/changes"
    filled = parse_qs(link.query)
    assert filled["value"] == [found["fix"]]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-agreement-use-b-[0-9a-f]{4}\.md", filled["filename"][0])
    assert f"    or write it here: {found['link']}" in engross("check").stdout


def test_no_host_no_link(changed: Play) -> None:
    changed.write("mkdocs.yml", "site_name: S\n")
    assert [found["link"] for found in findings()] == [""]


def test_workflow_commands_hold_the_note_readably(changed: Play) -> None:
    (line,) = (line for line in engross("check", "--format", "github").stdout.splitlines() if "::error" in line)
    printed = line.replace("%0A", "\n").replace("%25", "%")
    assert printed.startswith("::error file=docs/agreement.md,line=13,col=1,title=unposted-change::Use (b): the text")
    assert (
        ':\n\n---\ntitle: "The Agreement, Use (b): words changed"\ndocuments: [agreement]\nclass: substantive'
        in printed
    )
    assert "\n\nOr write it here: https://github.com/provider/terms/new/main/" in printed


def test_sarif_knows_the_rules_of_the_record(changed: Play) -> None:
    log = json.loads(engross("check", "--format", "sarif").stdout)
    Draft202012Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    (result,) = (result for result in run["results"] if result["ruleId"] == "unposted-change")
    assert rules[result["ruleIndex"]]["id"] == "unposted-change"
    assert {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}["reused-anchor"] == "warning"


def test_rules_of_the_record_are_chosen_by_name(changed: Play) -> None:
    assert [found["rule"] for found in findings("--rule", "unposted-change")] == ["unposted-change"]
    assert findings("--no-rule", "unposted-change") == []
    assert findings("--rule", "repeated-word") == []
    assert "unposted-change, example-text, note-without-change" in engross("check", "--rule", "nothing").stderr


def test_a_document_named_is_asked_with_the_notes_about_it(changed: Play) -> None:
    assert [found["rule"] for found in findings("docs/agreement.md")] == ["unposted-change"]
    assert findings("docs/terms/data.md") == []
    changed.note("second", kind="format")
    changed.note("other", documents="data")
    assert [found["path"] for found in findings("docs/agreement.md")] == ["docs/changes/second.md"]
    assert [found["path"] for found in findings("docs/terms/data.md")] == ["docs/changes/other.md"]


def test_a_note_can_be_named_itself(changed: Play) -> None:
    changed.note("second", kind="format")
    assert [found["rule"] for found in findings("docs/changes/second.md")] == ["class-mismatch"]
    assert [found["rule"] for found in findings("docs/changes/first.md")] == []


def test_a_lone_file_is_not_asked(changed: Play) -> None:
    changed.write("elsewhere/agreement.md", AGREEMENT)
    assert findings("elsewhere/agreement.md") == []


def test_a_note_that_cannot_be_read_is_reported_unless_the_record_is_not_checked(changed: Play) -> None:
    changed.write("docs/changes/second.md", "Nothing.\n")
    assert {found["rule"] for found in findings()} == {"change-note"}
    assert findings("--rule", "repeated-word") == []


def test_a_record_that_was_altered_is_reported(changed: Play) -> None:
    ledger = changed.root / "record/ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-1])
    assert [(found["rule"], found["path"]) for found in findings()] == [("record", "record/ledger.jsonl")]


def test_an_emergency_makes_drafting_warnings_notes_before_and_after_it_is_posted(changed: Play) -> None:
    changed.change("(a) copy the Data;", "(a) copy the the Data;")
    changed.note("second")
    assert engross("check", "--strict").exit_code == 1
    changed.note("second", "emergency: the court's order of Friday")
    for _ in range(2):
        result = engross("check", "--strict")
        assert result.exit_code == 0
        assert "repeated (allowed in an emergency: the court's order of Friday) [repeated-word]" in result.stdout
        engross("release")
    assert len(changed.record.entries) == 5


def test_an_emergency_is_about_its_documents_only(changed: Play) -> None:
    changed.note("second", "emergency: the court's order of Friday")
    changed.change("for a year", "for a year of of use", "docs/terms/data.md")
    changed.note("third", "grounds: [{ground: legal-requirement, cites: The law}]", documents="data")
    assert [found["rule"] for found in findings("--strict")] == ["repeated-word"]


def test_an_exception_to_a_rule_of_the_record_is_none(play: Play) -> None:
    play.change(
        "documents:",
        "exceptions: [{rule: unposted-change, document: data, because: x}]\ndocuments:",
        "docs/documents.yml",
    )
    (found,) = findings()
    assert found["message"] == "unposted-change is a rule of the record, which has no exceptions; delete this exception"


OF_PULL_REQUEST = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "provider/terms",
    "GITHUB_HEAD_REF": "support/times",
    "GITHUB_REF": "refs/pull/13/merge",
}


def test_the_link_of_a_pull_request_from_a_fork_leads_to_its_branch(
    changed: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the check and in a release, for documents and for sets."""
    event = changed.root / "event.json"
    event.write_text('{"pull_request": {"head": {"repo": {"full_name": "editor/terms"}}}}', encoding="utf-8")
    for name, value in (OF_PULL_REQUEST | {"GITHUB_EVENT_PATH": str(event)}).items():
        monkeypatch.setenv(name, value)
    for name in ("GITHUB_SERVER_URL", "GITHUB_WORKSPACE", "GITEA_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    page = "https://github.com/editor/terms/new/support/times/docs/changes?filename="
    (found,) = findings()
    assert re.match(rf"{re.escape(page)}[0-9-]+-agreement-use-b-[0-9a-f]{{4}}\.md&value=---", str(found["link"]))
    assert f"\n    or write it here: {page}" in engross("release").stderr
    changed.change("incorporates: [data, models]", "incorporates: [models]", "docs/documents.yml")
    links = [str(one["link"]) for one in findings() if one["rule"] in ("unposted-change", "unposted-promise")]
    assert len(links) == 2
    assert all(link.startswith(page) for link in links)


def test_a_page_links_to_a_note_begun_for_a_document_that_was_not_changed(play: Play) -> None:
    play.posted()
    folders = find_folders(play.root)
    plan = read_state(folders, BEGIN).plan
    for entry in plan.project.settings.documents:
        (begun,) = parse_qs(urlsplit(new_note_page(plan, entry, plan.pages)).query)["value"]
        assert f"documents: [{entry.id}]" in begun
        gaps = read_notes_of(play, begun)
        assert [gap.partition(":")[0] for gap in gaps] == ["title", "effective", "approved_by", "summary"]


def read_notes_of(play: Play, text: str) -> list[str]:
    """The gaps that are left in a note."""
    play.write("docs/changes/begun.md", text)
    return [str(found["message"]) for found in findings("docs/changes/begun.md") if found["rule"] == "note-placeholder"]


@pytest.mark.parametrize("where", ["docs/documents.yml", "docs/changes/new.md"])
def test_more_days_than_a_calendar_has_are_refused(changed: Play, where: str) -> None:
    changed.note("new", "material: true", *(["notice_days: 99999999"] if "new" in where else []))
    if "new" not in where:
        changed.change("kind: agreement,", "kind: agreement, notice_days: 1000001,", where)
    result = engross("check")
    assert result.exit_code == 1
    assert "notice_days: must be at most 1000000, not " in result.stdout
    changed.change("99999999" if "new" in where else "1000001", "1000000", where)
    first = (now() + timedelta(days=1_000_000)).astimezone(ZoneInfo("America/New_York")).date() + timedelta(days=1)
    assert f"can apply from {first.day} {first:%B} {first.year}" in engross("check").stdout


def test_the_notice_of_a_valid_note_is_shown_as_a_sum(changed: Play) -> None:
    changed.change("kind: agreement,", "kind: agreement, notice: {count: 30},", "docs/documents.yml")
    changed.note("new", "material: true", "effective: 2031-01-01")
    printed = engross("check")
    sums = re.findall(r"docs/changes/new.md: notice of agreement: posted (.*) = in force from (.*)", printed.stderr)
    assert [days.partition(" + ")[2] for days, _ in sums] == ["30 days, first day excluded"]
    assert engross("check", "--format", "json").stderr == ""
    changed.note("new", "material: false")
    assert "notice of" not in engross("check").stderr
