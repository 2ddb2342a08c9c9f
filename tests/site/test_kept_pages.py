"""Pages are kept by all that they are made of: where that changes, or may change unseen, the theme renders them."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files, get_files
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from engross.common.cache import NO_CACHE, Cache
from engross.common.csp import Sources
from engross.site import kept_pages
from engross.site.files import lift_guard
from engross.site.kept_pages import FinishedPage, KeptPages
from engross.site.page_inputs import UnknownInputError, plain, reads_known_values
from engross.site.policies import SecuredPage, sha256_of

TEXTS = {
    "index.md": "# Home\n\n## First\n\nWords.\n",
    "terms.md": "---\nicon: material/scale\n---\n\n# Terms\n\n## Second\n",
    "old/one.md": "# One\n",
    "old/two.md": "# Two\n",
}
NAV = ["index.md", "terms.md", {"Old": ["old/one.md", "old/two.md"]}, {"Away": "https://example.com/b"}]
SECURED = SecuredPage(Sources(scripts=frozenset({"https://example.com"})), b"")


class Site:
    """A site that MkDocs has read, and the pages kept of it."""

    def __init__(self, folder: Path, templates: dict[str, str] | None = None, **settings: Any) -> None:
        for name, text in {**TEXTS, **{f"../theme/{name}": text for name, text in (templates or {}).items()}}.items():
            path = folder / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        theme = settings.pop("theme", {"name": "material"})
        self.config: MkDocsConfig = load_config(
            config_file=None,
            site_name="Site",
            docs_dir=str(folder / "docs"),
            site_dir=str(folder / "site"),
            site_url="https://example.com/a/",
            theme=theme | ({"custom_dir": str(folder / "theme")} if templates else {}),
            nav=NAV,
            plugins=settings.pop("plugins", ["search"]),
            repo_url="https://example.com/repository",
            edit_uri="edit/main/",
            **settings,
        )
        lift_guard(self.config)
        self.finishing, self.of_page = "finishing", "of page"
        self.cache = Cache(folder / "cache")
        self.files: Files = get_files(self.config)
        self.nav: Navigation = get_navigation(self.files, self.config)
        self.others: dict[str, Any] = {}
        for page in self.pages.values():
            page.read_source(self.config)
            page.render(self.config, self.files)

    @property
    def pages(self) -> dict[str, Page]:
        """All pages, by their source."""
        return {file.src_uri: file.page for file in self.files.documentation_pages() if file.page}

    def render(self, name: str = "terms.md", secured: dict[str, SecuredPage] | None = None) -> str:
        """Render a page as a build does; a page that was not kept is finished and kept."""
        page, known = self.pages[name], {} if secured is None else secured
        kept = KeptPages(self.cache, self.finishing, lambda _: self.of_page, known)
        env = self.config.theme.get_env()
        kept.keep(env, self.config)
        context: Any = {**get_context(self.nav, self.files, self.config, page), **self.others}
        page.active = True
        html = env.get_template("main.html").render(context)
        page.active = False
        if not isinstance(html, FinishedPage):
            known[page.file.dest_uri] = SECURED
            kept.put(page.file.dest_uri, f"{html}<!-- finished -->")
        return html

    def not_found(self) -> str:
        """Render the page 404.html as a build does."""
        env = self.config.theme.get_env()
        KeptPages(self.cache, self.finishing, lambda _: self.of_page, {}).keep(env, self.config)
        context: Any = {**get_context(self.nav, self.files, self.config, base_url="/a"), **self.others}
        return env.get_template("404.html").render(context)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site of which a page is kept."""
    made = Site(tmp_path)
    made.render()
    return made


def test_a_page_of_which_nothing_changed_is_the_finished_one(site: Site, tmp_path: Path) -> None:
    again, secured = Site(tmp_path), dict[str, SecuredPage]()
    html = again.render(secured=secured)
    site.cache = NO_CACHE
    assert isinstance(html, FinishedPage)
    assert html.encode("utf-8", "xmlcharrefreplace") == str(html).encode()
    assert html.encode("utf-16") == str(html).encode("utf-16")
    assert html == f"{site.render()}<!-- finished -->"
    assert secured == {"terms/index.html": SecuredPage(SECURED.sources, sha256_of(html.encode()))}


def _set(of: str, name: str, value: object) -> Callable[[Site], None]:
    """Set something of a page, or of the configuration ("")."""
    return lambda site: setattr(site.pages[of] if of else site.config, name, value)


def _put(name: str, value: object) -> Callable[[Site], None]:
    return lambda site: site.config.__setitem__(name, value)


def _meta(of: str, name: str) -> Callable[[Site], None]:
    return lambda site: site.pages[of].meta.__setitem__(name, "new")


CHANGES: dict[str, Callable[[Site], None]] = {
    "content": _set("terms.md", "content", "<h1>Terms</h1>"),
    "a heading": lambda site: setattr(site.pages["terms.md"].toc.items[0].children[0], "title", "New"),
    "an anchor": lambda site: setattr(site.pages["terms.md"].toc.items[0].children[0], "id", "new"),
    "title": _set("terms.md", "title", "New"),
    "front matter": _meta("terms.md", "description"),
    "edit address": _set("terms.md", "edit_url", "https://example.com/new"),
    "canonical address": _set("terms.md", "canonical_url", "https://example.com/new"),
    "next page": lambda site: setattr(site.pages["terms.md"], "next_page", site.pages["old/two.md"]),
    "title of the previous page": _set("index.md", "title", "New"),
    "title of another page": _set("old/two.md", "title", "New"),
    "status of another page": _meta("old/two.md", "status"),
    "title of a section": lambda site: setattr(site.nav.items[2], "title", "New"),
    "address of a link": lambda site: setattr(site.nav.items[3], "url", "https://example.com/new"),
    "order of the navigation": lambda site: site.nav.items.reverse(),
    "an entry less": lambda site: site.nav.items[2].children.pop(),
    "home page": lambda site: setattr(site.nav, "homepage", site.pages["terms.md"]),
    "name of the site": _put("site_name", "New"),
    "copyright": _put("copyright", "New"),
    "repository": _put("repo_name", "New"),
    "extra": _put("extra", {"generator": False}),
    "style sheet": _put("extra_css", ["new.css"]),
    "extensions": _put("mdx_configs", {"toc": {"title": "New"}}),
    "feature of the theme": lambda site: site.config.theme.__setitem__("features", ["navigation.tabs"]),
    "language of the theme": lambda site: site.config.theme.__setitem__("language", "de"),
    "options of a plugin": lambda site: site.config.plugins["material/search"].config.__setitem__("lang", ["de"]),
    "finishing": lambda site: setattr(site, "finishing", "new"),
    "finishing of the page": lambda site: setattr(site, "of_page", "new"),
    "context": lambda site: site.others.__setitem__("extra_javascript", ["new.js"]),
    "another name in the context": lambda site: site.others.__setitem__("tags", ["new"]),
    "text that is HTML now": lambda site: setattr(site.pages["terms.md"], "title", Markup("Terms")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_page_is_made_of_decides_whether_it_is_kept(site: Site, change: Callable[[Site], None]) -> None:
    assert isinstance(site.render(), FinishedPage)
    change(site)
    assert not isinstance(site.render(), FinishedPage)
    assert isinstance(site.render(), FinishedPage)


def test_the_page_404_is_rendered_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site.not_found()
    monkeypatch.setattr("jinja2.Template.render", lambda *_: "rendered")
    assert site.not_found() == first


@pytest.mark.parametrize("change", ["title of another page", "name of the site", "feature of the theme", "copyright"])
def test_what_the_page_404_is_made_of_decides_whether_it_is_kept(site: Site, change: str) -> None:
    first = site.not_found()
    CHANGES[change](site)
    made = site.not_found()
    site.cache = NO_CACHE
    assert made == site.not_found() != first


def test_what_a_page_is_not_made_of_decides_nothing(site: Site) -> None:
    site.pages["old/two.md"].content = "New."
    site.pages["old/two.md"].toc.items.clear()
    assert isinstance(site.render(), FinishedPage)


def test_another_version_of_the_theme_renders_all_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engross.site.page_inputs.version", lambda name: f"{version(name)}.1")
    assert not isinstance(site.render(), FinishedPage)


def test_a_page_with_values_of_unknown_kinds_is_not_kept(site: Site) -> None:
    changes: tuple[Callable[[Site], None], ...] = (
        _set("terms.md", "authors", []),
        lambda site: site.others.__setitem__("other", object()),
    )
    for change in changes:
        change(site)
        assert not isinstance(site.render(), FinishedPage)
        assert not isinstance(site.render(), FinishedPage)


@pytest.mark.parametrize("event", ["env", "page_context", "post_page"])
def test_nothing_is_kept_beside_plugins_that_change_pages_unseen(site: Site, event: str) -> None:
    site.config.plugins.events[event].append(lambda value, **_: value)
    assert not isinstance(site.render(), FinishedPage)


def test_plugins_may_change_what_is_part_of_the_key(site: Site) -> None:
    site.config.plugins.events["page_content"].append(lambda value, **_: value)
    assert isinstance(site.render(), FinishedPage)


@pytest.mark.parametrize(
    "template",
    [
        "{{ build_date_utc }}",
        "{% for file in pages %}{{ file.page.content }}{% endfor %}",
        "{{ page.markdown }}",
        "{{ page.file.src_uri }}",
        "{{ page['markdown'] }}",
        "{{ page[name] }}",
        "{{ page | attr('markdown') }}",
        "{{ page | attr('con' ~ 'tent') }}",
        "{{ page.next_page.content }}",
        "{{ nav.pages[0].toc }}",
        "{% set other = nav.homepage %}{{ other.content }}",
        "{% set page = nav.homepage %}{{ page.content }}",
        "{% for config in nav %}{{ config.theme }}{% endfor %}",
        "{{ nav.items | map(attribute='content') | list }}",
        "{{ config.site_dir }}",
        "{{ config }}",
        "{{ config.plugins['material/search'].search_index }}",
        "{% include 'own.html' %}",
    ],
)
def test_a_template_that_reads_anything_else_is_noticed(tmp_path: Path, template: str) -> None:
    main = f'{{% extends "base.html" %}}{{% block content %}}{template}{{% endblock %}}'
    site = Site(tmp_path, {"main.html": main, "own.html": "{{ page.markdown }}"})
    assert not reads_known_values(site.config.theme.get_env(), site.config)
    site.render()
    assert not isinstance(site.render(), FinishedPage)


def test_the_templates_of_the_theme_read_what_is_known(tmp_path: Path) -> None:
    site = Site(tmp_path, {"partials/copyright.html": "{{ page.title }}, {{ config.extra.owner }}"})
    assert reads_known_values(site.config.theme.get_env(), site.config)


def test_other_themes_are_not_known(tmp_path: Path) -> None:
    site = Site(tmp_path, theme={"name": "mkdocs"})
    assert not reads_known_values(site.config.theme.get_env(), site.config)


def test_pages_of_a_theme_with_templates_of_the_site_are_rendered(tmp_path: Path) -> None:
    """These may include and compute anything: a file of any name, a folder that is a link, the instant of the build."""
    site = Site(tmp_path, {"partials/copyright.html": "{{ config.copyright }}"})
    site.render()
    assert not isinstance(site.render(), FinishedPage)


def test_pages_beside_a_function_among_the_extra_settings_are_rendered(site: Site) -> None:
    for extra in ({"stamp": len}, {"all": [{"stamp": lambda: 1}]}):
        site.config["extra"] = extra
        site.render()
        assert not isinstance(site.render(), FinishedPage)


def test_half_a_character_is_not_kept(site: Site) -> None:
    site.pages["terms.md"].content = "\ud800"
    site.render()
    assert not isinstance(site.render(), FinishedPage)


def test_values_are_distinguished() -> None:
    values = ("1", 1, True, None, [1], {"1": 1}, {1: 1}, Markup("Terms"), "Terms", Path("1"), {"1"}, len, sorted)
    assert len({repr(plain(value)) for value in values}) == len(values)
    with pytest.raises(UnknownInputError):
        plain(object())


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.booleans())
def test_a_page_is_kept_without_its_content_and_read_with_it(
    before: str, content: str, after: str, whole: bool
) -> None:
    try:
        html = (before + content + after).encode()
    except UnicodeEncodeError:
        return
    kept = kept_pages._without_content(html.decode(), content if whole else f"{content}other")
    assert kept_pages._with_content(kept, content if whole else f"{content}other") == html


def test_the_content_of_a_page_is_not_kept_twice() -> None:
    page = "<body>" + (content := "<p>Words.</p>" * 9) + "</body>"
    assert content.encode() not in kept_pages._without_content(page, content)
