"""Rules for documents with a checklist: each item of the law maps to a clause that exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import engross.common.lazy_re as re
from engross.common import one_line, quoted
from engross.drafting.detectors.clause_suggestions import Suggestions, nearest_clauses
from engross.drafting.subject import Finding, Rule, Subject
from engross.model import SUGGESTED, ChecklistMap, Clause, Document, MappedItem, Severity, clause_called

if TYPE_CHECKING:  # a check of one file needs no settings
    from engross.corpus import Checklist, ChecklistItem
    from engross.record import MovedClause

_INDENT = "    "
_OF_VERSION = re.compile(r"(.+)@([1-9][0-9]{0,5})", re.S)


def _maps(subject: Subject) -> Iterator[tuple[Document, ChecklistMap]]:
    for reading in subject.readings:
        for one in reading.document.entry.requires.checklists if not reading.document.verbatim else ():
            yield reading.document, one


def _finding(document: Document, place: tuple[int, int], message: str, text: str, fix: str = "") -> Finding:
    return Finding(document.id, document.entry.requires.path, *place, message, text=text, fix=fix)


def _check_items(subject: Subject) -> Iterator[Finding]:
    """One finding for a checklist without any item, else one for each item that no clause covers."""
    for document, found in _maps(subject):
        from engross.corpus import read_checklist

        checklist = read_checklist(found.name)
        if not found.items:
            yield _unmapped(document, found, checklist)
            continue
        missing = [one for one in checklist.items if not _is_covered(found.item(one.id))]
        suggestions = Suggestions(document) if missing else None
        for item in missing:
            assert suggestions
            yield _missing(document, found, item, suggestions)


def _is_covered(mapped: MappedItem | None) -> bool:
    if mapped is None:
        return False
    return bool(mapped.because) or any(not name.startswith(SUGGESTED) for name in mapped.clauses)


def _unmapped(document: Document, found: ChecklistMap, checklist: Checklist) -> Finding:
    suggestions = Suggestions(document)
    lines = (f"{_INDENT}    {_line(item, suggestions)}" for item in checklist.items)
    block = "\n".join((f"{_INDENT}checklist:", f"{_INDENT}  {found.name}:", *lines))
    message = (
        f"no item of {found.name} ({checklist.title}) is mapped to a clause of {document.id}; replace this line by the "
        f"lines below. A clause after {SUGGESTED} is only suggested, by its words: read it, and remove the {SUGGESTED} "
        "if it covers the item"
    )
    return _finding(document, found.place, message, found.name, block)


def _missing(document: Document, found: ChecklistMap, item: ChecklistItem, suggestions: Suggestions) -> Finding:
    mapped, suggested = found.item(item.id), suggestions.best(item)
    about = f"{found.name}: no clause of {document.id} covers {item.name}: {item.text.rstrip('.')}"
    if suggested is None:
        place = mapped.place if mapped else found.place
        message = f"{about}; no clause seems to: write one, and name it: {item.id}: ANCHOR"
    elif mapped is None:
        message, place = f"{about}; add this line, and remove the {SUGGESTED} if the clause covers it", found.place
    else:
        place = mapped.place
        message = f"{about}; name the clause, or if the suggested clause covers it, remove the {SUGGESTED} before it"
    reason = "; if it does not apply, write why: {not_applicable_because: …}" if item.may_not_apply else ""
    return _finding(document, place, f"{message}{reason}", item.id, _line(item, suggestions) if suggested else "")


def _line(item: ChecklistItem, suggestions: Suggestions) -> str:
    """The line that maps an item to a suggested clause, which does not count before the mark is removed."""
    clause = suggestions.best(item)
    name, label = (clause.anchor, one_line(clause.label)) if clause else ("", "no clause was found")
    hint = f"suggestion: {label}" if clause else label
    return f"{item.id}: {quoted(f'{SUGGESTED}{name}')}  # {hint}; {item.cites}: {item.text}"


def _check_clauses(subject: Subject) -> Iterator[Finding]:
    """Each mapped clause that does not exist, or that means another clause than the posted text does."""
    documents = {one.document.id: one.document for one in subject.readings}
    for document, found in _maps(subject):
        for mapped in found.items:
            for name in mapped.clauses:
                if not name.startswith(SUGGESTED) and (problem := _problem(subject, documents, document, name)):
                    message, fix = problem
                    yield _finding(
                        document, mapped.place, f"{found.name}, item {mapped.item}: {message}", mapped.item, fix
                    )


def _problem(
    subject: Subject, documents: Mapping[str, Document], document: Document, name: str
) -> tuple[str, str] | None:
    """What is wrong with a mapped clause, and the clause to name instead if it is known; None if nothing is."""
    before, sign, anchor = name.partition("#")
    other, anchor = (before or document.id, anchor) if sign else (document.id, name)
    if other not in documents:
        return (
            f"there is no document {other} in the set of {document.id}; write the id of one: {', '.join(documents)}",
            "",
        )
    prefix = f"{before}#" if before and sign else ""
    anchor, of_version = _split(anchor)
    moved = subject.moved.get((other, anchor))
    root = documents[other].root
    if moved and of_version <= moved.number:
        return _moved(subject, moved, anchor, prefix, clause_called(root, anchor))
    if clause_called(root, anchor):
        return None
    near = nearest_clauses(root, anchor)
    hint = f"; the nearest are {', '.join(near)}" if near else ""
    return f"{other} has no clause {anchor}{hint}", f"{prefix}{near[0]}" if near else ""


def _split(name: str) -> tuple[str, int]:
    """A name without the version whose text has the clause under that name, and its number; 0 if it states none."""
    found = _OF_VERSION.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, 0)


def _moved(subject: Subject, moved: MovedClause, name: str, prefix: str, here: Clause | None) -> tuple[str, str]:
    """The message about a name that meant another clause in the posted text, and the fix; `here` is what it means now.

    A new name that the posted text had for another clause gets the number of the next version, so that it is clear.
    """
    following = moved.number + 1
    other = f"; for what {name} is in this text, write {prefix}{name}@{following}" if here else ""
    if not moved.now:
        return (
            f"the clause {moved.label} of {moved.version} covered the item, and {moved.document} no longer contains "
            f"it; restore it, or name the clause that covers the item now{other}"
        ), ""
    shown = f"#{name}" if name == moved.anchor else name
    version = f"@{following}" if (moved.document, moved.now) in subject.moved else ""
    message = f"the clause {moved.label} of {moved.version} is now #{moved.now}; {shown} no longer means it{other}"
    return message, f"{prefix}{moved.now}{version}"


_TEXT = """\
# Data Processing

## Details

The annex describes the subject-matter, duration, nature and purpose of processing, the types of data, and the people.

## Customer

Customer decides on the processing, and is responsible for it.

## Instructions

Provider processes the data on documented instructions only, and warns Customer if one infringes the law.

## Security

Provider binds its personnel to confidentiality, and protects the data.

## Help

Provider helps Customer with requests, incidents and assessments, and engages nobody else.
{end}"""
_AUDITS = "\n## Audits\n\nProvider lets Customer audit its compliance.\n"
_MAP = """\
checklist:
  gdpr-28-3:
    subject-matter: details
    duration: details
    nature-and-purpose: details
    type-of-data: details
    data-subjects: details
    controller: customer
    a: instructions
    b: security
    c: security
    d: help
    d-2: {not_applicable_because: Provider engages nobody else.}
    d-4: {not_applicable_because: Provider engages nobody else.}
    e: help
    f: [help, security]
    g: details
    infringing-instructions: instructions
"""

ITEM = Rule(
    name="checklist-item",
    severity=Severity.WARNING,
    summary="An item of the document’s `checklist` that no clause covers.",
    why=(
        "A contract that lacks what the law requires of it is found too late. The rule prints the lines to paste, with "
        "a clause that is suggested by its words. A suggestion begins with ? and does not count: read the clause, and "
        "remove the ?. Engross does not judge whether a clause suffices."
    ),
    bad=_TEXT.format(end=_AUDITS),
    good=_TEXT.format(end=_AUDITS),
    check=_check_items,
    settings=_MAP,
    good_settings=f"{_MAP}    h: audits\n",
)
CLAUSE = Rule(
    name="checklist-clause",
    severity=Severity.ERROR,
    summary="A clause that a `checklist` names, and that does not exist, was removed, or is now another clause.",
    why=(
        "The clause covered an item that the law requires. The text is compared with the last posted version, so that "
        "a removed clause is found even if another one has its anchor now."
    ),
    bad=_TEXT.format(end=""),
    good=_TEXT.format(end=_AUDITS),
    check=_check_clauses,
    settings=f"{_MAP}    h: audits\n",
)
