"""Properties of binding any text, and the bindings of the project's own documents."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, strategies as st

from engross.common.errors import EngrossError
from engross.model import Document, DocumentEntry, DocumentKind, Edition, ReferenceKind, SetEntry
from engross.terms import TermOptions, bind
from engross.terms.binding import Readings
from engross.text import parse, read_source

from .cases import bound, document, edition

DOCS = Path(__file__).parent.parent.parent / "docs"
OWN = {
    "agreement": ("agreement.md", "Crusoe Managed Inference Terms of Service for Open Router Customers"),
    "acceptable-use": ("terms/acceptable-use.md", "Acceptable Use Policy"),
    "data-processing": ("terms/data-processing.md", "Data Processing and Security Terms"),
    "service-specific": ("terms/service-specific.md", "Service Specific Terms"),
}
MARKS = [
    "“",
    "”",
    '"',
    "'",
    "’",
    "**",
    "(",
    ")",
    "[",
    "]",
    " ",
    " ",
    "\n",
    "\n\n",
    "- ",
    "## ",
    "1. ",
    "(a) ",
    "|",
    ":",
    ".",
    ", ",
]
WORDS = [
    "Foo",
    "Bar",
    "means",
    "includes",
    "Section",
    "Sections",
    "2.1",
    "this",
    "the",
    "of",
    "Act",
    "and",
    "to",
    "a",
    "§",
]
PHRASES = ["Exhibit A", "clause (b)(ii)", "GDPR", "has the meaning", "FOO BAR BAZ", "each a", "collectively, the"]
PIECES = st.sampled_from([*MARKS, *WORDS, *PHRASES, "\u00ad", "e\u0301", "\u00a0"])


def own_documents() -> Edition:
    documents = []
    for name, (file, title) in OWN.items():
        source = read_source(DOCS / file)
        entry = DocumentEntry(name, title, DocumentKind.URL_TERMS, file, file.removesuffix(".md") + "/", numbering=True)
        documents.append(Document(entry, source, parse(source, numbering=True)))
    return Edition(SetEntry("set", "Set", "agreement", tuple(OWN)[1:]), tuple(documents))


def test_the_projects_own_references_all_lead_somewhere() -> None:
    binding = bind(own_documents())
    assert [reference for reference in binding.references if reference.problem or reference.target is None] == []
    found = {(reference.text, reference.target) for reference in binding.references}
    assert {
        ("Agreement Term", ("agreement", "agreement-term")),
        ("Modifications: To the Agreement", ("agreement", "to-the-agreement")),
        ("Unlimited Liabilities", ("agreement", "unlimited-liabilities")),
        ("Restrictions (h)(iv)", ("agreement", "restrictions.h.iv")),
        ("“Third-Party Terms” section", ("service-specific", "third-party-terms")),
        ("item (b)", ("agreement", "definitions.third-party-offerings.b")),
        ("Indemnification", ("agreement", "indemnification")),
    } <= found


def test_the_projects_own_definitions() -> None:
    binding = bind(own_documents())
    by_name = {name: definition for definition in binding.definitions for name in definition.names}
    listed = [
        one
        for one in binding.definitions
        if one.anchor.startswith("definitions.") and one.place.document == "agreement"
    ]
    assert len(listed) - len({"EAR", "ITAR"}) == 32
    assert by_name["We"].term == "Crusoe"
    assert by_name["AUP"].target == ("acceptable-use", "")
    assert by_name["Customer Personal Data"].scope == "document"
    assert not [use for use in binding.uses if use.text in ("including", "You", "Your", "We", "Us", "Our")]


def test_options_turn_names_on_and_off() -> None:
    text = "- “Fee” means money.\n- “including” means more.\n\nA Fee including tax.\n"
    assert [use.text for use in bound(text).uses] == ["Fee"]
    options = TermOptions(link=frozenset({"including"}), unlink=frozenset({"Fee"}))
    assert [use.text for use in bound(text, options).uses] == ["including"]


def test_an_edition_may_hold_nothing() -> None:
    assert bind(edition(document("empty", "Empty", ""))).uses == ()
    assert bind(Edition(SetEntry("set", "Set", "none"), ())).definitions == ()


@given(st.lists(PIECES, max_size=60).map("".join))
def test_places_are_true_and_nothing_overlaps(text: str) -> None:
    try:
        binding = bound(text)
    except EngrossError:
        return
    clauses = list(binding.edition.documents[0].root.walk())
    anchors = {clause.anchor for clause in clauses}
    taken: dict[int, list[tuple[int, int]]] = {}
    for one in (*binding.uses, *binding.references):
        assert one.text == clauses[one.place.clause].inline.text[one.place.start : one.place.end]
        assert one.place.anchor in anchors
        taken.setdefault(one.place.clause, []).append((one.place.start, one.place.end))
    for spans in taken.values():
        spans.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for reference in binding.references:
        assert reference.target is None or reference.target[1] in anchors | {""}
        assert bool(reference.problem) or reference.target is not None or reference.kind is ReferenceKind.EXTERNAL


@pytest.mark.long
@pytest.mark.slow
def test_cost_grows_in_step_with_the_text() -> None:
    paragraph = "The Service and the Fee of Section 1 apply (as Section 2.1 says), subject to Other Obligations.\n\n"
    head = "- “Service” means x.\n- “Fee” means y.\n- “Party” means z.\n\n## 1. Other Obligations\n\n"

    def cost(times: int) -> float:
        whole = edition(document("a", "A", head + paragraph * times))
        start = process_time()
        bind(whole)
        return process_time() - start

    cost(200)
    assert cost(8000) < 11 * 2 * max(cost(800), 0.01)


def test_one_document_of_a_set_is_bound_as_in_the_whole() -> None:
    entries = {
        name: DocumentEntry(name, title, DocumentKind.POLICY, file, numbering=True)
        for name, (file, title) in OWN.items()
    }
    documents = tuple(
        Document(entry, source := read_source(DOCS / entry.file), parse(source, numbering=True))
        for entry in entries.values()
    )
    edition = Edition(SetEntry("own", "Own", "agreement", tuple(OWN)[1:]), documents)
    whole, readings = bind(edition), Readings()
    for name in OWN:
        alone = bind(edition, only=name, readings=readings)
        assert alone.definitions == whole.definitions
        assert alone.uses == tuple(use for use in whole.uses if use.place.document == name)
        assert alone.references == tuple(one for one in whole.references if one.place.document == name)
