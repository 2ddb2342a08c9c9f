"""`engross release`: its output, what stops it, and what an emergency allows."""

from datetime import timedelta
from pathlib import Path

import pytest
from cli_play import BEGIN, MKDOCS, Play, engross

from engross.cli.printing import WAITS
from engross.record import Record
from engross.record.posting import releasing
from engross.record.posting.sealing import Sealing

WARNING = ("(a) copy the Data;", "(a) copy the the Data;")


def test_it_says_what_would_be_and_what_was_posted(play: Play) -> None:
    play.note("first", "effective: 2126-02-01", documents="agreement, data, models")
    play.note("prices", "effective: 2126-02-01T12:00Z", "material: true", documents="pricing")
    printed = [
        "  agreement@1 (The Agreement): substantive, not material, effective 2126-02-01 America/New_York",
        "  data@1 (Data Terms): substantive, not material, effective 2126-02-01 America/New_York",
        "  models@1 (Model List): substantive, not material, effective 2126-02-01 America/New_York",
        "  notice of a change of pricing (Pricing): substantive, material, effective 2126-02-01 07:00 America/New_York",
        "  the set main (Main) is posted: substantive, not material, effective 2126-02-01 America/New_York",
    ]
    would = engross("release", "--posted", "2026-01-05", "--dry-run")
    assert would.exit_code == 0
    assert would.stdout.splitlines() == [
        "5 entries would be added to the record:",
        *printed,
        "would be posted 2026-01-05 America/New_York",
    ]
    assert not play.record.entries
    was = engross("release", "--posted", "2026-01-05T09:30")
    assert was.stdout.splitlines() == [
        "5 entries added to the record:",
        *printed,
        "posted 2026-01-05 09:30 America/New_York",
    ]
    assert len(play.record.entries) == 5


def test_every_kind_of_entry_is_described(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1, "effective: 2126-01-31")
    play.note("third", "withdraws: agreement@2")
    play.change("soon", "once")
    assert "  agreement@2 is withdrawn, effective immediately" in engross("release").stdout.splitlines()
    play.change("once", "soon")
    # An announced version that was withdrawn applies immediately: the note gives the reason.
    play.note("again", "sooner_because: Customers asked for it.")
    assert "  agreement@3 (The Agreement): substantive, not material, effective" in engross("release").stdout
    play.change("soon", "once")
    play.note("fourth", "restores: agreement@1")
    play.note("fifth", "corrects: 5", documents="agreement", kind="editorial")
    play.change("title: Data Terms", "title: Data Rules", "docs/documents.yml")
    result = engross("release")
    assert result.exit_code == 0, result.stderr
    printed = result.stdout
    assert "  agreement@4 (The Agreement), the text of agreement@1 again: substantive, not material, eff" in printed
    assert "  data (Data Rules) has another name or place, effective immediately" in printed
    assert "  entry 5 about agreement is corrected" in printed
    lines = (play.root / "docs/documents.yml").read_text("utf-8").replace(", models]", "]").splitlines()
    play.write("docs/documents.yml", "\n".join(line for line in lines if "id: models," not in line))
    play.note("sixth", "sets: main", "not_material_because: Nobody used it.", documents="models")
    printed = engross("release").stdout
    assert "  models is retired, effective immediately" in printed
    assert "  the set main (Main) is posted: substantive, not material, effective immediately" in printed


def test_nothing_to_post_is_no_failure(play: Play) -> None:
    for _ in range(2):
        result = engross("release")
        assert (result.exit_code, result.stdout) == (0, "there is nothing to post\n")
        play.posted()


def test_a_change_without_a_note_stops_it(play: Play) -> None:
    play.posted().change("once", "soon")
    result = engross("release")
    assert result.exit_code == WAITS
    assert "docs/agreement.md:18:1: Payment: the text differs from agreement@1, and no change note" in result.stderr
    assert '\n    fix:\n---\ntitle: "The Agreement, Payment: words changed"\ndocuments: [agreement]\n' in result.stderr


@pytest.mark.parametrize(
    ("instant", "status", "printed"),
    [
        ("2126-01-01", 1, "2126-01-01T05:00:00Z is in the future; post it then, or use the present instant"),
        ("2026-01-05T09:29Z", 1, "2026-01-05T09:29:00Z is before entry 4 (set main), posted 2026-01-05T09:30"),
        ("yesterday", 2, "'yesterday': a day (2026-01-31) or an instant (2026-01-31T09:00Z) is wanted"),
        ("2026-02-30", 2, "Error: Invalid value for '--posted': '2026-02-30': "),
        ("2026-03-08T02:30", 2, "clocks in America/New_York show 02:30 never on that day; add the offset from UTC"),
    ],
)
def test_instants_that_will_not_do(play: Play, instant: str, status: int, printed: str) -> None:
    play.posted()
    result = engross("release", "--posted", instant)
    assert (result.exit_code, printed in result.stderr) == (status, True), result.stderr


def test_drafting_errors_stop_it(play: Play) -> None:
    play.posted().change("(a) copy the Data;", "(a) copy [LINK];")
    play.note("second")
    result = engross("release")
    assert (result.exit_code, "[LINK] was never filled in" in result.stderr) == (WAITS, True)
    assert len(play.record.entries) == 4


def test_drafting_warnings_are_printed_and_stop_it_where_builds_are_strict(play: Play) -> None:
    play.posted().change(*WARNING)
    play.note("second")
    play.write("mkdocs.yml", f"{MKDOCS}strict: true\n")
    result = engross("release", "--dry-run")
    assert (result.exit_code, result.stdout) == (WAITS, "")
    assert result.stderr.splitlines()[0] == "would wait: agreement (docs/changes/second.md)"
    assert result.stderr.splitlines()[1].startswith("docs/agreement.md:12:14: Use (a): “the the”")
    play.write("mkdocs.yml", MKDOCS)
    result = engross("release")
    assert (result.exit_code, result.stderr[:16]) == (0, "warning: docs/ag")


def test_many_warnings_of_a_rule_are_one_line(play: Play) -> None:
    play.posted().change("is final.", "is final." + "\n\nIt is of of use." * 20)
    play.note("second")
    printed = engross("release", "--dry-run").stderr
    assert "warning: repeated-word: 20 places in 1 document; first at docs/agreement.md:20:10: Payment, para" in printed
    assert printed.count("repeated-word") == 1
    assert printed.endswith("run engross check --all to list each place\n")


def test_an_emergency_lets_drafting_warnings_pass(play: Play) -> None:
    play.posted().change(*WARNING)
    play.note("second", "emergency: a court's order")
    play.write("mkdocs.yml", f"{MKDOCS}strict: true\n")
    assert engross("release").exit_code == 0


def test_an_emergency_lets_no_rule_of_the_record_pass(play: Play) -> None:
    play.posted().change("once", "soon")
    play.note("second", "emergency: a court's order", kind="format")
    result = engross("release")
    assert (result.exit_code, "is format, and" in result.stderr) == (WAITS, True)


def test_outside_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = engross("release")
    assert (result.exit_code, "there is no mkdocs.yml and no docs/documents.yml in this folder" in result.stderr) == (
        2,
        True,
    )


def test_a_broken_ledger(play: Play) -> None:
    play.posted()
    ledger = play.root / "record/ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"agreement.md", b"agreement.mb", 1))
    result = engross("release")
    assert result.exit_code == 1
    assert "record/ledger.jsonl:1:1: entry 1 (post agreement@1): it was altered" in result.stderr


def test_the_second_of_two_stops(play: Play) -> None:
    from engross.record.journal import locked

    play.note("first", documents="agreement, data, models")
    with locked(play.root / "record"):
        result = engross("release")
    assert (result.exit_code, "another release is running" in result.stderr) == (1, True)
    assert engross("release").exit_code == 0
    assert play.record.entries[0].posted > BEGIN + timedelta(days=1)


@pytest.mark.parametrize(("at", "printed"), [(0, "nothing was posted"), (99, "it was posted; run engross verify")])
def test_an_interrupted_release_says_whether_it_was_posted(
    play: Play, monkeypatch: pytest.MonkeyPatch, at: int, printed: str
) -> None:
    play.posted().change("once", "soon")
    play.note("second")
    real = releasing.write

    def interrupted(record: Record, sealing: Sealing, run: object = None) -> Record:
        made = real(record, sealing) if at else record
        raise KeyboardInterrupt(made)

    monkeypatch.setattr(releasing, "write", interrupted)
    result = engross("release")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, printed)
    assert len(play.record.entries) == (5 if at else 4)
