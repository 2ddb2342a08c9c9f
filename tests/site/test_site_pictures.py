"""A version shows its pictures as posted: on its page, in its self-contained file, and while it is in force."""

import base64
import json
import re
from pathlib import Path

import pytest
from building import MKDOCS, RULES, Built, build, write_site
from posting import POSTED_SITE, note, post

from engross.record import open_record

pytestmark = pytest.mark.slow

PICTURED = RULES.replace(
    "## Conduct\n", "![Flow of data](img/flow.png)\n\n## Conduct\n\nSee ![key][k].\n\n[k]: key.svg\n"
)
GIVEN = "[{ground: law, cites: Act 12}]"
OLD, NEW, KEY = b"\x89PNG old", b"\x89PNG new", b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def put(folder: Path, flow: bytes) -> None:
    (folder / "docs/terms/img").mkdir(exist_ok=True)
    (folder / "docs/terms/img/flow.png").write_bytes(flow)
    (folder / "docs/terms/key.svg").write_bytes(KEY)


def shown(built: Built, page: str, alt: str = "Flow of data") -> bytes:
    """The bytes of a picture that a page shows."""
    (source,) = re.findall(rf'<img src="([^"]*)" alt="{alt}"', built.page(page))
    if source.startswith("data:"):
        return base64.b64decode(source.partition("base64,")[2])
    found: bytes = (built.site / page).parent.joinpath(source).resolve().read_bytes()
    return found


def good(folder: Path) -> Built:
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    return built


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site whose rules show pictures, posted."""
    write_site(tmp_path, {**POSTED_SITE, "docs/terms/rules.md": PICTURED})
    put(tmp_path, OLD)
    post(tmp_path, 0, "first", note("agreement, rules, models", "First."))
    return tmp_path


@pytest.mark.long
@pytest.mark.parametrize("directories", [True, False])
def test_a_version_shows_its_pictures_as_posted(folder: Path, directories: bool) -> None:
    if not directories:
        (folder / "mkdocs.yml").write_text(MKDOCS + "  - In force: in-force.md\nuse_directory_urls: false\n", "utf-8")
    page = "terms/rules/index.html" if directories else "terms/rules.html"
    built = good(folder)
    assert shown(built, page) == OLD
    put(folder, NEW)
    built = good(folder)
    for name in (page, "rules/versions/1/index.html", "rules/versions/1.html"):
        assert shown(built, name) == OLD, name
        assert shown(built, name, "key") == KEY
    post(folder, 10, "second", note("rules", "Another picture.", grounds=GIVEN))
    built = good(folder)
    assert shown(built, page) == NEW
    for number, data in (("1", OLD), ("2", NEW)):
        assert shown(built, f"rules/versions/{number}/index.html") == data
        assert shown(built, f"rules/versions/{number}.html") == data
    assert "Pictures changed: Flow." in built.page("rules/versions/2/from-1/index.html")
    assert "were not sealed" not in built.page("rules/versions/1/index.html")


def test_the_draft_shows_the_picture_of_the_docs(folder: Path) -> None:
    put(folder, NEW)
    config = (folder / "mkdocs.yml").read_text("utf-8").replace("check: false", "check: false, edition: draft")
    (folder / "mkdocs.yml").write_text(config, "utf-8")
    assert shown(good(folder), "terms/rules/index.html") == NEW


def test_the_self_contained_file_may_show_what_it_holds(folder: Path) -> None:
    html = good(folder).page("rules/versions/1.html")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert "img-src 'self' data:" in policy
    assert not re.search(r'<img src="(?!data:)', html)


def test_facts_name_each_picture_with_its_hash(folder: Path) -> None:
    built = good(folder)
    facts = json.loads(built.page("rules/versions/1.json"))
    (version,) = open_record(folder / "record").versions["rules"]
    assert [(one["path"], one["sha256"]) for one in facts["pictures"]] == [
        (one.path, one.sha256) for one in version.sealed.pictures
    ]
    address = facts["pictures"][0]["url"].removeprefix("https://example.com/")
    assert (built.site / address).read_bytes() == OLD
    assert "SHA-256 of the picture terms/img/flow.png" in built.page("rules/versions/1/index.html")
    assert "pictures" not in json.loads(built.page("agreement/versions/1.json"))


def test_a_picture_that_is_gone_is_shown_as_posted(folder: Path) -> None:
    (folder / "docs/terms/img/flow.png").unlink()
    assert shown(good(folder), "terms/rules/index.html") == OLD


def test_a_version_without_sealed_pictures_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records of 0.1 sealed none."""
    from engross.record.posting import sealing

    monkeypatch.setattr(sealing, "docs_pictures", lambda *_: {})
    (folder / "docs/terms/rules.md").write_text(PICTURED.replace("Be kind", "Be very kind"), "utf-8")
    post(folder, 10, "second", note("rules", "As 0.1 posted it.", grounds=GIVEN))
    put(folder, NEW)
    built = good(folder)
    message = "were not sealed when this version was posted: terms/img/flow.png, terms/key.svg."
    assert message in built.page("rules/versions/2/index.html")
    assert message not in built.page("rules/versions/1/index.html")
    assert shown(built, "rules/versions/2/index.html") == NEW
    assert '<span class="picture">Flow of data</span>' in built.page("rules/versions/2.html")
