"""What happens in practice: an emergency, a revert, a typo, another name, two branches."""

import subprocess
from pathlib import Path

import pytest

from engross.model import EntryKind
from engross.record.verification import verify
from note_filling import filled

from .playing import AGREEMENT, DOCUMENTS, RULES, Site, day, instant, posted_site, rules_of


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return posted_site(tmp_path).at(1)


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
