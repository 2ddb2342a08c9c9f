"""A year of a register of sub-processors: one is added and objected to, another replaces it, one ends and goes."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engross.corpus import register_of
from engross.record import days_to_object, objection_deadlines, sealed_document, verify

from .playing import DOCUMENTS, Site, make_site

ZONE = ZoneInfo("UTC")
REGISTER = "  - {id: subs, title: Subs, kind: register, register: subprocessors, file: subs.yml, notice: {count: 30}}\n"
NORDHALL = "  - {id: nordhall, entity: Nordhall, activity: Hosting, data: All, location: Germany, start: 2025-01-01}\n"
PAGEWING = "  - {id: pagewing, entity: Pagewing, activity: Tickets, data: Names, location: Osk, start: 2025-03-01}\n"
ZEBRA = "  - {id: zebra, entity: Zebra, activity: Counting, data: Requests, location: Osk, start: 2026-02-25}\n"
HERON = "  - {id: heron, entity: Heron, activity: Counting, data: Requests, location: Merrow, start: 2026-03-12}\n"
LYNX = "  - {id: lynx, entity: Lynx, activity: Tickets, data: Names, location: Merrow, start: 2026-08-31}\n"
ENDING = PAGEWING.replace("start:", "ends: 2026-08-31, start:")
OBJECTED = "Two customers objected to Zebra, because it is in Osk. It will not begin; Heron in Merrow takes its place."


def rows(*listed: str) -> str:
    return "rows:\n" + "".join(listed)


def year(root: Path) -> Site:
    site = make_site(root, DOCUMENTS + REGISTER)
    site.write("subs.yml", rows(NORDHALL, PAGEWING))
    site.note("agreement, rules, models, pricing, subs", slug="first")
    site.release()
    coming = {"material": "true"}
    # 25 January: too early a start is refused before it is posted with the first possible day.
    site.at(20).write("subs.yml", rows(NORDHALL, PAGEWING, ZEBRA.replace("02-25", "02-24")))
    site.note("subs", slug="zebra", effective="2026-02-25", **coming)
    assert [one.fix for one in site.findings("early-start")] == ["start: 2026-02-25"]
    site.write("subs.yml", rows(NORDHALL, PAGEWING, ZEBRA))
    site.release()
    # 9 February: the announced version is withdrawn by the one that replaces it.
    site.at(35).write("subs.yml", rows(NORDHALL, PAGEWING, HERON))
    site.note("subs", "withdraws: subs@2", slug="heron", summary=OBJECTED, effective="2026-03-12", **coming)
    site.release()
    # 5 May: an address is for information.
    moved = PAGEWING.replace("start:", "address: 1 Quay, start:")
    site.at(120).write("subs.yml", rows(NORDHALL, moved, HERON))
    assert [entry.notes for entry in site.release()] == [()]
    # 4 July: one ends on the day on which another begins; in September its row goes.
    site.at(180).write("subs.yml", rows(NORDHALL, ENDING.replace("start:", "address: 1 Quay, start:"), HERON, LYNX))
    site.note("subs", slug="lynx", effective="2026-08-31", **coming)
    site.release()
    site.at(240).write("subs.yml", rows(NORDHALL, HERON, LYNX))
    site.note("subs", "anchors: {pagewing: lynx}", slug="gone", effective="2026-10-03", **coming)
    site.release()
    return site


def test_a_year_of_a_register(tmp_path: Path) -> None:
    record = year(tmp_path).record
    found = {}
    for month in (2, 3, 4, 6, 8, 9, 11):
        at = datetime(2026, month, 1, tzinfo=UTC)
        version = record.in_force("subs", at)
        assert version is not None
        register = register_of(sealed_document(record, version))
        assert register is not None
        until = {row: str(end.date()) for row, end in objection_deadlines(record, "subs", at, ZONE).items()}
        found[month] = (version.number, " ".join(row.id for row in register.rows), until)
    assert found == {
        # Zebra was withdrawn later, so that nobody needs to object.
        2: (1, "nordhall pagewing", {}),
        3: (1, "nordhall pagewing", {"heron": "2026-03-12"}),
        4: (3, "nordhall pagewing heron", {}),
        6: (4, "nordhall pagewing heron", {}),
        8: (4, "nordhall pagewing heron", {"lynx": "2026-08-04"}),
        9: (5, "nordhall pagewing heron lynx", {}),
        11: (6, "nordhall heron lynx", {}),
    }
    days = {version.number: days_to_object(record, version, ZONE) for version in record.versions["subs"]}
    assert {number: {row: str(one) for row, one in found.items()} for number, found in days.items()} == {
        1: {},
        2: {"zebra": "2026-02-24"},
        3: {"heron": "2026-03-11"},
        4: {},
        5: {"lynx": "2026-08-03"},
        6: {},
    }
    assert record.versions["subs"][1].withdrawn is not None
    assert verify(tmp_path / "record")[1] == []
