"""Exceptions allow only the findings they name, and are reported if they allow none."""

import pytest

from engross.corpus.settings import Allowed
from engross.drafting.check_inputs import lone_document, lone_subject
from engross.drafting.engine import Exceptions, check_subjects, diagnostics
from engross.drafting.rules import BY_NAME
from engross.drafting.subject import Subject
from engross.model import Diagnostic, Severity
from engross.text import decode

TEXT = "# T\n\n## Fees\n\nIt is is due. It is due due.\n\n## Survival\n\n## Other\n\nIt is is so.\n"
DOCUMENT = "tmd"


def subject() -> Subject:
    return lone_subject(lone_document(decode(TEXT.encode(), "t.md")))


def allowed(rule: str = "repeated-word", document: str = DOCUMENT, clause: str = "", text: str = "") -> Allowed:
    return Allowed(rule, document, "it is meant so", clause, text, (7, 5))


def found(*exceptions: Allowed) -> list[tuple[str, int]]:
    judged = check_subjects([subject()], exceptions=Exceptions(exceptions, "documents.yml"))
    return [(one.rule, one.line) for one in diagnostics(judged)]


ALL = [("repeated-word", 5), ("repeated-word", 5), ("empty-section", 7), ("repeated-word", 11)]


@pytest.mark.parametrize(
    ("exception", "left"),
    [
        (allowed(), [("empty-section", 7)]),
        (allowed(clause="Fees"), [("empty-section", 7), ("repeated-word", 11)]),
        (allowed(clause="other.p1"), ALL[:3]),
        (allowed(clause="Fees", text="is is"), ALL[1:]),
        (allowed(text="due due"), [ALL[0], *ALL[2:]]),
        (allowed("empty-section", text="Survival"), [ALL[0], ALL[1], ALL[3]]),
    ],
)
def test_what_is_named_is_allowed(exception: Allowed, left: list[tuple[str, int]]) -> None:
    assert found() == ALL
    assert found(exception) == left


@pytest.mark.parametrize(
    "exception", [allowed(clause="Elsewhere"), allowed(text="so so"), allowed("placeholder"), allowed("no-such-rule")]
)
def test_what_allows_nothing_is_reported(exception: Allowed) -> None:
    assert found(exception) == [*ALL, ("stale-exception", 7)]


def test_an_exception_for_another_document_is_none_of_this_edition() -> None:
    assert found(allowed(document="elsewhere")) == ALL


def test_an_unknown_rule_is_an_error_and_a_stale_exception_a_warning() -> None:
    def last(exception: Allowed) -> Diagnostic:
        exceptions = Exceptions((exception,), "documents.yml")
        return diagnostics(check_subjects([subject()], exceptions=exceptions))[-1]

    assert last(allowed("repeated-words")).severity is Severity.ERROR
    assert "repeated-word" in last(allowed("repeated-words")).message
    assert last(allowed("placeholder")).severity is Severity.WARNING
    assert str(last(allowed("placeholder"))).startswith("documents.yml:7:5: placeholder finds nothing")


def test_an_exception_is_not_stale_where_its_rule_was_not_asked() -> None:
    rules = [BY_NAME["empty-section"], BY_NAME["stale-exception"]]
    exceptions = Exceptions((allowed("placeholder"),), "documents.yml")
    judged = check_subjects([subject()], rules=rules, exceptions=exceptions)
    assert [one.rule for one in diagnostics(judged)] == ["empty-section"]


def test_findings_in_a_document_of_two_sets_are_reported_once() -> None:
    assert len(check_subjects([subject(), subject()])) == len(ALL)
