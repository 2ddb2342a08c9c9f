"""Fixtures for all tests: settings of Hypothesis, a site with a record, and a browser.

What is marked `full` or `long` runs with `--full` alone; `whole` says whether a long suite is to be run whole.

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
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, sync_playwright

from axe_script import RULES_OF_AXE, axe_script
from browser_windows import CHROMIUM_ARGS, Visit, Windows, find_chromium, serving
from module_facts import Facts, read_facts, write_facts
from templates_once import compile_once, list_once
from texts_once import read_texts_once

NO_CHROMIUM = (
    "no Chromium found (install it, on Debian: apt-get install chromium-headless-shell, or chromium; "
    "or name one that is elsewhere: ENGROSS_CHROMIUM=/path/to/chromium)"
)
# "fast" while writing, "ci" the same examples on every run, "thorough" by hand now and then:
# HYPOTHESIS_PROFILE=thorough make test
PROFILES: dict[str, dict[str, Any]] = {
    "fast": {"max_examples": 40, "derandomize": True},
    "ci": {"max_examples": 200, "derandomize": True, "print_blob": True},
    "thorough": {"max_examples": 3000, "print_blob": True},
}
for _name, _options in PROFILES.items():
    settings.register_profile(_name, deadline=None, suppress_health_check=[HealthCheck.too_slow], **_options)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
# For properties of which an example takes long: `@settings.get_profile("costly")`.
settings.register_profile("costly", settings.default, max_examples=settings.default.max_examples // 4)

# Material prints a banner about MkDocs 2 when it is first imported, unless NO_MKDOCS_2_WARNING is set.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

# Commands that tests run, and the next run of the tests, find their modules compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

compile_once()
list_once()
read_texts_once()
# Documents and records are made of many objects in few cycles; looking for cycles so often takes a tenth of the time.
gc.set_threshold(50_000, 20, 20)


MEMORY = "/dev/shm"
ROOM = 4 * 1024**3

SAMPLED = "the browser matrix, long journeys, examples of properties, pairs of versions, the trials (kills, tampering)"


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
        left = [item for item in items if any(item.get_closest_marker(name) for name in ("full", "long"))]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


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
def modules(once: Callable[[str, Callable[[Path], object]], Path]) -> Mapping[Path, Facts]:
    """What is asked about each module of Engross and of the tests."""
    return read_facts(once("modules", write_facts))


@pytest.fixture(scope="session")
def tour_site(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The site of the tour; no test writes there."""
    return once("tour", build_tour_in) / "site"


@pytest.fixture
def build_tour() -> Callable[[Path], Path]:
    """Build the tour in a folder: `site = build_tour(tmp_path)`; its docs and record are put back before."""
    return build_tour_in


@pytest.fixture(scope="session")
def kept_servers() -> Iterator[Callable[[Path], str]]:
    """Serve a folder that no test writes until the worker ends."""
    bases: dict[Path, str] = {}
    with ExitStack() as stack:

        def base_of(folder: Path) -> str:
            if folder not in bases:
                bases[folder] = stack.enter_context(serving(folder))
            return bases[folder]

        yield base_of


@pytest.fixture
def serve(request: pytest.FixtureRequest, kept_servers: Callable[[Path], str]) -> Iterator[Callable[[Path], str]]:
    """Serve a folder: `base = serve(tmp_path / "site")`.

    A folder of the test is served until it ends. One that tests share has one address, so that a browser knows it.
    """
    own = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    with ExitStack() as stack:

        def base_of(folder: Path) -> str:
            return (
                stack.enter_context(serving(folder)) if own in folder.parents or folder == own else kept_servers(folder)
            )

        yield base_of


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


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Windows]:
    """The windows that a worker keeps."""
    windows = Windows(browser)
    yield windows
    windows.close()


@pytest.fixture
def visit(windows: Windows) -> Iterator[Callable[..., Visit]]:
    """Open a URL in a window in which nothing was done before: `visit(base + "terms/", java_script_enabled=False)`.

    Options are those of Playwright's `Browser.new_context` (viewport, color_scheme, reduced_motion, …). A page that is
    changed for good (by `add_init_script`) takes a window of its own: `alone=True`.
    """
    with ExitStack() as stack:

        def open_page(url: str, *, alone: bool = False, **options: Any) -> Visit:
            visit = Visit(windows.new(options) if alone else windows.open(options))
            stack.callback(visit.page.context.close if alone else partial(windows.give_back, visit, options))
            visit.keep_to("/".join(url.split("/", 3)[:3]) + "/")
            visit.page.goto(url, wait_until="load")
            return visit

        yield open_page


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
