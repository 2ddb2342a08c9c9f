"""The difference between a base and a fix, applied to an announced text: clause by clause, and never guessed."""

import random

import pytest
from hypothesis import given, strategies as st

from engross.corpus.catalogue import catalogue_tree, read_catalogue
from engross.model import Clause, Source
from engross.redline import Op, State, redline
from engross.redline.projection import text_of
from engross.redline.three_way_merge import Merge, merge
from engross.text import decode, parse

BASE = """\
# The Agreement

Between Us and You.

## Use

You will not:

(a) copy the service;
(b) resell the service;
(c) harm the service; or
(d) hide who you are.

## Fees

You pay what the price list says, within thirty days.

| Plan | Price |
|------|-------|
| Small | 10 |
| Large | 20 |

## End

Either party may end it by notice.

Nothing else ends it, whatever a party may have said before.
"""

MODELS = """\
models:
  - id: small-1
    name: Small 1
    provider: Maker
    eula: {spdx: MIT}
    modalities: {in: [text], out: [text]}
    context_tokens: 4096
  - id: large-1
    name: Large 1
    provider: Maker
    eula: {spdx: MIT}
    modalities: {in: [text], out: [text]}
    context_tokens: 8192
"""


def read(source: Source) -> Clause:
    return parse(source, numbering=False)


def read_models(source: Source) -> Clause:
    return catalogue_tree(read_catalogue(source), source)


def source(text: str, name: str = "text.md") -> Source:
    return decode(text.encode(), name)


def edited(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def merged(announced: str, fix: str, base: str = BASE) -> Merge:
    return merge(source(base), source(announced), source(fix), read)


def text_merged(announced: str, fix: str, base: str = BASE) -> str:
    made = merged(announced, fix, base)
    assert made.clashes == ()
    return made.data.decode()


TYPO = ("Either party may", "Each party may")
"""The fix of most cases: a clause that no announcement of these cases touches."""

ANNOUNCED = {
    "a clause changed": (("within thirty days", "within twenty days"),),
    "a clause deleted": (("Between Us and You.\n\n", ""),),
    "a clause added": (("## Fees\n", "## Fees\n\nFees are due in advance.\n"),),
    "an item added before others": (
        ("(b) resell", "(b) lend the service;\n(c) resell"), ("(c) harm", "(d) harm"), ("(d) hide", "(e) hide"),
    ),
    "an item deleted": (
        ("(b) resell the service;\n", ""), ("(c) harm", "(b) harm"), ("(d) hide", "(c) hide"),
    ),
    "a row added": (("| Large | 20 |\n", "| Large | 20 |\n| Huge | 30 |\n"),),
    "a cell changed": (("| Small | 10 |", "| Small | 12 |"),),
    "a heading renamed": (("## Fees", "## Prices"),),
    "a section moved": (
        ("## Fees\n\nYou pay what the price list says, within thirty days.\n", "## Fees\n"),
        ("## Use\n", "## Use\n\nYou pay what the price list says, within thirty days.\n"),
    ),
    "the fixed clause moved": (
        ("Either party may end it by notice.\n\n", ""),
        ("Between Us and You.\n", "Between Us and You.\n\nEither party may end it by notice.\n"),
    ),
    "lines broken otherwise": (("Nothing else ends it, whatever", "Nothing else ends it,\nwhatever"),),
    "the text ends sooner": (("\nNothing else ends it, whatever a party may have said before.\n", ""),),
}  # fmt: skip


@pytest.mark.parametrize("name", ANNOUNCED)
def test_the_fix_of_a_clause_that_is_not_announced(name: str) -> None:
    announced = edited(BASE, *ANNOUNCED[name])
    assert text_merged(announced, edited(BASE, TYPO)) == edited(announced, TYPO)


@pytest.mark.parametrize("name", ANNOUNCED)
def test_it_does_not_matter_which_side_is_the_fix(name: str) -> None:
    """Applying the announced change to the fix gives the same text, unless both change the same place."""
    announced, fix = edited(BASE, *ANNOUNCED[name]), edited(BASE, TYPO)
    made = merged(fix, announced)
    assert made.clashes or made.data == edited(announced, TYPO).encode()


@pytest.mark.parametrize(
    ("fix", "announced", "wanted"),
    [
        # Another item of the same list, whose number the announcement changes.
        (
            (("(d) hide who", "(d) conceal who"),),
            ANNOUNCED["an item added before others"],
            (*ANNOUNCED["an item added before others"][:2], ("(d) hide who", "(e) conceal who")),
        ),
        # The same change on both sides.
        (
            (TYPO, ("within thirty", "within twenty")),
            (("within thirty", "within twenty"),),
            (TYPO, ("within thirty", "within twenty")),
        ),
        # Something new, deleted, at the end, in a table.
        (
            (("## End\n", "## End\n\nThis is how it ends.\n"),),
            ANNOUNCED["a clause changed"],
            (*ANNOUNCED["a clause changed"], ("## End\n", "## End\n\nThis is how it ends.\n")),
        ),
        (
            (("Between Us and You.\n\n", ""),),
            ANNOUNCED["a clause changed"],
            (*ANNOUNCED["a clause changed"], ("Between Us and You.\n\n", "")),
        ),
        (
            (("said before.\n", "said before.\n\nThe end.\n"),),
            ANNOUNCED["a clause changed"],
            (*ANNOUNCED["a clause changed"], ("said before.\n", "said before.\n\nThe end.\n")),
        ),
        (
            (("| Large | 20 |\n", "| Large | 20 |\n| Huge | 30 |\n"),),
            ANNOUNCED["a cell changed"],
            (*ANNOUNCED["a cell changed"], ("| Large | 20 |\n", "| Large | 20 |\n| Huge | 30 |\n")),
        ),
        # A link that only leads elsewhere.
        (
            (("price list", "[price list](https://example.com)"),),
            (TYPO,),
            (TYPO, ("price list", "[price list](https://example.com)")),
        ),
    ],
)
def test_what_else_a_fix_may_do(
    fix: tuple[tuple[str, str], ...], announced: tuple[tuple[str, str], ...], wanted: tuple[tuple[str, str], ...]
) -> None:
    assert text_merged(edited(BASE, *announced), edited(BASE, *fix)) == edited(BASE, *wanted)


@pytest.mark.parametrize(
    ("fix", "announced", "label", "why"),
    [
        (("thirty days", "30 days"), (("thirty days", "twenty days"),), "Fees", "changes as well"),
        (("thirty days", "30 days"), (("You pay what the price list says, within thirty days.\n\n", ""),), "Fees",
         "that the announced text deletes"),
        (("You pay what the price list says, within thirty days.\n\n", ""), (("thirty days", "twenty days"),), "Fees",
         "the fix deletes or moves a clause"),
        (("## End\n", "## End\n\nOne more.\n"), (("## End\n", "## End\n\nAnother.\n"),), "End",
         "changes what is around it"),
        (("hide who you are.", "hide who you are; or\n(e) lie."), ANNOUNCED["an item deleted"], "Use (e)",
         "(e) would follow (c)"),
        (("hide who you are.", "hide who you are; or\n(e) lie."),
         (("(a) copy the service;", "(a) copy it at all;\n(b) copy the service;"), ("(b) resell", "(c) resell"),
          ("(c) harm the service; or", "(d) harm the service; or"), ("(d) hide", "(e) hide")), "Use (e)", ""),
        (("said before.\n", "said before.\n\nOne.\n"), (("said before.\n", "said before.\n\nTwo.\n"),), "End",
         "changes what is around it"),
    ],
)  # fmt: skip
def test_a_clash_is_shown(fix: tuple[str, str], announced: tuple[tuple[str, str], ...], label: str, why: str) -> None:
    made = merged(edited(BASE, *announced), edited(BASE, fix))
    assert made.data == b""
    assert label in {clash.label for clash in made.clashes} or label in made.clashes[0].label
    assert why in "\n".join(clash.why for clash in made.clashes)


def test_a_clash_shows_all_three_texts() -> None:
    (clash,) = merged(edited(BASE, ("thirty days", "twenty days")), edited(BASE, ("thirty days", "30 days"))).clashes
    assert [text[-10:] for text in (clash.base, clash.other, clash.fix)] == ["irty days.", "enty days.", "n 30 days."]
    assert clash.line == 16


def test_line_ends_and_byte_order_mark_stay() -> None:
    announced = "\ufeff" + edited(BASE, ("thirty days", "twenty days")).replace("\n", "\r\n")
    made = merged(announced, edited(BASE, TYPO))
    assert made.clashes == ()
    # What came from the fix ends as it does there.
    assert made.data.decode().replace("\r\n", "\n") == "\ufeff" + edited(BASE, TYPO, ("thirty days", "twenty days"))
    assert made.data.count(b"\r\n") == BASE.count("\n") - 1


def test_white_space_of_code_is_never_lost() -> None:
    base = "# Code\n\n```\nif a:\n    b\n```\n\nSome text here.\n"
    fix = base.replace("    b", "        b")
    assert text_merged(base.replace("Some", "Any"), fix, base) == fix.replace("Some", "Any")


@pytest.mark.parametrize(
    ("fix", "announced"),
    [
        ((("name: Small 1", "name: Small One"),), (("context_tokens: 4096", "context_tokens: 2048"),)),
        ((("name: Small 1", "name: Small One"),), (("    context_tokens: 4096\n", ""),)),
        ((("    context_tokens: 4096\n", "    context_tokens: 4096\n    retention: None.\n"),), (("8192", "9000"),)),
        ((("name: Large 1", "name: Large One"),), (("models:\n", "models:\n  - id: new\n    name: New\n"
          "    provider: Maker\n    eula: {spdx: MIT}\n    modalities: {in: [text], out: [text]}\n"),)),
    ],
)  # fmt: skip
def test_models_are_merged_key_by_key(fix: tuple[tuple[str, str], ...], announced: tuple[tuple[str, str], ...]) -> None:
    texts = [source(edited(MODELS, *pairs), "models.yml") for pairs in ((), announced, fix)]
    made = merge(*texts, read_models, yaml=True)
    assert made.clashes == ()
    assert made.data.decode() == edited(MODELS, *announced, *fix)


def test_a_key_of_a_model_that_both_change() -> None:
    texts = [source(MODELS.replace("4096", number), "models.yml") for number in ("4096", "2048", "1024")]
    (clash,) = merge(*texts, read_models, yaml=True).clashes
    assert clash.label == "small-1: context_tokens"


# A property, over generated texts


SENTENCES = [
    "Customer will pay each invoice in full within a month.",
    "The provider keeps records of every request for a year.",
    "Neither party may assign this agreement without consent.",
    "Support answers on working days between nine and five.",
    "Each notice is sent in writing to the address on file.",
    "Liability is limited to the fees paid in the last year.",
    "Confidential information is kept secret for five years.",
    "The law of the seat of the provider applies to all this.",
]


def clauses(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [f"{rng.choice(SENTENCES)} It is clause number {at} of the text." for at in range(count)]


def write(blocks: list[list[str]]) -> str:
    out = ["# Title"]
    for at, block in enumerate(blocks):
        out += [f"## Section {at}", *block]
    return "\n\n".join(out) + "\n"


def edits(texts: tuple[str, str]) -> list[tuple[str, str]]:
    """Which words a redline shows went and came, clause by clause."""
    script = redline(source(texts[0]), source(texts[1]))
    return sorted(
        (text_of_op(block, Op.DELETED), text_of_op(block, Op.INSERTED))
        for top in script.blocks
        for block in top.walk()
        if block.runs and block.state is not State.SAME and any(run.op is not Op.EQUAL for run in block.runs)
    )


def text_of_op(block: object, op: Op) -> str:
    return "".join(piece.text for piece in text_of(block.runs, op))  # type: ignore[attr-defined]


@st.composite
def three_texts(draw: st.DrawFn) -> tuple[list[list[str]], set[int], set[int]]:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    every = clauses(sum(sizes), draw(st.integers(0, 99)))
    places = list(range(len(every)))
    ours = set(draw(st.lists(st.sampled_from(places), max_size=3)))
    theirs = set(draw(st.lists(st.sampled_from(places), max_size=3)))
    blocks, at = [], 0
    for size in sizes:
        blocks.append(every[at : at + size])
        at += size
    return blocks, ours, theirs


def changed(blocks: list[list[str]], places: set[int], word: str) -> list[list[str]]:
    at, out = -1, []
    for block in blocks:
        row = []
        for text in block:
            at += 1
            row.append(text.replace("It is", f"It {word} is") if at in places else text)
        out.append(row)
    return out


@given(three_texts())
def test_the_merged_text_differs_from_the_announced_as_the_fix_from_the_base(
    given_texts: tuple[list[list[str]], set[int], set[int]],
) -> None:
    blocks, announced_at, fixed_at = given_texts
    base = write(blocks)
    announced, fix = write(changed(blocks, announced_at, "soon")), write(changed(blocks, fixed_at, "truly"))
    made = merged(announced, fix, base)
    if announced_at & fixed_at:
        assert len(made.clashes) == len(announced_at & fixed_at)
        assert made.data == b""
    else:
        assert made.clashes == ()
        assert edits((announced, made.data.decode())) == edits((base, fix))
        assert edits((fix, made.data.decode())) == edits((base, announced))
