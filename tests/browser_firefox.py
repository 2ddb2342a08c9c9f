"""Firefox for tests, over WebDriver BiDi: Debian has firefox-esr, and neither geckodriver nor Playwright's own build.

BiDi is JSON over a WebSocket, and the little of that protocol that one client and one server need is here.
"""

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("firefox-esr", "firefox")
NO_FIREFOX = "no Firefox found (install it, on Debian: apt-get install firefox-esr)"
# Nothing but the pages under test may ask anyone for anything.
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
SECONDS = 60
_TEXT, _CLOSE, _PING = 1, 8, 9


class WebSocket:
    """The client's end of a WebSocket (RFC 6455) to this machine."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self.socket = socket.create_connection((host, port), timeout=SECONDS)
        self.stream = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
        )  # fmt: skip
        self.socket.sendall("\r\n".join((*lines, "", "")).encode())
        status = self.stream.readline()
        assert b" 101 " in status, status
        while self.stream.readline().strip():
            pass

    def send(self, text: str) -> None:
        """Send a message, in one masked frame."""
        data, masked = text.encode(), 0x80
        size = len(data)
        # The shortest form that holds the length, as the protocol demands.
        if size < 126:
            head = struct.pack("!B", masked | size)
        elif size < 1 << 16:
            head = struct.pack("!BH", masked | 126, size)
        else:
            head = struct.pack("!BQ", masked | 127, size)
        mask = os.urandom(4)
        key = (mask * (size // 4 + 1))[:size]
        hidden = (int.from_bytes(data) ^ int.from_bytes(key)).to_bytes(size)
        self.socket.sendall(bytes([0x80 | _TEXT]) + head + mask + hidden)

    def receive(self) -> str:
        """Return the next message."""
        message = b""
        while True:
            first, size = self._read(2)
            if size >= 126:
                (size,) = struct.unpack("!H" if size == 126 else "!Q", self._read(2 if size == 126 else 8))
            data, kind = self._read(size), first & 0x0F
            assert kind != _CLOSE, "Firefox closed the connection"
            if kind == _PING:
                continue
            message += data
            if first & 0x80:
                return message.decode()

    def _read(self, size: int) -> bytes:
        data = self.stream.read(size)
        assert len(data) == size, "Firefox closed the connection"
        return data

    def close(self) -> None:
        """End the connection."""
        self.stream.close()
        self.socket.close()


@dataclass
class Firefox:
    """A tab of a running Firefox. `messages` are errors and warnings of the console, `requests` the requested URLs
    since `open`, `failures` the requests that failed or were answered with a status of 400 and above.
    """

    wire: WebSocket
    tab: str = ""
    sent: int = 0
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def ask(self, method: str, **params: Any) -> Any:
        """Send a command, and return its result; events that come before it are recorded."""
        self.sent += 1
        self.wire.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            answer = json.loads(self.wire.receive())
            if answer.get("id") == self.sent:
                assert answer["type"] == "success", answer
                return answer["result"]
            self._record(answer.get("method", ""), answer.get("params", {}))

    def _record(self, event: str, params: dict[str, Any]) -> None:
        url = params.get("request", {}).get("url", "")
        if event == "log.entryAdded" and params["level"] in ("error", "warn"):
            self.messages.append(f"{params['level']}: {params['text']}")
        elif event == "network.beforeRequestSent":
            self.requests.append(url)
        elif event == "network.fetchError" or params.get("response", {}).get("status", 0) >= 400:
            self.failures.append(url)

    def open(self, url: str, width: int, height: int = 900) -> None:
        """Open a page in a viewport of this size, and wait until it has loaded."""
        for record in (self.messages, self.requests, self.failures):
            record.clear()
        self.ask("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})
        self.ask("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Evaluate an expression whose value, awaited if it is a promise, is JSON text, and return what it means."""
        found = self.ask(
            "script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True
        )  # fmt: skip
        assert found["type"] == "success", found
        value = found["result"].get("value")
        return json.loads(value) if isinstance(value, str) else value


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Start Firefox without windows in an empty folder, and end it. Fails where there is none."""
    name = next(filter(None, map(shutil.which, NAMES)), None)
    assert name, NO_FIREFOX
    lines = (f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines), "utf-8")
    command = [name, "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", str(profile)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, "about:blank"], stdout=quiet, stderr=quiet)
    try:
        wire = WebSocket(*_address(process, profile / "WebDriverBiDiServer.json"), "/session")
        with closing(wire):
            browser = Firefox(wire)
            browser.ask("session.new", capabilities={})
            browser.ask("session.subscribe", events=["log.entryAdded", "network"])
            browser.tab = browser.ask("browsingContext.create", type="tab")["context"]
            yield browser
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)


def _address(process: subprocess.Popen[bytes], file: Path) -> tuple[str, int]:
    """Wait for the file in which Firefox states where it listens, and return host and port."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "Firefox ended before it listened"
        try:
            found = json.loads(file.read_text("utf-8"))
            return found["ws_host"], found["ws_port"]
        except (OSError, ValueError):
            time.sleep(0.1)
    raise AssertionError("Firefox does not listen")
