"""`engross import EDITED.docx --onto FILE`: what is written where, and the mistakes of whoever merges a file."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cli_play import Play, engross

TRACKED = (
    '<w:ins w:id="901" w:author="Jane Doe" w:date="2026-02-01T00:00:00Z"><w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    "</w:ins>"
)


def edit(path: Path, *pairs: tuple[str, str], part: str = "word/document.xml") -> Path:
    """Change XML in a Word file."""
    old = zipfile.ZipFile(BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for before, after in pairs if name == part else ():
                assert before in text, before
                text = text.replace(before, after, 1)
            new.writestr(name, text)
    return path


def exported(play: Play, name: str = "agreement") -> Path:
    path = Path("edited.docx")
    assert engross("export", name, "--to", str(path)).exit_code == 0
    return path


def insertion(before: str, words: str) -> tuple[str, str]:
    """A tracked insertion before the end of a paragraph."""
    return f"{before}</w:t></w:r>", f"{before}</w:t></w:r>{TRACKED.format(words)}"


@pytest.fixture
def edited(play: Play) -> Path:
    play.posted()
    return edit(exported(play), insertion("a Fee is final.", " Taxes are extra."))


def refused(*args: str) -> str:
    before = sorted(path for path in Path().rglob("*") if path.is_file())
    result = engross("import", *args)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert sorted(path for path in Path().rglob("*") if path.is_file()) == before
    return " ".join(result.output.split())


def test_the_result_is_outside_the_docs_and_git_ignores_it(edited: Path) -> None:
    text = Path("docs/agreement.md").read_text("utf-8")
    result = engross("import", str(edited), "--onto", "docs/agreement.md", "--track")
    assert result.exit_code == 0
    assert Path("docs/agreement.md").read_text("utf-8") == text
    assert Path("negotiated/agreement.md").read_text("utf-8") == text.replace("is final.", "is final. Taxes are extra.")
    assert "/negotiated/" in Path(".gitignore").read_text("utf-8").splitlines()
    (note,) = Path("negotiated/changes").iterdir()
    written = note.read_text("utf-8")
    assert "documents: [agreement]" in written
    assert "Payment: words changed" in written
    assert "changed: Payment (line 18)" in result.stdout
    everything = b"".join(path.read_bytes() for path in Path("negotiated").rglob("*") if path.is_file())
    assert b"Jane" not in everything


def test_names_and_comments_are_kept_if_asked_for(edited: Path) -> None:
    assert engross("import", str(edited), "--onto", "docs/agreement.md", "--track", "--keep-comments").exit_code == 0
    assert "Jane Doe" in Path("negotiated/agreement.review.md").read_text("utf-8")


def test_in_place_changes_the_document_and_adds_a_pending_note(edited: Path) -> None:
    result = engross("import", str(edited), "--onto", "docs/agreement.md", "--accept", "--in-place")
    assert result.exit_code == 0
    assert "Taxes are extra." in Path("docs/agreement.md").read_text("utf-8")
    assert not Path("negotiated").exists()
    assert [path for path in Path("docs/changes").iterdir() if path.name.endswith("-agreement-from-word.md")]


def test_a_file_with_tracked_changes_needs_a_decision(edited: Path) -> None:
    assert "it has 1 insertion" in refused(str(edited), "--onto", "docs/agreement.md")


def test_a_file_without_changes_writes_nothing(play: Play) -> None:
    play.posted()
    result = engross("import", str(exported(play)), "--onto", "docs/agreement.md")
    assert (result.exit_code, result.stdout) == (
        0, "edited.docx has no changes of docs/agreement.md; nothing was written\n",
    )  # fmt: skip
    assert not Path("negotiated").exists()


def test_the_text_in_the_docs_may_have_changed_since(edited: Path, play: Play) -> None:
    play.change("copy the Data", "copy or move the Data")
    assert engross("import", str(edited), "--onto", "docs/agreement.md", "--track").exit_code == 0
    merged = Path("negotiated/agreement.md").read_text("utf-8")
    assert "copy or move the Data" in merged
    assert "Taxes are extra." in merged


def test_a_conflict_is_named_and_nothing_is_written(edited: Path, play: Play) -> None:
    play.change("due at once", "due in a week")
    message = refused(str(edited), "--onto", "docs/agreement.md", "--track")
    assert "docs/agreement.md:18:1: Payment: the Word file changes a clause that the text in the docs" in message
    assert "Taxes are extra." in message


def test_a_text_that_is_nowhere_must_be_named(play: Play) -> None:
    play.posted()
    play.change("due at once", "due in a week")
    Path("base.md").write_bytes(Path("docs/agreement.md").read_bytes())
    path = edit(exported(play), insertion("a Fee is final.", " Taxes are extra."))
    play.change("due in a week", "due in a week or two")
    assert "neither in the docs nor in the record" in refused(str(path), "--onto", "docs/agreement.md", "--track")
    assert "the hashes differ" in refused(str(path), "--onto", "docs/agreement.md", "--base", "docs/agreement.md")
    message = refused(str(path), "--onto", "docs/agreement.md", "--track", "--base", "base.md")
    assert "Payment: the Word file changes" in message
    play.change("due in a week or two", "due in a week")
    play.change("copy the Data", "copy or move the Data")
    result = engross("import", str(path), "--onto", "docs/agreement.md", "--track", "--base", "base.md")
    assert result.exit_code == 0


def test_a_copy_of_another_document_is_refused(edited: Path) -> None:
    message = refused(str(edited), "--onto", "docs/terms/data.md", "--track")
    assert "it is an edited copy of agreement, not of data; name that document with --onto" in message
    assert "--onto mkdocs.yml is the text of no document" in refused(str(edited), "--onto", "mkdocs.yml", "--track")


def test_a_file_that_says_nothing_of_itself_needs_its_base(edited: Path) -> None:
    edit(edited, ("engross-", "unknown-"), ("engross-", "u-"), ("engross-", "v-"), part="docProps/custom.xml")
    command = ("import", str(edited), "--onto", "docs/agreement.md", "--track")
    refused = engross(*command)
    assert (refused.exit_code, Path("negotiated").exists()) == (1, False)
    assert "name that text with --base, such as --base docs/agreement.md" in " ".join(refused.stderr.split())
    result = engross(*command, "--base", "docs/agreement.md")
    assert result.exit_code == 0
    assert "does not say which text it was exported from" in result.stdout
    assert "Taxes are extra." in Path("negotiated/agreement.md").read_text("utf-8")


def test_an_earlier_result_is_not_replaced_unasked(edited: Path) -> None:
    command = ("import", str(edited), "--onto", "docs/agreement.md", "--track")
    assert engross(*command).exit_code == 0
    before = Path("negotiated/agreement.md").read_bytes()
    assert "this is the result of an earlier import; move it, or replace it with --force" in refused(*command[1:])
    assert Path("negotiated/agreement.md").read_bytes() == before
    assert engross(*command, "--force").exit_code == 0


def test_a_folder_that_git_tracks_is_refused(edited: Path) -> None:
    Path("negotiated").mkdir()
    Path("negotiated/agreement.md").write_text("old", "utf-8")
    for command in (["init", "-q"], ["add", "negotiated"]):
        subprocess.run(["git", *command], check=True, capture_output=True)
    assert "git tracks this file" in refused(str(edited), "--onto", "docs/agreement.md", "--track")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--onto", "docs/agreement.md", "--into", "docs/x.md"], "omit --into"),
        (["--in-place", "--into", "docs/x.md"], "belong to --onto"),
        ([], "name the Markdown file to write with --into, or the document to merge with --onto"),
    ],
)
def test_wrong_options(edited: Path, arguments: list[str], message: str) -> None:
    assert message in refused(str(edited), *arguments)


def test_a_damaged_file_is_refused(play: Play) -> None:
    play.posted()
    Path("broken.docx").write_bytes(b"PK\x03\x04 not a zip")
    assert "broken.docx" in refused("broken.docx", "--onto", "docs/agreement.md")


def test_a_redline_names_who_approved_it_and_when(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1)
    result = engross("diff", "agreement@1", "agreement@2", "--format", "docx", "--to", "redline.docx")
    assert result.exit_code == 1
    text = zipfile.ZipFile("redline.docx").read("word/document.xml").decode()
    version = play.record.versions["agreement"][1]
    assert f'w:author="Counsel" w:date="{version.posted:%Y-%m-%dT%H:%M:%SZ}"' in text
