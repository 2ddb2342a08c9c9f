"""`engross restore`: it restores the sealed bytes and prints the next step."""

from pathlib import Path

import pytest
from cli_play import AGREEMENT, Play, engross


def test_the_bytes_come_back(play: Play) -> None:
    path = play.root / "docs/agreement.md"
    first = path.read_bytes()
    play.posted().changed("once", "soon", "second", 1)
    result = engross("restore", "agreement@1")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "wrote docs/agreement.md: the text of agreement@1",
        "To post it, write a change note with restores: agreement@1:",
        "  engross change new --document agreement --restores agreement@1",
    ]
    assert path.read_bytes() == first
    play.note("third", "restores: agreement@1")
    play.release(2)
    assert play.record.entries[-1].restores == 1


def test_what_is_announced_is_withdrawn(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1, "effective: 2126-01-01")
    result = engross("restore", "agreement@1")
    assert result.stdout.splitlines()[1:] == [
        "To post it, write a change note with withdraws: [agreement@2]:",
        "  engross change new --document agreement --withdraws agreement@2",
        "To make a small fix in it and announce agreement@2 again, make the fix, then:",
        "  engross change rebase agreement",
    ]
    play.note("third", "withdraws: agreement@2")
    assert engross("check").exit_code == 0


def test_an_older_text_while_another_is_announced(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1).changed("soon", "later", "third", 2, "effective: 2126-01-01")
    output = engross("restore", "agreement@1").stdout
    assert "--withdraws agreement@3 --restores agreement@1" in output
    play.note("fourth", "withdraws: agreement@3", "restores: agreement@1")
    assert engross("check").exit_code == 0


def test_what_is_there_already(play: Play) -> None:
    play.posted()
    assert engross("restore", "agreement@1").stdout.splitlines() == [
        "docs/agreement.md is the text of agreement@1 already",
        "agreement@1 is the last posted version; there is nothing to post",
    ]


def test_unposted_changes_are_not_lost_unasked(play: Play) -> None:
    play.posted().change("once", "soon")
    result = engross("restore", "agreement@1")
    assert result.exit_code == 1
    assert result.stderr == (
        "docs/agreement.md: has changes that were not posted and would be lost; save them elsewhere, then restore "
        "agreement@1 --force\n"
    )
    assert engross("restore", "agreement@1", "--force").exit_code == 0
    assert (play.root / "docs/agreement.md").read_text("utf-8") == AGREEMENT


def test_a_redacted_text_is_reported(play: Play) -> None:
    play.posted().changed("(b) sell the Data; or", "(b) lend it; or", "second", 1)
    assert engross("redact", "agreement@1", "--clause", "use.b", "--reason", "order of a court").exit_code == 0
    assert "agreement@1 was redacted: the text does not have" in engross("restore", "agreement@1").stdout


def test_what_there_is_not(play: Play) -> None:
    assert "no text of agreement was posted" in engross("restore", "agreement@1").stderr
    play.posted()
    result = engross("restore", "agrement@1")
    assert (result.exit_code, 'did you mean "agreement"?' in result.stderr) == (2, True)
    assert engross("restore", "agreement@7").exit_code == 2
    assert engross("restore", "agreement").exit_code == 2
    lines = (play.root / "docs/documents.yml").read_text("utf-8").replace(", models]", "]").splitlines()
    play.write("docs/documents.yml", "\n".join(line for line in lines if "id: models," not in line))
    result = engross("restore", "models@1")
    assert (result.exit_code, "documents.yml lists no file for models" in result.stderr) == (1, True)


PICTURED = ("## Definitions", "![Flow](img/flow.png)\n\n## Definitions")


def restored(*args: str) -> str:
    result = engross("restore", *args)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def pictured(play: Play) -> Path:
    """The agreement with a picture, posted; the picture's file."""
    picture = play.write("docs/img/flow.png", "old")
    play.change(*PICTURED)
    play.posted()
    return picture


def test_pictures_are_put_back_with_the_text(play: Play) -> None:
    picture = pictured(play)
    picture.write_text("new", "utf-8")
    play.note("second")
    play.release(1)
    output = restored("agreement@1")
    assert "docs/agreement.md is the text of agreement@1 already" in output
    assert "wrote docs/img/flow.png: a picture of agreement@1" in output
    assert picture.read_text("utf-8") == "old"
    assert "wrote docs/img/flow.png" not in restored("agreement@1")


def test_a_picture_that_is_gone_is_put_back(play: Play) -> None:
    picture = pictured(play)
    picture.unlink()
    picture.parent.rmdir()
    restored("agreement@1")
    assert picture.read_text("utf-8") == "old"


def test_a_picture_that_was_not_posted_is_not_lost(play: Play) -> None:
    picture = pictured(play)
    picture.write_text("new", "utf-8")
    result = engross("restore", "agreement@1")
    assert result.exit_code == 1
    assert "docs/img/flow.png: has changes that were not posted" in result.stderr
    assert picture.read_text("utf-8") == "new"
    restored("agreement@1", "--force")
    assert picture.read_text("utf-8") == "old"


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_no_picture_is_written_outside_the_docs(play: Play, force: tuple[str, ...]) -> None:
    """The document was in a folder when its picture was sealed, and has moved since."""
    play.write("docs/img/flow.png", "old")
    moved = play.root / "docs/agreement.md"
    settings = play.root / "docs/documents.yml"
    text, listed = moved.read_text("utf-8"), settings.read_text("utf-8")
    moved.unlink()
    play.write("docs/deep/agreement.md", f"{text}\n![Flow](../img/flow.png)\n")
    settings.write_text(listed.replace("file: agreement.md", "file: deep/agreement.md"), "utf-8")
    play.posted()
    (play.root / "docs/deep/agreement.md").unlink()
    moved.write_text(text, "utf-8")
    settings.write_text(listed, "utf-8")
    result = engross("restore", "agreement@1", *force)
    assert result.exit_code == 1
    assert "the picture ../img/flow.png of agreement@1 would be outside the docs folder" in result.stderr
    assert not (play.root / "img").exists()
    assert moved.read_text("utf-8") == text, "nothing is half restored"


def test_a_comparison_shows_a_changed_picture(play: Play) -> None:
    picture = pictured(play)
    assert engross("diff", "agreement@1", "agreement").exit_code == 0
    picture.write_text("new", "utf-8")
    result = engross("diff", "agreement@1", "agreement")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.endswith("\nPictures changed: img/flow.png.\n")
    play.note("second")
    play.release(1)
    result = engross("diff", "agreement@1", "agreement@2")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.endswith("\nPictures changed: img/flow.png.\n")
    assert engross("diff", "agreement@2", "agreement").exit_code == 0
    page = engross("diff", "agreement@1", "agreement@2", "--format", "html").stdout
    assert ("Pictures changed: Flow." in page, "No visible change" in page) == (True, False)
    assert engross("diff", "agreement@1", "agreement@2", "--format", "json").stderr == (
        "note: picture changed: img/flow.png\n"
    )
    play.change("at once", "in a week")
    play.note("third")
    play.release(2)
    output = engross("diff", "agreement@1", "agreement@3", "--only-changes").stdout
    assert "Pictures changed: img/flow.png. 1 clause changed" in output
    assert "[-at once-]" in output
