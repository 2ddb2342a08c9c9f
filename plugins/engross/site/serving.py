"""What `mkdocs serve` needs: a mistake does not end or block the server, and folders made later are watched.

MkDocs itself ends the server at a warning of the first strict build. After a failed rebuild it answers no request until
one succeeds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from mkdocs import utils
from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import get_plugin_logger
from watchdog.events import DirCreatedEvent, DirMovedEvent, FileCreatedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers.api import ObservedWatch

_log = get_plugin_logger("engross")


def count_no_warnings() -> None:
    """Keep a strict build from failing on warnings: the pages show the draft with its findings."""
    # The name of the logger differs between MkDocs and its forks.
    logger = logging.getLogger(utils.log.name.split(".")[0])
    for handler in [one for one in logger.handlers if isinstance(one, utils.CountHandler)]:
        logger.removeHandler(handler)


def keep_serving(server: LiveReloadServer) -> None:
    """Keep serving the last site that was built when a rebuild fails; the error is logged."""
    server.builder = _careful(server.builder)


def _careful(build: Callable[[], None]) -> Callable[[], None]:
    def rebuild() -> None:
        """Build the site, and log a failure instead of raising it."""
        try:
            build()
        except (MkDocsException, click.ClickException) as failure:
            _log.error("%s", failure)
        except Exception:
            _log.exception("the build failed")
        else:
            return
        _log.error("The site was not built. The pages are those of the last build; correct the mistake above.")

    return rebuild


def watch(server: LiveReloadServer, folders: Iterable[Path], files: Iterable[Path]) -> None:
    """Build again when something in the `folders` changes, or one of the `files`. A folder may be made later."""
    for file in files:
        server.watch(str(file))
    for folder in dict.fromkeys(folders):
        _watch_folder(server, folder)


def _watch_folder(server: LiveReloadServer, folder: Path) -> None:
    if folder.is_dir():
        server.watch(str(folder))
        return
    around = next((one for one in folder.parents if one.is_dir()), None)
    if around:
        server.observer.schedule(_Appearing(server, folder), str(around), recursive=False)


class _Appearing(FileSystemEventHandler):
    """Waits in the folder around a missing folder until that one is made, then watches it."""

    def __init__(self, server: LiveReloadServer, folder: Path) -> None:
        self._server, self._folder, self._found = server, folder, False

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Watch the folder once it exists, or the next folder around it."""
        if self._found or not isinstance(event, DirCreatedEvent | DirMovedEvent):
            return
        made = Path(str(event.dest_path or event.src_path)).resolve()
        if made not in (self._folder.resolve(), *self._folder.resolve().parents):
            return
        self._found = True
        _watch_folder(self._server, self._folder)
        if self._folder.is_dir():
            # Files that came with the folder are no change of it.
            watched = ObservedWatch(str(self._folder.absolute()), recursive=True)
            for path in self._folder.rglob("*"):
                self._server.observer.event_queue.put((FileCreatedEvent(str(path)), watched))
