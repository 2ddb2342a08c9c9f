"""`engross publish` builds and packs; the package is pushed to a repository that others push to."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.workflows.publishing import PUSH, build, change, clone, git, packed, push, seal, tip

from engross.cli import main
from engross.common import EngrossError, error
from engross.corpus import Folders
from engross.hosting import push_record
from engross.record import refuse_committed_cache


def test_the_record_is_pushed_with_its_head(place: Path) -> None:
    build(place)
    done = push(place)
    assert done.returncode == 0, done.stderr
    assert (place / "output").read_text() == f"moved=false\nhead={1:064x}\n"
    assert git(place / "origin.git", "show", f"main:record/terms/1-{1:012x}.md") == "text 1"
    posted = ["record/.gitattributes", "record/ledger.jsonl", f"record/terms/1-{1:012x}.md"]
    assert git(place / "origin.git", "diff", "--name-only", "main^", "main").splitlines() == posted
    assert git(place / "origin.git", "log", "-1", "--format=%B", "main") == "Post what was merged\n\n[skip ci]"


def test_packing_leaves_the_index_as_it_is(place: Path) -> None:
    build(place)
    assert git(place / "build", "diff", "--cached", "--name-only") == ""


def test_a_later_record_continues_the_first(place: Path) -> None:
    for name in ("two", "three"):
        build(place)
        assert push(place).returncode == 0
        change(place, name)
    build(place)
    assert push(place).returncode == 0
    assert len(git(place / "origin.git", "show", "main:record/ledger.jsonl").splitlines()) == 3
    assert (place / "output").read_text().splitlines()[-1] == f"head={3:064x}"


def test_nothing_is_pushed_where_nothing_is_new(place: Path) -> None:
    build(place)
    assert push(place).returncode == 0
    before = tip(place)
    build(place)
    done = push(place)
    assert done.returncode == 0
    assert "There is nothing new to push." in done.stdout
    assert tip(place) == before
    assert (place / "output").read_text() == f"moved=false\nhead={1:064x}\n" * 2


def test_before_anything_is_posted_there_is_nothing_to_push(place: Path) -> None:
    build(place, "rm -r record")
    before = tip(place)
    done = push(place)
    assert done.returncode == 0, done.stderr
    assert tip(place) == before
    assert (place / "output").read_text() == "moved=false\nhead=\n"


def test_where_the_branch_has_moved_nothing_is_pushed_and_the_next_run_begins_again(place: Path) -> None:
    build(place)
    change(place, "two")
    moved = tip(place)
    done = push(place)
    assert done.returncode == 75
    assert "main has moved" in done.stdout
    assert tip(place) == moved
    assert (place / "output").read_text() == "moved=true\n"
    build(place)
    assert push(place).returncode == 0
    assert len(git(place / "origin.git", "show", "main:record/ledger.jsonl").splitlines()) == 2


def test_where_the_branch_moves_during_the_push_nothing_is_pushed(place: Path) -> None:
    build(place)
    # A git that lets a change be merged right before the push.
    (place / "bin").mkdir()
    rest = "PATH=${PATH#*:}"
    merge = "cd ../edit && echo two > docs/two.txt && git add . && git -c user.name=E -c user.email=e@x commit -qm two"
    (place / "bin" / "git").write_text(
        f"#!/bin/sh\n{rest}\ncase $* in *HEAD:refs/heads/main) ({merge} && git push -q origin main) ;; esac\n"
        'exec git "$@"\n'
    )
    (place / "bin" / "git").chmod(0o755)
    done = push(place, first_in_path=place / "bin")
    assert done.returncode == 75, done.stderr
    assert git(place / "origin.git", "log", "-1", "--format=%s", "main") == "two"
    assert (place / "output").read_text() == "moved=true\n"


def test_a_push_that_is_refused_for_another_reason_is_an_error(place: Path) -> None:
    build(place)
    hook = place / "origin.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the branch is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    done = push(place)
    assert done.returncode == 1
    assert "which has not moved" in done.stderr
    assert not (place / "output").exists()
    hook.unlink()
    again = [sys.executable, "-I", "-S", str(PUSH), str(packed(place))]
    assert subprocess.run(again, cwd=place / "push", check=False).returncode == 0
    assert git(place / "push", "rev-parse", "HEAD") == tip(place)


def test_of_two_pushes_at_once_one_is_accepted_and_the_other_begins_again(place: Path) -> None:
    build(place)
    for name in ("push", "other"):
        clone(place, name)
    # The first push waits for the second, however busy the machine is.
    hook = place / "origin.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\ntouch {place}/arrived-$$\nleft=300\n"
        f"while [ $(ls -d {place}/arrived-* | wc -l) -lt 2 ] && [ $left -gt 0 ]; do sleep 0.1; left=$((left-1)); done\n"
    )
    hook.chmod(0o755)
    command = [sys.executable, "-I", "-S", str(PUSH), str(packed(place))]
    running = [subprocess.Popen(command, cwd=place / name, stderr=subprocess.PIPE) for name in ("push", "other")]
    printed = [process.communicate(timeout=60)[1] for process in running]
    assert sorted(process.returncode for process in running) == [0, 75], printed
    assert len(git(place / "origin.git", "log", "--format=%s", "main").splitlines()) == 2


def test_another_branch_that_ends_with_the_name_of_the_branch_is_not_taken_for_it(place: Path) -> None:
    git(place / "origin.git", "branch", "trunk", "main")
    build(place)
    other = git(place / "origin.git", "commit-tree", "-m", "other", "main^{tree}")
    git(place / "origin.git", "update-ref", "refs/heads/refs/heads/trunk", other)
    done = push(place, branch="trunk")
    # Git itself cannot tell them apart when it pushes, and says so: the run must not end as if the branch had moved.
    assert done.returncode == 1, done.stdout
    assert "matches more than one" in done.stderr
    assert not (place / "output").exists()


def test_nothing_that_an_earlier_job_left_in_the_clone_runs_next_to_the_key(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(place)
    clone(place, "push")
    left = place / "left"
    left.write_text(f"#!/bin/sh\ntouch {place}/ran\n")
    left.chmod(0o755)
    hooks = place / "push" / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction", "post-index-change"):
        (hooks / name).symlink_to(left)
    git(place / "push", "config", "core.fsmonitor", str(left))
    monkeypatch.chdir(place / "push")
    assert push_record.main([str(packed(place))]) == 0
    assert not (place / "ran").exists()


def test_what_git_ignores_on_a_site_is_pushed_all_the_same(place: Path) -> None:
    build(place, "printf '*.md\\n/record/\\n' > .gitignore; touch record/.release record/.release.ledger")
    done = push(place)
    assert done.returncode == 0, done.stderr
    names = git(place / "origin.git", "ls-tree", "-r", "--name-only", "main", "record").splitlines()
    assert names == ["record/.gitattributes", "record/ledger.jsonl", f"record/terms/1-{1:012x}.md"]


def test_the_head_of_a_ledger_with_odd_spaces(place: Path) -> None:
    build(place, r"""sed -i 's/,"seq"/,\r"seq"/' record/ledger.jsonl""")
    done = push(place)
    assert done.returncode == 0, done.stderr
    assert (place / "output").read_text() == f"moved=false\nhead={1:064x}\n"


def test_a_branch_that_the_remote_does_not_have(place: Path) -> None:
    build(place)
    done = push(place, branch="next$(touch${IFS}made);x")
    assert done.returncode == 1
    assert "refused: git ls-remote failed" in done.stderr
    assert not (place / "push" / "made").exists()


def test_the_commit_names_what_was_posted() -> None:
    entries = [
        {"kind": "post", "document": "terms", "version": 2},
        {"kind": "set", "set": "all", "version": "2026-01-02"},
        {"kind": "post", "document": "x\n[ci] $(touch made)", "version": 1},
    ]
    assert push_record.describe(entries) == "post terms@2\nset all"


Invoke = Callable[..., Result]
AGAINST = "verify https://example.com/record/ledger.jsonl"


@pytest.fixture
def calls(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of `engross publish` in a clone, in which stand-ins take the place of verifying and building."""
    clone(place, "build")
    folder = place / "build"
    (folder / "docs" / "documents.yml").touch()
    monkeypatch.chdir(folder)
    done: list[str] = []

    def verify_here(_folders: Folders, against: list[str], *, first_time: bool) -> bool:
        done.append(" ".join(["verify", *against, *(["first"] if first_time else [])]))
        return not (folder / "altered").exists()

    def run_openly(command: tuple[str, ...], _folder: Path, environment: dict[str, str]) -> int:
        done.append(" ".join((*command[1:], environment["ENGROSS_EDITION"])))
        return int((folder / "broken").exists())

    def post_changes(_folders: Folders) -> tuple[str, ...]:
        done.append("release")
        seal(folder)
        return ("waits: terms (one, two)",) if (folder / "clash").exists() else ()

    monkeypatch.setattr("engross.cli.verify.verify_here", verify_here)
    monkeypatch.setattr("engross.cli.release.post_changes", post_changes)
    monkeypatch.setattr("engross.record.run_openly", run_openly)
    return done


def publish(*words: str, **environment: str) -> Result:
    settings = {"SITE_URL": "https://example.com/", "FIRST_TIME": "", **environment}
    return CliRunner().invoke(main, ["publish", *words], env=settings)


BUILD = "-m mkdocs build --strict in-force"


def test_the_steps_of_publishing(place: Path, calls: list[str]) -> None:
    done = publish()
    assert done.exit_code == 0, done.output
    assert calls == [AGAINST, "release", BUILD, AGAINST]
    assert packed(place).is_file()


def test_publishing_begins_without_a_cache(place: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Path(".cache/engross/archive/ab")
    seen: list[bool] = []
    monkeypatch.setattr("engross.cli.release.post_changes", lambda _: seen.append(kept.is_dir()) or ())
    for words, expected in (((), False), (("--keep-cache",), True)):
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "page").write_text("other words")
        Path(".cache/other").write_text("of another plugin")
        assert publish(*words).exit_code == 0
        assert seen.pop() is expected
        assert Path(".cache/other").exists()
    assert calls


def test_publishing_goes_on_if_changes_wait(place: Path, calls: list[str]) -> None:
    Path("clash").touch()
    done = publish()
    assert done.exit_code == 3, done.output
    assert calls == [AGAINST, "release", BUILD, AGAINST]
    assert packed(place).with_name("waiting.txt").read_text() == "waits: terms (one, two)\n"
    assert push(place).returncode == 0
    Path("clash").unlink()
    assert publish().exit_code == 0
    assert not packed(place).with_name("waiting.txt").exists()


@pytest.mark.parametrize(("name", "steps"), [("altered", 1), ("broken", 3)])
def test_a_step_that_fails_packs_nothing_and_removes_an_older_pack(
    place: Path, calls: list[str], name: str, steps: int
) -> None:
    packed(place).parent.mkdir()
    packed(place).write_text("old")
    Path(name).touch()
    assert publish().exit_code == 1
    assert len(calls) == steps
    assert list(packed(place).parent.iterdir()) == []


@pytest.mark.parametrize("printed", ["1", "true"])
def test_the_first_time_the_published_ledger_may_be_missing(calls: list[str], printed: str) -> None:
    assert publish(FIRST_TIME=printed).exit_code == 0
    assert calls == [f"{AGAINST} first", "release", BUILD, f"{AGAINST} first"]


@pytest.mark.parametrize("printed", ["", "0", "false"])
def test_without_an_address_nothing_is_published_save_for_the_first_time(calls: list[str], printed: str) -> None:
    done = publish(SITE_URL="", FIRST_TIME=printed)
    assert done.exit_code == 2
    assert "Set SITE_URL" in done.stderr
    assert calls == []


def test_the_first_time_there_need_be_no_address(calls: list[str]) -> None:
    assert publish("--first-time", SITE_URL="").exit_code == 0
    assert calls == ["verify first", "release", BUILD, "verify first"]


def test_the_first_time_an_address_that_does_not_answer_may_be_left_out(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_options: object) -> bool:
        raise EngrossError([error("outside", "http://localhost:1/", 0, 0, "it does not answer")])

    monkeypatch.setattr("engross.cli.verify.verify_here", refuse)
    done = publish("--first-time")
    assert done.exit_code == 2
    assert "leave SITE_URL (or --url) unset for this first run" in done.stderr
    assert calls == []


@pytest.mark.parametrize(
    "address", ["example.com", "https://x/$(touch made)", "https://x/;touch made", "https://x/'", "file:///etc", "-x"]
)
def test_an_address_that_is_not_one_is_refused(calls: list[str], address: str) -> None:
    done = publish(SITE_URL=address)
    assert done.exit_code == 2
    assert "an http or https address is needed" in done.stderr
    assert calls == []


def test_a_record_elsewhere_is_refused_before_anything_is_done(calls: list[str]) -> None:
    Path("mkdocs.yml").write_text("site_name: x\nplugins:\n  - engross: {record: elsewhere}\n", encoding="utf-8")
    done = publish()
    assert done.exit_code == 2
    assert "only from record/ at the root of the repository" in done.stderr
    assert calls == []


def test_a_folder_without_git_is_refused(calls: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bare")
    (folder / "docs").mkdir()
    (folder / "docs" / "documents.yml").touch()
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
        done = publish()
    assert done.exit_code == 2
    assert "not a git repository" in done.stderr
    assert calls == []


def test_pushing_loads_nothing_that_reads_a_site(place: Path) -> None:
    build(place)
    clone(place, "push")
    code = (
        "import sys; from engross.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "sys.exit(' '.join({'mkdocs', 'pydantic', 'ruamel', 'yaml', 'jinja2', 'engross.record'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", code, "publish", "--push", str(packed(place)), "--output", "../output"]
    done = subprocess.run(command, cwd=place / "push", capture_output=True, text=True, check=False)
    assert done.stderr == "\n"
    assert (place / "output").read_text() == f"moved=false\nhead={1:064x}\n"


def test_what_is_due_needs_an_address_and_does_nothing_else(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    result = CliRunner().invoke(main, ["publish", "--due"])
    assert (result.exit_code, "--due needs the public address of the site" in result.stderr) == (2, True)
    result = CliRunner().invoke(main, ["publish", "--due", "--url", "http://127.0.0.1:9/"])
    assert (result.exit_code, result.stdout.startswith("The site is due: this cannot be determined: ")) == (0, True)
    assert calls == []


def test_what_is_live_needs_an_address() -> None:
    done = publish("--live", SITE_URL="")
    assert done.exit_code == 2
    assert "set SITE_URL, or --url" in done.stderr


def test_a_pack_that_there_is_not(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place / "edit")
    done = publish("--push", "build/record.tar")
    assert done.exit_code == 1
    # Python prints it and exits with 1.
    assert "refused: it cannot be read: [Errno 2]" in str(done.exception)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        (".cache/engross/ab/cd", True),
        (".cache/engross", True),
        (".cache", True),
        (".cache/plugin/social/card.png", False),
        ("docs/.cache/engross/x", False),
        (".cached", False),
    ],
)
def test_a_cache_that_was_committed_is_refused(tmp_path: Path, name: str, refused: bool) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("/.cache/\n")
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("bytes")
    git(tmp_path, "add", "--force", name)
    if refused:
        with pytest.raises(EngrossError, match=rf"{name}: this file of the cache was committed.*git rm -r --cached"):
            refuse_committed_cache(tmp_path)
    else:
        refuse_committed_cache(tmp_path)
