"""The plugin's options, each documented where it is declared."""

from __future__ import annotations

from mkdocs.config import config_options as c
from mkdocs.config.base import Config

from engross.exporting import FORMATS
from engross.site.editions import AUTO, CHOICES

HTML, SOURCE = "html", "md"
FILES, ZIP = "files", "zip"


class EngrossConfig(Config):  # type: ignore[no-untyped-call]
    """The settings under `engross:` in mkdocs.yml."""

    documents = c.Type(str, default="documents.yml")
    """The file, in the docs folder, that lists documents and sets."""

    notes = c.Type(str, default="changes")
    """The folder of change notes, in the docs folder; its files are not published as pages."""

    record = c.Type(str, default="record")
    """The folder of the record, beside mkdocs.yml; only `engross` writes there."""

    edition = c.Choice(CHOICES, default=AUTO)
    """What the pages show. draft: the texts in the docs folder. in-force: the versions in force on the day of the
    build, for publishing: what cannot be posted is named and fails no build. auto: the draft during `mkdocs serve` and
    before anything was posted, otherwise the versions in force; what cannot be posted fails a strict build. With draft,
    and with auto during `mkdocs serve`, the site is a preview: it is built whatever is wrong with the draft, each page
    shows what is, and search engines are asked not to list any."""

    templates = c.Type(str, default="templates")
    """The folder beside mkdocs.yml whose templates replace those of Engross."""

    link_terms = c.Type(bool, default=True)
    """Whether defined terms and cross-references in documents become links."""

    link_pages = c.Type(bool, default=True)
    """Whether an ordinary page links the first use of each term; `terms: false` in its front matter turns this off."""

    check = c.Type(bool, default=True)
    """Whether a build also looks for drafting mistakes, as `engross check` does; `--strict` then fails on them."""

    formats = c.ListOfItems(c.Choice((HTML, *FORMATS)), default=[HTML, SOURCE])
    """The formats in which each version can be downloaded: html, a self-contained copy; md, the source, which is always
    published, since readers verify a text by it; akn, Akoma Ntoso 3.0 for programs; docx, a Word file; pdf, which needs
    the extra `engross[pdf]`. Redlines can be downloaded as docx, with tracked changes, and as pdf."""

    older_downloads = c.Choice((FILES, ZIP), default=FILES)
    """Where readers download versions posted in earlier years: files, each at its own address; zip, one file for each
    document and year, to which the file `_redirects` leads from those addresses. Only for hosts that read `_redirects`;
    the version in force, sources and data keep their own files."""

    csp = c.Type(bool, default=True)
    """Whether each page, and a file `_headers` for hosts that read one, has a Content-Security-Policy, which allows
    only the scripts of the finished page. Not during `mkdocs serve`, where the server adds its own script.
    """
