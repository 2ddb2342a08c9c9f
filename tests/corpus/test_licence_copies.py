"""Published copies of licences, and quotes of a licence with their place."""

import hashlib
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.corpus.catalogue import catalogue_json, check_catalogue, read_catalogue
from engross.corpus.eula import copy_path

from .sources import source
from .test_catalogue import DAY

TEXT = "Open Licence\n2. You may use “the model” for any purpose, commercial or not.\n"
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
QUOTE = "{about: Commercial use, words: 'You may use \"the model\" for any  purpose', place: Section 2}"


def listed(**eula: str) -> str:
    """A list of one model with facts of its licence."""
    facts = {"spdx": "LicenseRef-Open", "name": "Open", "url": "https://example.com/l", **eula}
    inner = ", ".join(f"{key}: {value}" for key, value in facts.items())
    return f"models:\n- {{id: a, name: A, provider: P, modalities: {{in: [text], out: [text]}}, eula: {{{inner}}}}}\n"


COMPLETE = {"sha256": HASH, "copy": copy_path(HASH), "quotes": f"[{QUOTE}]"}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "licences").mkdir()
    (tmp_path / copy_path(HASH)).write_text(TEXT, "utf-8")
    return tmp_path


def problems(docs: Path, text: str) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in check_catalogue(read_catalogue(source(text)), DAY, docs)]


def test_a_copy_and_a_quote_that_are_right(docs: Path) -> None:
    text = listed(**COMPLETE)
    assert problems(docs, text) == []
    (model,) = catalogue_json(read_catalogue(source(text)), DAY)["models"]
    assert model["eula"]["copy"] == f"licences/{HASH[:12]}.txt"
    assert model["eula"]["quotes"][0]["place"] == "Section 2"


def test_a_copy_that_is_not_there_or_was_altered(docs: Path) -> None:
    path = docs / copy_path(HASH)
    path.write_text(TEXT.replace("may", "may not"), "utf-8")
    (problem,) = problems(docs, listed(**COMPLETE))
    assert "models[0].eula.copy: this file was altered: its SHA-256 is not that of the list" in problem
    path.unlink()
    (problem,) = problems(docs, listed(**COMPLETE))
    assert "models[0].eula.copy: there is no such file in licences/ of the docs folder; restore it, or run" in problem
    path.mkdir()
    assert len(problems(docs, listed(**COMPLETE))) == 1


def test_words_that_the_copy_does_not_have(docs: Path) -> None:
    quotes = QUOTE.replace("may use", "must not use")
    (problem,) = problems(docs, listed(**{**COMPLETE, "quotes": f"[{QUOTE}, {quotes}]"}))
    assert problem.startswith("licence-quote: models[0].eula.quotes[1].words: these words are not in the copy: “")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"copy": copy_path(HASH)}, "models[0].eula.copy: names a copy without sha256"),
        ({"copy": "licences/000000000000.txt", "sha256": HASH}, "is not the copy of the text with this sha256"),
        ({"copy": "../secret.txt", "sha256": HASH}, "write licences/, the first 12 characters of sha256, and .txt"),
        ({"quotes": "[{about: Use, words: x}]"}, "models[0].eula.quotes[0].place: is missing"),
    ],
)  # fmt: skip
def test_facts_that_do_not_fit(facts: dict[str, str], message: str) -> None:
    with pytest.raises(EngrossError) as failure:
        read_catalogue(source(listed(**facts)))
    assert message in str(failure.value)
