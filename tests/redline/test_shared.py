"""The announced changes that a draft contains: their words, clauses and places, and no similar ones."""

import pytest

from engross.corpus.catalogue import catalogue_tree, read_catalogue
from engross.model import Clause, Source
from engross.redline.shared_edits import shared_changes
from engross.text import decode, parse

from .test_merge import ANNOUNCED, BASE, MODELS, TYPO, edited

Pairs = tuple[tuple[str, str], ...]
ADDED_ITEM = ANNOUNCED["an item added before others"]
MOVED = ANNOUNCED["the fixed clause moved"]
SOONER = ANNOUNCED["a clause changed"]
LAST = "Nothing else ends it, whatever a party may have said before."
SPLIT = ((LAST, "Nothing else ends it.\n\nIt does not matter, whatever a party may have said before."),)
LINKED = tuple((("price list", f"[price list](https://{name}.example)"),) for name in "ab")
REWORDED = tuple(
    (("whatever a party may have said before", f"unless a court {words} matter"),)
    for words in ("of law decides otherwise in the", "decides otherwise in this")
)


def sided(text: str, name: str = "text.md") -> tuple[Source, Clause]:
    read = decode(text.encode(), name)
    if name.endswith(".yml"):
        return read, catalogue_tree(read_catalogue(read), read)
    return read, parse(read, numbering=False)


def held(announced: Pairs, draft: Pairs) -> list[str]:
    texts = [sided(edited(BASE, *pairs)) for pairs in ((), announced, draft)]
    return [one.label for one in shared_changes(*texts)]


@pytest.mark.parametrize("name", ANNOUNCED)
def test_the_announced_text_holds_all_of_it(name: str) -> None:
    announced = ANNOUNCED[name]
    wanted = name != "lines broken otherwise"
    assert bool(held(announced, announced)) is wanted
    assert bool(held(announced, (*announced, ("# The Agreement", "# Our Agreement")))) is wanted


@pytest.mark.parametrize("name", ANNOUNCED)
def test_the_text_in_force_with_a_fix_holds_nothing(name: str) -> None:
    assert held(ANNOUNCED[name], ()) == []
    assert held(ANNOUNCED[name], (TYPO,)) == []
    assert held(ANNOUNCED[name], (("# The Agreement", "# Our Agreement"),)) == []


@pytest.mark.parametrize(
    ("announced", "draft", "labels"),
    [
        # Some of the announced changes.
        ((*SOONER, TYPO), (TYPO,), ["End"]),
        ((*SOONER, TYPO), SOONER, ["Fees"]),
        # An announced clause that is edited further.
        (SOONER, (("within thirty days", "within twenty working days"),), ["Fees"]),
        (SOONER, (*SOONER, ("what the price list says", "what the list of prices says")), ["Fees"]),
        (REWORDED[0], REWORDED[1], ["End, paragraph 2"]),
        (((TYPO[0], "Either of the parties may"),),
         (("Either party may end it by", "Either of the parties may end by"),), ["End"]),
        # The same clause, changed to something else.
        (SOONER, (("within thirty days", "within sixty days"),), []),
        (SOONER, (("says, within thirty days", "says"),), []),
        ((("by notice", "by written notice"),), (("by notice", "by prompt notice"),), []),
        # An announced deletion.
        (ANNOUNCED["a clause deleted"], (("Between Us and You.\n\n", ""), TYPO), ["Opening"]),
        (ANNOUNCED["an item deleted"], ANNOUNCED["an item deleted"], ["Use (b)"]),
        ((("Between Us and You.", "Between You."),), (("Between Us and You.", "Between both of Us."),), []),
        # An announced clause that was added, here or elsewhere.
        (ADDED_ITEM, ADDED_ITEM, ["Use (b)"]),
        (ADDED_ITEM, (("hide who you are.", "hide who you are; or\n(e) lend the service."),), ["Use (e)"]),
        (ADDED_ITEM, (("hide who you are.", "hide who you are; or\n(e) attack others."),), []),
        ((("hide who you are.", "hide who you are; or\n(e) lend it to others."),),
         (("hide who you are.", "hide who you are; or\n(e) attack."),), []),
        # A place.
        (MOVED, MOVED, ["Opening, paragraph 2"]),
        (MOVED, (*MOVED, ("thirty", "forty")), ["Opening, paragraph 2"]),
        (MOVED, (("Either party may end it by notice.\n\n", ""), ("within thirty days.\n",
         "within thirty days.\n\nEither party may end it by notice.\n")), []),
        # What words do not show.
        ((("## Fees", "### Fees"),), (("## Fees", "### Fees"),), ["Fees"]),
        (LINKED[0], LINKED[0], ["Fees"]),
        (LINKED[0], LINKED[1], []),
        # Breaks.
        (SPLIT, SPLIT, ["End, paragraph 2", "End, paragraph 3"]),
        (SPLIT, (("\nNothing else ends it, whatever a party may have said before.\n", ""),), []),
    ],
)  # fmt: skip
def test_parts(announced: Pairs, draft: Pairs, labels: list[str]) -> None:
    found = held(announced, draft)
    assert found == labels


def test_the_place_of_a_shared_change() -> None:
    texts = [sided(edited(BASE, *pairs)) for pairs in ((), SOONER, (*SOONER, TYPO))]
    (found,) = shared_changes(*texts)
    assert found.line == 16


@pytest.mark.parametrize(
    ("announced", "draft", "labels"),
    [
        ("context_tokens: 2048", "context_tokens: 2048", ["small-1: context_tokens"]),
        ("context_tokens: 2048", "context_tokens: 1024", []),
    ],
)
def test_models(announced: str, draft: str, labels: list[str]) -> None:
    texts = [
        sided(MODELS.replace("context_tokens: 4096", line), "models.yml")
        for line in ("context_tokens: 4096", announced, draft)
    ]
    assert [one.label for one in shared_changes(*texts, yaml=True)] == labels


def test_without_a_base_everything_is_announced() -> None:
    assert len(shared_changes(None, sided(BASE), sided(BASE))) > 5
