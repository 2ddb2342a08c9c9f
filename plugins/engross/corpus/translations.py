"""A document in several languages: which documents belong together, and which clauses say the same.

No language is understood here. Clauses are matched by their place and their number: two clauses say the same if they
are at the same place in texts, or parts of texts, of the same structure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus.settings import Settings
from engross.model import Clause, ClauseKind, Document, DocumentEntry, Edition, SetEntry

_NO_LETTER = re.compile(r"[\W_]")
"""What is beside the number or letter in an enumerator: "(a)" and "a." are the same."""


@value_class(frozen=True, slots=True)
class SameClauses:
    """The clauses of a text in another language: anchor there by anchor here. `differences` are the pairs of clauses,
    here and there, whose structure below them differs.
    """

    anchors: dict[str, str] = field(default_factory=dict)
    differences: list[tuple[Clause, Clause]] = field(default_factory=list)


def languages_of(settings: Settings, document: str) -> tuple[DocumentEntry, ...]:
    """Return the documents that are one document in several languages, the original first; none if it has only one."""
    entries = {entry.id: entry for entry in settings.documents}
    entry = entries.get(document)
    original = entry.translation_of or entry.id if entry else ""
    if original not in entries:
        return ()
    translations = [one for one in settings.documents if one.translation_of == original]
    return (entries[original], *translations) if translations else ()


def governing_of(settings: Settings, document: str) -> tuple[str, str] | None:
    """Return the language that governs a document in several languages, and the clause of the original that says so."""
    group = languages_of(settings, document)
    return group[0].governing if group else None


def clause_named(root: Clause, name: str) -> Clause | None:
    """Return the first clause with a label, an anchor or a heading."""
    return next((one for one in root.walk() if name in (one.anchor, one.label, one.name) and one.anchor), None)


def same_clauses(here: Document, there: Document) -> SameClauses:
    """Match the clauses of two texts in different languages by their place and number."""
    found = SameClauses()
    if not here.verbatim and not there.verbatim:
        _match(here.root, there.root, found)
    return found


def _match(here: Clause, there: Clause, found: SameClauses) -> None:
    if here.anchor and there.anchor:
        found.anchors[here.anchor] = there.anchor
    pairs = list(zip(here.children, there.children, strict=False))
    if list(map(_shape, here.children)) != list(map(_shape, there.children)):
        found.differences.append((here, there))
        pairs = list(_sections(here.children, there.children))
    for one, other in pairs:
        _match(one, other, found)


def _shape(clause: Clause) -> tuple[object, ...]:
    return clause.kind, clause.level, clause.list_kind, clause.number or _NO_LETTER.sub("", clause.marker)


def _sections(here: Sequence[Clause], there: Sequence[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """The sections of two clauses, if they are the same although other blocks differ."""
    sections, others = ([one for one in side if one.kind is ClauseKind.SECTION] for side in (here, there))
    if list(map(_shape, sections)) == list(map(_shape, others)):
        yield from zip(sections, others, strict=True)


def lone_editions(settings: Settings, documents: Mapping[str, Document]) -> Iterator[Edition]:
    """Yield the documents with a text that no set names, each as a set of its own.

    Translations into one language of an agreement and of what it incorporates are one set.
    """
    grouped = {name for entry in settings.sets for name in entry.documents}
    lone = {name: one for name, one in documents.items() if name not in grouped and one.source is not None}
    for entry in settings.sets:
        for agreement in [one for one in lone.values() if one.entry.translation_of == entry.agreement]:
            others = [
                one
                for one in lone.values()
                if one.entry.translation_of in entry.incorporates and one.entry.language == agreement.entry.language
            ]
            together = (agreement, *others)
            lone = {name: one for name, one in lone.items() if one not in together}
            yield _edition_of(together)
    for document in lone.values():
        yield _edition_of((document,))


def _edition_of(documents: tuple[Document, ...]) -> Edition:
    """An edition that no set names; its first document is the agreement."""
    agreement, *others = (document.entry for document in documents)
    incorporated = tuple(entry.id for entry in others)
    return Edition(SetEntry(agreement.id, agreement.title, agreement.id, incorporated), documents)
