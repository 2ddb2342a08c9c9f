"""Realistic contracts with slips: texts of the corpus, some with shuffled lines and inserted marks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests/cases", "docs", "examples/tour/docs")

MARKS = [
    "(a) ", "(b) ", "(c)", "(i) ", "(ii) ", "(A) ", "(1) ", "a) ", "b) ", "a. ", "1. ", "1.", "2. ", "1) ", "2) ",
    "3) ", "5.1 ", "5.1.1 ", "- ", "* ", "+ ", "> ", ">", "# ", "## ", "### ", "    ", "  ", "   ", "\t", "| ", " |",
    "|", "\\", "*", "**", "***", "_", "__", "`", "``", "[", "]", "](x)", "[a](b)", "![i](j)", "<!-- c -->", "<!--",
    "-->", "<br>", "&nbsp;", "&amp;", "&#167;", "&copy", "\u00a0", "\u200b", "<https://a.b/c_d>", "<", "“", "”", "§ ",
    "—", "...", "2 * 3", "(a) |", "x_y_z", "~~", "#", " #", ":", ";", "and", "\\*", "\\|", "\\(a)", "[ref]",
    "[ref][]",
]  # fmt: skip
LINES = [
    "", "", "", "===", "---", "----", "***", "* * *", "```", "~~~", "> quote", "(a)", "(b)", "(c)", "1.", "1. a",
    "2.", "-", "(a) one", "(b) two", "(i) one", "(ii) two", "    (i) deep", "a) one", "b) two", "5.1 Words.",
    "- item", "  - item", "    - item", "1. item", "   1. item", "2) item", "| a | b |", "|---|---|", "| c | d |",
    "--- | ---", "a | b", "(a) | b", "(a) |", "5.1 | b", "**“Term”** means this.", "# Title", "## Part", "Title",
    "    code?", "\tcode?", "[ref]: /url", "<!-- note -->", "<!--", "-->", "title: A", "title : A", "tags: [a,", "b]",
    "# c", "(a) (i) both", "as said in (b)", "under Section 4", "(b) above", "1. 1. nested", "> > deep",
    "> (a) in quote", "> 1. in quote", "- (a) in item",
]  # fmt: skip


def corpus() -> list[str]:
    """Every Markdown text of the tests, the documents and the example."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.md"))]
    return [path.read_text("utf-8") for path in paths]


def mutant(random: Random, texts: Sequence[str]) -> str:
    """A text, or some lines of some texts, with a few slips in it."""
    lines = _lines(random, texts)
    for _ in range(random.choice((0, 1, 1, 2, 3, 5))):
        _SLIPS[random.randrange(len(_SLIPS))](random, lines)
    return "\n".join(lines)


def _lines(random: Random, texts: Sequence[str]) -> list[str]:
    kind = random.random()
    if kind < 0.35:
        return [random.choice(LINES) for _ in range(random.randint(1, 9))]
    lines = random.choice(texts).split("\n")
    start = random.randrange(len(lines))
    taken = lines[start : start + random.randint(1, 25)]
    if kind < 0.5:
        random.shuffle(taken)
    return taken


def _insert_mark(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    place = random.choice((0, random.randint(0, len(lines[at])), len(lines[at])))
    lines[at] = lines[at][:place] + random.choice(MARKS) + lines[at][place:]


def _insert_line(random: Random, lines: list[str]) -> None:
    lines.insert(random.randint(0, len(lines)), random.choice(LINES))


def _drop_line(random: Random, lines: list[str]) -> None:
    if len(lines) > 1:
        del lines[random.randrange(len(lines))]


def _drop_character(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    place = random.randint(0, len(lines[at]))
    lines[at] = lines[at][:place] + lines[at][place + 1 :]


def _indent(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    lines[at] = random.choice((lines[at].lstrip(), " " * random.randint(1, 8) + lines[at], f"> {lines[at]}"))


def _join(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    lines[at : at + 2] = [" ".join(lines[at : at + 2])]


def _break(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    place = random.randint(0, len(lines[at]))
    lines[at : at + 1] = [lines[at][:place], lines[at][place:].lstrip(random.choice((" ", "")))]


_SLIPS = (_insert_mark, _insert_mark, _insert_line, _insert_line, _drop_line, _drop_character, _indent, _join, _break)
