"""A site with most features of Material: the fixes of Engross work with all of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from building import MKDOCS, build, write_site
from playwright.sync_api import Page

pytestmark = pytest.mark.long

THEME = """
  name: material
  font: false
  custom_dir: ours
  features: [navigation.tabs, navigation.path, navigation.indexes, navigation.instant, navigation.instant.progress,
    navigation.sections, navigation.footer, navigation.top, announce.dismiss, content.code.copy, content.action.edit,
    content.action.view, content.tooltips, content.tabs.link, search.share, search.suggest, search.highlight,
    toc.integrate]
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default, toggle: {icon: material/weather-night, name: Dark}}
    - {media: "(prefers-color-scheme: dark)", scheme: slate, toggle: {icon: material/weather-sunny, name: Light}}
repo_url: https://github.com/someone/something
edit_uri: edit/main/docs/
copyright: Ours
extra:
  social: [{icon: fontawesome/brands/github, link: "https://github.com/someone", name: Us}]
markdown_extensions: [admonition, attr_list, footnotes, pymdownx.details, pymdownx.superfences,
  {pymdownx.tabbed: {alternate_style: true}}]
"""

CHANGES = """\
# Changes

See [the contract](agreement.md) and more[^1].

!!! note
    With a [link](index.md).

??? tip "More"
    Hidden.

=== "One"

    ```python
    @wraps(made)  # a line of code that is surely wider than a phone is, however small the letters on it may be made
    class Made(Exception):
        'Said.'
        def of(self, other: int = 0x10) -> str:
            return f"{other!r}\\n" + str(len(None or other[1:2.5])) if not True else lambda: __name__
    ```

=== "Two"

    Two.

| A | B | C | D | E | F |
|---|:-:|--:|---|---|---|
| a long cell | another long cell | and one more | still more | even more | the last |

[^1]: A note.
"""


PAGES = ("", "changes/", "agreement/", "models/", "404.html")


@pytest.fixture(scope="module")
def theme_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theme")
    write_site(
        folder,
        {
            "mkdocs.yml": MKDOCS.replace(" {name: material, font: false}\n", THEME),
            "ours/main.html": '{% extends "base.html" %}{% block announce %}<a href="/">News</a>{% endblock %}',
            "docs/changes.md": CHANGES,
            "docs/index.md": "# Home\n\n<!-- engross: documents -->\n",
        },
    )
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    return built.site


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (390, "dark"),
        (1280, "light"),
        pytest.param(390, "light", marks=pytest.mark.full),
        pytest.param(1280, "dark", marks=pytest.mark.full),
    ],
)
def test_what_material_offers_passes_too(
    theme_site: Path, serve: Callable, visit: Callable, axe: Callable, whole: bool, width: int, scheme: str
) -> None:
    base = serve(theme_site)
    visited = visit(base, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page: Page = visited.page
    # A sample looks at each page in one of the views.
    for address in PAGES if whole else PAGES[scheme == "dark" :: 2]:
        page.goto(base + address, wait_until="networkidle")
        # The theme comes when the page has loaded, and makes its boxes by the next turn.
        page.locator("html.js").wait_for(state="attached")
        page.wait_for_timeout(200)
        assert axe(page) == [], address
    assert visited.errors == []
    assert visited.outside == []


def test_filters_keep_their_state_after_instant_navigation(theme_site: Path, serve: Callable, visit: Callable) -> None:
    base = serve(theme_site)
    visited = visit(base, viewport={"width": 1280, "height": 900})
    page: Page = visited.page
    # The theme swaps what the sitemap lists, and takes the port from there.
    sitemap = (theme_site / "sitemap.xml").read_text("utf-8").replace("https://example.com/", base)
    page.route("**/sitemap.xml", lambda route: route.fulfill(body=sitemap, content_type="text/xml"))
    page.goto(base + "changes/", wait_until="networkidle")
    page.evaluate("window.sameDocument = true")
    page.locator(".md-tabs").get_by_role("link", name="List").click()
    page.locator(".eg-filters[data-kept]").wait_for()
    page.locator("select[name=modality]").select_option(label="image")
    assert page.url.endswith("/models/?modality=image")
    assert page.locator(".eg-table tbody tr:visible").count() == 1
    assert page.evaluate("window.sameDocument") is True
    assert visited.errors == []
