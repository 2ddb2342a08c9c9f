"""YAML: mistakes and their places; any text gives either a value or diagnostics."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from engross.common.cache import Cache
from engross.common.errors import EngrossError
from engross.corpus.catalogue import read_catalogue
from engross.corpus.settings import read_settings
from engross.corpus.yaml import plain
from engross.corpus.yaml_nodes import compose, compose_cached
from engross.corpus.yaml_scalars import Unclear, read_as, read_plain
from engross.model import Source

from .sources import source

WRONG = {
    "": "f.yml:1:1: the file is empty",
    "# only a comment\n": "f.yml:1:1: the file is empty",
    "- a\n- b\n": "f.yml:1:1: the file must contain keys and values at its top level, not a list",
    "\n\nplain\n": "f.yml:3:1: the file must contain keys and values at its top level, not text",
    "a:\n\tb: c\n": "f.yml:2:1: a tab; YAML is indented with spaces",
    "title: Terms: the first\n": (
        "f.yml:1:13: a colon is not allowed here: put the text in quotes, or fix the indentation"
    ),
    "title: @home\n": "f.yml:1:8: text that begins with this character must be put in quotes",
    "a: b\nc\n": "f.yml:3:1: a line without a colon after its key",
    "a:\n - b\n- c\n": "f.yml:3:1: does not fit the indentation of the lines above",
    "a: 1\nb: 'open\nc: d\n": "f.yml:2:4: a quotation mark is opened here and never closed",
    "a: [b,\n": "f.yml:2:1: the file ends inside a list or mapping opened by [ or {",
    'a: "\\UFFFFFFFF"\n': "f.yml:1:2: YAML cannot be read from here on",
    "a: " + "[" * 3000: "f.yml:1:23: nested more than 20 levels deep; use fewer levels",
    "? " * 3000: "f.yml:1:41: nested more than 20 levels deep; use fewer levels",
    "sets: []\n---\nsets: []\n": "f.yml:2:1: a second YAML document begins here, but a file may contain only one",
}

NOT_READ = {
    "a: x\nb: y\na: z\na: x\n": [
        "f.yml:3:1: a: given twice; the first is on line 1, column 1; delete one",
        "f.yml:4:1: a: given twice; the first is on line 1, column 1; delete one",
    ],
    "a: [{b: 1, b: 2}]\n": ["f.yml:1:12: a[0].b: given twice; the first is on line 1, column 6; delete one"],
    "a: &x y\nb: *x\n": [
        "f.yml:1:4: a: anchors (&name) are not supported; delete it",
        "f.yml:2:4: b: aliases (*name) are not supported; write the value in full",
    ],
    "a:\n  <<: {b: c}\n": ["f.yml:2:3: a: merge keys (<<) are not supported; write the keys in full"],
    "a: !!python/name:os.system x\n": ["f.yml:1:4: a: tags (!name) are not supported; delete it"],
    "a: !!str 1\n": ["f.yml:1:4: a: tags (!name) are not supported; delete it"],
    "%YAML 1.1\n---\na: b\n": ["f.yml:1:1: directives (lines that begin with %) are not supported; delete the line"],
    "[a, b]: c\n": ["f.yml:1:1: a key must be a word, not a list or keys and values"],
    ": c\n": ["f.yml:1:1: a key is missing before the colon"],
    "a:\nb: ~\nc: [null]\n": [
        "f.yml:1:1: a: has no value; write one or delete the line",
        "f.yml:2:1: b: has no value; write one or delete the line",
        "f.yml:3:5: c[0]: has no value; write one or delete the line",
    ],
    "a: x\0y\0\nb: \x1b\n": [
        "f.yml:1:5: the character U+0000 is not allowed in this file, here and in 1 more places; delete it",
        "f.yml:2:4: the character U+001B is not allowed in this file; delete it",
    ],
    'a: "x\\0y"\n': ["f.yml:1:4: a: contains the character U+0000, which is not allowed; delete it"],
    'a: "\\ud800"\n': ["f.yml:1:4: a: contains the character U+D800, which is not allowed; delete it"],
}

BOMB = "a: &a [x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise("abcdefghi"))

PLAIN = {
    "text": "text",
    "1.10.2": "1.10.2",
    "2026-1-5": "2026-1-5",
    "y": "y",
    "true": True,
    "False": False,
    "~": None,
    "": None,
    "8": 8,
    "-8": -8,
    "1.10": 1.1,
    "2026-02-28": date(2026, 2, 28),
}

UNCLEAR = [
    *("yes", "NO", "on", "Off"),
    *("012", "0o14", "0x1F", "0b1", "1_000", "1e3", ".5", "1:30", ".inf", ".NaN", "9" * 5000),
    *("2026-02-30", "2026-13-45", "2026-01-01T10:00:00Z", "2026-01-01 10:00"),
    "=",
]


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=lambda part: part[:20])
def test_what_is_no_yaml(text: str, message: str) -> None:
    with pytest.raises(EngrossError) as raised:
        read_settings(source(text))
    assert str(raised.value) == message


@pytest.mark.parametrize(("text", "messages"), NOT_READ.items(), ids=lambda part: str(part)[:20])
def test_what_yaml_allows_and_we_do_not(text: str, messages: list[str]) -> None:
    _, findings = compose(source(text))
    assert [str(found) for found in findings] == messages


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: [x, 'y', {c: 2026-02-30}]\nd: {}\ne: |\n  “é” 😀\n\n",
        "a: []\n",
        "word\n",
        "- a\n- b: c\n",
        "",
        *NOT_READ,
    ],
    ids=lambda text: text[:20],
)
def test_kept_yaml_is_that_read_anew(tmp_path: Path, text: str) -> None:
    cold, cache = compose(source(text)), Cache(tmp_path)
    assert [compose_cached(source(text), cache) for _ in range(2)] == [cold, cold]
    other = f"{text}\n# more"
    assert compose_cached(source(other), cache) == compose(source(other))


def test_mistakes_before_a_syntax_error_are_reported_with_it() -> None:
    _, findings = compose(source("a: *x\na: 1\nb: 'open\n"))
    assert [found.line for found in findings] == [1, 2, 3]


def test_an_alias_bomb_finds_nothing_to_light() -> None:
    root, findings = compose(source(BOMB))
    assert root is not None
    assert len(str(plain(root))) < 2000
    assert sum("aliases" in found.message for found in findings) == 16


def test_plain_values_are_read_where_all_readers_agree() -> None:
    assert {text: read_plain(text) for text in PLAIN} == PLAIN
    assert [read_plain(text) for text in UNCLEAR] == [Unclear(text) for text in UNCLEAR]


def test_what_a_plain_value_is_read_as() -> None:
    words = {"1.10": "the number 1.1", "1.1": "a number", "NO": "a truth value", "2026-02-30": "a date", "x": "text"}
    assert {text: read_as(text) for text in words} == words


def test_quoted_values_are_text() -> None:
    root, findings = compose(source("a: 'NO'\nb: \"1.10\"\nc: |\n  2026-02-30\n"))
    assert not findings
    assert root is not None
    assert plain(root) == {"a": "NO", "b": "1.10", "c": "2026-02-30\n"}


WORDS = st.sampled_from(
    ["documents", "sets", "models", "id", "title", "eula", "spdx", "a", "1.10", "NO", "2026-02-30", "~", "", "é", "😀"]
)
SIGNS = st.sampled_from(
    [*"\n\n  -:[]{},&*!|>'\"%@`#?\t\0\r\\~=<.", "\n  ", "\n- ", ": ", "<<: *a", "---\n", "&a "],
)


def only_diagnostics(given_source: Source) -> None:
    """Reading gives a value, or findings on one line each with a place in the text."""
    last = len(given_source.line_starts)
    for read in (read_settings, read_catalogue):
        with pytest.raises(EngrossError) as raised:
            read(given_source)
        assert raised.value.diagnostics
        for found in raised.value.diagnostics:
            assert 1 <= found.line <= last
            assert 1 <= found.column <= len(given_source.line(found.line)) + 1
            assert "\n" not in str(found)
            str(found).encode()


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_gives_diagnostics(text: str) -> None:
    only_diagnostics(source(text))


@given(st.lists(WORDS | SIGNS, max_size=40).map("".join))
def test_anything_like_yaml_gives_diagnostics(text: str) -> None:
    only_diagnostics(source(text))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_any_values_give_diagnostics(value: object) -> None:
    only_diagnostics(source(f"documents: {value!r}\nsets: {value!r}\nmodels: {value!r}\n"))
