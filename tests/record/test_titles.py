"""Titles of changes: of notes that have one and of older ones, the rule for pending notes, and redaction."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.record import NoteOrder, open_record, plan_note_redaction, read_state, short_title, title_of, write
from engross.record.journal import locked
from engross.record.notes.reader import posted_note, read_note
from engross.record.notes.titles import title_from_changes
from engross.record.sealed_files import note_name, sealed_note
from engross.text import decode

from .playing import Site, note_text, posted_site

ZONE = ZoneInfo("UTC")
RELEASED = Path(__file__).parents[1] / "released" / "0.1"
LONG = " from 1 January 2027 in every country where we sell"


def title(text: str) -> str:
    """The title of a posted note: its rules are those of sealed texts."""
    return title_of(posted_note(text.encode(), "record/notes/x.md", "x", ZONE))


@pytest.mark.parametrize(
    ("summary", "wanted"),
    [
        ("Fees rise. They rise again.", "Fees rise"),
        ("**Fees** rise [soon](../a.md), e.g. in May.\n\nMore.", "Fees rise soon, e.g. in May"),
        ("## Fees\n\nThey rise.", "Fees"),
        ("These change:\n\n- fees;\n- terms.", "These change"),
        ("- `Fees` &amp; terms, in\n  two lines\n- More", "Fees & terms, in two lines"),
        ("Do fees rise? No.", "Do fees rise?"),
        (f"Fees {'rise ' * 30}now.", f"Fees {'rise ' * 14}…"),
        ("x" * 200, f"{'x' * 78} …"),
        (f"The change of 3 May is undone: files are kept{LONG}.", "The change of 3 May is undone"),
        (f"We are audited by an auditor, whose reports you get{LONG}.", "We are audited by an auditor"),
        (f"Die Gebühren steigen im Mai, und Rabatte enden{LONG}.", "Die Gebühren steigen im Mai"),
        # The last clause that fits; a comma of a list, and one after an opening, end no clause.
        (f"We publish the reports; you read them, and we{LONG}.", "We publish the reports; you read them"),
        (
            f"Attacks on the supply of water, power, and food{LONG}.",
            "Attacks on the supply of water, power, and food from 1 January 2027 in every …",
        ),
        (
            f"If you agreed before May 2025, fees rise for you{LONG}.",
            "If you agreed before May 2025, fees rise for you from 1 January 2027 in every …",
        ),
        (
            f"A mistake in The Service: Support of users is gone{LONG}.",
            "A mistake in The Service: Support of users is gone from 1 January 2027 in …",
        ),
    ],
)
def test_an_older_note_is_named_by_the_first_sentence_of_its_summary(summary: str, wanted: str) -> None:
    text = note_text("a", title="", summary=summary)
    assert title(text) == wanted
    assert len(wanted) <= 80


def test_a_list_shows_a_longer_sentence_whole_rather_than_cut() -> None:
    sentence = f"Fees rise for every customer of every plan{LONG}"
    assert short_title(sentence, most=120) == sentence
    assert short_title(f"{sentence}{LONG}", most=120).endswith(" January 2027 in …")
    assert short_title(f"Fees rise for all of you: they double{LONG}", most=120) == "Fees rise for all of you"


def test_a_note_is_named_by_its_title_as_it_is_written() -> None:
    text = note_text("a", title='"*Fees* <rise>:\\n  twice. Or not."')
    assert title(text) == "*Fees* <rise>: twice. Or not."


def test_every_change_posted_by_version_0_1_has_a_title() -> None:
    for name in ("project", "tour"):
        record = open_record(RELEASED / name / "record")
        titles = {
            title_of(posted_note(sealed_note(record, note), note_name(note), slug, ZONE))
            for slug, note in record.posted_notes.items()
        }
        assert len(titles) == len(record.posted_notes)
        assert all(1 < len(one) <= 80 for one in titles)


def test_a_title_has_at_most_80_characters(site: Site) -> None:
    site.note("agreement", title="y" * 80)
    assert site.findings() == []
    site.note("agreement", title="y" * 81, slug="note-2")
    (found,) = site.findings()
    assert found.message == "title: has 81 characters; a title has at most 80"
    assert site.read("changes/note-2.md").splitlines()[found.line - 1] == f"title: {'y' * 81}"
    assert found.column == 8


def test_a_pending_note_without_a_title_is_refused_with_the_title_to_paste(site: Site) -> None:
    slug = site.note("agreement", title="", summary="Fees rise to **“20”**. That is all.")
    (found,) = site.findings()
    assert (found.rule, found.line) == ("note-title", 2)
    assert found.fix == 'title: "Fees rise to “20”"'
    text = site.read(f"changes/{slug}.md")
    site.write(f"changes/{slug}.md", text.replace("---\n", f"---\n{found.fix}\n", 1))
    assert site.findings() == []
    assert site.release()
    # What is posted is never asked for a title.
    assert site.at(2).findings() == []


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = posted_site(tmp_path).at(1)
    made.edit("agreement.md", ("thirty", "twenty"))
    return made


def test_a_placeholder_is_no_title(site: Site) -> None:
    site.note("agreement", title="<what changes, in at most 80 characters>")
    (found,) = site.findings()
    assert found.rule == "note-placeholder"
    assert found.message.endswith("is still to be filled in; write what changes, in at most 80 characters")


def test_a_title_can_be_redacted_by_a_longer_text(site: Site) -> None:
    slug = site.note("agreement", title="Fees of A. Person rise")
    site.release()
    with locked(site.folders.record):
        plan = read_state(site.at(2).folders, site.now).plan
        order = NoteOrder(slug, "title", f"A court {'really ' * 12}said so")
        write(plan.record, plan_note_redaction(plan, order).sealing)
    record = site.record
    note = record.note(record.posted_notes[slug])
    shown = title_of(posted_note(sealed_note(record, note), note_name(note), slug, ZONE))
    assert "Person" not in shown
    assert shown.startswith("[")
    assert len(shown) > 80


def test_one_line_about_changes_is_a_title_and_several_are_not() -> None:
    assert title_from_changes(r"- The \[Agreement\], Fees: words changed.") == "The [Agreement], Fees: words changed"
    assert title_from_changes("- A: deleted.\n- B: deleted.") == ""
    assert title_from_changes("") == ""
    values = "the promised notice was {} days, and is 5 days."
    assert title_from_changes(f"- A: {values.format(30)}") == "A: the promised notice was 30 days, and is 5 days"
    long = values.format("30 business days without the public holidays of DE-BY, or of FR, or 400")
    assert title_from_changes(f"- A: {long}") == "A: the promised notice"
    assert title_from_changes(
        f"- Data centres: the register was name (“Name”, required){', city' * 9}, and is name."
    ) == ("Data centres: the register")


def test_a_title_is_one_line() -> None:
    assert short_title("Fees\n  rise \t now.\nMore.") == "Fees rise now"
    note = read_note(decode(note_text("a", title='"Fees  rise"').encode(), "changes/a.md"), ZONE)
    assert title_of(note) == "Fees rise"
