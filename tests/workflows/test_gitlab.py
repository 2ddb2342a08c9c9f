"""The pipeline that `engross init --ci gitlab` writes, run on this machine."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.workflows.host import PYTHON, Server, read_yaml, serve
from tests.workflows.publishing import git
from tests.workflows.test_github import commit, start_with_note

from engross.cli import main

pytestmark = pytest.mark.long

JOBS = ["review", "comment", "build", "push", "pages", "waiting"]


def flat(script: list[Any]) -> Iterator[str]:
    for one in script:
        yield from flat(one) if isinstance(one, list) else [one]


@dataclass
class GitLab:
    """Runs jobs of a pipeline, each in a new clone with the artifacts of the jobs before."""

    place: Path
    server: Server
    artifacts: dict[str, Path] = field(default_factory=dict)
    dotenv: dict[str, str] = field(default_factory=dict)

    def run(self, name: str, ref: str = "refs/heads/main", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a job. Its artifacts are kept; those that it unpacks come from the jobs that it needs."""
        job = read_yaml(self.place / "edit" / ".gitlab-ci.yml")[name]
        folder = self.place / f"job-{len(list(self.place.glob('job-*')))}-{name}" / "work"
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet")
        git(folder, "remote", "add", "origin", f"file://{self.place}/origin.git")
        git(folder, "fetch", "--quiet", "--depth=1", "origin", ref)
        git(folder, "checkout", "--quiet", "FETCH_HEAD")
        for needed in job.get("needs", []):
            for path, kept in self.artifacts.items():
                if path.startswith(f"{needed['job']}:") and kept.exists():
                    target = folder / path.partition(":")[2]
                    target.parent.mkdir(parents=True, exist_ok=True)
                    (shutil.copytree if kept.is_dir() else shutil.copy)(kept, target)
        done = self._script(job, folder, variables)
        reports = job.get("artifacts", {}).get("reports", {})
        if "dotenv" in reports and (folder / reports["dotenv"]).exists():
            lines = (folder / reports["dotenv"]).read_text().splitlines()
            self.dotenv = dict(line.split("=", 1) for line in lines)
        for path in job.get("artifacts", {}).get("paths", []):
            self.artifacts[f"{name}:{path.rstrip('/')}"] = folder / path
        return done

    def _script(self, job: dict[str, Any], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
        programs = folder.parent / "bin"
        programs.mkdir()
        (programs / "python").write_text(PYTHON.format(python=sys.executable))
        (programs / "python").chmod(0o755)
        given = {
            "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "CI_DEFAULT_BRANCH": "main",
            "CI_API_V4_URL": f"{self.server.address}api",
            "CI_PROJECT_ID": "3",
            "CI_MERGE_REQUEST_IID": "5",
            "CI_JOB_URL": "https://gitlab.example/legal/terms/-/jobs/9",
            "CI_SERVER_HOST": "gitlab.example",
            "CI_SERVER_PORT": "443",
            "CI_PROJECT_PATH": "legal/terms",
            "RECORD_TOKEN": "secret-of-push",
            "SITE_URL": self.server.address,
            "NO_MKDOCS_2_WARNING": "1",
            # The address of the pipeline's host leads to the repository on this machine.
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{self.place}/origin.git.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://engross:secret-of-push@gitlab.example:443/legal/terms.git",
            **self.dotenv,
            **variables,
        }
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join(flat(job["script"]))],
            cwd=folder, env=os.environ | given, capture_output=True, text=True, check=False,
        )  # fmt: skip


def fill_start(folder: Path) -> None:
    start_with_note(folder, "--ci", "gitlab")


def fill_posted(folder: Path) -> None:
    fill_start(folder)
    edit = folder / "edit"
    with chdir(edit):
        done = CliRunner().invoke(main, ["release"])
    assert done.exit_code == 0, done.output
    commit(edit, "Post the first version")


@pytest.fixture
def host(once: Callable[[str, Callable[[Path], object]], Path], tmp_path: Path) -> Iterator[GitLab]:
    """A site that was never published."""
    folder = Path(shutil.copytree(once("gitlab", fill_start), tmp_path / "gitlab"))
    with serve(folder / "live") as server:
        yield GitLab(folder, server)


@pytest.fixture
def posted(once: Callable[[str, Callable[[Path], object]], Path], tmp_path: Path) -> Iterator[GitLab]:
    """A site with a first version in its record."""
    folder = Path(shutil.copytree(once("gitlab-posted", fill_posted), tmp_path / "gitlab"))
    with serve(folder / "live") as server:
        yield GitLab(folder, server)


@pytest.mark.slow
def test_a_site_is_published_and_what_moved_is_not_deployed(host: GitLab) -> None:
    # The branch has a link where the job would write its result.
    (host.place / "edit" / "push.env").symlink_to("../elsewhere.env")
    commit(host.place / "edit", "Add a link")
    done = host.run("build", FIRST_TIME="true")
    assert done.returncode == 0, done.stderr
    done = host.run("push")
    assert done.returncode == 0, done.stderr
    assert not list(host.place.rglob("elsewhere.env"))
    assert set(host.dotenv) == {"moved", "head"}
    assert len(git(host.place / "origin.git", "show", "main:record/ledger.jsonl").splitlines()) == 2
    assert host.run("pages").returncode == 0
    assert "The first version." in (host.artifacts["pages:public"] / "changes" / "index.html").read_text("utf-8")

    # The branch has the record now, so what was built before cannot be pushed again.
    done = host.run("push")
    assert done.returncode == 75
    assert host.dotenv == {"moved": "true"}
    assert host.run("pages").returncode == 75
    host.dotenv = {}
    assert host.run("pages").returncode == 75


def test_a_scheduled_pipeline_ends_at_once_if_nothing_is_due(posted: GitLab) -> None:
    ledger = git(posted.place / "origin.git", "show", "main:record/ledger.jsonl").splitlines()
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    posted.server.site.mkdir(exist_ok=True)
    live = {"as_of": now, "ledger": {"head": json.loads(ledger[-1])["hash"]}}
    (posted.server.site / "manifest.json").write_text(json.dumps(live))
    done = posted.run("build", CI_PIPELINE_SOURCE="schedule")
    assert (done.returncode, done.stdout) == (75, "The site is not due.\n")
    # The jobs after it run, since this is no failure, and do nothing.
    assert posted.run("push").returncode == 75
    assert posted.run("pages").returncode == 75
    assert posted.run("waiting").returncode == 0


@pytest.mark.slow
def test_a_merge_request_is_reviewed_by_the_program_of_the_base(posted: GitLab) -> None:
    edit = posted.place / "edit"
    git(edit, "checkout", "--quiet", "-b", "change")
    (edit / ".engross" / "post_comment.py").write_text("raise SystemExit('code of the change')\n")
    text = edit / "docs" / "agreement.md"
    text.write_text(text.read_text("utf-8").replace("resell the Services", "resell or lend the Services"), "utf-8")
    commit(edit, "Change the text and the program", "change")
    git(edit, "checkout", "--quiet", "main")
    given = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "ENGROSS_COMMENT_TOKEN": ""}
    done = posted.run("review", "refs/heads/change", **given)
    # Everything was reported before the job failed, since the note is missing.
    assert done.returncode == 1
    assert "no change note names agreement" in done.stdout
    issues = json.loads((posted.artifacts["review:build/review"] / "codequality.json").read_text("utf-8"))
    assert "unposted-change" in {issue["check_name"] for issue in issues}
    # Without a token, the review is an artifact.
    done = posted.run("comment", "refs/heads/change", **given)
    assert (done.returncode, "no token" in done.stdout) == (0, True), done.stderr
    done = posted.run("comment", "refs/heads/change", **{**given, "ENGROSS_COMMENT_TOKEN": "secret"})
    assert done.returncode == 0, done.stderr
    (comment,) = posted.server.comments
    assert "no change note names agreement" in comment["body"]
    assert "(https://gitlab.example/legal/terms/-/jobs/9/artifacts/browse)" in comment["body"]


def test_the_pipeline_has_what_gitlab_needs(host: GitLab) -> None:
    pipeline = read_yaml(host.place / "edit" / ".gitlab-ci.yml")
    assert [name for name, job in pipeline.items() if isinstance(job, dict) and "script" in job] == JOBS
    for name in JOBS:
        job = pipeline[name]
        assert set(job) <= {
            "stage", "needs", "rules", "script", "artifacts", "environment", "resource_group", "allow_failure",
            "variables",
        }  # fmt: skip
        assert job["stage"] in pipeline["stages"]
        assert job["artifacts"]["expire_in"] if name != "comment" else "artifacts" not in job
    for name in ("build", "push", "pages"):
        assert pipeline[name]["rules"] == [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]
        assert pipeline[name]["resource_group"] == "publish"
    # Tokens are given to one job each, by the scope of its environment.
    assert {name: job["environment"]["name"] for name in JOBS if "environment" in (job := pipeline[name])} == {
        "comment": "review", "push": "record",
    }  # fmt: skip
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in pipeline["comment"]["rules"][0]["if"]
