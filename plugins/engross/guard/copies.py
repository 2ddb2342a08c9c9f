"""Engross's own YAML files in the folder of the site: copies that a site engine makes when it ignores the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engross.corpus.addresses import YAML
from engross.corpus.documents import read_settings
from engross.corpus.folders import Folders, find_folders
from engross.errors import EngrossError
from engross.text import read_source


def copies_in_site(folders: Folders) -> list[Path]:
    """The files of the site's folder that have the names of the settings and of lists of models in the docs folder."""
    return [folders.site / name for name in _own_names(folders) if (folders.site / name).is_file()]


def remove_copies(here: Path) -> None:
    """Delete those copies in the site around a folder that are what the docs folder has, byte for byte; no others.

    What cannot be read or deleted is left.
    """
    with suppress(EngrossError, OSError):
        folders = find_folders(here)
        for copy in copies_in_site(folders):
            if copy.read_bytes() == (folders.docs / copy.relative_to(folders.site)).read_bytes():
                copy.unlink()


def _own_names(folders: Folders) -> Iterator[str]:
    yield folders.settings
    path = folders.docs / folders.settings
    with suppress(EngrossError):
        for entry in read_settings(read_source(path, path.name)).documents:
            if entry.file.lower().endswith(YAML):
                yield entry.file
