"""Texts to compare: noise made of what Markdown is made of, and contracts that are edited as people edit them."""

from hypothesis import assume, strategies as st

from engross.common.errors import EngrossError
from engross.model import Clause
from engross.redline.inputs import read_side

WORDS = [
    "the",
    "party",
    "shall",
    "pay",
    "fees",
    "not",
    "Customer",
    "Provider",
    "notice",
    "data",
    "30",
    "thirty",
    "(30)",
]
WORDS += ["days", "“Term”", "means", "law", "a", "a", "条款", "用户", "it’s", '"Term"', "5–10"]
SCRAPS = [
    *WORDS,
    *("# ", "## ", "### ", "- ", "  - ", "1. ", "2) ", "(a) ", "(b) ", "  (i) ", "a. ", "> ", "    "),
    *("**", "*", "`", "[x](u)", "[x y](v)", "![z](w)", "![](w)", "\\", "&amp;", "<", "<b>", "<!-- c -->", "<br>"),
    *(
        "| a | b |\n|---|--:|\n| c | d |\n",
        "|",
        "```\nx  y\n```\n",
        "---\n",
        "\u00a0",
        "é",
        "\u202e",
        "?",
        "(",
        "§ 4.2(b)",
    ),
    *("\n", "\n\n", "  \n", "\r\n", "\t", " ", " ", " ", " "),
]

noise = st.lists(st.sampled_from(SCRAPS), max_size=40).map("".join)
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
styled = st.tuples(sentences, st.sampled_from(["{}.", "{}.", "{};", "**{}** x.", "x *{}*", "[{}](u)", "“{}”"])).map(
    lambda pair: pair[1].format(pair[0])
)
lists = st.tuples(st.sampled_from(["-", "1.", "(a)"]), st.lists(styled, min_size=1, max_size=5))


def _items(of: tuple[str, list[str]]) -> str:
    sign, texts = of
    markers = {"-": ["-"] * 9, "1.": [f"{n}." for n in range(1, 9)], "(a)": [f"({c})" for c in "abcdefgh"]}[sign]
    return "\n".join(f"{marker} {text}" for marker, text in zip(markers, texts, strict=False))


def _table(cells: list[list[str]]) -> str:
    width = max(map(len, cells))
    rows = [[*row, *[""] * (width - len(row))] for row in cells]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


cells = st.sampled_from(["", "fee", "30", "$10", "two words", "**x**"])
tables = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5)
blocks = st.one_of(
    styled,
    styled,
    st.tuples(st.sampled_from(["#", "##", "###"]), sentences).map(" ".join),
    lists.map(_items),
    tables.map(_table),
    styled.map(lambda text: f"> {text}"),
    st.just("---"),
    st.just("```\na  b\n```"),
)
contracts = st.lists(blocks, max_size=9)

_FORMS = {"“": '"', "”": '"', "’": "'"}


def typeset(blocks: list[str]) -> st.SearchStrategy[tuple[str, str]]:
    """A contract, and the same one with other quotation marks in some blocks."""
    quoted = [f"It’s the {block}" if block[:1].isalpha() else block for block in blocks]
    other = ["".join(_FORMS.get(sign, sign) for sign in block) for block in quoted]
    chosen = st.lists(st.booleans(), min_size=len(blocks), max_size=len(blocks))
    return chosen.map(
        lambda take: (
            "\n\n".join(quoted),
            "\n\n".join(b if here else a for a, b, here in zip(quoted, other, take, strict=True)),
        )
    )


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A contract and an edited copy: blocks deleted, added, moved, split or joined, and words changed."""
    old = draw(contracts)
    new = list(old)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        what = draw(st.sampled_from(["add", "drop", "move", "word", "split", "join"]))
        if what == "add":
            new.insert(at, draw(blocks))
        elif at < len(new):
            _edit(new, at, what, draw)
    return "\n\n".join(old), "\n\n".join(new)


def _edit(new: list[str], at: int, what: str, draw: st.DrawFn) -> None:
    block = new.pop(at)
    words = block.split(" ")
    if what == "move":
        new.insert(draw(st.integers(0, len(new))), block)
    elif what == "word":
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
        new.insert(at, " ".join(words))
    elif what == "split":
        half = len(words) // 2
        new[at:at] = [" ".join(words[:half]), " ".join(words[half:])]
    elif what == "join" and at < len(new):
        new[at] = f"{block} {new[at]}"


pairs = st.one_of(edited(), edited(), st.tuples(noise, noise), st.tuples(contracts.map("\n\n".join), noise))


def tree(text: str) -> Clause:
    """The tree of a text; the example is passed over where the parser refuses it."""
    try:
        return read_side(text, "text", None).root
    except EngrossError:
        assume(False)
        raise
