# ruff: noqa: E501 (sources are easier to read on one line)
"""Markdown of other generators: tags, anchors, links, attributes, containers; what is refused, with its place."""

import pytest

from engross.common import EngrossError
from engross.importing import Choices, Imported, report_lines
from engross.importing.importer import finish
from engross.importing.tagged_markdown import read_markdown

CHOICES = Choices(title="Terms")


def imported(text: str | bytes) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    return finish(read_markdown(data, "terms.md", CHOICES), "terms.md", "terms", CHOICES)


def markdown(text: str) -> str:
    one = imported(text)
    assert one.report.differences == (), list(report_lines(one.report))
    return one.markdown.removeprefix("# Terms\n\n").removesuffix("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one <b>two </b>three <i>x</i>", "one **two** three *x*"),
        ("a<b>.b</b>c", "a.**b**c"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("<strong>a *b* c</strong>", "**a *b* c**"),
        ("x<sup>2</sup> H<sub class='i'>2</sub>O", "x<sup>2</sup> H<sub>2</sub>O"),
        ("<del>a</del> <code>b</code>", "~~a~~ `b`"),
        ("<span style='color: red'>one</span> <font size=2>two", "one two"),
        ("one<br>two<br/>\nthree", "one\\\ntwo\\\nthree"),
        ("one<br><br />two", "one\n\ntwo"),
        ("one:<br>(a) two<br>\n(b) three", "one:\n\n(a) two\n\n(b) three"),
        ("- one<br>two", "- one\\\n  two"),
        ("| a | b |\n|---|---|\n| c<br>d | e |", "| a | b |\n|---|---|\n| c<br>d | e |"),
        ("a | b\n---|---\nc<br/><br/>d | e", "a | b\n---|---\nc<br><br>d | e"),
        ("| a | b |\n|---|---|\n| <ul><li>c<li>d</ul> | e |", "| a | b |\n|---|---|\n| c<br>d | e |"),
        ("one<br>\n\ntwo", "one\n\ntwo"),
        ('<a href="https://e.example/x">words</a>', "[words](https://e.example/x)"),
        ("`<b>` \\<i> <https://e.example>", "`<b>` \\<i> <https://e.example>"),
        ("```\n<b>x</b> {: .y}\n```", "```\n<b>x</b> {: .y}\n```"),
        ("a <!-- note --> b", "a  b"),
        ("<div>\n\n**one**\n\n</div>", "**one**"),
        ("<p align='center'>one <b>two</b></p>\n\nthree", "one **two**\n\nthree"),
        ("<ol type='a'><li>one<li>two</ol>", "a. one\n\nb. two"),
        ("<details>\n<summary>More</summary>\n\ntext\n\n</details>", "**More**\n\ntext"),
        ("<Callout type='info'>\n\ntext\n\n</Callout>", "text"),
        ("one&nbsp;two\u200b", "one two"),
        ("## Fees {#fees}\n\n[x](#fees)", "## Fees {#fees}\n\n[x](#fees)"),
        ("## <a id='f'></a>Fees\n\n[x](#f)", "## Fees {#f}\n\n[x](#f)"),
        ("<a name='f'></a>\n\n## Fees\n\n[x](#f)", "## Fees {#f}\n\n[x](#f)"),
        ("## 1. Fees & More\n\n[x](#1-fees--more)", "## 1. Fees & More {#1-fees--more}\n\n[x](#1-fees--more)"),
        ("[x](#none) [y](/a/b) [z](../c.md) `[q](r)`", "x y z `[q](r)`"),
        ("[x][law] [y]\n\n[law]: /law\n[y]: https://e.example", "x [y]\n\n[y]: https://e.example"),
        ("one\n\n[unused]: https://e.example", "one"),
        ("text\n{: .note}", "text"),
        ("text[^1]\n\n[^1]: Note <b>b</b>.", "text[^1]\n\n[^1]: Note **b**."),
        ("1. a\n1. b\n\n(a) c\n  (i) d", "1. a\n1. b\n\n(a) c\n  (i) d"),
        ("import Note from '../note.mdx'\n\ntext {/* hidden */}", "text "),
        ("> [!WARNING]\n> text", "> **Warning**\\\n> text"),
        (":::note\ntext\n:::", "text"),
        ("!!! note\n    one\n\n    two\n\nthree", "**Note**\n\none\n\ntwo\n\nthree"),
        ("***\ntitle\n***", "***\ntitle\n***"),
    ],
)
def test_markdown_stays_and_tags_go(text: str, expected: str) -> None:
    assert markdown(text) == expected


def test_the_title_in_front_matter_is_taken_only_without_a_heading() -> None:
    choices = Choices()
    for body, title in (("text", "Of the matter"), ("# Of the text\n\ntext", "Of the text")):
        data = f"---\ntitle: 'Of the matter'\nx: 1\n---\n{body}\n".encode()
        one = finish(read_markdown(data, "terms.md", choices), "terms.md", "terms", choices)
        assert one.markdown.startswith(f"# {title}\n")
        assert one.report.differences == ()
        assert "dropped: the front matter (title, x)" in "\n".join(report_lines(one.report))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("one\n\n two <iframe src='x'></iframe>", "3:6", "<iframe src='x'>: a contract cannot contain it"),
        ("<Price plan='a' />", "1:1", "<Price plan='a' />: a contract cannot contain it"),
        ("pay <amount in euro>", "1:5", "<amount in euro>: this is no tag of HTML, so a page does not show it; write \\<amount"),
        ("mail {{ site.email }}", "1:6", "{{ site.email }} is filled in by a generator"),
        ("{% include terms.md %}", "1:1", "{% include terms.md %} is filled in by a generator"),
        ("one\n<!-- two", "2:1", "this comment is never closed"),
        ("| a |\n|---|\n| b | c |", "3:1", "this row has 2 cells, but the head of its table has 1"),
        ("x [^1]", "1:1", "the document has no footnote [^1]"),
    ],
)  # fmt: skip
def test_what_has_no_form_is_refused_with_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(EngrossError) as failure:
        imported(text)
    (found,) = failure.value.diagnostics
    assert str(found).startswith(f"terms.md:{place}: {message}")


def test_all_refusals_are_reported_in_order() -> None:
    with pytest.raises(EngrossError) as failure:
        imported("<video src=x></video>\n\n{{ page.x }}\n\n<canvas></canvas>")
    assert [one.line for one in failure.value.diagnostics] == [1, 3, 5]


def test_a_placeholder_is_text() -> None:
    assert markdown("between {{ customer_name }} and us") == "between {{ customer_name }} and us"


def test_a_list_whose_numbers_are_not_those_of_a_page_is_reported() -> None:
    one = imported("1. a\n3. b")
    assert [(found.lost, found.added) for found in one.report.differences] == [("2", "3")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<p>x" * 3000, marks=pytest.mark.long),
        "`" * 5000,
        "<b>x " * 3000,
        pytest.param("a<br>" * 3000, marks=pytest.mark.long),
        "<ul>" * 150 + "x",
    ],
)
def test_large_and_strange_texts_are_read(text: str) -> None:
    assert imported(f"one\n\n{text}\n\nend").markdown.endswith("end\n")
