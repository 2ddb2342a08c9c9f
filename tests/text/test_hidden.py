"""Controls that hide or turn text are refused, and isolates must come in pairs."""

from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.text import decode, parse, read_source

TURNING = "\u202a\u202b\u202c\u202d\u202e"
OPENING = "\u2066\u2067\u2068"
POP = "\u2069"


def refused(text: str, **options: bool) -> list[str]:
    with pytest.raises(EngrossError) as failure:
        parse(decode(text.encode(), "t.md", **options))
    assert {found.rule for found in failure.value.diagnostics} == {"control-character"}
    return [str(found) for found in failure.value.diagnostics]


def text_of(text: str, *, sealed: bool = False) -> str:
    return "".join(clause.inline.text for clause in parse(decode(text.encode(), "t.md", sealed=sealed)).walk())


@pytest.mark.parametrize("character", [*TURNING, *map(chr, range(0x80, 0xA0))])
def test_a_control_is_refused_with_its_place_and_its_code(character: str) -> None:
    (message,) = refused(f"# A\n\nThe fee{character} is due.\n")
    assert message.startswith("t.md:3:8: the ")
    assert f"U+{ord(character):04X}" in message
    meant = character.encode("latin-1").decode("cp1252", "ignore") if character < "\xa0" else ""
    assert message.endswith(f"; write {meant}" if meant else "; delete it")
    assert character not in message


def test_every_place_is_reported() -> None:
    assert [message.partition(": ")[0] for message in refused("\u202ea\n\nb\u0085")] == ["t.md:1:1", "t.md:3:2"]
    assert len(refused("\u202e" * 1000)) == 10


@pytest.mark.parametrize("opening", OPENING)
@pytest.mark.parametrize(
    "shape",
    [
        "The {0}العقد{1} is due.",
        "The {0}long\nname{1} is due.",
        "{0}a {0}b{1} c{1}",
        "- {0}a{1}\n- {0}b{1}",
        "| {0}a{1} | b |\n| --- | --- |\n| c | {0}d{1} |",
        "> {0}a{1}",
        "# {0}Heading{1}",
    ],
)
def test_isolates_in_pairs_within_a_paragraph_are_read_as_they_are(opening: str, shape: str) -> None:
    text = shape.format(opening, POP)
    assert text_of(text).count(opening) == text_of(text).count(POP) == text.count(POP)


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("The \u2066fee is due.", "t.md:1:5", "U+2066 is not closed by U+2069"),
        ("The fee\u2069 is due.", "t.md:1:8", "U+2069 closes no isolate"),
        ("A \u2067fee\n\nis\u2069 due.", "t.md:1:3", "U+2067 is not closed"),
        ("- \u2068a\n- b\u2069", "t.md:1:3", "U+2068 is not closed"),
        ("(a) \u2068a\n(b) b\u2069", "t.md:1:5", "U+2068 is not closed"),
        ("| \u2066a | b\u2069 |\n| --- | --- |", "t.md:1:3", "U+2066 is not closed"),
        ("# \u2066A\nb\u2069\n## C", "t.md:1:3", "U+2066 is not closed"),
        ("\u2066\u2066a\u2069", "t.md:1:1", "U+2066 is not closed"),
    ],
)
def test_isolates_without_a_partner_in_their_paragraph_are_refused(text: str, place: str, why: str) -> None:
    message = refused(text)[0]
    assert message.startswith(f"{place}: the directional isolate {why}")
    assert message.endswith("in this paragraph; complete the pair, or delete it")


@pytest.mark.parametrize(
    "entity",
    ["&#x202E;", "&#8238;", "&#x202e;", "&#x2066;", "&#8297;"],
)
@pytest.mark.parametrize(
    ("before", "after", "column"),
    [("The fee ", " is due.", 9), ("See [it](x.md '", "').", 5), ("**a ", "**", 5), ("![", "](x.png)", 3)],
)
def test_an_entity_counts_as_its_character(entity: str, before: str, after: str, column: int) -> None:
    (message,) = refused(f"# A\n\n{before}{entity}{after}\n")
    assert message.startswith(f"t.md:3:{column}: this entity is not allowed: the character U+20")


@pytest.mark.parametrize("entity", ["&#x80;", "&#x9b;", "&#133;"])
def test_an_entity_of_a_control_is_none(entity: str) -> None:
    """The parser does not read it as one; no control gets into the text."""
    assert not any("\x80" <= one <= "\x9f" for one in text_of(f"The fee {entity} is due."))


def test_code_shows_an_entity_as_it_is_written() -> None:
    assert "&#x202E;" in text_of("Write `&#x202E;` so.")


def test_what_is_sealed_is_read_as_it_was_posted() -> None:
    text = "The \u202efee\u0085 &#x202E; \u2066is due."
    assert text_of(text, sealed=True) == "The \u202efee\u0085 \u202e \u2066is due."
    assert refused("\x1b", sealed=True) == ["t.md:1:1: the character U+001B cannot be shown on a page; delete it"]


def test_a_file_is_read_so_too(tmp_path: Path) -> None:
    (tmp_path / "t.md").write_text("a\u202e", "utf-8")
    with pytest.raises(EngrossError, match=r"t\.md:1:2: the character U\+202E changes"):
        read_source(tmp_path / "t.md", "t.md")
    assert read_source(tmp_path / "t.md", "t.md", sealed=True).text == "a\u202e"
