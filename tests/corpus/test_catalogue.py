"""The catalogue of models: stages, replacements, the JSON, the tree, and the list in docs/."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from engross.common.errors import EngrossError
from engross.corpus.catalogue import (
    Catalogue,
    catalogue_json,
    catalogue_schema,
    catalogue_tree,
    check_catalogue,
    models_dev_json,
    models_schema,
    read_catalogue,
    stage,
)
from engross.corpus.licences import replacement, spdx_page
from engross.corpus.models import Lifecycle, Stage
from engross.corpus.yaml import plain
from engross.corpus.yaml_nodes import compose
from engross.model import ClauseKind

from .sources import case, source

DOCS = Path(__file__).parents[2] / "docs" / "models.yml"
DAY = date(2026, 1, 15)


CHAIN = """\
models:
- {id: a, name: A, provider: P, eula: {spdx: MIT}, modalities: {in: [text], out: [text]},
   lifecycle: {deprecated: 2026-02-01, replacement: b}}
- {id: b, name: B, provider: P, eula: {spdx: MIT}, modalities: {in: [text], out: [text]},
   lifecycle: {retires: 2026-03-01}}
"""


@pytest.fixture(scope="module")
def good() -> Catalogue:
    return read_catalogue(case("models-good.yml"))


@pytest.fixture(scope="module")
def ours() -> Catalogue:
    return read_catalogue(source(DOCS.read_text("utf-8"), "docs/models.yml"))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2025-12-31", Stage.ANNOUNCED),
        ("2026-01-01", Stage.PREVIEW),
        ("2026-01-31", Stage.PREVIEW),
        ("2026-02-01", Stage.AVAILABLE),
        ("2026-03-01", Stage.DEPRECATED),
        ("2026-04-01", Stage.RETIRED),
        ("2030-01-01", Stage.RETIRED),
    ],
)
def test_stages_begin_on_their_day(good: Catalogue, as_of: str, expected: Stage) -> None:
    assert stage(good.model("small-1.0"), date.fromisoformat(as_of)) is expected


def test_a_model_without_known_days_has_no_stage(good: Catalogue) -> None:
    assert stage(good.model("large"), DAY) is None
    assert "stage" not in catalogue_json(good, DAY)["models"][1]


def test_before_its_end_a_model_is_available() -> None:
    only_end = read_catalogue(source(CHAIN)).model("b")
    assert stage(only_end, DAY) is Stage.AVAILABLE
    assert stage(only_end, date(2026, 3, 1)) is Stage.RETIRED


def test_the_days_of_a_lifecycle_come_in_order() -> None:
    life = Lifecycle(retires=DAY, preview=DAY)
    assert [name for name, _ in life.days] == ["preview", "retires"]


def test_a_replacement_must_be_live_once_it_is_needed() -> None:
    catalogue = read_catalogue(source(CHAIN))
    assert check_catalogue(catalogue, date(2026, 2, 28), DOCS.parent) == []
    assert [str(found) for found in check_catalogue(catalogue, date(2026, 3, 1), DOCS.parent)] == [
        "f.yml:3:53: models[0].lifecycle.replacement: b is itself retired on that day; name a model that is available"
    ]
    not_yet = read_catalogue(source(CHAIN.replace("deprecated: 2026-02-01", "deprecated: 2027-02-01")))
    assert check_catalogue(not_yet, date(2026, 3, 1), DOCS.parent) == []


LICENCE = "models:\n- {id: a, name: A, provider: P, eula: {spdx: %s}, modalities: {in: [text], out: [text]}}\n"


@pytest.mark.parametrize(
    "expression",
    [
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "Apache-2.0 OR MIT",
        "MIT AND (Apache-2.0 OR BSD-3-Clause)",
        "GPL-2.0",
    ],
)
def test_licence_expressions_are_accepted_as_spdx_writes_them(expression: str) -> None:
    assert read_catalogue(source(LICENCE % expression)).models[0].eula.spdx == expression


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("Apache 2.0", "Apache-2.0"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("gpl-2.0", "GPL-2.0-only"),
        ("gpl-2.0+ with Classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0"),
        ("GPL-2.0-With-GCC-Exception", "GPL-2.0-only WITH GCC-exception-2.0"),
        ("net-snmp", ""),
        ("MIT OR nothing", ""),
        ("MIT OR", ""),
        ("LicenseRef-", ""),
    ],
)
def test_a_licence_that_spdx_does_not_write_is_refused_with_a_current_one(written: str, fix: str) -> None:
    with pytest.raises(EngrossError) as refused:
        read_catalogue(source(LICENCE % written))
    assert refused.value.diagnostics[0].fix == fix
    if fix:
        assert read_catalogue(source(LICENCE % fix)).models[0].eula.spdx == fix


def test_replacements_are_valid_and_not_replaced_themselves() -> None:
    old = ["AGPL-3.0", "GFDL-1.3", "GPL-1.0+", "LGPL-2.1+", "BSD-2-Clause-NetBSD", "eCos-2.0", "wxWindows", "Nunit"]
    for deprecated in old:
        new = replacement(deprecated)
        assert new != deprecated
        assert read_catalogue(source(LICENCE % new)).models[0].eula.spdx == new
    assert replacement("Apache-2.0") == "Apache-2.0"


def test_a_licence_links_to_its_text_at_spdx() -> None:
    assert spdx_page("GPL-2.0-only WITH Classpath-exception-2.0") == "https://spdx.org/licenses/GPL-2.0-only.html"
    assert spdx_page("MIT OR Apache-2.0") == "https://spdx.org/licenses/"
    assert spdx_page("MIT OR LicenseRef-own") == ""


def test_json_holds_what_is_known_and_no_more(good: Catalogue) -> None:
    published = catalogue_json(good, DAY)
    assert published["schema_version"] == 1
    assert published["as_of"] == "2026-01-15"
    assert published["models"][0] == {
        "id": "small-1.0",
        "name": "Small",
        "provider": "Example",
        "api_id": "example/small",
        "version": "1.10",
        "eula": {
            "spdx": "Apache-2.0",
            "name": "Apache-2.0",
            "url": "https://spdx.org/licenses/Apache-2.0.html",
        },
        "modalities": {"in": ["text", "file"], "out": ["text"]},
        "lifecycle": {
            "preview": "2026-01-01",
            "ga": "2026-02-01",
            "deprecated": "2026-03-01",
            "retires": "2026-04-01",
            "replacement": "large",
        },
        "parameters": ["temperature", "top_p"],
        "context_tokens": 8192,
        "trains_on_input": False,
        "stage": "preview",
    }
    assert "lifecycle" not in published["models"][1]


def test_json_follows_its_schema(good: Catalogue, ours: Catalogue) -> None:
    shape = catalogue_schema()
    Draft202012Validator.check_schema(shape)
    validator = Draft202012Validator(shape, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for catalogue in (good, ours):
        published = catalogue_json(catalogue, DAY)
        validator.validate(json.loads(json.dumps(published)))
        for key in ("eula", "id"):
            with pytest.raises(ValidationError):
                validator.validate({**published, "models": [without(published["models"][0], key)]})
        with pytest.raises(ValidationError):
            validator.validate({**published, "models": [{**published["models"][0], "version": None}]})


def without(facts: dict[str, object], key: str) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if name != key}


def test_the_schema_of_the_file_describes_every_fact() -> None:
    shape = models_schema()
    root, _ = compose(case("models-good.yml"))
    assert root is not None
    Draft202012Validator(shape).validate(json.loads(json.dumps(plain(root), default=str)))
    for table in (shape, *shape["$defs"].values()):
        assert all(fact.get("description") for fact in table.get("properties", {}).values())


def test_the_tree(good: Catalogue) -> None:
    root = catalogue_tree(good, case("models-good.yml"))
    assert (root.kind, root.lines) == (ClauseKind.DOCUMENT, (1, 17))
    small, large = root.children
    assert (small.kind, small.anchor, small.label, small.lines) == (ClauseKind.SECTION, "small-1.0", "Small", (2, 12))
    assert large.lines == (13, 17)
    facts = {fact.name: fact for fact in small.children}
    assert {name: fact.inline.text for name, fact in facts.items()} == {
        "Provider": "Example",
        "Name in requests": "example/small",
        "Version": "1.10",
        "Licence": "Apache-2.0",
        "Licence id": "Apache-2.0",
        "Licence text": "https://spdx.org/licenses/Apache-2.0.html",
        "Takes": "text, file",
        "Gives": "text",
        "Preview": "2026-01-01",
        "Generally available": "2026-02-01",
        "Deprecated": "2026-03-01",
        "Retires": "2026-04-01",
        "Replacement": "large",
        "Parameters": "temperature, top_p",
        "Context, tokens": "8,192",
        "Trains on input": "no",
    }
    assert facts["Version"].label == "Small: Version"
    assert facts["Version"].lines == (5, 5)
    assert all(fact.kind is ClauseKind.PARAGRAPH for fact in facts.values())


def test_our_list(ours: Catalogue) -> None:
    assert check_catalogue(ours, DAY, DOCS.parent) == []
    assert ours.illustrative
    assert ours.note
    assert len(ours.models) >= 14
    assert len({model.provider for model in ours.models}) >= 7
    assert {str(model.task) for model in ours.models} == {"language", "image", "processing"}
    unknown = {"lifecycle", "residency", "retention", "pricing", "trains_on_input", "api_id"}
    assert not any(getattr(model, fact) for model in ours.models for fact in unknown)


def test_the_tree_of_our_list_begins_with_its_note(ours: Catalogue) -> None:
    root = catalogue_tree(ours, ours.file.source)
    assert root.children[0].inline.text == ours.note
    assert [clause.anchor for clause in root.children[1:]] == [model.id for model in ours.models]
    with pytest.raises(KeyError):
        ours.model("nowhere")


ONE = "models:\n- {id: a, name: A, provider: P, eula: {spdx: MIT}, modalities: {in: [text, image], out: [text]}, %s}\n"


@pytest.mark.parametrize(
    ("facts", "as_of", "expected"),
    [
        ("lifecycle: {retires: 2026-06}", "2026-05-31", Stage.AVAILABLE),
        ("lifecycle: {retires: 2026-06}", "2026-06-01", Stage.RETIRED),
        ("lifecycle: {ga: 2026-06-15, retires: 2026-06}", "2026-05-31", Stage.ANNOUNCED),
    ],
)
def test_a_month_counts_from_its_first_day(facts: str, as_of: str, expected: Stage) -> None:
    assert stage(read_catalogue(source(ONE % facts)).models[0], date.fromisoformat(as_of)) is expected


def test_a_month_is_published_as_it_is_written() -> None:
    catalogue = read_catalogue(
        source(ONE % "released: 2025-11, knowledge: 2025-06-30, lifecycle: {retires: '2026-06'}")
    )
    published = catalogue_json(catalogue, DAY)
    Draft202012Validator(catalogue_schema()).validate(published)
    assert [published["models"][0][key] for key in ("released", "knowledge", "lifecycle")] == [
        "2025-11", "2025-06-30", {"retires": "2026-06"},
    ]  # fmt: skip
    texts = {clause.name: clause.inline.text for clause in catalogue_tree(catalogue, source("x")).walk()}
    assert (texts["Released"], texts["Retires"]) == ("2025-11", "2026-06")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("lifecycle: {retires: 2026-13}", "must be a date such as 2026-01-31 or a month such as 2026-01"),
        ("lifecycle: {retires: 2026-02-30}", "2026-02-30 is not a valid date"),
        ("released: soon", "must be a date such as 2026-01-31 or a month such as 2026-01, not soon"),
        ("lifecycle: {ga: 2026-07, retires: 2026-06-30}", "2026-06-30 is before ga (2026-07)"),
        ("price: {currency: usd}", "write a currency as three capitals (ISO 4217), such as USD"),
        ("price: {currency: USD, input: 0.50}", "0.50 is read as the number 0.5, but must be text; put it in quotes"),
        ('price: {currency: USD, input: "0,50"}', 'write a price as digits in quotes, such as "0.50"'),
        ("api_id: p/a, aliases: [p/b, p/a]", "p/a"),
    ],
)
def test_facts_that_cannot_be_right_are_refused(facts: str, expected: str) -> None:
    with pytest.raises(EngrossError) as refused:
        read_catalogue(source(ONE % facts))
    (found,) = refused.value.diagnostics
    assert expected in found.message


def test_the_list_is_also_published_in_the_form_of_models_dev() -> None:
    facts = (
        "api_id: p/a, parameters: [temperature, stop], context_tokens: 1000, released: 2025-11, knowledge: 2025-06, "
        'price: {currency: USD, input: "0.50", output: "1.50", cached_input: "0.05"}, '
        "lifecycle: {deprecated: 2026-01-01}"
    )
    assert models_dev_json(read_catalogue(source(ONE % facts)), DAY, "terms", "Terms", "https://example.com/") == {
        "terms": {
            "id": "terms", "name": "Terms", "doc": "https://example.com/",
            "models": {
                "p/a": {
                    "id": "p/a", "name": "A", "attachment": True, "tool_call": False, "temperature": True,
                    "knowledge": "2025-06", "release_date": "2025-11",
                    "modalities": {"input": ("text", "image"), "output": ("text",)},
                    "cost": {"input": 0.5, "output": 1.5, "cache_read": 0.05}, "limit": {"context": 1000},
                    "status": "deprecated",
                },
            },
        },
    }  # fmt: skip
    bare = models_dev_json(read_catalogue(source(ONE % "version: '1'")), DAY, "terms", "Terms", "")["terms"]
    assert bare["models"] == {
        "a": {
            "id": "a", "name": "A", "attachment": True, "modalities": {"input": ("text", "image"), "output": ("text",)},
        }
    }  # fmt: skip


def test_the_last_month_of_all_is_refused_but_a_sealed_list_with_it_is_read() -> None:
    text = LICENCE % "MIT" + "  lifecycle: {retires: 9999-12}\n"
    text = text.replace("}}\n  lifecycle: {retires: 9999-12}", "}, lifecycle: {retires: 9999-12}}")
    with pytest.raises(EngrossError, match="9999-12 has no day after it for the calendar"):
        read_catalogue(source(text))
    sealed = replace(source(text), sealed=True)
    assert read_catalogue(sealed).models[0].lifecycle == Lifecycle(retires="9999-12")
    with pytest.raises(EngrossError, match="such as 2026-01, not 0000-05"):
        read_catalogue(source(text.replace("9999-12", "0000-05")))
