"""Files that are not Engross's own: they are published unchanged, and never replaced or lost without a message."""

from pathlib import Path

import pytest
from building import DOCUMENTS, MKDOCS, MODELS, build, write_site
from posting import POSTED_SITE, note, post

pytestmark = pytest.mark.slow

OTHERS: dict[str, str | bytes | None] = {
    "docs/openapi.yml": "openapi: 3.1.0\n",
    "docs/data/prices.yaml": "small: 1\n",
    "docs/terms/words.yml": "download: Load\n",
    "docs/changes.yml": "a: b\n",
}
OWN: dict[str, str | bytes | None] = {
    "docs/documents.yml": None,
    "docs/models.yml": None,
    "docs/contracts/all.yml": DOCUMENTS.replace("models.yml", "contracts/list.yaml"),
    "docs/contracts/list.yaml": MODELS,
    "docs/notes/first.md": "# Not a page\n",
    "docs/own/words.yml": "download: Load\n",
    "docs/own/changed.html": "{% include 'changed.html' %}",
    "docs/kept/ledger.jsonl": b"",
    "mkdocs.yml": MKDOCS.replace(
        "{check: false}",
        "{check: false, documents: ./contracts/all.yml, notes: notes/, templates: docs/own, record: docs/kept}",
    ).replace("models.md", "contracts/list.md"),
    "docs/index.md": "# Home\n",
}


def test_yaml_of_others_is_published(tmp_path: Path) -> None:
    write_site(tmp_path, OTHERS)
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    for name, content in OTHERS.items():
        assert built.page(name.removeprefix("docs/")) == content
    assert not {name for name in built.files() if name.endswith((".yml", ".yaml"))} - {
        name.removeprefix("docs/") for name in OTHERS
    }


def test_what_only_engross_reads_is_not_published_wherever_it_is(tmp_path: Path) -> None:
    write_site(tmp_path, {**OTHERS, **OWN})
    (tmp_path / "docs/kept/ledger.jsonl").unlink()
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert {name for name in built.files() if name.endswith((".yml", ".yaml"))} == {
        name.removeprefix("docs/") for name in OTHERS
    }
    assert not [name for name in built.files() if name.startswith(("notes/", "own/", "kept/"))]


def test_a_list_of_models_that_was_posted_and_is_no_longer_listed_is_not_published(tmp_path: Path) -> None:
    write_site(tmp_path, POSTED_SITE)
    post(tmp_path, 0, "first-posting", note("agreement, rules, models", "First."))
    settings, listed = POSTED_SITE["mkdocs.yml"], POSTED_SITE["docs/documents.yml"]
    assert isinstance(listed, str)
    assert isinstance(settings, str)
    renamed = listed.replace("file: models.yml", "file: models-2.yml, published: models/")
    write_site(tmp_path, {"docs/documents.yml": renamed, "docs/models-2.yml": MODELS})
    built = build(tmp_path)
    assert built.status == 0, built.messages
    assert {name for name in built.files() if name.startswith("models") and "versions" not in name} == {
        "models/index.html",
        "models/models.json",
        "models/models.csv",
        "models/models.schema.json",
        "models/models-dev.json",
        "models/models.filters.css",
    }


DOTTED = """
from pathlib import Path

def on_files(files, config):
    for name in (".nav.yml", ".meta.yml", "terms/.pages"):
        assert files.get_file_from_path(name), name
"""


def test_settings_of_other_plugins_can_be_read(tmp_path: Path) -> None:
    dotted = {"docs/.nav.yml": "nav: []\n", "docs/.meta.yml": "a: b\n", "docs/terms/.pages": "title: T\n"}
    write_site(tmp_path, {**dotted, "hook.py": DOTTED, "mkdocs.yml": MKDOCS + "hooks: [hook.py]\n"})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert not {".nav.yml", ".meta.yml", "terms/.pages"} & built.files()


RESERVED_IDS = {
    "docs/manifest.json": "manifest.json",
    "docs/upcoming.json": "upcoming.json",
    "docs/feeds/changes.xml": "feeds/changes.xml",
    "docs/feeds/agreement.json": "feeds/agreement.json",
    "docs/acceptance/agreement.json": "acceptance/agreement.json",
    "docs/acceptance/sets/main.json": "acceptance/sets/main.json",
    "docs/schemas/manifest.schema.json": "schemas/manifest.schema.json",
    "docs/record/ledger.jsonl": "record/ledger.jsonl",
    "docs/models/models.json": "models/models.json",
    "docs/models/models.schema.json": "models/models.schema.json",
}


@pytest.mark.parametrize(("name", "made"), RESERVED_IDS.items(), ids=RESERVED_IDS.keys())
def test_a_file_where_engross_makes_one(tmp_path: Path, name: str, made: str) -> None:
    write_site(tmp_path, POSTED_SITE)
    post(tmp_path, 0, "first-posting", note("agreement, rules, models", "First."))
    write_site(tmp_path, {**POSTED_SITE, name: "{}", "site/before.html": "before"})
    built = build(tmp_path)
    assert built.status == 1
    assert built.messages == [
        f"{name}: Engross publishes {made} itself, and one of the two would be lost; rename this file"
    ]
    assert built.files() == {"before.html"}


def test_a_file_of_the_theme_where_engross_makes_one(tmp_path: Path) -> None:
    themed = MKDOCS.replace("font: false", "font: false, custom_dir: theme")
    write_site(tmp_path, {"mkdocs.yml": themed, "theme/manifest.json": "{}"})
    built = build(tmp_path)
    assert built.status == 1
    assert built.messages[0].startswith("theme/manifest.json: Engross publishes manifest.json itself")


def test_names_in_messages_are_those_of_the_docs_folder(tmp_path: Path) -> None:
    write_site(tmp_path)
    (tmp_path / "docs").rename(tmp_path / "texts")
    (tmp_path / "mkdocs.yml").write_text(MKDOCS + "docs_dir: texts\n", "utf-8")
    (tmp_path / "texts/manifest.json").write_text("{}", "utf-8")
    assert build(tmp_path).messages[0].startswith("texts/manifest.json: ")


def test_what_a_site_may_have_in_place_of_what_is_made(tmp_path: Path) -> None:
    own: dict[str, str | bytes | None] = {
        "docs/robots.txt": "mine",
        "docs/llms.txt": "mine",
        "docs/defined-terms.md": "# Mine\n",
    }
    write_site(tmp_path, own)
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert (built.page("robots.txt"), built.page("llms.txt")) == ("mine", "mine")
    assert "Mine" in built.page("defined-terms/index.html")
