"""`engross review`: what a release would post, on a record that continues the one of the base branch."""

import re
import shutil
from pathlib import Path

import pytest
from cli_play import Play, engross, git

NO_LEDGER = "**There is no {}/ledger.jsonl in HEAD"
GONE = "the ledger is missing or empty, but there are sealed files"


@pytest.fixture
def merged(play: Play) -> Play:
    """A repository with a posted base, and on top of it the merge of a change that is under review."""
    play.posted()
    git(play.root, "init", "-b", "main")
    git(play.root, "add", ".")
    git(play.root, "commit", "-m", "posted")
    git(play.root, "checkout", "-b", "change")
    play.change("at once", "within a month")
    play.note("later")
    git(play.root, "add", ".")
    git(play.root, "commit", "-m", "change")
    git(play.root, "checkout", "-b", "merge", "main")
    git(play.root, "merge", "--no-ff", "--no-edit", "change")
    return play


@pytest.mark.parametrize("base", ["HEAD^1", "main"])
def test_the_record_of_the_base_is_continued(merged: Play, base: str) -> None:
    result = engross("review", "--base", base)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# What would be posted\n")
    assert "within a month" in result.stdout


def test_without_a_base_that_is_said(merged: Play) -> None:
    result = engross("review")
    assert (result.exit_code, result.stderr) == (
        0,
        "note: the record was not compared with the base branch; name it with --base\n",
    )


def test_a_change_that_erases_the_record(merged: Play) -> None:
    """It deletes the whole record, so that the folder has no trace of it."""
    shutil.rmtree(merged.root / "record")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert re.search(r"entries are missing at the end: HEAD\^1 has \d+, this has 0", result.stdout)


def test_a_change_that_erases_the_ledger(merged: Play) -> None:
    (merged.root / "record/ledger.jsonl").unlink()
    result = engross("review", "--base", "HEAD^1")
    assert (result.exit_code, GONE in result.stderr) == (1, True)


def test_a_change_that_rewrites_the_record(merged: Play, tmp_path: Path) -> None:
    other = Play(tmp_path / "other")
    other.change("sell the Data", "lend the Data")
    other.posted()
    shutil.rmtree(merged.root / "record")
    shutil.copytree(other.root / "record", merged.root / "record")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "entry 1 (post agreement@1) is not the same as in HEAD^1" in result.stdout


def test_a_change_that_commits_a_journal(merged: Play) -> None:
    (merged.root / "record/.release").write_text('["agreement/1-000000000000.md"]')
    git(merged.root, "add", "--force", "record/.release")
    result = engross("review", "--base", "HEAD^1")
    assert result.exit_code == 1
    assert "record/.release: git tracks this file" in result.stderr


def test_a_base_without_a_ledger(play: Play) -> None:
    """Nothing was posted there yet."""
    git(play.root, "init", "-b", "main")
    git(play.root, "add", ".")
    git(play.root, "commit", "-m", "begin")
    play.note("first", documents="agreement, data, models")
    result = engross("review", "--base", "HEAD")
    assert (result.exit_code, NO_LEDGER.format("record") in result.stdout) == (0, True)


def test_a_change_that_moves_the_record_away(merged: Play) -> None:
    """It is not refused, since it looks as if nothing was posted; the review mentions it."""
    merged.change("[search, engross]", "[search, {engross: {record: elsewhere}}]", "mkdocs.yml")
    result = engross("review", "--base", "HEAD^1")
    assert (result.exit_code, NO_LEDGER.format("elsewhere") in result.stdout) == (0, True)


def test_a_base_that_is_not_there(merged: Play) -> None:
    result = engross("review", "--base", "origin/main")
    assert result.exit_code == 2
    assert result.stderr.startswith("origin/main: it is neither a file nor an address, and git has no such ref: ")


def test_a_replaced_picture_is_the_change(play: Play) -> None:
    picture = play.write("docs/img/flow.png", "old")
    play.change("## Use\n", "## Use\n\n![Flow](img/flow.png)\n")
    play.posted()
    picture.write_text("new", "utf-8")
    play.note("picture")
    said = engross("review").stdout
    assert "Against agreement@1: No word changed.\n\n- picture changed: img/flow.png\n" in said
