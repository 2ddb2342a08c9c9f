"""The drafting check: bound editions -> findings, without those that `documents.yml` or an emergency allows.

Exceptions: what `documents.yml` allows although a rule finds it, each with its reason.

An exception names a rule and a document, and may narrow that to a clause (by its label or its anchor) and to the words
that the finding is about. One that allows nothing has outlived its reason, and is reported itself.

What an emergency lets pass: drafting warnings in the documents it is about, which become notes that name it.

The drafting check: editions, bound → findings, by the rules that are asked for, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from engross.common import meant, value_class
from engross.corpus import Allowed
from engross.drafting.rules import BY_NAME, RULES, STALE_EXCEPTION
from engross.drafting.subject import Finding, Judged, Rule, Subject
from engross.model import Diagnostic, Severity
from engross.record import BY_NAME as OF_RECORD


def apply_exceptions(
    judged: Iterable[Judged], allowed: Sequence[Allowed], documents: Collection[str]
) -> tuple[list[Judged], list[Allowed]]:
    """What is left of the findings, and the exceptions for these documents that allowed none of them."""
    used: set[int] = set()
    left = []
    for item in judged:
        matching = [at for at, exception in enumerate(allowed) if allows(exception, item)]
        used.update(matching)
        if not matching:
            left.append(item)
    stale = [exception for at, exception in enumerate(allowed) if at not in used and exception.document in documents]
    return left, stale


def allows(exception: Allowed, item: Judged) -> bool:
    """Whether an exception is for a finding."""
    finding = item.finding
    if exception.rule != item.diagnostic.rule or exception.document != finding.document:
        return False
    if exception.clause and not _same(exception.clause, finding.clause) and exception.clause != finding.anchor:
        return False
    return not exception.text or _same(exception.text, finding.text)


def _same(one: str, other: str) -> bool:
    """Whether two pieces of text are the same but for white space and the kind of quotation marks."""
    return _folded(one) == _folded(other)


def _folded(words: str) -> str:
    for fancy, plain in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'")):
        words = words.replace(fancy, plain)
    return " ".join(words.split())


def let_pass(judged: Iterable[Judged], reasons: Mapping[str, str]) -> list[Diagnostic]:
    """The findings as every output takes them; a warning about a document for which there is a reason is a note."""
    return [_passed(item, reasons.get(item.finding.document, "")) for item in judged]


def _passed(item: Judged, reason: str) -> Diagnostic:
    found = item.diagnostic
    if not reason or found.severity is not Severity.WARNING:
        return found
    return replace(found, severity=Severity.NOTE, message=f"{found.message} (let pass in an emergency: {reason})")


@value_class(frozen=True, slots=True)
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
