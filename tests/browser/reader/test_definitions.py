"""Definitions are shown in place."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reader_site import (
    DESK,
    PHONE,
    control,
    definition,
    focused,
    term,
)

pytestmark = pytest.mark.slow


def test_a_pointer_on_a_term_shows_its_definition_where_the_term_is(page: Page) -> None:
    link = term(page, "use.p1", "Services")
    link.hover()
    box = definition(page, "Services")
    expect(box).to_be_visible()
    expect(box).to_contain_text("“Services” means what is offered to Customer and each Affiliate.")
    expect(box).to_contain_text(re.compile(r"Defined in The Agreement\. Used \d+ times\."))
    expect(box.get_by_role("link", name="The Agreement")).to_have_attribute("href", re.compile("#definitions.services"))


@pytest.mark.parametrize("where", ["center", "end"])
def test_a_definition_is_under_its_term_or_above_it_where_there_is_room(page: Page, where: str) -> None:
    # So low that a link at the end of the window has no room below it.
    page.set_viewport_size({"width": DESK["width"], "height": 600})
    link = term(page, "use.p1", "Services")
    link.evaluate("(link, block) => link.scrollIntoView({block, behavior: 'instant'})", where)
    link.hover()
    expect(definition(page, "Services")).to_be_visible()
    place, box = link.bounding_box(), definition(page, "Services").bounding_box()
    assert place
    assert box
    gap = box["y"] - place["y"] - place["height"] if where == "center" else place["y"] - box["y"] - box["height"]
    assert 0 <= gap < 12
    assert box["x"] == pytest.approx(place["x"], abs=1)


def test_a_definition_stays_while_the_pointer_is_on_it_and_goes_with_it(page: Page) -> None:
    term(page, "use.p1", "Services").hover()
    box = definition(page, "Services")
    box.hover()
    page.wait_for_timeout(600)
    expect(box).to_be_visible()
    page.mouse.move(5, 5)
    expect(box).to_have_count(0)


def test_a_pointer_that_passes_by_opens_nothing(page: Page) -> None:
    term(page, "use.p1", "Services").hover()
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    expect(definition(page, "Services")).to_have_count(0)


def test_what_scrolls_past_a_resting_pointer_opens_nothing(page: Page) -> None:
    place = term(page, "use.p1", "Services").bounding_box()
    assert place
    page.mouse.move(place["x"] + 5, place["y"] + 105)
    page.wait_for_timeout(50)
    page.mouse.wheel(0, -100)
    page.evaluate("scrollBy(0, -100)")
    page.wait_for_timeout(500)
    expect(page.locator(".eg-definition")).to_have_count(0)


def test_escape_closes_a_definition_without_moving_the_pointer(page: Page) -> None:
    term(page, "use.p1", "Services").hover()
    expect(definition(page, "Services")).to_be_visible()
    page.keyboard.press("Escape")
    expect(definition(page, "Services")).to_have_count(0)
    page.wait_for_timeout(400)
    expect(definition(page, "Services")).to_have_count(0)


def details(page: Page) -> str:
    """The id that `aria-details` gives for the focused link, or an empty string."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    names = {node.get("backendDOMNodeId"): node.get("name", {}).get("value", "") for node in nodes}
    for node in nodes:
        has = {one["name"]: one["value"] for one in node.get("properties", ())}
        if node.get("role", {}).get("value") == "link" and has.get("focused", {}).get("value"):
            (related,) = has["details"]["relatedNodes"] if "details" in has else ({"backendDOMNodeId": -1},)
            return str(names.get(related["backendDOMNodeId"], ""))
    raise AssertionError("no link has the focus")


def test_a_screen_reader_announces_that_the_focus_opened_a_definition_and_how_to_go_into_it(page: Page) -> None:
    region = page.locator(".eg-told[aria-live=polite]")
    control(page, "use").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(definition(page, "Customer")).to_be_visible()
    expect(region).to_have_text("Definition: Customer. Press ↓ to move into the definition, Esc to close it")
    assert details(page) == "Definition: Customer"
    page.keyboard.press("ArrowRight")
    expect(region).to_have_text("Definition: Services")
    page.keyboard.press("Escape")
    expect(region).to_have_text("")
    assert details(page) == ""
    assert focused(page) == "#definitions.services"


def test_what_a_pointer_opens_is_not_announced_but_is_known(page: Page) -> None:
    opener = term(page, "use.p1", "Services")
    opener.hover()
    expect(definition(page, "Services")).to_be_visible()
    assert page.locator(".eg-told:not(:empty)").count() == 0
    expect(opener).to_have_attribute("aria-details", re.compile("eg-definition-"))
    page.mouse.move(2, 2)
    expect(opener).not_to_have_attribute("aria-details", re.compile("."))


def test_terms_within_a_definition_open_in_turn(page: Page) -> None:
    term(page, "use.p1", "Services").hover()
    first = definition(page, "Services")
    first.get_by_role("link", name="Affiliate").hover()
    second = definition(page, "Affiliate")
    expect(second).to_contain_text("under the Control")
    second.get_by_role("link", name="Control").hover()
    third = definition(page, "Control")
    expect(third).to_contain_text("half of the votes")
    page.wait_for_timeout(500)
    expect(page.locator(".eg-definition")).to_have_count(3)
    first.get_by_text("Defined in").first.hover(position={"x": 3, "y": 3})
    expect(third).to_have_count(0)
    expect(second).to_have_count(0)
    expect(first).to_be_visible()


def test_a_definition_in_running_text_is_shown_in_its_sentence_with_the_term_set_off(page: Page) -> None:
    term(page, "use.p1", "Customer").hover()
    box = definition(page, "Customer")
    expect(box).to_contain_text("This agreement binds the person who accepts it (“Customer”).")
    expect(box.locator(".eg-sought")).to_have_text("“Customer”")


def test_a_term_of_another_document_is_shown_from_the_page_that_defines_it(
    site: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(site)
    for address in ("rules/", ""):
        visited = visit(base + address, viewport=DESK)
        page: Page = visited.page
        page.locator("a.eg-term", has_text="Services").first.hover()
        box = definition(page, "Services")
        expect(box).to_contain_text("what is offered to Customer")
        expect(box).to_contain_text("Defined in The Agreement")
        box.get_by_role("link", name="Affiliate").hover()
        definition(page, "Affiliate").get_by_role("link", name="The Agreement").click()
        page.wait_for_url("**/agreement/#definitions.affiliate")
        assert visited.errors == []
        assert visited.outside == []


def test_where_another_page_cannot_be_had_the_link_is_followed(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "rules/", **PHONE).page
    page.route(
        "**/agreement/",
        lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_(),
    )
    page.locator("a.eg-term", has_text="Services").first.tap()
    page.wait_for_url("**/agreement/#definitions.services")


def test_a_page_that_does_not_come_leaves_no_link_dead(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "rules/", **PHONE).page
    page.route("**/agreement/", lambda route: route.continue_() if route.request.is_navigation_request() else None)
    link = page.locator("a.eg-term", has_text="Services").first
    link.tap()
    page.wait_for_timeout(100)
    link.tap()
    page.wait_for_url("**/agreement/#definitions.services", timeout=600)
    page.go_back()
    link.tap()
    page.wait_for_url("**/agreement/#definitions.services", timeout=2500)


def test_a_page_that_failed_once_is_asked_for_again(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "rules/", viewport=DESK).page
    page.route("**/agreement/", lambda route: route.fulfill(status=500))
    link = page.locator("a.eg-term", has_text="Services").first
    link.hover()
    page.wait_for_timeout(400)
    page.unroute("**/agreement/")
    page.mouse.move(5, 5)
    link.hover()
    expect(definition(page, "Services")).to_be_visible()


@pytest.mark.parametrize("missing", ["showPopover", "checkVisibility"])
def test_in_a_browser_that_cannot_show_boxes_links_are_links(
    site: Path, serve: Callable, visit: Callable, missing: str
) -> None:
    opened = visit(serve(site), alone=True, **PHONE)
    page: Page = opened.page
    page.add_init_script(f"delete HTMLElement.prototype.{missing}; delete Element.prototype.{missing}")
    page.goto(page.url + "agreement/")
    page.keyboard.press("j")
    term(page, "use.p1", "Services").tap()
    page.wait_for_url("**#definitions.services")
    control(page, "use").tap()
    page.wait_for_url("**#use")
    assert opened.errors == []


@pytest.mark.parametrize("hash", ["#100%", "#%E0"])
def test_an_address_cut_off_within_an_escape_leaves_the_page_whole(
    site: Path, serve: Callable, visit: Callable, hash: str
) -> None:
    opened = visit(serve(site) + "agreement/" + hash)
    assert opened.page.evaluate("performance.getEntriesByName('engross-ready').length")
    assert opened.errors == []


def test_a_tap_shows_the_definition_and_a_second_goes_there(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", **PHONE).page
    link = term(page, "use.p1", "Services")
    link.tap()
    box = definition(page, "Services")
    expect(box).to_be_visible()
    assert "#" not in page.url
    around = box.bounding_box()
    assert around
    assert around["x"] >= 0
    assert around["x"] + around["width"] <= 390
    box.get_by_role("link", name="Affiliate").tap()
    expect(definition(page, "Affiliate")).to_be_visible()
    page.locator(".md-header__title").tap()
    expect(page.locator(".eg-definition")).to_have_count(0)
    link.tap()
    expect(box).to_be_visible()
    link.tap()
    page.wait_for_url("**/agreement/#definitions.services")


def test_a_click_leads_to_the_definition_and_back_leads_back(page: Page) -> None:
    before = page.url
    term(page, "restrictions.a", "Services").click()
    page.wait_for_url("**#definitions.services")
    page.go_back()
    assert page.url == before


@pytest.mark.parametrize("screen", [PHONE, {"viewport": DESK}], ids=["phone", "desk"])
def test_back_leads_to_the_words_that_were_read(
    tour_site: Path, serve: Callable, visit: Callable, screen: dict
) -> None:
    page: Page = visit(serve(tour_site) + "agreement/", **screen).page
    page.locator("html.js").wait_for(state="attached")
    link = page.locator(".eg-text p a.eg-term[href='#definitions.service']").last
    link.evaluate("element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 400)")
    page.wait_for_timeout(600)
    before, address = page.evaluate("scrollY"), page.url
    if "has_touch" in screen:
        link.tap()
        expect(definition(page, "Service")).to_be_visible()
        link.tap()
    else:
        link.click()
    page.wait_for_timeout(900)
    assert page.url == f"{address}#definitions.service"
    assert page.evaluate("scrollY") < before - 500
    page.go_back()
    page.wait_for_timeout(300)
    assert page.url == address
    assert page.evaluate("scrollY") == pytest.approx(before, abs=2)


def test_on_a_phone_the_way_back_to_the_top_covers_no_contents(
    tour_site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(tour_site) + "agreement/", **PHONE).page
    page.locator("html.js").wait_for(state="attached")
    button = page.locator(".md-top")
    # The theme listens when it is ready, and shows its button to who scrolls up.
    for place in [3000, 2500] * 20:
        page.evaluate("place => scrollTo(0, place)", place)
        page.wait_for_timeout(150)
        if place < 3000 and button.is_visible() and button.get_attribute("hidden") is None:
            break
    expect(button).not_to_have_attribute("hidden", "")
    box, outline = button.bounding_box(), page.locator(".eg-outline").bounding_box()
    assert box
    assert outline
    assert box["y"] >= outline["y"] + outline["height"]
    page.locator(".eg-outline > summary").tap()
    expect(button).to_be_hidden()


def test_a_heading_is_called_by_its_words_alone(page: Page) -> None:
    assert page.get_by_role("heading", name="2.2 Restrictions", exact=True).count() == 1
    assert page.get_by_role("heading", name="The Agreement", exact=True).count() == 1
    expect(page.locator("#restrictions > [role=button]")).to_have_accessible_name("Cite Restrictions")


def test_without_scripts_links_lead_to_definitions_and_no_control_is_shown(
    site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(site) + "agreement/", viewport=DESK, java_script_enabled=False).page
    expect(page.locator("[data-engross-terms]")).to_be_hidden()
    term(page, "use.p1", "Services").click()
    page.wait_for_url("**#definitions.services")
    page.go_back()
    assert "#" not in page.url
    control(page, "restrictions.b.ii").click()
    page.wait_for_url("**#restrictions.b.ii")
