"""Links in pending change notes: check, release and strict build refuse the same ones, with the same messages."""

import json
from pathlib import Path

import pytest
from cli_play import Play, engross
from tests.site.building import build

EXPECTED = Path(__file__).parent / "cases/note-links.txt"
SUMMARY = """\
See [Use](../agreement.md#use), [the Data](../terms/data.md), [home](../index.md#home) and <https://example.com/>.

- [not from here](agreement.md#use)
- [no such file](../none.md)
- [no such anchor](../agreement.md#nothing)
- [in the note](#use)
- [absolute](/agreement/)
- [no host](https:/example.com)
- [no scheme](www.example.com)
- [no name](<mailto:us>)
- [the settings](../documents.yml)
- [this note](second.md), [a page](<../index.md#gone>) and [mail](mailto:us@example.com?subject=x)
"""


@pytest.fixture
def noted(play: Play) -> Play:
    play.write("docs/index.md", "# Home\n")
    levels = "{not_found: warn, anchors: warn, absolute_links: warn, unrecognized_links: warn}"
    play.change("plugins:", f"strict: true\nvalidation: {{links: {levels}}}\nplugins:", "mkdocs.yml")
    play.posted().change("(b) sell the Data; or", "(b) sell, or give away, the Data; or")
    play.note("second")
    play.change("The change second.", SUMMARY, "docs/changes/second.md")
    return play


def test_golden(noted: Play) -> None:
    result = engross("check", "--all", "--rule", "broken-link")
    assert result.exit_code == 1
    assert result.stdout == EXPECTED.read_text("utf-8")
    found = json.loads(engross("check", "--format", "json", "--rule", "broken-link").stdout)["diagnostics"]
    released = engross("release")
    assert (released.exit_code, released.stderr.splitlines()[-1]) == (3, "nothing was posted")
    # Findings of one kind on many places are grouped; the first is named.
    assert f"broken-link: {len(found)} places in 1 document; first at" in released.stderr
    assert f": {found[0]['message']}" in released.stderr


@pytest.mark.parametrize("name", ["docs/new.md", "docs/changes/new.txt", "new.md"])
def test_a_note_in_a_wrong_place_is_checked_as_a_note(noted: Play, name: str) -> None:
    """As a hook does that names the changed files."""
    noted.write(name, (noted.root / "docs/changes/second.md").read_text("utf-8"))
    result = engross("check", name)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{name}: this is a change note, and Engross reads change notes only from ")
    assert result.stdout.endswith("    fix: docs/changes/new.md\n1 error\n")


def test_a_build_says_the_same_and_publishes_no_note(noted: Play) -> None:
    """Not even one that was saved in a wrong place: its words apply on no day yet."""
    found = json.loads(engross("check", "--format", "json", "--rule", "broken-link").stdout)["diagnostics"]
    note = (noted.root / "docs/changes/second.md").read_text("utf-8")
    for name in ("new.md", "deeper/new.markdown", "new.txt", "New", "changes/new.txt", "changes/older/new.md"):
        noted.write(f"docs/{name}", note)
    built = build(noted.root, strict=False)
    output = "\n".join(built.messages)
    assert all(f": {one['message']}" in output for one in found)
    assert output.count("this is a change note, and Engross reads change notes only from") == 6
    files = [path for path in built.site.rglob("*") if path.is_file()]
    assert not [path for path in files if path.stem.lower() == "new" or b"no such anchor" in path.read_bytes()]
