"""The drafting check of a site with its record: the record's rules, and the texts that a release would post."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engross.common import EngrossError, value_class
from engross.corpus import Folders, Project
from engross.drafting.check_inputs import Site, project_subjects, site_exceptions
from engross.drafting.engine import NO_EXCEPTIONS, Exceptions, check_subjects, let_pass
from engross.drafting.links import Links
from engross.drafting.rules import BY_NAME as DRAFTING, RULES, STALE_EXCEPTION
from engross.drafting.rules.slips import MIXED_SCRIPT
from engross.drafting.site_files import check_text
from engross.drafting.subject import Judged, Rule
from engross.model import Diagnostic, Document, DocumentEntry, EntryKind
from engross.record import BY_NAME, Plan, State, emergencies, posted_texts, read_state


def check_own_texts(
    plan: Plan, rules: Sequence[Rule] = RULES, exceptions: Exceptions = NO_EXCEPTIONS
) -> Iterator[Judged]:
    """Check the texts beside pending notes, each in the sets of its document in place of its draft."""
    for texts in plan.own.values():
        for text in texts:
            document = text.draft.document
            project = _with_draft(plan.project, document)
            posted = posted_texts(project, plan.record)
            subjects = (one for one in project_subjects(project, posted) if document in one.edition.documents)
            for judged in check_subjects(subjects, rules=rules, exceptions=exceptions):
                if document.source and judged.finding.path == document.source.path:
                    yield judged


def check_pending(state: State, folders: Folders) -> list[Diagnostic]:
    """Broken links and the findings of the drafting check in the texts that a release would post, with all texts that
    are published with them; warnings that an emergency suppresses are notes. Nothing where nothing would be posted.
    """
    if not state.plan.postings:
        return []
    exceptions = site_exceptions(state.project)
    subjects = project_subjects(state.project, posted_texts(state.project, state.record))
    judged = [*check_subjects(subjects, exceptions=exceptions), *check_own_texts(state.plan, exceptions=exceptions)]
    # An exception may be for a text that waits, which is not here; its links are those that were posted.
    waiting = {name for name, draft in state.plan.drafts.documents.items() if draft.waits}
    kept = [one for one in judged if one.diagnostic.rule != STALE_EXCEPTION.name or one.finding.document not in waiting]
    # An unposted document may link to a file that was removed together with a posted one.
    documents = [one for name, one in state.project.documents.items() if name not in waiting]
    links = Links(state.project, folders, lambda: state.record)
    broken = [*links.check([*documents, *own_documents(state.plan)]), *links.check_notes(state.plan.notes)]
    return [*broken, *let_pass(kept, emergencies(state.plan)), *check_note_texts(state.plan)]


def check_note_texts(plan: Plan, names: Collection[str] = tuple(DRAFTING)) -> Iterator[Diagnostic]:
    """Apply the rules `names` to the pending notes: what they say is posted too.

    A word that mixes scripts is no finding in a note if a document of the note has it: it is checked there.
    """
    for note in plan.notes:
        texts = [plan.project.documents[one].source for one in note.documents if one in plan.project.documents]
        for found in check_text(note.source, names):
            word = found.message.partition("”")[0].lstrip("“")
            if found.rule != MIXED_SCRIPT.name or not any(word in one.text for one in texts if one):
                yield found


def pending_documents(state: State) -> list[Document]:
    """The texts that a release would post."""
    posts = (one for one in state.plan.postings if one.kind is EntryKind.POST)
    return [one.draft.document for one in posts if one.draft]


def own_documents(plan: Plan | None) -> Iterator[Document]:
    """The texts beside pending notes; none if the record could not be read (no plan)."""
    for texts in plan.own.values() if plan else ():
        yield from (text.draft.document for text in texts)


def _with_draft(project: Project, text: Document) -> Project:
    """Replace the text of one document of a project."""
    editions = tuple(
        replace(edition, documents=tuple(text if one.id == text.id else one for one in edition.documents))
        for edition in project.editions
    )
    return replace(project, documents={**project.documents, text.id: text}, editions=editions)


@value_class(frozen=True, slots=True)
class RecordCheck:
    """The result of checking the record.

    `reasons` are the emergencies, by document, that allow drafting warnings; `plan` is what would be posted, None if
    the record cannot be read.
    """

    findings: tuple[Diagnostic, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    plan: Plan | None = None


def check_record(
    site: Site, now: datetime, names: Collection[str] = tuple(BY_NAME), shown: Collection[str] | None = None
) -> RecordCheck:
    """Check a site against its record at the instant `now`.

    The findings are those of the rules `names`, in the files `shown` (all files if None) or in a note about them.
    Errors that keep the record from being read are included.
    """
    try:
        state = read_state(site.folders, now, site.project)
        reasons = tuple(emergencies(state.plan).items())
        entries = {one.source.path: one.entry for one in state.project.documents.values() if one.source}
        found = list(_of_rules(state.findings(), names))
    except EngrossError as failure:
        return RecordCheck(failure.diagnostics if names else ())
    return RecordCheck(tuple(_about_files(found, state, entries, shown)), reasons, state.plan)


def _of_rules(found: Iterable[Diagnostic], names: Collection[str]) -> Iterable[Diagnostic]:
    # Errors in a note have no rule in the table; they are reported if any rule is.
    return (one for one in found if names and (one.rule in names or one.rule not in BY_NAME))


def _about_files(
    found: Iterable[Diagnostic], state: State, entries: Mapping[str, DocumentEntry], shown: Collection[str] | None
) -> Iterable[Diagnostic]:
    if shown is None:
        return found
    documents = {entry.id for path, entry in entries.items() if path in shown}
    notes = {note.source.path for note in state.plan.notes if documents & set(note.documents)}
    return (one for one in found if one.path in shown or one.path in notes)
