"""What is kept of texts and templates: mistakes are found each time, and an edited template is compiled again."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader
from tests.terms.cases import document

from engross.common import Cache, error
from engross.corpus import verbatim_document
from engross.render import check_readings, environment, template_folders
from engross.render.templates import CompiledTemplates

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


class TestCompiledTemplates:
    """Compiled templates of packages are kept for the next process, as Python keeps modules."""

    NAME = "defined-terms.html"

    def compiled(self, folder: Path, monkeypatch: pytest.MonkeyPatch, set_up: Callable[[Environment], object]) -> bool:
        """Load a shipped template in what could be another process; whether it was compiled."""
        made = environment()
        made.bytecode_cache = CompiledTemplates(folder)
        set_up(made)
        found = []
        compile_template: Any = Environment.compile

        def noted(self: Environment, *args: str) -> object:
            found.append(args[0])
            return compile_template(self, *args)

        with monkeypatch.context() as patch:
            patch.setattr(Environment, "compile", noted)
            template = made.get_template(self.NAME)
        assert callable(template.root_render_func)
        return bool(found)

    def test_kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        made = [self.compiled(tmp_path, monkeypatch, lambda _: None) for _ in range(3)]
        assert made == [True, False, False]

    @pytest.mark.parametrize(
        "change",
        [
            lambda made: setattr(made, "trim_blocks", False),
            lambda made: setattr(made, "autoescape", False),
            lambda made: made.filters.update(upper=str.upper),
            lambda made: made.policies.update({"ext.i18n.trimmed": True}),
            lambda made: made.add_extension("jinja2.ext.i18n"),
        ],
    )
    def test_other_settings(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Environment], object]
    ) -> None:
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        assert self.compiled(tmp_path, monkeypatch, lambda _: None)
        assert self.compiled(tmp_path, monkeypatch, change)

    def test_filters_of_others(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Their code may change without a new version of Jinja2."""
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        for _ in range(2):
            assert self.compiled(tmp_path, monkeypatch, lambda made: made.filters.update(own=lambda text: text))
        assert not [*tmp_path.iterdir()]

    def test_python_that_writes_no_compiled_modules(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        for _ in range(2):
            assert self.compiled(tmp_path, monkeypatch, lambda _: None)
        assert not [*tmp_path.iterdir()]

    def test_damaged_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        assert self.compiled(tmp_path, monkeypatch, lambda _: None)
        (file,) = tmp_path.iterdir()
        data = file.read_bytes()
        for damaged in (b"", data[:20], data[:32], data[:-1], data + b"\0", data[:40] + b"\xff" + data[41:]):
            file.write_bytes(damaged)
            assert self.compiled(tmp_path, monkeypatch, lambda _: None)
            assert not self.compiled(tmp_path, monkeypatch, lambda _: None)

    def test_templates_of_sites(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """No code is written for them, nor for templates without a file."""
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        own, kept = tmp_path / "own", tmp_path / "kept"
        own.mkdir()
        (own / self.NAME).write_text("{{ 1 }}")
        for loader in (FileSystemLoader(own), DictLoader({self.NAME: "{{ 1 }}"})):
            made = Environment(loader=loader, bytecode_cache=CompiledTemplates(kept))
            assert made.get_template(self.NAME).render() == "1"
        assert not kept.exists()

    def test_an_edited_template(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        shipped, kept = tmp_path / "shipped", tmp_path / "kept"
        shipped.mkdir()
        monkeypatch.setattr("engross.render.templates.shipped_templates", lambda: shipped)
        assert template_folders() == [shipped]
        for text in ("one {{ x }}", "one {{ x }}", "two {{ x|e }}"):
            (shipped / "a.html").write_text(text)
            made = environment()
            made.bytecode_cache = CompiledTemplates(kept)
            assert made.get_template("a.html").render(x="<") == text[:3] + " &lt;"
        assert len([*kept.iterdir()]) == 1
