"""How the rows of a register are spread over pages, and CSV files of registers and model lists."""

import csv
import re
from datetime import date
from io import StringIO

import pytest

from engross.corpus.catalogue import read_catalogue
from engross.corpus.registers import Register, read_register
from engross.model import BUILT_IN
from engross.redline import html_page, redline
from engross.render.catalogue.csv_files import models_csv, register_csv
from engross.render.catalogue.register_page import register_parts, register_style
from engross.text import decode

ROW = '- {{id: r{0}, item: "{1} {0}", unit: hour, amount: {0}.50, currency: {2}, since: 2025-01-01}}\n'


def prices(count: int, item: str = "Item") -> Register:
    rows = "".join(ROW.format(at, item, ("EUR", "USD")[at % 2]) for at in range(count))
    return read_register(decode(f"rows:\n{rows}".encode(), "prices.yml"), BUILT_IN["prices"])


def test_a_short_register_has_one_page() -> None:
    assert register_parts(prices(400)) == []


@pytest.mark.long
def test_5000_rows_are_on_pages_of_the_same_length_in_order() -> None:
    register = prices(5000)
    parts = register_parts(register)
    assert [row for part in parts for row in part] == list(register.rows)
    assert 8 < len(parts) < 13
    assert all(len(part) < 700 for part in parts)
    assert len(register_parts(prices(600, "A long name of an item, " * 20))) > 1


def test_the_style_sheet_of_many_rows_is_short() -> None:
    assert len(register_style(prices(600), {"register_prices_currency": "Currency"})) < 2000


def test_every_field_of_the_csv_is_in_quotes() -> None:
    assert register_csv(prices(1)).split("\r\n") == [
        '"id","item","unit","amount","currency","since"',
        '"r0","Item 0","hour","0.50","EUR","2025-01-01"',
        "",
    ]


MODEL = """\
models:
  - id: small
    name: "=Small"
    provider: Acme
    task: language
    eula: {spdx: Apache-2.0, restrictions: [One., Two.]}
    modalities: {in: [text, image], out: [text]}
    lifecycle: {ga: 2025-03-04}
    context_tokens: 128000
    trains_on_input: false
    price: {currency: EUR, input: "0.50"}
"""


def test_the_csv_of_models_has_each_fact_by_its_name_in_json() -> None:
    written = models_csv(read_catalogue(decode(MODEL.encode(), "models.yml")), date(2025, 3, 4))
    (row,) = csv.DictReader(StringIO(written, newline=""))
    assert row["id"] == "small"
    assert row["name"] == "'=Small"
    facts = {
        "modalities.in": "text, image",
        "eula.restrictions": "One.; Two.",
        "lifecycle.ga": "2025-03-04",
        "context_tokens": "128000",
        "trains_on_input": "no",
        "price.input": "0.50",
        "stage": "available",
        "released": "",
    }
    assert {name: row[name] for name in facts} == facts


@pytest.mark.long
def test_the_redline_of_a_long_register_leaves_out_what_did_not_change() -> None:
    old = "rows:\n" + "".join(ROW.format(at, "Item", "EUR") for at in range(900))
    script = redline(old, old.replace("amount: 7.50", "amount: 8.50"), yaml=True)
    page = html_page(script)
    assert "The list is long." in page
    assert re.findall(r"<h3[^>]*>(.*?)</h3>", page) == ["Item 7"]
    assert "Item 899" in html_page(script, only_changes=False)
    assert "1 value changed" in page
