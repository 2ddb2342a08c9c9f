"""`engross import-history`: what it prints, what it refuses, and what follows it."""

import json
import shutil
from pathlib import Path

import pytest
from cli_play import AGREEMENT, Play, engross, git
from tests.importing.git_repositories import Repository, file, repository_of

from engross.cli import import_history

OLDER = AGREEMENT.replace("(c) rent", "(c) lend")
OLDEST = OLDER.replace("(c) lend", "(c) show")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose last text is that of the docs."""
    made = Repository()
    for text in (OLDEST, "<b>x</b>", OLDER, OLDER + "\n", AGREEMENT):
        made.commit(file("terms.md", text))
    return made.make(tmp_path_factory.mktemp("policies") / "repo.git")


def test_import(play: Play, policies: Path) -> None:
    done = engross("import-history", "agreement", str(policies), "--path", "terms.md")
    lines = done.output.splitlines()
    assert [line[:19] for line in lines[:6]] == [
        "version  date      ",
        "1        2019-12-31",
        "-        2020-01-01",
        "2        2020-01-02",
        "-        2020-01-03",
        "3        2020-01-04",
    ]
    assert lines[2].endswith(
        "left out: line 1: raw HTML is not allowed in a contract: <b>; write it as Markdown (and 1 more)"
    )
    assert lines[4].endswith("shows the same as version 2")
    assert lines[6] == "3 versions of agreement imported; 1 of 5 texts could not be read, see above"
    assert lines[7].startswith("agreement@3 applies, as recorded, from ")
    assert lines[8] == "docs/agreement.md shows the same as agreement@3: there is no text to post"
    assert engross("verify").exit_code == 0
    assert "imported from commit" in engross("history", "agreement").output
    on = engross("history", "agreement", "--on", "2020-01-02").output
    assert "not recorded at the time; agreement@1 to agreement@3 were imported later" in on
    plain = json.loads(engross("history", "agreement", "--format", "json").output)["versions"]
    assert [(one["state"], one["class"], one["imported"]["claimed"]["kind"]) for one in plain] == [
        ("imported", None, "committed"), ("imported", None, "committed"), ("in force", None, "committed"),
    ]  # fmt: skip
    assert engross("diff", "agreement@1", "agreement@2").exit_code in (0, 1)
    restored = engross("restore", "agreement@1")
    assert (restored.exit_code, (play.root / "docs/agreement.md").read_text("utf-8")) == (0, OLDEST)


def test_dry_run_writes_nothing(play: Play, policies: Path) -> None:
    done = engross("import-history", "agreement", str(policies), "--path", "terms.md", "--dry-run")
    assert done.output.splitlines()[-2:] == [
        "3 versions of agreement would be imported; nothing was written",
        "texts that cannot be read may be Markdown with HTML tags, web pages or Word files: try --clean",
    ]
    assert not (play.root / "record").exists()


def test_the_docs_differ(play: Play, policies: Path) -> None:
    play.change("(c) rent", "(c) hire out")
    lines = engross("import-history", "agreement", str(policies), "--path", "terms.md").output.splitlines()
    assert lines[-4:] == [
        "docs/agreement.md differs from agreement@3. It is a change like any other, and needs a change note:",
        "  engross change new --document agreement",
        "If agreement@3 is what the docs should say: engross restore agreement@3 --force",
        "the set main is not posted yet; engross check prints the change note that posts it",
    ]


def test_the_docs_cannot_be_read(play: Play, policies: Path) -> None:
    play.write("docs/agreement.md", "# A\n\n<b>x</b>\n")
    done = engross("import-history", "agreement", str(policies), "--path", "terms.md")
    assert "the text in the docs cannot be read: docs/agreement.md:3:1:" in done.output


def test_a_file_in_a_repository(play: Play, tmp_path: Path) -> None:
    """The source can be the document's own file, in the repository of the site."""
    repository = repository_of(tmp_path / "r.git", [OLDER, AGREEMENT], "docs/agreement.md")
    shutil.copytree(repository, play.root / ".git")
    git(play.root, "config", "core.bare", "false")
    done = engross("import-history", "agreement", "docs/agreement.md", "--one-a-day")
    assert "2 versions of agreement imported" in done.output


def test_a_folder_and_notes(play: Play) -> None:
    play.write("old/2019-01-01.md", OLDER)
    play.write("old/2020-01-01.md", AGREEMENT)
    play.write(
        "notes.yml", "2020-01-01.md:\n  class: editorial\n  summary: Renting is named.\n  approved_by: Counsel\n"
    )
    done = engross("import-history", "agreement", "old", "--dates", "effective", "--notes", "notes.yml")
    assert done.exit_code == 0
    post = play.record.versions["agreement"][1].post
    assert (post.change_class, post.material, [note.slug for note in post.notes]) == (
        "editorial", False, ["imported-agreement-2"],
    )  # fmt: skip
    assert engross("verify").exit_code == 0
    # The note of an imported version is in no folder of notes.
    assert "imported-agreement-2" not in engross("check").output


def test_a_document_with_entries(play: Play, policies: Path) -> None:
    play.posted()
    before = (play.root / "record/ledger.jsonl").read_bytes()
    done = engross("import-history", "agreement", str(policies), "--path", "terms.md")
    assert done.exit_code == 1
    assert (
        "record/ledger.jsonl:1: agreement has entries already, the first is entry 1 (post agreement@1)" in done.output
    )
    assert (play.root / "record/ledger.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("other", "."), 2, "there is no document other"),
        (("pricing", "."), 1, "pricing has no file in documents.yml"),
        (("agreement", "absent"), 2, "does not exist"),
        (("agreement", ".", "--path", "a.md", "--terms", "A/B"), 2, "not both"),
        (("agreement", "mkdocs.yml", "--path", "a.md"), 2, "SOURCE is a file"),
        (("agreement", ".", "--path", "a.md", "--dates", "effective"), 2, "the date of a commit is always that"),
        (("agreement", "docs"), 1, "no file here has a date in its name"),
        (("agreement", ".", "--notes", "absent.yml"), 2, "there is no such file"),
    ],
)
def test_what_is_refused(play: Play, arguments: tuple[str, ...], code: int, message: str) -> None:
    done = engross("import-history", *arguments)
    assert (done.exit_code, message in done.output) == (code, True), done.output
    assert not (play.root / "record").exists()


def test_an_interrupted_import(play: Play, policies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = import_history.import_texts

    def stopped(*arguments: object) -> object:
        def step() -> None:
            raise KeyboardInterrupt

        return whole(*arguments[:-1], step)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(import_history, "import_texts", stopped)
        done = engross("import-history", "agreement", str(policies), "--path", "terms.md")
    assert done.exit_code == 130
    assert "run the command again to continue" in done.output
    assert engross("import-history", "agreement", str(policies), "--path", "terms.md").exit_code == 0
    assert len(play.record.versions["agreement"]) == 3
