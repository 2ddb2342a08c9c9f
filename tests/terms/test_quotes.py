"""Quotes are tried at their marks alone, with the result of a search at every character."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, strategies as st

from engross.terms.candidates import _INWARD, _QUOTED, _opens_another, _quoted

TEXTS = st.text(alphabet="ab A.,()\n-“”„«»‟\"‘’'`*", max_size=60)


def searched(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where a search finds quoted words, except words that end at the opening mark of others."""
    found = pattern.search(text)
    while found:
        opens_another = _opens_another(found)
        if not opens_another:
            yield found.span()
        found = pattern.search(text, found.start() + 1 if opens_another else found.end())


@given(TEXTS)
@example("“(“”")
def test_the_marks_find_what_a_search_finds(text: str) -> None:
    assert [one.span() for one in _quoted(text, points_inward=False)] == [*searched(_QUOTED, text)]


@given(TEXTS.map(lambda text: f"»{text}«"))
@example("»“(“”«")
def test_marks_that_point_inward(text: str) -> None:
    assert [one.span() for one in _quoted(text, points_inward=True)] == [*searched(_INWARD, text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“The list (the “List”) is kept.”", ["“List”"]),
        ("“The list (the list“ is kept.", ["“The list (the list“"]),
        ("“The list (a)“ and “more”", ["“The list (a)“", "“more”"]),
    ],
)
def test_words_that_end_at_the_opening_mark_of_others_are_not_quoted(text: str, words: list[str]) -> None:
    assert [one[0] for one in _quoted(text, points_inward=False)] == words
