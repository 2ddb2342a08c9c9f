"""What a theme with instant loading does to a page."""

from playwright.sync_api import Page

_SWAP = """async (selector) => {
    const loaded = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = loaded.querySelector(selector);
    document.querySelector(selector).replaceWith(fresh);
    for (const old of fresh.querySelectorAll("script")) {
        const script = document.createElement("script");
        if (old.src) script.src = old.src;
        else script.textContent = old.textContent;
        old.replaceWith(script);
    }
}"""


def swap(page: Page, selector: str) -> None:
    """Exchange a part of the page for the same part, loaded anew; every script element in it runs again."""
    page.evaluate(_SWAP, selector)
