"""Every kind of page, in each state that it can be in, at every width, in light and dark: axe finds nothing, nothing
goes wrong, nothing scrolls sideways, nothing leaks out.

The pages are those of a small provider whose site is in every state (states.py); the long ones of the project and of
the tour are looked at on a phone in the dark and on a desk by day. What each looks like is written to
build/screenshots/, for people to look at.

`make test` looks at every second kind of page in one of these views, which are spread evenly over them. `.ci/run` and
`make test-full` look at all kinds in all views, in each state, and take pictures.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow

SCREENSHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
WIDTHS = {"phone": 390, "tablet": 768, "desk": 1280}
# By day a page is opened on a phone and grows, in the dark it is opened on a desk and shrinks.
DEVICES = {"light": list(WIDTHS), "dark": list(reversed(WIDTHS))}


def settle(page: Page) -> None:
    """Wait until all transitions have ended."""
    page.evaluate("() => Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => null)")


def search_for(page: Page, words: str) -> None:
    page.keyboard.press("/")
    expect(page.locator("input.md-search__input")).to_be_focused()
    page.keyboard.type(words)


def find_something(page: Page) -> None:
    search_for(page, "services")
    page.locator(".md-search-result__item").first.wait_for()


def find_nothing(page: Page) -> None:
    search_for(page, "zugzwang")
    page.locator(".md-search-result__meta", has_text="No matching documents").wait_for()


def open_menu(page: Page) -> None:
    page.locator("label.md-header__button[for=__drawer]").click()
    page.locator(".md-sidebar--primary").get_by_role("link", name="Agreement", exact=True).wait_for()


def choose(**chosen: str) -> Callable[[Page], None]:
    """Filter a list so that no entry matches."""

    def act(page: Page) -> None:
        for name, label in chosen.items():
            page.locator(f"select[name={name}]").select_option(label=label)
        page.locator(".eg-none").wait_for()

    return act


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")


def show_definition_within(page: Page) -> None:
    page.locator("a.eg-term", has_text="Services").first.hover()
    page.locator(".eg-definition a.eg-term", has_text="Affiliate").hover()
    page.locator(".eg-definition").nth(1).wait_for()


def cite(page: Page) -> None:
    """Copy a citation, wait for the message, and open the menu again."""
    control = page.locator("#rules > .eg-link")
    control.click()
    page.locator('.eg-menu [data-copy="citation"]').click()
    page.locator(".eg-said", has_text=re.compile(".")).wait_for()
    control.click()
    page.locator(".eg-menu").wait_for()


def open_outline(page: Page) -> None:
    page.locator(".eg-outline > summary").click()


def choose_material(document: str) -> Callable[[Page], None]:
    """Filter the posted changes so that none matches."""

    def act(page: Page) -> None:
        page.locator("select[name=document]").select_option(label=document)
        page.get_by_role("checkbox", name="Material changes only").check()
        page.locator(".eg-none").wait_for()

    return act


def open_options(page: Page) -> None:
    page.locator("summary", has_text="Reading options").click()


def open_keys(page: Page) -> None:
    open_options(page)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.locator("#eg-keys").wait_for()


def link_terms(which: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        open_options(page)
        page.locator("[data-engross-terms]").select_option(which)

    return act


def pick_a_day(page: Page) -> None:
    page.locator(".eg-pick [type=date]").fill("2025-06-01")
    page.locator(".eg-pick button").click()
    page.locator(".eg-answer > *").first.wait_for()


def hand_in(page: Page) -> None:
    """Enter an acceptance record with unknown versions."""
    record = {"name": "accepted.json", "mimeType": "application/json", "buffer": b"{}"}
    page.locator(".eg-pick [type=file]").set_input_files(record)  # type: ignore[arg-type]
    page.locator(".eg-answer > *").first.wait_for()


def compared(page: Page) -> None:
    page.locator(".clause:visible").first.wait_for()


def only_changes(page: Page) -> None:
    page.get_by_text("Show only what changed").click()


@dataclass(frozen=True)
class Look:
    """A page, what a reader does there, and on which widths that can be done; `draft` is of the draft's site.

    `stays`: the page itself would lead elsewhere. `state`: it is another state of a kind of page that is looked at on
    every width in both schemes; this one on a phone in the dark and at a desk in the light.
    """

    address: str
    act: Callable[[Page], None] | None = None
    devices: tuple[str, ...] = tuple(WIDTHS)
    draft: bool = False
    stays: bool = False
    state: bool = False

    def on(self, scheme: str) -> list[str]:
        """The devices on which the page is opened in a scheme."""
        if self.state:
            return ["phone" if scheme == "dark" else max(self.devices, key=WIDTHS.__getitem__)]
        return [device for device in DEVICES[scheme] if device in self.devices]

    def views(self) -> list[tuple[str, str]]:
        """Every (scheme, device) in which the page is opened."""
        return [(scheme, device) for scheme in DEVICES for device in self.on(scheme)]


NARROW = ("phone", "tablet")
LOOKS = {
    # Announced, linked to, with everything open that opens.
    "agreement": Look("agreement/#restrictions.b.i", unfold),
    "draft": Look("agreement/", draft=True),
    "draft-home": Look("", draft=True, state=True),
    "draft-changes": Look("changes/", unfold, draft=True),
    "draft-versions": Look("agreement/versions/", draft=True),
    "home": Look(""),
    "own-changes": Look("terms/data/"),
    "moved-here": Look("conduct/", state=True),
    "moved-away": Look("terms/conduct/", stays=True),
    "retired": Look("previews/"),
    "models": Look("models/"),
    "terms": Look("defined-terms/"),
    "changes": Look("changes/", unfold),
    "missing": Look("404.html"),
    "since": Look("since/"),
    "since-picked": Look("since/", pick_a_day, state=True),
    "since-refused": Look("since/", hand_in, state=True),
    "change-announced": Look("changes/coming/"),
    "change-grounds": Look("changes/kept-longer/", state=True),
    "change-withdrawn": Look("changes/years/", state=True),
    "change-corrected": Look("changes/reworded/", state=True),
    "change-correcting": Look("changes/wrong-word/", state=True),
    "change-elsewhere": Look("changes/prices/", state=True),
    "change-emergency": Look("changes/typo/", unfold, state=True),
    "change-redacted": Look("changes/entry.18/", state=True),
    "versions": Look("agreement/versions/"),
    "versions-retired": Look("previews/versions/", state=True),
    "version-current": Look("agreement/versions/4/", unfold, state=True),
    "version-superseded": Look("agreement/versions/1/"),
    "version-announced": Look("agreement/versions/5/", state=True),
    "version-withdrawn": Look("agreement/versions/3/", state=True),
    "version-redacted": Look("conduct/versions/1/"),
    "version-of-models": Look("models/versions/2/"),
    "version-to-keep": Look("agreement/versions/4.html"),
    "redline": Look("agreement/versions/2/from-1/"),
    "redline-only-changes": Look("agreement/versions/2/from-1/", only_changes, state=True),
    "redline-of-models": Look("models/versions/2/from-1/"),
    "clauses": Look("agreement/versions/clauses/", unfold),
    "compare": Look("agreement/versions/compare/?from=1&to=4", compared),
    "clauses-unchanged": Look("previews/versions/clauses/", state=True),
    "definitions": Look("conduct/", show_definition_within),
    "cite": Look("conduct/", cite, state=True),
    "keys": Look("conduct/", open_keys, state=True),
    "outline": Look("conduct/", open_outline, NARROW, state=True),
    "terms-first": Look("conduct/", link_terms("first"), state=True),
    "terms-off": Look("conduct/", link_terms("off"), state=True),
    "search": Look("conduct/", find_something),
    "search-nothing": Look("conduct/", find_nothing, state=True),
    "menu": Look("conduct/", open_menu, NARROW, state=True),
    "models-no-match": Look("models/", choose(modality="image", provider="Maker & Co"), state=True),
    "changes-no-match": Look("changes/", choose_material("Prices"), state=True),
}

# The view in which a sample looks at every second kind of page: they take turns.
KINDS = [name for name in LOOKS if not LOOKS[name].state][::2]
SAMPLE = {name: (views := LOOKS[name].views())[turn % len(views)] for turn, name in enumerate(KINDS)}
CASES = [
    pytest.param(
        name,
        scheme,
        marks=[] if name in SAMPLE and SAMPLE[name][0] == scheme else [pytest.mark.full],
        id=f"{name}-{scheme}",
    )
    for scheme in DEVICES
    for name in LOOKS
]

LONG = {
    "project": ("", "agreement/", "terms/service-specific/", "models/", "help/", "since/"),
    "tour": ("agreement/", "models/", "terms/data-processing/", "changes/", "since/", "agreement/versions/"),
}


def test_axe_is_new_enough() -> None:
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    found = re.search(r"axe v(\d+)\.(\d+)", script)
    assert found
    assert (int(found[1]), int(found[2])) >= (4, 12)


def test_axe_sees_what_is_wrong(serve: Callable, visit: Callable, axe: Callable, tmp_path: Path) -> None:
    wrong = (
        "<!doctype html><title>x</title><h1>x</h1><div role='dialog'>y</div><p style='color: #aaa'>Hard to read.</p>"
    )
    (tmp_path / "index.html").write_text(wrong)
    page = visit(serve(tmp_path)).page
    expected = {"html-has-lang", "aria-dialog-name", "color-contrast"}
    assert {line.partition(":")[0] for line in axe(page)} >= expected
    # What it remembers of colours is not where they stand.
    page.evaluate("document.querySelector('p').style.color = 'rgb(170, 170, 171)'")
    assert {line.partition(":")[0] for line in axe(page)} >= expected
    page.evaluate("document.querySelector('p').style.color = '#000'")
    assert "color-contrast" not in {line.partition(":")[0] for line in axe(page)}


@dataclass
class Looking:
    """Looks at pages in one scheme, and remembers what is wrong with them."""

    page: Page
    axe: Callable[[Page], list[str]]
    scheme: str
    pictures: bool = False
    found: list[str] = field(default_factory=list)

    def open(self, address: str, device: str, until: str = "load") -> None:
        """Load a page again, whatever page was open before."""
        self.page.goto("about:blank")
        self.turn(device)
        self.page.goto(address, wait_until=until)  # type: ignore[arg-type]
        if self.page.locator("script[data-engross-theme]").count():
            # The theme comes when the page has loaded, and makes reachable for keys what scrolls.
            self.page.locator("html.js").wait_for(state="attached")
            self.page.evaluate(IN_A_MOMENT)

    def turn(self, device: str) -> None:
        self.page.set_viewport_size({"width": WIDTHS[device], "height": 900})

    def look(self, name: str, device: str) -> None:
        settle(self.page)
        sideways = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong = [*self.axe(self.page), *(["scrolls sideways"] if sideways > 0 else [])]
        if self.page.evaluate(IS_DARK) is not (self.scheme == "dark"):
            wrong.append("is shown in the other scheme")
        self.found += [f"{name}, {device}, {self.scheme}: {line}" for line in wrong]
        if self.pictures:
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{device}-{self.scheme}.png")


IN_A_MOMENT = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 80))))"
)

# The element that paints the page: its colours show in the text on it.
IS_DARK = """() => {
    const [red, green, blue] = getComputedStyle(document.querySelector("h1, main, body")).color.match(/[\\d.]+/g);
    return Number(red) + Number(green) + Number(blue) > 3 * 128;
}"""


def test_the_sample_is_spread_evenly_over_all_views() -> None:
    assert all(view in LOOKS[name].views() for name, view in SAMPLE.items())
    views = Counter(SAMPLE.values())
    assert set(views) == {(scheme, device) for scheme in DEVICES for device in WIDTHS}
    assert max(views.values()) - min(views.values()) <= 1


@pytest.mark.parametrize(("name", "scheme"), CASES)
def test_every_kind_of_page_is_sound(
    states: Path, serve: Callable, visit: Callable, axe: Callable, whole: bool, name: str, scheme: str
) -> None:
    look = LOOKS[name]
    base = serve(states / ("site-draft" if look.draft else "site-in-force"))
    visited = visit("about:blank", color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"])
    visited.keep_to(base)
    looking = Looking(visited.page, axe, scheme, pictures=whole)
    if look.stays:
        visited.page.route(base + "conduct/", lambda route: route.fulfill(status=204))
    devices = look.on(scheme) if whole else [SAMPLE[name][1]]
    for device in devices:
        # Once loaded, a page takes any width; what a reader has done is done anew on each.
        if look.act or device == devices[0]:
            looking.open(base + look.address, device, "commit" if look.stays else "load")
            visited.page.locator("h1").first.wait_for()
        looking.turn(device)
        if look.act:
            look.act(visited.page)
        looking.look(name, device)
    assert looking.found == []
    # No message at all: a policy that blocks something would log it here.
    assert visited.errors == []
    assert visited.outside == []


@pytest.mark.full
@pytest.mark.parametrize(("scheme", "device"), [("dark", "phone"), ("light", "desk")])
@pytest.mark.parametrize("which", LONG)
def test_long_pages_are_sound_too(
    request: pytest.FixtureRequest, serve: Callable, visit: Callable, axe: Callable, which: str, scheme: str,
    device: str,
) -> None:  # fmt: skip
    base = serve(request.getfixturevalue({"project": "site", "tour": "tour_site"}[which]))
    visited = visit("about:blank", color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"])
    visited.keep_to(base)
    looking = Looking(visited.page, axe, scheme, pictures=True)
    for address in LONG[which]:
        looking.open(base + address, device)
        looking.look(f"{which}-{address.strip('/').replace('/', '-') or 'home'}", device)
    assert looking.found == []
    assert visited.errors == []
    assert visited.outside == []
