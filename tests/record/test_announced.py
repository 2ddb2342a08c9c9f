"""Announced words and pictures never apply before their day."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from engross.model import Diagnostic, EntryKind, Severity
from engross.record.history import LEDGER
from engross.record.sealed_files import sealed_source
from engross.record.verification import verify

from .announcing import ITEM, SOONER, TYPO, announced_site, edited, rebased
from .playing import (
    AGREEMENT,
    RULES,
    Site,
    complaints,
    day,
    instant,
    make_site,
    posted_site,
    rules_of,
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return announced_site(tmp_path)


def held(site: Site) -> list[Diagnostic]:
    return site.findings("announced-text")


def labels(site: Site) -> str:
    """The clauses that a finding lists."""
    (found,) = held(site)
    return found.message.split(": ", 1)[1].split(". ")[0]


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
