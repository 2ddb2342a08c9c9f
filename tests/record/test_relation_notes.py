"""Relations that an older record does not have, and the notes that are proposed for changes of relations."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engross.model import EntryKind, Severity
from engross.record import open_record, verify
from engross.record.in_force import in_force_project
from note_filling import filled

from .playing import Site, instant, make_site, posted_site, rules_of
from .relating import DOCUMENTS, EVERYTHING


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = make_site(tmp_path, DOCUMENTS, privacy="# Privacy\n\nWe keep nothing.\n")
    site.post(EVERYTHING, slug="first")
    return site.at(1)


# A record that version 0.1 wrote is the baseline.


@pytest.fixture(params=["tour", "project"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    released = Path(__file__).parents[1] / "released" / "0.1" / request.param
    shutil.copytree(released, tmp_path, dirs_exist_ok=True)
    site = Site(tmp_path)
    site.now = open_record(site.folders.record).entries[-1].posted
    return site


def test_nothing_is_to_be_posted_of_an_old_site_as_it_was(old: Site) -> None:
    before = old.files()
    assert [found.rule for found in old.findings()] == ["unrecorded-grounds"]
    assert old.release() == ()
    assert old.files() == before
    state = old.state()
    shown = in_force_project(state.project, state.record, old.now).settings
    assert shown.sets == tuple(replace(one, line=0) for one in state.project.settings.sets)
    assert shown.grounds == state.project.settings.grounds


def test_the_order_of_an_old_site_changes_with_a_note(old: Site) -> None:
    text = old.read("documents.yml")
    assert text.count("      - data-processing\n      - agreement\n") == 1
    old.write(
        "documents.yml",
        text.replace("      - data-processing\n      - agreement\n", "      - agreement\n      - data-processing\n"),
    )
    (found,) = (one for one in old.findings() if one.severity is Severity.ERROR)
    assert found.rule == "unposted-promise"
    state = old.state()
    project = in_force_project(state.project, state.record, old.now)
    assert project.settings.sets[0].precedence[:2] == (("data-processing",), ("agreement",))
    with pytest.raises(Exception, match="no change note names it"):
        old.release()
    old.write("changes/order.md", filled(found.fix))
    assert rules_of(old.findings()) == []
    lines = (old.folders.record / "ledger.jsonl").read_bytes()
    (entry,) = old.release()
    assert (entry.kind, entry.format) == (EntryKind.SET, 2)
    assert (old.folders.record / "ledger.jsonl").read_bytes().startswith(lines)
    assert verify(old.folders.record)[1] == []
    state = old.state()
    assert entry.effective is not None
    later = in_force_project(state.project, state.record, entry.effective)
    assert later.settings.sets[0].precedence[:2] == (("agreement",), ("data-processing",))


def test_the_words_of_a_ground_are_recorded_once_a_change_posts_them(old: Site) -> None:
    """Format 1 sealed the ids of grounds only: their words may change until an entry of format 2 holds them."""
    assert not old.record.last_settings_entry("data-processing").grounds  # type: ignore[union-attr]
    text = old.read("documents.yml")
    old.write("documents.yml", text.replace("    cites: law\n", "    cites: clause\n", 1))
    assert rules_of(old.findings()) == []
    state = old.state()
    assert in_force_project(state.project, state.record, old.now).settings.grounds[0].cites == "clause"


def test_words_of_grounds_that_were_never_recorded_are_named_until_they_are(old: Site) -> None:
    """A record of 0.1 has nothing to compare these words with, so that no rule finds a change of them."""
    (found,) = old.findings()
    assert (found.rule, found.severity) == ("unrecorded-grounds", Severity.NOTE)
    assert found.path.endswith("docs/documents.yml")
    assert "the record has the names of the grounds of data-processing, but not their words" in found.message
    name = "terms/data-processing.md"
    old.write(name, old.read(name) + "\nNothing else is agreed.\n")
    ground = "grounds: [{ground: law, cites: The Act}]"
    facts = {"effective": f"{old.now + timedelta(days=60):%Y-%m-%d}", "material": "true"}
    old.note("data-processing", ground, slug="more", **facts)
    wanted = [found.fix for found in old.findings("stale-note")]
    old.note("data-processing", ground, *wanted, slug="more", **facts)
    assert [one.rule for one in old.findings()] == ["unrecorded-grounds"]
    old.release()
    assert old.findings() == []


def test_words_of_grounds_that_are_recorded_are_not_named(site: Site) -> None:
    assert site.findings() == []


@pytest.mark.parametrize(
    ("old", "new", "summary"),
    [
        ("[rules, agreement]", "[agreement, rules]",
         "documents prevail was Rules of Use, then The Agreement, and is The Agreement, then Rules of Use."),
        ("[rules, agreement]", "[[rules, agreement]]", "and is Rules of Use and The Agreement."),
        ("incorporates: [rules, models]", "incorporates: [rules]",
         "what it incorporates was Rules of Use and Model List, and is Rules of Use."),
    ],
)  # fmt: skip
def test_the_proposed_summary_has_titles_and_no_ids(site: Site, old: str, new: str, summary: str) -> None:
    site.edit("documents.yml", (old, new))
    notes = [found.fix for found in site.findings("unposted-promise")]
    assert any(summary in note for note in notes), notes


def test_the_proposed_summary_has_the_words_of_grounds(site: Site) -> None:
    site.edit("documents.yml", (", conditions: [{id: fair, text: It harms nobody.}]", ""))
    (found,) = site.findings("unposted-promise")
    assert "on which grounds it changes was “" in found.fix
    assert "“It is fair”, if “It harms nobody.”" in found.fix
    assert "fair (" not in found.fix


REASON = "true  # false, if it hardly matters to customers; then explain why under not_material_because"


@pytest.mark.parametrize(
    ("name", "old", "new", "class_", "material"),
    [
        ("the order", "[rules, agreement]", "[agreement, rules]", "substantive", REASON),
        ("days of notice", "notice_days: 30", "notice_days: 1", "substantive", REASON),
        ("a policy", "policy: Elsewhere.", "policy: Nowhere.", "substantive  # editorial, if only words change and not "
         "meaning", "true  # false, if it hardly matters to customers; then explain why under not_material_because"),
        ("the title of a set", "title: Main", "title: Chief", "substantive  # editorial, if only words change and not "
         "meaning", "true  # false, if it hardly matters to customers"),
    ],
)  # fmt: skip
def test_a_proposed_note_offers_only_what_the_check_lets_pass(
    site: Site, name: str, old: str, new: str, class_: str, material: str
) -> None:
    site.edit("documents.yml", (old, new))
    for found in site.findings("unposted-promise"):
        assert f"\nclass: {class_}\nmaterial: {material}\n" in found.fix, name


def test_a_proposed_note_about_what_is_no_longer_listed_is_substantive(site: Site) -> None:
    lines = [line for line in site.read("documents.yml").splitlines() if "id: pricing" not in line]
    site.write("documents.yml", "\n".join(lines))
    (found,) = site.findings("unposted-change")
    assert "\nclass: substantive\nmaterial: true  # false, if it hardly matters to customers\n" in found.fix


def test_whoever_corrects_a_class_is_asked_whether_the_change_is_material(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("agreement.md", ("within thirty days", "within sixty days"))
    site.note("agreement", class_="editorial", material="", slug="later")
    (found,) = site.findings()
    assert found.fix == "class: substantive"
    assert "A substantive change is material or not: look at material too" in found.message
    site.note("agreement", class_="substantive", material="", slug="later")
    (found,) = site.findings()
    assert "material: is missing, and a substantive change is material or not" in found.message
    site.write(
        "agreement.md", site.read("agreement.md").replace("sixty", "thirty").replace("Either party", "Either\nparty")
    )
    (site.folders.notes / "later.md").unlink()
    site.note("agreement", class_="substantive", slug="wrap")
    (proposed,) = site.findings("class-mismatch")
    assert "look at material" not in proposed.message


def test_a_note_about_the_text_is_not_asked_about_settings_that_another_note_answers_for(tmp_path: Path) -> None:
    """Two branches, one about a setting and one about the words, are merged before a release."""
    site = posted_site(tmp_path).at(2)
    site.edit("documents.yml", ("file: rules.md,", "file: rules.md, notice_days: 30,"))
    site.note("rules", slug="promise", material="true", effective=instant(60))
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", slug="kinder", class_="editorial", material="", effective=instant(60))
    assert site.findings("immaterial-promise") == []
    (site.root / "docs/changes/promise.md").unlink()
    assert [Path(found.path).stem for found in site.findings("immaterial-promise")] == ["kinder", "kinder"]
