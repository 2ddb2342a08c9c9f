"""Quotes are tried at their marks alone, with the result of a search at every character."""

from hypothesis import given, strategies as st

from engross.terms.candidates import _INWARD, _QUOTED, _quoted

TEXTS = st.text(alphabet="ab A.,()\n-“”„«»‟\"‘’'`*", max_size=60)


@given(TEXTS)
def test_the_marks_find_what_a_search_finds(text: str) -> None:
    assert [one.span() for one in _quoted(text, points_inward=False)] == [one.span() for one in _QUOTED.finditer(text)]


@given(TEXTS.map(lambda text: f"»{text}«"))
def test_marks_that_point_inward(text: str) -> None:
    assert [one.span() for one in _quoted(text, points_inward=True)] == [one.span() for one in _INWARD.finditer(text)]
