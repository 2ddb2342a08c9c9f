"""Whatever people write, a review, a summary, an annotation or a terminal shows it and obeys none of it."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest
from cli_play import Play, engross, git
from markdown_it import MarkdownIt

from engross.review import MARKER

HOST = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PIECES = (
    "@octocat", "#123", "GH-12", "-->", "<!-- engross-review -->", "<script>alert(1)</script>", "`code`", "```", "~~~",
    "::error::x", "##[error]x", "##vso[task]x", "![x](https://evil.example/x.png)", "[x](https://evil.example)",
    "https://evil.example/a", "www.evil.example", "| a |", "**b**", "$1$", ":smile:", "\\", "/close",
)  # fmt: skip
HOSTILE = " ".join(PIECES)
ALLOWED = " ".join(one for one in PIECES if not one.startswith(("<", "![", "```", "~~~")))
"""What a contract and a note may have."""
LINES = "\n".join(PIECES)
UNSEEN = "a\x1b[31mb\rc\u2028d\u2029e\x85f\u202eg"
IN_YAML = json.dumps(HOSTILE + "\r\n::error::y\n" + UNSEEN)
"""A YAML scalar in double quotes, in which everything hostile is written as an escape."""
FACTS = ("approved_by", "editorial_because", "not_material_because", "sooner_because", "reference", "emergency")
CONTROL = {"Cc", "Cs", "Zl", "Zp"}


@pytest.fixture(autouse=True)
def no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in ("review", "site_check", "release"):
        monkeypatch.setattr(f"engross.cli.{command}.now", lambda: datetime(2026, 11, 28, 9, 30, tzinfo=UTC))
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "GITLAB_", "CI_"))]:
        monkeypatch.delenv(name)


def sound_for_terminal(text: str) -> None:
    """Neither a terminal nor the log of a job obeys a text."""
    assert {one for one in text if unicodedata.category(one) in CONTROL or one == "\u202e"} <= {"\n", "\t"}
    assert not re.search(r"^\s*::(?!(?:error|warning|notice) file=)", text, re.MULTILINE)
    assert not re.search(r"##(?:vso)?\[", text)


def sound_for_host(text: str) -> None:
    """A host makes nothing of a text but headings, lists, tables, code and the links of Engross."""
    html = HOST.render(text.removeprefix(f"{MARKER}\n"))
    shown = re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", html, flags=re.DOTALL)
    shown = re.sub(r'<a href="https://github\.com/provider/terms/[^"]*">(.*?)</a>', r"\1", shown)
    assert set(re.findall(r"</?([a-z0-9!-]+)", shown)) <= {
        "h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "em", "s", "blockquote", "span", "br",
        "table", "thead", "tbody", "tr", "th", "td",
    }, html  # fmt: skip
    left = unescape(re.sub(r"<[^>]+>", "", shown))
    assert not re.search(r"""[@#!%][\w"']|:[^\s\u200b]|www\.|GH-\d""", left), left
    assert "<!--" not in shown


def commands() -> Iterator[str]:
    """The output of each command that shows texts of people to people."""
    yield engross("release", "--dry-run").output
    yield engross("verify").output
    yield engross("change", "new", "--dry-run").output
    for form in ("text", "json", "github", "gitlab", "sarif"):
        yield engross("check", "--format", form).output
    yield engross("review", "--base", "main", "--format", "json").output


def all_is_sound() -> str:
    for text in commands():
        assert "Traceback" not in text
        sound_for_terminal(text)
    for form in ("markdown", "github-comment"):
        text = engross("review", "--base", "main", "--format", form).stdout
        sound_for_terminal(text)
        sound_for_host(text)
    return text


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a posted base, and a branch; no test writes there."""
    root = tmp_path_factory.mktemp("repository")
    Play(root).posted()
    git(root, "init", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-m", "posted")
    git(root, "checkout", "-b", "change")
    return root


@pytest.fixture
def branch(repository: Path, play: Play) -> Play:
    """A copy of the repository."""
    copytree(repository, play.root, dirs_exist_ok=True)
    return play


def test_in_every_field_that_a_note_and_the_settings_have(branch: Play) -> None:
    title, printed = json.dumps(HOSTILE), json.dumps(ALLOWED)
    branch.change("title: Main", f"title: {title}", "docs/documents.yml")
    branch.change("title: The Agreement", f"title: {title}", "docs/documents.yml")
    branch.change("title: Commercially reasonable", f"title: {title}", "docs/documents.yml")
    branch.change("name: Alpha", f"name: {title}", "docs/models.yml")
    branch.change("at once", f"within 30 days {ALLOWED}")
    branch.change("a price.", f"a price.\n- **“Fee @octocat #1”** means {ALLOWED}")
    branch.change("for a year", f"for two years {ALLOWED}", "docs/terms/data.md")
    branch.note("models", "material: false", documents="models")
    facts = "\n".join(f"{name}: {printed}" for name in FACTS)
    ground = f"grounds:\n  - ground: reasonable\n    cites: {printed}\n    conditions: {{security: {printed}}}"
    head = f"documents: [agreement, data]\nclass: editorial\nmaterial: false\neffective: immediately\n{facts}\n{ground}"
    table = f"| Head | End |\n| --- | --- |\n| `a \\| @octocat #12` | {ALLOWED.replace('|', '_')} |"
    body = f"{ALLOWED}\n\n- {ALLOWED}\n\n> {ALLOWED}\n\n{table}\n\n~~~~\n{LINES}\n~~~~\n"
    branch.write("docs/changes/hostile.md", f"---\n{head}\n---\n\n{body}")
    shown = all_is_sound()
    for name in ("Emergency", "Editorial because", "Not material because", "Applies sooner because", "Reference"):
        assert f"\n- {name}: " in shown
    assert "## Change notes that cannot be read" not in shown
    assert shown.count("octocat") > 40
    assert "| `a \\| @octocat #12` |" in shown


@pytest.mark.parametrize(
    "place",
    [
        ("title: Main", "title: {}", "docs/documents.yml"),
        ("kind: agreement", "kind: {}", "docs/documents.yml"),
        ("timezone: America/New_York", "timezone: {}", "docs/documents.yml"),
        ("timezone", "{}", "docs/documents.yml"),
        pytest.param(("name: Alpha", "name: {}", "docs/models.yml"), marks=pytest.mark.long),
        ("provider: Maker", "provider: Maker\n    {}: 1", "docs/models.yml"),
        ("effective: immediately", "effective: {}", "docs/changes/x.md"),
        pytest.param(("class: substantive", "class: {}", "docs/changes/x.md"), marks=pytest.mark.long),
        pytest.param(("approved_by: Counsel", "approved_by: {}", "docs/changes/x.md"), marks=pytest.mark.long),
        ("documents: [agreement]", "documents: [{}]", "docs/changes/x.md"),
        ("material: false", "anchors: {{{}: {}}}", "docs/changes/x.md"),
        ("material: false", "{}: 1", "docs/changes/x.md"),
    ],
)
def test_in_a_value_or_a_key_that_is_refused(branch: Play, place: tuple[str, str, str]) -> None:
    branch.note("x")
    branch.change("at once", "within a month")
    old, new, name = place
    branch.change(old, new.replace("{}", IN_YAML).replace("{{", "{").replace("}}", "}"), name)
    all_is_sound()


@pytest.mark.parametrize("name", ["`@octocat` #1 -->.md", "::error::x.md", "a [x](y) ##[error].md", "``` | a.md"])
def test_in_the_name_of_a_file(branch: Play, name: str) -> None:
    branch.write(f"docs/changes/{name}", "---\ndocuments: [agreement]\n")
    branch.write(f"docs/{name}", f"# Page\n\n[x](gone-{name.replace(' ', '%20')}) <b onclick=x>\n")
    branch.write(f"record/{name}", "x")
    all_is_sound()


@pytest.mark.parametrize("text", [UNSEEN, LINES, f"<b>{HOSTILE}</b>", f"## {HOSTILE}\n\n## {HOSTILE}"])
def test_in_a_text_that_is_refused(branch: Play, text: str) -> None:
    branch.write("docs/changes/y.md", f"{text}\n")
    branch.write("docs/changes/z.md", f"---\ndocuments: [agreement]\n---\n{text}\n---\ndocuments: [data]\n---\n")
    branch.write("docs/agreement.md", (branch.root / "docs/agreement.md").read_text() + f"\n{text}\n")
    branch.write("docs/page.md", f"# Page\n\n{text}\n")
    all_is_sound()
