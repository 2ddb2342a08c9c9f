"""Properties of any text: no crash, no lost text, and every character has its place."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, strategies as st
from markdown_it import MarkdownIt

from engross.common.errors import EngrossError
from engross.model import READER, Clause, ClauseKind, ListKind, Source
from engross.text import Reading, decode, front_matter, inline, numeral, parse, parser, read_enumerator
from engross.text.numbering import Style

WORDS = [
    "Customer", "will not", "the Services", "and", "or", "means", "Section 4.2", "subsections", "thirty", "one",
    "more", "e.g.", "“Fees”", "**“Data”**", "**Use.**", "*may*", "U.S.", "Inc.", "it ends.", "then;", "so,",
    "which:", "café", "定義", "`code`", "[here](models.md)", "a \\* b", "R\\&D", "5 & 6", "2 * 3", "—", "(the “Term”)",
    "(30)", "Acme’s",
]  # fmt: skip
ENUMERATORS = [
    "(a)", "(b)", "(c)", "(d)", "(h)", "(i)", "(ii)", "(iii)", "(iv)", "(v)", "(x)", "(z)", "(aa)", "(A)", "(B)", "(I)",
    "(II)", "(1)", "(2)", "a)", "b)", "a.", "b.", "i.", "ii.", "A.", "5.1", "5.2(a)", "§ 3.1",
]  # fmt: skip
ORDERED = ["1.", "2.", "3.", "1)", "2)", "10."]
PREFIXES = ["# ", "## ", "### ", "> ", "- ", "* ", "> > ", "> - ", ""]
INDENTS = ["", "", "", " ", "  ", "   ", "    ", "      ", "        ", "\t"]
LINES = ["", "", "", "---", "===", "***", "| a | b |", "|---|---|", "| (a) c | d |", "```", "~~~", "   "]

words = st.lists(st.sampled_from(WORDS + ENUMERATORS), min_size=1, max_size=7).map(" ".join)
starts = st.tuples(
    st.sampled_from(INDENTS),
    st.sampled_from(PREFIXES),
    st.one_of(st.just(""), st.sampled_from(ENUMERATORS), st.sampled_from(ORDERED)),
)
text_lines = st.builds(lambda start, rest: f"{start[0]}{start[1]}{start[2]} {rest}".rstrip(" "), starts, words)
# Without fences, whose text is outside the comparison, and with the letters of tables alike in any reading.
contracts = st.lists(st.one_of(text_lines, text_lines, text_lines, st.sampled_from(LINES)), max_size=25).map("\n".join)
plain_lines = st.builds(
    lambda indent, marker, rest: f"{indent}{marker} {rest}",
    st.sampled_from(INDENTS),
    st.sampled_from(["", "", *ENUMERATORS, "1.", "2.", "10.", "-", ">", "##"]),
    st.lists(st.sampled_from([word for word in WORDS if "`" not in word] + ENUMERATORS), max_size=7).map(" ".join),
)
plain_contracts = st.lists(st.one_of(plain_lines, plain_lines, st.sampled_from(["", "---"])), max_size=25).map(
    "\n".join
)
markup = st.lists(
    st.sampled_from(
        [*"*_`[]()<>!\\&#-+|~:\n\n\t ", "a", "b", "é", "(a) ", "\n(b) ", "\n    ", "](", "[x]: ", "<!--", "-->",
         "&amp;", "```", "\n> ", "\n- ", "\n1. ", "\n# ", "|-|", "http:", "<b>", "**", "  \n", "---\n", "\\|", "\n| "]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def read(text: str, **options: bool) -> tuple[Source, Clause] | None:
    """The source and its tree, or None where it is refused with places in the text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    try:
        source = decode(text.encode("utf-8", "surrogatepass"), "t.md")
        return source, parse(source, **options)
    except EngrossError as refusal:
        problems = refusal.diagnostics
    assert problems
    assert all(0 < problem.line <= lines and problem.column > 0 for problem in problems)
    return None


def hosts(root: Clause) -> Iterator[Clause]:
    """The clauses with text of their own."""
    return (clause for clause in root.walk() if clause.inline.text and clause.kind is not ClauseKind.RUN_IN)


@given(st.one_of(st.text(), markup, contracts), st.booleans(), st.booleans())
@example("(a) (a) (i)", False, False)
@example("| a |\n|-|\n| `\\|` |", False, False)
@example("![a\n*b* `c` ![d](e)](f)", False, False)
@example("---\na: b\n---", False, False)
def test_any_text_gives_a_sound_tree(text: str, numbering: bool, through_html: bool) -> None:
    result = read(text, numbering=numbering, through_html=through_html)
    if result is None:
        return
    source, root = result
    anchors = [clause.anchor for clause in root.walk() if clause.anchor]
    assert len(anchors) == len(set(anchors))
    assert not any(re.search(r"\s", anchor) for anchor in anchors)
    check_lines(root, source)
    check_places(root, source)
    check_marks(root)
    check_run_in(root)


blocks = st.lists(st.one_of(contracts, markup), max_size=6).map("\n\n".join)


@given(st.one_of(blocks, contracts, markup), st.integers(1, READER))
@example("- a\n\n1. b\n\nc\n\n    d\n\n> e\n\nf", READER)
@example("(a) b\n\n(b) c\n\nd\n\n(c)\n\ne", READER)
@example("a\n\n> (a) b", READER)
def test_a_sealed_text_is_the_same_read_part_by_part(text: str, reader: int) -> None:
    text = text.replace("\0", "").replace("\r", "\n")
    source = Source("t.md", text, text.encode(errors="surrogatepass"), sealed=True, reader=reader)
    found: list[object] = []
    for parts in (parser._joined_parts, lambda *_: None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parser, "_joined_parts", parts)
            try:
                found.append(parse(source, numbering=True))
            except EngrossError as refusal:
                found.append(refusal.diagnostics)
    assert found[0] == found[1]


def check_lines(root: Clause, source: Source) -> None:
    assert root.lines[0] == 1
    for clause in root.walk():
        assert 1 <= clause.lines[0] <= clause.lines[1] <= len(source.line_starts)
        firsts = [child.lines[0] for child in clause.children]
        assert firsts == sorted(firsts)
        if clause.kind is not ClauseKind.LIST or clause.list_kind is ListKind.BULLET:
            assert all(child.lines[0] >= clause.lines[0] for child in clause.children)


def check_places(root: Clause, source: Source) -> None:
    last = -1
    for clause in hosts(root):
        inline = clause.inline
        first = inline.source_offset(0)
        assert first > last, "clauses follow each other as their texts do in the source"
        last = first
        for at, character in enumerate(inline.text):
            offset = inline.source_offset(at)
            assert first <= offset <= len(source.text)
            if character.isspace() or "&" in source.text[max(0, offset - 2) : offset + 1]:
                continue
            assert source.text[offset] == character, (clause.label, at, character, source.text[offset : offset + 9])


def check_marks(root: Clause) -> None:
    for clause in root.walk():
        opened: list[int] = []
        before = 0
        for mark in clause.inline.marks:
            assert before <= mark.start <= mark.end <= len(clause.inline.text)
            before = mark.start
            while opened and opened[-1] <= mark.start:
                opened.pop()
            assert not opened or mark.end <= opened[-1], "marks nest"
            opened.append(mark.end)


def check_run_in(root: Clause) -> None:
    for clause in root.walk():
        items = [child for child in clause.children if child.kind is ClauseKind.RUN_IN]
        assert clause.children[: len(items)] == tuple(items), "run-in items come before other children"
        if clause.kind is not ClauseKind.RUN_IN:
            for item in items:
                check_spans(item, clause.inline.text)
            ordered(items, (0, len(clause.inline.text)))


def check_spans(item: Clause, text: str) -> None:
    start, end = item.span
    assert item.inline.text == text[start:end]
    assert text.startswith(item.marker, start)
    assert text[start:end] == text[start:end].rstrip()
    ordered(list(item.children), item.span)
    for child in item.children:
        assert child.kind is ClauseKind.RUN_IN
        check_spans(child, text)


def ordered(items: list[Clause], within: tuple[int, int]) -> None:
    at = within[0]
    for item in items:
        assert at <= item.span[0] < item.span[1] <= within[1]
        at = item.span[1]


class Letters(HTMLParser):
    """The text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def letters(text: str) -> str:
    """The letters on which all readings of the Markdown agree, without structural marks and counted numbers."""
    return "".join(re.findall(r"[^\W\d_]|[()“”’—]", text))


def visible(root: Clause) -> str:
    parts = []
    for clause in root.walk():
        if clause.kind is ClauseKind.RUN_IN:
            continue
        # What Markdown counts is not text; what is typed as an enumerator is.
        if clause.kind is ClauseKind.ITEM and not re.fullmatch(r"\d+[.)]|[-+*]", clause.marker):
            parts.append(clause.marker)
        parts.append(clause.inline.text)
    return letters("".join(parts))


def independent(text: str) -> str:
    plain = Letters()
    plain.feed(MarkdownIt("commonmark").enable("table").disable("code").render(text))
    plain.close()
    return letters("".join(plain.parts))


@given(plain_contracts)
def test_text_is_kept_as_an_independent_reading_has_it(text: str) -> None:
    result = read(text)
    assert result is not None
    source, root = result
    assert visible(root) == independent(text[len(front_matter(source)) :])


sections = st.builds(
    lambda level, name, body: f"{'#' * level} {name}\n\n{body}\n",
    st.integers(1, 4),
    st.sampled_from(["Term", "General", "Feedback", "5.1 Data", "Data", "Article IV", "???"]),
    st.lists(
        st.sampled_from(
            ["(a) one\n(b) two", "- **“Fees”** means x", "- b", "Text.", "It (a) is and (b) was.", "> (a) q",
             "1. x\n2. y", "**Use.** Text.", "5.1 Text.", "| a |\n|---|\n| b |", "(a) (i) x\n    (ii) y",
             "**“Fees”** means y.", "(i) z"]
        ),
        max_size=4,
    ).map("\n\n".join),
)  # fmt: skip


@given(st.lists(sections, min_size=2, max_size=6), st.lists(sections, max_size=4))
def test_text_added_at_the_end_changes_no_earlier_anchor(earlier: list[str], later: list[str]) -> None:
    before, after = read("\n".join(earlier)), read("\n".join(earlier + later))
    assert before is not None
    assert after is not None
    anchors = [clause.anchor for clause in before[1].walk()]
    assert [clause.anchor for clause in after[1].walk()][: len(anchors)] == anchors


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=60))
def test_line_ends_and_byte_order_mark_do_not_matter(text: str) -> None:
    plain = text.replace("\r", "\n")
    trees = [read(start + plain.replace("\n", end)) for start in ("", "\ufeff") for end in ("\n", "\r\n", "\r")]
    roots = {None if tree is None else tree[1] for tree in trees}
    assert len(roots) == 1


@pytest.mark.parametrize(("style", "most"), [("a", 52), ("A", 52), ("i", 39), ("I", 39), ("1", 999)])
def test_a_numeral_is_read_as_it_was_written(style: str, most: int) -> None:
    for ordinal in range(1, most + 1):
        found = read_enumerator(f"({numeral(style, ordinal)})")
        assert found
        assert Reading(Style(style), ordinal) in found.readings


def test_numerals() -> None:
    assert [numeral("i", number) for number in (1, 4, 9, 14, 40, 49, 90, 400, 1994)] == [
        "i", "iv", "ix", "xiv", "xl", "xlix", "xc", "cd", "mcmxciv",
    ]  # fmt: skip
    assert [numeral("a", 28), numeral("A", 27), numeral("I", 49), numeral("1", 12)] == ["bb", "AA", "XLIX", "12"]
    assert {numeral(style, 0) for style in "aAiI"} == {""}


EMPHASIZED = [
    "*",
    "**",
    "*a*",
    "**b c**",
    "*“Fees”*",
    "*x.*",
    "*(c)*",
    "word",
    " ",
    "\n",
    ".",
    ",",
    "—",
    "é",
    "~~",
    "* ",
]


@given(st.lists(st.sampled_from(EMPHASIZED), max_size=9).map("".join))
@example("*a*, **b** and *c.*")
def test_simple_marks_are_read_as_by_the_inline_parser(text: str) -> None:
    found = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inline, "_SIMPLE", re.compile(r"(?!)"))
        assert found == read(text)
