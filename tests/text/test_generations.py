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


def test_attributes_of_headings() -> None:
    text = "# Terms\n\n## Fees {#costs}\n"
    assert [[one.anchor for one in read(text, reader).walk()][-1] for reader in (1, 2)] == ["fees-costs", "costs"]


def test_schedules() -> None:
    text = "# Terms\n\n## Fees\n\n## Schedule 1\n\n### Prices\n\n## Costs\n"
    numbers = [[one.number for one in read(text, reader, numbering=True).walk() if one.number] for reader in (1, 2)]
    assert numbers == [["1", "2", "2.1", "3"], ["1", "1", "2"]]


def test_text_after_a_thematic_break() -> None:
    text = "# Terms\n\n## Fees\n\nOne.\n\n***\n\nTwo.\n"
    assert [[one.anchor for one in read(text, reader).walk()][-1] for reader in (1, 2)] == ["closing.p1", "fees.p2"]


def test_footnotes() -> None:
    text = "# Terms\n\nFees are due.[^1]\n\n[^1]: monthly\n"
    texts = [[one.inline.text for one in read(text, reader).walk() if one.inline.text] for reader in (1, 2)]
    assert texts == [["Terms", "Fees are due.^1"], ["Terms", "Fees are due.[1]", "monthly"]]


def test_addresses_without_markup() -> None:
    text = "# Terms\n\nSee https://example.com and write to legal@example.com.\n"
    assert [len(read(text, reader).children[0].children[0].inline.marks) for reader in (1, 2)] == [0, 2]


def test_sections_after_a_numbered_paragraph() -> None:
    text = "# Terms\n\n1. Fees\n\n1.1 Fees are due.\n\n2. Orders\n"
    assert [[one.anchor for one in read(text, reader).walk()][-1] for reader in (2, 3)] == [
        "opening.1-1.2",
        "opening.2",
    ]


def test_lists_in_numbered_paragraphs() -> None:
    text = "# Terms\n\n(1) One:\n\n1. Two\n\n(2) Three\n"
    assert [[one.label for one in read(text, reader).walk()][-1] for reader in (2, 3)] == ["Terms 1(2)", "Terms (2)"]
