"""The programs of jobs with a token: a comment that is updated in place, and the check of what is live."""

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.workflows.host import Server, serve

from engross.hosting import check_live, due, post_comment

PROGRAMS = sorted(Path(post_comment.__file__).parent.glob("[a-z]*.py"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "live").mkdir()
    with serve(tmp_path / "live") as one:
        yield one


@pytest.fixture(params=["github", "gitlab"])
def host(request: pytest.FixtureRequest, server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    for name in ("CI_API_V4_URL", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    variables = {
        "github": {
            "GITHUB_API_URL": f"{server.address}api",
            "GITHUB_REPOSITORY": "example/terms",
            "PULL_REQUEST": "5",
            "GITHUB_TOKEN": "secret",
        },
        "gitlab": {
            "CI_API_V4_URL": f"{server.address}api",
            "CI_PROJECT_ID": "3",
            "CI_MERGE_REQUEST_IID": "5",
            "ENGROSS_COMMENT_TOKEN": "secret",
        },
    }[request.param]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return server


TEXT = "<!-- engross review -->\n{}\n"


@pytest.fixture
def review(tmp_path: Path) -> Path:
    path = tmp_path / "review.md"
    path.write_text(TEXT.format("First @everyone `$(x)`"), encoding="utf-8")
    return path


def bodies(server: Server) -> list[str]:
    return [one["body"] for one in server.comments]


def post(path: Path) -> int:
    return post_comment.main([str(path)])


def test_one_comment_is_posted_and_then_updated(host: Server, review: Path) -> None:
    others = {"user": {"type": "User"}, "author": {"id": 8}}
    # Somebody else's comment with the same marker, and many others before ours.
    host.comments += [{"id": number, **others, "body": TEXT.format("Not ours")} for number in range(1, 131)]
    assert post(review) == 0
    assert bodies(host)[130:] == [TEXT.format("First @everyone `$(x)`")]
    review.write_text(TEXT.format("Second"), encoding="utf-8")
    assert post(review) == 0
    assert bodies(host)[130:] == [TEXT.format("Second")]
    assert set(bodies(host)[:130]) == {TEXT.format("Not ours")}
    assert {token for _, _, token in host.requests} <= {"Bearer secret", "secret"}


def test_without_a_token_nothing_is_asked(host: Server, review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("ENGROSS_COMMENT_TOKEN", raising=False)
    assert post(review) == 0
    assert host.requests == []


@pytest.mark.parametrize("status", [302, 403, 404, 500])
def test_a_host_that_refuses(host: Server, review: Path, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    host.refuse = status
    with pytest.raises(SystemExit) as ended:
        post(review)
    assert ended.value.code == 1
    assert f"the host answers {status}" in capsys.readouterr().err
    # No redirect is followed with the token.
    assert len(host.requests) == 1


@pytest.mark.parametrize("name", ["PULL_REQUEST", "CI_MERGE_REQUEST_IID"])
@pytest.mark.parametrize("value", ["", "x", "5/../../x"])
def test_a_number_that_is_none(
    host: Server, review: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULL_REQUEST", value)
    monkeypatch.setenv("CI_MERGE_REQUEST_IID", value)
    with pytest.raises(SystemExit) as ended:
        post(review)
    assert ended.value.code == 2
    assert host.requests == []


@pytest.mark.parametrize("text", ["", "No marker", "x <!-- engross -->", "<!-- engross\n-->", "<!-- other-bot -->"])
def test_a_text_without_a_marker_would_be_posted_again_each_time(host: Server, review: Path, text: str) -> None:
    review.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        post(review)
    assert ended.value.code == 2
    assert host.requests == []


def test_a_comment_that_is_too_long(server: Server, review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI_API_V4_URL", raising=False)
    for name, value in {"GITHUB_API_URL": server.address, "GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": "x"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PULL_REQUEST", "1")
    review.write_text(TEXT.format("x" * 65_536), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        post(review)
    assert ended.value.code == 2
    assert server.requests == []


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        post(tmp_path / "none.md")
    assert ended.value.code == 2


def test_what_is_live(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    manifest = server.site / "manifest.json"
    assert check_live.main([server.address, "a"]) == 1
    assert "404" in capsys.readouterr().err
    manifest.write_text(json.dumps({"ledger": {"entries": 2, "head": "a"}}), encoding="utf-8")
    assert check_live.main([server.address, "a"]) == 0
    assert check_live.main([server.address, "b"]) == 1
    assert "the head is 'a', not 'b'" in capsys.readouterr().err
    manifest.write_text(json.dumps({"ledger": {"entries": 0}}), encoding="utf-8")
    assert check_live.main([server.address, ""]) == 0
    manifest.write_text(json.dumps({"ledger": {"head": "b\n::error::forged" + "x" * 300}}), encoding="utf-8")
    assert check_live.main([server.address, "a"]) == 1
    output = capsys.readouterr().err
    assert "the head is 'b\\n::error::forgedxxx" in output
    assert output.count("\n") == 1
    assert len(output) < 400
    for text in ("[]", "{}x", "", "[" * 100_000):
        manifest.write_text(text, encoding="utf-8")
        assert check_live.main([server.address, "a"]) == 1
    assert check_live.main(["", "a"]) == 2


def test_an_answer_that_is_not_of_the_web(
    host: Server, review: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(*_given: object, **_named: object) -> None:
        raise http.client.BadStatusLine("SSH\n::error::forged")

    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("urllib.request.urlopen", answer)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", answer)
    assert check_live.main([host.address, "a"]) == 1
    with pytest.raises(SystemExit) as ended:
        post(review)
    assert ended.value.code == 1
    assert "\n::" not in capsys.readouterr().err


def test_it_waits_until_the_deployment_is_seen(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def deploy(_seconds: float) -> None:
        (server.site / "manifest.json").write_text('{"ledger": {"head": "a"}}', encoding="utf-8")

    monkeypatch.setattr("time.sleep", deploy)
    assert check_live.main([server.address, "a"]) == 0


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_a_program_runs_by_itself_with_the_standard_library(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(copy)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert "usage: " in done.stderr


@pytest.fixture
def slow() -> Iterator[str]:
    """The address of a host that sends its answer byte by byte, without end."""
    over = threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while not over.wait(0.05):
                    self.wfile.write(b" ")
                    self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}/"
        over.set()
        one.shutdown()


def test_a_host_that_never_ends_its_answer(slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for program, ask in ((due, due.live_manifest), (check_live, check_live.live_head)):
        monkeypatch.setattr(program, "SECONDS", 0.3)
        with pytest.raises(TimeoutError, match="it has not answered within"):
            ask(slow)


NOW = datetime(2026, 12, 15, 0, 7, tzinfo=UTC)
ANNOUNCED = {"hash": "b", "effective": "2026-12-15T00:00:00Z"}


def built(ago: timedelta, head: str = "b") -> dict[str, object]:
    return {"as_of": (NOW - ago).strftime(due.FORM), "ledger": {"head": head}}


@pytest.mark.parametrize(
    ("manifest", "entry", "why"),
    [
        (built(timedelta(hours=1)), ANNOUNCED, "what was announced for 2026-12-15T00:00:00Z takes effect"),
        (built(timedelta(minutes=7)), ANNOUNCED, ""),
        (built(timedelta(minutes=5)), ANNOUNCED, ""),
        (built(timedelta(hours=22)), {"hash": "b", "effective": "2026-12-16T00:00:00Z"}, ""),
        (built(timedelta(hours=22)), {"hash": "b"}, ""),
        (built(timedelta(hours=23)), {"hash": "b"}, "it was built for 2026-12-14T01:07:00Z"),
        (built(timedelta(hours=-1)), {"hash": "b"}, "it was built for 2026-12-15T01:07:00Z"),
        (built(timedelta(hours=1), "a"), {"hash": "b"}, "it does not show the last entry of the ledger"),
        ({**built(timedelta(hours=1)), "ledger": []}, {"hash": "b"}, "it does not show the last entry of the ledger"),
    ],
)
def test_when_a_site_is_due(manifest: dict[str, object], entry: dict[str, str], why: str) -> None:
    assert due.why_due(manifest, [{"hash": "a"}, entry], NOW) == why


def test_a_site_with_nothing_posted_is_due_each_day() -> None:
    nothing: dict[str, object] = {"as_of": "2026-12-14T20:00:00Z", "ledger": {"entries": 0}}
    assert due.why_due(nothing, [], NOW) == ""


def test_the_exit_code_says_whether_the_site_is_due(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ledger, manifest = tmp_path / "record/ledger.jsonl", server.site / "manifest.json"
    ledger.parent.mkdir()
    ledger.write_text('{"hash": "a", "effective": "2026-01-01T00:00:00Z"}\n')
    manifest.write_text(json.dumps({"as_of": datetime.now(UTC).strftime(due.FORM), "ledger": {"head": "a"}}))
    assert due.main([server.address]) == 75
    assert capsys.readouterr().out == "The site is not due.\n"
    ledger.write_text('{"hash": "b"}\n')
    assert due.main([server.address, str(ledger)]) == 0
    # If this cannot be determined, the site is published, and publishing says what is wrong.
    for text in ("{}", "[]", "", '{"as_of": "soon"}', "[" * 100_000):
        manifest.write_text(text)
        assert due.main([server.address]) == 0, text
    manifest.write_text('{"as_of": "x\\n::error::forged"}')
    ledger.write_text("[]\n")
    assert due.main([server.address]) == 0
    assert due.main([""]) == 0
    assert "\n::" not in capsys.readouterr().out
    assert due.main([]) == 2
