"""The forms of a name, and the pattern that finds them."""

import pytest

from engross.language.word_forms import forms, key, plain
from engross.terms import bind
from engross.terms.name_patterns import NamesInTexts, compile_names

from .cases import document, edition


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Party", {"Parties"}),
        ("Services", {"Service"}),
        ("Taxes", {"Tax"}),
        ("Cookies", {"Cooky", "Cookie"}),
        ("Business Day", {"Business Days"}),
        ("Business", {"Businesses"}),
        ("Address", {"Addresses"}),
        ("Analysis", {"Analyses"}),
        ("Analyses", {"Analysis"}),
        ("Criteria", {"Criterion"}),
        ("Spokesperson", {"Spokespeople", "Spokespersons"}),
        ("Derivative Works", {"Derivative Work"}),
        ("Works", set()),
        ("Right to Use", {"Right to Uses", "Rights to Use"}),
        ("Attorney-in-Fact", {"Attorney-in-Facts", "Attorneys-in-Fact"}),
        ("Submit", {"Submits", "Submitted", "Submitting"}),
        ("Modify", {"Modifies", "Modified", "Modifying"}),
        ("Sell", {"Sells", "Sold", "Selling"}),
        ("Selling", {"Sellings", "Sell", "Sells", "Sold"}),
        ("Account", {"Accounts"}),
        ("EULA", {"EULAs"}),
        ("Notice of Breach", {"Notice of Breaches", "Notices of Breach"}),
        ("Control", {"Controls", "Controlled", "Controlling"}),
        ("Customer Data", set()),
        ("Terms", set()),
        ("Goods", set()),
        ("Third-Party Offerings", {"Third-Party Offering"}),
        ("ticket", {"tickets"}),
    ],
)
def test_forms(name: str, expected: set[str]) -> None:
    assert set(forms(name)) == expected


def test_a_key_forgets_white_space_and_the_style_of_marks() -> None:
    assert key("Third‑Party\u00a0 Seller’s\nCafe\u0301") == "Third-Party Seller's Café"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A B C D", ["A B C"]),
        ("A B CD and A", ["A B CD", "A"]),
        ("the A\nB, the A’s B", ["A\nB", "A", "B"]),
        ("Non-A, xA, A-like, (A)", ["A-like", "A"]),
        ("", []),
    ],
)
def test_the_pattern_takes_the_longest_name_with_the_rest_of_its_word(text: str, found: list[str]) -> None:
    pattern = compile_names(["A", "B", "A B", "A B C"])
    assert pattern is not None
    assert [match[0] for match in pattern.finditer(text)] == found


def test_no_names_make_no_pattern() -> None:
    assert compile_names([]) is None


def test_unseen_characters_are_left_out_and_found_again() -> None:
    text = "a Ser\u00advi\u200bce Cafe\u0301s"
    copy = plain(text)
    assert copy.text == "a Service Cafés"
    assert [text[slice(*copy.span(start, end))] for start, end in ((2, 9), (10, 14))] == [
        "Ser\u00advi\u200bce",
        "Cafe\u0301",
    ]
    assert plain("plain").starts is None


NAMES = [
    "Fee", "Fees", "Late Fee", "Late Fee Notice", "Sub-Licensee", "Customer's Data", "“Quoted” Name", "Café", "$Unit",
    *(f"Unused Name {number}" for number in range(300)),
]  # fmt: skip


@pytest.mark.parametrize("after_hyphen", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "Late\nFee Notices and the Late Fees, pre-Fees, Feest",
        "a Sub‑Licensee of Customer’s Data; “Quoted” Name, Cafés, a $Unit",
        "no name at all",
        "Unused Name 30, Unused Name 3001",
    ],
)
def test_the_pattern_of_a_text_finds_what_the_pattern_of_all_names_finds(text: str, after_hyphen: bool) -> None:
    whole, patterns = compile_names(NAMES, after_hyphen=after_hyphen), NamesInTexts(NAMES, after_hyphen=after_hyphen)
    assert whole
    for name in ("first", "second", "third", "first"):
        pattern = patterns.pattern(name, lambda: text.split(", "))
        found = [one.span() for part in text.split(", ") for one in (pattern.finditer(part) if pattern else ())]
        assert found == [one.span() for part in text.split(", ") for one in whole.finditer(part)]


def test_a_document_in_capitals_alone_has_uses() -> None:
    """Its text has none of the names, but has them in capitals."""
    names = "".join(f"- “Some Term {number}” means a thing.\n" for number in range(250))
    documents = [
        document("a", "Agreement", "# Agreement\n\n## Terms\n\n" + names + "- “Late Fee” means a sum.\n"),
        document("b", "Policy", "# POLICY\n\nTHE LATE FEE IS DUE AND THE LATE FEE IS FINAL.\n"),
    ]
    found = [use.text for use in bind(edition(*documents)).uses if use.place.document == "b"]
    assert found == ["LATE FEE", "LATE FEE"]
