"""The days of changes: conflicts, promised notice, what is announced, and the days that are proposed."""

from pathlib import Path

import pytest

from engross.record.in_force import standing
from engross.record.views.json_files import upcoming_json

from .playing import DOCUMENTS, RULES, Site, day, instant, make_site, posted_site, rules_of
from .rule_cases import SLOW, STRICT, messages, paste


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return posted_site(tmp_path).at(1)


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
    assert "the text contains changes that rules@2 announces" in messages(site, "announced-text")
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
