"""Sites are deployed whole, by mike too, which reads the configuration in its own process and builds in another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from building import DAY, MKDOCS, build, write_site

pytestmark = pytest.mark.long

GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    # mike calls the engine by its name.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | DAY | GIT | {"PATH": path}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def begin(folder: Path) -> None:
    for command in ("init -q", "add .", "commit -qm first"):
        assert run(folder, "git", *command.split()).returncode == 0


def deploy(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, "-c", "from mike.driver import main; main()", "deploy", "1.0", "latest")


def deployed(folder: Path, below: str = "") -> set[str]:
    listed = run(folder, "git", "ls-tree", "-r", "--name-only", "gh-pages").stdout.splitlines()
    return {name.removeprefix(below) for name in listed if name.startswith(below)}


@pytest.mark.full
def test_mike_deploys_the_whole_site_or_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, {"mkdocs.yml": MKDOCS + "markdown_extensions: [engross.guard]\n"})
    begin(tmp_path)
    result = deploy(tmp_path)
    assert result.returncode == 0, result.stderr
    before = deployed(tmp_path, "1.0/")
    assert build(tmp_path).files() - before == set()
    page = run(tmp_path, "git", "show", "gh-pages:1.0/agreement/index.html").stdout
    assert "Either party may end it." in page
    assert '<link rel="canonical" href="https://example.com/1.0/agreement/">' in page
    # A page that differs from its source is found by the build, after mike has read the configuration.
    hook = "def on_post_page(output, page, **_):\n    return output.replace('Either party', 'Each party')\n"
    write_site(tmp_path, {"hook.py": hook, "mkdocs.yml": MKDOCS + "hooks: [hook.py]\n"})
    assert deploy(tmp_path).returncode == 1
    assert deployed(tmp_path, "1.0/") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".site")] == []


def test_mike_reports_a_mistake(tmp_path: Path) -> None:
    write_site(tmp_path, {"docs/agreement.md": "# A\n\n<b>\n"})
    begin(tmp_path)
    result = deploy(tmp_path)
    assert result.returncode == 1
    assert "docs/agreement.md:3:1: raw HTML is not allowed in a contract" in result.stderr
    assert "Traceback" not in result.stderr
    assert deployed(tmp_path) == set()


def test_gh_deploy_deploys_the_whole_site(tmp_path: Path) -> None:
    write_site(tmp_path / "site", {"mkdocs.yml": MKDOCS + "markdown_extensions: [engross.guard]\n"})
    begin(tmp_path / "site")
    for command in ("init -q --bare ../far", "remote add origin ../far"):
        assert run(tmp_path / "site", "git", *command.split()).returncode == 0
    result = run(tmp_path / "site", sys.executable, "-m", "mkdocs", "gh-deploy")
    assert result.returncode == 0, result.stderr
    assert build(tmp_path / "site").files() - deployed(tmp_path / "far") == set()
