"""A command is killed at random moments.

How long it takes is measured first. Every other moment is drawn from all of that time; the others from the time after
a sign that it has begun to write what readers see, which is short.
"""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.site.building import DAY

POLL = 0.0005
PATIENCE = 120


@dataclass(frozen=True)
class Timed:
    """The seconds that a command takes until its first file, and from then to its end."""

    before: float
    after: float


@dataclass(frozen=True)
class Command:
    """A command, run in a folder, and the files by which it shows that it has begun to write: a pattern."""

    words: tuple[str, ...]
    sign: str

    def start(self, folder: Path) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        # What readers are shown is made for one day, whenever that is.
        return subprocess.Popen(self.words, cwd=folder, env=os.environ | DAY, stdout=quiet, stderr=quiet)

    def until_sign(self, child: subprocess.Popen[bytes], folder: Path) -> None:
        end = time.monotonic() + PATIENCE
        while child.poll() is None and not any(folder.glob(self.sign)):
            assert time.monotonic() < end, "the command does not end"
            time.sleep(POLL)

    def timed(self, folder: Path) -> Timed:
        """Run it without killing it."""
        start = time.monotonic()
        child = self.start(folder)
        self.until_sign(child, folder)
        sign = time.monotonic()
        assert child.wait(PATIENCE) == 0, f"{self.words} fails undisturbed"
        return Timed(sign - start, time.monotonic() - sign)

    def killed(self, folder: Path, moment: float, *, after_sign: bool) -> bool:
        """Kill it at a moment; return whether it was still running."""
        child = self.start(folder)
        try:
            if after_sign:
                self.until_sign(child, folder)
            time.sleep(moment)
        finally:
            running = child.poll() is None
            child.send_signal(signal.SIGKILL)
            child.wait()
        return running


def kill_often(
    command: Command, number: int, seed: int, usual: Timed, prepared: Callable[[], Path], left: Callable[[Path], str]
) -> int:
    """Kill a command so many times; `left` describes the result, and raises AssertionError if it is wrong."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    wrong = 0
    print(f"{' '.join(map(os.path.basename, command.words))}: {number} kills, seed {seed}; undisturbed it takes "
          f"{usual.before + usual.after:.2f} s, the last {usual.after:.3f} s after its sign")  # fmt: skip
    for count in range(number):
        folder = prepared()
        after_sign = count % 2 == 1
        moment = chance.uniform(0, usual.after if after_sign else usual.before + usual.after)
        running = command.killed(folder, moment, after_sign=after_sign)
        try:
            counts[left(folder) + ("" if running else " (it had ended)")] += 1
        except AssertionError as failure:
            wrong += 1
            print(f"kill {count + 1}, {moment:.4f} s after its {'sign' if after_sign else 'start'}: {failure}")
    for what, times in sorted(counts.items()):
        print(f"  left {what}: {times}")
    print(f"  left anything else: {wrong}")
    return 1 if wrong else 0
