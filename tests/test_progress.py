"""Progress is one line on a terminal, and nothing anywhere else."""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from engross.cli import main
from engross.common import progress, show_progress, steps, tracked
from engross.corpus import read_project
from engross.drafting import check_subjects, project_subjects


class Terminal(io.StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time, which tests move by hand; afterwards nothing is shown."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    yield now
    show_progress(io.StringIO())


def run(stream: io.StringIO, seconds: list[float], apart: float = 1.0) -> str:
    show_progress(stream)
    for _ in tracked("Reading documents", range(4)):
        seconds[0] += apart
        for _ in tracked("Within", range(3)):
            pass
    return stream.getvalue()


def test_a_step_is_shown_after_two_seconds_and_removed_at_its_end(seconds: list[float]) -> None:
    shown = run(Terminal(), seconds).split("\r\x1b[K")
    assert shown == ["", *(f"Reading documents: {done} of 4" for done in (2, 3, 4)), ""]


def test_nothing_is_shown_of_short_steps_and_in_files(seconds: list[float]) -> None:
    assert run(Terminal(), seconds, apart=0.4) == ""
    assert run(io.StringIO(), seconds) == ""


def test_the_line_changes_ten_times_a_second(seconds: list[float]) -> None:
    terminal = Terminal()
    show_progress(terminal)
    seconds[0] += 5
    with steps("Sealing texts", 20_000) as step:
        for _ in range(20_000):
            seconds[0] += 0.0001
            step.advance()
    assert 15 <= terminal.getvalue().count("Sealing texts") <= 21
    assert "of 20,000" in terminal.getvalue()


def test_a_step_that_fails_leaves_no_line(seconds: list[float]) -> None:
    terminal = Terminal()
    show_progress(terminal)
    reading = tracked("Reading", range(2))
    next(reading)
    seconds[0] += 5
    next(reading)
    with pytest.raises(ValueError, match="it fails"):
        reading.throw(ValueError("it fails"))
    assert terminal.getvalue() == "\r\x1b[KReading: 1 of 2\r\x1b[K"


def test_a_check_shows_what_it_reads_and_which_rules_it_applies(
    seconds: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "QUIET", 0.0)
    monkeypatch.setattr(progress, "_APART", 0.0)
    (tmp_path / "a.md").write_text("# A\n\n“Fees” means the fees. See Section 1.\n", "utf-8")
    sets = "sets:\n  - {id: s, title: S, agreement: a}\n"
    documents = "documents:\n  - {id: a, title: A, kind: agreement, file: a.md}\n"
    (tmp_path / "documents.yml").write_text(sets + documents, "utf-8")
    show_progress(terminal := Terminal())
    project = read_project(tmp_path)
    check_subjects(project_subjects(project))
    shown = re.findall(r"([A-Z][a-z ]+): ", terminal.getvalue())
    wanted = ["Reading documents", "Finding references", "Finding uses of terms", "Applying rules"]
    assert list(dict.fromkeys(shown)) == wanted


def test_commands_show_progress_on_standard_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []
    monkeypatch.setattr("engross.cli.show_progress", lambda stream: asked.append(stream is sys.stderr))
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(main, ["check", "."])
    assert asked == [True]


def test_a_command_within_another_one_leaves_its_progress(seconds: list[float]) -> None:
    terminal = Terminal()
    show_progress(terminal)
    with steps("Running commands", 3) as step:
        for _ in range(3):
            with progress.kept_progress():
                show_progress(io.StringIO())
                for _ in tracked("Within", range(3)):
                    seconds[0] += 1
            step.advance()
    assert terminal.getvalue().split("\r\x1b[K") == ["", *(f"Running commands: {done} of 3" for done in (1, 2, 3)), ""]
