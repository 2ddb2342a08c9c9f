"""The exchange of a finished build and the site: both are complete, and killed builds leave nothing."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from engross.site import staging
from engross.site.staging import Staging, recover


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("old")
    (folder / "old.html").write_text("old")
    (folder / ".hidden").write_text("theirs")
    (folder / "kept/deep").mkdir(parents=True)
    (folder / "kept/deep/a.html").write_text("kept")
    return folder


def config_of(site: Path) -> MkDocsConfig:
    config = MkDocsConfig()
    config.site_dir = str(site)
    config.strict = False
    return config


def build(site: Path) -> Staging:
    made = Staging(config_of(site))
    folder = Path(made._config.site_dir)
    assert folder != site
    (folder / "index.html").write_text("new")
    made.keep(["kept"], never)
    return made


def never() -> None:
    raise AssertionError("what is kept is not written")


def files(site: Path) -> dict[str, str]:
    return {path.relative_to(site).as_posix(): path.read_text() for path in sorted(site.rglob("*")) if path.is_file()}


NEW = {"index.html": "new", ".hidden": "theirs", "kept/deep/a.html": "kept"}
OLD = {"index.html": "old", "old.html": "old", ".hidden": "theirs", "kept/deep/a.html": "kept"}


@pytest.mark.parametrize("exchange", [True, False])
def test_the_finished_build_takes_the_place_of_the_site(
    site: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(staging, "_exchanged", lambda *_: False)
    build(site).publish()
    assert files(site) == NEW
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_build_that_fails_changes_nothing(site: Path) -> None:
    build(site).discard()
    assert files(site) == OLD
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_the_first_build_makes_the_site(tmp_path: Path) -> None:
    made = Staging(config_of(tmp_path / "site"))
    Path(made._config.site_dir, "index.html").write_text("new")
    made.publish()
    assert files(tmp_path / "site") == {"index.html": "new"}


def test_a_link_to_the_site_stays_one(site: Path, tmp_path: Path) -> None:
    link = tmp_path / "public"
    link.symlink_to(site)
    build(link).publish()
    assert link.is_symlink()
    assert files(site) == NEW


def test_folders_of_builds_that_died_are_removed_and_those_of_others_stay(site: Path) -> None:
    dead, alive = site.with_name(f".site.{'a' * 16}.new"), site.with_name(f".site.{'b' * 16}.new")
    for folder in (dead, alive):
        folder.mkdir()
    lock = staging._locked(alive)
    assert lock is not None
    site.with_name(f".site.{'c' * 16}.old").mkdir()
    recover(site)
    os.close(lock)
    assert sorted(path.name for path in site.parent.iterdir()) == [alive.name, "site"]


@pytest.mark.parametrize("step", ["before", "between", "after"])
def test_killed_around_the_renames(site: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Between the two renames the old site is whole beside its place, and the next build puts it back."""

    class Killed(BaseException):
        pass

    def rename(self: Path, target: Path) -> None:
        done.append(target)
        if step == "before" or (step == "between" and len(done) == 2):
            raise Killed
        os.rename(self, target)
        if step == "after" and len(done) == 2:
            raise Killed

    done: list[Path] = []
    monkeypatch.setattr(staging, "_exchanged", lambda *_: False)
    made = build(site)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(Killed):
            made.publish()
    assert made._lock is not None
    os.close(made._lock)  # as the system does when a process ends
    recover(site)
    assert files(site) == (NEW if step == "after" else OLD)
    assert [path.name for path in site.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("how", ["fails", "is killed"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_stopped_while_folders_are_moved(site: Path, monkeypatch: pytest.MonkeyPatch, step: int, how: str) -> None:
    """The folders that were moved are put back, by the build itself or by the next one."""

    class Killed(BaseException):
        pass

    def stop(at: int) -> None:
        done.append(at)
        if len(done) == step:
            raise Killed

    def move(source: str, target: str) -> None:
        stop(1)
        rename(source, target)

    rename, done = staging._rename, list[int]()
    (site / "other").mkdir()
    (site / "other/b.html").write_text("kept")
    made = build(site)
    made.keep(["kept/deep", "other"], never)
    with monkeypatch.context() as patch:
        patch.setattr(staging, "_rename", move)
        patch.setattr(staging, "_swap", lambda *_: stop(3))
        if how == "is killed":
            patch.setattr(staging, "_restore", lambda *_: None)
        with pytest.raises(Killed):
            made.publish()
    if how == "is killed":
        assert made._lock is not None
        os.close(made._lock)
        recover(site)
    else:
        made.discard()
    assert files(site) == OLD | {"other/b.html": "kept"}
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_folder_that_cannot_be_moved_is_linked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def move(_source: str, _target: str) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(staging, "_rename", move)
    build(site).publish()
    assert files(site) == NEW
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_what_links_in_the_site_lead_to_stays(site: Path, tmp_path: Path) -> None:
    """Its content is copied, and changes to the site do not reach it."""
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "sub/deep").mkdir(parents=True)
    for name in ("sub/deep/b.html", "file.txt"):
        (elsewhere / name).write_text("theirs")
    before = {path: path.stat().st_ino for path in sorted(elsewhere.rglob("*"))}
    (site / "linked").symlink_to(elsewhere)
    (site / "whole").symlink_to("../elsewhere/sub")
    (site / "alone.txt").symlink_to(elsewhere / "file.txt")
    made = build(site)
    made.keep(["linked/sub", "linked/file.txt", "whole", "alone.txt"], never)
    made.publish()
    assert {path: path.stat().st_ino for path in sorted(elsewhere.rglob("*"))} == before
    copies = ("linked/sub/deep/b.html", "linked/file.txt", "whole/deep/b.html", "alone.txt")
    assert files(site) == NEW | dict.fromkeys(copies, "theirs")
    assert [path for path in site.rglob("*") if path.is_symlink()] == []
    for name in copies:
        (site / name).write_text("ours")
    assert set(files(elsewhere).values()) == {"theirs"}


def test_a_list_of_moved_folders_leads_into_no_link(site: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (site / "linked").symlink_to(tmp_path / "elsewhere")
    dead = site.with_name(f".site.{'a' * 16}.new")
    (dead / "linked/kept").mkdir(parents=True)
    dead.with_suffix(".moved").write_text("linked/kept")
    recover(site)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("other", ["a build", "somebody"])
def test_what_is_no_longer_kept_is_written(site: Path, other: str) -> None:
    """Another build has replaced the site meanwhile, or its files were removed."""
    made = build(site)
    folder = Path(made._config.site_dir)

    def write() -> None:
        for name in ("other/b.html", "c.txt"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("written")

    (site / "other").mkdir()
    for name in ("other/b.html", "c.txt"):
        (site / name).write_text("kept")
    made.keep(["other", "c.txt"], write)
    if other == "a build":
        build(site).publish()
        (site / "other").mkdir()
        (site / "other/old.html").write_text("of another")
    else:
        (site / "c.txt").unlink()
    made._kept.pop(0)
    made.publish()
    left = {"index.html": "new", ".hidden": "theirs"}
    assert files(site) == left | {"other/b.html": "written", "c.txt": "written"}


def test_a_file_that_another_build_left_out_is_copied(site: Path) -> None:
    (site / "same.txt").write_text("same")
    made = build(site)
    file = File("same.txt", None, made._config.site_dir, use_directory_urls=True)
    file.content_string = "same"
    made.keep_files([file])
    file.copy_file()
    made._kept.pop(0)
    build(site).publish()
    made.publish()
    assert files(site) == {"index.html": "new", ".hidden": "theirs", "same.txt": "same"}


def test_a_kept_folder_with_files_of_the_build_has_both(site: Path) -> None:
    made = build(site)
    Path(made._config.site_dir, "kept").mkdir()
    Path(made._config.site_dir, "kept/new.html").write_text("new")
    made.publish()
    assert files(site) == NEW | {"kept/new.html": "new"}


@pytest.mark.parametrize("names", ["../outside", "kept/../../outside"])
def test_a_list_of_moved_folders_names_none_outside_of_the_site(site: Path, names: str) -> None:
    dead = site.with_name(f".site.{'a' * 16}.new")
    (dead / "kept").mkdir(parents=True)
    dead.with_suffix(".moved").write_text(names)
    (site.parent / ".outside").mkdir()
    recover(site)
    assert files(site) == OLD
    assert sorted(path.name for path in site.parent.iterdir()) == [".outside", "site"]


@pytest.mark.parametrize("content", ["", "/", "\0\0..", "none", "\udcff"])
def test_a_damaged_list_of_moved_folders_stops_no_build(site: Path, content: str) -> None:
    dead = site.with_name(f".site.{'a' * 16}.new")
    dead.mkdir()
    dead.with_suffix(".moved").write_bytes(os.fsencode(content))
    recover(site)
    assert files(site) == OLD
    assert [path.name for path in site.parent.iterdir()] == ["site"]


class Copied(File):
    """A file that another plugin copies in its own way."""

    def copy_file(self, dirty: bool = False) -> None:
        super().copy_file(dirty)


def test_files_with_the_same_bytes_are_kept(site: Path, tmp_path: Path) -> None:
    """Others are copied, as are those in a linked folder, and what the build writes over a kept file stays."""
    (tmp_path / "elsewhere").mkdir()
    (site / "linked").symlink_to(tmp_path / "elsewhere")
    contents = {
        "same.txt": "same", "deep/er/same.txt": "same", "other.txt": "is new", "new.txt": "new", "link.txt": "same",
        "linked/same.txt": "same", "written.txt": "same", "page.md": "same",
    }  # fmt: skip
    before = {name: "same" for name in contents if name not in ("new.txt", "link.txt")} | {"other.txt": "is old"}
    for name, text in before.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    (tmp_path / "target.txt").write_text("same")
    (site / "link.txt").symlink_to(tmp_path / "target.txt")
    inodes = {name: (site / name).stat().st_ino for name in before}
    made = build(site)
    config = made._config
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/same.txt").write_text("same")
    all_files = [File("same.txt", str(tmp_path / "docs"), config.site_dir, use_directory_urls=True)]
    for name, text in contents.items():
        all_files.append(File(name, None, config.site_dir, use_directory_urls=True))
        all_files[-1].content_string = text
    own = Copied("deep/own.txt", None, config.site_dir, use_directory_urls=True)
    own.content_bytes = b"same"
    (site / "deep/own.txt").write_text("same")
    made.keep_files([*all_files, own])
    for file in (*all_files, own):
        if not file.is_documentation_page():
            file.copy_file()
    staged = Path(config.site_dir)
    assert {name for name in files(staged) if not name.startswith(".")} == {
        "index.html", "other.txt", "new.txt", "link.txt", "deep/own.txt",
    }  # fmt: skip
    assert (staged / "deep/er").is_dir()
    (staged / "written.txt").write_text("by another")
    made.publish()
    wanted = {name: text for name, text in contents.items() if name != "page.md"}
    assert files(site) == NEW | wanted | {"written.txt": "by another", "deep/own.txt": "same"}
    assert not (site / "link.txt").is_symlink()
    assert not (site / "linked").is_symlink()
    assert files(tmp_path / "elsewhere") == {"same.txt": "same"}
    kept = {name for name, inode in inodes.items() if name in wanted and (site / name).stat().st_ino == inode}
    assert kept == {"same.txt", "deep/er/same.txt"}


def test_a_site_that_cannot_be_renamed_is_replaced_by_what_was_made(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename(self: Path, target: Path) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(staging, "_exchanged", lambda *_: False)
    made = build(site)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        made.publish()
    assert files(site) == NEW


@pytest.mark.parametrize("exchange", [True, False])
def test_builds_at_the_same_time(site: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool) -> None:
    """Each replaces the one before, and none removes the folder of a running build."""
    if not exchange:
        monkeypatch.setattr(staging, "_exchanged", lambda *_: False)
    made = {"index.html": "new", ".hidden": "theirs"}

    def build_often(_worker: int) -> None:
        for _ in range(25):
            builder = Staging(config_of(site))
            Path(builder._config.site_dir, "index.html").write_text("new")
            builder.publish()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(build_often, range(4)))
    assert files(site) == made
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_folders_of_others_with_such_names_stay(tmp_path: Path) -> None:
    site = tmp_path / "a[b]"
    for name in ("a[b]", ".a[b].mine.new", ".a[b].mine.old", ".ab.1.new"):
        (tmp_path / name).mkdir()
    dead = tmp_path / ".a[b].0123456789abcdef.new"
    dead.mkdir()
    recover(site)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a[b].mine.new", ".a[b].mine.old", ".ab.1.new", "a[b]"]


def refuse(*_: object) -> None:
    raise OSError(16, "Device or resource busy")


@pytest.mark.parametrize("mounted", [False, True])
@pytest.mark.parametrize("as_link", [False, True])
def test_a_hidden_file_that_the_build_has_is_that_of_the_build(
    site: Path, monkeypatch: pytest.MonkeyPatch, as_link: bool, mounted: bool
) -> None:
    """Hidden files that it does not have stay, as MkDocs leaves them too."""
    (site / ".well-known").mkdir()
    for name in (".well-known/a.txt", ".well-known/theirs.txt"):
        (site / name).write_text("old")
    (site / ".well-known/b.txt").symlink_to("a.txt") if as_link else (site / ".well-known/b.txt").write_text("old")
    made = build(site)
    folder = Path(made._config.site_dir)
    (folder / ".well-known").mkdir()
    for name in (".well-known/a.txt", ".well-known/b.txt", ".hidden"):
        (folder / name).write_text("new")
    (folder / ".well-known/gone").symlink_to("nowhere")
    with monkeypatch.context() as patch:
        if mounted:
            patch.setattr(staging, "_exchanged", lambda *_: False)
            patch.setattr(staging, "_rename", refuse)
            patch.setattr(Path, "rename", refuse)
        made.publish()
    assert (site / ".well-known/gone").is_symlink()
    hidden = {".well-known/a.txt": "new", ".well-known/b.txt": "new", ".well-known/theirs.txt": "old", ".hidden": "new"}
    assert files(site) == NEW | hidden


@pytest.mark.parametrize("name", ["two\nlines.txt", "Größe é.txt", "\udcff.txt", " .txt"])
def test_a_file_of_any_name_is_put_back(site: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    (site / name).write_text("kept")
    made = build(site)
    made.keep([name], never)
    with monkeypatch.context() as patch:
        patch.setattr(staging, "_swap", stop)
        with pytest.raises(KeyboardInterrupt):
            made.publish()
    made.discard()
    assert files(site) == OLD | {name: "kept"}
