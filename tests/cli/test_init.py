"""`engross init`: the new site builds strictly, no file is overwritten, and a failure leaves no files."""

import errno
import json
import re
import subprocess
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from tests.site.building import build

from engross.cli import main
from engross.cli.init import starting_files, write_new
from engross.common.errors import EngrossError
from engross.corpus.project import read_project
from engross.hosting import push_record

DOCS = [f"docs/{name}" for name in ("agreement.md", "changes.md", "documents.yml", "help.md", "index.md")]
_SCHEMA_NAMES = ("documents", "models", "note", "prices", "subprocessors", "words")
SCHEMAS = [f".engross/schemas/{name}.schema.json" for name in _SCHEMA_NAMES]
WRITTEN = [*SCHEMAS, ".gitignore", ".vscode/extensions.json", ".vscode/settings.json", *DOCS, "mkdocs.yml"]
PROGRAMS = [f".engross/{name}.py" for name in ("check_live", "due", "post_comment", "push_record")]
COMMON = [".gitattributes", "README.md", "requirements.in", *PROGRAMS]
GITHUB = [
    ".github/CODEOWNERS", ".github/pull_request_template.md", ".github/workflows/due.yml",
    ".github/workflows/publish.yml", ".github/workflows/review.yml",
]  # fmt: skip
GITLAB = [".gitlab-ci.yml", ".gitlab/CODEOWNERS", ".gitlab/merge_request_templates/Default.md"]
ODD = "Ü & “o” 100% #1 'x' [b]"
ODD_TITLE = "A *b* <b>c</b> & [d](x) `e` {# f #} \\ #"


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def init(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["init", *args])
    return result.exit_code, result.stdout, result.stderr


def test_a_site_is_started_in_a_new_folder(tmp_path: Path) -> None:
    status, output, complained = init(str(tmp_path / "a" / "b"))
    assert (status, complained) == (0, "")
    assert files_in(tmp_path / "a" / "b") == WRITTEN
    assert [line for line in output.splitlines() if line.startswith("wrote ")] == [
        f"wrote {tmp_path / 'a' / 'b' / name}" for name in starting_files("Terms")
    ]
    assert "mkdocs serve" in output.splitlines()[-3]
    assert "engross change new --set terms --document agreement" in output.splitlines()[-2]


def test_without_a_folder_it_is_the_one_we_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, output, _ = init()
    assert status == 0
    assert files_in(tmp_path) == WRITTEN
    assert sorted(starting_files("Terms")) == WRITTEN
    assert output.startswith("wrote docs/agreement.md\n")
    assert "cd " not in output


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
    files = starting_files("Terms")
    words = " ".join(files.values()).lower()
    assert not re.search(r"crusoe|open ?router|inference|aup\b", words)
    # The schemas have the kind of document that is called so.
    assert not re.search("dmca", " ".join(text for name, text in files.items() if "schemas" not in name).lower())


@pytest.mark.parametrize("name", [*DOCS, *SCHEMAS[:1], "mkdocs.yml", "mkdocs.yaml", "docs/README.md", "docs"])
def test_a_file_in_the_way_is_named_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    status, output, complained = init(str(tmp_path))
    assert (status, output) == (1, "")
    assert complained == f"{tmp_path / name}: is in the way; nothing was written\n"
    assert files_in(tmp_path) == [name]
    assert (tmp_path / name).read_text("utf-8") == "mine"


@pytest.mark.parametrize("options", [(), ("--ci", "github")])
def test_folders_are_added_to_a_gitignore_that_exists(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / ".gitignore").write_bytes(b"# Mine \xff\n*.log\nlicences\n/site")
    status, output, complained = init(str(tmp_path), *options)
    assert (status, complained) == (0, "")
    lines = (tmp_path / ".gitignore").read_bytes().splitlines()
    assert lines[:4] == [b"# Mine \xff", b"*.log", b"licences", b"/site"]
    assert {b"/.cache/", b"/negotiated/"} < set(lines)
    assert not {b"/licences/", b"/site/"} & set(lines)
    assert f"to {tmp_path / '.gitignore'}" in output


def test_private_folders_of_a_new_site_are_ignored(tmp_path: Path) -> None:
    assert init(str(tmp_path))[0] == 0
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for name in ("licences", "negotiated", "notices", ".cache", "site"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text("private", "utf-8")
    command = ["git", "ls-files", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.splitlines()
    assert sorted(listed) == WRITTEN


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


@pytest.mark.parametrize(("ci", "files"), [("github", GITHUB), ("gitlab", GITLAB)])
def test_a_site_with_the_workflows_of_its_host(tmp_path: Path, ci: str, files: list[str]) -> None:
    status, output, _ = init(str(tmp_path), "--ci", ci, "--title", ODD_TITLE)
    assert status == 0
    assert files_in(tmp_path) == sorted([*WRITTEN, *COMMON, *files])
    assert "engross lock" in output.splitlines()[-2]
    name = {"github": "first_time", "gitlab": "FIRST_TIME"}
    assert [one in output.splitlines()[-1] for one in name.values()] == [one == ci for one in name]
    texts = [(tmp_path / name).read_text("utf-8") for name in (*COMMON[:3], *files)]
    assert not any(re.search(r"<< |<%|%>", text) for text in texts)
    assert (tmp_path / ".engross" / "push_record.py").read_bytes() == Path(push_record.__file__).read_bytes()


def test_workflows_for_a_site_that_there_is_already(tmp_path: Path) -> None:
    assert init(str(tmp_path))[0] == 0
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Mine\n", encoding="utf-8")
    status, output, complained = init(str(tmp_path), "--ci", "github")
    assert (status, complained) == (0, "")
    assert files_in(tmp_path) == sorted([*WRITTEN, *COMMON, *GITHUB])
    assert (tmp_path / "README.md").read_text("utf-8") == "mine"
    assert (tmp_path / "mkdocs.yml").read_text("utf-8") == "site_name: Mine\n"
    assert f"kept {tmp_path / 'README.md'}, which exists already" in output.splitlines()
    assert f"wrote {tmp_path / 'README.md'}" not in output
    # Again, it writes nothing. It speaks of the example and of the first run only where they are still to come.
    again = init(str(tmp_path), "--ci", "github")[1]
    assert not any(words in again for words in ("wrote", "docs/agreement.md, and delete", "engross change new"))
    assert "first_time" in again.splitlines()[-1]
    (tmp_path / "record").mkdir()
    (tmp_path / "record/ledger.jsonl").write_text("{}\n", encoding="utf-8")
    assert "engross lock" in init(str(tmp_path), "--ci", "github")[1].splitlines()[-1]


def test_workflows_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    assert init(str(tmp_path))[0] == 0
    (tmp_path / ".github").write_text("a file", encoding="utf-8")
    status, output, complained = init(str(tmp_path), "--ci", "github")
    assert (status, output) == (1, "")
    assert complained == f"{tmp_path / '.github'}: is in the way; nothing was written\n"
    assert files_in(tmp_path) == sorted([*WRITTEN, ".github"])


@pytest.mark.parametrize(
    "words",
    [
        ("--actions", "example/engross@v1"), ("--ci", "gitlab", "--actions", "example/engross@v1"),
        ("--ci", "github", "--actions", "example/engross"), ("--ci", "github", "--actions", "engross@v1"),
        ("--ci", "github", "--actions", "a/b@v1\n    evil: x"), ("--ci", "github", "--actions", "a/b@-x"),
        ("--ci", "github", "--branch", "main]\n"), ("--ci", "github", "--branch", "$(x)"),
        ("--ci", "github", "--branch", "-x"),
    ],
)  # fmt: skip
def test_options_that_would_write_something_else(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert init(str(tmp_path), *words)[0] == 2
    assert files_in(tmp_path) == []


def test_the_schema_of_the_settings_is_found_from_the_file(tmp_path: Path) -> None:
    assert init(str(tmp_path))[0] == 0
    settings = tmp_path / "docs" / "documents.yml"
    first = settings.read_text("utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    schema = json.loads((settings.parent / named[1]).read_text("utf-8"))
    Draft202012Validator(schema).validate(YAML(typ="safe", pure=True).load(settings.read_text("utf-8")))
    for name in json.loads((tmp_path / ".vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"]:
        assert (tmp_path / name).is_file()


def test_the_example_is_not_posted_by_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert init()[0] == 0
    run = partial(CliRunner().invoke, main)
    assert run(["check", "--strict"]).exit_code == 0
    note = "--class substantive --material --effective immediately --approved-by GC --summary A."
    assert run(["change", "new", "--set", "terms", "--document", "agreement", *note.split()]).exit_code == 0
    for command, code in (("check", 1), ("review", 0), ("release", 3)):
        done = run([command])
        assert (done.exit_code, "this is the example that engross init wrote" in done.output) == (code, True)
    assert not (tmp_path / "record" / "ledger.jsonl").exists()
    text = tmp_path / "docs" / "agreement.md"
    text.write_text(text.read_text("utf-8").partition("\n")[2], "utf-8")
    assert run(["release"]).exit_code == 0
