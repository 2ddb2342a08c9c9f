"""Progress is one line on a terminal, and nothing anywhere else."""

import io
from collections.abc import Iterator

import pytest

from engross.common import progress, show_progress, steps, tracked


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
