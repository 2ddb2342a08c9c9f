"""The navigation that is rendered once has the bytes that the theme makes, with every feature that changes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from mkdocs.commands.build import get_context
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files, get_files
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from engross.common import Cache
from engross.site import theme_navigation
from engross.site.files import lift_guard, list_visible_files_only
from engross.site.theme_navigation import render_navigation_once

PAGES = {
    "index.md": "# Home\n\n## First\n\n### *Sub* & more\n\n#### Deep\n\n### Sub 2\n\n## Second\n",
    "terms.md": "---\nicon: material/scale\nsubtitle: All <of> them\nstatus: new\n---\n\n# Terms & *conditions*\n",
    "legal/index.md": "# Legal\n",
    "legal/notice.md": "---\ntitle: Notice\n---\n\n## Who\n\n### Where\n",
    "legal/old/2024.md": "# 2024\n\n## A\n",
    "legal/old/2025.md": "# 2025\n",
    "guide/one.md": "# One\n",
    "guide/two/three.md": "# Three\n",
}
NAV = [
    "index.md",
    "terms.md",
    {
        "Legal": [
            "legal/index.md",
            {"The notice": "legal/notice.md"},
            {"Old": ["legal/old/2024.md", "legal/old/2025.md"]},
        ]
    },
    {"Guide": ["guide/one.md", {"Two": ["guide/two/three.md", {"Away": "https://example.com/?a=1&b=2"}]}]},
    {"Root": "/elsewhere/"},
]
FEATURES = [
    [],
    ["navigation.sections"],
    ["navigation.tabs"],
    ["navigation.tabs", "navigation.sections", "navigation.indexes"],
    ["navigation.tabs", "navigation.tabs.sticky", "navigation.expand"],
    ["navigation.indexes", "navigation.expand"],
    ["navigation.indexes", "navigation.prune"],
    ["navigation.prune", "navigation.sections"],
    ["navigation.instant", "toc.integrate"],
    ["navigation.path", "navigation.top", "navigation.footer", "toc.integrate", "navigation.tabs"],
]
_FRAME = (
    '{% import "partials/language.html" as lang with context %}{% set features = config.theme.features or [] %}'
    '{% include "partials/nav.html" %}{% include "partials/toc.html" %}'
)


class Site:
    """A site read by MkDocs, whose navigation is rendered without a build."""

    def __init__(self, folder: Path, nav: object = NAV, templates: Mapping[str, str] = {}, **settings: Any) -> None:
        for name, text in {**PAGES, **{f"../theme/{name}": text for name, text in templates.items()}}.items():
            path = folder / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        theme = {"name": "material", "features": settings.pop("features", [])}
        if templates:
            theme["custom_dir"] = str(folder / "theme")
        self.config: MkDocsConfig = load_config(
            config_file=None,
            site_name="Site",
            docs_dir=str(folder / "docs"),
            site_dir=str(folder / "site"),
            site_url="https://example.com/a/",
            theme=theme,
            nav=nav,
            **settings,
        )
        lift_guard(self.config)
        self.files: Files = get_files(self.config)
        self.nav: Navigation = get_navigation(self.files, self.config)
        for file in self.files.documentation_pages():
            assert file.page
            file.page.read_source(self.config)
            file.page.render(self.config, self.files)

    def env(self, *, once: bool, settled: bool = False) -> Environment:
        """Templates of the theme, with the navigation rendered once or by the theme alone."""
        env: Environment = self.config.theme.get_env()
        if once:
            render_navigation_once(env, settled=settled)
        return env

    def render(self, env: Environment, page: Page | None) -> str:
        """The navigation on one page."""
        context: Any = get_context(self.nav, self.files, self.config, page, base_url="" if page else "/a")
        if page:
            page.active = True
        try:
            return env.from_string(_FRAME).render(context)
        finally:
            if page:
                page.active = False

    @property
    def pages(self) -> list[Page]:
        """All pages of the site."""
        return [file.page for file in self.files.documentation_pages() if file.page]


def _same(site: Site) -> None:
    once, settled, theme = site.env(once=True), site.env(once=True, settled=True), site.env(once=False)
    for page in [*site.pages, None, *reversed(site.pages)]:
        expected = site.render(theme, page)
        assert site.render(once, page) == expected, page
        assert site.render(settled, page) == expected, page


@pytest.mark.parametrize("features", FEATURES, ids=" ".join)
def test_the_navigation_is_that_of_the_theme(features: list[str], tmp_path: Path) -> None:
    _same(Site(tmp_path, features=features))


def test_without_a_nav_and_with_flat_addresses(tmp_path: Path) -> None:
    _same(Site(tmp_path, nav=None, use_directory_urls=False))


def test_a_page_that_is_listed_twice(tmp_path: Path) -> None:
    _same(Site(tmp_path, nav=[{"First": ["terms.md", "guide/one.md"]}, {"Second": ["terms.md", "index.md"]}]))


def test_what_a_plugin_changes_between_pages_is_shown(tmp_path: Path) -> None:
    site = Site(tmp_path, features=["navigation.indexes"])
    once, theme = site.env(once=True), site.env(once=False)
    first, second = site.pages[:2]
    for change in ({"status": "deprecated"}, {"subtitle": "Other"}, {"icon": "material/home"}, {"title": "New"}):
        assert site.render(once, first) == site.render(theme, first)
        second.meta.update(change)
        if "title" in change:
            second.title = change["title"]
        made = site.render(once, first)
        assert made == site.render(theme, first)
    assert "New" in made


def test_inactive_entries_are_rendered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path)
    env, guide = site.env(once=True), next(item for item in site.nav.items if item.title == "Guide")
    printed: list[str] = []

    class Counted(str):
        """A title that counts how often it is printed."""

        def __str__(self) -> str:
            printed.append(self)
            return "Counted"

    monkeypatch.setattr(guide, "title", Counted("Guide"))
    for page in site.pages:
        if guide not in page.ancestors:
            assert "Counted" in site.render(env, page)
    assert len(printed) == 2  # its label and its heading


def test_the_icons_of_the_theme_are_not_listed_for_mkdocs(tmp_path: Path) -> None:
    site = Site(tmp_path, templates={"own/.hidden/x.css": "", "own/y.css": "", ".z.css": ""})
    files, again = Files([]), Files([])
    again.add_files_from_theme(site.config.theme.get_env(), site.config)
    list_visible_files_only(site.config)
    env = site.config.theme.get_env()
    assert env.loader
    files.add_files_from_theme(env, site.config)
    assert [one.src_uri for one in files] == [one.src_uri for one in again]
    assert "own/y.css" in {one.src_uri for one in files}
    assert "list_templates" not in vars(env.loader)  # whoever asks later gets all


@pytest.mark.parametrize("name", ["partials/nav.html", "partials/nav-item.html", "partials/toc-item.html"])
def test_a_template_of_the_site_is_left_alone(name: str, tmp_path: Path) -> None:
    own = {
        "nav": "{{ page.url }}",
        "nav-item": "{% macro render(item, path, level) %}{{ page.url }}{% endmacro %}",
        "toc-item": "{{ toc_item.title }} of {{ page.url }}",
    }
    site = Site(tmp_path, templates={name: own[Path(name).stem]})
    left = {"engross_entries", "engross_contents"} - set(site.env(once=True).globals)
    assert left == {"engross_contents" if "toc" in name else "engross_entries"}
    _same(site)


def test_a_macro_that_reads_more_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engross.site.theme_navigation._READ", {"features", "page"})
    assert "engross_entries" not in Site(tmp_path).env(once=True).globals


def test_what_the_templates_of_the_theme_read_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, cache = Site(tmp_path), Cache(tmp_path / "cache")
    for names in (theme_navigation._names, None):
        monkeypatch.setattr(theme_navigation, "_NAMES", {})
        monkeypatch.setattr(theme_navigation, "_names", names)
        env = site.config.theme.get_env()
        render_navigation_once(env, cache=cache)
        assert {"engross_entries", "engross_contents"} <= env.globals.keys()
