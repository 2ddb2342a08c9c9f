"""`engross export` and redlines as files: what is written, and every mistake of a person who asks for it."""

from importlib.metadata import PackageNotFoundError
from io import BytesIO
from pathlib import Path

import pytest
from cli_play import Play, engross
from pypdf import PdfReader

from engross.cli.export import export_site
from engross.cli.site import settings_of
from engross.corpus import find_folders
from engross.exporting import formats

TOUR = Path(__file__).parents[2] / "examples/tour"


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def refused(*args: str) -> str:
    result = engross(*args)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    return " ".join(result.stderr.split())


def test_a_version_is_written_in_the_format_of_the_ending(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1)
    result = engross("export", "agreement@1", "--to", "out/first.md")
    assert (result.exit_code, result.stdout) == (0, "wrote out/first.md: The Agreement, version 1\n")
    assert Path("out/first.md").read_text("utf-8").endswith("Each Fee is due at once, and a Fee is final.\n")
    assert engross("export", "agreement@2", "--to", "second.PDF").exit_code == 0
    shown = text_of(Path("second.PDF"))
    version = play.record.versions["agreement"][1]
    for words in ("The Agreement, version 2", "due at soon", version.sealed.text, version.sealed.source):
        assert words in shown.replace("\n", " ")
    assert PdfReader("second.PDF").attachments == {"agreement-2.md": [Path("docs/agreement.md").read_bytes()]}


def test_a_document_is_its_last_version_with_that_text_or_a_draft(play: Play) -> None:
    play.posted()
    assert engross("export", "agreement", "--to", "a.pdf").stdout == "wrote a.pdf: The Agreement, version 1\n"
    play.change("once", "soon")
    assert engross("export", "agreement", "--to", "a.pdf").stdout == "wrote a.pdf: The Agreement, draft\n"
    assert "It is not in force" in text_of(Path("a.pdf"))


def test_a_set_is_one_file_in_order_of_precedence(play: Play) -> None:
    play.change("incorporates: [data, models]", "incorporates: [data, models], precedence: [data]", DOCUMENTS)
    play.posted()
    assert engross("export", "main", "--to", "main.pdf").stdout == "wrote main.pdf: Main\n"
    reader = PdfReader("main.pdf")
    titles = [one.title for one in reader.outline if not isinstance(one, list)]
    assert [title for title in titles if title in ("Data Terms", "The Agreement", "Model List")] == [
        "Data Terms", "The Agreement", "Model List",
    ]  # fmt: skip
    assert sorted(reader.attachments) == ["agreement-1.md", "data-1.md", "models-1.yml"]
    assert "export a whole set as .pdf" in refused("export", "main", "--to", "main.md")
    assert not Path("main.md").exists()


DOCUMENTS = "docs/documents.yml"


def test_a_set_before_anything_is_posted(play: Play) -> None:
    assert "nothing of the set main is in force" in refused("export", "main", "--to", "main.pdf")


def test_a_set_with_the_id_of_a_document(play: Play) -> None:
    play.change("{id: main,", "{id: agreement,", DOCUMENTS)
    play.posted()
    assert engross("export", "agreement", "--to", "a.pdf").stdout == "wrote a.pdf: The Agreement, version 1\n"
    assert engross("export", "agreement", "--set", "--to", "a.pdf").stdout == "wrote a.pdf: Main\n"
    assert 'did you mean "agreement"?' in refused("export", "agrement", "--set", "--to", "a.pdf")


def test_redacted_words_are_in_no_file(play: Play) -> None:
    play.posted()
    redacted = engross("redact", "agreement@1", "agreement", "--clause", "use.b", "--reason", "order of a court")
    assert redacted.exit_code == 0, redacted.stderr
    assert engross("export", "agreement@1", "--to", "a.pdf").exit_code == 0
    data = Path("a.pdf").read_bytes()
    attached = b"".join(one for files in PdfReader(BytesIO(data)).attachments.values() for one in files)
    assert b"sell the Data" not in attached
    shown = text_of(Path("a.pdf"))
    assert "sell the Data" not in shown
    assert "Words were redacted here" in shown
    assert "order of a court" in shown


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("agreement@9", "--to", "a.pdf"), "there is no agreement@9; its only version is agreement@1"),
        (("agrement", "--to", "a.pdf"), 'there is no document agrement; did you mean "agreement"?'),
        (("agreement@x", "--to", "a.pdf"), "agreement@x"),
        (("pricing", "--to", "a.pdf"), "pricing is published elsewhere, so there is no text to export"),
        (
            ("agreement", "--to", "a.odt"),
            "the ending '.odt' is that of no format; end the name",
        ),
        (("agreement", "--to", "a"), "the name of the file has no ending, which chooses the format"),
        (("models", "--to", "a.md"), "the source of a list or register is YAML; end the name with .yml"),
        (("agreement", "--to", "-"), "name a file, whose ending chooses the format"),
        (("agreement", "--to", "mkdocs.yml/a.pdf"), "mkdocs.yml"),
    ],
)
def test_mistakes(play: Play, args: tuple[str, ...], message: str) -> None:
    play.posted()
    before = sorted(Path().rglob("*"))
    assert message in refused("export", *args)
    assert sorted(Path().rglob("*")) == before


def test_a_missing_extra_is_named(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(formats, "version", missing)
    wanted = 'need the package typst, which is not installed; run pip install "engross[pdf]"'
    assert wanted in refused("export", "agreement", "--to", "a.pdf")
    assert wanted in refused("diff", "mkdocs.yml", "docs/agreement.md", "--format", "pdf", "--to", "a.pdf")


def test_a_character_without_a_font_is_named_with_its_clause(play: Play) -> None:
    play.change("a price", "a price in 円")
    message = refused("export", "agreement", "--to", "a.pdf")
    assert message.startswith("docs/agreement.md:6:30: Definitions “Fee”: the character 円 (U+5186) is in no font")
    assert not Path("a.pdf").exists()


def test_a_missing_picture_is_named(play: Play) -> None:
    play.change("a price", "a price ![a flow](flow.png)")
    assert "there is no file flow.png in the docs folder; put it there" in refused(
        "export", "agreement", "--to", "a.pdf"
    )


def test_a_broken_picture_is_named(play: Play) -> None:
    play.change("a price", "a price ![a flow](flow.png)")
    (play.root / "docs/flow.png").write_bytes(b"no picture")
    assert "the picture flow.png" in refused("export", "agreement", "--to", "a.pdf")


def test_a_redline_of_versions_names_both(play: Play) -> None:
    play.posted().changed("once", "soon", "second", 1)
    result = engross("diff", "agreement@1", "agreement@2", "--format", "pdf", "--to", "r.pdf")
    assert (result.exit_code, result.stdout) == (1, "")
    shown = text_of(Path("r.pdf"))
    for version in play.record.versions["agreement"]:
        assert version.sealed.text in shown
    assert "once soon" in shown
    assert "version 1" in shown
    assert "record/agreement" not in shown
    assert PdfReader("r.pdf").metadata.creation_date == play.record.versions["agreement"][1].posted  # type: ignore[union-attr]


def test_exported_files_lead_to_the_pages_that_the_site_has(tour_site: Path) -> None:
    """So a file from the command line has the bytes of the file on the site."""
    folders = find_folders(TOUR)
    site = export_site(folders, settings_of(folders)).site
    addresses = {*site.current.values(), *site.pages.values()}
    assert len(addresses) > 15
    assert [one for one in addresses if not (tour_site / one / "index.html").is_file()] == []
