"""A built site around its texts: heads and files for programs, cards, a policy, the page for wrong addresses."""

import re
from html import unescape
from pathlib import Path

import pytest
from building import MKDOCS, Built, build, write_site
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from posting import write_history

from engross.common.csp import page_sources

pytestmark = pytest.mark.slow

CARDS = "# Home\n\n<!-- engross: documents -->\n\nSee Data.\n"


def built(folder: Path, **changed: str | bytes | None) -> Built:
    """The test site, with cards on its home page, built; `mkdocs` replaces mkdocs.yml, the rest names docs files."""
    files = {f"docs/{name.replace('__', '/').replace('_md', '.md')}": content for name, content in changed.items()}
    files["mkdocs.yml"] = files.pop("docs/mkdocs", MKDOCS)
    write_site(folder, {"docs/index.md": CARDS, **files})
    made = build(folder)
    assert (made.status, made.messages) == (0, [])
    return made


def posted_site(folder: Path) -> Built:
    """A site with a history."""
    write_history(folder)
    made = build(folder)
    assert made.status == 0
    return made


def card_links(html: str) -> list[str]:
    return re.findall(r'<p class="eg-card-title"><a href="([^"]*)">', html)


def test_a_home_page_shows_the_documents_where_it_asks_for_them(tmp_path: Path) -> None:
    home = built(tmp_path).page("index.html")
    assert card_links(home) == ["agreement/", "terms/rules/", "models/"]
    assert "How to behave." in home
    order = home[home.index("Order of precedence (the first listed prevails):") :]
    assert re.findall(r'<li><a href="([^"]*)">', order[: order.index("</ol>")]) == ["terms/rules/", "agreement/"]
    assert "engross: documents" not in home
    # Cards are found by the documents' own entries.
    assert "How to behave." not in (tmp_path / "site/search/search_index.json").read_text("utf-8")


def test_cards_lead_on_from_any_page_whatever_its_address(tmp_path: Path) -> None:
    flat = MKDOCS + "use_directory_urls: false\n"
    made = built(tmp_path, mkdocs=flat, changes_md="# Changes\n\n<!-- engross: documents -->\n")
    assert card_links(made.page("changes.html")) == ["agreement.html", "terms/rules.html", "models.html"]
    made = built(tmp_path, changes_md="# Changes\n\n<!-- engross: documents -->\n")
    assert card_links(made.page("changes/index.html")) == ["../agreement/", "../terms/rules/", "../models/"]


def test_heads_say_where_a_page_is_and_in_which_other_forms(tmp_path: Path) -> None:
    made = built(tmp_path)
    rules, models, home = (made.page(name) for name in ("terms/rules/index.html", "models/index.html", "index.html"))
    assert rules.count('rel="canonical"') == 1
    assert '<link rel="canonical" href="https://example.com/terms/rules/">' in rules
    assert '<link rel="alternate via" type="text/markdown" href="rules.md" title="source text (Markdown)">' in rules
    assert '<link rel="alternate via" type="application/json" href="models.json"' in models
    assert re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', rules) == [
        ("type", "article"),
        ("site_name", "Test"),
        ("title", "Rules of Use"),
        ("description", "How to behave."),
        ("url", "https://example.com/terms/rules/"),
    ]
    assert '<meta property="og:type" content="website">' in home
    assert '<meta property="og:title" content="Test">' in home
    others = re.findall(r'<link rel="alternate via" type="([^"]+)"', home)
    assert set(others) == {"application/atom+xml", "application/feed+json"}


def test_files_for_programs_are_made_and_lead_to_what_there_is(tmp_path: Path) -> None:
    made = built(tmp_path)
    assert "Sitemap: https://example.com/sitemap.xml\n" in made.page("robots.txt")
    llms = made.page("llms.txt")
    links = re.findall(r"\]\((https://example.com/[^)]*)\)", llms)
    assert links == [f"https://example.com/{name}" for name in LEADS_TO]
    assert all((made.site / name).is_file() for name in LEADS_TO)


LEADS_TO = ["agreement/agreement.md", "terms/rules/rules.md", "models/models.json"]


def test_without_an_address_a_site_is_described_by_relative_addresses(tmp_path: Path) -> None:
    made = built(tmp_path, mkdocs=MKDOCS.replace("site_url: https://example.com/\n", ""))
    assert re.findall(r"\]\(([^)]*)\)", made.page("llms.txt")) == LEADS_TO
    assert "Sitemap" not in made.page("robots.txt")
    assert "og:url" not in made.page("index.html")


def test_files_of_the_sites_own_stay(tmp_path: Path) -> None:
    made = built(tmp_path, **{"robots.txt": "ours\n", "llms.txt": "ours\n", "_headers": "ours\n"})
    assert [made.page(name) for name in ("robots.txt", "llms.txt", "_headers")] == ["ours\n"] * 3


def test_what_is_not_to_be_found_is_not_in_the_sitemap(tmp_path: Path) -> None:
    made = built(tmp_path, changes_md="---\nrobots: noindex\n---\n# Changes\n")
    assert '<meta name="robots" content="noindex">' in made.page("changes/index.html")
    listed = set(re.findall(r"<loc>https://example.com/(.*?)</loc>", made.page("sitemap.xml")))
    assert listed > {"", "agreement/", "defined-terms/", "models/", "terms/rules/"}
    assert "changes/" not in listed


@pytest.mark.parametrize("address", ["https://example.com/", "https://example.com/legal/"])
def test_a_wrong_address_leads_to_the_documents(tmp_path: Path, address: str) -> None:
    made = built(tmp_path, mkdocs=MKDOCS.replace("https://example.com/", address))
    page = made.page("404.html")
    root = address.removeprefix("https://example.com")
    assert card_links(page) == [f"{root}agreement/", f"{root}terms/rules/", f"{root}models/"]
    assert f'action="{root}"' in page
    assert len(re.findall("<h1", page)) == 1


def test_a_wrong_address_shows_the_state_of_documents_also_to_programs(tmp_path: Path) -> None:
    made = posted_site(tmp_path)
    cards = re.findall(r'<p class="eg-card-state">\n(.*?)</p>', made.page("404.html"), re.S)
    assert len(cards) == 3
    assert all("in force since" in card for card in cards)
    llms = made.page("llms.txt")
    files = re.findall(r"^  - \[Version data \(JSON\)\]\(https://example.com/(.*)\)$", llms, re.M)
    assert len(files) == 3
    assert all((made.site / name).is_file() for name in [*files, "manifest.json"])
    assert "(https://example.com/manifest.json)" in llms
    agreement = made.page("agreement/index.html")
    (kept,) = re.findall(
        r'<a href="([^"]*)" download>version \d+ as a self-contained HTML copy</a></li>\s*<li><a href="agreement.md"',
        agreement,
    )
    assert (made.site / "agreement" / kept).is_file()


def test_a_page_of_the_sites_own_for_a_wrong_address_stays(tmp_path: Path) -> None:
    write_site(tmp_path, {"ours/404.html": '{% extends "main.html" %}{% block content %}<h1>Ours</h1>{% endblock %}'})
    made = built(tmp_path, mkdocs=MKDOCS.replace("{name: material,", "{name: material, custom_dir: ours,"))
    assert "<h1>Ours</h1>" in made.page("404.html")
    assert "eg-card" not in made.page("404.html")


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_other_themes_are_served_too(tmp_path: Path, theme: str) -> None:
    made = built(tmp_path, mkdocs=MKDOCS.replace("{name: material, font: false}", theme))
    missing = made.page("404.html")
    assert card_links(missing) == ["/agreement/", "/terms/rules/", "/models/"]
    assert "Page not found" in missing
    # The search of these themes does not begin from an address of that form.
    assert "eg-search" not in missing
    home = made.page("index.html")
    assert card_links(home) == ["agreement/", "terms/rules/", "models/"]
    assert home.count('property="og:title"') == 1
    assert "script-src 'self' 'sha256-" in home


def test_the_policy_is_on_every_page_and_can_be_turned_off(tmp_path: Path) -> None:
    made = built(tmp_path)
    pages = sorted(made.site.rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        html = page.read_text("utf-8")
        assert html.count("Content-Security-Policy") == 1, page
        assert "unsafe" not in html.partition("</head>")[0], page
        assert html.index("Content-Security-Policy") < html.index("<script")
    assert made.page("_headers").startswith("/*\n  Content-Security-Policy: default-src 'self';")
    made = built(tmp_path, mkdocs=MKDOCS.replace("check: false", "check: false, csp: false"))
    assert "_headers" not in made.files()
    assert "Content-Security-Policy" not in made.page("index.html")


def test_a_server_of_drafts_may_add_its_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(tmp_path)
    monkeypatch.chdir(tmp_path)
    config = load_config(config_file="mkdocs.yml")
    config.plugins.on_startup(command="serve", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        # MkDocs keeps such a plugin for the next site that is built in this process.
        config.plugins.on_startup(command="build", dirty=False)
    assert "Content-Security-Policy" not in (tmp_path / "site/index.html").read_text("utf-8")
    assert not (tmp_path / "site/_headers").exists()


def test_material_is_mended(tmp_path: Path) -> None:
    page = built(tmp_path, mkdocs=MKDOCS + "repo_url: https://github.com/someone/something\n").page("index.html")
    assert '<div class="md-search" data-md-component="search" role="dialog" aria-label="Search">' in page
    # No asking the repository's host for stars.
    assert 'class="md-source"' in page
    assert 'data-md-component="source"' not in page


def test_scripts_are_loaded_where_they_are_needed(tmp_path: Path) -> None:
    made = built(tmp_path)
    (models,) = (name for name in made.files() if "engross-models" in name)
    (page,) = (name for name in made.files() if "engross-page" in name)
    assert f'<script src="../{models}" defer></script>' in made.page("models/index.html")
    assert models not in made.page("agreement/index.html")
    assert all(page in made.page(name) for name in ("index.html", "agreement/index.html", "models/index.html"))
    assert all((made.site / name).stat().st_size < most for name, most in ((models, 8192), (page, 4096)))


def test_every_page_of_the_record_has_a_policy_of_its_own(tmp_path: Path) -> None:
    made = posted_site(tmp_path)
    pages = sorted(name for name in made.files() if name.endswith(".html"))
    assert any("/versions/" in name for name in pages)
    for name in pages:
        assert made.page(name).count('<meta http-equiv="Content-Security-Policy"') == 1, name
    (kept,) = (name for name in pages if name.endswith("agreement/versions/1.html"))
    (allowed,) = page_sources(made.page(kept)).style_hashes
    assert allowed in unescape(made.page(kept))
    assert allowed in made.page("_headers")


@pytest.mark.long
def test_pages_of_the_record_are_made_anew_without_a_policy(tmp_path: Path) -> None:
    posted_site(tmp_path)
    config = tmp_path / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("check: false", "check: false, csp: false"), "utf-8")
    made = build(tmp_path)
    assert made.status == 0
    assert not [name for name in made.files() if name.endswith(".html") and "Security-Policy" in made.page(name)]


NAMED = """\
site_name: 'x"><script>alert(1)</script>'
site_description: 'y"></head><script>alert(2)</script>'
site_author: 'z"><script>alert(3)</script>'
"""


def test_the_words_of_a_site_are_no_markup_wherever_the_theme_prints_them(tmp_path: Path) -> None:
    text = (
        '---\ndescription: \'"><script>alert(4)</script>\'\ntitle: "</title><script>alert(5)</script>"\n---\n\nText.\n'
    )
    mkdocs = MKDOCS.replace("site_name: Test\n", NAMED)
    write_site(tmp_path, {"mkdocs.yml": mkdocs, "docs/changes.md": text})
    made = build(tmp_path)
    assert made.status == 0
    pages = [name for name in made.files() if name.endswith(".html")]
    assert {"404.html", "index.html", "agreement/index.html", "changes/index.html"} <= set(pages)
    for name in pages:
        assert "<script>alert(" not in made.page(name), name
    home = made.page("index.html")
    assert '<meta name="description" content="y&quot;&gt;&lt;/head&gt;&lt;script&gt;alert(2)&lt;/script&gt;">' in home
    assert home.index("og:site_name") < home.index("</head>")
