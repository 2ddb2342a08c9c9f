"""Without the plugin nothing is published: the guard stops every engine, and lets a build with the plugin pass."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from building import DAY, MKDOCS, build, build_apart, write_site

pytestmark = pytest.mark.slow

GUARD = "markdown_extensions: [attr_list, engross.guard]\n"
GUARDED = MKDOCS + GUARD
LENIENT = MKDOCS.replace("strict: true", "strict: false")
PLUGIN = "plugins: [search, {engross: {check: false}}]"
UNPLUGGED = {
    "commented out": GUARDED.replace(PLUGIN, "plugins: [search]"),
    "no plugins at all": GUARDED.replace(PLUGIN, "plugins: []"),
    "overridden": "INHERIT: base.yml\nplugins: [search]\n",
    "disabled": GUARDED.replace("{check: false}", "{check: false, enabled: false}"),
}


def pages(site: Path) -> list[str]:
    """What a site shows of the documents: pages, and sources."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.*") if says_something(path))


def says_something(path: Path) -> bool:
    return path.suffix in (".html", ".md", ".json") and "Either party may end it" in path.read_text("utf-8")


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
@pytest.mark.parametrize("settings", UNPLUGGED.values(), ids=UNPLUGGED.keys())
def test_without_the_plugin_a_build_stops(tmp_path: Path, settings: str, engine: str) -> None:
    write_site(tmp_path, {"mkdocs.yml": None, f"{engine}.yml": settings, "base.yml": GUARDED})
    built = build_apart(tmp_path, engine)
    assert built.status == 1
    assert built.files() == set()
    assert any("Engross's plugin is not active in this build" in said for said in built.messages)
    assert "Traceback" not in " ".join(built.messages)


def zensical(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build"],
        cwd=folder,
        env=os.environ | DAY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site in which Zensical finds nothing to complain of: without links to what the plugin makes."""
    write_site(tmp_path, {"mkdocs.yml": LENIENT})
    return tmp_path


def test_zensical_ignores_the_plugin_and_says_nothing(site: Path) -> None:
    built = zensical(site)
    assert built.returncode == 0
    assert pages(site / "site") == ["agreement/index.html", "search.json"], "what the guard is for"


def test_zensical_stops_at_the_guard(site: Path) -> None:
    (site / "mkdocs.yml").write_text(LENIENT + GUARD, "utf-8")
    built = zensical(site)
    assert built.returncode == 1
    assert built.stderr.count("Engross's plugin is not active in this build") == 1
    assert "Traceback" not in built.stderr
    assert pages(site / "site") == []


def test_zensical_stops_although_it_kept_the_pages_of_a_build_without_the_guard(site: Path) -> None:
    assert zensical(site).returncode == 0
    (site / "mkdocs.yml").write_text(LENIENT + GUARD, "utf-8")
    built = zensical(site)
    assert built.returncode == 1
    assert pages(site / "site") == []


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_with_the_plugin_a_build_passes(tmp_path: Path, engine: str) -> None:
    write_site(tmp_path, {"mkdocs.yml": None, f"{engine}.yml": GUARDED})
    built = build_apart(tmp_path, engine)
    assert (built.status, built.messages) == (0, [])
    assert pages(built.site)


def test_the_other_extensions_stay(tmp_path: Path) -> None:
    write_site(tmp_path, {"mkdocs.yml": GUARDED, "docs/changes.md": "# Changes\n\nNone.\n{: .mine}\n"})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert '<p class="mine">None.</p>' in built.page("changes/index.html")


@pytest.mark.parametrize("config", ["mkdocs.yml", "examples/tour/mkdocs.yml", "templates/init/mkdocs.yml"])
def test_our_own_sites_are_guarded(config: str) -> None:
    text = (Path(__file__).parents[2] / config).read_text("utf-8")
    assert "\nmarkdown_extensions:\n  # " in text
    assert "\n  - engross.guard\n" in text
