"""The posted relations of documents and rules for their changes, shown from their day on."""

import json
import re
import shutil
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from building import DOCUMENTS, SITE, Built, write_site
from jsonschema import Draft202012Validator
from test_editions import FIRST, build_on, note, post

OLD, NEW = "precedence: [rules, agreement]", "precedence: [agreement, rules]"
HOME = "# Home\n\n<!-- engross: documents -->\n\nSee [small](models.md#small-1).\n"
CHANGES = "# Changes\n\n<!-- engross: posted changes -->\n"
ORDER = """\
---
sets: [main]
class: substantive
material: true
effective: 2026-06-01
approved_by: General Counsel
title: The agreement prevails
---

From June on, the agreement prevails over the rules.
"""
RELEASED = Path(__file__).parents[1] / "released" / "0.1"
pytestmark = pytest.mark.slow


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def ranks(built: Built) -> list[list[str]]:
    """The order of precedence as each kind of page gives it: for programs, on a document's page, on the home page, for
    language models.
    """
    manifest = json.loads(built.page("manifest.json"))
    page = built.page("agreement/index.html")
    begin = page.index("<dt>Order of precedence</dt>")
    places = words(page[begin : page.index("</ol>", begin)])
    home = words(built.page("index.html"))
    cards = home[home.index("Order of precedence") :]
    models = built.page("llms.txt")
    listed = models[models.index("Order of precedence") :]
    return [
        [one for rank in manifest["sets"][0]["precedence"] for one in rank],
        sorted(TITLES, key=lambda name: places.index("this document" if name == "agreement" else TITLES[name])),
        sorted(TITLES, key=lambda name: cards.index(TITLES[name])),
        sorted(TITLES, key=lambda name: listed.index(TITLES[name])),
    ]


TITLES = {"agreement": "The Agreement", "rules": "Rules of Use"}


@pytest.mark.long
@pytest.mark.parametrize("name", ["project", "tour"])
def test_an_old_site_shows_the_order_that_0_1_sealed(name: str, tmp_path: Path) -> None:
    """Another order in documents.yml fails its strict build; a build that does not check it shows the sealed one."""
    shutil.copytree(RELEASED / name, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "docs/documents.yml"
    data, order = path.read_text("utf-8"), "      - data-processing\n      - agreement\n"
    path.write_text(data.replace(order, "      - agreement\n      - data-processing\n"), "utf-8")
    assert "[unposted-promise]" in "\n".join(build_on(tmp_path, "2027-02-01").messages)
    config = tmp_path / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("strict: true", "strict: false"), "utf-8")
    built = build_on(tmp_path, "2027-02-01")
    assert built.status == 0
    manifest = json.loads(built.page("manifest.json"))
    assert manifest["sets"][0]["precedence"][:2] == [["data-processing"], ["agreement"]]
    page = built.page("agreement/index.html")
    shown = page[page.index("<dt>Order of precedence</dt>") :]
    assert shown.index("Data Processing") < shown.index("this document")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_site(tmp_path, {**SITE, "docs/index.md": HOME, "docs/changes.md": CHANGES})
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    return tmp_path


def test_an_order_that_was_not_posted_is_not_shown_and_fails_a_strict_build(place: Path) -> None:
    (place / "docs/documents.yml").write_text(DOCUMENTS.replace(OLD, NEW), "utf-8")
    built = build_on(place, "2026-04-01")
    assert built.status == 0
    assert ranks(built) == [["rules", "agreement"]] * 4
    refused = build_on(place, "2026-04-01", check=True)
    assert refused.status == 1
    assert "docs/documents.yml:2:94: the set main in documents.yml differs" in "\n".join(refused.messages)


def test_an_order_that_is_announced_is_listed_and_shown_from_its_day_on(place: Path) -> None:
    settings = {"docs/documents.yml": DOCUMENTS.replace(OLD, NEW), "docs/changes/order.md": ORDER}
    post(place, FIRST + timedelta(days=60), settings)
    before = build_on(place, "2026-04-01", check=True)
    assert before.messages == []
    assert ranks(before) == [["rules", "agreement"]] * 4
    listed = words(before.page("changes/index.html"))
    announced = listed[listed.index("Announced") : listed.index("first time") if "first time" in listed else None]
    assert "Before: Rules of Use The Agreement After: The Agreement Rules of Use" in announced
    own = words(before.page("changes/order/index.html"))
    assert "Set of documents: Main" in own
    assert "Order of precedence" in own
    (coming,) = json.loads(before.page("upcoming.json"))["announced"]
    assert (coming["kind"], coming["set"], coming["effective"]) == ("set", "main", "2026-06-01T00:00:00Z")
    promise = {
        "set": "main",
        "field": "precedence",
        "from": [["rules"], ["agreement"]],
        "to": [["agreement"], ["rules"]],
        "effective": "2026-06-01T00:00:00Z",
    }
    assert coming["promises"] == [promise]
    for name in ("material", "agreement", "rules"):
        (item, *_) = json.loads(before.page(f"feeds/{name}.json"))["items"]
        assert item["_engross"]["promises"] == [promise]
        Draft202012Validator(json.loads(before.page("schemas/change.schema.json"))).validate(item["_engross"])
    Draft202012Validator(json.loads(before.page("schemas/upcoming.schema.json"))).validate(
        json.loads(before.page("upcoming.json"))
    )
    assert "The agreement prevails" in words(before.page("since/index.html"))
    after = build_on(place, "2026-06-01", check=True)
    assert after.messages == []
    assert ranks(after) == [["agreement", "rules"]] * 4
    assert json.loads(after.page("upcoming.json"))["announced"] == []


def test_why_a_change_is_not_material_is_published(place: Path) -> None:
    why = "not_material_because: The contract has always said so."
    text = ORDER.replace("material: true", f"material: false\n{why}").replace("2026-06-01", "immediately")
    files = {"docs/documents.yml": DOCUMENTS.replace(OLD, NEW), "docs/changes/order.md": text}
    post(place, FIRST + timedelta(days=60), files)
    page = words(build_on(place, "2026-04-01", check=True).page("changes/order/index.html"))
    assert "Why it is not material The contract has always said so." in page


def test_rules_of_change_and_kinds_are_written_in_words(place: Path) -> None:
    settings = DOCUMENTS.replace(
        "kind: url-terms, file: terms/rules.md,", "kind: policy, file: terms/rules.md, notice_days: 9, policy: Here.,"
    )
    text = ORDER.replace("sets: [main]", "documents: [rules]").replace("2026-06-01", "immediately")
    post(place, FIRST + timedelta(days=60), {"docs/documents.yml": settings, "docs/changes/rules.md": text})
    built = build_on(place, "2026-04-01", check=True)
    assert built.messages == []
    page = words(built.page("changes/rules/index.html"))
    assert "Kind and rules for changes: Rules of Use" in page
    assert "Kind Before: Terms incorporated by reference After: Policy" in page
    assert "Notice of material changes Before: 0 days After: 9 days" in page
    assert "How changes are posted Before: nothing After: Here." in page


def test_a_version_is_read_with_the_set_of_its_day(place: Path) -> None:
    """Its cover names the set, and its terms are those of the agreement in force on that day."""
    settings = DOCUMENTS.replace("title: Main", "title: Chief").replace("[rules, models]", "[models]")
    settings = settings.replace(OLD, "precedence: [agreement]")
    text = ORDER.replace("2026-06-01", "immediately")
    post(place, FIRST + timedelta(days=60), {"docs/documents.yml": settings, "docs/changes/order.md": text})
    built = build_on(place, "2026-04-01", check=True)
    assert built.messages == []
    assert '<p class="eg-cover-set">Main</p>' in built.page("rules/versions/1/index.html")
    assert "Chief" in built.page("agreement/index.html")
    assert "Chief" not in built.page("terms/rules/index.html")
