"""Lines on which a pattern that backtracks takes minutes: each is checked as fast as other texts of its length."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from engross.cli import main

LINES = {
    "names and blanks": "## 1. Definitions\n\nController" + ("," + " " * 30 + "a b") * 40,
    "underscores": "The fee is a" + "_" * 20_000 + "b",
    "arrows": "a» " * 6_000 + "the end.",
    "columns": "a " + ") " * 10_000,
    "pairs in lists": '"} { ] a ' * 5_000,
    "capitals": "It is defined " + "A" * 20_000,
    "blank lines": "## 1.1 Fees\n" + "\n" * 60_000 + "## 1.3 Taxes",
    "rules": "## 1.1 Fees\n\n" + "***\n" * 15_000 + "\n## 1.3 Taxes",
    "fields": "Der Vertrag und die Parteien sind hier. " + " ".join(f"«A_{at}»" for at in range(4_000)),
    "one long word": "## 1. Begriffe\n\nDie Vollmacht ist die " + "zu" * 10_000,
    "black marks": "of ● x " * 3_000,
}


@pytest.mark.parametrize("name", LINES)
def test_the_check_ends(tmp_path: Path, name: str) -> None:
    path = tmp_path / "terms.md"
    path.write_text(f"# Terms\n\n{LINES[name]}\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["check", str(path)]).exit_code in (0, 1)
