"""Edits change bytes: all other bytes stay the same, and a file is replaced as a whole or not at all."""

import os
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from engross.common.errors import EngrossError
from engross.drafting.fixes import applied, applied_bytes, diff, edits_by_path, write
from engross.drafting.subject import Edit, Finding, Judged
from engross.model import Diagnostic, Severity
from engross.text import decode

BOM = b"\xef\xbb\xbf"


def judged(*edits: Edit, path: str = "f.md") -> Judged:
    finding = Finding("f", path, 1, 1, "", edits=edits)
    return Judged(finding, Diagnostic("repeated-word", Severity.WARNING, path, 1, 1, ""))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", BOM])
def test_line_ends_and_byte_order_mark_stay(end: str, bom: bytes) -> None:
    source = decode(bom + f"one{end}two two{end}é three".encode(), "f.md")
    assert applied_bytes(source, [Edit(7, 11, "")]) == bom + f"one{end}two{end}é three".encode()
    assert applied_bytes(source, [Edit(0, 3, "1\n2")]) == bom + f"1{end}2{end}two two{end}é three".encode()


def test_mixed_line_ends_stay() -> None:
    source = decode(b"a\r\nb\nc c\r\nd", "f.md")
    assert applied_bytes(source, [Edit(5, 7, "")]) == b"a\r\nb\nc\r\nd"


@given(st.text("ab\r\né", max_size=30), st.data())
def test_bytes_and_text_agree(text: str, data: st.DataObject) -> None:
    source = decode(text.encode(), "f.md")
    start = data.draw(st.integers(0, len(source.text)))
    edits = [Edit(start, data.draw(st.integers(start, len(source.text))), "x")]
    assert decode(applied_bytes(source, edits), "f.md").text == applied(source.text, edits)


def test_of_edits_that_overlap_the_first_is_made() -> None:
    chosen = edits_by_path([judged(Edit(4, 8, "x")), judged(Edit(6, 9, "y")), judged(Edit(0, 2, "z")), judged()])
    assert chosen == {"f.md": [Edit(0, 2, "z"), Edit(4, 8, "x")]}


def test_a_diff_shows_what_changes() -> None:
    source = decode(b"one\ntwo two\n", "f.md")
    assert diff(source, [Edit(7, 11, "")]).splitlines()[3:] == [" one", "-two two", "+two"]


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "f.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    assert os.listdir(tmp_path) == ["f.md"]


def test_nothing_is_left_where_it_cannot_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "f.md").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        write(tmp_path / "f.md", b"new")
    assert os.listdir(tmp_path) == ["f.md"]


def test_bytes_that_are_not_those_of_the_text_are_refused() -> None:
    source = decode(b"one", "f.md")
    changed = type(source)(source.path, "two", source.data)
    with pytest.raises((ValueError, EngrossError)):
        applied_bytes(changed, [])
