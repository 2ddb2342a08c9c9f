"""No file is published at an address of the record: the build fails with a message, and the old site stays."""

from pathlib import Path

import pytest
from building import build, write_site
from posting import DOCUMENTS_POSTED, POSTED_SITE, note, post

pytestmark = pytest.mark.slow

DOCUMENTS = {
    "agreement/versions/": "agreement/versions/",
    "agreement/versions/1/": "agreement/versions/",
    "agreement/versions/1/from-2/": "agreement/versions/",
    "changes/first-posting/": "changes/first-posting/",
    "in-force/": "in-force/",
    "since/": "since/",
    "manifest.json/": "manifest.json/",
}


@pytest.mark.parametrize(("address", "kept"), DOCUMENTS.items(), ids=DOCUMENTS.keys())
def test_a_document(tmp_path: Path, address: str, kept: str) -> None:
    listed = DOCUMENTS_POSTED.replace("file: terms/rules.md,", f"file: terms/rules.md, published: {address},")
    write_site(tmp_path, {**POSTED_SITE, "docs/documents.yml": listed})
    post(tmp_path, 0, "first-posting", note("agreement, rules, models", "First."))
    # Where the note is read from is not where it is published.
    (tmp_path / "docs/changes").rename(tmp_path / "docs/notes")
    settings = POSTED_SITE["mkdocs.yml"]
    assert isinstance(settings, str)
    write_site(
        tmp_path,
        {
            **POSTED_SITE,
            "docs/documents.yml": listed,
            "mkdocs.yml": settings.replace("{check: false}", "{check: false, notes: notes}"),
        },
    )
    built = build(tmp_path)
    assert built.status == 1
    (messages,) = built.messages
    assert f"documents[1].published: {kept} is kept for what Engross publishes of the record" in messages
    assert built.files() == set()


@pytest.mark.parametrize("page", ["agreement/versions/1/index.md", "agreement/versions/1.html", "in-force/index.md"])
def test_a_file(tmp_path: Path, page: str) -> None:
    write_site(tmp_path, {**POSTED_SITE, f"docs/{page}": "# Mine\n"})
    post(tmp_path, 0, "first-posting", note("agreement, rules, models", "First."))
    built = build(tmp_path)
    assert built.status == 1
    (messages,) = built.messages
    assert messages.startswith(f"docs/{page}: ")


def test_a_page_in_place_of_one_that_is_made(tmp_path: Path) -> None:
    write_site(tmp_path, {**POSTED_SITE, "docs/in-force.md": "# Mine\n"})
    post(tmp_path, 0, "first-posting", note("agreement, rules, models", "First."))
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert "Mine" in built.page("in-force/index.html")
