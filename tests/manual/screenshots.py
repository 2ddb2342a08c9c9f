"""Takes the pictures of the README and the manual: `python -m tests.manual.screenshots`, after `make site tour`."""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tests.browser_windows import CHROMIUM_ARGS, find_chromium, serving

ROOT = Path(__file__).parent.parent.parent
IMAGES = ROOT / "manual/docs/images"
SIZE = {"width": 1100, "height": 620}


def definition(page: Page, base: str) -> None:
    """Open a clause of the agreement, and the definition of a term in it."""
    page.goto(f"{base}agreement/#provision-of-the-services", wait_until="load")
    page.wait_for_timeout(1500)
    page.locator("[id^='provision-of-the-services'] >> a:text-is('Customer Application')").first.hover()
    page.wait_for_timeout(1000)


def redline(page: Page, base: str) -> None:
    """Open the redline of a posted change."""
    page.goto(f"{base}agreement/versions/11/from-10/", wait_until="load")
    page.set_viewport_size({**SIZE, "height": 920})
    page.get_by_role("checkbox").check()
    page.locator("h1").first.evaluate("heading => heading.scrollIntoView()")


def main() -> None:
    """Write one picture for each."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        for name, folder, opened in (
            ("definition", ROOT / "site", definition),
            ("redline", ROOT / "examples/tour/site", redline),
        ):
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            with serving(folder) as base:
                opened(page, base)
                page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
