"""Twice the text takes about twice the work, whatever there is much of.

Work is counted in calls of functions, so that no clock decides.
"""

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from tests.terms.cases import document

from engross.drafting import Subject, check_subjects
from engross.model import Edition, SetEntry
from engross.terms import bind

_DUE = "that is due at the end of each month of the term"
_SENTENCE = "The Fees are due, and the Customer pays the Fees. "
INPUTS: dict[str, Callable[[int], list[str]]] = {
    "definitions of one name in a paragraph": lambda n: [
        " ".join(f"“Fees” means the sum {i} {_DUE}." for i in range(n))
    ],
    "definitions in passing": lambda n: [" ".join(f"The sum {i} {_DUE} is the rent (the “Fees”)." for i in range(n))],
    "definitions of one name in paragraphs": lambda n: ["\n\n".join(f"“Fees” means the sum {i}." for i in range(n))],
    "definitions of one name in sections": lambda n: [
        "\n\n".join(f"## Part {i}\n\nIn this Section, “Fees” means {i}. The Fees are due." for i in range(n))
    ],
    "terms": lambda n: [
        "## Definitions\n\n"
        + "\n".join(f"- **“Term{i} Name”** means the thing {i}." for i in range(n))
        + "\n\n## Use\n\n"
        + "\n\n".join(f"The Term{i} Name applies." for i in range(n))
    ],
    "uses in a paragraph": lambda n: ["“Fees” means money.\n\n" + _SENTENCE * n],
    "footnotes": lambda n: [
        "\n\n".join(f"Text {i}[^{i}]." for i in range(n)) + "\n\n" + "\n".join(f"[^{i}]: Note {i}." for i in range(n))
    ],
    "references": lambda n: [
        "\n\n".join(f"## {i} Part\n\nSee Section {n - i} and Section {i}.1(a)." for i in range(1, n))
    ],
    "references in a paragraph": lambda n: ["## 1 Part\n\n" + "See Section 1 and Sections 1 to 1, 1(a). " * n],
    "references to items that are missing": lambda n: [
        "## 1 Part\n\n(a) one\n\n"
        + "\n\n".join(
            f"It {i} is as clause (c), Section 1(c), Section 1(d)(ii), (e) or (f) below say." for i in range(n)
        )
    ],
    "references to items that are missing in French": lambda n: [
        "## Article 1 Objet\n\na) un\n\n"
        + "\n\n".join(f"La chose {i} est celle de la lettre c), de l’article 1 c) et du contrat." for i in range(n))
    ],
    "references to numbers that are missing": lambda n: [
        "## 1 Part\n\n" + "\n\n".join(f"1.{i} As Sections 1.{i + n}, 1.1, 1.2 and 1.3 say." for i in range(1, n))
    ],
    "references to paragraphs that a schedule lacks": lambda n: [
        "## 1 Part\n\nText.\n\n## Schedule 1\n\n"
        + "\n\n".join(f"{i}. As paragraph {i + n} of this Schedule, and paragraph {i + n} say." for i in range(1, n))
    ],
    "titles of counted things": lambda n: [
        "## 1 Part\n\n" + "\n\n".join(f"Send the Second Copy {i} (“Carrier to Carrier {i}”) back." for i in range(n))
    ],
    "rows of a table": lambda n: ["| A | B |\n|---|---|\n" + "\n".join(f"| Cell {i} | Value {i} |" for i in range(n))],
    "numbers in running text": lambda n: [
        " ".join(
            f"It is due. {i % 80 + 1}.1 Fees The fee, as Section {i % 80 + 1}.1 and Annex 1 say." for i in range(n)
        )
    ],
    "paragraphs with neighbours": lambda n: ["## 1 Part\n\n" + "The preceding paragraph prevails.\n\n" * n],
    "lists of contents": lambda n: ["\n\n".join(f"## {i} Part {i}" for i in range(1, n))],
    "open brackets": lambda n: ["[" * n + " are open, and " + ") " * n],
    "blanks": lambda n: ["[●] ____ " * n],
    "documents": lambda n: [
        "“Fees” means money.",
        *(f"## Definitions\n\n“Name{i}” means a thing. The Fees and the Name{i}. See the D{i + 1}." for i in range(n)),
    ],
}
_MANY = 120
_IN_EVERY_RUN = ("blanks", "documents")


def _work(texts: list[str]) -> int:
    """The number of calls that reading, binding and checking a set of these texts takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        documents = [document(f"d{at}", f"D{at}", f"# D{at}\n\n{text}\n") for at, text in enumerate(texts)]
        first, *others = (one.id for one in documents)
        binding = bind(Edition(SetEntry("main", "Main", first, tuple(others)), tuple(documents)))
        check_subjects([Subject(binding)])
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in _IN_EVERY_RUN else [pytest.mark.long]) for name in INPUTS]
)
def test_twice_the_text_takes_twice_the_work(name: str) -> None:
    make = INPUTS[name]
    _work(make(2))  # what is done once in a process
    assert _work(make(2 * _MANY)) < 2.5 * _work(make(_MANY))
