"""The cover that a printed document begins with, for each state of a document, and the head and foot of every sheet."""

from dataclasses import replace

import pytest

from engross.corpus.ui_text import ui_strings
from engross.model import DocumentEntry, DocumentKind
from engross.render.date_format import Moment
from engross.render.pages.print import Cover, state_cover, with_running_head
from engross.render.pages.state import DocumentState, VersionState

WORDS = ui_strings("en")
ENTRY = DocumentEntry("agreement", "The <Agreement>", DocumentKind.AGREEMENT, "agreement.md")
TWO = VersionState(
    2,
    Moment("2026-01-01T09:00:00Z", "2026-01-01 10:00 Europe/Berlin"),
    Moment("2026-01-31T23:00:00Z", "2026-02-01 Europe/Berlin"),
    "ab" * 32,
    "cd" * 32,
    "agreement/versions/2/",
)
IN_FORCE = DocumentState(TWO, (), "agreement/versions/", "agreement/versions/clauses/")


def cover(state: DocumentState | None, sets: tuple[str, ...] = ("Main",)) -> Cover:
    return state_cover(ENTRY, sets, state, WORDS, "https://x.example/{}".format, "https://x.example/agreement/")


def test_what_is_in_force_says_version_hashes_instants_and_addresses() -> None:
    made = cover(IN_FORCE, ("Main", "The <Agreement>", "Main"))
    facts = {name: value.striptags() for name, value in made.facts}
    assert made.sets == ("Main",)
    assert (made.running, made.hash, made.standing) == ("The <Agreement>, version 2", "ab" * 6, ())
    assert facts["Version"] == "2"
    assert facts["In force since"] == "2026-02-01 Europe/Berlin"
    assert facts["Short hash"] == "ab" * 6
    assert facts["SHA-256 of the source file"] == "cd" * 32
    assert facts["Permanent link to this version"] == "https://x.example/agreement/versions/2/"
    assert facts["Version in force"] == "https://x.example/agreement/"


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (None, "Draft. No version of this document has been posted. It is not in force."),
        (replace(IN_FORCE, draft=True, differs=True), "Draft. This text is not in force and may never be."),
        (
            replace(IN_FORCE, draft=True),
            "Draft. This page is not in force. Its text is the same as that of the latest posted version.",
        ),
        (
            replace(IN_FORCE, retired=Moment("2027-01-01T00:00:00Z", "2027-01-01 UTC")),
            "From 2027-01-01 UTC, this document is no longer published and no longer in force.",
        ),
        (
            replace(IN_FORCE, announced=(replace(TWO, number=3, page="agreement/versions/3/"),)),
            "Announced: version 3, posted 2026-01-01 10:00 Europe/Berlin, takes effect on 2026-02-01 Europe/Berlin: "
            "https://x.example/agreement/versions/3/",
        ),
    ],
)
def test_the_cover_begins_with_what_must_be_known_first(state: DocumentState | None, message: str) -> None:
    assert cover(state).standing[0].striptags() == message


def test_a_draft_has_no_version_and_no_hash() -> None:
    made = cover(replace(IN_FORCE, draft=True, differs=True))
    assert made.running == "The <Agreement>, draft"
    assert made.hash == ""
    assert [name for name, _ in made.facts] == ["Address"]


def test_every_sheet_carries_what_the_cover_says() -> None:
    page = '<!doctype html><html lang="en"><div class="eg-cover" data-engross-head="A &amp; B" data-engross-hash="12">'
    assert with_running_head(page, "not this", WORDS).startswith(
        '<!doctype html><html data-engross-head="A &amp; B" data-engross-hash="12" '
        'data-engross-page="Page " data-engross-of=" of " lang="en">'
    )


def test_a_page_without_a_cover_carries_its_title_once() -> None:
    once = with_running_head("<html><body>", 'Changes & "more"', WORDS)
    assert once.startswith('<html data-engross-head="Changes &amp; &quot;more&quot;" data-engross-hash="" ')
    assert with_running_head(once, "again", WORDS) == once
