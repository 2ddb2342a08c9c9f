"""Every finished page has the text of its source, and the same sources give the same bytes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from building import AGREEMENT, MKDOCS, Built, build, build_apart, write_site

from engross.corpus import Folders
from engross.site.plugin import EngrossPlugin

pytestmark = pytest.mark.slow

HOOK = """\
import re
from pathlib import Path

def on_page_content(html, page, **_):
    return {content}

def on_post_page(output, page, **_):
    return {page}

def on_post_build(config, **_):
    for path in Path(config.site_dir).rglob("index.html"):
        html = path.read_text("utf-8")
        path.write_text({after}, "utf-8")
"""


def with_hook(folder: Path, *, content: str = "html", page: str = "output", after: str = "html") -> None:
    hook = HOOK.format(content=content, page=page, after=after)
    write_site(folder, {"hook.py": hook, "mkdocs.yml": MKDOCS + "hooks: [hook.py]\n"})


CHANGES = {
    "a word dropped": {"content": 'html.replace("Either party", "Party")'},
    "a word changed on the finished page": {"page": 'output.replace("Either party", "Each party")'},
    "a word changed after the build": {"after": 'html.replace("Either party may", "Either party may not")'},
    "an enumerator changed": {"after": 'html.replace(">(iv)<", ">(vi)<")'},
    "two words glued": {"after": 'html.replace("Either party", "Eitherparty")'},
    "a clause hidden among what is generated": {
        "page": """output.replace('<p id="end.p1"', '<p data-engross-generated')"""
    },
    "a removed clause": {"content": """re.sub(r'<li id="restrictions.h.iv".*?</li>', "", html, flags=re.S)"""},
    "text added": {"content": """html.replace("</table>", "</table><p>And more.</p>")"""},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_page_that_says_something_else_is_not_published(tmp_path: Path, change: dict[str, str]) -> None:
    with_hook(tmp_path, **change)
    built = build(tmp_path)
    assert built.status == 1
    assert [message.startswith("docs/agreement.md:") for message in built.messages] == [True], built.messages
    assert built.files() == set()


def test_the_first_place_that_differs_is_named(tmp_path: Path) -> None:
    with_hook(tmp_path, after='html.replace("Either party", "Each party")')
    line = AGREEMENT.splitlines().index("Either party may end it.") + 1
    (message,) = build(tmp_path).messages
    assert message.startswith(f"docs/agreement.md:{line}:2: ")
    assert "⟦Either⟧ party" in message
    assert "⟦Each⟧ party" in message


def test_every_page_that_differs_is_named(tmp_path: Path) -> None:
    with_hook(tmp_path, after='html.replace("Be kind", "Be").replace("Either party", "Each").replace("Maker", "Taker")')
    built = build(tmp_path)
    assert [message.partition(":")[0] for message in built.messages] == [
        "docs/agreement.md",
        "docs/terms/rules.md",
        "docs/models.yml",
    ]
    assert built.files() == set()


LATE = """\
from pathlib import Path
from mkdocs.plugins import event_priority

@event_priority({priority})
def on_post_build(config, **_):
    for path in Path(config.site_dir).rglob("index.html"):
        path.write_text(path.read_text("utf-8").replace("Either party", "Each party"), "utf-8")
"""


@pytest.mark.parametrize("priority", [-100, -101, -(10**9)])
def test_no_hook_comes_after_the_comparison(tmp_path: Path, priority: int) -> None:
    write_site(tmp_path, {"late.py": LATE.format(priority=priority), "mkdocs.yml": MKDOCS + "hooks: [late.py]\n"})
    built = build(tmp_path)
    assert built.status == 1
    assert "⟦Each⟧ party" in " ".join(built.messages)
    assert built.files() == set()


HARMLESS = {
    "minified": {"page": 're.sub(r">\\s+<", "> <", re.sub(r"[ \\n]+", " ", output))'},
    "quotes of attributes left out": {"page": """re.sub(r'="([\\w.#/-]+)"', r"=\\1", output)"""},
    "attributes reordered": {"page": """re.sub(r'<(\\w+) (id="[^"]*") (class="[^"]*")', r"<\\1 \\3 \\2", output)"""},
    "attributes and comments added": {"content": """html.replace("<li ", "<!-- a -->\\n<li data-x='Either' ")"""},
    "characters as entities": {"after": 'html.replace("“", "&ldquo;").replace("figures", "f&#105;gures")'},
    "words marked": {"content": 'html.replace("Either party", "Either <b>par</b>ty")'},
    "something around the text": {"page": 'output.replace("<footer", "<p>Our law.</p><footer")'},
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_changes_no_word_is_let_through(tmp_path: Path, change: dict[str, str]) -> None:
    with_hook(tmp_path, **change)
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])


def every_file(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


GUARDED = MKDOCS + "markdown_extensions: [engross.guard]\n"


@pytest.fixture(scope="module")
def by_mkdocs(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site as the command of MkDocs builds it."""
    folder = tmp_path_factory.mktemp("mkdocs")
    write_site(folder, {"mkdocs.yml": GUARDED})
    built = build_apart(folder, PYTHONHASHSEED="1")
    assert (built.status, built.messages) == (0, [])
    return built


# In every run, test_tour_site.py shows it of the tour.
@pytest.mark.long
def test_the_same_sources_give_the_same_bytes(by_mkdocs: Built, tmp_path: Path) -> None:
    write_site(tmp_path / "elsewhere", {"mkdocs.yml": GUARDED})
    built = build_apart(tmp_path / "elsewhere", PYTHONHASHSEED="2")
    assert built.status == 0, built.messages
    made = [every_file(by_mkdocs.site), every_file(built.site)]
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
    assert {"search/search_index.json", "sitemap.xml", "sitemap.xml.gz", "models/models.json"} <= made[0].keys()


@pytest.mark.long
def test_under_properdocs_the_pages_are_the_same(by_mkdocs: Built, tmp_path: Path) -> None:
    write_site(tmp_path, {"mkdocs.yml": None, "properdocs.yml": GUARDED})
    by_properdocs = build_apart(tmp_path, "properdocs")
    assert (by_properdocs.status, by_properdocs.messages) == (0, [])
    pages = []
    for built in (by_mkdocs, by_properdocs):
        pages.append({name: content(built.page(name)) for name in built.files() if name.endswith("index.html")})
        pages[-1]["search"] = built.page("search/search_index.json")
        pages[-1]["models"] = built.page("models/models.json")
    assert pages[0] == pages[1]


def content(page: str) -> str:
    """The HTML between header and footer, which name the engine; the whole page where there are none."""
    return page[page.index("<article") : page.index("</article")] if "<article" in page else page


@pytest.mark.long
def test_under_properdocs_a_mistake_is_reported_as_well(tmp_path: Path) -> None:
    write_site(tmp_path, {"mkdocs.yml": None, "properdocs.yml": MKDOCS, "docs/agreement.md": "# A\n\n<b>\n"})
    built = build_apart(tmp_path, "properdocs")
    assert built.status == 1
    assert any("docs/agreement.md:3:1: raw HTML is not allowed" in message for message in built.messages)
    assert "Traceback" not in " ".join(built.messages)


@pytest.fixture
def watched() -> tuple[list[Path], Callable[..., object]]:
    """The folders that serving watches, and a way to serve with a configuration file."""
    folders: list[Path] = []
    observer = SimpleNamespace(schedule=lambda *_, **__: None)
    server = SimpleNamespace(watch=lambda folder: folders.append(Path(folder)), builder=None, observer=observer)

    def serve(config_file: Path) -> object:
        plugin = EngrossPlugin()
        plugin.load_config({})
        docs = config_file.parent / "docs"
        plugin.build = SimpleNamespace(
            folders=Folders(config_file.parent, docs, notes=docs / "changes", record=config_file.parent / "record")
        )  # type: ignore[assignment]
        return plugin.on_serve(server, config=SimpleNamespace(config_file_path=str(config_file)), builder=None)

    return folders, serve


def test_serving_watches_the_templates(tmp_path: Path, watched: tuple[list[Path], Callable[..., object]]) -> None:
    folders, serve = watched
    serve(tmp_path / "mkdocs.yml")
    assert [folder.name for folder in folders] == ["templates"]
    assert (folders[0] / "about.html").is_file()


def test_serving_watches_the_templates_of_the_site(
    tmp_path: Path, watched: tuple[list[Path], Callable[..., object]]
) -> None:
    folders, serve = watched
    (tmp_path / "templates").mkdir()
    serve(tmp_path / "mkdocs.yml")
    assert folders[0] == tmp_path / "templates"
    assert len(folders) == 2


def test_a_build_may_follow_another(tmp_path: Path) -> None:
    write_site(tmp_path)
    assert build(tmp_path).status == 0
    write_site(tmp_path, {"docs/agreement.md": AGREEMENT.replace("Either party", "Each party")})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert "Each party" in built.page("agreement/index.html")
    shutil.rmtree(built.site)
