"""Kills a release and a build at random: the result is the old or the new state, and the next run succeeds."""

import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest import mock

from tests.record.playing import Site, complaints, make_site
from tests.site.building import DAY, build, write_site
from tests.templates_once import compile_once, list_once
from tests.trials.killing import Command, kill_often

from engross.record.history import LEDGER
from engross.record.sealed_files import JOURNAL
from engross.record.verification import verify

ENGROSS = str(Path(sys.executable).with_name("engross"))
BUILD = (sys.executable, "-m", "mkdocs", "build", "--quiet")
BETWEEN = "neither, repaired by the next build"


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
    """The result of a killed release after the next succeeded; `old` is the ledger before, `wanted` its next size."""
    site = Site(folder, datetime.now(UTC).replace(microsecond=0))
    record, problems = verify(site.folders.record)
    assert problems == [], f"the record does not verify: {problems}"
    ledger = (site.folders.record / LEDGER).read_bytes()
    assert ledger == old or (ledger.startswith(old) and len(record.entries) == wanted), "part of a release is there"
    interrupted = (site.folders.record / JOURNAL).exists()
    output = complaints(site.release)
    assert output == [], f"the next release fails: {output}"
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
    """The result of a killed build, after the next one has succeeded."""
    site = folder / "site"
    found = files_of(site)
    known = "the old site" if found == old else "the new site" if found == new else ""
    # Between two renames the site lies whole under another name beside it.
    beside = [path for path in folder.glob(".site.*") if path.is_dir()]
    assert known or (not site.exists() and any(files_of(path) in (old, new) for path in beside)), "part of a site"
    done = build(folder)
    assert done.status == 0, f"the next build fails: {done.messages}"
    assert files_of(site) == new, "the next build gives another site"
    assert not list(folder.glob(".site.*")), "the next build leaves folders behind"
    return (known or BETWEEN) + (", and a folder beside it" if beside and known else "")


def kill_builds(number: int, seed: int, folder: Path) -> int:
    write_site(folder)
    site = Site(folder)
    site.at(-300).post("agreement, rules, models", slug="first")
    # The sign is what is written last before the site is exchanged.
    command = Command(BUILD, ".site.*/search/search_index.json")
    assert build(folder).status == 0
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
    """Print the results of killing one command; return 1 if any is neither the old nor the new state."""
    with tempfile.TemporaryDirectory() as made:
        # Builds that are not killed run in this process, where the theme's templates are compiled once.
        compile_once()
        list_once()
        with mock.patch.dict(os.environ, DAY):
            return SUBJECTS[what](number, seed, Path(made, "work"))
