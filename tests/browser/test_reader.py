"""The reader in a browser: definitions in place, the control on each clause, keys, settings, the outline."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.site.building import build

from engross.fidelity.compare import check_page
from engross.fidelity.page_text import page_text
from engross.text import read_source

pytestmark = pytest.mark.slow

MKDOCS = """\
site_name: Test
site_url: https://example.com/
theme: {name: material, font: false%s}
plugins: [search, engross]
nav: [{Home: index.md}, {Agreement: agreement.md}, {Rules: rules.md}]
"""

DOCUMENTS = """\
sets: [{id: main, title: Main, agreement: agreement, incorporates: [rules]}]
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md, numbering: true}
  - {id: rules, title: Rules of Use, kind: url-terms, file: rules.md}
"""

AGREEMENT = """\
# The Agreement

This agreement binds the person who accepts it (“Customer”).

## Definitions

- **“Affiliate”** means any entity under the Control of Customer.
- **“Control”** means ownership of more than half of the votes.
- **“Services”** means what is offered to Customer and each Affiliate.

## Use

Customer uses the Services as it wishes. The Services are for Customer and each Affiliate alone.

### Notice

Any notice is written.

### Restrictions

Customer will not

(a) copy the Services; or
(b) let others reach the Services
    (i) for harm; or
    (ii) to place calls, except
        (A) to an Affiliate.

## Ending

Customer may end this (a) at the end of a month, or (b) at once where the Services fail. See Restrictions.

### Notice

1. As before.
2. With a reason, of these:
    - a fault;
    - a fee.

These days count:

| When | What |
| --- | --- |
| Day 1 | all |
"""

RULES = """\
# Rules of Use

## Conduct

The Services are for work. “Abuse” means harm done to the Services. Abuse is not allowed.
"""

FILES = {
    "docs/documents.yml": DOCUMENTS,
    "docs/agreement.md": AGREEMENT,
    "docs/rules.md": RULES,
    "docs/index.md": "# Home\n\nWhat the Services are. [To the rules](rules.md).\n",
}
FILLER = "".join(f"\n## Further {number}\n\n" + "Words that fill the page. " * 60 + "\n" for number in range(1, 7))

COPYING = ["clipboard-read", "clipboard-write"]
DESK = {"width": 1280, "height": 800}
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


def built(folder: Path, features: str = "") -> Path:
    for name, content in {**FILES, "mkdocs.yml": MKDOCS % features}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content + (FILLER if name.endswith("agreement.md") else ""), encoding="utf-8")
    built = build(folder)
    assert built.status == 0, built.messages
    return built.site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("reader"))


@pytest.fixture
def page(site: Path, serve: Callable, visit: Callable) -> Page:
    opened: Page = visit(serve(site) + "agreement/", viewport=DESK, permissions=COPYING).page
    return opened


def term(page: Page, clause: str, words: str) -> Locator:
    return page.locator(f'[id="{clause}"]').get_by_role("link", name=words, exact=True).first


def control(page: Page, clause: str) -> Locator:
    return page.locator(f':is(.eg-link, .eg-marker)[href$="#{clause}"]')


def definition(page: Page, words: str) -> Locator:
    return page.get_by_role("dialog", name=f"Definition: {words}")


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.tagName")
    return found


def copied(page: Page, clause: str, what: str) -> str:
    control(page, clause).click()
    page.get_by_role("menuitem", name=f"Copy {what}").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("copied"))
    found: str = page.evaluate("navigator.clipboard.readText()")
    return found


# Definitions in place


def options(page: Page) -> None:
    """Open the options for reading."""
    page.locator("summary", has_text="Reading options").click()


def test_a_pointer_on_a_term_shows_its_definition_where_the_term_is(page: Page) -> None:
    link = term(page, "use.p1", "Services")
    link.hover()
    box = definition(page, "Services")
    expect(box).to_be_visible()
    expect(box).to_contain_text("“Services” means what is offered to Customer and each Affiliate.")
    expect(box).to_contain_text(re.compile(r"Defined in The Agreement\. Used \d+ times\."))
    expect(box.get_by_role("link", name="The Agreement")).to_have_attribute("href", re.compile("#definitions.services"))


@pytest.mark.parametrize("where", ["center", "end"])
def test_a_definition_stands_under_its_term_or_above_it_where_there_is_room(page: Page, where: str) -> None:
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


def test_who_listens_is_told_that_the_focus_opened_a_definition_and_how_to_go_into_it(page: Page) -> None:
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


def test_what_a_pointer_opens_is_not_told_but_is_known(page: Page) -> None:
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


# Keys


def test_by_keys_alone_a_clause_is_reached_a_definition_read_and_followed_and_a_citation_copied(page: Page) -> None:
    press = page.keyboard.press
    for key in ("J", "J", "J"):
        press(key)
    assert focused(page) == "#use"
    press("j")
    assert focused(page) == "#use.p1"
    press("ArrowRight")
    assert focused(page) == "#opening.customer"
    press("ArrowRight")
    box = definition(page, "Services")
    expect(box).to_be_visible()
    expect(box).to_contain_text("↓")
    press("ArrowDown")
    assert focused(page).endswith("#opening.customer")
    press("Tab")
    assert focused(page).endswith("#definitions.affiliate")
    inner = definition(page, "Affiliate")
    expect(inner).to_be_visible()
    press("Escape")
    expect(inner).to_have_count(0)
    press("Escape")
    expect(box).to_have_count(0)
    assert focused(page) == "#definitions.services"
    press("Enter")
    page.wait_for_url("**#definitions.services")
    page.go_back()
    page.wait_for_url(re.compile("/agreement/$"))
    press("k")
    press("j")
    press("Enter")
    expect(page.get_by_role("menuitem", name="Copy link")).to_be_focused()
    press("ArrowDown")
    press("Enter")
    expect(page.get_by_role("status")).to_have_text("Citation copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("The Agreement, ")


def test_tab_leaves_a_definition_for_the_term_it_belongs_to(page: Page) -> None:
    page.keyboard.press("J")
    term(page, "use.p1", "Services").focus()
    box = definition(page, "Services")
    expect(box).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "#definitions.services"
    expect(box).to_be_visible()
    page.keyboard.press("Tab")
    expect(box).to_have_count(0)


def test_the_controls_of_clauses_are_one_tab_stop_and_arrows_move_along_them(page: Page) -> None:
    stops = page.locator('.eg-text :is(.eg-link, .eg-marker)[tabindex="0"]')
    expect(stops).to_have_count(1)
    page.keyboard.press("j")
    for key, clause in [("End", "further-6.p1"), ("Home", "the-agreement"), ("ArrowDown", "opening.p1")]:
        page.keyboard.press(key)
        assert focused(page) == f"#{clause}"
        expect(stops).to_have_count(1)
    page.keyboard.press(" ")
    expect(page.get_by_role("menu")).to_be_visible()


def test_a_paragraph_comes_before_the_items_in_it(page: Page) -> None:
    control(page, "ending").focus()
    order = ["ending.p1", "ending.a", "ending.b", "ending.notice"]
    for key, clauses in [("j", order), ("k", [*order[-2::-1], "ending"]), ("ArrowDown", order[:3])]:
        for clause in clauses:
            page.keyboard.press(key)
            assert focused(page) == f"#{clause}"


def test_the_tab_stop_is_at_the_clause_that_was_linked_to(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/#restrictions.b.i", viewport=DESK).page
    expect(page.locator('.eg-text [tabindex="0"]')).to_have_attribute("href", "#restrictions.b.i")


def test_keys_go_on_from_where_the_reader_has_scrolled_to(page: Page) -> None:
    page.locator("h2#further-3").evaluate("element => element.scrollIntoView({behavior: 'instant'})")
    page.keyboard.press("j")
    assert focused(page) == "#further-3"
    page.keyboard.press("K")
    assert focused(page) == "#further-2"
    box = page.locator("h2#further-2").bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert box
    assert header
    assert header["y"] + header["height"] <= box["y"] < 800


def test_letters_typed_into_a_field_are_letters_and_can_be_turned_off(page: Page) -> None:
    page.locator("input.md-search__input").click()
    page.keyboard.type("jk")
    expect(page.locator("input.md-search__input")).to_have_value("jk")
    page.reload()
    options(page)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use the letter keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert focused(page) == "BODY"
    expect(page.get_by_label("Use the letter keys", exact=True)).not_to_be_checked()


# Settings


def linked(page: Page) -> int:
    return page.locator(".eg-text a.eg-term[href]").count()


def test_links_to_definitions_can_be_fewer_or_none_and_the_choice_is_remembered(
    site: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(site)
    page: Page = visit(base + "agreement/", viewport=DESK).page
    options(page)
    choice = page.get_by_label("Links to definitions")
    everything = linked(page)
    choice.select_option("first")
    first = linked(page)
    assert 0 < first < everything
    choice.select_option("off")
    assert linked(page) == 0
    page.goto(base + "rules/")
    assert linked(page) == 0
    options(page)
    expect(page.get_by_label("Links to definitions")).to_have_value("off")
    page.get_by_label("Links to definitions").select_option("all")
    page.goto(base + "agreement/")
    assert linked(page) == everything


def test_marks_of_changes_can_be_turned_off_and_the_choice_is_remembered(
    states: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(states / "site-in-force")
    page: Page = visit(base + "agreement/", viewport=DESK, alone=True).page
    mark = page.locator(".eg-text .eg-changed a").first
    expect(mark).to_be_visible()
    name = mark.get_attribute("aria-label") or ""
    assert re.fullmatch(r"(Changed|New) in version \d+, \d+ \w+ \d{4}: .+", name)
    options(page)
    page.get_by_label("Marks of changes in the margin").uncheck()
    expect(mark).to_be_hidden()
    page.reload()
    expect(mark).to_be_hidden()


def test_the_choice_works_where_nothing_can_be_remembered(site: Path, serve: Callable, visit: Callable) -> None:
    visited = visit(serve(site), alone=True, viewport=DESK)
    page: Page = visited.page
    page.add_init_script("Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('refused') }")
    page.evaluate("document.querySelector('a[href*=agreement]').href")
    page.goto(page.url + "agreement/")
    options(page)
    page.get_by_label("Links to definitions").select_option("off")
    assert linked(page) == 0


# The outline


def test_on_a_phone_the_outline_tells_where_the_reader_is(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", **PHONE).page
    outline = page.locator(".eg-outline")
    expect(outline).to_be_visible()
    page.locator("h2#further-3").evaluate("element => element.scrollIntoView({behavior: 'instant'})")
    expect(outline.locator(".eg-here")).to_have_text("6. Further 3")
    box = outline.bounding_box()
    assert box
    assert box["y"] < 100
    outline.locator("summary").tap()
    outline.get_by_role("link", name="2.2 Restrictions").tap()
    page.wait_for_url("**#restrictions")
    expect(outline).not_to_have_attribute("open", "")
    expect(outline.locator(".eg-here")).to_have_text("2.2 Restrictions")
    heading = page.locator("h3#restrictions").bounding_box()
    box = outline.bounding_box()
    assert heading
    assert box
    assert heading["y"] >= box["y"] + box["height"]


def test_on_a_desk_the_contents_at_the_side_are_enough(page: Page) -> None:
    expect(page.locator(".eg-outline")).to_be_hidden()


# Instant navigation


def test_everything_works_after_the_theme_has_swapped_the_page(
    tmp_path: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(built(tmp_path, ", features: [navigation.instant]"))
    sitemap = (tmp_path / "site/sitemap.xml").read_text("utf-8")
    # Before any page is open: the theme could read half a file, and Chromium shows that mistake with an inline style.
    (tmp_path / "site/sitemap.xml").write_text(sitemap.replace("https://example.com/", base), encoding="utf-8")
    visited = visit(base, viewport=DESK, permissions=COPYING)
    page: Page = visited.page
    # Without the sitemap the theme follows a link as a browser does.
    with page.expect_response("**/sitemap.xml"):
        page.reload(wait_until="networkidle")
    page.locator("html.js").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Agreement", exact=True).first.click()
    page.wait_for_url("**/agreement/")
    options(page)
    expect(page.get_by_label("Links to definitions")).to_be_visible()
    assert page.evaluate("window.same")
    expect(page.locator('.eg-text :is(.eg-link, .eg-marker)[tabindex="0"]')).to_have_count(1)
    assert copied(page, "restrictions.a", "citation").startswith("The Agreement, Restrictions (a), ")
    term(page, "use.p1", "Services").hover()
    expect(definition(page, "Services")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("J")
    assert "/agreement/#" in focused(page)
    page.get_by_role("link", name="Rules", exact=True).first.click()
    page.wait_for_url("**/rules/")
    expect(page.locator(".eg-definition")).to_have_count(0)
    page.locator("a.eg-term", has_text="Services").first.hover()
    expect(definition(page, "Services")).to_be_visible()
    assert page.evaluate("window.same")
    assert visited.errors == []


# Preferences of the system


def test_in_forced_colours_boxes_keep_a_border(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", viewport=DESK, forced_colors="active").page
    term(page, "use.p1", "Services").hover()
    box = definition(page, "Services")
    expect(box).to_be_visible()
    assert box.evaluate("element => getComputedStyle(element).borderTopStyle") == "solid"
    underlined = term(page, "restrictions.a", "Services").evaluate("link => getComputedStyle(link).textDecorationLine")
    assert underlined == "underline"


def test_nothing_of_the_reader_moves_by_itself(site: Path) -> None:
    style = next((site / "assets").glob("engross.*.css")).read_text("utf-8")
    # What takes motion away from readers who ask for none is no motion.
    style = re.sub(r"@media \(prefers-reduced-motion: reduce\) \{.*?\n\}", "", style, flags=re.DOTALL)
    # The theme's menu slides, and is out of the way of keys when it has.
    style = re.sub(r"\.md-sidebar--primary \{[^}]*\}", "", style)
    assert not re.search(r"animation|@keyframes|transition:(?! none)|(?<!over)scroll-behavior", style)
