"""A Python-Markdown extension that stops every build in which Engross's plugin is not active.

Some site engines ignore plugins, and a plugin can be commented out. The contracts would then be published as ordinary
pages, unchecked, with the settings beside them. Every engine that renders with Python-Markdown honours its extensions.
So mkdocs.yml lists `engross.guard` under `markdown_extensions`, and the active plugin takes it from that list: where
the extension comes to convert a page, the plugin is not active. Some engines have copied other files by then: copies
of Engross's own YAML files are taken out of the site again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Lock
from typing import NoReturn

from markdown import Markdown  # type: ignore[import-untyped]
from markdown.extensions import Extension  # type: ignore[import-untyped]
from markdown.preprocessors import Preprocessor  # type: ignore[import-untyped]

NAME = "engross.guard"
"""The name of the extension in mkdocs.yml."""

_MESSAGE = """
error: Engross's plugin is not active in this build. The build was stopped, because the contracts would be published
as they are in the docs folder: without a check, without the record, and whether or not they were ever posted.
To publish the site, list the plugin in mkdocs.yml ("plugins: [search, engross]") and build with MkDocs or ProperDocs
("mkdocs build"). Other site engines, such as Zensical, ignore plugins.
"""
_BEFORE_ALL_OTHERS = 10_000
_stopping = Lock()


class _Stop(Preprocessor):  # type: ignore[misc]
    """Ends the process when a page is converted. To set the extension up, as MkDocs does to validate it, is no harm."""

    def run(self, lines: list[str]) -> NoReturn:  # noqa: ARG002 (the signature is Python-Markdown's)
        """End the process at once: an engine that catches exceptions would go on to publish other pages."""
        _stopping.acquire()  # never released: an engine may convert pages in several threads
        sys.stdout.flush()
        sys.stderr.write(_MESSAGE)
        sys.stderr.flush()
        try:
            from engross.guard.copies import remove_copies  # only here: a build with the plugin does not need it

            remove_copies(Path.cwd())
        finally:
            os._exit(1)


class _Guard(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Python-Markdown's)
        md.preprocessors.register(_Stop(md), NAME, _BEFORE_ALL_OTHERS)


def makeExtension() -> Extension:  # noqa: N802 (the name is Python-Markdown's)
    """Make the extension. It has no options."""
    return _Guard()
