"""Running text as HTML: whatever marks, items and links lie on it, the text is kept and elements nest."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st

from engross.model import Clause, ClauseKind, Inline, Mark, MarkKind
from engross.render.pages.inline import Overlay, escape, render_inline


def resolve(target: str) -> str:
    return target


def item(start: int, end: int, marker: str = "(a)") -> Clause:
    return Clause(ClauseKind.RUN_IN, (1, 1), anchor=f"x.{start}", label=f"X {marker}", marker=marker, span=(start, end))


class Nesting(HTMLParser):
    """The text of some HTML, and whether what opens closes in order."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.ids, self.stack = "", list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not (tag == "a" and "a" in self.stack), "links do not nest"
        if tag not in ("br", "img"):
            self.stack.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Nesting:
    nesting = Nesting()
    nesting.feed(html)
    nesting.close()
    assert nesting.stack == []
    return nesting


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ('say "no"', "say &quot;no&quot;"),
    ],
)
def test_text_is_escaped(text: str, html: str) -> None:
    assert escape(text) == html
    assert render_inline(Inline(text), [], resolve) == html


def test_a_link_is_resolved_and_escaped() -> None:
    inline = Inline("here", (Mark(0, 4, MarkKind.LINK, 'a"b.md', "<t>"),))
    assert render_inline(inline, [], resolve) == '<a href="a&quot;b.md" title="&lt;t&gt;">here</a>'


def test_an_enumerator_in_a_link_is_no_link_of_its_own() -> None:
    inline = Inline("(a) one", (Mark(0, 7, MarkKind.LINK, "x.md"),))
    html = render_inline(inline, [item(0, 7)], resolve)
    assert html == '<span id="x.0" class="eg-item"><a href="x.md">(a) one</a></span>'


TEXT = "We (a) said <this> & that, (b) and more: it is as it is."
PLACES = (
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
    .map(sorted)
    .filter(lambda place: place[0] < place[1])
)


def nested(places: list[list[int]]) -> list[tuple[int, int]]:
    """Those of some intervals that nest in, or lie beside, those before them: marks of Markdown never cross."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if all(end <= first or start >= last or (first <= start and end <= last) for first, last in kept):
            kept.append((start, end))
    return kept


def apart(places: list[list[int]]) -> list[tuple[int, int]]:
    """Those of some intervals that lie beside those before them."""
    kept: list[tuple[int, int]] = []
    for start, end in places:
        if all(end <= first or start >= last for first, last in kept):
            kept.append((start, end))
    return kept


@given(st.lists(PLACES, max_size=6), st.lists(PLACES, max_size=4), st.lists(PLACES, max_size=4))
def test_whatever_lies_on_a_text_it_is_kept(
    marks: list[list[int]], items: list[list[int]], links: list[list[int]]
) -> None:
    kinds = (MarkKind.STRONG, MarkKind.EMPHASIS, MarkKind.CODE)
    inline = Inline(TEXT, tuple(Mark(s, e, kinds[at % 3]) for at, (s, e) in enumerate(nested(marks))))
    run_in = [item(start, end, "(a)" if TEXT.startswith("(a)", start) else "(b)") for start, end in apart(items)]
    overlays = [Overlay(start, end, '<a href="#">', "</a>") for start, end in apart(links)]
    found = read(render_inline(inline, run_in, resolve, overlays))
    assert found.text == TEXT
    assert found.ids == [clause.anchor for clause in sorted(run_in, key=lambda clause: clause.span)]
