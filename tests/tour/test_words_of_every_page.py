"""Every word that pages show is the catalogue's, the sources' or the theme's: the tour in a language of marked words.

Each word of the catalogue is put between ⟦ and ⟧. Unmarked text on a page, outside the contract texts, must then be
words of the sources: titles, notes, labels of clauses.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engross.corpus.ui_text import ui_strings

ENGLISH = ui_strings("en")

pytestmark = pytest.mark.slow

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
NOT_READ = frozenset(["style", "script", "code", "time", "title", "del", "ins", "kbd"])
SAID_IN = ("aria-label", "title", "placeholder", "data-is", "data-name", "data-done", "data-refused", "data-link")
MARKED = re.compile(r"⟦[^⟦⟧]{0,400}⟧")
# Names of formats; and what the parser calls clauses without a name, and facts of models: it is sealed with them.
NAMES = frozenset(
    [
        "html",
        "json",
        "csv",
        "dev",
        "markdown",
        "yaml",
        "atom",
        "feed",
        "paragraph",
        "row",
        "item",
        "generally",
        "available",
    ]
)
WORD = re.compile(r"[^\W\d_]{2,}")


class Said(HTMLParser):
    """The texts and labels of a page outside the texts of documents; those of the theme's frame are passed over."""

    def __init__(self, *, framed: bool) -> None:
        super().__init__()
        self.around: list[str] = [] if framed else ["read"]
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        kind = "read" if "md-content__inner" in classes or "data-engross-generated" in given else ""
        if tag in NOT_READ or ("data-engross-text" in given and "data-engross-generated" not in given):
            kind = "passed"
        if "redline" in classes or tag == "blockquote":
            kind = "passed"
        if tag not in VOID:
            self.around.append(kind)
        if self._read() or kind == "read":
            self.found += [given[name] for name in SAID_IN if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.around.pop()

    def handle_data(self, data: str) -> None:
        if self._read():
            self.found.append(data)

    def _read(self) -> bool:
        return next((kind == "read" for kind in reversed(self.around) if kind), False)


def without_marked(text: str) -> str:
    """A text without its marked parts, which may be nested."""
    while (less := MARKED.sub("", text)) != text:
        text = less
    return text


def strays(folder: Path) -> Iterator[str]:
    """The text of pages that is neither marked nor taken from the sources."""
    sources = [*(folder / "docs").rglob("*"), *(folder / "record").rglob("*"), folder / "mkdocs.yml"]
    written = "\n".join(path.read_text("utf-8", "replace") for path in sources if path.is_file())
    known = NAMES | {word.casefold() for word in WORD.findall(written)}
    for page in sorted((folder / "site").rglob("*.html")):
        html = page.read_text("utf-8")
        message = Said(framed="md-container" in html)
        message.feed(html)
        # A word may have a day or a link in it, and so stand in several texts.
        # A date is made of words within words.
        unmarked = without_marked("\n".join(message.found))
        for text in dict.fromkeys(unmarked.splitlines()):
            words = WORD.findall(re.sub(r"https?://\S+|\w+…", "", text))
            if [word for word in words if word.casefold() not in known]:
                yield f"{page.relative_to(folder / 'site')}: {' '.join(text.split())[:120]}"


# Of each kind of page one word that must be there, lest the pages were not read in the marked language at all.
SHOWN = ("redline_words_changed", "redline_fold", "archive_posted", "copy_citation", "none_match", "pick_show")


@pytest.mark.long
def test_no_page_says_a_word_that_is_nobodys(
    tmp_path: Path, tour_site: Path, build_tour: Callable[[Path], Path]
) -> None:
    # A cache that was filled in English has no word of a page in it.
    shutil.copytree(tour_site.parent / ".cache", tmp_path / ".cache")
    (tmp_path / "templates").mkdir()
    lines = (f"{json.dumps(key)}: {json.dumps(f'⟦{word}⟧', ensure_ascii=False)}\n" for key, word in ENGLISH.items())
    (tmp_path / "templates/words.yml").write_text("".join(lines), "utf-8")
    site = build_tour(tmp_path)
    assert list(strays(tmp_path)) == []
    pages = "".join(page.read_text("utf-8") for page in site.rglob("*.html"))
    assert [word for word in SHOWN if f"⟦{ENGLISH[word].partition('{')[0]}" not in pages] == []
