"""Rows of registers keep their ids, and nothing else gets them."""

from pathlib import Path

from .playing import DOCUMENTS, act_once, make_site, rules_of
from .register_sites import REGISTERS, SITES, SUBS, registers


def test_a_row_is_the_same_by_its_id_alone(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    before = {anchor: clause.id for anchor, clause in site.clauses("sites").items()}
    site.write("sites.yml", SITES.replace("id: hh", "id: other").replace("id: du", "id: hh").replace("wind", "sun"))
    site.note("sites", "anchors: {du: hh}", slug="swapped")
    site.release()
    after = {anchor: clause.id for anchor, clause in site.clauses("sites").items()}
    assert after["hh"] == before["hh"]
    assert after["other"] not in before.values()


OTHER = SUBS.replace("entity: Pagewing, activity: Tickets", "entity: Zebra, activity: Counting")


def test_another_company_is_not_written_into_a_row(tmp_path: Path) -> None:
    """A replaced sub-processor would come without notice; a new name of the same company is no new one."""
    site = registers(tmp_path).at(10)
    site.write("subs.yml", OTHER)
    (found,) = site.findings("row-id")
    assert (found.line, found.clause) == (3, "row pagewing")
    assert 'the row of "Pagewing" now names "Zebra": another company is a new sub-processor' in found.message
    site.note("subs", slug="zebra")
    assert "row-id" in rules_of(site.findings())
    site.note("subs", "not_material_because: Pagewing changed its name.", slug="zebra")
    assert "row-id" not in rules_of(site.findings())
    # The reason is about one company.
    site.write("subs.yml", OTHER.replace("entity: Nordhall", "entity: Ostberg"))
    assert len(site.findings("row-id")) == 2


def test_the_id_of_a_removed_row_is_not_given_to_another(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    kept = SUBS.rpartition("  - {id: pagewing")[0]
    site.write("subs.yml", kept)
    site.note("subs", "anchors: {pagewing: nordhall}", slug="gone")
    site.release()
    site.at(50).write("subs.yml", OTHER.replace("2025-03-01", "2026-05-01"))
    (found,) = site.findings("row-id")
    assert found.fix == "id: pagewing-2"
    assert 'the id pagewing was that of "Pagewing" in an earlier version' in found.message
    # The same company may come back.
    site.write("subs.yml", SUBS.replace("2025-03-01", "2026-05-01"))
    assert site.findings("row-id") == []


def test_a_sub_processor_that_had_ended_begins_again(tmp_path: Path) -> None:
    ended = SUBS.replace("start: 2025-03-01", "start: 2025-03-01, ends: 2025-12-01")
    site = make_site(tmp_path, DOCUMENTS + REGISTERS)
    site.write("subs.yml", ended)
    site.write("sites.yml", SITES)
    site.note("agreement, rules, models, pricing, subs, sites", slug="first")
    act_once(tmp_path, site.release)
    site.at(10).write("subs.yml", SUBS)
    (found,) = site.findings("early-start")
    assert "Pagewing starts on 2025-03-01, before the promised notice ends" in found.message


def test_the_id_of_a_row_never_changes(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.write("subs.yml", SUBS.replace("id: pagewing", "id: page-wing"))
    site.note("subs", slug="renamed")
    (found,) = site.findings("row-id")
    assert (found.line, found.fix) == (3, "id: pagewing")
    assert "the id of a row never changes" in found.message
    assert site.findings("early-start") == []
