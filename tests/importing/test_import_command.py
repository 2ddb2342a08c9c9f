"""`engross import`: where files go, what is never replaced, exit codes, the report."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engross.cli import main

from .word_examples import master_agreement, reviewed_agreement
from .word_files import p, word_file


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("agreement.docx").write_bytes(master_agreement())
    Path("Order Form (v2).docx").write_bytes(reviewed_agreement())

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["import", *arguments])

    return run


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_becomes_a_document(run, tmp_path: Path) -> None:
    result = run("agreement.docx", "--into", "docs/terms.md")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("agreement.docx: 125 words; the imported text has them all, in the same order\n")
    assert result.output.endswith("wrote docs/terms.md\n")
    assert Path("docs/terms.md").read_text("utf-8").startswith("# Master Services Agreement\n")


def test_several_files_go_into_a_folder(run, tmp_path: Path) -> None:
    result = run("agreement.docx", "Order Form (v2).docx", "--into", "docs", "--accept", "--report", "report.txt")
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "docs") == ["agreement.md", "order-form-v2.md"]
    report = Path("report.txt").read_text("utf-8")
    assert "tracked changes are accepted" in report
    assert report in result.output


def test_nothing_is_replaced_without_force(run, tmp_path: Path) -> None:
    Path("docs").mkdir()
    Path("docs/order-form-v2.md").write_text("mine")
    result = run("agreement.docx", "Order Form (v2).docx", "--into", "docs", "--accept")
    assert result.exit_code == 1
    assert "docs/order-form-v2.md: this file exists" in result.output
    assert files(tmp_path / "docs") == ["order-form-v2.md"]
    assert run("agreement.docx", "Order Form (v2).docx", "--into", "docs", "--accept", "--force").exit_code == 0
    assert Path("docs/order-form-v2.md").read_text("utf-8") != "mine"


def test_nothing_is_written_if_a_source_is_refused(run, tmp_path: Path) -> None:
    result = run("agreement.docx", "Order Form (v2).docx", "missing.docx", "--into", "docs")
    assert result.exit_code == 2
    assert "--accept, --reject, or --track" in result.output
    assert "missing.docx: there is no such file" in result.output
    assert not (tmp_path / "docs").exists()


def test_nothing_is_left_if_a_file_cannot_be_written(run, tmp_path: Path) -> None:
    picture = '<w:r><w:drawing><a:blip r:embed="i1"/></w:drawing></w:r>'
    related, files_ = {"i1": ("image", "media/a.png")}, {"word/media/a.png": b"PNG"}
    Path("drawn.docx").write_bytes(word_file(p("words", picture), None, related, files_))
    Path("docs").mkdir()
    Path("docs/img").write_text("a file, not a folder")
    Path("docs/drawn.md").write_text("mine")
    result = run("drawn.docx", "--into", "docs", "--force")
    assert result.exit_code == 1
    assert "docs/img" in result.output
    assert Path("docs/drawn.md").read_text() == "mine"
    assert files(tmp_path / "docs") == ["drawn.md", "img"]


def test_the_review_file_is_outside_the_docs(run, tmp_path: Path) -> None:
    result = run("Order Form (v2).docx", "--into", "docs", "--track")
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "docs") == ["order-form-v2.md"]
    review = Path("order-form-v2.review.md").read_text("utf-8")
    assert "by **Ann Reed**, 4 March 2026 10:20" in review
    assert "Ann Reed" not in Path("docs/order-form-v2.md").read_text("utf-8")


def test_the_review_file_is_never_written_into_the_docs(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("docs").mkdir()
    Path("mkdocs.yml").write_text("site_name: x\nplugins: [engross]\n")
    Path("docs/documents.yml").write_text("documents: []\n")
    monkeypatch.chdir(tmp_path / "docs")
    result = run("../Order Form (v2).docx", "--into", ".", "--track")
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "docs") == ["documents.yml", "order-form-v2.md"]
    assert (tmp_path / "order-form-v2.review.md").exists()


def test_the_entry_of_a_new_document_is_ready_to_paste(run, tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", "."]).exit_code == 0
    settings = Path("docs/documents.yml")
    result = run("agreement.docx", "--into", "docs/msa.md")
    entry = result.output.partition("and a line to nav in mkdocs.yml:\n")[2]
    assert entry.startswith('  - id: msa\n    title: "Master Services Agreement"\n    kind: policy')
    settings.write_text(settings.read_text("utf-8") + "\n" + entry, "utf-8")
    assert "To publish it" not in run("agreement.docx", "--into", "docs/msa.md", "--force").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["agreement.docx"], "with --into"),
        ([], "Missing argument 'SOURCE...'"),
        (["agreement.docx", "Order Form (v2).docx", "--into", "one.md"], "name a folder for 2 sources"),
        (["agreement.docx", "--into", "terms.html"], "is neither a Markdown file (.md) nor a folder"),
        (["agreement.docx", "agreement.docm", "--into", "docs"], "would both become docs/agreement.md"),
    ],
)
def test_wrong_usage(run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_the_title_of_a_source_without_one(run) -> None:
    long = "This agreement is made between the provider and the customer on the day of the order."
    Path("plain-terms.docx").write_bytes(word_file(p(long)))
    assert run("plain-terms.docx", "--into", "a").exit_code == 0
    assert Path("a/plain-terms.md").read_text("utf-8").startswith("# Plain terms\n")
    assert run("plain-terms.docx", "--into", "b", "--title", "The Terms").exit_code == 0
    assert Path("b/plain-terms.md").read_text("utf-8").startswith("# The Terms\n")


def test_a_missing_extra_is_named(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("engross.importing.word.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lxml", None)
    result = run("agreement.docx", "--into", "docs")
    assert result.exit_code == 1
    assert 'pip install "engross[word]"' in result.output
    assert not (tmp_path / "docs").exists()
