"""A year of the tour's register of subprocessors, after the tour's own day: `examples/tour/next-year`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from examples.tour.replay import HISTORY, NEXT_YEAR, replay, steps

from engross.corpus.registers import register_of
from engross.model import Change
from engross.record import Record, days_to_object, objection_deadlines, verify
from engross.record.notes.reader import posted_note
from engross.record.posting.drafts import sealed_document
from engross.record.sealed_files import sealed_note

ZONE = ZoneInfo("UTC")
NAME = "subprocessors"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    root = tmp_path_factory.mktemp("next-year")
    assert all(entries for _, entries in replay(root, HISTORY, NEXT_YEAR))
    made, problems = verify(root / "record")
    assert problems == []
    return made


def note(record: Record, slug: str) -> Change:
    return posted_note(sealed_note(record, record.posted_notes[slug]), f"changes/{slug}.md", slug, ZONE)


def test_the_year_has_about_twelve_months() -> None:
    days = [step.posted for step in (*steps(HISTORY), *steps(NEXT_YEAR))]
    assert days == sorted(days)
    assert 330 < (days[-1] - datetime(2026, 11, 13, tzinfo=UTC)).days < 370


def test_what_the_list_has_on_the_first_of_a_month(record: Record) -> None:
    found = {}
    for month in (1, 3, 4, 7, 8, 9, 11):
        at = datetime(2027, month, 1, tzinfo=UTC)
        version = record.in_force(NAME, at)
        assert version is not None
        register = register_of(sealed_document(record, version))
        assert register is not None
        found[month] = version.number, " ".join(row.id for row in register.rows)
    assert found == {
        1: (4, "tern-desk lantern-words gannet-mail"),
        3: (5, "tern-desk lantern-words gannet-mail"),
        4: (7, "tern-desk lantern-words wren-logs gannet-mail"),
        7: (8, "tern-desk lantern-words wren-logs gannet-mail"),
        8: (8, "tern-desk lantern-words wren-logs gannet-mail"),
        9: (9, "tern-desk puffin-desk lantern-words wren-logs gannet-mail"),
        11: (10, "puffin-desk lantern-words wren-logs gannet-mail"),
    }


def test_until_when_customers_could_object(record: Record) -> None:
    days = {version.number: days_to_object(record, version, ZONE) for version in record.versions[NAME]}
    assert {number: {row: str(day) for row, day in found.items()} for number, found in days.items() if found} == {
        3: {"shoal-words": "2026-11-28"},
        4: {"lantern-words": "2026-12-01"},
        6: {"petrel-logs": "2027-02-23"},
        7: {"wren-logs": "2027-03-08"},
        9: {"puffin-desk": "2027-08-24"},
    }
    open_in_august = objection_deadlines(record, NAME, datetime(2027, 8, 15, tzinfo=UTC), ZONE)
    assert list(open_in_august) == ["puffin-desk"]


def test_the_note_says_how_the_objections_were_resolved(record: Record) -> None:
    assert record.versions[NAME][5].withdrawn is not None
    replaced = note(record, "wren-logs")
    assert "Two customers objected" in replaced.summary
    assert "have withdrawn their objection" in replaced.summary
    # An address is for information, and a row that goes leads to the one that takes its place.
    assert record.versions[NAME][4].post.notes == ()
    assert note(record, "tern-desk-ended").anchors
