"""Pandoc's blocks become contract Markdown that Engross reads back with the same words."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engross.importing.markdown_writer import write_markdown
from engross.importing.values import Node, item
from engross.importing.word_check import compare_words, document_words, words_of
from engross.model import ClauseKind
from engross.text import decode, parse


def text(words: str) -> Node:
    return {"t": "Str", "c": words}


def strong(words: str) -> Node:
    return {"t": "Strong", "c": [text(words)]}


def para(*inlines: Node) -> Node:
    return {"t": "Para", "c": list(inlines)}


def heading(level: int, words: str) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], [text(words)]]}


def cell(*blocks: Node, down: int = 1, across: int = 1) -> list[Any]:
    return [["", [], []], {"t": "AlignDefault"}, down, across, list(blocks)]


def table(*rows: list[list[Any]], head: bool = True) -> Node:
    attr: list[Any] = ["", [], []]
    written = [[attr, row] for row in rows]
    first, rest = (written[:1], written[1:]) if head else ([], written)
    return {"t": "Table", "c": [attr, [None, []], [], [attr, first], [[attr, 0, [], rest]], [attr, []]]}


def written(*blocks: Node) -> str:
    return write_markdown(list(blocks)).markdown


@pytest.mark.parametrize(
    ("inlines", "markdown"),
    [
        ([text("plain")], "plain"),
        ([strong("“Term”"), text(" means")], "**“Term”** means"),
        ([strong("“Term”"), text("means")], "“**Term**”means"),
        ([strong("Term "), text("means")], "**Term** means"),
        ([strong("Te"), strong("rm"), text("s")], "**Term**s"),
        ([text("5 * 3 < 20 and `x` and a~~b~~")], "5 \\* 3 \\< 20 and \\`x\\` and a\\~\\~b\\~\\~"),
        ([text("Name: ______ and a_b and _c_")], "Name: ______ and a_b and \\_c\\_"),
        ([text("AT&T and &amp; so on")], "AT&T and \\&amp; so on"),
        ([text("[NAME] and [a](b) and [^1]")], "[NAME] and [a\\](b) and \\[^1]"),
        ([text("C:\\dir\\*")], "C:\\dir\\\\\\*"),
        ([{"t": "Superscript", "c": [text("2")]}], "<sup>2</sup>"),
        ([{"t": "Strikeout", "c": [text("no")]}], "~~no~~"),
        ([{"t": "Underline", "c": [text("u")]}, {"t": "SmallCaps", "c": [text("s")]}], "us"),
        ([{"t": "Quoted", "c": [{"t": "DoubleQuote"}, [text("q")]]}], "“q”"),
        ([text("a"), {"t": "LineBreak"}, text("- b")], "a\\\n\\- b"),
        ([{"t": "Link", "c": [["", [], []], [text("here")], ["https://x.example/a b", ""]]}],
         "[here](https://x.example/a%20b)"),
        ([{"t": "Link", "c": [["", [], []], [text("here")], ["javascript:x", ""]]}], "here"),
    ],
)  # fmt: skip
def test_inlines(inlines: list[Node], markdown: str) -> None:
    assert written(para(*inlines)) == f"{markdown}\n"


@pytest.mark.parametrize(
    ("line", "markdown"),
    [
        ("# no heading", "\\# no heading"), ("- no item", "\\- no item"), ("> no quotation", "\\> no quotation"),
        ("----", "\\----"), ("____", "\\____"), ("====", "\\===="), ("1) one", "1\\) one"), ("1. one", "1. one"),
        ("(a) one", "(a) one"), ("[x]: y", "\\[x]: y"), ("| a", "\\| a"), ("2.1 one", "2.1 one"),
    ],
)  # fmt: skip
def test_starts_of_lines(line: str, markdown: str) -> None:
    assert written(para(text(line))) == f"{markdown}\n"


def test_blocks() -> None:
    assert written(
        heading(1, "Terms"),
        heading(2, "1. Fees"),
        item("(a)", [para(text("one"))]),
        item("(i)", [para(text("inner"))], depth=1),
        item("", [para(text("belongs to (i)"))], depth=2),
        item("-", [para(text("bullet"))]),
        item("-", [para(text("bullet"))]),
        item("1.1", [para(text("numbered"))]),
        {"t": "OrderedList", "c": [[3, {"t": "LowerAlpha"}, {"t": "TwoParens"}], [[para(text(x))] for x in "cd"]]},
    ) == (
        "# Terms\n\n## 1. Fees\n\n(a) one\n\n    (i) inner\n\n        belongs to (i)\n\n- bullet\n- bullet\n\n"
        "1.1 numbered\n\n(c) c\n\n(d) d\n"
    )  # fmt: skip


def test_a_list_that_starts_again_after_another() -> None:
    one, again = item("1.", [para(text("one"))]), item("1.", [para(text("again"))])
    assert written(one, again) == "1. one\n\n1\\. again\n"
    assert written(one, para(text("between")), again) == "1. one\n\nbetween\n\n1. again\n"
    assert written(one, item("(a)", [para(text("x"))], depth=1), again) == "1. one\n\n    (a) x\n\n1\\. again\n"


def test_tables() -> None:
    out = write_markdown(
        [
            table(
                [cell(para(text("a|b")), across=2), cell(para(text("c")))],
                [cell(para(text("one")), para(text("two")), down=2), cell(item("(i)", [para(text("x"))])), cell()],
                [cell(para(text("y"))), cell(para(text("z")))],
            )
        ]
    )
    assert out.markdown == "| a\\|b |  | c |\n| --- | --- | --- |\n| one<br>two | (i) x |  |\n|  | y | z |\n"
    assert [remark.message for remark in out.remarks] == ["2 merged cells of a table: the text is in the first place"]


def test_footnotes() -> None:
    note = {"t": "Note", "c": [para(text("first")), para(text("second"))]}
    assert written(para(text("a"), note), para(text("b"))) == "a[^1]\n\nb\n\n[^1]: first\n\n    second\n"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), min_size=1)
MARKS = st.sampled_from(["Strong", "Emph", "Strikeout", "Underline", "Superscript", "Subscript"])
INLINES = st.lists(
    st.one_of(WORDS.map(text), st.builds(lambda kind, words: {"t": kind, "c": [text(words)]}, MARKS, WORDS)), min_size=1
)


def plain(inlines: list[Node]) -> str:
    return "".join(one["c"] if one["t"] == "Str" else plain(one["c"]) for one in inlines)


@settings.get_profile("costly")
@given(st.lists(INLINES, min_size=1, max_size=4))
def test_any_words_survive(paragraphs: list[list[Node]]) -> None:
    """Whatever a text contains, Engross reads the same words back from the Markdown."""
    markdown = write_markdown([heading(1, "Title"), *(para(*inlines) for inlines in paragraphs)]).markdown
    root = parse(decode(markdown.encode(), "x.md"))
    source = words_of("Title\n" + "\n".join(map(plain, paragraphs)))
    assert compare_words(source, document_words(root), (), ()) == (), markdown


@settings.get_profile("costly")
@given(st.lists(INLINES, min_size=1, max_size=4))
def test_any_words_survive_in_a_table(paragraphs: list[list[Node]]) -> None:
    rows = [[cell(para(*inlines)), cell()] for inlines in paragraphs]
    markdown = write_markdown([heading(1, "Title"), table(*rows)]).markdown
    root = parse(decode(markdown.encode(), "x.md"))
    source = words_of("Title\n" + "\n".join(map(plain, paragraphs)))
    assert compare_words(source, document_words(root), (), ()) == (), markdown
    assert any(one.kind is ClauseKind.TABLE for one in root.walk())
