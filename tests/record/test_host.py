"""The repository and the branch of a site on its host: by the variables of a CI job, by git, by mkdocs.yml."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.corpus import Folders
from engross.record import Host, HostKind, current_host, new_file_page
from engross.record.external import run

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "firm/terms",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_NAME": "main",
    "GITHUB_REF_TYPE": "branch",
}
OF_PULL_REQUEST = {
    "GITHUB_REF": "refs/pull/13/merge",
    "GITHUB_REF_NAME": "13/merge",
    "GITHUB_HEAD_REF": "support/times",
    "GITHUB_BASE_REF": "main",
    "GITHUB_EVENT_NAME": "pull_request",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_SERVER_URL": "https://git.firm.example",
    "CI_PROJECT_PATH": "legal/terms",
    "CI_PROJECT_URL": "https://git.firm.example/legal/terms",
    "CI_COMMIT_REF_NAME": "main",
    "CI_COMMIT_BRANCH": "main",
}
MERGE_REQUEST = {
    "CI_MERGE_REQUEST_IID": "7",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "support/times",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_MERGE_REQUEST_PROJECT_URL": "https://git.firm.example/legal/terms",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://git.firm.example/editor/terms",
}
TERMS = "https://github.com/firm/terms"


def asked(answers: Mapping[str, str]) -> Callable[[Sequence[str], Path], bytes]:
    """A git with prepared answers, by the second word of a command; it fails to answer anything else."""

    def answer(command: Sequence[str], folder: Path) -> bytes:
        assert command[0] == "git"
        if command[1] == "rev-parse" and command[2] in answers:
            return answers[command[2]].encode() + b"\n"
        if command[1] in answers:
            return answers[command[1]].encode() + b"\n"
        raise EngrossError([])

    return answer


NO_GIT = asked({})


def folders_in(root: Path, repository: str = "", edit: str = "") -> Folders:
    return Folders(root, root / "docs", notes=root / "docs/changes", repository=repository, edit=edit)


def head(full_name: object) -> dict[str, object]:
    return {"pull_request": {"number": 13, "head": {"repo": full_name and {"full_name": full_name}}}}


@pytest.mark.parametrize(
    ("environ", "event", "host"),
    [
        ({}, {}, Host(HostKind.GITHUB, TERMS, "main", "docs", TERMS)),
        (
            OF_PULL_REQUEST,
            head("firm/terms"),
            Host(HostKind.GITHUB, TERMS, "support/times", "docs", TERMS, "main", 13),
        ),
        (
            OF_PULL_REQUEST,
            head("editor/terms-1"),
            Host(HostKind.GITHUB, "https://github.com/editor/terms-1", "support/times", "docs", TERMS, "main", 13),
        ),
        # The fork was deleted, or the event cannot be read: the branch may be one of another repository.
        (OF_PULL_REQUEST, head(None), Host(HostKind.GITHUB, "", "support/times", "docs", TERMS, "main", 13)),
        (OF_PULL_REQUEST, [1], Host(HostKind.GITHUB, "", "support/times", "docs", TERMS, "main", 13)),
        (OF_PULL_REQUEST, "{", Host(HostKind.GITHUB, "", "support/times", "docs", TERMS, "main", 13)),
        (
            OF_PULL_REQUEST | {"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "pull_request_target"},
            head("editor/terms"),
            Host(HostKind.GITHUB, "https://github.com/editor/terms", "support/times", "docs", TERMS, "main", 13),
        ),
        (
            {"GITHUB_EVENT_NAME": "workflow_run"},
            {"workflow_run": {"head_branch": "x", "head_repository": {"full_name": "editor/terms"}}},
            Host(HostKind.GITHUB, "https://github.com/editor/terms", "x", "docs", TERMS),
        ),
        # Neither the branch of a merge queue nor a tag can get a file.
        (
            {"GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-1-a", "GITHUB_REF_NAME": "gh-readonly-queue/main/p"},
            {},
            Host(HostKind.GITHUB, TERMS, "", "docs", TERMS),
        ),
        ({"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1"}, {}, Host(HostKind.GITHUB, TERMS, "", "docs", TERMS)),
        (
            {"GITHUB_SERVER_URL": "https://code.firm.example"},
            {},
            Host(
                HostKind.GITHUB,
                "https://code.firm.example/firm/terms",
                "main",
                "docs",
                "https://code.firm.example/firm/terms",
            ),
        ),
    ],
)
def test_a_job_on_github(tmp_path: Path, environ: dict[str, str], event: object, host: Host) -> None:
    path = tmp_path / "event.json"
    path.write_text(event if isinstance(event, str) else json.dumps(event), encoding="utf-8")
    named = GITHUB | {"GITHUB_EVENT_PATH": str(path), "GITHUB_WORKSPACE": str(tmp_path)} | environ
    assert current_host(folders_in(tmp_path), named, NO_GIT) == host
    # The variables come before git and mkdocs.yml.
    git = asked({"--show-prefix": "docs/", "symbolic-ref": "refs/heads/other", "remote": "origin"})
    assert current_host(folders_in(tmp_path, "https://gitlab.com/o/r", "edit/main/docs"), named, git) == host


ON_GITLAB = "https://git.firm.example/legal/terms"


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({}, Host(HostKind.GITLAB, ON_GITLAB, "main", "docs", ON_GITLAB)),
        ({"CI_PROJECT_URL": "", "CI_COMMIT_BRANCH": ""}, Host(HostKind.GITLAB, ON_GITLAB, "main", "docs", ON_GITLAB)),
        (
            MERGE_REQUEST,
            Host(
                HostKind.GITLAB, "https://git.firm.example/editor/terms", "support/times", "docs", ON_GITLAB, "main", 7
            ),
        ),
        (
            MERGE_REQUEST | {"CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "", "CI_MERGE_REQUEST_IID": "x"},
            Host(HostKind.GITLAB, "", "support/times", "docs", ON_GITLAB, "main", 0),
        ),
        (
            {"CI_COMMIT_TAG": "v1", "CI_COMMIT_BRANCH": "", "CI_COMMIT_REF_NAME": "v1"},
            Host(HostKind.GITLAB, ON_GITLAB, "", "docs", ON_GITLAB),
        ),
    ],
)
def test_a_job_on_gitlab(tmp_path: Path, environ: dict[str, str], host: Host) -> None:
    assert current_host(folders_in(tmp_path), GITLAB | {"CI_PROJECT_DIR": str(tmp_path)} | environ, NO_GIT) == host


def test_a_job_for_another_folder_or_on_another_host_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for environ in (
        GITHUB | {"GITHUB_WORKSPACE": str(tmp_path / "elsewhere")},
        GITHUB | {"GITEA_ACTIONS": "true"},
        {name: value for name, value in GITHUB.items() if name != "GITHUB_ACTIONS"},
    ):
        assert current_host(folders_in(tmp_path), environ, NO_GIT) is None


def test_the_docs_are_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    site = folders_in(tmp_path / "sites/legal")
    in_job = current_host(site, GITHUB | {"GITHUB_WORKSPACE": str(tmp_path)}, NO_GIT)
    by_git = current_host(site, GITHUB, asked({"--show-prefix": "sites/legal/docs/"}))
    assert (in_job and in_job.docs, by_git and by_git.docs) == ("sites/legal/docs", "sites/legal/docs")


@pytest.mark.parametrize(
    ("address", "configured", "repository"),
    [
        ("https://github.com/firm/terms.git", "", TERMS),
        ("https://editor:secret@github.com/firm/terms", "", TERMS),
        ("git@github.com:firm/terms.git", "", TERMS),
        ("github.com:firm/terms", "", TERMS),
        ("ssh://git@github.com:22/firm/terms.git/", "", TERMS),
        ("ssh://git@ssh.github.com:443/firm/terms.git", "", TERMS),
        ("git@github-work:firm/terms.git", "https://github.com/firm/main", TERMS),
        ("git@github-work:firm/terms.git", "", None),
        ("git@gitlab.firm.example:a/b/terms.git", "http://gitlab.firm.example:81/a/b/terms", ":81/a/b/terms"),
        ("git@gitlab.firm.example:a/b/fork.git", "", "https://gitlab.firm.example/a/b/fork"),
        # A remote on this machine, or none: mkdocs.yml names the repository.
        ("/srv/git/terms.git", TERMS, TERMS),
        ("../terms.git", TERMS, TERMS),
        ("C:\\git\\terms", TERMS, TERMS),
        ("file:///srv/git/terms.git", TERMS, TERMS),
        ("", TERMS + ".git", TERMS),
        ("https://git.example/firm/terms", TERMS, None),
    ],
)
def test_the_address_of_a_remote(tmp_path: Path, address: str, configured: str, repository: str | None) -> None:
    answers = {"--show-prefix": "docs/", "symbolic-ref": "refs/heads/support/times", "remote": "origin"}
    git = asked(answers)

    def of_remote(command: Sequence[str], folder: Path) -> bytes:
        if command[1:3] == ("remote", "get-url"):
            return address.encode() + b"\n"
        return git(command, folder)

    host = current_host(folders_in(tmp_path, configured), {}, of_remote)
    assert (host and host.repository.removeprefix("http://gitlab.firm.example")) == repository
    assert host is None or (host.branch, host.docs) == ("support/times", "docs")


def git_in(folder: Path, *command: str) -> None:
    run(("git", "-c", "user.name=N", "-c", "user.email=n@example.com", *command), folder)


def test_git_itself(tmp_path: Path) -> None:
    """The branch and the remote to which git pushes it; no branch if none is checked out."""
    site = folders_in(tmp_path / "legal", TERMS, "edit/main/docs/")
    site.docs.mkdir(parents=True)
    git_in(tmp_path, "init", "-q", "-b", "main")
    named = "a/fix#1-50%-$(id)'\"é"
    assert current_host(site, {}) == Host(HostKind.GITHUB, TERMS, "main", "legal/docs")
    git_in(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    git_in(tmp_path, "remote", "add", "origin", "git@github.com:firm/other.git")
    git_in(tmp_path, "remote", "add", "fork", "https://github.com/editor/terms")
    git_in(tmp_path, "checkout", "-q", "-b", named)
    of_origin = Host(HostKind.GITHUB, "https://github.com/firm/other", named, "legal/docs")
    assert current_host(site, {}) == of_origin
    git_in(tmp_path, "tag", named)
    git_in(tmp_path, "config", "remote.pushDefault", "fork")
    assert current_host(site, {}) == replace(of_origin, repository="https://github.com/editor/terms")
    git_in(tmp_path, "checkout", "-q", "--detach")
    detached = current_host(site, {})
    assert detached is not None
    assert (detached.branch, new_file_page(detached, "changes", "a.md", "x")) == ("", "")


@pytest.mark.parametrize(
    ("repository", "edit", "page"),
    [
        ("https://github.com/o/r.git", "blob/next/site/docs/", "https://github.com/o/r/new/next/site/docs/changes"),
        (
            "https://github.com/o/r",
            "https://github.com/o/r/edit/a%2Fb/docs",
            "https://github.com/o/r/new/a/b/docs/changes",
        ),
        ("https://gitlab.com/o/g/r", "-/edit/main/docs/", "https://gitlab.com/o/g/r/-/new/main/docs/changes"),
        # No branch is named.
        ("https://github.example.org/o/r/", "", ""),
        ("https://gitlab.com/o/g/r", "?query=", ""),
        ("https://example.com/o/r", "edit/main/docs/", ""),
        ("git@github.com:o/r", "edit/main/docs/", ""),
        ("http://[::1", "edit/main/docs/", ""),
    ],
)
def test_mkdocs_yml_is_the_last_resort(tmp_path: Path, repository: str, edit: str, page: str) -> None:
    host = current_host(folders_in(tmp_path, repository, edit), {}, NO_GIT)
    assert new_file_page(host, "changes", "a.md", "x").partition("?")[0] == page


@pytest.mark.parametrize("kind", list(HostKind))
def test_a_branch_of_any_name_is_one_part_of_the_address(kind: HostKind) -> None:
    host = Host(kind, TERMS, "a/b #1%2F?x=$(id)`\"'&<é>", "docs")
    page, _, query = new_file_page(host, "changes", 'a&b".md', "x\n").partition("?")
    between = "" if kind is HostKind.GITHUB else "/-"
    branch = "a/b%20%231%252F%3Fx%3D%24%28id%29%60%22%27%26%3C%C3%A9%3E"
    assert page == f"{TERMS}{between}/new/{branch}/docs/changes"
    assert query == ("filename=a%26b%22.md&value=x%0A" if kind is HostKind.GITHUB else "file_name=a%26b%22.md")


def test_a_text_too_long_for_an_address_is_left_to_be_pasted() -> None:
    host = Host(HostKind.GITHUB, TERMS, "main", "docs")
    assert new_file_page(host, "changes", "a.md", "x" * 6000).endswith("x" * 6000)
    assert new_file_page(host, "changes", "a.md", "x" * 8000) == f"{TERMS}/new/main/docs/changes?filename=a.md"
