"""The review of pull requests, by the workflow that `engross init --ci github` writes, on a host on this machine."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.workflows.host import GitHub, Job, Server, serve
from tests.workflows.publishing import git
from tests.workflows.test_github import commit, delete_example_line, note, start_site

from engross.cli import main

REVIEW = Path(".github/workflows/review.yml")
MARKER = "<!-- engross-review -->"


@dataclass
class Place:
    folder: Path
    server: Server

    @property
    def edit(self) -> Path:
        return self.folder / "edit"

    def pull_request(self, fork: bool = False, base: str = "main") -> dict[str, Any]:
        """What GitHub gives to a run for the pull request 5, whose merge is what was pushed last."""
        sha = git(self.folder / "origin.git", "rev-parse", base)
        head = "somebody/terms" if fork else "example/terms"
        request = {"number": 5, "base": {"sha": sha}, "head": {"repo": {"full_name": head}}}
        github = {
            "server_url": "https://github.example",
            "run_id": "9",
            "repository": "example/terms",
            "ref": "refs/pull/5/merge",
            "base_ref": base,
            "token": "" if fork else "secret",
            "event": {"pull_request": request},
        }
        return {"github": github, "vars": {}, "inputs": {}, "secrets": {}}

    def review(self, names: tuple[str, ...] = (), done: dict[str, Job] | None = None, **given: Any) -> dict[str, Job]:
        return GitHub(self.folder, self.server, self.pull_request(**given)).run(self.edit / REVIEW, names, done)


def fill(folder: Path) -> None:
    """A repository with a site whose first version is posted."""
    edit = start_site(folder, "--ci", "github", "--actions", "example/engross@v1")
    delete_example_line(edit)
    note(edit, "first", "The first version.", "sets: [terms]\n")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(edit)
        done = CliRunner().invoke(main, ["release"])
    assert done.exit_code == 0, done.output
    commit(edit, "Start")


@pytest.fixture
def place(once: Any, tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(once("reviewed", fill), tmp_path, dirs_exist_ok=True)
    with serve(tmp_path / "live") as server:
        yield Place(tmp_path, server)


def change(place: Place, name: str = "lending") -> None:
    """Push a pull request with a change and its note."""
    text = place.edit / "docs" / "agreement.md"
    text.write_text(text.read_text("utf-8").replace("resell the Services", "resell or lend the Services"), "utf-8")
    note(place.edit, name, "Customer will not lend the Services.")
    commit(place.edit, "Forbid lending", "refs/pull/5/merge")


@pytest.mark.full
@pytest.mark.slow
def test_a_pull_request_has_one_comment_that_is_updated(place: Place) -> None:
    change(place)
    jobs = place.review()
    assert {name: job.result for name, job in jobs.items()} == {"review": "success", "comment": "success"}, jobs
    (comment,) = place.server.comments
    assert comment["body"].startswith(f"{MARKER}\n")
    assert "Customer will not lend the Services." in comment["body"]
    assert "Customer will not lend the Services." in jobs["review"].summary
    assert (place.folder / "artifacts" / "draft-site" / "agreement" / "index.html").is_file()
    assert {token for _, _, token in place.server.requests} == {"Bearer secret"}

    # The next push removes the note: the review fails, and says in the same comment what is missing.
    (place.edit / "docs" / "changes" / "lending.md").unlink()
    commit(place.edit, "Remove the note", "refs/pull/5/merge")
    jobs = place.review()
    assert {name: job.result for name, job in jobs.items()} == {"review": "failure", "comment": "success"}
    assert "no change note names agreement" in jobs["review"].log
    (comment,) = place.server.comments
    assert "approved_by" in comment["body"]
    assert "Customer will not lend the Services." not in comment["body"]


def test_a_fork_has_the_summary_only_and_no_token(place: Place) -> None:
    reviewed = {"review": Job("success")}
    assert place.review(("comment",), reviewed, fork=True)["comment"].result == "skipped"
    assert place.review(("comment",), reviewed)["comment"].result == "success"


def delete(record: Path) -> None:
    next(record.glob("agreement/1-*.md")).unlink()


def edit(record: Path) -> None:
    ledger = record / "ledger.jsonl"
    ledger.write_text(
        ledger.read_text("utf-8").replace("General Counsel", "Nobody").replace("agreement", "other"), "utf-8"
    )


def cut(record: Path) -> None:
    ledger = record / "ledger.jsonl"
    ledger.write_text(ledger.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")


def add(record: Path) -> None:
    (record / "agreement" / "2-0123456789ab.md").write_text("# Another\n", "utf-8")


@pytest.mark.parametrize("tamper", [delete, edit, cut, add])
def test_a_pull_request_that_touches_the_record_fails_and_says_so(
    place: Place, tamper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(place.edit / "record")
    monkeypatch.chdir(place.edit)
    # What was cut off at the end is known only by comparison.
    for words in (["review", "--base", "HEAD"], *([["verify"], ["release"]] if tamper is not cut else [])):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 1, words
        assert "record/" in done.output
    assert git(place.edit, "status", "--porcelain", "--untracked-files=no", "docs") == ""


def test_a_base_that_was_not_fetched(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    git(place.folder, "clone", "--quiet", "--depth=1", f"file://{place.folder}/origin.git", "shallow")
    monkeypatch.chdir(place.folder / "shallow")
    done = CliRunner().invoke(
        main, ["review", "--format", "github-comment", "--base", "origin/next", "--output", "out.md"]
    )  # fmt: skip
    assert done.exit_code == 2
    assert "origin/next" in Path("out.md").read_text("utf-8") + done.stderr
