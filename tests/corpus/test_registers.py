"""Registers: values and their places, the tree, the JSON, and which changes are informational."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from sys import setprofile

import pytest
from jsonschema import Draft202012Validator, ValidationError

from engross.corpus.registers import (
    Register,
    is_informational,
    read_register,
    register_json,
    register_output_schema,
    register_source_schema,
    register_tree,
    value_changes,
)
from engross.corpus.settings import read_settings
from engross.corpus.yaml import plain
from engross.corpus.yaml_nodes import compose
from engross.model import BUILT_IN, ClauseKind, Column, ColumnType, DocumentKind, RegisterSchema

from .sources import case, complaints, source

SUBPROCESSORS = BUILT_IN["subprocessors"]
DAY = date(2026, 1, 15)


def subprocessors(*changes: tuple[str, str]) -> Register:
    text = case("subprocessors-good.yml").text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_register(source(text), SUBPROCESSORS)


def test_a_register_is_a_section_for_each_row_with_a_paragraph_for_each_value() -> None:
    given = case("subprocessors-good.yml")
    note, first, second = register_tree(read_register(given, SUBPROCESSORS), given).children
    assert (note.name, note.inline.text) == ("Note", "All companies that process personal data for us.")
    assert (first.kind, first.anchor, first.name) == (ClauseKind.SECTION, "nordhall", "Nordhall Hosting GmbH")
    assert [(one.name, one.inline.text, one.lines[0]) for one in first.children] == [
        ("address", "+49 40 1234", 5),
        ("activity", "Hosting", 6),
        ("data", "All of it", 7),
        ("location", "Germany, Norway", 8),
        ("start", "2025-01-01", 9),
        ("website", "https://nordhall.example/", 10),
    ]
    assert second.children[-1].inline.text == "2025-03-01"


def test_a_number_keeps_its_digits() -> None:
    amounts = [row.values["amount"] for row in read_register(case("prices-good.yml"), BUILT_IN["prices"]).rows]
    assert amounts == ["0.10", "1234567890123456789.50", "-3"]


@pytest.mark.parametrize("name", ["subprocessors", "prices"])
def test_sources_and_json_match_their_schemas(name: str) -> None:
    given, schema = case(f"{name}-good.yml"), BUILT_IN[name]
    Draft202012Validator.check_schema(register_source_schema(schema))
    Draft202012Validator.check_schema(register_output_schema(schema))
    node, _ = compose(given)
    assert node is not None
    Draft202012Validator(register_output_schema(schema)).validate(register_json(read_register(given, schema), DAY))
    written = plain(node)
    rows = [{key: _json(value) for key, value in row.items()} for row in written["rows"]]
    Draft202012Validator(register_source_schema(schema)).validate({**written, "rows": rows})
    with pytest.raises(ValidationError):
        Draft202012Validator(register_source_schema(schema)).validate({"rows": [{**rows[0], "entitty": "x"}]})


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else getattr(value, "text", value)


@pytest.mark.parametrize(
    ("changes", "informational"),
    [
        ([("+49 40 1234", "+49 40 4321")], True),
        ([("    website: https://nordhall.example/\n", "")], True),
        ([("Hosting\n", "Backups\n")], False),
        ([("All companies", "Most companies")], False),
        ([("id: pagewing", "id: page-wing")], False),
        ([("+49 40 1234", "+49 40 4321"), ("data: Names", "data: Addresses")], False),
    ],
)
def test_only_informational_columns_change_without_a_note(changes: list[tuple[str, str]], informational: bool) -> None:
    assert is_informational(subprocessors(), subprocessors(*changes)) is informational


def test_rows_in_another_order_are_informational() -> None:
    register = subprocessors()
    assert is_informational(register, replace(register, rows=register.rows[::-1]))


def test_other_columns_are_not_informational() -> None:
    register = subprocessors()
    columns = tuple(replace(one, contractual=False) for one in SUBPROCESSORS.columns)
    assert not is_informational(register, replace(register, schema=RegisterSchema(columns)))


def test_changes_are_given_by_row_and_column() -> None:
    old = subprocessors()
    new = subprocessors(("Hosting\n", "Backups\n"), ("id: pagewing, entity: Pagewing", "id: zebra, entity: Zebra"))
    found = list(value_changes(old, new))
    assert found[0] == ("nordhall", "activity", "Hosting", "Backups")
    assert {(row, was is None, now is None) for row, _, was, now in found[1:]} == {
        ("zebra", True, False),
        ("pagewing", False, True),
    }


OWN = RegisterSchema(
    (
        Column("name", label="Name", required=True),
        Column("power", ColumnType.CHOICE, "Power", choices=("wind", "water")),
        Column("fee", ColumnType.MONEY, "Fee"),
        Column("where", ColumnType.COUNTRY, "Where"),
        Column("model_config", label="A name that pydantic has", contractual=False),
    )
)


def test_declared_columns_are_checked() -> None:
    first = "{id: a, name: A, power: wnd, fee: 0.50 EUR, model_config: x}"
    second = "{id: b, power: wind, fee: EUR 0.50, where: [IE, Ireland, NO]}"
    rows = f"rows:\n- {first}\n- {second}\n"
    assert complaints(lambda given: read_register(given, OWN), source(rows)) == [
        'f.yml:2:27: row a: rows[0].power: must be one of wind, water, not wnd; did you mean "wind"? (fix: wind)',
        'f.yml:2:37: row a: rows[0].fee: write money as a currency and a number, such as EUR 0.50, not "0.50 EUR"',
        "f.yml:3:3: row b: rows[1].name: is missing",
        'f.yml:3:51: row b: rows[1].where[1]: "Ireland" is not a country of ISO 3166, such as IE',
        "f.yml:3:60: row b: rows[1].where[2]: NO is read as a truth value, but must be text; put it in quotes "
        '(fix: "NO")',
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [("NO", "a truth value"), ("no", "a truth value"), ("off", "a truth value"), ("2026", "a number"),
     ("2026-01-01", "a date"), ("1.10", "the number 1.1")],
)  # fmt: skip
@pytest.mark.parametrize(("column", "name"), [("NAME", "name"), ("WHERE", "where")])
def test_text_that_yaml_reads_otherwise_is_one_mistake(written: str, read: str, column: str, name: str) -> None:
    row = "{id: a, name: NAME, where: WHERE}".replace(column, written).replace("NAME", "A").replace("WHERE", "IE")
    place = row.index(written) + 3
    assert complaints(lambda given: read_register(given, OWN), source(f"rows:\n- {row}\n")) == [
        f"f.yml:2:{place}: row a: rows[0].{name}: {written} is read as {read}, but must be text; put it in quotes "
        f'(fix: "{written}")'
    ]


def test_a_model_list_is_a_register_with_the_same_entry_as_before() -> None:
    documents = (
        "sets: [{id: s, title: S, agreement: a}]\n"
        "documents:\n"
        "- {id: a, title: A, kind: agreement, file: a.md}\n"
        "- {id: m, title: M, file: m.yml, kind: %s}\n"
    )
    old, new = (read_settings(source(documents % kind)) for kind in ("catalogue", "register, register: models"))
    assert old.documents == new.documents
    assert new.document("m").kind is DocumentKind.CATALOGUE


@pytest.mark.long
def test_work_grows_with_the_rows() -> None:
    """Counted in calls of functions, since time depends on the machine."""

    def calls(count: int) -> int:
        row = "- {{id: r{0}, item: Item {0}, unit: hour, amount: {0}.50, currency: EUR, since: 2026-01-01}}\n"
        given, counted = source("rows:\n" + "".join(map(row.format, range(count)))), 0

        def count_call(*_: object) -> None:
            nonlocal counted
            counted += 1

        setprofile(count_call)
        try:
            register_tree(read_register(given, BUILT_IN["prices"]), given)
        finally:
            setprofile(None)
        return counted

    for fewer, more in pairwise([calls(count) for count in (200, 400, 800)]):
        assert more < 2.2 * fewer


@pytest.mark.parametrize(
    "text",
    ["=1", "a\\n=1", "a\\n \\t@b", "\\u200b=1", "\\u00ad=1", "\\u2060 -a", "﹦1", "﹣a", "﹢a", "＝1", "⁼1"],
)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    given = source(f'rows:\n- {{id: a, name: "{text}"}}\n')
    (found,) = complaints(lambda one: read_register(one, OWN), given)
    assert "a spreadsheet that opens the CSV would run it as a formula" in found


@pytest.mark.parametrize("text", ["+353 1 234", "a = b", "a\\nb - c", "a\\u00adb"])
def test_other_signs_are_no_formula(text: str) -> None:
    assert complaints(lambda one: read_register(one, OWN), source(f'rows:\n- {{id: a, name: "{text}"}}\n')) == []


@pytest.mark.parametrize(
    ("code", "known"), [("EUR", True), ("BGN", True), ("XAU", True), ("DEM", False), ("XXX", False)]
)
def test_currencies_that_are_used(code: str, known: bool) -> None:
    given = source(f"rows:\n- {{id: a, name: x, fee: {code} 1}}\n")
    found = complaints(lambda one: read_register(one, OWN), given)
    assert [f'"{code}" is not a currency of ISO 4217' in one for one in found] == ([] if known else [True])


def test_a_list_of_no_countries_is_no_value() -> None:
    (found,) = complaints(lambda one: read_register(one, OWN), source("rows:\n- {id: a, name: x, where: []}\n"))
    assert found == "f.yml:2:27: row a: rows[0].where: the list is empty"
