"""A redline as a Word file: accepting all changes gives the new text, rejecting all the old one, word for word."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.exporting.word_reading import (
    is_well_formed,
    pandoc_words,
    settled_words,
    source_words,
)
from tests.redline.texts import edited, noise, tree

from engross.exporting.word.package import About
from engross.exporting.word.redline_file import tracked_changes
from engross.redline import redline

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TOUR = Path("examples/tour/record")


def redlined(old: str, new: str) -> bytes:
    return tracked_changes(redline(old, new), About("Terms", "en", AT, tracked=True), "Ada & Co", AT)


pairs = st.one_of(edited(), edited(), st.tuples(noise, noise))
many = st.lists(edited(), min_size=12, max_size=12)


@given(pairs)
def test_either_text_is_given_back(pair: tuple[str, str]) -> None:
    old, new = pair
    before, after = tree(old), tree(new)
    data = redlined(old, new)
    assert is_well_formed(data)
    assert settled_words(data, "accept") == source_words(after)
    assert settled_words(data, "reject") == source_words(before)


def test_an_item_whose_lines_become_its_own_text_keeps_its_label() -> None:
    head = "# T\n\n(a) one thing; or\n(b) use the Services\n"
    old = f"{head}    (i) in a way that law forbids; or\n    (ii) to harm anyone.\n"
    new = f"{head}  x  (i) in a way that law forbids; or\n"
    data = redlined(old, new)
    for how in ("accept", "reject"):
        words = " ".join(settled_words(data, how))
        assert "(b) use the Services" in words
        assert words.count("(i)") == 1


@settings(max_examples=5)
@given(many)
def test_pandoc_gives_either_text_back(tmp_path_factory: pytest.TempPathFactory, those: list[tuple[str, str]]) -> None:
    # A process of pandoc takes long to start, so that many pairs are compared as one.
    old, new = ("\n\n".join(f"# Part {at}\n\n{one[side]}" for at, one in enumerate(those)) for side in (0, 1))
    data, folder = redlined(old, new), tmp_path_factory.mktemp("word")
    assert pandoc_words(data, "accept", folder) == source_words(tree(new))
    assert pandoc_words(data, "reject", folder) == source_words(tree(old))


def versions(document: str) -> list[Path]:
    return sorted((TOUR / document).glob("*.md"), key=lambda path: int(path.name.split("-")[0]))


@pytest.mark.long
def test_all_consecutive_versions_of_the_tour(tmp_path: Path) -> None:
    compared = 0
    for folder in sorted(path for path in TOUR.iterdir() if path.is_dir() and path.name not in ("changes", "preview")):
        for older, newer in pairwise(versions(folder.name)):
            old, new = older.read_text("utf-8"), newer.read_text("utf-8")
            data = redlined(old, new)
            for mode, text in (("accept", new), ("reject", old)):
                expected = source_words(tree(text))
                assert settled_words(data, mode) == expected, newer
                assert pandoc_words(data, mode, tmp_path) == expected, newer
            compared += 1
    assert compared > 10
