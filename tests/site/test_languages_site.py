"""A site in English with documents in German, English and Arabic: their languages, their words, links between them."""

import json
import re
from pathlib import Path

import pytest
from building import MKDOCS, SITE, Built, build, write_site
from posting import note, post

from engross.corpus import ui_strings

DOCUMENTS = """\
sets:
  - {id: main, title: Contract, agreement: agreement, incorporates: [rules]}
documents:
  - id: agreement
    title: Nutzungsbedingungen
    kind: agreement
    file: agreement.md
    language: de
    governing: {language: de, clause: Sprachen}
  - {id: agreement-en, title: Terms of Use, kind: agreement, file: english.md, language: en, translation_of: agreement}
  - {id: rules, title: شروط الخدمة, kind: policy, file: rules.md}
"""
GERMAN = """\
# Nutzungsbedingungen

## Begriffe

- **„Dienste“** sind die Programme, die der Anbieter bereitstellt.

## Nutzung

Der Kunde darf die Dienste nutzen. Er darf nicht

(a) sie kopieren; oder
(b) sie verkaufen.

## Sprachen

Es gilt die deutsche Fassung.
"""
ENGLISH = """\
# Terms of Use

## Definitions

- **“Services”** means the programs that Provider makes available.

## Use

Customer may use the Services. Customer may not

(a) copy the Services; or
(b) sell the Services.

## Languages

The German version applies.

It also names the courts.
"""
ARABIC = "# شروط الخدمة\n\n## الاستخدام\n\nيجوز للعميل استخدام الخدمات.\n"
NAV = "nav: [index.md, agreement.md, english.md, rules.md]\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("languages")
    files = {
        "mkdocs.yml": MKDOCS.partition("nav:")[0] + NAV,
        "docs/index.md": "# Home\n\n<!-- engross: documents -->\n",
        "docs/documents.yml": DOCUMENTS,
        "docs/agreement.md": GERMAN,
        "docs/english.md": ENGLISH,
        "docs/rules.md": ARABIC,
        "templates/words.de.yml": "download: Laden\n",
    }
    write_site(folder, {**dict.fromkeys(SITE), **files})
    post(folder, 0, "first", note("agreement, agreement-en, rules", "The first version.", sets="[main]"))
    changed = {
        "agreement_DOT_md": GERMAN.replace("verkaufen.", "vermieten."),
        "rules_DOT_md": ARABIC.replace("الخدمات.", "الخدمات مجانا."),
    }
    because = "Only the German word was wrong."
    text = note("agreement, rules", "Another word.", one_language_because=because)
    post(folder, 31, "second", text, **changed)
    built = build(folder)
    assert built.status == 0, built.messages
    return built


def page_at(site: Built, address: str) -> str:
    return site.page(f"{address}index.html" if address.endswith("/") else address)


def element(html: str, pattern: str) -> str:
    found = re.search(pattern, html)
    assert found, pattern
    return found[0]


def attributes(tag: str) -> dict[str, str]:
    return dict(re.findall(r'\b(lang|dir)="([^"]*)"', tag))


TEXT = r'<div class="(?:eg-)?text" data-engross-text[^>]*>'
ARABIC_ATTRIBUTES = {"lang": "ar", "dir": "rtl"}


@pytest.mark.parametrize("page", ["rules/", "rules/versions/2/", "rules/versions/2.html"])
def test_a_text_in_arabic_says_so_within_english_words(site: Built, page: str) -> None:
    html = page_at(site, page)
    assert attributes(element(html, "<html[^>]*>")) == {"lang": "en"}
    assert attributes(element(html, TEXT)) == ARABIC_ATTRIBUTES


def test_redlines_and_histories_of_an_arabic_text_say_so(site: Built) -> None:
    redline, history = page_at(site, "rules/versions/2/from-1/"), page_at(site, "rules/versions/clauses/")
    assert attributes(element(redline, r'<div class="redline"[^>]*>')) == ARABIC_ATTRIBUTES
    assert attributes(element(history, "<blockquote[^>]*>")) == ARABIC_ATTRIBUTES
    note = element(page_at(site, "rules/"), r'<p class="eg-changed"[^>]*>')
    assert attributes(note) == {"lang": "en", "dir": "ltr"}


def test_programs_learn_the_language_of_a_version(site: Built) -> None:
    facts = [json.loads((site.site / f"{name}/versions/1.json").read_text("utf-8")) for name in ("agreement", "rules")]
    assert [one["language"] for one in facts] == ["de", "ar"]


def test_the_pages_of_a_german_document_have_german_words(site: Built) -> None:
    german = ui_strings("de")
    page, versions = page_at(site, "agreement/"), page_at(site, "agreement/versions/")
    assert attributes(element(page, r"<div lang=[^>]*>")) == {"lang": "de"}
    assert german["more_about"] in page
    assert "<summary>Laden</summary>" in page
    # 1 April 2025, 09:00 in UTC.
    assert "1. April 2025, 09:00 Uhr (UTC)" in page
    assert attributes(element(page, TEXT)) == {}
    assert attributes(element(versions, "<html[^>]*>")) == {"lang": "de"}
    assert "Nutzungsbedingungen: alle Versionen" in versions
    style = element(page_at(site, "agreement/versions/2/from-1/"), r"assets/engross-redlines\.\w+\.css")
    assert style != element(page_at(site, "rules/versions/2/from-1/"), r"assets/engross-redlines\.\w+\.css")
    assert (site.site / style).is_file()


def test_the_pages_of_an_english_document_and_of_the_site_have_english_words(site: Built) -> None:
    page = page_at(site, "agreement-en/versions/1/")
    assert attributes(element(page, "<html[^>]*>")) == {"lang": "en"}
    assert "<div lang=" not in page_at(site, "english/")
    assert "1 April 2025, 09:00 UTC" in page_at(site, "since/")


def test_readers_switch_between_languages_at_the_top_and_at_each_clause(site: Built) -> None:
    page = page_at(site, "agreement/")
    assert '<strong lang="de">Deutsch</strong>, <a href="../english/" hreflang="en" lang="en">English</a>' in page
    links = re.findall(r'<p class="eg-other"[^>]*><a href="([^"]*)"[^>]*aria-label="([^"]*)"', page)
    assert ("../english/#use", "Nutzung: English") in links
    assert ("../english/#use.b", "Nutzung (b): English") in links
    back = re.findall(r'<p class="eg-other"[^>]*><a href="([^"]*)"', page_at(site, "english/"))
    assert {"../agreement/#nutzung", "../agreement/#nutzung.b"} <= set(back)
    # The last section has one paragraph more in English: no link may lead to the wrong one.
    assert "../agreement/#sprachen" in back
    assert not [address for address in back if address.startswith("../agreement/#sprachen.")]


def test_each_language_shows_which_one_governs_and_the_clause_that_says_so(site: Built) -> None:
    assert 'Governing language: German, see <a href="../agreement/#sprachen">Sprachen</a>' in page_at(site, "english/")
    assert 'Maßgebliche Sprache: Deutsch, siehe <a href="#sprachen">Sprachen</a>' in page_at(site, "agreement/")
    assert "Governing language" not in page_at(site, "rules/")


def test_versions_lead_to_the_other_languages_that_were_in_force_with_them(site: Built) -> None:
    english, german = page_at(site, "agreement-en/versions/1/"), page_at(site, "agreement/versions/2/")
    assert '<a href="../../../agreement/versions/1/" hreflang="de" lang="de">Deutsch</a>' in english
    governing = '<a href="../../../agreement/versions/1/#sprachen">Sprachen</a>'
    assert f"Governing language: German, see {governing}" in english
    # The translation was not posted again: its first version is still in force.
    assert '<a href="../../../agreement-en/versions/1/" hreflang="en" lang="en">English</a>' in german
    assert 'Maßgebliche Sprache: Deutsch, siehe <a href="#sprachen">Sprachen</a>' in german
    assert "hreflang" not in page_at(site, "rules/versions/1/")


@pytest.mark.parametrize("page", ["english/", "agreement-en/versions/1/", "agreement-en/versions/1.html"])
def test_paper_names_the_languages_and_the_one_that_governs(site: Built, page: str) -> None:
    cover = page_at(site, page).split('<div class="eg-cover"')[1].split("</dl>")[0]
    assert "<dt>Languages</dt><dd>Deutsch, English. Governing language: German, see Sprachen</dd>" in cover


def test_a_document_with_one_version_has_nothing_to_compare(site: Built) -> None:
    for name, several in (("agreement", True), ("agreement-en", False)):
        page = page_at(site, f"{name}/versions/compare/")
        assert ("<select" in page, "There is one version only:" in page) == (several, not several), name


def test_why_only_one_language_changes_is_published(site: Built) -> None:
    page = page_at(site, "changes/second/")
    assert "<dt>Why the other languages do not change</dt><dd>Only the German word was wrong.</dd>" in page


def test_pages_of_the_site_name_the_language_of_titles(site: Built) -> None:
    home = page_at(site, "index.html")
    assert '<a href="rules/" lang="ar" dir="rtl">' in home
    assert '<a href="agreement/" lang="de">Nutzungsbedingungen</a>' in home
    assert '<a href="english/">Terms of Use</a>' in home


def test_a_translation_has_the_place_of_its_original(site: Built) -> None:
    english = ui_strings("en")
    home, page = page_at(site, "index.html"), page_at(site, "english/")
    assert english["stands_alone"] not in home + page
    assert english["other_documents"] not in home
    assert f"<dt>{english['incorporates']}</dt>" in page


def test_a_site_in_a_language_that_engross_lacks_has_english_words_that_say_so(tmp_path: Path) -> None:
    """Without it, an English sentence would have its full stop on the wrong side."""
    documents = (
        "sets: [{id: main, title: Set, agreement: rules}]\n"
        "documents: [{id: rules, title: شروط الخدمة, kind: agreement, file: rules.md}]\n"
    )
    files = {
        "mkdocs.yml": MKDOCS.partition("nav:")[0].replace("font: false", "font: false, language: ar"),
        "docs/index.md": "# Home\n\n<!-- engross: documents -->\n",
        "docs/documents.yml": documents,
        "docs/rules.md": ARABIC,
    }
    write_site(tmp_path, {**dict.fromkeys(SITE), **files})
    post(tmp_path, 0, "first", note("rules", "The first version.", sets="[main]"))
    built = build(tmp_path)
    assert built.status == 0, built.messages
    english = {"lang": "en", "dir": "ltr"}
    for address in ("index.html", "since/index.html", "rules/index.html"):
        page = built.page(address)
        assert attributes(element(page, "<html[^>]*>")) == {"lang": "ar"}
        assert attributes(element(page, "<body[^>]*>")) == {"dir": "rtl"}
        assert attributes(element(page.split("<article")[1], r"<div lang=[^>]*>")) == english, address
    assert attributes(element(built.page("rules/index.html"), TEXT)) == ARABIC_ATTRIBUTES
    version = built.page("rules/versions/1/index.html")
    assert attributes(element(version, "<html[^>]*>")) == {"lang": "en"}
    assert attributes(element(version, TEXT)) == ARABIC_ATTRIBUTES
