"""A repository to publish from, others to push to it, and the scripts that publish, with a fake `make`."""

import os
import subprocess
from pathlib import Path

# A new repository gets no samples of hooks.
os.environ["GIT_TEMPLATE_DIR"] = ""

SCRIPTS = Path(__file__).parents[2] / ".github"

# Each line of docs/ is posted: a line of the ledger, and a sealed text.
MAKE = """\
#!/bin/sh
echo "$@" >> "$CALLS"
case $1 in
  release) mkdir -p record/terms; n=$(cat docs/*.txt | wc -l)
    : > record/ledger.jsonl
    for i in $(seq $n); do
      printf '{"hash":"%064x","seq":%d}\\n' $i $i >> record/ledger.jsonl
      echo "text $i" > record/terms/$i-$(printf %012x $i).md
    done
    printf '* -text\\n' > record/.gitattributes
    if [ -n "$TAMPER" ]; then sh -ec "$TAMPER"; fi ;;
  publish) [ ! -e refuse ] ;;
  verify) [ ! -e unreadable ] || exit 2 ;;
esac
"""


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=Editor", "-c", "user.email=editor@example.com")
    done = subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def change(place: Path, name: str) -> None:
    """Merge a change into the branch."""
    folder = place / "edit"
    git(folder, "checkout", "--quiet", "-B", "main")
    if git(folder, "ls-remote", "origin", "main"):
        git(folder, "pull", "--quiet", "origin", "main")
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / f"{name}.txt").write_text(f"{name}\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", name)
    git(folder, "push", "--quiet", "origin", "main")


def run(place: Path, folder: str, script: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
        "CALLS": str(place / "calls"),
        "GITHUB_OUTPUT": str(place / "output"),
        "SITE_URL": "https://example.com/",
        "FIRST_TIME": "",
        "TAMPER": "",
    }
    command = ["bash", str(SCRIPTS / script), *words]
    return subprocess.run(
        command, cwd=place / folder, env=environment | more, capture_output=True, text=True, check=False
    )


def build(place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the build job, in a new clone of the branch."""
    clone(place, "build")
    if (place / "refuse").exists():
        (place / "build" / "refuse").touch()
    if (place / "unreadable").exists():
        (place / "build" / "unreadable").touch()
    return run(place, "build", "publish.sh", "build", **more)


def push(place: Path) -> subprocess.CompletedProcess[str]:
    """Run the push job, in a new clone; `make` and pip fail there."""
    clone(place, "push")
    return run(place, "push", "push.sh", str(packed(place)), PATH=f"{place / 'no'}:{os.environ['PATH']}")


def packed(place: Path) -> Path:
    return place / "build" / "build" / "record" / "record.tar"


def clone(place: Path, name: str) -> None:
    """A new clone of the branch; one that was there before is kept under another name."""
    if (place / name).exists():
        (place / name).rename(place / f"{name}-{len(list(place.iterdir()))}")
    git(place, "clone", "--quiet", "--depth=1", f"file://{place}/origin.git", name)


def tip(place: Path) -> str:
    return git(place / "origin.git", "rev-parse", "main")
