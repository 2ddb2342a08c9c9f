"""Defined terms on pages by letter: a term's address is an anchor of the index, with a script and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.site.building import build, write_site

from engross.render.pages import defined_terms

pytestmark = pytest.mark.slow

AGREEMENT = """\
# The Agreement

## Definitions

- **“Customer Data”** means what Customer sends.
- **“Content”** means what a Service shows.
- **“Services”** means what We run.

## Use

The Services hold Customer Data. Each Service shows Content and keeps Customer Data apart.
"""
TERM = "main.agreement.definitions.services"


def _build(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(defined_terms, "LIMIT", 2_000)
        write_site(
            folder, {"docs/agreement.md": AGREEMENT, "docs/index.md": "# Home\n", "docs/terms/rules.md": "# R\n"}
        )
        assert build(folder).status == 0


@pytest.fixture
def split_site(once: Callable) -> Path:
    return once("split terms", _build) / "site"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_address_of_a_term_leads_to_it(split_site: Path, serve: Callable, visit: Callable, scripts: bool) -> None:
    base = serve(split_site)
    visited = visit(f"{base}defined-terms/#{TERM}", java_script_enabled=scripts)
    page = visited.page
    if not scripts:
        entry = page.locator("li:target a")
        assert entry.inner_text() == "Services"
        entry.click()
    page.wait_for_url(f"{base}defined-terms/main/s/#{TERM}")
    assert page.locator("dt:target").inner_text() == "Services"
    assert "Used 3 times" in page.locator("dd").inner_text()
    page.locator("dt:target a").click()
    page.wait_for_url(f"{base}agreement/#definitions.services")
    assert visited.errors == []
    assert visited.outside == []


def test_going_back_leads_to_the_page_before(split_site: Path, serve: Callable, visit: Callable) -> None:
    base = serve(split_site)
    page = visit(f"{base}agreement/").page
    page.goto(f"{base}defined-terms/#{TERM}")
    page.wait_for_url(f"{base}defined-terms/main/s/#{TERM}")
    page.go_back()
    page.wait_for_url(f"{base}agreement/")


@pytest.mark.parametrize("address", ["defined-terms/", "defined-terms/main/c/"])
def test_the_pages_are_accessible(
    split_site: Path, serve: Callable, visit: Callable, axe: Callable, address: str
) -> None:
    page = visit(serve(split_site) + address).page
    # The theme's own footer lacks contrast in its default colours.
    assert [one for one in axe(page) if "md-copyright" not in one] == []
    assert page.locator("h1").count() == 1
