"""Finds and removes copies of Engross's own files that a site engine made because it ignores the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engross.common import EngrossError
from engross.corpus import YAML, Folders, find_folders, read_settings
from engross.text import read_source


def copies_in_site(folders: Folders) -> list[Path]:
    """Return the files in the site that have the path of the settings, the baseline or a model list in the docs."""
    if not folders.site.is_dir():
        return []
    return [folders.site / name for name in _own_names(folders) if (folders.site / name).is_file()]


def remove_copies(here: Path) -> None:
    """Delete those copies in the site around the folder `here` that equal the file in the docs folder byte for byte.

    Files that cannot be read or deleted are left.
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
        settings = read_settings(read_source(path, path.name))
        if settings.baseline:
            yield settings.baseline
        for entry in settings.documents:
            if entry.file.lower().endswith(YAML):
                yield entry.file
