"""The languages of texts are recognized once, and again for another text."""

from pathlib import Path

import pytest

from engross.common import Cache
from engross.corpus import read_project, ui_strings
from engross.record import Record
from engross.site import languages

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
    asked: list[str] = []
    recognized = languages.recognized_code

    def recognize(text: str) -> str:
        asked.append(text)
        return recognized(text)

    monkeypatch.setattr(languages, "recognized_code", recognize)
    docs, cache, words = tmp_path / "docs", Cache(tmp_path / "cache"), ui_strings("en", tmp_path)
    docs.mkdir()
    (docs / "documents.yml").write_text(SETTINGS, "utf-8")

    def language(text: str) -> str:
        (docs / "one.md").write_text(text, "utf-8")
        found = languages.site_languages(
            read_project(docs), Record(tmp_path / "record", "record"), words, tmp_path, cache
        )
        return found.of("one").text

    assert [language(text) for text in (GERMAN, GERMAN, ENGLISH)] == ["de", "de", "en"]
    assert asked == [GERMAN, ENGLISH]
