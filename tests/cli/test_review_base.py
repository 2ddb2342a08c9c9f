"""`engross review` against its base: a record that a branch changed, and bases that cannot be compared."""

import re
import shutil
from hashlib import sha1
from pathlib import Path

import pytest
from cli_play import Play, engross, git

NO_LEDGER = "There is no {}/ledger.jsonl in HEAD"

pytestmark = pytest.mark.usefixtures("review_day")


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


@pytest.mark.parametrize("name", [".gitattributes", ".gitignore"])
def test_a_change_that_deletes_a_file_for_git_from_the_record(merged: Play, name: str) -> None:
    (merged.root / "record" / name).unlink()
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "This branch changes the record, which only Engross may write" in result.stdout
    assert f"`deleted: record/{name}`" in result.stdout


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
    assert (
        "What they posted is not compared below: entry 5 (post agreement@&#8203;2), posted 2026-01-06T" in result.stdout
    )


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
    assert "> main has posted more since this branch began. Merge main into the branch" in result.stdout
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


def test_a_record_behind_a_link(merged: Play) -> None:
    (merged.root / "record").rename(merged.root / "kept")
    (merged.root / "record").symlink_to("kept")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "The record is a folder of its own, not a link" in result.stdout


def test_a_change_that_only_a_note_of_the_base_describes(branch: Play) -> None:
    git(branch.root, "checkout", "main")
    branch.change("at once", "within a month")
    branch.note("later")
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "pending")
    git(branch.root, "checkout", "-b", "other")
    branch.change("sell the Data", "lend the Data")
    result = engross("review", "--base", "main")
    assert result.exit_code == 1
    assert "## This branch changes documents that only pending notes of main name" in result.stdout
    assert "`agreement: docs/changes/later.md`" in result.stdout
    # A note of its own describes it, and so does a note of the base that it edits.
    branch.change("The change later.", "The change later, and more.", "docs/changes/later.md")
    assert engross("review", "--base", "main").exit_code == 0


def test_a_change_that_a_strict_release_would_refuse(merged: Play) -> None:
    merged.change("(a) copy the Data;", "(a) copy the the Data;")
    assert "1 change would be posted" in engross("review", "--base", "HEAD^1").stdout
    merged.write("mkdocs.yml", (merged.root / "mkdocs.yml").read_text("utf-8") + "strict: true\n")
    assert engross("release", "--dry-run").exit_code == 3
    assert "nothing would be posted, 1 change would wait" in engross("review", "--base", "HEAD^1").stdout


def test_the_base_is_called_as_in_a_clone(merged: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    git(merged.root, "update-ref", "refs/remotes/origin/base-of-review", "HEAD^1")
    for name, value in {"ACTIONS": "true", "REPOSITORY": "a/b", "HEAD_REF": "change", "BASE_REF": "main"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    (merged.root / "record/ledger.jsonl").unlink()
    result = engross("review", "--base", "origin/base-of-review")
    assert "git restore --source=origin/main --staged --worktree -- record" in result.stdout
    assert "base-of-review" not in result.stdout
