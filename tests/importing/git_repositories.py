"""Git repositories for tests, made by git fast-import: the same commits have the same ids everywhere."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

WHO = "A <a@example.com>"
START = 1_577_836_800
"""2020-01-01T00:00:00Z."""
DAY = 86_400


@dataclass
class Repository:
    """Commits on `main`, written by `make`. `day` is that of the next commit, from 2020-01-01 on."""

    stream: list[bytes] = field(default_factory=list)
    marks: int = 0
    day: int = 0

    def commit(
        self, *changes: bytes, message: str = "Change", merges: int = 0, branch: str = "main", at: int = -1
    ) -> int:
        """Add a commit on a branch, some days after the start, and return its mark."""
        self.marks += 1
        seconds = START + (self.day if at < 0 else at) * DAY
        self.day += 1
        text = message.encode()
        head = f"commit refs/heads/{branch}\nmark :{self.marks}\nauthor {WHO} {seconds} +0000\n"
        head += f"committer {WHO} {seconds} +0000\ndata {len(text)}\n"
        merge = [f"merge :{merges}".encode()] if merges else []
        self.stream += [head.encode() + text, *merge, *changes, b""]
        return self.marks

    def branch(self, name: str, mark: int) -> None:
        """Begin a branch at a commit."""
        self.stream.append(f"reset refs/heads/{name}\nfrom :{mark}\n".encode())

    def make(self, folder: Path) -> Path:
        """Write a bare repository."""
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder], check=True)
        subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"\n".join(self.stream), check=True)
        return folder


def file(path: str, text: str | bytes, mode: str = "100644") -> bytes:
    """A change that writes a file."""
    data = text.encode() if isinstance(text, str) else text
    return f"M {mode} inline {path}\ndata {len(data)}\n".encode() + data


def link(path: str, target: str) -> bytes:
    """A change that writes a symbolic link."""
    return file(path, target, "120000")


def submodule(path: str) -> bytes:
    """A change that makes a path a submodule."""
    return f"M 160000 {'ab' * 20} {path}".encode()


def removed(path: str) -> bytes:
    """A change that deletes a file."""
    return f"D {path}".encode()


def renamed(old: str, new: str) -> bytes:
    """A change that renames a file."""
    return f"R {old} {new}".encode()


def repository_of(folder: Path, texts: Sequence[str], path: str = "terms.md") -> Path:
    """A repository with one commit for each text of a file."""
    made = Repository()
    for text in texts:
        made.commit(file(path, text))
    return made.make(folder)
