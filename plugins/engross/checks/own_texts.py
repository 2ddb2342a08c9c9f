"""The drafting check of texts beside change notes, each read in the sets of its document in place of its draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engross.checks.engine import NO_EXCEPTIONS, Exceptions, check_subjects
from engross.checks.findings import Judged
from engross.checks.inputs import project_subjects
from engross.checks.rules import RULES
from engross.checks.rules.rule import Rule
from engross.corpus.project import Project
from engross.model import Document
from engross.record.plan import Plan
from engross.record.posted_terms import posted_terms


def check_own_texts(
    plan: Plan, rules: Sequence[Rule] = RULES, exceptions: Exceptions = NO_EXCEPTIONS
) -> Iterator[Judged]:
    """What some rules find in the texts that lie beside pending notes."""
    for texts in plan.own.values():
        for text in texts:
            document = text.draft.document
            project = _with_text(plan.project, document)
            posted = posted_terms(project, plan.record)
            subjects = (one for one in project_subjects(project, posted) if document in one.edition.documents)
            for judged in check_subjects(subjects, rules=rules, exceptions=exceptions):
                if document.source and judged.finding.path == document.source.path:
                    yield judged


def own_documents(plan: Plan | None) -> Iterator[Document]:
    """The texts that lie beside pending notes; none where it is not known what would be posted."""
    for texts in plan.own.values() if plan else ():
        yield from (text.draft.document for text in texts)


def _with_text(project: Project, text: Document) -> Project:
    """A project with another text of one of its documents."""
    editions = tuple(
        replace(edition, documents=tuple(text if one.id == text.id else one for one in edition.documents))
        for edition in project.editions
    )
    return replace(project, documents={**project.documents, text.id: text}, editions=editions)
