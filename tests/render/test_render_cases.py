"""The HTML of clauses: one case a file, `tests/cases/render/NAME.md` and the HTML it must become.

ENGROSS_UPDATE=1 writes what comes out; read the difference before it is committed.
"""

import os
from pathlib import Path

import pytest

from engross.fidelity.compare import check_page
from engross.render.pages.clauses import ClauseRenderer
from engross.text import parse, read_source

CASES = Path(__file__).parent.parent / "cases" / "render"


def rendered(path: Path) -> str:
    root = parse(read_source(path, path.name), numbering=True)
    return ClauseRenderer(lambda target: f"resolved:{target}").render(root)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    html = rendered(path)
    wanted = path.with_suffix(".html")
    if os.environ.get("ENGROSS_UPDATE") == "1":
        wanted.write_text(html, encoding="utf-8", newline="\n")
    assert html == wanted.read_text("utf-8")


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=lambda path: path.stem)
def test_every_case_says_what_its_source_says(path: Path) -> None:
    source = read_source(path, path.name)
    assert check_page(source, f"<div data-engross-text='x'>{rendered(path)}</div>") is None
