"""Search entries: where each leads, what it is called, and that every word is in one."""

from engross.model import Definition, Given, Place, Scope, Source
from engross.render.pages.search import SearchEntry, search_entries
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


def test_what_has_no_name_belongs_to_what_contains_it() -> None:
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


def test_numbers_are_before_names() -> None:
    source = decode(b"## One\n\n### Two\n", "x.md")
    titles = [entry.title for entry in search_entries(parse(source, numbering=True), "T")]
    assert titles == ["T", "1. One", "1.1 Two"]


def given(anchor: str, *names: str, body: str = "") -> Definition:
    place = Place("x", "x.md", 0, 0, 1, anchor, "", 1, 1)
    return Definition(names[0], names, place, anchor, Scope.SET, Given.LISTED, body)


def with_definitions(*definitions: Definition) -> dict[str, SearchEntry]:
    tree = parse(decode(TEXT.encode(), "x.md"))
    return {entry.anchor: entry for entry in search_entries(tree, "Title", definitions)}


def test_a_definition_is_called_by_all_its_names_and_weighs_most() -> None:
    found = with_definitions(given("fees.rent", "Rent", "Rental", body="“Rent” means money."))
    assert (found["fees.rent"].title, found["fees.rent"].text) == ("Rent, Rental", "“Rent” means money.")
    assert found["fees.rent"].weight > 2 * max(one.weight for anchor, one in found.items() if anchor != "fees.rent")


def test_a_name_that_search_ignores_is_found_by_the_words_after_it() -> None:
    assert with_definitions(given("fees.rent", "You"))["fees.rent"].also == ("You,",)


def test_a_definition_in_running_text_has_an_entry_of_its_own() -> None:
    found = with_definitions(given("opening.words", "Opening", body="Opening words."))
    assert (found["opening.words"].title, found["opening.words"].text) == ("Opening", "Opening words.")
    assert found[""].text == "Opening words."


def test_a_section_that_is_a_definition_keeps_its_heading() -> None:
    assert with_definitions(given("fees", "Charges"))["fees"].title == "Fees"


def test_what_is_deeper_weighs_less_and_says_where_it_is() -> None:
    text = "# T\n\n## Use\n\n### To the End\n\nYou\n\n(a) do\n\n    (i) this; or\n    (ii) that.\n"
    source = decode(text.encode(), "x.md")
    found = {entry.anchor: entry for entry in search_entries(parse(source, numbering=True), "T")}
    assert found["to-the-end"].also == ("Use", "To_the_End", "the_End")
    assert found["to-the-end.a.ii"].also[:3] == ("1.1(a)(ii)", "a", "ii")
    order = ["", "use", "to-the-end", "to-the-end.a", "to-the-end.a.i", "to-the-end.a.ii"]
    assert sorted(order, key=lambda anchor: -found[anchor].weight) == order
