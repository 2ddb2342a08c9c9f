"""A real Dask cluster of several processes makes the pages of a build, also while one of its workers is killed.

`certificates/` has a certificate for this machine, made for these tests alone, and its key.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import process as futures_process
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from test_archives import TOUR, TOUR_DAY, files

import engross
from engross.cli import batch
from engross.common import Cache, EngrossError
from engross.render import Made
from engross.site import archives
from engross.site.archive_orders import results
from engross.site.archives import SiteArchive, make_archives
from engross.site.workers import Certificates, cluster, local_workers

pytestmark = pytest.mark.long

PEM = Path(__file__).with_name("certificates")
CERTIFICATES = Certificates(PEM / "cert.pem", PEM / "cert.pem", PEM / "key.pem")
TLS = ("--tls-ca-file", PEM / "cert.pem", "--tls-cert", PEM / "cert.pem", "--tls-key", PEM / "key.pem")
PACKAGE = Path(engross.__file__).parent


@contextmanager
def started(program: str, *arguments: object, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask while the block runs."""
    command = [sys.executable, "-m", f"distributed.cli.{program}", *map(str, (*arguments, *TLS))]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=os.environ | environment, stdout=quiet, stderr=quiet) as one:
        try:
            yield one
        finally:
            one.kill()


def worker(scheduler: str, **environment: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return started("dask_worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard", **environment)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler without workers."""
    where = tmp_path / "scheduler.json"
    arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--protocol", "tls", "--scheduler-file", where)
    with started("dask_scheduler", *arguments):
        for _ in range(300):
            if where.is_file() and where.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(where.read_text())["address"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TOUR_DAY)
    monkeypatch.setattr(archives, "BLOCK", 1)
    shutil.copytree(TOUR, tmp_path / "tour", ignore=shutil.ignore_patterns("site", ".cache"))
    return tmp_path / "tour"


def built(site: Path, made: dict[str, bytes]) -> dict[str, bytes]:
    """Those of the made files that a build of the site has, which finds nothing in a cache."""
    shutil.rmtree(site / ".cache", ignore_errors=True)
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=site, check=True)
    pages = files(site / "site")
    assert not [name for name in pages if "/versions/" in name and name not in made]
    return {name: pages[name] for name in made}


def make(site: Path, folder: Path, workers: archives.Workers) -> SiteArchive:
    one = SiteArchive(site / "mkdocs.yml", folder)
    ((_, failure),) = make_archives([one], workers)
    assert failure is None
    return one


def test_a_worker_is_killed_and_the_pages_are_those_of_a_build(
    site: Path, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(worker(scheduler)) for _ in range(3)]
        workers = stack.enter_context(cluster(scheduler, CERTIFICATES, str(tmp_path / "cache")))
        arrived: list[Sequence[str]] = []

        def kill(cache: Cache, pieces: Sequence[str]) -> Iterator[tuple[str, Made]]:
            if not arrived:
                processes[0].kill()
                processes[0].wait()
            arrived.append(pieces)
            return results(cache, pieces)

        monkeypatch.setattr(archives, "results", kill)
        one = make(site, tmp_path / "out", workers)
    assert (one.ordered, one.lost) == (one.versions, 0)
    assert len(arrived) == one.versions > 5
    made = files(tmp_path / "out")
    assert made == built(site, made)


def test_workers_with_other_code_are_refused(scheduler: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(PACKAGE, other / "plugins/engross", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parent.parent / "templates", other / "templates")
    with (other / "templates/archive/version.html").open("a") as template:
        template.write("\n")
    refused = pytest.raises(EngrossError, match="these workers are refused")
    with worker(scheduler), worker(scheduler, PYTHONPATH=str(other / "plugins")), refused:
        use_often(scheduler, str(tmp_path))


def use_often(scheduler: str, cache: str) -> None:
    """Use a cluster again and again for a while, until its workers are there."""
    for _ in range(100):
        with cluster(scheduler, CERTIFICATES, cache):
            time.sleep(0.1)


def test_local_processes_make_the_pages_of_a_build(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGROSS_PROCESSES", "2")
    with local_workers() as workers:
        one = make(site, tmp_path / "out", workers)
    assert (one.ordered, one.lost) == (one.versions, 0)
    made = files(tmp_path / "out")
    assert made == built(site, made)


def run_batch(workers: archives.Workers, folder: Path, kill: Callable[[], None] = lambda: None) -> list[Any]:
    """Run some commands; `kill` is called when the first result is there."""
    os.chdir(folder)
    lines = [f"diff {at}.md {at + 1}.md\ncheck {at}.md" for at in range(30)]
    for at in range(31):
        (folder / f"{at}.md").write_text(
            "# Terms\n\n" + "".join(f"{one}. Text {one % (at + 2)}.\n\n" for one in range(99))
        )
    (folder / "list.txt").write_text("\n".join(lines))
    orders, found = batch._Orders(workers, folder / "list.txt"), []
    for _, result, lost in orders.results([*batch._lines(folder / "list.txt")]):
        kill()
        found.append(result)
        assert not lost, orders.reason
    return found


def test_a_batch_survives_a_killed_worker(scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BLOCK", 1)
    monkeypatch.chdir(tmp_path)
    alone = run_batch(archives.Workers(None, str(tmp_path / "alone")), tmp_path)
    with ExitStack() as stack:
        processes = [stack.enter_context(worker(scheduler)) for _ in range(3)]
        workers = stack.enter_context(cluster(scheduler, CERTIFICATES, str(tmp_path / "cache")))
        assert run_batch(workers, tmp_path, processes[0].kill) == alone
    monkeypatch.setenv("ENGROSS_PROCESSES", "2")
    with local_workers() as workers:
        assert run_batch(workers, tmp_path) == alone


def test_an_interrupt_ends_the_processes(site: Path, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("engross")), "archive", str(site), "--out", str(tmp_path / "out")]
    environment = os.environ | {"ENGROSS_PROCESSES": "2"}
    # A shell has its jobs in the background ignore interrupts, and what they start inherits that.
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=listening
    ) as process:
        children: list[str] = []
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for _ in range(600):
            children = listed.read_text().split()
            if len(children) > 1:
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _, shown = process.communicate(timeout=60)
    assert process.returncode == 130, shown
    assert "Traceback" not in shown
    for _ in range(100):
        if not any(map(runs, children)):
            break
        time.sleep(0.1)
    assert not any(map(runs, children))


def test_an_interrupt_ends_the_threads_of_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGROSS_PROCESSES", "2")
    manager = futures_process._ExecutorManagerThread
    ends = manager.join_executor_internals
    monkeypatch.setattr(manager, "join_executor_internals", lambda thread: (time.sleep(0.5), ends(thread)))
    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt), local_workers():
        raise KeyboardInterrupt
    assert set(threading.enumerate()) <= before


def runs(process: str) -> bool:
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False
