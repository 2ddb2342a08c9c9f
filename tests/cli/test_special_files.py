"""Pipes, devices and folders in place of files: every command names them, and waits for none."""

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_play import Play, engross

from engross.common import files

COMMANDS = ("check", "release", "review")


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """End a test that waits for a pipe."""
    signal.alarm(60)
    yield
    signal.alarm(0)


@pytest.mark.parametrize("name", ["changes/x.md", "changes/x.agreement.md", "changes/sub/x.txt", "page.md", "p.png"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_in_the_docs_is_named(play: Play, name: str, command: str) -> None:
    path = play.root / "docs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    found = engross(command)
    assert found.exit_code == 1
    assert f"docs/{name}" in found.output
    assert "this is a pipe, a device or another special file; delete it" in found.output


@pytest.mark.parametrize("command", COMMANDS)
def test_a_document_that_is_a_pipe_is_named(play: Play, command: str) -> None:
    (play.root / "docs/agreement.md").unlink()
    os.mkfifo(play.root / "docs/agreement.md")
    found = engross(command)
    assert (found.exit_code, "docs/agreement.md" in found.output) == (1, True)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("target", ["/dev/zero", "nothing.md"])
def test_a_link_to_a_device_or_to_nothing_is_named(play: Play, command: str, target: str) -> None:
    (play.root / "docs/page.md").symlink_to(target)
    found = engross(command)
    assert found.exit_code in {1, 2}
    assert "docs/page.md" in found.output


@pytest.mark.parametrize("kind", ["pipe", "folder"])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("slug", ["x", "first"])
def test_what_is_no_file_among_notes_outside_the_docs_is_named(play: Play, kind: str, command: str, slug: str) -> None:
    play.posted()
    play.change("plugins: [search, engross]", "plugins: [search, {engross: {notes: ../notes}}]", "mkdocs.yml")
    (play.root / "docs/changes").rename(play.root / "notes")
    path = play.root / "notes" / f"{slug}.md"
    path.unlink(missing_ok=True)
    os.mkfifo(path) if kind == "pipe" else path.mkdir()
    found = engross(command)
    assert found.exit_code != 0
    assert f"notes/{slug}.md" in found.output
    assert ("not a regular file" if kind == "pipe" else "folder" if slug == "x" else "directory") in found.output


@pytest.mark.parametrize("folder", ["agreement.md", "changes"])
def test_a_single_file_that_is_a_pipe_is_not_waited_for(play: Play, folder: str) -> None:
    os.mkfifo(play.root / "single.md")
    found = engross("check", str(Path("single.md")))
    assert (found.exit_code, "it is not a regular file" in found.output) == (2, True)


@pytest.mark.parametrize("name", ["docs/agreement.md", "mkdocs.yml", "docs/documents.yml"])
def test_a_file_that_may_not_be_read_is_named(play: Play, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever runs the tests may be allowed to read everything.
    read = files._read

    def refuse(path: Path, most: int) -> bytes:
        if Path(path).resolve() == (play.root / name).resolve():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return read(path, most)

    monkeypatch.setattr(files, "_read", refuse)
    found = engross("check")
    assert (found.exit_code, f"{name}: cannot be read: permission denied" in found.output) == (2, True), found.output


def test_settings_of_the_site_in_another_encoding_are_named(play: Play) -> None:
    path = play.root / "mkdocs.yml"
    path.write_bytes(path.read_bytes() + b"# caf\xe9\n")
    found = engross("check")
    line = path.read_bytes().count(b"\n")
    assert (found.exit_code, f"mkdocs.yml:{line}: not UTF-8; save the file as UTF-8" in found.output) == (2, True)
