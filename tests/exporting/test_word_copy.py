"""A clean copy as a Word file: styles, Word's own numbers, references, footnotes, pictures, properties, bookmarks."""

import struct
import zipfile
import zlib
from datetime import timedelta
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given
from tests.exporting.copies import copy_of
from tests.exporting.word_reading import NAMES, W, is_well_formed, pandoc_words, part, settled_words, source_words
from tests.redline.texts import contracts, tree

from engross.exporting.word.clean_copy import docx_bytes
from engross.exporting.word.numbers import word_number

TERMS = """# Terms

Opening words.[^one]

## 1. Fees

(a) First, see Section 2.1 and Section 1(b)(i).

(b) Second:

    (i) inner; and

    (ii) other.

(c) Third.

**1.1** **Data.** The data.

1.2 More data.

## 2. Term and end

2.1 It begins. See [the law](https://example.com/?a=1&b=2) and [Fees](#1-fees). See “Term and end”.

7.3 Not in order.

- a point
- another

> Quoted words.

| Fee | Amount |
|-----|-------:|
| one | 5      |

[^one]: The *note*.
"""


def paragraphs(data: bytes) -> list[tuple[str, str, str]]:
    """Each paragraph: its style, its number as (list, level), its text."""
    found = []
    for one in part(data).iter(f"{W}p"):
        style = one.findtext("x") or one.find("w:pPr/w:pStyle", NAMES)
        number = [one.find(f"w:pPr/w:numPr/w:{name}", NAMES) for name in ("numId", "ilvl")]
        shown = "/".join(value.get(f"{W}val") for value in number if value is not None)
        text = "".join(text.text or "" for text in one.iter(f"{W}t"))
        found.append((style.get(f"{W}val") if style is not None else "", shown, text))
    return found


@pytest.fixture(scope="module")
def terms() -> bytes:
    return docx_bytes(copy_of(TERMS))


def test_paragraphs_have_styles_and_word_counts_where_it_would_show_the_same(terms: bytes) -> None:
    assert paragraphs(terms) == [
        ("Title", "", "Terms"),
        ("BodyText", "", "Opening words."),
        ("Heading1", "3/0", "Fees"),
        ("ListParagraph", "2/0", "First, see Section 2.1 and Section 1(b)(i)."),
        ("ListParagraph", "2/0", "Second:"),
        ("ListParagraph", "2/1", "inner; and"),
        ("ListParagraph", "2/1", "other."),
        ("ListParagraph", "2/0", "Third."),
        ("BodyText", "3/1", "Data. The data."),
        ("BodyText", "3/1", "More data."),
        ("Heading1", "3/0", "Term and end"),
        ("BodyText", "3/1", "It begins. See the law and Fees. See “Term and end”."),
        ("BodyText", "", "7.3 Not in order."),
        ("ListParagraph", "1/0", "a point"),
        ("ListParagraph", "1/0", "another"),
        ("Quote", "", "Quoted words."),
        ("TableHeading", "", "Fee"),
        ("TableHeading", "", "Amount"),
        ("TableText", "", "one"),
        ("TableText", "", "5"),
        ("", "", ""),
    ]


