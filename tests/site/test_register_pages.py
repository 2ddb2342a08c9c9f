"""Pages of registers: the table, its filters and addresses, the pages of a long one, and what is found on them."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import DAY, DOCUMENTS, MKDOCS, Built, build, write_site
from posting import START, note, post

from engross.render.catalogue import register_page

pytestmark = pytest.mark.slow

MANY = 700
REGISTERS = """\
  - {id: subs, title: Subs, kind: register, register: subprocessors, file: subs.yml, notice: {count: 30}}
  - {id: prices, title: Prices, kind: register, register: prices, file: prices.yml}
  - id: sites
    title: Sites
    kind: register
    file: sites.yml
    register: {columns: [{id: name, label: Name <b>}, {id: place, label: Place, type: country}]}
"""
SUBS = """\
note: All of <them>.
rows:
  - {id: nordhall, entity: "Nordhall <i>", address: Hall 1, activity: Hosting, data: All, location: Germany,
     start: 2025-01-01}
  - {id: pagewing, entity: Pagewing Data, address: Data House, activity: "Keeping Data, mail", data: Names,
     location: Ireland, start: 2025-03-01}
  - {id: lantern, entity: Lantern, activity: Mail, data: Mail, location: Ireland, start: 2025-03-01}
"""
ZEBRA = "  - {id: zebra, entity: Zebra, activity: Mail, data: Mail, location: Ireland, start: 2026-10-20}\n"
YAK = ZEBRA.replace("zebra", "yak").replace("Zebra", "Yak")
SITES = "rows:\n  - {id: a, name: A, place: [IE, DE]}\n  - {id: b, name: B, place: DE}\n"
PRICE = "  - {{id: item-{0}, item: Item {0}, unit: hour, amount: {0}.50, currency: EUR, since: 2025-01-01}}\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("registers")
    texts = {
        "docs/documents.yml": DOCUMENTS.replace("[rules, models]", "[rules, models, subs]") + REGISTERS,
        "docs/subs.yml": SUBS,
        "docs/prices.yml": "rows:\n" + "".join(map(PRICE.format, range(MANY))),
        "docs/sites.yml": SITES,
    }
    write_site(folder, texts)
    post(folder, 0, "first", note("agreement, rules, models, subs, prices, sites", "Everything."))
    post(folder, 560, "zebra", note("subs", "Zebra sends mail.", material="false"), subs_DOT_yml=SUBS + ZEBRA)
    yak = note("subs", "Yak sends mail.", effective="2026-10-20")
    post(folder, 565, "yak", yak, subs_DOT_yml=SUBS + ZEBRA + YAK)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in DAY.items():
            patch.setenv(name, value)
        yield build(folder)


def rows_of(html: str) -> list[str]:
    return re.findall(r'<tr role="row" id="([^"]+)" data-engross-row="\1"', html)


def test_the_page_has_each_row_with_its_address(built: Built) -> None:
    assert (built.status, built.messages) == (0, [])
    html = built.page("subs/index.html")
    assert rows_of(html) == ["nordhall", "pagewing", "lantern", "zebra"]
    assert "Nordhall &lt;i&gt;" in html
    assert "All of &lt;them&gt;." in html
    assert "Name &lt;b&gt;" in built.page("sites/index.html")


def test_a_new_row_says_until_when_customers_may_object(built: Built) -> None:
    rows = re.findall(r'<tr role="row" id="(\w+)".*?</tr>', built.page("subs/index.html"), re.DOTALL)
    assert rows[-1] == "zebra"
    body = built.page("subs/index.html").partition('id="zebra"')[2].partition("</tr>")[0]
    assert "12 October 2026" in body
    last = {row["id"]: row.get("last_day_to_object") for row in json.loads(built.page("subs/subs.json"))["rows"]}
    assert last == {"nordhall": None, "pagewing": None, "lantern": None, "zebra": "2026-10-12"}
    with (built.site / "subs/subs.csv").open(encoding="utf-8", newline="") as file:
        assert [row["last_day_to_object"] for row in csv.DictReader(file)] == ["", "", "", "2026-10-12"]
    assert START.year == 2025


def test_pages_of_versions_say_until_when_customers_may_object_to_their_new_rows(built: Built) -> None:
    def days(number: int) -> dict[str, str]:
        page = built.page(f"subs/versions/{number}/index.html")
        rows = re.findall(r'<section data-engross-row="(\w+)".*?</section>', page, re.DOTALL)
        parts = (page.partition(f'data-engross-row="{row}"')[2].partition("</section>")[0] for row in rows)
        found = (re.search(r'Last day to object</dt><dd><time datetime="([-\d]+)">', part) for part in parts)
        return {row: one[1] for row, one in zip(rows, found, strict=True) if one}

    def in_json(number: int) -> dict[str, str]:
        clauses = json.loads(built.page(f"subs/versions/{number}.json"))["clauses"]
        return {one["anchor"]: one["last_day_to_object"] for one in clauses if "last_day_to_object" in one}

    assert [days(number) for number in (1, 2)] == [in_json(1), in_json(2)] == [{}, {"zebra": "2026-10-12"}]
    # The notice of the announced version's base has not ended.
    assert days(3) == in_json(3) == {"zebra": "2026-10-12", "yak": "2026-10-17"}


def test_pages_of_versions_write_days_and_amounts_as_the_page_of_the_register_does(built: Built) -> None:
    assert "<dt>Start</dt><dd>1 January 2025</dd>" in built.page("subs/versions/1/index.html")
    assert "<dt>Amount</dt><dd>699.50</dd>" in built.page("prices/versions/1/index.html")


def test_defined_terms_are_linked_in_texts_and_not_in_names(built: Built) -> None:
    html = built.page("subs/index.html")
    assert re.search(
        r'data-label="Activity">Keeping <a class="eg-term" href="../agreement/#definitions.data"[^>]*>Data</a>, mail',
        html,
    )
    assert html.count('class="eg-term"') == 1


def test_filters_need_no_script(built: Built) -> None:
    html, style = built.page("subs/index.html"), built.page("subs/subs.filters.css")
    # No two rows have the same address.
    assert re.findall(r"<label>(\w+) <select", html) == ["Activity", "Data", "Location"]
    assert '<option value="v2">Ireland</option>' in html
    assert '.eg-models:has(select[name="c3"] option[value="v2"]:checked) [data-c3]:not([data-c3~="v2"]' in style
    assert 'data-c0="v1 v2"' in built.page("sites/index.html")


def test_a_register_without_filters_has_no_style_sheet_of_them(built: Built) -> None:
    assert "prices/prices.csv" in built.files()
    assert "prices/prices.filters.css" not in built.files()
    assert "filters.css" not in built.page("prices/index.html") + built.page("prices/rows/1/index.html")


def test_pages_of_the_record_speak_of_rows_and_values(built: Built) -> None:
    history = built.page("subs/versions/clauses/index.html")
    assert "<h1>Subs: history of its rows</h1>" in history
    assert "Rows added, changed or removed: 2" in history
    assert ">Zebra<a" in history
    assert "Start: 20 October 2026" in history
    pages = "".join(
        built.page(f"subs/versions/{name}index.html") for name in ("", "clauses/", "compare/", "2/", "3/from-2/")
    )
    assert not re.search("clause(?!s/)", re.sub("<(script|style).*?</|<[^>]*>", "", pages))
    assert "1 row added" in built.page("subs/versions/3/from-2/index.html")


def test_a_long_register_has_pages_of_less_than_500_kb_and_keeps_its_addresses(built: Built) -> None:
    pages = sorted((built.site / "prices").glob("rows/*/index.html"), key=lambda path: int(path.parent.name))
    assert all(path.stat().st_size < 500_000 for path in (*pages, built.site / "prices/index.html"))
    assert [row for path in pages for row in rows_of(path.read_text("utf-8"))] == [f"item-{n}" for n in range(MANY)]
    html = built.page("prices/index.html")
    links = dict(re.findall(r'<li id="([^"]+)"><a href="([^"]+)"', html))
    assert len(links) == MANY
    for row in ("item-0", f"item-{MANY // 2}", f"item-{MANY - 1}"):
        page, _, anchor = links[row].partition("#")
        assert anchor == row
        assert f'id="{row}"' in built.page(f"prices/{page}index.html")


def test_files_have_the_values_as_they_were_written(built: Built) -> None:
    found = json.loads(built.page("prices/prices.json"))
    with (built.site / "prices/prices.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == found["rows"]
    assert found["rows"][7]["amount"] == "7.50"
    assert "prices/prices.source.schema.json" in built.files()


def test_a_site_without_a_folder_for_each_page_has_the_same_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_page, "_MOST_CHARACTERS", 2000)
    texts = {
        "docs/documents.yml": DOCUMENTS + REGISTERS.partition("  - id: sites")[0],
        "docs/subs.yml": SUBS,
        "docs/prices.yml": "rows:\n" + "".join(map(PRICE.format, range(8))),
        "mkdocs.yml": f"{MKDOCS}\nuse_directory_urls: false\n",
    }
    write_site(tmp_path, texts)
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    (link,) = re.findall(r'<li id="item-7"><a href="([^"#]+)#item-7"', built.page("prices.html"))
    assert link == "prices/rows/3.html"
    html = built.page(link)
    assert rows_of(html) == [f"item-{number}" for number in range(6, 8)]
    assert '<a href="../../prices.html">Prices</a>' in html


def test_the_page_names_the_rows_that_announced_versions_change(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def announced(site: Built) -> str:
        (found,) = re.findall(r'<div class="[^"]*eg-announced-rows.*?</div>', site.page("subs/index.html"), re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", found).split())

    yak = "Version 3 changes these rows on 20 October 2026: Yak (added). Last day to object: 17 October 2026"
    assert announced(built) == yak
    assert "eg-announced-rows" not in built.page("sites/index.html")

    for name, value in DAY.items():
        monkeypatch.setenv(name, value)
    texts = {"docs/documents.yml": DOCUMENTS.replace("[rules, models]", "[rules, models, subs]") + REGISTERS}
    texts |= {"docs/subs.yml": SUBS, "docs/prices.yml": "rows:\n" + PRICE.format(1), "docs/sites.yml": SITES}
    write_site(tmp_path, texts)
    post(tmp_path, 0, "first", note("agreement, rules, models, subs, prices, sites", "Everything."))
    late = SUBS[: SUBS.index("  - {id: lantern")].replace("Ireland", "Iceland")
    less = note("subs", "Less.", effective="2026-11-20", anchors='{"subs#lantern": ""}')
    post(tmp_path, 565, "less", less, subs_DOT_yml=late)
    shown = announced(build(tmp_path))
    assert shown == (
        "Version 2 changes these rows on 20 November 2026: Pagewing Data Location: Ireland Iceland Lantern (removed)"
    )
