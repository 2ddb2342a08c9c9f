"""Where histories are read from: a git repository, a folder of dated files, an Open Terms Archive repository.

Each becomes a `History`: the states of one document's file, oldest first, with what the source claims about their
dates. Nothing is parsed here. Of git, only commits are read, never the working tree; a history is in the order of its
commits, whatever their dates are.
"""

from __future__ import annotations

import difflib
import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import engross.common.lazy_re as re
from engross.common import EngrossError, error, read_file, value_class
from engross.model import ClaimedDate, DateKind, ImportSource, SourceKind
from engross.record import format_instant, run

RULE = "history"
MOST = 1 << 24
"""The most bytes of a text or picture that are read: 16 MiB."""
_BATCH = 100
"""The most files that git is asked for at once: each call of git has a time limit."""
_FILE, _LINK, _SUBMODULE = ("100644", "100755", "100664"), "120000", "160000"
_LFS = b"version https://git-lfs.github.com/spec/"
_TEXTS = (".md", ".markdown", ".txt", ".yml", ".yaml", ".html", ".htm", ".xhtml", ".docx")
_DATE = re.compile(r"(?<![0-9])([0-9]{4})([-_.]?)([0-9]{2})\2([0-9]{2})(?![0-9])")
_UPGRADES = ("apply technical or declaration upgrade", "refilter")
"""The beginnings of the messages of commits in which an Open Terms Archive reads a text in another way."""

Read = Callable[[Sequence[str]], list[bytes | None]]
"""Reads files of a history by their names in it, or returns None for each that does not exist."""


@value_class(frozen=True, slots=True)
class State:
    """A state of a document's file: where it is from, the date claimed for it, and its bytes.

    `refused` says why it has no text (a deleted file, a link), empty if it has. `remark` is what people should know of
    it, such as the path from which the file was renamed. `base` is the beginning of names in `History.read` that are
    next to the file.
    """

    source: ImportSource
    claimed: ClaimedDate
    data: bytes = field(default=b"", repr=False)
    refused: str = ""
    remark: str = ""
    base: str = ""


def _nothing(names: Sequence[str]) -> list[bytes | None]:
    return [None for _ in names]


@value_class(frozen=True, slots=True)
class History:
    """The states of a file, oldest first; `read` gives other files, such as pictures, by name (see `State.base`)."""

    states: tuple[State, ...]
    read: Read = _nothing


def git_history(
    folder: Path, path: str, revision: str = "HEAD", *, first_parent: bool = True, follow: bool = True
) -> History:
    """Read the history of the file `path`, relative to `folder`, which is in a git repository or is a bare one.

    With `first_parent` a merge is one state: what landed with it. With `follow` a renamed file is followed to its
    earlier names. Raises EngrossError if git is not installed, the clone is shallow, no commit has the path, or with
    `follow` the last one has it no longer.
    """
    commits = _commits(folder, path, revision, ("--first-parent",) if first_parent else ("--topo-order",), follow)
    if follow and commits[0].status == "D":
        raise _failure(path, _no_longer_there(folder, commits[0]))
    states = tuple(_state(one, SourceKind.GIT, one.committed) for one in reversed(commits))
    return _with_texts(folder, states, [one.blob for one in reversed(commits)])


def archive_history(folder: Path, name: str, revision: str = "HEAD") -> History:
    """Read the history of the terms `name` ("Service/Terms of Service") in a versions repository of Open Terms Archive.

    The date is that of the commit's author: the archive sets it to when it found the text. Raises EngrossError as
    `git_history` does.
    """
    path = name if name.endswith(".md") else f"{name}.md"
    commits = _commits(folder, path, revision, ("--first-parent",), follow=True)
    states = tuple(_state(one, SourceKind.OPEN_TERMS_ARCHIVE, one.authored) for one in reversed(commits))
    return _with_texts(folder, states, [one.blob for one in reversed(commits)])


def folder_history(folder: Path, kind: DateKind = DateKind.PUBLISHED) -> History:
    """Read a folder of files with a date in their names (terms-2019-03-01.md), by that date and then by name.

    `kind` is what the dates mean. Files without a date, and in other formats, have no text. Raises
    EngrossError if the folder cannot be read, or no file in it has a date.
    """
    try:
        found = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    except OSError as problem:
        raise _failure(str(folder), (problem.strerror or str(problem)).lower()) from None
    states = [_dated(one, kind) for one in found if one.is_symlink() or not one.is_dir()]
    if not any(one.claimed.date for one in states):
        message = (
            "no file here has a date in its name, such as terms-2019-03-01.md; rename the files, or name a path in a "
            "git repository with --path"
        )
        raise _failure(str(folder), message)
    states.sort(key=lambda one: one.claimed.date)

    def read(names: Sequence[str]) -> list[bytes | None]:
        return [_beside(folder, name) for name in names]

    return History(tuple(states), read)


def _dated(path: Path, kind: DateKind) -> State:
    day, name = _day(path.name), _sealable(path.name)
    state = State(ImportSource(SourceKind.FOLDER, name), ClaimedDate(day, kind))
    if name != path.name:
        return replace(state, refused=_NOT_UTF8)
    if not day:
        return replace(state, refused="its name has no date, such as 2019-03-01")
    if path.is_symlink():
        return replace(state, refused="it is a link, not a file")
    if path.suffix.lower() not in _TEXTS:
        return replace(
            state, refused=f"files of this kind ({path.suffix or 'no suffix'}) are not read; convert it first"
        )
    try:
        return replace(state, data=read_file(path, MOST))
    except OSError as problem:
        return replace(state, refused=f"it cannot be read: {(problem.strerror or str(problem)).lower()}")


_NOT_UTF8 = "its name is not UTF-8; rename it"


def _sealable(path: str) -> str:
    """Return a path as the record can hold it: bytes that are not UTF-8 become question marks."""
    return os.fsencode(path).decode("utf-8", "replace")


def _day(name: str) -> str:
    """The first day in a file's name, or empty if it has none."""
    for found in _DATE.finditer(name):
        try:
            return date(int(found[1]), int(found[3]), int(found[4])).isoformat()
        except ValueError:
            continue
    return ""


def _beside(folder: Path, name: str) -> bytes | None:
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        return read_file(path, MOST) if inside else None
    except OSError:
        return None


@value_class(frozen=True, slots=True)
class _Commit:
    """What a commit did to a file. Dates are in seconds since 1970; `status` is git's letter."""

    id: str
    committed: str
    authored: str
    subject: str
    mode: str
    blob: str
    status: str
    path: str
    before: str = ""


_OWN_CONFIG = tuple(
    part
    for name in (
        "log.showSignature=false", "log.showRoot=true", "log.mailmap=false", "log.follow=false",
        "i18n.logOutputEncoding=UTF-8", "diff.renames=true", "core.quotePath=false",
    )
    for part in ("-c", name)
)  # fmt: skip
"""Settings that the configuration of the repository must not change, because they change what git lists."""


def _commits(folder: Path, path: str, revision: str, order: Sequence[str], follow: bool) -> list[_Commit]:
    """The commits that changed a file, newest first."""
    _check_whole(folder, revision)
    command = (
        "git", "--literal-pathspecs", *_OWN_CONFIG, "log", *order, "-m", "--raw", "--no-abbrev", "-z",
        "--format=%H %ct %at%x00%s", *(("--follow",) if follow else ()), "--end-of-options", revision, "--", path,
    )  # fmt: skip
    found = list(_read_log(os.fsdecode(run(command, folder))))
    prefix = os.fsdecode(run(("git", "rev-parse", "--show-prefix"), folder)).removesuffix("\n")
    # Of a folder, git lists the files in it.
    if not found or found[0].path != posixpath.normpath(f"{prefix}{path}"):
        raise _failure(path, _never_there(folder, path, revision))
    return found


def _check_whole(folder: Path, revision: str) -> None:
    """Raise EngrossError if there is no repository, no such revision, or only a part of its history."""
    if not folder.is_dir():
        raise _failure(str(folder), "there is no such folder")
    try:
        shallow = run(("git", "rev-parse", "--is-shallow-repository"), folder).strip() == b"true"
    except EngrossError as failure:
        if "not a git repository" in failure.diagnostics[0].message:
            raise _failure(str(folder), "this folder is in no git repository") from None
        raise
    if shallow:
        message = "this clone is shallow and lacks earlier commits; fetch them: git fetch --unshallow"
        raise _failure(str(folder), message)
    try:
        run(("git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"), folder)
    except EngrossError:
        what = "has no commits" if revision == "HEAD" else f"has no commit {revision}"
        raise _failure(str(folder), f"the repository {what}") from None


def _no_longer_there(folder: Path, last: _Commit) -> str:
    """Why a path that was deleted is refused: an import cannot be done again when the file turns out to continue."""
    listed = os.fsdecode(
        run(("git", *_OWN_CONFIG, "diff-tree", "-r", "-M", "-z", "--root", "--raw", "--no-commit-id", last.id), folder)
    ).split("\0")
    later = [listed[at + 2] for at, one in enumerate(listed[:-2]) if " R" in one and listed[at + 1] == last.path]
    if later:
        name = _sealable(later[0])
        return f"commit {last.id[:12]} renamed it to {name}; name that path, and earlier names are followed"
    return (
        f"commit {last.id[:12]} deleted it; if the file continues under another name, name that path, and else a "
        f"commit before with --revision {last.id[:12]}~"
    )


def _never_there(folder: Path, path: str, revision: str) -> str:
    """Why a path has no history, with the paths most like it."""
    listed = os.fsdecode(run(("git", "ls-tree", "-r", "-z", "--name-only", revision), folder)).split("\0")[:-1]
    if any(one.startswith(f"{path.rstrip('/')}/") for one in listed):
        return "this is a folder in the repository; name a file in it"
    name = posixpath.basename(path)
    same = [one for one in listed if posixpath.basename(one) == name]
    alike = (same or difflib.get_close_matches(path, listed, 3, 0.6))[:3]
    return f"no commit of {revision} has this path{'; did you mean ' + ' or '.join(alike) + '?' if alike else ''}"


def _read_log(text: str) -> Iterator[_Commit]:
    """Read the output of git log: for each commit its id and dates, its subject, what changed, and one path or two.

    All parts end with NUL, which nothing that a person wrote contains, and each is read by its place.
    """
    tokens = iter(text.split("\0"))
    token = next(tokens, "").strip("\n")
    while token:
        commit, committed, authored = token.split(" ")
        subject = next(tokens, "")
        token = next(tokens, "").strip("\n")
        first = True
        while token.startswith(":"):
            _, mode, _, blob, status = token.removeprefix(":").split(" ")
            paths = [next(tokens, "") for _ in range(2 if status[0] in "RC" else 1)]
            if first:
                yield _Commit(commit, committed, authored, subject, mode, blob, status[0], paths[-1], *paths[:-1])
            first, token = False, next(tokens, "").strip("\n")


def _state(commit: _Commit, kind: SourceKind, seconds: str) -> State:
    day = _instant(seconds)
    before = _sealable(commit.before)
    remarks = [f"renamed from {before}"] if before and commit.status == "R" else []
    remarks += [f"copied from {before}"] if before and commit.status == "C" else []
    if kind is SourceKind.OPEN_TERMS_ARCHIVE and commit.subject.lower().startswith(_UPGRADES):
        remarks.append("the archive reads the text in another way")
    return State(
        ImportSource(kind, _sealable(commit.path), commit.id),
        ClaimedDate(day, DateKind.COMMITTED),
        refused=_refused(commit) or ("" if day else "the date of its commit cannot be read"),
        remark="; ".join(remarks),
        base=f"{commit.id}:",
    )


def _refused(commit: _Commit) -> str:
    if _sealable(commit.path) != commit.path:
        return _NOT_UTF8
    if commit.status == "D":
        return "the file is deleted"
    if commit.mode == _SUBMODULE:
        return "it is a submodule, not a file"
    if commit.mode == _LINK:
        return "it is a symbolic link, not a file"
    return "" if commit.mode in _FILE else f"it is not a regular file (mode {commit.mode})"


def _instant(seconds: str) -> str:
    """The instant of a commit, or empty if the record cannot have it; commits can have any date."""
    try:
        at = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return format_instant(at) if 1 < at.year < datetime.max.year else ""


def _with_texts(folder: Path, states: Sequence[State], blobs: Sequence[str]) -> History:
    """Add the texts to the states of a repository."""
    wanted = [at for at, one in enumerate(states) if not one.refused]
    texts = dict(zip(wanted, _objects(folder, [blobs[at] for at in wanted]), strict=True))
    found = (_with_text(one, texts.get(at)) if not one.refused else one for at, one in enumerate(states))
    return History(tuple(found), lambda names: _objects(folder, names))


def _with_text(state: State, data: bytes | None) -> State:
    if data is None:
        return replace(state, refused=f"git lacks this file, or it has more than {MOST >> 20} MB")
    if data.startswith(_LFS):
        return replace(state, refused="the repository has only a pointer of Git LFS, not the text")
    return replace(state, data=data)


def _objects(folder: Path, names: Sequence[str]) -> list[bytes | None]:
    """Read files of a repository by the names of objects, None for each that is missing, too large or no file."""
    found: dict[str, bytes] = {}
    files = [name for name, size in _sizes(folder, names).items() if size <= MOST]
    for start in range(0, len(files), _BATCH):
        batch = files[start : start + _BATCH]
        output, at = run(("git", "cat-file", "--batch"), folder, _lines(batch)), 0
        for name in batch:
            head = output.index(b"\n", at)
            end = head + 1 + int(output[at:head].split(b" ")[2])
            found[name] = output[head + 1 : end]
            at = end + 1
    return [found.get(name) for name in names]


def _sizes(folder: Path, names: Sequence[str]) -> dict[str, int]:
    """The size of each name that is a file, in bytes."""
    # A line end would be read as two names.
    asked = list(dict.fromkeys(name for name in names if "\n" not in name))
    if not asked:
        return {}
    check = ("git", "cat-file", "--batch-check=%(objecttype) %(objectsize)")
    answers = zip(asked, run(check, folder, _lines(asked)).splitlines(), strict=True)
    sizes = ((name, line.split(b" ")) for name, line in answers)
    # The answer about a name that is missing has another form.
    return {name: int(one[1]) for name, one in sizes if one[0] == b"blob" and one[-1].isdigit()}


def _lines(names: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(name) + b"\n" for name in names)


def _failure(what: str, why: str) -> EngrossError:
    return EngrossError([error(RULE, what, 0, 0, why)])
