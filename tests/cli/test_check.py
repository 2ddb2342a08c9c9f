"""`engross check`: the files it reads, its output, its exit codes and its fixes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli_play import Play, engross
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from engross.cli import main

BAD = "# Terms\n\n## Fees\n\nCustomer pays the the fee, as [LINK] states.\n"
CLEAN = "# Terms\n\n## Fees\n\nCustomer pays the fee.\n"
SITE = """\
sets: [{id: s, title: S, agreement: agreement, incorporates: [rules]}]
documents:
  - {id: agreement, title: Terms, kind: agreement, file: agreement.md}
  - {id: rules, title: Rules, kind: url-terms, file: terms/rules.md}
  - {id: alone, title: Alone, kind: policy, file: alone.md}
"""
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text("utf-8"))


def check(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["check", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def site(here: Path) -> Path:
    write(
        here / "mkdocs.yml", "site_name: S\nplugins: [search, engross]\nx: !ENV [A, b]\ny: !!python/name:os.path ''\n"
    )
    write(here / "docs/documents.yml", SITE)
    write(here / "docs/agreement.md", "# Terms\n\n- “Fee” means a price.\n\nThe Fee is due. A Fee is final.\n")
    write(here / "docs/terms/rules.md", "# Rules\n\nWhoever breaks the the rules pays the Fee.\n")
    write(here / "docs/alone.md", "# Alone\n\nIt is on the the page.\n")
    return here


def test_a_clean_file(here: Path) -> None:
    write(here / "a.md", CLEAN)
    assert check("a.md") == (0, "no findings\n", "")


def test_findings_of_a_file_are_printed_one_a_line(here: Path) -> None:
    write(here / "a.md", BAD)
    status, printed, _ = check("a.md")
    assert status == 1
    assert printed.splitlines() == [
        "a.md:5:19: Fees: “the the”: the word “the” is repeated [repeated-word]",
        "    fix: the",
        "a.md:5:31: Fees: [LINK] was never filled in [placeholder]",
        "1 error, 1 warning",
    ]


def test_warnings_fail_only_a_strict_check(here: Path) -> None:
    write(here / "a.md", BAD.replace(", as [LINK] states", ""))
    assert check("a.md")[0] == 0
    assert check("a.md", "--strict")[0] == 1


def test_rules_are_chosen_by_name(here: Path) -> None:
    write(here / "a.md", BAD)
    assert "placeholder" not in check("a.md", "--rule", "repeated-word")[1]
    assert "repeated-word" not in check("a.md", "--no-rule", "repeated-word")[1]
    assert check("a.md", "--no-rule", "repeated-word,placeholder") == (0, "no findings\n", "")
    status, _, complained = check("a.md", "--rule", "repeated-words")
    assert status == 2
    assert "there is no rule 'repeated-words'" in complained


def test_wrong_usage(here: Path) -> None:
    assert check("nowhere.md")[0] == 2
    assert check("--format", "xml")[0] == 2
    (here / "empty").mkdir()
    assert check("empty")[0] == 2
    assert check()[0] == 2


def test_a_file_that_is_no_text_keeps_no_other_from_being_read(here: Path) -> None:
    write(here / "a.md", BAD)
    (here / "b.md").write_bytes(b"caf\xe9")
    status, printed, _ = check("a.md", "b.md")
    assert status == 2
    assert "b.md:1:4: not UTF-8" in printed
    assert "a.md:5:19" in printed


def test_a_folder_is_read_with_all_below_it(here: Path) -> None:
    for name in ("x/a.md", "x/y/b.markdown", "x/c.txt", "x/.hidden/d.md"):
        write(here / name, BAD)
    assert set(re.findall(r"^(\S+?):5:19", check("x")[1], re.MULTILINE)) == {"x/a.md", "x/y/b.markdown"}


def test_html_is_a_note_in_a_lone_file_and_an_error_in_a_site(site: Path) -> None:
    write(site / "lone.md", "# T\n\nA <b>bold</b> word.\n")
    assert check("lone.md", "--strict")[0] == 0
    assert "[raw-html]" in check("lone.md")[1]
    write(site / "docs/alone.md", "# T\n\nA <b>bold</b> word.\n")
    status, printed, _ = check()
    assert (status, printed.count("[raw-html]") or printed.count("raw HTML")) == (1, 2)


def test_lone_files_are_sets_of_their_own_unless_taken_together(here: Path) -> None:
    write(here / "a.md", "# Deal\n\n- “Fee” means a price.\n\nThe Fee is due.\n")
    write(here / "b.md", "# Rules\n\nWhoever breaks a rule pays the Fee. The Fee is final.\n")
    assert "undefined-term" in check("a.md", "b.md")[1]
    assert "undefined-term" not in check("a.md", "b.md", "--together")[1]


def test_without_paths_the_site_around_is_checked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site / "docs" / "terms")
    status, printed, _ = check()
    assert status == 0
    assert re.findall(r"(\w+\.md:\S+): .*\[repeated-word\]", printed) == ["rules.md:3:20", "alone.md:3:14"]


def test_a_document_of_a_site_is_read_in_its_set(site: Path) -> None:
    printed = check("docs/terms/rules.md")[1]
    assert "undefined-term" not in printed
    assert "repeated-word" in printed
    assert "alone.md" not in printed


def test_what_documents_yml_allows_is_not_reported(site: Path) -> None:
    exceptions = "exceptions:\n  - {rule: repeated-word, document: rules, because: it is quoted}\n"
    write(
        site / "docs/documents.yml", SITE + exceptions + "  - {rule: repeated-word, document: agreement, because: x}\n"
    )
    printed = check("--strict")[1]
    assert "rules.md" not in printed
    assert (
        "documents.yml:8:5: repeated-word finds nothing in agreement; delete this exception [stale-exception]"
        in printed
    )


def test_wrong_settings_are_reported(site: Path) -> None:
    write(site / "docs/documents.yml", SITE + "exceptions: [{rule: repeated-word, document: ruls, because: x}]\n")
    status, printed, _ = check()
    assert status == 1
    assert "there is no document ruls" in printed


def test_the_projects_own_documents_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    status, printed, _ = check("--strict")
    assert (status, re.findall(r"\d+ (?:errors?|warnings?)", printed)) == (0, [])


def test_json(here: Path) -> None:
    write(here / "a.md", BAD)
    status, printed, _ = check("a.md", "--format", "json")
    found = json.loads(printed)
    assert status == 1
    assert found["summary"] == {"errors": 1, "warnings": 1, "notes": 0}
    assert found["diagnostics"][0] == {
        "rule": "repeated-word",
        "severity": "warning",
        "path": "a.md",
        "line": 5,
        "column": 19,
        "clause": "Fees",
        "message": "“the the”: the word “the” is repeated",
        "fix": "the",
        "link": "",
    }
    write(here / "a.md", CLEAN)
    assert json.loads(check("a.md", "--format", "json")[1])["diagnostics"] == []


def test_workflow_commands(here: Path) -> None:
    write(here / "a,b:c%.md", BAD + "\nThe 100% fee [INSERT %, NOW].\n" + "It pays the the fee.\n" * 11)
    status, printed, _ = check("a,b:c%.md", "--format", "github")
    lines = printed.splitlines()
    assert status == 1
    assert lines[0] == (
        "::error file=a%2Cb%3Ac%25.md,line=5,col=31,title=placeholder::Fees: [LINK] was never filled in"
    )
    assert lines[1].endswith("[INSERT %25, NOW] was never filled in")
    assert sum(line.startswith("::warning") for line in lines) == 10
    assert lines[-1] == "and 2 more warnings"
    write(here / "clean.md", CLEAN)
    assert check("clean.md", "--format", "github")[1] == ""


def test_sarif(here: Path) -> None:
    write(here / "sub/a b.md", BAD)
    status, printed, _ = check("sub/a b.md", "--format", "sarif")
    log = json.loads(printed)
    assert status == 1
    Draft202012Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "sub/a%20b.md", "uriBaseId": "ROOT"}
    assert place["region"] == {"startLine": 5, "startColumn": 19}
    (here / "b.md").write_bytes(b"\xff")
    Draft202012Validator(SCHEMA).validate(json.loads(check("b.md", "--format", "sarif")[1]))


def metals(sentence: str, *names: str) -> bytes:
    """A file as an editor on Windows saves it: with a byte-order mark, and two characters at the end of a line."""
    lines = ["# Terms", "", sentence, "", *(f"- {name} means a metal." for name in names), ""]
    return ("\ufeff" + "\r\n".join(lines)).encode()


def test_mending(here: Path) -> None:
    (here / "a.md").write_bytes(metals("It is of of use.", "“Alum”", "“Brass”", "“Zinc”", "“Lead", "“Tin”"))
    status, printed, diff = check("a.md", "--fix")
    assert status == 0
    assert "-It is of of use." in diff
    assert "+It is of use." in diff
    assert not re.search("repeated-word|definition-quotes", printed)
    # Where a definition belongs is said; lists are for people to sort.
    assert "definition-order" in printed
    assert (here / "a.md").read_bytes() == metals("It is of use.", "“Alum”", "“Brass”", "“Zinc”", "“Lead”", "“Tin”")
    assert check("a.md", "--fix")[2] == ""


def test_what_is_sealed_is_never_mended(here: Path) -> None:
    write(here / "record/a.md", BAD)
    assert check("record/a.md", "--fix")[2] == ""
    assert (here / "record/a.md").read_text("utf-8") == BAD
    # Under whatever name its folder has.
    write(here / "sealed/ledger.jsonl", "")
    write(here / "sealed/a.md", BAD)
    assert check("sealed/a.md", "--fix")[2] == ""
    assert (here / "sealed/a.md").read_text("utf-8") == BAD


def test_a_folder_above_that_is_called_record_seals_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "record/site").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "record/site")
    write(Path("a.md"), BAD)
    assert "+Customer pays the fee" in check("a.md", "--fix")[2]


@pytest.mark.long
def test_many_findings_of_a_rule_are_one_line_unless_all_are_wanted(here: Path) -> None:
    write(here / "x/a.md", BAD + "\nIt pays the the fee.\n" * 1200)
    write(here / "x/b.md", BAD)
    status, printed, _ = check("x")
    assert status == 1
    assert printed.splitlines() == [
        "repeated-word: 1,202 places in 2 documents; first at x/a.md:5:19: Fees: “the the”: the word “the” is repeated "
        "[repeated-word]",
        "    fix: the",
        "x/a.md:5:31: Fees: [LINK] was never filled in [placeholder]",
        "x/b.md:5:31: Fees: [LINK] was never filled in [placeholder]",
        "2 errors, 1202 warnings",
        "run engross check --all to list each place",
    ]
    assert check("x", "--all")[1].count("[repeated-word]") == 1202
    assert len(json.loads(check("x", "--format", "json")[1])["diagnostics"]) == 1204
    assert len(json.loads(check("x", "--format", "sarif")[1])["runs"][0]["results"]) == 1204
    assert check("x", "--format", "github")[1].count("::warning") == 10


def test_html_on_every_line_of_a_site_is_one_line(site: Path) -> None:
    write(site / "docs/alone.md", "# T\n\n" + "A <b>word.\n\n" * 30)
    status, printed, _ = check()
    assert status == 1
    assert printed.startswith("raw-html: 30 places in 1 document; first at docs/alone.md:3:3: ")
    assert printed.count("raw HTML") == 1


def test_a_baseline_is_written_named_and_shortened(site: Path) -> None:
    write(site / "mkdocs.yml", "site_name: S\nplugins: [engross]\nmarkdown_extensions: [engross.guard]\n")
    status, printed, noted = check("--write-baseline", "docs/known.json", "--strict")
    assert (status, printed) == (0, "no findings\n")
    assert noted.splitlines() == [
        "wrote docs/known.json: 2 known findings",
        "note: add this line to docs/documents.yml, for check, release and the build: baseline: known.json",
        "2 known findings of docs/known.json are hidden",
    ]
    assert check("--strict")[0] == 1
    assert check("--strict", "--baseline", "docs/known.json")[0] == 0
    write(site / "docs/documents.yml", f"{SITE}baseline: known.json\n")
    status, printed, noted = check("--strict")
    assert (status, printed) == (0, "no findings\n")
    assert noted.startswith("2 known findings of docs/known.json are hidden\n")
    write(site / "docs/alone.md", "# Alone\n\nIt is quite on the the page.\n")
    status, printed, _ = check("--strict")
    assert (status, "docs/alone.md:3:20: Alone: “the the”" in printed) == (1, True)
    assert "docs/known.json: 1 known finding matches nothing any more; run engross check --write-baseline" in printed
    assert check("docs/terms/rules.md")[1] == "no findings\n"
    status, printed, noted = check("--write-baseline", "docs/known.json")
    assert noted.splitlines()[0] == "wrote docs/known.json: 1 known finding, 2 before"
    assert printed.splitlines()[-1] == "1 warning"


def test_a_baseline_of_single_files(here: Path) -> None:
    write(here / "a.md", BAD)
    assert check("a.md", "--write-baseline", "known.json")[0] == 0
    assert check("a.md", "--baseline", "known.json", "--strict")[:2] == (0, "no findings\n")
    write(here / "a.md", BAD.replace("as [LINK]", "and as [LINK]"))
    assert check("a.md", "--baseline", "known.json")[0] == 1


def test_a_baseline_of_some_findings_is_not_written(site: Path) -> None:
    for args in (["docs/alone.md"], ["--rule", "placeholder"], ["--no-rule", "placeholder"]):
        status, _, noted = check("--write-baseline", "known.json", *args)
        assert (status, "leave out" in noted) == (2, True)
        assert not (site / "known.json").exists()
    assert "must be in its docs folder" in check("--write-baseline", "known.json")[2]
    write(site / "known.json", "{}")
    status, printed, _ = check("--write-baseline", "known.json")
    assert (status, "known.json:1:1: this is no baseline" in printed) == (1, True)
    assert (site / "known.json").read_text("utf-8") == "{}"


def test_a_baseline_outside_the_docs_or_of_another_kind_is_refused(site: Path) -> None:
    for name in ("../known.json", "known.yml"):
        write(site / "docs/documents.yml", f"{SITE}baseline: {name}\n")
        status, printed, _ = check()
        assert (status, f"baseline: {name} is not valid" in printed) == (1, True), printed


def test_a_check_of_one_file_loads_no_templates_and_no_other_markdown(site: Path) -> None:
    """It runs before each commit, and loading takes most of its time."""
    run = "import sys; from engross.cli import main; main(['check', 'docs/alone.md'], standalone_mode=False)"
    loaded = "print(sorted({'jinja2', 'markdown', 'mkdocs', 'pathspec'} & set(sys.modules)))"
    command = f"import atexit, sys; atexit.register(lambda: {loaded}); {run}"
    printed = subprocess.run(
        [sys.executable, "-c", command], cwd=site, capture_output=True, text=True, check=False
    ).stdout
    assert "repeated-word" in printed
    assert printed.endswith("\n[]\n")


@pytest.mark.parametrize("command", ["check", "release", "review"])
def test_the_output_says_how_to_begin_a_record(play: Play, command: str) -> None:
    found = engross(command)
    assert found.exit_code == 0
    assert "Nothing was posted yet. To post the first versions, write a note that names every document" in found.output
    assert "engross change new --set main --document agreement --document data --document models" in found.output
    play.note("first", documents="agreement, data, models")
    assert "Nothing was posted yet" not in engross(command, *(["--dry-run"] if command == "release" else [])).output
