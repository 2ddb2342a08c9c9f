"""What the check prints in a pull request on GitHub and in a merge request on GitLab, in cases/: text to read and to
paste, and workflow commands.
"""

import os
import re
from pathlib import Path

import pytest
from cli_play import Play, engross

CASES = Path(__file__).parent / "cases"
ON = {
    "github": {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "provider/terms",
        "GITHUB_HEAD_REF": 'fix#1-50%-$(id)"',
        "GITHUB_REF": "refs/pull/13/merge",
    },
    "gitlab": {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": 'fix#1-50%-$(id)"',
        "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://git.provider.example/editor/terms",
    },
}
OTHERS = ("GITHUB_SERVER_URL", "GITHUB_WORKSPACE", "GITEA_ACTIONS", "CI_PROJECT_DIR", "GITHUB_ACTIONS", "GITLAB_CI")


@pytest.mark.parametrize("form", ["text", "github"])
@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_golden(play: Play, monkeypatch: pytest.MonkeyPatch, host: str, form: str) -> None:
    play.posted().change("(b) sell the Data; or", "(b) sell, or give away, the Data; or")
    play.change("## Payment", "## Charges")
    event = play.write("event.json", '{"pull_request": {"head": {"repo": {"full_name": "editor/terms"}}}}')
    for name in OTHERS:
        monkeypatch.delenv(name, raising=False)
    for name, value in (ON[host] | {"GITHUB_EVENT_PATH": str(event)}).items():
        monkeypatch.setenv(name, value)
    result = engross("check", "--rule", "unposted-change", "--format", form)
    assert result.exit_code == 1
    path, shown = CASES / f"{host}-{form}.txt", re.sub(r"\d{4}-\d\d-\d\d", "DAY", result.stdout)
    if os.environ.get("ENGROSS_UPDATE"):
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")
