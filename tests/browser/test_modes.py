"""The site as it is read without scripts, in forced colours, without movement, on paper, and from a wrong address."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from test_matrix import LOOKS

pytestmark = pytest.mark.slow

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 900}


# Every kind of page, as it comes; and the project's own of each kind that is longer.
KINDS = sorted({look.address for look in LOOKS.values() if not look.draft and not look.stays})
PROJECT = ("agreement/", "terms/service-specific/", "models/", "defined-terms/", "help/")


@pytest.mark.long
@pytest.mark.parametrize(("which", "addresses"), [("states", KINDS), ("project", PROJECT)], ids=["kinds", "project"])
def test_without_scripts_every_page_can_be_read(
    site: Path, states: Path, serve: Callable, visit: Callable, which: str, addresses: tuple[str, ...]
) -> None:
    base = serve(site if which == "project" else states / "site-in-force")
    visited = visit("about:blank", java_script_enabled=False, viewport=PHONE)
    page: Page = visited.page
    visited.keep_to(base)
    for address in addresses:
        page.goto(base + address, wait_until="load")
        assert page.locator("h1").first.is_visible(), address
        hidden = page.locator("article.md-content__inner, main#main").first.evaluate_all(
            """([article]) => !article ? [] : [...article.querySelectorAll('h1, h2, h3, p, li, td, dd')].filter(part =>
                part.textContent.trim() && !part.closest('details, dialog, [popover], [hidden]')
                && !part.closest('.eg-keys, .eg-settings, .eg-search, .eg-none')
                && !part.closest('.eg-cover, aside.eg-about, .eg-contents, .eg-addresses, .eg-verify, .eg-printed')
                && !part.closest('.redline .same')
                && !part.checkVisibility()).map(part => part.textContent)"""
        )
        assert hidden == [], address
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, address
        # A search that needs scripts is not offered.
        assert not page.locator(".eg-search").first.is_visible(), address
    assert visited.errors == []
    assert visited.outside == []


@pytest.mark.long
def test_in_forced_colours_every_link_in_a_text_is_marked_by_more_than_colour(
    states: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(states / "site-in-force")
    page: Page = visit(base, viewport=DESK, forced_colors="active", reduced_motion="reduce").page
    for address in KINDS:
        page.goto(base + address, wait_until="load")
        plain, moving = page.evaluate(TOLD_AND_MOVING)
        assert plain == [], address
        assert moving == [], address


TOLD_AND_MOVING = """() => {
    const seen = (element) => element.checkVisibility() && element.textContent.trim();
    const links = [...document.querySelectorAll("main :is(p, li, td, dd, th) > a[href]:not(.eg-marker, .headerlink)")];
    const lined = (link) => getComputedStyle(link).textDecorationLine.includes("underline");
    const inText = links.filter((link) => !link.closest("nav, [role=menu]") && seen(link));
    const moving = [...document.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        const times = `${style.transitionDuration}, ${style.animationDuration}`.split(", ").map(parseFloat);
        return Math.max(...times) > 0.001 || style.scrollBehavior != "auto";
    });
    return [inText.filter((link) => !lined(link)), moving].map((list) => list.map((one) => one.outerHTML.slice(0, 90)));
}"""


def test_without_scripts_cards_and_contents_of_the_about_box_lead_on(
    site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(site), java_script_enabled=False).page
    page.locator(".eg-card", has_text="Acceptable Use Policy").get_by_role("link").click()
    page.locator("h1", has_text="Acceptable Use Policy").wait_for()
    page.locator(".eg-about-screen summary", has_text="More about").click()
    page.locator(".eg-about-screen").get_by_role("link", name="the page of posted changes").click()
    page.locator("h1", has_text="Posted changes").wait_for()


def test_the_whole_card_leads_to_its_document(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site), viewport=DESK).page
    box = page.locator(".eg-card", has_text="Data Processing").bounding_box()
    assert box
    page.mouse.click(box["x"] + 6, box["y"] + box["height"] - 6)
    page.wait_for_url("**/terms/data-processing/")


def test_in_forced_colours_states_are_marked_by_lines(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/#restrictions.h.iv", viewport=DESK, forced_colors="active").page
    assert style(page.locator('[id="restrictions.h.iv"]'), "outlineStyle") == "solid"
    assert style(page.locator('[id="restrictions.h.iii"]'), "outlineStyle") == "none"
    assert style(page.locator("a.eg-ref").first, "textDecorationLine") == "underline"
    assert style(page.locator("a.eg-term").first, "textDecorationLine") == "underline"
    # An icon that is drawn as a background seen through a mask is not painted over.
    icon = page.locator(".md-nav__item--nested > label .md-nav__icon").first
    colour = "(icon, pseudo) => getComputedStyle(icon, pseudo).backgroundColor"
    assert icon.evaluate(colour, "::after") != page.locator("body").evaluate(colour)


def style(locator: object, name: str) -> str:
    found: str = locator.evaluate(f"element => getComputedStyle(element).{name}")  # type: ignore[attr-defined]
    return found


def test_who_wants_no_movement_sees_none(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", viewport=DESK, reduced_motion="reduce").page
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(element => {
            const style = getComputedStyle(element);
            const times = `${style.transitionDuration}, ${style.animationDuration}`.split(', ').map(parseFloat);
            return Math.max(...times) > 0.001 || style.scrollBehavior != 'auto';
        }).map(element => element.outerHTML.slice(0, 80))"""
    )
    assert moving == []


@pytest.mark.parametrize(
    ("address", "fewest", "most"), [("agreement/", 8, 20), ("terms/acceptable-use/", 2, 3), ("models/", 3, 12)]
)
def test_on_paper_a_document_has_a_cover_and_no_site_around_it(
    site: Path, serve: Callable, visit: Callable, address: str, fewest: int, most: int
) -> None:
    # From a dark screen too, paper is light.
    page: Page = visit(serve(site) + address, viewport=DESK, color_scheme="dark").page
    for part in (".eg-cover", ".eg-contents"):
        assert not page.locator(part).first.is_visible()
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))
    assert fewest <= pages <= most
    page.emulate_media(media="print")
    assert page.locator(".eg-cover-title").is_visible()
    for furniture in (".md-header", ".md-sidebar", ".md-footer", ".eg-filters", ".eg-line", ".headerlink", ".md-top"):
        assert not any(part.is_visible() for part in page.locator(furniture).all()), furniture
    red, green, blue = map(int, re.findall(r"\d+", style(page.locator(".md-typeset a[href]").first, "color"))[:3])
    assert max(red, green, blue) < 128


def test_the_contents_on_paper_name_every_section(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/").page
    page.emulate_media(media="print")
    listed = page.locator(".eg-contents a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    headings = page.locator(".eg-text :is(h2, h3, h4)").evaluate_all("found => found.map(one => '#' + one.id)")
    assert listed == headings
    assert len(listed) > 40


def test_a_wrong_address_offers_documents_and_a_search(site: Path, serve: Callable, visit: Callable) -> None:
    visited = visit(serve(site) + "404.html", viewport=DESK)
    page: Page = visited.page
    assert page.locator("h1").inner_text() == "Page not found"
    assert page.locator(".eg-card").count() == 7
    page.get_by_role("searchbox", name="Search all documents").fill("telecommunications service")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.locator('.md-search-result a[href*="#restrictions.h.iv"]').first.wait_for(state="attached")
    assert visited.errors == []


def test_the_policy_stops_what_the_page_does_not_hold(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site)).page
    stopped = page.evaluate(
        """async () => {
            const refused = new Promise(resolve => document.addEventListener('securitypolicyviolation', resolve));
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
            return [(await refused).effectiveDirective, window.ran];
        }"""
    )
    assert stopped == ["script-src-elem", None]


def test_a_page_opened_from_a_folder_is_styled_too(site: Path, visit: Callable) -> None:
    page: Page = visit((site / "agreement" / "index.html").as_uri()).page
    assert style(page.locator(".eg-about"), "borderTopStyle") == "solid"


def test_columns_of_a_text_stay_as_they_were_written(states: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(states / "site-in-force") + "agreement/", viewport=DESK).page
    assert style(page.locator("td.eg-right").first, "textAlign") == "end"
    assert style(page.locator("td:not(.eg-right)").first, "textAlign") != "end"


def test_a_table_that_scrolls_can_be_reached_by_key(tour_site: Path, serve: Callable, visit: Callable) -> None:
    narrow = {"width": 320, "height": 900}
    page: Page = visit(serve(tour_site) + "terms/data-processing/", viewport=narrow).page
    boxes = page.locator(".md-typeset__scrollwrap")
    page.locator(".md-typeset__scrollwrap[tabindex='0']").first.wait_for()
    wide = "boxes => boxes.map(box => [box.scrollWidth > box.clientWidth, box.tabIndex === 0])"
    assert all(scrolls == reached for scrolls, reached in boxes.evaluate_all(wide))
    page.set_viewport_size({"width": 2400, "height": 900})
    page.locator(".md-typeset__scrollwrap:not([tabindex])").first.wait_for()


def test_filters_keep_their_state_in_the_address(site: Path, serve: Callable, visit: Callable) -> None:
    visited = visit(serve(site) + "models/?licence=gone&page=2#gemma-3-27b-it", viewport=DESK)
    page: Page = visited.page
    # What the list does not have is no filter.
    assert page.locator("select[name=licence]").input_value() == ""
    page.locator("select[name=modality]").select_option(label="audio")
    page.locator("select[name=provider]").select_option(label="NVIDIA")
    assert page.url.endswith("models/?page=2&modality=audio&provider=nvidia#gemma-3-27b-it")
    page.reload()
    assert page.locator("select[name=provider]").input_value() == "nvidia"
    assert page.locator(".eg-table tbody tr:visible").count() == 1
    page.locator(".eg-table tbody tr:visible th a").click()
    assert "modality=audio" in page.url
    page.get_by_role("button", name="Show all").click()
    page.wait_for_url("**/models/?page=2#*")
    assert page.locator(".eg-table tbody tr:visible").count() > 12
    assert visited.errors == []
