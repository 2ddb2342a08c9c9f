"""Every golden case gives the expected listing. `ENGROSS_UPDATE=1` writes the listings again, for review."""

import os

import pytest

from .cases import CASES, listing, read_case

NAMES = sorted(path.stem for path in CASES.glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str) -> None:
    found = listing(read_case((CASES / f"{name}.md").read_text(encoding="utf-8")))
    expected = CASES / f"{name}.txt"
    if os.environ.get("ENGROSS_UPDATE"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
