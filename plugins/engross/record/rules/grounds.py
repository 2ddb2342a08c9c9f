"""`missing-grounds`: documents that change on certain grounds only, and the clauses that a note cites.

Clauses as people cite them in a note: "Restrictions (h)(iv)", "Section 4.2", "#fees", "Fees of the Agreement".

`missing-grounds` and `unrecorded-grounds`: documents that change on certain grounds only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

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
from engross.record.notes.reader import ASKED, gap, note_mistake
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
"""What stands between several clauses that are cited together."""
_ENUMERATORS = re.compile(r"(?:\([^()\s]+\)\s*)+")
_LAST_ENUMERATOR = re.compile(r"\s*\([^()\s]+\)\Z")
_MOST_CITED = 12
"""Clauses cited together, at most; a longer list is read as the name of one."""
_OF = r"(?:\s*,\s*|\s*:\s*|\s+(?:of|in|to|der|des|du|de la|del)\s+)(?:the\s+|our\s+)?"
_MOST_NEAREST = 3
_LIKENESS = 0.5


class CitedClauses:
    """What may be cited in some documents: the first are meant where none is named, `others` where they are named."""

    def __init__(self, documents: Iterable[Document], others: Iterable[Document]) -> None:
        self._own = [(document, _names(document)) for document in documents]
        self._all = [*self._own, *((document, _names(document)) for document in others)]

    def holds(self, cited: str) -> bool:
        """Whether a text cites a clause that there is, or several: "Use (b) and (c) of the Agreement"."""
        if any(_are_clauses(cited, names) for _, names in self._own):
            return True
        return self._owner(cited) is not None or self._each(cited)

    def _each(self, cited: str) -> bool:
        """Whether each of several clauses is one by itself, in whichever document."""
        parts = [part for part in _BETWEEN.split(cited) if part]
        return len(parts) > 1 and all(
            self._owner(part) or any(_plain(part) in names for _, names in self._own) for part in parts
        )

    def _owner(self, cited: str) -> Document | None:
        """The document that a text names, if it has the clauses that the text cites of it."""
        owners = (
            document
            for document, names in self._all
            for rest in _without_document(cited, document)
            if _are_clauses(rest, names)
        )
        return next(owners, None)

    def elsewhere(self, cited: str) -> str:
        """The citation with the other document of which it is right; empty where there is none."""
        names = (document for document, names in self._all[len(self._own) :] if _are_clauses(cited, names))
        document = next(names, None)
        return f"{cited.strip(_EDGES)} of {document.entry.title}" if document else ""

    def nearest(self, cited: str) -> list[str]:
        """The labels of the clauses that are named most like what was cited; the first ones where none is like it."""
        labels = {name: label for _, names in reversed(self._own) for name, label in names.items()}
        close = get_close_matches(_plain(cited)[:80], list(labels), n=9, cutoff=_LIKENESS)
        found = [labels[name] for name in close] or list(labels.values())
        return list(dict.fromkeys(found))[:_MOST_NEAREST]


def _are_clauses(cited: str, names: Collection[str], before: str = "") -> bool:
    """Whether a text is one of the names, or several of them. An enumerator alone belongs to what is cited `before`."""
    if _found(cited, names, before):
        return True
    joints = list(_BETWEEN.finditer(cited))
    return len(joints) < _MOST_CITED and any(
        (first := _found(cited[: joint.start()], names, before)) and _are_clauses(cited[joint.end() :], names, first)
        for joint in reversed(joints)
    )


def _found(cited: str, names: Collection[str], before: str) -> str:
    """The citation of one clause in full; empty where there is none of that name."""
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
    """Every way of citing a clause of a document, plainly written, with its label."""
    found: dict[str, str] = {}
    titles = [one for one in document.root.children if one.kind is ClauseKind.SECTION and one.level == 1]
    for clause, section in _with_section(document.root, None):
        if len(titles) == 1 and clause is titles[0]:
            continue
        label = clause.label or clause.name or clause.inline.text
        if clause.anchor or clause.kind is ClauseKind.SECTION:
            for name in _ways(clause, section):
                # "(b)" by itself may be any of many.
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
    # Section 4(b) for what is labelled "Restrictions (b)".
    if section and section.number and section.label and clause.label.startswith(f"{section.label} ("):
        yield f"{section.number}{clause.label[len(section.label) :]}"


def _without_document(cited: str, document: Document) -> Iterator[str]:
    """What is left of a citation that names a document, by its title, its id or both ends of an address."""
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
"""Words of a sentence that says how a condition is met, at least."""


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
    """The grounds that notes about some documents can give: in the words in force for those, else as documents.yml has
    them.
    """
    found = {ground.id: ground for ground in plan.project.settings.grounds}
    for name in documents:
        found |= plan.promised_grounds(name)
    return found


def _not_a_clause(plan: Plan, note: Change, at: int, ground: Ground) -> Iterator[Diagnostic]:
    """That no clause is cited which customers have: what permits a change stands in the text before it."""
    documents = _posted(plan, note.documents)
    sets = [entry for name in note.documents for entry in plan.project.settings.sets_with(name)]
    others = _posted(plan, {one for entry in sets for one in entry.documents if one not in note.documents})
    clauses, cited = CitedClauses(documents, others), note.grounds[at].cites
    if not clauses.holds(cited):
        elsewhere = clauses.elsewhere(cited)
        near = f"nearest: {', '.join(clauses.nearest(cited)) or 'none'}"
        way = "it is one of another document of the set, which is to be named with it"
        if not elsewhere:
            way = (
                "a clause is cited by its heading, label, number or anchor, with its document where that is another of "
            )
            way += f"the set; {near}"
        message = f"{ground.title}: there is no clause “{shown(cited)}” in {' or '.join(note.documents)}; {way}"
        fix = f"cites: {quoted(elsewhere)}" if elsewhere else ""
        yield note_mistake(note, "missing-grounds", ("grounds", at, "cites"), message, fix=fix)


def _posted(plan: Plan, names: Iterable[str]) -> list[Document]:
    """The texts that customers have of some documents: the last posted, else the draft."""
    drafts = [plan.drafts.documents[name] for name in names if name in plan.drafts.documents]
    return [draft.base_document if draft.base else draft.document for draft in drafts if draft.has_text]


def _none_of(note: Change, entry: DocumentEntry, known: dict[str, Ground]) -> Iterator[Diagnostic]:
    if {given.id for given in note.grounds} & set(entry.grounds):
        return
    titles = "; ".join(f"{name} ({known[name].title})" for name in entry.grounds if name in known)
    message = f"{entry.title} changes on certain grounds only, and this note gives none of them: {titles}"
    example = next((_example(known[name]) for name in entry.grounds if name in known), "")
    yield note_mistake(note, "missing-grounds", ("grounds",), message, fix=example)


def _example(ground: Ground) -> str:
    cites = f"\n    cites: {gap(CITES[ground.cites])}" if ground.cites else ""
    conditions = "".join(f"\n      {name}: {gap(ASKED['condition'])}" for name, _ in ground.conditions)
    return f"grounds:\n  - ground: {ground.id}{cites}" + (f"\n    conditions:{conditions}" if conditions else "")


def _incomplete(note: Change, at: int, given: GroundGiven, ground: Ground) -> Iterator[Diagnostic]:
    if ground.cites and not given.cites:
        message = f"{ground.title}: {CITES[ground.cites]} is to be cited"
        yield note_mistake(note, "missing-grounds", ("grounds", at), message, fix=f"cites: {gap(CITES[ground.cites])}")
    said = dict(given.conditions)
    for name, text in ground.conditions:
        if len(said.get(name, "").split()) < _SHORTEST:
            message = f"{ground.title}: a sentence is wanted that says how this condition is met: {text}"
            fix = f"{name}: {gap(ASKED['condition'])}"
            yield note_mistake(note, "missing-grounds", ("grounds", at, "conditions", name), message, fix=fix)
    conditions = [name for name, _ in ground.conditions]
    for name in (name for name in said if name not in conditions):
        message = f"{ground.id} has no condition {name}{meant(name, conditions)}"
        yield note_mistake(note, "missing-grounds", ("grounds", at, "conditions", name), message)


def unrecorded_grounds(plan: Plan) -> Iterator[Diagnostic]:
    """One note about the documents whose grounds were posted without their words, as version 0.1 posted them."""
    drafts = plan.drafts.documents.items()
    names = [name for name, draft in drafts if draft.said and _only_named(draft.said)]
    if names:
        file = plan.project.settings.file
        message = (
            f"the record holds the names of the grounds of {', '.join(names)}, and not yet their words, so that a "
            "change of these words is not noticed. Compare them with what customers were told. The next change that "
            f"is posted of {'each document' if len(names) > 1 else 'it'} records them"
        )
        yield Diagnostic("unrecorded-grounds", Severity.NOTE, file.source.path, *file.place(("grounds",)), message)


def _only_named(said: Entry) -> bool:
    return bool(said.entry and said.entry.grounds and not said.grounds)


UNRECORDED = RecordRule(
    "unrecorded-grounds",
    "Grounds of which the record holds the names only.",
    "Version 0.1 did not record the words of grounds. They are recorded with the next change that is posted of each "
    "document; from then on, a change of the words needs a change note. Until then only people can compare them with "
    "what customers were told. The note stops nothing, also where warnings do.",
    unrecorded_grounds,
    Severity.NOTE,
)
MISSING = RecordRule(
    "missing-grounds",
    "A change of a document that changes on certain grounds only, whose note gives none of them, or gives one without "
    "the law or clause it cites, with a clause that there is not, or without a sentence for each of its conditions.",
    "Such a document promises that it changes on these grounds only. `grounds` in documents.yml says which there are. "
    "Where a ground cites a clause, it is one of the text that customers have: “Restrictions (h)(iv)”, “Section 4.2”, "
    "`#restrictions`, or “Changes of the Agreement” for another document of the set. Posted notes are not asked.",
    _missing,
)
