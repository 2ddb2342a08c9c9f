"""Law 1 for any text: the HTML of markdown-it-py must pass, and no letter of it may change."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import assume, example, given, strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from engross.fidelity.compare import check_page
from engross.fidelity.source_text import read_source_text, text_by_parts, visible_text
from engross.model import READER, Diagnostic, Source

SNIPPETS = (Path(__file__).parents[1] / "cases/fidelity/snippets.txt").read_text(encoding="utf-8").splitlines()
DOCS = Path(__file__).parents[2] / "docs"

PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 200}).enable("table").disable("code")
# Links are shown as typed here, and never refused: both is for the parser of contracts to settle.
PARSER.validateLink = lambda url: True  # type: ignore[method-assign]
PARSER.normalizeLinkText = lambda link: link  # type: ignore[method-assign]


def render(markdown: str) -> str:
    """The HTML of markdown-it-py, with the numbers of list items as typed."""
    environment: dict[str, object] = {}
    tokens = PARSER.parse(markdown, environment)
    opened: list[list[Token]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            opened.append([])
        elif token.type == "list_item_open":
            opened[-1].append(token)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            items = opened.pop()
            if len({item.info for item in items}) > 1:
                for item in items:
                    item.attrSet("value", item.info)
    return PARSER.renderer.render(tokens, PARSER.options, environment)


def check(markdown: str, html: str) -> Diagnostic | None:
    source = Source("t.md", markdown, markdown.encode("utf-8", "surrogatepass"))
    return check_page(source, f'<body><p>Terms</p><div data-engross-text="t">{html}</div><p>End</p></body>')


def departs(markdown: str) -> bool:
    """Whether markdown-it-py is known to read and show this text differently from CommonMark.

    * In a code span, blanks at the start of a line count, so that a line break at its edge shows.
    * After a definition of a reference, a line is not looked at as one of the same paragraph.
    * `[a](b` at the end is no link, even where `[a]` is one.
    * An empty item and two empty lines after it end a list.
    * A table does not begin right below the text of a list's item.
    """
    return bool(
        re.search(r"`[ \t]*\n|\n[ \t>]*`", markdown)
        or re.search(r"\]:[ \t]*(?:\n|\\\n)|^[ \t>]*\[[^\n]*\]:[^\n]*\n[ \t]*\S", markdown, re.M)
        or re.search(r"\]\([^)\n]*$", markdown, re.M)
        or re.search(r"[0-9][.)][ \t]*\n[ \t>]*\n[ \t>]*\n", markdown)
        or (re.search(r"^[ \t>]*(?:[-+*]|[0-9]+[.)])(?:[ \t]|$)", markdown, re.M) and "--|" in markdown)
    )


BLOCKS = [
    "Foo *bar*\n=========\n\nFoo *bar*\n---------",
    "Foo *bar\nbaz*\n====",
    "Foo\n-------------------------\n\nFoo\n=",
    "Foo\n= =\n\nFoo\n--- -",
    "`Foo\n----\n`",
    "> Foo\n---",
    "> foo\nbar\n===",
    "- Foo\n---",
    "---\nFoo\n---\nBar\n---\nBaz",
    "> foo\n-----",
    "- foo\n***\n- bar",
    "* Foo\n* * *\n* Bar",
    "```\naaa\n~~~\n```",
    "````\naaa\n```\n``````",
    "> ```\n> aaa\n\nbbb",
    "~~~    ruby startline=3 $%@#$\ndef foo(x)\n  return 3\nend\n~~~~~~~",
    "[foo]: /url 'title'\n\n[foo]",
    "[Foo*bar\\]]:my_(url) 'title (with parens)'\n\n[Foo*bar\\]]",
    '[foo]: /url "title" ok\n\n[foo]',
    '[foo]: /url\n"title" ok\n\n[foo]',
    "[foo\n\n[bar]: baz",
    "[FOO]: /url\n\n[foo] [Foo][] [x][fOO]",
    "[ẞ]\n\n[SS]: /url",
    "Foo\n[bar]: /baz\n\n[bar]",
    "> [foo]: /url\n\n[foo]",
    "[foo]: <bar>(baz)\n\n[foo]",
    "[foo][bar][baz]\n\n[baz]: /url1\n[bar]: /url2",
    "aaa\n\n\nbbb",
    "  aaa\n bbb\n   ccc   \n\n\n# aaa\n  ",
    "> # Foo\n> bar\n> baz",
    "># Foo\n>bar\n>baz",
    "> bar\nbaz\n> foo",
    "> - foo\n- bar",
    "> ```\nfoo\n```",
    "> foo\n\n> bar",
    "> aaa\n***\n> bbb",
    "> bar\n>\nbaz",
    "> > > foo\nbar",
    ">>> foo\n> bar\n>>baz",
    "1.  A paragraph\n    with two lines.\n\n    > A quote.",
    "- one\n\n two",
    "- one\n\n  two",
    "   > > 1.  one\n>>\n>>     two",
    ">>- one\n>>\n  >  > two",
    "-one\n\n2.two",
    "- foo\n\n\n  bar",
    "123456789. ok\n\n1234567890. not ok\n\n0. ok\n\n003. ok\n\n-1. not ok",
    "- foo\n-\n- bar",
    "1. foo\n2.\n3. bar",
    "*",
    "foo\n*\n\nfoo\n1.",
    "-\n  foo\n-\n\n  foo",
    "> 1. > Blockquote\ncontinued here.",
    "> 1. > Blockquote\n> continued here.",
    "- foo\n  - bar\n    - baz\n      - boo",
    "10) foo\n    - bar",
    "- - foo\n\n1. - 2. foo",
    "- # Foo\n- Bar\n  ---\n  baz",
    "- foo\n- bar\n+ baz",
    "1. foo\n2. bar\n3) baz",
    "Foo\n- bar\n- baz",
    "The number of windows in my house is\n14.  The number of doors is 6.",
    "The number of windows in my house is\n1.  The number of doors is 6.",
    "- foo\n\n- bar\n\n\n- baz",
    "- a\n - b\n  - c\n   - d\n  - e\n - f\n- g",
    "1. a\n\n  2. b\n\n   3. c",
    "- a\n- ```\n  b\n\n\n  ```\n- c",
    "* a\n  > b\n  >\n* c",
    "1. ```\n   foo\n   ```\n\n   bar",
    "foo  \nbaz\n\nfoo\\\nbaz\n\nfoo       \n     baz\n\n*foo  \nbar*\n\nfoo\\\n\n### foo\\\n\n### foo  ",
    "| foo | bar |\n| --- | --- |\n| baz | bim |",
    "| abc | defghi |\n:-: | -----------:\nbar | baz",
    "| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |",
    "| abc | def |\n| --- | --- |\n| bar | baz |\n> bar",
    "| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar",
    "| abc | def |\n| --- |\n| bar |",
    "| abc | def |\n| --- | --- |\n| bar |",
    "> | a | b |\n> |---|---|\n> | c |\n| d | e |",
    "- | a | b |\n  |---|---|\n  | c | d |\n- e",
    "text\n| a |\n|---|\n| b |",
    "| a |\n|---|\n- b\n\n| c |\n|---|\n# d",
    "-\ta\n\n\tb\n\n>\t\tc\n\n-\t\td\n\n 1.\te\n\t2. f",
    "**“Affiliate”** means any entity that (a) Controls, (b) is\nunder common *Control*.",
    "第一条（**定義**）\n\n1. 「*本規約*」とは、[利用規約](terms.md)をいう。\n2. 全角の　空白。",
]


@pytest.mark.parametrize("markdown", SNIPPETS + BLOCKS)
def test_snippets_in_the_manner_of_the_specification(markdown: str) -> None:
    assert check(markdown, render(markdown)) is None


@pytest.mark.parametrize(
    "path", [DOCS / "agreement.md", DOCS / "copyright.md", *sorted(DOCS.glob("terms/*.md"))], ids=lambda path: path.name
)
def test_the_published_documents(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    html = render(text)
    assert check(text, html) is None
    words = list(re.finditer(r"\w+(?=[^<>]*<)", html))
    for word in words[:: max(1, len(words) // 40)]:
        assert check(text, html[: word.start()] + html[word.end() :]) is not None, word


WORDS = [
    "a", "Customer", "foo.", "“Term”", "(b)", "中文", "é", "§\u00a05", "b,", "R&D", "5", "1.", "x_y_z", "-", "#", "+",
    "=", "~~", "2 * 3", "**b**", "*e*", "__s__", "_u_", "***x***", "`c`", "``c`d``", "\\*", "\\[", "\\\\", "\\",
    "&amp;", "&nbsp;", "&#8212;", "&bogus;", "&copy", "<https://x.y/_a_>", "<a@b.c>", "<", ">", "!", "'", '"', "[a]",
    "[a](u)", "[ref]", "[ref][]", "[c d][ref]", '[*b*](<u v> "t")', "![i *j*](u)", "[", "]", "(", ")",
]  # fmt: skip
DELIMITERS = ["*", "**", "***", "_", "__", "`", "``"]
TABLE = ["| a | *b* |\n|---|:-:|\n| 1 \\| 2 | `x` |\n| 3 |", "a | b\n--|--\nc | d"]

inlines = st.lists(
    st.tuples(st.sampled_from(WORDS + DELIMITERS * 3), st.sampled_from(["", " "])), min_size=1, max_size=9
).map(lambda pairs: re.sub(r"(?<!\\)\](?=[(\[:])", "] ", "".join(word + blank for word, blank in pairs)).strip())
leads = st.builds(
    lambda indent, marks: indent + "".join(marks),
    st.sampled_from(["", "", "", " ", "  ", "   "]),
    st.lists(
        st.sampled_from(["> ", ">", "- ", "* ", "+ ", "1. ", "2. ", "3) ", "10. ", "# ", "## ", "(a) "]), max_size=2
    ),
)
lines = st.builds(
    lambda lead, text, end: lead + text + end, leads, inlines, st.sampled_from(["", "", "  ", "\\", " #"])
)
others = st.sampled_from(["", "", "", ">", "---", "***", "===", "-", "1.", "```", "~~~", *TABLE])
soups = st.lists(st.one_of(lines, lines, others), max_size=9).map("\n".join)
definitions = st.sampled_from(["", "\n\n[ref]: /url", "\n\n[Ref]: <u> 'title'\n\nend", "\n\n> [ref]: x\n> (t)"])
documents = st.builds(lambda soup, definition: soup + definition, soups, definitions)


@given(st.lists(documents, max_size=5).map("\n\n".join), st.integers(1, READER))
def test_a_text_has_the_same_words_read_part_by_part(markdown: str, reader: int) -> None:
    whole = read_source_text(markdown, reader)
    parts = text_by_parts(markdown, reader)
    assert parts is None or (whole.lost < 0 and parts == visible_text(whole))


@given(documents)
@example("`a` `\n\n*b")
def test_what_the_parser_makes_of_any_text_passes(markdown: str) -> None:
    assume(not departs(markdown))
    assert check(markdown, render(markdown)) is None


VISIBLE = re.compile(r"&[#\w]+;|<[^>]*>|\s+|(.)", re.S)


@given(documents, st.data())
def test_no_visible_character_may_change(markdown: str, data: st.DataObject) -> None:
    html = render(markdown)
    assume(not departs(markdown) and check(markdown, html) is None)
    places = [match.start() for match in VISIBLE.finditer(html) if match[1]]
    assume(places)
    at = data.draw(st.sampled_from(places))
    instead = data.draw(
        st.sampled_from(["", "x", "é", "-", "\u00a0", "\u200b", "*"]).filter(lambda new: new != html[at])
    )
    assert check(markdown, html[:at] + instead + html[at + 1 :]) is not None
    assert check(markdown, html[:at] + html[at] * 2 + html[at + 1 :]) is not None


def in_other_dress(html: str) -> list[str]:
    """The same page after changes of a theme, a plugin or a minifier."""
    return [
        re.sub(r"[^\x00-\x7f]", lambda found: f"&#x{ord(found[0]):X};", html),
        re.sub(r"(</(?:p|li|ul|ol|h\d|blockquote|table|t[rhd]|thead|tbody|pre)>)\n", r"\1", html).replace(" />", ">"),
        html.replace("<p>", "<P CLASS='a > b' data-x=\"<p hidden>\"><!-- <b> -- -->").replace("</p>", "</P >"),
        html.replace("<li", "<li><script>'</li>'</script><span data-engross-generated>1.<i>x</i></span>\n<li", 0),
        re.sub(r"(<(?:p|li|h\d|td)\b[^>]*>)", r"\1<a data-engross-generated href=#x>§ <img alt=y><b>4</b></a>", html),
        html.replace("\n", "\r\n\t"),
    ]


@given(documents)
def test_a_page_may_be_dressed_otherwise(markdown: str) -> None:
    html = render(markdown)
    assume(not departs(markdown) and check(markdown, html) is None)
    assert [check(markdown, other) for other in in_other_dress(html)] == [None] * 6


@pytest.mark.long
@given(st.text(alphabet="<>/!?-='\" apdivol&;#x\n", max_size=200), st.text(max_size=50))
def test_any_page_is_read_to_its_end(html: str, markdown: str) -> None:
    check(markdown, html)
    check_page(Source("t.md", html, b""), html)


UNITS = [
    "<", "[", "*", "_", "`", "](", "[a](", '[a](b "', "[a](<b", "![", "<!--", "<!-- \n", "&", "\\", "> ", "- ", "1. ",
    "# ", "|", "| a |\n", "| a |\n|---|\n", "*a_", "**a*", "_a *", "`a``", "<a:", "<a@", "- \n", "> \n", "- a\n\n",
    "[a]: b\n", "[a]:\n", "[a]: b '\n", "[[a]", "[a][", "a\n2. ", "[\n2. ", "[a]: <b\n===\n", "<a ", '<a b="', "</",
    "<!", "<p>", "<ol><li>", "&amp", "0", "0)", "((", "a*", "<div hidden>", "x\n(b) ", "``````` ",
]  # fmt: skip


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear_in_the_worst_case(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    start = time.process_time()
    check(text, "<p>no</p>")
    check("no", text)
    assert time.process_time() - start < 10, "a quadratic step would take minutes"
