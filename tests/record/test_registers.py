"""Registers in the record: notice of new sub-processors, changes without a note, what changed by row and column."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.common.errors import EngrossError
from engross.corpus.shown_values import shown_text
from engross.corpus.ui_text import ui_strings
from engross.model import BUILT_IN, Column, ColumnType, EntryKind, VersionId
from engross.record.delivery import notices
from engross.record.in_force import standing
from engross.record.journal import locked
from engross.record.posting.drafts import sealed_document
from engross.record.posting.promised_notice import objection_deadlines
from engross.record.posting.receipts import add_receipts
from engross.record.posting.sealing import write
from engross.record.redact.redaction import Order, plan_redaction
from engross.record.sealed_files import sealed_source
from engross.record.verification import verify
from engross.record.views.json_files import fact_changes
from engross.record.views.posted_changes import posted_changes
from engross.render.archive.lists import states
from engross.render.date_format import ShownDates
from engross.render.pages.state import document_state
from engross.review.content import Review
from engross.review.documents import read_changes
from engross.review.markdown import to_markdown

from .playing import DOCUMENTS, Site, act_once, day, make_site, rules_of
from .register_sites import EDITORIAL_NOTICE, OWN, REGISTERS, SITES, SUBS, ZEBRA, announced, last, registers


def test_the_ledger_has_the_columns_by_which_a_text_is_read(tmp_path: Path) -> None:
    site = registers(tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "record" / "ledger.jsonl").read_bytes().splitlines()]
    found = {line["document"]: line["entry"].get("register") for line in lines if line["kind"] == "post"}
    assert found["models"] is None
    assert found["subs"] == {"name": "subprocessors"}
    assert found["sites"] == {
        "columns": [
            {"id": "name", "label": "Name", "required": True},
            {"id": "power", "label": "Power"},
            {"id": "phone", "label": "Telephone", "contractual": False},
        ]
    }
    assert last(site.record, "subs").entry == site.record.entry_at("subs", day(1))
    assert last(site.record, "subs").entry.register == BUILT_IN["subprocessors"]  # type: ignore[union-attr]
    assert verify(tmp_path / "record")[1] == []


@pytest.mark.parametrize(
    "register",
    ['{"name":"suppliers"}', '{"name":"prices","columns":[{"id":"a","label":"A"}]}', "{}", '{"columns":[{"id":"A"}]}'],
)
def test_a_ledger_with_other_columns_is_refused(tmp_path: Path, register: str) -> None:
    registers(tmp_path)
    ledger = tmp_path / "record" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'{"name":"subprocessors"}', register.encode()))
    with pytest.raises(EngrossError, match="its entry is not valid"):
        Site(tmp_path).state()


def test_a_change_of_informational_columns_is_posted_without_a_note(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.edit("sites.yml", ("+49 40 1234", "+49 40 4321"))
    assert site.findings() == []
    (entry,) = site.release()
    assert (entry.kind, entry.document, entry.version, entry.notes) == (EntryKind.POST, "sites", 2, ())
    assert (str(entry.change_class), entry.material, entry.effective) == ("editorial", False, day(10))
    (change, *_) = posted_changes(site.record).changes
    assert change.slug == f"entry.{entry.seq}"
    assert [(one.document, one.row, one.field, one.old, one.new) for one in fact_changes(site.record, change)] == [
        ("sites", "hh", "phone", "+49 40 1234", "+49 40 4321")
    ]
    assert verify(tmp_path / "record")[1] == []


@pytest.mark.parametrize(
    ("old", "new", "settings"),
    [
        ("wind", "sun", ("", "")),
        ("+49 40 1234", "+49 40 4321", ("file: sites.yml,", "file: sites.yml, text_required: true,")),
        ("+49 40 1234", "+49 40 4321", ("id: power, label: Power", "id: power, label: Source of power")),
        ("+49 40 1234", "+49 40 4321", ("file: sites.yml,", f"file: sites.yml, {EDITORIAL_NOTICE},")),
    ],
)  # fmt: skip
def test_any_other_change_needs_a_note(tmp_path: Path, old: str, new: str, settings: tuple[str, str]) -> None:
    site = registers(tmp_path).at(10)
    site.edit("sites.yml", (old, new))
    if settings[0]:
        site.edit("documents.yml", settings)
    assert "unposted-change" in rules_of(site.findings())
    with pytest.raises(EngrossError):
        site.release()


def test_an_informational_change_waits_for_the_announced_version_that_has_it(tmp_path: Path) -> None:
    site = announced(tmp_path).at(11)
    site.edit("subs.yml", ("entity: Nordhall,", "entity: Nordhall, website: https://nordhall.example/,"))
    assert site.findings() == []
    (entry,) = site.release()
    assert (entry.version, entry.supersedes, entry.notes, entry.effective) == (3, 2, (), day(41))
    state = document_state(site.record, "subs", day(12), ShownDates(ZoneInfo("UTC"), ui_strings("en")))
    assert state is not None
    # The banner names the version whose change customers were informed of, too.
    assert [(one.number, [two.number for two in one.includes]) for one in state.announced] == [(3, [2])]
    second = site.record.versions["subs"][1]
    assert states(site.record, second, day(12)) == ("superseded",)
    assert standing(site.record, second, day(12)) == "superseded"


@pytest.mark.parametrize("noted", [False, True])
def test_a_sub_processor_that_starts_before_the_notice_ends_is_refused(tmp_path: Path, noted: bool) -> None:
    site = registers(tmp_path).at(10)
    site.write("subs.yml", SUBS + ZEBRA.replace("2026-02-15", "2026-02-14"))
    if noted:
        site.note("subs", slug="zebra", material="true", effective="2026-02-15")
    (found,) = site.findings("early-start")
    assert str(found) == (
        f"{tmp_path}/docs/subs.yml:4:89: row zebra: Zebra starts on 2026-02-14, before the promised notice ends "
        "(posted 15 January 2026 + 30 days, first day excluded = in force from 15 February 2026, 00:00 UTC); posted "
        "now, it can start from 2026-02-15 (fix: start: 2026-02-15)"
    )
    with pytest.raises(EngrossError):
        site.release()


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (("entity", "activity", "data", "location", "start"), ZEBRA.replace("2026-02-15", "2026-01-16")),
        (("entity", "activity", "data", "location", "start"), ZEBRA.replace("2026-02-15", "soon")),
    ],
)
def test_other_columns_do_not_evade_the_notice(tmp_path: Path, columns: tuple[str, ...], row: str) -> None:
    site = registers(tmp_path).at(10)
    declared = ", ".join(f"{{id: {one}, label: {one}}}" for one in columns)
    settings = site.read("documents.yml")
    changed = settings.replace("register: subprocessors", f"register: {{columns: [{declared}]}}")
    assert changed != settings
    site.write("documents.yml", changed)
    text = SUBS.replace("2025-01-01", '"2025-01-01"').replace("2025-03-01", '"2025-03-01"')
    site.write("subs.yml", text + row.replace("start: 2026-01-16", 'start: "2026-01-16"'))
    site.note("subs", slug="zebra", material="true", effective="2026-02-15")
    assert [found.clause for found in site.findings("early-start")] == ["row zebra"]


def test_other_columns_in_an_earlier_version_do_not_evade_the_notice(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    names = ("entity", "activity", "data", "location", "start")
    declared = ", ".join(f"{{id: {one}, label: {one}}}" for one in names)
    site.edit("documents.yml", ("register: subprocessors", f"register: {{columns: [{declared}]}}"))
    text = SUBS.replace("2025-01-01", '"2025-01-01"').replace("2025-03-01", '"2025-03-01"')
    text = text.replace("location: US", "location: IN")
    site.write("subs.yml", text)
    site.note("subs", slug="columns", material="true", effective="2026-02-15")
    site.release()
    site = site.at(50)
    site.write("subs.yml", text + ZEBRA.replace("start: 2026-02-15", 'start: "2026-02-26"'))
    site.note("subs", slug="zebra", material="true", effective="2026-03-28")
    assert [found.clause for found in site.findings("early-start")] == ["row zebra"]


@pytest.mark.parametrize(
    ("kind", "written"),
    [("date", "2025-01-01"), ("url", "https://jane.example/"), ("money", "EUR 5"), ("number", "5"), ("currency", "EUR"),
     ("country", "[IE, FR]"), ("text", "Jane")],
)  # fmt: skip
def test_each_value_of_a_register_can_be_redacted(tmp_path: Path, kind: str, written: str) -> None:
    columns = f"{{columns: [{{id: name, label: Name}}, {{id: x, label: X, type: {kind}, required: true}}]}}"
    site = make_site(tmp_path, DOCUMENTS + REGISTERS.replace(OWN, columns))
    site.write("subs.yml", SUBS)
    site.write("sites.yml", f"rows:\n  - {{id: hh, name: Hamburg, x: {written}}}\n")
    site.note("agreement, rules, models, pricing, subs, sites", slug="first")
    act_once(tmp_path, site.release)
    plan = site.at(1).state().plan
    order = Order((VersionId("sites", 1),), "Hamburg: X", "order: of a court", draft=True)
    redaction = plan_redaction(plan, order)
    assert redaction.draft is not None
    site.write("sites.yml", redaction.draft.text)
    with locked(plan.record.folder):
        record = write(plan.record, redaction.sealing)
    assert written not in sealed_source(record, record.version(VersionId("sites", 1))).text
    assert site.at(2).findings() == []
    (row,) = sealed_document(record, record.version(VersionId("sites", 1))).root.children
    (value,) = row.children
    assert value.inline.text.startswith("[Redacted on 2026-01-0")
    assert shown_text(Column("x", ColumnType(kind)), "[Redacted]", {}) == "[Redacted]"


def test_an_earlier_start_of_a_known_sub_processor_is_refused_and_another_change_is_not(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.edit("subs.yml", ("data: Names", "data: Addresses"))
    assert not site.findings("early-start")
    site.edit("subs.yml", ("2025-03-01", "2025-02-01"))
    assert [found.clause for found in site.findings("early-start")] == ["row pagewing"]


def test_customers_may_object_until_the_notice_ends(tmp_path: Path) -> None:
    site, zone = registers(tmp_path).at(10), ZoneInfo("UTC")
    site.write("subs.yml", SUBS + ZEBRA)
    site.note("subs", slug="zebra")
    site.release()
    assert objection_deadlines(site.record, "subs", day(11), zone) == {"zebra": day(41)}
    assert objection_deadlines(site.record, "subs", day(41), zone) == {}
    assert objection_deadlines(site.record, "sites", day(11), zone) == {}


def test_no_time_for_objections_is_known_until_the_notice_was_delivered(tmp_path: Path) -> None:
    zone = ZoneInfo("UTC")
    site = registers(tmp_path, REGISTERS.replace("file: subs.yml,", "file: subs.yml, delivery: active,"))
    site.at(10).write("subs.yml", SUBS + ZEBRA)
    site.post("subs", slug="zebra", material="true", effective="")
    assert site.record.versions["subs"][-1].is_awaiting
    assert objection_deadlines(site.record, "subs", day(11), zone) == {}
    (notice,) = [one for one in notices(site.record) if one.change.slug == "zebra"]
    receipt = tmp_path / "receipt.json"
    receipt.write_text(f'{{"notice": "{notice.hash}", "sent": "2026-01-17T09:30:00Z", "count": 9}}', "utf-8")
    add_receipts(site.folders, [receipt], zone, day(13), dry_run=False)
    assert objection_deadlines(site.record, "subs", day(13), zone) == {"zebra": day(43)}


def test_a_removed_row_keeps_its_address(tmp_path: Path) -> None:
    site = announced(tmp_path).at(50)
    site.write("subs.yml", SUBS.replace("  - {id: pagewing", "#") + ZEBRA)
    site.note("subs", slug="gone", material="true", effective="2026-04-01")
    (found,) = site.findings("removed-anchor")
    assert "#pagewing (“Pagewing”)" in found.message
    text = site.read("changes/gone.md").replace("approved_by", "anchors: {pagewing: zebra}\napproved_by")
    site.write("changes/gone.md", text)
    site.release()
    (alias,) = site.tree("subs").aliases
    assert (alias.anchor, alias.clause) == ("pagewing", site.clauses("subs")["zebra"].id)


def test_other_columns_do_not_change_how_a_sealed_text_is_read(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.edit("documents.yml", ("{id: phone, label: Telephone, contractual: false}", "{id: area, label: Area}"))
    site.write("sites.yml", SITES.replace('phone: "+49 40 1234"', "area: North"))
    site.note("sites", slug="columns", material="true")
    site.release()
    first = site.record.versions["sites"][0]
    now = site.record.entry_at("sites", day(11))
    document = sealed_document(site.record, first, now)
    assert not document.verbatim
    assert document.entry.register == first.entry.register
    assert [one.name for one in document.root.children[0].children] == ["power", "phone"]


PRICES = """\
rows:
  - {id: small, item: Small, unit: month, amount: 10, currency: EUR, since: 2025-01-01}
  - {id: large, item: Large, unit: month, amount: 30, currency: EUR, since: 2025-01-01}
"""


def test_a_price_applies_when_its_change_takes_effect(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, DOCUMENTS + "  - {id: prices, title: Prices, kind: register, register: prices, file: prices.yml}\n"
    )
    site.write("prices.yml", PRICES)
    site.note("agreement, rules, models, pricing, prices", slug="first")
    site.release()
    site.at(10).edit("prices.yml", ("amount: 30", "amount: 40"))
    site.note("prices", slug="dearer", effective="2026-02-15", material="true")
    (found,) = site.findings("price-since")
    assert found.message.startswith(
        "by the list, the price of Large applies since 2025-01-01, and its change takes effect on"
    )
    assert (found.line, found.clause, found.fix) == (3, "row large", "since: 2026-02-15")
    assert site.findings() == [found]
    site.edit(
        "prices.yml", ("amount: 40, currency: EUR, since: 2025-01-01", "amount: 40, currency: EUR, since: 2026-02-15")
    )
    assert site.findings() == []
    site.release()
    site.at(50).edit("prices.yml", ("item: Small", "item: Very small"))
    site.note("prices", slug="name")
    assert site.findings("price-since") == []


def test_what_a_subprocessor_does_changes_with_notice_or_a_reason(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.edit("subs.yml", ("data: Names, location: US", "data: Faces, location: IN"))
    site.note("subs", slug="faces")
    (found,) = site.findings("immaterial-row")
    assert "what customers may object to changes: data and location of Pagewing." in found.message
    assert (found.path.rpartition("/")[2], found.fix) == ("faces.md", "material: true")
    note = site.read("changes/faces.md")
    site.write("changes/faces.md", note.replace("material: false", "material: true"))
    assert rules_of(site.findings()) == ["short-notice"]
    site.write("changes/faces.md", note.replace("material: false", "material: false\nnot_material_because: A typo."))
    assert site.findings() == []
    # Informational columns, and a change of days alone, need no reason here.
    site.write(
        "subs.yml", SUBS.replace("location: US, start: 2025-03-01", "location: US, start: 2025-03-01, ends: 2026-06-01")
    )
    site.write("changes/faces.md", note)
    assert site.findings("immaterial-row") == []


def test_a_review_lists_what_changes_by_row_and_column(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.write("subs.yml", SUBS.replace("location: US", "location: IN") + ZEBRA)
    site.edit("sites.yml", ("wind", "sun"))
    site.note("subs, sites", slug="zebra", material="true", effective="2026-02-15")
    changes = read_changes(site.state().plan)
    found = {one.id: [(row.row, row.how, row.values) for row in one.rows] for one in changes}
    assert found["subs"] == [
        ("pagewing", "changed", (("Location", "US", "IN"),)),
        (
            "zebra",
            "added",
            (
                ("Sub-processor", "", "Zebra"),
                ("Activity", "", "Counting"),
                ("Data", "", "Requests"),
                ("Location", "", "FR"),
                ("Start", "", "15 February 2026"),
            ),
        ),
    ]
    text = to_markdown(Review(day(10), "UTC", changes=changes))
    assert "**Rows**: 1 row added, 1 row changed." in text
    assert "- **Pagewing** (changed, row `pagewing`)\n  - Location: “US” → “IN”" in text
    assert "clause" not in text


def test_a_review_shows_the_note_of_a_register_as_a_redline(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.write("subs.yml", "note: New.\n" + SUBS.replace("location: US", "location: IN"))
    site.note("subs", slug="zebra", material="true", effective="2026-02-15")
    (change,) = read_changes(site.state().plan)
    assert (change.rows, len(change.clauses)) == ((), 2)


def delivered(root: Path) -> Site:
    """Registers of which the sub-processors have notice from delivery, on day 10, with a new sub-processor."""
    site = registers(root, REGISTERS.replace("file: subs.yml,", "file: subs.yml, delivery: active,")).at(10)
    site.write("subs.yml", SUBS + ZEBRA.replace("2026-02-15", "2026-02-17"))
    return site


def test_a_new_row_waits_for_the_delivery_that_is_promised(tmp_path: Path) -> None:
    site = delivered(tmp_path)
    site.note("subs", "not_material_because: It starts later.", slug="sly", effective="immediately")
    (found,) = site.findings("early-start")
    assert "Zebra is new, and the notice of new rows counts from its delivery; write material: true" in found.message
    note = (
        site.read("changes/sly.md").replace("material: false", "material: true").replace("effective: immediately\n", "")
    )
    site.write("changes/sly.md", note.replace("not_material_because: It starts later.\n", ""))
    assert site.findings() == []
    site.release()
    assert objection_deadlines(site.record, "subs", day(11), ZoneInfo("UTC")) == {}


@pytest.mark.parametrize(("sent", "warned"), [("2026-01-17T09:30:00Z", False), ("2026-01-18T09:30:00Z", True)])
def test_a_receipt_warns_of_a_row_that_starts_before_its_day(tmp_path: Path, sent: str, warned: bool) -> None:
    site = delivered(tmp_path)
    site.note("subs", slug="zebra", material="true", effective="")
    site.release()
    (notice,) = (one for one in notices(site.record) if one.change.slug == "zebra")
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps({"notice": notice.hash, "sent": sent, "count": 3}), "utf-8")
    remarks = add_receipts(site.folders, [path], ZoneInfo("UTC"), day(14), dry_run=True).remarks
    assert ["Zebra starts on 2026-02-17, before the notice ends" in one.message for one in remarks] == [True] * warned
