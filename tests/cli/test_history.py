"""`engross history`, `show` and `diff`: versions of the record, compared with the docs."""

import json

import pytest
from cli_play import AGREEMENT, Play, engross
from tests.record.playing import act_once


@pytest.fixture
def lived(play: Play) -> Play:
    """A record with versions in force, superseded, announced and withdrawn."""
    act_once(play.root, lambda: live(play))
    return play


def live(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1, "material: true")
    play.changed("soon", "later", "third", 2, "effective: 2126-02-01")
    play.note("fourth", "withdraws: agreement@3")
    play.change("later", "soon")
    play.release(3)
    play.changed("soon", "one day", "fifth", 4, "effective: 2126-03-01")


def test_every_version_is_listed(lived: Play) -> None:
    assert engross("history", "agreement").stdout.splitlines() == [
        "agreement@1  superseded",
        "    posted and effective 2026-01-05 04:30 America/New_York; substantive, not material",
        "agreement@2  in force",
        "    posted and effective 2026-01-06 04:30 America/New_York; substantive, material",
        "agreement@3  withdrawn from 2026-01-08 04:30 America/New_York",
        "    posted 2026-01-07 04:30 America/New_York, effective 2126-02-01 America/New_York; substantive, not "
        "material",
        "agreement@4  announced",
        "    posted 2026-01-09 04:30 America/New_York, effective 2126-03-01 America/New_York; substantive, not "
        "material",
    ]


def test_as_json(lived: Play) -> None:
    data = json.loads(engross("history", "agreement", "--format", "json").stdout)
    assert [one["state"] for one in data["versions"]] == ["superseded", "in force", "withdrawn", "announced"]
    assert data["versions"][2] == {
        "version": 3,
        "state": "withdrawn",
        "posted": "2026-01-07T09:30:00Z",
        "effective": "2126-02-01T05:00:00Z",
        "withdrawn": "2026-01-08T09:30:00Z",
        "class": "substantive",
        "material": False,
        "supersedes": 2,
        "restores": None,
        "source": lived.record.versions["agreement"][2].sealed.source,
        "text": lived.record.versions["agreement"][2].sealed.text,
        "seal": lived.record.versions["agreement"][2].sealed.seal,
        "redacted": [],
    }
    assert data["retired"] is None


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        ("2026-01-05", ["2026-01-05 America/New_York: not recorded"]),
        ("2126-03-01", ["2126-03-01 America/New_York: agreement@4 will be in force"]),
        (
            "2026-01-07",
            [
                "2026-01-07 America/New_York: agreement@2 was in force",
                "    posted and effective 2026-01-06 04:30 America/New_York; substantive, material",
                "    Change second (note second, approved by Counsel):",
                "        The change second.",
            ],
        ),
    ],
)
def test_on_a_day(lived: Play, day: str, lines: list[str]) -> None:
    result = engross("history", "agreement", "--on", day)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[: len(lines)] == lines


def test_on_a_day_as_json(lived: Play) -> None:
    data = json.loads(engross("history", "agreement", "--on", "2026-01-07", "--format", "json").stdout)
    assert (data["on"], data["in_force"]["version"]) == ("2026-01-07T05:00:00Z", 2)
    assert data["notes"] == [
        {"slug": "second", "title": "Change second", "approved_by": "Counsel", "summary": "The change second."}
    ]
    data = json.loads(engross("history", "agreement", "--on", "2025-01-07", "--format", "json").stdout)
    assert (data["in_force"], data["why"]) == (None, "not recorded")


def test_what_documents_yml_promised_is_listed(play: Play) -> None:
    play.posted().change(", models]", "], precedence: [data, agreement]", "docs/documents.yml")
    play.note("order", "sets: main", "not_material_because: The contract says so.", documents="")
    play.release(5)
    for document in ("data", "models"):
        lines = engross("history", document).stdout.splitlines()
        assert lines[-3:] == [
            "the set main (Main) is posted: substantive, not material, effective immediately (entry 5 (set main), "
            "posted 2026-01-10 04:30 America/New_York)",
            "    incorporates was data; models, and is data",
            "    precedence was nothing, and is data; agreement",
        ]
    (first, second) = json.loads(engross("history", "data", "--format", "json").stdout)["promises"]
    assert (first["set"], first["field"], first["from"], first["to"]) == (
        "main",
        "incorporates",
        ["data", "models"],
        ["data"],
    )
    assert second["to"] == [["data"], ["agreement"]]


def test_a_document_that_was_never_posted_and_one_that_is_retired(play: Play) -> None:
    assert engross("history", "agreement").stdout == "nothing of agreement is recorded\n"
    play.posted()
    assert engross("history", "pricing").stdout == "nothing of pricing is recorded\n"
    assert "nothing of pricing is recorded" in engross("history", "pricing", "--on", "2026-02-01").stdout
    lines = (play.root / "docs/documents.yml").read_text("utf-8").replace(", models]", "]").splitlines()
    play.write("docs/documents.yml", "\n".join(line for line in lines if "id: models," not in line))
    play.note("gone", "sets: main", "not_material_because: Nobody used it.", documents="models")
    play.release(5)
    output = engross("history", "models").stdout.splitlines()
    assert (output[0], output[-1]) == (
        "models@1  retired",
        "models is retired, effective 2026-01-10 04:30 America/New_York",
    )
    assert "models was retired" in engross("history", "models", "--on", "2026-02-01").stdout
    assert json.loads(engross("history", "models", "--format", "json").stdout)["retired"] == "2026-01-10T09:30:00Z"


def test_a_redaction_is_listed(play: Play) -> None:
    play.posted()
    engross("redact", "agreement@1", "agreement", "--clause", "use.a", "--reason", "order of a court")
    assert engross("history", "agreement").stdout.startswith("agreement@1  in force; redacted: Use (a)\n")
    data = json.loads(engross("history", "agreement", "--format", "json").stdout)
    assert data["versions"][0]["redacted"] == [{"clause": "Use (a)", "reason": "order of a court"}]


@pytest.mark.parametrize(
    ("args", "status", "output"),
    [
        (("history", "agrement"), 2, 'there is no document agrement; did you mean "agreement"? (known: agreement,'),
        (("history", "agreement", "--on", "soon"), 2, "a day (2026-01-31) or an instant"),
        (("show", "agreement@9"), 2, "there is no agreement@9; its last is agreement@4"),
        (("show", "data@2"), 2, "there is no data@2; its only version is data@1"),
        (("show", "agreement"), 2, "'agreement' is not a version; write its document, @ and its number: agreement@3"),
        (("show", "agrement@1"), 2, 'no text of agrement was posted; did you mean "agreement"?'),
        (("diff", "agreement@1", "agreement@9"), 2, "there is no agreement@9"),
        (("diff", "agreement@1", "agrement"), 2, 'there is no document agrement; did you mean "agreement"?'),
        (("diff", "pricing", "agreement"), 2, "pricing is published elsewhere, so there is no text to compare"),
        (("diff", "agreement@1", "nowhere.md"), 2, "nowhere.md: there is no such file"),
    ],
)
def test_what_there_is_not(lived: Play, args: tuple[str, ...], status: int, output: str) -> None:
    result = engross(*args)
    assert (result.exit_code, output in result.stderr) == (status, True), result.stderr


@pytest.mark.parametrize("command", ["history agreement", "show agreement@1", "diff agreement@1 agreement"])
def test_an_altered_record_says_nothing(lived: Play, command: str) -> None:
    ledger = lived.root / "record/ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-5])
    result = engross(*command.split())
    assert (result.exit_code, result.stdout) == (2 if "diff" in command else 1, "")
    assert "record/ledger.jsonl" in result.stderr


def test_the_sealed_bytes_are_shown(play: Play) -> None:
    path = play.root / "docs/agreement.md"
    path.write_bytes(b"\xef\xbb\xbf" + AGREEMENT.replace("\n", "\r\n").encode())
    play.posted()
    assert engross("show", "agreement@1").stdout_bytes == path.read_bytes()


def test_versions_and_drafts_are_compared(lived: Play) -> None:
    result = engross("diff", "agreement@1", "agreement@2", "--only-changes")
    assert result.exit_code == 1
    assert "Each Fee is due at [-once-]{+soon+}" in result.stdout
    assert engross("diff", "agreement@4", "agreement").exit_code == 0
    assert engross("diff", "models@1", "models").exit_code == 0
    assert engross("diff", "agreement@2", "docs/agreement.md").exit_code == 1


def test_a_file_goes_before_a_document_of_the_same_name(lived: Play) -> None:
    lived.write("agreement", AGREEMENT)
    assert engross("diff", "agreement@1", "agreement").exit_code == 0


def test_outside_a_site_there_are_files_only(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    result = engross("diff", "agreement@1", "agreement")
    assert (result.exit_code, "agreement@1: there is no such file" in result.stderr) == (2, True)
    assert engross("history", "agreement").exit_code == 2
    assert engross("show", "agreement@1").exit_code == 2
