"""Sites with registers of sub-processors and of data centres."""

from pathlib import Path

from engross.model import Entry
from engross.record.history import Record

from .playing import DOCUMENTS, Site, act_once, make_site

OWN = (
    "{columns: [{id: name, label: Name}, {id: power, label: Power}, {id: phone, label: Telephone, contractual: false}]}"
)
REGISTERS = f"""\
  - {{id: subs, title: Sub-processors, kind: register, register: subprocessors, file: subs.yml, notice: {{count: 30}}}}
  - {{id: sites, title: Data centres, kind: register, file: sites.yml, register: {OWN}}}
"""
EDITORIAL_NOTICE = "notice: {count: 0, classes: {editorial: {count: 7}}}"
SUBS = """\
rows:
  - {id: nordhall, entity: Nordhall, activity: Hosting, data: All, location: DE, start: 2025-01-01}
  - {id: pagewing, entity: Pagewing, activity: Tickets, data: Names, location: US, start: 2025-03-01}
"""
ZEBRA = "  - {id: zebra, entity: Zebra, activity: Counting, data: Requests, location: FR, start: 2026-02-15}\n"
SITES = """\
rows:
  - {id: hh, name: Hamburg, power: wind, phone: "+49 40 1234"}
  - {id: du, name: Dublin, power: water}
"""


def registers(root: Path, declared: str = REGISTERS) -> Site:
    """A site with two registers, everything posted on day 0."""
    site = make_site(root, DOCUMENTS + declared)
    site.write("subs.yml", SUBS)
    site.write("sites.yml", SITES)
    site.note("agreement, rules, models, pricing, subs, sites", slug="first")
    act_once(root, site.release)
    return site


def announced(root: Path) -> Site:
    """The same with a sub-processor announced on day 10, which is 15 January, for day 41."""
    site = registers(root).at(10)
    site.write("subs.yml", SUBS + ZEBRA)
    site.note("subs", slug="zebra", material="true", effective="2026-02-15")
    act_once(root, site.release)
    return site


def last(record: Record, document: str) -> Entry:
    return record.versions[document][-1].post
