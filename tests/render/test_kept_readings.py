"""What is kept of texts and templates: mistakes are found each time, and an edited template is compiled again."""

from pathlib import Path

import pytest
from tests.terms.cases import document

from engross.common import Cache, error
from engross.corpus import verbatim_document
from engross.render import check_readings, environment

WRONG = error("text-differs", "wrong.md", 1, 1, "the page does not have the text of the source")


def test_the_reading_of_a_text_without_mistakes_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right, cache = document("right", "Right", "# Terms\n\nText.\n"), Cache(tmp_path)
    assert check_readings([right], cache) == []
    monkeypatch.setattr("engross.render.pages.publishable.check_reading", lambda _: pytest.fail("read again"))
    assert check_readings([right], cache) == []


def test_mistakes_in_a_text_are_found_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong, cache = document("wrong", "Wrong", "# Terms\n\nText.\n"), Cache(tmp_path)
    monkeypatch.setattr("engross.render.pages.publishable.two_readings", lambda *_: WRONG)
    for kept in (cache, cache, Cache()):
        assert check_readings([wrong], kept) == [WRONG]


def test_a_text_shown_verbatim_says_nothing_about_the_text_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, cache = document("one", "One", "# Terms\n\nText.\n"), Cache(tmp_path)
    assert text.source
    assert check_readings([verbatim_document(text.entry, text.source)], cache) == []
    monkeypatch.setattr("engross.render.pages.publishable.two_readings", lambda *_: WRONG)
    assert check_readings([text], cache) == [WRONG]


def test_an_edited_template_is_compiled_again(tmp_path: Path) -> None:
    template = tmp_path / "own.html"
    for text in ("one {{ x }}", "one {{ x }}", "two {{ x|e }}"):
        template.write_text(text)
        assert environment(tmp_path).get_template("own.html").render(x="<") == text[:3] + " &lt;"


def test_a_template_is_compiled_again_for_other_settings(tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text("{{ 1|own }}{{ '<' }}")
    shown = []
    for answer, escapes in (("a", True), ("b", True), ("b", False)):
        settings = environment(tmp_path)
        settings.filters["own"] = lambda _, answer=answer: answer
        settings.autoescape = escapes
        shown.append(settings.get_template("own.html").render())
    assert shown == ["a&lt;", "b&lt;", "b<"]
