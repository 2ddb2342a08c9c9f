"""How soon the project's own agreement can be read in a browser whose CPU is slowed four times.

Chromium is the one the tests use (ENGROSS_CHROMIUM, or Debian's). What is measured: from the request of the page until
the reader's script has set up its controls and the page has loaded. The theme's own script comes after that.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, sync_playwright

from bench.figures import Figure, at_most

SLOWED = 4
TARGET_SECONDS = 1.0
VISITS = 7
SETTLED = 500

_TIMES = """() => {
    const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
    const ready = performance.getEntriesByName("engross-ready")[0]?.startTime ?? loaded;
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    return [ready / 1000, loaded / 1000, (painted?.startTime ?? loaded) / 1000];
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def run() -> list[Figure]:
    """The median times over some visits, each in a browser context of its own, so that nothing is cached.

    Seconds on the clock depend on what else the machine does; CPU seconds of the page (which the slowing
    lengthens as well), with the script and without it, show what is ours.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        _build(site)
        (ready, loaded, painted, used), (*_, plain) = _measure(site)
    return [
        at_most(f"agreement page ready, with the CPU slowed {SLOWED} times", max(ready, loaded), TARGET_SECONDS, "s"),
        Figure("its first text shown", painted, unit="s"),
        Figure("its CPU time, slowed so", used, unit="s"),
        Figure("the same without the reader's script", plain, unit="s"),
    ]


def _build(site: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site)]
    subprocess.run(command, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=True)


def _measure(site: Path) -> list[list[float]]:
    """The medians of (ready, loaded, first text, CPU time), with the reader's script and without it by turns."""
    chromium = os.environ.get("ENGROSS_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server, sync_playwright() as pw:
        Thread(target=server.serve_forever, daemon=True).start()
        browser = pw.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        address = f"http://127.0.0.1:{server.server_port}/agreement/"
        pairs = [(_visit(browser, address, script=True), _visit(browser, address, script=False)) for _ in range(VISITS)]
        browser.close()
        server.shutdown()
    return [[statistics.median(times) for times in zip(*visits, strict=True)] for visits in zip(*pairs, strict=True)]


def _visit(browser: Browser, address: str, *, script: bool) -> list[float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    if not script:
        page.route("**/engross.*.js", lambda route: route.abort())
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(SETTLED)
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    times: list[float] = page.evaluate(_TIMES)
    context.close()
    return [*times, metrics["TaskDuration"]]
