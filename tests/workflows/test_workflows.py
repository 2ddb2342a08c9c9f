"""The workflows here and on sites: pinned, with minimal permissions, and without a value in any script."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.workflows.host import read_yaml
from tests.workflows.publishing import git

from engross.cli.init import Actions, ci_files

ROOT = Path(__file__).parents[2]
ACTIONS = Actions("example/engross", "v1")
MADE = {
    "init": ci_files("Terms", "github", None, "main"),
    "init-actions": ci_files("Terms", "github", ACTIONS, "main"),
}


def parse(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


WORKFLOWS: dict[str, dict[str, Any]] = {
    **{f"own/{path.name}": read_yaml(path) for path in sorted((ROOT / ".github/workflows").glob("*.yml"))},
    **{
        f"{name}/{path.rpartition('/')[2]}": parse(text)
        for name, files in MADE.items()
        for path, text in files.items()
        if path.startswith(".github/workflows/")
    },
}
COMPOSITE: dict[str, dict[str, Any]] = {
    path.parent.name: read_yaml(path) for path in sorted((ROOT / "actions").glob("*/action.yml"))
}
GITLAB: dict[str, Any] = parse(ci_files("Terms", "gitlab", None, "main")[".gitlab-ci.yml"])
PUBLISHING = [name for name in WORKFLOWS if name.endswith("publish.yml")]
REVIEWING = [name for name in WORKFLOWS if name.endswith("review.yml")]


def steps_of(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def all_steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each step of each workflow and action, with where it is."""
    for name, workflow in WORKFLOWS.items():
        yield from ((name, step) for step in steps_of(workflow))
    for name, action in COMPOSITE.items():
        yield from ((f"actions/{name}", step) for step in action["runs"]["steps"])


def test_there_are_workflows() -> None:
    assert list(WORKFLOWS) == [
        "own/due.yml", "own/publish.yml", "own/review.yml", "init/due.yml", "init/publish.yml", "init/review.yml",
        "init-actions/due.yml", "init-actions/publish.yml", "init-actions/review.yml",
    ]  # fmt: skip
    assert list(COMPOSITE) == ["publish", "review"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_what_github_needs(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert set(workflow) == {"name", "on", "permissions", "concurrency", "jobs"}
    for job in workflow["jobs"].values():
        assert set(job) <= {
            "needs", "if", "runs-on", "timeout-minutes", "permissions", "outputs", "environment", "steps",
        }  # fmt: skip
        assert job["runs-on"] == "ubuntu-24.04"
        assert job["timeout-minutes"] <= 30
        needs = job.get("needs", [])
        assert set(needs if isinstance(needs, list) else [needs]) <= set(workflow["jobs"])
    known = {"name", "id", "if", "uses", "with", "run", "env", "continue-on-error"}
    for step in steps_of(workflow):
        assert set(step) <= known
        assert ("uses" in step) is not ("run" in step)


@pytest.mark.parametrize("name", COMPOSITE)
def test_an_action_has_what_github_needs(name: str) -> None:
    action = COMPOSITE[name]
    assert (
        {"name", "description", "inputs", "runs"} <= set(action) <= {"name", "description", "inputs", "outputs", "runs"}
    )
    assert action["runs"]["using"] == "composite"
    assert all(one["description"] for one in (*action["inputs"].values(), *action.get("outputs", {}).values()))
    for step in action["runs"]["steps"]:
        assert ("uses" in step) is not ("run" in step)
        assert ("run" in step) is (step.get("shell") == "bash")
        # Each step belongs to one step of the action.
        assert re.search(r"inputs\.step == '[a-z]+'", step["if"])


def test_no_value_is_written_into_a_script() -> None:
    scripts = [(name, step["run"]) for name, step in all_steps() if "run" in step]
    assert len(scripts) > 20
    assert [one for one in scripts if "${{" in one[1]] == []


def test_each_variable_in_a_script_is_quoted() -> None:
    scripts = [(name, line) for name, step in all_steps() for line in step.get("run", "").splitlines()]
    scripts += [
        (name, line) for name, job in GITLAB.items() if isinstance(job, dict) for line in _lines(job.get("script", []))
    ]
    variable = re.compile(r"\$(?![?(])")
    for name, line in scripts:
        # Outside double quotes, in an assignment nothing is split.
        outside = re.sub(r'"[^"]*"|\'[^\']*\'|^\s*[a-z]+=\S+$', "", line)
        assert not variable.search(outside), (name, line)
    # Where a variable is an argument that somebody outside can name, it cannot become an option.
    assert all("eval" not in line and "sh -c" not in line for _, line in scripts)


def _lines(script: list[Any]) -> Iterator[str]:
    for one in script:
        yield from _lines(one) if isinstance(one, list) else one.splitlines()


def test_nothing_runs_the_code_of_a_fork_with_secrets() -> None:
    for workflow in WORKFLOWS.values():
        assert set(workflow["on"]) <= {"pull_request", "push", "schedule", "workflow_dispatch"}


def test_actions_are_pinned_by_digest() -> None:
    used = [(name, step["uses"]) for name, step in all_steps() if "uses" in step]
    ours = {f"./actions/{name}" for name in COMPOSITE} | {ACTIONS.at(name) for name in COMPOSITE}
    assert len(used) > 30
    assert [
        one for one in used if one[1] not in ours and not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one[1])
    ] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_permissions_are_the_least(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {}
    allowed = {
        "comment": {"contents": "read", "pull-requests": "write"},
        "push": {"contents": "write"},
        # May start a workflow, and runs one program of the standard library.
        "due": {"contents": "read", "actions": "write"},
        "deploy": {"contents": "read", "pages": "write", "id-token": "write"},
    }
    for job_name, job in workflow["jobs"].items():
        assert job["permissions"] == allowed.get(job_name, {"contents": "read"})


@pytest.mark.parametrize("name", WORKFLOWS)
def test_only_the_job_that_pushes_keeps_credentials(name: str) -> None:
    for job_name, job in WORKFLOWS[name]["jobs"].items():
        checkouts = [step.get("with", {}) for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
        if job_name == "push":
            assert [set(options) for options in checkouts] == [{"ref", "ssh-key"}]
        else:
            assert "secrets." not in str(job)
            assert all(options["persist-credentials"] is False for options in checkouts)


PROGRAM = re.compile(r"python3 -I \"?(\$GITHUB_ACTION_PATH/\.\./\.\./plugins/engross/hosting|\.engross|\$program)\b")


def privileged_scripts() -> Iterator[tuple[str, str]]:
    for name, workflow in WORKFLOWS.items():
        for job_name in ("push", "comment", "deploy", "due"):
            for step in workflow["jobs"].get(job_name, {}).get("steps", []):
                if "run" in step:
                    yield name, step["run"]
    for name, action in COMPOSITE.items():
        for step in action["runs"]["steps"]:
            if "run" in step and not re.search("== '(review|build)'", step["if"]):
                yield name, step["run"]


def test_jobs_with_a_token_run_only_programs_of_the_standard_library() -> None:
    scripts = list(privileged_scripts())
    assert len(scripts) == 8
    for _, script in scripts:
        assert PROGRAM.search(script)
        assert not re.search(r"\b(?:pip|engross (?:check|review|publish)|mkdocs|make)\b", script)


@pytest.mark.parametrize("name", REVIEWING)
def test_the_job_that_comments_runs_the_code_of_the_base(name: str) -> None:
    job = WORKFLOWS[name]["jobs"]["comment"]
    assert job["if"] == "always() && github.event.pull_request.head.repo.full_name == github.repository"
    refs = [step["with"]["ref"] for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
    assert refs == ([] if name.startswith("init-actions") else ["${{ github.event.pull_request.base.sha }}"])


@pytest.mark.parametrize("name", PUBLISHING)
def test_publishing_is_never_cut_off_and_runs_for_each_change_and_each_day(name: str) -> None:
    publish = WORKFLOWS[name]
    # A merge that moves the branch during a run must start one of its own, whatever it changes.
    assert publish["on"]["push"] == {"branches": ["main"]}
    assert re.fullmatch(r"\d+ \d+ \* \* \*", publish["on"]["schedule"][0]["cron"])
    assert publish["concurrency"] == {"group": "publish", "cancel-in-progress": False}
    first = publish["on"]["workflow_dispatch"]["inputs"]["first_time"]
    assert (first["type"], first["default"]) == ("boolean", False)


@pytest.mark.parametrize("name", PUBLISHING)
def test_what_moved_is_not_deployed(name: str) -> None:
    jobs = WORKFLOWS[name]["jobs"]
    assert (jobs["push"]["needs"], jobs["deploy"]["needs"]) == ("build", "push")
    assert jobs["deploy"]["if"] == "needs.push.outputs.moved == 'false'"


def test_no_cache_is_read_or_written() -> None:
    for _, step in all_steps():
        assert "actions/cache" not in step.get("uses", "")
        assert "cache" not in step.get("with", {})
    assert GITLAB["default"]["cache"] == []


@pytest.mark.parametrize(("action", "jobs"), [("review", ("review",)), ("publish", ("build",))])
def test_a_site_without_the_actions_runs_the_same_commands(action: str, jobs: tuple[str, ...]) -> None:
    def normal(step: dict[str, Any]) -> tuple[str, str]:
        run = re.sub(r"[\"]?\$?REQUIREMENTS[\"]?|requirements\.txt", "FILE", step["run"]).replace('"FILE"', "FILE")
        run = "\n".join(line.strip() for line in run.splitlines() if not re.match(r"\s*(if \[ -n FILE|fi$)", line))
        return step.get("name", ""), run

    inline = [step for job in jobs for step in WORKFLOWS[f"init/{action}.yml"]["jobs"][job]["steps"] if "run" in step]
    ours = [step for step in COMPOSITE[action]["runs"]["steps"] if "run" in step and f"'{jobs[0]}'" in step["if"]]
    assert list(map(normal, inline)) == list(map(normal, ours))


def test_another_branch_is_published() -> None:
    files = ci_files("Terms", "github", None, "release/next")
    publish = parse(files[".github/workflows/publish.yml"])
    assert publish["on"]["push"] == {"branches": ["release/next"]}
    refs = [step["with"]["ref"] for step in steps_of(publish) if "actions/checkout@" in step.get("uses", "")]
    assert refs == ["release/next"] * 3
    assert [step["env"]["BRANCH"] for step in steps_of(publish) if "BRANCH" in step.get("env", {})] == ["release/next"]


def test_a_name_of_a_branch_is_never_run(place: Path) -> None:
    fetch = next(
        step for step in COMPOSITE["review"]["runs"]["steps"] if step.get("name") == "Fetch the base branch"
    )  # fmt: skip
    assert fetch["env"] == {"BASE": "${{ github.base_ref }}"}
    branch = "next$(touch${IFS}made);x"
    git(place / "edit", "push", "--quiet", "origin", f"main:refs/heads/{branch}")
    git(place, "clone", "--quiet", "--depth=1", f"file://{place}/origin.git", "review")
    scripts = [fetch["run"], *(line for line in _lines(GITLAB["review"]["script"]) if "git fetch" in line)]
    assert len(scripts) == 2
    for script in scripts:
        variables = {"BASE": branch, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": branch}
        subprocess.run(["bash", "-e", "-c", script], cwd=place / "review", env=os.environ | variables, check=True)
        assert git(place / "review", "rev-parse", "origin/base-of-review") == git(place / "edit", "rev-parse", "main")
        git(place / "review", "update-ref", "-d", "refs/remotes/origin/base-of-review")
    assert not (place / "review" / "made").exists()
