"""The pages that Engross adds to a site as a whole; `site/generated_pages.py` has the content of each."""

from __future__ import annotations

from enum import Enum


class PageType(Enum):
    """A page that Engross adds to a site, unless the site has a page of the same name itself.

    `source` is its name in the docs folder, as navigation and links give it. `title` is the name of a UI string.
    `permanent`: its address is the same on every site, and kept for it; otherwise MkDocs derives it from `source`.
    The pages follow the other pages of a site in this order. IN_FORCE leads to SINCE, which replaced it.
    """

    DEFINED_TERMS = ("defined-terms.md", "defined_terms", False)
    IN_FORCE = ("in-force.md", "since_title", True)
    SINCE = ("since.md", "since_title", True)
    VERIFY = ("verify-document.md", "verify_title", True)
    FOR_PROGRAMS = ("for-programs.md", "programs_title", True)

    def __init__(self, source: str, title: str, permanent: bool) -> None:
        self.source = source
        self.title = title
        self.permanent = permanent

    @property
    def address(self) -> str:
        """The permanent address, relative to the site's root."""
        return f"{self.source.removesuffix('.md')}/"
