"""Change notes: each file in cases/notes gives exactly the messages in the .txt file beside it, or none."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from engross.model import Change, ChangeClass, GroundGiven, VersionId
from engross.record.encoding import (
    days_after,
    display_instant,
    format_instant,
    parse_sealed_instant,
    parse_written_instant,
    sha256,
)
from engross.record.notes.reader import (
    notes_schema,
    place_in_note,
    posted_note,
    read_note,
    read_notes,
    summary_tree,
    version_id,
)
from engross.text import decode

from .playing import complaints, note_text

CASES = Path(__file__).parent / "cases" / "notes"
ZONE = ZoneInfo("America/New_York")


def read(text: str, name: str = "note.md", zone: ZoneInfo = ZONE) -> Change:
    return read_note(decode(text.encode(), name), zone)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=lambda path: path.stem)
def test_messages(path: Path) -> None:
    expected = path.with_suffix(".txt")
    found = complaints(lambda: read_note(decode(path.read_bytes(), path.name), ZONE))
    assert found == (expected.read_text("utf-8").splitlines() if expected.exists() else [])
    assert bool(found) != path.stem.startswith("good")


def test_everything_that_a_note_can_say() -> None:
    path = CASES / "good-everything.md"
    note = read_note(decode(path.read_bytes(), path.name), ZONE)
    assert note.slug == "good-everything"
    assert note.documents == ("agreement", "rules")
    assert (note.change_class, note.material, note.approved_by) == (ChangeClass.SUBSTANTIVE, True, "General Counsel")
    assert note.effective == datetime(2026, 1, 31, 8, tzinfo=UTC)
    conditions = (("security", "It is as secure as before."), ("scope", "Nothing more is processed."))
    assert note.grounds == (GroundGiven("law", "Regulation 5"), GroundGiven("reasonable", "", conditions))
    assert note.text == (("agreement", "0123456789ab"),)
    assert (note.withdraws, note.restores) == ((VersionId("agreement", 5),), VersionId("agreement", 3))
    assert (note.emergency, note.notice_days) == ("Attacks are under way.", 60)
    assert note.reference == "https://example.com/tickets/5"
    assert note.anchors == (("agreement#old", "agreement#new"), ("agreement#gone", ""))
    assert note.summary == "What **changes**, in [words](https://example.com/).\n\n- And a list."
    assert note.sha256 == sha256(path.read_bytes())


def test_one_is_a_list_of_one() -> None:
    note = read(note_text("x").replace("[x]", "agreement"))
    assert (note.documents, note.effective) == (("agreement",), None)
    assert read(note_text("a, a", "withdraws: [a@1, a@1]")).documents == ("a",)
    assert read(note_text("a", "withdraws: [a@1, a@1]")).withdraws == (VersionId("a", 1),)


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_bytes_of_other_editors(change: object) -> None:
    assert read(change(note_text("a"))).summary == "What changes."  # type: ignore[operator]


@pytest.mark.parametrize(
    ("written", "zone", "instant"),
    [
        ("2026-01-31", "UTC", "2026-01-31T00:00:00Z"),
        ("2026-01-31", "America/New_York", "2026-01-31T05:00:00Z"),
        ("2026-07-31", "America/New_York", "2026-07-31T04:00:00Z"),
        ("2026-01-31 09:00", "Asia/Kathmandu", "2026-01-31T03:15:00Z"),
        ("2026-01-31T09:00Z", "America/New_York", "2026-01-31T09:00:00Z"),
        ("2026-01-31 09:00:30 UTC", "America/New_York", "2026-01-31T09:00:30Z"),
        ("2026-01-31T09:00-05:00", "UTC", "2026-01-31T14:00:00Z"),
        # Clocks go forward at midnight: the day begins at one.
        ("2026-09-06", "America/Santiago", "2026-09-06T04:00:00Z"),
        ("0999-01-01", "UTC", "0999-01-01T00:00:00Z"),
    ],
)
def test_instants(written: str, zone: str, instant: str) -> None:
    assert format_instant(parse_written_instant(written, ZoneInfo(zone))) == instant
    assert parse_sealed_instant(instant) == parse_written_instant(written, ZoneInfo(zone))
    text = note_text("a", effective=written)
    assert read(text, zone=ZoneInfo(zone)).effective == parse_sealed_instant(instant)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)), st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"])
)
def test_sealed_and_shown(at: datetime, zone: str) -> None:
    instant = at.replace(microsecond=0, tzinfo=UTC)
    assert parse_sealed_instant(format_instant(instant)) == instant
    assert display_instant(instant, ZoneInfo(zone)).startswith(f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d}")


def test_people_are_shown_no_seconds() -> None:
    assert display_instant(datetime(2026, 11, 23, 17, 34, 35, tzinfo=UTC), ZoneInfo("UTC")) == "2026-11-23 17:34 UTC"
    assert display_instant(datetime(2026, 10, 26, tzinfo=UTC), ZoneInfo("UTC")) == "2026-10-26 UTC"


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026-02-30T00:00:00Z",
        "2026-01-31T09:00:00+00:00",
        "",
        "2026-01-31T09:00:00Zx",
        # No clock east of Greenwich, or west of it, has a day for these.
        "9999-12-31T23:59:59Z",
        "9999-12-31T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T23:59:59Z",
        "0000-01-01T00:00:00Z",
    ],
)
def test_not_sealed(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an instant|day|year"):
        parse_sealed_instant(text)


@pytest.mark.parametrize("text", ["9999-12-30T23:59:59Z", "0001-01-02T00:00:00Z"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_and_the_last_instant_are_shown(text: str, zone: str) -> None:
    instant = parse_sealed_instant(text)
    assert display_instant(instant, ZoneInfo(zone))
    assert days_after(instant, 10**12) == parse_sealed_instant("9999-12-30T23:59:59Z")


@pytest.mark.parametrize(
    "text", ["agreement", "agreement@", "@3", "agreement@0", "agreement@03", "Agreement@3", "a@1@2"]
)
def test_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version"):
        version_id(text)


def test_places() -> None:
    note = read(note_text("a", "grounds:", "  - {ground: law, cites: Five}"))
    assert place_in_note(note, "grounds", 0) == (8, 5)
    assert place_in_note(note, "nothing") == (2, 1)


def test_posted_note_is_read_under_its_name() -> None:
    note = posted_note(note_text("a").encode(), "record/changes/0123456789ab.md", "first", ZONE)
    assert (note.slug, note.documents) == ("first", ("a",))


def test_folder_of_notes(tmp_path: Path) -> None:
    """Drafts, templates and files in folders are not notes; an unreadable note hides no other."""
    assert read_notes(tmp_path / "nowhere", ZONE, {}).pending == ()
    for name in ("b.md", "a.md", "_template.md", ".hidden.md", "readme.txt"):
        (tmp_path / name).write_text(note_text("x"))
    (tmp_path / "wrong.md").write_text("nothing")
    (tmp_path / "latin.md").write_bytes(b"\xff")
    notes = read_notes(tmp_path, ZONE, {})
    assert [note.slug for note in notes.pending] == ["a", "b"]
    assert len(notes.problems) == 2


def test_schema() -> None:
    properties = notes_schema()["properties"]
    assert set(properties) >= {"documents", "class", "effective", "approved_by", "withdraws", "anchors"}
    assert all(one.get("description") for one in properties.values())


@given(st.text(st.sampled_from("-:[]{}#'\"\n abc019@…<"), max_size=60))
def test_any_text_gives_messages_or_a_note(text: str) -> None:
    """Any content of a note gives diagnostics, never an exception."""
    complaints(lambda: read("---\n" + text + "\n---\nWords.\n"))


def test_a_link_is_no_note(tmp_path: Path) -> None:
    (tmp_path / "note.md").symlink_to(tmp_path / "elsewhere.md")
    (problem,) = read_notes(tmp_path, ZoneInfo("UTC"), {}).problems
    assert "a change note is a file, not a link" in str(problem)


def test_summaries_have_no_footnotes() -> None:
    note = read(note_text("agreement", summary="The fee is lower.[^1] See https://example.com."))
    (summary,) = summary_tree(note.source).children
    assert (summary.inline.text, summary.inline.marks) == ("The fee is lower.[^1] See https://example.com.", ())
