"""The language of a document: where it comes from, and what pages say of it."""

import pytest

from engross.corpus.ui_text import Words, ui_strings
from engross.language import direction, language_of
from engross.model import Clause, ClauseKind, Document, DocumentEntry, DocumentKind, Source
from engross.render.languages import PageLanguage, language_attributes
from engross.render.pages.other_languages import language_name


def document(text: str, language: str = "") -> Document:
    entry = DocumentEntry("a", "A", DocumentKind.POLICY, language=language)
    return Document(entry, Source("a.md", text, b""), Clause(ClauseKind.DOCUMENT, (1, 1)))


GERMAN = "# Bedingungen\n\nDer Kunde darf die Dienste nutzen. Die Gebühren sind im Voraus zu zahlen.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GERMAN, "de"),
        ("# Terms\n\nThe Customer may use the Services for the term of this Agreement.\n", "en"),
        ("# Conditions\n\nLe Client peut utiliser les Services. Les frais sont dus par le Client.\n", "fr"),
        ("# Términos\n\nEl Cliente puede usar los Servicios. El Proveedor presta los Servicios.\n", "es"),
        ("# Voorwaarden\n\nDe Klant betaalt de kosten van het gebruik. De kosten zijn niet terug te krijgen.\n", "nl"),
        ("# شروط الخدمة\n\nيجوز للعميل استخدام الخدمات.\n", "ar"),
        ("# תנאי השירות\n\nהלקוח רשאי להשתמש בשירות.\n", "he"),
        ("# 利用規約\n\nお客様は本サービスを利用できます。\n", "ja"),
        ("# 服务条款\n\n客户可以使用本服务。\n", "zh"),
        # A name in another script, or a few words, are no language.
        ("# Terms of 日本 株式会社\n\nThe Customer may use the Services for the term of this Agreement.\n", "en"),
        ("# Acme\n\nAcme GmbH, Berlin.\n", ""),
    ],
)
def test_a_language_is_recognized_by_script_and_words(text: str, expected: str) -> None:
    assert language_of(document(text)) == expected


def test_front_matter_comes_before_documents_yml_before_words() -> None:
    assert language_of(document(GERMAN, "de-CH")) == "de-CH"
    for key in ("language: de-AT", "lang: 'de-AT'  # the court's", 'title: x\nlang: "de-AT"'):
        assert language_of(document(f"---\n{key}\n---\n\n{GERMAN}", "de-CH")) == "de-AT"
    assert language_of(document(f"---\nlanguage: not a tag\n---\n\n{GERMAN}")) == "de"
    assert language_of(document(f"{GERMAN}\nlanguage: fr\n")) == "de"


def test_scripts_decide_the_direction() -> None:
    turned = {"ar": "rtl", "he-IL": "rtl", "fa": "rtl", "az-Arab": "rtl", "ar-Latn": "ltr", "de": "ltr", "": "ltr"}
    assert {tag: direction(tag) for tag in turned} == turned


def test_attributes_say_only_what_differs_from_what_is_around() -> None:
    assert language_attributes("en", "en") == language_attributes("", "en") == ""
    assert language_attributes("de", "en") == ' lang="de"'
    assert language_attributes("ar", "en") == ' lang="ar" dir="rtl"'
    assert language_attributes("en", "ar") == ' lang="en" dir="ltr"'
    assert language_attributes("he", "ar") == ' lang="he"'


def test_words_within_a_text_of_another_language_say_so() -> None:
    english = ui_strings("en")
    arabic = PageLanguage(english, "ar")
    assert (arabic.of_text, arabic.of_words, arabic.within("en")) == (
        ' lang="ar" dir="rtl"',
        ' lang="en" dir="ltr"',
        "",
    )
    german = PageLanguage(Words("de"), "de")
    assert (german.of_text, german.of_words, german.within("en")) == ("", "", ' lang="de"')


def test_languages_have_names() -> None:
    assert [language_name(tag) for tag in ("de", "fr", "es", "ar", "xx")] == [
        "Deutsch",
        "Français",
        "Español",
        "العربية",
        "xx",
    ]
    assert [language_name("de", within) for within in ("en", "fr", "es")] == ["German", "allemand", "alemán"]
