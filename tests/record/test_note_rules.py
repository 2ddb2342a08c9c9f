"""Rules about notes: that each change has one, that it fits the change, and that its day has not passed."""

import subprocess
from pathlib import Path

import pytest

from engross.model import EntryKind, Severity
from note_filling import filled

from .playing import AGREEMENT, DOCUMENTS, MODELS, RULES, Site, day, instant, make_site, posted_site, rules_of
from .rule_cases import SLOW, STRICT, messages, paste

APPROVED = DOCUMENTS.replace("kind: url-terms,", "kind: url-terms, text_required: true,")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return posted_site(tmp_path).at(1)


# unposted-change


def test_nothing_is_kept_where_nothing_was_ever_posted(tmp_path: Path) -> None:
    assert make_site(tmp_path).findings() == []


def test_first_posting_of_everything(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.note("agreement")
    found = site.findings()
    assert rules_of(found) == ["unposted-change"] * 2
    assert "docs/rules.md:1:1: this document was never posted; a change note must name it" in str(found[0])
    for at, one in enumerate(found):
        site.write(f"changes/pasted-{at}.md", filled(one.fix))
    assert site.findings() == []
    assert [entry.name for entry in site.release()][-1] == "entry 4 (set main)"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("agreement.md", "thirty days", "twenty days"),
        ("agreement.md", "(b) resell", "(e) resell"),
        ("agreement.md", "## Fees", "### Fees"),
        ("rules.md", "example.com/others", "example.com/all"),
        ("rules.md", "*nothing*", "nothing"),
        ("models.yml", "context_tokens: 4096", "context_tokens: 2048"),
        ("models.yml", "name: Small 1", "name: Small One"),
    ],
)
def test_text_that_differs(site: Site, name: str, old: str, new: str) -> None:
    site.edit(name, (old, new))
    (found,) = site.findings()
    assert found.rule == "unposted-change"
    assert found.line == 1 + site.read(name).split(new)[0].count("\n") or name == "models.yml"
    paste(site)
    assert site.findings() == []
    assert len(site.release()) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("agreement.md", AGREEMENT.replace("within thirty days", "within\nthirty days")),
        ("agreement.md", AGREEMENT.replace("## Fees\n", "<!-- a remark -->\n\n\n## Fees\n")),
        ("agreement.md", AGREEMENT.replace("\n", "\r\n")),
        ("rules.md", RULES.replace("*nothing*", "_nothing_")),
        ("models.yml", MODELS.replace("models:", "# a remark\nmodels:")),
        (
            "models.yml",
            MODELS.replace("    name: Small 1\n    provider: Maker\n", "    provider: Maker\n    name: Small 1\n"),
        ),
        ("models.yml", MODELS.replace("Small 1", '"Small 1"')),
    ],
)
def test_what_no_reader_sees(site: Site, name: str, text: str) -> None:
    assert text != site.read(name)
    site.write(name, text)
    assert site.findings() == []
    assert site.release() == ()


def test_document_taken_off_the_list(site: Site) -> None:
    text = site.read("documents.yml").replace("  - {id: models", "  #").replace("[rules, models]", "[rules]")
    site.write("documents.yml", text)
    found, of_set = site.findings()
    assert "documents.yml: models was posted, and is no longer listed" in str(found)
    assert "incorporates was rules; models, and is rules" in str(of_set)
    site.write("changes/pasted.md", filled(found.fix))
    assert site.findings() == []
    assert [entry.name for entry in site.release()] == ["entry 6 (set main)", "entry 7 (retire models)"]
    site.write("documents.yml", DOCUMENTS)
    found, of_set = site.findings()
    assert "models was retired by entry 7 (retire models); its id is never used again" in str(found)
    assert found.line == 7


def test_note_for_a_change_behind_an_announcement(site: Site) -> None:
    """The printed note does not take effect before an announced version, whatever its class."""
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(20))
    site.at(2).edit("rules.md", ("*nothing*", "nothing"))
    assert "class: format" in site.findings()[0].fix
    paste(site)
    assert site.findings() == []


@pytest.mark.parametrize("settings", [SLOW, APPROVED])
def test_note_keeps_the_policy(tmp_path: Path, settings: str) -> None:
    site = posted_site(tmp_path, DOCUMENTS).at(1)
    site.write("documents.yml", settings)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    paste(site)
    assert site.findings() == []


def test_note_wants_grounds_filled_in(tmp_path: Path) -> None:
    """The law, the clause and each condition are gaps; so is a ground that asks for nothing else."""
    bare = STRICT.replace("grounds:\n", "grounds:\n  - {id: court, title: A court orders it}\n", 1)
    site = posted_site(tmp_path, bare.replace("grounds: [law", "grounds: [court, law")).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    paste(site)
    note = site.read("changes/pasted.md")
    assert note.count("ground: ") == 4
    assert [str(found.message) for found in site.findings()] == [
        "Expressly permitted: there is no clause “Regulation 1” in rules; cite a clause by its heading, label, "
        "number or anchor, and name its document if that is another of the set; nearest: Conduct, Content"
    ]
    site.write("changes/pasted.md", note.replace("ground: permitted", "ground: law"))
    assert site.findings() == []


# note-without-change


def test_note_about_nothing(site: Site) -> None:
    site.note("agreement, agremeent")
    found = site.findings()
    assert rules_of(found) == ["note-without-change"] * 2
    assert "note-2.md:2:13: nothing of agreement differs from what was posted" in str(found[0])
    assert "there is no document agremeent; name a document by its id in documents.yml: agreement, " in str(found[1])


def test_replacement_is_of_a_document_that_ends(site: Site) -> None:
    listed = site.read("documents.yml").splitlines(keepends=True)
    site.write("documents.yml", "".join(line for line in listed if "id: models" not in line).replace(", models", ""))
    (site.root / "docs/models.yml").unlink()
    site.note("models, agreement", "sets: main", "replaced_by: {models: rulse, agreement: rules, x: rules}")
    found = [one for one in site.findings() if "replaced" in one.message]
    assert [one.message.partition(";")[0] for one in found] == [
        "models is replaced by rulse, and documents.yml has no such document",
        "this note does not end agreement",
        "this note does not end x",
    ]
    assert found[0].fix == "rules"


def test_withdrawal_says_nothing_of_other_documents(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(20))
    site.at(2).write("rules.md", RULES)
    site.note("rules, agreement", "withdraws: rules@2")
    (found,) = site.findings()
    assert "nothing of agreement differs" in found.message


def test_restored_text_says_nothing_of_other_documents(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules")
    site.at(2).write("rules.md", RULES)
    site.note("rules, agreement", "restores: rules@1", slug="back")
    (found,) = site.findings()
    assert "nothing of agreement differs" in found.message
    (site.folders.notes / "back.md").unlink()
    site.note("rules", "restores: rules@1")
    (entry,) = site.release()
    assert (entry.version, entry.restores, entry.supersedes) == (3, 1, 2)


def test_withdrawn_and_restored_at_once(site: Site) -> None:
    """Withdrawing the version in force needs no further version; a restored version must not be withdrawn."""
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules")
    site.at(2).write("rules.md", RULES)
    assert [entry.name for entry in site.post("rules", "withdraws: rules@2", "restores: rules@1")] == [
        "entry 7 (withdraw rules@2)"
    ]
    assert site.record.in_force("rules", day(3)).number == 1  # type: ignore[union-attr]


# edited-note


def test_posted_note_edited_and_gone(site: Site) -> None:
    path = site.folders.notes / "first.md"
    sealed = path.read_bytes()
    path.write_bytes(sealed + b"\n")
    (found,) = site.findings()
    assert (found.rule, found.severity) == ("edited-note", Severity.ERROR)
    path.unlink()
    (found,) = site.findings()
    assert "first.md: this note was posted and is missing" in str(found)
    assert found.fix.startswith("cp ")
    subprocess.run(found.fix.split(), check=True)
    assert path.read_bytes() == sealed
    assert site.findings() == []


# stale-note


def test_today_is_no_day_to_wait_for(site: Site) -> None:
    """One finding says so; what would follow from the day is not reported, because that day changes."""
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(30), slug="kinder")
    site.at(2.5).edit("rules.md", ("very kind", "very kind and calm"))
    site.note("rules", effective=f"{day(2):%Y-%m-%d}")
    (found,) = site.findings()
    assert (found.rule, found.fix) == ("stale-note", "effective: immediately")
    assert found.message.startswith("7 January 2026 has begun, and a change cannot take effect before it is posted")


def test_a_day_in_another_century(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", effective="2062-12-01")
    (found,) = site.findings()
    assert (found.rule, found.severity) == ("stale-note", Severity.WARNING)
    assert "1 December 2062 is more than two years ahead; is the year right?" in found.message
    site.note("rules", slug=Path(found.path).stem, effective="2027-12-01")
    assert site.findings() == []


def test_day_that_has_passed(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", effective="2026-01-05")
    (found,) = site.findings()
    assert (found.rule, found.line, found.fix) == ("stale-note", 5, "effective: immediately")
    site.at(0)
    assert site.findings() == []


def test_text_that_was_approved(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.write("documents.yml", APPROVED)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    why = "not_material_because: It binds us, and nobody else."
    site.note("rules", why, slug="one")
    (found,) = site.findings()
    assert "documents.yml requires the hash of the approved text of rules" in found.message
    site.note("rules", why, found.fix, slug="one")
    assert site.findings() == []
    site.edit("rules.md", ("very kind", "most kind"))
    (found,) = site.findings()
    assert "another text of rules was approved" in found.message
    site.note("rules", why, f"text: {{{found.fix}}}", slug="one")
    assert site.findings() == []
    site.note("rules", why, f'text: {{{found.fix}, models: "{"0" * 12}"}}', slug="one")
    assert "the note names no document models" in messages(site)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("withdraws: rules@9", "rules@9 is not a version"),
        ("withdraws: agreement@1", "the note names no document agreement"),
        ("restores: rules@9", "rules@9 is not a version"),
        ("restores: agreement@1", "the note names no document agreement"),
        ("restores: rules@1", "the text of rules is not that of rules@1; `engross restore rules@1` restores it"),
        ("corrects: 9", "there is no entry 9"),
        ("corrects: 1", "entry 1 (post agreement@1) is about agreement, which this note does not name"),
    ],
)
def test_versions_that_are_not_there(site: Site, line: str, message: str) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", line)
    assert message in messages(site, "stale-note")


def test_withdrawn_twice(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(9))
    site.at(2).write("rules.md", RULES)
    site.note("rules", "withdraws: [rules@2, rules@2]")
    site.note("rules", "withdraws: rules@2")
    assert [entry.kind for entry in site.release()] == [EntryKind.WITHDRAW]
    site.note("rules", "withdraws: rules@2")
    assert "rules@2 was withdrawn already" in messages(site)


def test_correction_with_more_in_it(site: Site) -> None:
    site.note("rules", "corrects: 2", "restores: rules@1")
    assert "cannot withdraw or restore" in messages(site, "stale-note")
    site.note("rules", "corrects: 2", slug="note-2")
    assert [entry.kind for entry in site.release()] == [EntryKind.CORRECT]
