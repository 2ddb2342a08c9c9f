"""The self-contained HTML copy of a version."""

import os
import re
from pathlib import Path

import pytest
from archive_parts import build_for_day, links
from building import AGREEMENT, MKDOCS, SITE, Built, write_site
from posting import note, post

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parent.parent / "cases" / "kept"


@pytest.mark.parametrize("number", [2, 3, 5])
def test_the_file_to_keep(site: Built, number: int) -> None:
    """The whole file of superseded, withdrawn and announced versions, without its style and the hash of that.

    ENGROSS_UPDATE=1 writes what comes out; read the difference before it is committed.
    """
    page = re.sub(r"<style>.*?</style>", "<style></style>", site.page(f"agreement/versions/{number}.html"), flags=re.S)
    page = re.sub(r"'sha256-[^']*'", "'sha256-of-the-style'", page)
    wanted = GOLDEN / f"agreement-{number}.html"
    if os.environ.get("ENGROSS_UPDATE") == "1":
        wanted.write_text(page, encoding="utf-8", newline="\n")
    assert page == wanted.read_text("utf-8")


def test_a_file_to_keep_has_each_id_once_and_leads_only_to_itself_or_by_full_addresses(site: Built) -> None:
    for path in site.site.glob("*/versions/*.html"):
        if path.name == "index.html":
            continue
        page = path.read_text("utf-8")
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path
        found = links(page)
        assert all(link.removeprefix("#") in ids for link in found if link.startswith("#")), path
        assert all(link.startswith(("#", "https://")) for link in found), path


def test_a_file_to_keep_of_a_site_without_an_address_leads_nowhere_and_asks_for_no_picture(tmp_path: Path) -> None:
    write_site(tmp_path, SITE | {"mkdocs.yml": MKDOCS.replace("site_url: https://example.com/\n", "")})
    drawn = AGREEMENT.replace("Either party", "![A plan](plan.png) Either party")
    (tmp_path / "docs/plan.png").write_bytes(b"plan")
    post(tmp_path, 0, "first", note("agreement, rules, models", "First."), agreement_DOT_md=drawn)
    built = build_for_day(tmp_path)
    assert (built.status, built.messages) == (0, [])
    page = built.page("agreement/versions/1.html")
    assert re.findall('<img src="([^"]*)"', page) == ["data:image/png;base64,cGxhbg=="]
    assert all(link.startswith(("#", "https://")) for link in links(page))
    assert "rules: /rules/versions/1/#conduct" in page
    assert '<img src="' in built.page("agreement/versions/1/index.html")
