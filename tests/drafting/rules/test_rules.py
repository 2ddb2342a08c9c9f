"""Every rule: its examples, its findings in agreements with one defect, and texts without findings."""

import re

import pytest

from engross.drafting.rule_reference import check_example, rules_page
from engross.drafting.rules import RULES
from engross.drafting.subject import Rule
from engross.model import Severity
from engross.record.rules import RULES as OF_RECORD

from .seeds import CASES, SEEDS, base, seeded

NAMES = {
    "missing-reference", "missing-attachment", "reference-mismatch", "duplicate-definition", "duplicate-heading",
    "placeholder", "conversion-leftover", "raw-html", "unsafe-link", "outside-image",
    "open-comment", "table-row", "unused-link", "footnote",
    "undefined-term", "unused-definition", "circular-definition", "case-mismatch", "term-variant", "repeated-word",
    "unpaired-quote", "unpaired-bracket", "number-mismatch", "empty-section", "definition-order", "definition-quotes",
    "definition-punctuation", "heading-level", "heading-number", "enumeration-gap", "stale-exception",
    "late-definition", "used-once", "redefined-term",
    "verbatim-text", "checklist-clause", "checklist-item", "dmca-agent", "dmca-registration", "dmca-repeat-infringers",
    "confusable-term", "mixed-script", "language-mismatch", "hidden-character", "deleted-definition",
}  # fmt: skip
WITH_EXAMPLES = [rule for rule in RULES if rule.bad]


def found_in(markdown: str, settings: str = "") -> list[str]:
    return [item.diagnostic.rule for item in check_example(markdown, settings)]


def test_the_table_holds_every_rule_once() -> None:
    assert [rule.name for rule in RULES] == list(dict.fromkeys(rule.name for rule in RULES))
    assert {rule.name for rule in RULES} == NAMES
    assert [rule.severity for rule in RULES] == sorted((rule.severity for rule in RULES), reverse=True)


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.name)
def test_the_bad_example_breaks_this_rule_alone(rule: Rule) -> None:
    assert set(found_in(rule.bad, rule.settings)) == {rule.name}


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.name)
def test_the_good_example_keeps_the_rule(rule: Rule) -> None:
    assert rule.name not in found_in(rule.good, rule.good_settings or rule.settings)


def test_the_page_has_every_rule_and_its_examples() -> None:
    page = rules_page()
    text = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == [
        *(rule.name for rule in RULES),
        *("text-differs", "broken-link", "control-character"),
        *(rule.name for rule in OF_RECORD),
        *("unguarded-site", "published-settings"),
    ]
    for rule in OF_RECORD:
        assert f"{rule.summary} {rule.why}" in page
    for rule in RULES:
        assert rule.summary in page
        assert rule.bad in page


@pytest.mark.parametrize("name", SEEDS)
def test_a_sound_agreement_has_no_errors(name: str) -> None:
    assert not [item for item in check_example(base(name)) if item.diagnostic.severity is Severity.ERROR]


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.md")))
def test_case(name: str) -> None:
    found = [f"{item.diagnostic.rule} {item.diagnostic}\n" for item in check_example(base(name))]
    assert "".join(found) == (CASES / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "rule"), [(name, rule) for name, seeds in SEEDS.items() for rule in seeds])
def test_a_seeded_defect_is_found(name: str, rule: str) -> None:
    before = {(item.diagnostic.rule, item.diagnostic.message) for item in check_example(base(name))}
    after = {(item.diagnostic.rule, item.diagnostic.message) for item in check_example(seeded(name, rule))}
    assert rule in {found for found, _ in after - before}


def test_a_wrong_title_is_as_severe_as_the_text_shows() -> None:
    found = {
        (Severity(item.diagnostic.severity).name, item.finding.text)
        for name in ("that-differ", "of-another-contract")
        for item in check_example(base(f"titles-{name}"))
        if item.diagnostic.rule == "reference-mismatch"
    }
    assert {text for severity, text in found if severity == "ERROR"} == {
        *("Section 5 (Deliveries)", "Section 3.3 (Packing)", "Section 3 (Fees)"),  # another section has the title
        *("this Section 3", "Section 2 (Fees)"),  # in Section 2; “of this Amendment”
    }
    assert {text for severity, text in found if severity == "WARNING"} == {
        "This Section 3.1",  # in 3.2
    }
    assert {text for severity, text in found if severity == "NOTE"} == {
        *("Section 4 (Liability of the Parties)", "Section 2 (Service Credits)"),  # a paraphrase, a thing
        *("Section 2 (Insurance Cover)", "Section 1 (Payment by Card)"),  # no word in common
        "Section 3 (Fees)",  # in a list of versions
        "Section 5 (“Deliveries”)",  # in the section with this title
        *("Section 1 (Definitions)", "Section 2 (Warranties)", "Section 3 (Scope)"),  # of another contract
    }


def test_a_missing_reference_is_as_severe_as_the_numbers_show() -> None:
    found = {
        (Severity(item.diagnostic.severity).name, item.finding.text)
        for name in ("certainty", "history", "addendum")
        for item in check_example(base(f"missing-reference-{name}"))
        if item.diagnostic.rule == "missing-reference"
    }
    assert {text for severity, text in found if severity == "ERROR"} == {
        *("Section 5.2", "Section 3.5"),  # after the last number of their level
        *("Section 2.7", "Section 2.9"),
    }
    assert {text for severity, text in found if severity == "WARNING"} == {
        *("Section 1.3", "Section 3(b)"),  # nothing like it is there
        *("Section 2(c)", "Section 3.3"),  # between two others
        "Section 2(e)",  # an item, of which a converter may have dropped the letter
        '"Arbitration procedure" section',
    }
    # In a list of versions, and beside the sections of another agreement.
    assert {text for severity, text in found if severity == "NOTE"} == {"Section 2.9", "Section 2.8", "Section 2.6"}


def test_definitions_of_other_agreements_and_of_legends_are_notes() -> None:
    found = {
        (item.finding.text, Severity(item.diagnostic.severity).name)
        for item in check_example(base("definitions-of-other-agreements"))
        if item.diagnostic.rule in ("duplicate-definition", "redefined-term")
    }
    assert found == {("Plant", "ERROR"), ("Advance", "NOTE"), ("Securities Law", "NOTE")}


@pytest.mark.parametrize(
    ("language", "certain", "possible"),
    [
        ("de", {"und und", "ist ist"}, {"mit mit", "bei bei", "und und"}),  # the last in an English quotation
        ("fr", {"la la", "le le", "de de", "du du", "les les"}, {"sont sont"}),
        ("es", {"los los", "y y", "el el", "que que"}, set[str]()),
    ],
)
def test_each_language_knows_the_words_that_none_of_its_sentences_repeats(
    language: str, certain: set[str], possible: set[str]
) -> None:
    found = check_example(base(f"{language}-repeated-words"))
    of_severity = {
        severity: {item.finding.text for item in found if item.diagnostic.severity is severity} for severity in Severity
    }
    assert (of_severity[Severity.WARNING], of_severity[Severity.NOTE]) == (certain, possible)
    assert not any(item.finding.edits for item in found)


def test_definitions_for_other_texts_are_notes() -> None:
    for name in ("definitions-in-amendments", "glossary-alone"):
        found = [one for one in check_example(base(name)) if one.diagnostic.rule == "unused-definition"]
        assert {one.diagnostic.severity for one in found} == {Severity.NOTE}


def test_definitions_of_several_agreements_in_one_file_are_notes() -> None:
    for name, count in (("agreements-with-their-parties", 2), ("definitions-for-a-case", 1)):
        found = [one.diagnostic for one in check_example(base(name)) if one.diagnostic.rule == "duplicate-definition"]
        assert [one.severity for one in found] == [Severity.NOTE] * count
