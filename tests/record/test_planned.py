"""The record as it would be, and what is found while a document cannot be read."""

from dataclasses import replace
from pathlib import Path

import pytest

from engross.corpus.project import read_project
from engross.model import Sealed
from engross.record.posting.releasing import State, read_state
from engross.record.posting.sealing import planned_record

from .playing import Site, note_text, posted_site


def drafted(root: Path) -> Site:
    """A site with one pending note of most kinds."""
    site = posted_site(root)
    site.at(10).edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", slug="kinder", effective="2026-03-01")
    site.write("documents.yml", site.read("documents.yml").replace("title: Model List", "title: Models"))
    site.note("models", slug="renamed")
    site.note("pricing", slug="dearer")
    site.note("agreement", slug="wrong", corrects="1")
    own = site.read("agreement.md").replace("thirty days", "forty days")
    site.write("changes/days.agreement.md", own)
    site.note("agreement", "own_text: agreement", slug="days")
    site.edit("agreement.md", ("thirty days", "forty days"), ("Either party", "Each party"))
    site.note("agreement", slug="end", effective="2026-04-01")
    return site


def test_the_planned_record_is_what_a_release_makes(tmp_path: Path) -> None:
    site = drafted(tmp_path)
    planned = planned_record(site.state().plan)
    before = site.files()
    released = site.release()
    assert before != site.files()
    made = planned.entries[-len(released) :]
    assert len(planned.entries) == len(site.record.entries)
    for one, other in zip(made, released, strict=True):
        notes = tuple(replace(note, seal="", sha256="") for note in other.notes)
        bare = replace(other, previous="", hash="", notes=notes, sealed=None)
        assert replace(one, notes=tuple(replace(note, sha256="") for note in one.notes), sealed=None) == bare
        if other.sealed:
            assert one.sealed == Sealed(other.sealed.source, other.sealed.text, "")
    assert [(one.document, one.version) for one in made if one.sealed] == [
        ("agreement", 2),
        ("agreement", 3),
        ("rules", 2),
    ]


@pytest.mark.parametrize("version", ["rules@7", "nothing@1"])
def test_what_the_record_cannot_hold_is_left_out(tmp_path: Path, version: str) -> None:
    site = posted_site(tmp_path)
    site.note("rules", f"withdraws: {version}", slug="undone")
    plan = site.state().plan
    assert planned_record(plan).entries == plan.record.entries
    assert site.findings()


def state_of_readable(site: Site) -> State:
    return read_state(
        site.folders, site.now, read_project(site.folders.docs, site.folders.settings, keep_unreadable=True)
    )


def test_a_document_that_cannot_be_read_counts_as_unchanged(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    site.write("rules.md", "# Rules\n\n<b>raw</b>\n")
    site.edit("agreement.md", ("thirty days", "forty days"))
    found = state_of_readable(site).findings()
    assert [one.rule for one in found] == ["unposted-change"]
    assert "agreement" in found[0].path


def test_a_note_about_it_is_not_checked_and_may_be_the_missing_one(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    (tmp_path / "docs/rules.md").write_bytes(b"# Rules \xff")
    site.edit("agreement.md", ("thirty days", "forty days"))
    site.write("changes/both.md", note_text("agreement, rules"))
    state = state_of_readable(site)
    assert not state.plan.notes
    (found,) = state.findings()
    assert "changes/both.md:2:12: this note is not checked, because rules cannot be read" in str(found)
    assert planned_record(state.plan).entries == state.record.entries
