"""Rare states of a history: a build shows the versions in force, and does not fail."""

from pathlib import Path

import pytest
from building import AGREEMENT, DAY, Built, build, write_site
from posting import DOCUMENTS_POSTED, POSTED_SITE, note, post

pytestmark = pytest.mark.slow

LAW = "[{ground: law, cites: Act 12}]"


@pytest.fixture
def built_for_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(*next(iter(DAY.items())))


def built(folder: Path) -> Built:
    made = build(folder)
    assert (made.status, made.messages) == (0, [])
    return made


@pytest.mark.usefixtures("built_for_day")
def test_a_document_with_its_own_list_of_changes_is_only_announced(tmp_path: Path) -> None:
    alone = AGREEMENT.replace(", see the [rules](terms/rules.md#conduct) and [Definitions](#definitions)", "")
    write_site(tmp_path, {**POSTED_SITE, "docs/agreement.md": alone})
    coming = note("rules", "They come.", effective="2027-01-01", grounds=LAW)
    (tmp_path / "docs/changes").mkdir()
    (tmp_path / "docs/changes/coming.md").write_text(coming, "utf-8")
    post(tmp_path, 0, "rest", note("agreement, models", "The rest."))
    page = built(tmp_path).page("terms/rules/index.html")
    assert "They come." in page
    assert 'href="#posted-announced"' in page


@pytest.mark.usefixtures("built_for_day")
def test_a_document_that_came_to_be_published_elsewhere_keeps_its_page(tmp_path: Path) -> None:
    write_site(tmp_path, POSTED_SITE)
    post(tmp_path, 0, "first", note("agreement, rules, models", "First."))
    moved = DOCUMENTS_POSTED.replace(
        "kind: url-terms, file: terms/rules.md,", "kind: notice-only, published: https://rules.example/,"
    )
    post(tmp_path, 1, "elsewhere", note("rules", "Elsewhere.", grounds=LAW), documents_DOT_yml=moved)
    assert "Be kind" in built(tmp_path).page("terms/rules/index.html")
