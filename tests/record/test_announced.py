"""Announced words never apply before their day, and an announcement can continue with a fix."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from engross.model import Diagnostic, EntryKind, Severity
from engross.record.history import LEDGER
from engross.record.journal import Step
from engross.record.notes.new_note import NoteRequest
from engross.record.posting.announced import continued, first_announced
from engross.record.posting.rebase import Fix, Rebased, rebase
from engross.record.sealed_files import sealed_source
from engross.record.verification import verify
from engross.text import read_source

from .playing import (
    AGREEMENT,
    DOCUMENTS,
    MODELS,
    RULES,
    Site,
    complaints,
    day,
    instant,
    make_site,
    posted_site,
    rules_of,
)

SLOW = DOCUMENTS.replace("kind: agreement,", "kind: agreement, notice_days: 30,")
SOONER = ("within thirty days", "within twenty days")
ITEM = ("(d) hide who you are.", "(d) hide who you are; or\n(e) lend the service.")
TYPO = ("Either party may", "Each party may")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Version 2 of the agreement is announced for day 30: a clause changes, an item comes. It is day 2."""
    site = posted_site(tmp_path).at(1)
    site.edit("agreement.md", SOONER, ITEM)
    site.post("agreement", effective=instant(30), slug="sooner")
    return site.at(2)


def held(site: Site) -> list[Diagnostic]:
    return site.findings("announced-text")


def labels(site: Site) -> str:
    """The clauses that a finding lists."""
    (found,) = held(site)
    return found.message.split(": ", 1)[1].split(". ")[0]


def edited(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# announced-text


@pytest.mark.parametrize("effective", ["immediately", instant(20), instant(29.99)])
@pytest.mark.parametrize("lines", [(), ("withdraws: agreement@2",), ("withdraws: agreement@2", "emergency: It burns.")])
def test_a_typo_mended_in_the_announced_text(site: Site, effective: str, lines: tuple[str, ...]) -> None:
    site.edit("agreement.md", TYPO)
    site.note("agreement", *lines, effective=effective, slug="typo")
    (found,) = held(site)
    later = f"effective: {day(30):%Y-%m-%d}"
    assert (found.line, found.clause, found.fix) == (13, "Use (e)", later)
    assert labels(site) == "Use (e), Fees"
    assert f"write `{later}` in the note" in found.message
    assert ("and write `withdraws: agreement@2` in the note" in found.message) == (not lines)
    assert "run `engross restore agreement@1 --force`" in found.message
    assert "On a branch, merge the base branch first" in found.message
    assert "`engross change rebase agreement`" in found.message
    # Nothing else proposes what this refuses.
    assert all(not one.fix.startswith("withdraws") for one in site.findings())
    assert complaints(site.release) != []
    # The way it names leads to a sound posting.
    site.write("agreement.md", edited(AGREEMENT, TYPO))
    assert held(site) == []
    assert rules_of(site.findings()) == ([] if lines else ["overtakes-announced"])


def test_on_the_announced_day_and_later(site: Site) -> None:
    site.edit("agreement.md", TYPO)
    for effective in (instant(30), instant(40)):
        site.note("agreement", effective=effective, slug="typo")
        assert site.findings() == []
    site.at(31)
    site.note("agreement", slug="typo")
    assert site.findings() == []


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ((SOONER,), "Fees"),
        ((ITEM, TYPO), "Use (e)"),
        ((("within thirty days", "within twenty working days"),), "Fees"),
        ((("(d) hide who you are.", "(d) hide who you are; or\n(e) lend the service to others."),), "Use (e)"),
    ],
)
def test_some_of_what_is_announced(site: Site, pairs: tuple[tuple[str, str], ...], wanted: str) -> None:
    site.write("agreement.md", edited(AGREEMENT, *pairs))
    site.note("agreement", "withdraws: agreement@2")
    assert labels(site) == wanted


@pytest.mark.parametrize(
    ("announced", "draft"),
    [
        (((AGREEMENT.split("## End")[1], "\n\nIt ends by itself.\n"),), ()),
        ((("(b) resell the service;\n", ""), ("(c) harm", "(b) harm"), ("(d) hide", "(c) hide")), ()),
        ((("Between Us and You.\n\n", ""), ("by notice.\n", "by notice.\n\nBetween Us and You.\n")), ()),
    ],
)
def test_deletions_and_moves(
    tmp_path: Path, announced: tuple[tuple[str, str], ...], draft: tuple[tuple[str, str], ...]
) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("agreement.md", *announced)
    site.post("agreement", effective=instant(30))
    site.at(2).edit("agreement.md", ("what the price list says", "what the list of prices says"), *draft)
    site.note("agreement", "withdraws: agreement@2")
    assert len(held(site)) == 1
    site.write("agreement.md", edited(AGREEMENT, ("what the price list says", "what the list of prices says")))
    assert [one.rule for one in site.findings()] == ["lost-announcement"]


def test_another_change_of_the_same_clause(site: Site) -> None:
    site.write("agreement.md", edited(AGREEMENT, ("within thirty days", "within sixty days")))
    site.note("agreement", "withdraws: agreement@2")
    (found,) = site.findings()
    assert (found.rule, "changes Use (e). " in found.message) == ("lost-announcement", True)


def test_several_announced_versions(site: Site) -> None:
    """A text between two announced versions may contain the first announced change, and not the second."""
    site.edit("agreement.md", TYPO)
    site.post("agreement", effective=instant(60), slug="typo")
    third = site.read("agreement.md")
    site.at(3).write("agreement.md", edited(third, ("# The Agreement", "# Our Agreement")))
    site.note("agreement", "withdraws: agreement@3", effective=instant(40), slug="title")
    assert labels(site) == "End"
    assert "`engross restore agreement@2 --force`" in held(site)[0].message
    assert held(site)[0].fix == f"effective: {day(60):%Y-%m-%d}"
    site.note("agreement", effective=instant(20), slug="title")
    assert "`withdraws: [agreement@2, agreement@3]`" in held(site)[0].message
    site.note("agreement", "withdraws: [agreement@2, agreement@3]", effective=instant(20), slug="title")
    assert [found.message.split(" announces")[0].rpartition(" ")[2] for found in held(site)] == [
        "agreement@2", "agreement@3",
    ]  # fmt: skip
    second = edited(AGREEMENT, SOONER, ITEM)
    site.write("agreement.md", edited(second, ("# The Agreement", "# Our Agreement")))
    site.note("agreement", "withdraws: agreement@3", effective=instant(40), slug="title")
    assert held(site) == []


def test_what_is_withdrawn_and_not_announced_again(site: Site) -> None:
    """A note about it, which stops nothing; a withdrawal without another text is on purpose."""
    site.edit("agreement.md", TYPO)
    site.post("agreement", effective=instant(60), slug="typo")
    site.at(3).write("agreement.md", edited(AGREEMENT, ("# The Agreement", "# Our Agreement"), SOONER))
    site.note("agreement", "withdraws: [agreement@3, agreement@2]", effective=instant(30), slug="title")
    last, first = site.findings()
    assert {last.rule, first.rule} == {"lost-announcement"}
    assert last.message.startswith(
        "withdrawn and not announced again: agreement@3, which was announced for 6 March 2026, changes End. "
    )
    assert "changes Use (e). " in first.message
    assert (last.severity, first.column - last.column) == (Severity.NOTE, len("agreement@3, "))
    site.write("agreement.md", AGREEMENT)
    site.note("agreement", "withdraws: [agreement@3, agreement@2]", slug="title")
    assert site.findings() == []


def test_words_of_a_withdrawn_announcement(site: Site) -> None:
    """The docs still contain them, with two notes of one release or a later one."""
    site.note("agreement", "withdraws: agreement@2", slug="no-more")
    assert labels(site) == "Use (e), Fees"
    site.edit("agreement.md", TYPO)
    site.note("agreement", slug="typo")
    assert labels(site) == "Use (e), Fees"
    announced = site.read("agreement.md")
    site.write("agreement.md", edited(AGREEMENT, TYPO))
    site.release()
    site.at(5).write("agreement.md", announced)
    site.note("agreement", slug="later")
    assert "agreement@2 (withdrawn) announces" in held(site)[0].message
    # They were never to apply before, and may be announced anew.
    site.note("agreement", effective=instant(30), slug="later")
    assert site.findings() == []


def test_the_reason_why_words_apply_sooner(site: Site) -> None:
    site.note("agreement", "withdraws: agreement@2", "sooner_because: Customers asked for it.", effective=instant(10))
    assert site.findings() == []
    site.release()
    assert site.record.in_force("agreement", day(10)).number == 3  # type: ignore[union-attr]


def test_a_first_text_that_is_announced(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.note("agreement, models, pricing")
    site.post("rules", effective=instant(30))
    site.at(2).note("rules", "withdraws: rules@1", effective=instant(10), slug="now")
    (found,) = held(site)
    assert found.fix == f"effective: {day(30):%Y-%m-%d}"


def test_a_model_list(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("models.yml", ("context_tokens: 4096", "context_tokens: 2048"))
    site.post("models", effective=instant(30))
    site.at(2).edit("models.yml", ("name: Large 1", "name: Large One"))
    site.note("models", "withdraws: models@2")
    assert labels(site) == "small-1: context_tokens"


# pictures

SHOWN = AGREEMENT.replace("Between Us and You.", "Between Us and You: ![who](flow.png)")


def with_picture(tmp_path: Path, **announced: tuple[tuple[str, str], ...]) -> Site:
    """A picture is announced under the name of another, for day 30; with the picture that applies until then back."""
    site = make_site(tmp_path, agreement=SHOWN)
    (site.root / "docs/flow.png").write_bytes(b"one")
    site.post("agreement, rules, models, pricing", slug="first")
    (site.root / "docs/flow.png").write_bytes(b"two")
    site.at(1).edit("agreement.md", *announced.get("pairs", ()))
    site.post("agreement", effective=instant(30), slug="picture")
    return site.at(2)


def test_an_announced_picture(tmp_path: Path) -> None:
    site = with_picture(tmp_path)
    site.edit("agreement.md", TYPO)
    site.note("agreement", "withdraws: agreement@2")
    assert labels(site) == "the picture flow.png"
    (site.root / "docs/flow.png").write_bytes(b"one")
    assert site.findings() == []
    (site.root / "docs/flow.png").write_bytes(b"three")
    assert held(site) == []


def test_one_name_cannot_show_two_pictures(tmp_path: Path) -> None:
    site = with_picture(tmp_path, pairs=(SOONER,))
    (site.root / "docs/flow.png").write_bytes(b"one")
    (messages,) = complaints(lambda: rebased(site, "agreement", edited(SHOWN, TYPO)))
    assert "agreement@2 announces another picture flow.png than agreement@1 shows" in messages


def test_a_fix_of_a_picture(tmp_path: Path) -> None:
    """The fix also replaces the picture of the announced text."""
    site = make_site(tmp_path, agreement=SHOWN)
    (site.root / "docs/flow.png").write_bytes(b"one")
    site.post("agreement, rules, models, pricing", slug="first")
    site.at(1).edit("agreement.md", SOONER)
    site.post("agreement", effective=instant(30), slug="sooner")
    site.at(2)
    (site.root / "docs/flow.png").write_bytes(b"fixed")
    rebased(site, "agreement", SHOWN)
    assert site.findings() == []
    site.release()
    hashes = [version.sealed.pictures[0].sha256 for version in site.record.versions["agreement"]]
    assert [hashes.index(one) for one in hashes] == [0, 0, 2, 2]
    assert verify(site.folders.record)[1] == []


# rebase


def rebased(site: Site, document: str, fix: str, slug: str = "fix", **messages: object) -> Rebased:
    """Restore the version in force, fix it, and rebase."""
    state = site.state()
    name = state.project.documents[document].entry.file
    site.write(name, fix)
    state = site.state()
    text = read_source(site.root / "docs" / name, f"docs/{name}")
    facts = {"approved_by": "Counsel", "summary": "A slip is fixed.", **messages}
    made = rebase(state.plan, site.folders.notes, document, Fix(text, NoteRequest(**facts), slug))  # type: ignore[arg-type]
    for path, data in {**made.added, **made.changed}.items():
        (site.root / path).write_bytes(data)
    return made


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


# texts beside notes


def test_what_is_wrong_with_a_text_beside_a_note(site: Site) -> None:
    site.note("agreement", "own_text: [agreement]", slug="fix")
    assert "the text of agreement must be beside this note, and " in str(site.findings("change-note")[0])
    site.write("changes/fix.agreement.md", "")
    assert [found.rule for found in site.findings("empty-document")] == ["empty-document"]
    site.write("changes/fix.rules.md", RULES)
    site.write("changes/fixx.agreement.md", AGREEMENT)
    found = "\n".join(str(one) for one in site.findings("change-note"))
    assert "fix.rules.md: this is named as the text of rules beside the note fix, and no pending" in found
    assert "fixx.agreement.md: this is named as the text of agreement beside the note fixx" in found
    site.note("rules", "own_text: [agreement, models]", slug="other")
    found = "\n".join(str(one) for one in site.findings("change-note"))
    assert "the note names no document agreement" in found


def test_the_text_in_the_docs_needs_its_own_note(site: Site) -> None:
    """A fix without the note that announces the rest again would leave the docs unposted, or lose the announcement."""
    site.write("changes/fix.agreement.md", edited(AGREEMENT, TYPO))
    site.note("agreement", "own_text: [agreement]", slug="fix")
    assert rules_of(site.findings()) == ["unposted-change", "overtakes-announced"]
    site.note("agreement", "own_text: [agreement]", "withdraws: agreement@2", slug="fix")
    assert rules_of(site.findings()) == ["unposted-change"]


def test_a_text_beside_a_posted_note(site: Site) -> None:
    rebased(site, "agreement", edited(AGREEMENT, TYPO))
    site.release()
    assert site.findings() == []
    site.write("changes/fix.agreement.md", AGREEMENT)
    (found,) = site.findings()
    assert found.rule == "edited-note"
    assert "was posted as agreement@3, and differs from what is sealed" in found.message
    (site.folders.notes / "fix.agreement.md").unlink()
    assert site.findings() == []


def test_a_heading_that_the_fix_removes_and_one_that_is_announced(tmp_path: Path) -> None:
    """The note of the text that removes anchors names their targets."""
    agreement = AGREEMENT + "\n## Last\n\nThis is the last section.\n\n## Very Last\n\nThis is really the last one.\n"
    site = posted_site(tmp_path, agreement=agreement).at(1)
    site.edit("agreement.md", ("## Last\n\nThis is the last section.\n\n", ""))
    site.post("agreement", "anchors: {agreement#last: ''}", effective=instant(30), slug="announced")
    site.at(2)
    rebased(site, "agreement", edited(agreement, ("## Very Last\n\nThis is really the last one.\n", "")))
    assert "\nanchors:\n  agreement#very-last: agreement  # “Very Last” is removed;" in site.read("changes/fix.md")
    assert site.findings() == []
    site.release()
    assert [alias.anchor for alias in site.tree(number=4).aliases] == ["very-last", "last"]


def test_a_record_of_0_1_goes_on(tmp_path: Path) -> None:
    """A version announced by 0.1 is announced again with a fix, and its ledger lines stay the same."""
    shutil.copytree(Path(__file__).parents[1] / "released" / "0.1" / "tour", tmp_path, dirs_exist_ok=True)
    site = Site(tmp_path)
    old = (site.folders.record / LEDGER).read_bytes()
    site.now = site.record.entries[-1].posted + timedelta(days=1)
    (version,) = site.record.announced("agreement", site.now)
    before = site.record.in_force("agreement", site.now)
    assert before
    text = sealed_source(site.record, before).data.decode()
    rebased(site, "agreement", f"{text.rstrip()}\n\nThis is the last word of it.\n", material=False)
    note = site.read("changes/fix.md")
    assert [one for one in rules_of(site.findings()) if one != "missing-grounds"] == [], note
    entries = site.release()
    assert [(entry.document, entry.version) for entry in entries if entry.kind is not EntryKind.SET] == [
        ("agreement", version.number), ("agreement", version.number + 1), ("agreement", version.number + 2),
    ]  # fmt: skip
    assert (entries[-1].continues, entries[-1].notice_from) == (version.post.seq, version.posted)
    assert (site.folders.record / LEDGER).read_bytes().startswith(old)
    assert verify(site.folders.record)[1] == []
