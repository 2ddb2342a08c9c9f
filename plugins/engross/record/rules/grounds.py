"""Rules for documents that change only on certain grounds, and the clauses that their notes cite.

Notes cite clauses as people do: "Restrictions (h)(iv)", "Section 4.2", "#fees", "Fees of the Agreement".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

import engross.common.lazy_re as re
from engross.common import meant, quoted, shown
from engross.model import (
    Change,
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    Entry,
    Ground,
    GroundGiven,
    Severity,
)
from engross.record.notes.draft_text import CITES
from engross.record.notes.placeholders import GAP_TEXTS, text_gap
from engross.record.notes.reader import note_mistake
from engross.record.posting.plan import Plan
from engross.record.rules.rule import RecordRule

_KIND = re.compile(
    r"(?:sections?|clauses?|articles?|paragraphs?|sec\.|cl\.|art\.|para\.|§+|abschnitt|ziffer|artikel|absatz"
    r"|paragraphe|alinéa|sección|cláusula|artículo|apartado)\s*",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")
_BESIDE_BRACKET = re.compile(r"\s+(?=\()|(?<=\))\s+(?=\()")
_EDGES = " .,;:“”„\"'‘’«»"
_BETWEEN = re.compile(
    r"\s*;\s*|\s*,\s*(?:(?:and|or|und|oder|et|ou|y|o)\s+)?|\s*&\s*|\s+(?:and|or|und|oder|et|ou|y|o)\s+"
    r"|\s*[–—]\s*(?=\()|\s+(?:to|through|bis|à|a)\s+(?=\()",
    re.IGNORECASE,
)
"""The separators between several cited clauses."""
_ENUMERATORS = re.compile(r"(?:\([^()\s]+\)\s*)+")
_LAST_ENUMERATOR = re.compile(r"\s*\([^()\s]+\)\Z")
_MOST_CITED = 12
"""The maximum number of clauses that are cited together; a longer list is read as the name of one clause."""
_OF = r"(?:\s*,\s*|\s*:\s*|\s+(?:of|in|to|der|des|du|de la|del)\s+)(?:the\s+|our\s+)?"
_MOST_NEAREST = 3
_LIKENESS = 0.5


class CitedClauses:
    """The documents whose clauses a note can cite: the first by default, `others` only if the citation names them."""

    def __init__(self, documents: Iterable[Document], others: Iterable[Document]) -> None:
        self._own = [(document, _names(document)) for document in documents]
        self._all = [*self._own, *((document, _names(document)) for document in others)]

    def holds(self, cited: str) -> bool:
        """Whether a text cites one existing clause or several: "Use (b) and (c) of the Agreement"."""
        if any(_are_clauses(cited, names) for _, names in self._own):
            return True
        return self._owner(cited) is not None or self._each(cited)

    def _each(self, cited: str) -> bool:
        """Whether each of several citations is a clause on its own, in any of the documents."""
        parts = [part for part in _BETWEEN.split(cited) if part]
        return len(parts) > 1 and all(
            self._owner(part) or any(_plain(part) in names for _, names in self._own) for part in parts
        )

    def _owner(self, cited: str) -> Document | None:
        """Return the document that a text names, if it has the clauses that the text cites."""
        owners = (
            document
            for document, names in self._all
            for rest in _without_document(cited, document)
            if _are_clauses(rest, names)
        )
        return next(owners, None)

    def elsewhere(self, cited: str) -> str:
        """Return the citation completed with the document that has the clause; empty if no document has it."""
        names = (document for document, names in self._all[len(self._own) :] if _are_clauses(cited, names))
        document = next(names, None)
        return f"{cited.strip(_EDGES)} of {document.entry.title}" if document else ""

    def nearest(self, cited: str) -> list[str]:
        """Return the labels most similar to the citation; the first labels if none is similar."""
        labels = {name: label for _, names in reversed(self._own) for name, label in names.items()}
        close = get_close_matches(_plain(cited)[:80], list(labels), n=9, cutoff=_LIKENESS)
        found = [labels[name] for name in close] or list(labels.values())
        return list(dict.fromkeys(found))[:_MOST_NEAREST]


def _are_clauses(cited: str, names: Collection[str], before: str = "") -> bool:
    """Whether a text is one of the names, or several. An enumerator alone belongs to the citation `before` it."""
    if _found(cited, names, before):
        return True
    joints = list(_BETWEEN.finditer(cited))
    return len(joints) < _MOST_CITED and any(
        (first := _found(cited[: joint.start()], names, before)) and _are_clauses(cited[joint.end() :], names, first)
        for joint in reversed(joints)
    )


def _found(cited: str, names: Collection[str], before: str) -> str:
    """Return the full citation of one clause; empty if no clause has that name."""
    if _plain(cited) in names:
        return cited
    while before and _ENUMERATORS.fullmatch(cited.strip(_EDGES)):
        shorter = _LAST_ENUMERATOR.sub("", before)
        if shorter == before:
            break
        before = shorter
        if _plain(f"{before} {cited}") in names:
            return f"{before} {cited}"
    return ""


def _names(document: Document) -> Mapping[str, str]:
    """Every way to cite a clause of a document, normalized, with its label."""
    found: dict[str, str] = {}
    titles = [one for one in document.root.children if one.kind is ClauseKind.SECTION and one.level == 1]
    for clause, section in _with_section(document.root, None):
        if len(titles) == 1 and clause is titles[0]:
            continue
        label = clause.label or clause.name or clause.inline.text
        if clause.anchor or clause.kind is ClauseKind.SECTION:
            for name in _ways(clause, section):
                # "(b)" alone may be one of many.
                if not _ENUMERATORS.fullmatch(name):
                    found.setdefault(_plain(name), label)
    found.pop("", None)
    return found


def _with_section(clause: Clause, section: Clause | None) -> Iterator[tuple[Clause, Clause | None]]:
    stack = [(clause, section)]
    while stack:
        clause, section = stack.pop()
        yield clause, section
        inner = clause if clause.kind is ClauseKind.SECTION else section
        stack.extend((child, inner) for child in reversed(clause.children))


def _ways(clause: Clause, section: Clause | None) -> Iterator[str]:
    yield from (clause.anchor, clause.label, clause.number)
    if clause.kind is ClauseKind.SECTION:
        yield from (clause.name, clause.inline.text)
        if section:
            yield f"{section.name}: {clause.name}"
    if clause.number and clause.name:
        yield from (
            f"{clause.number} {clause.name}",
            f"{clause.number} ({clause.name})",
            f"{clause.name} ({clause.number})",
        )
    # "Section 4(b)" for the label "Restrictions (b)".
    if section and section.number and section.label and clause.label.startswith(f"{section.label} ("):
        yield f"{section.number}{clause.label[len(section.label) :]}"


def _without_document(cited: str, document: Document) -> Iterator[str]:
    """Return the rest of a citation that names a document, by its title, its id or either part of an address."""
    anchor = cited.strip().removeprefix(f"{document.id}#")
    if anchor != cited.strip():
        yield anchor
    title, kind = document.entry.title, document.entry.kind
    alone = ["Agreement"] if kind is DocumentKind.AGREEMENT else []
    for name in (title, title.removeprefix("The "), document.id, *alone):
        named = re.escape(name)
        for pattern in (rf"(?P<rest>.+?){_OF}{named}", rf"(?:the\s+)?{named}{_OF}(?P<rest>.+)"):
            found = re.fullmatch(pattern, cited.strip(_EDGES), re.IGNORECASE)
            if found:
                yield found["rest"]


def _plain(text: str) -> str:
    text = _BLANKS.sub(" ", text).strip(_EDGES).removeprefix("#")
    kind = _KIND.match(text)
    # "Sections" may be a heading: a kind is followed by something.
    text = text[kind.end() :] if kind and kind.end() < len(text) else text
    return _BESIDE_BRACKET.sub("", text).strip(_EDGES).casefold()


_SHORTEST = 3
"""The fewest words of a sentence that explains how a condition is met."""


def _missing(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        known = _known(plan, note.documents)
        for at, given in enumerate(note.grounds):
            if given.id not in known:
                message = f"there is no ground {given.id} in documents.yml{meant(given.id, known)}"
                yield note_mistake(note, "missing-grounds", ("grounds", at), message)
            else:
                yield from _incomplete(note, at, given, known[given.id])
                if known[given.id].cites == "clause" and given.cites:
                    yield from _not_a_clause(plan, note, at, known[given.id])
    for posting in plan.postings:
        entry = plan.promised(posting)
        if entry and entry.grounds and plan.changes_terms(posting):
            known = _known(plan, [posting.document])
            for note in posting.notes:
                yield from _none_of(note, entry, known)


def _known(plan: Plan, documents: Iterable[str]) -> dict[str, Ground]:
    """The grounds that a note about some documents can use: their words in force, or those of documents.yml."""
    found = {ground.id: ground for ground in plan.project.settings.grounds}
    for name in documents:
        found |= plan.promised_grounds(name)
    return found


def _not_a_clause(plan: Plan, note: Change, at: int, ground: Ground) -> Iterator[Diagnostic]:
    """Check that notes cite existing clauses: the clause that permits a change is in the text before the change."""
    documents = _posted(plan, note.documents)
    sets = [entry for name in note.documents for entry in plan.project.settings.sets_with(name)]
    others = _posted(plan, {one for entry in sets for one in entry.documents if one not in note.documents})
    clauses, cited = CitedClauses(documents, others), note.grounds[at].cites
    if not clauses.holds(cited):
        elsewhere = clauses.elsewhere(cited)
        near = f"nearest: {', '.join(clauses.nearest(cited)) or 'none'}"
        way = "the clause is in another document of the set; add the name of that document"
        if not elsewhere:
            way = "cite a clause by its heading, label, number or anchor, and name its document if that is another of "
            way += f"the set; {near}"
        message = f"{ground.title}: there is no clause “{shown(cited)}” in {' or '.join(note.documents)}; {way}"
        fix = f"cites: {quoted(elsewhere)}" if elsewhere else ""
        yield note_mistake(note, "missing-grounds", ("grounds", at, "cites"), message, fix=fix)


def _posted(plan: Plan, names: Iterable[str]) -> list[Document]:
    """The texts that customers have of some documents: the last posted, or the draft if none was posted."""
    drafts = [plan.drafts.documents[name] for name in names if name in plan.drafts.documents]
    return [draft.base_document if draft.base else draft.document for draft in drafts if draft.has_text]


def _none_of(note: Change, entry: DocumentEntry, known: dict[str, Ground]) -> Iterator[Diagnostic]:
    if {given.id for given in note.grounds} & set(entry.grounds):
        return
    titles = "; ".join(f"{name} ({known[name].title})" for name in entry.grounds if name in known)
    message = f"{entry.title} changes only on certain grounds, and this note has none; add one of: {titles}"
    example = next((_example(known[name]) for name in entry.grounds if name in known), "")
    yield note_mistake(note, "missing-grounds", ("grounds",), message, fix=example)


def _example(ground: Ground) -> str:
    cites = f"\n    cites: {text_gap(CITES[ground.cites])}" if ground.cites else ""
    conditions = "".join(f"\n      {name}: {text_gap(GAP_TEXTS['condition'])}" for name, _ in ground.conditions)
    return f"grounds:\n  - ground: {ground.id}{cites}" + (f"\n    conditions:{conditions}" if conditions else "")


def _incomplete(note: Change, at: int, given: GroundGiven, ground: Ground) -> Iterator[Diagnostic]:
    if ground.cites and not given.cites:
        message = f"{ground.title}: cite {CITES[ground.cites]}"
        yield note_mistake(
            note, "missing-grounds", ("grounds", at), message, fix=f"cites: {text_gap(CITES[ground.cites])}"
        )
    explained = dict(given.conditions)
    for name, text in ground.conditions:
        if len(explained.get(name, "").split()) < _SHORTEST:
            message = f"{ground.title}: write a sentence that explains how this condition is met: {text}"
            fix = f"{name}: {text_gap(GAP_TEXTS['condition'])}"
            yield note_mistake(note, "missing-grounds", ("grounds", at, "conditions", name), message, fix=fix)
    conditions = [name for name, _ in ground.conditions]
    for name in (name for name in explained if name not in conditions):
        message = f"{ground.id} has no condition {name}{meant(name, conditions)}"
        yield note_mistake(note, "missing-grounds", ("grounds", at, "conditions", name), message)


def unrecorded_grounds(plan: Plan) -> Iterator[Diagnostic]:
    """Return one warning about documents whose grounds were posted by name only, as in version 0.1."""
    drafts = plan.drafts.documents.items()
    names = [name for name, draft in drafts if draft.posted_entry and _only_named(draft.posted_entry)]
    if names:
        file = plan.project.settings.file
        message = (
            f"the record has the names of the grounds of {', '.join(names)}, but not their words, so Engross cannot "
            "detect a change of the words. Compare them with the words that were published. The next posted change "
            f"of {'each document' if len(names) > 1 else 'it'} records them"
        )
        yield Diagnostic("unrecorded-grounds", Severity.NOTE, file.source.path, *file.place(("grounds",)), message)


def _only_named(entry: Entry) -> bool:
    return bool(entry.entry and entry.entry.grounds and not entry.grounds)


UNRECORDED = RecordRule(
    "unrecorded-grounds",
    "Grounds of which the record has only the names.",
    "Version 0.1 did not record the words of grounds. The next posted change of each document records them; from then "
    "on, a change of the words needs a change note. Until then, compare them by hand with the words that were "
    "published. This finding never stops a release, even if warnings do.",
    unrecorded_grounds,
    Severity.NOTE,
)
MISSING = RecordRule(
    "missing-grounds",
    "A note that does not give the required grounds: it has none, or a ground lacks its law or clause, cites an "
    "unknown clause, or lacks a sentence for one of its conditions.",
    "The document promises to change only on the grounds listed under `grounds` in documents.yml. A cited clause must "
    "be in the text that customers have: “Restrictions (h)(iv)”, “Section 4.2”, `#restrictions`, or “Changes of the "
    "Agreement” for another document of the set. Posted notes are not checked.",
    _missing,
)
