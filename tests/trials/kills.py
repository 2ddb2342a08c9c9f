"""A release and a build are killed at random moments: what is left is the old or the new, and the next one succeeds.

How long a command takes is measured first. Every other moment is drawn from all of that time; the others from the
time after a sign that the command has begun to write what readers see, which is short.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.record.playing import Site, complaints, make_site
from tests.site.building import DAY, write_site

from engross.record.archive import JOURNAL
from engross.record.history import LEDGER
from engross.record.verify import verify

ENGROSS = str(Path(sys.executable).with_name("engross"))
BUILD = (sys.executable, "-m", "mkdocs", "build", "--quiet")
POLL = 0.0005
PATIENCE = 120
BETWEEN = "neither, put right by the next build"


@dataclass(frozen=True)
class Timed:
    """How long a command takes until it gives its sign, and from then to its end, in seconds."""

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
        """Run it undisturbed."""
        start = time.monotonic()
        child = self.start(folder)
        self.until_sign(child, folder)
        sign = time.monotonic()
        assert child.wait(PATIENCE) == 0, f"{self.words} fails undisturbed"
        return Timed(sign - start, time.monotonic() - sign)

    def killed(self, folder: Path, moment: float, *, after_sign: bool) -> bool:
        """Kill it at a moment; whether it was still running."""
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
    """Kill a command so many times; `left` says what it left, and raises AssertionError where that is nothing good."""
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


def changed_site(root: Path) -> Site:
    """A site posted long ago, with two changes that a release would post."""
    site = make_site(root)
    (root / "mkdocs.yml").write_text("site_name: Test\nplugins: [engross]\n", "utf-8")
    site.at(-300).post("agreement, rules, models, pricing", slug="first")
    site.edit("agreement.md", ("thirty days", "twenty days"))
    site.edit("rules.md", ("unlawful", "against the law"))
    site.note("agreement, rules", slug="second")
    return site


def after_release(old: bytes, wanted: int, folder: Path) -> str:
    """What a killed release left, once the next one has succeeded; `old` is the ledger before, `wanted` its next size."""
    site = Site(folder, datetime.now(UTC).replace(microsecond=0))
    record, problems = verify(site.folders.record)
    assert problems == [], f"the record does not verify: {problems}"
    ledger = (site.folders.record / LEDGER).read_bytes()
    assert ledger == old or (ledger.startswith(old) and len(record.entries) == wanted), "part of a release is there"
    interrupted = (site.folders.record / JOURNAL).exists()
    said = complaints(site.release)
    assert said == [], f"the next release fails: {said}"
    again, problems = verify(site.folders.record)
    assert problems == [], f"the record does not verify after the next release: {problems}"
    assert len(again.entries) == wanted, f"{len(again.entries)} entries after the next release"
    assert not (site.folders.record / JOURNAL).exists(), "the journal stays"
    for name in ("agreement", "rules"):
        text = next((site.folders.record / name).glob("2-*.md")).read_bytes()
        assert text == (folder / "docs" / f"{name}.md").read_bytes(), f"{name} was sealed otherwise"
    return ("the old record" if ledger == old else "the new record") + (", and a journal" if interrupted else "")


def kill_releases(number: int, seed: int, root: Path) -> int:
    site = changed_site(root / "prepared")
    old = (site.folders.record / LEDGER).read_bytes()
    folder = root / "killed"

    def prepared() -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(site.root, folder))

    command = Command((ENGROSS, "release"), f"record/{JOURNAL}")
    usual = command.timed(prepared())
    wanted = len(Site(folder).record.entries)
    return kill_often(command, number, seed, usual, prepared, partial(after_release, old, wanted))


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of a site; none where it is not there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def after_build(old: dict[str, bytes], new: dict[str, bytes], folder: Path) -> str:
    """What a killed build left, once the next one has succeeded."""
    site = folder / "site"
    found = files_of(site)
    known = "the old site" if found == old else "the new site" if found == new else ""
    # Between two renames the site lies whole under another name beside it.
    beside = [path for path in folder.glob(".site.*") if path.is_dir()]
    assert known or (not site.exists() and any(files_of(path) in (old, new) for path in beside)), "part of a site"
    done = subprocess.run(BUILD, cwd=folder, env=os.environ | DAY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the next build fails: {done.stderr}"
    assert files_of(site) == new, "the next build gives another site"
    assert not list(folder.glob(".site.*")), "the next build leaves folders behind"
    return (known or BETWEEN) + (", and a folder beside it" if beside and known else "")


def kill_builds(number: int, seed: int, folder: Path) -> int:
    write_site(folder)
    site = Site(folder)
    site.at(-300).post("agreement, rules, models", slug="first")
    # The sign is what is written last before the site is exchanged.
    command = Command(BUILD, ".site.*/search/search_index.json")
    command.timed(folder)
    shutil.copytree(folder / "site", folder.parent / "old")
    site.edit("index.md", ("# Home", "# New home"))
    site.edit("agreement.md", ("Day 1", "Day 2"))
    site.at(-200).post("agreement", slug="second")
    usual = command.timed(folder)
    old, new = files_of(folder.parent / "old"), files_of(folder / "site")
    assert len({*old.items(), *new.items()}) > len(new)

    def prepared() -> Path:
        shutil.rmtree(folder / "site")
        shutil.copytree(folder.parent / "old", folder / "site")
        return folder

    return kill_often(command, number, seed, usual, prepared, partial(after_build, old, new))


SUBJECTS = {"release": kill_releases, "build": kill_builds}


def run(what: str, number: int, seed: int) -> int:
    """Print what the kills of one command left; 1 where any left something between the old and the new."""
    with tempfile.TemporaryDirectory() as made:
        return SUBJECTS[what](number, seed, Path(made, "work"))
