"""What workers save: the wall time of `engross archive` for one site, and of `engross batch` for many redlines and
checks, without workers, and with 1, 2 and 4 of a Dask cluster on this machine. More workers than cores save nothing.

Each run begins without caches. The time of all is counted, from the start of the command to its end, and that of the
workers' start is not.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bench.archive import DAY, make_posted_site
from bench.corpus_maker import make_pages
from bench.figures import Figure, table

VERSIONS = 200
PAIRS = 200
WORKERS = (1, 2, 4)

Run = Callable[..., tuple[float, float]]
"""Runs a command with more options and variables; returns its wall time and CPU time."""


def run(versions: int = VERSIONS, pairs: int = PAIRS, workers: tuple[int, ...] = WORKERS) -> list[Figure]:
    """The figures; each run is printed as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        site = make_posted_site(Path(folder) / "site", versions).parent
        texts = _make_pairs(Path(folder) / "texts", pairs)
        return [
            *_figures(f"pages of {versions} versions", partial(_archive, site), Path(folder), workers),
            *_figures(f"{pairs} redlines and checks", partial(_batch, texts), Path(folder), workers),
        ]


def _figures(what: str, run: Run, folder: Path, workers: tuple[int, ...]) -> Iterator[Figure]:
    alone, cpu = run(ENGROSS_PROCESSES="1")
    yield Figure(f"{what}, one process", alone, unit="s")
    yield Figure("its CPU time", cpu, unit="s")
    yield Figure("two local processes", run(ENGROSS_PROCESSES="2")[0], unit="s")
    for count in workers:
        with cluster(folder, count) as address, tempfile.TemporaryDirectory(dir=folder) as cache:
            seconds, cpu = run("--scheduler", address, "--cache", cache)
        yield Figure(f"a cluster of {count} workers on {os.cpu_count()} cores", seconds, unit="s")
        yield Figure("CPU time of the command itself, without the workers", cpu, unit="s")


def _make_pairs(folder: Path, count: int) -> Path:
    """Two texts of each pair, which differ in some words, and a list of commands: a redline and a check of each."""
    folder.mkdir()
    lines = []
    for page in make_pages(count):
        (folder / f"{page.id}-old.md").write_text(page.markdown, "utf-8")
        (folder / f"{page.id}.md").write_text(page.markdown.replace(" shall ", " must ", 20), "utf-8")
        lines += [f"diff {page.id}-old.md {page.id}.md --to redline.html", f"check {page.id}.md"]
    (folder / "list.txt").write_text("\n".join(lines), "utf-8")
    return folder


def _batch(folder: Path, *options: str, **environment: str) -> tuple[float, float]:
    shutil.rmtree(folder / "out", ignore_errors=True)
    return _timed(["batch", "list.txt", "--out", "out", *options], folder, environment)


def _archive(site: Path, *options: str, **environment: str) -> tuple[float, float]:
    shutil.rmtree(site / ".cache", ignore_errors=True)
    return _timed(["archive", ".", *options], site, environment)


def _timed(arguments: list[str], folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """The wall time and the CPU time of a command in a process of its own, in seconds."""
    command = [str(Path(sys.executable).with_name("engross")), *arguments]
    own = os.environ | {"SOURCE_DATE_EPOCH": DAY} | environment
    began, before = time.monotonic(), os.times()
    code = subprocess.run(command, cwd=folder, env=own, check=False, capture_output=True).returncode
    if code > 1:
        raise RuntimeError(f"engross {arguments[0]} ended with {code}")
    seconds, after = time.monotonic() - began, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    print(f"  {' '.join(arguments[:1])} {environment}: {seconds:.2f} s, CPU {cpu:.2f} s", file=sys.stderr, flush=True)
    return seconds, cpu


@contextmanager
def cluster(folder: Path, count: int) -> Iterator[str]:
    """The address of a scheduler on this machine with so many workers, which have begun."""
    with ExitStack() as stack:
        own = stack.enter_context(tempfile.TemporaryDirectory(dir=folder))
        where = Path(own) / "scheduler.json"  # never an earlier scheduler’s file
        stack.enter_context(_started("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(where)))
        for _ in range(count):
            options = ("--scheduler-file", str(where), "--nthreads", "1", "--no-nanny")
            stack.enter_context(_started("worker", *options))
        from distributed import Client

        with Client(scheduler_file=str(where), timeout=60) as client:
            client.wait_for_workers(count, timeout=60)
            address = client.scheduler.address
        yield address


@contextmanager
def _started(program: str, *options: str) -> Iterator[None]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{program}", "--no-dashboard", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    print(table(run()))
