"""`engross archive`: pages that other processes make are those of a build, and nothing else is taken from them."""

import os
import shutil
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from engross.cli import main
from engross.common import EngrossError, shared_cache
from engross.render import Made, made_bytes, read_made
from engross.site import archive_orders, workers
from engross.site.archive_orders import OtherCodeError, code_hash, make_versions, place_order, results
from engross.site.archives import SiteArchive, Workers, make_archives, read_site
from engross.site.post_build import record_pages
from engross.site.record_pages import RecordPages
from engross.site.workers import Certificates
from executor_here import Here

TOUR = Path(__file__).parents[2] / "examples/tour"
TOUR_DAY = "1795176000"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tour, whose templates folder overrides one, as of its own day."""
    folder = tmp_path_factory.mktemp("archives") / "tour"
    shutil.copytree(TOUR, folder, ignore=shutil.ignore_patterns("site", ".cache"))
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates/words.yml").write_text("archive_all_versions: Every version\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> RecordPages:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", TOUR_DAY)
        return record_pages(read_site(site / "mkdocs.yml"))


@pytest.fixture(scope="module")
def wanted(pages: RecordPages, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The pages as a build makes them."""
    folder = tmp_path_factory.mktemp("wanted")
    pages.write(folder / "out", shared_cache(str(folder / "cache")))
    return files(folder / "out")


@pytest.fixture(scope="module")
def made(site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[SiteArchive, Any, Path]:
    """What workers make with an empty cache, and the folder that `out` and `cache` are in; no test writes there."""
    folder = tmp_path_factory.mktemp("made")
    return *make(site, folder / "out", Here(), str(folder / "cache")), folder


def make(site: Path, folder: Path, executor: Executor | None = None, cache: str = "") -> tuple[SiteArchive, Any]:
    """Make the archive of a site into a folder."""
    one = SiteArchive(site / "mkdocs.yml", folder)
    shutil.rmtree(site / ".cache", ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", TOUR_DAY)
        ((_, failure),) = make_archives([one], Workers(executor, cache or f"{folder}-cache"))
    return one, failure


def test_workers_make_what_a_build_makes(made: tuple[SiteArchive, Any, Path], wanted: dict[str, bytes]) -> None:
    one, failure, folder = made
    assert failure is None
    assert (one.ordered, one.lost) == (one.versions, 0)
    assert one.versions > 5
    assert files(folder / "out") == wanted
    assert any(b"Every version" in data for data in wanted.values())


def test_damaged_and_foreign_results_are_made_again(
    site: Path,
    pages: RecordPages,
    made: tuple[SiteArchive, Any, Path],
    wanted: dict[str, bytes],
    tmp_path: Path,
) -> None:
    shutil.copytree(made[-1] / "cache", tmp_path / "cache")
    cache = shared_cache(str(tmp_path / "cache"))
    archive = pages.archive()
    keys = [[key for key, _ in archive.pieces_of(None, version)] for version in archive.in_order[:3]]  # type: ignore[arg-type]
    assert all(list(results(cache, one)) for one in keys)
    foreign = made_bytes([("another key", Made({"index.html": b"not ours"}))])
    outside = made_bytes([(keys[1][0], Made({"../index.html": b"outside"}))])
    cache.put(archive_orders.result_key(keys[0]), foreign)
    cache.put(archive_orders.result_key(keys[1]), outside)
    cache.put(archive_orders.result_key(keys[2]), b"{")
    assert [list(results(cache, one)) for one in keys] == [[], [], []]
    one, failure = make(site, tmp_path / "out", Here(), str(tmp_path / "cache"))
    assert failure is None
    # Nothing was ordered: what was made once is found by its content.
    assert (one.ordered, one.lost) == (0, 3)
    assert files(tmp_path / "out") == wanted


@pytest.mark.parametrize("name", ["/etc/x", "a/../../x", "..", "", "a//b", "C:x", "a\\..\\b"])
def test_a_result_names_files_of_the_site_only(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a file in the site"):
        list(read_made(made_bytes([("key", Made({name: b"x"}))])))


def test_results_are_kept_whole() -> None:
    made = Made({"a/b.html": b"\n\n", "c": b""}, b"kept\n", {"x.md": "x/"}, {"p.pdf": b"%"})
    assert list(read_made(made_bytes([("1", made), ("2", Made({}))]))) == [("1", made), ("2", Made({}))]


def test_an_order_is_as_its_hash_says(pages: RecordPages, tmp_path: Path) -> None:
    cache = shared_cache(str(tmp_path / "cache"))
    order = place_order(pages, cache)
    cache.put(order, (cache.get(order) or b"").replace(b"Every version", b"Other version"))
    with pytest.raises(EngrossError, match="not in the cache, or damaged there"):
        make_versions(str(tmp_path / "cache"), code_hash(), order, [0])


def test_a_cache_that_cannot_be_written_to_is_an_error(pages: RecordPages, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(
        EngrossError, match=r"--cache: .*/cache: it cannot be written to: not a directory; name a folder"
    ):
        place_order(pages, shared_cache(str(tmp_path / "cache")))


def test_a_worker_with_other_code_is_refused(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OtherCodeError):
        make_versions(str(tmp_path), "0" * 64, "", [])

    class Other(Here):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            return super().submit(fn, args[0], "0" * 64, *args[2:])

    _, failure = make(site, tmp_path / "out", Other())
    assert "a worker is refused: it has another version of Engross" in str(failure)


@pytest.mark.parametrize(
    ("scheduler", "insecure", "found"),
    [
        ("tcp://127.0.0.1:8786", False, ""),
        ("tcp://localhost:8786", False, ""),
        ("tcp://[::1]:8786", False, ""),
        ("tcp://10.0.0.1:8786", True, ""),
        ("tcp://10.0.0.1:8786", False, "use tls://, or add --insecure"),
        ("tcp://localhost.example.com:8786", False, "use tls://, or add --insecure"),
        ("tls://10.0.0.1:8786", True, "needs --tls-ca, --tls-cert and --tls-key"),
        ("10.0.0.1:8786", True, "an address such as tls://"),
        ("http://10.0.0.1:8786", True, "an address such as tls://"),
    ],
)
def test_a_scheduler_is_spoken_to_by_tls(scheduler: str, insecure: bool, found: str) -> None:
    if not found:
        Certificates().check(scheduler, insecure=insecure)
        return
    with pytest.raises(EngrossError, match=found):
        Certificates().check(scheduler, insecure=insecure)
    Certificates(Path("ca"), Path("cert"), Path("key")).check("tls://10.0.0.1:8786", insecure=False)


def test_a_scheduler_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SECONDS", 0.2)
    with (
        pytest.raises(EngrossError, match="it does not answer"),
        workers.cluster("tcp://127.0.0.1:9", Certificates(), "x"),
    ):
        pass


def run(*arguments: object) -> click.testing.Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", TOUR_DAY)
        patch.setenv("ENGROSS_PROCESSES", "1")
        return CliRunner().invoke(main, ["archive", *map(str, arguments)])


@pytest.mark.long
def test_the_command_goes_on_after_a_site_that_cannot_be_read(
    site: Path, wanted: dict[str, bytes], tmp_path: Path
) -> None:
    sites = tmp_path / "sites"
    shutil.copytree(site, sites / "good", ignore=shutil.ignore_patterns(".cache"))
    (sites / "bad").mkdir()
    (sites / "bad/mkdocs.yml").write_text("site_name: Bad\nplugins: [search]\n")
    (sites / "bad/docs").mkdir()
    result = run(sites, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "bad/mkdocs.yml: its pages were not made:" in result.stderr
    assert "its plugins do not list engross" in result.stderr
    assert "/good: " in result.stdout
    assert files(tmp_path / "out/good") == wanted
    # The next time nothing is left to make, and a folder in use stays as it is.
    assert run(sites / "good").exit_code == 0
    refused = run(sites / "good", "--out", tmp_path / "out")
    assert refused.exit_code == 1
    assert "this folder is not empty" in refused.stderr


def test_wrong_usage(tmp_path: Path) -> None:
    assert "s3" in run(TOUR, "--cache", "nothing-like-s3://bucket").stderr
    assert "there is no mkdocs.yml in this folder" in run(tmp_path).stderr
    assert "--scheduler needs --cache" in run(tmp_path, "--scheduler", "tcp://localhost:1").stderr
    for name in ("x/one", "y/one"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "mkdocs.yml").touch()
    assert "which has the same name" in run(tmp_path / "x", tmp_path / "y", "--out", tmp_path / "out").stderr
    assert os.listdir(tmp_path / "x/one") == ["mkdocs.yml"]


def test_a_scheduler_needs_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    cluster = workers.cluster("tcp://127.0.0.1:9", Certificates(), "x")
    with pytest.raises(EngrossError, match=r'pip install "engross\[cluster\]"'), cluster:
        pass


HOOKS = {
    "def on_config(config):\n    raise KeyError('odd')\n": "hook.py:2: a plugin or a hook fails with KeyError: 'odd'",
    "def on_pre_build(config):\n    exit(7)\n": "a plugin or a hook fails with SystemExit: 7",
    "def on_files(files, config):\n    1 / 0\n": "hook.py:2: a plugin or a hook fails with ZeroDivisionError",
    "import nothing\n": "a plugin or a hook fails with ModuleNotFoundError: No module named 'nothing'",
}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_site_whose_hook_fails_is_named_with_the_place(site: Path, tmp_path: Path, hook: str) -> None:
    copy = tmp_path / "sites/bad"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns(".cache"))
    (copy / "hook.py").write_text(hook, "utf-8")
    with (copy / "mkdocs.yml").open("a") as config:
        config.write("\nhooks: [hook.py]\n")
    result = run(tmp_path / "sites", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "bad/mkdocs.yml: its pages were not made:" in result.stderr
    assert HOOKS[hook] in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("stop", "existing"), [(KeyboardInterrupt, False), (OSError(28, "No space left on device"), True)]
)
def test_an_archive_is_written_whole_or_not_at_all(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: bool, stop: Any
) -> None:
    real = RecordPages.write

    def write(self: RecordPages, folder: Path, *rest: Any, **more: Any) -> None:
        real(self, folder, *rest, **more)
        raise stop

    monkeypatch.setattr(RecordPages, "write", write)
    if existing:
        (tmp_path / "out/tour").mkdir(parents=True)
    result = run(site, "--out", tmp_path / "out")
    assert result.exit_code == (130 if stop is KeyboardInterrupt else 1)
    assert ("its pages were not made" in result.stderr) == (stop is not KeyboardInterrupt)
    assert [path.name for path in (tmp_path / "out").iterdir()] == (["tour"] if existing else [])
    monkeypatch.undo()
    assert run(site, "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out/tour/agreement/versions/index.html").is_file()
    assert oct((tmp_path / "out/tour").stat().st_mode) == oct((tmp_path / "out").stat().st_mode)
