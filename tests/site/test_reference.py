"""The reference pages in the manual equal the output of the code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engross.cli.reference import commands_page
from engross.drafting.rule_reference import rules_page
from engross.site.reference import json_files_page, settings_page

FOLDER = Path(__file__).parent.parent.parent / "manual/docs/reference"
PAGES = {
    "settings": settings_page,
    "json-files": json_files_page,
    "commands": commands_page,
    "rules": rules_page,
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / f"{name}.md").read_text("utf-8") == PAGES[name](), "run: make reference"


def test_every_page_of_the_reference_is_made_from_the_code() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PAGES)


@pytest.mark.parametrize("page", [settings_page, commands_page, json_files_page], ids=lambda page: page.__name__)
def test_every_row_says_what_it_is(page: Callable[[], str]) -> None:
    # The schema of redlines describes its objects, and not each key of them.
    text = page().partition("## Redline")[0]
    rows = [line for line in text.splitlines() if line.startswith(("| `", "| <code>"))]
    assert len(rows) > 40
    assert not [row for row in rows if len(re.split(r"(?<!\\)\|", row)[-2].strip()) < 8]


def test_every_object_that_a_json_file_holds_has_a_section() -> None:
    text = json_files_page()
    named = set(re.findall(r"(?:an object|a list of objects): (\w+)", text))
    assert len(named) > 20
    assert named <= set(re.findall(r"^### (\w+)$", text, re.MULTILINE))


def test_the_json_of_a_finding_is_shown_as_the_check_prints_it() -> None:
    assert '"rule": "repeated-word"' in json_files_page()
