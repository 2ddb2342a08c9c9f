"""Uses all cores for work on many items: other processes compute, and this process collects the results.

So the results and their order are those of one process, even if others fail, and mistakes are reported where they
are found again. Processes are forks, because they need what is already read, and only where forking is safe: on
Linux, and in a process with one thread.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from engross.common.cache import Cache
from engross.common.errors import EngrossError, error
from engross.common.message_format import shown
from engross.common.progress import show_no_progress, steps

VARIABLE = "ENGROSS_PROCESSES"
"""The variable of the environment with the number of processes; by default, that of the cores."""

SMALLEST = 32
"""With fewer items, one process is used. An item takes about 10 ms, and a fork 8 ms with 200 documents in memory."""

_MOST = 256
"""The most processes that can be asked for."""

_SAMPLE = 4
_INTERRUPT = frozenset((signal.SIGINT,))
_LENGTH = 8
_READ = 1 << 16
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def fill(
    cache: Cache, items: Sequence[_Item], is_kept: Callable[[_Item], bool], make: Callable[[_Item], _Result], what: str
) -> Mapping[int, _Result]:
    """Have processes put into the `cache` what `make` computes for items; nothing if it is there for some of a sample.

    This process makes its share, and returns it by the index of the item, so that it need not read it from the cache.
    All processes have ended by then. An item whose `make` fails is left out. KeyboardInterrupt ends them all. `what` is
    shown as progress.
    """
    count = processes_for(items)
    if count < 2 or cache.folder is None or any(map(is_kept, items[:: len(items) // _SAMPLE])):
        return {}
    own: dict[int, _Result] = {}

    def make_own(index: int) -> None:
        with suppress(Exception):
            own[index] = make(items[index])

    def make_other(item: _Item) -> bytes:
        make(item)
        return b""

    make_own(0)  # what makes the others is read now, and shared
    others = [items[first::count] for first in range(1, count)]
    with steps(what, len(items)) as step, _processes(others, make_other) as pipes:
        step.advance()
        for index in range(count, len(items), count):
            make_own(index)
            step.advance()
        for _ in _results(pipes):
            step.advance()
    return own


def processes_for(items: Sequence[object]) -> int:
    """Return how many processes should share work on items: 1 where several do not pay or are not safe."""
    if len(items) < SMALLEST or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(wanted_processes(), len(items) // (SMALLEST // 2))


def wanted_processes() -> int:
    """Return the number of processes that the environment asks for; by default, that of the cores.

    Raises EngrossError if it asks for anything else than a number.
    """
    wanted = os.environ.get(VARIABLE, "")
    if not wanted:
        return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    # `int` would also accept signs, spaces and digits of other scripts.
    if wanted.isascii() and wanted.isdecimal() and len(wanted) <= len(str(_MOST)) and 1 <= int(wanted) <= _MOST:
        return int(wanted)
    message = (
        f"must be a whole number from 1 to {_MOST}, not {shown(wanted)!r}; correct it, or unset it to use all cores"
    )
    raise EngrossError([error("environment", VARIABLE, 0, 0, message)])


def spread(parts: Sequence[Sequence[_Item]], make: Callable[[_Item], bytes], what: str) -> Iterator[bytes]:
    """Yield what a process for each of the parts computes of its items, as it comes; `what` is shown as progress.

    An item whose `make` fails is left out, and so are those of a process that is killed. All processes have ended when
    the iterator has, or is closed.
    """
    with _processes(parts, make) as pipes, steps(what, sum(map(len, parts))) as step:
        for data in _results(pipes):
            step.advance()
            yield from filter(None, [data])


@contextmanager
def _processes(parts: Sequence[Sequence[_Item]], make: Callable[[_Item], bytes]) -> Iterator[list[int]]:
    """Run a process for each of the parts, and end it with the block; yields the pipes that they write to.

    Where the system starts no more processes, the other parts are left out.
    """
    running: dict[int, int] = {}
    # An interrupt between two forks would leave processes that nobody ends: it waits until all are known.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
    try:
        with suppress(OSError):
            for part in parts:
                _start(part, make, running)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield list(running)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for pipe, process in running.items():
            os.close(pipe)
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(process, 0)


def _start(items: Sequence[_Item], make: Callable[[_Item], bytes], running: dict[int, int]) -> None:
    """Start a process that makes items, and add it to those that are running, by the pipe that it writes to.

    Raises OSError if the system starts no more processes.
    """
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if process:
        os.close(writing)
        running[reading] = process
        return
    try:
        gc.disable()
        show_no_progress()
        for pipe in (reading, *running):
            os.close(pipe)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)
        with open(writing, "wb") as pipe_file:
            for item in items:
                data = b""
                # The first process finds the mistake again, and reports it in order.
                with suppress(Exception):
                    data = make(item)
                pipe_file.write(len(data).to_bytes(_LENGTH, "big") + data)
                pipe_file.flush()
    finally:
        os._exit(0)


def _results(pipes: Sequence[int]) -> Iterator[bytes]:
    """Yield each result that processes write to pipes, until all have closed theirs."""
    with selectors.DefaultSelector() as selector:
        buffers = {pipe: bytearray() for pipe in pipes}
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            for ready, _ in selector.select():
                buffer = buffers[ready.fd]
                data = os.read(ready.fd, _READ)
                if not data:
                    selector.unregister(ready.fd)
                buffer += data
                while (result := _next(buffer)) is not None:
                    yield result


def _next(buffer: bytearray) -> bytes | None:
    """Take the first whole result from a buffer; None if there is none."""
    end = _LENGTH + int.from_bytes(buffer[:_LENGTH], "big")
    if len(buffer) < max(end, _LENGTH):
        return None
    result = bytes(buffer[_LENGTH:end])
    del buffer[:end]
    return result
