"""`--fix` makes only what is certain: goldens of what it makes and of what it leaves, and that no words change."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engross.checks.fixes import applied, edits_by_path

from .test_properties import TEXTS, found, half_quoted, read, repeated, unsorted

CASES = Path(__file__).parents[2] / "cases" / "fix"
WORD = re.compile(r"\w+")
TAKEN_OUT = ("the", "of", "and", "or")


def made(text: str) -> str:
    """A text with every edit made, until there is none."""
    for _ in range(5):
        edits = edits_by_path(found(read(text))).get("any.md", [])
        if not edits:
            return text
        text = applied(text, edits)
    raise AssertionError("there is always another edit")


def said(text: str) -> list[str]:
    """The words of a text, without those that are said twice by mistake."""
    words = WORD.findall(text)
    again = [at for at, word in enumerate(words) if at and word.lower() == words[at - 1].lower() in TAKEN_OUT]
    return [word for at, word in enumerate(words) if at not in again]


def test_what_is_certain_is_made() -> None:
    assert made((CASES / "certain.md").read_text("utf-8")) == (CASES / "certain.fixed.md").read_text("utf-8")


def test_what_is_only_likely_is_said_and_left() -> None:
    text = (CASES / "likely.md").read_text("utf-8")
    assert made(text) == text
    messages = [item.diagnostic.message for item in found(read(text))]
    for part in (
        "‘Defensive Action’ is not quoted as the other terms defined here are; they would have it “Defensive Action”",
        "delete one of them if that is a slip",
        "is out of alphabetical order; its place is",
    ):
        assert any(part in message for message in messages), part
    assert not any("Defensive Action" in message and "lacks" in message for message in messages)


@pytest.mark.parametrize(
    "text",
    ["Nous nous réservons.", "Vous vous engagez.", "zu der der Link führt", "had had", "that that", "| Yes | Yes |"],
)
def test_what_is_right_is_not_even_said(text: str) -> None:
    assert [item for item in found(read(f"{text}\n")) if item.diagnostic.rule == "repeated-word"] == []


@given(st.one_of(TEXTS, repeated(), unsorted(), half_quoted()))
def test_no_fix_changes_words(text: str) -> None:
    source = read(text)
    after = made(source.text)
    assert made(after) == after
    assert said(after) == said(source.text)
