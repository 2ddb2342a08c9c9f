"""The clauses that a checklist suggests for a text. `ENGROSS_UPDATE=1` writes the golden files again, for review.

The name of a case begins with that of its checklist.
"""

import os
from pathlib import Path

import pytest

from engross.corpus import checklist_names, read_checklist
from engross.drafting.rule_reference import check_example

CASES = Path(__file__).parents[2] / "cases" / "checklists"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    (name,) = (one for one in checklist_names() if path.stem.startswith(f"{one}-"))
    found = check_example(path.read_text("utf-8"), f"checklist: {name}\n")
    (block,) = (item.finding.fix for item in found if item.diagnostic.rule == "checklist-item")
    expected = path.with_suffix(".txt")
    if os.environ.get("ENGROSS_UPDATE"):
        expected.write_text(f"{block}\n", "utf-8")
    assert f"{block}\n" == expected.read_text("utf-8")


@pytest.mark.parametrize("name", checklist_names())
def test_every_checklist_has_a_case_and_items_of_different_names(name: str) -> None:
    assert list(CASES.glob(f"{name}-*.md"))
    ids = [item.id for item in read_checklist(name).items]
    assert len(set(ids)) == len(ids)
