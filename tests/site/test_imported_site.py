"""A built site with imported versions: readers see on every page that nobody recorded them at the time."""

import json
import re
import shutil
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from building import DAY, Built, build
from imported_history import TEXT, write_imported_site
from jsonschema import Draft202012Validator
from posting import START, note, post

from engross.record import published_schemas

pytestmark = pytest.mark.slow

GROUP = "entry.1"
"""The change that imports what has no note."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("imported")
    write_imported_site(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        built = build(folder)
    assert (built.status, built.messages) == (0, [])
    return built


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<main")[2] or html).split())


def test_a_version_page(site: Built) -> None:
    page = words(site.page("agreement/versions/1/index.html"))
    banner = site.page("agreement/versions/1/index.html")
    assert "Imported from the file agreement-2018-04-01.md; not recorded at the time" in page
    assert "published 1 April 2018 according to its source" in page
    assert "Sealed 1 March 2025" in page
    assert "imported, not classified" in page
    assert "Approved by not recorded" in page
    assert "ffective" not in page.partition("Address")[0]
    assert "posted" not in banner.partition("<main")[0].partition("banner")[2].partition("</aside>")[0]
    noted = words(site.page("agreement/versions/2/index.html"))
    assert "substantive, material" in noted
    assert "Imported: Ten days to pay" in noted


def test_lists_redlines_and_comparison(site: Built) -> None:
    listed = words(site.page("agreement/versions/index.html"))
    assert "Versions: 3, of which imported: 3." in listed
    assert "Imported; not recorded at the time" in listed
    assert "Imported from the file agreement-2020-06-01.md; not recorded at the time" in listed
    redline = words(site.page("agreement/versions/3/from-2/index.html"))
    assert "Version 3: Imported from the file agreement-2020-06-01.md; not recorded at the time." in redline
    assert "ten" in redline
    compare = site.page("agreement/versions/compare/index.html")
    assert "Version 3, published 1 June 2020 according to its source, imported" in compare
    assert "They were not recorded at the time" in compare
    assert "They were not recorded at the time" in site.page("agreement/versions/clauses/index.html")


def test_the_page_of_the_document(site: Built) -> None:
    page = site.page("agreement/index.html")
    assert "imported, on record since" in page
    assert "in force since" not in page


def test_changes_and_feeds(site: Built) -> None:
    page = words(site.page(f"changes/{GROUP}/index.html"))
    assert "Versions 1 to 3 imported; none was recorded at the time" in page
    own = words(site.page("changes/imported-agreement-2/index.html"))
    assert "Imported from the file agreement-2019-05-01.md; not recorded at the time" in own
    assert "Approved by not recorded" in own
    everything = json.loads(site.page("feeds/changes.json"))["items"]
    assert {one["url"].rpartition("changes/")[2] for one in everything} == {f"{GROUP}/", "imported-agreement-2/"}
    told = ("not recorded at the time", "none was recorded at the time")
    assert all(any(one in item["content_html"] for one in told) for item in everything)
    assert json.loads(site.page("feeds/material.json"))["items"] == []
    for name in ("changes", "material", "agreement"):
        assert "BEGIN:VEVENT" not in site.page(f"feeds/{name}.ics")


def test_since_you_agreed(site: Built) -> None:
    data = json.loads(unescape(re.findall(r"data-engross-dates='(.*?)'", site.page("since/index.html"))[0]))
    assert data["changes"] == []
    (document,) = data["documents"]
    assert document["imported"].endswith("agreement/versions/")
    assert [number for _, number in document["in_force"]] == [3]


def test_files_for_programs(site: Built) -> None:
    schemas = published_schemas()
    facts = json.loads(site.page("agreement/versions/1.json"))
    Draft202012Validator(schemas["version"]).validate(facts)
    assert facts["imported"] == {
        "claimed": {"date": "2018-04-01", "kind": "published"},
        "source": {"kind": "folder", "path": "agreement-2018-04-01.md"},
    }
    assert not {"class", "material"} & facts.keys()
    manifest = json.loads(site.page("manifest.json"))
    Draft202012Validator(schemas["manifest"]).validate(manifest)
    assert manifest["documents"][0]["in_force"]["imported"] is True
    Draft202012Validator(schemas["change"]).validate(
        json.loads(site.page("feeds/changes.json"))["items"][0]["_engross"]
    )


def test_the_page_after_the_next_release(site: Built, tmp_path: Path) -> None:
    """A version that is posted after an import is shown as every other one."""
    folder = tmp_path / "site"
    shutil.copytree(site.site.parent, folder, ignore=shutil.ignore_patterns("site"))
    post(
        folder,
        30,
        "eight",
        note("agreement", "Eight days to pay.", sets="[main]"),
        agreement_DOT_md=TEXT.format("eight").replace("[the law](/law) & [gone](gone.md)", "the law"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        again = build(folder, "again")
    assert (again.status, again.messages) == (0, [])
    page = words(again.page("agreement/versions/4/index.html"))
    assert f"Posted {(START + timedelta(days=30)).day} March 2025" in page
    assert "imported, not classified" in words(again.page("agreement/versions/index.html"))
    assert "in force since" in again.page("agreement/index.html")
