"""What the benchmarks in a browser share: built sites, a server that compresses as hosts do, and Chromium.

Chromium is the one the tests use (ENGROSS_CHROMIUM, or Debian's).
"""

import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

SLOWED = 4
"""How many times slower than this machine the CPU is, as phones are."""
PHONE = {"width": 390, "height": 844}
_ROOT = Path(__file__).parent.parent
_TEXT = (".html", ".css", ".js", ".json", ".svg", ".xml", ".md")


class _Host(SimpleHTTPRequestHandler):
    """Serves a site with texts compressed by gzip, level 6, and counts the bytes that it sends."""

    def __init__(self, *args: Any, sent: dict[str, int], **options: Any) -> None:
        self.sent = sent
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        data, packed = path.read_bytes(), path.suffix in _TEXT
        data = gzip.compress(data, 6, mtime=0) if packed else data
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path.name))
        self.send_header("Content-Length", str(len(data)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(data)
        self.sent[self.path] = self.sent.get(self.path, 0) + len(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(site: Path, sent: dict[str, int]) -> Iterator[str]:
    """Serve a folder, and give its base URL, which ends in "/". `sent` collects the bytes of bodies by path."""
    handler = partial(_Host, sent=sent, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium."""
    path = os.environ.get("ENGROSS_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def slowed_page(context: BrowserContext) -> CDPSession:
    """Open a page whose CPU is slowed, and give the session with it; `context.pages[-1]` is the page."""
    session = context.new_cdp_session(context.new_page())
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    return session


def main_thread(session: CDPSession) -> float:
    """The CPU seconds that the main thread of a page has worked; the slowing lengthens them as well."""
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def build(site: Path, config: str = "mkdocs.yml") -> None:
    """Build the project's own site, or the tour (`examples/tour/mkdocs.yml`) as of its own day."""
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    if config != "mkdocs.yml":
        day = re.search(r"^TOUR_DAY := ([0-9]+)$", (_ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert day
        environment["SOURCE_DATE_EPOCH"] = day[1]
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", config, "--site-dir", str(site)]
    subprocess.run(command, cwd=_ROOT, env=environment, check=True)
