"""`engross init`: the new site builds strictly, no file is overwritten, and a failure leaves no files."""

import errno
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.site.building import build

from engross.cli import main
from engross.cli.init import starting_files, write_new
from engross.common.errors import EngrossError
from engross.corpus.project import read_project

WRITTEN = ["docs/agreement.md", "docs/changes.md", "docs/documents.yml", "docs/help.md", "docs/index.md", "mkdocs.yml"]
ODD = "Ü & “o” 100% #1 'x' [b]"
ODD_TITLE = "A *b* <b>c</b> & [d](x) `e` {{ f }} \\ #"


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def init(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["init", *args])
    return result.exit_code, result.stdout, result.stderr


def test_a_site_is_started_in_a_new_folder(tmp_path: Path) -> None:
    status, said, complained = init(str(tmp_path / "a" / "b"))
    assert (status, complained) == (0, "")
    assert files_in(tmp_path / "a" / "b") == WRITTEN
    assert [line for line in said.splitlines() if line.startswith("wrote ")] == [
        f"wrote {tmp_path / 'a' / 'b' / name}" for name in WRITTEN
    ]
    assert "mkdocs serve" in said.splitlines()[-1]


def test_without_a_folder_it_is_the_one_we_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, said, _ = init()
    assert status == 0
    assert files_in(tmp_path) == WRITTEN
    assert said.startswith("wrote docs/agreement.md\n")
    assert "cd " not in said


@pytest.mark.slow
@pytest.mark.parametrize("title", ["Terms of Service", ODD_TITLE])
def test_what_is_written_builds_strictly(tmp_path: Path, title: str) -> None:
    folder = tmp_path / ODD
    assert init(str(folder), "--title", title)[0] == 0
    built = build(folder, strict=True)
    assert (built.status, built.messages) == (0, [])
    page = (folder / "site" / "agreement" / "index.html").read_text("utf-8")
    assert 'id="use-of-the-services.c.ii"' in page
    home = (folder / "site" / "index.html").read_text("utf-8")
    shown = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for html in (page, home):
        assert re.search(rf"<h1[^>]*>{re.escape(shown)}<", html)


@pytest.mark.parametrize("title", ["Terms of Service", ODD_TITLE, "1. Terms", "(a) Terms", "# x ##", "a: 'b' \"c\" #"])
def test_any_title_is_read_back_as_it_was_given(tmp_path: Path, title: str) -> None:
    write_new(tmp_path, starting_files(title))
    project = read_project(tmp_path / "docs")
    assert project.settings.document("agreement").title == title
    heading = next(clause for clause in project.documents["agreement"].root.walk() if clause.level == 1)
    assert heading.inline.text == title


def test_the_files_do_not_speak_of_any_real_agreement() -> None:
    words = " ".join(starting_files("Terms").values()).lower()
    assert not re.search(r"crusoe|open ?router|inference|dmca|aup\b", words)


@pytest.mark.parametrize("name", [*WRITTEN, "mkdocs.yaml", "docs/README.md", "docs"])
def test_a_file_in_the_way_is_named_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    status, said, complained = init(str(tmp_path))
    assert (status, said) == (1, "")
    assert complained == f"{tmp_path / name}: is in the way; nothing was written\n"
    assert files_in(tmp_path) == [name]
    assert (tmp_path / name).read_text("utf-8") == "mine"


def test_a_link_that_leads_nowhere_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").symlink_to(tmp_path / "elsewhere.yml")
    assert init(str(tmp_path))[0] == 1
    assert not (tmp_path / "elsewhere.yml").exists()


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    status, _, complained = init(str(tmp_path / "file" / "site"))
    assert (status, complained) == (1, f"{tmp_path / 'file'}: is in the way; nothing was written\n")


def test_where_writing_fails_nothing_is_left(tmp_path: Path) -> None:
    files = {"a/one.md": "one", "a/b/two.md": "two", "a/" + "x" * 300: "too long a name"}
    with pytest.raises(OSError, match="name too long"):
        write_new(tmp_path / "new", files)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    # Refused by hand: root may write everywhere, and tests may be run by root.
    monkeypatch.setattr(Path, "mkdir", refuse)
    status, _, complained = init(str(tmp_path / "site"))
    assert status == 1
    assert complained.endswith(": permission denied\n")


@pytest.mark.parametrize("title", ["", "  ", "a\x00b", "a\x1bb"])
def test_a_title_that_is_no_line_of_text_is_wrong_usage(tmp_path: Path, title: str) -> None:
    status, _, complained = init(str(tmp_path), "--title", title)
    assert status == 2
    assert "a title is a line of text" in complained
    assert files_in(tmp_path) == []


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engross.cli.init._in_the_way", lambda folder, files: [])
    (tmp_path / "b").write_text("mine", encoding="utf-8")
    with pytest.raises((EngrossError, FileExistsError)):
        write_new(tmp_path, {"a": "one", "b": "two"})
    assert files_in(tmp_path) == ["b"]
    assert (tmp_path / "b").read_text("utf-8") == "mine"
