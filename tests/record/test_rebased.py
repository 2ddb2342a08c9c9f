"""An announcement can continue with a fix, and its notice too."""

from pathlib import Path

import pytest

from engross.record.journal import Step
from engross.record.posting.announced import continued, first_announced
from engross.record.verification import verify

from .announcing import SOONER, TYPO, announced_site, edited, rebased
from .playing import (
    AGREEMENT,
    DOCUMENTS,
    MODELS,
    RULES,
    Site,
    complaints,
    day,
    instant,
    posted_site,
    rules_of,
)

SLOW = DOCUMENTS.replace("kind: agreement,", "kind: agreement, notice_days: 30,")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return announced_site(tmp_path)


def test_a_fix_and_the_announcement_in_one_release(site: Site) -> None:
    second = site.read("agreement.md")
    rebased(site, "agreement", edited(AGREEMENT, TYPO))
    assert site.read("agreement.md") == edited(second, TYPO)
    assert site.findings() == []
    dry = site.release(dry_run=True)
    last = site.record.entries[-1].seq
    names = [entry.name for entry in site.release()]
    assert names == [entry.name for entry in dry]
    expected = ["withdraw agreement@2", "post agreement@3", "post agreement@4"]
    assert names == [f"entry {last + at} ({one})" for at, one in enumerate(expected, 1)]
    third, fourth = site.record.versions["agreement"][2:]
    assert (third.post.supersedes, fourth.post.supersedes) == (1, 3)
    assert (third.effective, fourth.effective) == (day(2), day(30))
    assert (fourth.post.continues, fourth.post.notice_from) == (last, day(1))
    assert first_announced(site.record, fourth.post) == day(1)
    assert site.clauses(number=3)["end"].id == site.clauses(number=4)["end"].id == site.clauses(number=1)["end"].id
    assert len({clause.id for clause in site.tree(number=4).clauses}) == len(site.tree(number=4).clauses)
    assert verify(site.folders.record)[1] == []
    assert site.findings() == []


def test_a_second_fix_keeps_the_first_date(site: Site) -> None:
    rebased(site, "agreement", edited(AGREEMENT, TYPO), "one")
    site.release()
    site.at(3)
    rebased(site, "agreement", edited(AGREEMENT, TYPO, ("# The Agreement", "# Our Agreement")), "two")
    assert site.findings() == []
    site.release()
    last = site.record.versions["agreement"][-1]
    assert (last.number, last.post.notice_from) == (6, day(1))
    assert first_announced(site.record, last.post) == day(1)
    assert sorted(path.name for path in site.folders.notes.glob("*again*")) == ["sooner-again-2.md", "sooner-again.md"]


def test_several_announcements_go_on(site: Site) -> None:
    site.edit("agreement.md", ("# The Agreement", "# Our Agreement"))
    site.post("agreement", effective=instant(60), slug="title")
    site.at(3)
    rebased(site, "agreement", edited(AGREEMENT, TYPO))
    assert site.findings() == []
    site.release()
    texts = [version.number for at in (4, 31, 61) if (version := site.record.in_force("agreement", day(at)))]
    assert texts == [4, 5, 6]
    assert [one.post.notice_from for one in site.record.versions["agreement"][3:]] == [None, day(1), day(2)]
    assert verify(site.folders.record)[1] == []


def test_the_merged_text_is_written_as_the_announced(site: Site) -> None:
    second = site.read("agreement.md")
    rebased(site, "agreement", edited(AGREEMENT, TYPO, ("(a) copy the service;", "(a) copy all of it;")))
    assert site.read("agreement.md") == edited(second, TYPO, ("(a) copy the service;", "(a) copy all of it;"))


def test_a_clash_is_shown_and_nothing_written(site: Site) -> None:
    before = {path: path.read_bytes() for path in (site.root / "docs").rglob("*") if path.is_file()}
    (shown,) = complaints(lambda: rebased(site, "agreement", edited(AGREEMENT, ("thirty days", "30 days"))))
    assert "agreement.md:16:1: Fees: the fix changes a clause that the announced text changes" in shown
    assert "in force: “You pay what the price list says, within thirty days.”; agreement@2: “You pay what" in shown
    after = {path: path.read_bytes() for path in (site.root / "docs").rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} == {site.root / "docs/agreement.md"}


@pytest.mark.parametrize(
    ("fix", "message"),
    [
        (AGREEMENT, "this is the text that applies before agreement@2"),
        (edited(AGREEMENT, SOONER, TYPO), "this text contains changes that agreement@2 announces"),
    ],
)
def test_what_is_no_fix(site: Site, fix: str, message: str) -> None:
    assert message in "\n".join(complaints(lambda: rebased(site, "agreement", fix)))


def test_nothing_is_announced(site: Site) -> None:
    assert "nothing is announced for rules" in complaints(lambda: rebased(site, "rules", RULES + "\nMore.\n"))[0]


def test_a_fix_of_a_model_list(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("models.yml", ("context_tokens: 4096", "context_tokens: 2048"))
    site.post("models", effective=instant(30), slug="less")
    site.at(2)
    rebased(site, "models", edited(MODELS, ("name: Large 1", "name: Large One")))
    assert (site.folders.notes / "fix.models.yml").is_file()
    assert site.findings() == []
    site.release()
    assert site.read("models.yml") == edited(
        MODELS, ("context_tokens: 4096", "context_tokens: 2048"), ("name: Large 1", "name: Large One")
    )
    assert verify(site.folders.record)[1] == []
    assert site.record.versions["models"][-1].post.notice_from == day(1)


class Killed(BaseException):
    """A release that is interrupted."""


def killed_at(site: Site, step: int) -> bool:
    """Release up to a step; return whether it reached that step."""
    done = 0

    def run(one: Step) -> None:
        nonlocal done
        if done == step:
            raise Killed
        done += 1
        one[1]()

    try:
        site.release(run)
    except Killed:
        return True
    return False


@pytest.mark.long
def test_killed_at_every_step(site: Site) -> None:
    """A release posts both texts and the withdrawal, or nothing."""
    rebased(site, "agreement", edited(AGREEMENT, TYPO))
    before = len(site.record.entries)
    step = 0
    while killed_at(site, step) and len(site.record.entries) == before:
        step += 1
    assert step > 5
    assert len(site.record.entries) == before + 3
    assert verify(site.folders.record)[1] == []


# the notice


def slow_site(tmp_path: Path, agreement: str, *announced: tuple[str, str]) -> Site:
    """An agreement that promises thirty days of notice, of which a change is announced for day 31."""
    site = posted_site(tmp_path, SLOW, agreement=agreement).at(1)
    site.edit("agreement.md", *announced)
    site.post("agreement", effective=instant(31), material="true", slug="announced")
    return site.at(10)


def announced_at(site: Site) -> int:
    """The number of the entry that announced version 2."""
    return site.record.versions["agreement"][1].post.seq


DEFINED = AGREEMENT.replace(
    "## Use", "## Definitions\n\n- **“Fee”** means a price in Euros.\n- **“Euros”** means money.\n\n## Use"
).replace("You pay what the price list says", "You pay each Fee as section “End” says")


@pytest.mark.parametrize(
    ("fix", "changed"),
    [
        ((("(a) copy the service;", "(a) copy all of it;"),), ""),
        ((("means a price in Euros", "means a high price in Euros"),), "the definition of “Fee”"),
        ((("means money", "means money in coins"),), "the definition of “Euros”"),
        ((("Either party may", "Each party may"),), "End"),
    ],
)
def test_what_the_notice_relies_on(tmp_path: Path, fix: tuple[tuple[str, str], ...], changed: str) -> None:
    site = slow_site(tmp_path, DEFINED, SOONER)
    rebased(site, "agreement", edited(DEFINED, *fix), material=False)
    if not changed:
        assert site.findings() == []
        return
    (found,) = site.findings()
    assert found.rule == "short-notice"
    assert f"The notice of agreement@2 starts again because these changed since the announcement: {changed}" in (
        found.message
    )
    note = site.read("changes/announced-again.md")
    site.write("changes/announced-again.md", note.replace("---\n", "---\nnotice_kept_because: A slip.\n", 1))
    assert site.findings() == []
    site.release()
    last = site.record.versions["agreement"][-1].post
    assert (last.continues, last.notice_from) == (announced_at(site), day(1))


def test_a_notice_that_begins_anew(tmp_path: Path) -> None:
    site = slow_site(tmp_path, DEFINED, SOONER)
    rebased(site, "agreement", edited(DEFINED, ("means money", "means money in coins")), material=False)
    note = site.read("changes/announced-again.md")
    site.write(
        "changes/announced-again.md", note.replace(f"{day(31):%Y-%m-%dT%H:%M:%SZ}", f"{day(40):%Y-%m-%dT%H:%MZ}")
    )
    assert site.findings() == []
    site.release()
    last = site.record.versions["agreement"][-1].post
    assert (last.continues, last.notice_from, last.effective) == (announced_at(site), None, day(40))
    assert first_announced(site.record, last) == day(1)


def test_a_definition_in_another_document(tmp_path: Path) -> None:
    """A term of the agreement is used: a fix of the rules leaves the notice, a new definition does not."""
    site = posted_site(
        tmp_path, SLOW.replace("kind: url-terms,", "kind: url-terms, notice_days: 30,"), agreement=DEFINED
    )
    site.at(1).edit("rules.md", ("Post *nothing* unlawful.", "Post *nothing* unlawful without a Fee."))
    site.post("rules", effective=instant(31), material="true", slug="announced")
    site.at(10)
    rebased(site, "rules", edited(RULES, ("Be kind", "Be very kind")), material=False)
    assert site.findings() == []
    site.edit("agreement.md", ("means a price in Euros", "means a high price in Euros"))
    site.note("agreement", slug="fee", material="false")
    assert rules_of(site.findings()) == ["short-notice"]
    assert "the definition of “Fee”" in site.findings()[0].message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("continues: nothing",), "no posted note nothing announced a text of agreement"),
        (("continues: sooner",), "agreement@2 is still announced; withdraw it with this note"),
        (("continues: first",), "agreement@1 was announced for 5 January 2026, which has passed"),
        (("notice_kept_because: Why not.",), "the note continues no announcement"),
    ],
)
def test_what_cannot_go_on(site: Site, lines: tuple[str, ...], message: str) -> None:
    site.edit("agreement.md", TYPO)
    site.note("agreement", *lines, effective=instant(30))
    (found,) = site.findings("continued-notice")
    assert message in found.message


def test_an_announcement_that_was_withdrawn_before(site: Site) -> None:
    """Customers read that it will not apply: its notice period begins again."""
    announced = site.read("agreement.md")
    site.write("agreement.md", AGREEMENT)
    site.post("agreement", "withdraws: agreement@2", slug="no-more")
    site.at(3).write("agreement.md", announced)
    site.note("agreement", "continues: sooner", effective=instant(30), slug="again")
    assert site.findings() == []
    (posting,) = site.state().plan.postings
    goes_on = continued(site.state().plan, posting)
    assert goes_on
    assert goes_on.notice_from is None
