"""Bindings in the cache: whatever was edited since, they are those of a binding from scratch."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from engross.common import Cache, EngrossError
from engross.model import Binding, Document, DocumentEntry, DocumentKind, Edition, Place, SetEntry, UsesInClauses
from engross.terms import DEFAULT_OPTIONS, Readings, TermOptions, bind
from engross.text import decode, parse

AGREEMENT = """# Master Agreement

## 1. Definitions

“Fee” means what Customer pays. “Service Data” has the meaning stated in Annex A of the Data Terms.

“Order” means: (a) a form; (b) a call. Customer will pay. Provider shall act.

## 2. Fees

### 2.1 Due dates

Each Fee is due under Section 2.1 of the Data Terms and Section 9.9 of the Use Policy. Fees paid late bear interest.

## 3. Governing Law

(a) The law of the set. (b) See Termination Rights (a) and Schedule 1.
"""
DATA = """# Data Terms

## 1. Scope

This is subject to Governing Law and Late Charges. The Carrier Fee is due. Item (b) of that definition of “Order” holds.

## 2. Duties

### 2.1 Deletion

Service Data is deleted. Orders of goods are welcome. Fee lists are public. See Section 3 of the Agreement.

## Annex A

“Service Data” means data. In this Annex, “Fee” means a price. Each Fee is Service Data.
"""
POLICY = """# Use Policy

## Termination Rights

(a) Provider shall end. (b) An Order ends. Acme Order Act of 2020.

## Late Charges

These are high. See Section 3 of the Framework.

## Payment Details

ALL FEES AND ORDERS ARE FINAL. Section 2.1 holds. “Account” (an “ID”) means a login. Section 1 of the Data Terms.
"""
PIECES = (
    "Section 2.1 of the Data Terms", "fee", "orders", "Service Data", "Section 1", "Schedule 1", "Customer", "gone",
    "“Widget” means a Fee.", "Provider will act.", "Acme shall act. Acme shall go.", "Annex A", "Governing Law (b)",
)  # fmt: skip
BLOCKS = (
    "## Fees and Orders\n\nText of it.",
    "## 4. Schedule 1\n\nA list.",
    "“Account” has the meaning stated in Section 2 of the Agreement.",
    "“Widget” means a part.",
    "An account is a widget.",
)


def edition(texts: dict[str, str]) -> Edition:
    documents = []
    for name, text in texts.items():
        kind = DocumentKind.POLICY if documents else DocumentKind.AGREEMENT
        source = decode(text.encode(), f"docs/{name}.md")
        entry = DocumentEntry(name, name.replace("-", " ").title(), kind, f"{name}.md", f"{name}/")
        documents.append(Document(entry, source, parse(source)))
    names = tuple(one.id for one in documents[1:])
    return Edition(SetEntry("set", "Set", documents[0].id, names), tuple(documents))


def texts() -> dict[str, str]:
    return {"master-agreement": AGREEMENT, "data-terms": DATA, "use-policy": POLICY}


def edit(random: Random, before: dict[str, str]) -> dict[str, str]:
    """Change a word, a line or a block of one document, so that it can still be read."""
    name = random.choice(list(before))
    lines = before[name].split("\n")
    at = random.randrange(len(lines))
    words = lines[at].split(" ")
    kind = random.randrange(5)
    if kind == 0:
        words[random.randrange(len(words))] = random.choice(PIECES)
        lines[at] = " ".join(words)
    elif kind == 1:
        del words[random.randrange(len(words))]
        lines[at] = " ".join(words)
    elif kind == 2:
        del lines[at]
    elif kind == 3:
        other = random.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines.insert(at, f"\n{random.choice(BLOCKS)}\n")
    after = {**before, name: "\n".join(lines)}
    try:
        edition(after)
    except EngrossError:
        return before
    return after


def assert_same(one: Binding, other: Binding) -> None:
    assert one.definitions == other.definitions
    assert one.references == other.references
    # In both orders: uses that were read are not read again.
    assert places(one) == places(other)
    assert in_clauses(one) == in_clauses(other)
    assert one.uses == other.uses


def in_clauses(binding: Binding) -> list[tuple[str, list[UsesInClauses]]]:
    """The uses in clauses by document, those of each definition once; documents without uses may be left out."""
    found = [(name, [*used]) for name, used in binding.uses_in_clauses()]
    for name, used in found:
        for one in used:
            rows = [(place.anchor, place.label) for place in binding.places[one.number] if place.document == name]
            assert [*one.read()] == [[*clause, count] for clause, count in Counter(rows).items()]
            assert one == UsesInClauses(one.number, len(rows), len({*rows}), sum(map(len, sum({*rows}, ()))), one.rows)
    return [(name, used) for name, used in found if used]


def places(binding: Binding) -> dict[int, list[Place]]:
    return {number: list(found) for number, found in sorted(binding.places.items())}


def test_a_document_that_is_shown_as_written_has_uses_too(tmp_path: Path) -> None:
    whole = edition({**texts(), "odd": "# Odd\n\nEach Fee of the Services. Orders end.\n"})
    *others, odd = whole.documents
    written = Edition(whole.set, (*others, replace(odd, verbatim=True)))
    for _ in range(2):
        found = bind(written, readings=Readings(Cache(tmp_path)))
        assert "odd" not in found.keys
        assert "odd" in {use.place.document for use in found.uses}
        assert_same(found, bind(written))


SEEDS = (0, 1, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 6)))


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_edit_the_binding_is_that_from_scratch(tmp_path: Path, seed: int) -> None:
    random, now, cache = Random(seed), texts(), Cache(tmp_path)
    for _ in range(40):
        cold = bind(edition(now))
        assert_same(bind(edition(now), readings=Readings(cache)), cold)
        assert_same(bind(edition(now), readings=Readings(cache)), cold)
        now = edit(random, now)


OPTIONS = (DEFAULT_OPTIONS, DEFAULT_OPTIONS, TermOptions(link=frozenset({"fee"}), unlink=frozenset({"Order"})))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_known_of_other_editions_changes_no_binding(seed: int) -> None:
    """As with the versions of a record: most texts of an edition were in another one, and are the same objects."""
    random, now, readings = Random(seed), texts(), Readings()
    before: dict[str, Document] = {}
    for _ in range(60):
        read = edition(now)
        same = {one.id: one for one in read.documents}
        same |= {name: one for name, one in before.items() if one.source and one.source.text == now[name]}
        only, options = random.choice(["", *now]), random.choice(OPTIONS)
        found = bind(Edition(read.set, tuple(same.values())), options, only=only, readings=readings)
        assert_same(found, bind(read, options, only=only))
        before, now = same, edit(random, now)


def again(before: dict[str, str], after: dict[str, str]) -> tuple[Binding, Binding]:
    """Two bindings that share what is known of texts: of the second, documents with the same text are the same."""
    readings, first = Readings(), edition(before)
    same = {one.id: one for one in first.documents if before[one.id] == after.get(one.id)}
    second = edition(after)
    second = Edition(second.set, tuple(same.get(one.id, one) for one in second.documents))
    found = bind(first, readings=readings), bind(second, readings=readings)
    assert_same(found[0], bind(edition(before)))
    assert_same(found[1], bind(edition(after)))
    return found


NUMBERED = "# Use Policy\n\n## 1. Rights\n\nClause 1 of the Framework holds.\n\n## 2. Order\n\nSee clause 9.\n"


@pytest.mark.parametrize(
    ("name", "text", "policy"),
    [
        ("data-terms", DATA.replace("# Data Terms", "# Framework", 1), POLICY),
        ("data-terms", DATA + "\nAcme shall act. Acme shall go.\n", POLICY + "\nAll the Acme Orders are welcome.\n"),
        ("data-terms", DATA + "\nSome orders of goods.\n", POLICY + "\nOrders are welcome.\n"),
        ("data-terms", DATA + "\n“Framework” means the Use Policy.\n", NUMBERED),
        ("master-agreement", AGREEMENT.replace("“Fee” means", "“Price” means"), POLICY),
        ("master-agreement", AGREEMENT + "\n“Onboard” means to act.\n", POLICY + "\nThe time of Onboarding ends.\n"),
    ],
)
def test_an_edit_of_another_document_changes_what_is_found_in_the_same_words(name: str, text: str, policy: str) -> None:
    before = {**texts(), "use-policy": policy}
    first, second = again(before, {**before, name: text})
    assert first.references + first.uses != second.references + second.uses
    again({**before, name: text}, before)


def test_the_same_words_at_another_place_are_read_for_themselves() -> None:
    text = (
        "# Agreement\n\n“Order” means:\n\n(a) a form of an Order;\n\n(b) a call.\n\n## Calls\n\n"
        "(a) a form of an Order;\n\n## Prices\n\nIn this Section, “Fee” means a price.\n\n"
        "Each Fee is due.\n\n## Other\n\n“Fee” means a sum.\n\n"
        "Each Fee is due.\n"
    )
    uses = bind(edition({"agreement": text})).uses
    assert [(use.definition.term, use.place.line, use.definition.place.line) for use in uses] == [
        ("Order", 11, 3),
        ("Fee", 17, 15),
        ("Fee", 23, 21),
    ]


def entries(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def made(tmp_path: Path, before: dict[str, str], after: dict[str, str], options: TermOptions = DEFAULT_OPTIONS) -> int:
    """How many entries of the cache a binding makes, with those of other texts there; it is that from scratch."""
    cache = Cache(tmp_path)
    bind(edition(before), readings=Readings(cache))
    times = {path: path.read_bytes() for path in entries(tmp_path)}
    assert_same(bind(edition(after), options, readings=Readings(cache)), bind(edition(after), options))
    return sum(times.get(path) != path.read_bytes() for path in entries(tmp_path))


def test_the_same_texts_are_not_read_again(tmp_path: Path) -> None:
    assert made(tmp_path, texts(), texts()) == 0


def test_an_edited_clause_is_read_again_in_its_document_alone(tmp_path: Path) -> None:
    policy = POLICY.replace("An Order ends", "An Order ends today")
    alone = AGREEMENT.replace("Section 9.9 of the Use Policy", "others").replace(
        "(b) See Termination Rights (a) and Schedule 1.", ""
    )
    others = {**texts(), "master-agreement": alone}
    # Its definitions with what it offers to others, its references and its uses.
    assert made(tmp_path / "1", others, {**others, "use-policy": policy}) == 3
    # The agreement refers to numbers of it.
    assert made(tmp_path / "2", texts(), {**texts(), "use-policy": policy}) == 4


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("data-terms", "### 2.1 Deletion\n\n", "### 2.2 Deletion\n\n"),  # a number that another document refers to
        ("use-policy", "## Late Charges", "## Late Payments"),  # a heading that another document names
        ("use-policy", "An Order ends", "A fee and an order end"),  # a word in small letters: “Fee lists are public”
        ("use-policy", "These are high", "Carrier shall go. Carrier shall pay"),  # a name that acts: “Carrier Fee”
        ("master-agreement", "The law of the set", "This Framework has law"),  # a name that a document has for itself
        ("master-agreement", "(b) a call", "b) a call"),  # an item of a definition that another document names
        ("master-agreement", "“Fee” means what", "“Price” means what"),
    ],
)
def test_a_change_that_concerns_other_documents_is_noticed(tmp_path: Path, name: str, before: str, after: str) -> None:
    assert before in texts()[name]
    assert made(tmp_path, texts(), {**texts(), name: texts()[name].replace(before, after)}) > 4


def test_other_options_are_another_binding(tmp_path: Path) -> None:
    assert made(tmp_path, texts(), texts(), TermOptions(unlink=frozenset({"Fee"}))) >= 6


def test_the_order_of_documents_matters(tmp_path: Path) -> None:
    assert made(tmp_path, texts(), dict(reversed(texts().items()))) >= 6


def test_damaged_entries_are_made_again(tmp_path: Path) -> None:
    bind(edition(texts()), readings=Readings(Cache(tmp_path)))
    for path in entries(tmp_path):
        path.write_bytes(path.read_bytes()[:-1])
    assert_same(bind(edition(texts()), readings=Readings(Cache(tmp_path))), bind(edition(texts())))


@pytest.mark.long
def test_every_form_of_definition_is_read_as_it_was_stored(tmp_path: Path) -> None:
    cases = sorted((Path(__file__).parent.parent / "cases" / "terms").rglob("*.md"))
    assert len(cases) > 50
    for case in cases:
        try:
            read = edition({"one": case.read_text("utf-8"), "two": POLICY})
        except EngrossError:
            continue
        cold = bind(read)
        for _ in range(2):
            assert_same(bind(read, readings=Readings(Cache(tmp_path))), cold)
