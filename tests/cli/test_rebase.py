"""`engross change rebase`: a fix is posted while a change is announced, and that is announced again at once."""

from datetime import timedelta

import pytest
from cli_play import AGREEMENT, BEGIN, Play, engross

from engross.record.verify import verify

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
    monkeypatch.setattr("engross.cli.check.now", lambda: BEGIN + timedelta(days=5))
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
        *["Read it through, and mend what the texts could not tell. engross release posts it."] * 2,
    ]
    assert text(play, "docs/changes/fee.agreement.md") == AGREEMENT.replace(*FIX)
    assert text(play) == second.replace(*FIX)
    assert 'continues: "lending"' in text(play, "docs/changes/lending-again.md")
    assert engross("check").exit_code == 0
    assert "would be posted" in engross("release", "--dry-run").stdout
    assert engross("release").exit_code == 0
    record = play.record
    assert [entry.name for entry in record.entries[-3:]] == [
        "entry 5 (withdraw agreement@2)", "entry 6 (post agreement@3)", "entry 7 (post agreement@4)",
    ]  # fmt: skip
    again = record.entries[-1]
    assert (again.continues, again.supersedes) == (4, 3)
    assert again.notice_from == BEGIN + timedelta(days=1)
    assert again.effective == BEGIN + timedelta(days=40)
    numbers = [record.in_force("agreement", BEGIN + timedelta(days=at)).number for at in (4, 5, 39, 40)]  # type: ignore[union-attr]
    assert numbers == [1, 3, 3, 4]
    assert verify(play.root / "record")[1] == []
    # The text beside the posted note may stay, or go.
    assert engross("check").exit_code == 0
    (play.root / "docs/changes/fee.agreement.md").unlink()
    assert engross("check").exit_code == 0
    assert engross("release").stdout == "nothing is to be posted\n"
