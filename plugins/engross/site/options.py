"""The plugin's options, each documented where it is declared."""

from __future__ import annotations

from mkdocs.config import config_options as c
from mkdocs.config.base import Config

from engross.site.editions import AUTO, CHOICES


class EngrossConfig(Config):  # type: ignore[no-untyped-call]
    """The settings under `engross:` in mkdocs.yml."""

    documents = c.Type(str, default="documents.yml")
    """The file, in the docs folder, that lists documents and sets."""

    notes = c.Type(str, default="changes")
    """The folder, in the docs folder, that holds change notes; nothing in it is published as a page."""

    record = c.Type(str, default="record")
    """The folder beside mkdocs.yml that holds the record of what was posted; only `engross` writes there."""

    edition = c.Choice(CHOICES, default=AUTO)
    """What the pages show. draft: what the docs say. in-force: what the record says is in force on the build's day.
    auto: the draft while pages are served and before anything was posted, else what is in force."""

    templates = c.Type(str, default="templates")
    """The folder beside mkdocs.yml whose templates are taken before the shipped ones."""

    link_terms = c.Type(bool, default=True)
    """Whether defined terms and cross-references in documents become links."""

    link_pages = c.Type(bool, default=True)
    """Whether an ordinary page links the first use of each term; `terms: false` in its front matter says no."""

    check = c.Type(bool, default=True)
    """Whether a build also looks for drafting mistakes, as `engross check` does; `--strict` then fails on them."""

    csp = c.Type(bool, default=True)
    """Whether each page, and a file `_headers` for hosts that read one, carry a Content-Security-Policy: scripts run
    that the finished page holds, and no others. Not while pages are served for writing, where the server adds its own.
    """
