"""The drafting check: applies rules to bound editions and returns the findings in the order of the text.

Exceptions in `documents.yml` remove findings. Each names a rule and a document, and optionally a clause (by label or
anchor) and the words that the finding is about. An exception that matches no finding is reported itself. A baseline
removes the findings that were in the texts when they were adopted. In an emergency, warnings about the documents
concerned become notes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engross.common import meant, tracked, value_class
from engross.drafting.baseline import NEVER, NO_BASELINE, Baseline, normalised
from engross.drafting.kept_findings import findings_of_documents, keep_rows
from engross.drafting.rules import BY_NAME, RULES, STALE_EXCEPTION
from engross.drafting.subject import Finding, Judged, Rule, Subject
from engross.model import Diagnostic, Document, Severity

if TYPE_CHECKING:  # a check of one file needs no settings
    from engross.corpus import Allowed, Settings


def apply_exceptions(
    judged: Iterable[Judged], allowed: Sequence[Allowed], documents: Collection[str]
) -> tuple[list[Judged], list[Allowed]]:
    """Return the findings that no exception allows, and the unused exceptions for these documents."""
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
    """Whether an exception matches a finding."""
    finding = item.finding
    if exception.rule != item.diagnostic.rule or exception.document != finding.document:
        return False
    if exception.clause and not _same_text(exception.clause, finding.clause) and exception.clause != finding.anchor:
        return False
    return not exception.text or _same_text(exception.text, finding.text)


def _same_text(one: str, other: str) -> bool:
    """Whether two texts are equal, ignoring white space and the style of quotation marks."""
    return normalised(one) == normalised(other)


def let_pass(judged: Iterable[Judged], reasons: Mapping[str, str]) -> list[Diagnostic]:
    """The diagnostics of findings. A warning becomes a note if `reasons` has an emergency for its document."""
    return [_allowed_in_emergency(item, reasons.get(item.finding.document, "")) for item in judged]


def _allowed_in_emergency(item: Judged, reason: str) -> Diagnostic:
    found = item.diagnostic
    if not reason or found.severity is not Severity.WARNING:
        return found
    return replace(found, severity=Severity.NOTE, message=f"{found.message} (allowed in an emergency: {reason})")


@value_class(frozen=True, slots=True)
class Exceptions:
    """The exceptions of a site, the path of their file as messages show it, and its baseline."""

    allowed: tuple[Allowed, ...] = ()
    path: str = ""
    baseline: Baseline = NO_BASELINE

    @staticmethod
    def of(settings: Settings) -> Exceptions:
        """Return the exceptions in `documents.yml`, without the baseline."""
        return Exceptions(settings.exceptions, settings.file.source.path)


NO_EXCEPTIONS = Exceptions()


def check_subjects(
    subjects: Iterable[Subject], *, rules: Sequence[Rule] = RULES, exceptions: Exceptions = NO_EXCEPTIONS
) -> list[Judged]:
    """Apply rules to editions; return the findings that are not allowed, each once, in the order of the text.

    A document may be in several editions. An exception that matches nothing in any of them is reported, if its rule
    is among `rules`; so are known findings of the baseline that are no longer found.
    """
    judged, documents = dict[Diagnostic, Judged](), list[Document]()
    former: list[Judged] = []
    for subject in subjects:
        documents += subject.edition.documents
        judged |= {item.diagnostic: item for item in (*judge(subject, rules), *_of_rows(subject, rules))}
        former += _formerly(subject, exceptions.allowed)
    ids, names = {document.id for document in documents}, {rule.name for rule in rules}
    left, stale = apply_exceptions(judged.values(), exceptions.allowed, ids)
    left, unknown = exceptions.baseline.let_pass(left, documents, names)
    if STALE_EXCEPTION.name in names:
        stale = [one for one in stale if not any(allows(one, item) for item in former)]
        left += [_stale(one, exceptions.path) for one in stale if one.rule in names or one.rule not in BY_NAME]
    return [*left, *unknown]


def _of_rows(subject: Subject, rules: Iterable[Rule]) -> Iterator[Judged]:
    """What is found in the text of lists of models and registers, which have no clauses."""
    lists = [document for document in subject.edition.documents if document.entry.kind.has_rows]
    if lists:
        from engross.drafting.site_files import check_rows

        names = {rule.name for rule in rules}
        for document in lists:
            yield from check_rows(document, names)


def _formerly(subject: Subject, allowed: Iterable[Allowed]) -> Iterator[Judged]:
    """What earlier versions found by the rules of these exceptions: an update makes no exception stale by itself."""
    for name in {exception.rule for exception in allowed}:
        rule = BY_NAME.get(name)
        if rule and rule.formerly:
            yield from (Judged(finding, _diagnostic(rule, finding)) for finding in rule.formerly(subject))


def unknown_rules(exceptions: Exceptions) -> list[Diagnostic]:
    """Return the errors for exceptions whose rule does not exist."""
    return [_stale(one, exceptions.path).diagnostic for one in exceptions.allowed if one.rule not in BY_NAME]


def judge(subject: Subject, rules: Iterable[Rule] = RULES) -> list[Judged]:
    """Apply rules to one edition; return each finding once, by document, line and column."""
    place = {document.id: at for at, document in enumerate(subject.edition.documents)}
    found, rules = {}, list(rules)
    known = findings_of_documents(subject, rules)
    for order, rule in enumerate(tracked("Applying rules", rules)):
        findings = known[rule.name] if rule.name in known else rule.check(subject)
        for finding in _of_free_text(subject, rule, findings):
            key = (place.get(finding.document, -1), finding.line, finding.column, order, finding.message)
            found[key] = Judged(finding, _diagnostic(rule, finding))
    keep_rows(subject)
    return [found[key] for key in sorted(found)]


def _of_free_text(subject: Subject, rule: Rule, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings that somebody may correct, without edits of what must stay letter for letter.

    In such text only errors and what protects the published page are findings.
    """
    for finding in findings:
        kept = subject.verbatim.get(finding.path, frozenset())
        severity = rule.severity if finding.severity is None else finding.severity
        if finding.line in kept and severity < Severity.ERROR and rule.name not in NEVER:
            continue
        if kept and (finding.line in kept or _touches(subject, finding, kept)):
            finding = replace(finding, fix="" if finding.edits else finding.fix, edits=())
        yield finding


def _touches(subject: Subject, finding: Finding, kept: Collection[int]) -> bool:
    reading = subject.by_document.get(finding.document)
    source = reading.document.source if reading else None
    if source is None:
        return False
    lines = ((source.position(one.start)[0], source.position(one.end)[0]) for one in finding.edits)
    return any(line in kept for first, last in lines for line in range(first, last + 1))


def diagnostics(judged: Iterable[Judged]) -> list[Diagnostic]:
    """The diagnostics of findings."""
    return [item.diagnostic for item in judged]


def _diagnostic(rule: Rule, finding: Finding) -> Diagnostic:
    severity = rule.severity if finding.severity is None else finding.severity
    return Diagnostic(
        rule.name, severity, finding.path, finding.line, finding.column, finding.message, finding.clause, finding.fix
    )  # fmt: skip


def _stale(exception: Allowed, path: str) -> Judged:
    """The finding for an exception that matches nothing, or whose rule does not exist."""
    from engross.record import BY_NAME as OF_RECORD

    line, column = exception.place
    if exception.rule in BY_NAME:
        narrowed = f" in {exception.clause}" if exception.clause else ""
        about = f" about {exception.text}" if exception.text else ""
        message = f"{exception.rule} finds nothing{about}{narrowed} in {exception.document}; delete this exception"
    elif exception.rule in OF_RECORD:
        message = f"{exception.rule} is a rule of the record, which has no exceptions; delete this exception"
    else:
        message = f"there is no rule {exception.rule}{meant(exception.rule, BY_NAME)}"
    severity = STALE_EXCEPTION.severity if exception.rule in BY_NAME else Severity.ERROR
    finding = Finding(exception.document, path, line, column, message)
    return Judged(finding, Diagnostic(STALE_EXCEPTION.name, severity, path, line, column, message))
