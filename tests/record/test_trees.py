"""Clauses keep their ids from version to version."""

from pathlib import Path

import pytest

from engross.model import Alias, TreeClause

from .playing import AGREEMENT, MODELS, Site, posted_site
from .tree_stories import TALK, Story

LETTERS = """\
# Rules

## List

You will not:

(a) run in the halls;
(b) shout at people;
(c) eat the plants; or
(d) sleep here.
"""
LONG = """\
# Rules

## One

The first sentence speaks of gardens and trees. The second sentence speaks of rivers and boats.

## Two

This part is about nothing else at all.
"""


def ids(clauses: dict[str, TreeClause]) -> dict[str, str]:
    return {anchor: clause.id for anchor, clause in clauses.items()}


def test_first_tree(tmp_path: Path) -> None:
    story = Story(tmp_path, LETTERS)
    clauses = story.now()
    assert [clause.id for clause in clauses.values()] == [f"c{at}" for at in range(1, len(clauses) + 1)]
    assert all((one.since, one.changed, one.called) == (1, 1, 1) for one in clauses.values())
    assert {anchor for anchor, one in clauses.items() if one.named} == {"rules", "list"}


def test_reworded(tmp_path: Path) -> None:
    story = Story(tmp_path, LETTERS)
    before = story.now()
    after = story.next(LETTERS.replace("shout at people", "shout at anyone"))
    assert ids(after) == ids(before)
    assert (after["list.b"].changed, after["list.b"].since, after["list.a"].changed) == (2, 1, 1)


def test_section_moved(tmp_path: Path) -> None:
    story = Story(tmp_path, TALK)
    before = story.now()
    head, talk, rest = TALK.partition("## Talk")[0], *TALK[TALK.index("## Talk") :].split("\n\n## Rest")
    after = story.next(f"{head}## Rest{rest}\n{talk}\n")
    assert ids(after) == ids(before)
    assert {one.changed for one in after.values()} == {1}


def test_heading_renamed_twice(tmp_path: Path) -> None:
    story = Story(tmp_path, TALK)
    rest = story.now()["rest"].id
    story.next(TALK.replace("## Rest", "## Sleep"))
    after = story.next(TALK.replace("## Rest", "## Quiet Hours"))
    assert (after["quiet-hours"].id, after["quiet-hours"].called, after["quiet-hours"].since) == (rest, 3, 1)
    assert story.aliases == {"rest": Alias("rest", 2, rest), "sleep": Alias("sleep", 3, rest)}
    story.next(TALK.replace("## Rest", "## Sleep"))
    assert story.aliases == {"rest": Alias("rest", 2, rest), "quiet-hours": Alias("quiet-hours", 4, rest)}


def test_removed_and_led_elsewhere(tmp_path: Path) -> None:
    """The target of a removed heading is kept in later versions, and required again when it is removed too."""
    story = Story(tmp_path, TALK)
    without = TALK.partition("## Rest")[0] + "## Late\n\nAfter six the doors are shut for good.\n"
    story.next(TALK.replace("## Rest", "## Sleep"))
    talk = story.now()["talk"].id
    story.next(without, "anchors: {rules#sleep: rules#talk, rules#rest: agreement#fees}")
    assert story.aliases["sleep"] == Alias("sleep", 3, talk)
    assert story.aliases["rest"] == Alias("rest", 2, leads="agreement#fees")
    story.next(without.replace("for good", "for now"))
    assert story.aliases["rest"].leads == "agreement#fees"
    story.site.at(9).write("rules.md", "# Rules\n\n## Late\n\nAfter six the doors are shut for now.\n")
    story.site.note("rules", slug="gone")
    (found,) = story.site.findings("removed-anchor")
    assert "rules no longer has #sleep (“sleep”), #talk (“Talk”), #talk.meeting (“Meeting”), which" in found.message
    story.site.note("rules", "anchors: {rules#sleep: '', rules#talk: late, rules#talk.meeting: ''}", slug="gone")
    story.site.release()
    assert (story.aliases["sleep"].clause, story.aliases["sleep"].leads) == ("", "")
    assert story.aliases["talk"].clause == story.now()["late"].id


def test_items_inserted_and_deleted(tmp_path: Path) -> None:
    story = Story(tmp_path, LETTERS)
    before = story.now()
    inserted = LETTERS.replace(
        "(b) shout at people;\n(c) eat the plants; or\n(d) sleep",
        "(b) hum a tune;\n(c) shout at people;\n(d) eat the plants; or\n(e) sleep",
    )
    after = story.next(inserted)
    assert [after[f"list.{label}"].id for label in "acde"] == [before[f"list.{label}"].id for label in "abcd"]
    assert after["list.b"].since == 2
    assert story.site.tree("rules").reused == {"list.b": 1, "list.c": 1, "list.d": 1}
    assert after["list.c"].called == 2
    again = story.next(LETTERS)
    assert ids(again) == ids(before)
    tree = story.site.tree("rules")
    assert tree.reused == {"list.b": 2, "list.c": 2, "list.d": 2}
    assert set(tree.former) == {"list.e"}
    assert story.next(LETTERS.replace("sleep here", "sleep there"))["list.d"].id == before["list.d"].id
    assert story.site.tree("rules").reused == {"list.b": 2, "list.c": 2, "list.d": 2}


def test_item_that_returns_as_it_was(tmp_path: Path) -> None:
    """A deleted and restored item has its old meaning: no page mentions another."""
    story = Story(tmp_path, LETTERS)
    story.next(LETTERS.replace("; or\n(d) sleep here.", "."))
    story.next(LETTERS)
    assert story.site.tree("rules").reused == {}
    assert story.site.tree("rules").former == {}


def test_items_within_a_sentence(tmp_path: Path) -> None:
    story = Story(tmp_path, TALK)
    before = story.now()
    assert before["talk.b"].kind == "run-in"
    after = story.next(
        TALK.replace("(b) answer each question, and (c) leave", "(b) sit down, (c) answer each question, and (d) leave")
    )
    assert after["talk.c"].id == before["talk.b"].id
    assert after["talk.d"].id == before["talk.c"].id
    assert after["talk.b"].since == 2


def test_definition_in_running_text(tmp_path: Path) -> None:
    story = Story(tmp_path, TALK)
    before = story.now()["talk.meeting"]
    assert (before.kind, before.named) == ("definition", True)
    moved = TALK.replace(" (a “**Meeting**”)", "").replace("No Meeting begins", "No gathering (a “**Meeting**”) begins")
    after = story.next(moved)
    assert after["rest.meeting"].id == before.id
    assert story.aliases["talk.meeting"].clause == before.id
    story.site.at(9).write("rules.md", moved.replace(" (a “**Meeting**”)", ""))
    story.site.note("rules")
    (found,) = story.site.findings("removed-anchor")
    assert "no longer has #talk.meeting (“talk.meeting”), #rest.meeting (“Meeting”), which" in found.message


def test_definition_renamed(tmp_path: Path) -> None:
    story = Story(tmp_path, TALK)
    before = story.now()["talk.meeting"]
    after = story.next(TALK.replace("“**Meeting**”", "“**Meetings**”").replace("No Meeting", "No Meetings"))
    assert after["talk.meetings"].id == before.id
    assert story.aliases["talk.meeting"].clause == before.id


def test_paragraph_split_and_joined(tmp_path: Path) -> None:
    story = Story(tmp_path, LONG)
    before = story.now()
    split = LONG.replace("trees. The second", "trees.\n\nThe second")
    after = story.next(split)
    assert {after[anchor].id for anchor in ("one", "two")} == {before[anchor].id for anchor in ("one", "two")}
    assert len({one.id for one in after.values()}) == len(after)
    assert ids(story.next(LONG)) == ids(before)


def test_sentence_broken_out_into_a_list(tmp_path: Path) -> None:
    flat = "# Rules\n\n## List\n\nYou will not (a) run in the halls, (b) shout at people, or (c) eat the plants.\n"
    story = Story(tmp_path, flat)
    before = story.now()
    after = story.next(
        "# Rules\n\n## List\n\nYou will not\n\n(a) run in the halls,\n(b) shout at people, or\n(c) eat the plants.\n"
    )
    assert [after[f"list.{label}"].id for label in "abc"] == [before[f"list.{label}"].id for label in "abc"]


def test_withdrawn_versions_never_give_their_ids_again(tmp_path: Path) -> None:
    site = posted_site(tmp_path, rules=LETTERS)
    site.at(1).write("rules.md", LETTERS + "\n## New\n\nNew words that nobody saw before.\n")
    site.post("rules", effective="2026-03-01")
    withdrawn = site.clauses("rules")["new"].id
    site.at(2).write("rules.md", LETTERS + "\n## Other\n\nQuite another matter, told elsewhere.\n")
    site.post("rules", "withdraws: rules@2")
    assert site.clauses("rules")["other"].id not in {clause.id for clause in site.tree("rules", 2).clauses}
    assert withdrawn not in {clause.id for clause in site.tree("rules", 3).clauses}
    assert site.clauses("rules")["list"].since == 1


def test_all_versions_withdrawn(tmp_path: Path) -> None:
    site = posted_site(tmp_path, rules=LETTERS)
    first = site.tree("rules", 1)
    site.at(1).post("rules", "withdraws: rules@1")
    last = site.tree("rules")
    assert site.record.versions["rules"][-1].post.supersedes == 0
    assert not {clause.id for clause in first.clauses} & {clause.id for clause in last.clauses}


def test_four_versions(tmp_path: Path) -> None:
    """Since when there is a clause, when its words last changed, and from when its label has meant it."""
    story = Story(tmp_path, LETTERS)
    story.next(LETTERS.replace("in the halls", "in the hall"))
    story.next(LETTERS.replace("in the halls", "in the hall").replace("## List", "## What You Will Not Do"))
    text = (
        LETTERS.replace("in the halls", "in the hall")
        .replace("## List", "## What You Will Not Do")
        .replace("(b) shout", "(b) whistle loudly all day;\n(c) shout")
        .replace("(c) eat", "(d) eat")
        .replace("(d) sleep", "(e) sleep")
    )
    after = story.next(text)
    versions = {anchor.rpartition(".")[2]: (one.since, one.changed, one.called) for anchor, one in after.items()}
    section = "what-you-will-not-do"
    assert versions[section] == (1, 3, 3)
    assert versions["a"] == (1, 2, 3)
    assert versions["b"] == (4, 4, 4)
    assert versions["c"] == (1, 1, 4)
    assert story.aliases["list"] == Alias("list", 3, after[section].id)


def test_catalogue(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    before = site.clauses("models")
    assert {anchor for anchor, one in before.items() if one.named} >= {"small-1", "large-1"}
    site.at(1).edit("models.yml", ("context_tokens: 4096", "context_tokens: 2048"))
    site.post("models")
    after = site.clauses("models")
    assert ids(after) == ids(before)
    assert {anchor.partition(".")[0] for anchor, one in after.items() if one.changed == 2} == {"small-1"}
    start = MODELS.index("  - id: small-1")
    site.at(2).write("models.yml", MODELS[:start] + MODELS[MODELS.index("  - id: large-1") :])
    site.note("models", slug="less")
    (found,) = site.findings("removed-anchor")
    assert "models no longer has #small-1 (“Small 1”)" in found.message
    site.note("models", "anchors: {models#small-1: large-1}", slug="less")
    site.release()
    assert site.clauses("models")["large-1"].id == before["large-1"].id


@pytest.mark.parametrize("old", ["thirty days", "Between Us and You", "## End", "(b) resell the service;"])
def test_same_ids_whatever_changes(tmp_path: Path, old: str) -> None:
    site: Site = posted_site(tmp_path)
    before = site.clauses()
    site.at(1).write("agreement.md", AGREEMENT.replace(old, f"{old.rstrip(';')} and more"))
    site.post("agreement")
    assert [one.id for one in site.clauses().values()] == [one.id for one in before.values()]
