"""A build logs no control characters and no workflow commands, and refuses links out of the docs folder."""

import os
import re
from pathlib import Path

import pytest
from building import AGREEMENT, MKDOCS, build, build_apart, write_site
from posting import POSTED_SITE, note, post

ODD = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\\[[0-9;]*m)")
CHECKED = MKDOCS.replace("{check: false}", "{}")
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


@pytest.mark.long
def test_no_line_of_a_builds_log_is_a_command_or_holds_a_control(tmp_path: Path) -> None:
    text = "# A\n\nThis is the the second ::error::so. It is\n::error::is “##[error]x.\n\nSee [it](::error::x.md).\n"
    page = "# Home\n\n[a](::error::y.md) [b](c\u009b\u202e.md) ![c](##[error]d.png)\n"
    mkdocs = MKDOCS.replace("{check: false}", "{}").replace("strict: true\n", "")
    write_site(tmp_path, {"mkdocs.yml": mkdocs, "docs/agreement.md": text, "docs/index.md": page})
    for width in ("0", "40"):
        made = build_apart(tmp_path, COLUMNS=width)
        messages = "\n".join(made.messages)
        assert "the the" in messages
        assert "##<U+005B>error" in messages
        assert "c<U+009B><U+202E>.md" in messages.replace("\n           ", "")
        assert not ODD.search(messages)
        assert not COMMAND.search(messages)


@pytest.mark.long
def test_what_stops_a_build_is_reported_without_commands(tmp_path: Path) -> None:
    write_site(tmp_path, {"docs/agreement.md": "# A\n\n<b\n::error::x>\n\n[x](javascript:a)\n"})
    made = build_apart(tmp_path)
    assert made.status == 1
    assert not COMMAND.search("\n".join(made.messages))


@pytest.mark.parametrize("name", ["page.md", "picture.png", "download.pdf", "folder", "changes/note.md"])
def test_a_link_out_of_the_docs_folder_stops_a_build(tmp_path: Path, name: str) -> None:
    write_site(tmp_path / "site")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "words.md").write_text("# secret words\n", "utf-8")
    link = tmp_path / "site" / "docs" / name
    link.parent.mkdir(exist_ok=True)
    target = tmp_path / "secret" if name == "folder" else tmp_path / "secret" / "words.md"
    link.symlink_to(os.path.relpath(target, link.parent))
    made = build(tmp_path / "site")
    assert made.status == 1
    kind = "a folder" if name == "folder" else "a file"
    assert made.messages == [
        f"docs/{name}: this is a link to {kind} outside the docs folder, which would be published; "
        "replace the link with a copy"
    ]
    assert not made.site.exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"docs/index.md": "# Home\n\nAll\u202e is well.\n"}, "index.md:3:4: the character U+202E changes"),
        (
            {"mkdocs.yml": CHECKED.replace("name: Test", "name: Te\u202est")},
            "mkdocs.yml:1:14: the character U+202E",
        ),
        ({"mkdocs.yml": CHECKED.replace("Home:", '"Ho\\u202eme":')}, "an escape: the character U+202E changes"),
        ({"base.yml": "copyright: \u202ex\n", "mkdocs.yml": f"INHERIT: base.yml\n{CHECKED}"}, "base.yml:1:12: the"),
    ],
)
def test_a_page_or_a_setting_that_turns_text_fails_a_strict_build_alone(
    tmp_path: Path, changed: dict[str, str], messages: str
) -> None:
    write_site(tmp_path, {"mkdocs.yml": CHECKED, **changed})
    made = build(tmp_path)
    assert made.status == 1
    assert any(messages in message for message in made.messages)
    config = tmp_path / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("strict: true", "strict: false"), "utf-8")
    made = build(tmp_path)
    assert made.status == 0
    assert any(messages in message for message in made.messages)


def test_pages_that_are_not_published_and_characters_that_are_right_pass(tmp_path: Path) -> None:
    right = "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627 \U0001f468\u200d\U0001f469 Daten\u00adschutz"
    mkdocs = f"{CHECKED.replace('name: Test', f'name: Test {right}')}exclude_docs: odd.md\n"
    pages = {"docs/index.md": f"# Home\n\n{right}\n", "docs/odd.md": "\u202e"}
    write_site(tmp_path, {"mkdocs.yml": mkdocs, **pages})
    made = build(tmp_path)
    assert [message for message in made.messages if "U+" in message] == []


def test_a_name_with_a_line_end_stops_a_build(tmp_path: Path) -> None:
    write_site(tmp_path, {"docs/a\n::error::b.md": "# A\n"})
    made = build(tmp_path)
    assert made.status == 1
    assert made.messages == [
        "docs/a<U+000A><U+003A>:error::b.md: the name of this file contains the character U+000A; rename the file"
    ]


def test_a_deleted_definition_stops_a_strict_build_of_the_draft_alone(tmp_path: Path) -> None:
    kept = AGREEMENT.replace("## End\n", "## End\n\nKeep the Data. ")
    write_site(tmp_path, {**POSTED_SITE, "docs/agreement.md": kept})
    post(tmp_path, 0, "first", note("agreement, rules, models", "All is posted."))
    (tmp_path / "docs/agreement.md").write_text(re.sub("- .*Data.*\n", "", kept), "utf-8")
    for options, status in (("edition: draft", 1), ("edition: in-force", 0)):
        mkdocs = str(POSTED_SITE["mkdocs.yml"]).replace("check: false", options).replace("strict: true\n", "")
        (tmp_path / "mkdocs.yml").write_text(mkdocs, "utf-8")
        messages = "\n".join(build(tmp_path).messages)
        assert ("[deleted-definition]" in messages) == bool(status)
