"""A release that is killed at any step, or two at once: the record is the old or the new one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.record.history import LEDGER
from engross.record.journal import Step, locked
from engross.record.sealed_files import FOR_GIT, JOURNAL
from engross.record.verification import interruption, verify

from .histories import redact
from .killing import changed_site, full_at, half_done
from .playing import AGREEMENT, RULES, complaints, make_site, posted_site

ROOT = Path(__file__).parents[2]


class Killed(BaseException):
    """The process is killed here: none of its own code runs any more."""


def killed_at(number: int, *, during: bool) -> Callable[[Step], None]:
    """Runs the steps before one; then half of that one where `during`."""
    count = iter(range(1000))

    def run(step: Step) -> None:
        if next(count) < number:
            step[1]()
            return
        if during:
            half_done(step)
        raise Killed

    return run


def names_of_steps(root: Path) -> list[str]:
    names: list[str] = []

    def run(step: Step) -> None:
        names.append(step[0])
        step[1]()

    changed_site(root).release(run)
    return names


def test_steps(tmp_path: Path) -> None:
    names = names_of_steps(tmp_path)
    assert names[0] == "write the journal"
    assert [name.split("/")[0] for name in names[1:-3]] == [
        *["write agreement"] * 3,
        *["write rules"] * 3,
        *["write changes"] * 2,
    ]
    assert names[-3:] == ["prepare the ledger", "replace the ledger", "empty the journal"]


@pytest.mark.parametrize("during", [False, True])
@pytest.mark.parametrize("number", range(12))
def test_killed_at_each_step(tmp_path: Path, same_salt: None, number: int, during: bool) -> None:
    site = changed_site(tmp_path)
    before = site.files()
    with pytest.raises(Killed):
        site.release(killed_at(number, during=during))
    record, problems = verify(site.folders.record, site.now)
    assert problems == []
    done = number == 11 or (number == 10 and during)
    assert len(record.entries) == (7 if done else 5)
    assert (site.files()[LEDGER] == before[LEDGER]) != done
    assert len(site.release()) == (0 if done else 2)
    untouched = changed_site(tmp_path / "untouched")
    untouched.release()
    assert site.files() == untouched.files()


@pytest.mark.parametrize("number", range(17))
def test_first_release_killed(tmp_path: Path, number: int) -> None:
    """Sealed files without a ledger are never ignored: a person confirms that nothing was posted by deleting them."""
    site = make_site(tmp_path)
    site.note("agreement, rules, models, pricing")
    with pytest.raises(Killed):
        site.release(killed_at(number, during=True))
    record, problems = verify(site.folders.record, site.now)
    if number < 3:
        assert (record.entries, problems) == ((), []), "the journal, and the files for git"
    elif number < 15:
        (found,) = problems
        assert (site.folders.record / JOURNAL).exists()
        advice = f"delete the folder {tmp_path.as_posix()}/record, and release again"
        assert found.message.endswith(
            f"If nothing was ever posted, a first release was interrupted before it wrote the ledger: {advice}"
        )
        assert complaints(site.release) == [str(found)]
        shutil.rmtree(site.folders.record)
    assert len(site.release()) == (5 if number < 15 else 0)
    assert {name for name in site.files() if name.startswith(".")} == set(FOR_GIT)
    assert verify(site.folders.record)[1] == []


@pytest.mark.parametrize("number", range(16))
def test_full_disk_at_the_first_release(tmp_path: Path, number: int) -> None:
    site = make_site(tmp_path)
    site.note("agreement, rules, models, pricing")
    (message,) = complaints(lambda: site.release(full_at(number)))
    if number == 15:
        assert "it was released, but a file could not be written" in message
        return
    assert message.endswith("the record is unchanged, since it cannot be written: no space left on device")
    assert set(site.files()) <= set(FOR_GIT)
    assert len(site.release()) == 5


@pytest.mark.parametrize("number", range(12))
def test_nothing_to_post_after_all(tmp_path: Path, number: int) -> None:
    """A killed release whose change is then undone leaves nothing behind."""
    site = changed_site(tmp_path)
    before = site.files()
    with pytest.raises(Killed):
        site.release(killed_at(number, during=False))
    if number == 11:
        return
    if number:
        assert interruption(site.record) is not None
    site.write("agreement.md", AGREEMENT)
    site.write("rules.md", RULES)
    (site.folders.notes / "second.md").unlink()
    assert site.release() == ()
    assert site.files() == before
    assert interruption(site.record) is None


def test_killed_and_then_refused(tmp_path: Path) -> None:
    """The files of a killed release stay listed while later releases fail."""
    site = changed_site(tmp_path)
    with pytest.raises(Killed):
        site.release(killed_at(4, during=True))
    (site.folders.notes / "second.md").unlink()
    assert complaints(site.release)
    assert verify(site.folders.record)[1] == []


@pytest.mark.parametrize("number", range(11))
def test_redaction_killed(tmp_path: Path, number: int) -> None:
    """A redaction removes files, after the ledger no longer lists them."""
    site = posted_site(tmp_path)
    site.at(5).edit("rules.md", ("unlawful.", "unlawful. Call 555-1234."))
    site.post("rules", slug="number")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engross.record.posting.sealing._do", killed_at(number, during=False))
        try:
            redact(site, "555-1234", 6)
        except Killed:
            assert number < 10
    assert verify(site.folders.record)[1] == []
    site.at(7).note("pricing")
    site.write("rules.md", site.read("rules.md").replace("555-1234", "[redacted]"))
    if number < 6:
        site.note("rules")
    site.release()
    assert verify(site.folders.record)[1] == []
    assert not (site.folders.record / JOURNAL).exists()


@pytest.mark.long
@pytest.mark.slow
def test_really_killed(tmp_path: Path) -> None:
    """A process that is killed at any moment leaves the old record or the new one."""
    code = (
        "import sys, time; from pathlib import Path; from tests.record.playing import Site, day\n"
        "def slowly(step):\n    print(step[0], flush=True); step[1](); time.sleep(0.02)\n"
        "Site(Path(sys.argv[1]), day(1)).release(slowly)"
    )
    chance = random.Random(5)
    for number in range(3):
        site = changed_site(tmp_path / str(number))
        child = subprocess.Popen([sys.executable, "-c", code, str(site.root)], cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"write the journal\n"
        time.sleep(chance.uniform(0, 0.2))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        record, problems = verify(site.folders.record)
        assert problems == []
        assert len(record.entries) in (5, 7)
        assert len(record.entries) + len(site.release()) == 7
        assert not (site.folders.record / JOURNAL).exists()
        assert verify(site.folders.record)[1] == []


def test_two_at_once(tmp_path: Path) -> None:
    site = changed_site(tmp_path)
    under_way, go_on = threading.Event(), threading.Event()

    def run(step: Step) -> None:
        under_way.set()
        assert go_on.wait(30)
        step[1]()

    first = threading.Thread(target=lambda: site.release(run))
    first.start()
    assert under_way.wait(30)
    (message,) = complaints(site.release)
    assert message.endswith("record: another release is running; wait for it to end, then release again")
    assert verify(site.folders.record)[1] == []
    go_on.set()
    first.join()
    assert len(site.record.entries) == 7
    assert site.release() == ()


def test_lock_taken_away_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock whose file was deleted during the wait guards nothing."""
    real = os.open

    def open_and_lose(path: Path, *args: int) -> int:
        handle = real(path, *args)
        Path(path).unlink()
        return handle

    monkeypatch.setattr(os, "open", open_and_lose)
    with pytest.raises(EngrossError, match="another release is running"), locked(tmp_path / "record"):
        pass
