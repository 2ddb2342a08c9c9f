"""Builds after random edits, to sources, settings, cache and last site, have the bytes of builds from scratch."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from building import DAY, build
from posting import write_history

from engross.common import mode_of_files, processes
from engross.common.cache import FOLDER

pytestmark = pytest.mark.slow

SEEDS = 3
STEPS, ALL_STEPS = 3, 30
PARTS = (
    "## New part\n\nThe Data of the Term.",
    "- **“Period”** means a period of the Term.",
    "The Period begins. See [Use](agreement.md#use), Section 2 and the the Rules of Use.",
)
SWAPS = (
    ("title: Rules of Use", "title: Rules of Conduct"),
    ("precedence: [rules, agreement]", "precedence: [agreement, rules]"),
    (", numbering: true", ""),
    ("How to behave.", "How to act."),
)
OPTIONS = ("check: false", "formats: [html, md, akn]", "older_downloads: zip", "edition: draft", "link_terms: false")
ASSETS = ("a b.txt", "Größe ü.txt", "leer.bin", "img/deep/x.txt")


class Edits:
    """Random edits of a site in a folder; `outside` is a folder that links in its last build lead to."""

    def __init__(self, root: Path, seed: int) -> None:
        self.folder, self.outside, self.rng = root / "site folder", root / "outside", random.Random(seed)
        self.outside.mkdir()
        self.folder.mkdir()
        write_history(self.folder)
        self.config = (self.folder / "mkdocs.yml").read_text().replace("strict: true\n", "")
        self.options(OPTIONS[1])

    def options(self, chosen: str) -> None:
        text = self.config.replace("{engross: {check: false}}", f"{{engross: {{{chosen}}}}}")
        (self.folder / "mkdocs.yml").write_text(text)

    def edit(self) -> str:
        made = self.rng.choice(
            (self._text, self._text, self._settings, self._asset, self._cache, self._site, self._site)
        )
        return f"{made.__name__} {made()}"

    def _text(self) -> str:
        name = self.rng.choice(("agreement.md", "terms/rules.md", "index.md"))
        path = self.folder / "docs" / name
        times, parts = path.stat(), path.read_text().split("\n\n")
        at = self.rng.randrange(1, len(parts) + 1)
        parts[at:at] = [self.rng.choice(PARTS)] if len(parts) < 8 or self.rng.random() < 0.6 else []
        if at < len(parts) > 3 and self.rng.random() < 0.4:
            del parts[at]
        path.write_text("\n\n".join(parts))
        if self.rng.random() < 0.3:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        return name

    def _settings(self) -> str:
        if self.rng.random() < 0.4:
            chosen = self.rng.choice(OPTIONS)
            self.options(chosen)
            return chosen
        path, (one, other) = self.folder / "docs/documents.yml", self.rng.choice(SWAPS)
        text = path.read_text()
        head, _, rows = text.partition("documents:\n")
        lines = rows.splitlines(keepends=True)
        self.rng.shuffle(lines)
        changed = text.replace(one, other) if one in text else text.replace(other, one) if other else text
        path.write_text(changed if self.rng.random() < 0.7 else f"{head}documents:\n{''.join(lines)}")
        return one

    def _asset(self) -> str:
        path = self.folder / "docs" / self.rng.choice(ASSETS)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and self.rng.random() < 0.4:
            path.unlink()
        else:
            path.write_bytes(b"" if path.suffix == ".bin" else b"%d" % self.rng.randrange(3))
        return path.name

    def _cache(self) -> str:
        return self._damage(self.folder / FOLDER, 40)

    def _site(self) -> str:
        if self.rng.random() < 0.6:
            return self._damage(self.folder / "site", 8)
        folders = sorted(path for path in (self.folder / "site").rglob("*") if path.is_dir() and not path.is_symlink())
        for folder in self.rng.sample(folders, min(3, len(folders))):
            if folder.is_dir() and not any(one.is_symlink() for one in (folder, *folder.parents)):
                self._lead_out(folder)
        return "folders"

    def _damage(self, folder: Path, count: int) -> str:
        """Do the same to some files of a folder, without writing into files that others have links to."""
        damages: tuple[Callable[[Path], object], ...] = (
            Path.unlink,
            self._lead_out,
            lambda path: _replace(path, path.read_bytes()[:-1]),
            lambda path: _replace(path, b""),
            lambda path: _replace(path, path.read_bytes()[::-1]),
        )
        damage = self.rng.randrange(len(damages))
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        for path in self.rng.sample(paths, min(count, len(paths))):
            damages[damage](path)
        return f"{folder.name} {damage}"

    def _lead_out(self, path: Path) -> None:
        """Move a file or folder out, and put a link to it in its place."""
        out = self.outside / str(self.rng.random())
        shutil.move(path, out)
        path.symlink_to(out)


def _replace(path: Path, data: bytes) -> None:
    times = path.stat()
    path.unlink()
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def tree(folder: Path) -> dict[str, bytes | str]:
    """The bytes of all files of a folder by name; "link" for links to files."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink())
    return {path.relative_to(folder).as_posix(): "link" if path.is_symlink() else path.read_bytes() for path in found}


@pytest.mark.parametrize("seed", [pytest.param(one, marks=[pytest.mark.long] if one else []) for one in range(SEEDS)])
def test_random_edits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool, seed: int) -> None:
    monkeypatch.setenv(*next(iter(DAY.items())))
    monkeypatch.setattr(processes, "SMALLEST", 4)
    edits = Edits(tmp_path, seed)
    folder, aside = edits.folder, tmp_path / "aside"
    assert build(folder).status == 0
    done = []
    for _ in range(ALL_STEPS if whole else STEPS):
        done.append([edits.edit() for _ in range(edits.rng.randrange(1, 4))])
        outside, last = tree(edits.outside), tree(folder / "site")
        monkeypatch.setenv(processes.VARIABLE, "3")
        warm = build(folder)
        made = tree(folder / "site")
        assert tree(edits.outside) == outside, done
        aside.mkdir()
        for name in (FOLDER, "site"):
            (folder / name).rename(aside / Path(name).name)
        monkeypatch.setenv(processes.VARIABLE, "1")
        cold = build(folder)
        assert (warm.status, warm.messages) == (cold.status, cold.messages), done
        if warm.status:
            assert made == last, json.dumps(done)
        else:
            assert differing(made, tree(folder / "site")) == [], json.dumps(done)
        for name in (FOLDER, "site"):
            shutil.rmtree(folder / name, ignore_errors=True)
            (aside / Path(name).name).rename(folder / name)
        aside.rmdir()


def differing(one: dict[str, bytes | str], other: dict[str, bytes | str]) -> list[str]:
    """The names of files that are not the same."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def modes(folder: Path) -> dict[str, str]:
    """The permissions of all files and folders of a folder by name."""
    return {path.relative_to(folder).as_posix(): oct(path.lstat().st_mode) for path in sorted(folder.rglob("*"))}


def test_files_of_a_build_with_another_umask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server can read the site, though the last build was private."""
    monkeypatch.setenv(*next(iter(DAY.items())))
    folder, made = Edits(tmp_path, 0).folder, list[dict[str, str]]()
    before = os.umask(0o077)
    try:
        for mask in (0o077, 0o022):
            os.umask(mask)
            mode_of_files.cache_clear()
            assert build(folder).status == 0
            made.append(modes(folder / "site"))
        shutil.rmtree(folder / FOLDER)
        shutil.rmtree(folder / "site")
        assert build(folder).status == 0
    finally:
        os.umask(before)
        mode_of_files.cache_clear()
    assert made[0] != made[1] == modes(folder / "site")
