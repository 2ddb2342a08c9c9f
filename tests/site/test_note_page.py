"""The link on a document's page that begins a change note: a draft leads to its own branch, other pages always to the
branch that mkdocs.yml names.
"""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from building import write_site
from posting import NOW, POSTED_SITE, note, post

from engross.corpus.folders import find_folders
from engross.record import read_state
from engross.site.page_content import _note_page


@pytest.mark.parametrize(
    ("draft", "edit", "page"),
    [
        (True, "edit/main/docs/", "https://github.com/editor/terms/new/fix/docs/changes?filename="),
        (False, "edit/main/docs/", "https://github.com/firm/terms/new/main/docs/changes?filename="),
        (False, "", ""),
    ],
)
def test_the_branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, draft: bool, edit: str, page: str) -> None:
    write_site(tmp_path, POSTED_SITE)
    post(tmp_path, 0, "first", note("agreement, rules, models", "Everything is posted."))
    folders = replace(find_folders(tmp_path), repository="https://github.com/firm/terms", edit=edit)
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"head": {"repo": {"full_name": "editor/terms"}}}}', encoding="utf-8")
    names = {"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "fix", "GITHUB_EVENT_PATH": str(event)}
    for name, value in (names | {"GITHUB_WORKSPACE": str(tmp_path), "GITHUB_SERVER_URL": "https://github.com"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITEA_ACTIONS", raising=False)
    state = read_state(folders, NOW)
    build: Any = SimpleNamespace(
        edition=SimpleNamespace(record=state.record, draft=draft), state=state, folders=folders
    )
    found = _note_page(build, state.project.settings.documents[0])
    assert found.startswith(page)
    assert bool(found) == bool(page)
