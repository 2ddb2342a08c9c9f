"""A record with correct hashes and invalid sealed files: each command, and a build, names the file."""

import os
from pathlib import Path

import pytest
from building import DAY, RULES, build, write_site
from click.testing import CliRunner
from posting import POSTED_SITE, note, post

from engross.cli import main
from engross.record import open_record
from forging import forge_note, forge_version

pytestmark = pytest.mark.slow

NO_TEXT = b"# Rules\n\n\xff\n"
FIX = "restore it from the version history"
HISTORY = (["verify"], ["history", "rules"])
COMMANDS = (
    *HISTORY,
    ["verify", "--reparse"],
    ["history", "rules", "--on", "2025-03-15"],
    ["show", "rules@1"],
    ["diff", "rules@1", "rules@1"],
    ["check"],
    ["release", "--dry-run"],
    ["restore", "rules@1"],
    ["redact", "rules@1", "--clause", "conduct.1", "--reason", "x", "--only-these"],
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with two versions of its rules, as the working folder."""
    # `check` of a strict site fails on its drafting warnings.
    write_site(tmp_path, {**POSTED_SITE, "mkdocs.yml": POSTED_SITE["mkdocs.yml"].replace("strict: true\n", "")})
    post(tmp_path, 0, "first", note("agreement, rules, models", "Begins."))
    changed = {"terms__rules_DOT_md": RULES.replace("Be kind", "Be very kind")}
    post(tmp_path, 10, "second", note("rules", "Kinder.", grounds="[{ground: law, cites: Act 12}]"), **changed)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(*next(iter(DAY.items())))
    return tmp_path


def outcomes(folder: Path) -> dict[str, tuple[int, str]]:
    """The exit status and the last line of output of each command and the build."""
    found = {}
    for command in COMMANDS:
        result = CliRunner().invoke(main, command)
        assert result.exception is None or isinstance(result.exception, SystemExit), (command, repr(result.exception))
        assert "Traceback" not in result.output
        found[" ".join(command)] = (result.exit_code, result.output.rstrip("\n").rpartition("\n")[2])
    made = build(folder)
    found["build"] = (made.status, "\n".join(made.messages))
    return found


def failed(found: dict[str, tuple[int, str]], named: str) -> dict[str, int]:
    """The commands that failed, each with the file's name and the fix, and their status."""
    for command, (status, message) in found.items():
        assert not status or (named in message and FIX in message), (command, message)
    return {command.partition(" rules")[0]: status for command, (status, _) in found.items() if status}


def test_a_text_that_is_not_utf_8(folder: Path) -> None:
    forge_version(open_record(folder / "record"), "rules", 1, "source", NO_TEXT)
    (name,) = (path.name for path in (folder / "record/rules").glob("1-*.md"))
    found = outcomes(folder)
    # What does not read the text goes on; `show` gives the bytes as they are.
    assert failed(found, f"record/rules/{name}:3:1: rules@1: its sealed text cannot be read: not UTF-8: byte 0xFF") == {
        "verify --reparse": 2, "diff": 2, "restore": 2, "redact": 2, "build": 1,
    }  # fmt: skip
    assert CliRunner().invoke(main, ["show", "rules@1"]).stdout_bytes == NO_TEXT


@pytest.mark.parametrize("number", [1, 2])
def test_a_tree_that_is_none(folder: Path, number: int) -> None:
    forge_version(open_record(folder / "record"), "rules", number, "tree", b"[]\n")
    (name,) = (path.name for path in (folder / "record/rules").glob(f"{number}-*.tree.json"))
    wrong = failed(
        outcomes(folder), f"record/rules/{name}: rules@{number}: its sealed tree cannot be read: it is not a tree"
    )
    assert wrong.keys() >= {"verify --reparse", "redact", "build"}


def test_a_note_that_is_not_utf_8(folder: Path) -> None:
    forge_note(open_record(folder / "record"), "second", b"\xff")
    (folder / "docs/changes/second.md").write_bytes(b"\xff")
    wrong = failed(outcomes(folder), "1:1: the sealed change note second cannot be read: not UTF-8: byte 0xFF")
    assert wrong == {"history": 2, "build": 1}


@pytest.mark.parametrize("name", ["ledger.jsonl", "rules/1-*.md", "rules/2-*.seal.json", "changes/*.md"])
def test_a_build_waits_for_nothing_that_is_no_file(folder: Path, name: str) -> None:
    path = next((folder / "record").glob(name))
    for put in (os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")):
        path.unlink()
        put(path)
        made = build(folder)
        assert (made.status, path.name in "".join(made.messages)) == (1, True), made.messages
        path.rename(folder / "put-away")
        (folder / "put-away").rmdir() if put is Path.mkdir else (folder / "put-away").unlink()
        path.touch()
