"""A document in several languages: its languages change together, or a note explains why not."""

from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.model import Severity

from .playing import Site, make_site

DOCUMENTS = """\
timezone: UTC
sets:
  - {id: main, title: Main, agreement: agreement}
documents:
  - id: agreement
    title: Vertrag
    kind: agreement
    file: agreement.md
    language: de
    governing: {language: de, clause: Sprachen}
  - id: agreement-en
    title: Agreement
    kind: agreement
    file: agreement-en.md
    language: en
    translation_of: agreement
  - {id: rules, title: Rules, kind: policy, file: rules.md}
"""
GERMAN = "# Vertrag\n\n## Nutzung\n\nDer Kunde darf\n\n(a) lesen; und\n(b) drucken.\n\n## Sprachen\n\nDeutsch gilt.\n"
ENGLISH = "# Agreement\n\n## Use\n\nCustomer may\n\n(a) read; and\n(b) print.\n\n## Languages\n\nGerman governs.\n"
RULES = (
    "translation-unchanged",
    "translation-structure",
    "governing-clause",
    "unposted-change",
    "note-without-change",
)


def written(root: Path, documents: str, **texts: str) -> Site:
    return make_site(root, documents, rules="# Rules\n\nBe kind.\n", **texts)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = written(tmp_path, DOCUMENTS, agreement=GERMAN, **{"agreement-en": ENGLISH})
    site.post("agreement, agreement-en, rules", "sets: [main]", material="true")
    return site.at(1)


def test_languages_that_change_in_one_note_are_posted_together(site: Site) -> None:
    site.edit("agreement.md", ("drucken", "kopieren"))
    site.edit("agreement-en.md", ("print", "copy"))
    posted = site.post("agreement, agreement-en")
    assert [(entry.document, entry.version) for entry in posted] == [("agreement", 2), ("agreement-en", 2)]
    assert not site.findings(*RULES)


def test_a_change_to_one_language_is_found_before_it_has_a_note(site: Site) -> None:
    site.edit("agreement.md", ("drucken", "kopieren"))
    unposted, found = sorted(site.findings(*RULES), key=lambda one: one.rule, reverse=True)
    assert (unposted.rule, found.rule) == ("unposted-change", "translation-unchanged")
    assert found.path.endswith("agreement.md")
    assert found.message == (
        "agreement changes, and agreement-en (en), the same document in another language, does not; change all "
        "languages in one note, or explain in the note under one_language_because why only this one changes"
    )


def test_the_note_to_paste_names_all_languages_that_changed(site: Site) -> None:
    site.edit("agreement.md", ("drucken", "kopieren"))
    site.edit("agreement-en.md", ("print", "copy"))
    site.edit("rules.md", ("kind", "fair"))
    german, english, rules = site.findings(*RULES)
    assert german.fix == english.fix != rules.fix
    assert "\ndocuments: [agreement, agreement-en]\n" in german.fix
    (path,) = {one.message.rpartition(" The note goes into ")[2] for one in (german, english)}
    site.write(path.removeprefix("docs/"), english.fix.replace("<immediately, or a day>", "immediately"))
    assert not site.findings(*RULES)


def test_a_language_that_changed_goes_into_the_note_of_the_other(site: Site) -> None:
    site.edit("agreement.md", ("drucken", "kopieren"))
    site.edit("agreement-en.md", ("print", "copy"))
    site.note("agreement", slug="german")
    unposted, refused = site.findings(*RULES)
    assert (refused.rule, refused.fix) == ("translation-unchanged", "documents: [agreement, agreement-en]")
    assert refused.message.startswith("agreement changes, and this note does not name agreement-en (en), the same")
    assert (unposted.rule, unposted.fix, unposted.link) == ("unposted-change", "", "")
    assert " Name it in " in unposted.message
    assert unposted.message.endswith("docs/changes/german.md, because a note names all languages that change")


@pytest.mark.parametrize("second", [False, True], ids=["unchanged", "in another note"])
def test_a_note_about_one_language_is_refused(site: Site, second: bool) -> None:
    site.edit("agreement.md", ("drucken", "kopieren"))
    site.note("agreement", slug="german")
    if second:
        site.edit("agreement-en.md", ("print", "copy"))
        site.note("agreement-en", slug="english")
    found = site.findings(*RULES)
    assert {one.rule for one in found} == {"translation-unchanged"}
    assert [(one.path.rpartition("/")[2], one.line, one.fix) for one in found] == [
        *([("english.md", 2, "documents: [agreement-en, agreement]")] if second else []),
        ("german.md", 2, "documents: [agreement, agreement-en]"),
    ]
    with pytest.raises(EngrossError):
        site.release()
    assert [len(versions) for versions in site.record.versions.values()] == [1, 1, 1]


def test_a_note_may_explain_why_one_language_changes(site: Site) -> None:
    site.edit("agreement.md", ("drucken", "ausdrucken"))
    site.note("agreement", "one_language_because: Only the German word was wrong.")
    assert not site.findings(*RULES)
    assert [entry.document for entry in site.release()] == ["agreement"]
    # The next change begins from what is posted.
    assert not site.at(2).findings(*RULES)


def test_the_withdrawal_of_one_language_is_refused(site: Site) -> None:
    site.edit("agreement.md", ("drucken", "kopieren"))
    site.edit("agreement-en.md", ("print", "copy"))
    site.post("agreement, agreement-en", effective="2026-03-01")
    site.write("agreement.md", GERMAN)
    site.at(2).note("agreement", "withdraws: agreement@2")
    assert "translation-unchanged" in {one.rule for one in site.findings(*RULES)}


def test_a_language_is_added_later_without_a_change_of_the_others(tmp_path: Path) -> None:
    german, _, rest = DOCUMENTS.partition("  - id: agreement-en\n")
    alone = (
        german.replace("    governing: {language: de, clause: Sprachen}\n", "") + rest.partition("of: agreement\n")[2]
    )
    site = written(tmp_path, alone, agreement=GERMAN)
    site.post("agreement, rules", "sets: [main]", material="true")
    site.write("documents.yml", DOCUMENTS)
    site.write("agreement-en.md", ENGLISH)
    site.at(1).note("agreement-en")
    assert not site.findings(*RULES)
    assert [entry.document for entry in site.release()] == ["agreement-en"]


def test_a_change_of_format_concerns_one_language(site: Site) -> None:
    site.edit("agreement.md", ("Deutsch gilt.", "Deutsch\ngilt."))
    site.note("agreement", class_="format")
    assert not site.findings("translation-unchanged")


def test_a_part_with_another_structure_is_a_warning(site: Site) -> None:
    site.edit("agreement-en.md", ("(b) print.", "(b) print; and\n(c) copy."))
    (found,) = site.findings("translation-structure")
    assert (found.severity, found.line, found.clause) == (Severity.WARNING, 7, "Use")
    assert "agreement.md:7" in found.message
    assert "3 parts here, and 2 there" in found.message


def test_the_clause_that_governs_must_exist(site: Site) -> None:
    site.edit("documents.yml", ("clause: Sprachen", "clause: Sprache"))
    (found,) = site.findings("governing-clause")
    assert (found.line, found.column) == (10, 39)
    assert "agreement.md has no clause Sprache" in found.message
