"""The reference of settings that is committed is the one that the code makes."""

from pathlib import Path

from engross.drafting.rule_reference import rules_page
from engross.site.reference import reference

PAGE = Path(__file__).parent.parent.parent / "docs" / "guide" / "reference.md"


def test_the_reference_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: make reference"


def test_the_page_of_rules_is_up_to_date() -> None:
    assert PAGE.with_name("rules.md").read_text("utf-8") == rules_page(), "run: make reference"


def test_every_setting_says_what_it_is() -> None:
    rows = [line for line in reference().splitlines() if line.startswith("| `")]
    assert len(rows) > 40
    assert not [row for row in rows if row.rstrip(" |").endswith("`") or len(row.split(" | ")[-1]) < 10]
