"""The table of model facts: each field of the schema once, sealed names that never change, labels of the words."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from engross.corpus.catalogue import catalogue_tree, read_catalogue
from engross.corpus.eula import Eula
from engross.corpus.models import FACTS, Lifecycle, Model, Prices, label, labelled
from engross.corpus.ui_text import ui_strings
from engross.text import decode

ENGLISH = ui_strings("en")
SOURCE = decode(
    b"""\
models:
  - id: small
    name: Small
    provider: P
    api_id: p/small
    base_model: Big
    eula: {spdx: MIT, restrictions: [One., Two.]}
    modalities: {in: [text, image], out: [text]}
    lifecycle: {ga: 2025-03-04}
    output_tokens: 4096
    trains_on_input: false
""",
    "docs/models.yml",
)


def declared() -> Iterator[tuple[str, ...]]:
    """The path of every field of a model, but for its id and its name, which head its entry."""
    nested = {"eula": [one.name for one in fields(Eula)], "lifecycle": [one.name for one in fields(Lifecycle)]}
    nested["modalities"] = ["in", "out"]
    nested["price"] = [one.name for one in fields(Prices)]
    for one in fields(Model):
        if one.name not in ("id", "name"):
            yield from (
                ((one.name, inner) for inner in nested.get(one.name, ())) if one.name in nested else [(one.name,)]
            )


def test_every_field_of_a_model_is_in_the_table_once() -> None:
    assert sorted(fact.path for fact in FACTS) == sorted(declared())


def test_sealed_names_and_their_order_stay() -> None:
    """The text hash of every posted list depends on them and on their order; a new fact may be between any two."""
    known = (
        "Provider; Task; Name in requests; Aliases; Base model; Version; Released; Knowledge; Licence; Licence id; "
        "Licence text; Restrictions; Licence retrieved; Licence SHA-256; Licence copy; Licence quotes; Takes; Gives; "
        "Preview; Generally available; Deprecated; Retires; Replacement; Parameters; Context, tokens; Output, tokens; "
        "Residency; Retention; Trains on input; Currency; Price of input; Price of output; Price of cached input; "
        "Pricing; Documentation; Source"
    )
    sealed = [fact.sealed for fact in FACTS if f"; {fact.sealed}; " in f"; {known}; "]
    assert "; ".join(sealed) == known


def test_every_fact_has_a_label() -> None:
    assert {fact.word for fact in FACTS} <= ENGLISH.keys()
    assert label("Name in requests", ENGLISH) == "API model ID"
    assert label("A name of tomorrow", ENGLISH) == "A name of tomorrow"


def test_values_and_texts() -> None:
    (model,) = read_catalogue(SOURCE).models
    by_word = {fact.word: fact for fact in FACTS}
    assert by_word["day_ga"].of(model) == date(2025, 3, 4)
    assert by_word["day_preview"].of(model) is None
    assert by_word["takes"].text(model) == "text, image"
    assert by_word["takes"].of(model) == ("text", "image")
    assert by_word["restrictions"].of(model) == ("One.", "Two.")
    assert (by_word["trains_on_input"].of(model), by_word["trains_on_input"].text(model)) == (False, "no")


def test_a_tree_to_be_shown_has_the_labels_and_the_sealed_tree_does_not() -> None:
    tree = catalogue_tree(read_catalogue(SOURCE), SOURCE)
    (model,), (shown,) = tree.children, labelled(tree, ENGLISH).children
    assert [one.name for one in model.children][1:3] == ["Name in requests", "Base model"]
    assert [one.name for one in shown.children][1:3] == ["API model ID", "Base model"]
    assert shown.children[1].label == "Small: API model ID"
    differing = [(one.inline.text, was.inline.text) for one, was in zip(shown.children, model.children, strict=True)]
    assert [pair for pair in differing if pair[0] != pair[1]] == [("4 March 2025", "2025-03-04")]
