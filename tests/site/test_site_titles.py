"""Titles of pages and of the site are text: HTML in a title is shown as written, and never runs."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from building import DOCUMENTS, MKDOCS, MODELS, build, write_site

EVIL = '<img src=x onerror=alert({})>"</title><script>alert({})</script>'
NAV = f"""\
nav:
  - '{EVIL.format(1, 1)}': index.md
  - '{EVIL.format(2, 2)}': agreement.md
  - '{EVIL.format(3, 3)}':
    - '{EVIL.format(4, 4)}': terms/rules.md
    - '{EVIL.format(5, 5)}': https://example.com/?"><script>alert(6)</script>
    - '{EVIL.format(7, 7)}': models.md
  - changes.md
  - plain.md
"""


def evil_site(theme: str) -> dict[str, str]:
    plugins = "plugins: [search, {engross: {check: false}}]"
    head = MKDOCS[: MKDOCS.index("nav:")].replace("site_name: Test", f"site_name: '{EVIL.format(8, 8)}'")
    documents = DOCUMENTS.replace("title: Rules of Use", f"title: '{EVIL.format(9, 9)}'")
    documents = documents.replace("title: Main", f"title: '{EVIL.format(10, 10)}'")
    front = f"---\ntitle: '{EVIL.format(11, 11)}'\nsubtitle: '{EVIL.format(12, 12)}'\n---\n\nText.\n"
    assert plugins in head
    return {
        "mkdocs.yml": head.replace("{name: material, font: false}", theme) + NAV,
        "docs/documents.yml": documents,
        "docs/changes.md": front,
        "docs/plain.md": "# A &lt;/title&gt;&lt;script&gt;alert(13)&lt;/script&gt;\n\nText.\n",
        "docs/models.yml": MODELS.replace("name: Small 1", f"name: '{EVIL.format(14, 14)}'"),
        "docs/index.md": "# Home\n\n<!-- engross: documents -->\n\n[documents]\n",
    }


THEMES = (
    "{name: material, font: false, features: [navigation.tabs, navigation.path, navigation.footer]}",
    "{name: mkdocs}",
    "{name: readthedocs}",
)


@pytest.mark.parametrize("theme", THEMES, ids=("material", "mkdocs", "readthedocs"))
def test_no_title_is_markup_wherever_a_theme_prints_it(tmp_path: Path, theme: str) -> None:
    write_site(tmp_path, evil_site(theme))
    made = build(tmp_path)
    assert made.status == 0, made.messages
    pages = [name for name in made.files() if name.endswith(".html")]
    assert {"index.html", "agreement/index.html", "changes/index.html", "plain/index.html"} <= set(pages)
    for name in pages:
        html = made.page(name)
        assert not re.search(r"<script>alert|<img src=x|\?\"><script", html), name
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        assert title, name
        assert "<" not in title[1], name
    agreement = made.page("agreement/index.html")
    assert "&lt;img src=x onerror=alert(4)&gt;" in agreement


def test_a_title_with_an_ampersand_is_escaped_once(tmp_path: Path) -> None:
    nav = MKDOCS.replace("The contract: agreement.md", "'Terms & <Conditions>': agreement.md")
    nav = nav.replace("Changes: changes.md", "changes.md")
    write_site(tmp_path, {"mkdocs.yml": nav, "docs/changes.md": "# A & B\n"})
    made = build(tmp_path)
    assert made.status == 0, made.messages
    html = made.page("agreement/index.html") + made.page("changes/index.html")
    assert "Terms &amp; &lt;Conditions&gt;" in html
    assert "A &amp; B" in html
    assert "&amp;amp;" not in html
    assert "&amp;lt;" not in html


@pytest.mark.parametrize(("theme", "shown"), [(THEMES[0], "&lt;img"), (THEMES[1], "<img")], ids=("material", "mkdocs"))
def test_search_entries_hold_titles_as_their_search_shows_them(tmp_path: Path, theme: str, shown: str) -> None:
    """Material's search takes titles for HTML; MkDocs' own escapes them."""
    write_site(tmp_path, evil_site(theme))
    made = build(tmp_path)
    entries = json.loads(made.page("search/search_index.json"))["docs"]
    titles = [entry["title"] for entry in entries if entry["location"] == "changes/"]
    assert [title.startswith(shown) for title in titles] == [True]


PAGES = ("", "agreement/", "changes/", "plain/", "terms/rules/", "models/", "404.html")


@pytest.mark.long
@pytest.mark.slow
def test_no_title_runs_in_a_browser(tmp_path: Path, serve: Callable, visit: Callable) -> None:
    """Without a policy, which would keep scripts from running anyhow."""
    site = evil_site(THEMES[0])
    write_site(tmp_path, {**site, "mkdocs.yml": site["mkdocs.yml"].replace("check: false", "check: false, csp: false")})
    made = build(tmp_path)
    assert made.status == 0, made.messages
    base = serve(made.site)
    ran: list[str] = []
    page = visit(base, alone=True).page
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    for address in PAGES:
        page.goto(base + address, wait_until="load")
        page.wait_for_timeout(200)
        assert page.locator('img[src="x"]').count() == 0, address
    page.goto(base)
    page.locator("input.md-search__input").click()
    page.locator("input.md-search__input").press_sequentially("src=x")
    page.locator(".md-search-result__item").first.wait_for(state="visible")
    assert page.locator('img[src="x"]').count() == 0
    assert ran == []
