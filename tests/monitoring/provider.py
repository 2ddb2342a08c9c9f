"""A provider on this machine that publishes licences over https, and behaves well or badly by the requested path."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

CERTIFICATE = Path(__file__).with_name("localhost.pem")


@dataclass
class Provider:
    """`pages` are media type and content by path; `redirects` lead from a path to another address."""

    address: str = ""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Path and user agent of each request."""


@contextmanager
def publishing() -> Iterator[Provider]:
    """Run the server. Its certificate is trusted where SSL_CERT_FILE names `CERTIFICATE`."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.requests.append((self.path, self.headers.get("User-Agent", "")))
            name = self.path
            if name in provider.redirects:
                self._send(302, "text/plain", b"", Location=provider.redirects[name])
            elif name.startswith("/status/"):
                self._send(int(name.rpartition("/")[2]), "text/plain", b"no")
            elif name == "/loop":
                self._send(302, "text/plain", b"", Location="/loop")
            elif name == "/changing":
                self._send(200, "text/plain", f"Licence. Served {len(provider.requests)} times.".encode())
            elif name == "/slow":
                sleep(5)
            elif name == "/large":
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):
                    for _ in range(50):
                        self.wfile.write(b"x" * (1 << 20))
            else:
                self._send(200 if name in provider.pages else 404, *provider.pages.get(name, ("text/plain", b"")))

        def _send(self, status: int, media: str, data: bytes, **headers: str) -> None:
            self.send_response(status)
            for key, value in {"Content-Type": media, "Content-Length": str(len(data)), **headers}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_given: object) -> None:
            """Log no requests."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        provider.address = f"https://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield provider
        server.shutdown()
