"""Texts that generation 1 of the parser sealed are read by its rules."""

from engross.common.errors import EngrossError
from engross.model import Clause
from engross.text import decode, parse


def read(text: str, reader: int, *, numbering: bool = False) -> Clause:
    return parse(decode(text.encode(), "t.md", reader=reader), numbering=numbering)


def refused(text: str, reader: int) -> list[str]:
    try:
        read(text, reader)
    except EngrossError as refusal:
        return [diagnostic.rule for diagnostic in refusal.diagnostics]
    return []


def test_a_break_in_a_cell() -> None:
    text = "# Terms\n\n| a |\n| --- |\n| b<br>c |\n"
    assert (refused(text, 1), refused(text, 2)) == (["raw-html"], [])
