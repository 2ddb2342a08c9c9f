"""The search index: an entry for every clause, made from the tree, whichever search plugin the site uses."""

import json
import re
from pathlib import Path

import pytest
from building import AGREEMENT, MKDOCS, RULES, build, write_site

pytestmark = pytest.mark.slow

Entries = list[dict[str, str]]

CLAUSES = [
    ("agreement/", "The Agreement"),
    ("agreement/#definitions", "1. Definitions"),
    ("agreement/#definitions.data", "Data"),
    ("agreement/#definitions.term", "Term"),
    ("agreement/#definitions.term.a", "Definitions “Term” (a)"),
    ("agreement/#definitions.term.b", "Definitions “Term” (b)"),
    ("agreement/#use", "2. Use"),
    ("agreement/#restrictions", "2.1 Restrictions"),
    ("agreement/#restrictions.a", "Restrictions (a)"),
    ("agreement/#restrictions.h", "Restrictions (h)"),
    ("agreement/#restrictions.h.i", "Restrictions (h)(i)"),
    ("agreement/#restrictions.h.iv", "Restrictions (h)(iv)"),
    ("agreement/#end", "3. End"),
]
ALSO = re.compile(r"<i hidden>(.*?)</i>")
(ENGROSS,) = re.findall(r"plugins: \[search, (.*)\]\n", MKDOCS)
PLUGINS = {
    "material": MKDOCS,
    "material, engross first": MKDOCS.replace(f"[search, {ENGROSS}]", f"[{ENGROSS}, search]"),
    "mkdocs with material": MKDOCS.replace("[search, ", "[/search, "),
    "mkdocs, engross first": MKDOCS.replace("{name: material, font: false}", "mkdocs").replace(
        f"[search, {ENGROSS}]", f"[{ENGROSS}, search]"
    ),
}


def index_of(folder: Path, changed: dict[str, str | bytes | None] | None = None) -> Entries:
    write_site(folder, changed)
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    entries: Entries = json.loads(built.page("search/search_index.json"))["docs"]
    return entries


def of_page(entries: Entries, page: str) -> Entries:
    return [entry for entry in entries if entry["location"].partition("#")[0] == page]


@pytest.mark.parametrize("mkdocs", PLUGINS.values(), ids=PLUGINS.keys())
def test_every_clause_has_one_entry_under_its_label(tmp_path: Path, mkdocs: str) -> None:
    entries = index_of(tmp_path, {"mkdocs.yml": mkdocs})
    assert [(entry["location"], ALSO.sub("", entry["title"])) for entry in of_page(entries, "agreement/")] == CLAUSES
    assert len({entry["location"] for entry in entries if entry["location"]}) == len(
        [entry for entry in entries if entry["location"]]
    )


@pytest.mark.parametrize("mkdocs", PLUGINS.values(), ids=PLUGINS.keys())
def test_entries_hold_text_and_nothing_of_the_page_around_it(tmp_path: Path, mkdocs: str) -> None:
    text = {entry["location"]: entry["text"] for entry in index_of(tmp_path, {"mkdocs.yml": mkdocs})}
    assert text["agreement/"] == "Between “Us” and You."
    assert text["agreement/#restrictions.h.iv"].startswith("to call, see the rules and Definitions.")
    everything = " ".join(value for place, value in text.items() if place.startswith(("agreement", "terms", "models")))
    assert "Incorporates" not in everything
    assert "Show all" not in everything
    assert "¶" not in everything


def test_what_is_shown_as_html_is_escaped(tmp_path: Path) -> None:
    entries = index_of(tmp_path, {"docs/terms/rules.md": RULES + "\n## A & B\n\nLess `<b>` & more.\n"})
    (entry,) = (entry for entry in entries if entry["location"] == "terms/rules/#a-b")
    assert entry["title"] == "A &amp; B<i hidden> A_&amp;_B</i>"
    assert entry["text"] == "Less &lt;b&gt; &amp; more."


def test_what_is_shown_as_text_is_not(tmp_path: Path) -> None:
    changed = {
        "docs/terms/rules.md": RULES + "\n## A & B\n\nLess `<b>` & more.\n",
        "mkdocs.yml": PLUGINS["mkdocs, engross first"],
    }
    entries = index_of(tmp_path, changed)
    (entry,) = (entry for entry in entries if entry["location"] == "terms/rules/#a-b")
    assert (entry["title"], entry["text"]) == ("A & B", "Less <b> & more. A_&_B")


def test_each_model_is_found_with_its_facts(tmp_path: Path) -> None:
    models = of_page(index_of(tmp_path), "models/")
    assert [(entry["location"], entry["title"]) for entry in models] == [
        ("models/", "Model list"),
        ("models/#small-1", "Small 1"),
        ("models/#large-1", "Large 1"),
    ]
    assert models[1]["text"].startswith("Provider: Maker &amp; Co. ")


def test_ordinary_pages_are_searched_as_ever(tmp_path: Path) -> None:
    entries = index_of(tmp_path)
    assert [entry["title"] for entry in of_page(entries, "changes/")] == ["Changes"]


def test_a_page_may_be_left_out_or_weighted(tmp_path: Path) -> None:
    entries = index_of(
        tmp_path,
        {
            "docs/terms/rules.md": "---\nsearch: {exclude: true}\n---\n" + RULES,
            "docs/agreement.md": "---\nsearch: {boost: 2}\n---\n" + AGREEMENT,
        },
    )
    assert of_page(entries, "terms/rules/") == []
    weights = {entry["location"]: entry["boost"] for entry in of_page(entries, "agreement/")}
    assert weights["agreement/"] == 2
    assert weights["agreement/#definitions.data"] > 4
    assert 1 < float(weights["agreement/#restrictions.h.iv"]) < 2


@pytest.mark.parametrize(("indexing", "count"), [("titles", 1), ("sections", len(CLAUSES))])
def test_a_setting_of_mkdocs_can_index_less(tmp_path: Path, indexing: str, count: int) -> None:
    mkdocs = MKDOCS.replace("[search, ", f"[/search: {{indexing: {indexing}}}, ")
    entries = of_page(index_of(tmp_path, {"mkdocs.yml": mkdocs}), "agreement/")
    assert len(entries) == count
    assert {entry["text"] for entry in entries} == {""}


def test_a_site_without_search(tmp_path: Path) -> None:
    write_site(tmp_path, {"mkdocs.yml": MKDOCS.replace("search, ", "")})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert "search/search_index.json" not in built.files()


def test_a_clause_is_also_found_by_its_number_and_its_enumerators(tmp_path: Path) -> None:
    titles = {entry["location"]: entry["title"] for entry in index_of(tmp_path)}
    assert ALSO.findall(titles["agreement/#restrictions.h.iv"]) == [" 2.1(h)(iv) h iv h iv h iv"]
    assert ALSO.findall(titles["agreement/#definitions.data"]) == [" Data,"]


def test_in_a_plain_index_they_are_after_the_text(tmp_path: Path) -> None:
    entries = index_of(tmp_path, {"mkdocs.yml": PLUGINS["mkdocs with material"]})
    (entry,) = (entry for entry in entries if entry["location"] == "agreement/#restrictions.h.iv")
    assert entry["text"].endswith("Definitions. 2.1(h)(iv) h iv h iv h iv")
    assert "<" not in "".join(entry["title"] for entry in entries)
