"""`mkdocs serve`: what it shows while files are edited, and what it watches."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from building import DAY, MKDOCS, write_site
from posting import POSTED_SITE, note, post

pytestmark = pytest.mark.slow


@dataclass
class Server:
    """A server of the site in `folder`."""

    folder: Path
    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def page(self, address: str) -> str:
        """The HTML of a page; "" where there is none."""
        try:
            with urlopen(f"{self.url}{address}", timeout=20) as answer:
                return str(answer.read(), "utf-8")
        except HTTPError:
            return ""

    def write(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def logged(self) -> str:
        return self.log.read_text("utf-8")

    def until(self, found: Callable[[], object], what: str) -> None:
        """Wait until something is found."""
        end = time.monotonic() + 60
        while not found():
            assert self.process.poll() is None, f"the server ended:\n{self.logged()}"
            assert time.monotonic() < end, f"{what}\n{self.logged()}"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a strict site, whose draft has a mistake from the start."""
    folder = tmp_path_factory.mktemp("served")
    config = MKDOCS.replace("{check: false}", "{}") + "  - In force: in-force.md\n"
    write_site(folder, {**POSTED_SITE, "mkdocs.yml": config})
    post(folder, 0, "first", note("agreement, rules, models", "Everything is posted for the first time."))
    (folder / "docs/terms/rules.md").write_text("---\ntitle: [a\n---\n# Rules\n\n<b>Raw</b> rules.\n", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"]
        # Whoever runs the tests in the background of a shell has Ctrl+C ignored, and so would the server.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | DAY,
            stdout=output,
            stderr=output,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    made = Server(folder, f"http://127.0.0.1:{port}/", log, process)
    made.until(lambda: "Serving on" in made.logged(), "it does not serve")
    yield made
    # As Ctrl+C does: MkDocs then removes its folder.
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def test_mistakes_of_one_document_and_one_note_do_not_stop_the_rest(server: Server) -> None:
    assert "This document cannot be read." in server.page("terms/rules/")
    assert "&lt;b&gt;Raw&lt;/b&gt;" in server.page("terms/rules/")
    assert "Either party may end it." in server.page("agreement/")
    server.write("docs/terms/rules.md", b"# Rules of Use\n\nBe \xff kind.\n")
    server.write("docs/changes/kinder-still.md", note("rules", "Kinder to [...]"))
    server.until(lambda: "Be \\xff kind." in server.page("terms/rules/"), "the broken encoding is not shown")
    server.until(lambda: "is still to be filled in" in server.page("changes/"), "the gap is not shown")
    assert "not UTF-8: byte 0xFF" in server.page("terms/rules/")
    server.write("docs/terms/rules.md", "# Rules of Use\n\n## Conduct\n\nBe kind to all.\n")
    server.write("docs/changes/kinder-still.md", note("rules", "Kinder to all."))
    server.until(lambda: 'id="change.kinder-still"' in server.page("changes/"), "the note is not shown")
    assert "Be kind to all." in server.page("terms/rules/")
    assert "cannot be read" not in server.page("terms/rules/")
    assert "changes only on certain grounds, and this note has none" in server.page("terms/rules/")


@pytest.mark.long
def test_a_mistake_in_the_settings_keeps_the_last_site(server: Server) -> None:
    good = (server.folder / "docs/documents.yml").read_text("utf-8")
    config = (server.folder / "mkdocs.yml").read_text("utf-8")
    for name, text, wrong in (("docs/documents.yml", good, "sets: [\n"), ("mkdocs.yml", config, "site_name: [\n")):
        failed = server.logged().count("The site was not built.") + 1
        server.write(name, wrong)
        server.until(partial(_has_failed, server, failed), f"{name} is not reported")
        assert "Either party may end it." in server.page("agreement/")
        assert "Traceback" not in server.logged()
        server.write(name, text)
    server.write("docs/index.md", "# Home\n\nRight again.\n")
    server.until(lambda: "Right again." in server.page(""), "nothing is built after the corrections")


def _has_failed(server: Server, times: int) -> bool:
    return server.logged().count("The site was not built.") >= times


@pytest.mark.long
def test_what_is_made_while_serving_is_watched(server: Server) -> None:
    server.write("templates/words.yml", 'preview: "Not posted, a sketch"\n')
    server.until(lambda: "Not posted, a sketch" in server.page(""), "a new folder of templates is not seen")
    server.write("templates/words.yml", 'preview: "Another sketch"\n')
    server.until(lambda: "Another sketch" in server.page(""), "the folder of templates is not watched")
    settings = (server.folder / "docs/documents.yml").read_text("utf-8")
    models = (server.folder / "docs/models.yml").read_text("utf-8")
    server.write("docs/models.yml", models.replace("name: Large 1", "nam: Large 1"))
    server.write("docs/documents.yml", settings + "  - {id: extra, title: Extra, kind: policy, file: new/extra.md}\n")
    server.until(lambda: "there is no file new/extra.md" in server.page("new/extra/"), "a missing file is not shown")
    server.until(lambda: "nam: Large 1" in server.page("models/"), "a mistake in models.yml is not shown")
    assert re.search(r"docs/models\.yml:\d+", server.page("models/"))
    server.write("docs/models.yml", models.replace("name: Large 1", "name: Larger"))
    server.write("docs/new/extra.md", "# Extra\n\nA new text.\n")
    server.until(lambda: "A new text." in server.page("new/extra/"), "a new document is not shown")
    server.until(lambda: "Larger" in server.page("models/"), "the corrected models.yml is not shown")
