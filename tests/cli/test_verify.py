"""`engross verify` on valid and altered records, and on other copies of the ledger."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.error import URLError

import pytest
from cli_play import Play, engross, git
from tests.record.playing import forget_acts

from engross.common.errors import EngrossError
from engross.record import external

NO_GIT = {"PATH": "/nowhere"}


@pytest.fixture
def posted(play: Play) -> Play:
    play.posted().changed("once", "soon", "second", 1)
    return play


def cut(play: Play) -> bytes:
    """Remove the last entry with its files; return the ledger from before."""
    before = (play.root / "record/ledger.jsonl").read_bytes()
    (play.root / "record/ledger.jsonl").write_bytes(b"".join(before.splitlines(keepends=True)[:-1]))
    for path in (*play.root.glob("record/agreement/2-*"), *play.root.glob("record/changes/*")):
        if path.stem not in before.splitlines()[0].decode() and path.name.partition(".")[0][:12] not in (
            before.splitlines()[0].decode()
        ):
            path.unlink()
    return before


def test_a_whole_record(posted: Play) -> None:
    result = engross("verify")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "record/ledger.jsonl: 5 entries and 4 versions are as they were posted",
            "the last is entry 5 (post agreement@2), posted 2026-01-06T09:30:00Z; the chain's head is "
            + posted.record.head,
            "this does not detect entries removed from the end; compare with another copy: --against",
        ],
    )


def test_no_record(play: Play) -> None:
    result = engross("verify")
    assert (result.exit_code, result.stdout) == (0, "nothing was posted yet: there is no record/ledger.jsonl\n")


def test_what_was_altered(posted: Play) -> None:
    (sealed,) = posted.root.glob("record/agreement/1-*.md")
    sealed.write_bytes(sealed.read_bytes() + b"x")
    result = engross("verify")
    assert result.exit_code == 1
    assert "entry 1 (post agreement@1): this sealed file was altered" in result.stdout
    assert "1 error" in result.stdout


def test_what_was_posted_in_time_to_come(posted: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    from engross.cli import verify
    from engross.record.encoding import parse_sealed_instant

    monkeypatch.setattr(verify, "now", lambda: parse_sealed_instant("2026-01-05T10:00:00Z"))
    result = engross("verify")
    assert (result.exit_code, "which is in the future" in result.stdout) == (1, True)


def test_a_cut_tail_shows_only_against_a_copy(posted: Play) -> None:
    whole = cut(posted)
    (posted.root / "kept.jsonl").write_bytes(whole)
    assert engross("verify").exit_code == 0
    result = engross("verify", "--against", "kept.jsonl")
    assert result.exit_code == 1
    assert "entries are missing at the end: kept.jsonl has 5, this has 4. The first missing one" in result.stdout


def test_a_copy_that_is_the_beginning(posted: Play) -> None:
    lines = (posted.root / "record/ledger.jsonl").read_bytes().splitlines(keepends=True)
    (posted.root / "kept.jsonl").write_bytes(b"".join(lines[:2]))
    result = engross("verify", "--against", "kept.jsonl")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "it continues kept.jsonl")


def test_a_copy_that_is_another(posted: Play) -> None:
    other = Play(posted.root / "other")
    other.note("first", documents="agreement, data, models")
    forget_acts()
    other.release(0)
    result = engross("verify", "--against", "other/record/ledger.jsonl")
    # The same texts, posted by somebody else: nobody can make the same ledger again.
    assert (result.exit_code, "is not the same as in other/record/ledger.jsonl" in result.stdout) == (1, True)
    posted.root.joinpath("kept.jsonl").write_text("nonsense\n")
    result = engross("verify", "--against", "kept.jsonl")
    assert (result.exit_code, "kept.jsonl:1:1: entry 1 cannot be read" in result.stdout) == (1, True)


def test_a_ref_of_git(posted: Play) -> None:
    git(posted.root, "init", "-b", "main")
    git(posted.root, "add", "record")
    git(posted.root, "commit", "-m", "posted")
    assert engross("verify", "--against", "main").stdout.endswith("it continues main\n")
    cut(posted)
    assert engross("verify", "--against", "main").exit_code == 1
    result = engross("verify", "--against", "nowhere")
    assert result.exit_code == 2
    assert result.stderr.startswith("nowhere: it is neither a file nor an address, and git has no such ref: fatal: ")


def test_a_commit_whose_ledger_is_no_copy(posted: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit has no ledger, or a link, a folder, an empty file, or an endless one."""
    root, ledger = posted.root, posted.root / "record/ledger.jsonl"
    data = ledger.read_bytes()
    git(root, "init", "-b", "main")
    git(root, "add", "docs")
    git(root, "commit", "-m", "none")
    none = engross("verify", "--against", "HEAD")
    assert (none.exit_code, "HEAD: it has no ledger to compare with" in none.stderr) == (2, True)
    assert engross("verify", "--first-time", "--against", "HEAD").exit_code == 0
    ledger.write_bytes(b"")
    git(root, "add", "record")
    git(root, "commit", "-m", "empty")
    ledger.unlink()
    ledger.symlink_to("elsewhere")
    git(root, "add", "record")
    git(root, "commit", "-m", "a link")
    ledger.unlink()
    ledger.mkdir()
    (ledger / "file").write_text("x")
    git(root, "add", "record")
    git(root, "commit", "-m", "a folder")
    shutil.rmtree(ledger)
    ledger.write_bytes(data)
    git(root, "add", "record")
    git(root, "commit", "-m", "whole")
    assert engross("verify", "--against", "HEAD").exit_code == 0
    for ref in ("HEAD~1", "HEAD~2"):
        found = engross("verify", "--against", ref)
        assert (found.exit_code, "record/ledger.jsonl is not a file there" in found.stderr) == (2, True), ref
    empty = engross("verify", "--against", "HEAD~3")
    assert (empty.exit_code, "HEAD~3: this copy of the ledger is empty" in empty.stdout) == (1, True)
    monkeypatch.setattr(external, "MOST", 10)
    large = engross("verify", "--against", "HEAD")
    assert (large.exit_code, "it has more than 10 bytes, the most that is read" in large.stderr) == (2, True)


def test_a_redirect_never_leaves_what_is_encrypted() -> None:
    follow = external._Redirects().redirect_request
    asked = external.Request("https://example.com/l")
    with pytest.raises(URLError, match=re.escape("redirects to http://example.com/l, which")):
        follow(asked, BytesIO(), 302, "Found", HTTPMessage(), "http://example.com/l")
    followed = follow(asked, BytesIO(), 302, "Found", HTTPMessage(), "https://example.org/l")
    assert followed is not None
    assert followed.full_url == "https://example.org/l"


@pytest.mark.parametrize(
    ("asked", "led_to", "follows"),
    [
        ("1.1.1.1", "10.0.0.1", False), ("1.1.1.1", "127.0.0.1", False), ("1.1.1.1", "[::1]", False),
        ("1.1.1.1", "169.254.169.254", False), ("1.1.1.1", "[fd00::1]", False), ("1.1.1.1", "8.8.8.8", True),
        ("10.0.0.1", "10.0.0.2", True),
    ],
)  # fmt: skip
def test_a_redirect_never_enters_a_private_network(asked: str, led_to: str, follows: bool) -> None:
    there = f"https://{led_to}/l"
    request = external.Request(f"https://{asked}/l")
    with nullcontext() if follows else pytest.raises(URLError, match="which is not followed"):
        external._Redirects().redirect_request(request, BytesIO(), 302, "Found", HTTPMessage(), there)


def test_a_site_below_the_top_of_its_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play(tmp_path / "sites/terms").posted()
    git(tmp_path, "init", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "posted")
    monkeypatch.chdir(play.root / "docs")
    assert engross("verify", "--against", "main").exit_code == 0


def test_no_git(posted: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = engross("verify", "--against", "origin/main")
    assert (result.exit_code, "git is not installed" in result.stderr) == (2, True)


@pytest.mark.parametrize("name", ["--help-me", "docs", ""])
def test_what_is_nothing_at_all(posted: Play, name: str) -> None:
    result = engross("verify", f"--against={name}")
    assert (result.exit_code, "it is neither a file nor an address" in result.stderr) == (2, True)


class Host(BaseHTTPRequestHandler):
    """Gives the good and bad answers of hosts, by the requested path."""

    ledger = b""

    def do_GET(self) -> None:
        kind = self.path.strip("/")
        if kind in ("404", "500"):
            self.send_error(int(kind))
            return
        self.send_response(302 if kind in ("loop", "away") else 200)
        if kind in ("loop", "away"):
            self.send_header("Location", "/loop" if kind == "loop" else "file:///etc/hostname")
        if kind == "cut":
            self.send_header("Content-Length", str(len(self.ledger) + 10))
        self.end_headers()
        with suppress(OSError):
            self._answer(kind)

    def _answer(self, kind: str) -> None:
        if kind in ("whole", "cut"):
            self.wfile.write(self.ledger)
        if kind == "slow":
            for byte in self.ledger[:40]:
                self.wfile.write(bytes([byte]))
                sleep(0.1)
        if kind == "endless":
            for _ in range(200):
                self.wfile.write(self.ledger)

    def log_message(self, format: str, *args: object) -> None:
        """Log no requests."""


@pytest.fixture
def host(posted: Play, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    data = (posted.root / "record/ledger.jsonl").read_bytes()
    monkeypatch.setattr(Host, "ledger", data)
    monkeypatch.setattr(external, "SECONDS", 1)
    monkeypatch.setattr(external, "MOST", 10 * len(data))
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_address(host: str) -> None:
    assert engross("verify", "--against", f"{host}/whole").exit_code == 0


@pytest.mark.parametrize(
    ("kind", "output"),
    [
        ("500", "it answers 500 Internal Server Error"),
        ("404", "it has no ledger to compare with; if nothing was ever published there, use --first-time"),
        ("slow", "it has not answered within 1 seconds"),
        ("endless", "the most that is read"),
        ("cut", "its answer was cut off, 10 bytes before its end"),
        ("loop", "it redirects too often, or in a circle"),
        ("away", "it redirects to an address that is not https"),
    ],
)
def test_an_address_without_a_copy_that_can_be_read(host: str, kind: str, output: str) -> None:
    result = engross("verify", "--against", f"{host}/{kind}")
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith(f"{host}/{kind}: ")
    assert output in result.stderr


def test_an_empty_copy_is_an_error_and_a_missing_one_may_be_allowed(host: str) -> None:
    result = engross("verify", "--against", f"{host}/empty")
    assert (result.exit_code, "this copy of the ledger is empty" in result.stdout) == (1, True)
    assert engross("verify", "--first-time", "--against", f"{host}/404").exit_code == 0
    assert engross("verify", "--first-time", "--against", f"{host}/empty").exit_code == 1
    assert engross("verify", "--first-time", "--against", f"{host}/500").exit_code == 2


def test_no_copy_is_waited_for_without_end(posted: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(posted.root / "pipe")
    for name in ("pipe", "/dev/zero"):
        result = engross("verify", "--against", name)
        assert (result.exit_code, "it is not a regular file" in result.stderr) == (2, True)
    monkeypatch.setattr(external, "MOST", 10)
    result = engross("verify", "--against", "record/ledger.jsonl")
    assert (result.exit_code, "the most that is read" in result.stderr) == (2, True)


def test_an_address_that_is_none(posted: Play) -> None:
    for wrong in ("https://", "http://[::1", "http://x:port/", "http://é..x/", "https://exa mple/"):
        result = engross("verify", "--against", wrong)
        assert result.exit_code == 2, wrong
        assert result.stderr.startswith(f"{wrong}: it does not answer: "), wrong


def test_a_program_that_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(EngrossError, match="it exits with 1"):
        external.run(("false",), tmp_path)


def test_the_doors_can_be_others(tmp_path: Path) -> None:
    answers = {
        "rev-parse": b"c0ffee\n",
        "ls-tree": b"100644 blob beef 7\trecord/ledger.jsonl\n",
        "cat-file": b"ledger\n",
    }

    def run(command: Sequence[str], folder: Path) -> bytes:
        assert folder == tmp_path
        return next(answers[word] for word in command if word in answers)

    assert external.other_ledger("v1", tmp_path, tmp_path / "record/ledger.jsonl", run=run) == (b"ledger\n", "v1")


def test_what_is_read_otherwise_is_reported_and_is_no_failure(posted: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    from engross.record import verification

    assert engross("verify", "--reparse").stdout.endswith(
        "the present parser reads every version as it was read when it was posted\n"
    )
    monkeypatch.setattr(verification, "text_hash", lambda root: "f" * 64)
    monkeypatch.setattr(verification, "addressed", lambda document: ())
    result = engross("verify", "--reparse")
    assert result.exit_code == 0
    differences = [line for line in result.stdout.splitlines() if line.startswith("agreement@2: ")]
    assert differences[0].startswith("agreement@2: its text hash is ffffffffffff now, and ")
    assert differences[1].startswith("agreement@2: it no longer has these anchors: the-agreement, definitions, ")


def test_nothing_else_runs_programs_or_asks_addresses() -> None:
    package = Path(external.__file__).parents[1]
    doors = {"subprocess", "urllib.request", "http.client", "socket"}
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.split()[:1] in (["import"], ["from"]) and line.split()[1] in doors
    }
    # Besides, programs that run by themselves, next to a key.
    programs = {path.relative_to(package).as_posix() for path in (package / "hosting").glob("[a-z]*.py")}
    assert found == {"record/external.py", *programs}
