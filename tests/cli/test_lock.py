"""`engross lock`: what it asks uv or pip for, what it writes, and that nothing is written if something is missing."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from engross.cli import main

NAME = "engross-0.1.0-py3-none-any.whl"
Resolver = Callable[[Sequence[str], Path, Mapping[str, str]], int]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "documents.yml").touch()
    (folder / "requirements.in").write_text("# What builds this site.\nengross==0.1.0\nmkdocs-redirects\n")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("shutil.which", lambda name: None)
    return folder


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    with ZipFile(path, "w") as file:
        file.writestr("engross/__init__.py", "")
    return path


def lock(*words: str) -> Result:
    return CliRunner().invoke(main, ["lock", *words])


def package(name: str, version: str, digest: str) -> dict[str, object]:
    archive = {"hashes": {"sha256": digest}}
    return {"metadata": {"name": name, "version": version}, "download_info": {"archive_info": archive}}


def use_pip(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let pip resolve: another hash of "b" for each system, and another version of "c". Returns what it was asked."""
    asked: list[str] = []

    def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
        assert command[:3] == (sys.executable, "-m", "pip")
        asked.append(Path(command[command.index("--requirement") + 1]).read_text())
        ci = "--platform" in command
        found = [
            package("Engross", "0.1.0", "e" * 64),
            package("b_b", "1.0", ("1" if ci else "2") * 64),
            package("c", "2.0" if ci else "1.9", ("3" if ci else "4") * 64),
        ]
        Path(command[command.index("--report") + 1]).write_text(json.dumps({"version": "1", "install": found}))
        return 0

    monkeypatch.setattr("engross.cli.lock.run_openly", run)
    return asked


def test_pip_locks_for_ci_and_for_this_system(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = use_pip(monkeypatch)
    done = lock()
    assert done.exit_code == 0, done.output
    assert asked == [(site / "requirements.in").read_text()] * 2
    lines = (site / "requirements.txt").read_text().splitlines()
    assert lines[0].startswith("# Made by engross lock from requirements.in, for Python 3.12 on Linux")
    assert lines[2:] == [
        "b-b==1.0 \\",
        f"    --hash=sha256:{'1' * 64} \\",
        f"    --hash=sha256:{'2' * 64}",
        "c==2.0 \\",
        f"    --hash=sha256:{'3' * 64}",
        "engross==0.1.0 \\",
        f"    --hash=sha256:{'e' * 64}",
    ]
    assert "with 4 hashes; commit requirements.in and requirements.txt" in done.stdout


def test_a_wheel_is_kept_beside_the_sources(site: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = use_pip(monkeypatch)
    assert lock("--wheel", str(wheel)).exit_code == 0
    assert f"engross @ {wheel.as_uri()}\n" in asked[0]
    kept = site / "wheels" / NAME
    assert kept.read_bytes() == wheel.read_bytes()
    named = f"# What builds this site.\n./wheels/{NAME}\nmkdocs-redirects\n"
    assert (site / "requirements.in").read_text() == named
    locked = f"./wheels/{NAME} \\\n    --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"
    assert (site / "requirements.txt").read_text().endswith(locked)
    # From then on, the wheel need not be named again.
    wheel.unlink()
    assert lock().exit_code == 0
    assert f"engross @ {kept.as_uri()}\n" in asked[-1]
    assert (site / "requirements.txt").read_text().endswith(locked)
    assert (site / "requirements.in").read_text() == named


def test_uv_locks_for_every_system(site: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
        assert command[:3] == ("/bin/uv", "pip", "compile")
        assert {"--universal", "--generate-hashes"} < set(command)
        own = f"engross @ {wheel.as_uri()} \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}\n"
        Path(command[command.index("--output-file") + 1]).write_text(f"b==1 \\\n    --hash=sha256:b\n{own}c==1\n")
        return 0

    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr("engross.cli.lock.run_openly", run)
    assert lock("--wheel", str(wheel)).exit_code == 0
    own = f"./wheels/{NAME} \\\n    --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"
    assert (site / "requirements.txt").read_text().endswith(f"b==1 \\\n    --hash=sha256:b\n{own}c==1\n")


def before_and_after(site: Path, *words: str) -> str:
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    done = lock(*words)
    assert done.exit_code == 1, done.output
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
    return done.stderr


def test_what_cannot_be_resolved_changes_nothing(site: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engross.cli.lock.run_openly", lambda *given: 1)
    printed = before_and_after(site, "--wheel", str(wheel))
    assert "pip cannot resolve requirements.in; see above" in printed
    assert "run: engross lock --wheel FILE" in printed


def test_without_uv_and_pip_it_says_how_to_get_one(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engross.cli.lock.find_spec", lambda name: None)
    assert f"neither uv nor pip is installed. Install one: {sys.executable} -m ensurepip" in before_and_after(site)


def test_without_requirements_it_says_what_to_write(site: Path) -> None:
    (site / "requirements.in").unlink()
    assert 'requirements.in: it is missing; engross init --ci writes it, or write it with the line "engross"' in (
        before_and_after(site)
    )


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("latin-1", "requirements.in:1:3: not UTF-8: byte 0xE9; save the file as UTF-8"),
        ("folder", "requirements.in: this is a folder, not a file"),
        ("pipe", "requirements.in: cannot be read: it is not a regular file"),
    ],
)
def test_requirements_that_cannot_be_read_are_named(site: Path, kind: str, message: str) -> None:
    path = site / "requirements.in"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(b"# \xe9\nengross\n")
    found = CliRunner().invoke(main, ["lock"])
    assert (found.exit_code, found.stdout) == (2, "")
    assert message in found.stderr


@pytest.mark.parametrize(("text", "number"), [("mkdocs\n", 0), ("engross\nengross>=0.1\n", 2), ("engross-other\n", 0)])
def test_one_line_names_engross(site: Path, text: str, number: int) -> None:
    (site / "requirements.in").write_text(text)
    assert f'exactly one line must name Engross, such as "engross"; it has {number}' in before_and_after(site)


@pytest.mark.parametrize("name", ["other-1.0-py3-none-any.whl", "engross.zip", NAME])
def test_a_file_that_is_no_wheel_of_engross(site: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no archive")
    assert "it is not a wheel of Engross" in before_and_after(site, "--wheel", str(tmp_path / name))
