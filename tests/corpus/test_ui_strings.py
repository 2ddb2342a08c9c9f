"""The UI strings: a site's own come before those of its language, and pages show no other words."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.corpus import ui_text as module
from engross.corpus.models import FACTS
from engross.corpus.ui_text import RETIRED, document_strings, read_own, shipped_templates, ui_strings
from engross.model import BUILT_IN, LABEL_WORDS
from engross.redline.changes import Labels, english, labels_of

PACKAGE = Path(module.__file__).parents[1]
TEMPLATES = shipped_templates()
LANGUAGES = sorted((TEMPLATES / "words").glob("*.yml"))
ENGLISH = ui_strings("en")


def own(folder: Path, text: str) -> Path:
    (folder / "words.yml").write_text(text, "utf-8")
    return folder


def mistakes(folder: Path, text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(EngrossError) as failure:
        ui_strings("en", own(folder, text))
    return [(found.line, found.column, found.message) for found in failure.value.diagnostics]


def test_a_sites_own_words_win_and_the_rest_is_of_its_language(tmp_path: Path) -> None:
    known = ui_strings("de-CH", own(tmp_path, 'download: Herunterladen\nused_times: "{count} Stellen"\n'))
    assert known["download"] == "Herunterladen"
    assert known["used_times"].format(count=3) == "3 Stellen"
    assert known["all_versions"] == "Alle Versionen"


def test_without_a_file_the_words_are_english(tmp_path: Path) -> None:
    assert ui_strings("en", tmp_path) == ui_strings("xx") == ui_strings("../en") == ENGLISH


def test_another_language_is_one_more_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/en.yml").write_bytes((TEMPLATES / "words/en.yml").read_bytes())
    (tmp_path / "words/xy.yml").write_text('"yes": si\n"no": no\n', "utf-8")
    monkeypatch.setattr(module, "shipped_templates", lambda: tmp_path)
    module._of_language.cache_clear()
    try:
        known = ui_strings("xy-CH")
        assert (known["yes"], known["no"], known["all_versions"]) == ("si", "no", ENGLISH["all_versions"])
    finally:
        module._of_language.cache_clear()


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.name)
def test_every_shipped_language_keeps_the_rules_of_a_sites_own_file(path: Path) -> None:
    """Its keys and gaps are those of English, and it is plain YAML that the strict reader reads the same."""
    assert read_own(path).items() <= ui_strings(path.stem).items()


DATES = {
    "date_form",
    "month_form",
    "digit_group",
    "decimal_mark",
    "first_day",
    *(f"month_{number}" for number in range(1, 13)),
}


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.name)
def test_every_shipped_language_has_every_word_with_the_same_gaps(path: Path) -> None:
    """Dates come from the Unicode CLDR where a file has none."""
    known = read_own(path)
    assert ENGLISH.keys() - known.keys() <= DATES
    assert {key for key, word in known.items() if set(GAP.findall(word)) != set(GAP.findall(ENGLISH[key]))} == set()


GAP = re.compile(r"\{(\w+)\}")


def test_dates_are_written_as_the_language_writes_them() -> None:
    shown = {code: ui_strings(code) for code in ("en", "de", "fr", "es")}
    assert [words["date_form"] for words in shown.values()] == [
        "{day} {month} {year}",
        "{day}. {month} {year}",
        "{day} {month} {year}",
        "{day} de {month} de {year}",
    ]
    assert [words["month_8"] for words in shown.values()] == ["August", "August", "août", "agosto"]
    assert shown["fr"]["first_day"] == "1er"
    assert [words["month_form"] for words in shown.values()] == [*["{month} {year}"] * 3, "{month} de {year}"]
    assert [words["digit_group"] for words in shown.values()] == [",", ".", "\u202f", "."]


def test_the_pages_of_a_document_have_the_words_of_its_language(tmp_path: Path) -> None:
    (tmp_path / "words.yml").write_text("download: Get it\n", "utf-8")
    (tmp_path / "words.de.yml").write_text("download: Laden\n", "utf-8")
    site = ui_strings("en", tmp_path)
    german = document_strings("de-AT", site, tmp_path)
    assert (german.language, german["download"], german["all_versions"]) == ("de-AT", "Laden", "Alle Versionen")
    assert document_strings("fr", site, tmp_path)["download"] == "Télécharger"
    # The site's own words are in its language; Engross has no Arabic.
    assert document_strings("en-GB", site, tmp_path) is document_strings("ar", site, tmp_path) is site


def test_retired_keys_are_accepted_and_shown_nowhere(tmp_path: Path) -> None:
    """A site that was made with an earlier version still builds."""
    text = "".join(f'{key}: "{{old}} words"\n' for key in sorted(RETIRED))
    assert ui_strings("en", own(tmp_path, text)) == ENGLISH
    assert not RETIRED & ENGLISH.keys()


def test_a_word_that_is_given_twice_is_a_mistake(tmp_path: Path) -> None:
    ((line, _, message),) = mistakes(tmp_path, "download: Laden\ndownload: x\n")
    assert line == 2
    assert "download" in message


def test_an_unknown_key_is_reported_with_its_line_and_what_may_be_meant(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "download: Laden\ndownlod: x\n") == [
        (2, 1, "downlod: there is no such key; did you mean download?")
    ]


def test_a_gap_that_nothing_fills_and_what_is_no_text_are_reported(tmp_path: Path) -> None:
    assert mistakes(tmp_path, 'used_times: "{number} Stellen"\n') == [
        (1, 13, "used_times: nothing fills {number} here")
    ]
    assert [place[:2] for place in mistakes(tmp_path, "download: [x]\n")] == [(1, 11)]


def test_every_label_of_a_redline_is_a_word_of_the_catalogue() -> None:
    marked = {key: f"⟦{word}⟧" for key, word in ENGLISH.items()}
    assert labels_of(ENGLISH) == english()
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
    assert "the gaps of this key are {count}" in message


def test_a_word_without_a_gap_has_no_braces(tmp_path: Path) -> None:
    ((_, _, message),) = mistakes(tmp_path, "download: 'a {label'\n")
    assert message == (
        "download: this brace has no partner. A gap is a name in braces, no other brace is allowed, "
        "and this key has no gap"
    )


def sources() -> dict[str, str]:
    """Every template and module that may ask for a word, by its path."""
    files = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.js"), *PACKAGE.rglob("*.py")]
    return {str(path): path.read_text("utf-8") for path in files if path != Path(module.__file__)}


def is_of_pages(path: str) -> bool:
    """Whether a file is a module that makes pages."""
    return path.startswith(
        tuple(str(PACKAGE / name) for name in ("render", "exporting", "site", "corpus/shown_values.py"))
    )


ASKED = re.compile(r"""\bwords(?:\.(?!items\b|get\b|keys\b)([a-z]\w*)|\[["']([a-z][\w-]*)["']\])""")
PREFIX = re.compile(r"""words\[f["']([a-z_]+_)\{|words\[["']([a-z_]+_)["'] [~+]|\bf?["']([a-z]+_)(?:\{|["'] ~)""")
QUOTED = re.compile(r"""["']([a-z][\w-]*)["']""")


def test_no_template_asks_for_a_word_that_is_not_there() -> None:
    asked = {
        (path, key)
        for path, text in sources().items()
        if path.endswith(".html")
        for key in filter(None, (key for found in ASKED.findall(text) for key in found))
    }
    assert len(asked) > 200
    assert {(path, key) for path, key in asked if key not in ENGLISH and not key.endswith("_")} == set()


def test_no_module_asks_for_a_word_that_is_not_there() -> None:
    asked = {
        (path, key)
        for path, text in sources().items()
        if is_of_pages(path)
        for _, key in ASKED.findall(text)
        if key and not key.endswith("_")
    }
    assert len(asked) > 50
    assert {(path, key) for path, key in asked if key not in ENGLISH} == set()


def test_every_word_is_shown_somewhere() -> None:
    """A key is used if it occurs as a whole, or as a beginning and an end."""
    texts = "\n".join(sources().values())
    pages = "\n".join(text for path, text in sources().items() if path.endswith((".html", ".js")) or is_of_pages(path))
    ends = {*QUOTED.findall(texts), *map(str, range(1, 13))}
    named = {*QUOTED.findall(pages), *(key for found in ASKED.findall(pages) for key in found if key)}
    beginnings = {one for found in PREFIX.findall(texts) for one in found if one}
    labels = {f"redline_{one.name}" for one in fields(Labels)} | {fact.word for fact in FACTS}
    labels |= {f"register_{name}_{one.id}" for name, schema in BUILT_IN.items() for one in schema.columns}
    labels |= {f"register_{name}" for name in BUILT_IN} | set(LABEL_WORDS)

    def is_used(key: str) -> bool:
        made = any(key.startswith(one) and key[len(one) :] in ends for one in beginnings)
        return key in named or key in labels or made

    # A string of rows replaces another one.
    assert [key for key in ENGLISH if not is_used(key.removeprefix("rows_"))] == []


def raw_words(html: str) -> Iterator[str]:
    """The words written in a template: text between tags, and attributes that screen readers read."""
    html = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(style|script|kbd)\b.*?</\1>|<!--.*?-->", "", html)
    for label in re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', html):
        yield from re.findall(r"[^\W\d_]{2,}", label)
    yield from re.findall(r"[^\W\d_]{2,}", re.sub(r'(?s)<[^>]*>| class="[^"]*"', " ", html))


FORMATS = {"Atom", "JSON", "Feed"}


def test_no_template_has_words_of_its_own() -> None:
    pages = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "init"]
    found = {path.name: set(raw_words(path.read_text("utf-8"))) - FORMATS for path in pages}
    assert {name: words for name, words in found.items() if words} == {}
    assert list(raw_words('<p title="a bc">{{ x }} de <b>f gh</b></p>')) == ["bc", "de", "gh"]


def test_no_style_sheet_has_words_of_its_own() -> None:
    sheets = [*TEMPLATES.rglob("*.css"), *PACKAGE.rglob("*.css")]
    assert len(sheets) > 4
    shown = [(path.name, text) for path in sheets for text in CONTENT.findall(path.read_text("utf-8"))]
    assert shown
    # Calls, and signs by their code.
    written = [(name, re.sub(r"\b[\w-]+\([^)]*\)|\\[0-9A-Fa-f]{1,6}", "", text)) for name, text in shown]
    assert [(name, text) for name, text in written if re.search(r"[^\W\d_]", text)] == []


CONTENT = re.compile(r"content:\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+\([^)]*\)|\s)+)[;}]")
