"""Sources for the tests of `corpus/`, made from text and read from the cases."""

from collections.abc import Callable
from pathlib import Path

from engross.common.errors import EngrossError
from engross.model import Source

CASES = Path(__file__).parent / "cases"


def source(text: str, path: str = "f.yml") -> Source:
    return Source(path, text, text.encode("utf-8", "surrogatepass"))


def case(name: str) -> Source:
    return source((CASES / name).read_text("utf-8"), name)


def complaints(read: Callable[[Source], object], given: Source) -> list[str]:
    """Every diagnostic of reading a source, as printed."""
    try:
        read(given)
    except EngrossError as mistakes:
        return [str(found) for found in mistakes.diagnostics]
    return []
