"""Pages printed to PDF and read again: cover, numbers, contents, addresses, and nothing of the site around it."""

import io
import re
import sys
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from pypdf import PdfReader

sys.path.append(str(Path(__file__).parent.parent / "site"))
from building import DAY, SITE, build, write_site
from posting import write_history

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posted")
    write_history(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        assert build(folder).status == 0
    return folder / "site"


@pytest.fixture
def printed(posted: Path, serve: Callable, visit: Callable) -> Callable[..., list[str]]:
    """The printed sheets of a page of the site, or of a file opened from disk, as text."""
    base = serve(posted)

    def sheets(address: str, *, paper: str = "A4", scheme: str = "light", from_disk: bool = False) -> list[str]:
        url = (posted / address).as_uri() if from_disk else base + address
        visited = visit(url, color_scheme=scheme)
        data = visited.page.pdf(prefer_css_page_size=True, format=paper)
        assert (visited.errors, visited.outside) == ([], [])
        return read(data)

    return sheets


def read(pdf: bytes) -> list[str]:
    """The text of each sheet; fonts set some letters as one."""
    texts = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return [" ".join(unicodedata.normalize("NFKC", text).split()) for text in texts]


def numbered(sheets: list[str]) -> bool:
    return all(f"Page {number} of {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_document_begins_with_its_cover_and_ends_with_its_addresses(printed: Callable, paper: str) -> None:
    sheets = printed("agreement/", paper=paper, scheme="dark")
    cover, *text = sheets
    assert len(sheets) in (2, 3)
    assert numbered(sheets)
    for message in (
        "The Agreement",
        "Main",
        "Announced: version 5, posted 12 September 2026, 09:00 UTC, takes effect on 1 January 2027:",
        "In force since 5 April 2026, 09:00 UTC",
        "https://example.com/agreement/versions/4/",
        "Contents",
        "Restrictions",
        # Folded on a screen.
        "Incorporates Rules of Use",
    ):
        assert message in cover, message
    proof = re.search(r"Short hash ([0-9a-f]{12})", cover)
    assert proof
    for sheet in text:
        assert sheet.startswith("The Agreement, version 4")
        assert f"SHA-256 {proof[1]}" in sheet
    # Between characters of two fonts, the text that is read back may have a blank.
    assert re.search("↗ ?1", sheets[1])
    assert re.search(r"Link addresses .* 1\. rules: https://example\.com/terms/rules/#conduct", sheets[-1])
    whole = " ".join(sheets)
    for furniture in ("Search", "Used once", "Changed in version", "Atom", "Links to definitions", "More about", "¶"):
        assert furniture not in whole, furniture


@pytest.mark.parametrize(
    ("version", "standing"),
    [
        (
            1,
            "From 31 March 2025, 09:00 UTC, this version is no longer in force. "
            "Version 2, posted 31 March 2025, 09:00 UTC, supersedes it.",
        ),
        (
            3,
            "This version was withdrawn on 27 September 2025, 09:00 UTC, before it took effect. It was never in force.",
        ),
        (5, "This version takes effect on 1 January 2027. It is not in force before that date."),
    ],
    ids=["superseded", "withdrawn", "announced"],
)
@pytest.mark.parametrize("kept", [False, True])
def test_a_version_says_whether_it_is_in_force(
    posted: Path, printed: Callable, version: int, standing: str, *, kept: bool
) -> None:
    name = f"agreement/versions/{version}"
    sheets = printed(f"{name}.html", from_disk=True) if kept else printed(f"{name}/")
    source = sha256((posted / f"{name}.md").read_bytes()).hexdigest()
    assert standing in sheets[0]
    assert source in sheets[0]
    assert f"https://example.com/{name}/" in sheets[0]
    assert numbered(sheets)
    assert f"How to verify this text 1. Download the source file from https://example.com/{name}.md" in sheets[-1]
    assert all(sheet.startswith(f"The Agreement, version {version}") for sheet in sheets[1:])
    whole = " ".join(sheets)
    for furniture in ("Skip to the text", "Downloads", "Self-contained HTML copy", "Breadcrumbs"):
        assert furniture not in whole, furniture


def test_a_redline_names_both_versions_and_folds_nothing(printed: Callable) -> None:
    sheets = printed("agreement/versions/2/from-1/")
    assert numbered(sheets)
    assert "https://example.com/agreement/versions/1/" in sheets[0]
    assert "https://example.com/agreement/versions/2/from-1/" in sheets[0]
    assert "Either party may end it." in " ".join(sheets)
    assert "Show only what changed" not in " ".join(sheets)


def test_posted_changes_are_printed_with_the_years_that_are_folded(printed: Callable) -> None:
    sheets = printed("changes/")
    whole = " ".join(sheets)
    assert numbered(sheets)
    assert "From next year." in whole
    assert "Everything is posted for the first time." in whole
    assert "Show only" not in whole


ADDRESS = "https://www.example.com/legal/subprocessors/list/one/two/three-"


@pytest.mark.parametrize("width", [720, 600], ids=["Letter", "A5"])
def test_wide_tables_are_whole_on_paper(tmp_path: Path, serve: Callable, visit: Callable, width: int) -> None:
    addresses = [f"{ADDRESS}{letter}" for letter in "abcd"]
    words = [f"Responsibility{number}" for number in range(12)]
    tables = [f"| {' | '.join(row)} |\n|{' - |' * len(row)}\n| {' | '.join(row)} |\n" for row in (addresses, words)]
    write_site(tmp_path, {"docs/terms/rules.md": "# Rules of Use\n\n## Conduct\n\n" + "\n".join(tables)})
    built = build(tmp_path)
    assert built.status == 0
    page = visit(serve(built.site) + "terms/rules/", viewport={"width": width, "height": 900}).page
    page.emulate_media(media="print")
    cells = page.locator(".eg-text :is(th, td)").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().right, one.scrollWidth - one.clientWidth])"
    )
    assert len(cells) == 32
    assert max(right for right, _ in cells) <= width
    assert max(hidden for _, hidden in cells) <= 0


def test_a_list_of_models_is_printed_whole_whatever_the_filters_hide(
    posted: Path, serve: Callable, visit: Callable
) -> None:
    page = visit(serve(posted) + "models/").page
    page.locator("select[name=provider]").select_option(label="Other")
    assert not page.locator("#small-1").is_visible()
    pdf = page.pdf(format="A4")
    text = " ".join(read(pdf))
    assert "Model list, version 2" in text
    assert "Small One" in text
    assert "Large 1" in text
    width = float(PdfReader(io.BytesIO(pdf)).pages[0].mediabox.width)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int(width * 4 / 3) - 150, "height": 900})
    box = page.locator(".eg-table").bounding_box()
    assert box
    assert box["x"] + box["width"] <= width * 4 / 3


def test_a_draft_says_so_on_every_sheet(tmp_path: Path, serve: Callable, visit: Callable) -> None:
    write_site(tmp_path, SITE)
    assert build(tmp_path).status == 0
    page = visit(serve(tmp_path / "site") + "agreement/").page
    sheets = read(page.pdf())
    assert "Draft. No version of this document has been posted. It is not in force." in sheets[0]
    assert "Short hash" not in sheets[0]
    assert all(sheet.startswith("The Agreement, draft") for sheet in sheets[1:])


def test_a_definition_is_never_parted(posted: Path, serve: Callable, visit: Callable) -> None:
    page = visit(serve(posted) + "agreement/").page
    page.emulate_media(media="print")
    inside = "items => items.map(item => getComputedStyle(item).breakInside)"
    definitions = page.locator(".eg-text li").filter(has_text="means facts")
    assert definitions.evaluate_all(inside) == ["avoid"]
    after = "found => [...new Set(found.map(one => getComputedStyle(one).breakAfter))]"
    assert page.locator(".eg-text :is(h1, h2, h3)").evaluate_all(after) == ["avoid"]
