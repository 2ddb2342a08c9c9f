"""The functions behind the plugin's hooks, called without a build."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from jinja2 import TemplateSyntaxError
from mkdocs.exceptions import PluginError

from engross.common import EngrossError, error
from engross.corpus import ui_strings
from engross.fidelity import check_site_page
from engross.model import Document, DocumentEntry, DocumentKind
from engross.site.build import build_errors
from engross.site.html_postprocess import fix_material
from engross.site.pages import DocumentPage
from engross.site.plugin import EngrossPlugin
from engross.site.post_build import check_pages
from engross.text import decode, parse

WORDS = ui_strings("en")
TEXT = "# Rules\n\nBe kind.\n"
HTML = """<html><body><div data-engross-text><h1 id="rules">Rules</h1><p id="p1">Be kind.</p></div></body></html>"""


def page(folder: Path, name: str, html: str | None) -> DocumentPage:
    """What `check_pages` needs of a page: its document and its file."""
    source = decode(TEXT.encode(), f"docs/{name}.md")
    document = Document(DocumentEntry(name, "Rules", DocumentKind.POLICY, f"{name}.md"), source, parse(source))
    path = folder / f"{name}.html"
    if html is not None:
        path.write_text(html, "utf-8")
    return cast(
        "DocumentPage", SimpleNamespace(document=document, parts=[], file=SimpleNamespace(abs_dest_path=str(path)))
    )


def test_a_page_that_says_what_its_source_says_stays(tmp_path: Path) -> None:
    right = page(tmp_path, "right", HTML)
    assert check_site_page(right.document, HTML, WORDS) is None
    check_pages([right], WORDS)
    assert (tmp_path / "right.html").read_text("utf-8") == HTML


def test_every_page_that_differs_or_is_missing_is_named_and_deleted(tmp_path: Path) -> None:
    pages = [
        page(tmp_path, "right", HTML),
        page(tmp_path, "wrong", HTML.replace("kind", "rude")),
        page(tmp_path, "missing", None),
    ]
    with pytest.raises(PluginError) as failure:
        check_pages(pages, WORDS)
    assert [line.partition(":")[0] for line in str(failure.value).splitlines()] == ["docs/wrong.md", "docs/missing.md"]
    assert [path.name for path in tmp_path.iterdir()] == ["right.html"]


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (
            EngrossError([error("r", "a.yml", 1, 2, "One"), error("r", "b.yml", 3, 4, "Two")]),
            "a.yml:1:2: One\nb.yml:3:4: Two",
        ),
        (TemplateSyntaxError("unexpected '}'", 7, filename="head.html"), "head.html:7"),
    ],
)
def test_mistakes_of_people_end_a_build_with_their_places(problem: Exception, message: str) -> None:
    with pytest.raises(PluginError) as failure, build_errors():
        raise problem
    assert message in str(failure.value)


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), build_errors():
        raise ZeroDivisionError


def test_pages_of_other_themes_are_not_changed() -> None:
    html = '<div class="md-search" data-md-component="search" role="dialog">'
    assert fix_material(html, WORDS, "assets/search.js") == html
    made = fix_material(f'<header class="md-header">{html}', WORDS, "assets/search.js")
    assert made == f'<header class="md-header">{html[:-1]} aria-label="{WORDS["search"]}">'


def test_an_error_before_the_build_has_a_state_discards_nothing() -> None:
    plugin: Any = EngrossPlugin()
    plugin.on_build_error(error=ValueError())
