"""The formats that a site offers: their files, the links to them, and that each is made once."""

import shutil
from importlib.metadata import PackageNotFoundError
from io import BytesIO
from pathlib import Path

import pytest
from building import DAY, RULES, Built, build, write_site
from posting import POSTED_SITE, note, post
from pypdf import PdfReader

from engross.corpus import shipped_templates
from engross.exporting import FORMATS, REDLINE_FORMATS, formats, pdf
from engross.record import open_record
from engross.site.options import EngrossConfig

pytestmark = pytest.mark.slow


LAW = "[{ground: law, cites: Act 12}]"
KINDER = RULES.replace("Be kind.", "Be kinder.")


def with_formats(listed: str) -> dict[str, str | bytes]:
    config = str(POSTED_SITE["mkdocs.yml"]).replace("{check: false}", f"{{check: false, formats: {listed}}}")
    return {**POSTED_SITE, "mkdocs.yml": config}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that offers PDF and no self-contained copies, built."""
    folder = tmp_path_factory.mktemp("formats")
    write_site(folder, with_formats("[md, pdf]"))
    post(folder, 0, "first", note("agreement, rules, models", "All is new."))
    post(folder, 30, "second", note("rules", "Kinder.", material="false", grounds=LAW), terms__rules_DOT_md=KINDER)
    assert built(folder).messages == []
    return folder


def built(folder: Path) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        return build(folder)


def test_every_version_has_a_file_of_each_format(folder: Path) -> None:
    record = open_record(folder / "record")
    for document, (version, *_) in record.versions.items():
        data = (folder / "site" / f"{document}/versions/1.pdf").read_bytes()
        (attached,) = PdfReader(BytesIO(data)).attachments.values()
        suffix = Path(version.entry.file).suffix
        assert attached == [(folder / "site" / f"{document}/versions/1{suffix}").read_bytes()]
        assert not (folder / "site" / f"{document}/versions/1.html").exists()


def test_pages_link_to_the_formats_that_are_offered(folder: Path) -> None:
    def page(name: str) -> str:
        return (folder / "site" / name).read_text("utf-8")

    assert '<a href="versions/1.pdf" download>version 1 as PDF</a>' in page("agreement/index.html")
    assert '<a href="../../../agreement/versions/1.pdf" download>PDF</a>' in page("agreement/versions/1/index.html")
    assert 'download aria-label="Version 1 as PDF">PDF</a>' in page("agreement/versions/index.html")
    for name in ("agreement/index.html", "agreement/versions/1/index.html", "agreement/versions/index.html"):
        assert "versions/1.html" not in page(name)


def test_the_set_in_force_is_one_file_that_every_page_of_it_links_to(folder: Path) -> None:
    data = (folder / "site/agreement/versions/set-main.pdf").read_bytes()
    assert sorted(PdfReader(BytesIO(data)).attachments) == ["agreement-1.md", "models-1.yml", "rules-2.md"]
    for name, start in (("agreement", ""), ("terms/rules", "../../agreement/")):
        page = (folder / "site" / name / "index.html").read_text("utf-8")
        assert f'<a href="{start}versions/set-main.pdf" download>Main with all documents as PDF</a>' in page


def test_every_redline_has_a_file_that_its_page_links_to(folder: Path) -> None:
    page = (folder / "site/rules/versions/2/from-1/index.html").read_text("utf-8")
    assert '<a href="../../../../rules/versions/2/from-1.pdf" download>PDF</a>' in page
    reader = PdfReader(folder / "site/rules/versions/2/from-1.pdf")
    assert reader.metadata is not None
    assert reader.metadata.title == "Rules of Use, version 1 → Rules of Use, version 2"
    assert reader.metadata.author == "General Counsel"
    assert "Be kind kinder." in " ".join(reader.pages[-1].extract_text().split())


def test_references_lead_to_the_versions_that_were_in_force(folder: Path) -> None:
    reader = PdfReader(folder / "site/agreement/versions/1.pdf")
    annotations = [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]
    addresses = {one["/A"]["/URI"] for one in annotations if "/A" in one and "/URI" in one["/A"]}
    assert "https://example.com/rules/versions/1/#conduct" in addresses
    # The cover and the steps to verify the text.
    assert {"https://example.com/agreement/versions/1/", "https://example.com/agreement/versions/1.md"} <= addresses


def test_a_file_is_made_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = folder / "site/agreement/versions/1.pdf"
    before = name.read_bytes()

    def made_again(*_: object) -> bytes:
        raise AssertionError("the file is cached")

    monkeypatch.setattr(pdf, "pdf_bytes", made_again)
    assert built(folder).messages == []
    assert name.read_bytes() == before


def test_a_missing_extra_stops_the_build_before_anything_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(formats, "version", missing)
    before = (folder / "site/agreement/index.html").stat().st_mtime_ns
    result = built(folder)
    assert result.status == 1
    assert 'run pip install "engross[pdf]"' in "\n".join(result.messages)
    assert (folder / "site/agreement/index.html").stat().st_mtime_ns == before


def test_an_unknown_format_is_refused() -> None:
    config = EngrossConfig()
    config.load_dict({"formats": ["pdf", "odt"]})
    (((key, refused),), _) = config.validate()
    assert key == "formats"
    assert "'odt'" in str(refused)
    assert "'pdf'" in str(refused)


def test_the_files_of_a_format_are_kept_by_its_code_and_its_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(shipped_templates() / "pdf", tmp_path / "pdf")
    monkeypatch.setattr("engross.exporting.formats.shipped_templates", lambda: tmp_path)
    names = ("pdf", "docx", "akn")
    before = {name: FORMATS[name].identity for name in names}
    (tmp_path / "pdf" / "parts.typ").write_text("other", "utf-8")
    assert [name for name in names if FORMATS[name].identity != before[name]] == ["pdf"]
    redlines = {name: one.identity for name, one in REDLINE_FORMATS.items()}
    assert redlines["docx"] != before["docx"]  # made by another module
    monkeypatch.setattr(
        "engross.exporting.formats.key_of", lambda makers, *parts: "other" * any("clean_copy" in one for one in makers)
    )
    assert "other" in FORMATS["docx"].identity
