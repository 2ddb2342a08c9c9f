"""A model list's page against its YAML: days and truth values are compared in the words of the page."""

import pytest

from engross.corpus.ui_text import ui_strings
from engross.fidelity.site_pages import check_rows_page
from engross.model import BUILT_IN, Source
from engross.render.catalogue.page import grouped
from engross.text import decode

YAML = """\
models:
  - id: small
    name: Small
    trains_on_input: true
    lifecycle: {ga: 2025-03-04}
"""
GERMAN = {**ui_strings("en"), "yes": "ja", "date_form": "{day}. {month} {year}", "month_3": "März"}


def source() -> Source:
    return decode(YAML.encode(), "docs/models.yml")


def page(*shown: str) -> str:
    return f'<section data-engross-model="small"><h2>small Small</h2> <p>{"</p> <p>".join(shown)}</p></section>'


def test_a_page_in_another_language_is_right() -> None:
    assert check_rows_page(source(), page("ja", '<time datetime="2025-03-04">4. März 2025</time>'), GERMAN) is None


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (("yes", "4. März 2025"), "trains_on_input: ja"),
        (("ja", "14. März 2025"), "lifecycle.ga: 4. März 2025"),
        (("ja", "4. März 20251"), "lifecycle.ga: 4. März 2025"),
        (("jaja", "4. März 2025"), "trains_on_input: ja"),
        (("ja", "5. März 2025"), "lifecycle.ga: 4. März 2025"),
        (("ja", '<time datetime="2025-03-04">4. Mai 2025</time>'), "lifecycle.ga: 4. März 2025"),
    ],
)
def test_what_the_page_says_otherwise_is_found(shown: tuple[str, ...], missing: str) -> None:
    finding = check_rows_page(source(), page(*shown), GERMAN)
    assert finding is not None
    assert finding.message == f"the page does not show {missing}"


def test_a_page_of_the_record_has_both_as_the_yaml() -> None:
    assert check_rows_page(source(), page("yes", "2025-03-04")) is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_digits_are_grouped_as_the_language_groups_them(language: str) -> None:
    words = ui_strings(language)
    source = decode(b"models:\n  - {id: small, context_tokens: 200000, version: '4.100'}\n", "docs/models.yml")
    for shown, right in ((grouped(words, 200000), True), (grouped(words, 2000000), False)):
        html = f'<section data-engross-model="small"><h2>small</h2> <p>{shown}</p> <p>4.100</p></section>'
        assert (check_rows_page(source, html, words) is None) is right


PRICES = b"rows:\n- {id: a, item: Item, unit: hour, amount: 1234.500, currency: EUR, since: 2025-03-04}\n"


@pytest.mark.parametrize(
    ("language", "shown", "right"),
    [
        ("en", ("Item hour 1,234.500 EUR", "4 March 2025"), True),
        ("de", ("Item hour 1.234,500 EUR", "4. März 2025"), True),
        ("de", ("Item hour 1,234.500 EUR", "4. März 2025"), False),
        ("en", ("Item hour 1,234.50 EUR", "4 March 2025"), False),
        ("en", ("Item hour 1,234.500 USD", "4 March 2025"), False),
        ("en", ("Item hour 1,234.500 EUR", "2025-03-04"), False),
    ],
)
def test_a_register_is_read_in_the_form_of_the_page(language: str, shown: tuple[str, str], right: bool) -> None:
    words, source = ui_strings(language), decode(PRICES, "docs/prices.yml")
    html = f'<table><tr id="a" data-engross-row="a"><td>{"</td><td>".join(shown)}</td></tr></table>'
    assert (check_rows_page(source, html, words, BUILT_IN["prices"]) is None) is right


def test_a_row_that_a_page_of_a_register_leaves_out_is_found() -> None:
    found = check_rows_page(decode(PRICES, "docs/prices.yml"), "<table></table>", None, BUILT_IN["prices"])
    assert found is not None
    assert found.message == "the page does not list the same rows in the same order"
