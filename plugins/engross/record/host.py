"""Find the repository and the branch of a site on its host, GitHub or GitLab, and address the host's pages.

A CI job names them in its variables. Elsewhere git knows the branch and the remote; `repo_url` and `edit_uri` of
mkdocs.yml are the last resort. A branch that is not known stays empty: the default branch is never a guess.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import engross.common.lazy_re as re
from engross.common import EngrossError, read_file, value_class
from engross.corpus import Folders
from engross.record.external import Run, run as run_program

_MOST_EVENT = 1 << 24
"""The most bytes of the file in which GitHub describes the event of a job."""
_LONGEST = 7000
"""Characters of an address that every browser and host accepts; a longer text is left out, to be pasted."""


class HostKind(StrEnum):
    """A host whose pages Engross can address."""

    GITHUB = "github"
    GITLAB = "gitlab"


@value_class(frozen=True, slots=True)
class Host:
    """Where the sources of a site are edited. All parts but `kind` are empty, or 0, where they are not known.

    * `repository`: the web address of the repository that has `branch`; for a pull request from a fork, the fork.
    * `docs`: the path of the docs folder in the repository: "docs", "sites/legal/docs".
    * `pull_request`: the number of the pull request or merge request of a CI job, which would merge `branch` into
      `base_branch` of `base_repository`.
    """

    kind: HostKind
    repository: str = ""
    branch: str = ""
    docs: str = ""
    base_repository: str = ""
    base_branch: str = ""
    pull_request: int = 0


def current_host(folders: Folders, environ: Mapping[str, str] = os.environ, run: Run = run_program) -> Host | None:
    """Return the host of a site: as the variables of a CI job name it, else by git, else by mkdocs.yml.

    `environ` are the variables; those of a job for another folder do not count. None for an unknown host.
    """
    docs = _ask(run, folders.docs, "rev-parse", "--show-prefix")
    host, workspace = _of_job(environ)
    if host and _is_inside(folders.docs, workspace):
        docs = docs or _relative(folders.docs, Path(workspace or folders.root))
        return replace(host, docs=_joined(docs))
    if docs or _ask(run, folders.docs, "rev-parse", "--git-dir"):
        return _of_git(folders, docs, run)
    return configured_host(folders)


def configured_host(folders: Folders) -> Host | None:
    """Return the host that mkdocs.yml names. Its branch is empty unless `edit_uri` has one."""
    repository = _web_address(folders.repository)
    kind = _kind_of(repository)
    if kind is None:
        return None
    branch, docs = _edited(folders.edit.removeprefix(folders.repository.rstrip("/")))
    return Host(kind, repository, branch, _joined(_relative(folders.docs, folders.root) if docs is None else docs))


@value_class(frozen=True)
class NotePages:
    """The pages of a site's host on which change notes are created. `find` finds the host, once and when needed."""

    folders: Folders
    find: Callable[[Folders], Host | None] = current_host

    @cached_property
    def host(self) -> Host | None:
        """The host of the site; None if it is not known."""
        return self.find(self.folders)

    def page(self, name: str, text: str) -> str:
        """Return the page that creates a change note, as `new_file_page` does."""
        return new_file_page(self.host, _relative(self.folders.notes, self.folders.docs), name, text)


def new_file_page(host: Host | None, folder: str, name: str, text: str) -> str:
    """Return the page that creates a file of that name in a folder of the docs, with the text if the host supports it.

    Empty without a host, and where its repository or branch is not known.
    """
    if host is None or not host.repository or not host.branch:
        return ""
    between, called = ("", "filename") if host.kind is HostKind.GITHUB else ("/-", "file_name")
    page = f"{host.repository}{between}/new/{quote(host.branch)}/{quote(_joined(f'{host.docs}/{folder}'))}"
    named = f"{page}?{urlencode({called: name}, quote_via=quote)}"
    filled = f"{named}&{urlencode({'value': text}, quote_via=quote)}"
    return filled if host.kind is HostKind.GITHUB and len(filled) <= _LONGEST else named


def _of_job(environ: Mapping[str, str]) -> tuple[Host | None, str]:
    """Return the host of a CI job by its variables, and the folder of the job; None outside one."""
    # Gitea sets the variables of GitHub too, and has other pages.
    if environ.get("GITHUB_ACTIONS") == "true" and not environ.get("GITEA_ACTIONS"):
        return _of_github(environ), environ.get("GITHUB_WORKSPACE", "")
    if environ.get("GITLAB_CI") == "true":
        return _of_gitlab(environ), environ.get("CI_PROJECT_DIR", "")
    return None, ""


def _of_github(environ: Mapping[str, str]) -> Host:
    server = environ.get("GITHUB_SERVER_URL") or "https://github.com"
    base = _web_address(f"{server}/{environ.get('GITHUB_REPOSITORY', '')}")
    host = Host(HostKind.GITHUB, base_repository=base)
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    if environ.get("GITHUB_HEAD_REF"):
        fork, request = _text(event, "pull_request", "head", "repo", "full_name"), _part(event, "pull_request")
        number = re.match(r"refs/pull/([0-9]{1,18})/", environ.get("GITHUB_REF", ""))
        return replace(
            host,
            # Without the name of its repository, the branch could be one of another repository.
            repository=_web_address(f"{server}/{fork}") if fork else "",
            branch=environ["GITHUB_HEAD_REF"],
            base_branch=environ.get("GITHUB_BASE_REF", ""),
            pull_request=int(number[1]) if number else _number(request),
        )
    if environ.get("GITHUB_EVENT_NAME") == "workflow_run":
        # The job's own branch is the default one here, whichever branch the other workflow ran for.
        fork = _text(event, "workflow_run", "head_repository", "full_name")
        repository = _web_address(f"{server}/{fork}") if fork else ""
        return replace(host, repository=repository, branch=_text(event, "workflow_run", "head_branch"))
    ref = environ.get("GITHUB_REF", "")
    named = environ.get("GITHUB_REF_NAME", "") if environ.get("GITHUB_REF_TYPE") == "branch" else ""
    # The branch of a merge queue is deleted after the job.
    queued = ref.startswith(("refs/pull/", "refs/heads/gh-readonly-queue/"))
    return replace(host, repository=base, branch="" if queued else named)


def _of_gitlab(environ: Mapping[str, str]) -> Host:
    def project(name: str) -> str:
        path = environ.get(f"{name}_PATH", "")
        return _web_address(environ.get(f"{name}_URL") or (path and f"{environ.get('CI_SERVER_URL', '')}/{path}"))

    host = Host(HostKind.GITLAB, base_repository=project("CI_PROJECT"))
    source = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "")
    if source:
        number = environ.get("CI_MERGE_REQUEST_IID", "")
        return replace(
            host,
            repository=project("CI_MERGE_REQUEST_SOURCE_PROJECT"),
            branch=source,
            base_repository=project("CI_MERGE_REQUEST_PROJECT") or host.base_repository,
            base_branch=environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),
            pull_request=int(number) if re.fullmatch(r"[0-9]{1,18}", number) else 0,
        )
    tag = environ.get("CI_COMMIT_TAG", "")
    branch = environ.get("CI_COMMIT_BRANCH") or ("" if tag else environ.get("CI_COMMIT_REF_NAME", ""))
    return replace(host, repository=host.base_repository, branch=branch)


def _event(path: str) -> Mapping[str, Any]:
    """Return what GitHub writes about the event of a job; nothing if that cannot be read."""
    try:
        event = json.loads(read_file(Path(path), _MOST_EVENT)) if path else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _part(values: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        inner = values.get(key)
        values = inner if isinstance(inner, dict) else {}
    return values


def _text(values: Mapping[str, Any], *keys: str) -> str:
    value = _part(values, *keys[:-1]).get(keys[-1])
    return value if isinstance(value, str) else ""


def _number(values: Mapping[str, Any]) -> int:
    """Return the number of a pull request; the event `pull_request_target` runs on a branch that does not name it."""
    number = values.get("number")
    return number if isinstance(number, int) else 0


def _of_git(folders: Folders, docs: str, run: Run) -> Host | None:
    """Return the host of the remote to which git pushes the current branch; `docs` as git shows it."""
    ref = _ask(run, folders.docs, "symbolic-ref", "--quiet", "HEAD")
    branch = ref.removeprefix("refs/heads/")
    pushed = ref and _ask(run, folders.docs, "for-each-ref", "--format=%(push:remotename)", ref)
    remotes = _ask(run, folders.docs, "remote").split("\n")
    remote = pushed or ("origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else "")
    address = remote and _ask(run, folders.docs, "remote", "get-url", "--push", "--", remote)
    repository = _of_remote(address, _web_address(folders.repository))
    kind = _kind_of(repository)
    return Host(kind, repository, branch, _joined(docs)) if kind else None


_SSH = re.compile(r"(?:ssh://)?(?:[^@/\s]+@)?(?P<host>[^/:\s]{2,})(?::[0-9]+(?=/))?[:/]/?(?P<path>\S+)")
"""The address of a remote over ssh: git@github.com:owner/name.git, ssh://git@github.com:22/owner/name.git."""


def _of_remote(address: str, configured: str) -> str:
    """Return the web address of a remote's repository.

    `configured` is that of `repo_url`. It is used for a remote that has none, and for its host if ssh has another name
    for that.
    """
    if address.startswith(("https://", "http://")):
        return _web_address(address)
    ssh = _SSH.fullmatch(address)
    if ssh is None or "\\" in address or "://" in address.removeprefix("ssh://") or address.startswith(("/", ".")):
        return configured
    path = ssh["path"].rstrip("/").removesuffix(".git")
    known = urlsplit(configured)
    name = re.sub(r"\A(?:ssh|altssh)\.(?=github\.com|gitlab\.com)", "", ssh["host"])
    if configured and ("." not in name or path == known.path.strip("/")):
        return _web_address(f"{known.scheme}://{known.netloc}/{path}")
    return _web_address(f"https://{name}/{path}") if "." in name else ""


def _web_address(address: str) -> str:
    """Return the address of a repository without user, password and `.git`; empty if it is not a web address."""
    try:
        parts = urlsplit(address.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # http://[::1
        return ""
    path = parts.path.rstrip("/").removesuffix(".git")
    if parts.scheme not in ("http", "https") or not parts.hostname or not path.strip("/"):
        return ""
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{quote(name, safe='[]:.-')}{port}{quote(path, safe='/%~')}"


def _kind_of(repository: str) -> HostKind | None:
    """Return the kind of a host by its name, since many run under their own names (github.example.org)."""
    name = urlsplit(repository).netloc.lower()
    return next((kind for kind in HostKind if kind in name), None)


def _edited(edit: str) -> tuple[str, str | None]:
    """Return the branch and the docs folder in an edit_uri such as "edit/main/docs/"; an empty branch and None if it
    has another form.
    """
    parts = edit.removeprefix("/").removeprefix("-/").strip("/").split("/")
    if len(parts) < 2 or parts[0] not in ("edit", "blob", "tree", "raw", "src") or "?" in edit:
        return "", None
    return unquote(parts[1]), unquote("/".join(parts[2:]))


def _ask(run: Run, folder: Path, *question: str) -> str:
    """Return git's answer in a folder; empty if it has none."""
    try:
        return run(("git", *question), folder).decode("utf-8").strip("\n")
    except (EngrossError, UnicodeDecodeError):
        return ""


def _is_inside(path: Path, workspace: str) -> bool:
    return not workspace or path.resolve().is_relative_to(Path(workspace).resolve())


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _joined(path: str) -> str:
    """Return a path in a repository, without "." and ".." in it."""
    return normpath(f"/{path}").lstrip("/")
