"""Text in Markdown that hosts show: it is shown as it is, and makes the host do nothing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, strategies as st
from markdown_it import MarkdownIt

from engross.common import code_block, code_span, escape_markdown, link_markdown, marked_markdown, revealed

HOST = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = (
    "@octocat", "a@example.com", "#123", "GH-12", "owner/repo#5", "!7", "%3", "~bug", "&4", "^alert#1", "$9",
    ":smile:", ":+1:", "https://example.com", "www.example.com", "<b>x</b>", "<!-- engross-review -->", "<script>",
    "- [ ] task", "- [x] task", "1. one", "2) two", "# Heading", "> quoted", "---", "===", "+ plus", "/close",
    "**strong**", "__strong__", "`code`", "``` fence", "~~gone~~", "| a | b |", "a | b", "\\", "\\*", "&amp;", "&lt;",
    "![x](https://example.com/x.png)", "[x](javascript:alert(1))", "[x]: https://example.com", "::error::x",
    "##[error]x", "$a$ and $b$", "1a2b3c4d5e6f", "no. 5", "50% off", "AT&T", "line\nend", "\u202eabc", "a\u200bb",
    "[^1]: note", "*iteration:1", "[vulnerability:1]", "\x00", "tab\tend", "- ", "    code", "x\\",
)  # fmt: skip


BEGIN, END = "<ul>\n<li><strong>Place</strong>: ", " end</li>\n</ul>\n"


def shown(markdown: str) -> str:
    """The text of a rendered line, without what has no width."""
    html = HOST.render(f"- **Place**: {markdown} end")
    assert html.startswith(BEGIN.rstrip())
    assert html.endswith(END.lstrip())
    inner = html[len(BEGIN) : -len(END)]
    return unescape(inner.replace("<span>$</span>", "$")).replace("\u200b", "")


def plain(text: str) -> str:
    """What is expected to show: one line, hidden characters as their numbers."""
    return revealed(" ".join(text.split()))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert shown(escape_markdown(text)) == plain(text)


@given(st.text(alphabet="a1@#:$&<>*_`~[]()!-+=|\\. \n/%^{}\"'GHw", max_size=40))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert shown(escape_markdown(text)) == plain(text)


@given(st.text(alphabet='a1@#:-!~% "Hw./', max_size=20))
def test_nothing_is_left_for_the_host_to_find(text: str) -> None:
    html = unescape(re.sub(r"</?(?:ul|li|span)>", "", HOST.render(f"- x {escape_markdown(text)}")))
    assert not re.search(r"""[@#!%][\w"']|~["\w]|:[^\s\u200b]|www\.|GH-\d""", html)


@pytest.mark.parametrize("text", HOSTILE)
def test_as_the_first_words_of_an_item(text: str) -> None:
    html = HOST.render(f"- {escape_markdown(text)}")
    assert re.fullmatch(r"<ul>\n<li>[^\n]*</li>\n</ul>\n", html), html
    assert not re.search(r"<(?!/?(?:ul|li|span)\b)", html)


@pytest.mark.parametrize("text", [*HOSTILE, "“term”", "(a)", "word", " spaced ", "a.", ".", ", "])
@pytest.mark.parametrize(("sign", "tag"), [("**", "strong"), ("~~", "s")])
def test_marked_text_is_marked_between_letters(text: str, sign: str, tag: str) -> None:
    escaped = escape_markdown(text)
    html = HOST.render(f"- x{marked_markdown(sign, escaped)}y")
    assert (f"<{tag}>" in html) == bool(escaped), html


@pytest.mark.parametrize("text", HOSTILE)
def test_code_of_a_line_and_of_a_block(text: str) -> None:
    assert unescape(re.sub(r"</?(?:p|code)>|\n$", "", HOST.render(f"x{code_span(text)}")))[1:] == plain(text)
    block = HOST.render("\n".join(code_block(f"{text}\n```\n", "yaml")))
    assert block.startswith('<pre><code class="language-yaml">')
    assert block.count("<") == 4


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.com/a?b=c#L1", "[x](https://example.com/a?b=c#L1)"),
        ("https://example.com/a) b", "[x](https://example.com/a%29%20b)"),
        ("javascript:alert(1)", "x"),
        ("//example.com", "x"),
        ("http://[::1", "x"),
        ("", "x"),
    ],
)
def test_links_lead_only_to_web_pages(address: str, expected: str) -> None:
    assert link_markdown("x", address) == expected
