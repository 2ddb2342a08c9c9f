"""Settings: what is read, its defaults, and whether the files exist."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engross.corpus.docs_files import missing_files
from engross.corpus.fields import DRAFT, address_mistake, derived_address, file_mistake, https_mistake
from engross.corpus.settings import Settings, documents_schema, read_settings
from engross.corpus.yaml import plain
from engross.corpus.yaml_nodes import compose
from engross.model import DocumentEntry, DocumentKind, SetEntry

from .sources import case, source


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_settings(case("documents-good.yml"))


def test_everything_written_is_read(settings: Settings) -> None:
    assert settings.timezone == "Europe/Berlin"
    assert settings.notice == "Text on this site is an example."
    assert settings.email_list == "https://example.com/subscribe"
    assert settings.sets == (
        SetEntry(
            id="hosting",
            title="Hosting",
            agreement="agreement",
            incorporates=("acceptable-use", "models", "price-list"),
            precedence=(("agreement",), ("acceptable-use", "price-list")),
            line=4,
        ),
    )
    assert settings.document("acceptable-use") == DocumentEntry(
        id="acceptable-use",
        title="Acceptable Use Policy",
        kind=DocumentKind.URL_TERMS,
        file="terms/acceptable use.md",
        published="terms/acceptable%20use/",
        changes="changes.md",
        description="What must not be hosted.",
        line=13,
    )


def test_defaults(settings: Settings) -> None:
    assert settings.document("agreement").published == "hosting/"
    assert settings.document("agreement").numbering is True
    assert settings.document("models").numbering is False
    assert settings.document("price-list").file == ""
    assert (read_settings(source(MINIMAL)).timezone, read_settings(source(MINIMAL)).notice) == ("UTC", "")


def test_lookups(settings: Settings) -> None:
    assert settings.set("hosting") is settings.sets[0]
    assert settings.sets_with("models") == settings.sets
    assert settings.sets_with("elsewhere") == ()
    for look_up in (settings.document, settings.set):
        with pytest.raises(KeyError):
            look_up("nowhere")


MINIMAL = """\
sets: [{id: s, title: S, agreement: a}]
documents: [{id: a, title: A, kind: agreement, file: terms/a.md}]
"""


def found_in(docs: Path) -> list[str]:
    return [str(found) for found in missing_files(read_settings(source(MINIMAL)), docs).values()]


def test_a_file_that_exists(tmp_path: Path) -> None:
    (tmp_path / "terms").mkdir()
    (tmp_path / "terms/a.md").write_text("# A")
    assert found_in(tmp_path) == []


def test_a_missing_file(tmp_path: Path) -> None:
    missing = "f.yml:2:54: documents[0].file: there is no file terms/a.md in the docs folder"
    assert found_in(tmp_path) == [missing]
    (tmp_path / "terms/a.md").mkdir(parents=True)
    assert found_in(tmp_path) == [missing]
    (tmp_path / "terms/b.md").write_text("# A")
    assert found_in(tmp_path) == [f'{missing}; did you mean "terms/b.md"?']


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "terms").mkdir()
    (tmp_path / "terms/a.md").symlink_to(tmp_path / "terms/a.md")
    assert len(found_in(tmp_path)) == 1


def test_the_schema_accepts_what_is_read_and_describes_every_option() -> None:
    shape = documents_schema()
    Draft202012Validator.check_schema(shape)
    assert shape["$schema"] == DRAFT
    assert "null" not in json.dumps(shape)
    root, _ = compose(case("documents-good.yml"))
    assert root is not None
    Draft202012Validator(shape).validate(json.loads(json.dumps(plain(root))))
    for table in (shape, *shape["$defs"].values()):
        assert all(option.get("description") for option in table.get("properties", {}).values())


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("agreement.md", "agreement/"),
        ("x/index.md", "x/"),
        ("x/README.md", "x/"),
        ("index.md", "./"),
        ("x/y.markdown", "x/y/"),
        ("version-1.2.md", "version-1.2/"),
        ("models.yml", "models/"),
        ("tërms & more.md", "t%C3%ABrms%20%26%20more/"),
    ],
)
def test_addresses_are_derived_as_mkdocs_does(file: str, address: str) -> None:
    assert derived_address(file) == address
    assert address_mistake(address) == ("", "")
    assert not file_mistake(file)


@pytest.mark.parametrize("address", ["a//", "/", "", "a?b/", "a#b/", "a b/", "./a/", "a/../b/", "mailto:x/", "//x/"])
def test_what_is_no_address(address: str) -> None:
    assert address_mistake(address)[0]


@pytest.mark.parametrize("url", ["https://example.com", "https://example.com:8080/a?b=c#d", "https://a.b.example/é"])
def test_https(url: str) -> None:
    assert not https_mistake(url)


@pytest.mark.parametrize("url", ["http://example.com", "https://", "https:/x", "https://x:y/", "https://host/", "x"])
def test_no_https(url: str) -> None:
    assert https_mistake(url)
