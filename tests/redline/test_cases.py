"""Golden cases: each file holds an old text, a new one, and the redline as a terminal shows it.

`ENGROSS_UPDATE=1 pytest tests/redline/test_cases.py` writes the redlines anew, to be read before they are committed.
"""

import os
import re
from pathlib import Path

import pytest
from tests.redline.reading import find, lines_left, lines_of, read_page
from tests.redline.texts import tree

from engross.redline import accept, redline, reject
from engross.redline.output.html_page import html_page
from engross.redline.output.terminal import terminal_text

CASES = Path(__file__).parent.parent / "cases" / "redline"
PARTS = re.compile(r"%%% old\n(.*?)%%% new\n(.*?)%%% text\n(.*)", re.DOTALL)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    found = PARTS.fullmatch(path.read_text(encoding="utf-8"))
    assert found
    old, new, expected = found.groups()
    script = redline(old, new)
    shown = terminal_text(script)
    if os.environ.get("ENGROSS_UPDATE"):
        path.write_text(f"%%% old\n{old}%%% new\n{new}%%% text\n{shown}", encoding="utf-8")
        return
    assert shown == expected
    assert (reject(script), accept(script)) == (old, new)
    main = find(read_page(html_page(script)), "main")
    assert lines_left(main, "old") == lines_of(tree(old))
    assert lines_left(main, "new") == lines_of(tree(new))
