"""Each bad file in cases/ gives exactly the messages in the .txt file beside it, and each good one gives none."""

import pytest

from engross.corpus.catalogue import read_catalogue
from engross.corpus.registers import read_register
from engross.corpus.settings import read_settings
from engross.model import BUILT_IN

from .sources import CASES, case, complaints

READERS = {
    "documents": read_settings,
    "models": read_catalogue,
    "subprocessors": lambda given: read_register(given, BUILT_IN["subprocessors"]),
    "prices": lambda given: read_register(given, BUILT_IN["prices"]),
}


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.yml")))
def test_messages(name: str) -> None:
    expected = CASES / name.replace(".yml", ".txt")
    found = complaints(READERS[name.partition("-")[0]], case(name))
    assert found == (expected.read_text("utf-8").splitlines() if expected.exists() else [])
