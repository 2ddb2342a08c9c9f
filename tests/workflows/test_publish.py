"""A build is pushed to a repository that others push to, with fake targets in place of the real ones."""

from pathlib import Path

import pytest
from tests.workflows.publishing import build, change, git, packed, push, tip

AGAINST = "verify ARGS=--against https://example.com/record/ledger.jsonl"


def test_the_record_is_pushed_with_its_head(place: Path) -> None:
    done = build(place)
    assert done.returncode == 0, done.stderr
    assert (place / "calls").read_text().splitlines() == [AGAINST, "release", "publish", AGAINST]
    assert not (place / "output").exists()
    done = push(place)
    assert done.returncode == 0, done.stderr
    assert (place / "output").read_text() == f"moved=false\nhead={1:064x}\n"
    assert git(place / "origin.git", "show", f"main:record/terms/1-{1:012x}.md") == "text 1"
    posted = ["record/.gitattributes", "record/ledger.jsonl", f"record/terms/1-{1:012x}.md"]
    assert git(place / "origin.git", "diff", "--name-only", "main^", "main").splitlines() == posted
    assert git(place / "origin.git", "log", "-1", "--format=%B", "main") == "Post what was merged\n\n[skip ci]"


def test_a_later_record_continues_the_first(place: Path) -> None:
    for name in ("two", "three"):
        assert build(place).returncode == 0
        assert push(place).returncode == 0
        change(place, name)
    assert build(place).returncode == 0
    assert push(place).returncode == 0
    assert len(git(place / "origin.git", "show", "main:record/ledger.jsonl").splitlines()) == 3
    assert (place / "output").read_text().splitlines()[-1] == f"head={3:064x}"


def test_nothing_is_pushed_where_nothing_is_new(place: Path) -> None:
    assert build(place).returncode == 0
    assert push(place).returncode == 0
    before = tip(place)
    assert build(place).returncode == 0
    done = push(place)
    assert done.returncode == 0
    assert "There is nothing new to push." in done.stdout
    assert tip(place) == before
    assert (place / "output").read_text() == f"moved=false\nhead={1:064x}\n" * 2


def test_before_anything_is_posted_there_is_nothing_to_push(place: Path) -> None:
    done = build(place, TAMPER="rm -r record", FIRST_TIME="1")
    assert done.returncode == 0, done.stderr
    before = tip(place)
    done = push(place)
    assert done.returncode == 0, done.stderr
    assert tip(place) == before
    assert (place / "output").read_text() == "moved=false\nhead=\n"


def test_where_the_branch_has_moved_nothing_is_pushed_and_the_next_run_begins_again(place: Path) -> None:
    assert build(place).returncode == 0
    change(place, "two")
    moved = tip(place)
    done = push(place)
    assert done.returncode == 75
    assert "main has moved" in done.stdout
    assert tip(place) == moved
    assert (place / "output").read_text() == "moved=true\n"
    assert build(place).returncode == 0
    assert push(place).returncode == 0
    assert len(git(place / "origin.git", "show", "main:record/ledger.jsonl").splitlines()) == 2


def test_where_the_branch_moves_during_the_push_nothing_is_pushed(place: Path) -> None:
    assert build(place).returncode == 0
    # A git that lets a change be merged right before the push.
    rest = "PATH=${PATH#*:}"
    merge = "cd ../edit && echo two > docs/two.txt && git add . && git -c user.name=E -c user.email=e@x commit -qm two"
    (place / "no" / "git").write_text(
        f"#!/bin/sh\n{rest}\ncase $* in *HEAD:refs/heads/main) ({merge} && git push -q origin main) ;; esac\n"
        'exec git "$@"\n'
    )
    (place / "no" / "git").chmod(0o755)
    done = push(place)
    assert done.returncode == 75, done.stderr
    assert git(place / "origin.git", "log", "-1", "--format=%s", "main") == "two"
    assert (place / "output").read_text() == "moved=true\n"


def test_a_push_that_is_refused_for_another_reason_is_an_error(place: Path) -> None:
    assert build(place).returncode == 0
    hook = place / "origin.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the branch is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    done = push(place)
    assert done.returncode == 1
    assert "which has not moved" in done.stderr
    assert not (place / "output").exists()


def test_a_build_that_fails_packs_nothing(place: Path) -> None:
    (place / "refuse").touch()
    assert build(place).returncode != 0
    assert not packed(place).exists()


def test_a_published_ledger_that_cannot_be_read_stops_publishing(place: Path) -> None:
    (place / "unreadable").touch()
    assert build(place).returncode != 0
    assert (place / "calls").read_text().splitlines() == [AGAINST]
    assert not packed(place).exists()


def test_a_published_ledger_that_the_new_record_does_not_continue_stops_publishing(place: Path) -> None:
    assert build(place, TAMPER="touch unreadable").returncode != 0
    assert (place / "calls").read_text().splitlines() == [AGAINST, "release", "publish", AGAINST]
    assert not packed(place).exists()


@pytest.mark.parametrize("said", ["1", "true"])
def test_the_first_time_the_published_ledger_may_be_missing(place: Path, said: str) -> None:
    assert build(place, FIRST_TIME=said).returncode == 0
    first = f"{AGAINST} --first-time"
    assert (place / "calls").read_text().splitlines() == [first, "release", "publish", first]


@pytest.mark.parametrize("said", ["", "0", "false"])
def test_without_an_address_nothing_is_published_save_for_the_first_time(place: Path, said: str) -> None:
    done = build(place, SITE_URL="", FIRST_TIME=said)
    assert done.returncode == 2
    assert "SITE_URL is not set" in done.stderr
    assert not (place / "calls").exists()


def test_the_first_time_there_need_be_no_address(place: Path) -> None:
    assert build(place, SITE_URL="", FIRST_TIME="1").returncode == 0
    assert (place / "calls").read_text().splitlines() == ["verify", "release", "publish", "verify"]


@pytest.mark.parametrize("address", ["example.com", "https://x/$(touch made)", "https://x/;touch made", "https://x/'"])
def test_an_address_that_make_or_a_shell_would_run_is_refused(place: Path, address: str) -> None:
    done = build(place, SITE_URL=address)
    assert done.returncode == 2
    assert "must be an http or https address" in done.stderr
    assert not (place / "calls").exists()
