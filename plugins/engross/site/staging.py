"""A build is written beside the site, and takes its place only once it has succeeded: a mistake changes nothing.

MkDocs empties the site's folder before it writes, and counts warnings only after everything is written. So the build
is given a folder of its own; what a strict build would fail on is counted along the way, as MkDocs does.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from mkdocs import utils
from mkdocs.config.defaults import MkDocsConfig


class _Counter(logging.Handler):
    """Counts what a strict build fails on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 (the signature is logging's)
        self.count += 1


class Staging:
    """The folder that a build is written to until it has succeeded."""

    def __init__(self, config: MkDocsConfig) -> None:
        self._config = config
        self.site = Path(config.site_dir)
        self._kept: tuple[str, ...] = ()
        self._folder = self.site.with_name(f".{self.site.name}.{os.getpid()}")
        self._counter = _Counter()
        # By the logger's name the same code serves MkDocs and its forks.
        self._log = logging.getLogger(utils.log.name.split(".")[0])
        self._log.addHandler(self._counter)
        config.site_dir = str(self._folder)

    def keep(self, folders: Sequence[str]) -> None:
        """Take these folders, relative to the site, from the site of before: they are as they would be written."""
        self._kept = tuple(folders)

    def publish(self) -> None:
        """Put the finished build in the site's place, unless a strict build is about to fail; hidden files stay."""
        if not (self._config.strict and self._counter.count):
            for name in self._kept:
                (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.site / name).rename(self._folder / name)
            utils.clean_directory(str(self.site))
            self.site.mkdir(parents=True, exist_ok=True)
            for made in self._folder.iterdir():
                shutil.move(made, self.site / made.name)
        self.discard()

    def discard(self) -> None:
        """Take the folder away and give the build its own back; nothing happens where that has been done."""
        self._log.removeHandler(self._counter)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._config.site_dir = str(self.site)
