"""The catalogue of words: a site's own win, the rest is English, and a slip in them is told with its place."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.redline.changes import Labels, labels_of
from engross.render.words import ENGLISH, ui_strings


def own(folder: Path, text: str) -> Path:
    (folder / "words.yml").write_text(text, "utf-8")
    return folder


def mistakes(folder: Path, text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(EngrossError) as failure:
        ui_strings("en", own(folder, text))
    return [(found.line, found.column, found.message) for found in failure.value.diagnostics]


def test_a_sites_own_words_win_and_the_rest_is_english(tmp_path: Path) -> None:
    known = ui_strings("de-CH", own(tmp_path, 'download: Herunterladen\nused_times: "{count} Stellen"\n'))
    assert known["download"] == "Herunterladen"
    assert known["used_times"].format(count=3) == "3 Stellen"
    assert known["all_versions"] == ENGLISH["all_versions"]


def test_without_a_file_the_catalogue_is_the_languages_own(tmp_path: Path) -> None:
    assert ui_strings("en", tmp_path) == ui_strings("xx") == ENGLISH


def test_an_unknown_key_is_told_with_its_line_and_what_may_be_meant(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "download: Laden\ndownlod: x\n") == [
        (2, 1, "downlod: the catalogue has no such word; did you mean download?")
    ]


def test_a_gap_that_nothing_fills_and_what_is_no_text_are_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, 'used_times: "{number} Stellen"\n') == [
        (1, 13, "used_times: {number} is filled with nothing here")
    ]
    assert [place[:2] for place in mistakes(tmp_path, "download: [x]\n")] == [(1, 11)]


def test_every_label_of_a_redline_is_a_word_of_the_catalogue() -> None:
    marked = {key: f"⟦{word}⟧" for key, word in ENGLISH.items()}
    assert labels_of(ENGLISH) == Labels()
    assert all(getattr(labels_of(marked), one.name).startswith("⟦") for one in fields(Labels))


@pytest.mark.parametrize(
    "braces",
    [
        "{count.__class__}",
        "{count[0]}",
        "{count!r}",
        "{0}",
        "{}",
        "{count:>10}",
        "{{count}}",
        "{count} {",
        "}",
        "{count",
    ],
)
def test_only_a_name_alone_in_braces_is_a_gap(tmp_path: Path, braces: str) -> None:
    ((line, column, message),) = mistakes(tmp_path, f"download: Laden\nused_times: '{braces} Stellen'\n")
    assert (line, column) == (2, 13)
    assert message.startswith("used_times: ")
    assert "{count} may stand" in message


def test_a_word_without_a_gap_has_no_braces(tmp_path: Path) -> None:
    ((_, _, message),) = mistakes(tmp_path, "download: 'a {label'\n")
    assert message == (
        "download: a brace without its partner; a gap is a name in braces, no other brace may stand in a word, "
        "and this word has no gap"
    )


def test_every_word_of_the_catalogue_keeps_the_rule(tmp_path: Path) -> None:
    assert ui_strings("en", own(tmp_path, json.dumps(dict(ENGLISH)))) == ENGLISH
