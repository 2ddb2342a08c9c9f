"""The tutorial's commands and outputs are those of today."""

from pathlib import Path

import pytest
from tutorial import PAGE, played

pytestmark = pytest.mark.long

COMMANDS = {"init", "check", "change new", "review", "release", "diff", "verify", "history"}


@pytest.mark.slow
def test_every_command_of_the_tutorial_gives_what_the_page_shows(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"$ engross {command}" in text for command in COMMANDS)
    assert played(text, tmp_path) == text, "run: make reference"
    # It ends with a posted change, built.
    assert (tmp_path / "my-terms/site/agreement/versions/2/from-1/index.html").is_file()


def test_an_output_that_differs_is_written_anew(tmp_path: Path) -> None:
    page = "```console\n$ echo one\ntwo\n$ echo 2026-11-28 10:00\n2026-11-27 09:30\n```\n"
    assert played(page, tmp_path) == page.replace("two", "one")


def test_an_edit_that_fits_nowhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old\n")
    with pytest.raises(AssertionError, match=r"a\.md has these lines 0 times"):
        played('```diff title="a.md"\n-other\n+new\n```\n', tmp_path)
    played('```diff title="a.md"\n-old\n+new\n```\n', tmp_path)
    assert (tmp_path / "a.md").read_text() == "new\n"
