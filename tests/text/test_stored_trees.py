"""Trees in the cache: the tree that is read is the one that was parsed, and mistakes are never taken from it."""

from dataclasses import replace
from pathlib import Path

import pytest

from engross.common import Cache, EngrossError
from engross.text import decode, parse, parse_cached
from engross.text.stored_trees import read_tree, tree_bytes

CASES = sorted((Path(__file__).parent.parent / "cases" / "text").glob("*.tree"))
TEXT = decode("# Terms\n\nA[^1] **b** [c](https://example.com “d”).\n\n(a) one\n\n[^1]: Note.\n".encode(), "a.md")


def test_every_tree_is_read_as_it_was_stored() -> None:
    for case in CASES:
        source = decode(case.with_suffix(".md").read_bytes(), case.name)
        root = parse(source, numbering=True, through_html=True, passed=[])
        assert read_tree(tree_bytes(root)) == root, case.name
    assert len(CASES) > 20


def test_the_second_reading_is_that_of_the_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first, second = (parse_cached(TEXT, cache, numbering=numbering) for numbering in (True, True))
    assert first == second == parse(TEXT, numbering=True)
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    entry.write_bytes(b"damaged")
    assert parse_cached(TEXT, cache, numbering=True) == first


@pytest.mark.parametrize("change", [{"text": "# Others\n"}, {"reader": 1}, {"sealed": True}])
def test_another_text_or_way_of_reading_is_parsed(tmp_path: Path, change: dict[str, object]) -> None:
    cache = Cache(tmp_path)
    parse_cached(TEXT, cache)
    other = replace(TEXT, **change)  # type: ignore[arg-type]
    assert parse_cached(other, cache) == parse(other)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_numbers_are_generated_only_where_they_are_wanted(tmp_path: Path) -> None:
    source, cache = decode(b"# A\n\n## B\n\nText.\n\n## C\n\nText.\n", "a.md"), Cache(tmp_path)
    for numbering in (False, True, False, True):
        assert parse_cached(source, cache, numbering=numbering) == parse(source, numbering=numbering)


def test_mistakes_are_found_each_time(tmp_path: Path) -> None:
    wrong = decode(b"<script>\n", "a.md")
    for _ in range(2):
        with pytest.raises(EngrossError, match="HTML"):
            parse_cached(wrong, Cache(tmp_path))
    assert not list(tmp_path.iterdir())
