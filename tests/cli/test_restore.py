"""`engross restore`: the sealed bytes come back, and what to write next is said."""

from cli_play import AGREEMENT, Play, engross


def test_the_bytes_come_back(play: Play) -> None:
    path = play.root / "docs/agreement.md"
    first = path.read_bytes()
    play.posted().changed("once", "soon", "second", 1)
    result = engross("restore", "agreement@1")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "wrote docs/agreement.md: the text of agreement@1",
        "To post it, write a change note that says restores: agreement@1:",
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
        "To post it, write a change note that says withdraws: [agreement@2]:",
        "  engross change new --document agreement --withdraws agreement@2",
        "To make a small fix in it and announce agreement@2 again, make the fix, then:",
        "  engross change rebase agreement",
    ]
    play.note("third", "withdraws: agreement@2")
    assert engross("check").exit_code == 0


def test_an_older_text_while_another_is_announced(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1).changed("soon", "later", "third", 2, "effective: 2126-01-01")
    said = engross("restore", "agreement@1").stdout
    assert "--withdraws agreement@3 --restores agreement@1" in said
    play.note("fourth", "withdraws: agreement@3", "restores: agreement@1")
    assert engross("check").exit_code == 0


def test_what_is_there_already(play: Play) -> None:
    play.posted()
    assert engross("restore", "agreement@1").stdout.splitlines() == [
        "docs/agreement.md is the text of agreement@1 already",
        "agreement@1 is what was posted last; there is nothing to post",
    ]


def test_unposted_changes_are_not_lost_unasked(play: Play) -> None:
    play.posted().change("once", "soon")
    result = engross("restore", "agreement@1")
    assert result.exit_code == 1
    assert result.stderr == (
        "docs/agreement.md: has changes that were not posted and would be lost; keep them elsewhere, then restore "
        "agreement@1 --force\n"
    )
    assert engross("restore", "agreement@1", "--force").exit_code == 0
    assert (play.root / "docs/agreement.md").read_text("utf-8") == AGREEMENT


def test_a_redacted_text_is_told(play: Play) -> None:
    play.posted().changed("(b) sell the Data; or", "(b) lend it; or", "second", 1)
    assert engross("redact", "agreement@1", "--clause", "use.b", "--reason", "order of a court").exit_code == 0
    assert "agreement@1 was redacted: what was taken out" in engross("restore", "agreement@1").stdout


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
    assert (result.exit_code, "models is not listed with a file" in result.stderr) == (1, True)
