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


def numbers(text: str, reader: int) -> list[str]:
    return [one.number for one in read(text, reader).walk() if one.number]


def test_figures_at_the_beginning_of_paragraphs() -> None:
    text = "# Terms\n\n12.30 p.m. is noon.\n\n30.6.2027 ends it.\n\n1.1.1.1 (resolver) works.\n\n2.0 release is out.\n"
    assert numbers(text, 4) == ["12.30", "30.6.2027", "1.1.1.1", "2.0"]
    assert numbers(text, 5) == []


def test_lines_with_figures_in_a_paragraph() -> None:
    text = "# Terms\n\nIt is late.\n12.30 p.m. is noon.\n"
    assert [len(list(read(text, reader).walk())) for reader in (4, 5)] == [4, 3]


def test_numbers_with_letters_hyphens_and_brackets() -> None:
    text = "# Terms\n\n## 4.A Fees\n\n**6(a)** One.\n\n[11.1] Two.\n\n8-1. Three.\n\n## § 8-2 Costs\n"
    assert numbers(text, 4) == ["8"]
    assert numbers(text, 5) == ["4.A", "6(a)", "11.1", "8-1", "8-2"]


def test_anchors_of_numbers_with_capitals() -> None:
    text = "# Terms\n\n5.1(A) One.\n"
    anchors = [[one.anchor for one in read(text, reader).walk()][-1] for reader in (4, 5)]
    assert anchors == ["opening.5-1.A", "opening.5-1.a"]


def test_units_with_capitals() -> None:
    assert [numbers("# Terms\n\n1.1 Hours\n\n1.2 hours are left.\n", reader) for reader in (4, 5)] == [[], ["1.1"]]
