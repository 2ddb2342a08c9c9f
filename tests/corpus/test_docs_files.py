"""Files in the docs folder: links that lead out of it, and names that cannot be shown, are refused."""

import os
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.corpus.docs_files import check_docs_files
from engross.corpus.project import read_project

SETTINGS = "sets: [{id: m, title: M, agreement: a}]\ndocuments: [{id: a, title: A, kind: agreement, file: a.md}]\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "site" / "docs"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.md").write_text("# A\n\nText.\n", "utf-8")
    (folder / "documents.yml").write_text(SETTINGS, "utf-8")
    (tmp_path / "secret.md").write_text("secret words", "utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "x.png").write_bytes(b"secret bytes")
    return folder


def found(docs: Path) -> list[str]:
    return [str(one) for one in check_docs_files(docs, "docs")]


def message(kind: str) -> str:
    return f"this is a link to {kind} outside the docs folder, which would be published; replace the link with a copy"


def test_a_folder_of_files_is_sound(docs: Path) -> None:
    assert found(docs) == []


@pytest.mark.parametrize(
    ("name", "target", "kind"),
    [
        ("page.md", "../../secret.md", "a file"),
        ("sub/picture.png", "../../../secrets/x.png", "a file"),
        ("extra.yml", "../../secret.md", "a file"),
        ("folder", "../../secrets", "a folder"),
        ("sub/up", "../..", "a folder"),
        ("gone.pdf", "../../nothing.pdf", "something that is no file"),
        ("null", "/dev/null", "something that is no file"),
        ("root", "/", "a folder"),
    ],
)
def test_a_link_out_of_the_folder_is_refused(docs: Path, name: str, target: str, kind: str) -> None:
    (docs / name).symlink_to(target)
    assert found(docs) == [f"docs/{name}: {message(kind)}"]
    with pytest.raises(EngrossError) as failure:
        read_project(docs)
    assert "secret words" not in str(failure.value)
    assert message(kind) in str(failure.value)


def test_a_link_that_stays_inside_is_fine(docs: Path) -> None:
    (docs / "b.md").symlink_to("a.md")
    (docs / "c.md").symlink_to(docs / "a.md")
    (docs / "again").symlink_to("sub")
    (docs / "sub" / "all").symlink_to("..")
    assert found(docs) == []
    assert read_project(docs).documents["a"].source


def test_a_chain_of_links_is_followed_to_its_end(docs: Path) -> None:
    (docs / "b.md").symlink_to("c.md")
    (docs / "c.md").symlink_to("../../secret.md")
    (docs / "d.md").symlink_to("d.md")
    assert [one.partition(":")[0] for one in found(docs)] == ["docs/b.md", "docs/c.md", "docs/d.md"]


def test_a_docs_folder_that_is_a_link_is_fine(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(docs)
    assert found(tmp_path / "linked") == []


def test_names_with_a_dot_are_published_by_nobody(docs: Path) -> None:
    (docs / ".venv").symlink_to("../../secrets")
    assert found(docs) == []


@pytest.mark.parametrize(
    ("character", "code"),
    [("\n", "U+000A"), ("\r", "U+000D"), ("\x1b", "U+001B"), ("\x85", "U+0085"), ("\u2028", "U+2028"),
     ("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\x7f", "U+007F"), ("\t", "U+0009"), ("\udcff", "U+DCFF")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["{}.md", "sub/pict{}ure.png", "changes/no{}te.md", "fold{}er"])
def test_a_name_with_a_line_end_or_a_control_is_refused(docs: Path, name: str, character: str, code: str) -> None:
    path = docs / name.format(character)
    path.parent.mkdir(exist_ok=True)
    if path.suffix:
        Path(os.fsdecode(os.fsencode(path))).write_bytes(b"x")
    else:
        path.mkdir()
    (messages,) = found(docs)
    assert (
        messages
        == f"docs/{name.format(f'<{code}>')}: the name of this file contains the character {code}; rename the file"
    )


@pytest.mark.parametrize(
    ("data", "shown", "messages"),
    [
        (b"# A\n\n<b>raw</b>\n", "# A\n\n<b>raw</b>", "docs/a.md:3:1: raw HTML is not allowed"),
        (b"# A\n\nB\xffc\n", "# A\n\nB\\xffc", "docs/a.md:3:2: not UTF-8: byte 0xFF"),
        (b"# A\r\n\r\nB\0c", "# A\n\nB<U+0000>c", "docs/a.md:3:2: the character U+0000 cannot be shown"),
        ("# A\n\nB\u202ec".encode(), "# A\n\nB<U+202E>c", "docs/a.md:3:2: the character U+202E"),
        (b"", "", "docs/a.md:1:1: the document has no text"),
        (None, "", "there is no file a.md in the docs folder"),
    ],
)
def test_an_unreadable_document_can_be_kept_as_it_was_written(
    docs: Path, data: bytes | None, shown: str, messages: str
) -> None:
    if data is None:
        (docs / "a.md").unlink()
    else:
        (docs / "a.md").write_bytes(data)
    project = read_project(docs, keep_unreadable=True)
    assert messages in str(project.unreadable["a"][0])
    document = project.documents["a"]
    assert document.verbatim
    assert document.root.children[0].inline.text == shown
    with pytest.raises(EngrossError) as failure:
        read_project(docs)
    assert messages in str(failure.value)
