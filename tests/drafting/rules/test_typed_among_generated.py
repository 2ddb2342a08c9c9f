"""A typed number among headings that `numbering: true` should number: none is generated, and a finding says so."""

from dataclasses import replace

import pytest

from engross.drafting.check_inputs import lone_document, lone_subject
from engross.drafting.engine import judge
from engross.text import decode

TEXT = "# Terms\n\n## Fees\n\nOne.\n\n## 6.2 Key controls\n\nTwo.\n\n## Notices\n\nThree.\n\n## Law\n\nFour.\n"


def found(text: str, *, numbering: bool = True) -> list[str]:
    document, refused = lone_document(decode(text.encode(), "terms.md"))
    document = replace(document, entry=replace(document.entry, numbering=numbering))
    every = judge(lone_subject((document, refused)))
    return [str(item.diagnostic) for item in every if item.diagnostic.rule == "heading-number"]


def test_one_typed_number() -> None:
    assert found(TEXT) == [
        "terms.md:7:4: Key controls: the number 6.2 is typed, so `numbering: true` generates none for the 3 headings "
        "without one; delete it, or number all headings"
    ]


def test_two_typed_numbers_are_one_finding() -> None:
    text = TEXT + "\n## 6.3 Other controls\n\nFive.\n\n## Term\n\nSix.\n"
    assert [line for line in found(text) if "(as in 1 more heading)" in line and ":7:4:" in line]


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("6.2 ", ""),
        "# Terms\n\n## 1. Fees\n\nOne.\n\n## 2. Notices\n\nTwo.\n\n## Signatures\n\nThree.\n",
    ],
)
def test_texts_with_generated_or_with_their_own_numbers(text: str) -> None:
    assert found(text) == []


def test_a_document_without_generated_numbers() -> None:
    assert found(TEXT, numbering=False) == []
