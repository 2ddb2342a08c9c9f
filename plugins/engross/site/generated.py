"""Pages that Engross makes as a whole, without a source of their own."""

from __future__ import annotations

from collections.abc import Callable

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents


class GeneratedPage(Page):
    """A page whose HTML `make_content` makes once all documents are known; it is not searched."""

    def __init__(
        self, title: str, file: File, config: MkDocsConfig, make_content: Callable[[GeneratedPage], str]
    ) -> None:
        super().__init__(title, file, config)
        self._make_content = make_content

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 (the signature is MkDocs')
        """There is none."""
        self.markdown = ""
        self.meta = {"search": {"exclude": True}}

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 (the signature is MkDocs')
        """Make the content; what is put below it may have headings."""
        self.content = self._make_content(self)
        self.toc = TableOfContents([])
