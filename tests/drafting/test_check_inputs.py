"""Lone files are read as far as they can be."""

from pathlib import Path

import pytest

from engross.drafting import read_inputs


@pytest.mark.parametrize("character", ["\x80", "\x9d", "\u202e"])
def test_a_control_character_that_does_not_show_is_an_error_and_the_text_is_read(
    tmp_path: Path, character: str
) -> None:
    path = tmp_path / "terms.md"
    path.write_text(f"# Terms\n\nThe price (the “Fee”) is due{character}.\n", encoding="utf-8")
    inputs = read_inputs([path], tmp_path)
    assert [one.rule for one in inputs.problems] == ["control-character"]
    (subject,) = inputs.subjects
    assert [definition.term for definition in subject.binding.definitions] == ["Fee"]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f"])
def test_a_text_with_a_character_that_no_page_can_show_is_read(tmp_path: Path, character: str) -> None:
    path = tmp_path / "terms.md"
    path.write_text(f"# Terms\n\nThe price (the “Fee”) is due.\n\nThe Fee{character} is final{character}.\n", "utf-8")
    inputs = read_inputs([path], tmp_path)
    assert [(one.rule, one.line, one.column) for one in inputs.problems] == [("control-character", 5, 8)]
    (subject,) = inputs.subjects
    assert [(use.text, use.place.line) for use in subject.binding.uses] == [("Fee", 5)]


@pytest.mark.parametrize("data", ["# Terms\n\nThe price is due.\n".encode("utf-16-le"), b"%PDF-1.7\x00\xff", b"a\x00b"])
def test_what_is_no_text_is_not_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "terms.md"
    path.write_bytes(data)
    inputs = read_inputs([path], tmp_path)
    assert inputs.problems
    assert not inputs.subjects
