"""A notice about a site without the guard, or with files that another site engine copied; nothing fails."""

import json

import pytest
from cli_play import Play, engross

from engross.corpus.folders import find_folders
from engross.drafting.site_files import check_site_setup

GUARD = "markdown_extensions: [engross.guard]\n"


@pytest.mark.parametrize(
    ("settings", "line", "fix"),
    [
        ("", 0, "markdown_extensions:\n  - engross.guard"),
        ("markdown_extensions:\n  - toc\n", 5, "  - engross.guard"),
        ("markdown_extensions: # ours\n\n# one\n- toc:\n    permalink: true\n", 5, "- engross.guard"),
        ("markdown_extensions:\n  toc: {}\n", 5, "engross.guard: {}"),
        ("markdown_extensions: [toc]\n", 5, ""),
        ("# markdown_extensions: [engross.guard]\n", 0, "markdown_extensions:\n  - engross.guard"),
    ],
)
def test_what_is_to_be_pasted_and_where(play: Play, settings: str, line: int, fix: str) -> None:
    play.posted()
    play.change(GUARD, settings, "mkdocs.yml")
    checked = engross("check", "--strict", "--format", "json")
    (note,) = json.loads(checked.stdout)["diagnostics"]
    assert checked.exit_code == 0
    assert (note["rule"], note["severity"], note["path"], note["line"], note["fix"]) == (
        *("unguarded-site", "note", "mkdocs.yml", line, fix),
    )
    assert engross("check", "--no-rule", "unguarded-site").stdout == "no findings\n"
    released = engross("release")
    assert released.exit_code == 0
    assert released.stderr.count("engross.guard is not listed") == 1
    assert released.stderr.startswith("note: mkdocs.yml:")
    assert "engross.guard" not in engross("verify").stderr


@pytest.mark.parametrize(
    ("own", "inherited", "guarded"),
    [
        ("", GUARD, True),
        ("markdown_extensions: {toc: {}}\n", "markdown_extensions: {engross.guard: {}}\n", True),
        ("markdown_extensions: [toc]\n", GUARD, False),
        ("", "INHERIT: base.yml\n", False),
        ("", "markdown_extensions:\n", False),
    ],
)
def test_what_mkdocs_inherits_counts(play: Play, own: str, inherited: str, guarded: bool) -> None:
    play.write("base.yml", inherited)
    play.change(GUARD, f"INHERIT: base.yml\n{own}", "mkdocs.yml")
    assert find_folders(play.root).guarded is guarded


def test_a_site_without_a_mkdocs_yml_is_not_asked(play: Play) -> None:
    (play.root / "mkdocs.yml").unlink()
    assert list(check_site_setup(find_folders(play.root))) == []


def test_a_site_folder_with_our_own_yaml_is_reported(play: Play) -> None:
    play.posted()
    for name in ("documents.yml", "models.yml", "openapi.yml"):
        play.write(f"site/{name}", "a: 1\n")
    checked = engross("check", "--strict")
    assert checked.exit_code == 0
    assert [line.split(" ")[0] for line in checked.stdout.splitlines()] == [
        *("site/documents.yml:", "site/models.yml:", "2"),
    ]
    verified = engross("verify")
    assert verified.exit_code == 0
    assert verified.stderr.startswith("note: site/documents.yml: Engross did not write this file")


def test_inherited_settings_count_unless_they_are_overridden(play: Play) -> None:
    """As in MkDocs: mappings are merged, lists are replaced."""
    base = "strict: true\nplugins: {search: {}, engross: {record: sealed, notes: notes}}\nvalidation: {anchors: warn}\n"
    play.write("base.yml", f"{base}repo_url: https://example.com/base\n")
    own = "plugins: {engross: {notes: changes}}\nvalidation: {links: {not_found: info}}\nrepo_url: https://example.com/own\n"
    play.write("mkdocs.yml", f"INHERIT: base.yml\nsite_name: S\n{own}")
    folders = find_folders(play.root)
    assert (folders.strict, folders.repository) == (True, "https://example.com/own")
    assert (folders.record, folders.notes) == (play.root / "sealed", play.root / "docs/changes")
    assert (folders.validation["anchors"], folders.validation["not_found"]) == ("warn", "info")
    play.write("mkdocs.yml", "INHERIT: base.yml\nstrict: false\nplugins: [engross]\n")
    folders = find_folders(play.root)
    assert (folders.strict, folders.record) == (False, play.root / "record")


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("agreement/versions/mine.md", "agreement/versions/ is kept for what Engross publishes of the record"),
        ("changes/first.md", ""),
        ("in-force.md", ""),
        ("in-force/index.html", "in-force/ is kept for what Engross publishes of the record"),
        ("not-posted/page.md", "not-posted/ is kept for what Engross publishes of the record"),
        ("manifest.json", "Engross publishes manifest.json itself"),
        ("feeds/changes.xml", "Engross publishes feeds/changes.xml itself"),
        ("record/ledger.jsonl", "Engross publishes record/ledger.jsonl itself"),
        ("manifest.webmanifest", ""),
    ],
)
def test_check_and_release_refuse_a_file_at_a_reserved_address(play: Play, name: str, output: str) -> None:
    play.posted()
    if name != "changes/first.md":
        play.write(f"docs/{name}", "# Mine\n\nText.\n")
    play.change("at once", "soon")
    play.note("second")
    for command in ("check", "release"):
        found = engross(command)
        assert found.exit_code == bool(output), found.output
        assert (f"docs/{name}" in found.output) == bool(output)
        assert output in found.output


def test_check_and_release_refuse_a_document_at_a_reserved_address(play: Play) -> None:
    taken = "file: terms/data.md, published: agreement/versions/"
    play.posted().change("file: terms/data.md", taken, "docs/documents.yml")
    for command in ("check", "release"):
        found = engross(command)
        assert "published: agreement/versions/ is kept for what Engross publishes of the record" in found.output
