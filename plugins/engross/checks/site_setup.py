"""What a site's mkdocs.yml lacks to be safe from other site engines, and what they have left in the site's folder.

Both are notes: a site made by version 0.1 lacks the guard, and its strict checks and builds must pass.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from engross.corpus.folders import Folders
from engross.corpus.project import shown_path
from engross.guard import NAME
from engross.guard.copies import copies_in_site
from engross.model import Diagnostic, Severity

UNGUARDED: Final = "unguarded-site"
PUBLISHED: Final = "published-settings"
NAMES: Final = (UNGUARDED, PUBLISHED)

_MISSING = (
    f"{NAME} is not listed: without it, a build in which the plugin is not active, or another site engine, publishes "
    "the contracts unchecked; "
)
_LISTED = re.compile(r"^markdown_extensions:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ \t]*- )?", re.MULTILINE)
_KEY = re.compile(r"^markdown_extensions:.*", re.MULTILINE)
_LEFT = (
    "this file is not made by Engross: a site engine that ignores plugins has copied it; do not publish this folder, "
    "and build it anew with mkdocs build"
)


def check_site_setup(folders: Folders, names: Collection[str] = NAMES) -> Iterator[Diagnostic]:
    """A note where mkdocs.yml does not list the guard, and one for each copy of Engross's own YAML in the site."""
    if UNGUARDED in names and folders.configs and not folders.guarded:
        yield missing_guard(folders.configs[0])
    if PUBLISHED in names:
        for path in copies_in_site(folders):
            yield Diagnostic(PUBLISHED, Severity.NOTE, shown_path(path), 0, 0, _LEFT)


def missing_guard(config: Path) -> Diagnostic:
    """The note that a mkdocs.yml does not list the guard, with what to paste, and below which line."""
    text = config.read_text(encoding="utf-8")
    key = _KEY.search(text)
    if key is None:
        message, fix = "add these lines at the end", f"markdown_extensions:\n  - {NAME}"
    elif (listed := _LISTED.search(text)) and listed[1]:
        message, fix = "add this line right below markdown_extensions", f"{listed[1]}{NAME}"
    elif listed:
        message, fix = "add this line right below markdown_extensions, indented as the next one", f"{NAME}: {{}}"
    else:
        message, fix = f"add {NAME} to the list of markdown_extensions", ""
    line = text.count("\n", 0, key.start()) + 1 if key else 0
    return Diagnostic(UNGUARDED, Severity.NOTE, shown_path(config), line, 0, _MISSING + message, fix=fix)
