"""Fills in the gaps of a note that the tool wrote, and counts them."""

import re

GAP = re.compile(r"<[^<>\n]+>")
_ANSWERS = (
    (r"effective: <immediately, or a day>", "effective: immediately"),
    (r"effective: <a day, (\S+) or later>", r"effective: \1"),
    # With a colon, which YAML reads only in quotes.
    (r"approved_by: \"<[^<>]+>", 'approved_by: "Legal: General Counsel'),
    (r"title: \"<[^<>]+>", 'title: "Fees: what changes'),
    (r"cites: \"<[^<>]+>", 'cites: "Regulation 1'),
    (r"ground: <(\S+), if it applies>", r"ground: \1"),
    (r": \"<how this is met>", ': "It is met: in this way.'),
    (r"(?m)^<what changes for customers[^<>]+>", "What changes."),
)


def filled(note: str) -> str:
    """A note with each of its gaps filled in."""
    for asked, answer in _ANSWERS:
        note = re.sub(asked, answer, note)
    assert not GAP.search(note), note
    return note
