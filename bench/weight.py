"""What a phone loads for a page, and how soon its first text is shown: the project's own site and the tour.

The bytes are those of all bodies, compressed by gzip, that a browser with an empty cache requests, the theme's script
included, which comes when the page can be read. Times are medians of some visits on a phone's screen with the CPU
slowed four times. The main thread is measured in seconds of CPU, until the page has settled.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from bench.browser import PHONE, SLOWED, build, chromium, main_thread, serving, slowed_page
from bench.figures import Figure, at_most

VISITS = 3
SETTLED = 1500
"""Milliseconds after a page has loaded in which it requests what it needs later."""
SITES = {"project": "mkdocs.yml", "tour": "examples/tour/mkdocs.yml"}
PAGES = ("", "agreement/", "agreement/versions/1/", "agreement/versions/", "models/", "changes/", "defined-terms/")
AGREEMENT, VERSION = "agreement/", "agreement/versions/1/"
MOST = {AGREEMENT: 110.0, VERSION: 20.0}
"""The most kilobytes of a page and of everything that it loads."""
FIRST_TEXT, MAIN_THREAD = 0.5, 1.2

_FIRST_TEXT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime / 1000"


def run() -> list[Figure]:
    """The kilobytes of the pages of both sites; the times of the agreement and of a version."""
    return [figure for name, config in SITES.items() for figure in _of_site(name, config)]


def _of_site(name: str, config: str) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        site, sent = Path(folder) / "site", dict[str, int]()
        build(site, config)
        with serving(site, sent) as base:
            for page in PAGES:
                yield from _of_page(browser, base, page, f"{name}: /{page}", sent)


def _of_page(browser: Browser, base: str, page: str, title: str, sent: dict[str, int]) -> Iterator[Figure]:
    times = []
    for _ in range(VISITS if page in MOST else 1):
        sent.clear()
        times.append(_visit(browser, f"{base}{page}"))
    kilobytes = sum(sent.values()) / 1000
    if page not in MOST:
        yield Figure(f"{title}, all", kilobytes, unit="KB")
        return
    yield at_most(f"{title}, all", kilobytes, MOST[page], "KB")
    for path, size in sorted(sent.items(), key=lambda one: -one[1]):
        yield Figure(f"    {path.rpartition('/')[2] or 'the page'}", size / 1000, unit="KB")
    painted, worked = (statistics.median(values) for values in zip(*times, strict=True))
    yield at_most(f"{title}, first text, CPU slowed {SLOWED} times", painted, FIRST_TEXT, "s")
    yield at_most(f"{title}, main thread, slowed so", worked, MAIN_THREAD, "s")


def _visit(browser: Browser, url: str) -> tuple[float, float]:
    """Open a page with an empty cache; return when its first text was shown, and how long its main thread worked."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    session = slowed_page(context)
    page = context.pages[-1]
    page.goto(url, wait_until="load")
    page.wait_for_timeout(SETTLED)
    found = float(page.evaluate(_FIRST_TEXT)), main_thread(session)
    context.close()
    return found
