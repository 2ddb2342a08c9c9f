"""Controls that hide or turn text, in every file that people write; and a record that was posted with them."""

import json
import re

import pytest
from cli_play import AGREEMENT, MODELS, Play, engross
from tests.site.building import DAY, build

from engross.corpus import yaml_nodes

TURN = "\u202e"
NEVER = re.compile("(?!)")
CODE = "the character U+202E"


def posted_before_the_rule(play: Play, monkeypatch: pytest.MonkeyPatch) -> Play:
    """A site whose record holds such characters, as version 0.1 would have posted them."""
    play.write("docs/agreement.md", AGREEMENT.replace("copy the Data", f"copy{TURN} the Data &#x202E; &#8294;"))
    play.write("docs/models.yml", MODELS.replace("name: Alpha", f'name: "Alpha{TURN} \\u202e"'))
    with monkeypatch.context() as before:
        for module in ("text.source", "text.inline", "record.notes.reader"):
            before.setattr(f"engross.{module}.HIDDEN", NEVER)
        before.setattr("engross.corpus.yaml_nodes._FORBIDDEN_IN_DRAFTS", yaml_nodes._FORBIDDEN)
        play.note("first", f'approved_by: "Counsel{TURN}"', documents="agreement, data, models")
        play.change("The change first.", f"The{TURN} change first. &#x202E;", "docs/changes/first.md")
        play.release(0)
    return play


@pytest.mark.parametrize(
    ("name", "old", "new", "output"),
    [
        ("docs/agreement.md", "copy the", f"copy{TURN} the", f"docs/agreement.md:12:9: {CODE} changes"),
        ("docs/agreement.md", "copy the", "copy\u0085 the", "docs/agreement.md:12:9: the control character U+0085"),
        ("docs/agreement.md", "copy the", "copy&#8238; the", f"md:12:9: this entity is not allowed: {CODE}"),
        ("docs/agreement.md", "copy the", "copy\u2067 the", "docs/agreement.md:12:9: the directional isolate U+2067"),
        ("docs/documents.yml", "title: Main", f"title: Main{TURN}", f"docs/documents.yml:2:30: {CODE} changes"),
        (
            "docs/documents.yml",
            "title: Main",
            'title: "M\\u202e"',
            f"docs/documents.yml:2:26: sets[0].title: contains {CODE}",
        ),
        ("docs/documents.yml", "title: Main", "title: \u2066M\u2069", "docs/documents.yml:2:26: the character U+2066"),
        ("docs/models.yml", "name: Alpha", f"name: Al{TURN}pha", f"docs/models.yml:3:13: {CODE} changes"),
        (
            "docs/models.yml",
            "name: Alpha",
            'name: "\\u2069"',
            "docs/models.yml:3:11: models[0].name: contains the character U+2069",
        ),
        ("docs/changes/new.md", "change new", f"change{TURN} new", f"docs/changes/new.md:10:11: {CODE} changes"),
        (
            "docs/changes/new.md",
            "change new",
            "change \u2066n\u2069ew",
            "docs/changes/new.md:10:12: the character U+2066 changes",
        ),
        ("docs/changes/new.md", "Counsel", f"Couns{TURN}el", f"docs/changes/new.md:5:19: {CODE} changes"),
        (
            "docs/changes/new.md",
            "Counsel",
            '"\\x85"',
            "docs/changes/new.md:5:14: approved_by: contains the character U+0085",
        ),
    ],
)
def test_each_is_refused_in_every_file(play: Play, name: str, old: str, new: str, output: str) -> None:
    play.posted()
    play.note("new")
    play.change("(b) sell", "(b) lend")
    play.change(old, new, name)
    for command in (("check",), ("release", "--dry-run")):
        result = engross(*command)
        assert result.exit_code in (1, 2, 3)
        assert output in (result.stdout if command == ("check",) else result.stderr)
        assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", result.output)


def test_what_was_posted_with_them_is_checked_compared_and_shown(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    posted_before_the_rule(play, monkeypatch)
    result = engross("check")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("[hidden-character]") == 3
    assert engross("verify").exit_code == 0
    assert engross("release", "--dry-run").stdout == "there is nothing to post\n"
    assert engross("history", "agreement").exit_code == 0
    assert TURN.encode() in engross("show", "agreement@1").stdout_bytes
    assert engross("diff", "agreement@1", "agreement").exit_code == 0
    assert engross("diff", "models@1", "models").exit_code == 0
    play.change("(b) sell", "(b) lend")
    result = engross("diff", "agreement@1", "docs/agreement.md")
    assert result.exit_code == 1
    assert "copy<U+202E> the Data <U+202E> <U+2066>" in result.stdout
    # A text that changes has to leave them out.
    assert engross("check").exit_code == 2
    for odd in (TURN, " &#x202E;", " &#8294;"):
        play.change(odd, "")
    play.note("second", kind="editorial")
    assert engross("release").exit_code == 0
    assert engross("diff", "agreement@1", "agreement@2").exit_code == 1
    assert engross("restore", "agreement@1").exit_code == 0


def test_a_site_that_was_posted_with_them_builds_strictly(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    posted_before_the_rule(play, monkeypatch)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY["SOURCE_DATE_EPOCH"])
    play.write("docs/index.md", "# Home\n")
    play.write(
        "mkdocs.yml", "site_name: Test\nsite_url: https://example.com/\nstrict: true\nplugins: [search, engross]\n"
    )
    for options in ("edition: in-force", "edition: draft, check: false"):
        plugins = f"plugins: [search, {{engross: {{{options}}}}}]\n"
        play.write("mkdocs.yml", f"site_name: Test\nsite_url: https://example.com/\nstrict: true\n{plugins}")
        built = build(play.root)
        assert built.status == 0, built.messages
        assert f"copy{TURN} the" in (play.root / "site/agreement/index.html").read_text("utf-8")


def test_no_command_prints_what_a_terminal_obeys(play: Play) -> None:
    play.posted()
    odd = "a\x1b[31m\x9b\u202eb\n::error::c"
    for args in (
        ("check", odd), ("history", odd), ("show", f"{odd}@1"), ("diff", odd, odd), ("verify", "--against", odd),
        ("release", "--posted", odd), ("check", "--rule", odd), ("terms", odd), ("restore", odd), ("init", odd, odd),
        ("change", "new", "--document", odd), ("redact", f"{odd}@1", "--clause", odd, "--reason", odd), (odd,),
    ):  # fmt: skip
        result = engross(*args)
        assert result.exit_code != 0, args
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]|^\\s*::", result.output, re.MULTILINE), args


def test_json_escapes_what_a_terminal_obeys(play: Play) -> None:
    name = "docs/o\u009bdd\u202e.md"
    play.write(name, "# A\n\nIt is is due.\n")
    for form in ("json", "sarif", "github", "text"):
        result = engross("check", "--format", form, name)
        assert not re.search("[\x80-\x9f\u202a-\u202e]", result.output)
    found = json.loads(engross("check", "--format", "json", name).stdout)["diagnostics"]
    assert [one["path"] for one in found] == [name]
    result = engross("terms", "--format", "json", name)
    assert not re.search("[\x80-\x9f\u202a-\u202e]", result.output)


def test_a_workflow_command_is_what_engross_makes_and_nothing_else(play: Play) -> None:
    play.write(
        "docs/agreement.md", "# A\n\n## Fees ##[error]x\n\nIt is is due. `::error::y` is is\n::error::z is is so.\n"
    )
    lines = engross("check", "--format", "github", "docs/agreement.md").stdout.splitlines()
    assert lines
    assert all(re.match(r"::(error|warning|notice) file=docs/agreement\.md,line=\d+", line) for line in lines)
    assert not any("##[" in line for line in lines)
    play.note("first", documents="agreement, data, models")
    play.change("The change first.", "::error::q\n\n    ::error::r\n\n##[error]s", "docs/changes/first.md")
    review = engross("review").stdout
    assert not re.search(r"^\s*::|##\[", review, re.MULTILINE)


def test_words_of_settings_models_and_notes_are_looked_at_too(play: Play) -> None:
    play.posted()
    play.change("title: Main", "title: Ma\u200bin", "docs/documents.yml")
    play.change("name: Alpha", "name: \u0410lpha", "docs/models.yml")
    play.note("new", documents="models")
    play.change("The change new", "The ch\u0430nge n\u00adew", "docs/changes/new.md")
    output = json.loads(engross("check", "--format", "json").stdout)["diagnostics"]
    found = {(one["path"], one["line"], one["column"], one["rule"]) for one in output if one["severity"] == "warning"}
    assert found == {
        ("docs/documents.yml", 2, 28, "hidden-character"),
        ("docs/models.yml", 3, 11, "mixed-script"),
        ("docs/changes/new.md", 10, 5, "mixed-script"),
        ("docs/changes/new.md", 10, 13, "hidden-character"),
    }
    assert "“<U+0410>lpha”" not in engross("check").stdout
    assert "<U+0410>lpha; write it in one script" in engross("check").stdout
    assert "“Ma<U+200B>in” holds" not in engross("check", "--no-rule", "hidden-character").stdout


PERSIAN, FAMILY = "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627", "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("name", "text", "output"),
    [
        ("docs/index.md", f"# Home\n\nAll{TURN} is well.\n", f"docs/index.md:3:4: {CODE} changes"),
        ("docs/more/page.markdown", "# A\n\nIt is \u2067so.\n", "docs/more/page.markdown:3:7: the directional isolate"),
        ("docs/index.md", "# A\r\n\r\nIt\u0085 is.\n", "docs/index.md:3:3: the control character U+0085"),
        ("docs/index.md", f"---\ntitle: Ho{TURN}me\n---\n\nHi.\n", f"docs/index.md:2:10: {CODE} changes"),
        ("docs/index.md", '---\ntitle: "Ho\\u202eme"\n---\n\nHi.\n', f"docs/index.md:2:11: an escape: {CODE} changes"),
        ("docs/index.md", f"Caf\udce9 {TURN}\f\n", f"docs/index.md:1:6: {CODE} changes"),
        ("mkdocs.yml", f"site_name: Te{TURN}st\n", f"mkdocs.yml:1:14: {CODE} changes"),
        ("mkdocs.yml", 'site_name: A\nsite_description: "a\\u202E"\n', f"mkdocs.yml:2:21: an escape: {CODE} changes"),
        ("mkdocs.yml", f"site_name: A\nnav:\n  - Ho{TURN}me: index.md\n", f"mkdocs.yml:3:7: {CODE} changes"),
    ],
)
def test_ordinary_pages_and_mkdocs_yml_are_looked_at(play: Play, name: str, text: str, output: str) -> None:
    play.posted()
    path = play.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = engross("check")
    assert result.exit_code == 2, "as where it stands in a document"
    assert output in result.stdout
    assert "[control-character]" in result.stdout
    assert TURN not in result.output
    assert engross("check", "--no-rule", "control-character").exit_code == 0
    assert engross("diff", "agreement@1", "agreement").exit_code == 0


def test_what_other_languages_need_is_right_in_ordinary_pages(play: Play) -> None:
    play.posted()
    right = f"{PERSIAN} {FAMILY} Daten\u00adschutz \u2067\u05d0\u2069 \u05d0\u200e a\u2060 b"
    play.write("docs/index.md", f"# Home\n\n{right} &#x202B; `\\u202e`\n")
    play.change("site_name: Test", f"site_name: Test {right}", "mkdocs.yml")
    result = engross("check", "--strict")
    assert (result.exit_code, result.stdout) == (0, "no findings\n")


def test_other_unseen_characters_in_ordinary_pages_are_warnings(play: Play) -> None:
    play.posted()
    play.write("docs/index.md", "# Home\n\nThe f\u200bee, the p\u0430yment.\n")
    result = engross("check")
    assert result.exit_code == 0
    assert "docs/index.md:3:6: “f<U+200B>ee,” contains U+200B" in result.stdout
    assert "[mixed-script]" in result.stdout
    for name in ("docs/.hidden/a.md", "docs/data.txt"):
        (play.root / name).parent.mkdir(exist_ok=True)
        play.write(name, TURN)
    assert engross("check").stdout == result.stdout


def test_words_of_registers_are_looked_at_too(play: Play) -> None:
    play.change(
        "documents:\n",
        "documents:\n  - {id: subs, title: Subs, kind: register, register: subprocessors, file: subs.yml}\n",
        "docs/documents.yml",
    )
    row = "{id: a, entity: A\u200blpha, activity: \u0410nalysis, data: All, location: DE, start: 2025-01-01}"
    play.write("docs/subs.yml", f"rows:\n  - {row}\n")
    play.note("first", documents="agreement, data, models, subs")
    lines = engross("check").stdout.splitlines()
    found = [line.partition(":")[0] + line[line.rindex("[") :] for line in lines if "subs.yml" in line]
    assert sorted(found) == ["docs/subs.yml[hidden-character]", "docs/subs.yml[mixed-script]"]
