"""The command line as a whole: which commands there are, and how errors become exits."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import engross
from engross.cli import COMMANDS, Commands, interrupt, main
from engross.common.errors import EngrossError, error

ENGROSS = [sys.executable, "-c", "from engross.cli import main; main(prog_name='engross')"]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """A group whose one command raises the exceptions in the list."""
    raised: list[BaseException] = []

    @click.command()
    def fail() -> None:
        raise raised[0]

    monkeypatch.setattr(Commands, "get_command", lambda self, ctx, name: fail)
    return raised


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


def test_it_says_its_version() -> None:
    assert run("--version").output == f"engross, version {engross.__version__}\n"


def test_every_command_that_is_there_is_listed_with_what_it_does() -> None:
    names = Commands().list_commands(click.Context(main))
    assert "init" in names
    assert set(names) <= set(COMMANDS)
    output = run("--help").output
    for name in names:
        assert f"\n  {name} " in output


@pytest.mark.parametrize("args", [["nothing"], ["init", "a", "b"], ["init", "--nothing"], ["--nothing"]])
def test_wrong_usage_is_2(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage:")


def test_diagnostics_go_to_standard_error_one_a_line(failing: list[BaseException]) -> None:
    failing.append(EngrossError([error("r", "a.md", 3, 7, "one"), error("r", "b.md", 0, 0, "two", fix="this")]))
    result = run("fail")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "a.md:3:7: one\nb.md: two (fix: this)\n"


def test_what_the_system_refuses_is_no_traceback(failing: list[BaseException]) -> None:
    failing.append(PermissionError(13, "Permission denied", "docs/a.md"))
    result = run("fail")
    assert (result.exit_code, result.stderr) == (1, "docs/a.md: permission denied\n")


def test_an_interrupt_is_130(failing: list[BaseException]) -> None:
    failing.append(KeyboardInterrupt())
    result = run("fail")
    assert (result.exit_code, result.stderr) == (130, "")


def test_an_interrupt_while_a_module_is_loaded_is_not_lost() -> None:
    """Python ignores what is raised in this callback of an import."""
    names: dict[str, Any] = {"send": signal.raise_signal, "number": signal.SIGINT}
    exec(compile("def cb(): send(number)", "<frozen importlib._bootstrap>", "exec"), names)
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        names["cb"]()
        with pytest.raises(KeyboardInterrupt):
            time.sleep(30)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_nobody_reading_on_is_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run([*ENGROSS, "--help"], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert result.returncode == 1
    assert result.stderr == ""


def test_a_terminal_that_knows_few_characters_is_no_traceback(tmp_path: os.PathLike[str]) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "iso8859-1"}
    result = subprocess.run(
        [*ENGROSS, "init", f"{tmp_path}/“a”"], env=environment, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "\\u201ca" in result.stdout
