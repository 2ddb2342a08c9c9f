"""`engross review`: what a branch would post, what is missing, and what cannot be read, against the base branch."""

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest
from cli_play import Play, engross, git

from engross.review import MARKER, make_schema, schema

CASES = Path(__file__).parent.parent / "cases" / "review"
HOSTILE = "for @counsel, see #12 and <!-- x --> [y](z) | $5 or `z` :smile: https://example.com/a"

pytestmark = pytest.mark.usefixtures("review_day")


@pytest.fixture
def rich(branch: Play) -> Play:
    """A branch with a change of each kind, some of them hostile, and one without a note."""
    branch.change("is due at once, and a Fee is final", "is due within 30 days, and a Fee is final " + HOSTILE)
    branch.change("- **“Fee”** means a price.", "- **“Fee”** means a high price.\n- **“Other”** means the rest.")
    branch.change("(b) sell the Data; or\n(c) rent the Data.", "(b) rent the Data; or\n(c) sell the Data.")
    branch.change("for a year", "for two years", "docs/terms/data.md")
    branch.change("title: Main", "title: Main @set", "docs/documents.yml")
    branch.change('version: "1.0"', 'version: "2.0"', "docs/models.yml")
    branch.note("models", "material: false", documents="models")
    branch.write(
        "docs/changes/later.md",
        "---\ndocuments: [agreement]\nclass: substantive\nmaterial: true\nnotice_days: 30\neffective: 2027-01-10\n"
        "approved_by: Counsel @legal\ntitle: Fees are due @later\n---\n\nFees are due *later*, see [the terms](https://example.com/issues/1):\n\n"
        "- within **30 days**, @customer;\n- `::error::` never before.\n",
    )
    return branch


def compare(name: str, text: str) -> None:
    """Compare a text with a golden file, or write that anew (ENGROSS_UPDATE=1)."""
    path = CASES / name
    if os.environ.get("ENGROSS_UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "provider/terms",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REF": "refs/heads/change",
    "GITHUB_REF_NAME": "change",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_PROJECT_URL": "https://gitlab.com/provider/terms",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "change",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://gitlab.com/provider/terms",
}


@pytest.mark.parametrize(("host", "variables"), [("github", GITHUB), ("gitlab", GITLAB)])
def test_comment_and_annotations_of_each_host(
    rich: Play, monkeypatch: pytest.MonkeyPatch, host: str, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    options = ("--base", "main", "--preview", "https://preview.example/draft/")
    comment = engross("review", "--format", "github-comment", *options)
    assert (comment.exit_code, comment.stderr) == (0, "")
    compare(f"comment-{host}.md", comment.stdout)
    assert comment.stdout.split("\n", 1)[0] == MARKER
    summary = engross("review", *options, "--output", "out/summary.md")
    assert summary.stdout == ""
    assert (rich.root / "out/summary.md").read_text("utf-8") == comment.stdout.removeprefix(f"{MARKER}\n")
    compare(f"annotations-{host}.txt", engross("check", "--format", host).stdout)


def test_json_matches_its_published_schema(rich: Play) -> None:
    value = json.loads(engross("review", "--format", "json", "--base", "main").stdout)
    assert schema() == make_schema()
    jsonschema.validate(value, schema())
    agreement = next(one for one in value["changes"] if one["id"] == "agreement")
    assert [(one["term"], one["how"]) for one in agreement["definitions"]] == [("Fee", "changed"), ("Other", "added")]
    assert agreement["timings"][0]["earliest"] == "2026-12-29"
    assert {"op": "deleted", "text": "at once"} in [
        run for one in agreement["clauses"] for t in one["texts"] for run in t
    ]
    assert [one["rule"] for one in value["missing"]] == ["unposted-change", "unposted-promise"]


def test_only_findings_that_the_base_does_not_have(branch: Play) -> None:
    """Known findings stay known when lines move, and one more of the same is new."""
    branch.change("## Use", "## Empty\n\n## Use")
    git(branch.root, "commit", "-am", "a finding of the base")
    git(branch.root, "branch", "--force", "main")
    branch.change("# The Agreement\n", "# The Agreement\n\nSome words.\n")
    branch.change("# Data Terms\n", "# Data Terms\n\n## Void\n", "docs/terms/data.md")
    found = json.loads(engross("review", "--format", "json", "--base", "main").stdout)
    assert [(one["rule"], one["path"]) for one in found["findings"]] == [("empty-section", "docs/terms/data.md")]
    assert found["known"] == 1
    without = json.loads(engross("review", "--format", "json").stdout)
    assert len(without["findings"]) == 2


def test_nothing_is_checked_twice_where_nothing_changed(branch: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    branch.change("## Use", "## Empty\n\n## Use")
    git(branch.root, "commit", "-am", "a finding of the base")
    git(branch.root, "branch", "--force", "main")
    from engross.review import findings

    checks = []
    original = findings.check_subjects
    monkeypatch.setattr(findings, "check_subjects", lambda *a, **k: checks.append(1) or original(*a, **k))
    found = json.loads(engross("review", "--format", "json", "--base", "main").stdout)
    assert (found["findings"], found["known"], len(checks)) == ([], 1, 1)


@pytest.mark.parametrize("base", ["HEAD^1", "main"])
def test_the_record_of_the_base_is_continued(merged: Play, base: str) -> None:
    result = engross("review", "--base", base)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# What would be posted\n\n1 change would be posted.\n")
    assert "Each Fee is due ~~at once~~**within a month**, and" in result.stdout
    assert "**Takes effect**: when it is posted (it is not material, so no notice is promised)." in result.stdout


def test_a_review_without_a_base_says_so(merged: Play) -> None:
    result = engross("review")
    assert result.exit_code == 0
    assert "> The branch was not compared with its base; name it with --base" in result.stdout


def test_the_headline_says_what_waits(branch: Play) -> None:
    branch.change("at once", "within a month")
    branch.note("later")
    branch.note("now", "effective: 2027-06-01")
    printed = engross("review", "--base", "main", "--draft-artifact", "https://host.example/run#artifacts").stdout
    assert "nothing would be posted, 1 change would wait" in printed
    assert "[Download the draft site](https://host.example/run#artifacts)." in printed
    # The day of each note follows its text.
    assert re.findall(r"\*\*(Note|Takes effect)", printed) == ["Note", "Takes effect"] * 2


def test_too_soon_is_shown_with_the_sum(branch: Play) -> None:
    branch.change("at once", "within a month")
    branch.note("later", "material: true", "notice_days: 30", "effective: 2026-12-01")
    printed = engross("review", "--base", "main").stdout
    sum_ = "posted today 28 November 2026 + 30 whole days = 29 December 2026 or later"
    assert f"on 1 December 2026, which is **too soon**: {sum_}." in printed


def test_documents_and_notes_that_cannot_be_read(rich: Play) -> None:
    """Each is a section, and the other documents are still shown."""
    rich.change("for two years", "for <script>two</script> years", "docs/terms/data.md")
    rich.write("docs/changes/broken.md", "---\nclass: [\n---\n\nWords.\n")
    result = engross("review", "--base", "main")
    assert result.exit_code == 1
    assert "## Documents that cannot be read\n\n- **error** [`docs/terms/data.md:5:" in result.stdout
    assert "## Change notes that cannot be read\n\n- **error** [`docs/changes/broken.md:" in result.stdout
    assert "~~at once~~**within 30 days**" in result.stdout
    (rich.root / "docs/terms/data.md").write_bytes(b"\xff")
    assert engross("review", "--base", "main").exit_code == 2


def test_a_document_that_is_missing_makes_no_note_wrong(merged: Play) -> None:
    (merged.root / "docs/agreement.md").unlink()
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 2
    assert "`docs/agreement.md`: there is no such file" in result.stdout
    assert "note-without-change" not in result.stdout


@pytest.mark.parametrize("preview", ["javascript:alert(1)", "preview.example"])
def test_a_preview_without_an_address(play: Play, preview: str) -> None:
    result = engross("review", "--preview", preview)
    assert (result.exit_code, "write the address of the draft site" in result.stderr) == (2, True)


def test_gitlab_knows_a_finding_again_when_lines_move(play: Play) -> None:
    play.change("## Payment", "## Void\n\n## Void\n\n## Payment")
    before = json.loads(engross("check", "--format", "gitlab").stdout)
    play.change("## Definitions", "Some words.\n\n## Definitions")
    after = json.loads(engross("check", "--format", "gitlab").stdout)
    assert [one["fingerprint"] for one in before] == [one["fingerprint"] for one in after]
    assert [one["location"] for one in before] != [one["location"] for one in after]
    assert len({one["fingerprint"] for one in before}) == len(before) >= 2
    play.change("## Void\n\n## Void\n\n", "")
    assert json.loads(engross("check", "--format", "gitlab").stdout) == []


def test_settings_that_cannot_be_read(rich: Play) -> None:
    rich.write("docs/documents.yml", "sets: [")
    (rich.root / "record/ledger.jsonl").unlink()
    result = engross("review", "--base", "main")
    assert result.exit_code == 1
    for words in ("## The settings of the site cannot be read", "changes the record", "`changed: docs/agreement.md`"):
        assert words in result.stdout


def test_a_replaced_picture_is_the_change(play: Play) -> None:
    picture = play.write("docs/img/flow.png", "old")
    play.change("## Use\n", "## Use\n\n![Flow](img/flow.png)\n")
    play.posted()
    picture.write_text("new", "utf-8")
    play.note("picture")
    printed = engross("review").stdout
    assert "- picture changed: `img/flow.png`\n" in printed
