"""Posted changes on a built site: the list in its pages, each change's own page, feeds, files for programs."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from building import DAY, Built, build, build_apart, write_site
from jsonschema import Draft202012Validator
from mkdocs.config.defaults import MkDocsConfig
from posting import NOW, POSTED_SITE, START, note, post, write_history

from engross.record import addresses
from engross.site.added_files import log_missing_from_nav
from engross.site.log import NOTICE

pytestmark = pytest.mark.slow

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    write_history(folder)
    return folder


@pytest.fixture(scope="module")
def site(history: Path) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        built = build(history)
    assert (built.status, built.messages) == (0, [])
    return built


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
NEWEST_POSTED = ["typo", "undone", "withdrawn", "wrong-word", "prices", "models", "kinder", "reworded", "first"]


def test_the_list_has_what_is_announced_on_top_and_then_every_change_newest_first(site: Built) -> None:
    html = site.page("changes/index.html")
    assert entries(html) == ["coming", *NEWEST_FIRST]
    assert re.findall(r'<h2 id="(posted[^"]*)"', html) == ["posted-announced", "posted-2026", "posted-2025"]


def test_the_list_stands_at_its_marker(site: Built) -> None:
    html = site.page("changes/index.html")
    assert html.index("Before the list.") < html.index("data-engross-changes") < html.index("After the list.")
    assert "engross: posted changes" not in html


def test_the_table_of_contents_has_the_years_where_the_list_stands(site: Built) -> None:
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


def test_grounds_are_told_with_what_they_cite_and_how_their_conditions_are_met(site: Built) -> None:
    shown = piece(site.page("changes/index.html"), "kinder")
    assert "Posted on this page." not in shown
    shown = site.page("changes/kinder/index.html")
    assert "The law requires it (cites Act 12)" in shown
    assert "<li><em>It is fair.</em> It is fair to all.</li>" in shown
    assert "<li><em>It is safe.</em> No one is hurt.</li>" in shown
    assert "Posted on this page." in shown


def test_a_correction_shows_what_was_said_and_what_is_right_on_both(site: Built) -> None:
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
def test_a_navigation_without_since_is_told_with_the_line_to_paste(
    caplog: pytest.LogCaptureFixture, nav: list[object] | None, noticed: bool
) -> None:
    """It fails no strict build: the navigation of sites made by version 0.1 has no such line."""
    config = MkDocsConfig()
    config.nav, config.config_file_path = nav, "mkdocs.yml"
    with caplog.at_level(NOTICE):
        log_missing_from_nav(config)
    assert ("\n  - What changed since you agreed: since.md" in caplog.text) == noticed
    assert [one.levelno for one in caplog.records] == [NOTICE] * noticed


def test_how_changes_are_posted_is_said_once_and_on_a_page_of_a_document_for_it_alone(
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


def test_pages_name_their_feeds_and_documents_their_acceptance_record(site: Built) -> None:
    html = site.page("terms/rules/index.html")
    named = re.findall(r'<link rel="alternate[^>]*href="\.\./\.\./feeds/([a-z]+\.[a-z]+)"', html)
    assert named == [f"{name}{suffix}" for name in ("changes", "material", "rules") for suffix in (".xml", ".json")]
    assert 'href="../../acceptance/rules.json"' in html
    assert "feeds/material.xml" in site.page("index.html").split("</head>")[0]


def feed_files(site: Built) -> set[str]:
    return {name for name in site.files() if name.startswith("feeds/")}


def test_there_are_feeds_for_all_for_each_document_and_for_what_is_material(site: Built) -> None:
    names = ["agreement", "changes", "material", "models", "pricing", "rules"]
    assert feed_files(site) == {f"feeds/{name}{suffix}" for name in names for suffix in (".ics", ".json", ".xml")}


@pytest.mark.parametrize(
    ("feed", "slugs"),
    [
        ("changes", ["coming", *NEWEST_POSTED]),
        # The feed of material changes includes withdrawals and corrections of material changes.
        ("material", ["coming", "undone", "withdrawn", "wrong-word", "prices", "kinder", "reworded", "first"]),
        ("rules", ["kinder", "first"]),
        ("pricing", ["prices"]),
    ],
)
def test_a_feed_tells_its_changes_under_ids_for_good(site: Built, feed: str, slugs: list[str]) -> None:
    ids = [f"tag:example.com,2025:changes/{slug}" for slug in slugs]
    items = json.loads(site.page(f"feeds/{feed}.json"))["items"]
    assert [item["id"] for item in items] == ids
    root = ElementTree.fromstring(site.page(f"feeds/{feed}.xml"))
    assert [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")] == [item["id"] for item in items]


def test_why_a_change_is_editorial_is_told_wherever_the_change_is(site: Built) -> None:
    why = "Day 1 &amp; Day 2 are the same day."
    for page in ("changes/typo/index.html", "changes/index.html"):
        assert f"<dt>Why it is editorial</dt><dd>{why}</dd>" in site.page(page), page
    (item,) = (one for one in json.loads(site.page("feeds/changes.json"))["items"] if one["id"].endswith("/typo"))
    assert item["_engross"]["editorial_because"] == "Day 1 & Day 2 are the same day."
    assert why in item["content_html"]
    assert "Why it is editorial" in site.page("feeds/agreement.xml")


def test_atom_is_what_rfc_4287_asks_for(site: Built) -> None:
    for name in sorted(feed_files(site)):
        if name.endswith(".xml"):
            root = ElementTree.fromstring(site.page(name))
            check_atom(root, name)


def check_atom(root: ElementTree.Element, name: str) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: one id, title and updated each; an author; a self and an alternate link."""
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    for element in (root, *root.iter(f"{ATOM}entry")):
        for tag in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{tag}")) == 1, (name, tag)
        assert urlsplit(element.findtext(f"{ATOM}id") or "").scheme
        assert stamp.fullmatch(element.findtext(f"{ATOM}updated") or "")
        (alternate,) = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert urlsplit(alternate.get("href", "")).scheme == "https"
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    (own,) = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == f"https://example.com/{name}"
    assert all(entry.find(f"{ATOM}content").get("type") == "html" for entry in root.iter(f"{ATOM}entry"))  # type: ignore[union-attr]


JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "pattern": "^https://"},
        "feed_url": {"type": "string", "pattern": "^https://"},
        "language": {"type": "string"},
        "authors": {"type": "array", "items": {"type": "object", "minProperties": 1}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "properties": {
                    "id": {"type": "string"},
                    "url": {"type": "string", "pattern": "^https://"},
                    "title": {"type": "string"},
                    "summary": {"type": "string", "minLength": 1},
                    "content_html": {"type": "string"},
                    "date_published": {"type": "string", "pattern": "^[0-9-]{10}T[0-9:]{8}Z$"},
                    "date_modified": {"type": "string", "pattern": "^[0-9-]{10}T[0-9:]{8}Z$"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "_engross": {"type": "object"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""JSON Feed 1.1, as far as these feeds use it."""


def test_json_feeds_are_what_json_feed_asks_for(site: Built) -> None:
    for name in feed_files(site):
        if name.endswith(".json"):
            feed = json.loads(site.page(name))
            Draft202012Validator(JSON_FEED).validate(feed)
            assert all(not re.search(r'href="(?!https://)', item["content_html"]) for item in feed["items"])


def test_an_item_carries_what_changed_in_the_model_list(site: Built) -> None:
    items = {item["id"].rpartition("/")[2]: item for item in json.loads(site.page("feeds/models.json"))["items"]}
    effective = "2025-05-30T09:00:00Z"
    assert items["models"]["_engross"]["models"] == [
        {
            "model": "small-1",
            "field": "lifecycle.deprecated",
            "from": "2026-06-01",
            "to": "2026-05-01",
            "effective": effective,
        },
        {"model": "small-1", "field": "name", "from": "Small 1", "to": "Small One", "effective": effective},
    ]
    assert items["first"]["_engross"]["models"] == []


def test_files_for_programs_follow_the_schemas_published_beside_them(site: Built) -> None:
    schemas = {
        name: json.loads(site.page(addresses.schema(name)))
        for name in ("manifest", "upcoming", "acceptance", "change", "version", "clauses")
    }
    expected = {
        "manifest": ["manifest.json"],
        "upcoming": ["upcoming.json"],
        "acceptance": [name for name in site.files() if name.startswith("acceptance/")],
        "version": [name for name in site.files() if re.search(r"/versions/\d+\.json$", name)],
        "clauses": [name for name in site.files() if name.endswith("/versions/clauses.json")],
    }
    assert len(expected["clauses"]) == 3
    assert len(expected["version"]) > 7
    assert len(expected["acceptance"]) == 4
    for name, files in expected.items():
        for file in files:
            Draft202012Validator(schemas[name]).validate(json.loads(site.page(file)))
    for item in json.loads(site.page("feeds/changes.json"))["items"]:
        Draft202012Validator(schemas["change"]).validate(item["_engross"])
        assert item["_engross"]["about"] == "https://example.com/schemas/change.schema.json"


def test_the_manifest_says_what_is_in_force_and_where_the_chain_ends(site: Built, history: Path) -> None:
    manifest = json.loads(site.page("manifest.json"))
    last = json.loads((history / "record/ledger.jsonl").read_text("utf-8").splitlines()[-1])
    assert manifest["ledger"] == {"entries": 13, "head": last["hash"]}
    assert manifest["as_of"] == "2026-09-21T14:13:20Z"
    versions = {one["id"]: one.get("in_force", {}).get("version") for one in manifest["documents"]}
    assert versions == {"agreement": 4, "rules": 2, "models": 2, "pricing": None}


def test_what_is_announced_is_told_with_its_instant(site: Built) -> None:
    (coming,) = json.loads(site.page("upcoming.json"))["announced"]
    assert (coming["document"], coming["version"], coming["effective"]) == ("agreement", 5, "2027-01-01T00:00:00Z")
    assert coming["changes"] == ["changes/coming/"]


def test_an_acceptance_record_names_each_version_with_its_hashes(site: Built, history: Path) -> None:
    accepted = json.loads(site.page("acceptance/sets/main.json"))
    assert [(one["document"], one["version"]) for one in accepted["documents"]] == [
        ("agreement", 4),
        ("rules", 2),
        ("models", 2),
    ]
    for one in accepted["documents"]:
        found = list((history / "record" / one["document"]).glob(f"{one['version']}-{one['seal_sha256'][:12]}.*"))
        assert found


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


def test_nothing_posted_is_said_to_be_so(tmp_path: Path, today: None) -> None:
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


def test_without_an_address_of_the_site_feeds_lead_from_where_they_stand(tmp_path: Path, today: None) -> None:
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
def test_a_build_for_a_past_day_tells_what_was_known_then(history: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(history, copy, ignore=shutil.ignore_patterns(".cache", "site"))
    past = START + timedelta(days=205)
    built = build_apart(copy, SOURCE_DATE_EPOCH=str(int(past.timestamp())))
    assert built.status == 0, built.messages
    assert entries(built.page("changes/index.html"))[:2] == ["withdrawn", "prices"]
    assert "Withdrawn from" not in built.page("changes/index.html")
    assert past < NOW
