"""Processes that make pages of versions for `engross archive`: on this machine, or those of a Dask cluster.

Only `cluster` imports Dask, when a scheduler is named. Its messages carry pickled functions. So connections to a
scheduler use TLS with certificates on both sides, except on this machine.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_address
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from engross.common import OTHER_CODE, EngrossError, error, shared_cache, shown, value_class, wanted_processes
from engross.site.archive_orders import code_hash
from engross.site.archives import Workers

SECONDS = 30
"""How long to wait for the scheduler, and for its first worker."""


@value_class(frozen=True, slots=True)
class Certificates:
    """The PEM files for connections to a scheduler: the authority, and this machine's certificate with its key."""

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def check(self, scheduler: str, *, insecure: bool) -> None:
        """Raise EngrossError unless an address uses TLS with certificates or is on this machine.

        With `insecure`, any address is allowed.
        """
        try:
            address = urlsplit(scheduler)
        except ValueError:
            address = urlsplit("")
        if not scheduler.startswith(("tcp://", "tls://")) or not address.hostname:
            raise _failure(scheduler, "an address such as tls://scheduler.example.com:8786 is needed")
        if address.scheme == "tls" and not (self.authority and self.certificate and self.key):
            raise _failure(scheduler, "tls:// needs --tls-ca, --tls-cert and --tls-key")
        if address.scheme == "tcp" and not insecure and not _is_here(address.hostname):
            message = "without TLS, anybody in between could make workers run any code; use tls://, or add --insecure"
            raise _failure(scheduler, f"{message} in a network that nobody else uses")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failure(scheduler: str, message: str) -> EngrossError:
    return EngrossError([error("outside", "--scheduler", 0, 0, f"{shown(scheduler)}: {message}")])


@contextmanager
def local_workers(cache: str = "") -> Iterator[Workers]:
    """Workers on this machine, as many as it has cores; with one core, none. Without a cache, it is temporary."""
    count = wanted_processes()
    with TemporaryDirectory(prefix="engross-", ignore_cleanup_errors=True) as folder:
        address = cache or folder
        shared_cache(address)  # a mistake in it is reported before anything is read
        if count < 2:
            yield Workers(None, address)
            return
        context = get_context("spawn")
        executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin_worker, initargs=(folder,))
        with _ended(executor):
            with _without_interrupts():
                # All start now, and inherit that interrupts wait.
                for _ in range(count):
                    executor.submit(code_hash)
            yield Workers(executor, address)


_INTERRUPT = frozenset((signal.SIGINT,))


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Have interrupts wait until the block is left; also in processes that it starts, where the system can do that."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(folder: str) -> None:
    """Leave it to the first process to end this one, and to delete what it writes to the folder.

    If the first process is killed, do both.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder
    first = parent_process()
    assert first is not None

    def end_after_first() -> None:
        first.join()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    Thread(target=end_after_first, daemon=True).start()


@contextmanager
def _ended(executor: Executor) -> Iterator[None]:
    """End what an executor still does when the block is left."""
    try:
        yield
    except BaseException:
        for process in list((getattr(executor, "_processes", None) or {}).values()):
            process.kill()
            process.join()
        # Its thread closes the pipe that Python writes to at its own end: that has to be over by then.
        executor.shutdown(cancel_futures=True)
        raise
    executor.shutdown()


@contextmanager
def cluster(scheduler: str, certificates: Certificates, cache: str) -> Iterator[Workers]:
    """The workers of a Dask cluster. Raises EngrossError if it does not answer, or a worker has other code."""
    shared_cache(cache)  # a mistake in it is reported before anything is read
    try:
        import distributed
    except ImportError:
        raise _failure(scheduler, 'a scheduler needs an extra: pip install "engross[cluster]"') from None
    dask: Any = distributed
    security = None
    if scheduler.startswith("tls:"):
        files = map(str, (certificates.authority, certificates.certificate, certificates.key))
        names = ("tls_ca_file", "tls_client_cert", "tls_client_key")
        security = dask.Security(require_encryption=True, **dict(zip(names, files, strict=True)))
    try:
        client = dask.Client(scheduler, security=security, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as problem:
        raise _failure(scheduler, f"it does not answer: {problem}") from None
    try:
        _refuse_other_code(scheduler, client)
        yield Workers(client.get_executor(pure=False, retries=3), cache)
    finally:
        client.close()


def _refuse_other_code(scheduler: str, client: Any) -> None:
    """Raise EngrossError if there is no worker, or one would make pages with other code."""
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError:
        raise _failure(scheduler, f"it had no worker for {SECONDS} seconds") from None
    codes = client.run(code_hash, on_error="return")
    others = sorted(worker for worker, code in codes.items() if code != code_hash())
    if others:
        raise _failure(scheduler, f"these workers are refused: {', '.join(others)}; they have {OTHER_CODE}")
