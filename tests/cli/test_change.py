"""`engross change new`: written notes, guessed values, questions and refusals."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_play import Play, engross

from engross.cli import change
from engross.corpus.folders import find_folders
from engross.record import read_state
from note_filling import filled

LATER = f"{datetime.now(UTC) + timedelta(days=400):%Y-%m-%d}"
"""A day on which every notice period has ended."""
GIVEN = (
    "--class", "substantive", "--no-material", "--effective", LATER, "--approved-by", "Legal: Terms & Privacy",
    "--summary", "Fees are due later.", "--slug", "fees", "--reference", "https://example.com/1",
)  # fmt: skip


SAID = ("--effective", "immediately", "--approved-by", "Counsel", "--summary", "What changes.")


def note(play: Play, name: str) -> str:
    return (play.root / "docs/changes" / name).read_text("utf-8")


@pytest.fixture
def changed(play: Play) -> Play:
    play.posted().change("once", "soon")
    return play


def test_all_is_given(changed: Play) -> None:
    result = engross("change", "new", "--document", "agreement", *GIVEN)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "wrote docs/changes/fees.md",
            "Read it, and correct what could not be filled in automatically. engross release posts it.",
        ],
    )
    assert note(changed, "fees.md").splitlines() == [
        "---",
        'title: "Fees are due later"',
        "documents: [agreement]",
        "class: substantive",
        "material: false",
        f"effective: {LATER}",
        'approved_by: "Legal: Terms & Privacy"',
        'reference: "https://example.com/1"',
        "---",
        "",
        "Fees are due later.",
    ]
    assert engross("check").exit_code == 0
    assert engross("release").exit_code == 0


def test_what_is_not_given_is_guessed(changed: Play) -> None:
    result = engross("change", "new")
    assert result.exit_code == 0
    path = Path(result.stdout.splitlines()[0].removeprefix("wrote "))
    assert "-agreement-payment-" in path.name
    output = path.read_text("utf-8")
    assert output.splitlines() == [
        "---",
        'title: "The Agreement, Payment: words changed"',
        "documents: [agreement]",
        "class: substantive  # editorial, if only words change and not meaning",
        "material: true  # false, if it hardly matters to customers",
        "effective: <immediately, or a day>",
        'approved_by: "<the role that approved it, such as General Counsel>"',
        "---",
        "",
        "<what changes for customers, in a sentence or two>",
        "",
        "- The Agreement, Payment: words changed.",
    ]
    # Each gap is one thing to do, with its place and what to write there; nothing is posted until they are filled in.
    assert [line.partition(" is still")[0] for line in result.stdout.splitlines()[1:-1]] == [
        f"to do: {path}:6:12: effective: <immediately, or a day>",
        f"to do: {path}:7:14: approved_by: <the role that approved it, such as General Counsel>",
        f"to do: {path}:10:1: summary: <what changes for customers, in a sentence or two>",
    ]
    assert (engross("check").exit_code, engross("release").exit_code) == (1, 3)
    path.write_text(filled(output), "utf-8")
    assert (engross("check").exit_code, engross("release").exit_code) == (0, 0)
    assert "nothing differs from what was posted, or a note covers it already" in engross("change", "new").stderr
    changed.change("soon", "later")
    path = Path(engross("change", "new").stdout.splitlines()[0].removeprefix("wrote "))
    assert f"{path} has placeholders; fill them in, or name a --document" in engross("change", "new").stderr


def test_names_are_not_used_twice(changed: Play) -> None:
    first = engross("change", "new", "--document", "agreement").stdout.splitlines()[0]
    second = engross("change", "new", "--document", "agreement").stdout.splitlines()[0]
    assert second == first.replace(".md", "-2.md")


def test_a_note_is_never_overwritten(changed: Play) -> None:
    engross("change", "new", "--slug", "fees")
    before = note(changed, "fees.md")
    result = engross("change", "new", "--document", "agreement", "--slug", "fees")
    assert (result.exit_code, result.stderr) == (
        1,
        "docs/changes/fees.md: this note exists already, and is not overwritten\n",
    )
    assert note(changed, "fees.md") == before
    result = engross("change", "new", "--document", "agreement", "--slug", "first")
    assert (result.exit_code, "a note of this name was posted" in result.stderr) == (1, True)
    result = engross("change", "new", "--document", "agreement", "--slug", "../x")
    assert (result.exit_code, "the name of a note can only have" in result.stderr) == (1, True)


def test_grounds_that_are_given(play: Play) -> None:
    play.posted().change("for a year", "for a month", "docs/terms/data.md")
    args = (*SAID, "--grounds", "legal-requirement: Article 5: storage", "--grounds", "reasonable")
    result = engross("change", "new", *args, "--condition", "security: It is kept as it was before.", "--slug", "a")
    assert "to do" not in result.stdout, result.stdout
    output = note(play, "a.md")
    assert '  - ground: legal-requirement  # The law requires it\n    cites: "Article 5: storage"\n' in output
    assert '    conditions:\n      security: "It is kept as it was before."\n' in output
    assert engross("check").exit_code == 0


def test_grounds_that_are_left_open_are_still_to_be_filled_in(play: Play) -> None:
    play.posted().change("for a year", "for a month", "docs/terms/data.md")
    result = engross("change", "new", "--slug", "a")
    assert result.exit_code == 0
    for place, gap in (
        ("11:12: grounds[0].cites", "<the law that requires it>"),
        ("14:17: grounds[1].conditions.security", "<how this is met>"),
    ):
        assert f"to do: docs/changes/a.md:{place}: {gap} is still to be filled in; write " in result.stdout
    assert result.stdout.endswith("Fix that, then run: engross check\n")


def test_what_is_announced_is_withdrawn(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1, f"effective: {LATER}")
    engross("restore", "agreement@1")
    result = engross("change", "new", "--withdraws", "agreement@2", "--slug", "third")
    assert "- The Agreement: version 2 is withdrawn." in note(play, "third.md")
    (play.root / "docs/changes/third.md").unlink()
    result = engross("change", "new", *SAID, "--withdraws", "agreement@2", "--slug", "third")
    assert "to do" not in result.stdout, result.stdout
    assert "withdraws: [agreement@2]" in note(play, "third.md")
    assert engross("release").exit_code == 0
    assert play.record.standing("agreement")[-1].number == 1


def test_a_text_is_restored(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1)
    engross("restore", "agreement@1")
    engross("change", "new", "--restores", "agreement@1", "--slug", "third")
    assert "- The Agreement: the text of version 1 applies again.\n- The Agreement, Payment" in note(play, "third.md")
    play.write("docs/changes/third.md", filled(note(play, "third.md")))
    assert engross("release").exit_code == 0
    assert play.record.entries[-1].restores == 1


def test_a_document_that_is_gone_and_one_that_moved(play: Play) -> None:
    play.posted()
    lines = (play.root / "docs/documents.yml").read_text("utf-8").replace(", models]", "]").splitlines()
    text = "\n".join(line for line in lines if "id: models," not in line)
    play.write("docs/documents.yml", text.replace("title: Data Terms", "title: Data Rules"))
    engross("change", "new", "--slug", "second")
    output = note(play, "second.md")
    assert "documents: [data, models]" in output
    assert "- Data Terms: its title changes.\n- Model List: no longer published." in output
    play.write("docs/changes/second.md", filled(output))
    assert engross("release").exit_code == 0


def test_it_asks_in_a_terminal(changed: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "is_interactive", lambda: True)
    result = engross(
        "change",
        "new",
        "--slug",
        "a",
        input=f"editorial\n{LATER}\nGeneral Counsel\nNo meaning changes.\n{'x' * 81}\nWords change\n",
    )
    assert result.exit_code == 0, result.output
    assert "A change note about agreement.\nClass (format, editorial, substantive) [substantive]: " in result.stdout
    assert "This changed:\n- The Agreement, Payment: words changed.\n" in result.stdout
    output = note(changed, "a.md")
    assert f"class: editorial\neffective: {LATER}\napproved_by: General Counsel\n" in output
    assert output.endswith("No meaning changes.\n")
    assert "\nError: it has 81 characters; a title has at most 80\nTitle [No meaning changes]: " in result.stdout
    assert output.startswith('---\ntitle: "Words change"\n')


def test_it_asks_for_the_ground(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "is_interactive", lambda: True)
    play.posted().change("for a year", "for a month", "docs/terms/data.md")
    answers = ["", "y", "", "Counsel", "reasonable", "Security stays as it is.", "Data is kept for a month.", ""]
    result = engross("change", "new", "--slug", "a", input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "to do" not in result.stdout
    assert 'security: "Security stays as it is."' in note(play, "a.md")
    assert "- Data Terms, Keeping: words changed." in result.stdout
    assert 'title: "Data is kept for a month"\n' in note(play, "a.md")


@pytest.mark.parametrize(
    ("args", "output"),
    [
        (("--document", "agrement"), 'there is no document agrement; did you mean "agreement"?'),
        (("--class", "grave"), "Invalid value for '--class'"),
        (
            ("--effective", "soon"),
            "'soon': a day (2026-01-31) or an instant (2026-01-31T09:00Z) is wanted, or immediately",
        ),
        (("--withdraws", "agreement@7"), "there is no agreement@7; its only version is agreement@1"),
        (("--restores", "agreement"), "'agreement' is not a version"),
        (("--grounds", "whim"), "there is no ground whim (known: legal-requirement, reasonable)"),
        (
            ("--grounds", "reasonable", "--condition", "x: y"),
            "none of the grounds on the command line has the condition x",
        ),
    ],
)
def test_wrong_usage(changed: Play, args: tuple[str, ...], output: str) -> None:
    result = engross("change", "new", *args)
    assert (result.exit_code, output in result.stderr) == (2, True), result.stderr
    assert [path.name for path in (changed.root / "docs/changes").iterdir()] == ["first.md"]


def test_a_note_for_a_document_that_is_published_elsewhere(play: Play) -> None:
    play.posted()
    engross("change", "new", "--document", "pricing", *SAID, "--slug", "prices")
    assert engross("release").exit_code == 0
    assert not read_state(find_folders(play.root), play.record.entries[-1].posted).plan.notes


def test_outside_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert engross("change", "new").exit_code == 2


def test_a_note_for_a_set(play: Play) -> None:
    """Its order of precedence changed, and no document: the note is written, named after the set, and can be posted."""
    play.posted().change(", models]", ", models], precedence: [data, agreement]", "docs/documents.yml")
    given = ("--approved-by", "Counsel", "--summary", "The data terms prevail.", "--effective", "immediately")
    result = engross("change", "new", *given)
    assert result.exit_code == 0, result.output
    (path,) = (play.root / "docs/changes").glob("*-main.md")
    text = path.read_text("utf-8")
    assert text.startswith('---\ntitle: "The data terms prevail"\nsets: [main]\nclass: substantive')
    assert engross("check").exit_code == 0


def test_a_set_that_does_not_change(play: Play) -> None:
    play.posted()
    result = engross("change", "new", "--set", "main")
    assert (result.exit_code, "the set main does not differ" in result.stderr) == (2, True)


def test_the_review_shows_what_a_set_was_and_is(play: Play) -> None:
    play.posted().change(", models]", ", models], precedence: [data, agreement]", "docs/documents.yml")
    output = engross("review").stdout
    assert "## Main: changed without a note" in output
    assert "Setting: precedence was nothing, and is data; agreement" in output
    play.note("order", "sets: [main]", "material: true", documents="")
    output = engross("review").stdout
    assert "## Main: documents and their order of precedence" in output
    assert "- Setting: precedence was nothing, and is data; agreement" in output
    assert "no note says so" not in output
