"""Runs the tutorial as a reader does, so that it always shows the real output.

In a `console` block, each line that begins with `$` is run, with those that a backslash joins to it. The lines below
are its output. In a `diff` block with a title, the lines with `-` in that file are replaced by those with `+`.
`python -m tests.manual.tutorial` writes the outputs of today into the page.
"""

import os
import re
import shlex
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from engross.cli import main

PAGE = Path(__file__).parent.parent.parent / "manual/docs/tutorial.md"
BLOCK = re.compile(r'^```(console|diff)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
# What differs from run to run: hashes, days and times.
CHANGING = re.compile(r"\b[0-9a-f]{12,64}\b|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\dZ)?)?\b")


def played(text: str, folder: Path) -> str:
    """The page with the present output of each command; it runs in `folder`, which must be empty."""
    where = [folder]

    def block(found: re.Match[str]) -> str:
        kind, title, body = found.groups()
        if kind == "diff":
            _edit(where[0] / title, body)
            return found[0]
        return found[0].replace(body, _console(body, where))

    return BLOCK.sub(block, text)


def _edit(path: Path, body: str) -> None:
    old, new = ("".join(line[1:] for line in body.splitlines(keepends=True) if line[0] == sign) for sign in "-+")
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} has these lines {text.count(old)} times, and must have them once:\n{old}"
    path.write_text(text.replace(old, new), "utf-8", newline="\n")


def _console(body: str, where: list[Path]) -> str:
    """The block's commands, each with its present output; `cd` changes the folder of the next commands."""
    parts = []
    for command, expected in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        output = ""
        if command.startswith("cd "):
            where[0] /= command.removeprefix("cd ")
        else:
            output = _run(command, where[0])
        same = CHANGING.sub("", output) == CHANGING.sub("", expected)
        parts.append(f"$ {command}\n{expected if same else output}")
    return "".join(parts)


def _run(command: str, folder: Path) -> str:
    """The output of a command; commands of Engross run in this process, for speed."""
    message = _engross(command, folder) if command.startswith("engross ") else _shell(command, folder)
    return "".join(f"{line.rstrip()}\n" for line in message.splitlines())


def _engross(command: str, folder: Path) -> str:
    with chdir(folder):
        words = shlex.split(command.replace("\\\n", " "))[1:]
        return CliRunner(env={"SOURCE_DATE_EPOCH": None}).invoke(main, words, prog_name="engross").output


def _shell(command: str, folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    settings = {"PATH": path, "NO_MKDOCS_2_WARNING": "1", "LANG": "C.UTF-8", "HOME": str(folder)}
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"} | settings
    result = subprocess.run(
        command, shell=True, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return result.stdout


if __name__ == "__main__":
    with TemporaryDirectory() as empty:
        PAGE.write_text(played(PAGE.read_text("utf-8"), Path(empty)), "utf-8", newline="\n")
