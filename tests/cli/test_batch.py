"""`engross batch`: what workers make is what the commands make one by one."""

import base64
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from engross.cli import batch, batch_jobs, main
from engross.cli.batch_jobs import jobs_hash, result_key, result_of, run_jobs
from engross.common import EngrossError, files as files_of_engross, shared_cache
from engross.site import Workers
from executor_here import Here

TOUR = Path(__file__).parents[2] / "examples/tour"
OLD = "# Terms\n\n1. The Customer must pay.\n\n2. “Fee” means a price. See [TODO].\n"
LIST = """\
# redlines, and their checks
diff old.md new.md
diff old.md new.md --to out/redline.html

check new.md --strict
check "a name.md" --fix
import plain.txt --into docs
diff gone.md new.md
check new.md --rule no-such-rule
in tour diff agreement@1 agreement --format json
in tour check
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of the list."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795176000")
    monkeypatch.setenv("ENGROSS_PROCESSES", "1")
    Path("old.md").write_text(OLD, "utf-8")
    Path("new.md").write_text(OLD.replace("must", "shall"), "utf-8")
    Path("a name.md").write_text("# Terms\n\nAll of of it.\n", "utf-8")
    Path("plain.txt").write_text("TERMS\n\n1. The Customer must pay.\n", "utf-8")
    Path("list.txt").write_text(LIST, "utf-8")
    shutil.copytree(TOUR, tmp_path / "tour", ignore=shutil.ignore_patterns("site", ".cache"))
    return tmp_path


def run(*arguments: object) -> click.testing.Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def exits(folder: Path) -> dict[int, int]:
    rows = map(json.loads, (folder / "results.jsonl").read_text("utf-8").splitlines())
    return {row["line"]: row["exit"] for row in rows}


def test_results_are_those_of_the_commands(here: Path) -> None:
    before = files(here)
    ran = run("batch", "list.txt", "--out", "out")
    assert ran.exit_code == 2
    assert "9 commands run, 6 with an exit code other than 0; results in out" in ran.stdout
    after = {name: data for name, data in files(here).items() if not name.startswith("out/")}
    assert after == before
    assert exits(here / "out") == {2: 1, 3: 1, 5: 1, 6: 0, 7: 0, 8: 2, 9: 2, 10: 1, 11: 0}
    one = run("diff", "old.md", "new.md")
    assert (here / "out/2/output.txt").read_bytes() == one.stdout_bytes
    assert (here / "out/8/messages.txt").read_bytes() == run("diff", "gone.md", "new.md").stderr_bytes
    assert "there is no rule" in (here / "out/9/messages.txt").read_text("utf-8")
    run("diff", "old.md", "new.md", "--to", "redline.html")
    assert (here / "out/3/files/out/redline.html").read_bytes() == (here / "redline.html").read_bytes()
    assert (here / "out/6/files/a name.md").read_text("utf-8") == "# Terms\n\nAll of it.\n"
    assert [path.name for path in (here / "out/7/files/docs").iterdir()] == ["plain.md"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here / "tour")
        sealed, checked = run("diff", "agreement@1", "agreement", "--format", "json"), run("check")
    assert (here / "out/10/output.txt").read_bytes() == sealed.stdout_bytes
    assert (here / "out/11/output.txt").read_bytes() == checked.stdout_bytes


def orders(cache: Path, executor: Executor | None) -> batch._Orders:
    return batch._Orders(Workers(executor, str(cache)), Path("list.txt"))


def results(made: batch._Orders) -> list[tuple[Any, bool]]:
    return [(result, lost) for _, result, lost in made.results([*batch._lines(Path("list.txt"))])]


def test_workers_give_the_same_results_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BLOCK", 2)
    alone = results(orders(here / "one", None))
    assert results(orders(here / "two", Here())) == alone
    # What was run is found again, also by another process.
    monkeypatch.setattr(batch_jobs, "run_job", None)
    assert results(orders(here / "two", Here())) == alone


def test_one_process_finds_its_results_again(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = results(orders(here / "one", None))
    monkeypatch.setattr(batch, "run_job", None)
    assert results(orders(here / "one", None)) == first


def test_a_cache_in_the_current_folder(here: Path) -> None:
    """A command that changes a file of its folder gets the file from the cache again."""
    Path("fixes.txt").write_text('check "a name.md" --fix\ncheck "a name.md" --fix\ncheck "a name.md"\n', "utf-8")
    ran = run("batch", "fixes.txt", "--out", "made", "--cache", "kept")
    assert exits(here / "made") == {1: 0, 2: 0, 3: 0}, ran.output


def test_results_of_other_templates_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr("engross.corpus.ui_text.shipped_templates", lambda: tmp_path / "shipped")
    hashes = {jobs_hash.__wrapped__()}
    for name, text in (("a.typ", "x"), ("a.typ", "y"), ("b.typ", "y")):
        (tmp_path / "shipped" / name).write_text(text)
        hashes.add(jobs_hash.__wrapped__())
    assert len(hashes) == 4


def test_results_of_another_day_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    keys = []
    for day in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)):
        monkeypatch.setattr(batch, "now", lambda day=day: day)
        keys.append(batch.environment())
    assert keys[0] != keys[1]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert batch.environment() == {"COLUMNS": "100", "NO_COLOR": "1", "SOURCE_DATE_EPOCH": "1767225600"}


class Lost(Here):
    """All workers are lost."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_exception(ConnectionError("the worker is gone"))
        return done


def test_what_workers_do_not_run_is_run_here(here: Path) -> None:
    made = orders(here / "two", Lost())
    found = results(made)
    assert [result for result, _ in found] == [result for result, _ in results(orders(here / "one", None))]
    assert all(lost for _, lost in found)
    assert made.reason == "the worker is gone"


def test_damaged_and_unsafe_results_are_not_taken(here: Path) -> None:
    store = shared_cache(str(here / "cache"))
    job = {"arguments": ["check", "new.md"], "files": "x", "environment": {}}
    unsafe = {"exit": 0, "output": "", "messages": "", "files": {"../x": base64.b64encode(b"x").decode()}}
    for data in (b"{", b"[]", b"{}", json.dumps(unsafe).encode()):
        store.put(result_key(job), data)
        assert result_of(store, job) is None
    with pytest.raises(RuntimeError, match="another version of Engross"):
        run_jobs(str(here / "cache"), "0" * 64, [job])
    with pytest.raises(EngrossError, match="not in the cache"):
        run_jobs(str(here / "cache"), jobs_hash(), [{**job, "files": "0" * 64}])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("release", '"release" is none of the commands of a batch: check, diff, import'),
        ("in tour", "a command is missing after in tour"),
        ("in nowhere check", "there is no folder nowhere"),
        ("check /etc/passwd", "/etc/passwd leads out of the folder"),
        ("diff old.md ../new.md", "../new.md leads out of the folder"),
        ("diff old.md new.md --to=/x.html", "--to=/x.html leads out of the folder"),
        ("in .. check", ".. leads out of the folder"),
        ('check "new.md', "a quotation mark has no partner"),
    ],
)
def test_a_line_that_is_no_command_is_an_error(line: str, message: str) -> None:
    Path("list.txt").write_text(f"check new.md\n{line}\n", "utf-8")
    ran = run("batch", "list.txt", "--out", "out")
    assert ran.exit_code == 1
    assert f"list.txt:2:1: {message}" in ran.stderr
    assert not Path("out").exists()


def test_results_need_an_empty_folder() -> None:
    assert "tour is not empty" in run("batch", "list.txt", "--out", "tour").stderr
    assert "--scheduler needs --cache" in run("batch", "list.txt", "--out", "x", "--scheduler", "tcp://[::1]:1").stderr


def messages(list_: bytes, here: Path) -> tuple[int, str]:
    """The exit code and the messages for a list; nothing is left of its results."""
    (here / "list.txt").write_bytes(list_)
    ran = run("batch", "list.txt", "--out", "out")
    assert not isinstance(ran.exception, Exception), ran.exception
    assert ran.exit_code == 0 or [path.name for path in here.iterdir() if "out" in path.name] == []
    return ran.exit_code, ran.output


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (b"check new.md\ncheck n\xffw.md\n", "list.txt:2:8: this is not UTF-8"),
        ("check new.md\ncheck \u2028 \f \x85\nfrob\n".encode(), 'list.txt:3:1: "frob" is none of the commands'),
        (b"check new.md\rfrob\r", 'list.txt:2:1: "frob" is none'),
        (b"in\n", "list.txt:1:1: a folder and a command are missing after in"),
        (b"in tour\n", "list.txt:1:1: a command is missing after in tour"),
        (b"batch list.txt --out x\n", 'list.txt:1:1: "batch" is none of the commands of a batch: check, diff, import'),
        (b"check " + b"x" * 200_000 + b"\n", "list.txt:1:1: this line has 200,006 characters"),
        (b"check far.md\n", "list.txt:1:1: far.md is a link that leads out of the folder"),
        (b"check up/outside.md\n", "list.txt:1:1: up/outside.md is a link that leads out of the folder"),
        (b"in up check\n", "list.txt:1:1: up is a link that leads out of the folder"),
        (b"in linked check\n", "list.txt:1:1: linked/far.md is a link that leads out of the folder"),
        (b"check linked\n", "list.txt:1:1: linked/far.md is a link that leads out of the folder"),
        (b"in piped check\n", "list.txt:1:1: piped/pipe: it is not a regular file"),
        (b"check new.md\ncheck piped\n", "list.txt:2:1: piped/pipe: it is not a regular file"),
    ],
)
def test_lists_that_are_wrong(here: Path, lines: bytes, message: str) -> None:
    outside = here.parent / f"{here.name}-outside.md"
    outside.write_text("# Outside\n", "utf-8")
    for name in ("linked", "piped"):
        (here / name).mkdir()
    (here / "up").symlink_to(here.parent)
    for name in ("far.md", "linked/far.md"):
        (here / name).symlink_to(outside)
    os.mkfifo(here / "piped/pipe")
    code, shown = messages(lines, here)
    assert (code, message in shown) == (1 if "UTF-8" not in message else 2, True), shown


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_list_that_is_no_file_is_named(here: Path, kind: str) -> None:
    path = here / "odd.txt"
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
    ran = run("batch", "odd.txt", "--out", "out")
    assert (ran.exit_code, ran.stderr) == (2, "odd.txt: it is not a regular file\n")


def test_results_cannot_be_written_where_a_link_leads_to_itself(here: Path) -> None:
    (here / "loop").symlink_to("loop")
    ran = run("batch", "list.txt", "--out", "loop")
    assert (ran.exit_code, "loop: too many levels of symbolic links" in ran.stderr) == (1, True), ran.stderr


def test_links_that_stay_in_the_folder_are_followed(here: Path) -> None:
    (here / "links").mkdir()
    (here / "links/one.md").symlink_to(here / "old.md")
    (here / "links/more").symlink_to(here / "links")  # leads to itself
    (here / "links/gone.md").symlink_to("nothing.md")
    (here / "links/tour").symlink_to(here / "tour/docs/terms")
    lines = ("check links/one.md --strict", "in links check tour/service-levels.md", "diff new.md links/one.md")
    (here / "list.txt").write_text("\n".join(lines), "utf-8")
    assert run("batch", "list.txt", "--out", "out").exit_code == 1
    assert exits(here / "out") == {1: 1, 2: 0, 3: 1}


def test_an_empty_file_is_a_result(here: Path) -> None:
    (here / "empty.md").write_bytes(b"")
    result = {"exit": 0, "output": "", "messages": "", "files": {"a/empty.md": ""}}
    assert batch._write(here / "out/1", result) == ["a/empty.md"]
    assert (here / "out/1/files/a/empty.md").read_bytes() == b""


def test_a_batch_that_is_interrupted_leaves_nothing_half_written(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "_write", interrupted)
    ran = run("batch", "list.txt", "--out", "out")
    assert ran.exit_code == 130
    assert [path.name for path in here.iterdir() if "out" in path.name] == []


class Broken(Executor):
    """Takes no task: one of its processes was killed."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        raise BrokenExecutor("a process was killed")


def test_workers_that_take_no_task(here: Path) -> None:
    made = orders(here / "two", Broken())
    found = results(made)
    assert [lost for _, lost in found] == [True] * len(found)
    assert [result for result, _ in found] == [result for result, _ in results(orders(here / "one", None))]
    assert made.reason == "a process was killed"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--scheduler", "tcp://[::1", "--cache", "c"),
            "an address such as tls://scheduler.example.com:8786 is needed",
        ),
        (("--scheduler", "", "--cache", "c"), "an address such as tls://scheduler.example.com:8786 is needed"),
        (
            ("--cache", "list.txt"),
            "/list.txt: it cannot be written to: not a directory; name a folder or storage",
        ),
        (("--cache", "foo://x"), "foo://x: Protocol not known: foo"),
    ],
)
def test_workers_and_caches_that_cannot_be_used(here: Path, options: tuple[str, ...], message: str) -> None:
    ran = run("batch", "list.txt", "--out", "out", *options)
    assert (ran.exit_code, message in ran.output) == (2, True), (ran.output, ran.exception)
    assert not (here / "out").exists()


def test_storage_fails_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    core = pytest.importorskip("fsspec.core")

    def fail(address: str) -> None:
        raise TypeError(f"no such thing as {address}")

    monkeypatch.setattr(core, "url_to_fs", fail)
    with pytest.raises(EngrossError, match="odd://x: no such thing as odd://x"):
        shared_cache("odd://x")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc lists processes")
@pytest.mark.parametrize(
    ("how", "count"), [(signal.SIGINT, 1), (signal.SIGINT, 2), (signal.SIGTERM, 2), (signal.SIGKILL, 2)]
)
def test_no_process_and_no_file_is_left_however_the_command_ends(here: Path, how: signal.Signals, count: int) -> None:
    temporary = here / "temporary"
    temporary.mkdir()
    (here / "list.txt").write_text("check new.md\ncheck old.md\n" * 1000, "utf-8")
    heard = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from engross.cli import main; main()"
    )
    command = [sys.executable, "-c", heard, "batch", "list.txt", "--out", "out"]
    variables = os.environ | {"ENGROSS_PROCESSES": str(count), "TMPDIR": str(temporary)}
    with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        wait_for(lambda: any(here.glob(".out.*/new/40")))
        processes = children(started.pid)
        assert len(processes) >= count - 1
        started.send_signal(how)
        output, shown = started.communicate(timeout=60)
    assert output == ""
    assert "Traceback" not in shown
    assert started.returncode == (130 if how is signal.SIGINT else -how)
    wait_for(lambda: not any(map(is_running, processes)))
    if count > 1 or how is signal.SIGINT:  # a process that is killed alone can delete nothing
        wait_for(lambda: not [*temporary.iterdir()])
    if how is signal.SIGINT:
        assert not [path.name for path in here.iterdir() if "out" in path.name]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc lists processes")
def test_a_local_worker_that_is_killed_changes_no_result(here: Path) -> None:
    last = 400
    for number in range(1, last + 1):
        (here / f"{number}.md").write_text(f"# Terms\n\n1. Pay {'the the' * (number % 2)} {number}.\n", "utf-8")
    (here / "list.txt").write_text("".join(f"check {number}.md --strict\n" for number in range(1, last + 1)), "utf-8")
    command = [sys.executable, "-c", "from engross.cli import main; main()", "batch", "list.txt", "--out", "out"]
    variables = os.environ | {"ENGROSS_PROCESSES": "2"}
    with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        wait_for(lambda: any(here.glob(".out.*/new/20")))
        os.kill(max(children(started.pid)), signal.SIGKILL)
        output, shown = started.communicate(timeout=200)
    assert started.returncode == 1
    assert output == f"{last} commands run, {last // 2} with an exit code other than 0; results in out\n"
    assert "note: workers did not run" in shown
    assert "terminated abruptly" in shown
    assert exits(here / "out") == {number: number % 2 for number in range(1, last + 1)}


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_command_that_fails_with_a_traceback_is_a_result(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engross.cli.diff.terminal_text", fail_with(RecursionError("too deep")))
    Path("list.txt").write_text("diff old.md new.md\ncheck 'a name.md'\n", "utf-8")
    ran = run("batch", "list.txt", "--out", "out")
    assert (ran.exit_code, exits(here / "out")) == (1, {1: 1, 2: 0})
    assert (here / "out/1/messages.txt").read_text("utf-8").endswith("RecursionError: too deep\n")


READ = "engross.common.files._read"


def fail_in_worker(problem: OSError) -> Callable[[Path, int], bytes]:
    """Fail to read a file that a job names; the list and the cache can be read."""
    here, read = Path.cwd(), files_of_engross._read

    def fail(path: Path, most: int) -> bytes:
        if Path.cwd() != here and not Path(path).is_absolute():
            raise problem
        return read(path, most)

    return fail


@pytest.mark.parametrize(
    ("command", "failing", "number", "message"),
    [
        ("diff old.md new.md --to redline.html", "engross.cli.diff.write_file", errno.ENOSPC, "no space left"),
        ("import plain.txt --into docs", "engross.cli.import_.write_file", errno.EDQUOT, "quota exceeded"),
        ("import plain.txt --into docs", READ, errno.EIO, "input/output error"),
        ("check new.md", READ, errno.EIO, "input/output error"),
        ("check 'a name.md' --fix", "tempfile.mkstemp", errno.ENOSPC, "no space left"),
        ("check new.md", READ, errno.EMFILE, "too many open files"),
    ],
)
def test_an_error_of_a_machine_is_no_result(here: Path, command: str, failing: str, number: int, message: str) -> None:
    Path("list.txt").write_text(command, "utf-8")
    expected = results(orders(here / "one", None))
    with pytest.MonkeyPatch.context() as patch:
        made = orders(here / "two", Here())
        [(line, job)] = [(line, made._job(line)) for line in batch._lines(Path("list.txt"))]
        batch_jobs._work(str(here / "two"), job["files"])  # its files are there before the disk is full
        fail = fail_in_worker if failing == READ else fail_with
        patch.setattr(failing, fail(OSError(number, os.strerror(number))))
        [(result, lost)] = results(made)
        assert lost
        assert (result["exit"], message in base64.b64decode(result["messages"]).decode().lower()) != (0, False)
        assert result_of(shared_cache(str(here / "two")), job) is None
    assert results(orders(here / "two", Here())) == expected
    assert line.number == 1


def test_an_error_of_a_command_is_a_result(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("list.txt").write_text("check new.md", "utf-8")
    monkeypatch.setattr(READ, fail_in_worker(OSError(errno.EISDIR, os.strerror(errno.EISDIR))))
    [(result, lost)] = results(orders(here / "two", Here()))
    assert (result["exit"], lost) == (2, False)


def test_an_interrupt_of_a_command_ends_the_batch(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engross.cli.diff.terminal_text", fail_with(KeyboardInterrupt()))
    Path("list.txt").write_text("check new.md\ndiff old.md new.md\ncheck old.md\n", "utf-8")
    assert run("batch", "list.txt", "--out", "out").exit_code == 130
    assert [path.name for path in here.iterdir() if "out" in path.name] == []


def fail_with(problem: BaseException) -> Callable[..., str]:
    def fail(*_: Any, **__: Any) -> str:
        raise problem

    return fail
