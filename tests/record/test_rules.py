"""Each rule of the record finds its mistakes, and accepts correct records."""

import subprocess
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.model import EntryKind, Severity
from engross.record.in_force import standing
from engross.record.verification import verify
from engross.record.views.json_files import upcoming_json
from note_filling import GAP, filled

from .playing import AGREEMENT, DOCUMENTS, MODELS, RULES, Site, day, instant, make_site, posted_site, rules_of

GROUNDS = """\
grounds:
  - {id: law, title: Required by law, cites: law}
  - {id: permitted, title: Expressly permitted, cites: clause}
  - id: reasonable
    title: Commercially reasonable
    conditions:
      - {id: security, text: It does not weaken security.}
      - {id: scope, text: It does not widen the scope.}
      - {id: rights, text: It takes no rights.}
      - {id: needed, text: It is needed.}
"""
STRICT = GROUNDS + DOCUMENTS.replace(
    "kind: url-terms, file: rules.md", "kind: url-terms, grounds: [law, permitted, reasonable], file: rules.md"
)
SLOW = DOCUMENTS.replace("kind: url-terms,", "kind: url-terms, notice_days: 30,")
APPROVED = DOCUMENTS.replace("kind: url-terms,", "kind: url-terms, text_required: true,")
CONDITIONS = ("security", "scope", "rights", "needed")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return posted_site(tmp_path).at(1)


def said(site: Site, *rules: str) -> str:
    return "\n".join(map(str, site.findings(*rules)))


def paste(site: Site, slug: str = "pasted") -> None:
    """Take the note that unposted-change prints, see that each gap of it is found, and fill them in."""
    (found,) = site.findings("unposted-change")
    site.write(f"changes/{slug}.md", found.fix)
    gaps = [(found.fix[: gap.start()].count("\n") + 1, gap[0]) for gap in GAP.finditer(found.fix)]
    assert [(one.rule, one.line) for one in site.findings()] == [("note-placeholder", line) for line, _ in gaps]
    assert all(gap in one.message for one, (_, gap) in zip(site.findings(), gaps, strict=True))
    with pytest.raises(EngrossError, match="is still to be filled in; write"):
        site.release()
    site.write(f"changes/{slug}.md", filled(found.fix))


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
    assert "the note names no document models" in said(site)


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
    assert message in said(site, "stale-note")


def test_withdrawn_twice(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(9))
    site.at(2).write("rules.md", RULES)
    site.note("rules", "withdraws: [rules@2, rules@2]")
    site.note("rules", "withdraws: rules@2")
    assert [entry.kind for entry in site.release()] == [EntryKind.WITHDRAW]
    site.note("rules", "withdraws: rules@2")
    assert "rules@2 was withdrawn already" in said(site)


def test_correction_with_more_in_it(site: Site) -> None:
    site.note("rules", "corrects: 2", "restores: rules@1")
    assert "cannot withdraw or restore" in said(site, "stale-note")
    site.note("rules", "corrects: 2", slug="note-2")
    assert [entry.kind for entry in site.release()] == [EntryKind.CORRECT]


# missing-grounds


def conditions(*left_out: str) -> str:
    return "\n".join(f"      {name}: It is met in this way." for name in CONDITIONS if name not in left_out)


@pytest.mark.parametrize(
    ("grounds", "message"),
    [
        ("", "Rules of Use changes only on certain grounds, and this note has none"),
        ("  - ground: law", "Required by law: cite the law that requires it"),
        ("  - {ground: law, cites: Regulation 1}", ""),
        ("  - ground: permitted", "Expressly permitted: cite the clause that permits it"),
        ("  - {ground: permitted, cites: Section 4}", "there is no clause “Section 4” in rules"),
        ("  - {ground: permitted, cites: Conduct}", ""),
        ("  - ground: reasonable", "how this condition is met: It does not weaken security."),
        *(
            (f"  - ground: reasonable\n    conditions:\n{conditions(name)}", "write a sentence that explains how this")
            for name in CONDITIONS
        ),
        (f"  - ground: reasonable\n    conditions:\n{conditions('scope')}\n      scope: yes it is", ""),
        (
            f"  - ground: reasonable\n    conditions:\n{conditions('scope')}\n      scope: met",
            "It does not widen the scope.",
        ),
        (
            f"  - ground: reasonable\n    conditions:\n{conditions()}\n      scop: What is this then",
            "no condition scop; did",
        ),
        (f"  - ground: reasonable\n    conditions:\n{conditions()}", ""),
        ("  - {ground: law, cites: Regulation 1}\n  - {ground: permitted, cites: Conduct}", ""),
        (
            "  - {ground: permited, cites: Regulation 1}",
            'there is no ground permited in documents.yml; did you mean "permitted"?',
        ),
    ],
)
def test_grounds(tmp_path: Path, grounds: str, message: str) -> None:
    site = posted_site(tmp_path, STRICT).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", *(["grounds:", grounds] if grounds else []))
    assert message in said(site, "missing-grounds")
    assert bool(site.findings()) == bool(message)


def test_grounds_of_a_withdrawal(tmp_path: Path) -> None:
    """Withdrawing a version in force needs a ground; withdrawing an announced one needs none."""
    site = posted_site(tmp_path, STRICT).at(1)
    ground = "grounds: [{ground: law, cites: Regulation 1}]"
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", ground)
    site.at(2).write("rules.md", RULES)
    site.note("rules", "withdraws: rules@2", slug="back")
    assert rules_of(site.findings()) == ["missing-grounds"]
    site.note("rules", "withdraws: rules@2", ground, slug="back")
    site.release()
    site.at(3).edit("rules.md", ("Be kind", "Be most kind"))
    site.post("rules", ground, effective=instant(9))
    site.at(4).write("rules.md", RULES)
    site.note("rules", "withdraws: rules@3")
    assert site.findings() == []


# class-mismatch


@pytest.mark.parametrize(
    ("name", "old", "new", "least"),
    [
        ("rules.md", "Be kind", "Be very kind", "editorial"),
        ("rules.md", "example.com/others", "example.com/all", "editorial"),
        ("rules.md", "*nothing*", "nothing", "format"),
        ("agreement.md", "(d) hide", "(e) hide", "editorial"),
        ("agreement.md", "## Fees", "### Fees", "editorial"),
        (
            "agreement.md",
            "(a) copy the service;\n(b) resell the service;",
            "(a) copy the service;\n\n(b) resell the service;",
            "",
        ),
        ("agreement.md", "Either party", "Either party\\\n", "format"),
        ("agreement.md", "You pay what", "- You pay what", "editorial"),
        ("models.yml", "context_tokens: 4096", "context_tokens: 2048", "substantive"),
        ("agreement.md", "thirty days", "twenty days", "substantive"),
        ("rules.md", "Be kind to", "Be kind\nto", ""),
    ],
)
def test_class(site: Site, name: str, old: str, new: str, least: str) -> None:
    site.edit(name, (old, new))
    document = name.partition(".")[0]
    for change_class in ("format", "editorial", "substantive"):
        site.note(document, slug="one", class_=change_class)
        found = rules_of(site.findings())
        wrong = {
            "format": least in ("editorial", "substantive"),
            "editorial": least == "substantive",
            "substantive": not least,
        }[change_class]
        assert found == (["class-mismatch"] if wrong else []), change_class
        if wrong:
            # What the message proposes is right at once.
            assert site.findings()[0].fix == f"class: {least or 'format'}"


def test_kind_of_list(tmp_path: Path) -> None:
    site = posted_site(tmp_path, rules="# Rules\n\n1. One thing.\n2. Another.\n").at(1)
    site.write("rules.md", "# Rules\n\n- One thing.\n- Another.\n")
    site.note("rules", class_="format")
    assert rules_of(site.findings()) == ["class-mismatch"]


def test_material_is_substantive(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", class_="editorial", material="true")
    (found,) = site.findings()
    assert (found.rule, found.fix) == ("class-mismatch", "class: substantive")


def test_the_note_that_is_wrong_is_named(site: Site) -> None:
    site.edit("rules.md", ("Be kind to", "Be kind\nto"))
    site.note("rules", class_="format")
    site.note("rules")
    (found,) = site.findings()
    assert found.path.endswith("note-3.md")


# conflicting-notes, short-notice, overtakes-announced


def test_two_notes_two_days(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", effective="2026-02-01")
    site.note("rules", effective="2026-02-01T00:00Z")
    assert site.findings() == []
    site.note("rules", effective="2026-02-02")
    found = site.findings()
    assert {one.rule for one in found} == {"conflicting-notes"}
    assert [Path(one.path).stem for one in found] == ["note-2", "note-3"]
    assert {one.fix for one in found} == {"effective: 2026-02-02"}


def test_two_notes_about_a_new_name(site: Site) -> None:
    site.write("documents.yml", DOCUMENTS.replace("Rules of Use", "Rules for All"))
    site.note("rules", effective="2026-02-01")
    site.note("rules", effective="2026-02-02")
    assert rules_of(site.findings()) == ["conflicting-notes"]


def test_one_version_of_many_notes(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", class_="editorial")
    site.note("rules", material="true")
    (entry,) = site.release()
    assert (str(entry.change_class), entry.material, len(entry.notes)) == ("substantive", True, 2)


@pytest.mark.parametrize(
    ("effective", "material", "lines", "short"),
    [
        ("immediately", "true", (), True),
        (instant(30.99), "true", (), True),
        (instant(31), "true", (), False),
        ("immediately", "false", (), False),
        (instant(40), "true", ("notice_days: 60",), True),
        (instant(10), "true", ("notice_days: 5",), True),
    ],
)
def test_notice(tmp_path: Path, effective: str, material: str, lines: tuple[str, ...], short: bool) -> None:
    site = posted_site(tmp_path, SLOW).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", *lines, effective=effective, material=material)
    assert rules_of(site.findings()) == (["short-notice"] if short else [])
    if short:
        fix = site.findings()[0].fix.removeprefix("effective: ")
        site.note("rules", *lines, effective=fix, material=material, slug="note-2")
        assert site.findings() == []


def test_first_posting_needs_no_notice(tmp_path: Path) -> None:
    site = make_site(tmp_path, SLOW)
    site.note("agreement, rules, models, pricing", material="true")
    assert site.findings() == []


def test_notice_of_the_end(tmp_path: Path) -> None:
    site = posted_site(tmp_path, SLOW.replace("incorporates: [rules, models]", "incorporates: [models]")).at(1)
    text = "\n".join(line for line in site.read("documents.yml").splitlines() if "id: rules" not in line)
    site.write("documents.yml", text)
    site.note("rules", material="true", slug="end")
    assert rules_of(site.findings()) == ["short-notice"]
    site.note("rules", material="true", effective=instant(31), slug="end")
    assert site.findings() == []
    (site.folders.notes / "end.md").unlink()
    paste(site)
    assert site.findings() == []


def test_notice_of_what_is_taken_back(tmp_path: Path) -> None:
    site = posted_site(tmp_path, SLOW).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules")
    site.at(2).write("rules.md", RULES)
    site.note("rules", "withdraws: rules@2", material="true")
    assert rules_of(site.findings()) == ["short-notice"]


def test_overtaking(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(30))
    site.at(2).edit("rules.md", ("very kind", "most kind"))
    site.note("rules", effective=instant(20), slug="sooner")
    (found,) = site.findings()
    assert (found.rule, found.fix) == ("overtakes-announced", "withdraws: rules@2")
    site.note("rules", found.fix, effective=instant(20), slug="sooner")
    assert site.findings() == []
    site.release()
    record = site.record
    numbers = [
        version.number if version else 0 for at in (10, 25, 35) if (version := record.in_force("rules", day(at)))
    ]
    assert numbers == [1, 3, 3]


def test_announced_for_the_same_instant(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(30))
    site.at(2).edit("rules.md", ("very kind", "most kind"))
    site.post("rules", effective=instant(30))
    assert site.record.in_force("rules", day(30)).number == 3  # type: ignore[union-attr]


def test_postponed(site: Site) -> None:
    """Withdrawing an announced version applies immediately, so that it does not come into force in between."""
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(30))
    site.at(2).post("rules", "withdraws: rules@2", effective=instant(60))
    record = site.record
    assert [record.in_force("rules", day(at)).number for at in (29, 31, 59, 60)] == [1, 1, 1, 3]  # type: ignore[union-attr]
    assert [version.number for version in record.announced("rules", day(3))] == [3]


# removed-anchor, reused-anchor


def test_heading_removed(site: Site) -> None:
    site.write("agreement.md", AGREEMENT.replace("## End\n\nEither party may end it by notice.\n", ""))
    site.note("agreement", slug="one")
    (found,) = site.findings("removed-anchor")
    assert "agreement no longer has #end (“End”)" in found.message
    site.note("agreement", found.fix, slug="one")
    assert site.findings() == []
    for target in ("agreement#fees", "rules#conduct", "'#fees'", "fees"):
        site.note("agreement", f"anchors: {{agreement#end: {target}}}", slug="one")
        assert site.findings() == [], target
    for target, message in (
        ("agreement#nothing", "agreement#end leads to nothing, which does not exist"),
        ("rules#nothing", "agreement#end leads to rules#nothing, which does not exist"),
        ("nothing#fees", "leads to nothing#fees, which does not exist"),
    ):
        site.note("agreement", f"anchors: {{agreement#end: {target}}}", slug="one")
        assert message in said(site, "removed-anchor")
    site.note("agreement", "anchors: {agreement#end: '', agreement#fees: ''}", slug="one")
    assert "this change does not remove agreement#fees" in said(site)
    site.note("agreement", "anchors: {end: '', agremeent#end: ''}", slug="one")
    assert "agremeent#end is not an anchor of a text that this note changes" in said(site)


def test_heading_renamed(site: Site) -> None:
    site.edit("agreement.md", ("## End", "## Ending It"))
    site.note("agreement")
    assert site.findings() == []


def test_enumerators_that_mean_other_words(site: Site) -> None:
    site.edit("agreement.md", ("(b) resell the service;\n(c) harm", "(b) harm"), ("(d) hide", "(c) hide"))
    site.note("agreement")
    found = site.findings()
    assert [(one.rule, one.severity, one.clause) for one in found] == [
        ("reused-anchor", Severity.WARNING, "Use (b)"),
        ("reused-anchor", Severity.WARNING, "Use (c)"),
    ]
    assert "Use (b) has other words than in agreement@1" in found[0].message
    site.release()
    site.at(2).edit("agreement.md", ("thirty", "twenty"))
    site.note("agreement")
    assert site.findings() == [], "it is reported once"


def test_enumerator_that_comes_back(site: Site) -> None:
    """(d) was missing in one version: the next page with it states its earlier meaning."""
    site.edit("agreement.md", ("harm the service; or\n(d) hide who you are.", "harm the service."))
    site.post("agreement")
    site.at(2).edit("agreement.md", ("harm the service.", "harm the service; or\n(d) sleep."))
    site.note("agreement")
    assert ["Use (d) has other words than in agreement@1" in one.message for one in site.findings()] == [True]
    site.release()
    site.at(3).edit("agreement.md", ("thirty", "twenty"))
    site.post("agreement")
    assert site.tree().reused == {"use.d": 1}


def test_place_reserved(site: Site) -> None:
    site.edit("agreement.md", ("(b) resell the service;", "(b) [reserved];"))
    site.note("agreement")
    assert "Use (c)" not in said(site)


# Stories


def test_emergency_on_a_friday_night(site: Site) -> None:
    """A change is announced; an urgent one is posted; then the first is announced again."""
    site.edit("agreement.md", ("within thirty days", "within twenty days"))
    announced = site.read("agreement.md")
    site.post("agreement", effective=instant(30), slug="sooner")
    site.at(4.9).write("agreement.md", AGREEMENT.replace("(d) hide", "(d) attack others;\n(e) hide"))
    site.note("agreement", "emergency: Attacks are under way.", slug="attacks")
    (found,) = site.findings("overtakes-announced")
    site.note("agreement", "emergency: Attacks are under way.", found.fix, slug="attacks")
    assert rules_of(site.findings()) == []
    assert [entry.name for entry in site.release()] == ["entry 7 (withdraw agreement@2)", "entry 8 (post agreement@3)"]
    both = announced.replace("(d) hide", "(d) attack others;\n(e) hide")
    site.at(7).write("agreement.md", both)
    site.post("agreement", effective=instant(30), slug="sooner-again")
    record = site.record
    numbers = [record.in_force("agreement", day(at)).number for at in (4, 5, 29, 31)]  # type: ignore[union-attr]
    assert numbers == [1, 3, 3, 4]
    assert [record.in_force("agreement", day(4.9)).number, record.as_known(day(4.8)).latest("agreement").number] == [
        3,
        2,
    ]  # type: ignore[union-attr]


def test_reverted_with_the_hosts_button(site: Site) -> None:
    """The old text is back, and the posted note is gone: the advice of the check leads to a valid posting."""
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", slug="kinder")
    site.at(2).write("rules.md", RULES)
    (site.folders.notes / "kinder.md").unlink()
    found = site.findings()
    assert sorted(rules_of(found)) == ["edited-note", "unposted-change"]
    for one in found:
        if one.rule == "edited-note":
            subprocess.run(one.fix.split(), check=True)
        else:
            site.write("changes/reverted.md", filled(one.fix))
    assert site.findings() == []
    (entry,) = site.release()
    assert (entry.version, entry.supersedes) == (3, 2)
    assert entry.sealed
    assert entry.sealed.text == site.record.versions["rules"][0].sealed.text


def test_typo(site: Site) -> None:
    site.edit("agreement.md", ("by notice", "by notise"))
    site.post("agreement")
    site.at(2).edit("agreement.md", ("by notise", "by notice"))
    (entry,) = site.post("agreement", class_="editorial")
    assert (str(entry.change_class), entry.effective) == ("editorial", day(2))
    assert site.clauses()["end"].id == site.clauses(number=1)["end"].id


def test_provider_renamed(site: Site) -> None:
    """Title, address and file change; the document's id and those of its clauses do not."""
    settings = DOCUMENTS.replace("The Agreement", "New Name Agreement").replace(
        "file: agreement.md, published: agreement/", "file: terms.md, published: terms/"
    )
    site.write("documents.yml", settings)
    (site.folders.docs / "agreement.md").rename(site.folders.docs / "terms.md")
    assert site.findings() == []
    (entry,) = site.release()
    assert entry.kind is EntryKind.MOVE
    assert entry.entry
    assert (entry.entry.title, entry.entry.published) == ("New Name Agreement", "terms/")
    record = site.record
    assert record.entry_at("agreement", day(0.5)).published == "agreement/"  # type: ignore[union-attr]
    assert record.entry_at("agreement", day(1)).published == "terms/"  # type: ignore[union-attr]
    assert site.release() == ()
    site.at(2).edit("terms.md", ("# The Agreement", "# New Name Agreement"), ("Between Us", "Between the New Name"))
    site.post("agreement", class_="editorial")
    assert site.record.versions["agreement"][-1].number == 2
    first, last = site.clauses(number=1), site.clauses()
    assert {anchor: clause.id for anchor, clause in last.items() if anchor in first} == {
        anchor: first[anchor].id for anchor in last if anchor in first
    }
    assert verify(site.folders.record)[1] == []


def test_branches_that_each_wrote_a_note(site: Site) -> None:
    """Two branches changed two documents, each with a note; after a merge, both are posted together."""
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.edit("agreement.md", ("thirty", "twenty"))
    site.note("rules", slug="2026-01-06-rules")
    site.note("agreement", slug="2026-01-06-agreement")
    assert site.findings() == []
    assert [entry.document for entry in site.release()] == ["agreement", "rules"]


# what was promised when a text was posted holds for the change of it


@pytest.mark.parametrize(("before", "rule"), [(STRICT, "missing-grounds"), (SLOW, "short-notice")])
def test_no_promise_is_lowered_together_with_the_change_it_is_about(tmp_path: Path, before: str, rule: str) -> None:
    site = posted_site(tmp_path, before).at(2)
    site.write("documents.yml", DOCUMENTS)
    site.edit("rules.md", ("Be kind", "Be polite"))
    site.note("rules", **{"class": "substantive", "material": "true"})
    assert rule in rules_of(site.findings())


def test_withdrawing_what_is_announced_wants_its_text_gone(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Be polite"))
    site.post("rules", effective=instant(30))
    site.at(2)
    site.note("rules", "withdraws: rules@2")
    assert "the text contains changes that rules@2 announces" in said(site, "announced-text")
    site.edit("rules.md", ("Be polite", "Be kind"))
    assert site.findings() == []


def test_what_is_withdrawn_and_posted_for_a_later_day_is_postponed(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Be polite"))
    site.post("rules", effective=instant(30))
    site.at(2)
    site.note("rules", "withdraws: rules@2", effective=instant(60))
    assert site.findings() == []


def test_a_note_that_cannot_be_read_is_not_missed_as_well(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Be polite"))
    site.write("changes/broken.md", "---\ndocuments: [rules]\n---\n\nText.\n")
    assert "unposted-change" not in rules_of(site.findings())


# the line to paste for when a change applies


def test_the_proposed_day_of_short_notice_holds_on_the_day_of_the_release(tmp_path: Path) -> None:
    """The check is not the release: an instant some days ahead of the check is too soon a minute later."""
    site = posted_site(tmp_path, SLOW.replace("timezone: UTC", "timezone: America/New_York")).at(1.4)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", material="true", slug="kinder")
    (found,) = site.findings()
    assert (found.rule, found.fix) == ("short-notice", "effective: 2026-02-06")
    site.note("rules", found.fix, material="true", effective="", slug="kinder")
    for at in (1.401, 1.5, 2):
        assert site.at(at).findings() == []


def test_early_promise_and_short_notice_propose_one_day(tmp_path: Path) -> None:
    for at, proposed in ((10, "2026-02-15"), (2, "2026-02-14")):
        site = posted_site(tmp_path / str(at), SLOW).at(1)
        site.edit("documents.yml", ("notice_days: 30", "notice_days: 1"))
        site.post("rules", material="true", effective=instant(40))
        site.at(at).edit("rules.md", ("Be kind", "Be very kind"))
        site.note("rules", material="true", effective=instant(20), slug="later")
        found = site.findings()
        assert sorted(rules_of(found)) == ["early-promise", "short-notice"]
        assert {one.fix for one in found} == {f"effective: {proposed}"}
        site.note("rules", found[0].fix, material="true", effective="", slug="later")
        assert site.findings() == []


def test_a_day_that_has_passed_is_put_right_with_the_notice_that_is_promised(tmp_path: Path) -> None:
    site = posted_site(tmp_path, SLOW).at(3)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", material="true", effective=instant(2), slug="late")
    (found,) = site.findings()
    assert (found.rule, found.fix) == ("stale-note", "effective: 2026-02-08")
    site.note("rules", found.fix, material="true", effective="", slug="late")
    assert site.findings() == []


def test_no_day_is_proposed_whose_midnight_clocks_show_twice(tmp_path: Path) -> None:
    """Clocks in Havana go back at 01:00 on 1 November 2026."""
    site = posted_site(tmp_path, SLOW.replace("timezone: UTC", "timezone: America/Havana")).at(269.5)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", material="true", slug="kinder")
    assert site.findings()[0].fix == "effective: 2026-11-02"


def test_of_versions_announced_for_one_instant_only_the_last_is_coming(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective=instant(30))
    site.at(2).edit("rules.md", ("very kind", "most kind"))
    site.post("rules", effective=instant(30))
    record = site.record
    assert [one.number for one in record.announced("rules", day(2))] == [3]
    assert [standing(record, one, day(2)) for one in record.versions["rules"]] == [
        "in force", "superseded", "announced",
    ]  # fmt: skip
    assert [one["version"] for one in upcoming_json(record, day(2))["announced"]] == [3]
    # Once the last is withdrawn, the one before it is to come again, unless it is withdrawn too.
    site.at(3).write("rules.md", RULES.replace("Be kind", "Be very kind"))
    site.post("rules", "withdraws: rules@3")
    assert [one.number for one in site.record.announced("rules", day(3))] == [2]
    site.at(4).write("rules.md", RULES)
    site.post("rules", "withdraws: rules@2", effective=instant(20))
    assert site.record.announced("rules", day(4)) == ()


def test_of_changes_of_a_set_for_one_instant_only_the_last_is_coming(site: Site) -> None:
    site.write("documents.yml", DOCUMENTS.replace("title: Main,", "title: Main, precedence: [agreement, rules],"))
    site.post("", "sets: main", material="true", effective=instant(30))
    site.at(2).edit("documents.yml", ("[agreement, rules]", "[rules, agreement]"))
    site.post("", "sets: main", material="true", effective=instant(30))
    (coming,) = upcoming_json(site.record, day(2))["announced"]
    assert coming["posted"] == "2026-01-07T00:00:00Z"
