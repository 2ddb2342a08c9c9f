"""Search entries: where each leads, what it is called, and that every word is in one."""

from engross.model import Source
from engross.render.search import search_entries
from engross.text import decode, parse

TEXT = """\
# Terms

Opening words.

## Fees

Customer pays. It pays (a) at once, and (b) in full.

A second paragraph.

| What | When |
| --- | --- |
| rent | monthly |

- **“Rent”** means money.
- no name

(a) first

## Fees

**4.1. Late fees.** None.
"""


def entries(text: str = TEXT, title: str = "Title") -> dict[str, tuple[str, str]]:
    source: Source = decode(text.encode(), "x.md")
    return {entry.anchor: (entry.title, entry.text) for entry in search_entries(parse(source), title)}


def test_the_page_is_called_by_its_own_title() -> None:
    assert entries()[""] == ("Terms", "Opening words.")


def test_a_page_without_a_title_of_its_own() -> None:
    assert entries("Only words.\n")[""] == ("Title", "Only words.")


def test_what_has_no_name_belongs_to_what_it_stands_in() -> None:
    title, text = entries()["fees"]
    assert title == "Fees"
    assert (
        text
        == "Customer pays. It pays (a) at once, and (b) in full. A second paragraph. What When rent monthly no name"
    )


def test_items_and_definitions_have_entries_of_their_own() -> None:
    found = entries()
    assert found["fees.rent"] == ("Fees “Rent”", "“Rent” means money.")
    labels = [title for title, _ in found.values()]
    assert labels.count("Fees (a)") == 2, "one in the sentence, one in the list"


def test_numbers_stand_before_names() -> None:
    source = decode(b"## One\n\n### Two\n", "x.md")
    titles = [entry.title for entry in search_entries(parse(source, numbering=True), "T")]
    assert titles == ["T", "1. One", "1.1 Two"]
