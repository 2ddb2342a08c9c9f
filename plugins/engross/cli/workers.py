"""The options of commands whose work is done by local processes or by the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engross.common import value_class

if TYPE_CHECKING:
    from engross.site import Workers

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OPTIONS = (
    click.option(
        "--scheduler",
        metavar="URL",
        help="Use the workers of a Dask cluster: tls://HOST:PORT, or tcp:// on this machine.",
    ),
    click.option(
        "--cache",
        default="",
        metavar="URL",
        help="Where workers read their input and write their results: a folder, or storage such as s3://BUCKET/FOLDER. "
        "Needed with --scheduler.",
    ),
    click.option("--tls-ca", envvar="ENGROSS_TLS_CA", type=_FILE, help="The certificate authority.", show_envvar=True),
    click.option(
        "--tls-cert", envvar="ENGROSS_TLS_CERT", type=_FILE, help="The certificate of this machine.", show_envvar=True
    ),
    click.option("--tls-key", envvar="ENGROSS_TLS_KEY", type=_FILE, help="The key of --tls-cert.", show_envvar=True),
    click.option("--insecure", is_flag=True, help="Allow a tcp:// scheduler on another machine."),
)


@value_class(frozen=True, slots=True)
class WorkerOptions:
    """Which workers a command uses: those of a cluster with a `scheduler`, otherwise processes on this machine."""

    scheduler: str | None
    cache: str
    tls: tuple[Path | None, Path | None, Path | None]
    insecure: bool

    def check(self) -> None:
        """Raise click's UsageError or EngrossError if the cluster may not be used in this way."""
        from engross.site import Certificates

        if self.scheduler is not None and not self.cache:
            raise click.UsageError("--scheduler needs --cache: a folder or storage that all workers can read and write")
        if self.scheduler is not None:
            Certificates(*self.tls).check(self.scheduler, insecure=self.insecure)

    def start(self) -> AbstractContextManager[Workers]:
        """Return the workers, which end with the block."""
        from engross.site import Certificates, cluster, local_workers

        if self.scheduler is not None:
            return cluster(self.scheduler, Certificates(*self.tls), self.cache)
        return local_workers(self.cache)


def with_workers(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, which it gets as `workers` (`WorkerOptions`)."""

    @wraps(command)
    def run(
        *arguments: Any,
        scheduler: str | None,
        cache: str,
        tls_ca: Path | None,
        tls_cert: Path | None,
        tls_key: Path | None,
        insecure: bool,
        **options: Any,
    ) -> None:
        """Call the command with its workers in place of the options that describe them."""
        workers = WorkerOptions(scheduler, cache, (tls_ca, tls_cert, tls_key), insecure)
        command(*arguments, **options, workers=workers)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run
