"""The workflows that `engross init --ci github` writes, run on a host on this machine: publishing."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.workflows.host import GitHub, Job, Server, serve
from tests.workflows.publishing import git

from engross.cli import main
from engross.hosting import due

pytestmark = pytest.mark.long

PUBLISH, DUE = (Path(f".github/workflows/{name}.yml") for name in ("publish", "due"))
NOTE = """\
---
documents: [agreement]
{sets}class: substantive
material: true
effective: immediately
approved_by: General Counsel
title: What changes
---

{summary}
"""


def start_site(place: Path, *options: str) -> Path:
    """Make a repository with a site by `engross init`, in which only the first note is missing."""
    git(place, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    folder = place / "edit"
    done = CliRunner().invoke(main, ["init", str(folder), *options])
    assert done.exit_code == 0, done.output
    (folder / "requirements.txt").write_text("engross==0.1.0 --hash=sha256:0\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "remote", "add", "origin", "../origin.git")
    return folder


def delete_example_line(folder: Path) -> None:
    """Delete the comment that keeps the example of `engross init` from being posted."""
    text = folder / "docs" / "agreement.md"
    text.write_text(text.read_text("utf-8").split("\n", 2)[2], "utf-8")


def start_with_note(place: Path, *options: str) -> Path:
    """Make a repository as `start_site` does, and commit it with the first note."""
    folder = start_site(place, *options)
    delete_example_line(folder)
    note(folder, "first", "The first version.", "sets: [terms]\n")
    commit(folder, "Start")
    return folder


def note(folder: Path, name: str, summary: str, sets: str = "") -> None:
    notes = folder / "docs" / "changes"
    notes.mkdir(exist_ok=True)
    (notes / f"{name}.md").write_text(NOTE.format(summary=summary, sets=sets), encoding="utf-8")


def commit(folder: Path, message: str, branch: str = "main") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    git(folder, "push", "--quiet", "origin", f"HEAD:{branch}")


@dataclass
class Place:
    folder: Path
    server: Server
    artifacts: dict[str, Path] = field(default_factory=dict)

    @property
    def edit(self) -> Path:
        return self.folder / "edit"

    def ledger(self) -> list[str]:
        return git(self.folder / "origin.git", "show", "main:record/ledger.jsonl").splitlines()

    def publish(
        self,
        names: tuple[str, ...] = (),
        done: dict[str, Job] | None = None,
        workflow: Path = PUBLISH,
        **given: Any,
    ) -> dict[str, Job]:
        github = {"repository": "example/terms", "ref": "refs/heads/main"}
        known = {"github": github, "vars": {"SITE_URL": self.server.address}, "inputs": {}, "secrets": {}, **given}
        return GitHub(self.folder, self.server, known, self.artifacts).run(self.edit / workflow, names, done)


def fill_start(folder: Path) -> None:
    start_with_note(folder, "--ci", "github")


def fill_published(folder: Path) -> None:
    fill_start(folder)
    with serve(folder / "live") as server:
        jobs = Place(folder, server).publish(inputs={"first_time": True})
    assert jobs["deploy"].result == "success", jobs
    git(folder / "edit", "pull", "--quiet", "origin", "main")


@pytest.fixture
def place(once: Callable[[str, Callable[[Path], object]], Path], tmp_path: Path) -> Iterator[Place]:
    """A site that was never published."""
    folder = Path(shutil.copytree(once("github", fill_start), tmp_path / "github"))
    with serve(folder / "live") as server:
        yield Place(folder, server)


@pytest.fixture
def published(once: Callable[[str, Callable[[Path], object]], Path], tmp_path: Path) -> Iterator[Place]:
    """A site that was published once."""
    folder = Path(shutil.copytree(once("github-published", fill_published), tmp_path / "github"))
    with serve(folder / "live") as server:
        yield Place(folder, server)


def forbid_lending(place: Place) -> None:
    """Change the agreement, and announce the change in a note."""
    text = place.edit / "docs" / "agreement.md"
    text.write_text(text.read_text("utf-8").replace("resell the Services", "resell or lend the Services"), "utf-8")
    note(place.edit, "lending", "Customer will not lend the Services.")


@pytest.mark.slow
def test_a_site_is_published_and_published_again(place: Place) -> None:
    # Before anything is live, publishing stops: nobody can tell a first time from a ledger that was removed.
    jobs = place.publish()
    assert {name: job.result for name, job in jobs.items()} == {
        "build": "failure", "push": "skipped", "deploy": "skipped", "waiting": "skipped",
    }  # fmt: skip
    assert "record/ledger.jsonl" in jobs["build"].log
    assert not place.server.site.exists()

    jobs = place.publish(inputs={"first_time": True})
    assert {name: job.result for name, job in jobs.items()} == {
        **dict.fromkeys(jobs, "success"), "waiting": "skipped",
    }, jobs  # fmt: skip
    assert len(place.ledger()) == 2
    assert f"Live, with head {jobs['push'].outputs['head']}." in jobs["deploy"].log
    assert "The first version." in (place.server.site / "changes" / "index.html").read_text("utf-8")

    git(place.edit, "pull", "--quiet", "origin", "main")
    forbid_lending(place)
    commit(place.edit, "Forbid lending")

    jobs = place.publish(("build",))
    assert jobs["build"].result == "success", jobs["build"].log
    # Somebody merges while this is built.
    (place.edit / "docs" / "index.md").write_text("# Home\n\n[Agreement](agreement.md)\n", "utf-8")
    commit(place.edit, "Shorten the home page")
    jobs = place.publish(("push", "deploy"), jobs)
    assert (jobs["push"].result, jobs["push"].outputs) == ("success", {"moved": "true", "head": ""})
    assert jobs["deploy"].result == "skipped"
    assert len(place.ledger()) == 2


@pytest.mark.full
@pytest.mark.slow
def test_the_site_is_published_while_two_notes_clash_and_the_run_then_fails(published: Place) -> None:
    edit = published.edit
    forbid_lending(published)
    note(edit, "later", "Customer will not lend the Services later.")
    later = edit / "docs" / "changes" / "later.md"
    later.write_text(later.read_text("utf-8").replace("immediately", "2099-01-01"), "utf-8")
    (edit / "docs" / "index.md").write_text("# Home page\n\n[Agreement](agreement.md)\n", "utf-8")
    commit(edit, "Forbid lending, and forbid it later")
    jobs = published.publish()
    results = {name: job.result for name, job in jobs.items()}
    assert results == {
        "build": "success",
        "push": "success",
        "deploy": "success",
        "waiting": "failure",
    }, jobs
    assert "Home page" in (published.server.site / "index.html").read_text("utf-8")
    assert "conflicting-notes" in jobs["waiting"].log
    assert "waits: agreement" in jobs["waiting"].log
    assert len(published.ledger()) == 2
    git(edit, "rm", "--quiet", "docs/changes/later.md")
    commit(edit, "Take the later note back")
    jobs = published.publish()
    assert jobs["deploy"].result == "success", jobs["deploy"].log
    assert jobs["waiting"].result == "skipped"
    assert len(published.ledger()) == 3


def test_what_is_due_is_published_from_a_schedule(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    started = place.folder / "started"
    programs = place.folder / "programs"
    programs.mkdir()
    (programs / "gh").write_text(f'#!/bin/sh\necho "$GH_REPO" "$GH_TOKEN" "$@" >> {started}\n')
    (programs / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    place.server.site.mkdir(exist_ok=True)
    manifest = place.server.site / "manifest.json"
    token = {"github": {"repository": "example/terms", "ref": "refs/heads/main", "token": "short-lived"}}
    manifest.write_text(json.dumps({"as_of": datetime.now(UTC).strftime(due.FORM), "ledger": {"entries": 0}}))
    jobs = place.publish(workflow=DUE, **token)
    assert (jobs["due"].result, jobs["due"].log) == ("success", "The site is not due.\n")
    assert not started.exists()
    manifest.write_text(json.dumps({"as_of": "2026-01-01T00:00:00Z", "ledger": {"entries": 0}}))
    jobs = place.publish(workflow=DUE, **token)
    assert jobs["due"].log == "The site is due: it was built for 2026-01-01T00:00:00Z.\n"
    assert started.read_text() == "example/terms short-lived workflow run publish.yml --ref main\n"


@pytest.mark.slow
def test_a_merge_that_deletes_the_record_is_not_published(published: Place) -> None:
    live = published.server.site / "record" / "ledger.jsonl"
    before = live.read_bytes()
    git(published.edit, "rm", "-r", "--quiet", "record")
    commit(published.edit, "Delete the record")
    tip = git(published.folder / "origin.git", "rev-parse", "main")
    jobs = published.publish()
    assert (jobs["build"].result, jobs["push"].result, jobs["deploy"].result) == ("failure", "skipped", "skipped")
    assert "entries are missing at the end" in jobs["build"].log
    assert git(published.folder / "origin.git", "rev-parse", "main") == tip
    assert live.read_bytes() == before
