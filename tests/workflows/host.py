"""A host on this machine that runs workflows as GitHub and GitLab do: real steps, git remotes and a local web server.

It knows the parts of workflows that ours use. `python -m pip` is replaced by a program that only checks its arguments:
the packages are those of the tests.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from ruamel.yaml import YAML
from tests.workflows.publishing import git

ROOT = Path(__file__).parents[2]
PYTHON = """\
#!/bin/sh
if [ "$2" = pip ]; then
  case "$*" in *--require-hashes*) [ -f requirements.txt ]; exit $? ;; esac
  exit 1
fi
exec {python} "$@"
"""


def read_yaml(path: Path) -> Any:
    # YAML 1.2, in which "on" is no truth value.
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


@dataclass
class Server:
    """A web server: the live site, and the comments of a pull request or merge request, with who wrote each."""

    address: str
    site: Path
    comments: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and token of each request about comments."""
    refuse: int = 0
    """The status with which requests about comments are answered, instead of an answer."""


@contextmanager
def serve(site: Path) -> Iterator[Server]:
    """Run a server with the site in a folder."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            if self.path.startswith("/api"):
                self._api()
                return
            path = site / self.path.lstrip("/").partition("?")[0]
            self._send(200 if path.is_file() else 404, path.read_bytes() if path.is_file() else b"")

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815 (the names are those of the library)

        def _api(self) -> None:
            token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            server.requests.append((self.command, self.path.partition("?")[0], token))
            content = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
            if server.refuse:
                self._send(server.refuse, b"{}", Location=f"{server.address}api/elsewhere")
                return
            found: Any = {}
            if self.path.endswith("/user"):
                found = {"id": 7}
            elif self.command == "GET":
                page, size = (int(re.findall(rf"\b{name}=(\d+)", self.path)[0]) for name in ("page", "per_page"))
                found = server.comments[(page - 1) * size : page * size]
            elif self.command == "POST":
                ours = {"user": {"type": "Bot"}, "author": {"id": 7}}
                server.comments.append({"id": len(server.comments) + 1, **ours, **content})
            else:
                at = int(self.path.rpartition("/")[2])
                next(one for one in server.comments if one["id"] == at).update(content)
            self._send(200, json.dumps(found).encode())

        def _send(self, status: int, data: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_given: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{listening.server_port}/", site)
    Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()


def expression(text: str, context: Mapping[str, Any]) -> Any:
    """The value of what is between ${{ and }}, or of an `if`: names, texts in quotes, ==, &&, always()."""
    text = text.strip()
    if "&&" in text:
        return all(expression(part, context) for part in text.split("&&"))
    for sign in ("==", "!="):
        if sign in text:
            left, right = (expression(part, context) for part in text.split(sign))
            return (left == right) is (sign == "==")
    if text.startswith("'"):
        return text.strip("'")
    if text == "always()":
        return True
    value: Any = context
    for name in text.split("."):
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value


def filled(text: Any, context: Mapping[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        got = expression(found[1], context)
        return str(got).lower() if isinstance(got, bool) else str(got)

    return re.sub(r"\$\{\{(.*?)\}\}", value, str(text).lower() if isinstance(text, bool) else str(text))


@dataclass
class Job:
    """A job as it ran: "success", "failure" or "skipped"."""

    result: str = "skipped"
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""


@dataclass
class GitHub:
    """Runs jobs of workflows in clones of `origin`; `given` has what their expressions read (github, vars, secrets)."""

    place: Path
    server: Server
    given: dict[str, Any]
    artifacts: dict[str, Path] = field(default_factory=dict)

    def run(self, workflow: Path, names: tuple[str, ...] = (), done: dict[str, Job] | None = None) -> dict[str, Job]:
        """Run the jobs of a workflow, or those named, after others that are done."""
        jobs = done or {}
        for name, job in read_yaml(workflow)["jobs"].items():
            if not names or name in names:
                jobs[name] = self._job(name, job, jobs)
        return jobs

    def _job(self, name: str, job: dict[str, Any], done: Mapping[str, Job]) -> Job:
        listed = job.get("needs", [])
        needed = listed if isinstance(listed, list) else [listed]
        needs = {one: {"outputs": done[one].outputs, "result": done[one].result} for one in needed}
        condition = job.get("if", "")
        good = all(done[one].result == "success" for one in needed) or "always()" in condition
        if not good or (condition and not expression(condition, {**self.given, "needs": needs})):
            return Job()
        workspace = self.place / f"job-{len(list(self.place.glob('job-*')))}-{name}"
        (workspace / "temp").mkdir(parents=True)
        ran = _Run(self, workspace, {**self.given, "needs": needs, "runner": {"temp": str(workspace / "temp")}})
        ran.steps(job["steps"], {}, None)
        job_outputs = {key: filled(value, ran.context) for key, value in job.get("outputs", {}).items()}
        return Job("failure" if ran.failed else "success", job_outputs, ran.log, ran.summary)


class _Run:
    def __init__(self, host: GitHub, workspace: Path, context: dict[str, Any]) -> None:
        self.host, self.folder, self.context = host, workspace / "work", context
        self.temp, self.failed, self.log = workspace / "temp", False, ""
        self.folder.mkdir()
        programs = workspace / "bin"
        programs.mkdir()
        (programs / "python").write_text(PYTHON.format(python=sys.executable))
        (programs / "python").chmod(0o755)
        self.path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"

    @property
    def summary(self) -> str:
        path = self.temp / "summary"
        return path.read_text("utf-8") if path.exists() else ""

    def steps(self, steps: list[dict[str, Any]], inputs: Mapping[str, str], action: Path | None) -> None:
        self.context = {**self.context, "inputs": inputs if action else self.context["inputs"], "steps": {}}
        for step in steps:
            condition = str(step.get("if", "success"))
            wanted = condition == "success" or expression(condition, self.context)
            outcome: dict[str, Any] = {"outcome": "skipped", "outputs": {}}
            if wanted and (not self.failed or "always()" in condition):
                outcome = self.step(step, action)
            if "id" in step:
                self.context["steps"][step["id"]] = outcome
            if outcome["outcome"] == "failure" and not step.get("continue-on-error"):
                self.failed = True

    def step(self, step: dict[str, Any], action: Path | None) -> dict[str, Any]:
        if "run" in step:
            return self.script(step, action)
        options = {key: filled(value, self.context) for key, value in step.get("with", {}).items()}
        used = step["uses"].partition("@")[0]
        if used.startswith("./") or "/actions/" in used:
            folder = self.folder / used if used.startswith("./") else ROOT / "actions" / used.rpartition("/")[2]
            return self.composite(folder, options)
        worked = getattr(self, used.removeprefix("actions/").replace("-", "_"))(options)
        return {"outcome": "success" if worked is not False else "failure", "outputs": worked or {}}

    def composite(self, folder: Path, options: Mapping[str, str]) -> dict[str, Any]:
        action, outer, failed = read_yaml(folder / "action.yml"), self.context, self.failed
        defaults = {key: str(one.get("default", "")) for key, one in action["inputs"].items()}
        assert set(options) <= set(defaults)
        self.failed = False
        self.steps(action["runs"]["steps"], {**defaults, **options}, folder)
        outputs = {key: filled(one["value"], self.context) for key, one in action.get("outputs", {}).items()}
        outcome = "failure" if self.failed else "success"
        self.context, self.failed = outer, failed
        return {"outcome": outcome, "outputs": outputs}

    def script(self, step: dict[str, Any], action: Path | None) -> dict[str, Any]:
        assert "${{" not in step["run"]
        output = self.temp / f"output-{len(list(self.temp.iterdir()))}"
        output.touch()
        environment = os.environ | {
            "PATH": self.path,
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_ACTION_PATH": str(action or ""),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": f"{self.host.server.address}api",
            "GITHUB_REPOSITORY": self.context["github"]["repository"],
            "RUNNER_TEMP": str(self.temp),
            **self.context["github"].get("variables", {}),
            **{key: filled(value, self.context) for key, value in step.get("env", {}).items()},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.log += f"{done.stdout}{done.stderr}"
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return {"outcome": "failure" if done.returncode else "success", "outputs": outputs}

    def checkout(self, options: Mapping[str, str]) -> None:
        ref = options.get("ref") or self.context["github"]["ref"]
        git(self.folder, "init", "--quiet")
        git(self.folder, "remote", "add", "origin", f"file://{self.host.place}/origin.git")
        git(self.folder, "fetch", "--quiet", "--depth=1", "origin", ref)
        git(self.folder, "checkout", "--quiet", "FETCH_HEAD")
        if options.get("persist-credentials") == "false":
            git(self.folder, "remote", "set-url", "--push", "origin", "/without-credentials")

    def setup_python(self, options: Mapping[str, str]) -> None:
        assert "cache" not in options

    def upload_artifact(self, options: Mapping[str, str]) -> bool:
        path, kept = self.folder / options["path"], self.host.place / "artifacts" / options["name"]
        if not path.exists():
            return options["if-no-files-found"] != "error"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        if path.is_dir():
            shutil.copytree(path, kept, dirs_exist_ok=True)
        else:
            shutil.copy(path, kept)
        self.host.artifacts[options["name"]] = kept
        return True

    def upload_pages_artifact(self, options: Mapping[str, str]) -> bool:
        return self.upload_artifact({**options, "name": "github-pages", "if-no-files-found": "error"})

    def download_artifact(self, options: Mapping[str, str]) -> bool:
        if options["name"] not in self.host.artifacts:
            return False
        shutil.copytree(self.host.artifacts[options["name"]], options["path"], dirs_exist_ok=True)
        return True

    def deploy_pages(self, _options: Mapping[str, str]) -> dict[str, str]:
        shutil.rmtree(self.host.server.site, ignore_errors=True)
        shutil.copytree(self.host.artifacts["github-pages"], self.host.server.site)
        return {"page_url": self.host.server.address}
