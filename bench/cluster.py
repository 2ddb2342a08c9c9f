"""What `engross archive` saves with workers: the wall time of one site's pages without workers, and with 1, 2 and 4 of
a Dask cluster on this machine. More workers than cores save nothing.

Each run begins without caches. The time of all is counted, from the start of the command to its end, and that of the
workers' start is not.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.archive import DAY, make_posted_site
from bench.figures import Figure, table

VERSIONS = 200
WORKERS = (1, 2, 4)


def run(versions: int = VERSIONS, workers: tuple[int, ...] = WORKERS) -> list[Figure]:
    """The figures; each run is printed as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        site = make_posted_site(Path(folder) / "site", versions).parent
        alone, cpu = _archive(site, ENGROSS_PROCESSES="1")
        figures = [
            Figure(f"pages of {versions} versions, one process", alone, unit="s"),
            Figure("its CPU time", cpu, unit="s"),
            Figure("two local processes", _archive(site, ENGROSS_PROCESSES="2")[0], unit="s"),
        ]
        for count in workers:
            with cluster(Path(folder), count) as address:
                seconds, cpu = _archive(site, "--scheduler", address, "--cache", f"{folder}/cache-{count}")
            figures.append(Figure(f"a cluster of {count} workers on {os.cpu_count()} cores", seconds, unit="s"))
            figures.append(Figure("CPU time of the command itself, without the workers", cpu, unit="s"))
    return figures


def _archive(site: Path, *options: str, **environment: str) -> tuple[float, float]:
    """The wall time and the CPU time of the command in a process of its own, in seconds."""
    shutil.rmtree(site / ".cache", ignore_errors=True)
    command = [str(Path(sys.executable).with_name("engross")), "archive", str(site), *options]
    began, before = time.monotonic(), os.times()
    subprocess.run(command, env=os.environ | {"SOURCE_DATE_EPOCH": DAY} | environment, check=True, capture_output=True)
    seconds, after = time.monotonic() - began, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    print(f"  {' '.join(options[:2])} {environment}: {seconds:.2f} s, CPU {cpu:.2f} s", file=sys.stderr, flush=True)
    return seconds, cpu


@contextmanager
def cluster(folder: Path, count: int) -> Iterator[str]:
    """The address of a scheduler on this machine with so many workers, which have begun."""
    with ExitStack() as stack:
        where = folder / f"scheduler-{count}.json"
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
