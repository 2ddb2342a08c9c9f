"""The contents of documents with and without headings."""

import pytest

from engross.model import Source
from engross.render import ContentsEntry, all_contents
from engross.text import parse

DEFINED = "“**Fees**” means money.\n\n**Data.** Information.\n\n"


def listed(text: str) -> list[tuple[int, str, str]]:
    """The level, the anchor and the title of each entry."""

    def flat(entries: tuple[ContentsEntry, ...]) -> list[tuple[int, str, str]]:
        return [row for one in entries for row in [(one.level, one.anchor, one.words), *flat(one.sections)]]

    return flat(all_contents(parse(Source("a.md", text, text.encode()))))


def bold(*names: str) -> str:
    return "".join(f"**{name}** Some words.\n\n" for name in names)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("# T\n\n## A\n\nText.\n\n## B\n\nText.\n", ["T", "A", "B"]),
        ("# T\n\n" + bold("1. A.", "2. B.", "3. C."), ["T", "1. A", "2. B", "3. C"]),
        ("# T\n\n1. **A.** Text.\n2. **B.** Text.\n3. **C.** Text.\n", ["T", "1. A", "2. B", "3. C"]),
        (bold("1. A.", "2. B.", "3. C."), ["1. A", "2. B", "3. C"]),
        (bold("1. A.", "1.1 X.", "2. B.", "2.1 Y.", "3. C."), ["1. A", "2. B", "3. C"]),
        ("# T\n\n" + bold("A.", "B.", "C."), ["T", "A", "B", "C"]),
        ("# T\n\n" + bold("I. A.", "II. B.", "III. C.") + DEFINED, ["T", "I. A", "II. B", "III. C"]),
        ("# T\n\n" + bold("1. A.", "2. B."), ["T"]),
        ("# T\n\n" + bold("1. A.", "2. B.", "3. C.") + "## D\n\nText.\n", ["T", "D"]),
        ("# 1\n\n" + bold("1. A.", "2. B.", "3. C.") + "# 2\n\nText.\n", ["1", "2"]),
        ("Text.\n", []),
    ],
)
def test_titles(text: str, titles: list[str]) -> None:
    assert [title for _, _, title in listed(text)] == titles


def test_places() -> None:
    text = "# T\n\n" + bold("1. A.", "2. B.", "3. C.")
    assert listed(text)[:2] == [(1, "t", "T"), (2, "opening.1-a", "1. A")]
    assert listed("## A\n\n### B\n\nText.\n") == [(2, "a", "A"), (3, "b", "B")]
