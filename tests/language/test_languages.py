"""Languages are folders of data: word forms, number words, detection, and an invented language without any code."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.terms.cases import document, listing, read_case

from engross.language import (
    detection,
    grammar_for,
    grammar_of_text,
    is_english,
    language_of,
    languages,
    read_grammar,
    shipped,
)
from engross.language.phrases import FOLDER, alternatives
from engross.model import Source
from engross.terms.passages import grammar_of

CASES = Path(__file__).parent / "cases"
OTHERS = ("de", "es", "fr")


def test_shipped_languages() -> None:
    assert sorted(shipped()) == ["de", "en", "es", "fr"]
    assert grammar_for("de-CH") is shipped()["de"]
    assert grammar_for("da").is_english


@pytest.mark.parametrize("code", OTHERS)
def test_languages_have_the_same_keys(code: str) -> None:
    model, other = FOLDER / "de", FOLDER / code
    for path in sorted(model.glob("*.toml")):
        wanted, found = (languages.read_data(folder / path.name) for folder in (model, other))
        optional = {
            "in_brackets",
            "facts",
            "for_purposes",
            "so_called",
            "respectively",
            "describing",
            "abbreviation_endings",
            "owner",
            "indefinite",
            "unit_first",
            "teens_after",
            "values",
            "ordinals",
            "tens",
            "repeated",
            "never_repeated",
            "must_be",
            "designates",
            "other",
            "one_of_many",
            "either",
            "periods",
        }
        assert set(wanted) - optional == set(found) - optional, path.name
    assert all(phrase.count("{term}") == 1 for phrase in languages.read_data(other / "definitions.toml")["frames"])


@pytest.mark.parametrize(
    ("code", "name", "forms"),
    [
        ("de", "Kunde", {"Kunden"}),
        ("de", "Nutzungsvertrag", {"Nutzungsvertrags", "Nutzungsvertrages", "Nutzungsverträge", "Nutzungsverträgen"}),
        ("de", "Vertrauliche Informationen", {"Vertraulichen Informationen", "Vertraulicher Information"}),
        ("de", "Schaden", {"Schäden", "Schadens"}),
        ("de", "Inhalte", {"Inhalt", "Inhalten"}),
        ("fr", "Client", {"Clients", "Cliente"}),
        ("fr", "Données personnelles", {"Donnée personnelle"}),
        ("fr", "Mise à jour", {"Mises à jour"}),
        ("es", "Día Hábil", {"Días Hábiles"}),
        ("es", "Servicios", {"Servicio"}),
        ("es", "Información Confidencial", {"Informaciones Confidenciales"}),
    ],
)
def test_forms(code: str, name: str, forms: set[str]) -> None:
    assert forms <= set(grammar_for(code).forms(name))
    assert name not in grammar_for(code).forms(name)


@pytest.mark.parametrize(("code", "name"), [("de", "AGB"), ("fr", "CGV"), ("es", "IVA"), ("de", "Daten")])
def test_abbreviations_and_irregular_words_have_few_derived_forms(code: str, name: str) -> None:
    assert set(grammar_for(code).forms(name)) <= {"Data", f"{name}s"}


@pytest.mark.parametrize(
    ("code", "words", "value"),
    [
        ("de", "dreißig", 30),
        ("de", "einundzwanzig", 21),
        ("de", "zweihundertfünfzig", 250),
        ("de", "zehntausend", 10_000),
        ("de", "zwei Millionen", 2_000_000),
        ("de", "zwanzig dreißig", None),
        ("fr", "vingt et un", 21),
        ("fr", "soixante-quinze", 75),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "deux mille cinq cents", 2500),
        ("fr", "trente cinquante", None),
        ("es", "treinta y cinco", 35),
        ("es", "veintiún", 21),
        ("es", "mil doscientos veintiuno", 1221),
        ("es", "cinco diez", None),
        ("en", "twenty-one", 21),
        ("en", "one-hundred-and-five", 105),
        ("en", "two billion three hundred thousandth", None),
        ("en", "two billion three hundredth", 2_000_000_300),
        ("en", "twenty sixty", None),
        ("en", "five ten", None),
    ],
)
def test_number_words(code: str, words: str, value: int | None) -> None:
    assert grammar_for(code).value_of(words) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Der Kunde zahlt die Vergütung und haftet für den Verlust der Ware nach dem Gesetz.", "de"),
        ("Le client paie le prix et répond de la perte de la chose dans les conditions de la loi.", "fr"),
        ("El cliente paga el precio y responde de la pérdida de la cosa en las condiciones de la ley.", "es"),
        ("The customer pays the price and is liable for the loss of the goods.", "en"),
        ("Der Kunde zahlt.", "en"),  # too short to tell
        (
            "The customer pays. Der Kunde zahlt die Vergütung und haftet für den Verlust of the goods to the seller.",
            "en",
        ),
        ("", "en"),
        (
            "O cliente paga o preço e responde pela perda da coisa nas condições da lei e do contrato, com os danos.",
            "en",
        ),
        ("Il cliente paga il prezzo e risponde della perdita della cosa nelle condizioni di legge, con i danni.", "en"),
    ],
)
def test_the_language_of_a_text(text: str, code: str) -> None:
    assert grammar_of_text(text).code == code


_EN = "The customer pays the fees for the services and is liable for any use of them by others. "
_DE = "Der Kunde zahlt die Vergütung für die Dienste und haftet für die Nutzung durch andere. "


@pytest.mark.parametrize(
    ("text", "code", "english"),
    [
        ("", "", False),
        ("Acme GmbH, Berlin", "", False),
        ("Der Kunde zahlt.", "", False),
        ("The Fees", "", False),
        ("The fees of the supplier", "", True),
        (_EN, "en", True),
        (_EN * 8 + _DE, "en", True),
        # A translation beside the text: neither is certain.
        (_EN * 3 + _DE * 3, "", False),
        (_EN + _DE * 4, "de", False),
        (_DE, "de", False),
        # English words for things in a text of another language.
        (
            "Der Kunde nutzt Software as a Service and Hosting für die Dauer des Vertrags und nach dem Gesetz.",
            "de",
            False,
        ),
        # A quotation in a script of its own, and a text in one.
        (_EN + "The mark is “利用規約”. ", "en", True),
        ("お客様は本サービスを利用できます。SaaS, API and SDK.", "ja", False),
        # Front matter, code and addresses have few small words.
        (f"---\ntitle: Terms\n---\n\n{_EN}\n\n`GET /v1/x` <https://example.com/a>\n", "en", True),
    ],
)
def test_short_and_mixed_texts(text: str, code: str, english: bool) -> None:
    recognized = detection.recognize(text)
    assert (recognized.code, recognized.english) == (code, english)


def test_the_language_of_a_text_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    count = detection._counted
    monkeypatch.setattr(detection, "_counted", lambda text: counted.append(text) or count(text))
    text = f"# Asked once\n\n{_EN}"
    made = document("a", "A", text)
    assert (language_of(made), grammar_of(made).code, is_english(text)) == ("en", "en", True)
    assert counted == [text]


def test_texts_of_generation_1_are_read_as_english() -> None:
    text = (
        "„Kunde“ bezeichnet jede Person, die das Gerät und den Dienst für sich oder für andere nach dem Vertrag nutzt."
    )
    now = document("a", "A", text)
    sealed = document("a", "A", text)
    object.__setattr__(sealed, "source", Source("a.md", text, text.encode(), reader=1))
    assert (grammar_of(now).code, grammar_of(sealed).code) == ("de", "en")


def test_phrases_match_any_white_space_and_apostrophe() -> None:
    assert alternatives(["l’un (ou|et) l’autre"]) == "l['’]un\\s+(?:ou|et)\\s+l['’]autre"
    assert alternatives([]) == "(?!)"


@pytest.fixture
def invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The languages of a folder to which somebody has added one."""
    shutil.copytree(FOLDER, tmp_path / "data")
    shutil.copytree(CASES / "nv", tmp_path / "data" / "nv")
    cached = (
        *(languages._shipped, languages._with_data),
        *(detection.words_of_languages, detection.frequent_words, detection.languages_by_word),
    )
    monkeypatch.setattr(languages, "FOLDER", tmp_path / "data")
    monkeypatch.setattr(detection, "FOLDER", tmp_path / "data")
    clears = [*(one.cache_clear for one in cached), detection._recognized.clear]
    for clear in clears:
        clear()
    yield tmp_path / "data" / "nv"
    for clear in clears:
        clear()


def test_a_language_is_added_by_a_folder_of_data(invented: Path) -> None:
    assert read_grammar(invented).code == "nv"
    text = (CASES / "nv.md").read_text(encoding="utf-8")
    assert grammar_of_text(text).code == "nv"
    assert grammar_of_text(text).value_of("dudek tri") == 23
    assert listing(read_case(text)) == (CASES / "nv.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["words", "definitions", "references", "numbers"])
def test_a_language_with_a_missing_file_is_an_error_that_names_it(name: str, tmp_path: Path) -> None:
    shutil.copytree(CASES / "nv", tmp_path / "nv")
    (tmp_path / "nv" / f"{name}.toml").unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name}\.toml"):
        read_grammar(tmp_path / "nv")


@pytest.mark.parametrize(
    ("matter", "stated", "code"),
    [
        ("", "", "en"),
        ("---\nlanguage: de\n---\n\n", "", "de"),
        ("", "fr-CH", "fr"),
        ("---\nlang: es\n---\n\n", "fr", "es"),
    ],
)
def test_the_language_that_is_stated_chooses_the_grammar(matter: str, stated: str, code: str) -> None:
    # Too short to be recognized by its words.
    short = document("a", "A", f"{matter}# A\n\nB.\n")
    assert grammar_of(replace(short, entry=replace(short.entry, language=stated))).code == code
