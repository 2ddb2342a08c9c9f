"""The drafting check: editions, bound → findings, by the rules that are asked for, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engross.checks.exceptions import apply_exceptions
from engross.checks.findings import Finding, Judged
from engross.checks.rules import BY_NAME, RULES, STALE_EXCEPTION
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.corpus.documents import Allowed
from engross.corpus.words import meant
from engross.model import Diagnostic, Severity
from engross.record.rules import BY_NAME as OF_RECORD
from engross.values import dataclass


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The exceptions of a site: what they allow, and the file (as messages call it) in which they stand."""

    allowed: tuple[Allowed, ...] = ()
    path: str = ""


NO_EXCEPTIONS = Exceptions()


def check_subjects(
    subjects: Iterable[Subject], *, rules: Sequence[Rule] = RULES, exceptions: Exceptions = NO_EXCEPTIONS
) -> list[Judged]:
    """What some rules find in some editions, without what is allowed, each finding once, in the order of the text.

    A document may be in several editions. An exception that allows nothing in any of them is among the findings, if
    its rule was among those asked for.
    """
    judged, documents = dict[Diagnostic, Judged](), set[str]()
    for subject in subjects:
        documents |= {document.id for document in subject.edition.documents}
        judged |= {item.diagnostic: item for item in judge(subject, rules)}
    left, stale = apply_exceptions(judged.values(), exceptions.allowed, documents)
    asked = {rule.name for rule in rules}
    if STALE_EXCEPTION.name in asked:
        left += [_stale(one, exceptions.path) for one in stale if one.rule in asked or one.rule not in BY_NAME]
    return left


def judge(subject: Subject, rules: Iterable[Rule] = RULES) -> list[Judged]:
    """The findings of some rules in one edition, each once, by document, line and column."""
    place = {document.id: at for at, document in enumerate(subject.edition.documents)}
    found = {}
    for order, rule in enumerate(rules):
        for finding in rule.check(subject):
            key = (place.get(finding.document, -1), finding.line, finding.column, order, finding.message)
            found[key] = Judged(finding, _diagnostic(rule, finding))
    return [found[key] for key in sorted(found)]


def diagnostics(judged: Iterable[Judged]) -> list[Diagnostic]:
    """The findings as every output takes them."""
    return [item.diagnostic for item in judged]


def _diagnostic(rule: Rule, finding: Finding) -> Diagnostic:
    severity = rule.severity if finding.severity is None else finding.severity
    return Diagnostic(
        rule.name, severity, finding.path, finding.line, finding.column, finding.message, finding.clause, finding.fix
    )  # fmt: skip


def _stale(exception: Allowed, path: str) -> Judged:
    """That an exception allows nothing: its reason is gone, or its rule was never one."""
    line, column = exception.place
    if exception.rule in BY_NAME:
        narrowed = f" in {exception.clause}" if exception.clause else ""
        about = f" about {exception.text}" if exception.text else ""
        message = f"{exception.rule} finds nothing{about}{narrowed} in {exception.document}; delete this exception"
    elif exception.rule in OF_RECORD:
        message = f"{exception.rule} is a rule of the record, and knows no exceptions; delete this one"
    else:
        message = f"there is no rule {exception.rule}{meant(exception.rule, BY_NAME)}"
    severity = STALE_EXCEPTION.severity if exception.rule in BY_NAME else Severity.ERROR
    finding = Finding(exception.document, path, line, column, message)
    return Judged(finding, Diagnostic(STALE_EXCEPTION.name, severity, path, line, column, message))
