"""The files for programs on a real site: every address answers, every answer has its schema, and what it says is so."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import html as lxml_html

from engross.record import clause_ids, open_record
from engross.record.posting.drafts import sealed_document

RECORD = Path(__file__).parents[2] / "examples" / "tour" / "record"


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@cache
def validator(schema: Path) -> Draft202012Validator:
    found = load(schema)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found, format_checker=Draft202012Validator.FORMAT_CHECKER)


def versions_of(site: Path, document: str) -> list[dict]:
    return load(site / document / "versions/versions.json")["versions"]


def addresses(site: Path, path: str, parameters: list[dict]) -> Iterator[str]:
    """Every address of a kind of file: of numbers, those of the document's versions."""
    names = [one["name"] for one in parameters if one["schema"]["type"] == "string"]
    ids = [one["schema"]["enum"] for one in parameters if one["schema"]["type"] == "string"]
    for chosen in product(*ids):
        address = path
        for name, value in zip(names, chosen, strict=True):
            address = address.replace(f"{{{name}}}", value)
        if "{version}" not in address:
            yield address
            continue
        for one in versions_of(site, chosen[0]):
            numbered = address.replace("{version}", str(one["version"]))
            if "{old}" not in numbered:
                yield numbered
            elif "supersedes" in one:
                yield numbered.replace("{old}", str(one["supersedes"]))


def test_every_path_of_the_description_answers_and_every_answer_validates(tour_site: Path) -> None:
    described = load(tour_site / "openapi.json")
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "https://terms.ostrelle.example/"}]
    count = 0
    for path, item in described["paths"].items():
        operation = item["get"]
        parameters = operation.get("parameters", [])
        assert set(re.findall(r"{(\w+)}", path)) == {one["name"] for one in parameters}
        ((media, content),) = operation["responses"]["200"]["content"].items()
        found = [tour_site / address[1:] for address in addresses(tour_site, path, parameters)]
        assert found
        for file in found:
            assert file.is_file(), file
            count += 1
            if "schema" in content:
                assert list(validator(tour_site / content["schema"]["$ref"]).iter_errors(load(file))) == [], file
            elif media.endswith("json"):
                load(file)
    assert count > 200
    names = [item["get"]["operationId"] for item in described["paths"].values()]
    assert len(set(names)) == len(names)


def test_no_file_for_programs_is_left_out_of_the_description(tour_site: Path) -> None:
    described = load(tour_site / "openapi.json")["paths"]
    patterns = [
        re.compile(re.sub(r"{\w+}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")))
        for path in described
    ]
    files = (f"/{file.relative_to(tour_site).as_posix()}" for file in tour_site.rglob("*.json*"))
    left = sorted(file for file in files if not any(pattern.fullmatch(file) for pattern in patterns))
    assert [file for file in left if not file.startswith("/schemas/")] == [
        "/models/models-dev.json",
        "/models/models.schema.json",
        "/openapi.json",
        "/search/nothing.json",
        "/search/search_index.json",
        "/subprocessors/subprocessors.schema.json",
        "/subprocessors/subprocessors.source.schema.json",
    ]


def test_the_hashes_are_those_of_the_files(tour_site: Path) -> None:
    listed = load(tour_site / "record/hashes.json")
    count = 0
    for document, facts in listed["documents"].items():
        for ending, hashes in facts["files"].items():
            for at in range(0, len(hashes), listed["length"]):
                beginning = hashes[at : at + listed["length"]]
                file = tour_site / document / "versions" / f"{at // listed['length'] + 1}{ending}"
                assert file.is_file() == (beginning.strip("-") != "")
                if file.is_file():
                    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(beginning)
                    count += 1
    versions = [one for versions in open_record(RECORD).versions.values() for one in versions]
    # A version that was sealed in format 2 has a seal file, too.
    assert count == 3 * len(versions) + sum(bool(one.sealed.seal) for one in versions)


def test_ten_thousand_versions_make_less_than_a_megabyte() -> None:
    from engross.render.archive.program_files import PREFIX

    # The text, HTML, PDF, Word and Akoma Ntoso of each, its data and its seal file.
    assert 10_000 * 7 * PREFIX < 1_000_000


def test_a_redline_names_the_clauses_that_changed(tour_site: Path) -> None:
    record = open_record(RECORD)
    for version in record.versions["agreement"][1:]:
        old = version.post.supersedes
        redline = load(tour_site / f"agreement/versions/{version.number}/from-{old}.json")
        facts = load(tour_site / f"agreement/versions/{version.number}.json")["clauses"]
        changed = {one["id"] for one in facts if one["changed"] == version.number and one["kind"] != "definition"}
        # Words of a clause with run-in items are also those of the items.
        assert changed >= {one for one in redline["affected"] if one in changed}
        before = set(clause_ids(record, record.versions["agreement"][old - 1], version.post.reader).values())
        after = {one["id"] for one in facts}
        assert set(redline["affected"]) <= before | after
        if changed:
            assert changed & set(redline["affected"])


def test_two_dates_are_compared_as_the_page_says(tour_site: Path) -> None:
    def at(day: str) -> int:
        found = [one for one in versions_of(tour_site, "agreement") if one["effective"] <= day]
        return max(found, key=lambda one: (one["effective"], one["version"]))["version"]

    old, new = at("2026-01-25T00:00:00Z"), at("2026-06-10T00:00:00Z")
    assert (old, new) == (3, 7)
    data = load(tour_site / "agreement/versions/clauses.json")

    def clauses(number: int) -> dict[str, int]:
        runs = data["versions"][str(number)]
        pairs = zip(runs[::2], runs[1::2], strict=True)
        return {one[0]: one[4] for start, count in pairs for one in data["clauses"][start : start + count]}

    before, after = clauses(old), clauses(new)
    changed = {clause for clause in before.keys() & after.keys() if before[clause] != after[clause]}
    affected = set()
    for number in range(old + 1, new + 1):
        affected |= set(load(tour_site / f"agreement/versions/{number}/from-{number - 1}.json")["affected"])
    assert changed
    assert changed <= affected


def test_terms_have_their_uses_and_every_clause_its_id(tour_site: Path) -> None:
    found = load(tour_site / "sets/corvane/terms.json")
    documents = {one["id"]: one for one in found["documents"]}
    record = open_record(RECORD)
    for name, one in documents.items():
        version = record.versions[name][one["version"] - 1]
        ids = clause_ids(record, version, version.post.reader)
        assert {anchor: clause for anchor, (clause, _) in one["clauses"].items()} == {
            anchor: ids[anchor] for anchor in one["clauses"]
        }
    assert len(found["terms"]) > 20
    for term in found["terms"]:
        assert term["anchor"] in documents[term["document"]]["clauses"]
        for name, uses in term["uses"].items():
            assert all(not anchor or anchor in documents[name]["clauses"] for anchor in uses)
    assert sum(sum(uses.values()) for term in found["terms"] for uses in term["uses"].values()) > 200
    inside = [one for one in found["references"] if "target" in one]
    assert inside
    assert all(not one["target"][1] or one["target"][1] in documents[one["target"][0]]["clauses"] for one in inside)


def test_the_declaration_for_open_terms_archive_selects_exactly_the_text(tour_site: Path) -> None:
    page = (tour_site / "for-programs/index.html").read_text("utf-8")
    declared = json.loads(unescape(re.search(r'<code class="language-json">(.*?)</code>', page, re.DOTALL)[1]))
    assert declared["name"] == "Corvane Terms"
    record = open_record(RECORD)
    checked = 0
    for terms in declared["terms"].values():
        file = tour_site / terms["fetch"].removeprefix("https://terms.ostrelle.example/") / "index.html"
        found = lxml_html.fromstring(file.read_bytes()).cssselect(terms["select"])
        if terms["select"] in ("[data-engross-model]", "[data-engross-row]"):
            name, rows = {"model": ("models", "models"), "row": ("subprocessors", "rows")}[terms["select"][14:-1]]
            assert len(found) == len(load(tour_site / f"{name}/{name}.json")[rows])
            continue
        (selected,) = found
        for removed in selected.cssselect(terms["remove"]):
            removed.drop_tree()
        name = selected.get("data-engross-text")
        manifest = load(tour_site / "manifest.json")["documents"]
        number = next(one["in_force"]["version"] for one in manifest if one["id"] == name)
        root = sealed_document(record, record.versions[name][number - 1]).root
        clauses = [one for one in root.walk() if one.kind != "run-in"]
        text = "".join(f"{one.marker if one.list_kind == 'enumerated' else ''}{one.inline.text}" for one in clauses)
        assert "".join(selected.text_content().split()) == "".join(text.split())
        checked += 1
    assert checked == 6


@pytest.mark.parametrize("name", ["verify-document", "for-programs"])
def test_pages_link_to_the_pages_that_are_not_in_the_navigation(tour_site: Path, name: str) -> None:
    assert f'href="../{name}/"' in (tour_site / "agreement/index.html").read_text("utf-8")
    assert f'href="../{name}/"' not in (tour_site / "defined-terms/index.html").read_text("utf-8")
