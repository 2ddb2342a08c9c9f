"""The defined terms of a set as JSON: definitions, uses and cross-references by clause."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from itertools import chain
from operator import attrgetter
from typing import Any

from engross.common import value_class
from engross.model import Binding, Definition, Document
from engross.record import SCHEMA_VERSION, Term, TermReference, TermsDocument, TermsFile, published_json


@value_class(frozen=True)
class ShownDocument:
    """A document as a site shows it: its version, None for a draft, the address of that version's page (or of the
    draft's), and the permanent ids of its clauses by anchor.
    """

    version: int | None
    address: str
    ids: Mapping[str, str]


def terms_file(binding: Binding, shown: Mapping[str, ShownDocument]) -> dict[str, Any]:
    """Return the content of `terms.json` for a set; `shown` are its documents by id."""
    uses: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for use in binding.uses:
        place = use.definition.place
        uses[place.document, use.definition.anchor][use.place.document][use.place.anchor] += 1
    named = _named(binding)
    return published_json(
        TermsFile(
            schema_version=SCHEMA_VERSION,
            set=binding.edition.set.id,
            title=binding.edition.set.title,
            documents=tuple(
                _document(document, shown[document.id], named[document.id])
                for document in binding.edition.documents
                if document.id in shown
            ),
            terms=tuple(_term(one, uses[one.place.document, one.anchor]) for one in binding.definitions),
            references=tuple(
                TermReference(
                    text=" ".join(one.text.split()),
                    kind=one.kind,
                    document=one.place.document,
                    clause=one.place.anchor,
                    target=one.target,
                )
                for one in binding.references
            ),
        )
    )


def _term(one: Definition, uses: Mapping[str, Mapping[str, int]]) -> Term:
    return Term(
        term=one.term,
        names=one.names,
        document=one.place.document,
        anchor=one.anchor,
        clause=one.place.anchor,
        scope=one.scope,
        scope_anchors=one.scope_anchors,
        body=one.body,
        target=one.target,
        uses={document: dict(counts) for document, counts in uses.items()},
    )


def _document(document: Document, shown: ShownDocument, labels: Mapping[str, str]) -> TermsDocument:
    clauses = {anchor: (shown.ids.get(anchor, ""), label) for anchor, label in labels.items()}
    return TermsDocument(
        id=document.id, title=document.entry.title, version=shown.version, address=shown.address, clauses=clauses
    )


def _named(binding: Binding) -> Mapping[str, Mapping[str, str]]:
    """The anchors of each document that the file names, with their labels, in the order of the text."""
    wanted: dict[str, set[str]] = defaultdict(set)
    defined: dict[str, dict[str, str]] = defaultdict(dict)
    for place in map(attrgetter("place"), chain(binding.definitions, binding.uses, binding.references)):
        wanted[place.document].add(place.anchor)
    for target in filter(None, map(attrgetter("target"), chain(binding.references, binding.definitions))):
        wanted[target[0]].add(target[1])
    for definition in binding.definitions:
        defined[definition.place.document][definition.anchor] = definition.place.label
    return {
        document.id: _labels(document, wanted[document.id], defined[document.id])
        for document in binding.edition.documents
    }


def _labels(document: Document, wanted: Set[str], defined: Mapping[str, str]) -> Mapping[str, str]:
    """The labels of the `wanted` clauses of a document, and of what is `defined` in it, by anchor."""
    labels = {clause.anchor: clause.label for clause in document.root.walk() if clause.anchor in wanted}
    return {anchor: label for anchor, label in {**labels, **defined}.items() if anchor}
