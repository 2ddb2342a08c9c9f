"""How soon the project's own agreement can be read in a browser whose CPU is slowed four times.

What is measured: from the request of the page until the reader's script has set up its controls and the page has
loaded. The theme's own script comes after that.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from bench.browser import SLOWED, build, chromium, main_thread, serving, slowed_page
from bench.figures import Figure, at_most

TARGET_SECONDS = 1.0
VISITS = 7
SETTLED = 500

_TIMES = """() => {
    const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
    const ready = performance.getEntriesByName("engross-ready")[0]?.startTime ?? loaded;
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    return [ready / 1000, loaded / 1000, (painted?.startTime ?? loaded) / 1000];
}"""


def run() -> list[Figure]:
    """The median times over some visits, each in a browser context of its own, so that nothing is cached.

    Seconds on the clock depend on what else the machine does; CPU seconds of the page (which the slowing
    lengthens as well), with the script and without it, show what is ours.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        build(site)
        (ready, loaded, painted, used), (*_, plain) = _measure(site)
    return [
        at_most(f"agreement page ready, with the CPU slowed {SLOWED} times", max(ready, loaded), TARGET_SECONDS, "s"),
        Figure("its first text shown", painted, unit="s"),
        Figure("its CPU time, slowed so", used, unit="s"),
        Figure("the same without the reader's script", plain, unit="s"),
    ]


def _measure(site: Path) -> list[list[float]]:
    """The medians of (ready, loaded, first text, CPU time), with the reader's script and without it by turns."""
    with serving(site, {}) as base, chromium() as browser:
        address = f"{base}agreement/"
        pairs = [(_visit(browser, address, script=True), _visit(browser, address, script=False)) for _ in range(VISITS)]
    return [[statistics.median(times) for times in zip(*visits, strict=True)] for visits in zip(*pairs, strict=True)]


def _visit(browser: Browser, address: str, *, script: bool) -> list[float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    session = slowed_page(context)
    page = context.pages[-1]
    if not script:
        page.route("**/engross.*.js", lambda route: route.abort())
    page.goto(address, wait_until="load")
    page.wait_for_timeout(SETTLED)
    times: list[float] = page.evaluate(_TIMES)
    worked = main_thread(session)
    context.close()
    return [*times, worked]
