"""Fixtures for all tests: settings of Hypothesis, a site with a record, and a browser.

What is marked `full` runs with `--full` alone; `whole` says whether a long suite is to be run whole.

`tour_site` is the built example of a year (`examples/tour`), on its own day, and `build_tour` builds it again.

`once` fills a folder once in a run, whichever worker comes first; the sites that several tests look at are made so.

A browser test takes `serve` (a folder becomes an address on this machine), `visit` (an address becomes an open page
that remembers what it complained about and whom it asked for anything) and `axe` (what is wrong with that page for
people who cannot see it, or not well). It is marked `browser` by itself.
Without Chromium such tests are skipped and the summary says so; where ENGROSS_REQUIRE_BROWSER=1 they fail.
"""

import fcntl
import gc
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

from templates_once import compile_once, list_once
from yaml_once import scan_yaml_once

NO_CHROMIUM = (
    "no Chromium found (install it, on Debian: apt-get install chromium-headless-shell, or chromium; "
    "or name one that is elsewhere: ENGROSS_CHROMIUM=/path/to/chromium)"
)
RULES_OF_AXE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# The shell is the same browser without windows: a page of its own costs it a tenth of the time.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--no-first-run",
    "--no-pings",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-sync",
)

# "fast" while writing, "ci" the same examples on every run, "thorough" by hand now and then:
# HYPOTHESIS_PROFILE=thorough make test
PROFILES: dict[str, dict[str, Any]] = {
    "fast": {"max_examples": 60, "derandomize": True},
    "ci": {"max_examples": 200, "derandomize": True, "print_blob": True},
    "thorough": {"max_examples": 3000, "print_blob": True},
}
for _name, _options in PROFILES.items():
    settings.register_profile(_name, deadline=None, suppress_health_check=[HealthCheck.too_slow], **_options)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

# Material prints a banner about MkDocs 2 when it is first imported, unless NO_MKDOCS_2_WARNING is set.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

# Commands that tests run, and the next run of the tests, find their modules compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

compile_once()
list_once()
scan_yaml_once()
# Documents and records are made of many objects in few cycles; looking for cycles so often takes a tenth of the time.
gc.set_threshold(50_000, 20, 20)


MEMORY = "/dev/shm"
ROOM = 4 * 1024**3

SAMPLED = "the views of the browser matrix, the examples of properties and the trials (kills, tampering)"


def find_chromium() -> str | None:
    """The path of the Chromium to test with, or None."""
    named = os.environ.get("ENGROSS_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run everything, and not a sample of the long suites")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("full"):
        # Tests end processes and not the power; thousands of writes to the disk itself take half a minute.
        os.fsync = lambda handle: None
        keep_in_memory()


def keep_in_memory() -> None:
    """Put temporary folders, those of processes that tests start too, in memory where there is room for them.

    Tests write a hundred thousand small files; a disk takes three to ten times as long. TMPDIR=/tmp keeps them there.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    found = os.statvfs(MEMORY)
    if found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = MEMORY


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    if not config.getoption("full"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("full")])
        items[:] = [item for item in items if not item.get_closest_marker("full")]


@pytest.fixture(scope="session")
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether to run a long suite completely and not a sample of it."""
    return bool(request.config.getoption("full"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("full") and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        terminalreporter.write_line(f"a sample was run of {SAMPLED}; make test-full runs them whole")
    skipped = terminalreporter.stats.get("skipped", ())
    if any(NO_CHROMIUM in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"browser tests did not run: {NO_CHROMIUM}", yellow=True)


class SilentHandler(SimpleHTTPRequestHandler):
    """Serves files without logging."""

    def log_message(self, format: str, *args: object) -> None:
        """Log no requests."""


class SilentServer(ThreadingHTTPServer):
    """Ignores browsers that close a connection during an answer."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: `Visit` records failed requests."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The base URL, ending in "/", under which `folder` can be fetched for as long as this lasts."""
    with SilentServer(("127.0.0.1", 0), partial(SilentHandler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


ROOT = Path(__file__).parent.parent
TOUR = ROOT / "examples/tour"


def tour_day() -> int:
    """The day of `make tour`, in seconds since 1970."""
    found = re.search(r"^TOUR_DAY := ([0-9]+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert found
    return int(found[1])


def build_tour_in(folder: Path) -> Path:
    """Build the tour in a folder, which gets its own copy of it if it has none, and give its site.

    Strictly, as `make tour` does; what it warns of is an error.
    """
    for name in ("docs", "record"):
        shutil.copytree(TOUR / name, folder / name, dirs_exist_ok=True)
    shutil.copy(TOUR / "mkdocs.yml", folder)
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=folder,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(tour_day())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return folder / "site"


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Fill a folder once for all workers of a run: `folder = once("tour", build_tour_in)`.

    The first to come makes it while the others wait; no test writes there. What failed is tried by the next.
    """
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder_of(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = root / f"once-{name}", root / f"once-{name}.done"
        with (root / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def tour_site(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The site of the tour; no test writes there."""
    return once("tour", build_tour_in) / "site"


@pytest.fixture
def build_tour() -> Callable[[Path], Path]:
    """Build the tour in a folder: `site = build_tour(tmp_path)`; its docs and record are put back before."""
    return build_tour_in


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder until the test ends: `base = serve(tmp_path / "site")`."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@dataclass
class Visit:
    """An open page and what happened on it.

    `errors` are console errors, uncaught exceptions and answers of status 400 and above, each as one line;
    `outside` are the URLs the page asked another origin for, none of which was let through.
    """

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def watch(self, origin: str) -> None:
        """Begin recording; every request that does not start with `origin` is refused."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))
        self.keep_to(origin)

    def keep_to(self, origin: str) -> None:
        """Forget what was recorded, and refuse from now on what does not start with `origin`."""
        self.errors.clear()
        self.outside.clear()
        self.page.context.unroute_all()
        self.page.context.route(lambda url: not url.startswith((origin, "data:", "blob:")), self._refuse)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.errors.append(f"{status}: {url}")

    def _refuse(self, route: Route) -> None:
        self.outside.append(route.request.url)
        route.abort()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once per worker."""
    chromium = find_chromium()
    if chromium is None:
        if os.environ.get("ENGROSS_REQUIRE_BROWSER") == "1":
            pytest.fail(NO_CHROMIUM, pytrace=False)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a URL in a browser context of its own: `visit(base + "terms/", java_script_enabled=False)`.

    Options are those of Playwright's `Browser.new_context` (viewport, color_scheme, reduced_motion, …).
    """
    with ExitStack() as stack:

        def open_page(url: str, **options: Any) -> Visit:
            context = browser.new_context(**options)
            stack.callback(context.close)
            context.set_default_timeout(10_000)
            visit = Visit(context.new_page())
            visit.watch("/".join(url.split("/", 3)[:3]) + "/")
            visit.page.goto(url, wait_until="load")
            return visit

        yield open_page


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Callable[[str, str], Visit]]:
    """A window in a scheme, kept to an origin: `window("dark", serve(site))`. It is used again, since a new one takes
    longer than a page in it; who serves a folder anew has an origin, and so a memory, of its own.
    """
    opened: dict[str, Visit] = {}

    def window_in(scheme: Any, origin: str) -> Visit:
        if scheme not in opened:
            # One for each scheme: the theme remembers the first that it was seen in.
            context = browser.new_context(color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"])
            context.set_default_timeout(10_000)
            opened[scheme] = Visit(context.new_page())
            opened[scheme].watch(origin)
        opened[scheme].page.goto("about:blank")
        opened[scheme].page.unroute_all()
        opened[scheme].keep_to(origin)
        return opened[scheme]

    yield window_in
    for visit in opened.values():
        visit.page.context.close()


AXE_READS_A_COLOUR = '{key:"parseString",value:function(t){'
AXE_HAS_READ_A_COLOUR = "this.r=n.r,this.g=n.g,this.b=n.b,this.alpha=+n.alpha}catch"


def axe_script() -> str:
    """Axe, that remembers how a colour is read: it asks for the same few so often that it takes a third of its time."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    assert script.count(AXE_READS_A_COLOUR) == script.count(AXE_HAS_READ_A_COLOUR) == 1
    asked = "const known=(globalThis.readColours??=new Map),words=t,kept=known.get(words);"
    answered = "if(kept)return[this.r,this.g,this.b,this.alpha]=kept,this;"
    keep = "known.set(words,[n.r,n.g,n.b,+n.alpha])}catch"
    script = script.replace(AXE_READS_A_COLOUR, AXE_READS_A_COLOUR + asked + answered)
    return script.replace(AXE_HAS_READ_A_COLOUR, AXE_HAS_READ_A_COLOUR.replace("}catch", f",{keep}"))


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds wrong with an open page, one line an element; nothing is let through.

    The script is handed to the page by the browser's own door, which no Content-Security-Policy closes.
    """
    script = axe_script()

    def violations(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, reporter: 'no-passes'}).then(found => found.violations)",
            list(RULES_OF_AXE),
        )
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
