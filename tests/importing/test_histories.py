"""Histories as they are read, and what becomes of each state of a file."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.common import EngrossError
from engross.importing import (
    History,
    HistoryPlan,
    Outcome,
    archive_history,
    clean_text,
    folder_history,
    git_history,
    history_cleaning,
    plan_history,
    read_notes_file,
)
from engross.importing.values import Difference, Imported, Report
from engross.model import DateKind, DocumentEntry, DocumentKind, Source
from engross.record import sha256
from engross.text import decode

from .git_repositories import Repository, file, link, removed, renamed, repository_of, submodule

ENTRY = DocumentEntry("terms", "Terms", DocumentKind.AGREEMENT, "terms.md", "terms/")
UTC = ZoneInfo("UTC")
TEXT = "# Terms\n\n## Use\n\nYou may use the service as long as you pay.\n\n## Fees\n\nFees are due within {} days.\n"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with everything that can be odd about a file's history."""
    made = Repository()
    first = made.commit(file("docs/old.md", TEXT.format("ten")), message="First")
    made.commit(file("README", "x"), message="Another file")
    made.branch("side", first)
    made.commit(file("docs/old.md", TEXT.format("eleven")), branch="side", message="On a branch")
    side = made.commit(file("docs/old.md", TEXT.format("twelve")), branch="side", message="Again")
    made.commit(file("docs/old.md", TEXT.format("twelve")), merges=side, message="Merge")
    made.commit(renamed("docs/old.md", "legal/terms é.md"), message="Rename")
    made.commit(file("legal/terms é.md", TEXT.format("twelve") + "\n\n"), message="Blank lines")
    made.commit(file("legal/terms é.md", TEXT.format("nine")), message="Backdated", at=0)
    made.commit(file("legal/terms é.md", b"\x00\x01" * 20), message="Binary")
    made.commit(file("legal/terms é.md", TEXT.format("é").encode("latin-1")), message="Not UTF-8")
    made.commit(file("legal/terms é.md", "# Terms\n\n<figure>x</figure>\n"), message="HTML")
    made.commit(file("legal/terms é.md", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), message="LFS")
    made.commit(file("legal/terms é.md", "\n"), message="Empty")
    made.commit(link("legal/terms é.md", "../README"), message="Link")
    made.commit(submodule("legal/terms é.md"), message="Submodule")
    made.commit(removed("legal/terms é.md"), message="Delete")
    made.commit(
        file(
            "legal/terms é.md", TEXT.format("eight") + "\n![Flow](img/flow.png) ![No](img/no.png) ![Out](../../x.png)\n"
        ),
        file("legal/img/flow.png", PNG),
    )
    made.commit(file("legal/img/flow.png", PNG + b"2"), message="Only the picture")
    made.commit(file("legal/terms é.md", TEXT.format("seven") + "\n![Flow](img/flow.png)\n"))
    return made.make(tmp_path_factory.mktemp("odd") / "repo.git")


def plan(history: History, **options: object) -> HistoryPlan:
    return plan_history(history, ENTRY, UTC, **options)  # type: ignore[arg-type]


def shown(made: HistoryPlan) -> list[tuple[str, int, str]]:
    return [(str(row.outcome), row.number, row.why) for row in made.rows]


def complaint(work: Callable[[], object]) -> str:
    with pytest.raises(EngrossError) as failure:
        work()
    return "\n".join(map(str, failure.value.diagnostics))


def test_what_becomes_of_each_commit(odd: Path) -> None:
    made = plan(git_history(odd, "legal/terms é.md"))
    assert shown(made) == [
        ("version", 1, ""),
        ("version", 2, ""),
        ("same", 2, "shows the same as version 2"),
        ("same", 2, "shows the same as version 2"),
        ("version", 3, "its date is before that of the version before it"),
        ("refused", 0, "line 1: the character U+0000 cannot be shown on a page; delete it"),
        ("refused", 0, made.rows[6].why),
        ("refused", 0, "line 3: raw HTML is not allowed in a contract: <figure>; write it as Markdown (and 1 more)"),
        ("refused", 0, "the repository has only a pointer of Git LFS, not the text"),
        ("refused", 0, "it has no words"),
        ("refused", 0, "it is a symbolic link, not a file"),
        ("refused", 0, "it is a submodule, not a file"),
        ("refused", 0, "the file is deleted"),
        ("version", 4, "without the picture img/no.png, ../../x.png, which its source does not have"),
        ("version", 5, ""),
    ]
    assert [text.claimed.date[:10] for text in made.texts] == [
        "2020-01-01", "2020-01-05", "2020-01-01", "2020-01-17", "2020-01-19",
    ]  # fmt: skip
    assert {text.claimed.kind for text in made.texts} == {DateKind.COMMITTED}
    assert [text.source.path for text in made.texts[:3]] == ["docs/old.md", "docs/old.md", "legal/terms é.md"]
    assert all(len(text.source.commit) == 40 for text in made.texts)
    assert [dict(text.pictures) for text in made.texts[-2:]] == [{"img/flow.png": PNG}, {"img/flow.png": PNG + b"2"}]


def test_a_subject_cannot_forge_a_commit(tmp_path: Path) -> None:
    made = Repository()
    made.commit(file("terms.md", TEXT.format("one")))
    forged = f"a\1{'d' * 40}\0021000000000\0021000000000\002x {'d' * 40} 1000000000 1000000000 :100644"
    made.commit(file("terms.md", TEXT.format("two")), message=forged)
    found = git_history(made.make(tmp_path / "repo.git"), "terms.md").states
    assert [one.claimed.date[:10] for one in found] == ["2020-01-01", "2020-01-02"]
    assert not any("d" * 40 in one.source.commit for one in found)


def test_the_configuration_of_a_repository_changes_nothing(tmp_path: Path) -> None:
    made = Repository()
    made.commit(file("terms.md", TEXT.format("one")))
    made.commit(file("terms.md", TEXT.format("two")))
    folder = made.make(tmp_path / "repo.git")
    before = git_history(folder, "terms.md").states
    for name, value in (("log.showRoot", "false"), ("i18n.logOutputEncoding", "UTF-16"), ("log.follow", "true")):
        subprocess.run(["git", "config", name, value], cwd=folder, check=True)
    real, forged = (
        subprocess.run(["git", *command], cwd=folder, input=text, capture_output=True, check=True).stdout.strip()
        for command, text in (
            (("rev-parse", "HEAD:terms.md"), b""),
            (("hash-object", "-w", "--stdin"), TEXT.format("forged").encode()),
        )
    )
    subprocess.run(["git", "replace", real, forged], cwd=folder, check=True)
    assert git_history(folder, "terms.md").states == before


def test_a_name_that_is_not_utf8_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "2020-01-01.md").write_text(TEXT.format("one"), "utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/2020-01-02-\xff.md")).write_text(TEXT.format("two"), "utf-8")
    made = plan(folder_history(tmp_path))
    assert [why for _, _, why in shown(made)] == ["", "its name is not UTF-8; rename it"]
    assert made.rows[1].state.source.path == "2020-01-02-\ufffd.md"


def test_an_earlier_name_is_refused_with_the_present_one(tmp_path: Path) -> None:
    made = Repository()
    made.commit(file("terms.md", TEXT.format("one")))
    made.commit(renamed("terms.md", "legal/terms.md"))
    made.commit(removed("legal/terms.md"))
    folder = made.make(tmp_path / "repo.git")
    assert "renamed it to legal/terms.md; name that path" in complaint(lambda: git_history(folder, "terms.md"))
    assert "deleted it; if the file continues under another name" in complaint(
        lambda: git_history(folder, "legal/terms.md")
    )
    assert len(git_history(folder, "legal/terms.md", "main~1").states) == 2


def test_every_commit_and_no_renames(odd: Path) -> None:
    """Without --first-parent the commits of a merged branch count; without --follow only commits with the name."""
    every = plan(git_history(odd, "docs/old.md", first_parent=False, follow=False))
    assert [row.state.source.path for row in every.rows[:3]] == ["docs/old.md"] * 3
    assert [text.document.source.data for text in every.texts] == [
        TEXT.format(count).encode() for count in ("ten", "eleven", "twelve")
    ]
    assert plan(git_history(odd, "legal/terms é.md", follow=False)).texts[0].source.path == "legal/terms é.md"


def test_one_version_a_day(tmp_path: Path) -> None:
    made = Repository()
    for at, count in ((0, "ten"), (0, "nine"), (1, "eight"), (1, "seven"), (1, "<b>"), (2, "six")):
        made.commit(file("terms.md", TEXT.format(count)), at=at)
    found = plan(git_history(made.make(tmp_path / "r"), "terms.md"), one_a_day=True)
    assert [(str(row.outcome), row.number) for row in found.rows] == [
        ("later that day", 0), ("version", 1), ("later that day", 0), ("version", 2), ("refused", 0), ("version", 3),
    ]  # fmt: skip


def test_a_folder_of_dated_files(tmp_path: Path) -> None:
    files = {
        "terms-2020-02-01.md": TEXT.format("nine"),
        "2019.03.05 terms.txt": TEXT.format("ten"),
        "terms-20210229.md": TEXT.format("no such day"),
        "terms-20200201b.md": TEXT.format("eight"),
        "terms-2022-01-01.pdf": "x",
        "terms-2022-02-01.html": "<p>x</p>",
        "latest.md": TEXT.format("one"),
        ".2018-01-01.md": "hidden",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "terms-2018-01-01.md").symlink_to(tmp_path / "latest.md")
    (tmp_path / "2017-01-01").mkdir()
    made = plan(folder_history(tmp_path, DateKind.EFFECTIVE))
    assert [(row.state.source.path, row.number, row.why) for row in made.rows] == [
        ("latest.md", 0, "its name has no date, such as 2019-03-01"),
        ("terms-20210229.md", 0, "its name has no date, such as 2019-03-01"),
        ("terms-2018-01-01.md", 0, "it is a link, not a file"),
        ("2019.03.05 terms.txt", 1, ""),
        ("terms-2020-02-01.md", 2, ""),
        ("terms-20200201b.md", 3, ""),
        ("terms-2022-01-01.pdf", 0, "files of this kind (.pdf) are not read; convert it first"),
        ("terms-2022-02-01.html", 0, "it is no Markdown"),
    ]
    assert (made.texts[0].claimed.date, made.texts[0].claimed.kind) == ("2019-03-05", DateKind.EFFECTIVE)


def test_an_open_terms_archive(tmp_path: Path) -> None:
    made = Repository()
    name = "Service/Terms of Service.md"
    made.commit(file(f'"{name}"', TEXT.format("ten")), message="First record of Terms of Service of Service")
    made.commit(file(f'"{name}"', TEXT.format("nine")), message="Apply technical or declaration upgrade on Terms")
    found = plan(archive_history(made.make(tmp_path / "r"), "Service/Terms of Service"))
    assert [row.why for row in found.rows] == ["", "the archive reads the text in another way"]
    assert {(text.source.kind, text.claimed.kind) for text in found.texts} == {("open-terms-archive", "committed")}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [TEXT.format(count) for count in ("ten", "nine")]
    return repository_of(tmp_path_factory.mktemp("plain") / "r", texts, "legal/terms.md")


@pytest.mark.parametrize(
    ("path", "revision", "message"),
    [
        ("terms.md", "HEAD", "terms.md: no commit of HEAD has this path; did you mean legal/terms.md?"),
        ("legal", "HEAD", "legal: this is a folder in the repository; name a file in it"),
        ("legal/terms.md", "other", "the repository has no commit other"),
        ("legal/terms.md", "--all", "the repository has no commit --all"),
        ("*.md", "HEAD", "*.md: no commit of HEAD has this path"),
    ],
)
def test_bad_paths(plain: Path, path: str, revision: str, message: str) -> None:
    assert message in complaint(lambda: git_history(plain, path, revision))


def test_bad_repositories(tmp_path: Path, plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    subprocess.run(["git", "init", "-q", "none"], cwd=tmp_path, check=True)
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{plain}", "shallow"], cwd=tmp_path, check=True)
    assert "has no commits" in complaint(lambda: git_history(tmp_path / "none", "terms.md"))
    assert "git fetch --unshallow" in complaint(lambda: git_history(tmp_path / "shallow", "legal/terms.md"))
    assert "this folder is in no git repository" in complaint(lambda: git_history(tmp_path / "empty", "terms.md"))
    assert "no such folder" in complaint(lambda: git_history(tmp_path / "absent", "terms.md"))
    assert "no file here has a date in its name" in complaint(lambda: folder_history(tmp_path / "empty"))
    assert "no such file" in complaint(lambda: folder_history(tmp_path / "absent"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed" in complaint(lambda: git_history(plain, "legal/terms.md"))


def test_a_history_without_a_readable_text(tmp_path: Path) -> None:
    made = Repository()
    made.commit(file("terms.md", "<b>x</b>"))
    found = complaint(lambda: plan(git_history(made.make(tmp_path / "r"), "terms.md")))
    assert "terms.md: no text of this history can be imported" in found


def notes_of(text: str) -> Source:
    return decode(text.encode(), "notes.yml")


def test_what_a_person_writes(plain: Path) -> None:
    history = git_history(plain, "legal/terms.md")
    commit = history.states[1].source.commit
    source = notes_of(f'{commit[:8]}:\n  title: "Sooner: nine"\n  class: editorial\n  summary: Fees are due sooner.\n')
    texts = plan(history, notes=read_notes_file(source)).texts
    note = texts[1].note
    assert texts[0].note is None
    assert note is not None
    assert (note.slug, note.title, note.change_class, note.material, note.approved_by, note.summary) == (
        "imported-terms-2", "Sooner: nine", "editorial", False, "not recorded", "Fees are due sooner."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abcdef1:\n  class: format\n  summary: x\n", "notes.yml:2:3: abcdef1: names no version that is imported"),
        ("abcdef1:\n  class: big\n  summary: x\n", "notes.yml:2:10: abcdef1.class"),
        ("abcdef1:\n  summary: x\n", "class"),
        (f"abcdef1:\n  class: format\n  title: {'x' * 81}\n  summary: x\n", "has more than 80 characters"),
    ],
)
def test_mistakes_in_what_a_person_writes(plain: Path, text: str, message: str) -> None:
    def read() -> object:
        return plan(git_history(plain, "legal/terms.md"), notes=read_notes_file(notes_of(text)))

    assert message in complaint(read)


def test_a_note_with_raw_html(plain: Path) -> None:
    history = git_history(plain, "legal/terms.md")
    source = notes_of(f"{history.states[0].source.commit}:\n  class: format\n  summary: <b>x</b>\n")
    found = complaint(lambda: plan(history, notes=read_notes_file(source)))
    assert "cannot be a change note: raw HTML" in found


def test_texts_that_can_be_cleaned(tmp_path: Path) -> None:
    """What the parser refuses is read as `engross import` reads it; the source then names the bytes of the original."""
    files = {
        "2019-01-01.md": TEXT.format("ten"),
        "2019-02-01.md": TEXT.format("<span class='n'>nine</span>"),
        "2019-03-01.md": TEXT.format("huit (8) à").encode("cp1252"),
        "2019-04-01.html": "<html><head><title>Terms</title></head><body><main><h1>Terms</h1><h2>Use</h2>"
        "<p>You may use the service as long as you pay.</p></main></body></html>",
        "2019-05-01.docx": b"no Word file",
        "2019-06-01.md": "Fees are due within <b>six</b> days.\n",
        "2019-07-01.md": TEXT.format("{{ days }}") + "<script>x</script>\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    made = plan(folder_history(tmp_path), clean=clean_text)
    assert [(row.number, row.why.partition(":")[0]) for row in made.rows] == [
        (1, ""),
        (2, "cleaned, since line 9"),
        (3, "cleaned, since line 9"),
        (4, "cleaned, since it is no Markdown"),
        (0, "it is no Markdown; it cannot be cleaned"),
        (5, "cleaned, since line 1"),
        (0, made.rows[6].why.partition(":")[0]),
    ]
    texts = [text.document.source.data.decode() for text in made.texts if text.document.source]
    assert texts[1] == TEXT.format("nine")
    assert "huit (8) à" in texts[2]
    assert texts[3].startswith("# Terms\n\n## Use")
    # A text without a title gets none.
    assert texts[4] == "Fees are due within **six** days.\n"
    assert [text.source.sha256 for text in made.texts] == [
        "", *(sha256((tmp_path / f"2019-0{at}-01.{end}").read_bytes()) for at, end in
              ((2, "md"), (3, "md"), (4, "html"), (6, "md"))),
    ]  # fmt: skip


def test_nothing_is_cleaned_that_would_lose_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "2019-01-01.md").write_text(TEXT.format("ten"), "utf-8")
    (tmp_path / "2019-02-01.md").write_text(TEXT.format("<span>nine</span>"), "utf-8")
    lost = Report("x", (), (Difference("within", "nine", ""),), 9)
    monkeypatch.setattr(history_cleaning, "finish", lambda *_: Imported("T", "x\n", {}, lost))
    found = plan(folder_history(tmp_path), clean=clean_text).rows[1]
    assert found.why.endswith("it cannot be cleaned: words would be lost after “within”: “nine”")


def test_steps_are_counted(plain: Path) -> None:
    steps: list[int] = []
    history = git_history(plain, "legal/terms.md")
    plan(history, step=lambda: steps.append(1))
    assert len(steps) == len(history.states)
    assert all(row.outcome is Outcome.VERSION for row in plan(history).rows)
