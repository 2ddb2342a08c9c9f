"""`engross change rebase`: a fix is posted while a change is announced, and that is announced again at once."""

from datetime import timedelta

import pytest
from cli_play import AGREEMENT, BEGIN, Play, engross

from engross.cli.output import print_findings
from engross.common.errors import error
from engross.record.sealed_files import sealed_source
from engross.record.verification import verify

FIX = ("Each Fee is due", "Every Fee is due")


def announced(play: Play) -> Play:
    """Version 2 of the agreement is announced for day 40."""
    at = f"{BEGIN + timedelta(days=40):%Y-%m-%dT%H:%MZ}"
    return play.posted().changed(
        "(b) sell the Data; or", "(b) sell or lend the Data; or", "lending", 1, f"effective: {at}"
    )


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are run on day 5."""
    monkeypatch.setattr("engross.cli.change.now", lambda: BEGIN + timedelta(days=5))
    monkeypatch.setattr("engross.cli.site_check.now", lambda: BEGIN + timedelta(days=5))
    monkeypatch.setattr("engross.cli.restore.now", lambda: BEGIN + timedelta(days=5))
    monkeypatch.setattr("engross.cli.release.now", lambda: BEGIN + timedelta(days=5))
    monkeypatch.setattr("engross.cli.review.now", lambda: BEGIN + timedelta(days=5))


def text(play: Play, name: str = "docs/agreement.md") -> str:
    return (play.root / name).read_text("utf-8")


def test_the_whole_way(play: Play) -> None:
    announced(play)
    second = text(play)
    assert engross("restore", "agreement@1").exit_code == 0
    play.change(*FIX)
    result = engross(
        "change", "rebase", "agreement", "--slug", "fee", "--class", "editorial", "--approved-by", "Counsel",
        "--summary", "A word of Payment was wrong.",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "wrote docs/changes/fee.md",
        "wrote docs/changes/fee.agreement.md",
        "wrote docs/changes/lending-again.md",
        "wrote docs/agreement.md",
        "the notice of agreement@2 still counts from 2026-01-06T09:30:00Z",
        "Read them, and correct what could not be filled in automatically. engross release posts them.",
    ]
    assert text(play, "docs/changes/fee.agreement.md") == AGREEMENT.replace(*FIX)
    assert text(play) == second.replace(*FIX)
    assert 'continues: "lending"' in text(play, "docs/changes/lending-again.md")
    assert engross("check").exit_code == 0
    assert "would be posted" in engross("release", "--dry-run").stdout
    assert engross("release").exit_code == 0
    record = play.record
    assert [entry.name.partition(" (")[2] for entry in record.entries[-3:]] == [
        "withdraw agreement@2)", "post agreement@3)", "post agreement@4)",
    ]  # fmt: skip
    again = record.entries[-1]
    assert (again.continues, again.supersedes) == (record.versions["agreement"][1].post.seq, 3)
    assert again.notice_from == BEGIN + timedelta(days=1)
    assert again.effective == BEGIN + timedelta(days=40)
    numbers = [record.in_force("agreement", BEGIN + timedelta(days=at)).number for at in (4, 5, 39, 40)]  # type: ignore[union-attr]
    assert numbers == [1, 3, 3, 4]
    assert verify(play.root / "record")[1] == []
    # The text beside the posted note may stay, or go.
    assert engross("check").exit_code == 0
    (play.root / "docs/changes/fee.agreement.md").unlink()
    assert engross("check").exit_code == 0
    assert engross("release").stdout == "there is nothing to post\n"


def docs(play: Play) -> dict[str, bytes]:
    return {path.relative_to(play.root).as_posix(): path.read_bytes() for path in (play.root / "docs").rglob("*.*")}


def refused(play: Play, *args: str, message: str) -> None:
    """Run a command that refuses; return its message."""
    before = docs(play)
    result = engross("change", "rebase", "agreement", *args)
    assert (result.exit_code, message in result.stderr) == (1, True), result.stderr
    assert docs(play) == before


def test_a_fix_in_a_file_of_its_own(play: Play) -> None:
    second = text(announced(play))
    play.write("fixed.md", AGREEMENT.replace(*FIX))
    result = engross("change", "rebase", "agreement", "--text", "fixed.md", "--slug", "fee", "--class", "editorial")
    assert result.exit_code == 0, result.stderr
    assert text(play) == second.replace(*FIX)
    assert text(play, "docs/changes/fee.agreement.md") == AGREEMENT.replace(*FIX)


def test_a_fix_at_once_is_drafted_as_not_material_where_notice_is_promised(play: Play) -> None:
    play.change("kind: agreement,", "kind: agreement, notice_days: 30,", "docs/documents.yml")
    announced(play)
    play.write("fixed.md", AGREEMENT.replace(*FIX))
    fixed = ("change", "rebase", "agreement", "--text", "fixed.md", "--slug", "fee")
    assert engross(*fixed).exit_code == 0
    assert (
        "material: false  # true, if it matters to customers; then it cannot apply at once\neffective: immediately"
        in (text(play, "docs/changes/fee.md"))
    )


def test_a_note_that_was_begun_already(play: Play) -> None:
    announced(play)
    play.write("docs/agreement.md", AGREEMENT.replace(*FIX))
    play.note("fee", kind="editorial")
    assert engross("change", "rebase", "agreement").exit_code == 0
    assert text(play, "docs/changes/fee.md").startswith('---\nown_text: ["agreement"]\ndocuments: [agreement]\n')
    assert engross("check").exit_code == 0
    assert [entry.version for entry in play.release(5)] == [2, 3, 4]


def test_a_clash_and_its_merged_text(play: Play) -> None:
    announced(play)
    clash = ("(b) sell the Data; or", "(b) sell the Data for money; or")
    play.write("docs/agreement.md", AGREEMENT.replace(*clash))
    refused(play, message=(
        "docs/agreement.md:13:1: Use (b): the fix changes a clause that the announced text changes as well. in force: "
        "“(b) sell the Data; or”; agreement@2: “(b) sell or lend the Data; or”; the fix: “(b) sell the Data for money"
    ))  # fmt: skip
    for one_text, message in (
        (AGREEMENT.replace(*clash), "this is the fix, without the changes that agreement@2 announces"),
        (sealed_source(play.record, play.record.versions["agreement"][1]).text, "announces, without the fix"),
    ):
        play.write("merged.md", one_text)
        one_only = engross("change", "rebase", "agreement", "--merged", "merged.md")
        assert (one_only.exit_code, message in one_only.stderr) == (1, True), one_only.stderr
    by_hand = AGREEMENT.replace(clash[0], "(b) sell or lend the Data for money; or")
    play.write("merged.md", by_hand)
    options = (
        "--slug",
        "fee",
        "--class",
        "substantive",
        "--no-material",
        "--approved-by",
        "Counsel",
        "--summary",
        "No.",
    )
    result = engross("change", "rebase", "agreement", "--merged", "merged.md", *options)
    assert result.exit_code == 0, result.stderr
    assert text(play) == by_hand
    assert "the notice of agreement@2 starts again; changed since: Use (b)" in result.stdout
    assert engross("check").exit_code == 0


def test_what_is_refused(play: Play) -> None:
    announced(play)
    refused(play, message="docs/agreement.md: this is the text of agreement@2, without a fix")
    play.change(*FIX)
    refused(play, message="this text contains changes that agreement@2 announces")
    play.write("fixed.md", AGREEMENT.replace(*FIX))
    refused(play, "--text", "fixed.md", message="has changes that were not posted and would be lost")
    play.write("docs/agreement.md", AGREEMENT.replace(*FIX))
    play.note("other", "restores: agreement@1")
    refused(play, message="there is a pending note about agreement already")
    play.note("other")
    refused(play, "--summary", "Something.", message="there is a pending note about agreement already")
    assert engross("change", "rebase", "agrement").exit_code == 2


def test_nothing_is_left_where_a_file_cannot_be_written(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    announced(play)
    play.write("docs/agreement.md", AGREEMENT.replace(*FIX))

    def full(path: object, data: object) -> None:
        raise OSError(28, "No space left on device", "docs/agreement.md")

    monkeypatch.setattr("engross.cli.change.write", full)
    refused(play, "--slug", "fee", message="no space left on device; nothing was written")


def test_the_fix_is_checked_as_the_docs_are(play: Play) -> None:
    """The drafting check reports the place in the fix, and stops a release of a strict site."""
    announced(play)
    play.write("docs/agreement.md", AGREEMENT.replace("Each Fee is due", "Each Fee of of it is due"))
    play.note("fee", kind="editorial")
    assert engross("change", "rebase", "agreement").exit_code == 0
    assert "docs/changes/fee.agreement.md:18:13: Payment" in engross("check").stdout
    play.write("docs/agreement.md", text(play).replace("of of", "of"))
    output = engross("check").stdout
    assert "docs/changes/fee.agreement.md:18:13: Payment" in output
    assert "docs/agreement.md:18:13" not in output
    output = engross("check", "docs/changes/fee.agreement.md").stdout
    assert output.count("fee.agreement.md:18:13: Payment") == 1
    assert "fee.agreement.md:18:13" in engross("release", "--dry-run").stderr


def test_a_new_note_says_what_is_in_its_way(play: Play) -> None:
    """Also if the problem is in the text and not in the note."""
    announced(play).change(*FIX)
    output = ("--class", "editorial", "--effective", "immediately", "--approved-by", "Counsel", "--summary", "A word.")
    shown = engross("change", "new", "--document", "agreement", "--withdraws", "agreement@2", *output).stdout
    assert "to do: docs/agreement.md:13:1: Use (b): the text contains changes that agreement@2 announces" in shown
    assert "engross restore agreement@1" in shown


def test_one_mistake_has_one_piece_of_advice(play: Play) -> None:
    """An announced text with a fix breaks two rules; only one message has the advice."""
    announced(play)
    play.change(*FIX)
    play.note("fix")
    output = engross("check").stdout
    assert output.count("engross change rebase agreement") == 1
    assert (
        "agreement@2 is announced for 14 February 2026, 04:30 America/New_York, and would replace this change then. "
        "The text also contains words of it; the rule announced-text explains how to post this change alone "
        "[overtakes-announced]"
    ) in output
    # Where words are to apply sooner on purpose, only withdrawing is left to do.
    play.note("fix", "sooner_because: We promised it.")
    assert "Withdraw it with this note" in engross("check").stdout
    play.note("fix", "sooner_because: We promised it.", "withdraws: agreement@2")
    assert engross("check").exit_code == 0


@pytest.mark.parametrize(
    ("place", "output"),
    [
        (("docs/a.md", 3, 1, ""), "docs/a.md:3:1: m"),
        (("docs/a.md", 3, 1, "Fees"), "docs/a.md:3:1: Fees: m"),
        (("docs/documents.yml", 0, 0, ""), "docs/documents.yml: m"),
        (("docs/documents.yml", 0, 0, "Fees"), "docs/documents.yml: Fees: m"),
        (("", 0, 0, ""), "m"),
    ],
)
def test_a_place_ends_with_a_colon(
    capsys: pytest.CaptureFixture[str], place: tuple[str, int, int, str], output: str
) -> None:
    found = error("rule", *place[:3], "m", clause=place[3])
    print_findings([found], "text")
    assert capsys.readouterr().out == f"{output} [rule]\n1 error\n"
    assert str(found) == output
