"""`engross review`: what a branch would post, what is missing, and what cannot be read, against the base branch."""

import json
import os
import re
import shutil
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

import jsonschema
import pytest
from cli_play import Play, engross, git

from engross.review import MARKER, make_schema, schema

CASES = Path(__file__).parent.parent / "cases" / "review"
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
NO_LEDGER = "There is no {}/ledger.jsonl in HEAD"
HOSTILE = "for @counsel, see #12 and <!-- x --> [y](z) | $5 or `z` :smile: https://example.com/a"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which notes and notice periods are counted, and no CI."""
    monkeypatch.setattr("engross.cli.review.now", lambda: NOW)
    monkeypatch.setattr("engross.cli.site_check.now", lambda: NOW)
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "GITLAB_", "CI_"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def branch(play: Play) -> Play:
    """A repository with a posted base, and a branch on which nothing changed yet."""
    play.posted()
    git(play.root, "init", "-b", "main")
    git(play.root, "add", ".")
    git(play.root, "commit", "-m", "posted")
    git(play.root, "checkout", "-b", "change")
    return play


@pytest.fixture
def merged(branch: Play) -> Play:
    """On top of the base, the merge of a change that is under review."""
    branch.change("at once", "within a month")
    branch.note("later")
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "change")
    git(branch.root, "checkout", "-b", "merge", "main")
    git(branch.root, "merge", "--no-ff", "--no-edit", "change")
    return branch


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


def test_without_a_base_that_is_said(merged: Play) -> None:
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


def test_too_soon_is_said_with_the_sum(branch: Play) -> None:
    branch.change("at once", "within a month")
    branch.note("later", "material: true", "notice_days: 30", "effective: 2026-12-01")
    printed = engross("review", "--base", "main").stdout
    sum_ = "posted today 28 November 2026 + 30 whole days = 29 December 2026 or later"
    assert f"on 1 December 2026, which is **too soon**: {sum_}." in printed


def test_a_change_that_erases_the_record(merged: Play) -> None:
    """It deletes the whole record, so that the folder has no trace of it. The rest is still reported."""
    shutil.rmtree(merged.root / "record")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "## This branch changes the record, which only Engross may write" in result.stdout
    assert re.search(r"entries are missing at the end: HEAD\\\^1 has \d+, this has 0|HEAD\^1 has", result.stdout)
    assert "```sh\ngit restore --source=HEAD^1 --staged --worktree -- record\n```" in result.stdout
    assert "- `deleted: record/ledger.jsonl`" in result.stdout
    assert "Each Fee is due ~~at once~~**within a month**" in result.stdout


def test_a_change_that_erases_the_ledger(merged: Play) -> None:
    (merged.root / "record/ledger.jsonl").unlink()
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "the ledger is missing or empty, but there are sealed files" in result.stdout
    assert "~~at once~~**within a month**" in result.stdout


def test_a_change_that_edits_a_sealed_text_and_adds_a_file(merged: Play) -> None:
    sealed = next((merged.root / "record/agreement").glob("1-*.md"))
    sealed.write_text("other", "utf-8")
    merged.write("record/agreement/2-000000000000.md", "new")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert f"- `changed: record/agreement/{sealed.name}`" in result.stdout
    assert "- `added: record/agreement/2-000000000000.md`" in result.stdout
    assert "delete files that are listed as added and are still there" in result.stdout


def test_a_change_that_rewrites_the_record(merged: Play, tmp_path: Path) -> None:
    other = Play(tmp_path / "other")
    other.change("sell the Data", "lend the Data")
    other.posted()
    shutil.rmtree(merged.root / "record")
    shutil.copytree(other.root / "record", merged.root / "record")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "entry 1 (post agreement@&#8203;1) is not the same as in HEAD^1" in result.stdout


def test_a_change_that_commits_a_journal(merged: Play) -> None:
    (merged.root / "record/.release").write_text('["agreement/1-000000000000.md"]')
    git(merged.root, "add", "--force", "record/.release")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "`record/.release`: git tracks this file" in result.stdout


def test_a_release_in_the_branch_is_a_remark(merged: Play) -> None:
    merged.release(1)
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 0
    assert "> This branch adds 1 entry to the record" in result.stdout


def test_a_branch_behind_a_release_of_its_base(branch: Play) -> None:
    git(branch.root, "checkout", "main")
    branch.changed("at once", "within a month", "later", 1)
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "released")
    git(branch.root, "checkout", "change")
    result = engross("review", "--base", "main")
    assert result.exit_code == 0
    assert "> main has posted more since this branch began. Merge main into this branch" in result.stdout
    assert "deleted: " not in result.stdout


def test_a_merge_of_a_branch_that_began_before_a_release(branch: Play) -> None:
    """The record of the merge is complete; that of the branch, where people run commands, is not."""
    branch.note("draft", documents="data")
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "change")
    git(branch.root, "checkout", "main")
    branch.changed("at once", "within a month", "later", 1)
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "released")
    git(branch.root, "checkout", "-b", "merge")
    git(branch.root, "merge", "--no-ff", "--no-edit", "change")
    result = engross("review", "--base", "main")
    assert "> main has posted more since this branch began. First merge main into the branch" in result.stdout
    git(branch.root, "checkout", "change")
    git(branch.root, "merge", "--no-edit", "main")
    git(branch.root, "checkout", "-b", "merge-again", "main")
    git(branch.root, "merge", "--no-ff", "--no-edit", "change")
    assert "since this branch began" not in engross("review", "--base", "main").stdout


def test_a_branch_behind_its_base_in_a_shallow_clone(branch: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without history, a ledger that the one of the base continues is behind; any other difference is a change."""
    branch.note("draft", documents="data")
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "change")
    git(branch.root, "checkout", "main")
    branch.changed("at once", "within a month", "later", 1)
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "released")
    shallow = branch.root / "shallow"
    git(branch.root, "clone", "--depth=1", "--branch=change", branch.root.as_uri(), str(shallow))
    git(shallow, "fetch", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/base-of-review")
    monkeypatch.chdir(shallow)
    result = engross("review", "--base", "origin/base-of-review")
    assert "> origin/base-of-review has posted more since this branch began" in result.stdout
    assert (result.exit_code, "deleted: " in result.stdout) == (0, False)
    kept = (shallow / "record/ledger.jsonl").read_bytes()
    (shallow / "record/ledger.jsonl").write_bytes(b"")
    assert engross("review", "--base", "origin/base-of-review").exit_code == 1
    (shallow / "record/ledger.jsonl").write_bytes(kept)
    sealed = next((shallow / "record/data").glob("1-*.md"))
    sealed.write_bytes(sealed.read_bytes() + b" ")
    assert engross("review", "--base", "origin/base-of-review").exit_code == 1


def test_a_shallow_merge_that_cuts_the_ledger(branch: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """A merge names its base, so that it is not behind it."""
    record = branch.root / "record"
    before = record.parent / "before"
    shutil.copytree(record, before)
    git(branch.root, "checkout", "main")
    branch.changed("at once", "within a month", "later", 1)
    git(branch.root, "add", "docs", "record")
    git(branch.root, "commit", "-m", "released")
    git(branch.root, "checkout", "-b", "cut")
    shutil.rmtree(record)
    shutil.move(before, record)
    git(branch.root, "add", "-A", "record")
    git(branch.root, "commit", "-m", "cut")
    shallow = branch.root / "shallow"
    git(branch.root, "clone", "--depth=1", "--branch=cut", branch.root.as_uri(), str(shallow))
    git(shallow, "fetch", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/base-of-review")
    monkeypatch.chdir(shallow)
    result = engross("review", "--base", "origin/base-of-review")
    assert result.exit_code == 1
    assert "## This branch changes the record" in result.stdout


def test_a_base_without_a_ledger(play: Play) -> None:
    """Nothing was posted there yet."""
    git(play.root, "init", "-b", "main")
    git(play.root, "add", ".")
    git(play.root, "commit", "-m", "begin")
    play.note("first", documents="agreement, data, models")
    result = engross("review", "--base", "HEAD")
    assert (result.exit_code, NO_LEDGER.format("record") in result.stdout) == (0, True)
    assert "- The text is posted for the first time." in result.stdout


def test_a_change_that_moves_the_record_away(merged: Play) -> None:
    """It is not refused, since it looks as if nothing was posted; the review mentions it."""
    merged.change("[search, engross]", "[search, {engross: {record: elsewhere}}]", "mkdocs.yml")
    result = engross("review", "--base", "HEAD^1")
    assert (result.exit_code, NO_LEDGER.format("elsewhere") in result.stdout) == (0, True)


@pytest.mark.parametrize("base", ["origin/main", "-x", "0123456789012345678901234567890123456789"])
def test_a_base_that_is_not_there(merged: Play, base: str) -> None:
    """Everything else is said first."""
    result = engross("review", f"--base={base}")
    assert result.exit_code == 2
    assert "## The base cannot be compared\n\n- **error**" in result.stdout
    assert "~~at once~~**within a month**" in result.stdout


def test_a_shallow_clone_says_how_to_fetch_the_base(
    merged: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(merged.root, "clone", "--depth=1", merged.root.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 2
    assert "this clone is shallow and does not contain it" in result.stdout


def test_a_ledger_in_a_file_as_the_base(merged: Play) -> None:
    result = engross("review", "--base", "record/ledger.jsonl")
    assert (result.exit_code, "> Only the record was compared with record/ledger" in result.stdout) == (0, True)


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


@pytest.mark.parametrize(("lost", "code"), [("docs/terms/data.md", 0), ("record/ledger.jsonl", 2)])
def test_an_object_that_the_clone_lacks(branch: Play, lost: str, code: int) -> None:
    """As in a partial clone: the findings are all listed, and the rest is compared."""
    data = (branch.root / lost).read_bytes()
    name = sha1(b"blob %d\0" % len(data) + data).hexdigest()
    (branch.root / ".git/objects" / name[:2] / name[2:]).unlink()
    branch.change("for a year", "for two years", "docs/terms/data.md")
    result = engross("review", "--base", "main")
    assert result.exit_code == code
    printed = result.stdout.replace("&#8203;", "")
    assert f"git has no object {name}; the clone is not complete" in printed
    assert "`main`: git has" in printed or "the documents of main cannot be read: git has" in printed
    assert "~~a year~~**two years**" in result.stdout


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
