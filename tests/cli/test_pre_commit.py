"""The hook for pre-commit: what it runs on the files of a commit."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from engross.cli import main
from engross.cli.init import starting_files, write_new

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of a new site that the hook is given."""
    (hook,) = YAML(typ="safe", pure=True).load(HOOKS.read_text("utf-8"))
    assert set(hook) == {"id", "name", "description", "entry", "language", "files", "require_serial"}
    program, *words = shlex.split(hook["entry"])
    assert (program, hook["language"]) == ("engross", "python")
    write_new(tmp_path, starting_files("Terms"))
    monkeypatch.chdir(tmp_path)
    files = [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    return [*words, *(file for file in files if re.search(hook["files"], file))]


def test_the_hook_checks_documents_and_settings(changed: list[str]) -> None:
    assert changed == [
        "check", "docs/agreement.md", "docs/changes.md", "docs/documents.yml", "docs/help.md", "docs/index.md",
    ]  # fmt: skip
    assert CliRunner().invoke(main, changed).exit_code == 0


def test_the_hook_fails_for_a_mistake(changed: list[str]) -> None:
    agreement = Path("docs/agreement.md")
    agreement.write_text(agreement.read_text("utf-8") + "\nSee Section 99.\n", "utf-8")
    done = CliRunner().invoke(main, changed)
    assert done.exit_code == 1
    assert "docs/agreement.md:37:" in done.stdout


PAGES = "docs/changes.md, docs/help.md, docs/index.md"
SAID = f"{PAGES} are not in docs/documents.yml: checked as pages, not as contracts\n"


def test_the_hook_checks_each_file_as_the_site_does(changed: list[str]) -> None:
    """Pages and YAML files of the site's owner are no contracts."""
    page = Path("docs/index.md")
    page.write_text(page.read_text("utf-8") + "\n<div>{{ page.title }} [TODO], Section 99 is is.</div>\n", "utf-8")
    Path("docs/openapi.yml").write_text("info: {description: '<b>x</b> {{ x }} [TODO'}\n", "utf-8")
    for files in (changed, [*changed, "docs/openapi.yml"], ["check", "docs/openapi.yml"], ["check", "docs"]):
        done = CliRunner().invoke(main, files)
        assert done.exit_code == 0, done.output
        assert "docs/index.md:" not in done.stdout + done.stderr
    assert CliRunner().invoke(main, changed).stderr == SAID
    page.write_text("# Home\n\nA \u202eword.\n", "utf-8")
    done = CliRunner().invoke(main, ["check", "docs/index.md"])
    assert (done.exit_code, done.stdout.startswith("docs/index.md:3:3: ")) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: agreement", "kind: agrement", "documents[0].kind: must be one of agreement"),
        ("numbering:", "numbring:", "documents[0].numbring: unknown key"),
        ("changes: changes.md", "changes: gone.md", "there is no page gone.md on the site"),
        ('title: "Terms"', 'title: "Te\u202erms"', "U+202E changes the direction"),
        ("timezone: UTC", "exceptions: [{rule: x, document: agreement, because: y}]", "there is no rule x"),
    ],
)
def test_the_hook_finds_mistakes_in_the_settings(changed: list[str], old: str, new: str, message: str) -> None:
    settings = Path("docs/documents.yml")
    settings.write_text(settings.read_text("utf-8").replace(old, new), "utf-8")
    for files in (changed, ["check", "docs/documents.yml"]):
        done = CliRunner().invoke(main, files)
        assert done.exit_code != 0
        assert "docs/documents.yml:" in done.stdout
        assert message in done.stdout
