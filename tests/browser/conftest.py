"""The project's own site, built once for all browser tests of a worker, and the rules of axe."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent.parent

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("built") / "site"
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return target


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds wrong with an open page, one line an element; nothing is let through.

    The script is handed to the page by the browser's own door, which no Content-Security-Policy closes.
    """
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

    def violations(page: Page) -> list[str]:
        page.evaluate(script)
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, reporter: 'no-passes'}).then(found => found.violations)", RULES
        )
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
