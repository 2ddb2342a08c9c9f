"""Uses all cores for work on many documents without a cache: processes fill it, and this process reads from it.

So the results and their order are those of one process, whatever becomes of the others, and mistakes are reported where
they are found again. Processes are forks, because they need what is already read, and only where forking is safe: on
Linux, and in a process with one thread.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from engross.common.cache import Cache

VARIABLE = "ENGROSS_PROCESSES"
"""The variable of the environment with the number of processes; by default, that of the cores."""

SMALLEST = 32
"""With fewer items, one process is used. An item takes about 10 ms, and a fork 8 ms with 200 documents in memory."""

_SAMPLE = 4
_INTERRUPT = frozenset((signal.SIGINT,))
_Item = TypeVar("_Item")


def fill(
    cache: Cache, items: Sequence[_Item], is_kept: Callable[[_Item], bool], make: Callable[[_Item], object]
) -> None:
    """Have processes put into the `cache` what `make` computes for items; nothing if it is there for some of a sample.

    Returns when they have ended. An item whose `make` fails is left out. KeyboardInterrupt ends them all.
    """
    count = min(_processes(), len(items) // (SMALLEST // 2))
    if count < 2 or cache.folder is None or len(items) < SMALLEST:
        return
    if any(map(is_kept, items[:: len(items) // _SAMPLE])):
        return
    with suppress(Exception):
        make(items[0])  # what makes the others is read now, and shared
    running: list[int] = []
    # An interrupt between two forks would leave processes that nobody ends: it waits until all are known.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
    try:
        running.extend(_start(items[first::count], make) for first in range(1, count + 1))
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        while running:
            with suppress(ChildProcessError):
                os.waitpid(running[0], 0)
            del running[0]
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for process in running:
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _processes() -> int:
    return 1 if sys.platform != "linux" or threading.active_count() > 1 else wanted_processes()


def wanted_processes() -> int:
    """Return the number of processes that the environment asks for; by default, that of the cores."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted.isdecimal():
        return int(wanted)
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _start(items: Sequence[_Item], make: Callable[[_Item], object]) -> int:
    """Start a process that makes items, and return its id."""
    process = os.fork()
    if process:
        return process
    try:
        gc.disable()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)
        for item in items:
            # The first process finds the mistake again, and reports it in order.
            with suppress(Exception):
                make(item)
    finally:
        os._exit(0)
