"""The golden files of tests/cases/text: a text, the tree read from it, and the messages where it is refused.

ENGROSS_UPDATE=1 writes what comes out now, to be read before it is committed. A name may carry the options it is
parsed with: `common-paper.through_html.md`, `articles.numbering.md`.
"""

import os
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.text import parse, read_source

from .trees import render

CASES = Path(__file__).parents[1] / "cases" / "text"
UPDATE = os.environ.get("ENGROSS_UPDATE") == "1"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    options = dict.fromkeys(path.stem.split(".")[1:], True)
    tree, messages = "", ""
    try:
        tree = render(parse(read_source(path, path.name), **options))
    except EngrossError as refusal:
        messages = "".join(f"{diagnostic}\n" for diagnostic in refusal.diagnostics)
    _same(path.with_suffix(".tree"), tree)
    _same(path.with_suffix(".messages"), messages)


def _same(expected: Path, actual: str) -> None:
    if UPDATE:
        expected.unlink(missing_ok=True)
        if actual:
            expected.write_text(actual, encoding="utf-8")
    assert (expected.read_text(encoding="utf-8") if expected.exists() else "") == actual


def test_there_are_no_results_without_a_case() -> None:
    assert {path.stem for path in CASES.iterdir()} == {path.stem for path in CASES.glob("*.md")}
