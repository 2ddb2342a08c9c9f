"""`engross batch`: what workers make is what the commands make one by one."""

import base64
import json
import shutil
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from engross.cli import batch, batch_jobs, main
from engross.cli.batch_jobs import jobs_hash, result_key, result_of, run_jobs
from engross.common import EngrossError, shared_cache
from engross.site import Workers

TOUR = Path(__file__).parents[2] / "examples/tour"
OLD = "# Terms\n\n1. The Customer must pay.\n\n2. “Fee” means a price. See Section 9.\n"
LIST = """\
# redlines, and their checks
diff old.md new.md
diff old.md new.md --to out/redline.html

check new.md
check "a name.md" --fix
import plain.txt --into docs
diff gone.md new.md
check new.md --rule no-such-rule
in tour diff agreement@1 agreement --format json
in tour check
"""


class Here(Executor):
    """Runs each task at once, in this process."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as problem:
            done.set_exception(problem)
        return done


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
    return batch._Orders(Workers(executor, str(cache)))


def results(made: batch._Orders) -> list[tuple[Any, bool]]:
    return [(result, lost) for _, result, lost in made.results([*batch._lines(Path("list.txt"))])]


def test_workers_give_the_same_results_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BLOCK", 2)
    alone = results(orders(here / "one", None))
    assert results(orders(here / "two", Here())) == alone
    # What was run is found again, also by another process.
    monkeypatch.setattr(batch_jobs, "run_job", None)
    assert results(orders(here / "two", Here())) == alone


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
        ("release", "this is none of the commands of a batch: check, diff, import"),
        ("in tour", "this is none of the commands"),
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
