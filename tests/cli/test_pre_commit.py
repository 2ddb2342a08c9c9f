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
