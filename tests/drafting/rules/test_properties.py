"""Any text at all: no rule fails, every finding is inside the text, and a fixed mistake is not found again."""

import pytest
from hypothesis import assume, given, strategies as st

from engross.common.errors import EngrossError
from engross.drafting.check_inputs import lone_document, lone_subject
from engross.drafting.engine import judge
from engross.drafting.fixes import applied, edits_by_path
from engross.drafting.rules import BY_NAME, RULES
from engross.drafting.subject import Judged
from engross.model import Source
from engross.text import decode

from .seeds import CASES, base

PIECES = [
    "the", "The", "Fee", "Fees", "“Fee”", "“Fee", "Fee”", "means", "“", "”", '"', "(", ")", "[", "]", "(a)", "(b)",
    "(d)", "(i)", "thirty", "(45)", "Section 2", "Section 9.9", "# ", "## ", "#### ", "- ", "1. ", "3. ", "  ",
    "\n", "\n\n", "\t", ".", ",", ";", ":", "’s", "**", "**Fee**", "*", "[LINK]", "____", "TBD", "of", "and", "API",
    "customer data", "Customer Data", "Open Router", "OpenRouter", "Open router", "<b>", "|", "| --- |", "> ", "é", "ß",
    "İ", "\u00a0", "\u200b", "日本", "1.1 ", "**5.1.** ", "Article IV", "e.g.", "§", "—", "…", "2", "%", "is", "shall",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.text(max_size=200),
)
FIXING = [rule for rule in RULES if rule.fixes]


def read(text: str) -> Source:
    try:
        return decode(text.encode("utf-8", "replace"), "any.md")
    except EngrossError:
        assume(False)
        raise


def found(source: Source) -> list[Judged]:
    try:
        return judge(lone_subject(lone_document(source)))
    except EngrossError:
        assume(False)
        raise


@given(TEXTS)
def test_no_rule_fails_and_every_finding_has_a_place_in_the_text(text: str) -> None:
    source = read(text)
    for item in found(source):
        one = item.diagnostic
        assert 1 <= one.line <= len(source.line_starts)
        assert 1 <= one.column <= len(source.line(one.line)) + 1
        assert one.path == "any.md"
        assert one.message
        assert all(0 <= edit.start <= edit.end <= len(source.text) for edit in item.finding.edits)


WORDS = st.sampled_from(["fee", "due", "pays", "each", "the", "of", "and", "parties’", "re-sale", "naïve"])
NAMES = st.sampled_from(["Alum", "Brass", "Copper", "Iron", "Lead", "Nickel", "Tin", "Zinc", "Third-Party Ore"])


@st.composite
def repeated(draw: st.DrawFn) -> str:
    words = draw(st.lists(WORDS, min_size=2, max_size=12, unique=True))
    at = draw(st.integers(0, len(words) - 1))
    glue = draw(st.sampled_from([" ", "  ", "\n", "\n  "]))
    before = draw(st.sampled_from(["", "- ", "> ", "(a) ", "## ", "**"]))
    again = f"{words[at]}{glue if before in ('', '(a) ') else ' '}{words[at]}"
    text = " ".join([*words[:at], again, *words[at + 1 :]])
    return f"It is so.\n\n{before}so {text} it is.{before if before == '**' else ''}\n"


@st.composite
def unsorted(draw: st.DrawFn) -> str:
    names = sorted(draw(st.lists(NAMES, min_size=5, max_size=9, unique=True)))
    moved = names.pop(draw(st.integers(0, len(names) - 1)))
    names.insert(draw(st.integers(0, len(names))), moved)
    glue = draw(st.sampled_from(["\n", "\n\n"]))
    return glue.join(f"- **“{name}”** means a metal\n  of some kind." for name in names) + "\n"


@st.composite
def half_quoted(draw: st.DrawFn) -> str:
    forms = ["“{}” means", "“{} means", "{}” means", "**“{}”** means", "**“{}** means", "“**{}** means", '"{} means']
    names = draw(st.lists(NAMES, min_size=1, max_size=8, unique=True))
    return "\n\n".join(f"{draw(st.sampled_from(forms)).format(name)} a metal." for name in sorted(names)) + "\n"


@pytest.mark.parametrize(
    ("rule", "texts"),
    [("repeated-word", repeated()), ("definition-quotes", half_quoted())],
)
@given(data=st.data())
def test_what_is_fixed_is_found_no_more(rule: str, texts: st.SearchStrategy[str], data: st.DataObject) -> None:
    source = read(data.draw(texts))
    # A fix may uncover another slip of the kind: three terms in curly marks make a habit.
    for _ in range(3):
        mendable = [item for item in found(source) if item.diagnostic.rule == rule and item.finding.edits]
        edits = edits_by_path(mendable).get("any.md", [])
        fixed = read(applied(source.text, edits))
        assert bool(edits) == (fixed.text != source.text)
        source = fixed
    assert not mendable


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.md")))
def test_mending_a_whole_agreement_leaves_nothing_to_mend(name: str) -> None:
    text = base(name)
    source = read(text)
    edits = edits_by_path(found(source)).get("any.md", [])
    again = found(read(applied(text, edits)))
    assert not [item for item in again if item.finding.edits]


def test_rules_that_mend_say_so() -> None:
    assert {rule.name for rule in FIXING} == {"repeated-word", "definition-quotes"}
    assert BY_NAME["repeated-word"].fixes
