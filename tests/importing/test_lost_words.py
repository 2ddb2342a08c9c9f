# ruff: noqa: E501 (the parts of texts are easier to read side by side)
"""No visible word of a generated page, Markdown file or plain text is lost, whatever its tags and labels."""

from html import escape

from hypothesis import example, given, settings, strategies as st

from engross.common import EngrossError
from engross.importing import Choices, report_lines
from engross.importing.importer import finish
from engross.importing.plain_text import read_plain_text
from engross.importing.tagged_markdown import read_markdown
from engross.importing.values import Reading
from engross.importing.web_page import read_web_page

CHOICES = Choices(title="Terms")
FIRST = "These words make the text long enough to be a document."
WORDS = st.text(
    st.sampled_from("abcdefgABCDEFXYZ äß§€“”’–0123456789.,;:()[]*_#>`~|\\&<!-+=^$%@/'\"\xa0\n"), min_size=1, max_size=30
)
RUNNING = st.sampled_from(["b", "i", "span", "sup", "sub", "del", "u", "code", "font", "a", "q", "em", "small"])
BOXES = st.sampled_from(
    ["p", "div", "section", "ul", "ol", "li", "blockquote", "h2", "h4", "table", "tr", "td", "dl", "dd", "details"]
)


def element(name: str, inside: list[str], closed: bool) -> str:
    return f"<{name}>{''.join(inside)}" + (f"</{name}>" if closed else "")


PAGES = st.recursive(
    WORDS.map(lambda text: escape(text, quote=False)) | st.just("<br>"),
    lambda inner: st.builds(element, BOXES | RUNNING, st.lists(inner, max_size=4), st.booleans()),
    max_leaves=25,
)


def check(reading: Reading) -> None:
    one = finish(reading, "source", "terms", CHOICES)
    assert one.report.differences == (), [*report_lines(one.report), one.markdown]


@settings(max_examples=150)
@example(page="0<b>0<p></b>")
@example(page="a<b>b<i>c<p>d</p>e</i>f</b>g<b><br>h<p>i")
@given(page=PAGES)
def test_no_word_of_a_page_is_lost(page: str) -> None:
    check(read_web_page(f"<body><p>{FIRST}</p><div>{page}</div></body>".encode(), "page.html", CHOICES))


LINES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "  ", "    ", "\t"]),
        st.sampled_from(["", "(a) ", "1. ", "2.1 ", "- ", "* ", "b) ", "IV. ", "(ii) ", "# ", "> ", "1) "]),
        WORDS.map(lambda text: text.replace("\n", " ").replace("\xa0", " ")),
    ),
)


@settings(max_examples=150)
@example(lines=["2.1 0", "  1. 0", "1. 0"])
@given(lines=st.lists(LINES | st.just("") | st.just("-----") | st.just("====="), max_size=12))
def test_no_word_of_a_plain_text_is_lost(lines: list[str]) -> None:
    check(read_plain_text("\n".join([FIRST, "", *lines]).encode(), "terms.txt", CHOICES))


TAGGED = st.sampled_from(
    ["<b>x</b>", "<span class='a'>y</span>", "w<br>", "w<br/>\n", "<sup>2</sup>", "<a name='n'></a>", "<a href='https://e.example'>z</a>",
     "word", "`<b>`", "\\<i>", "<https://e.example>", "w <!-- no -->", "\n\n", "\n", "\n\n- ", "\n\n## ", "\n\n| a | b<br>c |\n| --- | --- |\n| d | e |\n\n",
     "\n\n<table><tr><th>A<th>B<tr><td>1<td>2</table>\n\n", "<div>\n\n", "\n\n</div>\n\n", "w <i>", "</i>", " and ", "\n\n(a) ", "1. ", "&nbsp;", "\n\n<ul><li>k<li>l</ul>\n\n"]
)  # fmt: skip


@settings(max_examples=150)
@given(parts=st.lists(TAGGED, max_size=14))
def test_no_word_of_tagged_markdown_is_lost(parts: list[str]) -> None:
    try:
        reading = read_markdown(f"{FIRST}\n\n{''.join(parts)}\n\nEnd.".encode(), "terms.md", CHOICES)
    except EngrossError:
        return
    check(reading)
