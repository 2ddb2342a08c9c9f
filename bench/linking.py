"""What linking adds to a build: the same site built with terms and references linked, and without, in CPU time.

The drafting check is off in both. Two thousand definitions do not fit into ten thousand words: that pair is left out.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.build import build_once, make_site
from bench.corpus_maker import make_pages
from bench.figures import Figure, at_most

LINKED = "search, engross: {check: false}"
UNLINKED = "search, engross: {check: false, link_terms: false}"
TARGETS = {200: 1.20, 2000: 1.30}
GROWTH_TARGET = 11.0
HTML_TARGET = 1.6


@dataclass(frozen=True)
class Size:
    """A site of some pages of about 4,700 words, each of which defines some terms of its own."""

    words: str
    pages: int
    terms: int


SIZES = (
    Size("10k", 2, 200),
    Size("100k", 21, 200),
    Size("100k", 21, 2000),
    Size("1M", 213, 200),
    Size("1M", 213, 2000),
)


@dataclass(frozen=True)
class Measured:
    """The CPU seconds of both builds, and the bytes of their document pages."""

    off: float
    on: float
    html_off: int
    html_on: int

    @property
    def added(self) -> float:
        """The CPU seconds that linking added."""
        return self.on - self.off


def run() -> list[Figure]:
    """The figures of every size, in one run."""
    measured = {size: _measure(size) for size in SIZES}
    figures = [
        at_most(
            f"linking on against off, {size.words} words, {size.terms} terms",
            one.on / one.off,
            TARGETS[size.terms],
            "×",
        )
        for size, one in measured.items()
    ]
    large, small = measured[SIZES[4]], measured[SIZES[2]]
    figures.append(at_most("what linking adds, 1M words against 100k", large.added / small.added, GROWTH_TARGET, "×"))
    figures.append(
        at_most("HTML with links against without, 1M words", large.html_on / large.html_off, HTML_TARGET, "×")
    )
    return figures


def _measure(size: Size) -> Measured:
    made = make_pages(size.pages, own_terms=max(1, size.terms // size.pages))
    with tempfile.TemporaryDirectory() as folder:
        off = make_site(Path(folder) / "off", made, UNLINKED)
        on = make_site(Path(folder) / "on", made, LINKED)
        one = Measured(build_once(off), build_once(on), _html(off), _html(on))
    print(f"  {size.words} words, {size.terms} terms: {one.off:.2f} s, {one.on:.2f} s", file=sys.stderr, flush=True)
    return one


def _html(config: Path) -> int:
    """The bytes of the site's document pages."""
    pages = config.parent.glob("site/page-*/index.html")
    return sum(page.stat().st_size for page in pages)
