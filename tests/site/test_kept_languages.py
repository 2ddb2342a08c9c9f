"""The languages of texts are recognized once, and again for another text."""

from collections import Counter
from pathlib import Path

import pytest

from engross.common import Cache
from engross.corpus import read_project, ui_strings
from engross.language import detection, recognize
from engross.record import Record
from engross.site.languages import site_languages

SETTINGS = """
sets:
  - {id: s, title: S, agreement: one}
documents:
  - {id: one, title: One, kind: agreement, file: one.md}
"""
GERMAN = (
    "# Vertrag\n\nDer Anbieter und der Kunde sind sich über die Leistung einig, und sie wird mit der Zeit gezahlt.\n"
)
ENGLISH = "# Terms\n\nThe provider and the customer agree to the services that are of use for you, and to the fees.\n"


def test_a_text_is_recognized_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    count = detection._counted

    def counting(text: str) -> Counter[str]:
        counted.append(text)
        return count(text)

    monkeypatch.setattr(detection, "_counted", counting)
    docs, cache, words = tmp_path / "docs", Cache(tmp_path / "cache"), ui_strings("en", tmp_path)
    docs.mkdir()
    (docs / "documents.yml").write_text(SETTINGS, "utf-8")

    def language(text: str) -> str:
        detection._recognized.clear()  # as in another process
        (docs / "one.md").write_text(text, "utf-8")
        record = Record(tmp_path / "record", "record")
        return site_languages(read_project(docs), record, words, tmp_path, cache).of("one").text

    assert [language(text) for text in (GERMAN, GERMAN, ENGLISH, ENGLISH)] == ["de", "de", "en", "en"]
    assert counted == [GERMAN, ENGLISH]
    assert recognize(ENGLISH).english


def test_no_more_texts_are_remembered_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "_MOST_TEXTS", 2)
    detection._recognized.clear()
    assert [recognize(text).code for text in (GERMAN, ENGLISH, "")] == ["de", "en", ""]
    assert [*detection._recognized] == [ENGLISH, ""]
