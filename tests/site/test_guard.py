"""Without the plugin nothing is published: the guard stops every engine, and lets a build with the plugin pass."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from building import DAY, MKDOCS, build, build_apart, write_site

from engross.corpus.folders import find_folders
from engross.drafting.site_files import check_site_setup
from engross.guard.copies import remove_copies
from engross.model import Severity

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


# The guard ends the process. Each way to be without the plugin is tried in every run, with one of the engines.
@pytest.mark.parametrize(
    ("without", "engine"),
    [
        pytest.param(without, engine, marks=[] if number % 2 == which else [pytest.mark.full])
        for number, without in enumerate(UNPLUGGED)
        for which, engine in enumerate(["mkdocs", "properdocs"])
    ],
)
def test_without_the_plugin_a_build_stops(tmp_path: Path, without: str, engine: str) -> None:
    write_site(tmp_path, {"mkdocs.yml": None, f"{engine}.yml": UNPLUGGED[without], "base.yml": GUARDED})
    built = build_apart(tmp_path, engine)
    assert built.status == 1
    assert built.files() == set()
    assert any("Engross's plugin is not active in this build" in message for message in built.messages)
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
    """A site that Zensical builds without warnings: without links to generated files."""
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
    assert list((site / "site").rglob("*.yml")) == [], "what Zensical had copied"


def test_only_copies_of_our_own_files_are_taken_out_of_the_site(site: Path) -> None:
    (site / "mkdocs.yml").write_text(
        LENIENT.replace("check: false", "check: false, documents: main.yml") + GUARD, "utf-8"
    )
    (site / "docs/documents.yml").rename(site / "docs/main.yml")
    (site / "docs/openapi.yml").write_text("openapi: 3.1.0\n", "utf-8")
    assert zensical(site).returncode == 1
    left = {path.relative_to(site / "site").as_posix() for path in (site / "site").rglob("*.yml")}
    assert left == {"openapi.yml"}


def test_a_file_that_is_no_copy_stays(site: Path) -> None:
    for name, content in {
        "documents.yml": b"other: yes\n",
        "models.yml": (site / "docs/models.yml").read_bytes(),
    }.items():
        (site / "site").mkdir(exist_ok=True)
        (site / "site" / name).write_bytes(content)
    remove_copies(site)
    assert [path.name for path in (site / "site").iterdir()] == ["documents.yml"]
    remove_copies(site / "docs" / "nowhere")
    remove_copies(Path("/"))


def test_settings_with_mistakes_are_taken_out_too(site: Path) -> None:
    (site / "mkdocs.yml").write_text(LENIENT + GUARD, "utf-8")
    (site / "docs/documents.yml").write_text("sets: [", "utf-8")
    assert zensical(site).returncode == 1
    assert not (site / "site/documents.yml").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("", "mkdocs.yml: engross.guard is not listed: without it"),
        ("markdown_extensions: [attr_list]\n", "add engross.guard to the list of markdown_extensions"),
    ],
)
def test_a_build_without_the_guard_says_what_to_paste_and_passes(tmp_path: Path, settings: str, message: str) -> None:
    write_site(tmp_path, {"mkdocs.yml": MKDOCS + settings})
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=tmp_path, env=os.environ | DAY | {"NO_MKDOCS_2_WARNING": "1", "COLUMNS": "0"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert made.stderr.count("engross.guard is not listed") == 1
    assert message in made.stderr
    assert "NOTICE" in made.stderr
    if not settings:
        assert "markdown_extensions:\n  - engross.guard\n" in made.stderr


@pytest.mark.parametrize("name", ["project", "tour"])
def test_a_note_about_the_guard_on_a_site_of_the_first_version(tmp_path: Path, name: str) -> None:
    shutil.copytree(Path(__file__).parents[1] / "released/0.1" / name, tmp_path, dirs_exist_ok=True)
    folders = find_folders(tmp_path)
    (note,) = check_site_setup(folders)
    assert (note.rule, note.severity) == ("unguarded-site", Severity.NOTE)
    config = (tmp_path / "mkdocs.yml").read_text("utf-8")
    pasted = config.splitlines(keepends=True)
    pasted.insert(note.line or len(pasted), f"{note.fix}\n")
    (tmp_path / "mkdocs.yml").write_text("".join(pasted), "utf-8")
    assert list(check_site_setup(find_folders(tmp_path))) == []


@pytest.mark.long
def test_zensical_stops_although_it_kept_the_pages_of_a_build_without_the_guard(site: Path) -> None:
    assert zensical(site).returncode == 0
    (site / "mkdocs.yml").write_text(LENIENT + GUARD, "utf-8")
    built = zensical(site)
    assert built.returncode == 1
    assert pages(site / "site") == []


@pytest.mark.long
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


@pytest.mark.parametrize("config", ["mkdocs.yml", "examples/tour/mkdocs.yml", "templates/init/site/mkdocs.yml"])
def test_our_own_sites_are_guarded(config: str) -> None:
    text = (Path(__file__).parents[2] / config).read_text("utf-8")
    assert "\nmarkdown_extensions:\n  # " in text
    assert "\n  - engross.guard\n" in text
