"""A repository to publish from, others that push to it, and the steps that publish, with a record made by hand."""

import os
import subprocess
from pathlib import Path

from engross.hosting import push_record
from engross.record import pack_changes

# A new repository gets no samples of hooks.
os.environ["GIT_TEMPLATE_DIR"] = ""

PUSH = Path(push_record.__file__)


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


def seal(folder: Path) -> None:
    """Post each line of docs/: a line of the ledger, and a sealed text."""
    lines = sum(len(path.read_text().splitlines()) for path in (folder / "docs").glob("*.txt"))
    texts = folder / "record" / "terms"
    texts.mkdir(parents=True, exist_ok=True)
    for number in range(1, lines + 1):
        (texts / f"{number}-{number:012x}.md").write_text(f"text {number}\n")
    ledger = "".join(f'{{"hash":"{number:064x}","seq":{number}}}\n' for number in range(1, lines + 1))
    (folder / "record" / "ledger.jsonl").write_text(ledger)
    (folder / "record" / ".gitattributes").write_text("* -text\n")


def build(place: Path, tamper: str = "") -> None:
    """Seal and pack the branch in a new clone, in which a shell may tamper with the record first."""
    clone(place, "build")
    seal(place / "build")
    subprocess.run(["sh", "-ec", tamper], cwd=place / "build", check=True)
    pack_changes(place / "build", packed(place))


def push(place: Path, *, branch: str = "main", first_in_path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program of the push job, in a new clone."""
    clone(place, "push")
    options = ["--branch", branch, "--output", str(place / "output")]
    command = ["python3", "-I", "-S", str(PUSH), *options, str(packed(place))]
    more = {"PATH": f"{first_in_path}:{os.environ['PATH']}"} if first_in_path else {}
    return subprocess.run(
        command, cwd=place / "push", env=os.environ | more, capture_output=True, text=True, check=False
    )


def packed(place: Path) -> Path:
    return place / "build" / "build" / "record.tar"


def clone(place: Path, name: str) -> None:
    """A new clone of the branch; one that was there before is kept under another name."""
    if (place / name).exists():
        (place / name).rename(place / f"{name}-{len(list(place.iterdir()))}")
    git(place, "clone", "--quiet", "--depth=1", f"file://{place}/origin.git", name)


def tip(place: Path) -> str:
    return git(place / "origin.git", "rev-parse", "main")
