"""The script that publishes, against a repository that others push to, with targets that stand in for the real ones."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".github" / "publish.sh"

MAKE = """\
#!/bin/sh
echo "$@" >> "$CALLS"
case $1 in
  release) mkdir -p record; n=$(cat docs/*.txt | wc -l)
    : > record/ledger.jsonl
    for i in $(seq $n); do printf '{"hash":"%064x","seq":%d}\\n' $i $i >> record/ledger.jsonl; done
    if [ -n "$MEANWHILE" ] && [ ! -e "$CALLS.done" ]; then touch "$CALLS.done"; sh "$MEANWHILE"; fi ;;
  publish) [ ! -e refuse ] ;;
esac
"""


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=Editor", "-c", "user.email=editor@example.com")
    done = subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the repository `origin.git`, a clone of it to publish from, and one to edit in."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git(tmp_path, "clone", "--quiet", "origin.git", "edit")
    change(tmp_path, "one")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tmp_path}/origin.git", "work")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "make").write_text(MAKE)
    (tmp_path / "bin" / "make").chmod(0o755)
    return tmp_path


def change(place: Path, name: str) -> None:
    folder = place / "edit"
    git(folder, "checkout", "--quiet", "-B", "main")
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / f"{name}.txt").write_text(f"{name}\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", name)
    git(folder, "push", "--quiet", "origin", "main")


def publish(place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
        "CALLS": str(place / "calls"),
        "GITHUB_OUTPUT": str(place / "output"),
        "MEANWHILE": "",
    }
    return subprocess.run(
        ["bash", str(SCRIPT)], cwd=place / "work", env=environment | more, capture_output=True, text=True, check=False
    )


def test_the_record_is_pushed_with_its_head(place: Path) -> None:
    done = publish(place)
    assert done.returncode == 0, done.stderr
    assert (place / "calls").read_text().split() == ["release", "publish"]
    assert git(place / "origin.git", "show", "main:record/ledger.jsonl").count("\n") == 0
    assert (place / "output").read_text() == f"head={1:064x}\n"


def test_nothing_is_pushed_where_nothing_is_new(place: Path) -> None:
    assert publish(place).returncode == 0
    before = git(place / "origin.git", "rev-parse", "main")
    done = publish(place)
    assert done.returncode == 0
    assert "Nothing new was posted." in done.stdout
    assert git(place / "origin.git", "rev-parse", "main") == before


def test_a_rejected_push_begins_again_from_what_was_merged(place: Path) -> None:
    meanwhile = place / "meanwhile.sh"
    meanwhile.write_text(
        f"cd {place}/edit && echo two > docs/two.txt && git add . && "
        "git -c user.name=E -c user.email=e@example.com commit -qm two && git push -q origin main\n"
    )
    done = publish(place, MEANWHILE=str(meanwhile))
    assert done.returncode == 0, done.stderr
    assert "beginning again" in done.stdout
    assert len(git(place / "origin.git", "show", "main:record/ledger.jsonl").splitlines()) == 2
    assert git(place / "origin.git", "log", "--format=%s", "main").splitlines()[:2] == ["Post what was merged", "two"]


def test_a_build_that_fails_pushes_nothing(place: Path) -> None:
    (place / "work" / "refuse").touch()
    before = git(place / "origin.git", "rev-parse", "main")
    assert publish(place).returncode != 0
    assert git(place / "origin.git", "rev-parse", "main") == before


def fake_curl(place: Path, status: int) -> None:
    (place / "bin" / "curl").write_text(f"#!/bin/sh\nprintf {status}\n")
    (place / "bin" / "curl").chmod(0o755)


def test_the_record_is_compared_with_the_live_ledger(place: Path) -> None:
    fake_curl(place, 200)
    assert publish(place, SITE_URL="https://example.com/").returncode == 0
    assert "verify ARGS=--against build/live-ledger.jsonl" in (place / "calls").read_text()


def test_before_the_first_publication_there_is_nothing_to_compare_with(place: Path) -> None:
    fake_curl(place, 404)
    done = publish(place, SITE_URL="https://example.com/")
    assert done.returncode == 0
    assert "no ledger to compare with" in done.stdout


def test_a_site_that_does_not_answer_stops_publishing(place: Path) -> None:
    fake_curl(place, 503)
    done = publish(place, SITE_URL="https://example.com/")
    assert done.returncode != 0
    assert "answers 503" in done.stderr
    assert not (place / "calls").exists()
