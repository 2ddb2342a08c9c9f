"""What runs on the repository's host: pinned, with least permissions, and of nothing but targets that run here."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

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
    allowed = {"post": {"contents": "write"}, "deploy": {"pages": "write", "id-token": "write"}}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions", {}) == allowed.get(name, {})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_only_targets_that_there_are_run(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    said = "\n".join(step.get("run", "") for step in steps(path)) + (ROOT / ".github/publish.sh").read_text("utf-8")
    made = set(re.findall(r"\bmake (?:--silent )?([a-z]+)", said))
    assert made
    assert made <= targets


def test_publishing_does_not_follow_its_own_push_and_is_never_cut_off() -> None:
    publish = read(FOLDER / "publish.yml")
    assert publish["on"]["push"] == {"branches": ["main"], "paths-ignore": ["record/**"]}
    assert publish["on"]["schedule"]
    assert publish["concurrency"] == {"group": "publish", "cancel-in-progress": False}
