"""The workflows of the repository's host: pinned, with minimal permissions, running only local targets."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.workflows.publishing import git

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))


def read(path: Path) -> dict[str, Any]:
    # YAML 1.2, in which "on" is no truth value.
    workflow: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return workflow


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["publish.yml", "review.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_digest(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [use for use in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", use)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_permissions_are_the_least(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    allowed = {
        "build": {"contents": "read"},
        "push": {"contents": "write"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    for name, job in workflow["jobs"].items():
        assert job.get("permissions", {}) == allowed.get(name, {})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_only_targets_that_there_are_run(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    said = "\n".join(step.get("run", "") for step in steps(path)) + (ROOT / ".github/publish.sh").read_text("utf-8")
    made = set(re.findall(r"^[^#\n]*?\bmake (?:--silent )?([a-z]+)", said, re.MULTILINE))
    assert made
    assert made <= targets


def test_publishing_is_never_cut_off_and_runs_for_each_change_of_the_branch() -> None:
    publish = read(FOLDER / "publish.yml")
    # A merge that moves the branch during a run must start one of its own, whatever it changes.
    assert publish["on"]["push"] == {"branches": ["main"]}
    assert publish["on"]["schedule"]
    assert publish["concurrency"] == {"group": "publish", "cancel-in-progress": False}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_value_is_written_into_a_script(path: Path) -> None:
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []
    # make hands ARGS to a shell: nothing but fixed words.
    arguments = re.findall(r"ARGS=(.*)", "\n".join(step.get("run", "") for step in steps(path)))
    assert [text for text in arguments if "$" in text.split(">>")[0]] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_one_job_has_the_key_and_runs_git_bash_and_python_alone(path: Path) -> None:
    for name, job in read(path)["jobs"].items():
        checkouts = [step.get("with", {}) for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
        if (path.name, name) != ("publish.yml", "push"):
            assert "secrets." not in str(job)
            assert all(options.get("persist-credentials") is False for options in checkouts)
            continue
        used = [step["uses"].split("@")[0] for step in job["steps"] if "uses" in step]
        assert used == ["actions/checkout", "actions/download-artifact"]
        run = [step["run"] for step in job["steps"] if "run" in step]
        assert run == ['.github/push.sh "$RUNNER_TEMP/record/record.tar" || [ $? -eq 75 ]']
    script = (ROOT / ".github/push.sh").read_text("utf-8")
    code = "\n".join(line for line in script.splitlines() if not line.startswith("#"))
    assert re.findall(r"\b(?:make|pip|engross|tar|curl)\b", code) == []
    assert set(re.findall(r"python3 .*", code)) == {
        'python3 -I "$here/apply_record.py" commit "$packed")',
        'python3 -I "$here/apply_record.py" apply "$packed")',
    }


def test_what_moved_is_not_deployed() -> None:
    jobs = read(FOLDER / "publish.yml")["jobs"]
    assert (jobs["push"]["needs"], jobs["deploy"]["needs"]) == ("build", "push")
    assert jobs["deploy"]["if"] == "needs.push.outputs.moved == 'false'"


def test_publishing_reads_no_cache() -> None:
    for step in steps(FOLDER / "publish.yml"):
        assert "actions/cache" not in step.get("uses", "")
        assert "cache" not in step.get("with", {})


def test_the_first_time_is_said_by_hand() -> None:
    publish = read(FOLDER / "publish.yml")
    first = publish["on"]["workflow_dispatch"]["inputs"]["first_time"]
    assert (first["type"], first["default"]) == ("boolean", False)
    assert publish["jobs"]["build"]["steps"][2]["env"] == {
        "SITE_URL": "${{ vars.SITE_URL }}",
        "FIRST_TIME": "${{ inputs.first_time }}",
    }


def test_a_review_compares_with_the_base_branch(place: Path) -> None:
    reviewing = read(FOLDER / "review.yml")["jobs"]["review"]["steps"]
    fetch = next(step for step in reviewing if step.get("name") == "Fetch the base branch")
    assert fetch["env"] == {"BASE": "${{ github.base_ref }}"}
    branch = "next$(touch${IFS}made);x"
    git(place / "edit", "push", "--quiet", "origin", f"main:refs/heads/{branch}")
    git(place, "clone", "--quiet", "--depth=1", f"file://{place}/origin.git", "review")
    subprocess.run(
        ["bash", "-e", "-c", fetch["run"]], cwd=place / "review", env=os.environ | {"BASE": branch}, check=True
    )
    assert git(place / "review", "rev-parse", "origin/base-of-review") == git(place / "edit", "rev-parse", "main")
    assert not (place / "review" / "made").exists()
    redline = next(step["run"] for step in reviewing if step.get("name") == "Redline and notes")
    assert 'review ARGS="--base origin/base-of-review"' in redline
