"""A sample of each trial; `make trials` makes them whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = "5"


def trial(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.trials", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_tampering() -> None:
    (everything,) = re.findall(
        r"^all +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$", trial("tampering", "--sample"), re.MULTILINE
    )
    tried, verified, against, allowed, missed = map(int, everything)
    assert (tried, missed) == (verified + against + allowed, 0)
    assert verified > 200
    assert against


@pytest.mark.slow
@pytest.mark.parametrize(("what", "number"), [("release", 4), ("build", 2)])
def test_kills(what: str, number: int) -> None:
    said = trial("kills", what, str(number), SEED)
    left = dict(re.findall(r"^  left (.+): (\d+)$", said, re.MULTILINE))
    assert left.pop("anything else") == "0"
    assert sum(map(int, left.values())) == number


def test_unknown_trial() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.trials", "kills"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m tests.trials ")
