"""Findings in the cache: they are those of a check from scratch, whatever was edited since."""

from pathlib import Path
from random import Random

import pytest
from tests.terms.cases import document, edition

from engross.common import NO_CACHE, Cache, EngrossError
from engross.drafting import RULES, Judged, Rule, Subject, check_subjects
from engross.drafting.subject import Edit, Finding, OfDocument
from engross.model import Severity
from engross.terms import Readings, bind

CASES = Path(__file__).parent.parent / "cases" / "check"
WRONG = {rule.name: rule.bad for rule in RULES if isinstance(rule.check, OfDocument)}


def check(texts: dict[str, str], cache: Cache = NO_CACHE, rules: tuple[Rule, ...] = RULES) -> list[Judged]:
    documents = [document(name, name.title(), text) for name, text in texts.items()]
    binding = bind(edition(*documents), readings=Readings(cache))
    return check_subjects([Subject(binding, cache=cache)], rules=rules)


def readable(text: str) -> bool:
    try:
        return bool(document("id", "Title", text))
    except EngrossError:
        return False


def test_the_findings_of_each_such_rule_are_kept_whole(tmp_path: Path) -> None:
    cold = check(WRONG)
    assert len(WRONG) > 10
    assert {one.diagnostic.rule for one in cold} >= set(WRONG)
    assert any(one.finding.edits for one in cold)
    assert check(WRONG, Cache(tmp_path)) == cold
    assert check(WRONG, Cache(tmp_path)) == cold


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def test_after_any_edit_the_findings_are_those_of_a_check_from_scratch(tmp_path: Path, seed: int) -> None:
    random, cache = Random(seed), Cache(tmp_path)
    every = {path.stem: path.read_text("utf-8") for path in sorted(CASES.glob("*.md"))}
    texts = {name: every[name] for name in random.sample(sorted(filter(lambda one: readable(every[one]), every)), 4)}
    for _ in range(15):
        assert check(texts, cache) == check(texts)
        name = random.choice(list(texts))
        lines = texts[name].split("\n")
        lines.insert(random.randrange(len(lines)), lines.pop(random.randrange(len(lines))))
        if readable("\n".join(lines)):
            texts[name] = "\n".join(lines)


def test_only_an_edited_document_is_checked_again(tmp_path: Path) -> None:
    read: list[str] = []
    noted = OfDocument(lambda reading: read.append(reading.document.id) or ())  # type: ignore[func-returns-value]
    rules = (Rule("noted", Severity.NOTE, "", "", "", "", noted),)
    texts = {"one": "# One\n\nText.\n", "two": "# Two\n\nText.\n"}
    check(texts, Cache(tmp_path), rules)
    check({**texts, "two": "# Two\n\nOther text.\n"}, Cache(tmp_path), rules)
    assert read == ["one", "two", "two"]


def test_a_kept_finding_has_all_its_fields(tmp_path: Path) -> None:
    whole = Finding("one", "one.md", 1, 2, "message", "1", "a", "text", "fix", (Edit(0, 1, "new"),), Severity.ERROR)
    rules = (Rule("whole", Severity.NOTE, "", "", "", "", OfDocument(lambda _: [whole])),)
    texts = {"one": "# One\n"}
    (first,), (second,) = (check(texts, Cache(tmp_path), rules) for _ in range(2))
    assert first == second
    assert second.finding == whole
    assert second.finding.severity is Severity.ERROR
