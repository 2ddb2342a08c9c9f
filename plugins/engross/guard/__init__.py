"""A Python-Markdown extension that stops every build in which Engross's plugin is not active.

Some site engines ignore plugins, and a plugin can be commented out. The contracts would then be published as ordinary
pages, unchecked, together with the settings. All engines that render with Python-Markdown load its extensions, so
mkdocs.yml lists `engross.guard` under `markdown_extensions`, and the active plugin removes it from that list. If the
extension still runs when a page is converted, the plugin is not active. By then some engines have copied other files,
so the extension also deletes copies of Engross's YAML files from the site.
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
    """Ends the process when a page is converted. Only setting the extension up, as MkDocs does, has no effect."""

    def run(self, lines: list[str]) -> NoReturn:  # noqa: ARG002 (the signature is Python-Markdown's)
        """End the process at once, because an engine that catches exceptions would continue to publish other pages."""
        _stopping.acquire()  # never released, because an engine may convert pages in several threads
        sys.stdout.flush()
        sys.stderr.write(_MESSAGE)
        sys.stderr.flush()
        try:
            from engross.guard.copies import remove_copies  # imported here: builds with the plugin do not need it

            remove_copies(Path.cwd())
        finally:
            os._exit(1)


class _Guard(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Python-Markdown's)
        md.preprocessors.register(_Stop(md), NAME, _BEFORE_ALL_OTHERS)


def makeExtension() -> Extension:  # noqa: N802 (the name is Python-Markdown's)
    """Return the extension; it has no options."""
    return _Guard()
