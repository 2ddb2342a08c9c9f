"""A sample of each trial; `make trials` makes them whole."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.trials.__main__ import main

ROOT = Path(__file__).parents[2]
SEED = "5"


@pytest.fixture
def trial(capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Make a trial as its command does, in this process, and give what it prints."""

    def printed(*words: str) -> str:
        status = main(list(words))
        output = capfd.readouterr()
        assert status == 0, output.out + output.err
        return output.out

    return printed


@pytest.mark.long
def test_tampering(trial: Callable[..., str]) -> None:
    (everything,) = re.findall(
        r"^all +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$", trial("tampering", "--sample"), re.MULTILINE
    )
    tried, verified, against, allowed, missed = map(int, everything)
    assert (tried, missed) == (verified + against + allowed, 0)
    assert verified > 200
    assert against


@pytest.mark.long
def test_forgeries(trial: Callable[..., str]) -> None:
    output = trial("forge", "20", SEED)
    rows = re.findall(r"^(forge_\w+) +(read|refused by verify) +(\d+)$", output, re.MULTILINE)
    assert len({name for name, _, _ in rows}) == 5
    assert {outcome for _, outcome, _ in rows} == {"read", "refused by verify"}
    assert sum(int(number) for _, _, number in rows) == 20


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize(("what", "number"), [("release", 2), ("build", 2)])
def test_kills(trial: Callable[..., str], what: str, number: int) -> None:
    output = trial("kills", what, str(number), SEED)
    left = dict(re.findall(r"^  left (.+): (\d+)$", output, re.MULTILINE))
    assert left.pop("anything else") == "0"
    assert sum(map(int, left.values())) == number


def test_unknown_trial() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.trials", "kills"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m tests.trials ")
