"""A live site without a network: the files of a folder, with what a host changes of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engross.common import EngrossError, error
from engross.record import Answer

SITE = "https://terms.example/"
TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".xml": "application/xml"}


@dataclass
class Live:
    """A host: `changed` are other bytes by relative address (None: it is gone), `sent` are headers of all answers."""

    folder: Path
    changed: dict[str, bytes | None] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=lambda: dict(TYPES))
    silent: Callable[[str], bool] = lambda name: False
    head: int = 200
    missing: int = 404
    asked: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, address: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        """Answer as a host does that serves the folder."""
        assert address.startswith(SITE)
        name = unquote(urlsplit(address).path[1:])
        self.asked.append((method, name))
        if self.silent(name):
            raise EngrossError([error("outside", address, 0, 0, "it does not answer: refused")])
        path = self.folder / (f"{name}index.html" if name.endswith("/") or not name else name)
        data = self.changed[name] if name in self.changed else path.read_bytes() if path.is_file() else None
        if data is None:
            return Answer(address, self.missing, {}, b"")
        if method == "HEAD" and self.head != 200:
            return Answer(address, self.head, {}, b"")
        kind = self.types.get(path.suffix, "application/octet-stream")
        return Answer(address, 200, {"content-type": kind, **self.sent}, data if method == "GET" else b"")

    def text(self, name: str) -> str:
        """A file of the folder."""
        return (self.folder / name).read_text("utf-8")
