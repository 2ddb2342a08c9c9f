"""Texts that an earlier generation of the parser sealed keep their clauses; comparisons read by the present one."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engross.corpus import read_project
from engross.model import READER, EntryKind
from engross.record import open_record, sealed_document, verify
from engross.record.in_force import in_force_project
from engross.record.ledger import invariants
from engross.record.posting import drafts, sealing
from engross.record.trees import DEFINITION, addressed, reread_tree
from engross.redline import find_changes
from engross.text import decode

from .playing import Site, make_site

TEXT = """\
# Agreement

## Fees

### Due date

Fees are due at once.

### Late fees

Late fees bear interest.

## Cap

4.5 million euro is the cap.

Customer pays for what it has chosen (the “Plan”). The Plan renews each year.

## Survival

Section 1.2 survives termination.
"""
OLD = ("cap.4-5", "survival.1-2")
NEW = ("cap.p1", "survival.p1")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site whose texts were sealed by generation 1 of the parser."""
    site = make_site(tmp_path_factory.mktemp("generations"), agreement=TEXT)
    site.note("agreement, rules, models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(decode.__kwdefaults__, "reader", 1)
        patch.setattr(sealing, "READER", 1)
        patch.setattr(drafts, "READER", 1)
        site.release()
    return site


def copied(sealed: Site, folder: Path) -> Site:
    shutil.copytree(sealed.root, folder / "site")
    return Site(folder / "site", sealed.now, sealed.notes).at(1)


def test_the_first_version_has_the_clauses_of_its_generation(sealed: Site) -> None:
    record = open_record(sealed.folders.record)
    version = record.latest("agreement")
    assert version is not None
    assert (version.post.reader, READER) == (1, 5)
    anchors = {clause.anchor for clause in sealed_document(record, version).root.walk()}
    assert set(OLD) <= anchors
    assert set(OLD) <= set(sealed.clauses())
    reread = {clause.anchor for clause in sealed_document(record, version, reader=READER).root.walk()}
    assert set(NEW) <= reread
    assert not set(OLD) & reread


def test_nothing_is_to_be_posted(sealed: Site) -> None:
    """Neither after an update of the parser, nor after the lines are wrapped."""
    assert verify(sealed.folders.record)[1] == []
    later = sealed.at(1)
    assert later.findings() == []
    assert not any(draft.changed for draft in later.state().plan.drafts.documents.values())
    later.edit("agreement.md", ("Fees are due at once.", "Fees are due\nat once."))
    assert not any(draft.changed for draft in later.state().plan.drafts.documents.values())
    later.edit("agreement.md", ("Fees are due\nat once.", "Fees are due at once."))


def test_what_is_in_force_is_shown_as_it_was_posted(sealed: Site) -> None:
    project = read_project(sealed.folders.docs)
    shown = in_force_project(project, open_record(sealed.folders.record), sealed.at(1).now)
    assert set(OLD) <= {clause.anchor for clause in shown.documents["agreement"].root.walk()}
    assert set(NEW) <= {clause.anchor for clause in project.documents["agreement"].root.walk()}


def test_clauses_keep_their_ids(sealed: Site, tmp_path: Path) -> None:
    """Those that are read differently too; the change is the clause that was edited, and nothing else."""
    site = copied(sealed, tmp_path)
    before = site.clauses()
    site.edit("agreement.md", ("bear interest", "bear no interest"))
    (draft,) = (one for one in site.state().plan.drafts.documents.values() if one.changed)
    assert [change.where for change in find_changes(draft.script)] == ["Late fees"]
    site.post("agreement")
    after = site.clauses()
    assert [after[new].id for new in NEW] == [before[old].id for old in OLD]
    assert [after[new].changed for new in NEW] == [1, 1]
    assert {anchor for anchor, clause in after.items() if clause.changed == 2} == {"late-fees.p1"}
    kept = {anchor: clause.id for anchor, clause in before.items() if anchor not in OLD}
    assert {anchor: after[anchor].id for anchor in kept} == kept
    record = open_record(site.folders.record)
    assert [one.post.reader for one in record.versions["agreement"]] == [1, READER]


def test_the_anchor_of_what_is_no_definition_any_more_leads_to_its_clause(sealed: Site) -> None:
    record = open_record(sealed.folders.record)
    version = record.latest("agreement")
    assert version is not None
    posted = addressed(sealed_document(record, version))
    (plan,) = (one for one in posted if one.kind == DEFINITION)
    tree = sealed.tree()
    again = reread_tree(tree, posted, [one for one in posted if one is not plan], (1, 2))
    ids = {clause.anchor: clause.id for clause in tree.clauses}
    assert {alias.anchor: alias.clause for alias in again.aliases} == {plan.anchor: ids[plan.within]}
    assert len(again.clauses) == len(tree.clauses) - 1


@pytest.mark.parametrize(
    ("text", "source", "same"),
    [("t", "s", True), ("t", "other", True), ("other", "s", True), ("other", "other", False)],
)
def test_a_restored_text_has_the_same_words_or_the_same_bytes(
    history: Site, text: str, source: str, same: bool
) -> None:
    """A later generation of the parser may compute another text hash for the same bytes."""
    entry = next(one for one in history.record.entries if one.kind is EntryKind.POST)
    assert entry.sealed is not None
    new = replace(entry, sealed=replace(entry.sealed, text="t", source="s"))
    assert invariants._restores(new, replace(entry.sealed, text=text, source=source)) is same
