"""What a record says of sets and documents changes only by a note, and holds from its day."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engross.corpus.project import Project
from engross.model import ChangeClass, DocumentKind, EntryKind, Ground
from engross.record import verify
from engross.record.in_force import in_force_project
from note_filling import filled

from .playing import Site, day, instant, make_site, rules_of
from .relating import DOCUMENTS, EVERYTHING

WHY = "not_material_because: Nobody is worse off."


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = make_site(tmp_path, DOCUMENTS, privacy="# Privacy\n\nWe keep nothing.\n")
    site.post(EVERYTHING, slug="first")
    return site.at(1)


def in_force(site: Site, at: float) -> Project:
    return in_force_project(site.state().project, site.record.as_known(day(at)), day(at))


def the_set(site: Site, at: float) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    (found,) = in_force(site, at).settings.sets
    return found.incorporates, found.precedence


def test_the_first_posting_of_the_agreement_posts_its_set(site: Site) -> None:
    entry = site.record.entries[-1]
    assert (entry.name, entry.set and entry.set.precedence) == ("entry 6 (set main)", (("rules",), ("agreement",)))
    assert (entry.change_class, entry.material, entry.ended) == (ChangeClass.SUBSTANTIVE, False, False)
    assert [note.slug for note in entry.notes] == ["first"]
    assert site.findings() == []
    assert site.release() == ()


# Each relation: the edit, the place of the finding, its message, and the in-force site.


Value = Callable[[Project], object]


def document(name: str, field: str) -> Value:
    return lambda project: getattr(project.settings.document(name), field)


def of_set(field: str) -> Value:
    return lambda project: getattr(project.settings.sets[0], field)


CASES = {
    "precedence": (
        ("[rules, agreement]", "[agreement, rules]"),
        "10:17",
        "precedence was rules; agreement, and is agreement; rules",
        "sets: main",
        of_set("precedence"),
        ((("rules",), ("agreement",)), (("agreement",), ("rules",))),
    ),
    "equal ranks": (
        ("[rules, agreement]", "[[rules, agreement]]"),
        "10:17",
        "precedence was rules; agreement, and is [rules, agreement]",
        "sets: main",
        of_set("precedence"),
        ((("rules",), ("agreement",)), (("rules", "agreement"),)),
    ),
    "incorporation": (
        ("[rules, models]", "[rules]"),
        "9:19",
        "incorporates was rules; models, and is rules",
        "sets: main",
        of_set("incorporates"),
        (("rules", "models"), ("rules",)),
    ),
    "notice": (
        ("notice_days: 30", "notice_days: 1"),
        "18:18",
        "notice_days was 30, and is 1",
        "documents: rules",
        document("rules", "notice_days"),
        (30, 1),
    ),
    "text": (
        ("notice_days: 30", "notice_days: 30\n    text_required: true"),
        "19:20",
        "text_required was false, and is true",
        "documents: rules",
        document("rules", "text_required"),
        (False, True),
    ),
    "policy": (
        ("policy: Posted here.", "policy: Posted nowhere."),
        "17:13",
        "policy was “Posted here.”, and is “Posted nowhere.”",
        "documents: rules",
        document("rules", "policy"),
        ("Posted here.", "Posted nowhere."),
    ),
    "kind": (
        ("kind: url-terms", "kind: policy"),
        "15:11",
        "kind was url-terms, and is policy",
        "documents: rules",
        document("rules", "kind"),
        (DocumentKind.URL_TERMS, DocumentKind.POLICY),
    ),
    "grounds of a document": (
        ("grounds: [law, fair]", "grounds: [law]"),
        "21:76",
        "grounds was",
        "documents: privacy",
        document("privacy", "grounds"),
        (("law", "fair"), ("law",)),
    ),
    "words of a ground": (
        ("It harms nobody.", "It harms few."),
        "21:76",
        "grounds was",
        "documents: privacy",
        lambda project: project.settings.grounds[1].conditions,
        ((("fair", "It harms nobody."),), (("fair", "It harms few."),)),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_relation_changes_only_with_a_note_and_from_its_day(site: Site, case: tuple) -> None:  # type: ignore[type-arg]
    (old, new), place, message, key, shown, (before, after) = case
    site.edit("documents.yml", (old, new))
    (found,) = site.findings()
    assert found.rule == "unposted-promise"
    assert f"{found.line}:{found.column}" == place
    assert message in found.message
    assert shown(in_force(site, 1)) == before
    with pytest.raises(Exception, match="no change note names it"):
        site.release()
    # The note that is printed names what it is about, and can be posted as it is where nothing is left to be said.
    assert f"{key.split(': ')[0]}: [{key.split(': ')[1]}]" in found.fix
    assert "material: true" in found.fix
    site.write("changes/pasted.md", filled(found.fix))
    assert site.findings() == []
    (entry,) = site.release()
    assert entry.kind is (EntryKind.SET if key.startswith("sets") else EntryKind.MOVE)
    assert (entry.material, entry.change_class) == (True, ChangeClass.SUBSTANTIVE)
    assert site.findings() == []
    assert site.release() == ()
    effective = entry.effective
    assert effective is not None
    passed = (effective - day(0)).total_seconds() / 86400
    assert shown(in_force(site, passed)) == after
    if passed > 1:
        assert shown(in_force(site, passed - 0.01)) == before
    assert verify(site.folders.record)[1] == []


def test_a_change_of_a_set_has_the_notice_of_what_it_is_about(site: Site) -> None:
    """The agreement promises 10 days, and the rules, whose place changes, 30."""
    site.edit("documents.yml", ("[rules, agreement]", "[agreement, rules]"))
    site.note("", "sets: main", slug="order", material="true", effective=instant(12))
    assert site.findings()[0].rule == "short-notice"


def test_the_old_promise_of_notice_holds_for_lowering_it(site: Site) -> None:
    site.edit("documents.yml", ("notice_days: 30", "notice_days: 1"))
    site.note("rules", material="true", effective=instant(5))
    (found,) = site.findings()
    assert found.rule == "short-notice"
    assert "the posted version of documents.yml promises 30 days' notice" in found.message


def test_the_old_promise_holds_until_the_lower_one_is_in_force(site: Site) -> None:
    site.edit("documents.yml", ("notice_days: 30", "notice_days: 1"))
    site.post("rules", material="true", effective=instant(40))
    site.at(2).edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", material="true", effective=instant(41), slug="later")
    assert site.findings() == []
    site.note("rules", material="true", effective=instant(20), slug="later")
    assert rules_of(site.findings()) == ["short-notice", "early-promise"] or rules_of(site.findings()) == [
        "early-promise", "short-notice",
    ]  # fmt: skip


def test_what_is_announced_of_a_promise_does_not_slip_in_with_another_change(site: Site) -> None:
    site.edit("documents.yml", ("notice_days: 30", "notice_days: 1"))
    site.post("rules", material="true", effective=instant(40))
    site.at(2).edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", slug="kinder")
    (found,) = site.findings()
    assert found.rule == "early-promise"
    assert "restore notice_days: 30" in found.message
    assert f"effective: {day(40):%Y-%m-%d}" == found.fix
    site.edit("documents.yml", ("notice_days: 1\n", "notice_days: 30\n"))
    site.note("rules", WHY, slug="kinder")
    assert site.findings() == []
    site.release()
    assert in_force(site, 41).settings.document("rules").notice_days == 30


def test_a_new_name_waits_for_what_is_announced(site: Site) -> None:
    """documents.yml has both: the name cannot be posted without the announced change."""
    site.edit("documents.yml", ("notice_days: 30", "notice_days: 1"))
    site.post("rules", material="true", effective=instant(40))
    site.at(2).edit("documents.yml", ("title: Rules of Use", "title: Rules for All"))
    (entry,) = site.release()
    assert (entry.kind, entry.effective) == (EntryKind.MOVE, day(40))
    assert in_force(site, 3).settings.document("rules").notice_days == 30


def test_what_a_withdrawn_version_promised_is_no_longer_posted(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.edit("documents.yml", ("notice_days: 30", "notice_days: 1"))
    site.post("rules", material="true", effective=instant(40))
    site.at(2).edit("rules.md", ("Be very kind", "Be kind"))
    site.note("rules", "withdraws: rules@2", slug="back")
    (found,) = site.findings()
    assert (found.rule, "notice_days was 30, and is 1" in found.message) == ("immaterial-promise", True)
    site.edit("documents.yml", ("notice_days: 1\n", "notice_days: 30\n"))
    assert site.findings() == []


def test_not_material_wants_a_reason(site: Site) -> None:
    site.edit("documents.yml", ("[rules, agreement]", "[agreement, rules]"))
    site.note("", "sets: main", slug="order")
    (found,) = site.findings()
    assert found.rule == "immaterial-promise"
    assert "precedence was rules; agreement" in found.message
    site.note("", "sets: main", WHY, slug="order")
    assert site.findings() == []
    site.note("", "sets: main", WHY, slug="order", material="true", effective=instant(40))
    assert rules_of(site.findings()) == ["immaterial-promise"]
    site.note("", "sets: main", WHY, slug="order", material="false", class_="editorial")
    assert "but it changes precedence, which is always substantive" in site.findings()[0].message


def test_a_note_about_the_agreement_does_not_cover_its_set(site: Site) -> None:
    site.edit("documents.yml", ("[rules, agreement]", "[agreement, rules]"))
    site.edit("agreement.md", ("within thirty days", "within forty days"))
    site.note("agreement", material="true", effective=instant(40))
    assert [found.rule for found in site.findings()] == ["unposted-promise"]


@pytest.mark.parametrize(
    ("sets", "message"),
    [("mian", 'there is no set mian; did you mean "main"?'), ("main", "nothing of the set main differs")],
)
def test_a_note_about_a_set_that_does_not_change(site: Site, sets: str, message: str) -> None:
    site.note("", f"sets: {sets}", slug="order")
    assert message in site.findings()[0].message


def test_a_document_added_to_the_set(site: Site) -> None:
    """The note that is printed for it names the set as well; until its day the site has neither."""
    added = "  - {id: extra, title: Extra, kind: url-terms, file: extra.md}\n"
    site.write("documents.yml", site.read("documents.yml").replace("[rules, models]", "[rules, models, extra]") + added)
    site.write("extra.md", "# Extra\n\nMore.\n")
    found = site.findings()
    assert [one.rule for one in found] == ["unposted-change", "unposted-promise"]
    assert "documents: [extra]\nsets: [main]" in found[0].fix
    site.write("changes/extra.md", filled(found[0].fix))
    assert site.findings() == []
    posted, of_set = site.release()
    assert (posted.name, of_set.name) == ("entry 7 (post extra@1)", "entry 8 (set main)")
    assert posted.effective == of_set.effective
    assert the_set(site, 1)[0] == ("rules", "models")
    assert the_set(site, 60)[0] == ("rules", "models", "extra")


def test_a_document_retired_on_a_later_day_stays_in_its_set_until_then(site: Site) -> None:
    text = (
        site.read("documents.yml").replace("[rules, models]", "[models]").replace("[rules, agreement]", "[agreement]")
    )
    begin = text.index("  - id: rules")
    site.write("documents.yml", text[:begin] + text[text.index("  - {id: models") :])
    found = site.findings()
    assert [one.rule for one in found] == ["unposted-change", "unposted-promise"]
    assert "documents: [rules]\nsets: [main]" in found[0].fix
    site.write("changes/gone.md", filled(found[0].fix))
    assert site.findings() == []
    site.release()
    assert the_set(site, 2) == (("rules", "models"), (("rules",), ("agreement",)))
    assert the_set(site, 60) == (("models",), (("agreement",),))


def test_a_set_added_and_a_set_removed(site: Site) -> None:
    other = "  - {id: other, title: Other, agreement: agreement, incorporates: [rules]}\ndocuments:\n"
    site.write("documents.yml", site.read("documents.yml").replace("documents:\n", other, 1))
    (found,) = site.findings()
    assert "the set other was never posted" in found.message
    assert found.line == 11
    assert [one.id for one in in_force(site, 1).settings.sets] == ["main"]
    site.note("", "sets: other", slug="other")
    assert rules_of(site.findings()) == ["immaterial-promise"]
    site.write("changes/other.md", filled(found.fix))
    (entry,) = site.release()
    assert entry.name == "entry 7 (set other)"
    assert [one.id for one in in_force(site, 1).settings.sets] == ["main", "other"]
    site.at(2).write("documents.yml", site.read("documents.yml").replace(other, "documents:\n"))
    (found,) = site.findings()
    assert "the set other was posted, and is no longer listed" in found.message
    site.write("changes/no-other.md", filled(found.fix))
    assert site.findings() == []
    (entry,) = site.release()
    assert (entry.name, entry.ended) == ("entry 8 (set other)", True)
    assert [one.id for one in in_force(site, 2).settings.sets] == ["main", "other"]
    assert [one.id for one in in_force(site, 40).settings.sets] == ["main"]


def test_the_title_of_a_set_is_posted_and_need_not_be_material(site: Site) -> None:
    site.edit("documents.yml", ("title: Main", "title: Chief"))
    assert "title was Main, and is Chief" in site.findings()[0].message
    site.note("", "sets: main", slug="title", class_="editorial", material="")
    assert site.findings() == []
    site.release()
    assert in_force(site, 1).settings.sets[0].title == "Chief"


def test_a_set_cannot_change_before_a_change_that_is_announced(site: Site) -> None:
    site.edit("documents.yml", ("[rules, agreement]", "[agreement, rules]"))
    site.post("", "sets: main", material="true", effective=instant(40))
    assert the_set(site, 39)[1] == (("rules",), ("agreement",))
    site.at(2).edit("documents.yml", ("[rules, models]", "[rules]"))
    site.note("", "sets: main", material="true", effective=instant(35), slug="order")
    (found,) = site.findings()
    assert found.rule == "early-promise"
    site.note("", "sets: main", found.fix, material="true", effective="", slug="order")
    assert site.findings() == []
    site.release()
    assert the_set(site, 41) == (("rules",), (("agreement",), ("rules",)))


def test_a_notice_only_document_has_a_policy_too(site: Site) -> None:
    site.edit("documents.yml", ("policy: Elsewhere.", "policy: Nowhere."))
    assert [found.rule for found in site.findings()] == ["unposted-promise"]
    site.post("pricing", WHY, effective=instant(9))
    shown = [in_force(site, at).settings.document("pricing").policy for at in (8, 10)]
    assert shown == ["Elsewhere.", "Nowhere."]


def test_grounds_hold_in_the_words_that_are_in_force(site: Site) -> None:
    """The change that removes a condition must still meet it."""
    site.edit("documents.yml", (", conditions: [{id: fair, text: It harms nobody.}]", ""))
    site.note("privacy", "grounds: [{ground: fair}]", material="true")
    (found,) = site.findings()
    assert found.rule == "missing-grounds"
    assert "It harms nobody." in found.message
    assert in_force(site, 1).settings.grounds[1] == Ground("fair", "It is fair", "", (("fair", "It harms nobody."),))


def test_what_may_change_freely(site: Site) -> None:
    text = site.read("documents.yml")
    text = text.replace("notice_days: 10}", "notice_days: 10, description: New words., changes: changes.md}")
    text = text.replace("[rules, models]", "[models, rules]").replace(
        "timezone: UTC\n", "timezone: UTC\nnotice: No original.\n"
    )
    site.write("documents.yml", text)
    assert site.findings() == []
    assert site.release() == ()
    shown = in_force(site, 1).settings
    assert shown.document("agreement").description == "New words."
    assert shown.notice == "No original."


def test_what_is_posted_of_a_set_is_corrected(site: Site) -> None:
    site.note("", "sets: main", "corrects: 6", slug="put-right")
    assert site.findings() == []
    (entry,) = site.release()
    assert (entry.kind, entry.about) == (EntryKind.CORRECT, "main")
