"""`--fix` makes only certain changes: golden files of made and omitted edits, and no changed words."""

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from engross.drafting.fixes import applied, edits_by_path

from .test_properties import TEXTS, found, half_quoted, read, repeated, unsorted

CASES = Path(__file__).parents[2] / "cases" / "fix"
WORD = re.compile(r"\w+")
TAKEN_OUT = ("the", "of", "and", "or")


def made(text: str) -> str:
    """A text with all edits applied, until there are none."""
    for _ in range(5):
        edits = edits_by_path(found(read(text))).get("any.md", [])
        if not edits:
            return text
        text = applied(text, edits)
    raise AssertionError("there is always another edit")


def output(text: str) -> list[str]:
    """The words of a text, without accidental repetitions."""
    words = WORD.findall(text)
    again = [at for at, word in enumerate(words) if at and word.lower() == words[at - 1].lower() in TAKEN_OUT]
    return [word for at, word in enumerate(words) if at not in again]


def test_what_is_certain_is_made() -> None:
    assert made((CASES / "certain.md").read_text("utf-8")) == (CASES / "certain.fixed.md").read_text("utf-8")


def test_what_is_only_likely_is_reported_and_not_fixed() -> None:
    text = (CASES / "likely.md").read_text("utf-8")
    assert made(text) == text
    messages = [item.diagnostic.message for item in found(read(text))]
    for part in (
        "‘Defensive Action’ is not quoted like the other terms defined here; write “Defensive Action”",
        "delete one if this is a mistake",
        "is out of alphabetical order; move it",
    ):
        assert any(part in message for message in messages), part
    assert not any("Defensive Action" in message and "lacks" in message for message in messages)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Nous nous réservons.",
            "Vous vous engagez.",
            "zu der der Link führt",
            "had had",
            "that that",
            "| Yes | Yes |",
        ),
        *("Die, die die Frist wahren.", "Wat dat dat betreft.", "De heer van de de Vries.", "Le livre de de Gaulle."),
        *("dat het het bedrijf is", "Om det det gäller.", "az az ügyfél", "que que sea", "se se dice", "che che"),
    ],
)
def test_what_is_right_is_no_finding(text: str) -> None:
    assert [item for item in found(read(f"{text}\n")) if item.diagnostic.rule == "repeated-word"] == []


@given(st.one_of(TEXTS, repeated(), unsorted(), half_quoted()))
def test_no_fix_changes_words(text: str) -> None:
    source = read(text)
    after = made(source.text)
    assert made(after) == after
    assert output(after) == output(source.text)


GERMAN = "Der Kunde zahlt die Gebühr, und der Anbieter ist nicht verpflichtet, die Leistung zu erbringen."
FRENCH = "Le client paie les frais, et le fournisseur est tenu de la prestation pour les clients du service."
ENGLISH = "The Customer pays the fee, and the Provider is not bound by any of the terms that it did not accept."


@pytest.mark.parametrize(
    "text",
    [
        f"{GERMAN}\n\nThe text of the the law is in English.",
        f"{FRENCH} {FRENCH}\n\nThe text of the the law is in English.",
        f"{ENGLISH} {ENGLISH}\n\n{GERMAN} The the.",
        f"{GERMAN}\n\n{GERMAN} Of of.",
        "Preis the the",
        f"{ENGLISH}\n\nThe words and and or are words.",
        f"{ENGLISH}\n\nIt is a song of The The.",
        f"{ENGLISH}\n\nTHE THE FEE IS DUE.",
    ],
)
def test_nothing_is_made_where_english_is_not_certain(text: str) -> None:
    assert made(f"{text}\n") == f"{text}\n"


def test_a_name_in_another_language_does_not_keep_english_from_being_fixed() -> None:
    text = f"{ENGLISH}\n\nThe the notice goes to the Autorité de la concurrence and to the Amt der Stadt.\n"
    assert made(text) == text.replace("The the", "The")
