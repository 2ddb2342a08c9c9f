"""The control on each clause copies links, citations and words."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reader_site import control, copied, definition, term

from engross.fidelity.compare import check_page
from engross.fidelity.page_text import page_text
from engross.text import read_source

pytestmark = pytest.mark.slow


# The control of a clause


def test_links_and_citations_say_what_is_recorded_and_leave_out_what_is_not(page: Page) -> None:
    base = page.url
    assert copied(page, "restrictions.b.ii", "link") == f"{base}#restrictions.b.ii"
    assert copied(page, "restrictions.b.ii", "citation") == (
        f"The Agreement, Restrictions (b)(ii), draft, not in force, {base}#restrictions.b.ii"
    )
    page.locator("[data-engross-text]").evaluate(
        """text => Object.assign(text.dataset, {version: "3", effective: "2026-01-31", hash: "0123456789abcdef",
                                                address: "versions/3/"})"""
    )
    assert copied(page, "restrictions.b.ii", "link") == f"{base}versions/3/#restrictions.b.ii"
    assert copied(page, "restrictions.b.ii", "citation") == (
        "The Agreement, Restrictions (b)(ii), version 3, in force from 2026-01-31, SHA-256 0123456789ab, "
        f"{base}versions/3/#restrictions.b.ii"
    )


def test_clauses_of_sections_with_one_name_are_cited_with_their_parents(page: Page) -> None:
    assert copied(page, "notice", "citation").startswith("The Agreement, Use: Notice, ")
    assert copied(page, "ending.notice", "citation").startswith("The Agreement, Ending: Notice, ")


WITH_WHAT_LEADS_IN = {
    "restrictions.a": "Customer will not\n(a) copy the Services; or",
    "restrictions.b.ii.A": "Customer will not\n[…]\n(b) let others reach the Services\n[…]\n"
    "(ii) to place calls, except\n(A) to an Affiliate.",
    "restrictions.b.i": "Customer will not\n[…]\n(b) let others reach the Services\n(i) for harm; or",
    "ending.a": "Customer may end this (a) at the end of a month, or",
    "ending.b": "Customer may end this […] (b) at once where the Services fail.",
    "definitions.control": "“Control” means ownership of more than half of the votes.",
    "ending.notice.2": "2. With a reason, of these:\n    - a fault;\n    - a fee.",
    "notice": "Notice\nAny notice is written.",
    "ending.notice.t1.r1": "These days count:\nWhen\tWhat\nDay 1\tall",
    "ending.notice.p1": "These days count:\nWhen\tWhat\nDay 1\tall",
}


def test_a_clause_is_copied_with_what_leads_in_to_it(page: Page) -> None:
    assert {clause: copied(page, clause, "text") for clause in WITH_WHAT_LEADS_IN} == WITH_WHAT_LEADS_IN


def test_a_paragraph_that_leads_in_to_a_list_is_copied_with_it(page: Page) -> None:
    found = copied(page, "restrictions.p1", "text")
    assert found.startswith(
        "Customer will not\n(a) copy the Services; or\n(b) let others reach the Services\n    (i) for"
    )


def test_where_the_clipboard_is_refused_text_is_copied_by_selecting_it(page: Page) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    assert copied(page, "notice.p1", "text") == "Any notice is written."


def test_a_menu_closes_on_a_second_press_on_escape_and_elsewhere(page: Page) -> None:
    menu = page.get_by_role("menu", name="Restrictions (a)")
    for close in (
        lambda: control(page, "restrictions.a").click(),
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator("h2#use").click(),
    ):
        control(page, "restrictions.a").click()
        expect(menu).to_be_visible()
        expect(control(page, "restrictions.a")).to_have_attribute("aria-expanded", "true")
        close()
        expect(menu).to_have_count(0)
        expect(control(page, "restrictions.a")).to_have_attribute("aria-expanded", "false")


def test_with_boxes_open_the_page_says_what_its_source_says(site: Path, page: Page) -> None:
    source = read_source(site.parent / "docs/agreement.md", "agreement.md")
    control(page, "restrictions.a").click()
    html = page.content()
    assert "eg-menu" in page_text(html).text or "Copy link" in html
    assert check_page(source, html) is None
    page.keyboard.press("Escape")
    term(page, "use.p1", "Services").hover()
    expect(definition(page, "Services")).to_be_visible()
    assert check_page(source, page.content()) is None
