"""Sealed texts that today's code cannot show as text: they are shown as source, and never stop a build."""

from __future__ import annotations

from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from building import AGREEMENT, RULES, write_site
from test_editions import FIRST, build_on, note, post

import engross.corpus.project
import engross.record.posting.drafts
from engross.common import Cache
from engross.common.errors import EngrossError, error
from engross.model import Clause, Source
from engross.text import parse

pytestmark = pytest.mark.slow

TWO_WAYS = AGREEMENT + "\n(a)\n1. a\n1.\n"
MARKED = "This is the source text, without formatting."


def on(folder: Path, day: str, edition: str = "in-force") -> dict[str, str]:
    built = build_on(folder, day, edition, check=True)
    assert (built.status, built.messages) == (0, [])
    return {name: (built.site / name).read_text("utf-8") for name in built.files() if name.endswith(".html")}


def posted(folder: Path) -> Path:
    write_site(folder)
    post(folder, FIRST, {"docs/agreement.md": TWO_WAYS, "docs/changes/first.md": note()})
    return folder


@pytest.mark.parametrize("edition", ["in-force", "draft"])
def test_a_sealed_text_with_two_readings_is_shown_as_it_was_written(tmp_path: Path, edition: str) -> None:
    pages = on(posted(tmp_path), "2026-01-02", edition)
    for name in ("agreement/index.html", "agreement/versions/1/index.html", "agreement/versions/1.html"):
        assert MARKED in pages[name], name
        assert TWO_WAYS.strip() in unescape(pages[name]), name
    assert MARKED not in pages["terms/rules/index.html"]


def test_a_later_version_is_text_again_and_says_that_it_cannot_be_compared(tmp_path: Path) -> None:
    posted(tmp_path)
    post(tmp_path, FIRST.replace(month=2), {"docs/agreement.md": AGREEMENT, "docs/changes/next.md": note("agreement")})
    pages = on(tmp_path, "2026-03-01")
    assert MARKED not in pages["agreement/index.html"]
    assert MARKED in pages["agreement/versions/1/index.html"]
    assert "These versions cannot be compared" in pages["agreement/versions/2/from-1/index.html"]


def test_a_page_of_a_text_shown_as_written_still_shows_all_of_it(tmp_path: Path) -> None:
    posted(tmp_path)
    hook = 'def on_post_page(output, **_):\n    return output.replace("1. a\\n1.", "1. a\\n2.")\n'
    (tmp_path / "hook.py").write_text(hook, "utf-8")
    config = tmp_path / "mkdocs.yml"
    config.write_text(config.read_text("utf-8") + "hooks: [hook.py]\n", "utf-8")
    built = build_on(tmp_path, "2026-01-02", "in-force")
    assert built.status == 1
    assert "does not show the source as it was written" in " ".join(built.messages)


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that refuses what an older one sealed."""

    def strict(source: Source, *, numbering: bool = False) -> Clause:
        if "Be kind" in source.text:
            raise EngrossError([error("raw-html", source.path, 1, 1, "refused by today's parser")])
        return parse(source, numbering=numbering)

    def uncached(source: Source, cache: Cache, *, numbering: bool = False) -> Clause:
        return strict(source, numbering=numbering)

    # The trees of an older parser are kept under other keys.
    monkeypatch.setattr(engross.corpus.project, "is_tree_kept", lambda *_, **__: False)
    monkeypatch.setattr(engross.corpus.project, "parse_cached", uncached)
    monkeypatch.setattr(engross.record.posting.drafts, "parse", strict)


@pytest.mark.long
def test_what_today_s_parser_refuses_is_shown_as_it_was_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    request.getfixturevalue("refusing")
    for edition in ("in-force", "draft"):
        pages = on(tmp_path, "2026-01-02", edition)
        assert MARKED in pages["terms/rules/index.html"]
        assert RULES.strip() in unescape(pages["terms/rules/index.html"])
        assert MARKED in pages["rules/versions/1/index.html"]


def test_a_draft_that_was_never_sealed_is_still_refused(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    write_site(tmp_path)
    request.getfixturevalue("refusing")
    built = build_on(tmp_path, datetime(2026, 1, 2).date().isoformat(), "draft")
    assert built.status == 1
    assert "refused by today's parser" in " ".join(built.messages)


def test_the_build_of_a_draft_with_two_readings_says_what_check_says(tmp_path: Path) -> None:
    write_site(tmp_path, {"docs/agreement.md": TWO_WAYS})
    built = build_on(tmp_path, "2026-01-02", "draft")
    assert built.status == 1
    assert "this can be read in two ways" in built.messages[0]
