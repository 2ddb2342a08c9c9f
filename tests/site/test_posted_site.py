"""Posted changes on a built site: the list in its pages, and each change's own page."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from building import DAY, Built, build, build_apart, write_site
from mkdocs.config.defaults import MkDocsConfig
from posting import NOW, POSTED_SITE, START, note, post

from engross.record import open_record
from engross.site import post_build
from engross.site.added_files import log_missing_from_nav
from engross.site.log import NOTICE

pytestmark = pytest.mark.slow


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(*next(iter(DAY.items())))


def entries(html: str) -> list[str]:
    """The changes that a page lists, in its order."""
    return re.findall(r'<div class="eg-change-body" id="change\.([a-z0-9.-]+)"', html)


def piece(html: str, slug: str) -> str:
    """The details of one change in a list."""
    return html.split(f'id="change.{slug}"')[1].split("</details>")[0]


def row(html: str, slug: str) -> str:
    """What the row of one change shows before it is opened, as text."""
    summary = html.split(f'id="change.{slug}"')[0].rpartition("<summary>")[2].partition("</summary>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", summary).split())


def links(html: str) -> set[str]:
    return set(re.findall(r'(?:href|src)="([^"#]*)', html))


NEWEST_FIRST = ["typo", "undone", "withdrawn", "prices", "wrong-word", "models", "kinder", "reworded", "first"]
"""By the day from which each applies; what never applied and a correction by the day of posting."""


def test_the_list_has_what_is_announced_on_top_and_then_every_change_newest_first(site: Built) -> None:
    html = site.page("changes/index.html")
    assert entries(html) == ["coming", *NEWEST_FIRST]
    assert re.findall(r'<h2 id="(posted[^"]*)"', html) == ["posted-announced", "posted-2026", "posted-2025"]


def test_the_list_is_at_its_marker(site: Built) -> None:
    html = site.page("changes/index.html")
    assert html.index("Before the list.") < html.index("data-engross-changes") < html.index("After the list.")
    assert "engross: posted changes" not in html


def test_the_table_of_contents_has_the_years_where_the_list_is(site: Built) -> None:
    toc = site.page("changes/index.html").split("md-sidebar--secondary")[1].split("</nav>")[0]
    assert re.findall(r'href="#([^"]+)"', toc) == ["posted-announced", "posted-2026", "posted-2025", "after"]


def test_a_row_says_when_what_and_about_which_documents(site: Built) -> None:
    html = site.page("changes/index.html")
    assert row(html, "coming") == "1 January 2027 From next year The Agreement Material"
    assert row(html, "typo") == "5 April 2026 A typo &amp; https://example.com/ The Agreement"
    assert row(html, "withdrawn") == "posted 17 September 2025 Never to be The Agreement Material Withdrawn"
    assert row(html, "wrong-word").startswith(
        "posted 29 July 2025 The note of the rewording meant must Correction: The"
    )
    assert row(html, "reworded").endswith("The Agreement Material Corrected")
    assert row(html, "first").endswith("The Agreement, Rules of Use, Model list Material")


def test_a_change_says_when_what_and_where_to_read_it(site: Built) -> None:
    shown = piece(site.page("changes/index.html"), "reworded")
    assert '<time datetime="2025-03-31T09:00:00Z">31 March 2025, 09:00 UTC</time>' in shown
    for address in ("../agreement/versions/2/", "../agreement/versions/1/", "../agreement/versions/2/from-1/"):
        assert f'href="{address}"' in shown
    assert "Substantive" in shown
    assert ">Material<" in shown
    assert "T-1" not in shown
    assert "T-1" in site.page("changes/reworded/index.html")
    assert 'href="../changes/reworded/"' in shown


def test_a_summary_is_read_as_markdown_and_its_links_hold(site: Built) -> None:
    shown = piece(site.page("changes/index.html"), "reworded")
    assert '<a href="../agreement/#restrictions">Restrictions</a> and gone.' in shown


def test_grounds_are_shown_with_what_they_cite_and_how_their_conditions_are_met(site: Built) -> None:
    shown = piece(site.page("changes/index.html"), "kinder")
    assert "Posted on this page." not in shown
    shown = site.page("changes/kinder/index.html")
    assert "The law requires it (cites Act 12)" in shown
    assert "<li><em>It is fair.</em> It is fair to all.</li>" in shown
    assert "<li><em>It is safe.</em> No one is hurt.</li>" in shown
    assert "Posted on this page." in shown


def test_a_correction_shows_the_original_and_the_right_description_on_both(site: Built) -> None:
    html = site.page("changes/index.html")
    corrected, correction = piece(html, "reworded"), piece(html, "wrong-word")
    assert "meant <em>must</em>" in corrected
    assert "../changes/wrong-word/" in corrected
    assert re.search(r"Original description\..*?See <a", correction, re.S)
    assert "../changes/reworded/" in correction


def test_what_was_withdrawn_says_so(site: Built) -> None:
    html = site.page("changes/index.html")
    assert "Withdrawn from" in piece(html, "withdrawn")
    assert "Version 3 withdrawn" in piece(html, "undone")


def test_a_page_of_a_document_has_its_own_changes_below_its_text(site: Built) -> None:
    html = site.page("terms/rules/index.html")
    assert entries(html) == ["kinder", "first"]
    assert html.index("Read <a") < html.index("data-engross-changes")
    assert '<select name="document">' not in html


def test_each_change_has_a_page_of_its_own(site: Built) -> None:
    listed = site.page("changes/index.html")
    for slug in entries(listed):
        html = site.page(f"changes/{slug}/index.html")
        assert f'<link rel="canonical" href="https://example.com/changes/{slug}/">' in html
        assert "noindex" not in html
    html = site.page("changes/kinder/index.html")
    assert 'href="../../rules/versions/2/"' in html
    assert "cites Act 12" in html


def test_every_filter_rule_is_about_a_change_there_is(site: Built) -> None:
    html = site.page("changes/index.html")
    (sheet,) = re.findall(r'href="\.\./(assets/engross-filters[^"]+)"', html)
    rules = site.page(sheet)
    assert '.eg-change,.eg-year):not([data-pairs~="rules.material"]' in rules
    pairs = set(" ".join(re.findall(r'<details class="eg-change"[^>]* data-pairs="([^"]*)"', html)).split())
    # The filter for material changes shows what withdraws or corrects one as well.
    assert pairs == {
        f"{name}.{kind}" for name in ("", "agreement", "rules", "models", "pricing") for kind in ("", "material")
    }
    assert "eg-material" not in row(html, "undone")


def test_the_page_of_what_applied_on_a_date_leads_to_what_changed_since(site: Built) -> None:
    html = site.page("in-force/index.html")
    assert '<link rel="canonical" href="https://example.com/since/">' in html
    assert '<noscript><meta http-equiv="refresh" content="0; url=../since/"></noscript>' in html
    assert "../assets/moved.js" in html


def test_since_lists_every_change_by_year_with_its_redlines(site: Built) -> None:
    html = site.page("since/index.html")
    assert re.findall(r'<h3 id="since-(\d+)">', html) == ["2027", "2026", "2025"]
    assert {"../agreement/versions/4/from-2/", "../rules/versions/2/from-1/"} <= links(html)
    slugs = ["coming", "typo", "withdrawn", "undone", "prices", "wrong-word", "models", "kinder", "reworded", "first"]
    assert re.findall(r'<a href="\.\./changes/([a-z-]+)/"', html) == slugs
    days = re.findall(r'<li><span class="eg-day"><time datetime="([^"]*)"', html)
    assert len(days) == 10
    assert days == sorted(days, reverse=True)
    assert '<time datetime="2025-07-29T09:00:00Z">29 July 2025, 09:00 UTC</time> (posted)' in html
    assert "eg-window" not in html
    assert "an agreement of your own with the provider, it prevails" in html


def test_since_is_linked_from_documents_and_posted_changes(site: Built) -> None:
    for page, link in {
        "agreement/index.html": "../since/",
        "terms/rules/index.html": "../../since/",
        "changes/index.html": "../since/",
    }.items():
        content = site.page(page).partition("<article")[2].partition("</article>")[0]
        assert f'href="{link}"' in content, page


@pytest.mark.parametrize(
    ("nav", "noticed"),
    [
        ([{"Home": "index.md"}], True),
        ([{"Home": "index.md"}, {"Terms": [{"Since": "since.md"}]}], False),
        (["index.md", "since.md"], False),
        (None, False),
    ],
)
def test_a_navigation_without_since_is_reported_with_the_line_to_paste(
    caplog: pytest.LogCaptureFixture, nav: list[object] | None, noticed: bool
) -> None:
    """It fails no strict build: the navigation of sites made by version 0.1 has no such line."""
    config = MkDocsConfig()
    config.nav, config.config_file_path = nav, "mkdocs.yml"
    with caplog.at_level(NOTICE):
        log_missing_from_nav(config)
    assert ("\n  - What changed since you agreed: since.md" in caplog.text) == noticed
    assert [one.levelno for one in caplog.records] == [NOTICE] * noticed


def test_how_changes_are_posted_is_shown_once_and_on_a_page_of_a_document_for_it_alone(
    tmp_path: Path, today: None
) -> None:
    documents = str(POSTED_SITE["docs/documents.yml"])
    documents = documents.replace("numbering: true", "numbering: true, policy: Posted on this page.")
    documents = documents.replace("file: models.yml,", "file: models.yml, policy: Posted when we like.,")
    write_site(tmp_path, {**POSTED_SITE, "docs/documents.yml": documents})
    post(tmp_path, 0, "first", note("agreement, rules, models", "First.", grounds="[{ground: law, cites: Act 1}]"))
    built = build(tmp_path)
    sentences = ["The Agreement, Rules of Use: Posted on this page.", "Model list: Posted when we like."]
    assert policies(built.page("changes/index.html")) == [*sentences, "Prices: Posted by choice."]
    assert policies(built.page("terms/rules/index.html")) == ["Posted on this page."]
    own = built.page("changes/first/index.html")
    assert re.findall(r"<dt>How changes are posted</dt><dd>(.*?)</dd>", own) == sentences


def policies(html: str) -> list[str]:
    """How changes are posted, below a list."""
    (found,) = re.findall(r'<dl class="eg-policies"><dt>How changes are posted</dt>(.*?)</dl>', html, re.S)
    return re.findall(r"<dd>(.*?)</dd>", found)


def test_every_link_holds(site: Built) -> None:
    pages = ["changes/index.html", "since/index.html", "in-force/index.html", "terms/rules/index.html"]
    pages += [name for name in site.files() if name.startswith("changes/") and name.endswith("index.html")]
    for page in pages:
        for link in links(site.page(page)):
            if urlsplit(link).scheme:
                continue
            path = urljoin(f"/{page}", link).lstrip("/")
            assert (site.site / (f"{path}index.html" if not path or path.endswith("/") else path)).is_file(), (
                page,
                link,
            )


@pytest.mark.long
def test_the_same_commit_gives_the_same_bytes_with_and_without_a_cache(
    history: Path, tmp_path: Path, today: None, site: Built
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(history, copy, ignore=shutil.ignore_patterns(".cache", "site"))
    cold = build(copy)
    first = {name: (cold.site / name).read_bytes() for name in cold.files()}
    warm = build(copy)
    assert {name: (warm.site / name).read_bytes() for name in warm.files()} == first
    assert {name: (site.site / name).read_bytes() for name in site.files()} == first


def test_a_page_says_that_nothing_is_posted(tmp_path: Path, today: None) -> None:
    write_site(tmp_path, POSTED_SITE)
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    for page in ("changes", "since", "terms/rules"):
        assert "Nothing has been posted yet." in built.page(f"{page}/index.html")
    assert json.loads(built.page("manifest.json"))["ledger"] == {"entries": 0}
    assert json.loads(built.page("feeds/changes.json"))["items"] == []
    assert not [name for name in built.files() if name.startswith("acceptance/")]


def test_without_a_marker_the_page_that_most_documents_name_has_the_list_at_its_end(
    tmp_path: Path, today: None
) -> None:
    write_site(tmp_path, {**POSTED_SITE, "docs/changes.md": "# Changes\n\nNone.\n"})
    post(tmp_path, 0, "first", note("agreement, rules, models", "First."))
    html = build(tmp_path).page("changes/index.html")
    assert entries(html) == ["first"]
    assert html.index("None.") < html.index('<h2 id="posted">Posted changes</h2>')


def test_without_an_address_of_the_site_feeds_have_relative_links(tmp_path: Path, today: None) -> None:
    mkdocs = str(POSTED_SITE["mkdocs.yml"]).replace("site_url: https://example.com/\n", "")
    documents = str(POSTED_SITE["docs/documents.yml"]).replace("authority: example.com,2025\n", "")
    write_site(tmp_path, {**POSTED_SITE, "mkdocs.yml": mkdocs, "docs/documents.yml": documents})
    post(tmp_path, 0, "first", note("agreement, rules, models", "First."))
    built = build(tmp_path)
    (item,) = json.loads(built.page("feeds/changes.json"))["items"]
    assert item["url"] == "../changes/first/"
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", item["id"])
    assert 'rel="self"' not in built.page("feeds/changes.xml")


def test_ids_and_addresses_hold_when_a_document_moves_and_is_renamed(tmp_path: Path, today: None) -> None:
    write_site(tmp_path, POSTED_SITE)
    post(tmp_path, 0, "first", note("agreement, rules, models", "See [the rules](../terms/rules.md)."))
    before = json.loads(build(tmp_path).page("feeds/rules.json"))["items"]
    documents = str(POSTED_SITE["docs/documents.yml"]).replace("terms/rules.md", "conduct.md")
    moved = documents.replace("Rules of Use", "Rules of Conduct")
    text = str(POSTED_SITE["docs/terms/rules.md"]).replace("../agreement.md", "agreement.md")
    (tmp_path / "docs/documents.yml").write_text(moved, "utf-8")
    (tmp_path / "docs/terms/rules.md").unlink()
    (tmp_path / "docs/conduct.md").write_text(text, "utf-8")
    agreement = (tmp_path / "docs/agreement.md").read_text("utf-8").replace("terms/rules.md", "conduct.md")
    (tmp_path / "docs/agreement.md").write_text(agreement, "utf-8")
    mkdocs = (tmp_path / "mkdocs.yml").read_text("utf-8").replace("terms/rules.md", "conduct.md")
    (tmp_path / "mkdocs.yml").write_text(mkdocs, "utf-8")
    post(tmp_path, 1, "moved", note("agreement, rules", "The rules moved.", grounds="[{ground: law, cites: Act 1}]"))
    built = build(tmp_path)
    after = {item["id"]: item for item in json.loads(built.page("feeds/rules.json"))["items"]}
    assert before[0]["id"] in after
    assert after[before[0]["id"]]["url"] == before[0]["url"]
    assert '<a href="../conduct/">the rules</a>' in built.page("changes/index.html")


def test_a_site_without_folders_for_pages_keeps_these_addresses(tmp_path: Path, today: None) -> None:
    mkdocs = f"{POSTED_SITE['mkdocs.yml']}use_directory_urls: false\n".replace(
        "nav:", "use_directory_urls: false\nnav:"
    )
    write_site(tmp_path, {**POSTED_SITE, "mkdocs.yml": mkdocs.removesuffix("use_directory_urls: false\n")})
    post(tmp_path, 0, "first", note("agreement, rules, models", "See [it](../agreement.md)."))
    built = build(tmp_path)
    assert {"in-force/index.html", "since/index.html", "changes/first/index.html"} <= built.files()
    assert 'href="changes/first/index.html"' in built.page("changes.html")
    assert 'href="../../agreement.html"' in built.page("changes/first/index.html")


@pytest.mark.long
def test_a_build_for_a_past_day_shows_what_was_known_then(history: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(history, copy, ignore=shutil.ignore_patterns(".cache", "site"))
    past = START + timedelta(days=205)
    built = build_apart(copy, SOURCE_DATE_EPOCH=str(int(past.timestamp())))
    assert built.status == 0, built.messages
    assert entries(built.page("changes/index.html"))[:2] == ["withdrawn", "prices"]
    assert "Withdrawn from" not in built.page("changes/index.html")
    assert past < NOW


def test_more_files_than_hosts_take_are_noticed(
    site: Built, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record = open_record(site.site.parent / "record")
    with caplog.at_level(NOTICE):
        post_build.log_many_files(record, site.site)
        monkeypatch.setattr(post_build, "_MANY_VERSIONS", 5)
        post_build.log_many_files(record, site.site)
        assert caplog.messages == []
        monkeypatch.setattr(post_build, "_MOST_FILES", 20)
        post_build.log_many_files(record, site.site)
    (message,) = caplog.messages
    assert "Some hosts take at most 20" in message
