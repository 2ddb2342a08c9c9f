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


def test_a_text_with_a_character_that_no_page_can_have_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "terms.md"
    path.write_bytes(b"# Terms\n\nThe price\x00 is due.\n")
    inputs = read_inputs([path], tmp_path)
    assert [one.rule for one in inputs.problems] == ["control-character"]
    assert not inputs.subjects
