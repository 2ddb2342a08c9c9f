"""Other plugins work with the pages that Engross makes: they open their sources, ask git for them, and move files."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from building import MKDOCS, Built, build, write_site
from posting import POSTED_SITE, note, post

from engross.common.csp import page_sources, policy

pytestmark = pytest.mark.slow

OURS = "{engross: {check: false}}"
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}
I18N = "{i18n: {docs_structure: %s, languages: [%s]}}"
ENGLISH = "{locale: en, default: true, name: English}"
GERMAN = "{locale: de, name: Deutsch%s}"


def posted_site(folder: Path, plugins: str, **changed: str) -> None:
    """A site with everything that Engross makes, in a git repository. `plugins` are those in mkdocs.yml, in order."""
    settings = POSTED_SITE["mkdocs.yml"]
    assert isinstance(settings, str)
    write_site(folder, {**POSTED_SITE, "mkdocs.yml": settings.replace(f"search, {OURS}", plugins)})
    post(folder, 0, "first-posting", note("agreement, rules, models", "First."))
    (folder / ".gitignore").write_text(".cache\nsite\n", "utf-8")
    for command in ("init -q", "add .", "commit -qm first"):
        subprocess.run(["git", *command.split()], cwd=folder, env=os.environ | GIT, check=True)


def built_with(folder: Path, plugins: str) -> Built:
    posted_site(folder, plugins)
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    return built


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site without other plugins."""
    return built_with(tmp_path_factory.mktemp("alone"), f"search, {OURS}")


@pytest.mark.long
@pytest.mark.parametrize("order", ["{0}, {1}", "{1}, {0}"])
@pytest.mark.parametrize("structure", ["suffix", "folder"])
def test_static_i18n(alone: Built, tmp_path: Path, structure: str, order: str) -> None:
    built = built_with(tmp_path, "search, " + order.format(I18N % (structure, ENGLISH), OURS))
    assert built.files() == alone.files()
    for name in ("agreement/index.html", "defined-terms/index.html", "models/index.html", "since/index.html"):
        assert article(built.page(name)) == article(alone.page(name))


@pytest.mark.long
@pytest.mark.parametrize(
    ("structure", "name", "address"),
    [
        ("folder", "en/agreement.md", "en/agreement/"),
        ("suffix", "agreement.en.md", "agreement.en/"),
        ("folder", "en/agreement.md, published: agreement/", "agreement/"),
        ("suffix", "agreement.md, published: law/contract/", "law/contract/"),
    ],
)
def test_static_i18n_leaves_a_document_at_its_sealed_address(
    tmp_path: Path, structure: str, name: str, address: str
) -> None:
    """i18n takes the language out of an address; record and manifest would name a page that is not there."""
    source = name.partition(",")[0]
    mkdocs = str(POSTED_SITE["mkdocs.yml"]).replace(f"search, {OURS}", f"search, {I18N % (structure, ENGLISH)}, {OURS}")
    text = str(POSTED_SITE["docs/agreement.md"])
    changed = {
        "mkdocs.yml": mkdocs.replace("agreement.md", source),
        "docs/documents.yml": str(POSTED_SITE["docs/documents.yml"]).replace("file: agreement.md", f"file: {name}"),
        "docs/agreement.md": None,
        f"docs/{source}": text.replace("(terms/", "(../terms/" if structure == "folder" else "(terms/"),
        "docs/index.md": f"# Home\n\nSee [Restrictions]({source}#restrictions.h.iv).\n",
        "docs/terms/rules.md": "# Rules of Use\n\n## Conduct\n\nBe kind.\n",
    }
    write_site(tmp_path, {**POSTED_SITE, **changed})
    post(tmp_path, 0, "first-posting", note("agreement, rules, models", "First."))
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    (published,) = (
        one["published"] for one in json.loads(built.page("manifest.json"))["documents"] if one["id"] == "agreement"
    )
    assert published == address
    assert "Either party may end it." in built.page(f"{address}index.html")
    assert f'href="{address}#restrictions.h.iv"' in built.page("index.html")


def article(page: str) -> str:
    return page[page.index("<article") : page.index("</article")]


def test_static_i18n_with_several_languages_is_refused(tmp_path: Path) -> None:
    both = f"{ENGLISH}, {GERMAN % ''}"
    posted_site(tmp_path, f"search, {I18N % ('suffix', both)}, {OURS}")
    built = build(tmp_path)
    assert built.status == 1
    assert "builds several languages (en, de), and Engross publishes a site in one" in built.messages[0]
    assert built.files() == set()


def test_static_i18n_with_a_language_that_is_not_built(alone: Built, tmp_path: Path) -> None:
    both = f"{ENGLISH}, {GERMAN % ', build: false'}"
    assert built_with(tmp_path, f"search, {I18N % ('suffix', both)}, {OURS}").files() == alone.files()


@pytest.mark.parametrize("order", ["{0}, {1}", "{1}, {0}"])
def test_git_authors(tmp_path: Path, order: str) -> None:
    """A page that no commit has is a warning to this plugin, and so the end of a strict build."""
    built_with(tmp_path, "search, " + order.format("git-authors", OURS))


SOURCES = """
import subprocess
from pathlib import Path

def on_page_markdown(markdown, page, config, files):
    assert markdown.strip(), page.file.src_uri
    source = Path(page.file.abs_src_path)
    assert source.is_absolute() and source.read_text("utf-8")
    asked = ["git", "log", "-n1", "--format=%at", "--", str(source)]
    assert subprocess.check_output(asked, cwd=source.parent).strip()
    with open("read.txt", "a") as log:
        print(page.file.src_uri, source.relative_to(config.docs_dir).as_posix(), file=log)
"""


def test_every_page_has_a_source_that_git_knows(tmp_path: Path) -> None:
    posted_site(tmp_path, f"search, {OURS}")
    (tmp_path / "hook.py").write_text(SOURCES, "utf-8")
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("hooks: [hook.py]\n")
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    read = dict(line.split() for line in (tmp_path / "read.txt").read_text("utf-8").splitlines())
    assert read == {
        "index.md": "index.md",
        "agreement.md": "agreement.md",
        "changes.md": "changes.md",
        "terms/rules.md": "terms/rules.md",
        "models.md": "models.yml",
        "defined-terms.md": "documents.yml",
        "in-force.md": "documents.yml",
        "since.md": "documents.yml",
        "verify-document.md": "documents.yml",
        "for-programs.md": "documents.yml",
    }


def test_a_page_of_what_is_in_force_without_a_source_any_more(tmp_path: Path) -> None:
    """The record names the version in force; its source was renamed, and the new name was not posted yet."""
    posted_site(tmp_path, f"search, {OURS}")
    for name, new in {"terms/rules.md": "terms/conduct.md", "models.yml": "list.yml"}.items():
        (tmp_path / "docs" / name).rename(tmp_path / "docs" / new)
    listed = (tmp_path / "docs/documents.yml").read_text("utf-8")
    listed = listed.replace("changes: terms/rules.md", "changes: changes.md")
    listed = listed.replace("terms/rules.md,", "terms/conduct.md, published: terms/rules/,")
    listed = listed.replace("file: models.yml", "file: list.yml, published: models/")
    (tmp_path / "docs/documents.yml").write_text(listed, "utf-8")
    (tmp_path / "hook.py").write_text(SOURCES, "utf-8")
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("hooks: [hook.py]\n")
    built = build(tmp_path)
    assert built.status == 0, built.messages
    read = dict(line.split() for line in (tmp_path / "read.txt").read_text("utf-8").splitlines())
    assert (read["terms/rules.md"], read["models.md"]) == ("documents.yml", "documents.yml")
    assert "Be kind." in built.page("terms/rules/index.html")


@pytest.mark.long
def test_without_a_cache_folder_nothing_is_missing(tmp_path: Path) -> None:
    """No generated content is read from a file."""
    write_site(tmp_path, {"mkdocs.yml": MKDOCS, ".cache": "in the way"})
    assert (build(tmp_path).status, build(tmp_path).messages) == (0, [])


MINIFIER = """\
import re

def on_post_page(output, **_):
    return re.sub(r">\\s+<", "> <", re.sub(r'="([\\w.#/-]+)"', r"=\\1", output))
"""


def test_a_plugin_that_minifies_pages(tmp_path: Path) -> None:
    """It comes after the fixes of the theme's markup, which it would hide, and before the policy."""
    settings = MKDOCS + "hooks: [minify.py]\nrepo_url: https://github.com/someone/something\n"
    write_site(tmp_path, {"mkdocs.yml": settings, "minify.py": MINIFIER})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    page = built.page("agreement/index.html")
    assert "role=dialog aria-label=Search>" in page
    assert "data-md-component=source>" not in page
    assert "data-engross-contents" in page
    assert page.count("og:title") == 1
    assert page.count("Content-Security-Policy") == 1
    (allowed,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert allowed == policy(page_sources(page))
