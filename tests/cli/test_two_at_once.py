"""Two people at once: two releases, two branches that have each released, and a merge that git could not finish."""

import multiprocessing
import os
import subprocess
from copy import copy
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from cli_play import BEGIN, Play, engross, git

from engross.common import EngrossError
from engross.corpus.folders import find_folders
from engross.record import release
from engross.record.verification import verify


@pytest.fixture(autouse=True)
def no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "GITLAB_", "CI_"))]:
        monkeypatch.delenv(name)


def _release(root: Path, start: Barrier, outcomes: "SimpleQueue[str]") -> None:
    at = BEGIN + timedelta(days=1)
    start.wait()
    try:
        outcomes.put(str(len(release(find_folders(root), at, at))))
    except EngrossError as failure:
        outcomes.put(failure.diagnostics[0].message)


def test_of_releases_in_several_processes_one_posts(play: Play) -> None:
    play.posted().change("at once", "soon")
    play.note("second")
    fork = multiprocessing.get_context("fork")
    start, outcomes = fork.Barrier(5), fork.SimpleQueue()
    processes = [fork.Process(target=_release, args=(play.root, start, outcomes)) for _ in range(5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    found = sorted(outcomes.get() for _ in processes)
    assert found.count("1") == 1
    others = {"0", "another release is running; wait for it to end, then release again"}
    assert set(found) - {"1"} <= others
    record, wrong = verify(play.root / "record")
    assert (wrong, len(record.entries)) == ([], 5)
    assert not list((play.root / "record").glob(".release*"))


@pytest.fixture
def apart(play: Play) -> tuple[Play, Play]:
    """Two clones of one branch, each with a change of its own that it has released; the first is pushed."""
    play.posted()
    git(play.root, "init", "-b", "main")
    git(play.root, "add", ".")
    git(play.root, "commit", "-m", "posted")
    git(play.root, "clone", "--bare", ".", "origin.git")
    git(play.root, "remote", "add", "origin", "origin.git")
    other = copy(play)
    git(play.root, "clone", "origin.git", "clone")
    other.root = play.root / "clone"
    play.changed("at once", "soon", "mine", 1)
    git(play.root, "add", "docs", "record")
    git(play.root, "commit", "-m", "mine")
    git(play.root, "push", "origin", "main")
    other.changed("at once", "within a month", "theirs", 1)
    git(other.root, "add", ".")
    git(other.root, "commit", "-m", "theirs")
    return play, other


def test_the_second_branch_that_released_gives_way_and_releases_again(
    apart: tuple[Play, Play], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, other = apart
    monkeypatch.chdir(other.root)
    with pytest.raises(subprocess.CalledProcessError):
        git(other.root, "push", "origin", "main")
    git(other.root, "fetch", "origin")
    for command in (("verify", "--against", "origin/main"), ("review", "--base", "origin/main")):
        refused = engross(*command)
        assert (refused.exit_code, "Two branches have each released" in refused.output) == (1, True)
    with pytest.raises(subprocess.CalledProcessError):
        git(other.root, "merge", "origin/main")
    # What the review says, and nothing else.
    review = engross("review", "--base", "origin/main").output
    restore = "git restore --source=origin/main --staged --worktree -- record"
    assert f"```sh\n{restore}\n```" in review
    assert "this line is a conflict marker of a merge" in review
    subprocess.run(restore.split(), cwd=other.root, check=True)
    assert verify(other.root / "record")[1] == []
    for command in (("check",), ("release",), ("release", "--dry-run")):
        refused = engross(*command)
        assert refused.exit_code == (1 if command == ("check",) else 3)
        assert "docs/agreement.md:18:1: git could not merge two changes here" in refused.output.replace("error: ", "")
    text = (other.root / "docs/agreement.md").read_text()
    begin, end = text.index("<<<<<<<"), text.index(">>>>>>>")
    after = text[end:].split("\n", 1)[1]
    other.write("docs/agreement.md", f"{text[:begin]}Each Fee is due within a month, and a Fee is final.\n{after}")
    posted = other.release(2)
    assert [str(entry.name) for entry in posted] == ["entry 6 (post agreement@3)"]
    git(other.root, "add", ".")
    git(other.root, "commit", "-m", "merged")
    git(other.root, "push", "origin", "main")
    assert engross("verify", "--against", "origin/main").exit_code == 0


MARKED = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"


@pytest.mark.parametrize(
    "name", ["agreement.md", "changes/x.md", "changes/x.agreement.md", "models.yml", "documents.yml"]
)
def test_no_file_with_a_conflict_is_posted(play: Play, name: str) -> None:
    play.posted().change("at once", "soon")
    own = "own_text: [agreement]" if "x.agreement" in name else "material: false"
    play.note("x", own)
    path = play.root / "docs" / name
    before = path.read_text() if path.exists() else (play.root / "docs/agreement.md").read_text()
    play.write(f"docs/{name}", before + "\n" + MARKED.format("a", "b"))
    for command in ("check", "release", "review"):
        found = engross(command)
        assert found.exit_code in ({1, 3} if command == "release" else {1})
        assert f"docs/{name}" in found.output
        assert "git could not merge two changes here" in found.output
    # The change of another document is posted.
    assert len(play.record.entries) == (5 if name == "models.yml" else 4)


@pytest.mark.parametrize("text", ["A\n=======\n\ntext\n", "> > > > > > > quoted\n", "<<<<<<<<\n", "a <<<<<<< b\n"])
def test_what_is_no_conflict(play: Play, text: str) -> None:
    play.change("## Payment", f"{text}\n## Payment")
    assert "git could not merge" not in engross("check").output
