"""The labels of clauses on pages in the languages of the words of pages."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from engross.model import LABEL_WORDS, Source, shown_label
from engross.render.pages.clauses import ClauseRenderer
from engross.text import parse

WORDS = Path(__file__).parents[2] / "templates" / "words"


def words_of(language: str) -> dict[str, str]:
    found: dict[str, str] = YAML(typ="safe").load((WORDS / f"{language}.yml").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("language", "label", "shown"),
    [
        ("en", "Opening, paragraph 2", "Opening, paragraph 2"),
        ("de", "Opening, paragraph 2", "Eingang, Absatz 2"),
        ("de", "Opening (a)(i)", "Eingang (a)(i)"),
        ("de", "Opening “Kunde”", "Eingang “Kunde”"),
        ("de", "Zahlung, item 3", "Zahlung, Punkt 3"),
        ("fr", "Opening", "Préambule"),
        ("fr", "Footnote 2", "Note 2"),
        ("es", "Pago, quotation 1", "Pago, cita 1"),
        ("de", "Opening Hours", "Opening Hours"),  # a heading of the text
        ("de", "Zahlung, item", "Zahlung, item"),
    ],
)
def test_labels_are_in_the_language_of_the_page(language: str, label: str, shown: str) -> None:
    assert shown_label(label, words_of(language)) == shown


def test_words_that_a_page_lacks_stay() -> None:
    assert shown_label("Opening, paragraph 2", {}) == "Opening, paragraph 2"


def test_english_words_are_those_of_labels() -> None:
    assert [words_of("en")[name] for name in LABEL_WORDS] == ["Opening", "Footnote", "paragraph", "item", "quotation"]


def test_the_link_of_a_clause_to_itself_names_it_in_the_language_of_the_page() -> None:
    words = words_of("de")
    text = "Der Kunde zahlt.\n\n## Zahlung\n\nEr zahlt:\n\n- bald.\n"
    html = ClauseRenderer(str, link_to=words["link_to"], words=words).render(parse(Source("a.md", text, text.encode())))
    assert 'aria-label="Link zu Eingang"' in html
    assert 'aria-label="Link zu Zahlung, Punkt 1"' in html
