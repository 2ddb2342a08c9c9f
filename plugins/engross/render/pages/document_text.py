"""The text of a document's page: its clauses with the links that binding found, kept in the cache between builds.

A kept text is used only if every written link still has the same address. Each link is resolved again, as often as it
is written, so that MkDocs reports broken links in the same way.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from functools import partial
from urllib.parse import urljoin

from engross.common import Cache, key_of, value_class
from engross.corpus import Words
from engross.model import LABEL_WORDS, Clause, ClauseKind, Document, Place, shown_label
from engross.render.pages.clauses import ClauseRenderer
from engross.render.pages.inline import Resolve
from engross.render.pages.link_answers import LinkAnswers
from engross.render.pages.print import Endnote, Endnotes
from engross.render.pages.term_links import DocumentUrl, TermIndex, address_of, overlays
from engross.terms import document_hash

_MADE_BY = (__name__, "engross.text.parser")
_WORDS = ("link_to", "back_to", "footnotes", *LABEL_WORDS)


@value_class(frozen=True, slots=True)
class DocumentText:
    """The HTML of a document's text, and the addresses to print after it."""

    html: str
    endnotes: tuple[Endnote, ...]


@value_class(frozen=True, slots=True)
class TextInputs:
    """What the text of a page is made of, besides its document.

    `resolve` gives the address of a written link, `document_url` that of a document's page. `base` is the full address
    of the page. `notes` is the HTML after clauses, by their index. Without `terms`, nothing is linked.
    """

    resolve: Resolve
    document_url: DocumentUrl
    base: str
    words: Words
    notes: Mapping[int, str]
    terms: TermIndex | None = None


def document_text(document: Document, inputs: TextInputs, cache: Cache) -> DocumentText:
    """Return the text of a document's page, from the cache if it was made of the same."""
    known = document_hash(document) if cache.folder else ""
    if not known:
        return _rendered(document, inputs, inputs.resolve)
    words = [inputs.words[name] for name in _WORDS]
    key = key_of(_MADE_BY, "text", known, inputs.base, repr((words, list(_linked(document, inputs)), inputs.notes)))
    answers, stored = LinkAnswers(inputs.resolve), cache.get(key)
    if stored is not None:
        facts, _, html = stored.partition(b"\n")
        endnotes, asked = json.loads(facts)
        if answers.are_same(asked):
            return DocumentText(html.decode("utf-8", "surrogatepass"), tuple(Endnote(*one) for one in endnotes))
    text = _rendered(document, inputs, answers)
    facts = json.dumps([list(map(astuple, text.endnotes)), answers.asked]).encode()
    # A long text takes longer to read as JSON than as bytes.
    cache.put(key, facts + b"\n" + text.html.encode("utf-8", "surrogatepass"))
    return text


def _rendered(document: Document, inputs: TextInputs, resolve: Resolve) -> DocumentText:
    words, terms = inputs.words, inputs.terms
    renderer = ClauseRenderer(resolve, cited=_shown_labels(document.root, words), link_to=words["link_to"], words=words)
    renderer.back_to, renderer.footnotes = words["back_to"], words["footnotes"]
    if terms:
        renderer.overlays = overlays(terms, document, inputs.document_url)
        renderer.defining = terms.defining(document.id)
    renderer.notes = inputs.notes
    endnotes = Endnotes(partial(urljoin, inputs.base))
    renderer.mark_links = endnotes.mark
    return DocumentText(renderer.render(document.root), endnotes.listed)


def _linked(document: Document, inputs: TextInputs) -> Iterator[object]:
    """All that the links in a document are made of."""
    terms, own = inputs.terms, document.id
    if terms is None:
        return
    references = [(_span(one.place), *one.target) for one in terms.references.get(own, ()) if one.target]
    if known := terms.binding.keys.get(own):
        # All that was found in the document; the places of its uses are not made to know that they are the same.
        yield known
        used = {terms.binding.definitions[number].place.document for number, _, _ in terms.binding.used_in[own]}
    else:
        uses = [(_span(place), *address_of(definition)) for place, definition in terms.binding.used_at(own)]
        yield from (uses, references)
        yield [(_span(one.place), one.anchor) for one in terms.definitions.get(own, ())]
        used = {one[1] for one in uses}
    named = used | {one[1] for one in references}
    yield [(name, inputs.document_url(terms.entries[name])) for name in sorted(named)]


def _span(place: Place) -> tuple[int, int, int]:
    return place.clause, place.start, place.end


def _shown_labels(root: Clause, words: Mapping[str, str]) -> dict[str, str]:
    """Return the labels for citing clauses, by anchor, if they differ from the clause's label."""
    labels = (
        (clause.anchor, clause.label, shown_label(clause.label, words)) for clause in root.walk() if clause.anchor
    )
    cited = {anchor: shown_label(label, words) for anchor, label in cited_labels(root).items()}
    return {anchor: shown for anchor, label, shown in labels if shown != label} | cited


def cited_labels(root: Clause) -> dict[str, str]:
    """The labels for citing clauses whose own label is ambiguous, by anchor."""
    names = Counter(clause.name for clause in root.walk() if clause.kind is ClauseKind.SECTION)
    return dict(_cited(root, "", names))


def _cited(clause: Clause, parent: str, names: Counter[str]) -> Iterator[tuple[str, str]]:
    """`parent` is the label of the section that contains the clause, empty at the top level and under the title."""
    for section in clause.children:
        if section.kind is not ClauseKind.SECTION:
            continue
        if parent and section.label == section.name and names[section.name] > 1:
            for inner in section.walk():
                if inner.anchor and inner.label.startswith(section.name):
                    yield inner.anchor, f"{parent}: {inner.label}"
        yield from _cited(section, "" if section.level == 1 else section.label, names)
