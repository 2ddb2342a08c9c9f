"""Pages that Engross makes as a whole, without a source of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents


def generated_file(config: MkDocsConfig, name: str, title: str, *sources: Path) -> File:
    """The file of a page that Engross makes, `name` in the docs folder. It says the page's title.

    Its path is that of the first of `sources` that exists: other plugins open the source of every page, or ask git for
    its authors. Git knows no file that is made for the purpose.
    """
    file = File.generated(config, name, content=f"# {title}\n")
    file.abs_src_path = next((str(path.resolve()) for path in sources if path.is_file()), None)
    return file


def put_file(files: Files, file: File) -> None:
    """Add a file to a site. One of the same name makes way; `check_replaced` reports it once all files are added."""
    if present := files.get_file_from_path(file.src_uri):
        files.remove(present)
    files.append(file)


class GeneratedPage(Page):
    """A page whose HTML `make_content` makes once all documents are known; it is not searched."""

    def __init__(
        self, title: str, file: File, config: MkDocsConfig, make_content: Callable[[GeneratedPage], str]
    ) -> None:
        super().__init__(title, file, config)
        self._make_content = make_content

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 (the signature is MkDocs')
        """Take the title for the text: other plugins ask for it."""
        self.markdown = self.file.content_string
        self.meta = {"search": {"exclude": True}}

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 (the signature is MkDocs')
        """Make the content; what is put below it may have headings."""
        self.content = self._make_content(self)
        self.toc = TableOfContents([])
