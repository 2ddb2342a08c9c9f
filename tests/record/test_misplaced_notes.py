"""Notes that editors saved in another place or format, or changed by pasting: each is recognised."""

from pathlib import Path

import pytest

from engross.record import is_misplaced
from engross.record.notes.recognition import MOST_BYTES

from .playing import Site, note_text, posted_site

NOTE = note_text("agreement")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = posted_site(tmp_path).at(1)
    made.edit("agreement.md", ("thirty", "twenty"))
    return made


def messages(site: Site) -> list[tuple[str, str, str]]:
    root = f"{site.root.as_posix()}/"
    return [
        (found.path.removeprefix(root), found.message.replace(root, ""), found.fix.removeprefix(root))
        for found in site.findings()
    ]


ONLY = "this is a change note, and Engross reads change notes only from docs/changes/<name>.md. "


@pytest.mark.parametrize(
    ("name", "how", "wanted"),
    [
        ("changes/new.txt", "Rename", "new"),
        ("changes/new", "Rename", "new"),
        ("changes/new.yml", "Rename", "new"),
        ("changes/new.MD", "Rename", "new"),
        ("changes/new.markdown", "Rename", "new"),
        ("changes/new.md.txt", "Rename", "new"),
        ("changes/New Fees!.txt", "Rename", "new-fees"),
        ("changes/first.txt", "Rename", "first-2"),
        ("new.md", "Move", "new"),
        ("_new.md", "Move", "new"),
        ("New.yaml", "Move", "new"),
        ("changes/2026/new.md", "Move", "new"),
        ("change/new", "Move", "new"),
        ("../new.md", "Move", "new"),
        ("../changes/new.md", "Move", "new"),
    ],
)
def test_in_another_place(site: Site, name: str, how: str, wanted: str) -> None:
    site.write(name, NOTE)
    target = f"docs/changes/{wanted}.md"
    # The note that is found may be the missing one: no other is asked for.
    assert messages(site) == [(str(Path("docs", name)).replace("docs/../", ""), f"{ONLY}{how} it to {target}", target)]
    path = site.root / "docs" / name
    assert is_misplaced(path, site.folders)
    path.rename(site.root / target)
    assert site.findings() == []


@pytest.mark.parametrize(
    ("data", "recognised"),
    [
        (NOTE.replace("\n", "\r\n").encode("utf-8-sig"), True),
        (NOTE.encode("utf-16"), True),
        (("\n" + NOTE).replace("\n", "\n        ").encode(), True),
        (f"```markdown\n{NOTE}```\n".encode(), True),
        ((NOTE + "x" * (1 << 20)).encode(), True),
        (b"# A page\n\n" + NOTE.encode(), False),
        (b"---\ntitle: A page\ndocuments: [a]\n---\n\nclass: x\neffective: y\napproved_by: z\n", False),
        (b"documents:\n  - {id: a}\n", False),
        (b"", False),
        (b"---\n", False),
    ],
)
def test_what_is_a_note(tmp_path: Path, data: bytes, recognised: bool) -> None:
    site = Site(tmp_path)
    site.write("new.md", "")
    (tmp_path / "docs/new.md").write_bytes(data)
    assert is_misplaced(tmp_path / "docs/new.md", site.folders) == recognised


def indented(text: str, blanks: str = "        ") -> str:
    return "".join(f"{blanks}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


FIRST = "the first line of a change note is ---. "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (indented(NOTE), "Delete the 8 blanks at the beginning of each line"),
        (indented(NOTE, "\t"), "Delete the blank at the beginning of each line"),
        (indented(NOTE).lstrip(), "Delete the 8 blanks at the beginning of each line"),
        (f"```markdown\n{NOTE}```\n", "Delete the line ``` at its beginning, and the one at its end"),
        (f"~~~~\n{NOTE}~~~~", "Delete the line ~~~~ at its beginning, and the one at its end"),
        (f"```\n{NOTE}", "Delete the line ``` at its beginning, and the one at its end"),
        ("\n\n" + NOTE, "Delete the empty lines at its beginning"),
        (
            f"\n```\n{indented(NOTE, '  ')}```",
            "Delete the empty lines at its beginning. Delete the line ``` at its beginning, and the one at its end. "
            "Delete the 2 blanks at the beginning of each line",
        ),
    ],
)
def test_changed_by_pasting(site: Site, text: str, message: str) -> None:
    for given in (text, "\ufeff" + text.replace("\n", "\r\n")):
        site.write("changes/new.md", given)
        (found,) = site.findings()
        assert (found.message, found.fix, found.line) == (FIRST + message, NOTE, 1)
    site.write("changes/new.md", found.fix)
    assert site.findings() == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            NOTE + "\n---\nclass: editorial\n---\n\nMore.\n",
            12,
            "this note has two front matters. Write all facts",
        ),
        (NOTE.replace("\nWhat", "\n---\nreference: T-1\n---\n\nWhat"), 10, "this note has two front matters"),
        (NOTE + "x" * MOST_BYTES, 0, "bytes, and a change note has at most 100,000. Its summary is a few sentences"),
        (
            NOTE.replace("approved_by", "approver"),
            6,
            "approver: unknown key; known here: title, documents, sets, class, ",
        ),
        (NOTE.replace("documents", "document"), 2, 'document: unknown key; did you mean "documents"?'),
        (NOTE.replace("class", "Class"), 3, 'Class: unknown key; did you mean "class"?'),
        (NOTE.replace("approved_by", "approved-by"), 6, 'approved-by: unknown key; did you mean "approved_by"?'),
    ],
)
def test_with_other_mistakes(site: Site, text: str, line: int, message: str) -> None:
    site.write("changes/new.md", text)
    found = [one for one in site.findings() if message in one.message]
    assert [one.line for one in found] == [line], [one.message for one in site.findings()]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (NOTE.replace("---\n", "—-\n", 1), "Write --- instead of —- in line 1"),
        (NOTE.replace("---\n\n", "***\n\n", 1), "Write --- instead of *** in line"),
        (NOTE.replace("---\n\n", "----\n\n", 1), "Write --- instead of ---- in line"),
        (NOTE.removeprefix("---\n"), "Add a line of --- before the facts"),
        (NOTE.replace("---\n\n", "\n", 1), "Add a line of --- after the facts"),
        (
            NOTE.removeprefix("---\n").replace("---\n\n", "\n", 1),
            "before the facts. Add a line of --- after",
        ),
        ("".join(f"> {line}\n" for line in NOTE.splitlines()), "Delete the > at the beginning of each line"),
    ],
)
def test_with_other_lines_around_the_facts(site: Site, text: str, advice: str) -> None:
    """What the editor wrote stays: the text to paste is the whole note."""
    site.write("changes/new.md", text)
    found = [one for one in site.findings() if one.path.endswith("new.md")]
    assert [one.fix for one in found] == [NOTE]
    assert advice in found[0].message


@pytest.mark.parametrize("text", ["{text}\n{note}", "{note}\n{text}", "{text}\n{crlf}"])
def test_pasted_into_a_document(site: Site, text: str) -> None:
    path = site.root / "docs/agreement.md"
    crlf = NOTE.replace("\n", "\r\n")
    path.write_bytes(text.format(text=path.read_text("utf-8"), note=NOTE, crlf=crlf).encode())
    site.write("changes/new.md", NOTE)
    (found,) = site.findings()
    assert found.path.endswith("docs/agreement.md")
    assert "this document has the facts of a change note" in found.message
    assert "docs/changes/<name>.md, and delete it here" in found.message


def test_front_matter_and_thematic_breaks_in_a_document_are_no_note(site: Site) -> None:
    text = (site.root / "docs/agreement.md").read_text("utf-8")
    breaks = "---\n\nEffective: now.\n\n---\n\nEnd.\n"
    site.write("agreement.md", f"---\ntitle: A page\n---\n\n{text}\n{breaks}")
    site.write("changes/new.md", NOTE)
    assert site.findings() == []


def test_a_thematic_break_in_a_summary_is_no_front_matter(site: Site) -> None:
    site.write("changes/new.md", NOTE + "\n---\n\nNote: more words.\n\n---\n\nAnd more.\n")
    assert site.findings() == []


def test_a_note_of_a_megabyte(site: Site) -> None:
    site.write("changes/new.md", NOTE + "words and [links](https://example.com/) and *more* <of it\n" * 20_000)
    (found,) = site.findings()
    assert "this note has 1,160,145 bytes, and a change note has at most 100,000." in found.message


def test_a_line_of_blanks_is_read_once(site: Site) -> None:
    """With a pattern that tries each blank anew, it would take minutes."""
    site.write("changes/new.md", "documents: [agreement]\n" + " " * 90_000)
    assert site.findings() != []
