"""Whole Word files, with golden results: tests/cases/importing has the Markdown, the report and the review of each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engross.importing import Choices, Imported, import_source, report_lines
from engross.text import decode, parse

from .word_examples import master_agreement, reviewed_agreement, services_terms

CASES = Path(__file__).parents[1] / "cases" / "importing"


def imported(tmp_path: Path, data: bytes, name: str, tracked: str = "") -> Imported:
    path = tmp_path / f"{name}.docx"
    path.write_bytes(data)
    return import_source(path, name, Choices(tracked=tracked))


@pytest.mark.parametrize(
    ("name", "build", "tracked"),
    [
        ("master-agreement", master_agreement, ""),
        ("services-terms", services_terms, ""),
        ("reviewed-accepted", reviewed_agreement, "track"),
        ("reviewed-rejected", reviewed_agreement, "reject"),
    ],
)
def test_golden_results(tmp_path: Path, name: str, build: Callable[[], bytes], tracked: str) -> None:
    one = imported(tmp_path, build(), name, tracked)
    report = "\n".join(report_lines(one.report)).replace(f"{tmp_path.as_posix()}/", "") + "\n"
    made = {f"{name}.md": one.markdown, f"{name}.report.txt": report}
    if one.review:
        made[f"{name}.review.md"] = one.review
    for file, text in made.items():
        assert text == (CASES / file).read_text("utf-8"), file
    assert one.report.differences == ()
    parse(decode(one.markdown.encode(), name))
