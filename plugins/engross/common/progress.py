"""Shows on a terminal how far a long step is, in one line of standard error that is removed at its end.

Nothing is shown of a command's first two seconds, nor where standard error is a file or a pipe. Only programs ask for
it (`show_progress`), so the library prints nothing by itself.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import TextIO, TypeVar

from engross.common.values import value_class

QUIET = 2.0
"""The seconds after which progress is shown, counted from `show_progress`."""

_APART = 0.1
"""The seconds between two changes of the line."""

_CLEAR = "\r\x1b[K"
_Item = TypeVar("_Item")


@value_class
class _Terminal:
    """Where progress is shown: nowhere without a stream. `shown` is the time of the last change of the line."""

    stream: TextIO | None = None
    began: float = 0.0
    shown: float = 0.0
    steps: list[Steps] = field(default_factory=list)


_terminal = _Terminal()


def show_progress(stream: TextIO) -> None:
    """Show the progress of later steps on a stream, if that is a terminal."""
    _terminal.stream = stream if stream.isatty() else None
    _terminal.began, _terminal.shown = time.monotonic(), 0.0
    _terminal.steps.clear()


def show_no_progress() -> None:
    """Show nothing in this process, which is one of several."""
    _terminal.stream, _terminal.shown = None, 0.0


@value_class(eq=False)
class Steps:
    """A step of so many parts: "Reading documents: 12 of 200". A step within another one is not shown."""

    what: str
    total: int
    done: int = 0

    def advance(self, count: int = 1) -> None:
        """Note that parts are done."""
        self.done += count
        if _terminal.stream is None or _terminal.steps[0] is not self:
            return
        now = time.monotonic()
        if now - _terminal.began >= QUIET and now - _terminal.shown >= _APART:
            _terminal.shown = now
            _write(f"{_CLEAR}{self.what}: {self.done:,} of {self.total:,}")

    def end(self) -> None:
        """Remove the line, unless this step is within another one or has ended."""
        if self in _terminal.steps:
            _terminal.steps.remove(self)
            if not _terminal.steps and _terminal.shown:
                _terminal.shown = 0.0
                _write(_CLEAR)


def begin_steps(what: str, total: int) -> Steps:
    """Begin a step of so many parts, which must be ended."""
    _terminal.steps.append(Steps(what, total))
    return _terminal.steps[-1]


@contextmanager
def steps(what: str, total: int) -> Iterator[Steps]:
    """Show a step of so many parts while the block runs; call `advance` for each part."""
    step = begin_steps(what, total)
    try:
        yield step
    finally:
        step.end()


def tracked(what: str, items: Sequence[_Item]) -> Generator[_Item]:
    """Iterate over items, and show how many are done."""
    with steps(what, len(items)) as step:
        for item in items:
            yield item
            step.advance()


@contextmanager
def kept_progress() -> Iterator[None]:
    """Show later steps as before, whatever the block shows or hides: it runs a command within another one."""
    stream, began, shown, begun = _terminal.stream, _terminal.began, _terminal.shown, [*_terminal.steps]
    try:
        yield
    finally:
        _terminal.stream, _terminal.began, _terminal.shown = stream, began, shown
        _terminal.steps[:] = begun


def _write(text: str) -> None:
    if _terminal.stream is not None:
        _terminal.stream.write(text)
        _terminal.stream.flush()
