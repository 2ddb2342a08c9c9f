"""Posted changes in feeds and files for programs."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from building import Built
from jsonschema import Draft202012Validator

from engross.record import addresses

pytestmark = pytest.mark.slow
ATOM = "{http://www.w3.org/2005/Atom}"
NEWEST_POSTED = ["typo", "undone", "withdrawn", "wrong-word", "prices", "models", "kinder", "reworded", "first"]


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
def test_a_feed_has_its_changes_under_permanent_ids(site: Built, feed: str, slugs: list[str]) -> None:
    ids = [f"tag:example.com,2025:changes/{slug}" for slug in slugs]
    items = json.loads(site.page(f"feeds/{feed}.json"))["items"]
    assert [item["id"] for item in items] == ids
    root = ElementTree.fromstring(site.page(f"feeds/{feed}.xml"))
    assert [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")] == [item["id"] for item in items]


def test_the_reason_why_a_change_is_editorial_is_shown_wherever_the_change_is(site: Built) -> None:
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


def test_what_is_announced_is_listed_with_its_instant(site: Built) -> None:
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
