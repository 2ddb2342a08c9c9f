"""`python -m bench.gold` counts what is right, wrong and missed in documents that were marked by hand."""

from pathlib import Path

import pytest
from bench.gold import Score, interval, main, measure

TEXT = """\
# Terms

## 1. Definitions

“Services” means our websites. “Fees” means the amounts in Section 2.

## 2. Fees

Customer pays the Fees for the Services under Section 1. See Section 9.
"""
MARKS = """\
definitions:
  - {line: 5, names: [Services]}
  - {line: 5, names: [Fees]}
uses:
  Fees: [9]
  Services: [9]
references:
  - {line: 5, text: Section 2, to: 7}
  - {line: 9, text: Section 1, to: 3}
  - {line: 9, text: Section 9, to: nothing}
findings:
  - {rule: missing-reference, line: 9}
"""


def folder_of(path: Path, text: str = TEXT, marks: str = MARKS) -> Path:
    (path / "terms.md").write_text(text, "utf-8")
    (path / "terms.gold.yml").write_text(marks, "utf-8")
    return path


def counts(scores: dict[str, Score]) -> dict[str, tuple[int, int, int]]:
    return {kind: (one.right, len(one.extra), len(one.missed)) for kind, one in scores.items()}


def test_all_right(tmp_path: Path) -> None:
    scores, rules = measure(folder_of(tmp_path))
    assert counts(scores) == {
        "definitions": (2, 0, 0),
        "uses": (2, 0, 0),
        "references in the set": (2, 0, 0),
        "references to nothing": (1, 0, 0),
    }
    assert counts(rules) == {"missing-reference": (1, 0, 0)}


def test_each_miss_is_counted_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = MARKS.replace("names: [Fees]", "names: [Charge, Fees]").replace("Fees: [9]", "Fees: [9, 9]")
    wrong = (
        wrong.replace("to: 3", "to: 7").replace("to: nothing", "to: external").replace("line: 9}\n", "line: 5}\n", 9)
    )
    scores, _ = measure(folder_of(tmp_path, marks=wrong))
    found = counts(scores)
    assert found["definitions"] == (1, 1, 1)
    assert found["references in the set"] == (1, 1, 1)
    assert found["references to nothing"] == (0, 1, 0)
    assert main([str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "definitions: missed: terms.md:5: charge | fee" in shown
    assert "references in the set: extra: terms.md:9: Section 1 → terms.md:3" in shown


def test_a_set_is_read_together(tmp_path: Path) -> None:
    (tmp_path / "policy.md").write_text("# Policy\n\nThe Services are ours.\n", "utf-8")
    (tmp_path / "policy.gold.yml").write_text("set: terms\nuses: {Services: [3]}\n", "utf-8")
    scores, _ = measure(folder_of(tmp_path))
    assert counts(scores)["uses"] == (3, 0, 0)


def test_a_folder_without_marks(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1


@pytest.mark.parametrize(("right", "total"), [(0, 5), (5, 5), (97, 100), (1, 3)])
def test_the_interval_contains_the_share(right: int, total: int) -> None:
    low, high = interval(right, total)
    assert 0 <= low <= right / total <= high <= 1
    assert interval(right * 10, total * 10)[1] - interval(right * 10, total * 10)[0] < high - low


def test_a_reference_that_its_author_has_linked_counts_as_found(tmp_path: Path) -> None:
    text = TEXT.replace("under Section 1.", "under [Section 1](#1-definitions).")
    scores, _ = measure(folder_of(tmp_path, text))
    assert counts(scores)["references in the set"] == (2, 0, 0)
    other = tmp_path / "other"
    other.mkdir()
    scores, _ = measure(folder_of(other, text.replace("#1-definitions", "#fees")))
    assert counts(scores)["references in the set"] == (1, 0, 1), "the link leads to another section"


def test_the_number_of_a_name_does_not_count(tmp_path: Path) -> None:
    scores, _ = measure(folder_of(tmp_path, marks=MARKS.replace("names: [Fees]", "names: [Fee, Fees]")))
    assert counts(scores)["definitions"] == (2, 0, 0)


def test_a_name_is_on_the_line_of_its_first_letter(tmp_path: Path) -> None:
    text = TEXT.replace("“Fees” means", "“\nFees\n” means").replace("\n## 2", "\n## 2", 1)
    marks = """\
definitions:
  - {line: 5, names: [Services]}
  - {line: 6, names: [Fees]}
uses: {Fees: [11], Services: [11]}
"""
    scores, _ = measure(folder_of(tmp_path, text, marks))
    assert counts(scores)["definitions"] == (2, 0, 0)
    assert counts(scores)["uses"] == (2, 0, 0)


NAMED = """\
# Terms

The Chief Executive Officer (the “CEO”) signs. “Cause” and “for Cause” mean a breach.

The CEO ends this for Cause. Cause is given in writing.
"""


def test_a_definition_may_have_more_names_than_are_marked(tmp_path: Path) -> None:
    marks = """\
definitions:
  - {line: 3, names: [CEO]}
  - {line: 3, names: [Cause]}
  - {line: 3, names: [for Cause]}
uses: {CEO: [5], for Cause: [5], Cause: [5]}
"""
    scores, _ = measure(folder_of(tmp_path, NAMED, marks))
    assert counts(scores)["definitions"] == (3, 0, 0)
    assert counts(scores)["uses"] == (3, 0, 0)


def test_a_definition_must_have_all_marked_names(tmp_path: Path) -> None:
    marks = "definitions:\n  - {line: 3, names: [CEO, Chief]}\n  - {line: 3, names: [Cause, for Cause]}\n"
    scores, _ = measure(folder_of(tmp_path, NAMED, marks))
    assert counts(scores)["definitions"] == (1, 1, 1)
