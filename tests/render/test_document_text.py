"""Texts of pages in the cache: the same HTML, and links are asked for as often as they are written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.terms.cases import document, edition

from engross.common import NO_CACHE, Cache
from engross.corpus import ui_strings
from engross.model import DocumentEntry
from engross.render.pages.document_text import DocumentText, TextInputs, document_text
from engross.render.pages.term_links import index_terms
from engross.terms import bind

FIRST = "# First\n\n“Fee” means money. See the Second, [here](a.md) and [here](a.md).\n\nOwed “x” (the “Rent”).\n"
SECOND = "# Second\n\nThe Fee is due[^1]. ![Seal](seal.png) [there](https://example.com/x)\n\n[^1]: Note.\n"


class Links:
    """Answers links, and counts the questions."""

    def __init__(self, folder: str = "") -> None:
        self.folder, self.asked = folder, list[str]()

    def __call__(self, target: str) -> str:
        self.asked.append(target)
        return f"{self.folder}{target}"


def url(entry: DocumentEntry) -> str:
    return f"../{entry.id}/"


def made(
    cache: Cache = NO_CACHE,
    links: Callable[[str], str] = str,
    url: Callable[[DocumentEntry], str] = url,
    first: str = FIRST,
    notes: dict[int, str] | None = None,
    base: str = "https://example.com/a/",
) -> list[DocumentText]:
    documents = document("first", "First", first), document("second", "Second", SECOND)
    index = index_terms(bind(edition(*documents)))
    inputs = TextInputs(links, url, base, ui_strings("en"), notes or {}, index)
    return [document_text(one, inputs, cache) for one in documents]


def test_the_text_and_its_endnotes_are_kept(tmp_path: Path) -> None:
    cold = made()
    assert cold[1].endnotes
    assert [made(Cache(tmp_path)) for _ in range(2)] == [cold, cold]


def test_links_are_asked_for_as_often_as_they_are_written(tmp_path: Path) -> None:
    cold, first, second = Links(), Links(), Links()
    made(NO_CACHE, cold)
    made(Cache(tmp_path), first)
    made(Cache(tmp_path), second)
    assert cold.asked == first.asked == second.asked
    assert cold.asked.count("a.md") == 2


def test_another_address_of_a_link_makes_the_text_anew(tmp_path: Path) -> None:
    made(Cache(tmp_path), Links())
    moved = Links("moved/")
    assert made(Cache(tmp_path), moved) == made(NO_CACHE, Links("moved/"))
    assert moved.asked.count("a.md") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"url": lambda entry: f"/{entry.id}"},
        {"first": FIRST.replace("“Fee”", "“Fees”")},
        {"first": FIRST.replace("\n\n“Fee”", "\n\n## One\n\n“Fee”")},
        {"notes": {1: "<p>note</p>"}},
        {"base": "https://example.org/b/"},
    ],
)
def test_what_a_text_is_made_of_is_noticed(tmp_path: Path, change: dict[str, object]) -> None:
    made(Cache(tmp_path))
    assert made(Cache(tmp_path), **change) == made(**change)  # type: ignore[arg-type]
    assert made(**change) != made()  # type: ignore[arg-type]
