"""A push may only add to the record: anything else in the package of a build is refused."""

import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.workflows.publishing import PUSH, build, change, git, packed, push, tip

from engross.hosting import push_record
from engross.record.sealed_files import FOR_GIT

ROOT = Path(__file__).parents[2]
TEXT = f"record/terms/1-{1:012x}.md"


def refused(place: Path, tamper: str) -> str:
    build(place, tamper)
    return refused_push(place)


def refused_push(place: Path) -> str:
    before = tip(place)
    done = push(place)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert tip(place) == before
    assert not (place / "output").exists()
    return done.stderr


def said_to(check: Callable[..., object], *given: object) -> str:
    with pytest.raises(SystemExit) as ended:
        check(*given)
    return str(ended.value)


def test_a_ledger_that_does_not_begin_with_that_of_the_branch(posted: Path) -> None:
    assert "does not begin with the ledger of the branch" in refused(posted, "sed -i 1d record/ledger.jsonl")


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [lines[0].replace(b'1"', b'2"', 1), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0][:-1] + b" \n", *lines[1:]],
        lambda lines: [lines[0][:20]],
    ],
)
def test_every_byte_of_the_ledger_of_the_branch_stays(tamper: Callable[[list[bytes]], list[bytes]]) -> None:
    lines = [f'{{"hash":"{number:064x}","seq":{number}}}\n'.encode() for number in (1, 2)]
    assert [entry["seq"] for entry in push_record.read_added(lines[0], b"".join(lines))] == [2]
    printed = said_to(push_record.read_added, lines[0], b"".join(tamper(lines)))
    assert "does not begin with the ledger of the branch" in printed


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        ("printf x >> record/ledger.jsonl", "whole line"),
        ("git checkout -q HEAD record/ledger.jsonl", "without a new line"),
        ("rm record/ledger.jsonl", "without a new line"),
    ],
)
def test_a_ledger_that_is_not_whole(posted: Path, tamper: str, why: str) -> None:
    assert why in refused(posted, tamper)


@pytest.mark.parametrize(
    ("line", "why"), [(b"x", "whole line"), (b"x\n", "no JSON"), (b"[]\n", "no entry with a hash")]
)
def test_a_new_line_that_is_no_entry(line: bytes, why: str) -> None:
    assert why in said_to(push_record.read_added, b"", line)


def test_a_file_whose_name_is_not_of_something_sealed(posted: Path) -> None:
    assert "not the name of a sealed file" in refused(posted, "echo x > record/x")


@pytest.mark.parametrize(
    "path",
    [
        "record/x",
        "record/terms/2-x.md",
        "record/terms/0-000000000001.md",
        "record/terms/3-000000000001.sh",
        "record/terms/3-000000000001.md.sh",
        "record/terms/deep/3-000000000001.md",
        "record/terms/.gitattributes",
        "record/Terms/3-000000000001.md",
        "record/changes/000000000001.tree.json",
        "record/pictures/flow.png",
        "docs/x.md",
        ".engross/push_record.py",
        "record/../docs/x.md",
        "/record/x",
        ".git/config",
        "record/ledger.jsonl/x",
    ],
)
def test_every_name_that_is_not_of_something_sealed(path: str) -> None:
    assert "not the name of a sealed file" in said_to(push_record.check_file, path, b"x\n")


@pytest.mark.parametrize("path", [f"record/pictures/{'0' * 64}.png", f"record/terms/3-{'0' * 12}.seal.json"])
def test_a_file_that_does_not_have_the_bytes_of_its_name(posted: Path, path: str) -> None:
    assert "bytes that its name says" in refused(posted, f"mkdir -p $(dirname {path}); echo x > {path}")


def test_a_file_for_git_that_is_not_as_a_release_writes_it(posted: Path) -> None:
    assert "not as a release writes it" in refused(posted, "echo '*' > record/.gitignore; git add -f record/.gitignore")
    assert "sealed" in refused(posted, "echo '* text' > record/.gitattributes")


def test_the_files_for_git_are_those_of_a_release() -> None:
    assert {f"record/{name}": content for name, content in FOR_GIT.items()} == push_record.FOR_GIT
    sealed = [
        path.relative_to(folder.parent).as_posix()
        for folder in (ROOT / "record", *(ROOT / "tests/released/0.1").glob("*/record"))
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (*FOR_GIT, "ledger.jsonl")
    ]
    assert len(sealed) > 50
    assert [path for path in sealed if not push_record.SEALED.fullmatch(path)] == []


def test_a_symbolic_link(posted: Path) -> None:
    assert "no regular file" in refused(posted, "ln -s /etc/passwd record/terms/3-000000000003.md")
    assert "no regular file" in refused(posted, "rm -r record/terms; ln -s ../docs record/terms")


def test_a_sealed_file_that_is_deleted_or_replaced(posted: Path) -> None:
    assert "no new redaction" in refused(posted, f"rm {TEXT}")
    assert "no new redaction" in refused(posted, f"echo other > {TEXT}")


def redaction(**more: object) -> str:
    entry = {"kind": "redact", "hash": "a" * 64, "document": "terms", "version": 1, "was": f"{1:012x}".ljust(64, "0")}
    return f"echo '{json.dumps(entry | more)}' >> record/ledger.jsonl"


@pytest.mark.parametrize("was", [f"{1:012x}".ljust(64, "0"), {"source": f"{1:064x}"[-12:], "text": "b", "tree": "c"}])
def test_a_redaction_deletes_what_it_replaces(posted: Path, was: object) -> None:
    build(posted, f"rm {TEXT}; echo new > record/terms/1-00000000000a.md; {redaction(was=was)}")
    done = push(posted)
    assert done.returncode == 0, done.stderr
    files = git(posted / "origin.git", "ls-tree", "-r", "--name-only", "main", "record/terms/").splitlines()
    assert files == ["record/terms/1-00000000000a.md", f"record/terms/2-{2:012x}.md"]


@pytest.mark.parametrize(
    "more", [{"version": 2}, {"version": ".*"}, {"document": "other"}, {"was": "f" * 64}, {"was": ".*"}, {"note": "x"}]
)
def test_a_redaction_deletes_nothing_else(posted: Path, more: dict[str, object]) -> None:
    assert "no new redaction" in refused(posted, f"rm {TEXT}; {redaction(**more)}")


def test_a_redaction_replaces_no_file_under_its_name(posted: Path) -> None:
    assert "no new redaction" in refused(posted, f"echo other > {TEXT}; {redaction()}")


def pack(place: Path, *members: tuple[tarfile.TarInfo, bytes], changed: str = "") -> None:
    """Pack by hand what engross publish would never pack."""
    packed(place).parent.mkdir(parents=True, exist_ok=True)
    commit = git(place / "origin.git", "rev-parse", "main").encode()
    with tarfile.open(packed(place), "w") as out:
        for member, content in ((named("commit"), commit), (named("changed"), changed.encode()), *members):
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))


def named(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


@pytest.mark.parametrize("path", ["docs/x.md", "record/../docs/x.md", ".git/config"])
def test_a_file_outside_the_record(posted: Path, path: str) -> None:
    ledger = (
        git(posted / "origin.git", "show", "main:record/ledger.jsonl") + "\n" + json.dumps({"hash": "a" * 64}) + "\n"
    )
    members = (named("record/ledger.jsonl"), ledger.encode()), (named(path), b"x")
    pack(posted, *members, changed=f"M\0record/ledger.jsonl\0A\0{path}\0")
    assert "not the name of a sealed file" in refused_push(posted)


def test_a_file_outside_the_record_is_not_changed_or_deleted(posted: Path) -> None:
    pack(posted, (named("docs/one.txt"), b"x"), changed="M\0docs/one.txt\0")
    assert "refused" in refused_push(posted)
    line = redaction(document="../docs").split("'")[1] + "\n"
    ledger = (git(posted / "origin.git", "show", "main:record/ledger.jsonl") + "\n" + line).encode()
    pack(posted, (named("record/ledger.jsonl"), ledger), changed="M\0record/ledger.jsonl\0D\0docs/one.txt\0")
    assert "not on the branch" in refused_push(posted)


@pytest.mark.long
def test_a_tar_file_that_is_not_what_it_says(posted: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE):
        pack(posted, (named(TEXT, kind, "commit"), b""), changed=f"A\0{TEXT}\0")
        assert "no regular file" in refused_push(posted)
    pack(posted, (named(TEXT), b"x"), (named(TEXT), b"y"), changed=f"A\0{TEXT}\0")
    assert "twice" in refused_push(posted)
    pack(posted, (named(TEXT), b"x"))
    assert "not those that it says" in refused_push(posted)
    pack(posted, changed=f"T\0{TEXT}\0")
    assert "unknown kind of change" in refused_push(posted)
    packed(posted).write_bytes(b"no tar file")
    assert "cannot be read" in refused_push(posted)


def test_a_file_that_is_larger_than_any_record_is_not_read(tmp_path: Path) -> None:
    """A tar file of a few hundred bytes may say that a file has gigabytes."""
    large, sparse = named(TEXT), named(TEXT, tarfile.GNUTYPE_SPARSE)
    large.size = push_record.MOST_BYTES + 1
    with_hole = bytearray(sparse.tobuf(tarfile.GNU_FORMAT))
    with_hole[483:495] = tarfile.itn(push_record.MOST_BYTES + 1, 12)
    with_hole[148:155] = b"%06o\0" % tarfile.calc_chksums(bytes(with_hole))[0]
    for header in (large.tobuf(tarfile.GNU_FORMAT), bytes(with_hole)):
        (tmp_path / "record.tar").write_bytes(header + bytes(10240))
        assert TEXT in said_to(push_record.unpack, str(tmp_path / "record.tar"))


@pytest.mark.parametrize("limit", ["MOST_IN_ALL", "MOST_FILES"])
def test_more_files_than_any_record_has_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    with tarfile.open(tmp_path / "record.tar", "w") as packed:
        for name in "abc":
            member = named(name)
            member.size = 1
            packed.addfile(member, io.BytesIO(b"x"))
    assert len(push_record.unpack(str(tmp_path / "record.tar"))) == 3
    monkeypatch.setattr(push_record, limit, 2)
    assert "more or larger files than any record: see 'c'" in said_to(push_record.unpack, str(tmp_path / "record.tar"))


def test_a_link_on_the_branch_is_not_followed(place: Path) -> None:
    (place / "edit" / "record").symlink_to("docs")
    change(place, "two")
    text = f"record/terms/1-{1:012x}.md"
    ledger = json.dumps({"hash": hashlib.sha256().hexdigest()}) + "\n"
    members = (named("record/ledger.jsonl"), ledger.encode()), (named(text), b"x")
    pack(place, *members, changed=f"A\0record/ledger.jsonl\0A\0{text}\0")
    assert "no regular file on the branch" in refused_push(place)


def test_the_program_runs_without_any_package() -> None:
    command = ["python3", "-I", "-S", str(PUSH), "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("refused: ")
