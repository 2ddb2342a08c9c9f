"""The linker finds what the oracle finds, on random documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, strategies as st

from engross.model import Binding, ClauseKind, Edition
from engross.terms import bind

from . import oracle
from .cases import document, edition

NAMES = st.lists(
    st.sampled_from(
        ["Service", "Services", "Level", "Data", "Customer", "Party", "Parties", "Third", "Term", "Terms", "Fee", "Tax"]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
TEXT = (
    "Service Services Level Levels Data Customer Customers Party Parties Third Term Terms Fee Fees Tax Taxes Zeta "
    "Omega the can use pay and data service customer term Dataset Levelled Datas Customer-led"
)
WORDS = st.sampled_from(TEXT.split())
BEFORE = st.sampled_from(["", "", "", "", "", "(", "Non-", "sub-"])
AFTER = st.sampled_from(["", "", "", "", "", "", "’s", "’", ",", ")"])
GAPS = st.sampled_from([" ", " ", " ", " ", " ", "  ", "\n", "\u00a0"])
PIECES = st.tuples(GAPS, BEFORE, WORDS, AFTER).map("".join)
TEXTS = st.lists(PIECES, max_size=14).map("".join)
SECTION = st.tuples(
    st.lists(st.tuples(NAMES, TEXTS), max_size=2),
    st.lists(st.tuples(NAMES, TEXTS), max_size=1),
    st.lists(TEXTS, max_size=2),
)


@dataclass
class Made:
    """Documents as text, with their passages in order and the terms they define."""

    sources: list[str] = field(default_factory=list)
    passages: int = 0
    listed: list[tuple[str, int, int]] = field(default_factory=list)
    narrow: list[tuple[str, int, frozenset[int]]] = field(default_factory=list)
    of_document: list[range] = field(default_factory=list)

    def add(self, sections: list) -> None:  # type: ignore[type-arg]
        begin, blocks = self.passages, []
        for at, (definitions, narrow, texts) in enumerate(sections):
            blocks.append(f"## part {'abcdef'[at]}")
            first = self.passages
            for name, text in definitions:
                self.listed.append((name, self.passages, len(self.sources)))
                blocks.append(f"- “{name}” means the{text.rstrip()}")
                self.passages += 1
            reach = frozenset(range(first, self.passages + len(narrow) + len(texts)))
            for name, text in narrow:
                self.narrow.append((name, self.passages, reach))
                blocks.append(f"in this section, “{name}” means the{text.rstrip()}")
                self.passages += 1
            blocks.extend(f"when{text.rstrip()}" for text in texts)
            self.passages += len(texts)
        self.sources.append("\n\n".join(blocks) + "\n")
        self.of_document.append(range(begin, self.passages))

    def terms(self) -> list[oracle.Term]:
        """What the documents define: the first one for all, another for itself, a section for the section."""
        terms = []
        for name, passage, number in self.listed:
            reach = range(self.passages) if number == 0 else self.of_document[number]
            terms.append(oracle.Term(name, passage, frozenset(reach), 2 if number == 0 else 1))
        terms += [oracle.Term(name, passage, reach, 0) for name, passage, reach in self.narrow]
        return sorted(terms, key=lambda term: term.passage)

    def edition(self) -> Edition:
        """The documents, parsed."""
        return edition(*(document(f"d{number}", f"d{number}", text) for number, text in enumerate(self.sources)))


@st.composite
def made(draw: st.DrawFn) -> Made:
    made = Made()
    for _ in range(draw(st.integers(1, 2))):
        made.add(draw(st.lists(SECTION, min_size=1, max_size=3)))
    return made


def passages(edition: Edition) -> dict[tuple[str, int], str]:
    """The text of every passage, by document and clause."""
    scanned = (ClauseKind.PARAGRAPH, ClauseKind.ITEM)
    return {
        (document.id, index): clause.inline.text
        for document in edition.documents
        for index, clause in enumerate(document.root.walk())
        if clause.kind in scanned and clause.inline.text
    }


def found(binding: Binding, order: list[tuple[str, int]]) -> list[tuple[int, int, int, str, int]]:
    """The uses, by the ordinal of their passage and of the passage that defines them."""
    ordinal = {place: number for number, place in enumerate(order)}
    return [
        (
            ordinal[use.place.document, use.place.clause],
            use.place.start,
            use.place.end,
            use.definition.term,
            ordinal[use.definition.place.document, use.definition.place.clause],
        )
        for use in binding.uses
    ]


@given(made())
def test_the_linker_agrees_with_the_oracle(made: Made) -> None:
    edition = made.edition()
    texts = passages(edition)
    assert len(texts) == made.passages
    expected = [
        (use.passage, use.start, use.end, use.term.name, use.term.passage)
        for use in oracle.uses(list(texts.values()), made.terms())
    ]
    assert found(bind(edition), list(texts)) == expected
