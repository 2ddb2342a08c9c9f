"""The windows and servers of browser tests, which a worker keeps: a window of its own takes a page twice the time.

A window goes back with nothing of the test in it: what the page remembered is cleared, the pointer is outside, and the
size, the media and the listeners are those of a new window.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

# Nothing but this machine has an address: what a page asks others for fails, and is recorded.
NOBODY_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
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
    NOBODY_ELSE,
)
BLANK = ".blank"
KEPT_WINDOWS = 5


def find_chromium() -> str | None:
    """The path of the Chromium to test with, or None."""
    named = os.environ.get("ENGROSS_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


class SilentHandler(SimpleHTTPRequestHandler):
    """Serves files and keeps quiet about it; `.blank` is an empty page of the same origin."""

    def do_GET(self) -> None:
        if self.path != f"/{BLANK}":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not news."""


class SilentServer(ThreadingHTTPServer):
    """Takes it calmly when a browser hangs up in the middle of an answer."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing to say: what the page misses, `Visit` records."""


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


@dataclass
class Visit:
    """An open page and what happened on it.

    `errors` are console errors, uncaught exceptions and answers of status 400 and above, each as one line;
    `outside` are the URLs the page asked another origin than `origin` for, none of which answers.
    """

    page: Page
    origin: str = "about:"
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for event, listener in self._listeners():
            self.page.context.on(event, listener)
        self.page.on("pageerror", self._raised)

    def keep_to(self, origin: str) -> None:
        """Forget what was recorded, and record from now on what does not start with `origin`."""
        self.errors.clear()
        self.outside.clear()
        self.origin = origin

    def end(self, size: Any) -> None:
        """Leave the page, and leave nothing in its window, which is given its size again."""
        page = self.page
        for event, listener in self._listeners():
            page.context.remove_listener(event, listener)
        page.remove_listener("pageerror", self._raised)
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.unroute_all()
        page.mouse.move(-1, -1)
        origin = "/".join(page.url.split("/", 3)[:3])
        if origin.startswith("http://127.0.0.1:"):
            page.goto(f"{origin}/{BLANK}")
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.emulate_media(media="null")
        if page.viewport_size != size:
            page.set_viewport_size(size)

    def _listeners(self) -> list[tuple[Any, Callable[..., None]]]:
        return [("console", self._heard), ("response", self._answered), ("request", self._asked)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text}")

    def _raised(self, error: object) -> None:
        self.errors.append(f"uncaught: {error}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self.errors.append(f"{answer.status}: {answer.url}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.outside.append(request.url)


class Windows:
    """The windows of a browser, by the options that they were opened with."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.idle: dict[str, Page] = {}

    def open(self, options: dict[str, Any]) -> Page:
        """A window that nobody uses, opened with these options of `Browser.new_context`."""
        return self.idle.pop(repr(sorted(options.items())), None) or self.new(options)

    def new(self, options: dict[str, Any]) -> Page:
        """A window of its own, to be closed with its context."""
        context = self.browser.new_context(**options)
        context.set_default_timeout(10_000)
        return context.new_page()

    def give_back(self, visit: Visit, options: dict[str, Any]) -> None:
        """Keep a window for the next who wants one with these options, and close one that was not used for long."""
        visit.end(options.get("viewport", {"width": 1280, "height": 720}))
        name = repr(sorted(options.items()))
        if name in self.idle:
            visit.page.context.close()
            return
        self.idle[name] = visit.page
        if len(self.idle) > KEPT_WINDOWS:
            self.idle.pop(next(iter(self.idle))).context.close()

    def close(self) -> None:
        """Close all."""
        for page in self.idle.values():
            page.context.close()
